"""Renderings of a sensitivity: a tornado chart with its table, CSV, JSON, SVG and a page."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from ghg.numbers import decimal_text, printed, readable
from ghg.reports import csv, pictures, tornado
from ghg.reports.text import columns, notes

if TYPE_CHECKING:
    from ghg.change.sensitivity import Sensitivity

MOST = 15
"""Factors that a chart shows; the table has them all."""


class SwingDocument(BaseModel):
    """What one factor does to the figure."""

    factor: str
    name: str
    elasticity: str = Field(description="share of the figure that the factor stands behind, 0 to 1")
    ends: str
    low: str
    high: str


class SensitivityDocument(BaseModel):
    """The swings of a figure, and the elasticity of every total to every factor."""

    inventory: str
    figure: str
    unit: str
    total: str
    swings: list[SwingDocument]
    elasticities: dict[str, dict[str, str]]
    notes: list[str]


DOCUMENTS: dict[str, type[BaseModel]] = {"sensitivity": SensitivityDocument}
"""Every document of the family by the command that prints it."""


def sensitivity_document(found: Sensitivity, elasticities: Mapping[str, Mapping[str, Fraction]]) -> SensitivityDocument:
    """A sensitivity as its document."""
    swings = [
        SwingDocument(factor=swing.factor, name=swing.name, elasticity=decimal_text(swing.elasticity), ends=swing.ends,
                      low=decimal_text(swing.low), high=decimal_text(swing.high))
        for swing in found.swings
    ]  # fmt: skip
    return SensitivityDocument(
        inventory=found.inventory, figure=found.figure, unit=found.unit, total=decimal_text(found.total),
        swings=swings, notes=list(found.notes),
        elasticities={
            name: {factor: decimal_text(share) for factor, share in shares.items()}
            for name, shares in elasticities.items()
        },
    )  # fmt: skip


def _title(found: Sensitivity) -> str:
    return f"{found.inventory}: what moves {found.figure}"


def _bars(found: Sensitivity) -> list[tornado.Bar]:
    return [tornado.Bar(swing.factor, swing.low, swing.high) for swing in found.swings[:MOST]]


def _shown(found: Sensitivity) -> tuple[list[str], list[list[str]]]:
    """The table people read."""
    header = ["factor", "elasticity", "moved by", "low", "high"]
    rows = [
        [f"  {swing.factor}", f"{printed(swing.elasticity * 100, 2)} %", swing.ends, readable(swing.low),
         readable(swing.high)]
        for swing in found.swings
    ]  # fmt: skip
    return header, rows


def render(found: Sensitivity, width: int | None = None) -> str:
    """A sensitivity for a terminal of a width: the chart, then every factor."""
    header, rows = _shown(found)
    more = [f"{len(found.swings) - MOST} more factors are in the table."] if len(found.swings) > MOST else []
    chart = tornado.text(found.total, _bars(found), found.unit, width) if found.swings else "No factor moves it."
    table = columns(header, [[row[0].strip(), *row[1:]] for row in rows], (1, 3, 4)) if rows else []
    return "\n".join([_title(found), "", chart, "", *table, "", *notes([*more, *found.notes])])


def as_csv(found: Sensitivity, elasticities: Mapping[str, Mapping[str, Fraction]]) -> str:
    """The elasticity of every total to every factor as CSV, with the ends of the figure asked for."""
    swings = {swing.factor: swing for swing in found.swings}
    rows = []
    for name, shares in elasticities.items():
        for factor, share in shares.items():
            swing = swings.get(factor) if name == found.figure else None
            ends = [decimal_text(swing.low), decimal_text(swing.high), swing.ends] if swing else ["", "", ""]
            rows.append([name, factor, decimal_text(share), *ends])
    return csv.table(("figure", "factor", "elasticity", "low", "high", "moved_by"), rows)


def as_svg(found: Sensitivity) -> str:
    """The chart as a self-contained SVG document."""
    return tornado.svg(_title(found), found.total, _bars(found), found.unit)


def as_html(found: Sensitivity) -> str:
    """The chart, the table and the notes as a self-contained page."""
    return pictures.page(_title(found), as_svg(found), *_shown(found), found.notes)
