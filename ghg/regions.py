"""Regions and their parents: the ladder a factor may fall back along when an inventory allows it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pydantic import BaseModel, ConfigDict

from ghg.issues import UnknownNameError
from ghg.reading.shipped import shipped

WORLD = "WORLD"


class Region(BaseModel):
    """A place that factors are published for; ``parent`` is blank for the world alone."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    region: str
    name: str
    name_local: str
    parent: str
    note: str


@cache
def regions() -> Mapping[str, Region]:
    """Every region by its code (ISO 3166, or the publisher's grid under its country)."""
    return {row.region: row for row in shipped("regions.csv", Region)}


@cache
def ladder(region: str) -> tuple[str, ...]:
    """The region and its parents up to the world.

    Raises:
        UnknownNameError: the region is not in the list.

    >>> ladder("CN-BJ")
    ('CN-BJ', 'CN', 'WORLD')
    """
    if region not in regions():
        raise UnknownNameError("region", region, regions())
    parent = regions()[region].parent
    return (region, *(ladder(parent) if parent else ()))


def country(region: str) -> str:
    """The country a region lies in; the world lies in itself.

    >>> country("CN-BJ"), country(WORLD)
    ('CN', 'WORLD')
    """
    return ladder(region)[-2:][0]
