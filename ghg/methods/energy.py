"""Scope 3 category 3: upstream of purchased fuels (A) and energy (B), losses (C), energy bought and sold (D).

The direct methods follow the rows of Scopes 1 and 2: an account that *follows* them posts the same rows once more under
its own factor, so that nothing is typed twice and category 3 rests on the very quantities of Scopes 1 and 2.
"""

from __future__ import annotations

from ghg.methods.declaration import SHARE, DataType, Method, amount, given, technical_guidance
from ghg.methods.scope1 import ROUTES

CONVERTED = tuple(route for route in ROUTES if route[3])
"""Ways from a fuel to an upstream factor through a density or calorific value."""

METHODS = (
    Method(
        id="fuel_and_energy.average_data", title="upstream emissions of purchased energy",
        inputs=amount("energy purchased", "energy"), formula="amount", canonical="energy",
        data_type=DataType.AVERAGE, standard=technical_guidance(3, "formula 3.2", 44),
    ),
    Method(
        id="fuel_and_energy.upstream", title="upstream emissions of fuels and energy consumed (A and B)",
        inputs=amount("fuel or energy consumed", "*"), formula="amount", canonical="*",
        data_type=DataType.AVERAGE, standard=technical_guidance(3, "formulas 3.1 and 3.2", "41 and 44"),
    ),
    *(
        Method(
            id=f"fuel_and_energy.upstream_{variant}", title=f"upstream emissions of fuels consumed, {words} (A)",
            inputs=amount(f"fuel {dimension.replace('_', ' ')}", dimension), formula="amount", parameters=parameters,
            canonical=canonical, data_type=DataType.AVERAGE, standard=technical_guidance(3, "formula 3.1", 41),
        )
        for variant, words, dimension, parameters, canonical in CONVERTED
    ),
    Method(
        id="fuel_and_energy.losses", title="transmission and distribution losses, factor per energy consumed (C)",
        inputs=amount("energy consumed", "energy"), formula="amount", canonical="energy",
        data_type=DataType.AVERAGE, standard=technical_guidance(3, "formula 3.3", 45),
    ),
    Method(
        id="fuel_and_energy.losses_by_rate", title="transmission and distribution losses, by loss rate and factor (C)",
        inputs=amount("energy consumed", "energy"), formula="amount", parameters=("grid_loss",), canonical="energy",
        data_type=DataType.AVERAGE, standard=technical_guidance(3, "formula 3.3", 45),
    ),
    Method(
        id="fuel_and_energy.losses_stated", title="transmission and distribution losses, by a stated loss rate (C)",
        inputs=(
            given("consumed", "energy", "electricity, steam, heat or cooling consumed"),
            given("loss_rate", SHARE, "share lost in transmission and distribution"),
        ),
        formula="consumed × loss_rate", canonical="energy", data_type=DataType.AVERAGE,
        standard=technical_guidance(3, "formula 3.3", 45),
        note="The formula asks for a life-cycle factor of the energy.",
    ),
    Method(
        id="fuel_and_energy.resold", title="energy purchased and sold to end users (D)",
        inputs=amount("energy purchased for resale", "energy"), formula="amount", canonical="energy",
        data_type=DataType.AVERAGE, standard=technical_guidance(3, "formula 3.4", 48),
    ),
)  # fmt: skip
