"""The chart of accounts: which scope and category an activity posts to, by which methods, under which factor."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import cache
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict

from ghg.figures import Book
from ghg.methods import Method, method
from ghg.reading.shipped import shipped
from ghg.schema import NONE

GAS = "gas"
"""The ``factor_activity`` of an account whose items are gases and blends."""
OWN = "own."
"""How words of an inventory's own factors start."""


class Account(BaseModel):
    """One activity of the chart.

    Attributes:
        activity: the word an activity row uses.
        scope: ``1``, ``2``, ``3``, or blank for a quantity outside the scopes.
        category: category within the scope.
        measure: ``emissions``, or the measured quantity the row posts.
        methods: ids of the methods allowed, separated by spaces; the row's unit decides between them.
        factor_activity: vocabulary's word of the emission factor, for the location-based book or for the only one. A
            pattern such as ``fuel.*`` leaves it to the column ``item`` of a row; several stand separated by spaces.
            ``own.*`` stands for words of an inventory's own factors, ``gas`` for a gas or blend.
        factor_basis: what that factor may cover, separated by spaces; two left standing are an error, never a guess.
            Separated by `` > `` it is a hierarchy: the first that has a factor is taken (Scope 2 Guidance, table 6.3).
        market_factor_activity: word of the market-based factor; filled where the two books differ.
        market_factor_basis: what the market-based factor may cover.
        energy: ``direct`` or ``indirect`` where the row also counts as energy consumption.
        follows: ``scope/category`` of the accounts whose rows it takes once more under its own factor, separated by
            spaces: so category 3 follows from Scopes 1 and 2. Such an account takes no rows of its own.
        following: ``asked`` where the inventory has to name it in ``derived``; ``found`` where it takes every row that
            has a factor for it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    activity: str
    name: str
    name_local: str
    scope: Literal["", "1", "2", "3"]
    category: str
    measure: str
    methods: str
    factor_activity: str
    factor_basis: str
    market_factor_activity: str
    market_factor_basis: str
    energy: Literal["", "direct", "indirect"]
    follows: str
    following: Literal["", "asked", "found"]
    note: str

    @property
    def allowed_methods(self) -> tuple[Method, ...]:
        """The methods the account allows."""
        return tuple(method(name) for name in self.methods.split())

    @property
    def fuel(self) -> str:
        """The word whose parameters apply: ``fuel.diesel`` of ``fuel.diesel.road``."""
        return substance(self.factor_activity)

    @property
    def carrier(self) -> str:
        """The energy that a purchase of Scope 2 buys, such as ``electricity``; blank for anything else."""
        return self.category.removeprefix("purchased_") if self.scope == "2" else ""

    @property
    def takes_factor(self) -> bool:
        """Whether an emission factor follows in any book."""
        return bool(self.factor_activity or self.market_factor_activity)

    @property
    def is_open(self) -> bool:
        """Whether the row's ``item`` names the word of the factor, or the gas."""
        return "*" in self.factor_activity or self.factor_activity == GAS

    def allows(self, item: str) -> bool:
        """Whether a row of the account may be about an item."""
        return any(fnmatchcase(item, pattern) for pattern in self.factor_activity.split())

    def word(self, book: str, item: str = NONE) -> str:
        """The word of the emission factor in a book."""
        stated = self.market_factor_activity if book == "market" else self.factor_activity
        return item if "*" in stated else stated

    def bases(self, book: str) -> tuple[str, ...]:
        """What the emission factor of a book may cover."""
        return tuple(word for word in self._basis(book).split() if word != ">")

    def bases_of(self, word: str) -> tuple[str, ...]:
        """What factors of a word may cover, over the books that take it."""
        return tuple(basis for book in get_args(Book) if self.word(book) == word for basis in self.bases(book))

    def is_hierarchy(self, book: str) -> bool:
        """Whether the order of the bases decides between them."""
        return ">" in self._basis(book)

    def _basis(self, book: str) -> str:
        return self.market_factor_basis if book == "market" else self.factor_basis

    def methods_for(self, dimension: str, named: str = NONE) -> tuple[Method, ...]:
        """The allowed methods that take an amount of this dimension, in the account's order.

        Without a name those that take the amount of a row as it is; with one, the method of the name alone.
        """
        return tuple(
            found
            for found in self.allowed_methods
            if found.accepts(dimension) and (found.id == named if named != NONE else found.is_direct)
        )

    def method_for(self, dimension: str) -> Method | None:
        """The first allowed method that takes an amount of this dimension as it is."""
        return next(iter(self.methods_for(dimension)), None)

    def followers(self) -> tuple[Account, ...]:
        """The accounts that take the rows of this one once more."""
        return _following().get(f"{self.scope}/{self.category}", ())


def substance(word: str) -> str:
    """The word whose parameters apply to a word: ``fuel.diesel`` of ``fuel.diesel.road``."""
    return ".".join(word.split(".")[:2])


@cache
def accounts() -> Mapping[str, Account]:
    """Every account by its activity."""
    return {row.activity: row for row in shipped("accounts.csv", Account)}


@cache
def _following() -> Mapping[str, tuple[Account, ...]]:
    """The accounts that follow from those of a scope and category, by ``scope/category``."""
    found: dict[str, tuple[Account, ...]] = {}
    for account in accounts().values():
        for place in account.follows.split():
            found[place] = (*found.get(place, ()), account)
    return found
