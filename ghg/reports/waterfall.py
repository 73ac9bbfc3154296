"""A waterfall: two levels and the steps between them, for a terminal and as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ghg.numbers import readable
from ghg.reports import pictures
from ghg.reports.pictures import DOWN, DOWN_COLOUR, FULL, LEVEL_COLOUR, UP, UP_COLOUR, Axis, axis

WIDE, ROW, TOP, LABELS, VALUES = 900, 30, 52, 230, 110
"""Measures of the SVG in pixels: its width, a row, the heading, the columns of labels and values."""


@dataclass(frozen=True, slots=True)
class Step:
    """One bar: from the level before it to the level after it; a level itself starts at zero."""

    label: str
    start: Fraction
    end: Fraction
    is_level: bool = False

    @property
    def value(self) -> str:
        """The level, or the step with its sign."""
        size = self.end if self.is_level else self.end - self.start
        return readable(size) if self.is_level or size <= 0 else f"+{readable(size)}"


def steps(first: tuple[str, Fraction], effects: Sequence[tuple[str, Fraction]], last: str) -> list[Step]:
    """The bars from a level over its effects to the level they lead to; effects of zero are left out."""
    label, level = first
    found = [Step(label, Fraction(0), level, is_level=True)]
    for name, effect in effects:
        if effect:
            found.append(Step(name, level, level + effect))
            level += effect
    return [*found, Step(last, Fraction(0), level, is_level=True)]


def _axis(found: Sequence[Step]) -> Axis:
    return axis([step.end for step in found])


def _note(found: Axis, unit: str) -> str:
    """What a reader has to know of an axis that leaves zero out."""
    return f"The axis starts at {readable(found.low)} {unit}, not at zero." if found.is_cut else ""


def text(found: Sequence[Step], unit: str, columns: int | None = None) -> str:
    """The waterfall for a terminal of a width, without colours."""
    scale = _axis(found)
    left, middle, right = pictures.room((s.label for s in found), (s.value for s in found), columns)
    lines = []
    for step in found:
        fill = FULL if step.is_level else UP if step.end > step.start else DOWN
        start = max(step.start, scale.low) if step.is_level else step.start
        drawn = pictures.bar(scale, start, step.end, middle, fill)
        lines.append(
            f"{pictures.padded(step.label, left)}  {drawn}  {pictures.padded(step.value, right, right=True)}".rstrip()
        )
    legend = f"{unit}; {FULL} level, {UP} increase, {DOWN} decrease. {_note(scale, unit)}".rstrip()
    return "\n".join([*lines, "", legend])


def svg(title: str, found: Sequence[Step], unit: str) -> str:
    """The waterfall as a self-contained SVG document."""
    scale = _axis(found)
    room = WIDE - LABELS - VALUES - 40
    high = TOP + ROW * len(found) + 40

    def place(value: Fraction) -> float:
        return LABELS + 20 + float(scale.place(value, room * 10)) / 10

    parts = [pictures.words(20, 28, title, bold=True)]
    for number, step in enumerate(found):
        top = TOP + ROW * number
        colour = LEVEL_COLOUR if step.is_level else UP_COLOUR if step.end > step.start else DOWN_COLOUR
        first, last = sorted((place(max(step.start, scale.low)), place(step.end)))
        parts += [
            pictures.words(LABELS + 8, top + 17, step.label, anchor="end", bold=step.is_level),
            pictures.rectangle(first, top, last - first, ROW - 8, colour, f"{step.label}: {step.value} {unit}"),
            pictures.words(WIDE - 20, top + 17, step.value, anchor="end", bold=step.is_level),
        ]
        if number + 1 < len(found):
            parts.append(pictures.line(place(step.end), top, place(step.end), top + ROW + ROW - 8))
    legend = f"{unit}. Grey: level; orange: increase; blue: decrease. {_note(scale, unit)}".rstrip()
    parts.append(pictures.words(20, high - 14, legend))
    said = "; ".join(f"{step.label} {step.value}" for step in found)
    return pictures.svg(title, f"Waterfall in {unit}: {said}.", WIDE, high, parts)
