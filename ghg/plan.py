"""The plan of a run: everything that needs judgement, decided over distinct keys and written down as small tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from ghg.accounts import Account, accounts
from ghg.boundary.consolidation import Boundary
from ghg.boundary.pieces import Piece, cut
from ghg.factors import FACTOR, FactorRow, FactorTable
from ghg.figures import Book
from ghg.instruments.matching import Matching, Portion
from ghg.inventory import Inventory
from ghg.issues import listing
from ghg.methods import Method
from ghg.resolve import Choice, Chooser, Want, by_days, explain_absence
from ghg.units import unit

KEY = ("activity", "region", "start", "end", "unit")
"""Columns every key has; those of an inventory whose boundary or instruments ask who consumed have the entity too."""


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What decides a row's factors: distinct over a handful of values however many rows there are."""

    activity: str
    region: str
    start: str
    end: str
    unit: str
    entity: str = ""

    @property
    def days(self) -> tuple[date, date]:
        """First and last day."""
        return date.fromisoformat(self.start), date.fromisoformat(self.end)


@dataclass(frozen=True, slots=True)
class Posting:
    """One account a match posts to: amount × parameters × factor × share, of one gas or measured quantity.

    ``book`` is blank where both books take the posting alike; ``gas`` is blank for a measured quantity; ``factor`` and
    ``parameters`` are ids of factor rows; ``why`` says what the share is.
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
    why: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """Keys that resolve alike: one account, one method, the same choices and so the same postings.

    ``scale`` is what a what-if multiplies the activity by; the shares of the postings hold it already.
    ``pieces`` says which share of the amount counts for which days, where it is not all of it.
    """

    activity: str
    method: str
    choices: tuple[Choice, ...]
    postings: tuple[Posting, ...]
    scale: Fraction = Fraction(1)
    pieces: tuple[str, ...] = ()

    @property
    def identity(self) -> tuple[str, ...]:
        """What makes two keys share a match; also the order of matches."""
        taken = (
            f"{choice.book}/{choice.kind}/{choice.factor.id if choice.factor else ''}/{choice.rung}"
            for choice in self.choices
        )
        scaled = () if self.scale == 1 else (f"× {self.scale}",)
        return (self.activity, self.method, *taken, *self.pieces, *scaled)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a key cannot post."""

    rule: str
    message: str


@dataclass(frozen=True)
class Rules:
    """What decides shares beside the inventory: its boundary, and the instruments matched to its consumption.

    Attributes:
        boundary: the days of a key that count, each with its share; none where all do.
        matching: how instruments cover consumption; none where the inventory has none.
        columns: columns of a key.
    """

    boundary: Boundary | None = None
    matching: Matching | None = None
    columns: tuple[str, ...] = KEY

    def pieces(self, key: Key) -> tuple[Piece, ...]:
        """The days of a key that count."""
        return self.boundary.pieces(key.entity, *key.days) if self.boundary else (Piece(*key.days),)

    def cut(self, account: Account, key: Key) -> list[Piece]:
        """The pieces of a key, cut where other instruments may cover it."""
        found = self.pieces(key)
        if not self.matching or not account.carrier:
            return list(found)
        days = self.matching.cuts(account.carrier, key.region, key.entity)
        return [part for piece in found for part in cut(piece, days)]

    def portions(self, account: Account, key: Key, piece: Piece) -> tuple[Portion, ...]:
        """The instruments that cover a piece in the market-based book."""
        if not self.matching or not account.carrier or piece.category:
            return ()
        return self.matching.portions(account.carrier, key.region, key.entity, piece.start, piece.end)


@dataclass(frozen=True, slots=True)
class Plan:
    """The small tables of a run.

    Attributes:
        matches: in the order of their identity, independent of row order.
        keys: key to the position of its match.
        failures: keys that cannot post.
        outside: keys that lie outside the boundary, each with the reason.
        table: the factors the ids refer to.
        gwp: the GWP set of CO2e.
        decimals: decimals of the quantum.
        rules: what decided shares.
    """

    matches: tuple[Match, ...]
    keys: Mapping[Key, int]
    failures: Mapping[Key, Failure]
    table: FactorTable
    gwp: str
    decimals: int
    rules: Rules
    outside: Mapping[Key, str] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of a key."""
        return self.rules.columns

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


def make_plan(inventory: Inventory, table: FactorTable, keys: Iterable[Key], rules: Rules = Rules()) -> Plan:
    """The plan for the distinct keys of an inventory's rows."""
    chooser = Chooser(table, inventory)
    found: dict[Key, Match] = {}
    failures: dict[Key, Failure] = {}
    outside: dict[Key, str] = {}
    known: dict[tuple[object, ...], Match | Failure | str] = {}
    for key in keys:
        dimension = unit(key.unit).dimension
        question = (key.activity, key.region, key.start, key.end, key.entity, dimension)
        if question not in known:
            known[question] = _match(chooser, rules, key, dimension)
        answer = known[question]
        if isinstance(answer, Match):
            found[key] = answer
        elif isinstance(answer, str):
            outside[key] = answer
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
        rules,
        outside,
    )


def _match(chooser: Chooser, rules: Rules, key: Key, dimension: str) -> Match | Failure | str:
    """How one key resolves: piece by piece, in each book the share of every instrument, and a factor for the rest."""
    account = accounts()[key.activity]
    method = _method(chooser.inventory, account, dimension)
    if method is None:
        return Failure("factor-missing", _no_method(chooser.inventory, account, dimension))
    choices: list[Choice] = []
    postings: list[Posting] = []
    pieces = rules.cut(account, key)
    if not pieces:
        return rules.boundary.why_outside(key.entity, *key.days) if rules.boundary else ""
    for piece in pieces:
        portions = rules.portions(account, key, piece) if "market" in chooser.inventory.books else ()
        rest = 1 - sum((portion.share for portion in portions), Fraction(0))
        wants = _wants(chooser.inventory, account, method, key.region, piece, dimension, with_market=bool(rest))
        found = by_days(chooser, wants) if wants else []
        if isinstance(found, tuple):
            choice, want = found
            return Failure("factor-ambiguous" if choice.standing else "factor-missing", explain_absence(choice, want))
        for start in range(0, max(len(found), 1), max(len(wants), 1)):
            postings += _leased(_postings(account, found[start : start + len(wants)], piece, rest), piece)
        covering = [_covering(chooser.table, account, key, portion) for portion in portions]
        for portion, choice in zip(portions, covering, strict=True):
            postings += _covered(account, choice, piece, portion)
        choices += [*found, *covering]
    said = () if pieces == [Piece(*key.days)] else tuple(str(piece) for piece in pieces)
    return Match(account.activity, method.id, tuple(_distinct(choices)), tuple(_merged(postings)), pieces=said)


def _leased(postings: Iterable[Posting], piece: Piece) -> Iterator[Posting]:
    """The postings of a leased asset that is somebody else's: what is Scope 1 and 2 there is one category of Scope 3.

    Scope 3 is in one book, so the location-based value of purchased energy is taken; the energy is not the
    organisation's own.
    """
    for posting in postings:
        if not piece.category or posting.scope not in ("1", "2"):
            yield posting
        elif posting.measure == "emissions" and posting.book != "market":
            yield replace(posting, book="", scope="3", category=piece.category, energy="")


def _distinct(choices: Iterable[Choice]) -> list[Choice]:
    """The choices, each once, in their order."""
    found = {
        (choice.book, choice.kind, choice.factor.id if choice.factor else "", choice.rung): choice for choice in choices
    }
    return list(found.values())


def _merged(postings: Iterable[Posting]) -> list[Posting]:
    """Postings to the same account under the same factor as one, their shares added."""
    found: dict[Posting, Posting] = {}
    for posting in postings:
        alike = replace(posting, share=Fraction(1), why="")
        known = found.get(alike)
        if known is None:
            found[alike] = posting
            continue
        share, said = known.share + posting.share, dict.fromkeys((*known.why.split("; "), *posting.why.split("; ")))
        found[alike] = replace(known, share=share, why="; ".join(filter(None, said)) if share != 1 else "")
    return list(found.values())


def _covering(table: FactorTable, account: Account, key: Key, portion: Portion) -> Choice:
    """An instrument as the choice of a factor in the market-based book."""
    instrument, row = portion.instrument, portion.instrument.row
    numbered = " ".join(part for part in (row.registry, row.tracking_id) if part)
    said = ", ".join(
        part
        for part in (
            f"rung {row.rung.replace('_', ' ')}: {row.id} ({instrument.file}:{instrument.line})", numbered,
            f"vintage {row.vintage_start} to {row.vintage_end}", f"retired {row.retired}" if row.retired else "",
            f"covers {portion.share} of the {account.carrier} of {key.entity or 'the organisation'} in {key.region}",
        )
        if part
    )  # fmt: skip
    return Choice(FACTOR, "market", table.find(instrument.factor), said, (), tuple)


def _covered(account: Account, choice: Choice, piece: Piece, portion: Portion) -> list[Posting]:
    """The postings of an instrument: one a gas of its rate."""
    why = "; ".join(part for part in (piece.why, f"covered by {portion.instrument.id}") if part)
    share = piece.share * portion.share
    rows = choice.factor.rows if choice.factor else ()
    return [
        Posting(
            "market", account.scope, account.category, account.measure, account.energy, row.gas, row.id, (), share, why
        )
        for row in rows
    ]


def wanted(inventory: Inventory, key: Key) -> list[Want]:
    """The factors and parameters a key asks for; none where no method takes it."""
    account, dimension = accounts()[key.activity], unit(key.unit).dimension
    method = _method(inventory, account, dimension)
    if method is None:
        return []
    return _wants(inventory, account, method, key.region, Piece(*key.days), dimension, with_market=True)


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


def _wants(
    inventory: Inventory,
    account: Account,
    method: Method,
    region: str,
    piece: Piece,
    dimension: str,
    *,
    with_market: bool,
) -> list[Want]:
    """The parameters and factors a key needs: parameters once, the emission factor once a book that has its own."""

    def want(kind: str, word: str, bases: tuple[str, ...], book: Book, measured: str) -> Want:
        ordered = len(bases) > 1 and account.is_hierarchy(book)
        return Want(kind, word, account.activity, bases, ordered, region, piece.start, piece.end, book, measured)

    wants = [want(kind, account.fuel, (), "location", dimension) for kind in method.parameters]
    if not method.takes_factor:
        return wants
    canonical = method.canonical_of(dimension)
    has_books = account.market_factor_activity and not piece.category
    asked: tuple[Book, ...] = inventory.books if has_books else ("location",)
    return wants + [
        want(FACTOR, account.word(book), inventory.bases(account, book), book, canonical)
        for book in asked
        if account.word(book) and (book != "market" or with_market)
    ]


def _postings(account: Account, choices: list[Choice], piece: Piece, rest: Fraction) -> list[Posting]:
    """One posting a gas of each factor, and one for energy or for a measured quantity.

    ``rest`` is the share that no instrument covers in the market-based book.
    """
    parameters = tuple(choice.factor.first.id for choice in choices if choice.factor and choice.kind != FACTOR)
    taken = [(choice.book, choice.factor) for choice in choices if choice.factor and choice.kind == FACTOR]
    days = Fraction(choices[0].days, choices[0].of_days) if choices else Fraction(1)
    why = [piece.why, "of its days" if days * piece.days != 1 else ""]

    def posting(book: str, measure: str, row: FactorRow | None) -> Posting:
        gas, factor = (row.gas, row.id) if row else ("", "")
        is_rest = book == "market" and rest != 1
        said = "; ".join(filter(None, [*why, "covered by no instrument" if is_rest else ""]))
        return Posting(
            book, account.scope, account.category, measure, account.energy, gas, factor, parameters,
            piece.share * days * (rest if is_rest else 1), said,
        )  # fmt: skip

    gas_rows = [(book if account.market_factor_activity else "", row) for book, factor in taken for row in factor.rows]
    made = [posting(book, account.measure, row) for book, row in gas_rows]
    if not taken and not account.takes_factor:
        made.append(posting("", account.measure, None))
    if account.energy:
        made.append(posting("", "energy", None))
    return made
