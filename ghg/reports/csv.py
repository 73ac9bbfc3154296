"""CSV renderings: exact decimal text, one row a figure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ghg.figures import figures
from ghg.issues import Issue
from ghg.numbers import decimal_text

if TYPE_CHECKING:
    from ghg.check import Check
    from ghg.ledger import Balance
    from ghg.runs import Run
    from ghg.statement import Statement

GUARDED = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet run a cell as a formula."""


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Rows as CSV text; a text cell that a spreadsheet would run as a formula is preceded by an apostrophe."""
    out = io.StringIO()
    plain = csv.writer(out, lineterminator="\n")
    # Python leaves a lone carriage return bare, and readers then see two rows.
    quoting = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    plain.writerow(header)
    for row in rows:
        (quoting if any("\r" in cell for cell in row) else plain).writerow([_guard(cell) for cell in row])
    return out.getvalue()


def _guard(cell: str) -> str:
    is_number = cell[1:].replace(".", "", 1).isdigit()
    return f"'{cell}" if cell.startswith(GUARDED) and not is_number else cell


def statement(found: Statement) -> str:
    """A statement."""
    return table(found.columns, found.texts())


def run(found: Run) -> str:
    """Figures and intensities of a run, with the shares that rest on back-calculation."""
    values = {**found.result.figures(), **found.result.intensities()}
    rows = (
        [
            name,
            figures()[name.partition("/")[0]].label,
            decimal_text(v.amount),
            v.unit,
            decimal_text(v.back_calculated),
            decimal_text(v.implied),
            str(found.balance.unposted),
        ]
        for name, v in values.items()
    )
    shares = ("back_calculated_share", "implied_factor_share")
    return table(("figure", "label", "value", "unit", *shares, "unposted_rows"), rows)


def check(found: Check) -> str:
    """A published table checked."""
    header = (
        "figure",
        "indicator",
        "unit",
        "published",
        "recomputed",
        "residual",
        "verdict",
        "reason",
        "within_table",
        "within_table_reason",
    )
    rows = (
        [
            f.published.figure, f.published.indicator, f.published.unit_printed, f.published.printed,
            decimal_text(f.value.amount) if f.value else "", "" if f.residual is None else decimal_text(f.residual),
            f.verdict, f.reason, f.identity.verdict if f.identity else "", f.identity.reason if f.identity else "",
        ]
        for f in found.findings
    )  # fmt: skip
    return table(header, rows)


def balance(found: Balance) -> str:
    """A balance: amounts in quanta of the written unit."""
    rows = ([str(line.match), *line.dimensions, str(line.amount), str(line.rows)] for line in found.lines)
    return table(("match", *found.names, "amount_in_quanta", "rows"), rows)


def issues(found: Iterable[Issue]) -> str:
    """Issues, one a row."""
    header = ("file", "line", "key", "column", "rule", "value", "message", "hint", "severity")
    rows = ([i.file, str(i.line or ""), i.key, i.column, i.rule, i.value, i.message, i.hint, i.severity] for i in found)
    return table(header, rows)
