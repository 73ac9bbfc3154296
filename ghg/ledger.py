"""The kernel: post, balance, emissions.

Rows post to accounts through the plan. The balance sums integers, per match, unit and dimensions; everything after it
is exact rational arithmetic over a few lines. The balance is one SQL statement in the subset that embedded and
distributed engines share; its text is part of the evidence of a run.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, Protocol, TypeVar

from ghg.engines import Engine, quoted
from ghg.factors import FactorRow
from ghg.gases import BIOGENIC, CO2E, NOT_KYOTO, gases, gwp
from ghg.plan import KEY, Key, Plan, Posting
from ghg.units import unit
from ghg.workings import has_workings

LIMB = 10**9
"""What one unit of the high limb counts."""
OUTSIDE = -1
"""The match of a key that lies outside the boundary."""
FIXED = ("match", "unit", "provenance", "derived_from")
"""Dimensions every balance has, before those the inventory adds."""

POSTED = """
SELECT rows.*, CASE WHEN rejected.row IS NULL THEN "match" END AS "match", high, low, width
FROM rows
LEFT JOIN amounts ON amounts.row = rows.row
LEFT JOIN keys ON {key}
LEFT JOIN (SELECT DISTINCT row FROM problems) AS rejected ON rejected.row = rows.row
"""
"""Rows given as text, posted. Left joins, never inner: a row may fail to post, it may not disappear."""
SUMS = ("high", "low", "width")
BALANCE = """
SELECT {dimensions}, {sums}, COUNT(*) AS rows
FROM posted
GROUP BY {dimensions}
"""
"""The kernel's one statement, over posted rows of any engine."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a balance.

    Attributes:
        match: position of the match in the plan.
        dimensions: unit, provenance, derived_from and the inventory's own dimensions, in the balance's order.
        amount: quanta of the written unit.
        width: sum over rows of one unit of the last written digit, in quanta; half of it is the rounding of the amount.
        rows: how many activity rows.
    """

    match: int
    dimensions: tuple[str, ...]
    amount: int
    width: int
    rows: int


@dataclass(frozen=True)
class Balance:
    """Exact sums of the posted rows, and the count of those that did not post.

    Attributes:
        names: names of the lines' dimensions.
        lines: sorted, so that the result is the same for any row order, thread count and engine.
        decimals: decimals of the quantum.
        unposted: rows that did not post.
        outside: rows that lie outside the boundary.
    """

    names: tuple[str, ...]
    lines: tuple[Line, ...]
    decimals: int
    unposted: int
    outside: int = 0

    @cached_property
    def posted(self) -> int:
        """Rows that posted."""
        return sum(line.rows for line in self.lines)

    @cached_property
    def matches(self) -> frozenset[int]:
        """The matches that rows posted to."""
        return frozenset(line.match for line in self.lines)

    def rows_of(self, matches: Collection[int]) -> int:
        """How many rows posted to some matches."""
        return sum(line.rows for line in self.lines if line.match in matches)

    @property
    def read(self) -> int:
        """Rows read: posted, unposted, and outside the boundary."""
        return self.posted + self.unposted + self.outside

    def words(self, name: str) -> set[str]:
        """The words of a dimension."""
        place = self.names.index(name)
        return {line.dimensions[place] for line in self.lines}

    def with_unposted(self, rows: int) -> Balance:
        """The balance with more rows that did not post."""
        return replace(self, unposted=self.unposted + rows) if rows else self

    def by(self, names: Sequence[str]) -> Balance:
        """The balance summed to fewer dimensions; ``unit`` always stays."""
        kept = tuple(name for name in self.names if name == "unit" or name in names)
        columns = [self.names.index(name) for name in kept]
        groups: dict[tuple[int, tuple[str, ...]], int] = {}
        position = [
            groups.setdefault((line.match, tuple(line.dimensions[c] for c in columns)), len(groups))
            for line in self.lines
        ]
        sums = [
            exact_sums(position, [getattr(line, name) for line in self.lines], len(groups))
            for name in ("amount", "width", "rows")
        ]
        lines = (Line(match, dimensions, *(column[n] for column in sums)) for (match, dimensions), n in groups.items())
        return replace(self, names=kept, lines=tuple(sorted(lines, key=lambda line: (line.match, line.dimensions))))


def exact_sums(position: Sequence[int], values: Sequence[int], groups: int) -> list[int]:
    """Integer sums of values by group, exact for values of any size."""
    totals = [0] * groups
    for group, value in zip(position, values, strict=True):
        totals[group] += value
    return totals


def distinct_keys(engine: Engine, columns: Sequence[str] = KEY) -> list[Key]:
    """The distinct keys of the rows that passed the checks."""
    listed = ", ".join(f"rows.{quoted(name)}" for name in columns)
    found = engine.rows(f"SELECT DISTINCT {listed} FROM rows WHERE row NOT IN (SELECT row FROM problems) ORDER BY ALL")
    return [Key.of(columns, row) for row in found]


def quantities(engine: Engine, columns: Sequence[str], activities: Iterable[str], decimals: int) -> dict[Key, Fraction]:
    """The exact sum of the sound rows of some activities by key, in the written unit."""
    listed = ", ".join(f"rows.{quoted(name)}" for name in columns)
    words = list(activities)
    marks = ", ".join(f"${number}" for number in range(1, len(words) + 1))
    found = engine.rows(
        f"SELECT {listed}, SUM(high), SUM(low) FROM rows JOIN amounts ON amounts.row = rows.row "
        f"WHERE rows.row NOT IN (SELECT row FROM problems) AND rows.activity IN ({marks}) GROUP BY {listed}",
        words,
    )
    return {Key.of(columns, key): of_limbs(high, low, decimals) for *key, high, low in found}


def of_limbs(high: int, low: int, decimals: int) -> Fraction:
    """An amount in its written unit from the two limbs its quanta are summed in."""
    return Fraction(int(high) * LIMB + int(low), 10**decimals)


def post(engine: Engine, plan: Plan) -> None:
    """Hand the plan's keys to the engine, and note rows whose key cannot post as problems."""
    engine.create("keys_as_text", (*plan.columns, "match"))
    keys = {key: str(match) for key, match in plan.keys.items()} | dict.fromkeys(plan.outside, str(OUTSIDE))
    columns = {name: [getattr(key, name) for key in keys] for name in plan.columns} | {"match": list(keys.values())}
    engine.append("keys_as_text", columns)
    listed = ", ".join(quoted(name) for name in plan.columns)
    engine.run(f'CREATE TABLE keys AS SELECT {listed}, CAST("match" AS INTEGER) AS "match" FROM keys_as_text')
    for key, failure in plan.failures.items():
        match = " AND ".join(f"{quoted(name)} = ${number}" for number, name in enumerate(plan.columns, start=1))
        engine.run(
            f"INSERT INTO problems SELECT row, '{failure.rule}', 'activity', activity FROM rows WHERE {match}",
            [getattr(key, name) for name in plan.columns],
        )


def posted(columns: Sequence[str] = KEY) -> str:
    """The view of the posted rows of a run whose keys have these columns."""
    return POSTED.format(key=" AND ".join(f"keys.{quoted(name)} = rows.{quoted(name)}" for name in columns))


def worked_out(engine: Engine, plan: Plan, columns: str, filled: str) -> list[tuple[Any, ...]]:
    """Columns of the posted rows ``p`` with their workings ``w``, of those whose workings fill a column."""
    if not has_workings(engine):
        return []
    return engine.rows(
        f"SELECT {columns} FROM ({posted(plan.columns)}) AS p "
        "JOIN workings AS w ON w.file = p.file AND w.line = CAST(p.line AS VARCHAR) "
        f"WHERE \"match\" >= 0 AND {filled} <> '' ORDER BY p.row"
    )


def statement(dimensions: Sequence[str], sums: Sequence[str] = SUMS) -> str:
    """The kernel's statement: integer sums and the count of rows by dimensions."""
    return BALANCE.format(
        dimensions=", ".join(quoted(name) for name in dimensions),
        sums=", ".join(f"SUM({name}) AS {name}" for name in sums),
    )


Rows = TypeVar("Rows")


class Speaker(Protocol):
    """An engine that the kernel's statement is spoken to."""

    statements: list[str]

    def view(self, name: str, sql: str) -> None:
        """A query under a name."""


def summed(
    engine: Speaker, view: str, dimensions: Sequence[str], sums: Sequence[str], give: Callable[[str], Rows],
    narrowed: str = "FROM {}",
) -> Rows:  # fmt: skip
    """The kernel's statement run over posted rows; its whole text is kept for the evidence.

    Args:
        engine: holds the rows.
        view: the posted rows.
        dimensions: what is kept.
        sums: integer columns that are summed.
        give: how the engine hands the lines over.
        narrowed: a query over the statement, for the types of its columns.
    """
    text = statement(dimensions, sums)
    engine.view("posted", view)
    engine.statements.append(f"WITH posted AS (\n{view.strip()}\n){text}")
    return give(narrowed.format(f"({text})"))


def balance(engine: Engine, plan: Plan, dimensions: Sequence[str]) -> Balance:
    """The balance of the posted rows.

    Raises:
        AssertionError: posted rows, unposted rows and those outside the boundary are not the rows read.
    """
    names = (*FIXED[1:], *dimensions)
    lines, unposted, outside = [], 0, 0
    for match, *cells in summed(engine, posted(plan.columns), ("match", *names), SUMS, engine.rows):
        *values, high, low, width, rows = cells
        if match is None:
            unposted += rows
        elif match == OUTSIDE:
            outside += rows
        else:
            lines.append(Line(match, tuple(values), int(high) * LIMB + int(low), int(width), rows))
    ordered = tuple(sorted(lines, key=lambda line: (line.match, line.dimensions)))
    made = Balance(names, ordered, plan.decimals, unposted, outside)
    read = engine.rows("SELECT COUNT(*) FROM rows")[0][0]
    if made.read != read:
        said = f"{made.posted} posted, {made.unposted} unposted and {made.outside} outside"
        raise AssertionError(f"{said} rows are not the {read} rows read")
    return made


def rows_behind(
    engine: Engine, plan: Plan, names: Sequence[str], line: Line, limit: int
) -> list[tuple[Any, ...]]:  # fmt: skip
    """The first rows read as text behind a balance line: file, line, id, region, start, end, amount."""
    where = "".join(f" AND {quoted(name)} = ${n}" for n, name in enumerate(names, start=1))
    return engine.rows(
        f'SELECT file, line, id, region, start, "end", amount FROM ({posted(plan.columns)}) '
        f'WHERE "match" = {line.match}{where} ORDER BY row LIMIT {limit}',
        line.dimensions,
    )


@dataclass(frozen=True, slots=True)
class Valuation:
    """What turns a balance into emissions: the value of each factor row, and the GWP set.

    A what-if is another valuation of the same balance.
    """

    rows: Mapping[str, FactorRow]
    gwp: str

    def coefficient(self, posting: Posting) -> Fraction:
        """Mass of gas (kg), or quantity in base units, per base unit of the amount."""
        result = posting.share
        for name in (*posting.parameters, posting.factor):
            if name:
                step = self.rows[name].base_amount
                result = step if result == 1 else result * step
        return result

    def potential(self, gas: str, measure: str = "emissions") -> Fraction:
        """How many kg CO2e one kg of a gas is: one for CO2e and measured quantities, zero outside the scopes.

        Gases outside the scopes keep their value in the measure that shows them; biogenic CO2 is shown as CO2.
        """
        if not gas or gas == CO2E or measure == BIOGENIC:
            return Fraction(1)
        counts = gases()[gas].in_scopes == "yes" or measure == NOT_KYOTO
        return gwp(self.gwp, gas).amount if counts else Fraction(0)


@dataclass(frozen=True, slots=True)
class Entry:
    """One balance line posted to one account.

    Attributes:
        posting: the account, gas and factor.
        line: the balance line.
        dimensions: the line's dimensions by name.
        quantity: the amount in the written unit, exact.
        mass: kg of the gas, or the quantity in base units, exact.
        value: kg CO2e, or the quantity in base units, exact.
    """

    posting: Posting
    line: Line
    dimensions: Mapping[str, str]
    quantity: Fraction
    mass: Fraction
    value: Fraction


def entries(summed: Balance, plan: Plan, valuation: Valuation) -> Iterable[Entry]:
    """Every line of a balance posted to every account of its match."""
    coefficients = {posting: valuation.coefficient(posting) for match in plan.matches for posting in match.postings}
    potentials = {
        posting: valuation.potential(posting.gas, posting.measure)
        for match in plan.matches
        for posting in match.postings
    }
    for line in summed.lines:
        dimensions = dict(zip(summed.names, line.dimensions, strict=True))
        quantity = Fraction(line.amount, 10**summed.decimals)
        base = quantity * unit(dimensions["unit"]).multiplier
        for posting in plan.matches[line.match].postings:
            mass = base * coefficients[posting]
            yield Entry(posting, line, dimensions, quantity, mass, mass * potentials[posting])
