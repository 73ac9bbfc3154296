"""Library calls: one quantity in, one quantity out; and any frame in, the same kind out.

Every call goes through the same plan and kernel as an inventory file. Nothing is assumed: region, year and GWP set are
arguments, and a factor must be valid in the year for the exact region unless ``regions`` or ``max_age_years`` allow
more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ValidationError

from ghg import activity, ledger
from ghg.accounts import accounts
from ghg.engines import Engine, as_text, quoted
from ghg.factors import Factor, FactorRow, library
from ghg.figures import Book
from ghg.gases import gwp_sets
from ghg.inventory import Inventory
from ghg.issues import GhgError, InputError, Issue, UnitError, UnknownNameError, said_of_field
from ghg.numbers import decimal_text
from ghg.regions import ladder
from ghg.runs import Asked, Run, compute
from ghg.schema import NAMES, NONE, Provenance
from ghg.sources import sources
from ghg.units import Unit, amount_of, to_quantity

if TYPE_CHECKING:
    import pint

YEAR = 4
"""Digits of a year."""
Rung = Literal["exact", "parent", "world"]
FACTOR_REQUIRED = (
    "id", "activity", "region", "gas", "value", "unit", "basis", "source", "locator", "verification", "uncertainty",
)  # fmt: skip
"""Columns a frame of own factors needs; the rest of ``FactorRow`` may be there."""


def _inventory(
    start: str, end: str, gwp: str, books: Sequence[Book], publications: Sequence[str] | None, regions: Sequence[Rung],
    max_age_years: int,
) -> Inventory:  # fmt: skip
    """An inventory for a call, stated as strictly as a file.

    Raises:
        UnknownNameError: the GWP set or a publication does not exist.
        GhgError: another rule is not one an inventory can state.
    """
    _check_words(gwp=gwp)
    if gwp not in gwp_sets():
        raise UnknownNameError(
            "GWP set", gwp, gwp_sets(), f"The sets are {', '.join(gwp_sets())}; there is no default."
        )
    listed = _listed("publications", publications) if publications is not None else []
    for name in listed:
        if name not in sources():
            raise UnknownNameError("publication", name, sources())
    stated = {
        "inventory": "call",
        "organisation": "call",
        "title": "library call",
        "period": {"start": start, "end": end},
        "base_year": "none",
        "consolidation": "not_stated",
        "boundary": "the rows of the call",
        "gwp": gwp,
        "books": _listed("books", books),
        "quantum": "1e-9",
        "dimensions": [],
        "publications": listed or list(sources()),
        "activity": ["call"],
        "ladder": {
            "regions": _listed("regions", regions),
            "max_age_years": max_age_years,
            # Without publications there is no order between them: two left standing are an error.
            "preference": "listed" if listed else "none",
        },
    }
    try:
        return Inventory.model_validate(stated)
    except ValidationError as error:
        raise GhgError(
            "; ".join(f"{'.'.join(map(str, item['loc']))}: {said_of_field(item)}" for item in error.errors())
        ) from None


def _check_words(**words: object) -> None:
    """Refuse arguments that are no words.

    Raises:
        GhgError: one is no text, or holds a sign that does not show.
    """
    for name, word in words.items():
        if not isinstance(word, str) or not word.isprintable():
            raise GhgError(f"{name} is a word; found {word!r}.")


def _listed(name: str, given: object) -> list[str]:
    """The words of an argument that takes several, in their order.

    Raises:
        GhgError: it is no list of words, has no order where that decides, or is empty.
    """
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise GhgError(f"{name} is a list of words, such as {name}=[{given!r}].")
    words = list(given)
    _check_words(**{f"{name}[{number}]": word for number, word in enumerate(words)})
    if name == "publications" and (isinstance(given, AbstractSet) or not words):
        raise GhgError("publications are a list in order of preference; leave it out for all of the library.")
    return words


def _checked_year(year: object) -> str:
    """A calendar year as four digits.

    Raises:
        GhgError: it is none.
    """
    text = str(year)
    if len(text) != YEAR or not text.isascii() or not text.isdecimal():
        raise GhgError(f"year is a calendar year, such as 2024; found {year!r}.")
    return text


def posted(
    amount: str | pint.Quantity, activity_name: str, *, region: str, year: int, gwp: str, book: Book = "location",
    item: str = NONE, method: str = NONE, publications: Sequence[str] | None = None,
    regions: Sequence[Rung] = ("exact",), max_age_years: int = 0,
) -> pint.Quantity:  # fmt: skip
    """Emissions of one amount of an activity, in kg CO2e.

    Args:
        amount: ``"107415.86 MWh"`` or a pint quantity.
        activity_name: a word of the chart of accounts.
        region: where, as in ``factors/regions.csv``.
        year: calendar year of the activity.
        gwp: GWP set; there is no default.
        book: location or market.
        item: what an open account is about: a word of the factor vocabulary, a gas or blend.
        method: id of the method, where the unit alone does not decide.
        publications: the publications allowed, in order of preference; all of the library when none are named.
        regions: rungs of the region ladder that are allowed.
        max_age_years: how many years older a factor may be.

    Raises:
        UnknownNameError: the activity, region, GWP set or a publication is not known.
        GhgError: another argument is not of its kind.
        UnitError: the amount is negative, or not in a unit the activity takes.
        InputError: no factor, or more than one, is left.
    """
    _check_words(activity=activity_name, region=region, book=book, item=item, method=method)
    if activity_name not in accounts():
        raise UnknownNameError("activity", activity_name, accounts())
    ladder(region)  # an unknown region is refused here, by name
    allowed = accounts()[activity_name].allowed_methods
    taking = [found for found in allowed if (found.id == method if method != NONE else found.is_direct)] or allowed
    value, unit = _amount(amount, [name for found in taking for name in found.dimension.split()])
    if value < 0:
        raise UnitError(f"{amount} is negative: a call takes an amount of activity, not a correction.")
    days = f"{_checked_year(year)}-01-01", f"{year}-12-31"
    inventory = _inventory(*days, gwp, [book], publications, regions, max_age_years)
    cells = {
        "id": "call", "entity": "call", "activity": activity_name, "region": region, "start": days[0],
        "end": days[1], "amount": "1", "unit": unit.spelling, "provenance": Provenance.MEASURED, "item": item,
        "method": method,
    }  # fmt: skip

    run = compute(inventory, library, lambda engine: activity.load_rows(engine, [cells]), Asked())
    found = [total for key, total in run.result.grouped(("book",), book) if key[0] in ("", book)]
    run.close()
    per_unit = sum((total.amount for total in found), Fraction(0)) * 1000
    return to_quantity(per_unit * value, "kilogram * CO2e")


def _amount(amount: str | pint.Quantity, dimensions: Sequence[str]) -> tuple[Fraction, Unit]:
    """An amount in the first dimension it measures among those an activity takes.

    Raises:
        UnitError: it measures none of them.
    """
    errors = []
    for dimension in dimensions:
        try:
            return amount_of(amount, dimension)
        except UnitError as error:
            errors.append(str(error))
    raise UnitError(" Or: ".join(dict.fromkeys(errors)))


def calculate(
    frame: Any,
    *,
    gwp: str,
    books: Sequence[Book] = ("location",),
    factors: Any = None,
    publications: Sequence[str] | None = None,
    regions: Sequence[Rung] = ("exact",),
    max_age_years: int = 0,
) -> Any:
    """Emissions of a frame of activity rows, as the same kind of frame: one row an activity row, book and factor.

    The rows' columns come back with ``book``, ``scope``, ``category``, ``factor`` and ``co2e_kg``, a double next to the
    exact product; for exact totals run an inventory. The period is the span of the rows' dates.

    Args:
        frame: pandas, Polars or Arrow frame, or DuckDB relation, with the columns of an activity table.
        gwp: GWP set; there is no default.
        books: books of Scope 2; with both, each activity row of purchased electricity gives a row for each.
        factors: own emission factors as a frame with the columns of ``FACTOR_REQUIRED``; they win for the keys they
            name. The gas rows of one factor share its id in a column ``factor``.
        publications: the publications allowed; all of the library when none are named.
        regions: rungs of the region ladder that are allowed.
        max_age_years: how many years older a factor may be.

    Raises:
        InputError: rows or factors are wrong, each listed; nothing is computed.
        GhgError: the object is not a frame, or can be read only once.
    """
    start, end, rows = _span(frame)
    inventory = _inventory(start, end, gwp, books, publications, regions, max_age_years)
    own = [] if factors is None else _own_factors(factors)
    table = library().with_own(own)
    run = compute(inventory, lambda: table, lambda engine: activity.load_frame(engine, frame), Asked())
    try:
        if run.balance.posted != rows:
            raise GhgError(f"the {type(frame).__name__} gives its rows only once: read it into a table first.")
        return _per_row(run, frame)
    finally:
        run.close()


def _span(frame: object) -> tuple[str, str, int]:
    """First and last day of the rows and their number; rows without sound dates are reported by the checks."""
    day = "2000-01-01"
    engine = Engine()
    try:
        with engine.scanning(frame) as types:
            if not {"start", "end"} <= set(types):
                return day, day, 0
            ends = [
                f"CAST({how}(try_cast({as_text(name, types[name])} AS DATE)) AS VARCHAR)"
                for how, name in (("min", "start"), ("max", "end"))
            ]
            start, end, rows = engine.rows(f"SELECT {', '.join(ends)}, count(*) FROM scanned")[0]
    finally:
        engine.close()
    return (start, end, rows) if start and end and start <= end else (day, day, rows)


def _own_factors(frame: object) -> list[Factor]:
    """Own factors from a frame, validated as strictly as a file."""
    engine = Engine()
    try:
        with engine.scanning(frame) as types:
            missing = [name for name in FACTOR_REQUIRED if name not in types]
            unknown = [name for name in types if name not in FactorRow.model_fields]
            if missing or unknown:
                what = f"lacks {', '.join(missing)}" if missing else f"has the unknown columns {', '.join(unknown)}"
                rule = "column-missing" if missing else "column-unknown"
                hint = f"It needs {', '.join(FACTOR_REQUIRED)}."
                raise InputError([Issue(rule, f"the frame of factors {what}.", hint)])
            cells = ", ".join(as_text(name, types[name]) for name in types)
            records = [dict(zip(types, row, strict=True)) for row in engine.rows(f"SELECT {cells} FROM scanned")]
    finally:
        engine.close()
    problems: list[Issue] = []
    rows = [row for number, record in enumerate(records, start=1) for row in _own_row(number, record, problems)]
    if problems:
        raise InputError(problems)
    groups = groupby(sorted(rows, key=lambda row: row.factor), key=lambda row: row.factor)
    return [_own_factor(tuple(group)) for _, group in groups]


def _own_row(number: int, record: Mapping[str, str], problems: list[Issue]) -> list[FactorRow]:
    """One own factor row, columns that were not given blank; or none, with what is wrong added to ``problems``."""
    stated = {"kind": "emission_factor", "factor": record["id"], "name": record["activity"]}
    try:
        return [FactorRow.model_validate(dict.fromkeys(FactorRow.model_fields, "") | stated | dict(record))]
    except ValidationError as error:
        problems += [
            Issue(
                "field-invalid",
                f"factor {record['id']!r}: {said_of_field(item)}",
                line=number,
                column=_field(item["loc"]),
            )
            for item in error.errors()
        ]
        return []


def _field(location: Sequence[str | int]) -> str:
    """The column an error of a model stands in; blank when it concerns the row."""
    return str(location[0]) if location else ""


def _own_factor(rows: tuple[FactorRow, ...]) -> Factor:
    """The gas rows of one own factor.

    Raises:
        InputError: they differ by more than gas, or a gas stands twice.
    """
    keys = {(row.kind, row.activity, row.region, row.valid_from, row.valid_to) for row in rows}
    if len(keys) > 1 or len({row.gas for row in rows}) < len(rows):
        message = f"the rows of factor {rows[0].factor!r} differ by more than gas, or a gas stands twice."
        raise InputError([Issue("field-invalid", message, "Rows of one factor differ only by gas.", column="factor")])
    return Factor(rows=rows, is_own=True)


def _per_row(run: Run, frame: object) -> Any:
    """The rows with their postings."""
    one = ledger.Balance(("unit",), tuple(_unit_lines(run)), 0, 0)
    coefficients: dict[tuple[str, ...], Fraction] = {}
    for entry in ledger.entries(one, run.plan, run.valuation):
        if entry.posting.measure == "emissions":
            row = run.valuation.rows[entry.posting.factor].factor if entry.posting.factor else ""
            marks = (entry.posting.book, entry.posting.scope, entry.posting.category, row)
            cells = (str(entry.line.match), entry.dimensions["unit"], *marks)
            coefficients[cells] = coefficients.get(cells, Fraction(0)) + entry.value
    names = ("match", "unit", "book", "scope", "category", "factor", "coefficient")
    rows = [(*cells, decimal_text(value)) for cells, value in coefficients.items()]
    columns = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else {}
    run.engine.create("coefficients", names)
    run.engine.append("coefficients", columns)
    key = " AND ".join(f"keys.{quoted(name)} = rows.{quoted(name)}" for name in run.plan.columns)
    listed = ", ".join(f"rows.{quoted(name)}" for name in NAMES)
    return run.engine.frame(
        f"SELECT {listed}, c.book, c.scope, c.category, c.factor, "
        "CAST(rows.amount AS DOUBLE) * CAST(c.coefficient AS DOUBLE) + 0.0 AS co2e_kg "
        f"FROM rows JOIN keys ON {key} "
        f'LEFT JOIN coefficients c ON c."match" = CAST(keys."match" AS VARCHAR) AND c.unit = rows.unit '
        "ORDER BY rows.row, c.book, c.scope, c.category, c.factor",
        frame,
    )


def _unit_lines(run: Run) -> Iterable[ledger.Line]:
    """One unit of each written unit of each match."""
    return (
        ledger.Line(match, (unit,), 1, 0, 1)
        for match, unit in sorted({(number, key.unit) for key, number in run.plan.keys.items()})
    )
