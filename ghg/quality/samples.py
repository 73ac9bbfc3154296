"""Sampling errors of extrapolated amounts, disclosed with the result: one note a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghg.issues import Issue, Severity
from ghg.ledger import worked_out

if TYPE_CHECKING:
    from ghg.runs import Run


def notes(run: Run) -> list[Issue]:
    """The sampling error of each posted row that extrapolates a survey whose figures it states."""
    found = worked_out(run.engine, run.plan, "p.file, p.line, id, error", "error")
    hint = "It changes no total; state it in the column 'uncertainty' to let the interval of a total hold it."
    return [
        Issue("sampling-error", f"{file}:{line}: {name}: {error}.", hint, severity=Severity.NOTE)
        for file, line, name, error in found
    ]
