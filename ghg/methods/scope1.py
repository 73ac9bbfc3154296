"""Scope 1: direct emissions from sources the organisation owns or controls."""

from __future__ import annotations

from collections.abc import Iterator

from ghg.methods.declaration import SHARE, DataType, Method, Result, amount, given, technical_guidance

STATIONARY = "2006 IPCC Guidelines, Volume 2, chapter 2, section 2.3.1.1, equation 2.1 (Tier 1), page 2.11"
MOBILE = "2006 IPCC Guidelines, Volume 2, chapter 3, equations 3.2.1 and 3.2.3 (Tier 1)"
COOLING = "2006 IPCC Guidelines, Volume 3, chapter 7, section 7.5"
EPA_FUGITIVE = (
    "US EPA Center for Corporate Climate Leadership, Greenhouse Gas Inventory Guidance: Direct Fugitive Emissions from "
    "Refrigeration, Air Conditioning, Fire Suppression, and Industrial Gases"
)
CARBON = (
    "carbon × oxidation × 44/12 as in US EPA Center for Corporate Climate Leadership, Greenhouse Gas Inventory "
    "Guidance: Direct Emissions from Stationary Combustion Sources (January 2016), section 2.2, page 4, and GB/T 32151"
)
CORPORATE = "GHG Protocol Corporate Standard (2004), chapter 4 and appendix D"
CARBON_BALANCE = "2006 IPCC Guidelines, Volume 3, chapter 4, section 4.2.2 (carbon balance of metal production)"
FLARING = "2006 IPCC Guidelines, Volume 2, chapter 4, section 4.2"
NET, GROSS = "net_calorific_value", "gross_calorific_value"
ROUTES = (
    ("energy", "as energy on a net calorific basis", "energy_net", (), "energy_net"),
    ("energy_gross", "as energy on a gross calorific basis", "energy_gross", (), "energy_gross"),
    ("metered_energy", "as energy whose calorific basis the factor's source states", "energy", (), "energy"),
    ("quantity_mass", "by mass, under a factor per mass", "mass", (), "mass"),
    ("quantity_volume", "by volume, under a factor per volume", "volume", (), "volume"),
    ("quantity_standard_volume", "by gas volume at standard conditions", "gas_volume_standard", (),
     "gas_volume_standard"),
    ("quantity_normal_volume", "by gas volume at normal conditions", "gas_volume_normal", (), "gas_volume_normal"),
    ("mass", "by mass, through its net calorific value", "mass", (NET,), "energy_net"),
    ("mass_gross", "by mass, through its gross calorific value", "mass", (GROSS,), "energy_gross"),
    ("volume", "by volume, through its net calorific value per volume", "volume", (NET,), "energy_net"),
    ("volume_gross", "by volume, through its gross calorific value per volume", "volume", (GROSS,), "energy_gross"),
    ("volume_density", "by volume, through density and net calorific value", "volume", ("density", NET), "energy_net"),
    ("volume_density_gross", "by volume, through density and gross calorific value", "volume", ("density", GROSS),
     "energy_gross"),
    ("volume_as_mass", "by volume, through density, under a factor per mass", "volume", ("density",), "mass"),
    ("standard_volume", "by gas volume at standard conditions, through its net calorific value", "gas_volume_standard",
     (NET,), "energy_net"),
    ("standard_volume_gross", "by gas volume at standard conditions, through its gross calorific value",
     "gas_volume_standard", (GROSS,), "energy_gross"),
    ("normal_volume", "by gas volume at normal conditions, through its net calorific value", "gas_volume_normal",
     (NET,), "energy_net"),
    ("normal_volume_gross", "by gas volume at normal conditions, through its gross calorific value",
     "gas_volume_normal", (GROSS,), "energy_gross"),
)  # fmt: skip
"""Ways from a fuel to a factor: id, in words, dimension of the row, parameters, dimension of the factor."""


def _combustion(group: str, where: str, standard: str) -> Iterator[Method]:
    """The methods of burning a fuel: one a way it is metered."""
    for variant, words, dimension, parameters, canonical in ROUTES:
        yield Method(
            id=f"{group}.{variant}", title=f"fuel burned in {where}, {words}", formula="amount",
            inputs=amount(f"fuel {dimension.removesuffix('_net').removesuffix('_gross').replace('_', ' ')}", dimension),
            parameters=parameters, canonical=canonical, data_type=DataType.PRIMARY, standard=standard,
        )  # fmt: skip
    yield from _converted(group, where, standard)
    yield from _carbon(group, where, standard)
    yield Method(
        id=f"{group}.fuel_spend", title=f"fuel burned in {where}, by what was paid for it",
        inputs=(
            given("fuel_spend", "money_*", "amount paid for the fuel"),
            given("fuel_price", "money_*", "average price of the fuel", per="*"),
        ),
        formula="fuel_spend ÷ fuel_price", canonical="*", data_type=DataType.SPEND,
        standard=f"{standard}; {technical_guidance(4, 'formula 4.2', 54)}",
    )  # fmt: skip


def _converted(group: str, where: str, standard: str) -> Iterator[Method]:
    """Fuel brought to what the factor is per, by a density or calorific value that the row states."""
    energy = given("calorific_value", "energy*", "calorific value, net or gross as its unit says", per="*")
    ways = (
        ("fuel_volume", "mass and density", (
            given("fuel_mass", "mass", "mass of the fuel"),
            given("density", "mass", "density of the fuel", per="volume"),
        ), "fuel_mass ÷ density", "volume"),
        ("fuel_mass", "volume and density", (
            given("fuel_volume", "volume", "volume of the fuel"),
            given("density", "mass", "density of the fuel", per="volume"),
        ), "fuel_volume × density", "mass"),
        ("fuel_energy", "quantity and calorific value", (given("quantity", "*", "mass or volume of the fuel"), energy),
         "quantity × calorific_value", "energy*"),
        ("fuel_from_energy", "energy and quantity of fuel in it", (
            given("energy", "energy*", "energy of the fuel"),
            given("quantity_per_energy", "*", "mass or volume that holds one unit of energy", per="energy*"),
        ), "energy × quantity_per_energy", "*"),
        ("blend_part", "the quantity of a blend and the part of one fuel", (
            given("quantity", "*", "mass, volume or energy of the blend"),
            given("part", SHARE, "part of the fuel the item names, such as 20 % of B20 that is biodiesel"),
        ), "quantity × part", "*"),
    )  # fmt: skip
    for variant, words, inputs, formula, canonical in ways:
        yield Method(
            id=f"{group}.{variant}", title=f"fuel burned in {where}, from {words} that the row states", inputs=inputs,
            formula=formula, canonical=canonical, data_type=DataType.PRIMARY, standard=standard,
        )  # fmt: skip


def _carbon(group: str, where: str, standard: str) -> Iterator[Method]:
    """CO2 from the carbon of a fuel: no emission factor follows."""
    oxidation = given("oxidation", SHARE, "share of the carbon that burns", default="1")
    ways = (
        ("carbon_share", "mass and carbon content", (
            given("fuel_mass", "mass", "mass of the fuel"),
            given("carbon_share", SHARE, "carbon in the fuel, as a share of its mass"),
            oxidation,
        ), "fuel_mass × carbon_share × oxidation × 44 ÷ 12"),
        ("carbon_content", "quantity, calorific value and carbon per energy", (
            given("quantity", "*", "mass or volume of the fuel"),
            given("calorific_value", "energy*", "calorific value, net or gross as its unit says", per="*"),
            given("carbon_content", "mass", "carbon in the fuel per energy", per="energy*"),
            oxidation,
        ), "quantity × calorific_value × carbon_content × oxidation × 44 ÷ 12"),
    )  # fmt: skip
    for variant, words, inputs, formula in ways:
        yield Method(
            id=f"{group}.{variant}", title=f"CO2 of fuel burned in {where}, from {words} that the row states",
            inputs=inputs, formula=formula, canonical="mass", result=Result.EMISSIONS, gas="CO2",
            data_type=DataType.PRIMARY, standard=f"{standard}; {CARBON}",
            note="CO2 of fossil carbon alone; CH4 and N2O are rows of their own, under a factor of these gases.",
        )  # fmt: skip


METHODS = (
    *_combustion("stationary_combustion", "stationary equipment", STATIONARY),
    *_combustion("mobile_combustion", "vehicles", MOBILE),
    Method(
        id="mobile_combustion.distance", title="vehicles by distance, under a factor of the vehicle",
        inputs=amount("vehicle distance", "distance"), formula="amount", canonical="distance",
        data_type=DataType.AVERAGE, standard=MOBILE,
    ),
    Method(
        id="mobile_combustion.fuel_economy", title="vehicles by distance and fuel economy, under a factor of the fuel",
        inputs=(
            given("distance", "distance", "distance driven"),
            given("fuel_consumption", "*", "average consumption of the vehicle, as volume, mass or energy",
                  per="distance"),
        ),
        formula="distance × fuel_consumption", canonical="*", data_type=DataType.PRIMARY, standard=MOBILE,
    ),
    Method(
        id="mobile_combustion.mileage", title="vehicles by distance and distance per fuel, under a factor of the fuel",
        inputs=(
            given("distance", "distance", "distance driven"),
            given("distance_per_fuel", "distance", "distance a unit of fuel lasts for, such as miles per gallon",
                  per="*"),
        ),
        formula="distance ÷ distance_per_fuel", canonical="*", data_type=DataType.PRIMARY, standard=MOBILE,
    ),
    Method(
        id="fugitive.released", title="gas released, weighed or refilled: what was purchased to top up is what leaked",
        inputs=amount("mass of gas released", "mass"), formula="amount", canonical="mass", result=Result.GAS,
        data_type=DataType.PRIMARY, standard=EPA_FUGITIVE,
    ),
    Method(
        id="fugitive.by_factor", title="gas released, under a factor that states its CO2e",
        inputs=amount("mass of gas released", "mass"), formula="amount", canonical="mass",
        data_type=DataType.PRIMARY, standard=EPA_FUGITIVE,
        note="For a gas whose CO2e a publication states; 'fugitive.released' takes a blend by composition.",
    ),
    Method(
        id="fugitive.purchase", title="gas purchased in the period, all of it taken as released",
        inputs=(
            given("purchased", "mass", "mass of gas bought in the period"),
            given("returned", "mass", "mass of gas given back or sent to destruction", default="0 kg"),
        ),
        formula="purchased − returned", canonical="mass", result=Result.GAS, data_type=DataType.PRIMARY,
        standard=EPA_FUGITIVE,
    ),
    Method(
        id="fugitive.mass_balance", title="gas by mass balance of stock, trade and charged capacity",
        inputs=(
            given("stock_start", "mass", "gas in store on the first day, not in equipment"),
            given("stock_end", "mass", "gas in store on the last day, not in equipment"),
            given("acquired", "mass", "gas bought, also inside equipment, or returned by users"),
            given("disbursed", "mass", "gas sold, recycled, reclaimed or destroyed", default="0 kg"),
            given("capacity_added", "mass", "full charge of equipment put into service", default="0 kg"),
            given("capacity_retired", "mass", "full charge of equipment taken out of service", default="0 kg"),
        ),
        formula="stock_start − stock_end + acquired − disbursed − (capacity_added − capacity_retired)",
        canonical="mass", result=Result.GAS, data_type=DataType.PRIMARY, standard=EPA_FUGITIVE,
    ),
    Method(
        id="fugitive.simplified_balance", title="gas by mass balance of the equipment alone",
        inputs=(
            given("new_charge", "mass", "gas used to fill new equipment that was delivered empty", default="0 kg"),
            given("new_capacity", "mass", "full charge of that equipment", default="0 kg"),
            given("recharge", "mass", "gas used to refill equipment", default="0 kg"),
            given("disposed_capacity", "mass", "full charge of equipment disposed of", default="0 kg"),
            given("recovered", "mass", "gas recovered from equipment disposed of", default="0 kg"),
        ),
        formula="new_charge − new_capacity + recharge + disposed_capacity − recovered",
        canonical="mass", result=Result.GAS, data_type=DataType.PRIMARY, standard=EPA_FUGITIVE,
    ),
    Method(
        id="fugitive.screening", title="gas by screening: leak rates at installation, in operation and at disposal",
        inputs=(
            given("new_charge", "mass", "charge of equipment installed in the period", default="0 kg"),
            given("installation_loss", SHARE, "share lost when it is filled", default="0"),
            given("operating_charge", "mass", "charge of equipment in operation", default="0 kg"),
            given("annual_leak", SHARE, "share lost in a year of operation", default="0"),
            given("years", "number", "how much of a year it was in operation", default="1"),
            given("disposed_charge", "mass", "charge of equipment disposed of", default="0 kg"),
            given("remaining", SHARE, "share of the charge left at disposal", default="0"),
            given("recovery", SHARE, "share of what is left that is recovered", default="0"),
        ),
        formula="new_charge × installation_loss + operating_charge × annual_leak × years "
        "+ disposed_charge × remaining × (1 − recovery)",
        canonical="mass", result=Result.GAS, data_type=DataType.AVERAGE, standard=f"{COOLING}; {EPA_FUGITIVE}",
    ),
    Method(
        id="fugitive.volume", title="gas released by volume: containers, content, share of the gas, density",
        inputs=(
            given("containers", "number", "how many containers were emptied", default="1"),
            given("volume", "volume", "volume of gas, of each container where they are counted"),
            given("gas_share", SHARE, "share of the gas in the volume", default="1"),
            given("density", "mass", "density of the gas at the conditions of the volume", per="volume"),
        ),
        formula="containers × volume × gas_share × density", canonical="mass", result=Result.GAS,
        data_type=DataType.PRIMARY, standard=FLARING,
        note="Venting, leaks of natural gas, medical gases.",
    ),
    Method(
        id="process.material", title="process emissions of a material, under a factor of its carbon",
        inputs=amount("mass of material used or made", "mass"), formula="amount", canonical="mass",
        data_type=DataType.PRIMARY, standard=CORPORATE,
    ),
    Method(
        id="process.stoichiometric", title="process emissions of a material by composition and conversion",
        inputs=(
            given("material", "mass", "mass of material used or made"),
            given("purity", SHARE, "share of the reacting substance in it", default="1"),
            given("conversion", SHARE, "share of it that reacts", default="1"),
        ),
        formula="material × purity × conversion", canonical="mass", data_type=DataType.PRIMARY, standard=CORPORATE,
    ),
    Method(
        id="process.carbon_balance", title="CO2 of a process as the carbon that goes in and is not in the product",
        inputs=(
            given("material", "mass", "mass of what goes in"),
            given("carbon_share", SHARE, "carbon in it, as a share of its mass"),
            given("product", "mass", "mass of what comes out with carbon in it", default="0 kg"),
            given("product_carbon_share", SHARE, "carbon in that, as a share of its mass", default="0"),
        ),
        formula="(material × carbon_share − product × product_carbon_share) × 44 ÷ 12", canonical="mass",
        result=Result.EMISSIONS, gas="CO2", data_type=DataType.PRIMARY, standard=CARBON_BALANCE,
    ),
    Method(
        id="process.measured", title="a gas measured at its source, as mass",
        inputs=amount("mass of gas measured", "mass"), formula="amount", canonical="mass", result=Result.GAS,
        data_type=DataType.PRIMARY, standard=CORPORATE,
    ),
    Method(
        id="flaring.quantity", title="gas flared, by volume, mass or energy",
        inputs=amount("gas flared", "*"), formula="amount", canonical="*", data_type=DataType.PRIMARY, standard=FLARING,
    ),
)  # fmt: skip
