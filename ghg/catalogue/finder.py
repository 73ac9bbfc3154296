"""Search: the factors and GWP values that fit a few words, the best first.

How hits are ranked:

1. The words are read as terms (``ghg.catalogue.queries``). The score is the share of the terms that a factor
   fits, from 0 to 1. Rarer terms count more. A place fits in part by its parent or a part of it, a unit by its
   dimension, a year by the nearest year.
2. What is taken only when it is asked for loses ``UNASKED``: upstream emissions, losses, life cycle, baselines,
   residual mixes, parameters, GWP values.
3. Of equals the plain case comes first: for Chinese words China, what the words name itself (``electricity`` before
   coal for electricity), the usual basis, own use before use by others, the younger year, the general word
   ("average"), fewer words.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import get_args

from ghg.catalogue.absences import is_usual
from ghg.catalogue.entries import Entry, index
from ghg.catalogue.queries import GWP, Field, Term, phrases, terms, tokens
from ghg.factors import FACTOR, Basis, Factor, Kind, library
from ghg.issues import GhgError, UnknownNameError
from ghg.regions import country, ladder, regions
from ghg.sources import sources

KINDS = (*get_args(Kind), GWP)
BASES = tuple(filter(None, get_args(Basis)))
UNASKED = 0.15
"""What a hit loses when it is of a kind or basis that is taken only when it is asked for."""
FAMILIES = (
    "fuel", "electricity", "heat_and_steam", "refrigerant", "owned_vehicle", "travel", "hotel_stay", "homeworking",
    "freight", "water", "waste", "material", "spend", "electric_vehicle", "managed_vehicle",
)  # fmt: skip
"""First parts of the vocabulary's words: own use before use by others."""
GENERAL = frozenset(("average", "national", "all", "general", "mixed", "unknown", "typical"))
FITS, FLOOR = 0.7, 0.5
"""A term fits from here on; a hit is shown from this share of the best score on."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One result.

    Attributes:
        id: the factor's, or ``gwp:SET:GAS`` of a GWP value.
        score: the share of the query it fits, from 0 to 1, less what it loses for what was not asked for.
        matched: terms of the query it fits.
        missed: terms it does not fit, or only in part.
    """

    id: str
    score: float
    matched: tuple[str, ...]
    missed: tuple[str, ...]

    @property
    def factor(self) -> Factor | None:
        """The factor; none for a GWP value."""
        return None if self.id.startswith(f"{GWP}:") else library().factors[self.id]


def search(
    text: str, *, region: str | None = None, year: int | None = None, publisher: str | None = None,
    basis: str | None = None, kind: str | None = None, limit: int = 10,
) -> list[Hit]:  # fmt: skip
    """The factors and GWP values that fit a few words, the best first; one hit a factor.

    Args:
        text: words in any order: what, where, when, per what. English or Chinese.
        region: only factors of this place and of places in it: a code or a name.
        year: only factors valid in this year; those without stated validity are valid in any.
        publisher: only publications whose id starts so, such as ``desnz`` or ``cn-mee-2022``.
        basis: only factors of this basis, such as ``combustion``.
        kind: only this kind, such as ``net_calorific_value`` or ``gwp``.
        limit: how many hits at most.

    Raises:
        UnknownNameError: a filter names something that does not exist; the message suggests the nearest.
        GhgError: there is nothing to search for.

    >>> search("Jiangsu electricity 2022")[0].id
    'cn-mee-2022:CN-JS'
    """
    keeps = _filters(region, year, publisher, basis, kind)
    if not text.strip() and not keeps:
        raise GhgError("nothing to search for: give a few words, such as 'diesel litre uk', or a filter.")
    known = index()
    kept = [place for place, entry in enumerate(known.entries) if all(keep(entry) for keep in keeps)]
    named = _named(text, [known.entries[place] for place in kept])
    if named:
        return named[:limit]
    return _ranked(text, terms(text, known.texts), kept, kind, basis)[:limit]


def _named(text: str, entries: Sequence[Entry]) -> list[Hit]:
    """Entries by their id or a part of it, where the query is one."""
    plain = text.strip().casefold()
    if ":" not in plain or len(plain.split()) > 1:
        return []
    found = sorted((entry.id for entry in entries if plain in entry.id.casefold()), key=lambda name: (len(name), name))
    return [Hit(name, 1.0, (text.strip(),), ()) for name in found]


def _ranked(text: str, asked: Sequence[Term], kept: Sequence[int], kind: str | None, basis: str | None) -> list[Hit]:
    """Entries, by their place in the index, by score; see the rules of the module."""
    entries = [index().entries[place] for place in kept]
    fits = [[row[place] for place in kept] for row in map(index().fits, asked)]
    usual = [len(entries) / max(1, sum(fit >= FITS for fit in row)) for row in fits]
    weights = [(1 + math.log(max(1, rarity))) * any(row) for rarity, row in zip(usual, fits, strict=True)]
    whole = sum(weights) or 1.0
    bases = {basis} if basis else {value for term in asked for value in term.asks(Field.BASIS)}
    kinds = {kind} if kind else {value for term in asked for value in term.asks(Field.KIND)}
    kinds |= {GWP} if any(term.fields.get(Field.GWP_SET) for term in asked) else set()
    # A place, a year and a unit narrow what is asked for; alone they find nothing.
    about = [row for term, row in zip(asked, fits, strict=True) if any(row) and not term.is_qualifier]
    scored = []
    for number, entry in enumerate(entries):
        if about and not any(row[number] >= FLOOR for row in about):
            continue
        share = sum(weight * row[number] for weight, row in zip(weights, fits, strict=True)) / whole if asked else 1.0
        if share > 0:
            scored.append((share - _unasked(entry, kinds, bases), number))
    floor = FLOOR * max((score for score, _ in scored), default=0)
    near = [(score, number) for score, number in scored if score >= floor]
    is_chinese = not text.isascii() and not any(term.fields.get(Field.REGION) for term in asked)
    order = _Plain(asked, prefers_china=is_chinese)
    near.sort(key=lambda pair: (-round(pair[0], 6), order.of(entries[pair[1]])))
    return [
        Hit(
            entries[number].id, round(score, 4),
            tuple(term.text for term, row in zip(asked, fits, strict=True) if row[number] >= FITS),
            tuple(term.text for term, row in zip(asked, fits, strict=True) if row[number] < FITS),
        )
        for score, number in near
    ]  # fmt: skip


def _unasked(entry: Entry, kinds: set[str], bases: set[str]) -> float:
    """What an entry loses for being of a kind or basis that nobody asked for."""
    kind, basis = entry.fields[Field.KIND], entry.fields[Field.BASIS]
    is_odd = not is_usual(basis, entry.activity) and basis not in bases
    return UNASKED * ((kind != FACTOR and kind not in kinds) + is_odd)


class _Plain:
    """The order of hits that fit equally well: the plain case first."""

    def __init__(self, asked: Sequence[Term], *, prefers_china: bool) -> None:
        about = [term for term in asked if not term.is_qualifier]
        self._words = {word for term in about for word in term.words}
        self._texts = {number for term in about for number in term.texts}
        self._prefers_china = prefers_china
        self._subjects: dict[str, tuple[bool, bool]] = {}

    def of(self, entry: Entry) -> tuple[object, ...]:
        """What the hits are sorted by."""
        basis, family = entry.fields[Field.BASIS], entry.activity.partition(".")[0]
        words = (*tokens(entry.activity), *index().texts.words[entry.texts[1]])
        return (
            self._prefers_china and country(entry.fields[Field.REGION]) != "CN",
            self._subject(entry.activity),
            basis == "life_cycle" and not is_usual(basis, entry.activity),
            BASES.index(basis) if basis in BASES else -1,
            FAMILIES.index(family) if family in FAMILIES else len(FAMILIES),
            [-ord(letter) for letter in entry.until],
            -len(GENERAL.intersection(words)),
            len(words),
            entry.id,
        )

    def _subject(self, activity: str) -> tuple[bool, bool]:
        """Whether the query leaves out the subject of an activity, ``natural_gas`` of ``fuel.natural_gas.mineral``."""
        family, *rest = activity.split(".")
        subject_of = ".".join([family, *rest[:1]])
        if subject_of not in self._subjects:
            said = self._words.issuperset(tokens(rest[0] if rest else family))
            self._subjects[subject_of] = (not said, index().text_of(subject_of) not in self._texts)
        return (False, False) if activity == GWP else self._subjects[subject_of]


Keep = Callable[[Entry], bool]


def _filters(
    region: str | None, year: int | None, publisher: str | None, basis: str | None, kind: str | None
) -> list[Keep]:
    """What an entry has to be, by the filters given."""
    for name, value, known in (("basis", basis, BASES), ("kind", kind, KINDS)):
        if value and value not in known:
            raise UnknownNameError(name, value, known, f"Known: {', '.join(known)}.")
    keeps: list[Keep] = []
    if region:
        code = region_code(region)
        keeps.append(lambda entry: code in ladder(entry.fields[Field.REGION]))
    if year:
        keeps.append(lambda entry: covers(entry.fields[Field.YEAR], year))
    if publisher:
        chosen = publications(publisher)
        keeps.append(lambda entry: entry.fields[Field.SOURCE] in chosen)
    if basis:
        keeps.append(lambda entry: entry.fields[Field.BASIS] == basis)
    if kind:
        keeps.append(lambda entry: entry.fields[Field.KIND] == kind)
    return keeps


def covers(validity: str, year: int) -> bool:
    """Whether a validity, written ``from|to|…``, takes in a day of the year; a blank one takes in every day."""
    start, end, *_ = validity.split("|")
    return (not start or int(start[:4]) <= year) and (not end or int(end[:4]) >= year)


def region_code(text: str) -> str:
    """The code of a region by its code or name, in any case, English or Chinese.

    Raises:
        UnknownNameError: no region is called so.

    >>> region_code("uk"), region_code("江苏"), region_code("CN-JS")
    ('GB', 'CN-JS', 'CN-JS')
    """
    if text in regions():
        return text
    for name, values in phrases().get(tuple(tokens(text)), ()):
        if name == "region":
            return values[0]
    names = [*regions(), *(region.name for region in regions().values())]
    raise UnknownNameError("region", text, names, "'ghg list regions' lists them.")


def publications(text: str) -> tuple[str, ...]:
    """The publications whose id starts so, or whose publisher is called so: ``desnz``, ``defra``, ``MEE``.

    Raises:
        UnknownNameError: there is none.
    """
    said = {value for name, values in phrases().get(tuple(tokens(text)), ()) if name == "source" for value in values}
    starts = tuple({text.casefold(), *said})
    found = tuple(name for name in sources() if name.startswith(starts))
    if not found:
        raise UnknownNameError("publication", text, sources(), "'ghg factors list' lists them.")
    return found
