"""The chart of accounts: which scope and category an activity posts to, by which methods, under which factor."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from ghg import bundle
from ghg.methods import Method, method
from ghg.tables import read_table


class Account(BaseModel):
    """One activity of the chart.

    Attributes:
        activity: the word an activity row uses.
        scope: ``1``, ``2``, ``3``, or blank for a quantity outside the scopes.
        category: category within the scope.
        measure: ``emissions``, or the measured quantity the row posts.
        methods: ids of the methods allowed, separated by spaces; the row's unit decides between them.
        factor_activity: activity of the emission factor, for the location-based book or for the only one.
        market_factor_activity: activity of the market-based factor; filled where the two books differ.
        energy: ``direct`` or ``indirect`` where the row also counts as energy consumption.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    activity: str
    name: str
    name_local: str
    scope: Literal["", "1", "2", "3"]
    category: str
    measure: str
    methods: str
    factor_activity: str
    market_factor_activity: str
    energy: Literal["", "direct", "indirect"]
    note: str

    @property
    def allowed_methods(self) -> tuple[Method, ...]:
        """The methods the account allows."""
        return tuple(method(name) for name in self.methods.split())

    @property
    def fuel(self) -> str:
        """The substance whose parameters apply: ``diesel`` of ``diesel_mobile``."""
        return self.factor_activity.partition("_")[0]

    def method_for(self, dimension: str) -> Method | None:
        """The allowed method that takes an amount of this dimension."""
        return next((found for found in self.allowed_methods if found.accepts(dimension)), None)


@cache
def accounts() -> Mapping[str, Account]:
    """Every account by its activity."""
    path = bundle.folder("factors") / "accounts.csv"
    return {
        row.activity: row
        for row in read_table(path, "factors/accounts.csv", tuple(Account.model_fields)).records(Account)
    }
