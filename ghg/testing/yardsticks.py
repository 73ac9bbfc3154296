"""Yardsticks of the laws: sizes of units and GWPs, written down here once more so that no table vouches for itself."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

SIZES: Mapping[str, tuple[str, Fraction]] = {
    name: (quantity, Fraction(size))
    for quantity, units in {
        "energy": {
            "J": "1", "kJ": "1e3", "MJ": "1e6", "GJ": "1e9", "TJ": "1e12", "Wh": "3600", "kWh": "3.6e6", "MWh": "3.6e9",
            "GWh": "3.6e12", "BTU": "1055.05585262", "MMBtu": "1055055852.62",
        },
        "net energy": {"MJ_net": "1e6", "GJ_net": "1e9", "TJ_net": "1e12", "kWh_net": "3.6e6", "MWh_net": "3.6e9"},
        "gross energy": {"MJ_gross": "1e6", "GJ_gross": "1e9", "kWh_gross": "3.6e6", "MWh_gross": "3.6e9"},
        "mass": {
            "g": "0.001", "kg": "1", "t": "1000", "tonne": "1000", "lb": "0.45359237", "short_ton": "907.18474",
            "long_ton": "1016.0469088",
        },
        "length": {"m": "1", "km": "1000", "mile": "1609.344", "mi": "1609.344", "nautical_mile": "1852"},
        "volume": {"L": "1", "litre": "1", "m3": "1000", "gallon_us": "3.785411784", "gallon_uk": "4.54609"},
    }.items()
    for name, size in units.items()
}  # fmt: skip
"""What units measure and how large they are in J, kg, m and L (SI Brochure, 9th edition; NIST SP 811, appendix B)."""
POTENTIALS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "AR4": {"CO2": ("1",), "CH4": ("25",), "CH4_fossil": ("25",), "N2O": ("298",), "SF6": ("22800",)},
    "AR5": {"CO2": ("1",), "CH4": ("28", "30"), "CH4_fossil": ("30",), "N2O": ("265",), "SF6": ("23500",)},
    "AR6": {"CO2": ("1",), "CH4": ("27", "29.8"), "CH4_fossil": ("29.8",), "N2O": ("273",)},
}
"""GWPs over 100 years; two of methane where a report tells fossil from other (IPCC AR4 WG1, table 2.14; AR5 WG1, table
8.A.1; AR6 WG1, table 7.15)."""
BIOGENIC = "CO2_biogenic"
"""What biogenic CO2 is called; it counts nothing in the scopes (Corporate Standard, chapter 9)."""
