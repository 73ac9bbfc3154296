"""Queries: a few words cut into terms, each with everything it may mean in the library.

A term may mean words of the library, a place, a year, a unit, a basis, a kind, a publisher or a GWP set.
``factors/search-words.csv`` holds what has to be told; places and units come from their own lists. Chinese needs no
spaces. A word the library does not know is read as the nearest one it knows.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from ghg.reading.shipped import shipped
from ghg.regions import WORLD, ladder, regions
from ghg.units import accepted

GWP = "gwp"
"""The kind of a GWP value, and the first part of its id: ``gwp:AR5:HFC32``."""
SYNONYM, PART, NEAR = 0.9, 0.7, 0.75
"""How much another word for it counts, how much the beginning of a word, and how near a misspelt word has to be."""
TOKEN = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")
CALENDAR_YEAR = re.compile(r"(19|20)\d\d", re.ASCII)
CODE = re.compile(r"\b(r|hfc|pfc|hcfc|cfc|hfe|hfo|ar|co|ch|n|sf|nf|c) (\d+[a-z]*)\b")
"""Letters and the number that belongs to them, which people write with or without a hyphen."""
IGNORED = "ignored"
"""Phrases that tell no factor from another."""
FLUIDS = ("r", "hfc", "pfc", "hcfc", "cfc", "hfe", "hfo")
FLUID = re.compile(rf"({'|'.join(FLUIDS)})(\d+[a-z]*)")
"""A refrigerant: the number alone tells it, so R-32 is HFC-32."""
SHORTEST = 3
"""Letters a word needs before its beginning, or a word near it, is looked for."""
Scores = dict[int, float]
"""Numbers of texts, each with how well a term fits it."""
Meaning = tuple[str, tuple[str, ...]]
"""A field of ``search-words.csv`` and its values."""


class Field(IntEnum):
    """What a term may mean beside words. A year means validities, written ``from|to|source``."""

    REGION = 0
    UNIT = 1
    YEAR = 2
    BASIS = 3
    KIND = 4
    SOURCE = 5
    GWP_SET = 6


class Saying(BaseModel):
    """What phrases mean in a query: one row of ``search-words.csv``."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    field: Literal["ignored", "text", "region", "unit", "side", "basis", "kind", "source", "gwp_set"]
    values: str
    phrases: str
    note: str


@dataclass(slots=True)
class Term:
    """A term of a query.

    Attributes:
        text: as typed, or as it was read.
        words: the words that say it: those typed, or the one they were read as, and their synonyms.
        texts: the texts of the library it stands in.
        fields: by the number of a field, the values it may mean and how well they fit.
    """

    text: str
    words: set[str] = field(default_factory=set)
    texts: Scores = field(default_factory=dict)
    fields: dict[int, dict[str, float]] = field(default_factory=dict)

    def mean(self, number: int, values: Mapping[str, float]) -> None:
        """Add a meaning."""
        held = self.fields.setdefault(number, {})
        for value, score in values.items():
            held[value] = max(score, held.get(value, 0))

    def stand_in(self, found: Scores, share: float = 1.0) -> None:
        """Add texts."""
        for number, score in found.items():
            self.texts[number] = max(score * share, self.texts.get(number, 0))

    @property
    def is_qualifier(self) -> bool:
        """Whether it tells where, when or per what, not what."""
        return any(self.fields.get(number) for number in (Field.REGION, Field.UNIT, Field.YEAR))

    def asks(self, number: int) -> set[str]:
        """The values of a field that it means outright."""
        return {value for value, score in self.fields.get(number, {}).items() if score == 1}


class Texts:
    """The words of the library, and the values of its fields.

    Attributes:
        words: the words of each text.
        values: the values of each field.
    """

    def __init__(self) -> None:
        self.words: list[frozenset[str]] = []
        self.values: list[set[str]] = [set() for _ in Field]
        self._numbers: dict[str, int] = {}
        self._latin: defaultdict[str, list[int]] = defaultdict(list)
        self._chinese: defaultdict[str, list[int]] = defaultdict(list)

    def number(self, text: str) -> int:
        """The number of a text, its words entered."""
        found = self._numbers.get(text)
        if found is None:
            found = self._numbers[text] = len(self.words)
            self.words.append(frozenset(tokens(text)))
            for token in self.words[found]:
                (self._latin if token.isascii() else self._chinese)[token].append(found)
        return found

    def holding(self, phrase: Sequence[str]) -> Scores:
        """The texts that hold every word of a phrase, each with how well."""
        found = [self._with(token) for token in phrase]
        return {n: min(scores[n] for scores in found) for n in found[0] if all(n in scores for scores in found)}

    def _with(self, token: str) -> Scores:
        if not token.isascii():
            pieces = ((piece, PART if piece != token else 1.0) for piece in self._chinese if token in piece)
            found = [(number, score) for piece, score in pieces for number in self._chinese[piece]]
            return dict(sorted(found, key=lambda pair: pair[1]))
        alike = {token: 1.0}
        if fluid := FLUID.fullmatch(token):
            alike |= {f"{family}{fluid[2]}": 1.0 for family in FLUIDS}
        if len(token) >= SHORTEST and not any(word in self._latin for word in alike):
            alike = {word: PART for word in self._latin if word.startswith(token)}
        return {number: score for word, score in alike.items() for number in self._latin.get(word, ())}

    def nearest(self, token: str) -> str:
        """The known word that an unknown one is nearest to, or nothing."""
        if len(token) <= SHORTEST or not token.isalpha() or not token.isascii() or self._with(token):
            return ""
        ignored = {
            phrase[0] for phrase, meanings in phrases().items() if IGNORED in dict(meanings) and len(phrase) == 1
        }
        said = (word for phrase in phrases() for word in phrase)
        known = dict.fromkeys(word for word in (*self._latin, *said) if word not in ignored)
        like = [word for word in known if abs(len(word) - len(token)) < SHORTEST]
        close = difflib.get_close_matches(token, like, 5, NEAR)

        def order(word: str) -> tuple[bool, float, int]:
            # Letters swapped before letters changed; then the nearer word, then the commoner one.
            likeness = difflib.SequenceMatcher(None, word, token).ratio()
            return sorted(word) != sorted(token), -round(likeness, 1), -len(self._latin.get(word, ()))

        return min(close, key=order, default="")

    def cut(self, token: str) -> list[str]:
        """A token; Chinese cut from the left into the longest words that have a meaning."""
        if token.isascii() or token in self._chinese:
            return [token]
        found, rest = [], ""
        while token:
            starts = (token[:n] for n in range(len(token), 0, -1))
            size = len(next((start for start in starts if (start,) in phrases() or start in self._chinese), ""))
            if size and rest:
                found.append(rest)
                rest = ""
            found += [token[:size]] if size else []
            rest += "" if size else token[0]
            token = token[size or 1 :]
        return [*found, rest] if rest else found


def tokens(text: str) -> list[str]:
    """The words of a text for comparison: lower case, no accents, no plural; Chinese in one piece.

    >>> tokens("HFC-134a, 2 litres of Émission 江苏电力")
    ['hfc134a', '2', 'litre', 'of', 'emission', '江苏电力']
    """
    return [_singular(word) for word in _words(text)]


def _words(text: str) -> list[str]:
    plain = text.casefold()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return TOKEN.findall(CODE.sub(r"\1\2", re.sub(r"[-_.,:;()\[\]/&%]+", " ", plain)))


def _singular(token: str) -> str:
    return token[:-1] if len(token) > SHORTEST and token[-1] == "s" and token[-2] not in "sui" else token


@cache
def phrases() -> Mapping[tuple[str, ...], list[Meaning]]:
    """What phrases mean: those of ``search-words.csv``, then places, then spellings of units."""
    found: defaultdict[tuple[str, ...], list[Meaning]] = defaultdict(list)
    for row in shipped("search-words.csv", Saying):
        for phrase in row.phrases.split(";"):
            found[tuple(tokens(phrase))].append((row.field, tuple(row.values.split())))
    told = set(found)
    for spelling in accepted():
        said = tuple(tokens(spelling))
        if len(spelling) > 1 and said and said not in told:
            found[said].append(("unit", (spelling,)))
    told = set(found)
    for code, region in regions().items():
        for name in (code, re.split(r"[(,（]", region.name)[0], region.name_local):
            said = tuple(tokens(name))
            if said and said not in told:
                found[said].append(("region", (code,)))
    return found


def terms(query: str, texts: Texts) -> list[Term]:
    """The terms of a query, the longest phrases first."""
    typed = [part for word in _words(query.replace("/", " per ")) for part in texts.cut(word)]
    said = [_singular(word) for word in typed]
    known, found, at = phrases(), [], 0
    longest = max(len(phrase) for phrase in known)
    while at < len(said):
        length = next((n for n in range(longest, 0, -1) if tuple(said[at : at + n]) in known), 1)
        phrase, text = tuple(said[at : at + length]), " ".join(typed[at : at + length])
        at += length
        names = [name for name, _ in known.get(phrase, ())]
        # In "kg per kWh" or "kg CO2e" the first unit is the numerator, which tells no factor from another.
        is_numerator = names[:1] == ["unit"] and said[at : at + 1] in (["per"], ["co2e"], ["co2"])
        if IGNORED not in names and not is_numerator:
            found.append(_term(phrase, text, texts))
    asked = [place for term in found for place in term.asks(Field.REGION)]
    around = {parent for place in asked for parent in ladder(place)[1:]}
    # "Australia NSW" asks for NSW: the place around another says nothing more.
    return [term for term in found if not (term.asks(Field.REGION) & around)]


def _term(phrase: tuple[str, ...], text: str, texts: Texts) -> Term:
    """A phrase, as typed in ``text``, with everything it may mean."""
    term = Term(text)
    if phrase not in phrases() and (near := texts.nearest(phrase[0])):
        term.text, phrase = f"{text} (read as {near})", (near,)
    term.words.update(phrase)
    for name, values in phrases().get(phrase, ()):
        if name == "text":
            for value in values:
                term.words.update(tokens(value))
                term.stand_in(texts.holding(tokens(value)), SYNONYM)
        else:
            number = Field.UNIT if name == "side" else Field[name.upper()]
            term.mean(number, _meaning(name, values, texts.values[number]))
    if CALENDAR_YEAR.fullmatch(phrase[0]):
        term.mean(Field.YEAR, {validity: _in_year(validity, int(phrase[0])) for validity in texts.values[Field.YEAR]})
    if not term.fields.get(Field.UNIT):  # "tonne km" is no lorry over 17 tonnes that is driven a km
        term.stand_in(texts.holding(phrase))
    return term


def _meaning(name: str, values: Sequence[str], known: Iterable[str]) -> Mapping[str, float]:
    """The known values of a field that a phrase means, each with how well it fits."""
    if name == "region":
        return _places(values[0], known)
    if name == "unit":
        return _units(values, known)
    if name == "side":
        return {unit: 1.0 for unit in known if any(part.endswith(f"_{values[0]}") for part in unit.split("/"))}
    if name == "source":
        return {source: 1.0 for source in known if source.startswith(tuple(values))}
    if name == "gwp_set":
        # A factor published under the set fits in part: asked is most likely the set's own value.
        return {values[0]: 0.3, f"{GWP} {values[0]}": 1.0}
    return dict.fromkeys(values, 1.0)


def _places(code: str, known: Iterable[str]) -> dict[str, float]:
    """A place itself; in part, places in it and around it."""
    around = {parent: 0.2 if parent == WORLD else 0.3 for parent in ladder(code)[1:]}
    inside = {place: 0.6 for place in known if code in ladder(place)[1:] and code != WORLD}
    return {**inside, **around, code: 1.0}


def _units(spellings: Sequence[str], known: Iterable[str]) -> dict[str, float]:
    """Factors per unit; in part, those per another unit of its dimension. A parameter's numerator counts too."""
    asked = {(unit.dimension, unit.multiplier) for unit in (accepted()[spelling] for spelling in spellings)}
    found: dict[str, float] = {}
    for name in known:
        numerator, _, denominator = name.partition("/")
        for part, share in ((denominator, 1.0), ("" if numerator == "kg" else numerator, 0.9)):
            unit = accepted().get(part)
            if unit and any(unit.dimension == dimension for dimension, _ in asked):
                is_same = (unit.dimension, unit.multiplier) in asked
                found[name] = max(share if is_same else share / 2, found.get(name, 0.0))
    return found


def _in_year(validity: str, year: int) -> float:
    """How well a validity fits a year: in it, of an edition named by it, without any, or the nearer the better."""
    start, end, source = validity.split("|")
    if not start:
        return 1.0 if str(year) in source else 0.5
    first, last = int(start[:4]), int(end[:4])
    if first <= year <= last:
        return 1.0
    return 0.8 if str(year) in source else 0.4 / max(first - year, year - last)
