"""The plan of a run: everything that needs judgement, decided over distinct keys and written down as small tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ghg.accounts import Account, accounts
from ghg.factors import FACTOR, FactorRow, FactorTable
from ghg.figures import Book
from ghg.inventory import Inventory
from ghg.issues import listing
from ghg.methods import Method
from ghg.resolve import Choice, Chooser, Want, by_days, explain_absence
from ghg.units import unit


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What decides a row's factors: distinct over a handful of values however many rows there are."""

    activity: str
    region: str
    start: str
    end: str
    unit: str


@dataclass(frozen=True, slots=True)
class Posting:
    """One account a match posts to: amount × parameters × factor × share, of one gas or measured quantity.

    ``book`` is blank where both books take the posting alike; ``gas`` is blank for a measured quantity; ``factor`` and
    ``parameters`` are ids of factor rows.
    """

    book: str
    scope: str
    category: str
    measure: str
    energy: str
    gas: str
    factor: str
    parameters: tuple[str, ...]
    share: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Match:
    """Keys that resolve alike: one account, one method, the same choices and so the same postings.

    ``scale`` is what a what-if multiplies the activity by; the shares of the postings hold it already.
    """

    activity: str
    method: str
    choices: tuple[Choice, ...]
    postings: tuple[Posting, ...]
    scale: Fraction = Fraction(1)

    @property
    def identity(self) -> tuple[str, ...]:
        """What makes two keys share a match; also the order of matches."""
        taken = (
            f"{choice.book}/{choice.kind}/{choice.factor.id if choice.factor else ''}/{choice.rung}"
            for choice in self.choices
        )
        scaled = () if self.scale == 1 else (f"× {self.scale}",)
        return (self.activity, self.method, *taken, *scaled)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a key cannot post."""

    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The small tables of a run.

    Attributes:
        matches: in the order of their identity, independent of row order.
        keys: key to the position of its match.
        failures: keys that cannot post.
        table: the factors the ids refer to.
        gwp: the GWP set of CO2e.
        decimals: decimals of the quantum.
    """

    matches: tuple[Match, ...]
    keys: Mapping[Key, int]
    failures: Mapping[Key, Failure]
    table: FactorTable
    gwp: str
    decimals: int

    @property
    def used(self) -> tuple[str, ...]:
        """Ids of the factor rows that postings refer to, sorted."""
        postings = (posting for match in self.matches for posting in match.postings)
        return tuple(sorted({name for posting in postings for name in (posting.factor, *posting.parameters) if name}))

    @property
    def fingerprint(self) -> str:
        """SHA-256 over what decides the result: matches, factor rows used, GWP set and quantum."""
        content = {
            "matches": [match.identity for match in self.matches],
            "factors": [self.table.rows[name].model_dump(mode="json") for name in self.used],
            "gwp": self.gwp,
            "decimals": self.decimals,
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def make_plan(inventory: Inventory, table: FactorTable, keys: Iterable[Key]) -> Plan:
    """The plan for the distinct keys of an inventory's rows."""
    chooser = Chooser(table, inventory)
    found: dict[Key, Match] = {}
    failures: dict[Key, Failure] = {}
    known: dict[tuple[object, ...], Match | Failure] = {}
    for key in keys:
        dimension = unit(key.unit).dimension
        question = (key.activity, key.region, key.start, key.end, dimension)
        if question not in known:
            known[question] = _match(chooser, key, dimension)
        answer = known[question]
        if isinstance(answer, Match):
            found[key] = answer
        else:
            failures[key] = answer
    matches = {match.identity: match for match in found.values()}
    order = {identity: position for position, identity in enumerate(sorted(matches))}
    keys_to_match = {key: order[match.identity] for key, match in found.items()}
    return Plan(
        tuple(matches[identity] for identity in sorted(matches)),
        keys_to_match,
        failures,
        table,
        inventory.gwp,
        inventory.decimals,
    )


def _match(chooser: Chooser, key: Key, dimension: str) -> Match | Failure:
    """How one key resolves."""
    account = accounts()[key.activity]
    method = _method(chooser.inventory, account, dimension)
    if method is None:
        return Failure("factor-missing", _no_method(chooser.inventory, account, dimension))
    wants = _wants(chooser.inventory, account, method, key, dimension)
    if not wants:
        return Match(account.activity, method.id, (), tuple(_postings(account, [])))
    found = by_days(chooser, wants)
    if isinstance(found, tuple):
        choice, want = found
        return Failure("factor-ambiguous" if choice.standing else "factor-missing", explain_absence(choice, want))
    parts: dict[int, list[Choice]] = {}
    for position, choice in enumerate(found):
        parts.setdefault(position // len(wants), []).append(choice)
    postings = (posting for choices in parts.values() for posting in _postings(account, choices))
    return Match(account.activity, method.id, tuple(found), tuple(postings))


def _method(inventory: Inventory, account: Account, dimension: str) -> Method | None:
    """The method of an amount: the one that takes its dimension, among those the inventory selects."""
    selected = {
        chosen.method for chosen in inventory.selection if chosen.activity == account.activity and chosen.method
    }
    return next(
        (
            found
            for found in account.allowed_methods
            if found.accepts(dimension) and (not selected or found.id in selected)
        ),
        None,
    )


def _no_method(inventory: Inventory, account: Account, dimension: str) -> str:
    """Why no method takes an amount."""
    selected = [
        chosen.method for chosen in inventory.selection if chosen.activity == account.activity and chosen.method
    ]
    return f"the inventory selects {listing(selected)} for {account.activity!r}, which takes no {dimension}."


def _wants(inventory: Inventory, account: Account, method: Method, key: Key, dimension: str) -> list[Want]:
    """The parameters and factors a key needs: parameters once, the emission factor once a book that has its own."""
    days = (date.fromisoformat(key.start), date.fromisoformat(key.end))

    def want(kind: str, word: str, bases: tuple[str, ...], book: Book, measured: str) -> Want:
        ordered = len(bases) > 1 and account.is_hierarchy(book)
        return Want(kind, word, account.activity, bases, ordered, key.region, *days, book, measured)

    wants = [want(kind, account.fuel, (), "location", dimension) for kind in method.parameters]
    if not method.takes_factor:
        return wants
    canonical = method.canonical_of(dimension)
    asked: tuple[Book, ...] = inventory.books if account.market_factor_activity else ("location",)
    return wants + [want(FACTOR, account.word(book), inventory.bases(account, book), book, canonical) for book in asked]


def _postings(account: Account, choices: list[Choice]) -> list[Posting]:
    """One posting a gas of each factor, and one for energy or for a measured quantity."""
    parameters = tuple(choice.factor.first.id for choice in choices if choice.factor and choice.kind != FACTOR)
    taken = [(choice.book, choice.factor) for choice in choices if choice.factor and choice.kind == FACTOR]
    share = Fraction(choices[0].days, choices[0].of_days) if choices else Fraction(1)

    def posting(book: str, measure: str, row: FactorRow | None) -> Posting:
        gas, factor = (row.gas, row.id) if row else ("", "")
        return Posting(book, account.scope, account.category, measure, account.energy, gas, factor, parameters, share)

    gas_rows = [(book if account.market_factor_activity else "", row) for book, factor in taken for row in factor.rows]
    made = [posting(book, account.measure, row) for book, row in gas_rows]
    if not taken:
        made.append(posting("", account.measure, None))
    if account.energy:
        made.append(posting("", "energy", None))
    return made
