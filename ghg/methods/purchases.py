"""Scope 3 categories 1 and 2: goods, services and capital goods bought. Both categories take the same methods."""

from __future__ import annotations

from ghg.methods.declaration import SHARE, WORD, DataType, Method, Result, amount, given, technical_guidance

SUPPLIER = technical_guidance("1 (and 2)", "formula 1.1", 24)
HYBRID = technical_guidance("1 (and 2)", "formulas 1.2 and 1.3", "27 and 30")
AVERAGE = technical_guidance("1 (and 2)", "formula 1.4", 32)
SPEND = technical_guidance("1 (and 2)", "formula 1.5", 33)

METHODS = (
    Method(
        id="purchased_goods.supplier_specific", title="goods by quantity, under the supplier's own product footprint",
        inputs=amount("quantity bought", "*"), formula="amount", canonical="*", data_type=DataType.PRIMARY,
        standard=SUPPLIER,
    ),
    Method(
        id="purchased_goods.supplier_emissions", title="emissions a supplier states for what was bought",
        inputs=amount("mass of CO2e stated by the supplier", "mass"), formula="amount", canonical="mass",
        result=Result.EMISSIONS, data_type=DataType.PRIMARY, standard=HYBRID,
        note="The CO2e keeps the GWP set of the supplier.",
    ),
    Method(
        id="purchased_goods.supplier_allocated", title="emissions of a supplier by the share of its sales",
        inputs=(
            given("supplier_emissions", "mass", "CO2e of the supplier in the period"),
            given("spend", "money_*", "what was bought from the supplier"),
            given("supplier_revenue", "money_*", "all sales of the supplier in the period"),
        ),
        formula="supplier_emissions × spend ÷ supplier_revenue", canonical="mass", result=Result.EMISSIONS,
        data_type=DataType.PRIMARY, standard=f"{HYBRID}; allocation as in Scope 3 Standard, chapter 8",
    ),
    Method(
        id="purchased_goods.hybrid", title="one part of a hybrid calculation: energy, material, transport or waste",
        inputs=amount("quantity of the part", "*"), formula="amount", canonical="*", data_type=DataType.PRIMARY,
        standard=HYBRID,
        note="A hybrid calculation is a row for each part: the supplier's own emissions, its inputs, their transport, "
        "its waste, and what is left under a factor that leaves those parts out.",
    ),
    Method(
        id="purchased_goods.average_data", title="goods and services by mass or number, under an average factor",
        inputs=amount("quantity bought", "*"), formula="amount", canonical="*", data_type=DataType.AVERAGE,
        standard=AVERAGE,
    ),
    Method(
        id="purchased_goods.recycled_content", title="goods by mass and recycled content, the part of one origin",
        inputs=(
            given("mass", "mass", "mass bought"),
            given("share_of_origin", SHARE, "share of recycled or of primary material, whose factor the row takes"),
        ),
        formula="mass × share_of_origin", canonical="mass", data_type=DataType.AVERAGE, standard=AVERAGE,
    ),
    Method(
        id="purchased_goods.spend_based", title="goods, services and capital goods by what was paid for them",
        inputs=amount("amount spent", "money_*"), formula="amount", canonical="money_*", data_type=DataType.SPEND,
        standard=SPEND, note="The amount stands in the factor's currency, price year and price basis.",
    ),
    Method(
        id="purchased_goods.spend_converted",
        title="goods, services and capital goods by spend, in the factor's currency, price year and basis",
        inputs=(
            given("spend", "money_*", "amount paid, in the currency and prices of the books"),
            given("vat_rate", SHARE, "value added tax inside the amount, as a share of the net price", default="0"),
            given("exchange_rate", "money_*", "factor's currency in the prices of the purchase, per currency paid",
                  per="money_*"),
            given("inflation", "money_*", "prices of the factor's year per prices of the purchase", per="money_*"),
            given("margin", SHARE, "trade and transport margin inside the price, where the factor is at basic prices",
                  default="0"),
            given("source", WORD, "where rate and index are printed"),
        ),
        formula="spend ÷ (1 + vat_rate) × exchange_rate × inflation × (1 − margin)", canonical="money_*",
        data_type=DataType.SPEND, standard=SPEND,
        note="Where a step does not apply write it so that it can be seen: an exchange rate of 1 USD/USD.",
    ),
)  # fmt: skip
