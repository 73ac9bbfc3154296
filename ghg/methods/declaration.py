"""The form of a method declaration: named inputs, a formula over them, and what follows the formula."""

from __future__ import annotations

from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from ghg.gases import CO2E
from ghg.methods.expression import Formula, parse
from ghg.methods.sampling import Sampling

AMOUNT = "amount"
"""The one input of a direct method: the columns ``amount`` and ``unit`` of a row."""
NUMBER, SHARE, WORD = "number", "share", "word"
"""Inputs without a unit: a plain number; a share from 0 to 1, or in per cent; a word that is only shown."""


class DataType(StrEnum):
    """What kind of data a method rests on (Scope 3 Standard, chapter 7)."""

    PRIMARY = "primary"
    AVERAGE = "average"
    SPEND = "spend"
    MEASURED = "measured"


class Result(StrEnum):
    """What the formula gives, and so what follows it."""

    ACTIVITY = "activity"
    """An amount of activity: an emission factor of the same dimension follows."""
    GAS = "gas"
    """A mass of the gas or blend the row's ``item`` names: its GWP follows."""
    EMISSIONS = "emissions"
    """A mass of CO2e computed by somebody else, or of CO2 from the carbon of a material: nothing follows."""
    QUANTITY = "quantity"
    """A measured quantity without emissions."""


class Input(BaseModel):
    """One named input: a column of the method's table.

    Attributes:
        name: the column.
        meaning: what it holds, in words.
        dimension: what it measures, as in ``factors/units.csv``; a trailing ``*`` stands for any continuation
            (``money_*``), ``*`` for any unit; several stand separated by spaces; or ``number``, ``share``, ``word``.
        per: what a rate is per (``distance`` per ``volume``); blank for an amount.
        default: what a blank cell stands for; blank when the input is required. A default is said in the explanation.
        allowed: the words a ``word`` may be; blank for any.
        is_aside: whether it enters what is disclosed beside the amount, and not the amount; it may be left blank.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    name: str
    meaning: str
    dimension: str
    per: str = ""
    default: str = ""
    allowed: tuple[str, ...] = ()
    is_aside: bool = False

    @property
    def required(self) -> bool:
        """Whether a cell must be filled."""
        return not self.default and not self.is_aside

    @property
    def has_unit(self) -> bool:
        """Whether a cell states a unit."""
        return self.dimension not in (NUMBER, SHARE, WORD)

    @property
    def measures(self) -> str:
        """What it measures, in words."""
        above = " or ".join(self.dimension.split())
        return f"{above} per {self.per}" if self.per else above


class Method(BaseModel):
    """One calculation method.

    Attributes:
        id: ``group.variant``.
        title: what it does, in words.
        inputs: in the order a template prints them; one input named ``amount`` makes the method *direct*.
        formula: over the names of the inputs; ``amount`` alone for most direct methods.
        parameters: kinds of sourced parameter the result is multiplied by, in order, such as a density.
        canonical: dimension of the result after the parameters, which the emission factor's denominator must measure;
            several stand separated by spaces, and the inputs decide between them.
        result: what the formula gives.
        gas: of a result in emissions, what its mass is of.
        data_type: what the result counts as.
        standard: the text that allows the method, with chapter and page.
        note: what a user has to know.
        sampling: the inputs that are figures of a survey, where it extrapolates one.
        weight: the input that weighs its data quality score in a portfolio.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    id: str
    title: str
    inputs: tuple[Input, ...]
    formula: str
    parameters: tuple[str, ...] = ()
    canonical: str
    result: Result = Result.ACTIVITY
    gas: str = CO2E
    data_type: DataType
    standard: str
    note: str = ""
    sampling: Sampling | None = None
    weight: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        computed = {found.name for found in self.inputs if found.dimension != WORD and not found.is_aside}
        if set(self.parsed.names) != computed:
            raise ValueError(f"{self.id}: the formula uses {self.parsed.names}, the inputs are {sorted(computed)}")
        if self.parameters and not self.is_direct:
            raise ValueError(f"{self.id}: parameters multiply the amount of a row, not the result of a formula")
        return self

    @property
    def parsed(self) -> Formula:
        """The formula, parsed."""
        return parse(self.formula)

    @property
    def is_direct(self) -> bool:
        """Whether a row states the amount itself, in any activity table."""
        return [found.name for found in self.inputs] == [AMOUNT]

    @property
    def dimension(self) -> str:
        """What the amount of a row must measure, once the inputs are worked into it."""
        return self.inputs[0].dimension if self.is_direct else self.canonical

    @property
    def takes_factor(self) -> bool:
        """Whether an emission factor follows."""
        return self.result is Result.ACTIVITY

    @property
    def is_coverable(self) -> bool:
        """Whether a contractual instrument may cover the amount: it is the energy bought, and not what made it."""
        return self.is_direct and self.takes_factor

    @property
    def calculation(self) -> str:
        """The whole calculation in words."""
        last = {Result.ACTIVITY: ["emission factor"], Result.GAS: ["GWP of the gas"]}.get(self.result, [])
        further = [*(kind.replace("_", " ") for kind in self.parameters), *last]
        first = self.inputs[0].meaning if self.is_direct else self.formula
        bracketed = f"({first})" if further and {"+", "−"} & set(self.parsed.tokens) else first
        return " × ".join([bracketed, *further])

    def accepts(self, dimension: str) -> bool:
        """Whether an amount of this dimension fits the method."""
        return fits(dimension, self.dimension)

    def canonical_of(self, dimension: str) -> str:
        """The canonical dimension for an amount of this dimension."""
        return dimension if self.canonical.endswith("*") or " " in self.canonical else self.canonical


def fits(dimension: str, stated: str) -> bool:
    """Whether a dimension is one of those that an input or a method states.

    >>> fits("money_EUR", "count money_*")
    True
    """
    return any(fnmatchcase(dimension, pattern) for pattern in stated.split())


def amount(meaning: str, dimension: str) -> tuple[Input, ...]:
    """The inputs of a direct method."""
    return (Input(name=AMOUNT, meaning=meaning, dimension=dimension),)


def given(name: str, dimension: str, meaning: str, per: str = "", default: str = "") -> Input:
    """One input; required unless it has a default."""
    return Input(name=name, meaning=meaning, dimension=dimension, per=per, default=default)


def aside(name: str, dimension: str, meaning: str) -> Input:
    """An input for what is disclosed beside the amount."""
    return Input(name=name, meaning=meaning, dimension=dimension, is_aside=True)


def technical_guidance(chapter: int | str, formula: str, page: int | str) -> str:
    """The citation of a formula of the Scope 3 Technical Guidance."""
    return (
        "GHG Protocol Technical Guidance for Calculating Scope 3 Emissions (2013), "
        f"chapter {chapter}, {formula}, page {page}"
    )
