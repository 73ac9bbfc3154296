"""The adapter for scope3track: amount times a CO2e factor that the caller gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ghg.conformance.engine import FLOATS, Engine, Line, as_double
from ghg.testing.pipeline import Case, Pipeline, Totals

if TYPE_CHECKING:
    from collections.abc import Mapping

SCOPES = {"power": "SCOPE2", "travel": "SCOPE3"}


def _entry(scope: str, amount: float, unit: str, factor: float) -> Any:  # noqa: ANN401 - the engine's own type
    from scope3track import EmissionCalculator, EmissionScope

    calculator = EmissionCalculator()
    return calculator.calculate("row", EmissionScope[scope], "row", amount, unit, custom_factor=factor)


def _compute(case: Case) -> Totals:
    from scope3track import EmissionCalculator

    factors: Mapping[str, str] = {row["activity"]: row["value"] for row in case.factors}
    entries = [
        _entry(SCOPES[row["activity"]], as_double(row["amount"]), row["unit"], float(factors[row["activity"]]))
        for row in case.rows
    ]
    report = EmissionCalculator().build_report("company", 2022, entries)
    figures = {"scope2": report.scope2_kg_co2e, "scope3": report.scope3_kg_co2e}
    return Totals(total=report.total_kg_co2e, figures=figures, parts={"scope": figures})


def _pipeline() -> Pipeline:
    from scope3track import Scope3TrackError

    return Pipeline(
        name="scope3track", compute=_compute, activities={"power": ("kWh",), "travel": ("km",)}, gases=("CO2e",),
        gives=frozenset({"parts"}), tolerance=FLOATS,
        refuses=(Scope3TrackError, ValueError, LookupError, TypeError),
        lacks={"units": "it never looks at a unit, so it cannot exchange one for another"},
    )  # fmt: skip


def _line(line: Line) -> float:
    entry = _entry(f"SCOPE{line.figure[len('scope')]}", float(line.amount), line.unit, float(line.factor))
    return float(entry.emissions_kg_co2e)


SCOPE3TRACK = Engine(
    name="scope3track", package="scope3track", what="a library for scopes 1 to 3 in doubles", pipeline=_pipeline,
    line=_line,
)  # fmt: skip
