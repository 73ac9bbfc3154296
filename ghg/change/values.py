"""Changed values: copies of factor rows and of the GWP set, each change recorded."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from ghg.factors import FactorRow, FactorTable
from ghg.gases import gwp_sets
from ghg.issues import GhgError, UnitError, UnknownNameError
from ghg.numbers import decimal_text, is_finite, is_number, parse
from ghg.reading.cells import seen
from ghg.units import ratio

LARGEST = 10**12
"""Largest value of a factor in any unit that a what-if accepts; a slip of the exponent shows."""
WHAT_IF = "what-if: not published"
"""Verification of a value that a what-if states."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a what-if, in words; ``is_used`` is false where it touches nothing of the inventory."""

    what: str
    before: str
    after: str
    is_used: bool = True
    why: str = ""

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
        [old] = rows_of(table, table.rows, name, single=True)
        rows[old.id], change = with_value(old, text)
        changes.append(change)
    return rows, changes


def rows_of(
    table: FactorTable, values: Mapping[str, FactorRow], name: str, *, single: bool = False
) -> tuple[FactorRow, ...]:
    """The rows an id names, as a run values them: one row, or all gas rows of a factor.

    Args:
        table: the factors of the run.
        values: the rows as valued so far.
        name: id of a row or of a factor.
        single: refuse a factor with several rows.

    Raises:
        UnknownNameError: nothing has the id.
        GhgError: one row is needed and the factor has several.
    """
    if name in table.rows:
        return (values[name],)
    rows = table.find(name).rows
    if single and len(rows) > 1:
        raise GhgError(f"{name} has a row for each gas; name one of {', '.join(row.id for row in rows)}.")
    return tuple(values[row.id] for row in rows)


def with_value(old: FactorRow, text: str) -> tuple[FactorRow, Change]:
    """A factor row with the value and unit of ``"VALUE UNIT"``.

    Raises:
        GhgError: the text is not a value and a unit, or the value is negative or too large.
        UnitError: the unit measures something else than the factor's.
    """
    if not isinstance(text, str):
        raise GhgError(
            f"{old.id} is given a value and a unit as text, such as '{old.value} {old.unit}'; found {text!r}."
        )
    number, _, spelling = text.strip().partition(" ")
    if not is_number(number) or not spelling:
        raise GhgError(
            f"{seen(text)} is not a value and a unit: write a number and a unit, such as "
            f"{old.id}='{old.value} {old.unit}'."
        )
    if number.startswith("-") or abs(parse(number)) > LARGEST:
        raise GhgError(f"{number} is no value of an emission factor: it is negative, or larger than {LARGEST:,}.")
    new, current = ratio(spelling.strip()), old.per
    if (new.numerator.dimension, new.denominator.dimension) != (
        current.numerator.dimension,
        current.denominator.dimension,
    ):
        raise UnitError(f"{old.id} is given in {old.unit}; {spelling.strip()!r} measures something else.")
    row = _stated(old, number, spelling.strip())
    return row, Change(old.id, f"{old.value} {old.unit}", f"{number} {spelling.strip()}")


def scaled(old: FactorRow, by: Fraction) -> tuple[FactorRow, Change]:
    """A factor row times a number, exact: decimal text, or a quotient where that has no end."""
    value = old.amount * by
    text = decimal_text(value) if is_finite(value) else f"{value.numerator}/{value.denominator}"
    row = _stated(old, text, old.unit)
    return row, Change(old.id, f"{old.value} {old.unit}", f"{decimal_text(value)} {old.unit}")


def _stated(old: FactorRow, value: str, unit: str) -> FactorRow:
    """The row with a value that nothing publishes; validated anew, since a copy would keep cached amounts."""
    stated = {"value": value, "unit": unit, "verification": WHAT_IF, "derived_from": "", "lower": "", "upper": ""}
    return FactorRow.model_validate(old.model_dump() | stated)


def over(rows: Mapping[str, FactorRow], changed: Mapping[str, FactorRow]) -> Mapping[str, FactorRow]:
    """Rows with some of them changed; the rest stays unread until it is asked for."""
    if not changed:
        return rows
    return ChainMap(dict(changed), rows)  # type: ignore[arg-type] # read alone


def changed_gwp(before: str, after: str) -> Change:
    """A change of the GWP set.

    Raises:
        UnknownNameError: the set does not exist.
    """
    if after not in gwp_sets():
        raise UnknownNameError("GWP set", after, gwp_sets(), f"The sets are {', '.join(gwp_sets())}.")
    return Change("GWP set", before, after)
