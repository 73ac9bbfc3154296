"""Scope 3 categories 5 and 12: waste of operations, and sold products at the end of their life."""

from __future__ import annotations

from ghg.methods.declaration import SHARE, DataType, Method, Result, amount, given, technical_guidance

METHODS = (
    Method(
        id="waste.supplier_specific", title="emissions a waste company states for the waste it took",
        inputs=amount("mass of CO2e stated by the waste company", "mass"), formula="amount", canonical="mass",
        result=Result.EMISSIONS, data_type=DataType.PRIMARY, standard=technical_guidance(5, "formula 5.1", 74),
    ),
    Method(
        id="waste.waste_type", title="waste by type and treatment",
        inputs=amount("mass of waste", "mass"), formula="amount", canonical="mass", data_type=DataType.AVERAGE,
        standard=technical_guidance("5 (and 12)", "formulas 5.2 and 12.1", "75 and 127"),
    ),
    Method(
        id="waste.waste_water", title="waste water by volume and treatment",
        inputs=amount("volume of waste water", "volume"), formula="amount", canonical="volume",
        data_type=DataType.AVERAGE, standard=technical_guidance(5, "formula 5.2", 75),
    ),
    Method(
        id="waste.returned_water", title="waste water as the share of the water bought that returns to the sewer",
        inputs=(
            given("water", "volume", "water bought"),
            given("return_share", SHARE, "share that returns to the sewer"),
        ),
        formula="water × return_share", canonical="volume", data_type=DataType.AVERAGE,
        standard=technical_guidance(5, "formula 5.2", 75),
    ),
    Method(
        id="waste.average_data", title="all waste by the share of a treatment",
        inputs=(
            given("total_waste", "mass", "mass of all waste"),
            given("treatment_share", SHARE, "share that goes to the treatment whose factor the row takes"),
        ),
        formula="total_waste × treatment_share", canonical="mass", data_type=DataType.AVERAGE,
        standard=technical_guidance("5 (and 12)", "formulas 5.3 and 12.1", "76 and 127"),
    ),
    Method(
        id="waste.gas_released", title="greenhouse gases in sold products that are released at the end of their life",
        inputs=(
            given("units_sold", "number", "products sold in the period"),
            given("gas_per_unit", "mass", "mass of the gas in one product when it is thrown away"),
            given("released", SHARE, "share that is not recovered", default="1"),
        ),
        formula="units_sold × gas_per_unit × released", canonical="mass", result=Result.GAS,
        data_type=DataType.AVERAGE, standard=technical_guidance(12, "formula 12.1", 127),
    ),
    Method(
        id="waste.sold_products", title="sold products and packaging at the end of life, by treatment",
        inputs=(
            given("units_sold", "number", "products sold in the period"),
            given("mass_per_unit", "mass", "mass of one product with its packaging"),
            given("treatment_share", SHARE, "share that goes to the treatment whose factor the row takes"),
        ),
        formula="units_sold × mass_per_unit × treatment_share", canonical="mass", data_type=DataType.AVERAGE,
        standard=technical_guidance(12, "formula 12.1", 127),
    ),
)  # fmt: skip
