"""Gases and GWP sets, against the reports and an independent package."""

from __future__ import annotations

import globalwarmingpotentials
import pytest

from ghg.gases import CO2E, Gwp, gases, gwp, gwp_sets
from ghg.issues import GhgError, UnknownNameError
from ghg.numbers import parse

INDEPENDENT = {"AR4": "AR4GWP100", "AR5": "AR5GWP100", "AR6": "AR6GWP100"}
"""Our sets by their name in the package ``globalwarmingpotentials``, which has one methane for all origins."""
ROWS = [row for rows in gwp_sets().values() for row in rows.values()]
SHARED = [row for row in ROWS if row.gas in globalwarmingpotentials.data[INDEPENDENT[row.gwp_set]]]


def named(row: Gwp) -> str:
    return f"{row.gwp_set}-{row.gas}"


@pytest.mark.parametrize("row", SHARED, ids=named)
def test_a_gwp_equals_the_one_of_the_independent_package(row: Gwp) -> None:
    assert row.amount == parse(str(globalwarmingpotentials.data[INDEPENDENT[row.gwp_set]][row.gas]))


def test_the_independent_package_covers_every_gas_but_methane_by_origin_and_biogenic_co2() -> None:
    missing = {row.gas for row in ROWS} - {row.gas for row in SHARED}
    assert {gas for gas in missing if not gas.startswith("CH4_")} <= {"CO2"}


@pytest.mark.parametrize(
    ("gwp_set", "gas", "printed"),
    [
        ("AR4", "CH4", "25"), ("AR4", "CH4_fossil", "25"), ("AR4", "CH4_nonfossil", "25"),
        ("AR5", "CH4", "28"), ("AR5", "CH4_fossil", "30"), ("AR5", "CH4_nonfossil", "28"),
        ("AR6", "CH4_fossil", "29.8"), ("AR6", "CH4_nonfossil", "27.0"),
    ],
)  # fmt: skip
def test_methane_by_origin_is_as_printed(gwp_set: str, gas: str, printed: str) -> None:
    assert gwp(gwp_set, gas).value == printed


@pytest.mark.parametrize("gwp_set", gwp_sets())
def test_methane_of_combustion_takes_the_value_without_oxidation(gwp_set: str) -> None:
    assert gwp(gwp_set, "CH4_combustion").amount == gwp(gwp_set, "CH4_nonfossil").amount


@pytest.mark.parametrize("gwp_set", gwp_sets())
def test_co2_is_the_measure_of_all(gwp_set: str) -> None:
    assert gwp(gwp_set, "CO2").amount == 1


@pytest.mark.parametrize(("gwp_set", "gas"), [("AR6", "CH4"), ("AR6", "SF6"), ("AR5", "CO2_biogenic"), ("AR5", "X")])
def test_a_gas_without_value_raises(gwp_set: str, gas: str) -> None:
    with pytest.raises(GhgError, match=f"{gwp_set} has no value for {gas}"):
        gwp(gwp_set, gas)


@pytest.mark.parametrize("name", ["", "default", "ar5", "AR7"])
def test_there_is_no_default_set(name: str) -> None:
    with pytest.raises(UnknownNameError, match="AR4, AR5, AR6; there is no default"):
        gwp(name, "CO2")


def test_every_gwp_is_of_a_known_gas() -> None:
    assert {row.gas for row in ROWS} <= set(gases())


def test_every_gas_in_the_scopes_has_a_value_in_some_set() -> None:
    assert {name for name, gas in gases().items() if gas.in_scopes == "yes"} <= {row.gas for row in ROWS}


def test_a_co2_equivalent_is_not_a_gas() -> None:
    assert CO2E not in gases()


def test_biogenic_co2_stands_outside_the_scopes() -> None:
    assert [name for name, gas in gases().items() if gas.in_scopes == "no"] == ["CO2_biogenic"]
