"""What-if changes: copies of factor rows and of the GWP set, each change recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ghg.factors import FactorRow, FactorTable
from ghg.gases import gwp_sets
from ghg.issues import GhgError, UnitError, UnknownNameError
from ghg.numbers import DECIMAL, parse
from ghg.units import ratio

LARGEST = 10**12
"""Largest value of a factor in any unit that a what-if accepts; a slip of the exponent shows."""
WHAT_IF = "what-if: not published"
"""Verification of a value that a what-if states."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a what-if, in words; ``is_used`` is false for a factor the inventory does not use."""

    what: str
    before: str
    after: str
    is_used: bool = True

    def __str__(self) -> str:
        return f"{self.what}: {self.before} → {self.after}" + ("" if self.is_used else " (not used by this inventory)")


def changed_rows(table: FactorTable, values: Mapping[str, str]) -> tuple[dict[str, FactorRow], list[Change]]:
    """Factor rows with new values, and the changes in words.

    Args:
        table: the factors of the run.
        values: id of a factor row, or of a factor with a single row, to ``"VALUE UNIT"``.

    Raises:
        UnknownNameError: no factor has the id.
        GhgError: the id names several gas rows, or the text is not a value and a unit.
        UnitError: the unit measures something else than the factor's.
    """
    rows: dict[str, FactorRow] = {}
    changes = []
    for name, text in values.items():
        old = _row(table, name)
        number, _, spelling = text.strip().partition(" ")
        if not DECIMAL.fullmatch(number) or not spelling:
            raise GhgError(f"{text!r} is not a value and a unit: write, for instance, {name}='{old.value} {old.unit}'.")
        if number.startswith("-") or abs(parse(number)) > LARGEST:
            raise GhgError(f"{number} is no value of an emission factor: it is negative, or larger than {LARGEST:,}.")
        new, current = ratio(spelling.strip()), old.per
        if (new.numerator.dimension, new.denominator.dimension) != (
            current.numerator.dimension,
            current.denominator.dimension,
        ):
            raise UnitError(f"{old.id} is given in {old.unit}; {spelling.strip()!r} measures something else.")
        # Validated anew, not copied: a copy would keep the amounts the old row has cached.
        stated = {
            "value": number,
            "unit": spelling.strip(),
            "verification": WHAT_IF,
            "derived_from": "",
            "lower": "",
            "upper": "",
        }
        rows[old.id] = FactorRow.model_validate(old.model_dump() | stated)
        changes.append(Change(old.id, f"{old.value} {old.unit}", f"{number} {spelling.strip()}"))
    return rows, changes


def _row(table: FactorTable, name: str) -> FactorRow:
    """The one row an id names."""
    if name in table.rows:
        return table.rows[name]
    rows = table.find(name).rows
    if len(rows) > 1:
        raise GhgError(f"{name} has a row for each gas; name one of {', '.join(row.id for row in rows)}.")
    return rows[0]


def changed_gwp(before: str, after: str) -> Change:
    """A change of the GWP set.

    Raises:
        UnknownNameError: the set does not exist.
    """
    if after not in gwp_sets():
        raise UnknownNameError("GWP set", after, gwp_sets(), f"The sets are {', '.join(gwp_sets())}.")
    return Change("GWP set", before, after)
