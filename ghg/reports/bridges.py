"""Renderings of bridges: a table with a waterfall, CSV, JSON, SVG and a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from ghg.numbers import decimal_text, is_finite, readable
from ghg.reports import csv, pictures, waterfall
from ghg.reports.documents import EXACT
from ghg.reports.text import columns, notes

if TYPE_CHECKING:
    from ghg.change.bridge import Bridge, BridgeLine

LABELS = {
    "activity": "activity", "factor": "factors", "gwp": "GWP set", "method": "method", "boundary": "boundary",
    "correction": "error correction",
}  # fmt: skip
"""The effects in words."""
UNIT = "t CO2e"


class BridgeLineDocument(BaseModel):
    """One activity of both runs in t CO2e; the effects sum to after less before."""

    scope: str
    category: str
    entity: str
    activity: str
    before: str
    after: str
    effects: dict[str, str] = Field(description="activity, factor, gwp, method, boundary, correction")
    exact: bool = Field(description=EXACT.replace("`value` is the exact value", "all numbers are exact"))
    reason: str = Field(description="why the whole change went to one effect; blank where it was split")


class BridgeDocument(BaseModel):
    """The difference between two runs, split exactly and in no order."""

    before: str
    after: str
    book: str
    unit: str
    total: BridgeLineDocument
    lines: list[BridgeLineDocument]
    notes: list[str]


DOCUMENTS: dict[str, type[BaseModel]] = {"bridge": BridgeDocument}
"""Every document of the family by the command that prints it."""


def _line_document(line: BridgeLine) -> BridgeLineDocument:
    numbers = (line.before, line.after, *line.effects.values())
    return BridgeLineDocument(
        **line.cell._asdict(), before=decimal_text(line.before), after=decimal_text(line.after),
        effects={switch: decimal_text(effect) for switch, effect in line.effects.items()},
        exact=all(is_finite(number) for number in numbers), reason=line.reason,
    )  # fmt: skip


def bridge_document(found: Bridge) -> BridgeDocument:
    """A bridge as its document."""
    return BridgeDocument(
        before=found.before, after=found.after, book=found.book, unit=UNIT, total=_line_document(found.total),
        lines=[_line_document(line) for line in found.lines], notes=list(found.notes),
    )  # fmt: skip


def _title(found: Bridge) -> str:
    return f"From {found.before} to {found.after}, {found.book}-based"


def _steps(found: Bridge) -> list[waterfall.Step]:
    total = found.total
    effects = [(LABELS[switch], effect) for switch, effect in total.effects.items()]
    before, after = (side.partition(" (")[0] for side in (found.before, found.after))
    return waterfall.steps((f"before: {before}", total.before), effects, f"after: {after}")


def _rows(found: Bridge) -> Iterator[tuple[str, BridgeLine]]:
    """Every line, the sum of each scope after its lines, and the total."""
    for scope, together in found.by_scope().items():
        for line in found.lines:
            if line.cell.scope == scope:
                yield f"  {line.cell.activity}", line
        yield f"scope {scope}", together
    yield "total", found.total


def _shown(found: Bridge) -> tuple[list[str], list[list[str]]]:
    """The table people read: effects that are zero in every line are left out."""
    switches = [switch for switch in found.total.effects if any(line.effects[switch] for line in found.lines)]
    header = ["", "before", *(LABELS[switch] for switch in switches), "after"]
    rows = [
        [label, readable(line.before), *(readable(line.effects[switch]) for switch in switches), readable(line.after)]
        for label, line in _rows(found)
    ]
    return header, rows


def render(found: Bridge, width: int | None = None) -> str:
    """A bridge for a terminal of a width: the waterfall, then every line."""
    header, rows = _shown(found)
    picture = waterfall.text(_steps(found), UNIT, width)
    table = columns(header, rows, range(1, len(header)))
    return "\n".join([_title(found), "", picture, "", *table, "", *notes(found.notes)])


HEADER = ("scope", "category", "entity", "activity", "before")


def _table(found: Bridge) -> tuple[tuple[str, ...], list[list[str]]]:
    """Every line with exact numbers."""
    switches = tuple(found.total.effects)
    header = (*HEADER, *(f"by_{switch}" for switch in switches), "after", "unit", "reason")
    rows = [
        [*line.cell, decimal_text(line.before), *(decimal_text(line.effects[s]) for s in switches),
         decimal_text(line.after), "t", line.reason]
        for line in found.lines
    ]  # fmt: skip
    return header, rows


def as_csv(found: Bridge) -> str:
    """A bridge as CSV: exact decimal text, one row a line."""
    return csv.table(*_table(found))


def as_svg(found: Bridge) -> str:
    """The waterfall of the total as a self-contained SVG document."""
    return waterfall.svg(_title(found), _steps(found), UNIT)


def as_html(found: Bridge) -> str:
    """The waterfall, the lines and the notes as a self-contained page."""
    return pictures.page(_title(found), as_svg(found), *_shown(found), found.notes)
