"""The rows of a run: loaded, checked, planned and balanced."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghg import activity, ledger
from ghg.boundary import meters
from ghg.boundary.beside import Beside
from ghg.bulk import clustered, scanning
from ghg.bulk.scans import Scan, consumed_of, joined, whole_plan
from ghg.engines import Engine, literal, quoted
from ghg.engines.relations import with_keys
from ghg.factors import FactorTable
from ghg.inventory import Inventory
from ghg.issues import Issue, Severity
from ghg.ledger import Balance
from ghg.plan import Plan
from ghg.reading.cells import HIDDEN
from ghg.schema import FREE, NAMES
from ghg.stakes import said_of

if TYPE_CHECKING:
    from ghg.instruments.application import Applied


@dataclass(frozen=True, slots=True)
class Posted:
    """What came of the rows of a run.

    Attributes:
        plan: what was decided for their keys.
        balance: their exact sums; rows that could not be read as rows count as unposted.
        found: what is wrong with them, in file order.
        notes: what a reader of any result has to know about them.
        applied: what came of the contractual instruments; none where the inventory names none.
        scans: the tables that were scanned in place.
    """

    plan: Plan
    balance: Balance
    found: tuple[Issue, ...]
    notes: tuple[Issue, ...]
    applied: Applied | None
    scans: tuple[Scan, ...]


def post(
    engine: Engine,
    inventory: Inventory,
    factors: Callable[[], FactorTable],
    load: Callable[[Engine], activity.Read | None],
    beside: Beside,
    *,
    is_strict: bool,
) -> Posted:
    """Load rows, check them, make their plan and add them up; the factors are read while the engine looks at the rows.

    Raises:
        InputError: a table or a factor cannot be read.
    """
    read = load(engine) or activity.Read()
    known = beside.rules(inventory)
    # Which days a meter misses is seen in its rows one by one.
    as_text = is_strict or inventory.continuity != "ignore"
    looked_through = (clustered if engine.cluster else scanning).looked_through
    with looked_through(engine, inventory, known, as_text=as_text) as scan_all:
        table = factors()
        scans = scan_all(table)
    for found_in in scans:
        read.add(found_in.unreadable, ())
    _check(engine, inventory, beside, scans)
    consumed = consumed_of(scans, beside.consuming, inventory.decimals)
    entities = {entity for found in scans for entity in found.entities}
    rules, applied = beside.matched(engine, inventory, known, consumed, entities)
    plan = whole_plan(inventory, table, ledger.distinct_keys(engine, rules.columns), scans, rules)
    posting = scanning.settled(engine, inventory, scans, plan)
    if posting is not scans:
        scans = posting
        for found_in in scans:
            read.add(found_in.unreadable, ())
        _check(engine, inventory, beside, scans)
        plan = whole_plan(inventory, table, ledger.distinct_keys(engine, rules.columns), scans, rules)
    for found_in in scans:
        read.add((), found_in.notes)
    ledger.post(engine, plan)
    broken = meters.issues(engine, inventory, rules.holds)
    found = activity.issues(engine, inventory, lambda rule, row: said_of(engine, plan, inventory, rule, row))
    balance = ledger.balance(engine, plan, inventory.dimensions)
    balance = (joined(balance, scans, plan) if scans else balance).with_unposted(read.unread)
    read.add((), [issue for issue in broken if issue.severity is Severity.NOTE])
    broken = [issue for issue in broken if issue.severity is Severity.ERROR]
    found = with_keys(engine, sorted([*read.issues, *found, *broken], key=lambda issue: (issue.file, issue.line or 0)))
    return Posted(plan, balance, tuple(found), tuple(read.notes), applied, scans)


def _note_hidden(engine: Engine) -> None:
    """Note cells with a character that does not show; rows of files that are read as text are plain already."""
    hidden, names = "regexp_matches({}, {})", [name for name in NAMES if name != FREE]
    all_cells = f"concat({', '.join(map(quoted, names))})"
    if engine.rows(f"SELECT 1 FROM rows WHERE {hidden.format(all_cells, literal(HIDDEN))} LIMIT 1"):
        for name in names:
            is_hidden = hidden.format(quoted(name), literal(HIDDEN))
            engine.run(
                f"INSERT INTO problems SELECT row, 'cell-control-character', '{name}', {quoted(name)} FROM rows "
                f"WHERE {is_hidden}"
            )


def _check(engine: Engine, inventory: Inventory, beside: Beside, scans: Sequence[Scan]) -> None:
    """Note what is wrong with the rows read as text."""
    activity.check(engine, inventory)
    _note_hidden(engine)
    activity.note_repeated(engine, [place for found in scans for place in found.repeated])
    beside.check(engine)
