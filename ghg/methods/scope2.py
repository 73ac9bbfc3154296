"""Scope 2: emissions of generating purchased energy. Both books take the same consumption, each its own factor."""

from __future__ import annotations

from ghg.methods.declaration import DataType, Method, amount

METHODS = (
    Method(
        id="purchased_electricity.consumption", title="purchased electricity consumed",
        inputs=amount("electricity consumed", "energy"), formula="amount", canonical="energy",
        data_type=DataType.PRIMARY, standard="GHG Protocol Scope 2 Guidance, chapter 6",
        note="Location-based: a grid average factor; market-based: a contractual or residual factor.",
    ),
)  # fmt: skip
