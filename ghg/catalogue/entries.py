"""Every factor and GWP value as the search sees it: its words, and the values of its fields."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from ghg.catalogue.packs import TOTAL
from ghg.catalogue.queries import GWP, Field, Term, Texts
from ghg.factors import library
from ghg.gases import blends, gases, gwp_sets, without_value
from ghg.regions import WORLD, regions
from ghg.sources import sources
from ghg.vocabulary import vocabulary

ROLES = (1.0, 1.0, 0.9, 0.9, 0.5, 0.5)
"""What a word counts that stands in the activity, the name, a wider activity, the place, the publication, the gases."""
EDITION_YEAR = re.compile(r"\b(?:19|20)\d\d\b", re.ASCII)


class Entry(NamedTuple):
    """A factor or GWP value as the search sees it.

    ``texts`` stand in the order of ``ROLES``, ``fields`` in that of ``Field``.
    """

    id: str
    activity: str
    texts: tuple[int, ...]
    fields: tuple[str, ...]
    until: str


class _Row(NamedTuple):
    """The columns of the library that the search reads."""

    factor: str
    kind: str
    activity: str
    name: str
    name_local: str
    region: str
    valid_from: str
    valid_to: str
    gas: str
    unit: str
    gwp_set: str
    basis: str
    source: str


class Index:
    """Every factor and GWP value with its words, made once from the text of the library."""

    def __init__(self) -> None:
        self.texts = Texts()
        self.entries: list[Entry] = []
        self._of_text: list[defaultdict[int, list[int]]] = [defaultdict(list) for _ in ROLES]
        self._of_field: list[defaultdict[str, list[int]]] = [defaultdict(list) for _ in Field]
        self._activities: dict[str, tuple[int, int]] = {}
        self._add_factors()
        self._of_factors = frozenset(self._activities)
        self._add_gwps()
        # Words without a factor too, so that what is found never depends on what was looked up before.
        for word in vocabulary():
            self.activity(word)

    def text_of(self, word: str) -> int | None:
        """The text of a word that some factor has as its activity, whatever has been looked up before."""
        return self._activities[word][0] if word in self._of_factors else None

    def activity(self, word: str) -> tuple[int, int]:
        """The texts of a word of the vocabulary, and of the wider words around it."""
        if word not in self._activities:
            known, parts = vocabulary(), word.split(".")
            lines = [".".join(parts[:n]) for n in range(len(parts), 0, -1)]
            own, *wider = (f"{w.name} {w.name_local} {w.also}" if (w := known.get(line)) else "" for line in lines)
            self._activities[word] = self.texts.number(f"{word} {own}"), self.texts.number(" ".join(wider))
        return self._activities[word]

    def _add_factors(self) -> None:
        gases_of: defaultdict[str, list[str]] = defaultdict(list)
        firsts: dict[str, _Row] = {}
        for row in map(_Row._make, library().cells(_Row._fields)):
            gases_of[row.factor].append(row.gas)
            if row.factor not in firsts or firsts[row.factor].kind == TOTAL:
                firsts[row.factor] = row
        number = self.texts.number
        places = {code: number(f"{code} {r.name} {r.name_local}") for code, r in regions().items()}
        cited = {name: number(f"{name} {source.publisher} {source.title}") for name, source in sources().items()}
        for name, row in firsts.items():
            own, wider = self.activity(row.activity)
            validity = f"{row.valid_from}|{row.valid_to}|{row.source}"
            self._add(
                name, row.activity,
                (own, number(f"{row.name} {row.name_local}"), wider, places[row.region], cited[row.source],
                 number(" ".join(gases_of[name]))),
                (row.region, row.unit, validity, row.basis, row.kind, row.source, row.gwp_set),
                row.valid_to or next(iter(EDITION_YEAR.findall(row.source)), ""),
            )  # fmt: skip

    def _add_gwps(self) -> None:
        number = self.texts.number
        about, none = number("gwp global warming potential 全球变暖潜势"), number("")
        for gwp_set, code, said, source in (*_gwps(), *_blend_gwps()):
            name = number(said)
            self._add(
                f"{GWP}:{gwp_set}:{code}", GWP, (about, name, none, none, number(source), name),
                (WORLD, "kg/kg", f"||{source}", "", GWP, source, f"{GWP} {gwp_set}"), gwp_set,
            )  # fmt: skip

    def fits(self, term: Term) -> list[float]:
        """How well each entry fits a term, from 0 to 1: by the best of its meanings."""
        found = [0.0] * len(self.entries)
        for role, places in zip(ROLES, self._of_text, strict=True):
            for number, score in term.texts.items():
                for place in places.get(number, ()):
                    found[place] = max(found[place], role * score)
        for field, values in term.fields.items():
            for value, score in values.items():
                for place in self._of_field[field].get(value, ()):
                    found[place] = max(found[place], score)
        return found

    def _add(self, name: str, activity: str, texts: tuple[int, ...], fields: tuple[str, ...], until: str) -> None:
        place = len(self.entries)
        self.entries.append(Entry(name, activity, texts, fields, until))
        for number, places in zip(texts, self._of_text, strict=True):
            places[number].append(place)
        for value, held, places_of in zip(fields, self.texts.values, self._of_field, strict=True):
            held.add(value)
            places_of[value].append(place)


@cache
def index() -> Index:
    """The one index of the library."""
    return Index()


def _gwps() -> Iterator[tuple[str, str, str, str]]:
    """Set, code, words and publication of every GWP of a gas."""
    for gwp_set, values in gwp_sets().items():
        for code, value in values.items():
            gas = gases()[code]
            yield gwp_set, code, f"{code} {gas.formula} {gas.name} {gas.name_local} {gas.also}", value.source


def _blend_gwps() -> Iterator[tuple[str, str, str, str]]:
    """The same for refrigerant blends, under the sets that have a value for all their parts.

    Their words are the designation alone: R-410A is not what one looks for by its part R-32.
    """
    for gwp_set, values in gwp_sets().items():
        for blend, parts in blends().items():
            known = {*values, *without_value(gwp_set, blend)}
            if all(row.gas in known for row in parts.rows):
                yield gwp_set, blend, blend, parts.rows[0].source
