"""What the amounts of a balance line consist of: its measurements, with what each states about its uncertainty.

A line sums rows. How far off the sum may be depends on which rows share a measurement, and that is asked of the rows
once, in one statement. Sums are of integers, so that they do not depend on row order or thread count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghg.engines import Engine, quoted
from ghg.issues import GhgError
from ghg.ledger import FIXED, LIMB
from ghg.plan import KEY
from ghg.uncertainty.policy import Policy

if TYPE_CHECKING:
    from ghg.runs import Run

DIGITS = 9
"""Significant digits of an amount that its square keeps."""
MEASUREMENTS = """
SELECT keys."match", {dimensions}, measurement, uncertainty, magnitude,
       SUM(high) AS high, SUM(low) AS low, SUM(digits * digits) AS squares, COUNT(*) AS rows
FROM (SELECT *, CAST(round(size / pow(10, magnitude)) AS BIGINT) AS digits
      FROM (SELECT *, CAST(greatest(floor(log10(greatest(abs(size), 1))) - {digits}, 0) AS INTEGER) AS magnitude
            FROM (SELECT row, high, low, high * {limb}.0 + low AS size FROM amounts))) AS counted
JOIN rows ON rows.row = counted.row
JOIN keys ON {key}
WHERE rows.row NOT IN (SELECT row FROM problems)
GROUP BY ALL
"""
"""The rows of each line by measurement: sums of amounts, and of squares of their first digits by magnitude."""
SAME = "SELECT DISTINCT measurement, uncertainty FROM rows LIMIT 2"


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


def compose(run: Run, policy: Policy) -> Mapping[Line, Sequence[Part]]:
    """The parts of every balance line; empty where all rows are alike, so that the balance says it all.

    Raises:
        GhgError: a what-if changed rows or their matches, and the rows say something the balance does not.
    """
    if policy.rows == "shared" and run.engine.rows(SAME) in ([], [("", "")]):
        return {}
    if not run.question.keeps_rows:
        raise GhgError(
            "this what-if changes activity or pins, so the rows of the inventory are not those of its totals: use "
            "'rows: shared' and rules in the policy instead of 'measurement' and 'uncertainty' in the activity table."
        )
    return _parts(run.engine, (*FIXED[1:], *run.inventory.dimensions))


def _parts(engine: Engine, names: Sequence[str]) -> Mapping[Line, Sequence[Part]]:
    """The parts of every line, in the order of their names."""
    sql = MEASUREMENTS.format(
        dimensions=", ".join(f"rows.{quoted(name)}" for name in names), digits=DIGITS - 1, limb=LIMB,
        key=" AND ".join(f"keys.{quoted(name)} = rows.{quoted(name)}" for name in KEY),
    )  # fmt: skip
    found: defaultdict[tuple[int, tuple[str, ...], str, str], list[tuple[int, int, int, int]]] = defaultdict(list)
    for match, *cells in engine.rows(sql):
        *read, measurement, uncertainty, magnitude, high, low, squares, rows = cells
        amount = int(high) * LIMB + int(low)
        found[match, tuple(read), measurement, uncertainty].append((magnitude, amount, int(squares), rows))
    parts: defaultdict[Line, list[Part]] = defaultdict(list)
    for (match, values, measurement, uncertainty), groups in sorted(found.items()):
        squared = sum(squares * 100**magnitude for magnitude, _, squares, _ in groups)
        amount, rows = sum(group[1] for group in groups), sum(group[3] for group in groups)
        parts[match, values].append(Part(measurement, uncertainty, amount, float(squared), rows))
    return parts
