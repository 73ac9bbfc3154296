"""Quantities that are measured without emissions, and emissions stated as they are."""

from __future__ import annotations

from ghg.methods.declaration import DataType, Method, Result, amount

METHODS = (
    Method(
        id="measured_quantity.mass", title="a measured quantity by mass, without emissions",
        inputs=amount("mass", "mass"), formula="amount", canonical="mass", result=Result.QUANTITY,
        data_type=DataType.MEASURED, standard="HKEX ESG Reporting Code, Appendix C2, KPI A1.3, A1.4 and A2.2",
    ),
    Method(
        id="measured_quantity.energy", title="a measured quantity of energy, without emissions",
        inputs=amount("energy", "energy"), formula="amount", canonical="energy", result=Result.QUANTITY,
        data_type=DataType.MEASURED, standard="GHG Protocol Scope 2 Guidance, chapter 6",
    ),
)  # fmt: skip
