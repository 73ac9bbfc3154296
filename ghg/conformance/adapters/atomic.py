"""The adapter for atomic6ghg: electricity and stationary combustion of EPA's Simplified GHG Emissions Calculator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from ghg.conformance.engine import FLOATS, Answers, Engine, as_double
from ghg.conformance.examples import Example
from ghg.testing.pipeline import Case, Number, Pipeline, Row, Totals

UNITS: Mapping[str, tuple[str, Fraction]] = {
    "kWh": ("electricity", Fraction(1)),
    "mmbtu": ("heat of natural gas", Fraction(10**6)),
    "therm": ("heat of natural gas", Fraction(10**5)),
}
GASES = ("CO2", "CH4", "N2O")
SUBREGIONS = {"US-EGRID-AKGD": "akgd", "US-EGRID-NYUP": "nyup"}


def _electricity(rows: Iterable[tuple[str, float]]) -> dict[str, Any]:
    """What the engine gives for amounts in kWh of subregions, without supplier factors."""
    from atomic6ghg.formulas import Electricity

    supplier = {f"marketBasedEmissionFactors{gas}Emissions": None for gas in GASES}
    stated = [{"eGridSubregion": region, "electricityPurchased": amount, **supplier} for region, amount in rows]
    return dict(Electricity({"totalElectricityPurchased": stated}).to_dict())


def _gas(rows: Sequence[Row]) -> dict[str, Any]:
    """What the engine gives for natural gas burned."""
    from atomic6ghg.formulas import StationaryCombustion

    stated = [
        {"fuelCombusted": "naturalGas", "quantityCombusted": as_double(row["amount"]), "units": row["unit"]}
        for row in rows
    ]
    return dict(StationaryCombustion({"stationarySourceFuelConsumption": stated}).to_dict())


def _compute(case: Case) -> Totals:
    unknown = [row["activity"] for row in case.rows if row["activity"] not in ("electricity", "natural gas")]
    if unknown:
        raise LookupError(unknown[0])
    power = [row for row in case.rows if row["activity"] == "electricity"]
    if any(row["unit"] != "kWh" for row in power):
        raise LookupError("the engine's form takes kWh")
    scope2 = _electricity(("camx", as_double(row["amount"])) for row in power)
    scope1 = _gas([row for row in case.rows if row["activity"] == "natural gas"])
    figures: dict[str, Number] = {
        "scope1": scope1["totalCO2EquivalentEmissions"],
        "scope2": scope2["CO2EquivalentEmissionsLocationBasedElectricityEmissions"],
    }
    return Totals(total=sum(Fraction(value) for value in figures.values()), figures=figures, parts={"scope": figures})


def _pipeline() -> Pipeline:
    return Pipeline(
        name="atomic6ghg", compute=_compute, tolerance=FLOATS, gives=frozenset({"parts"}),
        size_of=lambda name: UNITS[name],
        activities={"electricity": ("kWh",), "natural gas": ("mmbtu", "therm")}, gwp_sets=("AR4",),
    )  # fmt: skip


def _inapplicable(example: Example) -> str:
    if any(row["activity"] != "purchased_electricity" or row["region"] not in SUBREGIONS for row in example.rows()):
        return "it brings EPA's factors and takes no others"
    from atomic6ghg.factors import electricity_emission_factors as held

    asked = {(row["region"], row["gas"]): Fraction(row["value"]) for row in example.factor_rows()}
    own = {key: Fraction(str(held[SUBREGIONS[key[0]]][key[1].lower()])) for key in asked}
    return "" if asked == own else "its eGRID factors are of another edition than the example's"


def _answers(example: Example) -> Answers:
    found = _electricity((SUBREGIONS[row["region"]], as_double(row["amount"])) for row in example.rows())
    total = found["totalEmissionsForAllSources"]
    return {f"scope2:{gas}": (Fraction(total[f"locationBasedEmissions{gas}Emissions"]), "lb") for gas in GASES}


ATOMIC6GHG = Engine(
    name="atomic6ghg", package="atomic6ghg", what="EPA's Simplified GHG Emissions Calculator in doubles",
    pipeline=_pipeline, inapplicable=_inapplicable, answers=_answers,
)  # fmt: skip
