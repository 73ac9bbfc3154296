"""Renderings for a terminal."""

from __future__ import annotations

import textwrap
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import zip_longest
from typing import TYPE_CHECKING

from ghg.categories import Category, fifteen
from ghg.figures import figures
from ghg.numbers import decimals_of, parse, percent, printed, readable

if TYPE_CHECKING:
    from ghg.check import Check, Finding
    from ghg.published import Verdict
    from ghg.runs import Run
    from ghg.statement import Statement, Value

WIDTH = 118
"""Columns a note wraps at."""
LABEL = 46
"""Columns the first cell of a row wraps at."""
CELL = 60
"""Columns every other cell wraps at."""


def width(text: str) -> int:
    """Terminal columns a text takes: wide characters take two.

    >>> width("电力 kWh")
    8
    """
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)


def columns(header: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int]) -> list[str]:
    """Rows aligned under a header.

    The numbered columns are aligned right. A long cell goes on in further lines; a word, such as an id, stays whole.
    """
    rows = [split for row in rows for split in _wrapped(row)]
    widths = [max(width(row[n]) for row in [header, *rows]) for n in range(len(header))]

    def line(cells: Sequence[str]) -> str:
        padded = (
            " " * (w - width(c)) + c if n in right else c + " " * (w - width(c))
            for n, (c, w) in enumerate(zip(cells, widths, strict=True))
        )
        return "  ".join(padded).rstrip()

    return [line(header), "  ".join("─" * w for w in widths), *(line(row) for row in rows)]


def _wrapped(row: Sequence[str]) -> list[list[str]]:
    """A row whose long cells go on in further lines, under a blank in the first column."""
    cells = [_broken(cell, LABEL if n == 0 else CELL) for n, cell in enumerate(row)]
    lines = [list(line) for line in zip_longest(*cells, fillvalue="")]
    return [lines[0], *([f"  {first}" if first else "", *rest] for first, *rest in lines[1:])]


def _broken(cell: str, room: int) -> list[str]:
    """A cell in lines; a word, such as an id, is never broken."""
    return textwrap.wrap(cell, room, break_on_hyphens=False, break_long_words=False) or [""]


def notes(lines: Sequence[str]) -> list[str]:
    """Notes, wrapped and marked."""
    return [text for note in lines for text in _note(note, "  · " if note.startswith("  ") else "· ")]


def _note(text: str, mark: str) -> list[str]:
    """One note, wrapped under its mark; a note that starts with blanks belongs to the one before."""
    return textwrap.wrap(
        text.strip(), WIDTH, initial_indent=mark, subsequent_indent=" " * len(mark), break_on_hyphens=False
    )


def render(statement: Statement) -> str:
    """A statement as aligned text, numbers to two decimals."""
    rows = [
        [readable(cell) if isinstance(cell := row[name], Fraction) else cell for name in statement.columns]
        for row in statement.rows
    ]
    right = [
        n
        for n, name in enumerate(statement.columns)
        if any(isinstance(row[name], Fraction) for row in statement.rows) or name.endswith("percent")
    ]
    header = [name.replace("_", " ") for name in statement.columns]
    return "\n".join([statement.title, "", *columns(header, rows, right), "", *notes(statement.notes)])


def render_run(run: Run) -> str:
    """Figures and intensities of a run, its books side by side."""
    inventory, shown = run.inventory, run.result.figures()
    lines = [*incomplete(run), *heading(run), *_values(shown)]
    for per, denominator in inventory.denominators.items():
        intensities = {f"{name}/{per}": value.per(denominator) for name, value in shown.items() if "." not in name}
        title = f"Per {denominator.label} of {readable(parse(denominator.amount), 1)} {denominator.unit}"
        lines += ["", title, *_values(intensities)]
    lines += ["", "What the totals rest on", *_quality(run)]
    lines += _categories(fifteen(shown, inventory.categories))
    balance = run.balance
    outside = f", {balance.outside:,} outside the boundary" if balance.outside else ""
    counted = (
        f"{balance.read:,} activity rows read, {balance.posted:,} posted, "
        f"{balance.unposted:,} unposted{outside}. Plan {run.plan.fingerprint[:16]}."
    )
    changes = [f"what-if: {change}" for change in run.changes]
    said = [issue.message for issue in run.issues if issue.severity == "note"]
    return "\n".join([*lines, "", *notes([run.result.notes()[0], *said, *inventory.assumptions, *changes, counted])])


def _categories(found: Sequence[Category]) -> list[str]:
    """The categories of Scope 3 that are not computed, or only in part; those of one reason in one line."""
    reasons: dict[str, list[Category]] = {}
    for one in found:
        if one.reason:
            reasons.setdefault(one.reason, []).append(one)
    said = []
    for reason, alike in reasons.items():
        numbers = ", ".join(one.figure.partition(".")[2] for one in alike)
        said.append(f"{f'categories {numbers}' if len(alike) > 1 else alike[0].label}: {reason}")
    return ["", "Scope 3 categories without a figure, or in part", *notes(said)] if said else []


def heading(run: Run) -> list[str]:
    """Title, organisation and period."""
    period = run.inventory.period
    return [run.inventory.title, f"{run.inventory.organisation}, {period.start} to {period.end}", ""]


def _values(values: Mapping[str, Value]) -> list[str]:
    """Figures with their ids, units and what they rest on."""
    rows = []
    for name, value in values.items():
        figure = figures()[name.partition("/")[0]]
        rows.append([figure.label, name, readable(value.amount), figure.written(value.unit), value.marks])
    return columns(["figure", "id", "value", "unit", "rests on"], rows, [2])


def _quality(run: Run) -> list[str]:
    """Shares of each total by kind of data, provenance and verification of factors; scopes only."""
    said = []
    for name, found in run.quality.items():
        kinds = {"data": found.data_type, "amounts": found.provenance, "factors": found.verification}
        parts = [
            f"{kind} {', '.join(f'{percent(part)} {word}' for word, part in shares.items())}"
            for kind, shares in kinds.items()
            if shares
        ]
        parts += [f"score {readable(found.score)} on {percent(found.scored)}"] if found.score is not None else []
        if parts and "." not in name and "+" not in name:
            said.append(f"{name}: {'; '.join(parts)}")
    return notes(said)


def incomplete(run: Run) -> list[str]:
    """What stands before anything else when rows did not post."""
    if run.is_complete:
        return []
    balance = run.balance
    read = balance.posted + balance.unposted
    return [f"INCOMPLETE: {balance.unposted:,} of {read:,} rows did not post; no total below is complete.", ""]


def render_check(check: Check) -> str:
    """The published table beside the recomputed one, with verdicts and what the table proves by itself."""
    rows = [_finding(found) for found in check.findings]
    header = ["Indicator (as printed)", "Unit", "Published", "Recomputed", "Residual", "From activity", "Within table"]
    lines = columns(header, rows, [2, 3, 4])
    reasons = [
        f"{found.published.figure or found.published.indicator}: {text}"
        for found in check.findings
        for text in _reasons(found)
    ]
    counts = Counter(found.verdict for found in check.findings)
    inner = Counter(found.identity.verdict for found in check.findings if found.identity)
    summary = f"From activity data: {_counted(counts)}. Within the table: {_counted(inner)}."
    return "\n".join(
        [
            *(*lines, "", "Why", *notes(reasons)),
            *("", "What the table proves by itself", *notes(check.proofs)),
            *("", "Notes", *notes(check.notes), "", summary),
        ]
    )


def _counted(counts: Counter[Verdict]) -> str:
    return ", ".join(f"{count} {verdict}" for verdict, count in counts.items()) or "nothing to check"


def _finding(found: Finding) -> list[str]:
    row = found.published
    decimals = decimals_of(row.text) if row.text else 2
    value = printed(found.value.amount, decimals, thousands=True) if found.value else "–"
    residual = "–" if found.residual is None else printed(found.residual, decimals, thousands=True).replace("-", "−")
    return [
        row.indicator,
        row.unit_printed,
        row.printed,
        value,
        residual,
        found.verdict,
        found.identity.verdict if found.identity else "",
    ]


def _reasons(found: Finding) -> list[str]:
    said = [found.reason] if found.verdict != "exact" or ";" in found.reason else []
    return said + ([found.identity.reason] if found.identity and found.identity.verdict != "exact" else [])
