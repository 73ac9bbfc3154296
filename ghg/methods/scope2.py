"""Scope 2: emissions of generating purchased energy. Both books take the same consumption, each its own factor."""

from __future__ import annotations

from ghg.methods.declaration import DataType, Method

METHODS = (
    Method(
        id="purchased_electricity.consumption", title="purchased electricity consumed",
        input="electricity consumed", dimension="energy", canonical="energy", data_type=DataType.PRIMARY,
        standard="GHG Protocol Scope 2 Guidance, chapter 6",
        formula="electricity × grid average factor (location-based); "
        "electricity × contractual or residual factor (market-based)",
    ),
)  # fmt: skip
