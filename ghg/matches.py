"""How a key posts: by which method, under which factors, in which shares; or why it cannot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from ghg.accounts import Account
from ghg.boundary.pieces import ONE, Piece
from ghg.factors import FACTOR, FactorRow, FactorTable
from ghg.gases import blends, find_gas, gwp_sets, outside, without_value
from ghg.inventory import Inventory
from ghg.keys import Failure, Key, Match, Posting, Rules
from ghg.methods import Method, Result
from ghg.resolve import Choice, Chooser, Want, by_days
from ghg.shortfall import explain_absence
from ghg.units import unit
from ghg.ways import Way, ways_of

if TYPE_CHECKING:
    from ghg.instruments.matching import Portion


@dataclass(frozen=True, slots=True)
class _Target:
    """An account a key posts to, by a method; with the factors that takes, and what its factors are per."""

    account: Account
    method: Method
    wants: tuple[Want, ...]
    canonical: str


class Matcher:
    """How keys post; what keys of one activity, item and method have in common is worked out once.

    Args:
        chooser: chooses factors.
        rules: what decides shares.
    """

    def __init__(self, chooser: Chooser, rules: Rules) -> None:
        self._chooser, self._rules = chooser, rules
        self._ways: dict[tuple[str, str, str, str], tuple[Way, ...] | Failure] = {}

    def match(self, key: Key, dimension: str) -> Match | Failure | str:
        """How one key resolves: by the first method, in the account's order, that finds its factors.

        A text says why the key lies outside the boundary.
        """
        kind = (key.activity, key.item, key.method, dimension)
        ways = self._ways.get(kind)
        if ways is None:
            ways = self._ways[kind] = ways_of(self._chooser.inventory, key, dimension)
        if isinstance(ways, Failure):
            return ways
        first: Failure | None = None
        for way in ways:
            answer = _by_method(self._chooser, self._rules, _Question(way, key))
            if not isinstance(answer, Failure) or answer.rule != "factor-missing":
                return answer
            first = first or answer
        return first or answer


@dataclass(frozen=True, slots=True)
class _Question:
    """A key that is to post by a method of its account."""

    way: Way
    key: Key


def _by_method(chooser: Chooser, rules: Rules, question: _Question) -> Match | Failure | str:
    """How one key resolves by one method: piece by piece, in each book the share of every instrument, and the rest."""
    account, key = question.way.account, question.key
    choices: list[Choice] = []
    postings: list[Posting] = []
    pieces = rules.cut(account, key)
    if not pieces:
        return rules.boundary.why_outside(key.entity, *key.days) if rules.boundary else ""
    for piece in pieces:
        found = _piece(chooser, rules, question, piece)
        if isinstance(found, Failure):
            return found
        choices += found[0]
        postings += found[1]
    said = () if pieces == [Piece(*key.days)] else tuple(str(piece) for piece in pieces)
    taken, merged = tuple(_distinct(choices)), tuple(_merged(postings))
    return Match(account.activity, question.way.method.id, taken, merged, pieces=said, item=key.item)


def _piece(
    chooser: Chooser, rules: Rules, question: _Question, piece: Piece
) -> tuple[list[Choice], list[Posting]] | Failure:
    """The choices and postings of one piece."""
    account, key = question.way.account, question.key
    if question.way.method.result is Result.GAS:
        found_gas = _gas(chooser.inventory, account, key.item, piece)
        return found_gas if isinstance(found_gas, Failure) else ([], list(_leased(found_gas, piece)))
    is_coverable = "market" in chooser.inventory.books and question.way.method.is_coverable
    portions = rules.portions(account, key, piece) if is_coverable else ()
    rest = 1 - sum((portion.share for portion in portions), Fraction(0)) if portions else ONE
    targets = [
        _target(question, piece, with_market=bool(rest)),
        *_followers(chooser, question, piece),
    ]
    wants = [want for target in targets for want in target.wants]
    found = by_days(chooser, wants)
    if isinstance(found, tuple):
        choice, want = found
        rule = "factor-ambiguous" if choice.standing else "factor-missing"
        return Failure(rule, explain_absence(choice, want, chooser))
    postings: list[Posting] = []
    for start in range(0, max(len(found), 1), max(len(wants), 1)):
        for target, choices in _split(targets, found[start : start + len(wants)]):
            postings += _leased(_postings(target, choices, piece, rest), piece)
    covering = [_covering(chooser.table, account, key, portion) for portion in portions]
    for portion, choice in zip(portions, covering, strict=True):
        postings += _covered(account, choice, piece, portion)
    return [*found, *covering], postings


def wanted(inventory: Inventory, key: Key) -> list[Want]:
    """The factors and parameters a key may ask for, by whatever method it goes; none where no method takes it.

    An account that follows where a factor is found may follow elsewhere too, so what it asks for is among them.
    """
    ways, whole, found = ways_of(inventory, key, unit(key.unit).dimension), Piece(*key.days), []
    for question in () if isinstance(ways, Failure) else (_Question(way, key) for way in ways):
        targets = [_target(question, whole, with_market=True)]
        targets += [target for _, following in _following(question, whole) for target in following]
        found += [want for target in targets for want in target.wants]
    return found


def _split(targets: list[_Target], choices: list[Choice]) -> Iterable[tuple[_Target, list[Choice]]]:
    """Each target with the choices it asked for."""
    start = 0
    for target in targets:
        yield target, choices[start : start + len(target.wants)]
        start += len(target.wants)


def _target(question: _Question, piece: Piece, *, with_market: bool) -> _Target:
    """What a key needs for a piece."""
    way, region = question.way, question.key.region
    wants = tuple(
        Want(one.kind, one.word, one.account, one.bases, one.is_hierarchy, region, piece.start, piece.end, one.book,
             one.dimension)
        for one in way.asked[bool(piece.category)]
        if with_market or one.book != "market"
    )  # fmt: skip
    return _Target(way.account, way.method, wants, way.method.canonical_of(way.dimension))


def _followers(chooser: Chooser, question: _Question, piece: Piece) -> list[_Target]:
    """The accounts that take the rows of this one once more, as far as the inventory asks or a factor is found.

    Each goes by its first method that finds its factors, as a row of its own would; one that is asked for and finds
    none comes back all the same, and the key fails by it.
    """
    made = []
    for is_asked, targets in _following(question, piece):
        sound = [target for target in targets if not any(map(partial(_is_missing, chooser), target.wants))]
        made += sound[:1] or (targets[:1] if is_asked else [])
    return made


def _is_missing(chooser: Chooser, want: Want) -> bool:
    """Whether no factor at all is left."""
    found = chooser.choose(want)
    return found.factor is None and not found.standing


def _following(question: _Question, piece: Piece) -> Iterator[tuple[bool, list[_Target]]]:
    """What the accounts that may follow need: whether the inventory asks for each, and by which methods it may go."""
    for is_asked, ways in question.way.following:
        yield is_asked, [_target(_Question(way, question.key), piece, with_market=False) for way in ways]


def _leased(postings: Iterable[Posting], piece: Piece) -> Iterator[Posting]:
    """The postings of a leased asset that is somebody else's: what is Scope 1 and 2 there is one category of Scope 3.

    Scope 3 is in one book, so a way asks for the location-based value of purchased energy alone; the energy is not
    the organisation's own.
    """
    for posting in postings:
        if not piece.category or posting.scope not in ("1", "2"):
            yield posting
        elif posting.measure != "energy":
            yield posting._replace(book="", scope="3", category=piece.category, energy="")


def _distinct(choices: Iterable[Choice]) -> list[Choice]:
    """The choices, each once, in their order."""
    found = {
        (choice.book, choice.kind, choice.factor.id if choice.factor else "", choice.rung): choice for choice in choices
    }
    return list(found.values())


def _merged(postings: Iterable[Posting]) -> list[Posting]:
    """Postings to the same account under the same factor as one, their shares added."""
    found: dict[object, Posting] = {}
    for posting in postings:
        alike = posting.without_share
        known = found.get(alike)
        if known is None:
            found[alike] = posting
            continue
        share, said = known.share + posting.share, dict.fromkeys((*known.why.split("; "), *posting.why.split("; ")))
        found[alike] = known._replace(share=share, why="; ".join(filter(None, said)) if share != 1 else "")
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
            f"covers {portion.share} of the {account.carrier} of {key.entity} in {key.region}",
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
            "market",
            account.scope,
            account.category,
            account.measure,
            account.energy,
            row.gas,
            row.id,
            (),
            share,
            why,
            account.activity,
        )
        for row in rows
    ]


def _postings(target: _Target, choices: list[Choice], piece: Piece, rest: Fraction) -> list[Posting]:
    """One posting a gas of each factor, and one for energy or for a measured quantity.

    ``rest`` is the share that no instrument covers in the market-based book.
    """
    account = target.account
    parameters = tuple(choice.factor.first.id for choice in choices if choice.factor and choice.kind != FACTOR)
    taken = [(choice.book, choice.factor) for choice in choices if choice.factor and choice.kind == FACTOR]
    is_whole = not choices or choices[0].days == choices[0].of_days
    days = ONE if is_whole else Fraction(choices[0].days, choices[0].of_days)
    is_part = not (is_whole and piece.days is ONE) and days * piece.days != 1
    why = [part for part in (piece.why, "of its days" if is_part else "") if part]
    whole = (piece.share if is_whole else piece.share * days, "; ".join(why))
    uncovered = whole if rest == 1 else (whole[0] * rest, "; ".join([*why, "covered by no instrument"]))

    def posting(book: str, measure: str, row: FactorRow | None) -> Posting:
        gas, factor = (row.gas, row.id) if row else ("", "")
        share, said = uncovered if book == "market" else whole
        return Posting(
            book, account.scope, account.category, measure, account.energy, gas, factor, parameters,
            share, said, account.activity,
        )  # fmt: skip

    made = []
    for book, factor in taken:
        for row in factor.rows:
            name = book if account.market_factor_activity else ""
            made += [posting(name, measure, row) for measure in (account.measure, *outside(row.gas))]
    if target.method.result is Result.EMISSIONS:
        made.append(posting("", account.measure, None)._replace(gas=target.method.gas))
    if target.method.result is Result.QUANTITY:
        made.append(posting("", account.measure, None))
    if account.energy and account.measure != "energy" and target.canonical.startswith("energy"):
        made.append(posting("", "energy", None))
    return made


def _gas(inventory: Inventory, account: Account, item: str, piece: Piece) -> list[Posting] | Failure:
    """A gas released as it is, or a blend by its composition: one posting a gas, shares that sum to one."""
    name = find_gas(item)
    parts = blends()[name].components if name in blends() else {name: Fraction(1)}
    nothing = without_value(inventory.gwp, name) if name in blends() else ()
    made: list[Posting] = []
    for gas, share in parts.items():
        if gas not in nothing and gas not in gwp_sets()[inventory.gwp]:
            of_blend = "" if gas == name else f", a part of {name}"
            return Failure("gwp-missing", f"the GWP set {inventory.gwp} has no value for {gas}{of_blend}.")
        measures = [account.measure, *(outside(gas) if gas not in nothing else ())]
        made += [
            Posting("", account.scope, account.category, measure, "", gas, "", (), share * piece.share, piece.why,
                    account.activity, name)
            for measure in measures
        ]  # fmt: skip
    return made
