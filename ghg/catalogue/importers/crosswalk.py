"""From a publisher's labels to the library's vocabulary: tables kept by hand in ``factors/crosswalk/``.

A label that is not in the table is refused, never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pydantic import BaseModel, ConfigDict

from ghg.reading.shipped import shipped

SEPARATOR = " > "
"""Between the labels of one entry, outermost first."""


class Entry(BaseModel):
    """What a publisher's label means.

    ``labels`` is joined by `` > `` as printed; ``activity`` is a word of the vocabulary.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    labels: str
    activity: str
    basis: str
    note: str


@cache
def crosswalk(publisher: str) -> Mapping[str, Entry]:
    """The entries of a publisher by their labels."""
    return {entry.labels: entry for entry in shipped(f"crosswalk/{publisher}.csv", Entry)}


def joined(labels: tuple[str, ...]) -> str:
    """Labels as the crosswalk spells them; blank ones left out."""
    return SEPARATOR.join(label for label in labels if label)
