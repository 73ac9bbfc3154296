"""Two runs side by side, line by line: by figure, or by any dimensions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from ghg.figures import BOOKS, figures
from ghg.issues import GhgError
from ghg.numbers import printed
from ghg.statement import Cell, Statement, Value

if TYPE_CHECKING:
    from ghg.runs import Run

MISSING = "–"
"""Stands where a run does not have a figure, and where there is nothing to divide by."""
COLUMNS = ("before", "after", "change", "change_percent", "unit", "rests_on")


def compare(before: Run, after: Run, by: Sequence[str] = (), book: str | None = None) -> Statement:
    """Before, after and change; lines that do not change are listed too.

    Args:
        before: what the change starts from.
        after: what it leads to.
        by: dimensions, such as ``scope``, ``category``, ``activity`` or ``factor``; none for the figures.
        book: the Scope 2 book of totals by dimensions; the two are never added.

    Raises:
        UnknownNameError: a dimension is not known.
        GhgError: the books would be added.
    """
    lines = _by(before, after, by, book) if by else _figures(before, after)
    return Statement("Before and after", (*(by or ("figure",)), *COLUMNS), tuple(lines), tuple(_notes(before, after)))


def _figures(before: Run, after: Run) -> list[Mapping[str, Cell]]:
    """Every figure and intensity of either run."""
    then = before.result.figures() | before.result.intensities()
    now = after.result.figures() | after.result.intensities()
    rows: list[Mapping[str, Cell]] = []
    for name in [*then, *(name for name in now if name not in then)]:
        known = figures()[name.partition("/")[0]]
        line = _line(then.get(name), now.get(name), known.written)
        lacks = (name not in then, name not in now)
        rows.append({"figure": name, **(line | _missing(line, *lacks) if any(lacks) else line)})
    return rows


def _missing(line: Mapping[str, Cell], lacks_before: bool, lacks_after: bool) -> dict[str, Cell]:
    """What is said of what one of the runs does not have: missing is not zero, and gives no change."""
    return {
        "before": MISSING if lacks_before else line["before"], "after": MISSING if lacks_after else line["after"],
        "change": MISSING, "change_percent": MISSING,
    }  # fmt: skip


def _by(before: Run, after: Run, by: Sequence[str], book: str | None) -> list[Mapping[str, Cell]]:
    """Every group of either run."""
    for run in (before, after):
        run.totals(*by, book=book)  # refuses what means nothing
    if book is None and "book" not in by and set(before.inventory.books) != set(after.inventory.books):
        raise GhgError("the two inventories compute different books, which are not compared: group by 'book'.")
    then, now = dict(before.result.grouped(by, book)), dict(after.result.grouped(by, book))
    groups = sorted({*then, *now})
    lines: list[Mapping[str, Cell]] = []
    for group in groups:
        stated = dict(zip(by, group, strict=True))
        line = _line(then.get(group), now.get(group), lambda unit: f"{unit} CO2e")
        lacks = [stated.get("book", "") in set(BOOKS) - set(run.inventory.books) for run in (before, after)]
        lines.append({**stated, **(line | _missing(line, *lacks) if any(lacks) else line)})
    return lines


def _line(then: Value | None, now: Value | None, written: Callable[[str], str]) -> dict[str, Cell]:
    """What every line says, whatever it is a line of."""
    found = now or then
    assert found is not None  # noqa: S101 - a line stands in one of the runs
    old, new = (value.amount if value else Fraction(0) for value in (then, now))
    return {
        "before": old, "after": new, "change": new - old,
        "change_percent": printed((new - old) / old * 100, 4) if old else MISSING,
        "unit": written(found.unit), "rests_on": found.marks,
    }  # fmt: skip


def _notes(before: Run, after: Run) -> list[str]:
    """What a reader has to know of the two runs."""
    if after.baseline is before or before.baseline is after:
        return [
            *after.result.notes(),
            "Computed from the balance of the run before; equal to a full run with the changes.",
        ]
    sides = (("before", before), ("after", after))
    return [f"{side}, {run.inventory.inventory}: {note}" for side, run in sides for note in run.result.notes()]
