"""The shipped Chinese factors: the ministry's electricity, other grid factors, fuels by guideline and edition."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest

from ghg import bundle
from ghg.accounts import accounts
from ghg.factors import Factor, FactorRow, read_factors
from ghg.numbers import decimals_of, printed
from ghg.regions import ladder, regions
from ghg.sources import sources

PACKS = bundle.folder("factors") / "packs"
FACTORS: dict[str, Factor] = {
    factor.id: factor
    for folder in ("cn-mee", "cn-grid", "cn-fuels", "gbt-2589")
    for path in sorted((PACKS / folder).glob("*.csv"))
    for factor in read_factors(path, path.name, is_own=False)
}
MEE = {
    year: {key.partition(":")[2]: one for key, one in FACTORS.items() if key.startswith(f"cn-mee-{year}:")}
    for year in ("2021", "2022", "2023")
}
PROVINCIAL = "cn-provincial-guidelines-2025"
SCOPE2_BASES = {
    basis
    for account in accounts().values()
    if account.scope == "2"
    for basis in (*account.bases("location"), *account.bases("market"))
}


def row(name: str) -> FactorRow:
    return FACTORS[name].first


def ratio(over: str, under: str) -> Fraction:
    return row(over).base_amount / row(under).base_amount


@pytest.mark.parametrize("year", MEE)
def test_an_announcement_has_nation_seven_grids_thirty_provinces_and_two_more(year: str) -> None:
    bases = Counter((one.first.region.count("-"), one.first.basis) for one in MEE[year].values())
    assert bases == {
        (0, "grid_average"): 1,
        (2, "grid_average"): 7,
        (1, "grid_average"): 30,
        (0, "grid_excluding_market_traded_non_fossil"): 1,
        (0, "grid_fossil"): 1,
    }


@pytest.mark.parametrize("year", MEE)
def test_an_announced_factor_is_co2_per_kwh_of_its_year_with_four_decimals_and_a_chinese_name(year: str) -> None:
    assert [
        one.id
        for one in MEE[year].values()
        if (one.first.gas, one.first.unit, decimals_of(one.first.value)) != ("CO2", "kg/kWh", 4)
        or (str(one.first.valid_from), str(one.first.valid_to)) != (f"{year}-01-01", f"{year}-12-31")
        or (one.first.region != "CN" and one.first.name_local != regions()[one.first.region].name_local)
        or not one.first.name_local
    ] == []


def test_a_restored_zero_is_said() -> None:
    restored = [one.first for year in MEE.values() for one in year.values() if one.first.note]
    assert restored
    assert {text.value[-1] for text in restored} == {"0"}
    assert {text.note for text in restored} == {"trailing zero restored: the announcement prints four decimals"}


def test_trap_1_the_often_quoted_calorific_values_are_of_the_2008_edition_and_not_of_2020() -> None:
    assert row("gbt-2589-2008:ncv-diesel").value == "42652"
    assert row("gbt-2589-2008:ncv-gasoline").value == "43070"
    for fuel in ("diesel", "gasoline"):
        assert f"gbt-2589-2020:ncv-{fuel}" not in FACTORS
    assert row("gbt-2589-2008:ncv-crude-oil").value == "41816"
    assert row("gbt-2589-2020:ncv-crude-oil").value == "41868"


def test_trap_1_the_editions_differ_by_the_kilocalorie_they_use() -> None:
    for fuel in ("raw-coal", "crude-oil"):
        found = ratio(f"gbt-2589-2020:ncv-{fuel}", f"gbt-2589-2008:ncv-{fuel}")
        assert abs(found - Fraction("4.1868") / Fraction("4.1816")) < Fraction("0.0001")


def test_trap_1_newer_guidelines_still_use_the_values_of_2008() -> None:
    for fuel in ("diesel", "gasoline", "lpg", "crude-oil"):
        assert ratio(f"{PROVINCIAL}:ncv-{fuel}", f"gbt-2589-2008:ncv-{fuel}") == 1


def test_trap_2_the_guideline_is_part_of_every_key_and_no_recalled_guideline_ships() -> None:
    assert {key.partition(":")[0] for key in FACTORS} == {one.first.source for one in FACTORS.values()}
    values = {one.first.value for one in FACTORS.values() if one.first.kind == "net_calorific_value"}
    assert values.isdisjoint({"43.33", "44.80", "44.8", "42705", "43124"})


def test_trap_2_two_guidelines_of_one_fuel_stand_side_by_side() -> None:
    assert row(f"{PROVINCIAL}:ncv-lignite").value == "11.9"
    assert row("cn-enterprise-guidelines-2022:ncv-lignite").value == "14.759"


def test_trap_3_no_year_of_the_national_average_is_swapped() -> None:
    found = {year: MEE[year]["national"].first.value for year in MEE}
    assert found == {"2021": "0.5568", "2022": "0.5366", "2023": "0.5306"}


def test_trap_3_not_every_region_has_the_national_average() -> None:
    for year in MEE.values():
        values = [one.first.value for one in year.values() if one.first.basis == "grid_average"]
        assert values.count(year["national"].first.value) == 1


def test_trap_3_the_factor_of_the_trading_scheme_is_no_average_and_no_scope_2() -> None:
    found = row("cn-ets-2023:national")
    assert (found.value, found.basis) == ("0.5703", "ets_grid")
    assert "ets_grid" not in SCOPE2_BASES
    assert all("only for reporting under the national emissions trading scheme" in one.first.note
               for one in FACTORS.values() if one.first.basis == "ets_grid")  # fmt: skip


def test_trap_4_no_factor_stands_for_places_the_ministry_does_not_cover() -> None:
    uncovered = {"CN-XZ", "HK", "MO", "TW"}
    assert uncovered.isdisjoint(one.first.region for one in FACTORS.values())
    assert [ladder(place)[1] for place in sorted(uncovered)] == ["CN", "WORLD", "WORLD", "WORLD"]


def test_trap_4_without_market_traded_electricity_the_factor_rose_in_2023_while_the_average_fell() -> None:
    ex = "national-ex-market-nonfossil"
    assert [MEE[year][ex].first.value for year in MEE] == ["0.5942", "0.5856", "0.6096"]
    assert MEE["2023"]["national"].first.amount < MEE["2022"]["national"].first.amount


def test_trap_5_margins_are_project_baselines_and_no_scope_2() -> None:
    margins = [one.first for one in FACTORS.values() if one.first.basis in ("operating_margin", "build_margin")]
    assert Counter(one.basis for one in margins) == {"operating_margin": 6, "build_margin": 6}
    assert SCOPE2_BASES.isdisjoint({one.basis for one in margins})
    assert all("project baseline" in one.note for one in margins)


def test_trap_5_carbon_footprints_do_not_stand_among_the_scope_2_factors() -> None:
    assert "life_cycle" not in SCOPE2_BASES
    assert {"0.6205", "0.5777"}.isdisjoint(one.first.value for one in FACTORS.values())


def test_trap_16_energy_of_fuel_is_net() -> None:
    units = {one.first.unit for one in FACTORS.values() if one.first.activity.startswith("fuel.")}
    assert units == {
        "kJ_net/kg", "kJ_net/m3", "MJ_net/kg", "MJ_net/m3", "kg/GJ_net", "kg/kg", "kg/m3", "1/1",
    }  # fmt: skip


def test_a_recalled_validity_is_said() -> None:
    said = [name for name in ("cn-ets-2021", "cn-ets-2023", "cn-baseline-2019") if "recalled" in sources()[name].note]
    assert len(said) == 3
    assert "recalled" in row("cn-ets-2021:national").note
    assert "recalled" in row("cn-ets-2023:national").note


def test_the_regional_averages_of_2012_hold_for_2012_only() -> None:
    found = [one.first for key, one in FACTORS.items() if key.startswith("cn-ndrc-grid-2012:")]
    assert {(str(one.valid_from), str(one.valid_to), one.basis) for one in found} == {
        ("2012-01-01", "2012-12-31", "grid_average")
    }
    assert "CN-GRID-SOUTHWEST" not in {one.region for one in found}


@pytest.mark.parametrize(
    ("fuel", "known"),
    [("diesel", "3.0959"), ("gasoline", "2.9251"), ("natural-gas", "2.1622"), ("lpg", "3.1013"), ("lignite", "1.1729")],
)
def test_a_derived_factor_has_the_known_value(fuel: str, known: str) -> None:
    assert printed(row(f"{PROVINCIAL}:combustion-{fuel}").amount, 4) == known


def test_a_derived_factor_is_exactly_the_product_of_the_parameters_and_says_so() -> None:
    derived = [one.first for one in FACTORS.values() if one.first.kind == "emission_factor" and "m3" in one.first.unit]
    derived += [row(f"{PROVINCIAL}:combustion-{fuel}") for fuel in ("diesel", "gasoline", "coke-oven-coke")]
    for one in derived:
        fuel = one.id.partition("combustion-")[2]
        product = Fraction(44, 12_000)
        for parameter in ("ncv", "carbon-content", "oxidation"):
            product *= row(f"{PROVINCIAL}:{parameter}-{fuel}").amount
        assert one.amount == product
        assert "derived, not printed" in one.note


def test_standard_coal_of_electricity_stands_under_electricity() -> None:
    found = row("gbt-2589-2020:standard-coal-electricity")
    assert (found.activity, found.kind, found.value, found.basis) == (
        "electricity", "standard_coal", "0.1229", "standard_coal",
    )  # fmt: skip


def test_standard_coal_agrees_with_the_calorific_values_of_its_edition() -> None:
    coal = row("gbt-2589-2020:ncv-standard-coal").amount
    for fuel in ("raw-coal", "crude-oil"):
        printed_value = row(f"gbt-2589-2020:standard-coal-{fuel}").value
        assert printed(row(f"gbt-2589-2020:ncv-{fuel}").amount / coal, decimals_of(printed_value)) == printed_value


def test_a_density_says_that_it_is_an_upper_limit() -> None:
    found = {one.first.activity: one.first for one in FACTORS.values() if one.first.kind == "density"}
    assert {word: one.value for word, one in found.items()} == {
        "fuel.gasoline": "775", "fuel.diesel": "845", "fuel.kerosene": "840",
    }  # fmt: skip
    assert all("upper limit" in one.note for one in found.values())


def test_the_default_factor_of_heat_is_0_11_tonne_per_gj() -> None:
    found = row("gbt-32151-34-2024:heat")
    assert (found.value, found.unit, found.activity, found.gas) == ("0.11", "tonne/GJ", "heat_and_steam", "CO2")
