"""What words ask about: an activity of the vocabulary, and the place, year, basis and publisher they say beside it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from ghg.catalogue.absences import knows_publisher
from ghg.catalogue.entries import index
from ghg.catalogue.finder import FITS, KINDS
from ghg.catalogue.queries import Field, phrases, terms, tokens
from ghg.factors import FACTOR
from ghg.issues import UnknownNameError
from ghg.regions import WORLD
from ghg.vocabulary import vocabulary

SPEND = frozenset(("spend", "spending", "naic", "usd", "dollar"))
"""Words that ask for a factor per spend; its industries are named like goods."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What words ask about: the words of the vocabulary they may mean, and what else they say."""

    activities: tuple[str, ...]
    kind: str = FACTOR
    bases: frozenset[str] = frozenset()
    region: str = ""
    year: int | None = None
    publisher: str = ""


def without_publisher(text: str) -> tuple[str, str]:
    """The words without one that only names a publisher on record, such as ecoinvent or IEA, and that word."""
    known = [word for word in text.split() if _only_names_a_publisher(word)]
    rest = " ".join(word for word in text.split() if word not in known)
    return (rest, known[0]) if len(known) == 1 and rest else (text, "")


def _only_names_a_publisher(word: str) -> bool:
    said = tokens(word)
    held = index().texts.holding(said) if said else {}
    is_word = tuple(said) in phrases() or any(index().activity(name)[0] in held for name in vocabulary())
    return not is_word and knows_publisher(word)


def subject(text: str) -> Subject:
    """What a word of the vocabulary, or free words, ask about.

    Raises:
        UnknownNameError: no word of the vocabulary fits.

    >>> subject("电力").activities
    ('electricity',)
    """
    if text in vocabulary():
        return Subject((text,))
    known = index()
    asked = terms(text, known.texts)
    by_spend = SPEND & {word for term in asked for word in term.words}
    told = {word: known.activity(word)[0] for word in vocabulary() if by_spend or not word.startswith("spend.")}
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
    regions = (code for term in asked for code in term.asks(Field.REGION))
    places = sorted(regions, key=lambda code: (code == WORLD, code))
    years = [int(term.text) for term in asked if term.fields.get(Field.YEAR)]
    return Subject(
        tuple(chosen),
        next((kind for kind in KINDS if any(kind in term.asks(Field.KIND) for term in asked)), FACTOR),
        frozenset(basis for term in asked for basis in term.asks(Field.BASIS)),
        places[0] if places else "",
        years[0] if years else None,
        next((term.text for term in asked if term.asks(Field.SOURCE)), ""),
    )
