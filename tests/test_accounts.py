"""The chart of accounts: which method takes a row."""

from __future__ import annotations

import pytest

from ghg.accounts import Account, accounts


@pytest.mark.parametrize(
    ("activity", "dimension", "method"),
    [
        ("diesel_stationary", "energy_net", "stationary_combustion.energy"),
        ("diesel_stationary", "mass", "stationary_combustion.mass"),
        ("gasoline_mobile", "mass", "mobile_combustion.mass"),
        ("purchased_electricity", "energy", "purchased_electricity.consumption"),
        ("goods_and_services_it", "money_USD_2022", "purchased_goods.spend_based"),
        ("water", "mass", "measured_quantity.mass"),
    ],
)
def test_the_unit_of_a_row_decides_the_method(activity: str, dimension: str, method: str) -> None:
    found = accounts()[activity].method_for(dimension)
    assert found is not None
    assert found.id == method


@pytest.mark.parametrize(
    ("activity", "dimension"),
    [("diesel_stationary", "energy"), ("diesel_stationary", "energy_gross"), ("purchased_electricity", "energy_net"),
     ("water", "volume"), ("air_travel", "distance"), ("goods_and_services_it", "mass")],
)  # fmt: skip
def test_no_method_takes_a_dimension_the_account_does_not_allow(activity: str, dimension: str) -> None:
    assert accounts()[activity].method_for(dimension) is None


@pytest.mark.parametrize(
    ("activity", "fuel"), [("diesel_mobile", "fuel.diesel"), ("gasoline_stationary", "fuel.gasoline"), ("water", "")]
)
def test_the_fuel_of_an_account_is_the_substance_burned(activity: str, fuel: str) -> None:
    assert accounts()[activity].fuel == fuel


def test_both_books_of_electricity_have_a_factor_of_their_own() -> None:
    electricity = accounts()["purchased_electricity"]
    assert electricity.market_factor_activity
    assert electricity.is_hierarchy("market")
    assert electricity.bases("market")[-1:] == electricity.bases("location")


@pytest.mark.parametrize("account", accounts().values(), ids=lambda account: account.activity)
def test_methods_of_an_account_that_take_one_dimension_lead_to_different_factors(account: Account) -> None:
    direct = [found for found in account.allowed_methods if found.is_direct and found.takes_factor]
    routes = [(found.dimension, found.canonical, found.parameters) for found in direct]
    assert len(set(routes)) == len(routes) or account.is_open


@pytest.mark.parametrize("account", accounts().values(), ids=lambda account: account.activity)
def test_an_account_that_follows_others_follows_known_ones(account: Account) -> None:
    known = {f"{other.scope}/{other.category}" for other in accounts().values()}
    assert bool(account.follows) == bool(account.following)
    assert not account.follows or set(account.follows.split()) & known


def test_category_3_follows_scopes_1_and_2() -> None:
    assert {found.activity for found in accounts()["stationary_fuel"].followers()} == {
        "outside_of_scopes", "upstream_of_fuels",
    }  # fmt: skip
    assert "upstream_of_energy" in {found.activity for found in accounts()["purchased_electricity"].followers()}


def test_an_open_account_takes_the_items_of_its_patterns() -> None:
    fuel = accounts()["stationary_fuel"]
    assert [item for item in ("fuel.diesel", "own.tar", "waste.paper") if fuel.allows(item)] == [
        "fuel.diesel",
        "own.tar",
    ]
    assert fuel.word("location", "fuel.diesel") == "fuel.diesel"
