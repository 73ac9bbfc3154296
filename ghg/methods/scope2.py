"""Scope 2: emissions of generating purchased energy. Both books take the same consumption, each its own factor."""

from __future__ import annotations

from collections.abc import Iterator

from ghg.methods.declaration import NUMBER, SHARE, DataType, Method, Result, amount, given

GUIDANCE = "GHG Protocol Scope 2 Guidance, chapter 6, tables 6.2 and 6.3"
APPENDIX = f"{GUIDANCE} and appendix A"
EPA = (
    "US EPA Center for Corporate Climate Leadership, Greenhouse Gas Inventory Guidance: Indirect Emissions from "
    "Purchased Electricity (December 2020)"
)
SUPPLIED = f"{EPA}, section 3.3.4, page 9"
PLANT = (
    "GHG Protocol, Allocation of GHG Emissions from a Combined Heat and Power (CHP) Plant (2006), efficiency method; "
    f"{EPA}, section 2.2, page 3"
)
HEAT = "Location-based: an average of the network; market-based: a contract or the supplier, then the average."


def _combined_heat_and_power() -> Iterator[Method]:
    """What a plant of heat and power emits, shared between the two by the efficiency method."""
    heat, power = "heat_output ÷ heat_efficiency", "power_output ÷ power_efficiency"
    for carrier, own in (("electricity", power), ("heat", heat), ("steam", heat)):
        bought = "power_output" if own == power else "heat_output"
        yield Method(
            id=f"purchased_{carrier}.combined_heat_and_power",
            title=f"{carrier} of a combined heat and power plant, by its emissions and efficiencies",
            inputs=(
                given("plant_emissions", "mass", "CO2e of the plant in the period"),
                given("heat_output", "energy", "heat or steam the plant gave"),
                given("power_output", "energy", "electricity the plant gave"),
                given("heat_efficiency", SHARE, "efficiency of making heat alone, such as 0.8 of a boiler"),
                given("power_efficiency", SHARE, "efficiency of making electricity alone, such as 0.35"),
                given("own_energy", "energy", f"{carrier} bought from the plant"),
            ),
            formula=f"plant_emissions × ({own}) ÷ ({heat} + {power}) × own_energy ÷ {bought}", canonical="mass",
            result=Result.EMISSIONS, data_type=DataType.PRIMARY, standard=PLANT,
            note="The energy bought stands in the inputs and not in the energy figures.",
        )  # fmt: skip


METHODS = (
    *_combined_heat_and_power(),
    Method(
        id="purchased_electricity.consumption", title="purchased electricity consumed",
        inputs=amount("electricity consumed", "energy"), formula="amount", canonical="energy",
        data_type=DataType.PRIMARY, standard=GUIDANCE,
        note="Location-based: a grid average factor; market-based: a contractual or residual factor.",
    ),
    Method(
        id="purchased_heat.consumption", title="purchased heat consumed", inputs=amount("heat consumed", "energy"),
        formula="amount", canonical="energy", data_type=DataType.PRIMARY, standard=APPENDIX, note=HEAT,
    ),
    Method(
        id="purchased_steam.consumption", title="purchased steam consumed", inputs=amount("steam consumed", "energy"),
        formula="amount", canonical="energy", data_type=DataType.PRIMARY, standard=APPENDIX, note=HEAT,
    ),
    Method(
        id="purchased_cooling.consumption", title="purchased cooling consumed",
        inputs=amount("cooling consumed", "energy"), formula="amount", canonical="energy",
        data_type=DataType.PRIMARY, standard=APPENDIX, note=HEAT,
    ),
    *(
        Method(
            id=f"purchased_{carrier}.boiler", title=f"purchased {carrier} as the fuel the supplier's boiler burned",
            inputs=(
                given(carrier, "energy*", f"{carrier} consumed, net or gross as the factor of the fuel is"),
                given("efficiency", SHARE, "efficiency of boiler and network: energy delivered per energy of the fuel"),
            ),
            formula=f"{carrier} ÷ efficiency", canonical="energy*", data_type=DataType.AVERAGE, standard=SUPPLIED,
            note="The item names the fuel. The energy figures count the fuel.",
        )
        for carrier in ("heat", "steam")
    ),
    Method(
        id="purchased_cooling.chiller", title="purchased cooling as the energy that drives the supplier's chiller",
        inputs=(
            given("cooling", "energy*", "cooling consumed, such as refrigeration_ton_hour"),
            given("performance", NUMBER, "coefficient of performance: cooling per energy that drives the chiller"),
        ),
        formula="cooling ÷ performance", canonical="energy*", data_type=DataType.AVERAGE, standard=SUPPLIED,
        note="The item names what drives the chiller: electricity, or the fuel or steam of an absorption chiller.",
    ),
)  # fmt: skip
