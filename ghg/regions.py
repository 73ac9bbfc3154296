"""Regions and their parents: the ladder a factor may fall back along when an inventory allows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from pydantic import BaseModel, ConfigDict

from ghg.issues import UnknownNameError, suggest
from ghg.reading.shipped import shipped

WORLD = "WORLD"
SHORTEST_NAME = 4
"""Fewest letters of a word that is looked for within the names of places."""
HOMONYMS = {"georgia": "; or, for the state Georgia of the United States, 'US' or 'US-EGRID-SRSO' (its grid region)"}
"""Names of places that another place without a code of its own bears too."""
OTHER_NAMES = {
    "uk": "GB", "great britain": "GB", "britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
    "northern ireland": "GB", "usa": "US", "united states of america": "US", "america": "US", "prc": "CN",
    "mainland china": "CN", "el": "GR", "holland": "NL", "turkey": "TR", "czech republic": "CZ", "south korea": "KR",
    "republic of korea": "KR", "korea, republic of": "KR", "burma": "MM", "swaziland": "SZ", "cape verde": "CV",
    "ivory coast": "CI", "uae": "AE", "viet nam": "VN", "global": WORLD, "worldwide": WORLD,
}  # fmt: skip
"""Names and codes of places that are not those of the list, in lower case and without points."""


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


def region_advice(value: str) -> str:
    """What to write instead of a text that is no code: the codes of the places it names, else near codes, else blank.

    >>> region_advice("UK"), region_advice("CN-BJJ")[:21]
    (" Write 'GB' (United Kingdom).", " Did you mean 'CN-BJ'")
    """
    code, name = value.strip().upper().replace("_", "-"), value.strip().lower().replace(".", "")
    if not name:
        return ""
    if code in regions() or name in OTHER_NAMES:
        return f" Write {_named([regions()[OTHER_NAMES.get(name, code)]])}."
    found = [place for place in regions().values() if name in (place.name.lower(), place.name_local)]
    if not found and len(name) >= SHORTEST_NAME:
        found = [place for place in regions().values() if name in place.name.lower().replace(",", "").split()][:5]
    if found:
        return f" Write {_named(found)}{HOMONYMS.get(name, '')}."
    whole, dash, _ = code.partition("-")
    if not dash or whole not in regions():
        return suggest(value, regions()) if value.replace("-", "").isalnum() else ""
    near = suggest(code, [known for known in regions() if known.startswith(f"{whole}-")])
    return f"{near} Write {_named([regions()[whole]])} where the part has no code in the list."


def _named(places: Sequence[Region]) -> str:
    """Codes with the names of their places."""
    return " or ".join(f"{place.region!r} ({place.name})" for place in places)
