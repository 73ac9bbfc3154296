"""Greenhouse gases and GWP sets. Gases are not masses, and CO2e is not a gas.

There is no default GWP set. Methane is kept apart by origin because AR5 and AR6 value fossil and non-fossil methane
differently (``factors/gases.csv`` says which is which).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from ghg import bundle
from ghg.issues import GhgError, UnknownNameError
from ghg.numbers import parse
from ghg.tables import read_table

CO2E = "CO2e"
"""The code of a factor published only as a CO2 equivalent."""


class Gas(BaseModel):
    """One greenhouse gas; ``in_scopes`` is false for gases reported outside the scopes, such as biogenic CO2."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    gas: str
    formula: str
    name: str
    group: str
    in_scopes: Literal["yes", "no"]
    note: str


class Gwp(BaseModel):
    """The global warming potential over 100 years of one gas under one set, as printed, with its source."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    gwp_set: str
    gas: str
    value: str
    source: str
    locator: str
    verification: str
    note: str

    @property
    def amount(self) -> Fraction:
        """Kilograms of CO2e per kilogram of gas, exact."""
        return parse(self.value)


@cache
def gases() -> Mapping[str, Gas]:
    """Every gas by its code."""
    path = bundle.folder("factors") / "gases.csv"
    return {row.gas: row for row in read_table(path, "factors/gases.csv", tuple(Gas.model_fields)).records(Gas)}


@cache
def gwp_sets() -> Mapping[str, Mapping[str, Gwp]]:
    """Every GWP set by name, each a mapping of gas to its value."""
    path = bundle.folder("factors") / "gwp.csv"
    rows = read_table(path, "factors/gwp.csv", tuple(Gwp.model_fields)).records(Gwp)
    return {
        name: {row.gas: row for row in rows if row.gwp_set == name} for name in sorted({row.gwp_set for row in rows})
    }


def gwp(gwp_set: str, gas: str) -> Gwp:
    """The GWP of a gas under a set.

    Raises:
        UnknownNameError: the set does not exist.
        GhgError: the set has no value for the gas.

    >>> gwp("AR6", "CH4_fossil").value
    '29.8'
    """
    if gwp_set not in gwp_sets():
        raise UnknownNameError(
            "GWP set", gwp_set, gwp_sets(), f"The sets are {', '.join(gwp_sets())}; there is no default."
        )
    found = gwp_sets()[gwp_set].get(gas)
    if found is None:
        raise GhgError(
            f"the GWP set {gwp_set} has no value for {gas}. "
            "State the gas more closely, or add the value with its source."
        )
    return found
