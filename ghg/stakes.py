"""What hangs on a question: how far apart the readings of a row are, in kg CO2e or in the unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from ghg.engines import Engine, quoted
from ghg.factors import FactorTable
from ghg.inventory import Inventory
from ghg.issues import GhgError, Issue, Severity
from ghg.ledger import Valuation
from ghg.numbers import DECIMAL, parse, readable
from ghg.plan import FAILURES, KEY, Key, Plan, make_plan
from ghg.reading.marks import readings
from ghg.units import accepted, refused

if TYPE_CHECKING:
    from ghg.runs import Run

SHOWN = 10
"""Kinds of wrong rows that are named."""
VALUED = 24
"""Keys of one kind up to which kg CO2e are said."""
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
    amounts = [parse(text) for text in readings(amount)] if not DECIMAL.fullmatch(amount) else [parse(amount)]
    units = [name for name in NAMED.findall(refused().get(key.unit, key.unit)) if name in accepted()] or [key.unit]
    return _apart(inventory, table, key, [(number, unit) for number in amounts for unit in units])


def left_out(run: Run) -> list[Issue]:
    """A note on the rows an incomplete result leaves out: by activity and unit how many, and how much as far as known.

    Kg CO2e are said where every such amount is readable and would post; the amount in its unit otherwise.
    """
    if run.engine is None or not run.errors:
        return []
    listed = ", ".join(quoted(name) for name in KEY)
    found = run.engine.rows(
        f"SELECT {listed}, count(*), count(high), coalesce(sum(high), 0), coalesce(sum(low), 0) "
        "FROM rows LEFT JOIN amounts USING (row) WHERE row IN (SELECT row FROM problems) GROUP BY ALL ORDER BY ALL"
    )
    kinds: dict[tuple[str, str], list[tuple[Key, int, int, Fraction]]] = {}
    for *cells, rows, readable_rows, high, low in found:
        key, amount = Key.of(KEY, cells), Fraction(int(high) * 10**9 + int(low), 10**run.balance.decimals)
        kinds.setdefault((key.activity, key.unit), []).append((key, rows, readable_rows, amount))
    most = sorted(kinds, key=lambda kind: (-sum(part[1] for part in kinds[kind]), kind))
    unread = run.balance.unposted - sum(part[1] for parts in kinds.values() for part in parts)
    listed = "; ".join(_kind(run, *kind, kinds[kind]) for kind in most[:SHOWN])
    more = f"; {len(most) - SHOWN:,} more kinds of rows" if len(most) > SHOWN else ""
    apart = f"; {unread:,} rows that could not be read as rows" if unread > 0 else ""
    message = f"the totals leave out {run.balance.unposted:,} wrong rows: {(listed + more + apart).removeprefix('; ')}."
    hint = "Correct them; each is listed."
    return [Issue("rows-left-out", message, hint, severity=Severity.NOTE)] if run.balance.unposted else []


def _kind(run: Run, activity: str, spelling: str, parts: Sequence[tuple[Key, int, int, Fraction]]) -> str:
    """How many wrong rows of an activity and unit there are, and what is said of them."""
    rows, known = sum(part[1] for part in parts), sum(part[2] for part in parts)
    text = f"{activity or 'no activity'} in {spelling or 'no unit'}, {rows:,} rows"
    if not known:
        return f"{text} without a readable amount"
    text += f", {readable(sum((part[3] for part in parts), Fraction(0)))} {spelling}".rstrip()
    if known < rows:
        return f"{text} in the {known:,} that are readable"
    valued = parts if len(parts) <= VALUED else []
    values = [_emissions(run.inventory, run.plan.table, key, (amount, spelling)) for key, *_, amount in valued]
    emissions = [value for value in values if value is not None]
    if not valued or len(emissions) < len(valued):
        return text
    return f"{text} or {readable(sum(emissions, Fraction(0)))} kg CO2e"


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
    asked = replace(key, unit=unit)
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
