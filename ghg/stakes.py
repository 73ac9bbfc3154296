"""What hangs on a question: how far apart the readings of a row are, in kg CO2e or in the unit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from ghg.engines import Engine, quoted
from ghg.factors import FactorTable
from ghg.inventory import Inventory
from ghg.ledger import Valuation
from ghg.numbers import DECIMAL, parse, readable
from ghg.plan import KEY, Key, make_plan
from ghg.reading.marks import readings
from ghg.units import accepted, refused

NAMED = re.compile(r"'(\w+)'")
"""The units that a refusal names."""


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
    except (ValueError, LookupError):
        return None
    if asked not in plan.keys:
        return None
    valuation = Valuation(table.rows, inventory.gwp)
    postings = [found for found in plan.matches[plan.keys[asked]].postings if found.measure == "emissions"]
    taken = [found for found in postings if found.book in ("", "location")]
    total = sum((valuation.coefficient(found) * valuation.potential(found.gas) for found in taken), Fraction(0))
    return amount * accepted()[unit].multiplier * total if taken else None
