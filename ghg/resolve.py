"""Factor choice: which factor an activity takes, on which rung of the ladder, and why every other was passed over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ghg.factors import Factor, FactorTable
from ghg.inventory import Inventory
from ghg.issues import listing
from ghg.regions import WORLD, ladder

NEAREST = 3
"""Candidates named when none is left."""
Rank = tuple[int, int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Want:
    """What a factor is wanted for.

    Attributes:
        kind: emission factor, or the kind of a parameter.
        activity: the factor vocabulary's word.
        account: the activity of the chart of accounts that asks; pins name it.
        region: where the activity took place.
        start: first day of the activity.
        end: last day of the activity.
        book: location or market.
        dimension: what the factor's denominator must measure.
    """

    kind: str
    activity: str
    account: str
    region: str
    start: date
    end: date
    book: str
    dimension: str


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A factor that was considered and not taken, with the rule that removed it."""

    factor: str
    reason: str
    is_near: bool
    """Whether it applies to the activity's place, so that a reader would ask about it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The outcome of choosing one factor.

    Attributes:
        kind: emission factor, or the kind of a parameter.
        book: location or market.
        factor: the factor taken; none when nothing or more than one is left standing.
        rung: the rung of the ladder it stands on, in words.
        passed_over: the other candidates, each with the rule that removed it.
        standing: ids left standing when the choice is ambiguous.
    """

    kind: str
    book: str
    factor: Factor | None
    rung: str
    passed_over: tuple[PassedOver, ...] = ()
    standing: tuple[str, ...] = ()


def choose(table: FactorTable, inventory: Inventory, want: Want) -> Choice:
    """The one factor the inventory's rules leave, or a choice without a factor that says why."""
    candidates = table.candidates(want.kind, want.activity)
    pin = next((pin for pin in inventory.pins if (pin.activity, pin.book) == (want.account, want.book)), None)
    if pin and want.kind == "emission_factor":
        return _pinned(table.find(pin.factor), candidates, want, pin.why)
    ranked: list[tuple[Rank, Factor]] = []
    passed: list[PassedOver] = []
    for factor in candidates:
        reason = _removed(factor, inventory, want)
        if reason:
            passed.append(PassedOver(factor.id, reason, _is_near(factor, want)))
        else:
            ranked.append((_rank(factor, inventory, want), factor))
    ranked.sort(key=lambda pair: (pair[0], pair[1].id))
    best = [factor for rank, factor in ranked if rank == ranked[0][0]]
    passed += [PassedOver(factor.id, _lower(factor, best, want), is_near=True) for _, factor in ranked[len(best) :]]
    passed.sort(key=lambda other: other.factor)
    if len(best) == 1:
        return Choice(want.kind, want.book, best[0], _rung(best[0], want), tuple(passed))
    return Choice(want.kind, want.book, None, "", tuple(passed), tuple(factor.id for factor in best))


def _pinned(factor: Factor, candidates: tuple[Factor, ...], want: Want, why: str) -> Choice:
    """A pinned factor, with what differs from the activity said in the rung."""
    first = factor.first
    if first.per.denominator.dimension != want.dimension:
        return Choice(
            want.kind, want.book, None, "", (PassedOver(factor.id, _wrong_dimension(factor, want), is_near=True),)
        )
    differs = (
        f"; its region is {first.region}, the activity's {want.region}"
        if first.region not in ladder(want.region)
        else ""
    )
    outside = (first.valid_from and first.valid_from > want.start) or (first.valid_to and first.valid_to < want.end)
    differs += f"; its validity is {first.validity}" if outside else ""
    passed = tuple(
        PassedOver(other.id, f"the inventory pins {factor.id}", _is_near(other, want))
        for other in candidates
        if other.id != factor.id
    )
    return Choice(want.kind, want.book, factor, f"pinned by the inventory: {why}{differs}", passed)


def _removed(factor: Factor, inventory: Inventory, want: Want) -> str:
    """The rule that removes a candidate, or blank when it stays."""
    first = factor.first
    if first.per.denominator.dimension != want.dimension:
        return _wrong_dimension(factor, want)
    if first.region not in _allowed_regions(inventory, want.region):
        return f"its region {first.region} is not on the ladder of {want.region}: {', '.join(inventory.ladder.regions)}"
    if not factor.is_own and first.source not in inventory.publications:
        return f"its publication {first.source} is not among those the inventory names"
    if first.valid_from and first.valid_from > want.start:
        return f"it is valid from {first.valid_from}, after the activity starts"
    age = _age(factor, want)
    if age > inventory.ladder.max_age_years:
        allowed = inventory.ladder.max_age_years
        return f"its validity ended {first.valid_to}, {_years(age)} before; max_age_years is {allowed}"
    return ""


def _lower(factor: Factor, best: list[Factor], want: Want) -> str:
    """Why a factor that would do stands below the best."""
    if best[0].is_own and not factor.is_own:
        return f"the inventory's own factor {best[0].id} comes first"
    return f"lower on the ladder: {_rung(factor, want)}"


def _is_near(factor: Factor, want: Want) -> bool:
    return factor.first.region in ladder(want.region)


def _wrong_dimension(factor: Factor, want: Want) -> str:
    return f"it is per {factor.first.per.denominator.dimension}; needed is a factor per {want.dimension}"


def _allowed_regions(inventory: Inventory, region: str) -> tuple[str, ...]:
    """The regions the ladder allows for a place, nearest first."""
    rungs = inventory.ladder.regions
    return tuple(
        name
        for step, name in enumerate(ladder(region))
        if (step == 0 and "exact" in rungs)
        or (step and name != WORLD and "parent" in rungs)
        or (name == WORLD and "world" in rungs)
    )


def _age(factor: Factor, want: Want) -> int:
    """Whole calendar years between the end of a factor's validity and the activity."""
    valid_to = factor.first.valid_to
    return max(want.end.year - valid_to.year, 1) if valid_to and valid_to < want.end else 0


def _years(count: int) -> str:
    return f"{count} year{'s' * (count > 1)}"


def _rank(factor: Factor, inventory: Inventory, want: Want) -> Rank:
    """Own factors for the very region and period, then exact, parent region, older year, world; own before library."""
    first = factor.first
    publication = inventory.publications.index(first.source) if first.source in inventory.publications else -1
    age, steps = _age(factor, want), ladder(want.region).index(first.region)
    named = factor.is_own and not age and not steps
    return (not named, first.region == WORLD != want.region, age, steps, not factor.is_own, publication)


def _rung(factor: Factor, want: Want) -> str:
    """The rung a factor stands on, in words."""
    first = factor.first
    parts = ["the inventory's own factor"] if factor.is_own else []
    parts.append(f"region {first.region}" + ("" if first.region == want.region else f" for {want.region}"))
    age = _age(factor, want)
    parts.append(
        f"{age} year{'s' * (age > 1)} older than the activity"
        if age
        else "no validity stated"
        if not first.valid_to
        else "valid in the period"
    )
    return ", ".join(parts)


def explain_absence(choice: Choice, want: Want) -> str:
    """Why no single factor was left, with the nearest candidates."""
    book = f" ({want.book} book)" if want.kind == "emission_factor" else ""
    kind = want.kind.replace("_", " ")
    what = f"{kind} for {want.activity!r} in {want.region}, {want.start} to {want.end}{book}"
    if choice.standing:
        return f"{len(choice.standing)} factors are left standing as {what}: {listing(choice.standing)}."
    if not choice.passed_over:
        return f"no {what}. The library has no factor for it."
    nearest = sorted(choice.passed_over, key=lambda other: not other.is_near)
    tried = "; ".join(f"{other.factor}: {other.reason}" for other in nearest[:NEAREST])
    more = f"; {len(nearest) - NEAREST} more" if len(nearest) > NEAREST else ""
    return f"no {what}. Passed over: {tried}{more}."
