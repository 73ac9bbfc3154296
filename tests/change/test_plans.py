from __future__ import annotations

from fractions import Fraction

import pytest

from ghg.change.plans import extended, moves, of_publication, resolved, scaled, swapped
from ghg.factors import library
from ghg.issues import GhgError
from ghg.plan import Key, Plan, make_plan
from ghg.testing import inventory

POWER = Key("purchased_electricity", "CN", "2022-01-01", "2022-01-31", "kWh")
BEIJING = Key("purchased_electricity", "CN-BJ", "2022-01-01", "2022-01-31", "kWh")
DIESEL = Key("diesel_stationary", "CN", "2022-01-01", "2022-01-31", "t")


@pytest.fixture
def plan() -> Plan:
    return make_plan(inventory(), library(), [POWER, BEIJING, DIESEL])


def test_resolving_again_by_the_same_rules_changes_nothing(plan: Plan) -> None:
    assert resolved(inventory(), plan, ["purchased_electricity"]) == plan
    assert moves(plan, plan) == {position: {position} for position in range(3)}


def test_matches_are_added_once_and_keep_their_places(plan: Plan) -> None:
    half = scaled(plan.matches[0], Fraction(1, 2))
    whole, places = extended(plan, [half, plan.matches[1], half, scaled(half, Fraction(2))])
    assert places == [3, 1, 3, 0]
    assert whole.matches[:3] == plan.matches
    assert [posting.share for posting in whole.matches[3].postings] == [Fraction(1, 2)] * len(half.postings)


def test_a_swap_takes_every_gas_of_the_other_factor(plan: Plan) -> None:
    table = library()
    old, new = table.find("ipcc-2006:diesel-stationary-commercial"), table.find("ipcc-2006:gasoline-road-1995")
    after = swapped(plan, old, new, "w")
    [match] = [match for match in after.matches if match.activity == "diesel_stationary"]
    taken = {posting.factor: posting.gas for posting in match.postings if posting.factor}
    assert taken == {row.id: row.gas for row in new.rows}
    assert {posting.parameters for posting in match.postings if posting.factor} == {("ipcc-2006:ncv-diesel",)}
    assert after.used != plan.used
    assert swapped(after, new, old, "back").used == plan.used


def test_a_swapped_parameter_takes_its_place(plan: Plan) -> None:
    table = library()
    after = swapped(plan, table.find("ipcc-2006:ncv-diesel"), table.find("ipcc-2006:ncv-gasoline"), "w")
    assert "ipcc-2006:ncv-gasoline" in after.used
    assert "ipcc-2006:ncv-diesel" not in after.used


def test_a_publication_has_one_factor_of_a_meaning_or_none_or_says_which() -> None:
    table = library()
    found = of_publication(table, table.find("cn-mee-2022:CN-BJ"), "cn-mee-2023")
    assert found is not None
    assert found.id == "cn-mee-2023:CN-BJ"
    assert of_publication(table, table.find("cn-mee-2022:national"), "ipcc-2006-v2") is None


def test_factors_of_other_kinds_do_not_stand_for_each_other(plan: Plan) -> None:
    table = library()
    with pytest.raises(GhgError, match="is a net calorific value and cn-mee-2022:national a"):
        swapped(plan, table.find("ipcc-2006:ncv-diesel"), table.find("cn-mee-2022:national"), "w")
    with pytest.raises(GhgError, match="is per energy_net and"):
        swapped(plan, table.find("ipcc-2006:diesel-stationary-commercial"), table.find("cn-mee-2022:national"), "w")
