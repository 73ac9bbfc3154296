"""Factor choice: which factor an activity takes, on which rung of the ladder, and why every other was passed over."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

from ghg.factors import FACTOR, Factor, FactorTable
from ghg.inventory import Inventory
from ghg.issues import listing
from ghg.regions import WORLD, ladder
from ghg.schema import after

RULES = {
    "dimension": "its denominator measures something else than the activity",
    "basis": "it covers something else, such as upstream emissions or life-cycle emissions",
    "publication": "its publication is not among those the inventory names",
    "region": "its region is not on the ladder of the activity's region",
    "not_yet_valid": "its validity starts after the activity",
    "too_old": "its validity ended before the activity, by more than max_age_years allows",
    "own_first": "a factor of the inventory's own comes first",
    "lower_rung": "it would do and stands lower on the ladder",
    "printed_twice": "its publication prints the same factor in a smaller unit too",
    "pinned": "the inventory pins another factor",
}
"""Every rule that can remove a candidate, in the order they are tried."""
Rank = tuple[int, bool, bool, int, int, bool, int]
NO_PREFERENCE = -1


class Want(NamedTuple):
    """What a factor is wanted for.

    Attributes:
        kind: emission factor, or the kind of a parameter.
        activity: the factor vocabulary's word.
        account: the activity of the chart of accounts that asks; pins name it.
        bases: what the factor may cover; empty when any basis will do.
        is_hierarchy: whether an earlier basis comes before a later one; otherwise they are equal.
        region: where the activity took place.
        start: first day of the activity.
        end: last day of the activity.
        book: location or market.
        dimension: what the factor's denominator must measure.
    """

    kind: str
    activity: str
    account: str
    bases: tuple[str, ...]
    is_hierarchy: bool
    region: str
    start: date
    end: date
    book: str
    dimension: str


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A factor that was considered and not taken, with the rule that removed it."""

    factor: str
    rule: str
    reason: str
    is_near: bool
    """Whether it applies to the activity's place, so that a reader would ask about it."""


@dataclass(frozen=True)
class Choice:
    """The outcome of choosing one factor.

    Attributes:
        kind: emission factor, or the kind of a parameter.
        book: location or market.
        factor: the factor taken; none when nothing or more than one is left standing.
        rung: the rung of the ladder it stands on, in words.
        standing: ids left standing when the choice is ambiguous.
        older: how many years older than the activity the factor is.
        days: how many days of the activity the factor stands for.
        of_days: how many days the activity has.
    """

    kind: str
    book: str
    factor: Factor | None
    rung: str
    standing: tuple[str, ...]
    reasons: Callable[[], tuple[PassedOver, ...]] = field(repr=False, compare=False)
    older: int = 0
    days: int = 1
    of_days: int = 1

    @property
    def share_text(self) -> str:
        """The share of the activity's days the factor stands for, as decimal text or a quotient."""
        return "1" if self.days == self.of_days else f"{self.days}/{self.of_days}"

    @cached_property
    def passed_over(self) -> tuple[PassedOver, ...]:
        """Every other candidate with the rule that removed it; worked out when it is asked for."""
        return self.reasons()


class Chooser:
    """Chooses factors by an inventory's rules.

    Candidates are sorted by place once; a choice then looks at the few places on the activity's ladder.
    """

    def __init__(self, table: FactorTable, inventory: Inventory) -> None:
        self.table = table
        self.inventory = inventory
        self._pools: dict[tuple[object, ...], Mapping[str, Sequence[Factor]]] = {}
        self._regions: dict[str, tuple[str, ...]] = {}
        self._turns: dict[tuple[object, ...], Sequence[date]] = {}
        # What is said of one item goes before what is said of all.
        self._pins = sorted(inventory.pins, key=lambda pin: pin.item is None)
        self._preference = {name: place for place, name in enumerate(inventory.publications)}

    def choose(self, want: Want) -> Choice:
        """The one factor the inventory's rules leave, or a choice without a factor that says why."""
        for pin in self._pins if want.kind == FACTOR else ():
            if (pin.activity, pin.book) == (want.account, want.book) and pin.item in (None, want.activity):
                return self._pinned(self.table.find(pin.factor), want, pin.why)
        best = [factor for factor in self._at_hand(want) if self._is_in_time(factor, want)]
        if len(best) > 1:
            ranked = sorted(((self._rank(one, want), one) for one in best), key=lambda pair: (pair[0], pair[1].id))
            best = _smallest_unit([factor for rank, factor in ranked if rank == ranked[0][0]])
        taken = best[0] if len(best) == 1 else None
        return Choice(
            want.kind,
            want.book,
            taken,
            self._rung(taken, want) if taken else "",
            () if taken else tuple(factor.id for factor in best),
            lambda: self._passed_over(want, best),
            _age(taken, want) if taken else 0,
        )

    def cuts(self, want: Want) -> set[date]:
        """The days on which an activity is cut, because factors change while it lasts; none when one covers it all."""
        turning = self.turning_days(want)
        if bisect_right(turning, want.start) == bisect_right(turning, want.end):
            return set()
        found = self.choose(want)
        is_pinned = found.rung.startswith(pinned(""))
        if is_pinned or (found.factor and not _age(found.factor, want)):
            return set()
        bounds = {
            day
            for factor in self._at_hand(want)
            for day in (factor.first.valid_from, after(factor.first.valid_to))
            if day
        }
        return {day for day in bounds if want.start < day <= want.end}

    def standing_in(self, want: Want, region: str) -> tuple[object, ...]:
        """What of a region decides a choice: regions that stand alike choose alike, whatever the time."""
        pool = self._pool(want)
        reached = tuple(name for name in self._allowed(region) if name in pool)
        return (reached, region in pool, region == WORLD)

    def turning_days(self, want: Want) -> Sequence[date]:
        """The days on which the candidates change: activities between two of them choose alike, wherever they are."""
        key = (want.kind, want.activity, want.dimension, want.bases)
        if key not in self._turns:
            found = (factor.first for pool in self._pool(want).values() for factor in pool)
            ends = ((first.valid_from, after(first.valid_to)) for first in found)
            self._turns[key] = sorted({day for pair in ends for day in pair if day})
        return self._turns[key]

    def _pool(self, want: Want) -> Mapping[str, Sequence[Factor]]:
        """Candidates that no rule of place and time removes, by region."""
        key = (want.kind, want.activity, want.dimension, want.bases)
        if key not in self._pools:
            pool: defaultdict[str, list[Factor]] = defaultdict(list)
            for factor in self.table.candidates(want.kind, want.activity, self._preference):
                if not self._out_of_place(factor, want):
                    pool[factor.first.region].append(factor)
            self._pools[key] = pool
        return self._pools[key]

    def _at_hand(self, want: Want) -> list[Factor]:
        """Candidates of the activity's places that no rule but time removes."""
        pool = self._pool(want)
        return [factor for region in self._allowed(want.region) for factor in pool.get(region, ())]

    def _allowed(self, region: str) -> tuple[str, ...]:
        """The regions the ladder allows for a place, nearest first."""
        if region not in self._regions:
            rungs = self.inventory.ladder.regions
            self._regions[region] = tuple(
                name
                for step, name in enumerate(ladder(region))
                if (step == 0 and "exact" in rungs)
                or (step and name != WORLD and "parent" in rungs)
                or (name == WORLD and "world" in rungs)
            )
        return self._regions[region]

    def _out_of_place(self, factor: Factor, want: Want) -> tuple[str, str] | None:
        """The rule that removes a candidate whatever the region and time, with the reason."""
        first = factor.first
        if first.per.denominator.dimension != want.dimension:
            return "dimension", _wrong_dimension(factor, want)
        if want.bases and first.basis not in want.bases:
            return "basis", f"its basis is {first.basis or 'not stated'}; needed is {listing(want.bases, 'or')}"
        if not factor.is_own and first.source not in self._preference:
            return "publication", f"its publication {first.source} is not among those the inventory names"
        return None

    def _is_in_time(self, factor: Factor, want: Want) -> bool:
        """Whether no rule of time removes a candidate."""
        first = factor.rows[0]
        if first.valid_from and first.valid_from > want.start:
            return False
        if not first.valid_to or first.valid_to >= want.end:
            return True
        return _age(factor, want) <= self.inventory.ladder.max_age_years

    def _out_of_time(self, factor: Factor, want: Want) -> tuple[str, str] | None:
        """The rule of time that removes a candidate, with the reason."""
        first, allowed = factor.first, self.inventory.ladder.max_age_years
        if first.valid_from and first.valid_from > want.start:
            return "not_yet_valid", f"it is valid from {first.valid_from}, after the activity starts"
        age = _age(factor, want)
        if age > allowed:
            return "too_old", f"its validity ended {first.valid_to}, {_years(age)} before; max_age_years is {allowed}"
        return None

    def _passed_over(self, want: Want, best: Sequence[Factor]) -> tuple[PassedOver, ...]:
        """Every candidate but the best, with the rule that removed it."""
        standing = {factor.id for factor in best}
        others = [found for found in self.table.candidates(want.kind, want.activity) if found.id not in standing]
        return tuple(
            sorted(
                (PassedOver(other.id, *self._why(other, want, best), _is_near(other, want)) for other in others),
                key=lambda passed: passed.factor,
            )
        )

    def _why(self, factor: Factor, want: Want, best: Sequence[Factor]) -> tuple[str, str]:
        """The rule that kept a candidate from being taken, with the reason."""
        removed = self._out_of_place(factor, want)
        if removed:
            return removed
        region, rungs = factor.first.region, self.inventory.ladder.regions
        if region not in self._allowed(want.region):
            return "region", f"its region {region} is not on the ladder of {want.region}: {', '.join(rungs)}"
        removed = self._out_of_time(factor, want)
        if removed:
            return removed
        if self._rank(factor, want) == self._rank(best[0], want):
            smaller = best[0].first.per.denominator.spelling
            return "printed_twice", f"its publication prints the factor per {smaller} too: {best[0].id}"
        if best[0].is_own and not factor.is_own and not want.is_hierarchy:
            return "own_first", f"the inventory's own factor {best[0].id} comes first"
        return "lower_rung", f"lower on the ladder: {self._rung(factor, want)}"

    def _pinned(self, factor: Factor, want: Want, why: str) -> Choice:
        """A pinned factor, with what differs from the activity said in the rung."""
        first = factor.first
        if first.per.denominator.dimension != want.dimension:
            wrong = PassedOver(factor.id, "dimension", _wrong_dimension(factor, want), is_near=True)
            return Choice(want.kind, want.book, None, "", (), lambda: (wrong,))
        is_near = _is_near(factor, want)
        differs = [] if is_near else [f"its region is {first.region}, the activity's {want.region}"]
        outside = (first.valid_from and first.valid_from > want.start) or (first.valid_to and first.valid_to < want.end)
        differs += [f"its validity is {first.validity}"] if outside else []
        differs += (
            [f"its basis is {first.basis or 'not stated'}, asked is {listing(want.bases, 'or')}"]
            if want.bases and first.basis not in want.bases
            else []
        )
        rung = "; ".join([pinned(why), *differs])
        return Choice(want.kind, want.book, factor, rung, (), lambda: self._unpinned(factor, want), _age(factor, want))

    def _unpinned(self, pinned: Factor, want: Want) -> tuple[PassedOver, ...]:
        return tuple(
            PassedOver(other.id, "pinned", f"the inventory pins {pinned.id}", _is_near(other, want))
            for other in self.table.candidates(want.kind, want.activity)
            if other.id != pinned.id
        )

    def _rank(self, factor: Factor, want: Want) -> Rank:
        """Basis of a hierarchy; own factors for the very region and period; region; year; own factors; publication."""
        first = factor.first
        listed = self.inventory.ladder.preference == "listed"
        publication = self._preference.get(first.source, NO_PREFERENCE) if listed else NO_PREFERENCE
        age, steps = _age(factor, want), ladder(want.region).index(first.region)
        named = factor.is_own and not age and not steps
        basis = want.bases.index(first.basis) if want.is_hierarchy else 0
        return (basis, not named, first.region == WORLD != want.region, age, steps, not factor.is_own, publication)

    def _rung(self, factor: Factor, want: Want) -> str:
        """The rung a factor stands on, in words."""
        first = factor.first
        parts = ["the inventory's own factor"] if factor.is_own else []
        parts += [f"basis {first.basis}"] if want.is_hierarchy else []
        parts.append(f"region {first.region}" + ("" if first.region == want.region else f" for {want.region}"))
        age = _age(factor, want)
        valid = "no validity stated" if not first.valid_to else "valid in the period"
        parts.append(f"{_years(age)} older than the activity" if age else valid)
        return ", ".join(parts)


def pinned(why: str) -> str:
    """How the rung of a pinned factor starts."""
    return f"pinned by the inventory: {why}"


def by_days(chooser: Chooser, wants: Sequence[Want]) -> list[Choice] | tuple[Choice, Want]:
    """The choices of an activity for all it needs; cut by days where factors change while it lasts.

    Returns:
        The choices, each with its days; or the choice that failed and what it was for.
    """
    cuts = sorted({day for want in wants for day in chooser.cuts(want)})
    if not cuts:
        choices = []
        for want in wants:
            choice = chooser.choose(want)
            if choice.factor is None:
                return choice, want
            choices.append(choice)
        return choices
    start, end = wants[0].start, wants[0].end
    starts = [start, *cuts]
    parts: dict[tuple[tuple[str, str], ...], list[tuple[date, date, list[Choice]]]] = {}
    for first, last in zip(starts, [*(day - timedelta(days=1) for day in cuts), end], strict=True):
        choices = []
        for want in wants:
            part = want._replace(start=first, end=last)
            choice = chooser.choose(part)
            if choice.factor is None:
                return choice, part
            choices.append(choice)
        key = tuple((choice.factor.id, choice.rung) for choice in choices if choice.factor)
        parts.setdefault(key, []).append((first, last, choices))
    whole = (end - start).days + 1
    return [choice for spans in parts.values() for choice in _with_days(spans, whole)]


def _with_days(spans: Iterable[tuple[date, date, list[Choice]]], whole: int) -> list[Choice]:
    """The choices that spans have in common, with their days said in the rung."""
    found = list(spans)
    days = sum((last - first).days + 1 for first, last, _ in found)
    if days == whole:
        return found[0][2]
    said = " and ".join(f"{first} to {last}" for first, last, _ in found)
    return [
        replace(choice, rung=f"{choice.rung}; {days} of {whole} days, {said}", days=days, of_days=whole)
        for choice in found[0][2]
    ]


def _smallest_unit(best: list[Factor]) -> list[Factor]:
    """The best, without what its publication prints once more in a larger unit."""
    alike: dict[tuple[object, ...], Factor] = {}
    for factor in best:
        first = factor.first
        key = (factor.is_own and factor.id, first.source, first.region, first.basis, first.valid_from, first.valid_to)
        kept = alike.setdefault(key, factor)
        size, smallest = first.per.denominator, kept.first.per.denominator
        if size.spelling == smallest.spelling and kept is not factor:
            alike[*key, factor.id] = factor
        elif size.multiplier < smallest.multiplier:
            alike[key] = factor
    return list(alike.values())


def _is_near(factor: Factor, want: Want) -> bool:
    return factor.first.region in ladder(want.region)


def _wrong_dimension(factor: Factor, want: Want) -> str:
    return f"it is per {factor.first.per.denominator.dimension}; needed is a factor per {want.dimension}"


def _age(factor: Factor, want: Want) -> int:
    """Whole calendar years between the end of a factor's validity and the activity."""
    valid_to = factor.first.valid_to
    return max(want.end.year - valid_to.year, 1) if valid_to and valid_to < want.end else 0


def _years(count: int) -> str:
    return f"{count} year{'s' * (count > 1)}"
