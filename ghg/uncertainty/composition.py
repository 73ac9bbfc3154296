"""What the amounts of a balance line consist of: its measurements, with what each states about its uncertainty.

A line sums rows. How far off the sum may be depends on which rows share a measurement, and that is asked of the rows
once, in one statement. Sums are of integers, so that they do not depend on row order or thread count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ghg.bulk.scans import Scan, balance_of
from ghg.engines import quoted
from ghg.issues import GhgError
from ghg.ledger import FIXED, LIMB
from ghg.uncertainty.policy import Policy

if TYPE_CHECKING:
    from ghg.runs import Run

DIGITS = 9
"""Significant digits of an amount that its square keeps."""
SQUARED = """
SELECT {line}, measurement, uncertainty, magnitude,
       SUM(high) AS high, SUM(low) AS low, SUM(digits * digits) AS squares, COUNT(*) AS rows
FROM (SELECT *, CAST(round(size / pow(10, magnitude)) AS BIGINT) AS digits
      FROM (SELECT *, CAST(greatest(floor(log10(greatest(abs(size), 1))) - {digits}, 0) AS INTEGER) AS magnitude
            FROM ({rows})))
GROUP BY ALL
"""
"""The rows of each line by measurement: sums of amounts, and of squares of their first digits by magnitude."""
TEXTS = """
SELECT keys."match", {line}, measurement, uncertainty, high, low, high * {limb}.0 + low AS size
FROM rows JOIN amounts ON amounts.row = rows.row JOIN keys ON {key}
WHERE rows.row NOT IN (SELECT row FROM problems) AND keys."match" >= 0
"""
"""Rows read as text."""
SCANNED = """
SELECT line, {measurement} AS measurement, {uncertainty} AS uncertainty,
       0 AS high, CAST(quanta AS HUGEINT) AS low, CAST(quanta AS DOUBLE) AS size
FROM (SELECT *, {quanta} AS quanta FROM ({view})) AS posted JOIN measured ON measured.key = posted.key {source}
"""
"""Rows scanned in place."""
COLUMNS = ("measurement", "uncertainty")


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of a line that read one measurement and state one uncertainty.

    Attributes:
        measurement: the name they share; blank when they name none.
        uncertainty: what they state; blank when they state nothing.
        amount: sum of their amounts, in quanta of the written unit.
        squares: sum of the squares of their amounts.
        rows: how many they are.
    """

    measurement: str
    uncertainty: str
    amount: int
    squares: float
    rows: int


Line = tuple[int, tuple[str, ...]]
"""Match and dimensions of a balance line."""


def compose(run: Run, policy: Policy, names: Sequence[str]) -> Mapping[Line, Sequence[Part]]:
    """The parts of every balance line; empty where all rows are alike, so that the balance says it all.

    Args:
        run: the run; its rows must still be there.
        policy: says whether rows are measurements of their own.
        names: dimensions of the lines, in the balance's order.

    Raises:
        GhgError: a what-if changed rows or their matches, and the rows say something the balance does not.
    """
    if policy.rows == "shared" and not _says_something(run):
        return {}
    if not run.question.keeps_rows:
        raise GhgError(
            "this what-if changes activity or pins, so the rows of the inventory are not those of its totals: use "
            "'rows: shared' and rules in the policy instead of 'measurement' and 'uncertainty' in the activity table."
        )
    found: defaultdict[tuple[Line, str, str], list[tuple[int, int, int, int]]] = defaultdict(list)
    for line, measurement, uncertainty, *sums in (*_texts(run, names), *_scanned(run, names)):
        found[line, measurement, uncertainty].append(tuple(map(int, sums)))  # type: ignore[arg-type]
    return _parts(found)


def _says_something(run: Run) -> bool:
    """Whether any row names a measurement or states an uncertainty."""
    scanned = [
        (scan.relation.sql, [scan.relation.cell(name) for name in COLUMNS])
        for scan in run.scans
        if set(COLUMNS) & set(scan.relation.types)
    ]
    return any(
        run.engine.rows(f"SELECT 1 FROM {source} WHERE {one} <> '' OR {other} <> '' LIMIT 1")
        for source, (one, other) in [("rows", COLUMNS), *scanned]
    )


def _texts(run: Run, names: Sequence[str]) -> Iterable[tuple[Any, ...]]:
    """Sums over rows read as text: line, measurement, uncertainty, magnitude, amount, squares, rows."""
    rows = TEXTS.format(
        line=", ".join(f"rows.{quoted(name)}" for name in names), limb=LIMB,
        key=" AND ".join(f"keys.{quoted(name)} = rows.{quoted(name)}" for name in run.plan.columns),
    )  # fmt: skip
    listed = ", ".join(map(quoted, ("match", *names)))
    for match, *cells in run.engine.rows(SQUARED.format(line=listed, digits=DIGITS - 1, rows=rows)):
        *values, measurement, uncertainty, magnitude, high, low, squares, count = cells
        amount = int(high) * LIMB + int(low)
        yield (match, tuple(values)), measurement, uncertainty, magnitude, amount, squares, count


def _scanned(run: Run, names: Sequence[str]) -> Iterable[tuple[Any, ...]]:
    """The same over rows scanned in place."""
    for scan in run.scans:
        scan.require_rows("how uncertain a total is")
        lines = _lines_of(run, scan, names)
        cells = [scan.relation.cell(name) for name in COLUMNS]
        source = f"JOIN {scan.relation.sql} AS source ON source.place = posted.place" if set(COLUMNS) & set(
            scan.relation.types
        ) else ""  # fmt: skip
        rows = SCANNED.format(
            measurement=cells[0], uncertainty=cells[1], quanta=scan.quanta, view=scan.view, source=source
        )
        for number, measurement, uncertainty, magnitude, _, low, squares, count in run.engine.rows(
            SQUARED.format(line="line", digits=DIGITS - 1, rows=rows)
        ):
            yield lines[number], measurement, uncertainty, magnitude, low, squares, count


def _lines_of(run: Run, scan: Scan, names: Sequence[str]) -> list[Line]:
    """The lines that the keys of a scan belong to, told to the engine as the table ``measured``."""
    import numpy as np

    made = balance_of(scan, run.plan, [name for name in names if name not in FIXED])
    columns = [made.match + 1, *(made.dimensions[name].codes for name in names)]
    sizes = [int(column.max(initial=0)) + 1 for column in columns]
    packed = np.ravel_multi_index([column.astype(np.int64) for column in columns], sizes)
    codes, position = np.unique(packed, return_inverse=True)
    kept = made.match >= 0
    run.engine.tabulate("measured", {"key": scan.sums.key[kept], "line": position[kept]})
    words = [made.dimensions[name].words for name in names]
    return [
        (int(match) - 1, tuple(words[n][code] for n, code in enumerate(found)))
        for match, *found in zip(*(column.tolist() for column in np.unravel_index(codes, sizes)), strict=True)
    ]


def _parts(
    found: Mapping[tuple[Line, str, str], Sequence[tuple[int, int, int, int]]],
) -> Mapping[Line, Sequence[Part]]:  # fmt: skip
    """The parts of every line, in the order of their names."""
    parts: defaultdict[Line, list[Part]] = defaultdict(list)
    for (line, measurement, uncertainty), sums in sorted(found.items()):
        squared = sum(squares * 100**magnitude for magnitude, _, squares, _ in sums)
        amount, rows = sum(group[1] for group in sums), sum(group[3] for group in sums)
        parts[line].append(Part(measurement, uncertainty, amount, float(squared), rows))
    return parts
