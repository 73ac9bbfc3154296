"""Worked examples: small inventories with published answers, as YAML in the columns of the project's own tables.

A file holds the examples of one publication. Each example is a small inventory: activity rows, factors, and whatever
else an inventory may state; ``expected`` holds the figures as printed, or ``refused`` the rule that a sound engine must
refuse it by. Columns left out of a row take the words of ``ROW`` and ``FACTOR``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ghg.documents import read_document
from ghg.numbers import parse, rounding_interval
from ghg.published import units_in

Authority = Literal["standard", "government", "guide", "published inventory", "tests of another project", "web"]
"""How far an answer can be trusted, best first."""
Text = Annotated[str, Field(min_length=1)]
ROW: Mapping[str, str] = {"entity": "example", "region": "WORLD", "provenance": "reported"}
"""What a row says where it does not say otherwise; ``id`` is its number, ``start`` and ``end`` the example's period."""
FACTOR: Mapping[str, str] = {
    "kind": "emission_factor",
    "region": "WORLD",
    "gas": "CO2e",
    "uncertainty": "not stated by the example",
    "verification": "verified: one source",
    "locator": "worked example",
    "source": "example",
}
"""What a factor says where it does not say otherwise; ``id`` and ``factor`` are its number."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Publication(_Strict):
    """Where the examples of a file were printed."""

    title: Text
    publisher: Text
    edition: Text
    authority: Authority
    found_in: str = ""


class Expected(_Strict):
    """A figure as printed.

    Attributes:
        figure: id of a figure (factors/figures.csv), such as ``scope3.5``, or an intensity, such as ``scope1/revenue``.
        value: printed digits, thousands separated by commas or not; half a unit of the last digit is its tolerance.
        unit: unit of the printed value, such as ``kg`` or ``t/USD_million``.
        gas: the gas whose mass the value is; blank for the figure itself.
    """

    figure: Text
    value: Text
    unit: Text = "t"
    gas: str = ""

    @field_validator("value")
    @classmethod
    def _is_number(cls, text: str) -> str:
        parse(text.replace(",", ""))
        return text

    @property
    def name(self) -> str:
        """The figure, or ``figure:gas``."""
        return f"{self.figure}:{self.gas}" if self.gas else self.figure

    def agrees(self, found: Fraction, found_unit: str) -> bool:
        """Whether a value prints as the expected one."""
        low, high = rounding_interval(self.value.replace(",", ""))
        return low <= found * units_in(found_unit, self.unit) <= high


class Example(_Strict):
    """One worked example.

    Attributes:
        id: names it among all examples.
        what: what it shows, in a few words.
        locator: where the publication prints it.
        period: first and last day; rows take them where they state none.
        gwp: GWP set of the answer.
        activity: rows with the columns of an activity table.
        factors: rows with the columns of a factor table; ``activity`` is a word of the vocabulary.
        inventory: further fields of an inventory file, such as ``methods`` or ``selection``.
        files: further tables the inventory names: file to rows.
        expected: the printed figures.
        refused: rule by which the input must be refused; filled where ``expected`` is empty.
        arithmetic: the printed calculation in one line.
        note: anything a reader should know, such as an error of the source.
    """

    id: Text
    what: Text
    locator: Text
    period: tuple[Text, Text] = ("2022-01-01", "2022-12-31")
    gwp: Text
    activity: Annotated[tuple[dict[Text, str], ...], Field(min_length=1)]
    factors: tuple[dict[Text, str], ...] = ()
    inventory: dict[Text, Any] = {}
    files: dict[Text, tuple[dict[Text, str], ...]] = {}
    expected: tuple[Expected, ...] = ()
    refused: str = ""
    arithmetic: Text
    note: str = ""

    @model_validator(mode="after")
    def _has_an_answer(self) -> Example:
        if bool(self.expected) == bool(self.refused):
            raise ValueError("an example states the figures it expects, or the rule it is refused by")
        return self

    def rows(self) -> list[dict[str, str]]:
        """The activity rows, each column of ``ROW`` filled."""
        start, end = self.period
        return [
            {"id": f"{self.id}-{number}", **ROW, "start": start, "end": end, **row}
            for number, row in enumerate(self.activity, start=1)
        ]

    def factor_rows(self) -> list[dict[str, str]]:
        """The factor rows, each column of ``FACTOR`` filled; rows that share ``factor`` are the gases of one factor."""
        made = []
        for number, row in enumerate(self.factors, start=1):
            name = row.get("factor", f"{self.id}-{number}")
            filled = {
                **FACTOR,
                "factor": name,
                "id": f"{name}:{row.get('gas', 'CO2e')}",
                "name": row["activity"],
                **row,
            }
            made.append({"gwp_set": self.gwp if filled["gas"] == "CO2e" else "", **filled})
        return made


class Examples(_Strict):
    """The examples of one publication."""

    source: Publication
    examples: Annotated[tuple[Example, ...], Field(min_length=1)]


def read_examples(path: Path) -> Examples:
    """One file of worked examples, read strictly.

    Raises:
        InputError: with the line and column of each problem.
    """
    return read_document(path, path.name).validate(Examples)


def shipped() -> Iterator[Examples]:
    """Every shipped file of worked examples, in the order of their names."""
    folder = Path(str(files("ghg") / "conformance" / "published"))
    return (read_examples(path) for path in sorted(folder.glob("*.yaml")))
