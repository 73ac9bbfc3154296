"""Sampling errors of extrapolated amounts, disclosed with the result: one note a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghg.issues import Issue, Severity
from ghg.ledger import posted
from ghg.workings import has_workings

if TYPE_CHECKING:
    from ghg.runs import Run


def notes(run: Run) -> list[Issue]:
    """The sampling error of each posted row that extrapolates a survey whose figures it states."""
    if not has_workings(run.engine):
        return []
    found = run.engine.rows(
        f"SELECT p.file, p.line, id, error FROM ({posted(run.plan.columns)}) AS p "
        "JOIN workings AS w ON w.file = p.file AND w.line = CAST(p.line AS VARCHAR) "
        "WHERE \"match\" >= 0 AND error <> '' ORDER BY p.row"
    )
    hint = "It changes no total; state it in the column 'uncertainty' to let the interval of a total hold it."
    return [
        Issue("sampling-error", f"{file}:{line}: {name}: {error}.", hint, severity=Severity.NOTE)
        for file, line, name, error in found
    ]
