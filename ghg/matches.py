"""How a key posts: by which method, under which factors, in which shares; or why it cannot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from ghg.accounts import GAS, OWN, Account, accounts, substance
from ghg.boundary.pieces import Piece
from ghg.factors import FACTOR, FactorRow, FactorTable
from ghg.figures import Book
from ghg.gases import CO2E, blends, find_gas, gwp_sets, outside, without_value
from ghg.instruments.matching import Portion
from ghg.inventory import Inventory
from ghg.issues import UnknownNameError, listing, suggest
from ghg.keys import Failure, Key, Match, Posting, Rules
from ghg.methods import Method, Result
from ghg.resolve import Choice, Chooser, Want, by_days
from ghg.schema import NONE
from ghg.shortfall import explain_absence
from ghg.units import unit
from ghg.vocabulary import words


@dataclass(frozen=True, slots=True)
class _Target:
    """An account a key posts to, by a method; with the factors that takes, and what its factors are per."""

    account: Account
    method: Method
    wants: tuple[Want, ...]
    canonical: str


def match(chooser: Chooser, rules: Rules, key: Key, dimension: str) -> Match | Failure | str:
    """How one key resolves: by the first method, in the account's order, that finds its factors.

    A text says why the key lies outside the boundary.
    """
    account = accounts()[key.activity]
    refused = _wrong_item(account, key.item)
    if refused:
        return refused
    methods = _methods(chooser.inventory, account, key, dimension)
    if not methods:
        return Failure("factor-missing", _no_method(chooser.inventory, account, key, dimension))
    first: Failure | None = None
    for method in methods:
        answer = _by_method(chooser, rules, _Question(account, method, key, dimension))
        if not isinstance(answer, Failure) or answer.rule != "factor-missing":
            return answer
        first = first or answer
    return first or answer


@dataclass(frozen=True, slots=True)
class _Question:
    """A key that is to post by a method of its account."""

    account: Account
    method: Method
    key: Key
    dimension: str


def _by_method(chooser: Chooser, rules: Rules, question: _Question) -> Match | Failure | str:
    """How one key resolves by one method: piece by piece, in each book the share of every instrument, and the rest."""
    account, key = question.account, question.key
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
    return Match(account.activity, question.method.id, taken, merged, pieces=said, item=key.item)


def _piece(
    chooser: Chooser, rules: Rules, question: _Question, piece: Piece
) -> tuple[list[Choice], list[Posting]] | Failure:
    """The choices and postings of one piece."""
    account, key = question.account, question.key
    if question.method.result is Result.GAS:
        found_gas = _gas(chooser.inventory, account, key.item, piece)
        return found_gas if isinstance(found_gas, Failure) else ([], list(_leased(found_gas, piece)))
    portions = rules.portions(account, key, piece) if "market" in chooser.inventory.books else ()
    rest = 1 - sum((portion.share for portion in portions), Fraction(0)) if portions else Fraction(1)
    targets = [
        _target(chooser.inventory, question, piece, with_market=bool(rest)),
        *_followers(chooser, question, piece),
    ]
    wants = [want for target in targets for want in target.wants]
    found = by_days(chooser, wants) if wants else []
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


def wanted(inventory: Inventory, table: FactorTable, key: Key) -> list[Want]:
    """The factors and parameters a key may ask for, by whatever method it goes; none where no method takes it."""
    account, dimension = accounts()[key.activity], unit(key.unit).dimension
    if _wrong_item(account, key.item):
        return []
    chooser, whole, found = Chooser(table, inventory), Piece(*key.days), []
    for method in _methods(inventory, account, key, dimension):
        question = _Question(account, method, key, dimension)
        targets = [_target(inventory, question, whole, with_market=True), *_followers(chooser, question, whole)]
        found += [want for target in targets for want in target.wants]
    return found


def _split(targets: list[_Target], choices: list[Choice]) -> Iterable[tuple[_Target, list[Choice]]]:
    """Each target with the choices it asked for."""
    start = 0
    for target in targets:
        yield target, choices[start : start + len(target.wants)]
        start += len(target.wants)


def _wrong_item(account: Account, item: str) -> Failure | None:
    """Why a row cannot be about an item, or nothing."""
    if account.is_open and item == NONE:
        return Failure("item-missing", f"the account {account.activity!r} needs an item: {_takes(account)}.")
    if not account.is_open and item != NONE:
        return Failure("item-invalid", f"the account {account.activity!r} takes no item; found {item!r}.")
    wrong = _no_gas(item) if account.factor_activity == GAS else _no_word(account, item) if account.is_open else ""
    return Failure("item-invalid", wrong) if wrong else None


def _no_gas(item: str) -> str:
    """Why an item is no gas or blend, or blank."""
    try:
        find_gas(item)
    except UnknownNameError as error:
        return str(error)
    return ""


def _no_word(account: Account, item: str) -> str:
    """Why an item is no word the account takes, or blank."""
    if not account.allows(item):
        return f"the account {account.activity!r} takes {_takes(account)}; found {item!r}."
    if item in words() or item.startswith(OWN):
        return ""
    near = suggest(item, [word for word in words() if account.allows(word)])
    return f"the item {item!r} is not a word of the factor vocabulary.{near}"


def _takes(account: Account) -> str:
    """The items an account takes, in words."""
    if account.factor_activity == GAS:
        return "a gas or blend, such as HFC134a or R-410A"
    return f"a word such as {listing(account.factor_activity.split(), 'or')}"


def _methods(inventory: Inventory, account: Account, key: Key, dimension: str) -> tuple[Method, ...]:
    """The methods an amount may go by: the one the row names, else those that take its dimension and are selected."""
    selected = _selected(inventory, account)
    found = account.methods_for(dimension, key.method)
    return tuple(method for method in found if not selected or method.id in selected)


def _selected(inventory: Inventory, account: Account) -> list[str]:
    return [chosen.method for chosen in inventory.selection if chosen.activity == account.activity and chosen.method]


def _no_method(inventory: Inventory, account: Account, key: Key, dimension: str) -> str:
    """Why no method takes an amount."""
    if key.method != NONE and key.method not in account.methods.split():
        allowed = listing(account.methods.split(), "or")
        return f"the account {account.activity!r} does not take the method {key.method!r}; it takes {allowed}."
    if key.method != NONE:
        return f"the method {key.method!r} takes no {dimension}."
    selected = listing(_selected(inventory, account))
    return f"the inventory selects {selected} for {account.activity!r}, which takes no {dimension}."


def _target(inventory: Inventory, question: _Question, piece: Piece, *, with_market: bool) -> _Target:
    """What a key needs: parameters once, the emission factor once a book that has its own."""
    account, method, key = question.account, question.method, question.key

    def want(kind: str, word: str, bases: tuple[str, ...], book: Book, measured: str) -> Want:
        ordered = len(bases) > 1 and account.is_hierarchy(book)
        return Want(kind, word, account.activity, bases, ordered, key.region, piece.start, piece.end, book, measured)

    wants, measured = [], question.dimension
    for kind in method.parameters:
        wants.append(want(kind, substance(account.word("location", key.item)), (), "location", measured))
        measured = PARAMETERS[kind]
    canonical = method.canonical_of(question.dimension)
    if method.takes_factor:
        has_books = account.market_factor_activity and not piece.category
        asked: tuple[Book, ...] = inventory.books if has_books else ("location",)
        wants += [
            want(FACTOR, account.word(book, key.item), inventory.bases(account, book), book, canonical)
            for book in asked
            if account.word(book, key.item) and (book != "market" or with_market)
        ]
    return _Target(account, method, tuple(wants), canonical)


PARAMETERS: Mapping[str, str] = {
    "density": "mass", "net_calorific_value": "energy_net", "gross_calorific_value": "energy_gross",
    "grid_loss": "energy",
}  # fmt: skip
"""What each kind of parameter turns an amount into."""


def _followers(chooser: Chooser, question: _Question, piece: Piece) -> list[_Target]:
    """The accounts that take the rows of this one once more, as far as the inventory asks or a factor is found."""
    made = []
    following = question.account.followers()
    word = question.account.word("location", question.key.item) if following else ""
    for other in following:
        is_asked = other.activity in chooser.inventory.derived
        method = other.method_for(question.dimension)
        if (other.following == "asked" and not is_asked) or method is None or not other.allows(word):
            continue
        same = _Question(other, method, replace(question.key, item=word), question.dimension)
        target = _target(chooser.inventory, same, piece, with_market=False)
        missing = [found for found in map(chooser.choose, target.wants) if found.factor is None and not found.standing]
        if is_asked or not missing:
            made.append(target)
    return made


def _leased(postings: Iterable[Posting], piece: Piece) -> Iterator[Posting]:
    """The postings of a leased asset that is somebody else's: what is Scope 1 and 2 there is one category of Scope 3.

    Scope 3 is in one book, so the location-based value of purchased energy is taken; the energy is not the
    organisation's own.
    """
    for posting in postings:
        if not piece.category or posting.scope not in ("1", "2"):
            yield posting
        elif posting.measure != "energy" and posting.book != "market":
            yield replace(posting, book="", scope="3", category=piece.category, energy="")


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


def _postings(target: _Target, choices: list[Choice], piece: Piece, rest: Fraction) -> list[Posting]:
    """One posting a gas of each factor, and one for energy or for a measured quantity.

    ``rest`` is the share that no instrument covers in the market-based book.
    """
    account = target.account
    parameters = tuple(choice.factor.first.id for choice in choices if choice.factor and choice.kind != FACTOR)
    taken = [(choice.book, choice.factor) for choice in choices if choice.factor and choice.kind == FACTOR]
    days = Fraction(choices[0].days, choices[0].of_days) if choices else Fraction(1)
    why = [part for part in (piece.why, "of its days" if days * piece.days != 1 else "") if part]
    whole = (piece.share * days, "; ".join(why))
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
        made.append(replace(posting("", account.measure, None), gas=CO2E))
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
