"""Distinct words of a relation, coded as dense integers, each judged once in Python.

Columns that are judged together are coded together: activity with unit, item and method, start with end, and what says
where an amount comes from. A word that is not plainly sound is only marked; the strict checks say what is wrong with
its rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import prod

from ghg.accounts import accounts
from ghg.activity import method_rule, unit_rule
from ghg.engines import Engine, quoted
from ghg.engines.relations import Relation
from ghg.figures import figures
from ghg.inventory import Inventory
from ghg.issues import GhgError
from ghg.keys import Rules
from ghg.reading.cells import shows
from ghg.regions import regions
from ghg.schema import ACTIVITY, DAY, EARLIEST, LATEST, SCORE, Provenance, is_total

GROUPS = {
    "task": ("activity", "unit", "item", "method"),
    "region": ("region",),
    "span": ("start", "end"),
    "basis": ("provenance", "derived_from", "entry"),
    "spread": ("measurement", "uncertainty"),
    SCORE: (SCORE,),
    "entity": ("entity",),
    "site": ("site",),
}
"""What is coded together, by the name of its code."""
NUMBER_BITS = 62
"""Bits of a packed number."""
SHORT_BITS = 31
"""Bits below which numbers are 32-bit integers, which takes a sixth of the time off sums by them."""
DEFAULTS = {column.name: column.default for column in ACTIVITY}
ALLOWED = {column.name: column.allowed for column in ACTIVITY}


@dataclass(frozen=True, slots=True)
class Words:
    """The distinct words of a group of columns.

    Attributes:
        group: key of ``GROUPS``.
        columns: its columns that the relation has.
        texts: the words of all its columns by code, trimmed, blanks replaced by what they stand for.
        sound: by code, whether the words alone give no cause for a problem.
        blanks: columns that hold missing values, which join otherwise.
        telling: columns that tell the words apart, which are all a join needs.
        sizes: how many words each telling column has.
        numbers: by code, the codes of the words of its telling columns packed into one number.
        schema: where the tables of the words are; with the dot, or blank.
    """

    group: str
    columns: tuple[str, ...]
    texts: tuple[tuple[str, ...], ...]
    sound: tuple[bool, ...]
    blanks: tuple[str, ...]
    telling: tuple[str, ...]
    sizes: tuple[int, ...]
    numbers: tuple[int, ...]
    schema: str = ""

    @property
    def is_constant(self) -> bool:
        """Whether every row has the same sound words, so that nothing need be joined."""
        return len(self.texts) == 1 and self.sound[0]

    @property
    def is_packed(self) -> bool:
        """Whether several columns tell the words apart."""
        return len(self.telling) > 1 and not self.is_constant

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of its tables in the engine: of the words, and of each telling column where there are several."""
        if self.is_constant:
            return ()
        whole = f"words_{self.group}"
        return (whole, *(f"{whole}_{name}" for name in self.telling if self.is_packed))

    @property
    def code(self) -> str:
        """The expression of the code."""
        return "0" if self.is_constant else f"words_{self.group}.code"

    @property
    def number(self) -> str:
        """The expression of the packed number; it needs less of a join than the code."""
        return packed(self.tables[1:], self.sizes) if self.is_packed else self.code

    @property
    def number_join(self) -> str:
        """The join of a relation ``source`` with what ``number`` needs.

        Each column is joined by itself: an engine that reads a column as a dictionary looks a word up once.
        """
        tables = self.tables[1:] or self.tables
        return " ".join(
            f"JOIN {self.schema}{table} ON {table}.{quoted(name)} "
            f"{'IS NOT DISTINCT FROM' if name in self.blanks else '='} source.{quoted(name)}"
            for table, name in zip(tables, self.telling if tables else (), strict=True)
        )

    @property
    def join(self) -> str:
        """The join of a relation ``source`` with its codes; inner, since every word of the relation has one."""
        if not self.is_packed:
            return self.number_join
        whole = self.tables[0]
        return f"{self.number_join} JOIN {self.schema}{whole} ON {whole}.number = {self.number}"


def packed(tables: Sequence[str], sizes: Sequence[int]) -> str:
    """The expression that packs the codes of tables into one number.

    Raises:
        GhgError: a number of 64 bits cannot hold them.
    """
    if prod(sizes) >= 1 << NUMBER_BITS:
        raise GhgError("the rows have too many distinct words: look for a column that holds numbers or notes.")
    kind = "INTEGER" if prod(sizes) >> SHORT_BITS == 0 else "BIGINT"
    number = f"CAST({tables[0]}.code AS {kind})"
    for table, size in zip(tables[1:], sizes[1:], strict=True):
        number = f"({number} * {size} + {table}.code)"
    return number


def count_words(
    engine: Engine, relation: Relation, inventory: Inventory, rules: Rules,
    distinct: Callable[[str], str] | None = None,
) -> dict[str, Words]:  # fmt: skip
    """The words of every group, as the engine tables ``words_…``.

    Args:
        engine: holds the tables.
        relation: whose words they are.
        inventory: for the period.
        rules: for the entities.
        distinct: a group to the table of the engine that holds its words, where another engine counted them.
    """
    judges = _judges(inventory, rules)
    return {
        group: _words(engine, relation, group, judges[group], distinct(group) if distinct else relation.sql)
        for group in GROUPS
    }


def present(relation: Relation, group: str) -> tuple[str, ...]:
    """The columns of a group that a relation has."""
    return tuple(name for name in GROUPS[group] if name in relation.types)


def _words(engine: Engine, relation: Relation, group: str, is_sound: Callable[..., bool], source: str) -> Words:
    """The distinct words of one group."""
    names, table = GROUPS[group], f"{relation.schema}words_{group}"
    columns = present(relation, group)
    blanks: tuple[str, ...] = ()
    telling: tuple[str, ...] = ()
    found: Sequence[tuple[str, ...]] = [("",) * len(names)]
    if columns:
        _code(engine, table, columns, source)
        missing = ", ".join(f"count(*) - count({quoted(name)})" for name in columns)
        counts = engine.rows(f"SELECT {missing} FROM {table}")[0]
        blanks = tuple(name for name, count in zip(columns, counts, strict=True) if count)
        telling = _telling(engine, table, columns)
        cells = ", ".join(relation.cell(name) for name in names)
        found = engine.rows(f"SELECT {cells} FROM {table} ORDER BY code")
    texts = tuple(tuple(text or DEFAULTS[name] for name, text in zip(names, words, strict=True)) for words in found)
    sound = tuple(all(map(shows, words)) and is_sound(*words) for words in texts)
    made = Words(group, columns, texts, sound, blanks, telling, (), tuple(range(len(texts))), relation.schema)
    return _numbered(engine, made)


def _code(engine: Engine, table: str, columns: Sequence[str], source: str) -> None:
    """A table of the distinct words of some columns with a dense code each, in their order."""
    listed = ", ".join(quoted(name) for name in columns)
    engine.run(
        f"CREATE OR REPLACE TABLE {table} AS SELECT CAST(row_number() OVER (ORDER BY {listed}) - 1 AS INTEGER) AS code,"
        f" * FROM (SELECT DISTINCT {listed} FROM {source})"
    )


def _numbered(engine: Engine, words: Words) -> Words:
    """Words with the numbers that tell them apart where several columns do, in their table too."""
    if not words.is_packed:
        return words
    whole, *parts = words.tables
    sizes = []
    for table, name in zip(parts, words.telling, strict=True):
        _code(engine, f"{words.schema}{table}", (name,), f"{words.schema}{whole}")
        sizes.append(engine.rows(f"SELECT count(*) FROM {words.schema}{table}")[0][0])
    made = replace(words, sizes=tuple(sizes))
    engine.run(
        f"CREATE OR REPLACE TABLE {words.schema}{whole} AS "
        f"SELECT source.*, {made.number} AS number FROM {words.schema}{whole} AS source {made.number_join}"
    )
    numbers = engine.rows(f"SELECT number FROM {words.schema}{whole} ORDER BY code")
    return replace(made, numbers=tuple(number for (number,) in numbers))


def _telling(engine: Engine, table: str, columns: Sequence[str]) -> tuple[str, ...]:
    """Columns of which each row of a table of distinct words has other cells: one left out tells nothing more."""
    kept = list(columns)
    for name in columns:
        others = ", ".join(quoted(other) for other in kept if other != name)
        if others and engine.rows(
            f"SELECT (SELECT count(*) FROM (SELECT DISTINCT {others} FROM {table})) = count(*) FROM {table}"
        ) == [(True,)]:
            kept.remove(name)
    return tuple(kept)


def _judges(inventory: Inventory, rules: Rules) -> dict[str, Callable[..., bool]]:
    """For each group whether its words are sound."""
    first, last = inventory.period.start.isoformat(), inventory.period.end.isoformat()
    is_cut = inventory.cut_off == "pro_rata"
    return {
        "task": _is_task,
        "region": lambda region: region in regions(),
        "span": lambda start, end: (
            _is_day(start)
            and _is_day(end)
            and start <= end
            and (EARLIEST <= start <= last and first <= end <= LATEST if is_cut else first <= start and end <= last)
        ),
        "basis": _is_basis,
        # A row with an error of its own is read as text: its error is composed from the row.
        "spread": lambda *words: not any(words),
        SCORE: lambda score: score in ALLOWED[SCORE],
        # Rows of an entity of which nothing counts are listed one by one.
        "entity": rules.boundary.is_held if rules.boundary else bool,
        "site": lambda site: not is_total(site),
    }


def _is_task(*words: str) -> bool:
    """Whether an activity takes a unit and a method; its item is judged where the plan is made."""
    activity, unit, _, method = words
    return (
        activity in accounts()
        and bool(unit)
        and not (unit_rule(activity, unit, method) or method_rule(activity, method))
    )


def _is_day(text: str) -> bool:
    """Whether a text is a date of the calendar."""
    if not re.fullmatch(DAY, text, re.ASCII):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_basis(provenance: str, derived_from: str, entry: str) -> bool:
    """Whether a provenance says what it has to."""
    return (
        provenance in ALLOWED["provenance"]
        and entry in ALLOWED["entry"]
        and set(derived_from.split()) <= set(figures())
        and (provenance != Provenance.BACK_CALCULATED or bool(derived_from))
    )
