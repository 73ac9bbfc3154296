"""A tornado chart: what each factor does to a total, largest first, for a terminal and as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ghg.numbers import readable
from ghg.reports import pictures
from ghg.reports.pictures import DOWN, DOWN_COLOUR, UP, UP_COLOUR, Axis

WIDE, ROW, TOP, LABELS, VALUES = 900, 30, 52, 300, 180
"""Measures of the SVG in pixels: its width, a row, the heading, the columns of labels and values."""
MIDDLE = "│"


@dataclass(frozen=True, slots=True)
class Bar:
    """One factor: the total at its low and at its high end."""

    label: str
    low: Fraction
    high: Fraction

    def value(self, total: Fraction) -> str:
        """The two changes from the total, with their signs."""
        steps = (self.low - total, self.high - total)
        return " / ".join(f"+{readable(step)}" if step > 0 else readable(step) for step in steps)


def _axis(total: Fraction, bars: Sequence[Bar]) -> Axis:
    """An axis around the total, as far to one side as to the other."""
    reach = max((abs(end - total) for bar in bars for end in (bar.low, bar.high)), default=Fraction(0))
    return Axis(total - reach, total + reach)


def text(total: Fraction, bars: Sequence[Bar], unit: str, columns: int | None = None) -> str:
    """The chart for a terminal of a width, without colours."""
    scale = _axis(total, bars)
    labels, values = [bar.label for bar in bars], [bar.value(total) for bar in bars]
    left, middle, right = pictures.room(labels, values, columns)
    half = max((middle - 1) // 2, 5)
    lines = []
    for bar, value in zip(bars, values, strict=True):
        drawn = _halves(scale, total, bar, half)
        lines.append(f"{pictures.padded(bar.label, left)}  {drawn}  {pictures.padded(value, right, right=True)}")
    legend = f"Around {readable(total)} {unit}; {DOWN} factor at its low end, {UP} at its high end."
    return "\n".join([*lines, "", legend])


def _halves(scale: Axis, total: Fraction, bar: Bar, half: int) -> str:
    """A bar to either side of the middle; an end that moves anything at all is seen."""
    sides = {False: " " * half, True: " " * half}
    for end, fill in ((bar.low, DOWN), (bar.high, UP)):
        if end != total:
            length = max(round(abs(end - total) / (scale.high - total) * half), 1)
            sides[end > total] = (fill * length).ljust(half)
    return f"{sides[False][::-1]}{MIDDLE}{sides[True]}"


def svg(title: str, total: Fraction, bars: Sequence[Bar], unit: str) -> str:
    """The chart as a self-contained SVG document."""
    scale = _axis(total, bars)
    room, high = WIDE - LABELS - VALUES - 40, TOP + ROW * len(bars) + 40

    def place(value: Fraction) -> float:
        return LABELS + 20 + float(scale.place(value, room * 10)) / 10

    middle = place(total) if scale.high > scale.low else LABELS + 20 + room / 2
    parts = [pictures.words(20, 28, title, bold=True)]
    for number, bar in enumerate(bars):
        top = TOP + ROW * number
        parts.append(pictures.words(LABELS + 8, top + 17, bar.label, anchor="end"))
        for end, colour, said in ((bar.low, DOWN_COLOUR, "low"), (bar.high, UP_COLOUR, "high")):
            if end != total:
                first, last = sorted((middle, place(end)))
                words = f"{bar.label} at its {said} end: {readable(end)} {unit}"
                parts.append(pictures.rectangle(first, top, last - first, ROW - 8, colour, words))
        parts.append(pictures.words(WIDE - 20, top + 17, bar.value(total), anchor="end"))
    parts.append(pictures.line(middle, TOP - 6, middle, TOP + ROW * len(bars)))
    legend = f"Around {readable(total)} {unit}. Blue: factor at its low end; orange: at its high end."
    parts.append(pictures.words(20, high - 14, legend))
    said = "; ".join(f"{bar.label} {bar.value(total)}" for bar in bars)
    return pictures.svg(title, f"Tornado chart in {unit}: {said}.", WIDE, high, parts)
