"""The factor vocabulary: one closed list of words for what a factor applies to, across publishers.

A word is dotted, from the general to the particular: ``fuel.diesel.road``, ``travel.rail.national``,
``waste.paper.landfill``. The files of ``factors/vocabulary/`` hold them; a word stands in one file only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from ghg import bundle
from ghg.catalogue.packs import read_lines
from ghg.issues import InputError, Issue
from ghg.reading import read_table

WORD = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9][a-z0-9_]*)*", re.ASCII)
"""The form of a word."""


class Word(BaseModel):
    """One word of the vocabulary.

    ``also`` holds further names people search by, separated by ``;``, in any language.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    activity: Annotated[str, StringConstraints(pattern=f"^{WORD.pattern}$")]
    name: Annotated[str, StringConstraints(min_length=1)]
    name_local: str
    also: str


@cache
def words() -> frozenset[str]:
    """The words alone, without reading what they mean.

    Raises:
        InputError: a file is not in the strict form of the library's tables.
    """
    columns = tuple(Word.model_fields)
    paths = sorted((bundle.folder("factors") / "vocabulary").glob("*.csv"))
    tables = (read_lines(path, f"factors/vocabulary/{path.name}", columns) for path in paths)
    return frozenset(first for table in tables for first in table.firsts())


@cache
def vocabulary() -> Mapping[str, Word]:
    """Every word of the vocabulary.

    Raises:
        InputError: a word stands twice.
    """
    found: dict[str, Word] = {}
    folder = bundle.folder("factors") / "vocabulary"
    for path in sorted(folder.glob("*.csv")):
        name = f"factors/vocabulary/{path.name}"
        table = read_table(path, name, tuple(Word.model_fields))
        for line, word in zip(table.lines, table.records(Word), strict=True):
            if word.activity in found:
                message = f"the word {word.activity!r} stands in another line or file of the vocabulary."
                raise InputError([Issue("id-duplicate", message, "Keep one.", name, line, "activity")])
            found[word.activity] = word
    return found
