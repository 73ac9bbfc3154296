"""What the boundary leaves out or counts in part, and every entity under the three approaches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, get_args

from ghg.boundary.entities import Approach, Entities
from ghg.boundary.pieces import Piece, cut
from ghg.engines import quoted
from ghg.issues import GhgError, Issue, Severity
from ghg.ledger import OUTSIDE
from ghg.plan import Key
from ghg.statement import Cell, Statement

if TYPE_CHECKING:
    from ghg.runs import Run

COLUMNS = ("id", "file", "line", "entity", "activity", "start", "end", "amount", "unit", "reason")
"""Columns of the list of rows outside the boundary."""


def outside(run: Run) -> list[tuple[str, ...]]:
    """Every row outside the boundary with the reason, in the order of the tables."""
    if not run.plan.outside:
        return []
    columns = run.plan.columns
    on = " AND ".join(f"keys.{quoted(name)} = rows.{quoted(name)}" for name in columns)
    key = ", ".join(f"rows.{quoted(name)}" for name in columns)
    shown = ", ".join(f"rows.{quoted(name)}" for name in COLUMNS[:-1])
    found = run.engine.rows(
        f'SELECT {key}, {shown} FROM rows JOIN keys ON {on} WHERE keys."match" = {OUTSIDE} '
        "AND rows.row NOT IN (SELECT row FROM problems) ORDER BY rows.row"
    )
    width = len(columns)
    return [
        (*(str(cell) for cell in cells[width:]), run.plan.outside[Key.of(columns, cells[:width])]) for cells in found
    ]


def notes(run: Run) -> list[Issue]:
    """What lies outside the boundary, by reason, and how many rows count in part."""
    groups: defaultdict[tuple[str, str], list[tuple[str, ...]]] = defaultdict(list)
    for row in outside(run):
        groups[row[1], row[-1]].append(row)
    made = [
        Issue("outside-boundary", f"{len(rows):,} row{'s' * (len(rows) > 1)} lie{'s' * (len(rows) == 1)} outside the "
              f"boundary: {reason}.", "They count in no total. The evidence of a run lists them in outside.csv.",
              file, int(rows[0][2]), "entity", rows[0][3], Severity.NOTE)
        for (file, reason), rows in groups.items()
    ]  # fmt: skip
    rules = run.plan.rules
    partly = {
        match
        for key, match in run.plan.keys.items()
        if rules.boundary and sum(piece.share for piece in rules.pieces(key)) != 1
    }
    counted = run.balance.rows_of(partly) if partly else 0
    if counted:
        said = "counts" if counted == 1 else "count"
        made.append(
            Issue("partly-outside", f"{counted:,} row{'s' * (counted > 1)} {said} by the days inside the period and "
                  "the holding, or by the share held.", "'ghg explain' prints the days and shares of each.",
                  severity=Severity.NOTE)
        )  # fmt: skip
    return made


def statement(run: Run) -> Statement:
    """Every entity with its share under the three approaches, for the days of the period.

    Raises:
        GhgError: the inventory names no entities.
    """
    boundary = run.plan.rules.boundary
    if boundary is None or boundary.entities is None or boundary.approach is None:
        raise GhgError("the inventory names no entities: list their tables in its field 'entities'.")
    rows: list[dict[str, Cell]] = []
    for name in boundary.entities.names:
        for piece in _spans(boundary.entities, name, boundary.start, boundary.end):
            category = boundary.entities.category(name, boundary.approach, piece.start)
            rows.append(
                {
                    "entity": name, "first_day": str(piece.start), "last_day": str(piece.end),
                    **{each: boundary.entities.share(name, each, piece.start) for each in get_args(Approach)},
                    "posts_to": f"Scope 3, {category}" if category else "as its activity",
                }
            )  # fmt: skip
    columns = ("entity", "first_day", "last_day", *get_args(Approach), "posts_to")
    counted = f"{run.balance.read:,} rows read, {run.balance.posted:,} posted, {run.balance.unposted:,} unposted, "
    said = (
        f"The inventory consolidates by {boundary.approach.replace('_', ' ')}.",
        counted + f"{run.balance.outside:,} outside the boundary.",
        *(issue.message for issue in notes(run)),
    )
    return Statement("Entities and what is consolidated of them", columns, tuple(rows), said)


def _spans(entities: Entities, name: str, start: date, end: date) -> Iterable[Piece]:
    """The days of the period, cut where something changes for an entity."""
    return cut(Piece(start, end), entities.changes(name))
