"""A relation scanned: its words judged, its plan made, its plain rows summed, the others handed to the strict path."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING, Any, Protocol

from ghg.bulk import columns, ids, posting, words
from ghg.bulk.amounts import FINER, counted
from ghg.bulk.cells import make_cells
from ghg.bulk.columns import Column, ColumnBalance
from ghg.bulk.posting import NONE_DOUBTED, Sums, excluded
from ghg.bulk.words import Words
from ghg.engines import Engine, quoted
from ghg.engines.aside import Thread
from ghg.engines.relations import Relation, readable
from ghg.factors import FactorTable
from ghg.inventory import Inventory
from ghg.issues import GhgError, Issue, Severity
from ghg.ledger import FIXED, Balance, Line
from ghg.plan import Key, Plan, Rules, make_plan
from ghg.progress import steps
from ghg.remarks import not_made
from ghg.schema import NAMES

if TYPE_CHECKING:
    import numpy as np

AT_A_TIME = 100_000
"""Rows handed to the strict path at a time."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A relation after its one pass.

    Attributes:
        relation: what was scanned.
        view: its rows with the packed key of each.
        quanta: expression of the whole quanta of a row of that, over its column ``low``.
        sums: the sums of its plain rows.
        keys: by cell, the key that stands for it.
        plan: the plan of those keys.
        notes: what a reader has to know about its amounts.
        repeated: file and line of each row whose id stands in an earlier row.
        unreadable: rows that the strict path cannot take as rows.
        remote: gives rows that a cluster alone has; none where the embedded engine has them.
    """

    relation: Relation
    view: str
    quanta: str
    sums: Sums
    keys: tuple[Key, ...]
    plan: Plan
    notes: tuple[Issue, ...]
    repeated: tuple[tuple[str, int], ...]
    unreadable: tuple[Issue, ...]
    remote: Remote | None = None

    def require_rows(self, what: str) -> None:
        """Refuse what needs every row where a cluster alone has them.

        Raises:
            GhgError: it does.
        """
        if self.remote:
            raise GhgError(f"{what} needs every row of a frame that is on Spark: name its files in the inventory.")


Scanner = Callable[[FactorTable], tuple[Scan, ...]]
"""What scans the relations of an engine under some factors."""


class Remote(Protocol):
    """Rows that a cluster alone has."""

    def behind(self, engine: Engine, keys: np.ndarray[Any, Any], limit: int) -> list[tuple[Any, ...]]:
        """The first rows of some keys: file, line, id, region, start, end, amount."""


@dataclass(frozen=True, slots=True)
class Look:
    """A relation that the engine looks through beside other work; each answer is waited for when it is asked for.

    Attributes:
        relation: what is looked through.
        aside: where the engine works.
        words: its words, judged.
        twice: places of the rows whose id stands in an earlier row, and of those without an id.
        totals: places of the rows whose id names a total.
    """

    relation: Relation
    aside: Thread
    words: Callable[[], dict[str, Words]]
    twice: Callable[[], list[int]]
    totals: Callable[[], list[int]]


def look(
    threads: tuple[Thread, Thread], relation: Relation, inventory: Inventory, earlier: Sequence[Relation] = ()
) -> Look:
    """Start to look through a relation; ``earlier`` are those whose ids may not stand in it again."""
    aside, other = threads
    return Look(
        relation,
        aside,
        aside.run(lambda engine: words.count_words(engine, relation, inventory)),
        other.run(lambda engine: ids.repeated(engine, relation, earlier)),
        other.run(lambda engine: ids.totals(engine, relation)),
    )


def scan(engine: Engine, seen: Look, inventory: Inventory, table: FactorTable) -> Scan:
    """Sum the plain rows of a relation; all others are appended to the engine table ``loaded``."""
    relation, found = seen.relation, seen.words()
    cells = make_cells(inventory, table, found)
    posting.hand_over(engine, found, cells)
    parts = posting.parts_of(found, cells, inventory.dimensions)
    amounts = counted("amount", relation.types["amount"], inventory.decimals)
    twice = seen.twice()
    doubted = sorted({*twice, *seen.totals()})
    if doubted:
        exclude(engine, relation, doubted)
    view = posting.posted(relation, found, amounts, parts, excluded(relation) if doubted else NONE_DOUBTED)
    sums_later = seen.aside.run(lambda other: posting.total(other, relation, amounts, parts, view))
    with steps("summing", relation.rows, "rows", seen.aside.share):
        plan = make_plan(inventory, table, cells.keys)
        sums = sums_later()
    failing = [number for number, key in enumerate(cells.keys) if key in plan.failures]
    sums = posting.without(engine, sums, view, failing)
    repeated = tuple(relation.at(place) for place in twice)
    quanta = amounts.whole("low", of_sum=False)
    made = Scan(relation, view, quanta, sums, cells.keys, plan, (), repeated, ())
    return finished(engine, relation, inventory, made)


def finished(engine: Engine, relation: Relation, inventory: Inventory, found: Scan) -> Scan:
    """A scan with its other rows handed to the strict path, and with what is said about it."""
    unreadable = _hand_over(engine, relation, found.sums.left)
    notes = (*_quantised(relation, inventory, found.sums), _not_compared(relation, inventory, found.sums))
    return replace(found, notes=notes, unreadable=unreadable)


@contextmanager
def looked_through(engine: Engine, inventory: Inventory, *, as_text: bool) -> Iterator[Scanner]:
    """Start to look through the relations of an engine; yields what scans them all once the factors are known.

    With ``as_text`` all their rows are appended to ``loaded`` instead, and nothing is scanned.
    """
    if as_text or not engine.relations:
        for relation in engine.relations:
            with readable(engine, relation):
                read_as_text(engine, relation)
        yield lambda _: ()
        return
    # Each keeps its tables, so that its rows can be looked at again when the others are scanned.
    relations = [replace(found, schema=engine.schema(f"scan_{n}")) for n, found in enumerate(engine.relations)]
    with Thread(engine) as aside, Thread(engine) as other:
        first = look((aside, other), relations[0], inventory)

        def scan_all(table: FactorTable) -> tuple[Scan, ...]:
            scans: list[Scan] = []
            with steps("scanning", sum(relation.rows for relation in relations), "rows") as work:
                for number, relation in enumerate(relations):
                    with readable(engine, relation):
                        seen = look((aside, other), relation, inventory, engine.relations[:number]) if number else first
                        scans.append(scan(engine, seen, inventory, table))
                    work.advance(relation.rows)
            return tuple(scans)

        yield scan_all


def read_as_text(engine: Engine, relation: Relation) -> None:
    """Append every row of a relation to ``loaded``, where the strict path alone can take it."""
    cells = ", ".join(relation.cell(name) for name in NAMES)
    file, line = relation.file_and_line
    engine.run(f"INSERT INTO loaded SELECT {file}, CAST({line} AS VARCHAR), {cells} FROM {relation.sql} ORDER BY place")


def exclude(engine: Engine, relation: Relation, places: Sequence[int] | np.ndarray[Any, Any]) -> None:
    """Places as the engine table ``excluded``."""
    import numpy as np

    engine.tabulate(f"{relation.schema}excluded", {"place": np.array(places, dtype=np.int64)})


def _hand_over(engine: Engine, relation: Relation, places: np.ndarray[Any, Any]) -> tuple[Issue, ...]:
    """Append rows as text to ``loaded``; gives those with a cell that the strict path cannot take."""
    import numpy as np

    issues: list[Issue] = []
    # In a file whose statistics are damaged a cell may be missing that they say is there.
    names = ", ".join(f"coalesce({quoted(name)}, '')" for name in NAMES)
    cells = ", ".join(f"{relation.cell(name)} AS {quoted(name)}" for name in NAMES)
    file, line = relation.file_and_line
    ordered = np.sort(places)
    with steps("reading rows one by one", len(ordered), "rows") as work:
        for start in range(0, len(ordered), AT_A_TIME):
            chunk = ordered[start : start + AT_A_TIME]
            engine.tabulate("wanted", {"place": chunk})
            engine.run(
                f"CREATE OR REPLACE TABLE taken AS SELECT place, {cells} FROM {relation.sql} "
                f"WHERE place BETWEEN {chunk[0]} AND {chunk[-1]} AND place IN (SELECT place FROM wanted)"
            )
            # Most rows are plain ASCII, which the engine sees; of all others Python knows what shows.
            doubted = f"SELECT place, {names} FROM taken WHERE NOT regexp_full_match(concat({names}), '[ -~]*')"
            hidden = [row[0] for row in engine.rows(f"{doubted} ORDER BY place") if _hidden(relation, row, issues)]
            engine.tabulate("hidden", {"place": np.array(hidden, dtype=np.int64)})
            engine.run(
                f"INSERT INTO loaded SELECT {file}, CAST({line} AS VARCHAR), {names} FROM taken "
                "WHERE place NOT IN (SELECT place FROM hidden) ORDER BY place"
            )
            work.advance(len(chunk))
    return tuple(issues)


def _hidden(relation: Relation, row: tuple[Any, ...], issues: list[Issue]) -> bool:
    """Whether a cell of the row holds a character that does not show; says so in ``issues``."""
    place, *cells = row
    hidden = [(name, cell) for name, cell in zip(NAMES, cells, strict=True) if not cell.isprintable()]
    for name, cell in hidden:
        message, hint = f"{cell!r} holds a character that does not show.", "Use one line and plain spaces in a cell."
        issues.append(Issue("cell-control-character", message, hint, *relation.at(place), name, cell))
    return bool(hidden)


def _quantised(relation: Relation, inventory: Inventory, sums: Sums) -> tuple[Issue, ...]:
    """A note a file on amounts finer than the quantum."""
    finer = sums.codes["state"] == FINER
    count = int(sums.rows[finer].sum())
    if not count:
        return ()
    message = f"{count:,} amounts are finer than the quantum {inventory.quantum} and were rounded half up to it."
    hint = "Set a finer 'quantum' in the inventory to keep every digit."
    file = relation.files[0] if len(relation.files) == 1 else ""
    return (Issue("number-quantised", message, hint, file, None, "amount", severity=Severity.NOTE),)


def _not_compared(relation: Relation, inventory: Inventory, sums: Sums) -> Issue:
    """A note on the remarks that are not made."""
    file = relation.files[0] if len(relation.files) == 1 else ""
    return not_made(inventory, int(sums.rows.sum()), file)


def keys_of(scans: Sequence[Scan]) -> list[Key]:
    """The keys that stand for the cells that rows posted to."""
    import numpy as np

    used = (np.flatnonzero(np.bincount(found.sums.codes["cell"])) for found in scans)
    return [found.keys[cell] for found, cells in zip(scans, used, strict=True) for cell in cells.tolist()]


def _kept(plan: Plan, keys: Iterable[Key]) -> Plan:
    """A plan with some of its keys alone, and the matches they take."""
    left = {key: plan.keys[key] for key in keys if key in plan.keys}
    order = {position: n for n, position in enumerate(sorted(set(left.values())))}
    matches = tuple(plan.matches[position] for position in order)
    return replace(plan, matches=matches, keys={key: order[position] for key, position in left.items()}, failures={})


def whole_plan(
    inventory: Inventory, table: FactorTable, keys: Sequence[Key], scans: Sequence[Scan], rules: Rules
) -> Plan:  # fmt: skip
    """The plan of the keys of rows read as text and of those that rows in bulk posted to."""
    if not scans:
        return make_plan(inventory, table, keys, rules)
    if len(scans) == 1 and not keys:
        return _kept(scans[0].plan, keys_of(scans))
    return make_plan(inventory, table, [*keys, *keys_of(scans)], rules)


def joined(balance: Balance, scans: Sequence[Scan], plan: Plan) -> Balance:
    """The balance of rows read as text, with the sums of the scans."""
    parts = [balance_of(found, plan, balance.names[len(FIXED) - 1 :]) for found in scans]
    if not balance.lines and len(parts) == 1:
        return parts[0].with_unposted(balance.unposted)
    return columns.joined([columns.in_columns(balance), *parts])


def balance_of(found: Scan, plan: Plan, dimensions: Sequence[str]) -> ColumnBalance:
    """The balance of the plain rows of a scan."""
    import numpy as np

    of_cell = np.array([plan.keys.get(key, -1) for key in found.keys] or [-1], dtype=np.int32)
    sums, parts = found.sums, {part.name: part for part in found.sums.parts}
    made = {"unit": Column(sums.codes["unit"], parts["unit"].words)}
    basis = [text.split("\x1f") for text in parts["basis"].words]
    for n, name in enumerate(FIXED[2:]):
        known = tuple(dict.fromkeys(text[n] for text in basis))
        recoded = np.array([known.index(text[n]) for text in basis], dtype=np.int32)
        made[name] = Column(recoded[sums.codes["basis"]], known)
    for name in dimensions:
        known = tuple(dict.fromkeys(parts[name].words))
        place = {word: code for code, word in enumerate(known)}
        recoded = np.array([place[word] for word in parts[name].words], dtype=np.int32)
        made[name] = Column(recoded[sums.codes[name]], known)
    match = of_cell[sums.codes["cell"]]
    return ColumnBalance(match, made, (sums.amount, sums.width, sums.rows), plan.decimals, 0)


def rows_behind(
    engine: Engine, found: Scan, plan: Plan, names: Sequence[str], line: Line, limit: int
) -> list[tuple[Any, ...]]:
    """The first rows of a scan behind a balance line: file, line, id, region, start, end, amount."""
    import numpy as np

    made = balance_of(found, plan, names[len(FIXED) - 1 :])
    alike = made.match == line.match
    for column, word in zip(made.dimensions.values(), line.dimensions, strict=True):
        alike &= column.codes == (column.words.index(word) if word in column.words else -1)
    if not alike.any():
        return []
    keys = np.unique(found.sums.key[alike])
    if found.remote:
        return found.remote.behind(engine, keys, limit)
    engine.tabulate("sought", {"key": keys})
    sought = f"SELECT place FROM ({found.view}) WHERE key IN (SELECT key FROM sought) ORDER BY place LIMIT {limit}"
    places = [row[0] for row in engine.rows(sought)]
    cells = ", ".join(found.relation.cell(name) for name in ("id", "region", "start", "end", "amount"))
    rows = engine.rows(
        f"SELECT place, {cells} FROM {found.relation.sql} WHERE place IN ({', '.join(map(str, places))}) ORDER BY place"
    )
    return [(*found.relation.at(place), *texts) for place, *texts in rows]


def posted_rows(engine: Engine, number: int, found: Scan, plan: Plan) -> str:
    """A query of the plain rows of a scan: file, line, id, match.

    Raises:
        GhgError: a cluster alone has the rows.
    """
    import numpy as np

    found.require_rows("the posted ledger")
    of_cell = np.array([plan.keys.get(key, -1) for key in found.keys] or [-1], dtype=np.int32)
    engine.tabulate(f"cells_{number}", {"cell": np.arange(len(of_cell), dtype=np.int32), "match": of_cell})
    below = prod(part.size for part in found.sums.parts[1:])
    file, line = found.relation.file_and_line
    return (
        f"SELECT {file} AS file, {line} AS line, CAST(id AS VARCHAR) AS id, "
        f'cells_{number}."match" FROM ({found.view}) JOIN cells_{number} ON cells_{number}.cell = key // {below} '
        f'WHERE key >= 0 AND cells_{number}."match" >= 0'
    )
