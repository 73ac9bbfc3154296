"""Keys that stand alike, as dense cells: what a row's codes lead to before any factor is chosen.

A choice depends on the region only through the regions that have candidates, on time only through the days on which
something changes, and on who consumed only where an entity is not held whole, or where instruments are matched. So the
keys of an activity and dimension fall into few classes, however many regions, dates and entities there are. A cell is
one such class; one key stands for it when the plan is made.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from ghg.bulk.words import Words
from ghg.plan import Key
from ghg.standing import Standing, time_of
from ghg.units import accepted

OUTSIDE = -1
"""Where words lead that are not sound."""
Calendar = tuple[date, ...] | None
"""The days on which something changes; none where every span of days stands by itself."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The dense tables that lead from codes to cells.

    Attributes:
        slots: by code of a task, the position of its activity and dimension.
        firsts: by slot × regions + region, the first cell of the place.
        layouts: by slot × regions + region, how the cells of the place are laid out by entity and time.
        shifts: by layout × entities + entity, how far the cells of the entity lie from the first one of a place.
        calendars: by layout × entities + entity, which calendar cuts time.
        classes: by calendar × spans + span, the position of the span among the cells of a place and entity.
        keys: by cell, the key that stands for it.
        entities: how many entities there are; one where it does not matter who consumed.
    """

    slots: tuple[int, ...]
    firsts: tuple[int, ...]
    layouts: tuple[int, ...]
    shifts: tuple[int, ...]
    calendars: tuple[int, ...]
    classes: tuple[int, ...]
    keys: Keys
    entities: int


class _Task(NamedTuple):
    """What a row is about: the words of a task."""

    activity: str
    spelling: str
    item: str
    method: str


class _Place(NamedTuple):
    """Cells of a task in regions that stand alike, one of which is named."""

    first: int
    task: _Task
    region: str
    layout: _Layout


class _Layout(NamedTuple):
    """How the cells of a place follow each other: for each class of entities its first cell, an entity, and spans."""

    number: int
    starts: list[int]
    entities: list[str]
    spans: list[list[tuple[str, str]]]
    size: int


class Keys:
    """The key that stands for each cell, made when it is asked for; there may be far more cells than rows."""

    def __init__(self, places: Sequence[_Place]) -> None:
        self._places, self._firsts = places, [place.first for place in places]
        self._count = places[-1].first + places[-1].layout.size if places else 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Key]:
        return map(self.__getitem__, range(self._count))

    def __getitem__(self, cell: int) -> Key:
        place = self._places[bisect_right(self._firsts, cell) - 1]
        layout, rest = place.layout, cell - place.first
        holder = bisect_right(layout.starts, rest) - 1
        start, end = layout.spans[holder][rest - layout.starts[holder]]
        task = place.task
        return Key(task.activity, place.region, start, end, task.spelling, layout.entities[holder], task.item,
                   task.method)  # fmt: skip


def make_cells(standing: Standing, words: Mapping[str, Words]) -> Cells:
    """The cells of the words of a relation. Slot 0, layout 0 and calendar 0 stand for what is not sound."""
    slots, tasks = _slots(words["task"])
    regions, asks = words["region"], "entity" in standing.rules.columns
    layouts = _Layouts(standing, words["span"], words["entity"] if asks else None)
    sound_regions = [(code, region) for code, (region,) in enumerate(regions.texts) if regions.sound[code]]
    firsts = [OUTSIDE] * (len(tasks) + 1) * len(regions.texts)
    numbers = [0] * len(firsts)
    found: list[_Place] = []
    cells = 0
    if layouts.example and sound_regions:
        for slot, task in enumerate(tasks, start=1):
            key = Key(task.activity, sound_regions[0][1], *layouts.example, task.spelling, "", task.item, task.method)
            layout = layouts.of(key)
            known: dict[Hashable, int] = {}
            for code, region in sound_regions:
                alike = _standing_in(standing, key, region)
                if alike not in known:
                    known[alike] = cells
                    found.append(_Place(cells, task, region, layout))
                    cells += layout.size
                firsts[slot * len(regions.texts) + code] = known[alike]
                numbers[slot * len(regions.texts) + code] = layout.number
    return Cells(
        slots, tuple(firsts), tuple(numbers), tuple(layouts.shifts), tuple(layouts.calendars), tuple(layouts.classes),
        Keys(found), layouts.width,
    )  # fmt: skip


def _standing_in(standing: Standing, key: Key, region: str) -> Hashable:
    """What regions have in common that lead keys to the same factors."""
    if standing.is_matched(key.activity):
        return region
    return tuple(standing.chooser.standing_in(want, region) for want in standing.wants(key))


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


class _Layouts:
    """The layouts and calendars that are needed, each made once.

    Attributes:
        shifts: see ``Cells``.
        calendars: see ``Cells``.
        classes: see ``Cells``.
        width: how many entities there are.
        example: the first sound span of days; none where no span or no entity is sound.
    """

    def __init__(self, standing: Standing, spans: Words, entities: Words | None) -> None:
        self._standing = standing
        self._spans = [(code, start, end) for code, (start, end) in enumerate(spans.texts) if spans.sound[code]]
        named = enumerate(entities.texts) if entities else [(0, ("",))]
        self._entities = [(code, name) for code, (name,) in named if entities is None or entities.sound[code]]
        self.width = len(entities.texts) if entities else 1
        self.shifts, self.calendars = [0] * self.width, [0] * self.width
        self.classes = [OUTSIDE] * len(spans.texts)
        self.example = self._spans[0][1:] if self._spans and self._entities else None
        self._size = len(spans.texts)
        self._made: dict[tuple[Calendar, bool], _Layout] = {}
        self._examples: dict[Calendar, tuple[int, list[tuple[str, str]]]] = {}

    def of(self, key: Key) -> _Layout:
        """The layout of the keys of an activity, item, method and dimension."""
        is_matched = self._standing.is_matched(key.activity)
        turning = None if is_matched else self._standing.turning(key)
        if (turning, is_matched) not in self._made:
            self._made[turning, is_matched] = self._layout(
                (lambda entity: (entity, None))
                if is_matched
                else lambda entity: (
                    self._standing.held(entity)[0], self._standing.calendar(key, entity),
                )
            )  # fmt: skip
        return self._made[turning, is_matched]

    def _layout(self, stands: Callable[[str], tuple[str, Calendar]]) -> _Layout:
        """A new layout, given how an entity stands: its name where it is like no other, and its calendar."""
        layout = _Layout(len(self.shifts) // self.width, [], [], [], 0)
        shifts, calendars = [0] * self.width, [0] * self.width
        known: dict[str, tuple[int, int]] = {}
        size = 0
        for code, entity in self._entities:
            name, calendar = stands(entity)
            if name not in known:
                number, examples = self._calendar(calendar)
                known[name] = (size, number)
                layout.starts.append(size)
                layout.entities.append(entity)
                layout.spans.append(examples)
                size += len(examples)
            shifts[code], calendars[code] = known[name]
        self.shifts += shifts
        self.calendars += calendars
        return layout._replace(size=size)

    def _calendar(self, calendar: Calendar) -> tuple[int, list[tuple[str, str]]]:
        """The number of a calendar, and the first span of each of its classes."""
        if calendar not in self._examples:
            known: dict[Hashable, int] = {}
            examples: list[tuple[str, str]] = []
            classes = [OUTSIDE] * self._size
            for code, start, end in self._spans:
                kind = (start, end) if calendar is None else time_of(calendar, start, end)
                if kind not in known:
                    known[kind] = len(examples)
                    examples.append((start, end))
                classes[code] = known[kind]
            self._examples[calendar] = (len(self.classes) // self._size, examples)
            self.classes += classes
        return self._examples[calendar]
