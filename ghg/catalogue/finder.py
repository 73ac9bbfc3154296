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
import re
from collections import defaultdict
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, get_args

from ghg.catalogue.absences import is_usual
from ghg.catalogue.queries import GWP, Field, Scores, Term, Texts, phrases, terms, tokens
from ghg.factors import FACTOR, TOTAL, Basis, Factor, Kind, library
from ghg.gases import gases, gwp_sets
from ghg.issues import GhgError, UnknownNameError
from ghg.regions import WORLD, country, ladder, regions
from ghg.sources import sources
from ghg.vocabulary import vocabulary

KINDS = (*get_args(Kind), GWP)
BASES = tuple(filter(None, get_args(Basis)))
UNASKED = 0.15
"""What a hit loses when it is of a kind or basis that is taken only when it is asked for."""
FAMILIES = (
    "fuel", "electricity", "heat_and_steam", "refrigerant", "owned_vehicle", "travel", "hotel_stay", "homeworking",
    "freight", "water", "waste", "material", "spend", "electric_vehicle", "managed_vehicle",
)  # fmt: skip
"""First parts of the vocabulary's words: own use before use by others."""
SPEND = frozenset(("spend", "spending", "naic", "usd", "dollar"))
"""Words that ask for a factor per spend; its industries are named like goods."""
GENERAL = frozenset(("average", "national", "all", "general", "mixed", "unknown", "typical"))
ROLES = (1.0, 1.0, 0.9, 0.9, 0.5, 0.5)
"""What a word counts that stands in the activity, the name, a wider activity, the place, the publication, the gases."""
EDITION_YEAR = re.compile(r"\b(?:19|20)\d\d\b", re.ASCII)
FITS, FLOOR = 0.7, 0.5
"""A term fits from here on; a hit is shown from this share of the best score on."""


class Entry(NamedTuple):
    """A factor or GWP value as the search sees it.

    ``texts`` stand in the order of ``ROLES``, ``fields`` in that of ``Field``.
    """

    id: str
    activity: str
    texts: tuple[int, ...]
    fields: tuple[str, ...]
    until: str


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


@dataclass(frozen=True, slots=True)
class Subject:
    """What words ask about: the words of the vocabulary they may mean, and what else they say."""

    activities: tuple[str, ...]
    kind: str = FACTOR
    bases: frozenset[str] = frozenset()
    region: str = ""
    year: int | None = None
    publisher: str = ""


class _Index:
    """Every factor and GWP value with its words, made once from the text of the library."""

    def __init__(self) -> None:
        self.texts = Texts()
        self.entries: list[Entry] = []
        self._activities: dict[str, tuple[int, int]] = {}
        self._add_factors()
        self._add_gwps()

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
        firsts: dict[str, Mapping[str, str]] = {}
        for row in library().texts():
            name = row["factor"]
            gases_of[name].append(row["gas"])
            if name not in firsts or firsts[name]["kind"] == TOTAL:
                firsts[name] = row
        number = self.texts.number
        places = {code: number(f"{code} {r.name} {r.name_local}") for code, r in regions().items()}
        cited = {name: number(f"{name} {source.publisher} {source.title}") for name, source in sources().items()}
        for name, row in firsts.items():
            own, wider = self.activity(row["activity"])
            validity = f"{row['valid_from']}|{row['valid_to']}|{row['source']}"
            self._add(
                name, row["activity"],
                (own, number(f"{row['name']} {row['name_local']}"), wider, places[row["region"]], cited[row["source"]],
                 number(" ".join(gases_of[name]))),
                (row["region"], row["unit"], validity, row["basis"], row["kind"], row["source"], row["gwp_set"]),
                row["valid_to"] or next(iter(EDITION_YEAR.findall(row["source"])), ""),
            )  # fmt: skip

    def _add_gwps(self) -> None:
        number = self.texts.number
        about, none = number("gwp global warming potential 全球变暖潜势"), number("")
        for gwp_set, values in gwp_sets().items():
            for code, value in values.items():
                gas = gases()[code]
                name = number(f"{code} {gas.formula} {gas.name}")
                self._add(
                    f"{GWP}:{gwp_set}:{code}", GWP, (about, name, none, none, number(value.source), name),
                    (WORLD, "kg/kg", f"||{value.source}", "", GWP, value.source, f"{GWP} {gwp_set}"), gwp_set,
                )  # fmt: skip

    def _add(self, name: str, activity: str, texts: tuple[int, ...], fields: tuple[str, ...], until: str) -> None:
        self.entries.append(Entry(name, activity, texts, fields, until))
        for held, value in zip(self.texts.values, fields, strict=True):
            held.add(value)


@cache
def _index() -> _Index:
    return _Index()


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
    index = _index()
    entries = [entry for entry in index.entries if all(keep(entry) for keep in keeps)]
    named = _named(text, entries)
    if named:
        return named[:limit]
    return _ranked(text, terms(text, index.texts), entries, kind, basis)[:limit]


def _named(text: str, entries: Sequence[Entry]) -> list[Hit]:
    """Entries by their id or a part of it, where the query is one."""
    plain = text.strip().casefold()
    if ":" not in plain or len(plain.split()) > 1:
        return []
    found = sorted((entry.id for entry in entries if plain in entry.id.casefold()), key=lambda name: (len(name), name))
    return [Hit(name, 1.0, (text.strip(),), ()) for name in found]


def _ranked(
    text: str, asked: Sequence[Term], entries: Sequence[Entry], kind: str | None, basis: str | None
) -> list[Hit]:
    """Entries by score; see the rules of the module."""
    fits = [[_fit(term, entry) for entry in entries] for term in asked]
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
    named = {n for term, row in zip(asked, fits, strict=True) if any(row) and not term.is_qualifier for n in term.texts}
    near.sort(key=lambda pair: (-round(pair[0], 6), _plain(entries[pair[1]], named, prefers_china=is_chinese)))
    return [
        Hit(
            entries[number].id, round(score, 4),
            tuple(term.text for term, row in zip(asked, fits, strict=True) if row[number] >= FITS),
            tuple(term.text for term, row in zip(asked, fits, strict=True) if row[number] < FITS),
        )
        for score, number in near
    ]  # fmt: skip


def _fit(term: Term, entry: Entry) -> float:
    """How well an entry fits a term, from 0 to 1: by the best of its meanings."""
    held: Scores = term.texts
    best = max(role * held[number] if number in held else 0.0 for number, role in zip(entry.texts, ROLES, strict=True))
    return max(best, *(values.get(entry.fields[number], 0.0) for number, values in term.fields.items()), 0.0)


def _unasked(entry: Entry, kinds: set[str], bases: set[str]) -> float:
    """What an entry loses for being of a kind or basis that nobody asked for."""
    kind, basis = entry.fields[Field.KIND], entry.fields[Field.BASIS]
    is_odd = not is_usual(basis, entry.activity) and basis not in bases
    return UNASKED * ((kind != FACTOR and kind not in kinds) + is_odd)


def _plain(entry: Entry, named: Container[int], *, prefers_china: bool) -> tuple[object, ...]:
    """The order of hits that fit equally well; ``named`` are the texts that the words of the query stand in."""
    index, basis = _index(), entry.fields[Field.BASIS]
    family, *rest = entry.activity.split(".")
    words = tokens(entry.activity), index.texts.words[entry.texts[1]]
    return (
        prefers_china and country(entry.fields[Field.REGION]) != "CN",
        entry.activity != GWP and index.activity(".".join([family, *rest[:1]]))[0] not in named,
        basis == "life_cycle" and not is_usual(basis, entry.activity),
        BASES.index(basis) if basis in BASES else -1,
        FAMILIES.index(family) if family in FAMILIES else len(FAMILIES),
        [-ord(letter) for letter in entry.until],
        not GENERAL & {*words[0], *words[1]},
        len(words[0]) + len(words[1]),
        entry.id,
    )


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


def subject(text: str) -> Subject:
    """What a word of the vocabulary, or free words, ask about.

    Raises:
        UnknownNameError: no word of the vocabulary fits.

    >>> subject("电力").activities
    ('electricity',)
    """
    if text in vocabulary():
        return Subject((text,))
    index = _index()
    by_spend = SPEND & set(tokens(text))
    told = {word: index.activity(word)[0] for word in vocabulary() if by_spend or not word.startswith("spend.")}
    asked = terms(text, index.texts)
    about = [
        term for term in asked if not term.is_qualifier and not term.asks(Field.KIND) and not term.asks(Field.SOURCE)
    ]
    about = [
        term for term in about if not term.asks(Field.BASIS) or any(number in term.texts for number in told.values())
    ]
    fits = {
        word: min((term.texts.get(number, 0.0) for term in about), default=0.0) for word, number in told.items()
    }  # fmt: skip
    best = max(fits.values())
    if best < FITS:
        hint = "No word of the vocabulary fits, so the library has no factor for it."
        raise UnknownNameError("activity", text, vocabulary(), hint)
    found = [word for word, fit in fits.items() if fit == best]
    said = [token for term in about for token in tokens(term.text)]
    itself = [word for word in found if tokens(word) == said]
    outright = itself or [word for word in found if tokens(".".join(word.split(".")[1:2])) == said]
    # ``electricity`` is itself and no ``managed_asset.electricity``; ``diesel`` is ``fuel.diesel`` and no car that
    # burns it; ``rail`` is freight and travel, and stays ambiguous.
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for word in outright or found:
        groups[word.partition(".")[0] if outright else ""].append(word)
    shortest = {name: min(word.count(".") for word in words) for name, words in groups.items()}
    chosen = [word for name, words in groups.items() for word in words if word.count(".") == shortest[name]]
    years = [int(term.text) for term in asked if term.fields.get(Field.YEAR)]
    return Subject(
        tuple(chosen),
        next((kind for kind in KINDS if any(kind in term.asks(Field.KIND) for term in asked)), FACTOR),
        frozenset(basis for term in asked for basis in term.asks(Field.BASIS)),
        next((code for term in asked for code in sorted(term.asks(Field.REGION)) if code != WORLD), ""),
        years[0] if years else None,
        next((term.text for term in asked if term.asks(Field.SOURCE)), ""),
    )
