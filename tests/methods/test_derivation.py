"""Derived amounts: exact, with their units, and refused where the inputs do not fit."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghg.methods import method
from ghg.methods.derivation import NotDerivedError, columns_of, derive, derive_table

COMMUTING = {
    "employees": "10000", "mode_share": "30 %", "one_way_distance": "15 km", "working_days": "235",
}  # fmt: skip


def derived(name: str, **cells: str) -> str:
    found = derive(method(name), cells, 6)
    return f"{found.amount} {found.unit}"


@pytest.mark.parametrize(
    ("name", "cells", "amount"),
    [
        ("employee_commuting.average_data", COMMUTING, "21150000 km"),
        ("transport.distance_based", {"mass": "500 kg", "distance": "10 mile"}, "8.04672 tonne_km"),
        ("transport.distance_based", {"mass": "500", "mass_unit": "kg", "distance": "10 km"}, "5 tonne_km"),
        ("mobile_combustion.fuel_spend", {"fuel_spend": "100 GBP", "fuel_price": "1.25 GBP/L"}, "80 L"),
        ("use_of_products.energy", {"units_sold": "10", "lifetime_uses": "5", "energy_per_use": "0.1 MWh"}, "5 MWh"),
        ("employee_commuting.teleworking_days", {"employees": "2 persons", "days": "100", "hours_per_day": "8 h"},
         "1600 FTE_hour"),
        ("employee_commuting.journeys",
         {"employees": "6", "one_way_distance": "10 km", "days_per_week": "5", "weeks": "40", "occupancy": "3"},
         "8000 km"),
        ("employee_commuting.journeys", {"one_way_distance": "10 passenger_km", "days_per_week": "5", "weeks": "40"},
         "4000 passenger_km"),
        ("transport.distance_based", {"mass": "3 TEU", "distance": "10 km"}, "30 TEU_km"),
        ("transport.distance_based", {"mass": "3 m3", "distance": "10 km"}, "30 m3_km"),
        ("mobile_combustion.mileage", {"distance": "240 mile", "distance_per_fuel": "24 mile/gallon_us"},
         "37.85411784 L"),
        ("mobile_combustion.fuel_economy", {"distance": "100 km", "fuel_consumption": "0.2 kWh/km"}, "72 MJ"),
        ("purchased_cooling.chiller", {"cooling": "42 refrigeration_ton_hour", "performance": "4.2"},
         "10 refrigeration_ton_hour"),
        ("purchased_steam.boiler", {"steam": "8 MWh_gross", "efficiency": "80 %"}, "10 MWh_gross"),
        ("stationary_combustion.carbon_share", {"fuel_mass": "12 t", "carbon_share": "75 %"}, "33 t"),
        ("stationary_combustion.carbon_content",
         {"quantity": "2 t", "calorific_value": "20 GJ_net/t", "carbon_content": "30 kg/GJ_net"}, "4.4 t"),
        ("process.carbon_balance",
         {"material": "10 t", "carbon_share": "9 %", "product": "10 t", "product_carbon_share": "6 %"}, "1.1 t"),
        ("use_of_products.leakage", {"units_sold": "10", "lifetime_uses": "5", "leakage_per_use": "2 g"}, "100 g"),
        ("investments.sector_revenue",
         {"outstanding": "10 EUR_million", "asset_turnover": "0.5", "data_quality_score": "5"}, "5 EUR_million"),
        ("fugitive.simplified_balance", {"recharge": "2 lb", "recovered": "0.5 lb"}, "1.5 lb"),
        ("purchased_goods.spend_converted",
         {"spend": "120 GBP", "vat_rate": "20 %", "exchange_rate": "1.25 USD/GBP", "inflation": "0.8 USD_2022/USD",
          "source": "x"}, "100 USD_2022"),
    ],
)  # fmt: skip
def test_a_formula_gives_the_amount_in_the_unit_of_its_inputs(name: str, cells: dict[str, str], amount: str) -> None:
    assert derived(name, **cells) == amount


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(0, 100))
def test_a_derived_amount_is_exact(mass: int, distance: int, share: int) -> None:
    found = derive(method("transport.distance_based"), {"mass": f"{mass} kg", "distance": f"{distance} m"}, 6)
    assert Fraction(found.amount) == Fraction(mass * distance, 10**6)
    parts = [
        Fraction(
            derive(method("waste.average_data"), {"total_waste": f"{mass} kg", "treatment_share": f"{n} %"}, 6).amount
        )
        for n in (share, 100 - share)
    ]
    assert sum(parts) == mass


def test_a_quotient_without_a_finite_form_is_rounded_half_up_to_the_quantum_and_says_so() -> None:
    cells = {"total_emissions": "2 kg", "own_quantity": "1 m3", "total_quantity": "3 m3"}
    found = derive(method("transport.allocated_emissions"), cells, 3)
    assert (found.amount, found.is_rounded) == ("0.667", True)
    assert "≈ 0.667 kg: 2 kg × 1 m3 ÷ 3 m3" in found.working[1]


def test_a_default_is_said() -> None:
    found = derive(method("fugitive.purchase"), {"purchased": "3 kg"}, 6)
    assert "3 kg − 0 kg (default)" in found.working[1]


@pytest.mark.parametrize(
    ("change", "rule", "column"),
    [
        ({"employees": ""}, "value-missing", "employees"),
        ({"employees": "1,000"}, "number-invalid", "employees"),
        ({"employees": "10 persons"}, "unit-dimension", "employees"),
        ({"mode_share": "30"}, "value-not-allowed", "mode_share"),
        ({"one_way_distance": "15"}, "unit-missing", "one_way_distance"),
        ({"one_way_distance": "15 kWh"}, "unit-dimension", "one_way_distance"),
        ({"one_way_distance": "15 km/L"}, "unit-dimension", "one_way_distance"),
        ({"one_way_distance": "15 furlong"}, "unit-unknown", "one_way_distance"),
    ],
)
def test_an_input_that_cannot_be_used_is_named(change: dict[str, str], rule: str, column: str) -> None:
    with pytest.raises(NotDerivedError) as caught:
        derive(method("employee_commuting.average_data"), COMMUTING | change, 6)
    assert (caught.value.rule, caught.value.column) == (rule, column)


@pytest.mark.parametrize(("mass", "distance"), [("-1 t", "-10 km"), ("-1 t", "10 km")])
def test_signs_do_not_cancel(mass: str, distance: str) -> None:
    """One negative input is a correction, which its row has to say; two of them would pass for a sound amount."""
    stated = {"mass": mass, "distance": distance}
    if distance.startswith("-"):
        with pytest.raises(
            NotDerivedError, match="'mass' and 'distance' are negative, and their signs cancel"
        ) as caught:
            derived("transport.distance_based", **stated)
        assert caught.value.rule == "number-negative"
    else:
        assert derived("transport.distance_based", **stated) == "-10 tonne_km"


def test_two_negative_parts_of_a_sum_are_two_corrections() -> None:
    assert derived("fugitive.simplified_balance", recharge="-2 lb", recovered="-0.5 lb") == "-1.5 lb"


def test_rates_in_another_currency_do_not_fit() -> None:
    with pytest.raises(NotDerivedError, match="money_EUR") as caught:
        derived("mobile_combustion.fuel_spend", fuel_spend="100 GBP", fuel_price="1.25 EUR/L")
    assert caught.value.rule == "inputs-do-not-fit"


def test_a_score_is_one_of_its_words() -> None:
    cells = {"outstanding": "1 EUR", "value": "2 EUR", "emissions": "3 t"}
    with pytest.raises(NotDerivedError, match="not one of its words"):
        derived("investments.listed_equity", **cells, data_quality_score="6")
    assert derived("investments.listed_equity", **cells, data_quality_score="2") == "1.5 t"


def test_a_table_keeps_its_lines_and_lists_what_cannot_be_used() -> None:
    columns = {
        "id": ["a", "b", "c"], "method": ["transport.distance_based", "transport.distance_based", "nothing"],
        "mass": ["1 t", "x t", "1 t"], "distance": ["2 km"] * 3, "note": ["n", "", ""],
    }  # fmt: skip
    made = derive_table("legs.csv", columns, [2, 3, 4], "", 6)
    assert made.lines == [2]
    assert (made.columns["amount"], made.columns["unit"], made.columns["note"]) == (["2"], ["tonne_km"], ["n"])
    assert [(issue.rule, issue.line) for issue in made.issues] == [("number-invalid", 3), ("method-unknown", 4)]


def test_a_cell_that_is_no_input_of_the_method_is_refused() -> None:
    columns = {"method": ["transport.distance_based"], "mass": ["1 t"], "distance": ["2 km"], "employees": ["3"]}
    [issue] = derive_table("legs.csv", columns, [2], "", 6).issues
    assert (issue.rule, issue.column) == ("input-unknown", "employees")


def test_the_columns_of_a_method_are_its_inputs() -> None:
    required, optional = columns_of(method("transport.vehicle_distance"))
    assert "distance" in required
    assert "amount" not in required
    assert {"trips", "backhaul", "distance_unit", "note"} <= set(optional)


def test_every_distinct_tuple_is_keeps_its_working() -> None:
    columns = {"mass": ["1 t"] * 5000, "distance": ["2 km"] * 5000}
    made = derive_table("legs.csv", columns, range(2, 5002), "transport.distance_based", 6)
    assert set(made.columns["amount"]) == {"2"}
    assert len(made.workings) == 5000


def test_a_plant_of_heat_and_power_shares_all_it_emits_between_the_two() -> None:
    cells = {
        "plant_emissions": "1000 t", "heat_output": "5000 MWh", "power_output": "2000 MWh", "heat_efficiency": "80 %",
        "power_efficiency": "35 %",
    }  # fmt: skip
    own = {"purchased_steam": "5000 MWh", "purchased_electricity": "2000 MWh"}
    parts = [
        derive(method(f"{group}.combined_heat_and_power"), {**cells, "own_energy": energy}, 12)
        for group, energy in own.items()
    ]
    assert round(sum((Fraction(part.amount) for part in parts), Fraction(0)), 10) == 1000


@pytest.mark.parametrize("words", ["distance passenger_distance", "energy*"])
def test_an_input_of_several_dimensions_names_units_of_each(words: str) -> None:
    name = {"distance passenger_distance": "one_way_distance", "energy*": "steam"}[words]
    found = method("employee_commuting.average_data" if " " in words else "purchased_steam.boiler")
    [given_] = [one for one in found.inputs if one.name == name]
    assert given_.dimension == words
    with pytest.raises(NotDerivedError) as caught:
        derive(found, {**COMMUTING, "efficiency": "1", name: "5 kg"}, 6)
    assert caught.value.rule == "unit-dimension"
