"""Relations that were scanned: their sums under a plan, and the rows behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING, Any, Protocol

from ghg.bulk import columns
from ghg.bulk.columns import Column, ColumnBalance
from ghg.bulk.posting import Sums
from ghg.engines import Engine
from ghg.engines.relations import Relation
from ghg.factors import FactorTable
from ghg.inventory import Inventory
from ghg.issues import GhgError, Issue
from ghg.ledger import FIXED, Balance, Line
from ghg.plan import Key, Plan, Rules, make_plan
from ghg.units import unit

if TYPE_CHECKING:
    import numpy as np


class Remote(Protocol):
    """Rows that a cluster alone has."""

    def behind(self, engine: Engine, keys: np.ndarray[Any, Any], limit: int) -> list[tuple[Any, ...]]:
        """The first rows of some keys: file, line, id, region, start, end, amount."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A relation after its one pass.

    Attributes:
        relation: what was scanned.
        view: its rows with the packed key of each.
        quanta: expression of the whole quanta of a row of that, over its column ``low``.
        sums: the sums of its plain rows.
        keys: by cell that plain rows post to, the key that stands for it.
        plan: the plan of those keys; none where it rests on what all relations hold.
        notes: what a reader has to know about its amounts.
        repeated: file and line of each row whose id stands in an earlier row.
        unreadable: rows that the strict path cannot take as rows.
        entities: the entities that its rows name.
        remote: gives rows that a cluster alone has; none where the embedded engine has them.
    """

    relation: Relation
    view: str
    quanta: str
    sums: Sums
    keys: Mapping[int, Key]
    plan: Plan | None
    notes: tuple[Issue, ...]
    repeated: tuple[tuple[str, int], ...]
    unreadable: tuple[Issue, ...]
    entities: tuple[str, ...]
    remote: Remote | None = None

    def require_rows(self, what: str) -> None:
        """Refuse what needs every row where a cluster alone has them.

        Raises:
            GhgError: it does.
        """
        if self.remote:
            raise GhgError(f"{what} needs every row of a frame that is on Spark: name its files in the inventory.")


def keys_of(scans: Sequence[Scan]) -> list[Key]:
    """The keys that stand for the cells that rows posted to."""
    return [key for found in scans for key in found.keys.values()]


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
    if len(scans) == 1 and not keys and scans[0].plan:
        return _kept(scans[0].plan, keys_of(scans))
    return make_plan(inventory, table, [*keys, *keys_of(scans)], rules)


def consumed_of(scans: Sequence[Scan], activities: Collection[str], decimals: int) -> dict[Key, Fraction]:
    """The exact sum of the rows of some activities in base units, by key; its unit is what the amount measures."""
    if not activities or not scans:
        return {}
    import numpy as np

    found: defaultdict[Key, Fraction] = defaultdict(Fraction)
    for scanned in scans:
        cells = [cell for cell, key in scanned.keys.items() if key.activity in activities]
        kept = np.isin(scanned.sums.codes["cell"], cells)
        codes = [scanned.sums.codes[name][kept] for name in ("cell", "unit")]
        position, (of_cell, of_unit) = columns.grouped(codes)
        amounts = columns.summed(position, scanned.sums.amount[kept], len(of_cell))
        words = next(part.words for part in scanned.sums.parts if part.name == "unit")
        for cell, code, amount in zip(of_cell.tolist(), of_unit.tolist(), amounts.tolist(), strict=True):
            key, written = scanned.keys[cell], unit(words[code])
            found[key._replace(unit=written.dimension)] += Fraction(int(amount), 10**decimals) * written.multiplier
    return dict(found)


def joined(balance: Balance, scans: Sequence[Scan], plan: Plan) -> Balance:
    """The balance of rows read as text, with the sums of the scans."""
    parts = [balance_of(found, plan, balance.names[len(FIXED) - 1 :]) for found in scans]
    if balance.read == balance.unposted and len(parts) == 1:
        return parts[0].with_unposted(balance.unposted)
    return columns.joined([columns.in_columns(balance), *parts])


def balance_of(found: Scan, plan: Plan, dimensions: Sequence[str]) -> ColumnBalance:
    """The balance of the plain rows of a scan."""
    import numpy as np

    cells, matches = _matches(found, plan)
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
    match = matches[np.searchsorted(cells, sums.codes["cell"])]
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


def _matches(found: Scan, plan: Plan) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """The cells of a scan in their order, and the match of each; below zero where a plan does not hold its key."""
    import numpy as np

    cells = np.fromiter(found.keys, dtype=np.int64, count=len(found.keys))
    return cells, np.array([plan.keys.get(key, -1) for key in found.keys.values()], dtype=np.int32)


def posted_rows(engine: Engine, number: int, found: Scan, plan: Plan) -> str:
    """A query of the plain rows of a scan: file, line, id, match.

    Raises:
        GhgError: a cluster alone has the rows.
    """
    found.require_rows("the posted ledger")
    cells, matches = _matches(found, plan)
    engine.tabulate(f"cells_{number}", {"cell": cells, "match": matches})
    below = prod(part.size for part in found.sums.parts[1:])
    file, line = found.relation.file_and_line
    return (
        f"SELECT {file} AS file, {line} AS line, CAST(id AS VARCHAR) AS id, "
        f'cells_{number}."match" FROM ({found.view}) JOIN cells_{number} ON cells_{number}.cell = key // {below} '
        f'WHERE key >= 0 AND cells_{number}."match" >= 0'
    )
