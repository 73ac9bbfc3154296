"""Reduction targets: the path they ask for, progress along it, and the gap, year by year. Never on offsets.

A path is linear in the base year's figure, E(y) = E(base) × (1 - rate × (y - base)), as in equation 4.1 of the Science
Based Targets initiative's documentation of target-setting methods (2025, p. 25). A target that lacks what a path needs,
such as a base year, is listed with the reasons why it cannot be assessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ghg import bundle
from ghg.baseyear.forms import Text, Year, emission_figure
from ghg.baseyear.recalculation import assess, reported
from ghg.documents import read_document
from ghg.issues import GhgError, UnknownNameError
from ghg.numbers import parse
from ghg.reading.shipped import shipped
from ghg.runs import Run


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Pathway(_Strict):
    """A published yearly reduction rate: per cent of base-year emissions a year, linear."""

    pathway: str
    rate: str
    what: str
    source: str
    locator: str
    verification: str
    note: str


@cache
def pathways() -> Mapping[str, Pathway]:
    """Every published rate by its id."""
    return {row.pathway: row for row in shipped("pathways.csv", Pathway)}


class Target(_Strict):
    """A target as stated.

    Attributes:
        target: id.
        what: it in words.
        source: where it is stated, or that it is assumed.
        year: the target year.
        figure: what it limits: a figure, or an intensity such as ``scope1+2/revenue``; none where it is not stated.
        base: the base year; none where it is not stated.
        reduction: per cent of the base year's figure by the target year.
        yearly: per cent of the base year's figure a year.
        pathway: a published rate, see ``factors/pathways.csv``.
        not_stated: what else the source leaves open.
    """

    target: Text
    what: Text
    source: Text
    year: Year
    figure: Text | None = None
    base: Year | None = None
    reduction: Text | None = None
    yearly: Text | None = None
    pathway: Text | None = None
    not_stated: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if sum(found is not None for found in (self.reduction, self.yearly, self.pathway)) > 1:
            raise ValueError("a target states one of 'reduction', 'yearly' and 'pathway'")
        if self.figure is not None:
            emission_figure(self.figure.partition("/")[0])
        if self.pathway is not None and self.pathway not in pathways():
            raise ValueError(f"there is no pathway {self.pathway!r}; the pathways are {', '.join(pathways())}")
        if self.base is not None and self.base >= self.year:
            raise ValueError("the target year comes after the base year")
        for text in (self.reduction, self.yearly):
            if text is not None and not 0 < parse(text) <= 100:  # noqa: PLR2004 - per cent
                raise ValueError("a reduction is more than 0 and at most 100 per cent")
        return self

    @property
    def rate(self) -> Fraction | None:
        """Share of the base year's figure that the path loses a year."""
        if self.yearly is not None:
            return parse(self.yearly) / 100
        if self.pathway is not None:
            return parse(pathways()[self.pathway].rate) / 100
        if self.reduction is not None and self.base is not None:
            return parse(self.reduction) / 100 / (int(self.year) - int(self.base))
        return None

    @property
    def lacking(self) -> tuple[str, ...]:
        """Why it cannot be assessed; empty when it can."""
        needs = {
            "no figure is stated, so its boundary is open": self.figure is None,
            "no base year is stated": self.base is None,
            "no reduction is stated": self.reduction is None and self.yearly is None and self.pathway is None,
        }
        return tuple(reason for reason, is_lacking in needs.items() if is_lacking)


class Limit(_Strict):
    """A limit on something no inventory computes, such as PUE, with what was reported against it, both as printed."""

    limit: Text
    what: Text
    source: Text
    at_most: Annotated[dict[Year, Text], Field(min_length=1)]
    reported: dict[Year, Text] = {}

    @model_validator(mode="after")
    def _readable(self) -> Self:
        for text in (*self.at_most.values(), *self.reported.values()):
            parse(text)
        return self


class TargetsFile(_Strict):
    """A targets file: inventories by year or a base-year file, and the targets.

    With a base-year file the figures are the recalculated ones, so the base-year file's policy has to judge them.
    """

    targets_of: Text
    title: Text
    inventories: dict[Year, Text] = {}
    base_year_file: Text | None = None
    targets: tuple[Target, ...] = ()
    limits: tuple[Limit, ...] = ()
    notes: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _has_figures(self) -> Self:
        if bool(self.inventories) == (self.base_year_file is not None):
            raise ValueError("a targets file names its inventories by year, or a base-year file")
        return self


Standing = Literal["on the path", "above the path", "reached", "base year"]


@dataclass(frozen=True, slots=True)
class Point:
    """A year against a path; every number exact, in the unit of the figure.

    Attributes:
        year: the year.
        actual: the figure.
        path: what the path allows.
        gap: actual minus path; negative when ahead of it.
        progress: share of the whole reduction that is made; none where the target asks for none.
        standing: the verdict.
    """

    year: str
    actual: Fraction
    path: Fraction
    gap: Fraction
    progress: Fraction | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class Assessed:
    """A target with its path.

    Attributes:
        target: as stated.
        unit: unit of the numbers.
        goal: what the target year allows; none when it cannot be assessed.
        points: the years there are figures for, from the base year on.
        lacking: why it cannot be assessed.
    """

    target: Target
    unit: str
    goal: Fraction | None
    points: tuple[Point, ...]
    lacking: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Targets:
    """The targets of a file, assessed; ``recalculated`` says whether figures are restated ones."""

    file: TargetsFile
    assessed: tuple[Assessed, ...]
    recalculated: bool

    def __str__(self) -> str:
        from ghg.reports.baseyear import render_targets

        return render_targets(self)


def assess_targets(path: str) -> Targets:
    """A targets file assessed.

    Raises:
        InputError: the file or an inventory is wrong.
        GhgError: a base year has no figures.
    """
    found, _ = bundle.find(Path(path))
    file = read_document(found, path).validate(TargetsFile)
    if file.base_year_file is not None:
        restated = assess(str(Path(path).parent / file.base_year_file))
        values = {year.year: dict(year.recalculated) for year in restated.years}
        return Targets(file, tuple(_assessed(one, values, {}) for one in file.targets), restated.is_recalculated)
    with ExitStack() as open_runs:
        folder = Path(path).parent
        runs = {year: reported(open_runs, folder / name, year) for year, name in sorted(file.inventories.items())}
        names = {target.figure for target in file.targets if target.figure}
        units: dict[str, str] = {}
        values = {year: dict(_values(made, names, units)) for year, made in runs.items()}
    return Targets(file, tuple(_assessed(one, values, units) for one in file.targets), recalculated=False)


def _values(made: Run, names: set[str], units: dict[str, str]) -> Iterator[tuple[str, Fraction]]:
    """The figures of a run that targets name; notes their units."""
    for name in sorted(names):
        try:
            value = made.figure(name)
        except UnknownNameError:
            continue
        if value:
            units[name] = value.unit
            yield name, value.amount


def _assessed(target: Target, values: Mapping[str, Mapping[str, Fraction]], units: Mapping[str, str]) -> Assessed:
    """A target against the years there are figures for."""
    figure, base, rate = target.figure, target.base, target.rate
    lacking = target.lacking
    if figure is not None and base is not None and figure not in values.get(base, {}):
        lacking = (*lacking, f"there is no {figure} of the base year {base}")
    unit = units.get(figure or "", "t")
    if lacking or figure is None or base is None or rate is None:
        return Assessed(target, unit, None, (), (*lacking, *target.not_stated))
    start = values[base][figure]
    goal = _path(start, rate, base, target.year)
    points = (
        _point(year, found[figure], start, goal, _path(start, rate, base, min(year, target.year)))
        for year, found in sorted(values.items())
        if year >= base and figure in found
    )
    return Assessed(target, unit, goal, tuple(points), target.not_stated)


def _path(start: Fraction, rate: Fraction, base: str, year: str) -> Fraction:
    """What the path allows in a year; never below zero."""
    return max(Fraction(0), start * (1 - rate * (int(year) - int(base))))


def _point(year: str, actual: Fraction, start: Fraction, goal: Fraction, path: Fraction) -> Point:
    """A year against the path."""
    progress = (start - actual) / (start - goal) if start != goal else None
    standing: Standing = "on the path" if actual <= path else "above the path"
    if path == start:
        standing = "base year"
    elif actual <= goal:
        standing = "reached"
    return Point(year, actual, path, actual - path, progress, standing)


def is_met(limit: Limit, year: str) -> bool | None:
    """Whether what was reported of a year is within the limit, as printed; none where nothing was reported.

    Raises:
        GhgError: the year has no limit.
    """
    if year not in limit.at_most:
        raise GhgError(f"{limit.limit} has no limit for {year}.")
    reported = limit.reported.get(year)
    return None if reported is None else parse(reported) <= parse(limit.at_most[year])
