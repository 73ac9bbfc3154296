"""What a person may look up: the closed lists, the units, and everything about one factor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from ghg.accounts import accounts
from ghg.factors import FactorRow, library
from ghg.figures import figures
from ghg.gases import gases
from ghg.issues import GhgError, UnknownNameError
from ghg.methods import methods
from ghg.numbers import decimal_text
from ghg.regions import regions
from ghg.reports.text import columns
from ghg.sources import sources
from ghg.statement import Cell, Statement
from ghg.units import BASE, accepted, of_dimension, refused, unit

Table = tuple[Sequence[str], Iterable[Sequence[str]]]


def _activities() -> Table:
    rows = ([a.activity, a.scope or "–", a.category, a.name, a.name_local, a.methods] for a in accounts().values())
    return ("activity", "scope", "category", "name", "name_local", "methods"), rows


def _regions() -> Table:
    return ("region", "name", "name_local", "parent"), (
        [r.region, r.name, r.name_local, r.parent] for r in regions().values()
    )


def _gases() -> Table:
    return ("gas", "formula", "name", "in_scopes"), ([g.gas, g.formula, g.name, g.in_scopes] for g in gases().values())


def _figures() -> Table:
    return ("figure", "label", "unit"), ([f.figure, f.label, f.written(f.unit)] for f in figures().values())


def _methods() -> Table:
    rows = ([m.id, m.input, m.dimension, m.formula, m.data_type.value, m.standard] for m in methods().values())
    return ("method", "input", "dimension", "formula", "data_type", "standard"), rows


def _factors() -> Table:
    rows = ([r.id, r.activity, r.region, r.value, r.unit, r.gas or r.kind, r.validity] for r in library().rows.values())
    return ("id", "activity", "region", "value", "unit", "gas", "validity"), rows


LISTS: Mapping[str, Callable[[], Table]] = {
    "activities": _activities,
    "regions": _regions,
    "gases": _gases,
    "figures": _figures,
    "methods": _methods,
    "factors": _factors,
}
"""Every list by its name."""


def listed(name: str) -> Statement:
    """A closed list as a table.

    Raises:
        UnknownNameError: there is no such list.
    """
    if name not in LISTS:
        raise UnknownNameError("list", name, LISTS, f"The lists are {', '.join(LISTS)}.")
    columns, rows = LISTS[name]()
    return Statement(name.capitalize(), tuple(columns), tuple(dict(zip(columns, row, strict=True)) for row in rows))


def publications() -> Statement:
    """The publications of the library with the number of their rows."""
    counts = Counter(row.source for row in library().rows.values())
    rows: list[dict[str, Cell]] = [
        {"publication": name, "rows": str(counts[name]), "published": source.published, "licence": source.licence}
        for name, source in sources().items()
        if counts[name]
    ]
    notes = ("'ghg factors show ID' prints the citation of a factor.",)
    return Statement("Publications", ("publication", "rows", "published", "licence"), tuple(rows), notes)


def factor_statement(name: str) -> Statement:
    """Every column of a factor's rows, with its citation.

    Raises:
        UnknownNameError: no factor has the id.
    """
    found = library().find(name)
    source = sources()[found.first.source]
    names = tuple(FactorRow.model_fields)
    rows = tuple({column: str(getattr(row, column) or "") for column in names} for row in found.rows)
    cite = f"cite as: {source.citation}, {found.first.locator}"
    return Statement(found.id, names, rows, (cite, f"licence: {source.licence}", f"retrieved: {source.retrieved}"))


def factor_text(found: Statement) -> str:
    """A factor's filled columns, one a line, its rows one under the other."""
    rows = [[f"{name:13} {row[name]}" for name in found.columns if row[name]] for row in found.rows]
    return "\n".join([*(line for row in rows for line in [*row, ""]), *found.notes])


def units_text(spelling: str | None = None, dimension: str | None = None) -> str:
    """The accepted spellings with their sizes, all or of one dimension, and the refused ones; or one spelling.

    Raises:
        UnitError: the spelling is not accepted.
        GhgError: no unit measures the dimension.
    """
    if spelling:
        found = unit(spelling)
        bases = [name for name in of_dimension(found.dimension) if unit(name).multiplier == 1]
        equals = f"{decimal_text(found.multiplier)} {BASE.get(found.dimension, bases[0])}"
        return f"{found.spelling}: measures {found.dimension}; 1 {found.spelling} = {equals}"
    shown = [found for found in accepted().values() if dimension in (None, found.dimension)]
    if not shown:
        dimensions = sorted({found.dimension for found in accepted().values()})
        raise GhgError(f"no unit measures {dimension!r}; the dimensions are {', '.join(dimensions)}.")
    rows = [[found.dimension, found.spelling, decimal_text(found.multiplier)] for found in shown]
    lines = columns(["dimension", "spelling", "base units in one"], rows, [2])
    if dimension is None:
        lines += ["", *columns(["refused", "write instead"], [list(pair) for pair in refused().items()], [])]
    return "\n".join(lines)
