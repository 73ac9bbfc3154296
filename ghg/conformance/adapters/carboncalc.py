"""The adapter for carboncalc: amounts in words of its own, times factors of its own."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ghg.conformance.engine import FLOATS, Engine, as_double
from ghg.testing.pipeline import Case, Pipeline, Totals

UNITS: Mapping[str, tuple[str, Fraction]] = {
    "kwh": ("energy", Fraction(1)),
    "mwh": ("energy", Fraction(1000)),
    "litres": ("volume", Fraction(1)),
    "cubic_meters": ("volume", Fraction(1000)),
    "km_car": ("distance by car", Fraction(1)),
}
OWN_FACTORS = "it brings factors of its own and takes no others"


def _compute(case: Case) -> Totals:
    from carboncalc import CarbonCalculator, EmissionCategory, EmissionRecord

    calculator = CarbonCalculator()
    records = [
        EmissionRecord(EmissionCategory(row["activity"]), as_double(row["amount"]), row["unit"], "2022-01-01")
        for row in case.rows
    ]
    calculator.calculate_batch(records)
    scopes = calculator.get_breakdown_by_scope(records)
    return Totals(total=calculator.get_total_co2_kg(records), figures=scopes, parts={"scope": scopes})


def _pipeline() -> Pipeline:
    return Pipeline(
        name="carboncalc", compute=_compute, tolerance=FLOATS, gives=frozenset({"parts"}),
        activities={"electricity": ("kwh", "mwh"), "water": ("litres", "cubic_meters"), "transportation": ("km_car",)},
        size_of=lambda name: UNITS[name],
    )  # fmt: skip


CARBONCALC = Engine(
    name="carboncalc", package="carboncalc", what="a library for small businesses in doubles", pipeline=_pipeline,
    inapplicable=lambda _: OWN_FACTORS, answers=lambda _: {},
)  # fmt: skip
