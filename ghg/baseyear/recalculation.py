"""Recalculation of a base year: what each change does to it, whether that is significant, and the years restated.

An effect is computed by running a year's inventory with and without the change. Changes are taken in the order of their
days, each on top of those before, so that their effects add up to the difference of the last run from the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from pathlib import Path

from ghg import bundle
from ghg.baseyear.forms import NEVER, TRANSFERS, BaseYearFile, Event, Policy
from ghg.change.files import stack
from ghg.documents import Document, read_document
from ghg.issues import GhgError
from ghg.numbers import parse
from ghg.runs import Run, run

Figures = Mapping[str, Fraction]
"""Figure to t CO2e, exact."""


class Decision(StrEnum):
    """What a change leads to."""

    RECALCULATE = "recalculate"
    """It reaches the threshold, with the changes carried before it."""
    CARRIED = "carried"
    """It stays below and counts towards the next ones."""
    NEVER = "never"
    """It is organic growth or decline."""
    NO_TRIGGER = "no trigger"
    """The policy does not list its kind."""
    UNKNOWN = "unknown"
    """Nothing says what it does, so it cannot be judged."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A change with its effect on the base year.

    Attributes:
        event: the change.
        decision: what it leads to.
        effect: change of each judged figure of the base year, in t CO2e.
        cumulative: effects since the last recalculation, added up as the policy says.
        share: the cumulative effect over base-year emissions; none where the base year has none of the figure.
        is_stated: whether any of the effect is typed, not computed.
    """

    event: Event
    decision: Decision
    effect: Figures
    cumulative: Figures
    share: Mapping[str, Fraction | None]
    is_stated: bool


@dataclass(frozen=True, slots=True)
class Restated:
    """A year as reported and as recalculated, in t CO2e by figure."""

    year: str
    reported: Figures
    recalculated: Figures


@dataclass(frozen=True, slots=True)
class Assessment:
    """A base year assessed for a reporting year.

    Attributes:
        file: what was asked.
        base: the base year.
        reporting: the reporting year.
        judged: every change up to the reporting year, in the order of their days.
        years: from the base year to the reporting year.
    """

    file: BaseYearFile
    base: str
    reporting: str
    judged: tuple[Judged, ...]
    years: tuple[Restated, ...]

    @property
    def is_recalculated(self) -> bool:
        """Whether any year differs from what was reported."""
        return any(judged.decision is Decision.RECALCULATE for judged in self.judged)

    def __str__(self) -> str:
        from ghg.reports.baseyear import render

        return render(self)


def read_base_year(path: str) -> tuple[BaseYearFile, Document]:
    """A base-year file, read strictly; ``scenarios/…`` falls back to the shipped scenarios.

    Raises:
        InputError: with the line and column of each problem.
    """
    found, _ = bundle.find(Path(path))
    document = read_document(found, path)
    return document.validate(BaseYearFile), document


def assess(path: str, reporting: str | None = None) -> Assessment:
    """A base-year file assessed for a reporting year, the last one of its inventories unless another is named.

    Raises:
        InputError: the file or an inventory is wrong.
        GhgError: a year has no inventory, or a change does not fit it.
    """
    file, _ = read_base_year(path)
    reporting = reporting or max(file.inventories)
    base = file.policy.year or str(int(reporting) - (file.policy.years_back or 0))
    for year in (base, reporting):
        if year not in file.inventories:
            raise GhgError(f"{path} names no inventory of {year}: it has {', '.join(sorted(file.inventories))}.")
    with ExitStack() as open_runs:
        runs = {
            year: reported(open_runs, Path(path).parent / inventory, year)
            for year, inventory in sorted(file.inventories.items())
            if base <= year <= reporting
        }
        return _assessed(file, base, reporting, runs)


def reported(open_runs: ExitStack, path: Path, year: str) -> Run:
    """The run of a year's inventory as reported; of a what-if file, the run with it.

    Raises:
        InputError: the inventory is wrong.
        GhgError: its period lies in other years.
    """
    found = stack(path)
    made = run(found.inventory)
    open_runs.callback(made.close)
    period = made.inventory.period
    if int(year) not in (period.start.year, period.end.year):
        raise GhgError(f"{path} is named as the inventory of {year}, but its period is {period.start} to {period.end}: "
                       "name the inventory of that year.")  # fmt: skip
    return made.what_if(file=path) if found.files else made


def _assessed(file: BaseYearFile, base: str, reporting: str, runs: Mapping[str, Run]) -> Assessment:
    policy = file.policy
    events = sorted((e for e in file.events if str(e.date.year) <= reporting), key=lambda e: (e.date, e.event))
    counted = [event for event in events if _counts(event, policy)]
    reported = {year: _figures(made, policy.figures) for year, made in runs.items()}
    effects = {year: _effects(made, year, counted, policy, reporting) for year, made in runs.items()}
    judged, applied = _judged(events, counted, policy, reported[base], effects[base])
    years = tuple(
        Restated(year, reported[year], _added(reported[year], [effects[year][event] for event in applied]))
        for year in sorted(runs)
    )
    return Assessment(file, base, reporting, tuple(judged), years)


def _counts(event: Event, policy: Policy) -> bool:
    return event.is_known and event.kind != NEVER and event.kind in policy.triggers


def _figures(made: Run, names: Sequence[str]) -> Figures:
    """The judged figures of a run in t CO2e; a figure nothing posts to is zero.

    Raises:
        GhgError: purchased energy is not valued in the book of a figure.
    """
    for name in made.result.absent.intersection(names):
        raise GhgError(f"{made.inventory.inventory!r} does not compute {name!r}: add its book to 'books'.")
    found = {name: made.figure(name) for name in names}
    return {name: value.amount if value else Fraction(0) for name, value in found.items()}


def _effects(
    made: Run, year: str, events: Iterable[Event], policy: Policy, reporting: str
) -> Mapping[str, Figures]:  # fmt: skip
    """What each event changes in a year, on top of those before it."""
    effects: dict[str, Figures] = {}
    before = _figures(made, policy.figures)
    for event in events:
        after, stated = before, dict.fromkeys(policy.figures, Fraction(0))
        if _touches(event, year, policy):
            steps = (*event.changes, *event.by_year.get(year, ()))
            made = made.what_if(steps=steps) if steps else made
            after = _figures(made, policy.figures)
            stated |= {
                effect.figure: parse(effect.amount)
                for effect in event.stated
                if effect.year == year and effect.figure in policy.figures
            }
        share = _share(event, policy, reporting)
        effects[event.event] = {
            name: (after[name] - before[name] + stated[name]) * share for name in policy.figures
        }  # fmt: skip
        before = after
    return effects


def _touches(event: Event, year: str, policy: Policy) -> bool:
    """Whether an event changes what a year's inventory should have been."""
    if event.existed_from and year < str(event.existed_from.year):
        return False
    if event.years:
        return year in event.years
    same_year = year == str(event.date.year)
    return year < str(event.date.year) or (same_year and event.kind in TRANSFERS and policy.transfers == "all_year")


def _share(event: Event, policy: Policy, reporting: str) -> Fraction:
    """Which part of a transfer's effect counts: all of it, or the days that are left of the reporting year."""
    if policy.transfers == "all_year" or event.kind not in TRANSFERS or str(event.date.year) != reporting:
        return Fraction(1)
    year = event.date.replace(month=1, day=1)
    days = (year.replace(year=year.year + 1) - year).days
    return Fraction(days - (event.date - year).days, days)


def _judged(
    events: Iterable[Event], counted: Sequence[Event], policy: Policy, base: Figures, effects: Mapping[str, Figures]
) -> tuple[list[Judged], list[str]]:
    """Each event with its decision, and the ids of those that lead to a recalculation."""
    nothing = dict.fromkeys(policy.figures, Fraction(0))
    current = dict(base)
    pending: list[str] = []
    applied: list[str] = []
    judged = []
    for event in events:
        if event not in counted:
            shares = dict.fromkeys(policy.figures, Fraction(0))
            judged.append(Judged(event, _not_counted(event, policy), nothing, nothing, shares, is_stated=False))
            continue
        pending.append(event.event)
        cumulative = _cumulated([effects[name] for name in pending], policy)
        share = {name: value / current[name] if current[name] else None for name, value in cumulative.items()}
        reaches = bool(event.voluntary) or any(
            _reaches(share[name], value, policy) for name, value in cumulative.items()
        )
        decision = Decision.RECALCULATE if reaches else Decision.CARRIED
        judged.append(Judged(event, decision, effects[event.event], cumulative, share, is_stated=bool(event.stated)))
        if reaches:
            current = dict(_added(current, [effects[name] for name in pending]))
            applied, pending = [*applied, *pending], []
    return judged, applied


def _not_counted(event: Event, policy: Policy) -> Decision:
    if event.kind == NEVER:
        return Decision.NEVER
    return Decision.UNKNOWN if event.kind in policy.triggers else Decision.NO_TRIGGER


def _cumulated(effects: Iterable[Figures], policy: Policy) -> Figures:
    """Effects since the last recalculation, with their signs or without."""
    total = dict.fromkeys(policy.figures, Fraction(0))
    for effect in effects:
        for name, value in effect.items():
            total[name] += abs(value) if policy.cumulation == "gross" else value
    return total


def _reaches(share: Fraction | None, value: Fraction, policy: Policy) -> bool:
    """Whether an unrounded share is at least the threshold; any change of nothing is significant."""
    return bool(value) if share is None else abs(share) * 100 >= parse(policy.threshold)


def _added(figures: Figures, effects: Iterable[Figures]) -> Figures:
    """Figures with effects added."""
    total = dict(figures)
    for effect in effects:
        for name, value in effect.items():
            total[name] += value
    return total
