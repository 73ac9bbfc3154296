"""Figures with their 95 % intervals, each relative to its figure on one scale, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ghg.reports import pictures
from ghg.reports.pictures import DOWN_COLOUR, LEVEL_COLOUR

WIDE, ROW, TOP, LABELS, VALUES = 900, 30, 64, 250, 250
"""Measures of the SVG in pixels: its width, a row, the heading, the columns of labels and values."""
THICK = 3
"""Pixels of the mark of a figure."""


@dataclass(frozen=True, slots=True)
class Range:
    """One figure.

    Attributes:
        label: what it is.
        below: lower end relative to the figure, such as -0.1; a float.
        above: upper end relative to the figure.
        said: figure and ends in words.
    """

    label: str
    below: float
    above: float
    said: str


def svg(title: str, ranges: Sequence[Range], unit: str, left_out: Sequence[str] = ()) -> str:
    """The intervals as a self-contained SVG document.

    Args:
        title: heading.
        ranges: one a row.
        unit: unit of the figures.
        left_out: figures without an interval.
    """
    reach = max((abs(end) for one in ranges for end in (one.below, one.above)), default=0.0) or 1.0
    room, high = WIDE - LABELS - VALUES - 40, TOP + ROW * len(ranges) + 58

    def place(share: float) -> float:
        return LABELS + 20 + room / 2 * (1 + share / reach)

    parts = [pictures.words(20, 28, title, bold=True)]
    for share in (-reach, 0.0, reach):
        parts.append(pictures.words(place(share), TOP - 14, f"{100 * share:+.1f} %" if share else "0", anchor="middle"))
        parts.append(pictures.line(place(share), TOP - 8, place(share), TOP + ROW * len(ranges)))
    for number, one in enumerate(ranges):
        top, first, last = TOP + ROW * number, place(one.below), place(one.above)
        said = f"{one.label}: {one.said} {unit}"
        parts += [
            pictures.words(LABELS + 8, top + 17, one.label, anchor="end"),
            pictures.rectangle(first, top + 6, last - first, ROW - 18, DOWN_COLOUR, said),
            pictures.rectangle(place(0.0) - THICK / 2, top + 2, THICK, ROW - 10, LEVEL_COLOUR, said),
            pictures.words(WIDE - 20, top + 17, one.said, anchor="end"),
        ]
    parts.append(
        pictures.words(20, high - 34, f"{unit}. Mark: the exact figure; bar: its 95 % interval, relative to it.")
    )
    if left_out:
        parts.append(pictures.words(20, high - 14, f"Nothing is stated for: {', '.join(left_out)}."))
    said = "; ".join(f"{one.label} {one.said}" for one in ranges)
    return pictures.svg(title, f"95 % intervals in {unit}: {said}.", WIDE, high, parts)
