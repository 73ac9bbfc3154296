"""How a key posts: method, factors and shares, or the reason why it cannot."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghg.factors import library
from ghg.gases import BIOGENIC, NOT_KYOTO, blends
from ghg.inventory import Inventory
from ghg.keys import Failure, Key, Match, Rules
from ghg.matches import Matcher
from ghg.resolve import Chooser
from ghg.units import unit

YEAR = ("2024-01-01", "2024-12-31")


def chooser(*derived: str, gwp: str = "AR5") -> Chooser:
    stated = {
        "inventory": "x", "organisation": "x", "title": "x", "period": {"start": YEAR[0], "end": YEAR[1]},
        "base_year": "x", "consolidation": "not_stated", "boundary": "x", "gwp": gwp, "books": ["location"],
        "publications": ["desnz-2024"], "ladder": {"regions": ["exact"], "max_age_years": "0"}, "activity": ["x"],
        "derived": list(derived),
    }  # fmt: skip
    return Chooser(library(), Inventory.model_validate(stated))


def matched(activity: str, spelling: str, item: str, *derived: str, method: str = "none", gwp: str = "AR5") -> Match:
    found = outcome(activity, spelling, item, *derived, method=method, gwp=gwp)
    assert isinstance(found, Match), found
    return found


def outcome(
    activity: str, spelling: str, item: str, *derived: str, method: str = "none", gwp: str = "AR5"
) -> Match | Failure:
    key = Key(activity, "GB", *YEAR, spelling, item=item, method=method)
    found = Matcher(chooser(*derived, gwp=gwp), Rules()).match(key, unit(spelling).dimension)
    assert not isinstance(found, str)
    return found


@pytest.mark.parametrize(
    ("activity", "item", "rule", "said"),
    [
        ("stationary_fuel", "none", "item-missing", "needs an item"),
        ("purchased_electricity", "electricity", "item-invalid", "takes no item"),
        ("stationary_fuel", "waste.paper.landfill", "item-invalid", "takes a word such as"),
        ("stationary_fuel", "fuel.natural_gaz", "item-invalid", "Did you mean 'fuel.natural_gas"),
        ("fugitive_gases", "R-999Z", "item-invalid", "no gas or refrigerant blend is called 'R-999Z'"),
    ],
)
def test_an_item_the_account_does_not_take_is_refused(activity: str, item: str, rule: str, said: str) -> None:
    spelling = "kWh" if activity == "purchased_electricity" else "kg"
    found = outcome(activity, spelling, item)
    assert isinstance(found, Failure)
    assert found.rule == rule
    assert said in found.message


def test_the_first_method_that_finds_its_factors_is_taken() -> None:
    assert matched("stationary_fuel", "kWh_gross", "fuel.natural_gas").method == "stationary_combustion.energy_gross"
    assert matched("stationary_fuel", "tonne", "fuel.butane").method == "stationary_combustion.quantity_mass"


def test_a_method_the_row_names_is_the_only_one_tried() -> None:
    found = outcome("stationary_fuel", "tonne", "fuel.butane", method="stationary_combustion.mass")
    assert isinstance(found, Failure)
    assert found.rule == "factor-missing"


def test_category_3_posts_the_same_row_once_more_where_it_is_asked_for() -> None:
    alone = matched("stationary_fuel", "kWh_gross", "fuel.natural_gas")
    both = matched("stationary_fuel", "kWh_gross", "fuel.natural_gas", "upstream_of_fuels")
    assert {posting.scope for posting in alone.postings} == {"1"}
    assert {posting.scope for posting in both.postings} == {"1", "3"}
    assert {posting.account for posting in both.postings if posting.scope == "3"} == {"upstream_of_fuels"}


def test_biogenic_co2_of_a_blend_is_shown_without_being_asked_for() -> None:
    found = matched("mobile_fuel", "L", "fuel.diesel.average_biofuel_blend")
    measures = {posting.measure for posting in found.postings if posting.gas == "CO2_biogenic"}
    assert BIOGENIC in measures


@given(st.sampled_from(sorted(blends())))
def test_the_parts_of_a_blend_sum_to_one(name: str) -> None:
    found = outcome("fugitive_gases", "kg", name)
    if isinstance(found, Match):
        parts = [posting.share for posting in found.postings if posting.measure == "emissions"]
        assert sum(parts) == 1
        assert all(part > 0 for part in parts)
    else:
        assert found.rule == "gwp-missing"


def test_a_gas_outside_the_scopes_posts_twice() -> None:
    found = matched("fugitive_gases", "kg", "HCFC22")
    assert [posting.measure for posting in found.postings] == ["emissions", NOT_KYOTO]
    assert {posting.share for posting in found.postings} == {Fraction(1)}


def test_a_gas_the_set_does_not_value_is_refused() -> None:
    found = outcome("fugitive_gases", "kg", "CH4", gwp="AR6")
    assert isinstance(found, Failure)
    assert found.rule == "gwp-missing"


def test_an_amount_that_no_method_takes_as_it_is_names_the_methods_with_inputs() -> None:
    found = outcome("investments", "EUR", "own.bank")
    assert isinstance(found, Failure)
    assert "takes no money_EUR as it is" in found.message
    assert "'investments.listed_equity'" in found.message
