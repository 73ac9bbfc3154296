"""Scope 3 categories 10 and 11: processing of sold intermediate products, and use of sold products over their life."""

from __future__ import annotations

from ghg.methods.declaration import NUMBER, SHARE, DataType, Method, Result, amount, given, technical_guidance

SCENARIO_SHARE = given("scenario_share", SHARE, "share of uses in the scenario the row states", default="1")
LIFETIME = (
    given("units_sold", NUMBER, "products sold in the period"),
    given("lifetime_uses", NUMBER, "uses of one product over its life"),
)

METHODS = (
    Method(
        id="processing.site_specific", title="processing by energy, fuel or waste of the processor's site",
        inputs=amount("energy, fuel or waste of the processing", "*"), formula="amount", canonical="*",
        data_type=DataType.PRIMARY, standard=technical_guidance(10, "formula 10.1", 109),
    ),
    Method(
        id="processing.average_data", title="processing by mass of the intermediate product sold",
        inputs=amount("mass sold", "*"), formula="amount", canonical="*", data_type=DataType.AVERAGE,
        standard=technical_guidance(10, "formula 10.2", 112),
        note="The guidance counts mass; a factor per number, volume or area does as well.",
    ),
    Method(
        id="processing.stated_emissions", title="emissions the processor states for the product sold to it",
        inputs=amount("mass of CO2e the processor states", "mass"), formula="amount", canonical="mass",
        result=Result.EMISSIONS, data_type=DataType.PRIMARY, standard=technical_guidance(10, "formula 10.1", 109),
    ),
    Method(
        id="use_of_products.energy", title="electricity of sold products over their life, by uses",
        inputs=(*LIFETIME, given("energy_per_use", "energy*", "electricity or fuel of one use"), SCENARIO_SHARE),
        formula="units_sold × lifetime_uses × energy_per_use × scenario_share", canonical="energy*",
        data_type=DataType.AVERAGE, standard=technical_guidance(11, "formulas 11.1 and 11.4", "117 and 121"),
    ),
    Method(
        id="use_of_products.fuel", title="fuel of sold products over their life, by uses",
        inputs=(*LIFETIME, given("fuel_per_use", "*", "fuel of one use, as volume, mass or energy"), SCENARIO_SHARE),
        formula="units_sold × lifetime_uses × fuel_per_use × scenario_share", canonical="*",
        data_type=DataType.AVERAGE, standard=technical_guidance(11, "formulas 11.1 and 11.4", "117 and 121"),
    ),
    Method(
        id="use_of_products.yearly_energy", title="electricity or fuel of sold products over their life, by years",
        inputs=(
            given("units_sold", NUMBER, "products sold in the period"),
            given("lifetime_years", NUMBER, "years of one product's life"),
            given("energy_per_year", "*", "electricity, energy or fuel of one product in a year"),
        ),
        formula="units_sold × lifetime_years × energy_per_year", canonical="*", data_type=DataType.AVERAGE,
        standard=technical_guidance(11, "formula 11.1", 117),
    ),
    Method(
        id="use_of_products.feedstock", title="fuels and feedstocks sold and burned by others",
        inputs=amount("fuel or feedstock sold", "*"), formula="amount", canonical="*", data_type=DataType.PRIMARY,
        standard=technical_guidance(11, "formula 11.2", 119),
    ),
    Method(
        id="use_of_products.gas", title="greenhouse gases in sold products, released over their life",
        inputs=(
            given("units_sold", NUMBER, "products sold in the period"),
            given("gas_per_unit", "mass", "mass of the gas in one product"),
            given("released", SHARE, "share released over the life; all of it where that is not known", default="1"),
        ),
        formula="units_sold × gas_per_unit × released", canonical="mass", result=Result.GAS,
        data_type=DataType.AVERAGE, standard=technical_guidance(11, "formula 11.3", 120),
    ),
    Method(
        id="use_of_products.leakage", title="refrigerant that leaks or gas that is formed while sold products are used",
        inputs=(*LIFETIME, given("leakage_per_use", "mass", "mass of the gas released in one use"), SCENARIO_SHARE),
        formula="units_sold × lifetime_uses × leakage_per_use × scenario_share", canonical="mass", result=Result.GAS,
        data_type=DataType.AVERAGE, standard=technical_guidance(11, "formulas 11.1 and 11.4", "117 and 121"),
    ),
    Method(
        id="processing.leakage", title="refrigerant and process gases of processing sold products",
        inputs=amount("mass of gas released", "mass"), formula="amount", canonical="mass", result=Result.GAS,
        data_type=DataType.PRIMARY, standard=technical_guidance(10, "formula 10.1", 109),
    ),
    Method(
        id="use_of_products.distance", title="distance of sold vehicles over their life",
        inputs=(
            given("units_sold", NUMBER, "products sold in the period"),
            given("lifetime_distance", "distance", "distance of one product over its life"),
        ),
        formula="units_sold × lifetime_distance", canonical="distance", data_type=DataType.AVERAGE,
        standard=technical_guidance(11, "formula 11.1", 117),
    ),
    Method(
        id="use_of_products.intermediate", title="use of a final product by an intermediate product's mass",
        inputs=(
            given("units_sold", NUMBER, "intermediate products sold in the period"),
            given("lifetime_use", "*", "use of the final product over its life, such as a distance or energy"),
            given("own_mass", "mass", "mass of the intermediate product"),
            given("final_mass", "mass", "mass of the final product"),
        ),
        formula="units_sold × lifetime_use × own_mass ÷ final_mass", canonical="*", data_type=DataType.AVERAGE,
        standard=technical_guidance(11, "formula 11.5 and example 11.3", 123),
    ),
    Method(
        id="use_of_products.stated_emissions", title="emissions over the life of one product, stated from a study",
        inputs=(
            given("units_sold", NUMBER, "products sold in the period"),
            given("lifetime_uses", NUMBER, "uses over its life, where the emissions are of one use", default="1"),
            given("emissions_per_unit", "mass", "CO2e of one product over its life, or of one use of it"),
        ),
        formula="units_sold × lifetime_uses × emissions_per_unit", canonical="mass", result=Result.EMISSIONS,
        data_type=DataType.AVERAGE, standard=technical_guidance(11, "formulas 11.1 and 11.5", "117 and 123"),
    ),
)  # fmt: skip
