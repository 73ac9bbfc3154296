"""The shipped defaults of the 2006 IPCC Guidelines, Volume 2."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

import pytest

from ghg import bundle
from ghg.factors import Factor, FactorRow, read_factors
from ghg.numbers import decimals_of, printed

PACK = bundle.folder("factors") / "packs" / "ipcc-2006" / "volume-2.csv"
FACTORS: dict[str, Factor] = {factor.id: factor for factor in read_factors(PACK, PACK.name, is_own=False)}
ROWS: dict[str, FactorRow] = {row.id: row for factor in FACTORS.values() for row in factor.rows}
EMISSIONS = [factor for factor in FACTORS.values() if factor.first.kind == "emission_factor"]
SECTORS = ("energy_industries", "manufacturing", "commercial", "residential")
MOST_ROWS = 400
"""The IPCC allows defaults to be cited, not its database to be handed on."""
FOSSIL, BIOMASS = {"CO2", "CH4_combustion", "N2O"}, {"CO2_biogenic", "CH4_combustion", "N2O"}


def values(factor: str) -> tuple[str, ...]:
    return tuple(row.value for row in FACTORS[factor].rows)


def carbon(row: FactorRow) -> FactorRow:
    fuel = row.activity.split(".")[1].replace("_", "-")
    return ROWS[f"ipcc-2006:carbon-content-{fuel}"]


@pytest.mark.parametrize(
    ("factor", "printed_values"),
    [
        ("diesel-stationary-commercial", ("74100", "10", "0.6")),
        ("gasoline-stationary-commercial", ("69300", "10", "0.6")),
        ("diesel-road", ("74100", "3.9", "3.9")),
        ("gasoline-road-1995", ("69300", "3.8", "5.7")),
        ("gasoline-road-uncontrolled", ("69300", "33", "3.2")),
        ("natural-gas-stationary-energy-industries", ("56100", "1", "0.1")),
        ("natural-gas-stationary-residential", ("56100", "5", "0.1")),
        ("diesel-off-road-industry", ("74100", "4.15", "28.6")),
        ("diesel-rail", ("74100", "4.15", "28.6")),
        ("jet-kerosene-aviation", ("71500", "0.5", "2")),
        ("wood-stationary-commercial", ("112000", "300", "4")),
    ],
)
def test_a_default_has_the_printed_values(factor: str, printed_values: tuple[str, ...]) -> None:
    assert values(f"ipcc-2006:{factor}") == printed_values


def test_an_emission_factor_has_co2_methane_of_burning_and_nitrous_oxide_per_net_energy() -> None:
    assert [
        factor.id
        for factor in EMISSIONS
        if {row.gas for row in factor.rows} not in (FOSSIL, BIOMASS)
        or {row.unit for row in factor.rows} != {"kg/TJ_net"}
    ] == []


def test_co2_of_biomass_is_biogenic_and_that_of_no_other_fuel() -> None:
    found = {factor.first.activity.split(".")[1] for factor in EMISSIONS if {row.gas for row in factor.rows} == BIOMASS}
    assert found == {"wood", "charcoal", "bioethanol", "biodiesel", "landfill_gas", "biogas"}


def test_a_fuel_burned_in_one_sector_has_all_four_a_calorific_value_and_a_carbon_content() -> None:
    sectors = defaultdict(set)
    for factor in EMISSIONS:
        _, fuel, use, *sector = factor.first.activity.split(".")
        if use == "stationary":
            sectors[fuel].update(sector)
    assert len(sectors) == 18
    assert {fuel for fuel, found in sectors.items() if found != set(SECTORS)} == set()
    for fuel in sectors:
        assert {f"ipcc-2006:{kind}-{fuel.replace('_', '-')}" for kind in ("ncv", "carbon-content")} <= set(ROWS)


def test_co2_follows_from_the_carbon_content_to_the_printed_three_figures() -> None:
    assert [
        row.id
        for row in ROWS.values()
        if row.gas.startswith("CO2")
        and abs(carbon(row).amount * 1000 * Fraction(44, 12) / row.amount - 1) > Fraction(1, 200)
    ] == []


def test_co2_bounds_are_those_of_the_carbon_content_in_three_figures() -> None:
    offenders = []
    for row in (row for row in ROWS.values() if row.gas.startswith("CO2") and row.lower):
        for bound, content in ((row.lower, carbon(row).lower), (row.upper, carbon(row).upper)):
            step = 1000 if int(bound) >= 100_000 else 100
            if abs(Fraction(content) * 1000 * Fraction(44, 12) - int(bound)) > Fraction(step, 2):
                offenders.append(row.id)
    assert offenders == []


def test_bounds_enclose_the_value_and_recalled_bounds_do_not_ship() -> None:
    bounded = [row for row in ROWS.values() if row.lower]
    assert [row.id for row in bounded if not Fraction(row.lower) <= row.amount <= Fraction(row.upper)] == []
    assert [row.id for row in bounded if row.gas in ("CH4_combustion", "N2O")] == []
    assert {row.uncertainty for row in ROWS.values() if row.gas == "N2O"} == {
        "none shipped: the published 95 % bounds were not found in a checked copy"
    }


def test_calorific_values_show_the_decimal_their_table_prints() -> None:
    found = {row.id: row for row in ROWS.values() if row.kind == "net_calorific_value"}
    assert {decimals_of(row.value) for row in found.values()} == {1}
    assert {key for key, row in found.items() if row.note} == {
        f"ipcc-2006:ncv-{fuel}" for fuel in ("diesel", "natural-gas", "bioethanol", "biodiesel")
    }


def test_only_defaults_an_inventory_needs_ship_and_nothing_but_greenhouse_gases() -> None:
    assert len(ROWS) < MOST_ROWS
    assert {row.gas for row in ROWS.values()} == {"", "CO2", "CO2_biogenic", "CH4_combustion", "N2O"}
    assert all("Table" in row.locator and row.source == "ipcc-2006-v2" for row in ROWS.values())


def test_trap_13_values_that_other_packages_print_wrongly_are_as_in_the_guidelines() -> None:
    assert {row.value for row in ROWS.values() if row.id == "ipcc-2006:ncv-wood"} == {"15.6"}
    assert not {row.value for row in ROWS.values() if row.kind == "net_calorific_value"} & {"11.8"}
    assert "density" not in {row.kind for row in ROWS.values()}


def test_trap_16_everything_is_on_a_net_basis() -> None:
    assert {row.unit for row in ROWS.values()} == {"TJ_net/Gg", "kg/GJ_net", "kg/TJ_net"}


def test_a_mobile_source_takes_its_co2_from_the_fuel_and_says_so() -> None:
    mobile = [factor for factor in EMISSIONS if ".stationary." not in factor.first.activity]
    assert len(mobile) == 22
    for factor in mobile:
        stationary = FACTORS.get(
            f"ipcc-2006:{factor.first.activity.split('.')[1].replace('_', '-')}-stationary-commercial"
        )
        assert factor.first.note.startswith("CO2 from Table 1.4")
        assert stationary is None or stationary.first.value == factor.first.value


def test_diesel_per_kilogram_is_within_three_percent_of_what_china_derives() -> None:
    per_kg = ROWS["ipcc-2006:ncv-diesel"].amount * ROWS["ipcc-2006:diesel-road:CO2"].amount / 1_000_000
    assert printed(per_kg, 3) == "3.186"
    assert 1 < per_kg / Fraction("3.0959") < Fraction("1.03")
