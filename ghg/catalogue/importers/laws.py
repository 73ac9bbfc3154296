"""What the numbers of one publisher's file must fulfil together; a number that breaks it was misread or misprinted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction

from ghg.catalogue.packs import TOTAL
from ghg.factors import FACTOR, FactorRow
from ghg.gases import gwp
from ghg.issues import GhgError
from ghg.numbers import readable

DECIMALS = 5
"""Decimals that publications print gases and totals with at most; finer digits are tails of a binary number."""
HEAT_TOLERANCE = Fraction(1, 100)
"""How far a fuel's heat content times its CO2 per energy may lie from its CO2 per quantity: both are rounded."""
Broken = tuple[FactorRow, str]
"""A row, and what is wrong with it in words."""


def broken(rows: Iterable[FactorRow]) -> Iterator[Broken]:
    """Rows that are negative, or contradict the other rows of their factor or fuel."""
    found = list(rows)
    yield from ((row, f"{row.value} is negative.") for row in found if row.amount < 0)
    yield from _totals(found)
    yield from _heat_contents(found)


def _totals(rows: Iterable[FactorRow]) -> Iterator[Broken]:
    """Printed totals that are not the sum of mass times GWP over their gases, within the printed digits."""
    factors: defaultdict[str, list[FactorRow]] = defaultdict(list)
    for row in rows:
        factors[row.factor].append(row)
    for group in factors.values():
        parts = [row for row in group if row.kind == FACTOR]
        for total in (row for row in group if row.kind == TOTAL):
            try:
                made = sum((row.amount * gwp(total.gwp_set, row.gas).amount for row in parts), Fraction(0))
            except GhgError:  # the set has no value for a gas, so nothing can be said
                continue
            if abs(made - total.amount) > _rounding(group):
                told = f"its gases make {readable(made)} under {total.gwp_set}; the printed total is {total.value}."
                yield total, f"the factor {total.factor}: {told}"


def _rounding(group: Iterable[FactorRow]) -> Fraction:
    """Half a unit of the last printed digit of each number; trailing zeros may be dropped, so the finest one counts."""
    printed = [row.value.partition("/")[0].partition(".")[2] for row in group]
    return Fraction(len(printed), 2 * 10 ** min(DECIMALS, max(map(len, printed))))


def _heat_contents(rows: Iterable[FactorRow]) -> Iterator[Broken]:
    """CO2 of a fuel per quantity that is not its heat content times its CO2 per energy."""
    fuels: defaultdict[str, list[FactorRow]] = defaultdict(list)
    for row in rows:
        if row.kind == "gross_calorific_value" or (row.kind == FACTOR and row.gas.startswith("CO2")):
            fuels[row.activity].append(row)
    for group in fuels.values():
        for heat in (row for row in group if row.kind == "gross_calorific_value"):
            per_energy = [row for row in group if row.per.denominator == heat.per.numerator]
            per_quantity = [row for row in group if row is not heat and row.per.denominator == heat.per.denominator]
            for energy in per_energy:
                for quantity in (row for row in per_quantity if row.gas == energy.gas):
                    made = heat.amount * energy.base_amount * heat.per.numerator.multiplier
                    whole = quantity.amount * quantity.per.numerator.multiplier
                    if abs(made - whole) > HEAT_TOLERANCE * whole:
                        told = f"heat content {heat.value} {heat.unit} times {energy.value} {energy.unit} does not give"
                        yield quantity, f"{_called(quantity)}: {told} {quantity.value} {quantity.unit}."


def _called(row: FactorRow) -> str:
    """How messages call a row."""
    return f"{row.name or row.activity}, {row.gas}"
