"""The adapter for bonsai-ipcc: one of its equations, CO2 of waste incinerated (IPCC 2006, vol. 5, eq. 5.2)."""

from __future__ import annotations

import math
from fractions import Fraction

from ghg.conformance.engine import FLOATS, Engine, as_double
from ghg.testing.pipeline import Case, Pipeline, Totals

DEFAULTS = {"dm": 0.9, "cf": 0.46, "fcf": 0.1, "of": 1.0}
"""Dry matter, carbon, fossil share and oxidation of the waste: plain numbers that exercise the equation."""


def _compute(case: Case) -> Totals:
    from bonsai_ipcc.waste.incineration.elementary import co2_emissions

    unknown = [row["activity"] for row in case.rows if row["activity"] != "waste incinerated"]
    if unknown:
        raise LookupError(unknown[0])
    found = [co2_emissions(waste=as_double(row["amount"]), **DEFAULTS) for row in case.rows]
    # The engine adds no rows, so the sum is exact here and no digit of it is held against the engine.
    total = sum(map(Fraction, found)) if all(map(math.isfinite, found)) else math.fsum(found)
    return Totals(total=total, masses={"CO2": total})


def _pipeline() -> Pipeline:
    return Pipeline(
        name="bonsai-ipcc", compute=_compute, activities={"waste incinerated": ("Gg",)}, names_units=False,
        gives=frozenset({"masses"}), tolerance=FLOATS,
        lacks={"factors": "here its equation is given fixed parameters", "gwp_sets": "it gives masses and no CO2e"},
    )  # fmt: skip


BONSAI = Engine(
    name="bonsai-ipcc", package="bonsai-ipcc", what="equations of the IPCC guidelines for national inventories",
    pipeline=_pipeline, inapplicable=lambda _: "it computes national inventories of waste, agriculture and industry",
    answers=lambda _: {},
)  # fmt: skip
