"""Scope 2: emissions of generating purchased energy. Both books take the same consumption, each its own factor."""

from __future__ import annotations

from ghg.methods.declaration import DataType, Method, amount

GUIDANCE = "GHG Protocol Scope 2 Guidance, chapter 6"
APPENDIX = f"{GUIDANCE} and appendix A"
HEAT = "Location-based: an average of the network; market-based: a contract or the supplier, then the average."

METHODS = (
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
)  # fmt: skip
