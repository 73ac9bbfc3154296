"""What of a key decides how it posts: keys that stand alike share one match, however many rows and entities there are.

Factors change on some days, and so does what is held of an entity; between two such days nothing changes. An entity
whose every day counts whole is like any other such. Where instruments cover consumption, who consumed it, where and
when decides alone.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable
from datetime import date
from functools import cache

from ghg.accounts import accounts
from ghg.inventory import Inventory
from ghg.keys import Key, Rules
from ghg.matches import wanted
from ghg.resolve import Chooser, Want
from ghg.units import unit


class Standing:
    """How the keys of an inventory stand; what keys have in common is worked out once.

    Args:
        chooser: chooses factors.
        rules: what decides shares.
    """

    def __init__(self, chooser: Chooser, rules: Rules) -> None:
        self.chooser, self.rules = chooser, rules
        self._years = _new_years(chooser.inventory)
        self._wants: dict[tuple[str, ...], tuple[Want, ...]] = {}
        self._days: dict[tuple[str, ...], tuple[date, ...]] = {}
        self._held: dict[str, tuple[str, tuple[date, ...]]] = {}
        self._calendars: dict[tuple[tuple[str, ...], str], tuple[date, ...]] = {}

    def of(self, key: Key) -> Hashable:
        """What keys of the same standing have in common; the region always is."""
        kind = _kind(key)
        if self.is_matched(key.activity):
            return kind, key.region, key.entity, key.start, key.end
        holder, _ = self.held(key.entity)
        calendar = self._calendars.get((kind, holder))
        if calendar is None:
            calendar = self._calendars[kind, holder] = self.calendar(key, key.entity)
        return kind, key.region, holder, time_of(calendar, key.start, key.end)

    def is_matched(self, activity: str) -> bool:
        """Whether instruments may cover the consumption of an activity."""
        return self.rules.is_matched and bool(accounts()[activity].carrier)

    def wants(self, key: Key) -> tuple[Want, ...]:
        """The factors and parameters that keys of the activity, item, method and dimension may ask for."""
        kind = _kind(key)
        if kind not in self._wants:
            self._wants[kind] = tuple(wanted(self.chooser.inventory, key))
        return self._wants[kind]

    def turning(self, key: Key) -> tuple[date, ...]:
        """The days on which factors change for such keys, wherever they are; the age of a factor counts years."""
        kind = _kind(key)
        if kind not in self._days:
            found = {day for want in self.wants(key) for day in self.chooser.turning_days(want)}
            self._days[kind] = tuple(sorted(found | self._years))
        return self._days[kind]

    def held(self, entity: str) -> tuple[str, tuple[date, ...]]:
        """The name of an entity where not every day of it counts whole, and the days on which what counts changes."""
        if entity not in self._held:
            self._held[entity] = self.rules.boundary.standing(entity) if self.rules.boundary else ("", ())
        return self._held[entity]

    def calendar(self, key: Key, entity: str) -> tuple[date, ...]:
        """The days on which anything changes for such keys of an entity."""
        return tuple(sorted({*self.turning(key), *self.held(entity)[1]}))


def _kind(key: Key) -> tuple[str, ...]:
    """What decides which factors a key may ask for."""
    return (key.activity, key.item, key.method, unit(key.unit).dimension)


def time_of(calendar: tuple[date, ...], start: str, end: str) -> Hashable:
    """How days stand in a calendar: alike between two of its days, and alike only with themselves across one."""
    first, last = bisect_right(calendar, day(start)), bisect_right(calendar, day(end))
    return first if first == last else (start, end)


@cache
def day(text: str) -> date:
    """A day as it is written; there are few, however many rows."""
    return date.fromisoformat(text)


def _new_years(inventory: Inventory) -> set[date]:
    """The first days of the years of the period."""
    return {date(year, 1, 1) for year in range(inventory.period.start.year, inventory.period.end.year + 1)}
