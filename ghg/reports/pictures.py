"""What pictures share: places on an axis, bars of text for a terminal, and a small SVG drawn as text.

A picture never carries meaning by colour alone: every bar has its value beside it in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape

from ghg.reports.text import WIDTH, width

FULL, UP, DOWN, EMPTY = "█", "▓", "░", " "
"""A level, an increase, a decrease, nothing; shades, so that they differ without colour."""
LEVEL_COLOUR, UP_COLOUR, DOWN_COLOUR = "#4d4d4d", "#d55e00", "#0072b2"
"""Told apart by people who see few colours: Okabe, M. & Ito, K. (2008), Color Universal Design."""
NARROWEST = 60
"""Columns below which no terminal picture is drawn narrower."""
NARROW_SHARE = Fraction(1, 5)
"""An axis starts above zero where all levels lie within this share of the largest."""


@dataclass(frozen=True, slots=True)
class Axis:
    """The values between which a picture is drawn."""

    low: Fraction
    high: Fraction

    def place(self, value: Fraction, steps: int) -> int:
        """The step of a value, from zero to ``steps``."""
        if self.high == self.low:
            return 0
        return round((value - self.low) / (self.high - self.low) * steps)

    @property
    def is_cut(self) -> bool:
        """Whether the axis leaves zero out, which a reader has to be told."""
        return self.low > 0 or self.high < 0


def axis(values: Sequence[Fraction]) -> Axis:
    """An axis from zero over all values; where they lie close together and far from zero, from just below them."""
    low, high = min(values), max(values)
    spread = high - low
    if low > 0 and spread and spread < high * NARROW_SHARE:
        return Axis(max(low - spread / 5, Fraction(0)), high)
    return Axis(min(low, Fraction(0)), max(high, Fraction(0)))


def bar(found: Axis, start: Fraction, end: Fraction, steps: int, fill: str) -> str:
    """A bar between two values as text; a bar too short to see is one column, one without length a line."""
    first, last = sorted((found.place(start, steps), found.place(end, steps)))
    if start == end:
        return (EMPTY * min(first, steps - 1) + "│").ljust(steps)
    first = min(first, steps - 1)
    return (EMPTY * first + fill * max(last - first, 1)).ljust(steps)


def room(labels: Iterable[str], values: Iterable[str], columns: int | None) -> tuple[int, int, int]:
    """Columns for labels, bars and values in a terminal of a width."""
    left = max((width(label) for label in labels), default=0)
    right = max((width(value) for value in values), default=0)
    return left, max((max(columns or WIDTH, NARROWEST)) - left - right - 4, 10), right


def padded(text: str, columns: int, *, right: bool = False) -> str:
    """Text filled up to a number of terminal columns."""
    fill = " " * max(columns - width(text), 0)
    return fill + text if right else text + fill


def rectangle(left: float, top: float, wide: float, high: float, colour: str, said: str) -> str:
    """A bar that says its value to those who do not see it."""
    return (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{max(wide, 1):.1f}" height="{high:.1f}" fill="{colour}">'
        f"<title>{escape(said)}</title></rect>"
    )


def line(x1: float, y1: float, x2: float, y2: float) -> str:
    """A thin line."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#999" stroke-width="1"/>'


def words(x: float, y: float, text: str, *, anchor: str = "start", bold: bool = False) -> str:
    """A line of text."""
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{weight}>{escape(text)}</text>'


def svg(title: str, description: str, wide: int, high: int, parts: Iterable[str]) -> str:
    """A self-contained SVG document with a title and a description in words."""
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}"',
            'role="img" aria-labelledby="title description"',
            'font-family="Helvetica, Arial, sans-serif" font-size="13" fill="#222">',
            f'<title id="title">{escape(title)}</title>',
            f'<desc id="description">{escape(description)}</desc>',
            f'<rect width="{wide}" height="{high}" fill="#fff"/>',
            *parts,
            "</svg>",
        ]
    )


def page(title: str, picture: str, header: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str]) -> str:
    """A self-contained HTML page: the picture, the numbers behind it as a table, and the notes.

    Rows whose first cell is not indented are sums.
    """
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in header)
    body = "\n".join(_table_row(row) for row in rows)
    listed = "\n".join(f"<li>{escape(note)}</li>" for note in notes)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>
body {{ font-family: Helvetica, Arial, sans-serif; color: #222; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }}
svg {{ max-width: 100%; height: auto; }}
table {{ border-collapse: collapse; font-size: 0.85rem; display: block; overflow-x: auto; }}
th, td {{ border-bottom: 1px solid #ddd; padding: 0.25rem 0.6rem; text-align: right; white-space: nowrap; }}
th[scope=row] {{ text-align: left; font-weight: normal; }}
tr.sum td, tr.sum th {{ font-weight: bold; }}
</style>
</head>
<body>
<h1>{escape(title)}</h1>
{picture}
<table>
<thead><tr>{head}</tr></thead>
<tbody>
{body}
</tbody>
</table>
<ul>
{listed}
</ul>
</body>
</html>"""


def _table_row(row: Sequence[str]) -> str:
    """One row of a table, its first cell its heading."""
    kind = "" if row[0].startswith(" ") else ' class="sum"'
    cells = "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
    return f'<tr{kind}><th scope="row">{escape(row[0].strip())}</th>{cells}</tr>'
