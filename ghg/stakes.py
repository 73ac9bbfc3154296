"""What hangs on a question: how far apart the readings of a row are, in kg CO2e or in the unit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from ghg.engines import Engine, quoted
from ghg.factors import FactorTable
from ghg.inventory import Inventory
from ghg.issues import GhgError, Issue, Severity
from ghg.ledger import Valuation, of_limbs
from ghg.numbers import is_number, parse, readable
from ghg.plan import FAILURES, KEY, Key, Plan, make_plan
from ghg.reading.marks import readings
from ghg.units import accepted, refused

if TYPE_CHECKING:
    from ghg.runs import Run

SHOWN = 10
"""Kinds of wrong rows that are named."""
VALUED = 24
"""Keys of one kind up to which kg CO2e are said."""
WRONG = "rows LEFT JOIN amounts USING (row) WHERE row IN (SELECT row FROM problems)"
SUMMED = "count(*), count(high), coalesce(sum(high), 0), coalesce(sum(low), 0)"
"""The rows an incomplete result leaves out, and what is counted of them."""
NAMED = re.compile(r"'(\w+)'")
"""The units that a refusal names."""


def said_of(engine: Engine, plan: Plan, inventory: Inventory, rule: str, row: int) -> str:
    """What the plan says about a row: why its key cannot post, or how far apart its readings are."""
    if rule in ("number-ambiguous", "unit-ambiguous"):
        apart = at_stake(engine, inventory, plan.table, row)
        words = "; the readings are {}" if rule == "number-ambiguous" else " The readings are {}."
        return words.format(apart) if apart else ""
    if rule not in FAILURES:
        return ""
    listed = ", ".join(quoted(name) for name in plan.columns)
    key = engine.rows(f"SELECT {listed} FROM rows WHERE row = $1", [row])[0]
    return plan.failures[Key.of(plan.columns, key)].message


def at_stake(engine: Engine, inventory: Inventory, table: FactorTable, row: int) -> str:
    """How far apart the readings of a row are, as the end of a sentence; blank where that cannot be said.

    Args:
        engine: holds ``rows`` and ``problems``.
        inventory: its rules choose the factors.
        table: the factors.
        row: number of a row whose amount has marks or whose unit is ambiguous.
    """
    rules = {found[0] for found in engine.rows("SELECT DISTINCT rule FROM problems WHERE row = $1", [row])}
    if len(rules) != 1:
        return ""
    listed = ", ".join(quoted(name) for name in (*KEY, "amount"))
    *cells, amount = engine.rows(f"SELECT {listed} FROM rows WHERE row = $1", [row])[0]
    key = Key.of(KEY, cells)
    amounts = [parse(text) for text in readings(amount)] if not is_number(amount) else [parse(amount)]
    units = [name for name in NAMED.findall(refused().get(key.unit, key.unit)) if name in accepted()] or [key.unit]
    return _apart(inventory, table, key, [(number, unit) for number in amounts for unit in units])


def left_out(run: Run) -> list[Issue]:
    """A note on the rows an incomplete result leaves out: by activity and unit how many, and how much as far as known.

    Kg CO2e are said where every such amount is readable and would post; the amount in its unit otherwise.
    """
    if run.engine is None or not run.errors:
        return []
    others = ", ".join(quoted(name) for name in KEY if name not in ("activity", "unit"))
    found = run.engine.rows(
        f"SELECT activity, unit, {SUMMED}, count(DISTINCT ({others})) FROM {WRONG} GROUP BY activity, unit ORDER BY ALL"
    )
    kinds = [_Kind(activity, unit, *map(int, sums)) for activity, unit, *sums in found]
    most = sorted(kinds, key=lambda kind: -kind.rows)
    unread = run.balance.unposted - sum(kind.rows for kind in kinds)
    listed = "; ".join(_said(run, run.engine, kind) for kind in most[:SHOWN])
    more = f"; {len(most) - SHOWN:,} more kinds of rows" if len(most) > SHOWN else ""
    apart = f"; {unread:,} rows that could not be read as rows" if unread > 0 else ""
    message = f"the totals leave out {run.balance.unposted:,} wrong rows: {(listed + more + apart).removeprefix('; ')}."
    hint = "Correct them; each is listed."
    return [Issue("rows-left-out", message, hint, severity=Severity.NOTE)] if run.balance.unposted else []


class _Kind(NamedTuple):
    """Wrong rows of an activity and unit: how many, how many with a readable amount, that amount, and their keys."""

    activity: str
    unit: str
    rows: int
    known: int
    high: int
    low: int
    keys: int


def _said(run: Run, engine: Engine, kind: _Kind) -> str:
    """How many wrong rows of a kind there are, and what is said of them."""
    text = f"{kind.activity or 'no activity'} in {kind.unit or 'no unit'}, {kind.rows:,} rows"
    if not kind.known:
        return f"{text} without a readable amount"
    text += f", {readable(of_limbs(kind.high, kind.low, run.balance.decimals))} {kind.unit}".rstrip()
    if kind.known < kind.rows:
        return f"{text} in the {kind.known:,} that are readable"
    if kind.keys > VALUED:
        return text
    listed = ", ".join(quoted(name) for name in KEY)
    found = engine.rows(
        f"SELECT {listed}, {SUMMED} FROM {WRONG} AND activity = $1 AND unit = $2 GROUP BY {listed} ORDER BY ALL",
        [kind.activity, kind.unit],
    )
    emissions = Fraction(0)
    for *cells, _, _, high, low in found:
        amount = (of_limbs(high, low, run.balance.decimals), kind.unit)
        value = _emissions(run.inventory, run.plan.table, Key.of(KEY, cells), amount)
        if value is None:
            return text
        emissions += value
    return f"{text} or {readable(emissions)} kg CO2e"


def _apart(inventory: Inventory, table: FactorTable, key: Key, options: Iterable[tuple[Fraction, str]]) -> str:
    """The largest difference between options of amount and unit."""
    values = {option: _emissions(inventory, table, key, option) for option in options}
    known = [value for value in values.values() if value is not None]
    if len(known) > 1 and len(known) == len(values):
        return f"{readable(max(known) - min(known))} kg CO2e apart"
    if len(values) > 1 and len({unit for _, unit in values}) == 1:
        amounts = [number for number, _ in values]
        return f"{readable(max(amounts) - min(amounts))} {key.unit} apart"
    return ""


def _emissions(inventory: Inventory, table: FactorTable, key: Key, option: tuple[Fraction, str]) -> Fraction | None:
    """Kg CO2e of an option, in the location-based book where the two differ; nothing where it would not post."""
    amount, unit = option
    if unit not in accepted():
        return None
    asked = key._replace(unit=unit)
    try:
        plan = make_plan(inventory, table, [asked])
    except (GhgError, ValueError, LookupError):
        return None
    if asked not in plan.keys:
        return None
    valuation = Valuation(table.rows, inventory.gwp)
    postings = [found for found in plan.matches[plan.keys[asked]].postings if found.measure == "emissions"]
    taken = [found for found in postings if found.book in ("", "location")]
    total = sum((valuation.coefficient(found) * valuation.potential(found.gas) for found in taken), Fraction(0))
    return amount * accepted()[unit].multiplier * total if taken else None
