"""By which methods rows of an activity may go, and which factors each takes: what does not depend on place and time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from ghg.accounts import GAS, OWN, Account, accounts, substance
from ghg.factors import FACTOR
from ghg.figures import Book
from ghg.gases import find_gas
from ghg.inventory import Inventory
from ghg.issues import UnknownNameError, listing, suggest
from ghg.keys import Failure, Key
from ghg.methods import Method
from ghg.schema import NONE
from ghg.vocabulary import words

PARAMETERS: Mapping[str, str] = {
    "density": "mass", "net_calorific_value": "energy_net", "gross_calorific_value": "energy_gross",
    "grid_loss": "energy",
}  # fmt: skip
"""What each kind of parameter turns an amount into."""


class Asked(NamedTuple):
    """A factor or parameter wanted, wherever and whenever; see ``Want``."""

    kind: str
    word: str
    account: str
    bases: tuple[str, ...]
    is_hierarchy: bool
    book: Book
    dimension: str


@dataclass(frozen=True, slots=True)
class Way:
    """A method that rows of an account may go by.

    Attributes:
        account: the account.
        method: the method.
        dimension: what the amount measures.
        item: what the row is about.
        asked: what it takes to post, as yet without place and time; with the market-based book and without.
        following: the accounts that may take the amount once more: whether the inventory asks for it, and by which
            methods.
    """

    account: Account
    method: Method
    dimension: str
    item: str
    asked: tuple[tuple[Asked, ...], tuple[Asked, ...]]
    following: tuple[tuple[bool, tuple[Way, ...]], ...] = ()


def ways_of(inventory: Inventory, key: Key, dimension: str) -> tuple[Way, ...] | Failure:
    """The methods a key may go by, in the account's order."""
    account = accounts()[key.activity]
    refused = _wrong_item(account, key.item)
    if refused:
        return refused
    methods = _methods(inventory, account, key, dimension)
    if not methods:
        return Failure("factor-missing", _no_method(inventory, account, key, dimension))
    following = tuple(_following(inventory, account, key.item, dimension))
    return tuple(
        replace(_way(inventory, account, method, key.item, dimension), following=following) for method in methods
    )


def _following(
    inventory: Inventory, account: Account, item: str, dimension: str
) -> Iterator[tuple[bool, tuple[Way, ...]]]:
    """The accounts that may follow one that takes an amount."""
    followers = account.followers()
    word = account.word("location", item) if followers else ""
    for other in followers:
        is_asked = other.activity in inventory.derived
        if (is_asked or other.following == "found") and other.allows(word):
            yield is_asked, _following_ways(inventory, other, word, dimension)


def _following_ways(inventory: Inventory, account: Account, item: str, dimension: str) -> tuple[Way, ...]:
    """The methods by which an account that follows may take an amount once more, in its order."""
    selected = _selected(inventory, account)
    methods = (found for found in account.methods_for(dimension) if not selected or found.id in selected)
    return tuple(_way(inventory, account, method, item, dimension) for method in methods)


def _way(inventory: Inventory, account: Account, method: Method, item: str, dimension: str) -> Way:
    """What a method needs: parameters once, the emission factor once a book that has its own.

    A leased asset that is somebody else's is in one book alone.
    """

    def asked(books: tuple[Book, ...]) -> Iterator[Asked]:
        measured = dimension
        for kind in method.parameters:
            yield Asked(kind, substance(account.word("location", item)), account.activity, (), False, "location",
                         measured)  # fmt: skip
            measured = PARAMETERS[kind]
        canonical = method.canonical_of(dimension)
        for book in books if method.takes_factor else ():
            word, bases = account.word(book, item), inventory.bases(account, book)
            if word:
                ordered = len(bases) > 1 and account.is_hierarchy(book)
                yield Asked(FACTOR, word, account.activity, bases, ordered, book, canonical)

    only: tuple[Book, ...] = ("location",)
    own = tuple(asked(inventory.books if account.market_factor_activity else only))
    return Way(account, method, dimension, item, (own, tuple(asked(only))))


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
    if account.allows(item) and (item in words() or item.startswith(OWN)):
        return ""
    near = suggest(item, [word for word in words() if account.allows(word)])
    if not account.allows(item):
        return f"the account {account.activity!r} takes {_takes(account)}; found {item!r}.{near}"
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
    selected = _selected(inventory, account)
    if selected:
        return f"the inventory selects {listing(selected)} for {account.activity!r}, which takes no {dimension}."
    inputs = listing([found.id for found in account.allowed_methods if not found.is_direct], "or")
    return (
        f"the account {account.activity!r} takes no {dimension} as it is. A method with inputs of its own may, named "
        f"in the column 'method': {inputs}."
    )
