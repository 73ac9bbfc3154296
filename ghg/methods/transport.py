"""Scope 3 categories 4 and 9: transport and storage of goods, upstream and downstream, by the same methods."""

from __future__ import annotations

from ghg.methods.declaration import SHARE, DataType, Method, Result, amount, given, technical_guidance

CHAPTERS = "4 (and 9)"
FREIGHT = "freight_distance container_distance volume_distance"
"""Mass, containers or volume carried over a distance: formula 4.6 takes any of them."""

METHODS = (
    Method(
        id="transport.fuel_based", title="transport by fuel or electricity consumed",
        inputs=amount("fuel or energy consumed", "*"), formula="amount", canonical="*",
        data_type=DataType.PRIMARY, standard=technical_guidance(CHAPTERS, "formula 4.1", 54),
    ),
    Method(
        id="transport.fuel_spend", title="transport by what was paid for fuel",
        inputs=(
            given("fuel_spend", "money_*", "amount paid for fuel"),
            given("fuel_price", "money_*", "average price of the fuel", per="*"),
        ),
        formula="fuel_spend ÷ fuel_price", canonical="*", data_type=DataType.SPEND,
        standard=technical_guidance(CHAPTERS, "formulas 4.1 and 4.2", 54),
    ),
    Method(
        id="transport.fuel_from_distance", title="transport by distance and fuel efficiency, allocated by load",
        inputs=(
            given("distance", "distance", "distance travelled, loaded or unladen"),
            given("fuel_consumption", "*", "consumption of the vehicle in that state", per="distance"),
            given("own_share", SHARE, "share of the load that is the organisation's, by mass or volume", default="1"),
        ),
        formula="distance × fuel_consumption × own_share", canonical="*", data_type=DataType.PRIMARY,
        standard=technical_guidance(CHAPTERS, "formulas 4.3 to 4.5", "54 and 55"),
        note="An unladen backhaul is a row of its own, with the consumption of the empty vehicle.",
    ),
    Method(
        id="transport.allocated_fuel", title="transport by fuel, allocated by mass or volume of the goods",
        inputs=(
            given("fuel", "*", "fuel or electricity the vehicle consumed"),
            given("own_load", "*", "mass or volume of the organisation's goods"),
            given("total_load", "*", "mass or volume of all goods carried"),
        ),
        formula="fuel × own_load ÷ total_load", canonical="*", data_type=DataType.PRIMARY,
        standard=technical_guidance(CHAPTERS, "formula 4.4", 55),
    ),
    Method(
        id="transport.freight_distance", title="transport by tonne-kilometres and mode",
        inputs=amount("freight distance", FREIGHT), formula="amount", canonical=FREIGHT,
        data_type=DataType.AVERAGE, standard=technical_guidance(CHAPTERS, "formula 4.6", 61),
    ),
    Method(
        id="transport.distance_based", title="transport by mass, distance of the leg and mode",
        inputs=(
            given("mass", "mass container volume", "mass of the goods, or their containers or volume"),
            given("distance", "distance", "distance of the leg"),
        ),
        formula="mass × distance", canonical=FREIGHT, data_type=DataType.AVERAGE,
        standard=technical_guidance(CHAPTERS, "formula 4.6", 61),
    ),
    Method(
        id="transport.vehicle_distance", title="transport by distance of whole vehicles, with backhaul and own load",
        inputs=(
            given("trips", "number", "how many trips", default="1"),
            given("distance", "distance", "distance of one trip"),
            given("backhaul", SHARE, "share of the way that is driven back empty for these goods", default="0"),
            given("own_share", SHARE, "share of the load that is the organisation's", default="1"),
        ),
        formula="trips × distance × (1 + backhaul) × own_share", canonical="distance", data_type=DataType.AVERAGE,
        standard=technical_guidance(CHAPTERS, "formulas 4.5 and 4.6", "55 and 61"),
    ),
    Method(
        id="transport.vehicles", title="transport by distance of whole vehicles, under a factor of the vehicle",
        inputs=amount("vehicle distance", "distance"), formula="amount", canonical="distance",
        data_type=DataType.AVERAGE, standard=technical_guidance(CHAPTERS, "formula 4.6", 61),
    ),
    Method(
        id="transport.spend_based", title="transport and storage by what was paid for them",
        inputs=amount("amount spent", "money_*"), formula="amount", canonical="money_*", data_type=DataType.SPEND,
        standard=technical_guidance(CHAPTERS, "formula 4.7", 65),
    ),
    Method(
        id="transport.allocated_emissions", title="emissions a carrier states, allocated by load",
        inputs=(
            given("total_emissions", "mass", "CO2e of the run, vehicle or site"),
            given("own_quantity", "*", "the organisation's part of it"),
            given("total_quantity", "*", "all of it, in the same measure"),
        ),
        formula="total_emissions × own_quantity ÷ total_quantity", canonical="mass", result=Result.EMISSIONS,
        data_type=DataType.PRIMARY, standard=technical_guidance(CHAPTERS, "example 4.3", "63 and 64"),
    ),
    Method(
        id="transport.site_specific", title="storage by energy, fuel or leakage of the site, by share of the goods",
        inputs=(
            given("site_quantity", "*", "energy or fuel consumed, or gas leaked, whose factor the row takes"),
            given("own_quantity", "*", "volume, area or mass of the organisation's goods"),
            given("total_quantity", "*", "all goods at the site, in the same measure"),
        ),
        formula="site_quantity × own_quantity ÷ total_quantity", canonical="*", data_type=DataType.PRIMARY,
        standard=technical_guidance(CHAPTERS, "formula 4.8", 68),
    ),
    Method(
        id="transport.storage_leakage", title="refrigerant of a storage site, allocated by volume or area of the goods",
        inputs=(
            given("leakage", "mass", "mass of the gas that leaked at the site"),
            given("own_quantity", "*", "volume, area or mass of the organisation's goods"),
            given("total_quantity", "*", "all goods at the site, in the same measure"),
        ),
        formula="leakage × own_quantity ÷ total_quantity", canonical="mass", result=Result.GAS,
        data_type=DataType.PRIMARY, standard=technical_guidance(CHAPTERS, "formula 4.8", 68),
    ),
    Method(
        id="transport.leakage", title="refrigerant that leaked from vehicles or cooling equipment of carriers",
        inputs=amount("mass of gas that leaked", "mass"), formula="amount", canonical="mass", result=Result.GAS,
        data_type=DataType.PRIMARY, standard=technical_guidance(CHAPTERS, "formula 4.1", 54),
    ),
    Method(
        id="transport.storage_average", title="storage by volume, number or area, under an average factor a day",
        inputs=(
            given("stored", "*", "volume, pallets (item), containers (TEU) or area stored"),
            given("days", "number", "average days stored"),
        ),
        formula="stored × days", canonical="*", data_type=DataType.AVERAGE,
        standard=technical_guidance(CHAPTERS, "formula 4.9", 70),
        note="The factor is per unit and day: kg/m3 stands for kg per m3 and day.",
    ),
)  # fmt: skip
