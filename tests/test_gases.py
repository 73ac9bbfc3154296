"""The list of gases: its groups, what stays outside the scopes, and the ways people write a name."""

from __future__ import annotations

from collections import defaultdict

import pytest

from ghg.gases import CO2E, TREATIES, _names, _plain, blends, find_gas, gases, gwp, gwp_sets, outside
from ghg.issues import GhgError, UnknownNameError

VALUED = {gas for values in gwp_sets().values() for gas in values}


def test_every_gas_with_a_gwp_and_every_part_of_a_blend_is_known() -> None:
    parts = {gas for blend in blends().values() for gas in blend.components}
    assert (VALUED | parts) <= set(gases())


def test_every_gas_has_a_gwp_or_is_part_of_a_blend() -> None:
    parts = {gas for blend in blends().values() for gas in blend.components}
    assert set(gases()) - VALUED - parts == {"CO2_biogenic"}


def test_every_gas_a_treaty_names_has_a_value_in_some_set() -> None:
    assert {name for name, gas in gases().items() if gas.group in TREATIES} - VALUED == {"CO2_biogenic"}


def test_a_co2_equivalent_is_not_a_gas() -> None:
    assert CO2E not in gases()


def test_only_gases_of_the_kyoto_protocol_count_in_the_scopes() -> None:
    assert {gas.group for gas in gases().values() if gas.in_scopes == "yes"} == {"Kyoto"}
    assert [name for name, gas in gases().items() if gas.group == "Kyoto" and gas.in_scopes == "no"] == ["CO2_biogenic"]


def test_the_seven_gases_of_the_kyoto_protocol_count_in_the_scopes() -> None:
    kyoto = {name for name, gas in gases().items() if gas.in_scopes == "yes"}
    families = {name for name in kyoto if gases()[name].name.startswith(("HFC-", "PFC-"))}
    methane = {"CH4", "CH4_fossil", "CH4_nonfossil", "CH4_combustion"}
    assert kyoto == families | methane | {"CO2", "N2O", "SF6", "NF3"}


def test_cfcs_hcfcs_and_halons_stand_outside_the_scopes() -> None:
    families = ("CFC", "HCFC", "Halon", "CCl4", "CH3Br", "CH3CCl3")
    ozone = [gas for name, gas in gases().items() if name.startswith(families)]
    assert len(ozone) == 23
    assert {gas.in_scopes for gas in ozone} == {"no"}
    assert {gas.gas for gas in ozone if gas.group != "Montreal"} == {"Halon1202"}


def test_every_gas_outside_the_scopes_says_why() -> None:
    assert [name for name, gas in gases().items() if gas.in_scopes == "no" and not gas.note] == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("R-32", "HFC32"), ("HFC-32", "HFC32"), ("hfc32", "HFC32"), ("R32", "HFC32"), ("R-134a", "HFC134a"),
        ("R410A", "R-410A"), ("R-410A", "R-410A"), ("r 410a", "R-410A"), ("410A", "R-410A"), ("R404a", "R-404A"),
        ("methane", "CH4"), ("甲烷", "CH4"), ("CO₂", "CO2"), ("二氧化碳", "CO2"), ("R744", "CO2"),
        ("biogenic CO2", "CO2_biogenic"), ("nitrous oxide", "N2O"), ("sulfur hexafluoride", "SF6"),
        ("sulphur hexafluoride", "SF6"), ("六氟化硫", "SF6"), ("R-22", "HCFC22"), ("R-1234yf", "HFO1234yf"),
        ("HFO-1234ze(E)", "HFO1234zeE"), ("R290", "HC290"), ("PFC-14", "CF4"), ("四氟乙烷", "HFC134a"),
        ("HFC-43-10mee", "HFC4310mee"), ("FM-200", "HFC227ea"), ("R-C318", "cC4F8"),
    ],
)  # fmt: skip
def test_a_gas_is_found_the_way_people_write_it(name: str, code: str) -> None:
    assert find_gas(name) == code


def test_every_code_and_designation_finds_itself() -> None:
    assert [code for code in (*gases(), *blends()) if find_gas(code) != code] == []


def test_no_name_stands_for_two_gases() -> None:
    meant = defaultdict(set)
    for text, code in _names():
        meant[_plain(text)].add(code)
    assert {text: codes for text, codes in meant.items() if len(codes) > 1 or not text} == {}


@pytest.mark.parametrize("name", ["R-410X", "R410", "R-500", "", "-", "CO2e", "R-717"])
def test_an_unknown_name_is_refused(name: str) -> None:
    with pytest.raises(UnknownNameError, match="no gas or refrigerant blend is called"):
        find_gas(name)


def test_an_unknown_name_is_answered_with_the_nearest_ones() -> None:
    with pytest.raises(UnknownNameError, match=r"Did you mean .*'R-410A'"):
        find_gas("R-410X")


def test_gases_outside_the_scopes_are_shown_under_their_own_measure() -> None:
    assert outside("CO2_biogenic") == ("biogenic_co2",)
    assert outside("CFC11") == ("gases_outside_scopes",)
    assert outside("CH4_fossil") == outside("no gas") == ()


def test_every_name_of_a_gas_and_a_blend_without_its_letter_is_known() -> None:
    assert find_gas("biogenic methane") == find_gas("non-fossil methane") == "CH4_nonfossil"
    assert find_gas("410A") == "R-410A"


def test_a_gas_without_a_value_says_what_is_known_of_it() -> None:
    with pytest.raises(GhgError) as caught:
        gwp("AR6", "CH4")
    assert str(caught.value) == (
        f"the GWP set AR6 has no value for CH4 ({gases()['CH4'].note}). State the gas more closely, or another set."
    )
    with pytest.raises(GhgError, match=r"has no value for phlogiston\. State"):
        gwp("AR6", "phlogiston")


def test_a_blend_has_a_designation_and_a_name() -> None:
    assert (blends()["R-410A"].blend, blends()["R-410A"].name) == ("R-410A", "R-32/125 (50/50)")
