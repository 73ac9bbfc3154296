"""The exact bridge: the difference between two runs split over what made it, in no order.

What can differ are switches: activity, factor, GWP set, method, boundary, error correction. A run with some switches at
the later run's state and the rest at the earlier one's has a value, cell by cell. The effect of a switch is its Shapley
value: what turning it adds, averaged over every order in which the switches can be turned. The effects of a cell sum to
its change exactly, the bridge back has the same effects with the other sign, and equal runs have none.

Albrecht, J., François, D. & Schoors, K. (2002), "A Shapley decomposition of carbon emissions without residuals", Energy
Policy 30, pages 727 to 736.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from math import factorial
from typing import TYPE_CHECKING

from ghg.change.cells import ZERO, Cell, Cells, Part, Way, cells_of
from ghg.figures import Book
from ghg.issues import GhgError
from ghg.units import BASE, conversion, unit

if TYPE_CHECKING:
    from ghg.runs import Run

ACTIVITY, FACTOR, GWP, METHOD, BOUNDARY, CORRECTION = "activity", "factor", "gwp", "method", "boundary", "correction"
SWITCHES = (ACTIVITY, FACTOR, GWP, METHOD, BOUNDARY, CORRECTION)
"""What can differ between two runs."""
MEANINGS = {
    ACTIVITY: "how much was done: amounts, and activities that begin or end within a category",
    FACTOR: "what is emitted per unit of activity, the mix of factors included",
    GWP: "the GWP set",
    METHOD: "another method for the same activity",
    BOUNDARY: "a category, an entity, a share held or a place in the accounts that differs",
    CORRECTION: "rows entered as corrections",
}
"""What each effect stands for."""
UNSAID = "stands in one of the runs only; whether the other had it and did not count it, the data cannot say"


@dataclass(frozen=True, slots=True)
class BridgeLine:
    """One cell of both runs, in t CO2e.

    Attributes:
        cell: account, entity and activity.
        before: emissions of the earlier run.
        after: emissions of the later run.
        effects: switch to effect; they sum to the change.
        back_calculated: whether either side rests on back-calculated activity.
        implied: whether either side rests on an implied factor.
        reason: why the whole change went to one switch; blank where it was split.
    """

    cell: Cell
    before: Fraction
    after: Fraction
    effects: Mapping[str, Fraction]
    back_calculated: bool
    implied: bool
    reason: str = ""

    @property
    def change(self) -> Fraction:
        """After less before."""
        return self.after - self.before


@dataclass(frozen=True)
class Bridge:
    """The difference between two runs in one book; see the module for what the effects are.

    Attributes:
        before: heading of the earlier run.
        after: heading of the later run.
        book: the Scope 2 book; the two are never added.
        lines: by scope, category, entity and activity.
        notes: what the bridge cannot know.
    """

    before: str
    after: str
    book: Book
    lines: tuple[BridgeLine, ...]
    notes: tuple[str, ...]

    @property
    def total(self) -> BridgeLine:
        """All lines together."""
        return summed(self.lines)

    def by_scope(self) -> dict[str, BridgeLine]:
        """The lines of each scope together."""
        scopes = sorted({line.cell.scope for line in self.lines})
        return {scope: summed([line for line in self.lines if line.cell.scope == scope]) for scope in scopes}


def summed(lines: Sequence[BridgeLine]) -> BridgeLine:
    """Lines as one."""
    return BridgeLine(
        Cell("", "", "", ""),
        sum((line.before for line in lines), ZERO),
        sum((line.after for line in lines), ZERO),
        {switch: sum((line.effects[switch] for line in lines), ZERO) for switch in SWITCHES},
        any(line.back_calculated for line in lines),
        any(line.implied for line in lines),
    )


def shapley(value: Callable[[frozenset[str]], Fraction], switches: Sequence[str]) -> dict[str, Fraction]:
    """The Shapley value of each switch, exact.

    Args:
        value: the value with these switches turned.
        switches: those that matter; any other has no effect.

    >>> shapley(lambda turned: Fraction(6 if "a" in turned else 2) * (5 if "b" in turned else 3), ("a", "b"))
    {'a': Fraction(16, 1), 'b': Fraction(8, 1)}
    """
    count = len(switches)
    known = {turned: value(turned) for turned in _subsets(switches)}
    found = {}
    for switch in switches:
        others = [name for name in switches if name != switch]
        found[switch] = sum(
            (
                Fraction(factorial(len(turned)) * factorial(count - len(turned) - 1), factorial(count))
                * (known[turned | {switch}] - known[turned])
                for turned in _subsets(others)
            ),
            ZERO,
        )
    return found


def _subsets(names: Sequence[str]) -> Iterator[frozenset[str]]:
    return (frozenset(chosen) for size in range(len(names) + 1) for chosen in combinations(names, size))


def bridge(before: Run, after: Run, book: Book = "location") -> Bridge:
    """The bridge from one run to another, of one inventory or of two.

    Raises:
        GhgError: a run does not compute the book.
    """
    for run in (before, after):
        if book not in run.inventory.books:
            raise GhgError(f"{run.inventory.inventory} does not compute the {book}-based book.")
    then, now = cells_of(before, book), cells_of(after, book)
    weights = (before.valuation.potential, after.valuation.potential)
    lines = tuple(_line(cell, then, now, weights) for cell in sorted({*then, *now}))
    return Bridge(_title(before), _title(after), book, lines, tuple(_notes(before, after, lines)))


def _title(run: Run) -> str:
    period = run.inventory.period
    return f"{run.inventory.inventory} ({period.start} to {period.end}{', what-if' if run.changes else ''})"


Weights = tuple[Callable[[str], Fraction], Callable[[str], Fraction]]


def _line(cell: Cell, then: Cells, now: Cells, weights: Weights) -> BridgeLine:
    """One cell of both runs, its change split."""
    old, new = then.get(cell, {}), now.get(cell, {})
    parts = [*old.values(), *new.values()]
    to_tonnes = conversion(unit(BASE["mass"]), unit("t"))
    made = BridgeLine(
        cell,
        sum((part.value for part in old.values()), ZERO) * to_tonnes,
        sum((part.value for part in new.values()), ZERO) * to_tonnes,
        {},
        any(part.back_calculated for part in parts),
        any(part.implied for part in parts),
    )
    if not old or not new:
        switch, reason = _of_one_run(cell, now if not old else then, then if not old else now)
        effects = dict.fromkeys(SWITCHES, ZERO) | {switch: made.change}
        return replace(made, effects=effects, reason=reason)
    effects, reason = _of_both(old, new, weights)
    return replace(made, effects={switch: effects[switch] * to_tonnes for switch in SWITCHES}, reason=reason)


def _of_one_run(cell: Cell, there: Cells, other: Cells) -> tuple[str, str]:
    """The switch that a cell of one run alone belongs to, with the reason."""
    if any((found.entity, found.activity) == (cell.entity, cell.activity) for found in other):
        return BOUNDARY, "the same activity stands in another account of the other run"
    if not any((found.scope, found.category) == (cell.scope, cell.category) for found in other):
        return BOUNDARY, f"the category {UNSAID}"
    entities = {found.entity for found in other}
    if cell.entity not in entities and any(found.entity in entities for found in there):
        return BOUNDARY, f"the entity {UNSAID}"
    return ACTIVITY, f"the activity {UNSAID}"


def _of_both(old: Mapping[Way, Part], new: Mapping[Way, Part], weights: Weights) -> tuple[dict[str, Fraction], str]:
    """The effects within a cell that both runs have, in kg CO2e, and the reason where a method changed."""
    effects = dict.fromkeys(SWITCHES, ZERO)
    for way in old.keys() & new.keys():
        for switch, effect in _split(old[way], new[way], weights).items():
            effects[switch] += effect
    gone = sum((part.value for way, part in old.items() if way not in new), ZERO)
    come = sum((part.value for way, part in new.items() if way not in old), ZERO)
    effects[METHOD] += come - gone
    return effects, "the method of part of it changed" if old.keys() != new.keys() else ""


def _split(old: Part, new: Part, weights: Weights) -> dict[str, Fraction]:
    """The effects within a part that both runs calculate the same way, in kg CO2e."""
    if any(part.value and not (part.total and part.held) for part in (old, new)):
        # Rows that cancel out under different factors: there is no emission per unit to exchange.
        return {ACTIVITY: new.value - old.value}
    per_unit = (old.per_unit or new.per_unit, new.per_unit or old.per_unit)
    gases = sorted({*per_unit[0], *per_unit[1]})
    known = [part.share for part in (old, new) if part.share is not None]
    if not gases or not known:
        return {}
    share = (known[0], known[-1])

    def value(turned: frozenset[str]) -> Fraction:
        quantity = new.quantity if ACTIVITY in turned else old.quantity
        quantity += new.corrected if CORRECTION in turned else old.corrected
        factor, weight = per_unit[FACTOR in turned], weights[GWP in turned]
        return quantity * share[BOUNDARY in turned] * sum((factor.get(gas, ZERO) * weight(gas) for gas in gases), ZERO)

    switches = [ACTIVITY, FACTOR, GWP]
    switches += [BOUNDARY] if share[0] != share[1] else []
    switches += [CORRECTION] if old.corrected or new.corrected else []
    return shapley(value, switches)


def _notes(before: Run, after: Run, lines: Sequence[BridgeLine]) -> Iterator[str]:
    """What the bridge cannot know, and what a reader has to know of the two runs."""
    back = sorted({line.cell.activity for line in lines if line.back_calculated})
    if back:
        yield (
            f"Activity was back-calculated from published figures for {', '.join(back)}. There the split between "
            "activity and factor follows from the factors assumed; the published figures do not hold it."
        )
    implied = sorted({line.cell.activity for line in lines if line.implied})
    if implied:
        yield (
            f"A factor is implied by printed figures for {', '.join(implied)}: its effect says how the printed "
            "quotient moved, not why."
        )
    for line in lines:
        if line.reason:
            yield f"{line.cell.activity} ({line.cell.category}): {line.reason}."
    kept = sorted({note for run in (before, after) for note in run.result.notes() if note.endswith("keeps it.")})
    if before.valuation.gwp != after.valuation.gwp:
        yield f"CO2e under {before.valuation.gwp} before and {after.valuation.gwp} after."
        yield from kept
    for run in (before, after):
        if run.scans:
            yield f"{run.inventory.inventory} is scanned in place: its corrections count as activity."
        if run.balance.unposted:
            yield f"INCOMPLETE: {run.balance.unposted:,} rows of {run.inventory.inventory} did not post."
    yield "The effects are Shapley values: they sum to the change exactly and do not depend on an order."
