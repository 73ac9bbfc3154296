"""Published tables: each figure as printed, with what it stands for.

A printed figure stands for an interval: half a unit of its last digit to either side. Trailing zeros carry precision,
so figures are kept as text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, field_validator, model_validator

from ghg.figures import figures
from ghg.intervals import Interval, overlap, scaled
from ghg.inventory import InventoryFile, Period
from ghg.issues import GhgError, InputError, Issue, UnitError, suggest
from ghg.numbers import decimals_of, parse, printed, rounding_interval
from ghg.reading import read_table
from ghg.schema import day
from ghg.units import accepted, conversion, ratio, unit

Day = Annotated[date, BeforeValidator(day)]
NOT_PRINTED = ("", "/", "-", "–", "n/a")
"""What a report prints where it gives no figure."""
PRINTED = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?", re.ASCII)
"""A printed number: digits, thousands marked by commas in groups of three or not at all."""
ADD_SOURCE = "Add it to 'sources' in the inventory."
IDENTITY = re.compile(r"\S+( \+ \S+)+|\S+ / \S+")
IMPLIED_FACTOR = re.compile(r"\S+ / \S+ in \S+/\S+")


class Verdict(StrEnum):
    """What can be said of a printed figure."""

    EXACT = "exact"
    """The recomputed value rounds to the printed digits."""
    CONSISTENT = "consistent"
    """Not the printed digits, but within the printed rounding of the inputs and factors."""
    IMPLIED = "implied"
    """The figure was used to derive an input, so it proves nothing."""
    DIFFERS = "differs"
    """Outside the printed rounding of inputs and factors."""
    NOT_RECOMPUTED = "not recomputed"
    """The engine has nothing to recompute it from."""


class PublishedFigure(BaseModel):
    """One cell of a published table, as printed.

    ``identity`` is a sum ``a + b`` of printed figures or a quotient ``a / denominator`` that the table implies;
    ``implied_factor`` a quotient ``a / b in unit`` to hold against published factors; ``unit`` is ``unit_printed`` in
    an accepted spelling.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    figure: str
    table: str
    row: str
    indicator: str
    unit_printed: str
    unit: str
    period_start: Day
    period_end: Day
    printed: str
    identity: str
    implied_factor: str
    footnotes: str
    source: str
    locator: str

    @field_validator("figure")
    @classmethod
    def _figure_exists(cls, name: str) -> str:
        if name and name.partition("/")[0] not in figures():
            raise ValueError(f"there is no figure {name!r}")
        return name

    @field_validator("unit")
    @classmethod
    def _unit_exists(cls, text: str) -> str:
        try:
            _ = (ratio(text) if "/" in text else unit(text)) if text else None
        except UnitError as error:
            raise ValueError(str(error)) from None
        return text

    @field_validator("printed")
    @classmethod
    def _printed_number(cls, text: str) -> str:
        if text.strip() not in NOT_PRINTED and not PRINTED.fullmatch(text):
            raise ValueError(
                "not a printed number: write it as printed, thousands with commas, or '/' where none is printed"
            )
        return text

    @field_validator("identity")
    @classmethod
    def _sum_or_quotient(cls, text: str) -> str:
        if text and not IDENTITY.fullmatch(text):
            raise ValueError("neither a sum 'a + b' of figures nor a quotient 'a / denominator'")
        terms = text.split(" + ") if " + " in text else text.split(" / ")[:1]
        unknown = [name for name in terms if name and name.partition("/")[0] not in figures()]
        if unknown:
            raise ValueError(f"there is no figure {unknown[0]!r}.{suggest(unknown[0], figures())}")
        return text

    @field_validator("implied_factor")
    @classmethod
    def _quotient_in_unit(cls, text: str) -> str:
        if text and not IMPLIED_FACTOR.fullmatch(text):
            raise ValueError(
                "not a quotient of two figures with its unit, such as 'scope2 / energy_indirect in kg/kWh'"
            )
        if text and text.partition(" ")[0] not in figures():
            raise ValueError(f"there is no figure {text.partition(' ')[0]!r}")
        return text

    @model_validator(mode="after")
    def _unit_is_stated(self) -> Self:
        if self.figure and self.text and not self.unit:
            raise ValueError(f"the figure {self.figure!r} has no unit: a number of none can be held against nothing")
        given, slash, _ = self.unit.partition("/")
        name, is_intensity, _ = self.figure.partition("/")
        if self.figure and self.text and bool(slash) != bool(is_intensity):
            raise ValueError(f"{self.unit!r} is no unit of {self.figure!r}: an intensity alone has a quotient of units")
        if self.figure and self.text and unit(given).dimension != unit(figures()[name].unit).dimension:
            raise ValueError(f"{self.unit!r} is no unit of {self.figure!r}, which is stated in {figures()[name].unit}")
        stated, taken = accepted().get(self.unit_printed), accepted().get(self.unit)
        if stated and taken and (stated.dimension, stated.multiplier) != (taken.dimension, taken.multiplier):
            raise ValueError(f"the unit {self.unit!r} is not the printed one, {self.unit_printed!r}")
        return self

    @property
    def text(self) -> str:
        """The printed number without thousands marks; blank where none is printed."""
        return "" if self.printed.strip() in NOT_PRINTED else self.printed.replace(",", "")

    @property
    def value(self) -> Fraction:
        """The printed number, exact."""
        return parse(self.text)

    @property
    def interval(self) -> Interval:
        """The values that print like this."""
        return rounding_interval(self.text)

    def prints(self, value: Fraction) -> bool:
        """Whether a value rounds to the printed digits."""
        decimals = decimals_of(self.text)
        return printed(value, decimals) == printed(self.value, decimals)

    def value_in(self, wanted: str) -> Fraction:
        """The printed number in another unit."""
        return self.value * units_in(self.unit, wanted)

    def interval_in(self, wanted: str) -> Interval:
        """The values that print like this, in another unit."""
        return scaled(self.interval, units_in(self.unit, wanted))


def units_in(given: str, wanted: str) -> Fraction:
    """How many of one unit, or quotient of units, another is.

    Raises:
        UnitError: the two measure different things.
    """
    if given == wanted:
        return Fraction(1)
    if "/" in given:
        ours, theirs = ratio(given), ratio(wanted)
        return conversion(ours.numerator, theirs.numerator) / conversion(ours.denominator, theirs.denominator)
    return conversion(unit(given), unit(wanted))


def read_published(file: InventoryFile) -> list[PublishedFigure]:
    """The published figures of an inventory's period.

    Raises:
        GhgError: the inventory names no published table.
        InputError: the table is wrong, or it prints nothing for the period.
    """
    name, rows = _rows(file)
    period = file.inventory.period
    found = [row for _, row in rows if (row.period_start, row.period_end) == (period.start, period.end)]
    if not found:
        others = sorted({f"{row.period_start} to {row.period_end}" for _, row in rows})
        message = f"the table prints no figure for {period.start} to {period.end}, but for {', '.join(others)}."
        hint = "Correct its days, or those of the inventory, or name another table in 'published'."
        raise InputError([Issue("date-outside-period", message, hint, name, column="period_start")])
    return found


def notes_of(file: InventoryFile) -> list[str]:
    """What a reader has to know of the table, and of each figure whose days are a part of the inventory's.

    Such days are as often a slip as a part of the year.

    Raises:
        GhgError: the inventory names no published table.
        InputError: the table is wrong.
    """
    said: list[Issue] = []
    name, rows = _rows(file, said)
    period = file.inventory.period
    return [str(note) for note in said] + _printed_otherwise(name, rows, period) + [
        f"{name}:{line}: {row.figure or row.indicator} is of {row.period_start} to {row.period_end}, which is not the "
        "inventory's period; it was not checked."
        for line, row in rows
        if row.period_start <= period.end and row.period_end >= period.start
        and (row.period_start, row.period_end) != (period.start, period.end)
    ]  # fmt: skip


def _printed_otherwise(name: str, rows: Sequence[tuple[int, PublishedFigure]], period: Period) -> list[str]:
    """One line a figure of a period that is printed twice, with numbers that cannot be roundings of one."""
    first: dict[str, tuple[int, PublishedFigure]] = {}
    said = []
    for line, row in rows:
        if row.figure and row.text and (row.period_start, row.period_end) == (period.start, period.end):
            before, other = first.setdefault(row.figure, (line, row))
            if not overlap(row.interval, other.interval_in(row.unit)):
                both = f"{row.printed} {row.unit}, and in line {before} as {other.printed} {other.unit}"
                said.append(f"{name}:{line}: {row.figure} is printed as {both}; identities are held against the last.")
    return said


def _rows(file: InventoryFile, notes: list[Issue] | None = None) -> tuple[str, list[tuple[int, PublishedFigure]]]:
    """The name of an inventory's published table, and its rows with their lines."""
    inventory = file.inventory
    if inventory.published is None:
        raise GhgError(f"{file.name} names no published table to check against: add 'published: FILE.csv'.")
    path, name = file.path(inventory.published)
    table = read_table(path, name, tuple(PublishedFigure.model_fields))
    rows = list(zip(table.lines, table.records(PublishedFigure, notes), strict=True))
    problems = [
        Issue("field-invalid", f"nothing describes the source {row.source!r}.", ADD_SOURCE, name, line, "source")
        for line, row in rows
        if row.source not in inventory.citations
    ]
    problems += [
        Issue(
            "date-order",
            f"the period ends {row.period_end}, before it starts.",
            "Correct it.",
            name,
            line,
            "period_end",
        )
        for line, row in rows
        if row.period_end < row.period_start
    ]
    if problems:
        raise InputError(problems)
    return name, rows
