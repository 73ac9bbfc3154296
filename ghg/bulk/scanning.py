"""A relation scanned: its words judged, its plan made, its plain rows summed, the others handed to the strict path."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ghg import activity
from ghg.bulk import ids, posting, words
from ghg.bulk.amounts import FINER, counted
from ghg.bulk.cells import Cells, make_cells
from ghg.bulk.posting import NONE_DOUBTED, Sums, excluded
from ghg.bulk.scans import Scan
from ghg.bulk.words import Words
from ghg.engines import Engine, quoted
from ghg.engines.aside import Thread
from ghg.engines.delimited import GROUPED, SAMPLE
from ghg.engines.relations import Relation, readable
from ghg.factors import FactorTable
from ghg.inventory import Inventory
from ghg.issues import Issue, Severity
from ghg.plan import ALL_OF_IT, Key, Plan, Rules, make_plan
from ghg.progress import steps
from ghg.reading.cells import shows
from ghg.reading.table import cut_off
from ghg.remarks import not_made
from ghg.resolve import Chooser
from ghg.schema import FREE, NAMES
from ghg.standing import Standing

if TYPE_CHECKING:
    import numpy as np

AT_A_TIME = 100_000
"""Rows handed to the strict path at a time."""
AT_ONCE = 20_000
"""Cells that are planned before it is known which of them have rows."""


Scanner = Callable[[FactorTable], tuple[Scan, ...]]
"""What scans the relations of an engine under some factors."""


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
    threads: tuple[Thread, Thread], relation: Relation, inventory: Inventory, rules: Rules,
    earlier: Sequence[Relation] = (),
) -> Look:  # fmt: skip
    """Start to look through a relation; ``earlier`` are those whose ids may not stand in it again."""
    aside, other = threads
    return Look(
        relation,
        aside,
        aside.run(lambda engine: words.count_words(engine, relation, inventory, rules)),
        other.run(lambda engine: ids.repeated(engine, relation, earlier)),
        other.run(lambda engine: ids.totals(engine, relation)),
    )


def scan(engine: Engine, seen: Look, standing: Standing) -> Scan:
    """Sum the plain rows of a relation; all others are appended to the engine table ``loaded``."""
    relation, found, inventory = seen.relation, seen.words(), standing.chooser.inventory
    cells = make_cells(standing, found)
    posting.hand_over(engine, found, cells)
    parts = posting.parts_of(found, cells, inventory.dimensions)
    amounts = counted("amount", relation.types["amount"], inventory.decimals)
    twice = seen.twice()
    doubted = sorted({*twice, *seen.totals()})
    if doubted:
        exclude(engine, relation, doubted)
    without = excluded(relation) if doubted else NONE_DOUBTED
    view = posting.posted(relation, found, amounts, parts, cells.entities, without)
    sums_later = seen.aside.run(lambda other: posting.total(other, relation, amounts, parts, view))
    with steps("summing", relation.rows, "rows", seen.aside.share):
        plan = planned(standing, cells)
        sums = sums_later()
    sums = posting.without(engine, sums, view, failing(plan, cells))
    repeated = tuple(relation.at(place) for place in twice)
    quanta = amounts.whole("low", of_sum=False)
    made = Scan(relation, view, quanta, sums, used(cells, sums), plan, (), repeated, (), entities_of(found))
    return finished(engine, relation, inventory, made)


def planned(standing: Standing, cells: Cells, most: int | None = None) -> Plan | None:
    """The plan of cells, where it does not rest on all rows.

    By default many are left for later, when it is known which have rows; ``most`` says how many are not.
    """
    if standing.rules != ALL_OF_IT or len(cells.keys) > (AT_ONCE if most is None else most):
        return None
    return make_plan(standing.chooser.inventory, standing.chooser.table, cells.keys, standing=standing)


def failing(plan: Plan | None, cells: Cells) -> list[int]:
    """The cells that cannot post, as far as they are planned."""
    return [number for number, key in enumerate(cells.keys) if key in plan.failures] if plan else []


def used(cells: Cells, sums: Sums) -> dict[int, Key]:
    """The cells that plain rows post to, in their order, each with its key."""
    import numpy as np

    return {cell: cells.keys[cell] for cell in np.unique(sums.codes["cell"]).tolist()}


def entities_of(found: Mapping[str, Words]) -> tuple[str, ...]:
    """The entities that rows name."""
    return tuple(name for (name,) in found["entity"].texts if name)


def finished(engine: Engine, relation: Relation, inventory: Inventory, found: Scan) -> Scan:
    """A scan with its other rows handed to the strict path, and with what is said about it."""
    unreadable = _hand_over(engine, relation, found.sums.left)
    return replace(found, notes=_notes(engine, relation, inventory, found.sums), unreadable=unreadable)


@contextmanager
def looked_through(engine: Engine, inventory: Inventory, rules: Rules, *, as_text: bool) -> Iterator[Scanner]:
    """Start to look through the relations of an engine; yields what scans them all once the factors are known.

    ``rules`` is what is known of them before any row is read. With ``as_text`` all their rows are appended to
    ``loaded`` instead, and nothing is scanned.
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
        first = look((aside, other), relations[0], inventory, rules)

        def scan_all(table: FactorTable) -> tuple[Scan, ...]:
            scans: list[Scan] = []
            standing = Standing(Chooser(table, inventory), rules)
            with steps("scanning", sum(relation.rows for relation in relations), "rows") as work:
                for number, relation in enumerate(relations):
                    with readable(engine, relation):
                        earlier = engine.relations[:number]
                        seen = look((aside, other), relation, inventory, rules, earlier) if number else first
                        scans.append(scan(engine, seen, standing))
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
    hidden = [(name, cell) for name, cell in zip(NAMES, cells, strict=True) if name != FREE and not shows(cell)]
    for name, cell in hidden:
        message, hint = f"{cell!r} holds a character that does not show.", "Use one line and plain spaces in a cell."
        issues.append(Issue("cell-control-character", message, hint, *relation.at(place), name, cell))
    return bool(hidden)


def _notes(engine: Engine, relation: Relation, inventory: Inventory, sums: Sums) -> tuple[Issue, ...]:
    """What a reader has to know of the plain rows."""
    found = (*_quantised(relation, inventory, sums), _not_compared(relation, inventory, sums))
    found += _grouped(engine, relation)
    rows = relation.rows + len(relation.skipped)
    return (*found, *cut_off(relation.files[0], rows, rows)) if len(relation.files) == 1 else found


def _grouped(engine: Engine, relation: Relation) -> tuple[Issue, ...]:
    """A note where the amounts are text, and every point of them may be a thousands mark."""
    if relation.is_remote or not relation.types["amount"].startswith(("VARCHAR", "ENUM")):
        return ()
    amounts = f"SELECT CAST(amount AS VARCHAR) AS amount FROM {relation.sql}"
    first = ""
    for some in (f"{amounts} LIMIT {SAMPLE}", amounts):
        sql = f"SELECT {GROUPED}, min(trim(amount)) FILTER (contains(amount, '.')) FROM ({some})"
        is_grouped, first = engine.rows(sql)[0]
        if not is_grouped:
            return ()
    message = f"every point of the column has three digits behind it: {first!r} is read as {first}, and would be "
    message += f"{first.replace('.', '')} were the point a thousands mark."
    hint = "Write the amounts as a column of numbers, which leaves nothing open."
    return (Issue("number-grouping", message, hint, relation.files[0], None, "amount", severity=Severity.NOTE),)


def _quantised(relation: Relation, inventory: Inventory, sums: Sums) -> tuple[Issue, ...]:
    """A note a file on amounts finer than the quantum."""
    finer = sums.codes["state"] == FINER
    count = int(sums.rows[finer].sum())
    if not count:
        return ()
    message = f"Amounts finer than the quantum {inventory.quantum}, rounded half up to it: {count:,}."
    hint = "Set a finer 'quantum' in the inventory to keep every digit."
    file = relation.files[0] if len(relation.files) == 1 else ""
    return (Issue("number-quantised", message, hint, file, None, "amount", severity=Severity.NOTE),)


def _not_compared(relation: Relation, inventory: Inventory, sums: Sums) -> Issue:
    """A note on the remarks that are not made."""
    file = relation.files[0] if len(relation.files) == 1 else ""
    return not_made(inventory, int(sums.rows.sum()), file)


def settled(engine: Engine, inventory: Inventory, scans: tuple[Scan, ...], plan: Plan) -> tuple[Scan, ...]:
    """Scans without the rows whose keys a plan does not post; these are read as text, before those that were.

    Gives the same scans where every key posts.
    """
    out = [[cell for cell, key in found.keys.items() if key not in plan.keys] for found in scans]
    if not any(out):
        return scans
    activity.take_back(engine)
    made = []
    for found, cells in zip(scans, out, strict=True):
        sums = posting.without(engine, found.sums, found.view, cells)
        with readable(engine, found.relation):
            unreadable = _hand_over(engine, found.relation, sums.left[len(found.sums.left) :])
        keys = {cell: key for cell, key in found.keys.items() if key in plan.keys}
        notes = _notes(engine, found.relation, inventory, sums)
        made.append(replace(found, sums=sums, keys=keys, notes=notes, unreadable=unreadable))
    return tuple(made)
