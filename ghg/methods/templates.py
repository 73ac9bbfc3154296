"""Templates: an inventory to fill in, and the tables its methods need, made from the declarations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ghg.methods import Method, method
from ghg.methods.derivation import columns_of
from ghg.schema import ACTIVITY

STATED: Mapping[str, str] = {
    "inventory": "an id of the inventory",
    "organisation": "who reports",
    "title": "heading of the output",
    "period": "{start: 2024-01-01, end: 2024-12-31}",
    "base_year": "the base year, or why there is none",
    "consolidation": "equity_share, financial_control, operational_control or not_stated",
    "boundary": "the organisational boundary in words",
    "gwp": "the GWP set, such as AR6; there is no default",
    "books": "[location], [market] or [location, market]",
    "publications": "[desnz-2024], … in order of preference; 'ghg factors list' lists them",
    "ladder": "{regions: [exact, parent, world], max_age_years: 0}",
}
"""Fields every inventory states, with what to write; a blank one is refused with its line, so nothing is assumed."""


OWN_FACTORS = """\
factors: [factors.csv]
sources:
  own-source:  # the id that the column 'source' of factors.csv names
    title:  # the publication or letter
    publisher:  # who
    edition:  # which
    published:  # its date or year
    licence:  # what allows its use
    retrieved:  # the day the copy was compared, as year-month-day
"""
"""What an inventory says of its own factors, to fill in."""
FACTOR_COLUMNS = (
    "id", "factor", "kind", "activity", "name", "name_local", "region", "valid_from", "valid_to", "gas", "value",
    "unit", "gwp_set", "basis", "lower", "upper", "uncertainty", "source", "locator", "verification", "derived_from",
    "note",
)  # fmt: skip
"""Columns of a factor table; a test holds them to those of ``ghg.factors``."""


def table_name(name: str) -> str:
    """The file of a method's table."""
    return f"activity/{name}.csv"


def header(found: Method) -> tuple[str, ...]:
    """The columns of a method's table: those needed, then those that may be left out."""
    required, optional = columns_of(found)
    order = [column.name for column in ACTIVITY]
    units = {f"{one.name}_unit" for one in found.inputs}
    own = [name for name in (*required, *optional) if name not in order and name not in units]
    listed = [name for name in order if name in required or name in ("item", "note")]
    return (*listed[:-1], *own, listed[-1])


def template(names: Sequence[str], stated: Mapping[str, str]) -> dict[str, str]:
    """The files of a new inventory, by path.

    Args:
        names: ids of methods; each gets a table.
        stated: fields of the inventory that are known already.

    Raises:
        UnknownNameError: no method has an id.
    """
    methods = [method(name) for name in names]
    lines = ["# Fill in what is blank: a blank field is refused with its line, so that nothing is assumed."]
    lines += [
        f"{name}: {stated[name]}" if name in stated else f"{name}:  # {meaning}" for name, meaning in STATED.items()
    ]
    tables = ", ".join(table_name(found.id) for found in methods)
    lines += [f"activity: [{tables}]", "methods:"]
    lines += [f"  {table_name(found.id)}: {found.id}" for found in methods if not found.is_direct]
    if all(found.is_direct for found in methods):
        lines.pop()
    files = {"inventory.yaml": "\n".join(lines) + "\n"}
    return files | {table_name(found.id): ",".join(header(found)) + "\n" for found in methods}


def factor_table() -> dict[str, str]:
    """An empty table for factors of the inventory's own, by its file."""
    return {"factors.csv": ",".join(FACTOR_COLUMNS) + "\n"}


def guide(found: Method, activities: Sequence[str] = (), items: Sequence[str] = ()) -> list[str]:
    """What each column of a method's table holds, one line of text each.

    Args:
        found: the method.
        activities: the accounts that take it.
        items: what those that leave it open take as an item.
    """
    meanings = {column.name: column.meaning for column in ACTIVITY}
    if activities:
        meanings["activity"] = f"the account: {' or '.join(activities)}"
        patterns = ["any word of the vocabulary ('ghg factors search')" if word == "*" else word for word in items]
        meanings["item"] = f"{' or '.join(patterns)}" if items else "leave it blank"
        meanings["item"] += "; own.NAME is a word of your own factors" if {"*", "own.*"} & set(items) else ""
    meanings |= {one.name: f"{one.meaning} ({one.measures})" for one in found.inputs if one.name not in meanings}
    defaults = {one.name: f"; blank stands for {one.default}" for one in found.inputs if one.default}
    return [f"  {name}: {meanings[name]}{defaults.get(name, '')}" for name in header(found)]
