"""Emission factors and the parameters methods need, as printed by their publishers.

A row keeps the printed digits and unit. ``factor`` groups the gas rows of one emission factor; ``id`` names one row and
never changes meaning. Blank validity means the publication states none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from ghg import bundle
from ghg.gases import CO2E, gases, gwp_sets
from ghg.issues import InputError, Issue, UnitError, UnknownNameError
from ghg.numbers import parse
from ghg.regions import regions
from ghg.schema import day
from ghg.tables import read_table
from ghg.units import Ratio, ratio

Kind = Literal["emission_factor", "net_calorific_value", "standard_coal"]
OptionalDate = Annotated[date | None, BeforeValidator(lambda text: day(text) if text else None)]
IMPLIED = "implied"
"""Verification of a factor that was derived from the figure it is used for."""


class FactorRow(BaseModel):
    """One printed number: an emission factor for one gas, or a parameter such as a net calorific value.

    ``gwp_set`` is filled for CO2e only: the set it was published under. ``derived_from`` names the published figures an
    implied factor was derived from.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    factor: str
    kind: Kind
    activity: str
    name: str
    name_local: str
    region: str
    valid_from: OptionalDate
    valid_to: OptionalDate
    gas: str
    value: str
    unit: str
    gwp_set: str
    basis: str
    lower: str
    upper: str
    uncertainty: str
    source: str
    locator: str
    verification: str
    derived_from: str
    note: str

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not all(
            (self.id, self.factor, self.activity, self.source, self.locator, self.verification, self.uncertainty)
        ):
            raise ValueError("id, factor, activity, source, locator, verification and uncertainty are never blank")
        for number in filter(None, (self.value or "blank", self.lower, self.upper)):
            parse(number)
        self._check_gas()
        if self.region not in regions():
            raise ValueError(f"the region {self.region!r} is not in the list of regions")
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to lies before valid_from")
        if self.verification.startswith("unverified"):
            raise ValueError("an unverified factor never ships")
        try:
            ratio(self.unit)
        except UnitError as error:
            raise ValueError(str(error)) from None
        return self

    def _check_gas(self) -> None:
        if (self.kind == "emission_factor") != bool(self.gas):
            raise ValueError("an emission factor names its gas, a parameter none")
        if self.gas and self.gas != CO2E and self.gas not in gases():
            raise ValueError(f"the gas {self.gas!r} is not in the list of gases")
        if (self.gas == CO2E) != bool(self.gwp_set) or (self.gwp_set and self.gwp_set not in gwp_sets()):
            raise ValueError("a CO2e factor names the GWP set it was published under, a gas none")

    @cached_property
    def amount(self) -> Fraction:
        """The printed value, exact."""
        return parse(self.value)

    @cached_property
    def per(self) -> Ratio:
        """The printed unit."""
        return ratio(self.unit)

    @cached_property
    def base_amount(self) -> Fraction:
        """The value in base units of numerator and denominator."""
        return self.amount * self.per.numerator.multiplier / self.per.denominator.multiplier

    @property
    def is_implied(self) -> bool:
        """Whether the factor was derived from a published figure, so that it proves nothing about it."""
        return self.verification == IMPLIED

    @property
    def validity(self) -> str:
        """The validity in words."""
        if self.valid_from is None and self.valid_to is None:
            return "no validity stated"
        return f"{self.valid_from or '…'} to {self.valid_to or '…'}"


class Factor(BaseModel):
    """The gas rows of one emission factor, or the single row of a parameter."""

    model_config = ConfigDict(frozen=True)
    rows: tuple[FactorRow, ...]
    is_own: bool
    """Whether it comes from the inventory's own tables, which win for the keys they name."""

    @property
    def id(self) -> str:
        """The id shared by its rows."""
        return self.rows[0].factor

    @property
    def first(self) -> FactorRow:
        """The row that stands for what all rows share: activity, region, validity, source."""
        return self.rows[0]


class FactorTable:
    """Factors by id and by what they apply to.

    Args:
        factors: the library's factors, then the inventory's own.

    Raises:
        InputError: an id stands twice with different rows.
    """

    def __init__(self, factors: Iterable[Factor]) -> None:
        self.factors: dict[str, Factor] = {}
        self.rows: dict[str, FactorRow] = {}
        self._by_key: defaultdict[tuple[str, str], list[Factor]] = defaultdict(list)
        for factor in factors:
            self._add(factor)

    def _add(self, factor: Factor) -> None:
        for row in factor.rows:
            if row.id in self.rows or factor.id in self.factors:
                raise InputError(
                    [
                        Issue(
                            "id-duplicate",
                            f"the factor id {row.id!r} stands twice.",
                            "A value never changes under an id: give the row a new one.",
                        )
                    ]
                )
            self.rows[row.id] = row
        self.factors[factor.id] = factor
        self._by_key[factor.first.kind, factor.first.activity].append(factor)

    def candidates(self, kind: str, activity: str) -> tuple[Factor, ...]:
        """Factors of a kind for an activity, wherever and whenever they apply."""
        return tuple(self._by_key.get((kind, activity), ()))

    def find(self, name: str) -> Factor:
        """The factor of an id, or of the id of one of its rows.

        Raises:
            UnknownNameError: no factor has the id.
        """
        if name in self.rows:
            return self.factors[self.rows[name].factor]
        if name not in self.factors:
            raise UnknownNameError("factor", name, [*self.factors, *self.rows])
        return self.factors[name]

    def with_own(self, own: Iterable[Factor]) -> FactorTable:
        """This table with an inventory's own factors added."""
        return FactorTable([*self.factors.values(), *own])

    def with_rows(self, changed: Mapping[str, FactorRow]) -> FactorTable:
        """This table with some rows replaced under their ids: the what-if door."""
        return FactorTable(
            factor.model_copy(update={"rows": tuple(changed.get(row.id, row) for row in factor.rows)})
            for factor in self.factors.values()
        )


def read_factors(path: Path, name: str, *, is_own: bool) -> list[Factor]:
    """The factors of one CSV file.

    Raises:
        InputError: a row does not fit the model, or the gas rows of a factor contradict each other.
    """
    table = read_table(path, name, tuple(FactorRow.model_fields))
    groups: defaultdict[str, list[FactorRow]] = defaultdict(list)
    for line, row in zip(table.lines, table.records(FactorRow), strict=True):
        first = groups[row.factor][0] if groups[row.factor] else row
        if (row.activity, row.region, row.valid_from, row.valid_to, row.kind) != (
            first.activity,
            first.region,
            first.valid_from,
            first.valid_to,
            first.kind,
        ):
            message = f"the rows of factor {row.factor!r} differ in activity, region, validity or kind."
            raise InputError(
                [Issue("field-invalid", message, "Rows of one factor differ only by gas.", name, line, "factor")]
            )
        if row.gas in [other.gas for other in groups[row.factor]]:
            message = f"the factor {row.factor!r} has two rows for {row.gas or 'its value'}."
            raise InputError([Issue("id-duplicate", message, "Keep one row a gas.", name, line, "gas")])
        groups[row.factor].append(row)
    return [Factor(rows=tuple(rows), is_own=is_own) for rows in groups.values()]


@cache
def library() -> FactorTable:
    """Every shipped factor."""
    root = bundle.folder("factors")
    return FactorTable(
        factor
        for path in sorted(root.glob("*/*.csv"))
        for factor in read_factors(path, f"factors/{path.relative_to(root).as_posix()}", is_own=False)
    )
