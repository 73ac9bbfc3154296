"""Conditions on activity: which rows or balance lines a change selects. A closed grammar: columns and their words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ghg.accounts import accounts
from ghg.change.forms import Condition
from ghg.issues import listing

POSTED = ("activity", "scope", "category", "method")
"""What a condition reads from the plan; every other column is one of the rows."""


def holds(condition: Condition, cells: Mapping[str, str]) -> bool:
    """Whether cells fit a condition: each column it names has one of the words it lists."""
    return all(cells[column] in words for column, words in condition.items())


def columns(conditions: Iterable[Condition]) -> tuple[str, ...]:
    """The columns of rows that conditions ask for, each once."""
    return tuple(dict.fromkeys(name for condition in conditions for name in condition if name not in POSTED))


def of_account(activity: str, method: str) -> dict[str, str]:
    """What the chart of accounts says of an activity, as conditions ask for it."""
    account = accounts()[activity]
    return {"activity": activity, "scope": account.scope, "category": account.category, "method": method}


def words(where: Condition, but_not: Condition) -> str:
    """A selection in words: ``activity 'x', site 'a' or 'b'``."""
    said = [f"{column} {listing(found, 'or')}" for column, found in where.items()]
    kept = [f"{column} {listing(found, 'or')}" for column, found in but_not.items()]
    return ", ".join(said) + (f", but not {', '.join(kept)}" if kept else "")
