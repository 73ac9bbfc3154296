"""Scope 3: other indirect emissions of the value chain, and quantities that are measured without emissions."""

from __future__ import annotations

from ghg.methods.declaration import DataType, Method

GUIDANCE = "GHG Protocol Technical Guidance for Calculating Scope 3 Emissions, chapter"

METHODS = (
    Method(
        id="purchased_goods.spend_based", title="goods, services and capital goods by what was paid for them",
        input="amount spent", dimension="money_*", canonical="money_*", data_type=DataType.SPEND,
        standard=f"{GUIDANCE}s 1 and 2: spend-based method",
        formula="amount spent in the factor's currency and price year × supply-chain factor",
    ),
    Method(
        id="fuel_and_energy.average_data", title="upstream emissions of purchased energy",
        input="energy purchased", dimension="energy", canonical="energy", data_type=DataType.AVERAGE,
        standard=f"{GUIDANCE} 3: average-data method", formula="energy purchased × upstream factor",
    ),
    Method(
        id="business_travel.distance_based", title="business travel by distance and mode",
        input="passenger distance", dimension="passenger_distance", canonical="passenger_distance",
        data_type=DataType.AVERAGE, standard=f"{GUIDANCE} 6: distance-based method",
        formula="passenger distance × factor of the mode",
    ),
    Method(
        id="employee_commuting.distance_based", title="commuting by vehicle distance and mode",
        input="vehicle distance", dimension="distance", canonical="distance", data_type=DataType.AVERAGE,
        standard=f"{GUIDANCE} 7: distance-based method", formula="vehicle distance × factor of the mode",
    ),
    Method(
        id="upstream_leased_assets.asset_specific", title="energy of leased assets",
        input="electricity of leased assets", dimension="energy", canonical="energy", data_type=DataType.PRIMARY,
        standard=f"{GUIDANCE} 8: asset-specific method", formula="electricity × grid average factor",
    ),
    Method(
        id="measured_quantity.mass", title="a measured quantity by mass, without emissions",
        input="mass", dimension="mass", canonical="mass", takes_factor=False, data_type=DataType.MEASURED,
        standard="HKEX ESG Reporting Code, Appendix C2, KPI A1.3, A1.4 and A2.2", formula="as measured",
    ),
)  # fmt: skip
