"""Keys that choose alike, as dense cells: what a row's codes lead to before any factor is chosen.

A choice depends on the region only through the regions that have candidates, and on time only through the days on which
candidates change. So the keys of an activity and dimension fall into few classes, however many regions and dates there
are. A cell is one such class; one key stands for it when the plan is made.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from ghg.bulk.words import Words
from ghg.factors import FactorTable
from ghg.inventory import Inventory
from ghg.plan import Key, wanted
from ghg.resolve import Chooser
from ghg.units import accepted

OUTSIDE = -1
"""Where words lead that are not sound."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The dense tables that lead from codes to cells.

    Attributes:
        slots: by code of a task, the position of its activity and dimension.
        firsts: by slot × regions + region, the first cell of the place.
        calendars: by slot × regions + region, which calendar cuts time there.
        classes: by calendar × spans + span, the position of the span among the cells of a place.
        keys: by cell, the key that stands for it.
    """

    slots: tuple[int, ...]
    firsts: tuple[int, ...]
    calendars: tuple[int, ...]
    classes: tuple[int, ...]
    keys: tuple[Key, ...]


def make_cells(inventory: Inventory, table: FactorTable, words: Mapping[str, Words]) -> Cells:
    """The cells of the words of a relation. Slot 0 and calendar 0 stand for what is not sound."""
    chooser = Chooser(table, inventory)
    slots, tasks = _slots(words["task"])
    regions = words["region"]
    spans = words["span"]
    sound_spans = [(code, start, end) for code, (start, end) in enumerate(spans.texts) if spans.sound[code]]
    sound_regions = [(code, region) for code, (region,) in enumerate(regions.texts) if regions.sound[code]]
    firsts = [OUTSIDE] * (len(tasks) + 1) * len(regions.texts)
    calendars = [0] * len(firsts)
    cuts: dict[tuple[date, ...], int] = {}
    classes: list[list[int]] = [[OUTSIDE] * len(spans.texts)]
    examples: list[list[tuple[str, str]]] = [[]]
    keys: list[Key] = []
    if not sound_spans or not sound_regions:
        return Cells(slots, tuple(firsts), tuple(calendars), tuple(classes[0]), ())
    for slot, task in enumerate(tasks, start=1):
        _, start, end = sound_spans[0]
        wants = wanted(inventory, task.key(sound_regions[0][1], start, end))
        turning = tuple(sorted({day for want in wants for day in chooser.turning_days(want)} | _new_years(inventory)))
        if turning not in cuts:
            cuts[turning] = len(classes)
            found, seen = _classes(turning, sound_spans, len(spans.texts))
            classes.append(found)
            examples.append(seen)
        calendar = cuts[turning]
        places: dict[object, int] = {}
        for code, region in sound_regions:
            standing = tuple(chooser.standing_in(want, region) for want in wants)
            if standing not in places:
                places[standing] = len(keys)
                keys += [task.key(region, start, end) for start, end in examples[calendar]]
            firsts[slot * len(regions.texts) + code] = places[standing]
            calendars[slot * len(regions.texts) + code] = calendar
    return Cells(slots, tuple(firsts), tuple(calendars), tuple(n for found in classes for n in found), tuple(keys))


class _Task(NamedTuple):
    """What a row is about: the words of a task."""

    activity: str
    spelling: str
    item: str
    method: str

    def key(self, region: str, start: str, end: str) -> Key:
        """The key of the task at a place and time."""
        return Key(self.activity, region, start, end, self.spelling, item=self.item, method=self.method)


def _slots(tasks: Words) -> tuple[tuple[int, ...], list[_Task]]:
    """By code of a task its slot; and one task of each slot."""
    known: dict[_Task, int] = {}
    examples: list[_Task] = []
    slots = []
    for words, is_sound in zip(tasks.texts, tasks.sound, strict=True):
        if not is_sound:
            slots.append(0)
            continue
        task = _Task(*words)
        kind = task._replace(spelling=accepted()[task.spelling].dimension)
        if kind not in known:
            known[kind] = len(known) + 1
            examples.append(task)
        slots.append(known[kind])
    return tuple(slots), examples


def _classes(
    turning: tuple[date, ...], spans: list[tuple[int, str, str]], size: int
) -> tuple[list[int], list[tuple[str, str]]]:
    """By code of a span its class, and the first span of each class.

    Spans between the same two turning days are alike; a span across one is cut by days, so that it is alike only with
    itself.
    """
    classes = [OUTSIDE] * size
    known: dict[object, int] = {}
    examples: list[tuple[str, str]] = []
    for code, start, end in spans:
        first = bisect_right(turning, date.fromisoformat(start))
        last = bisect_right(turning, date.fromisoformat(end))
        kind = first if first == last else (start, end)
        if kind not in known:
            known[kind] = len(known)
            examples.append((start, end))
        classes[code] = known[kind]
    return classes, examples


def _new_years(inventory: Inventory) -> set[date]:
    """The first days of the years of the period: the age of a factor counts calendar years."""
    return {date(year, 1, 1) for year in range(inventory.period.start.year, inventory.period.end.year + 1)}
