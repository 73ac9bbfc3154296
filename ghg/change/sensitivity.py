"""Sensitivity: how far every total moves with every factor, exact.

A total is linear in each factor, so its elasticity to a factor – per cent of total per per cent of factor – is the
share of the total that the factor stands behind. A swing is the total at the low and at the high end of a factor,
everything else unchanged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from ghg.figures import figures
from ghg.issues import GhgError, UnknownNameError
from ghg.numbers import parse, percent
from ghg.units import BASE, conversion, unit

if TYPE_CHECKING:
    from ghg.change.index import Index
    from ghg.factors import FactorRow
    from ghg.runs import Run

ZERO = Fraction(0)
EMISSIONS = "emissions"


@dataclass(frozen=True, slots=True)
class Swing:
    """What one factor does to a figure.

    Attributes:
        factor: its id; all its gases move together.
        name: what it is.
        elasticity: share of the figure that it stands behind.
        low: the figure at the factor's low end.
        high: the figure at the factor's high end.
        ends: the two ends in words.
    """

    factor: str
    name: str
    elasticity: Fraction
    low: Fraction
    high: Fraction
    ends: str

    @property
    def size(self) -> Fraction:
        """How far apart the two totals are."""
        return abs(self.high - self.low)


@dataclass(frozen=True)
class Sensitivity:
    """The swings of a figure, largest first; ``notes`` says what they leave out."""

    inventory: str
    figure: str
    unit: str
    total: Fraction
    swings: tuple[Swing, ...]
    notes: tuple[str, ...]


def elasticities(run: Run) -> dict[str, dict[str, Fraction]]:
    """The elasticity of every total of emissions to every factor behind it."""
    index = run.index
    found: dict[str, dict[str, Fraction]] = {}
    for name, sums in index.sums.items():
        if figures()[name].measure == EMISSIONS and sums.total and name not in run.result.absent:
            found[name] = {
                factor: behind / sums.total for factor, behind in _behind(run, index, name).items() if behind
            }
    return found


def sensitivity(run: Run, figure: str = "scope1+2", change: Fraction | None = Fraction(1, 10)) -> Sensitivity:
    """The swings of a figure with every factor behind it.

    Args:
        run: the inventory.
        figure: a figure of emissions.
        change: how far each factor moves to either side, as a share; none for the bounds that its publication states.

    Raises:
        UnknownNameError: no figure has the name.
        GhgError: the figure is no emissions, nothing posts to it, or the change is not above zero.
    """
    if figure not in figures():
        raise UnknownNameError("figure", figure, figures())
    if change is not None and change <= 0:
        raise GhgError("a factor moves by a share above zero, such as 10 %.")
    index, shown = run.index, figures()[figure]
    if shown.measure != EMISSIONS or figure not in index.sums or figure in run.result.absent:
        raise GhgError(f"{figure!r} is no figure of emissions that this inventory posts to.")
    to_unit = conversion(unit(BASE["mass"]), unit(shown.unit))
    total, unbounded, swings = index.sums[figure].total, [], []
    for factor, behind in _behind(run, index, figure).items():
        rows = [run.valuation.rows[row.id] for row in run.plan.table.find(factor).rows]
        moved = [row for row in rows if change is not None or (row.lower and row.upper and row.amount)]
        still = [row.id for row in rows if row not in moved]
        unbounded += [(row, _moved(index, figure, {row: Fraction(1)})) for row in still]
        if not moved:
            continue
        low, high = (total + _moved(index, figure, end) for end in _ends(moved, change))
        said = f"±{float(change * 100):g} %" if change is not None else _bounds(moved)
        share = behind / total if total else ZERO
        swings.append(Swing(factor, rows[0].name, share, low * to_unit, high * to_unit, said))
    ordered = sorted(swings, key=lambda swing: (-swing.size, swing.factor))
    return Sensitivity(
        run.inventory.inventory, figure, shown.written(shown.unit), total * to_unit, tuple(ordered),
        tuple(_notes([(row, part / total if total else ZERO) for row, part in unbounded], change)),
    )  # fmt: skip


def _behind(run: Run, index: Index, figure: str) -> dict[str, Fraction]:
    """How much of a figure each factor stands behind, in base units."""
    found: dict[str, Fraction] = {}
    for position in index.of_figure[figure]:
        posting = index.parts[position].posting
        of_factors = {run.plan.table.find(name).id for name in (posting.factor, *posting.parameters) if name}
        for factor in of_factors:
            found[factor] = found.get(factor, ZERO) + index.values[position].total
    return found


def _ends(rows: list[FactorRow], change: Fraction | None) -> tuple[dict[str, Fraction], dict[str, Fraction]]:
    """By row, the share that its value moves by at either end."""
    if change is not None:
        return {row.id: -change for row in rows}, {row.id: change for row in rows}
    low, high = ({row.id: parse(end) / row.amount - 1 for row, end in zip(rows, ends, strict=True)}
                 for ends in ([row.lower for row in rows], [row.upper for row in rows]))  # fmt: skip
    return low, high


def _bounds(rows: list[FactorRow]) -> str:
    """The published bounds in words."""
    first = rows[0]
    said = f"{first.lower} to {first.upper} {first.unit}"
    return said if len(rows) == 1 else f"{said} and the bounds of {len(rows) - 1} more gases"


def _moved(index: Index, figure: str, ends: Mapping[str, Fraction]) -> Fraction:
    """What a figure gains when rows move by shares of their values, in base units."""
    return sum(
        (
            index.values[position].total * share
            for row, share in ends.items()
            for position in index.of_row.get(row, ())
            if figure in index.parts[position].figures
        ),
        ZERO,
    )


def _notes(unbounded: list[tuple[str, Fraction]], change: Fraction | None) -> Iterator[str]:
    """What the swings leave out, and how to read them."""
    if unbounded:
        share = sum((part for _, part in unbounded), ZERO)
        listed = ", ".join(sorted(row for row, _ in unbounded))
        yield f"No bounds are published for {listed}: {percent(share)} of the figure stands still."
    if change is not None:
        yield "The same share for every factor shows what matters, not how likely it is."
    yield "One factor moves at a time, all its gases together; elasticity is the share of the figure it stands behind."
