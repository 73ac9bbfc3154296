"""Scope 1: direct emissions from sources the organisation owns or controls."""

from __future__ import annotations

from ghg.methods.declaration import DataType, Method

STATIONARY = "2006 IPCC Guidelines, Volume 2, chapter 2, equation 2.1 (Tier 1)"
MOBILE = "2006 IPCC Guidelines, Volume 2, chapter 3, equations 3.2.1 and 3.2.3 (Tier 1)"

METHODS = (
    Method(
        id="stationary_combustion.energy",
        title="fuel burned in stationary equipment, as energy on a net calorific basis",
        input="fuel energy", dimension="energy_net", canonical="energy_net",
        data_type=DataType.PRIMARY, standard=STATIONARY, formula="fuel energy × emission factor",
    ),
    Method(
        id="stationary_combustion.mass", title="fuel burned in stationary equipment, by mass",
        input="fuel mass", dimension="mass", parameters=("net_calorific_value",), canonical="energy_net",
        data_type=DataType.PRIMARY, standard=STATIONARY, formula="fuel mass × net calorific value × emission factor",
    ),
    Method(
        id="mobile_combustion.energy", title="fuel burned in vehicles, as energy on a net calorific basis",
        input="fuel energy", dimension="energy_net", canonical="energy_net",
        data_type=DataType.PRIMARY, standard=MOBILE, formula="fuel energy × emission factor",
    ),
    Method(
        id="mobile_combustion.mass", title="fuel burned in vehicles, by mass",
        input="fuel mass", dimension="mass", parameters=("net_calorific_value",), canonical="energy_net",
        data_type=DataType.PRIMARY, standard=MOBILE, formula="fuel mass × net calorific value × emission factor",
    ),
)  # fmt: skip
