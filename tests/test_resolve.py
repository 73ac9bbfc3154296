from __future__ import annotations

from datetime import date

import pytest

from ghg.factors import Factor, FactorRow, FactorTable, library
from ghg.inventory import Inventory
from ghg.resolve import Choice, Want, choose, explain_absence
from ghg.testing import inventory


def asked(**changes: object) -> Inventory:
    return Inventory.model_validate(inventory().model_dump(mode="json") | changes)


def want(region: str = "CN", year: int = 2022, activity: str = "electricity", dimension: str = "energy") -> Want:
    return Want(
        "emission_factor",
        activity,
        "purchased_electricity",
        region,
        date(year, 1, 1),
        date(year, 12, 31),
        "location",
        dimension,
    )


def taken(choice: Choice) -> str:
    assert choice.factor is not None
    return choice.factor.id


def own(name: str, **changes: str) -> Factor:
    stated = library().rows["cn-mee-2022:national"].model_dump(mode="json") | {
        "id": name,
        "factor": name,
        "value": "0.5",
        **changes,
    }
    return Factor(rows=(FactorRow.model_validate(stated),), is_own=True)


def test_the_exact_region_and_year_come_first() -> None:
    choice = choose(library(), inventory(), want("CN-BJ"))
    assert taken(choice) == "cn-mee-2022:CN-BJ"
    assert choice.rung == "region CN-BJ, valid in the period"


def test_a_region_without_a_factor_takes_its_parents_where_the_ladder_allows_it() -> None:
    choice = choose(library(), inventory(), want("CN-XZ"))
    assert taken(choice) == "cn-mee-2022:national"
    assert choice.rung == "region CN for CN-XZ, valid in the period"


def test_nothing_falls_back_to_a_parent_unless_the_ladder_says_so() -> None:
    exact = asked(ladder={"regions": ["exact"], "max_age_years": 0})
    choice = choose(library(), exact, want("CN-XZ"))
    assert choice.factor is None
    assert "not on the ladder of CN-XZ: exact" in explain_absence(choice, want("CN-XZ"))


def test_nothing_falls_back_to_an_older_year_unless_the_ladder_says_so() -> None:
    choice = choose(library(), inventory(), want(year=2024))
    assert choice.factor is None
    assert "2 years before; max_age_years is 0" in explain_absence(choice, want(year=2024))


def test_an_older_year_is_taken_within_the_age_and_says_so() -> None:
    older = asked(ladder={"regions": ["exact"], "max_age_years": 2})
    choice = choose(library(), older, want(year=2024))
    assert (taken(choice), choice.rung) == ("cn-mee-2022:national", "region CN, 2 years older than the activity")


def test_a_factor_never_applies_before_it_is_valid() -> None:
    older = asked(ladder={"regions": ["exact"], "max_age_years": 50}, publications=["cn-mee-2022", "cn-mee-2023"])
    choice = choose(library(), older, want(year=2021))
    assert choice.factor is None
    assert "after the activity starts" in explain_absence(choice, want(year=2021))


def test_the_newest_allowed_year_wins() -> None:
    both = asked(
        ladder={"regions": ["exact"], "max_age_years": 9}, publications=["cn-mee-2021", "cn-mee-2022", "cn-mee-2023"]
    )
    choice = choose(library(), both, want(year=2025))
    assert taken(choice) == "cn-mee-2023:national"
    lower = {
        other.factor: other.reason for other in choice.passed_over if other.reason.startswith("lower on the ladder")
    }
    assert set(lower) == {"cn-mee-2021:national", "cn-mee-2022:national"}


def test_a_parent_region_comes_before_an_older_year() -> None:
    table = library().with_own(
        [own("old:CN-XZ", region="CN-XZ", valid_from="2020-01-01", valid_to="2020-12-31"), own("now:CN", region="CN")]
    )
    wide = asked(ladder={"regions": ["exact", "parent"], "max_age_years": 5})
    assert taken(choose(table, wide, want("CN-XZ"))) == "now:CN"


def test_every_candidate_not_taken_is_kept_with_the_rule_that_removed_it() -> None:
    choice = choose(library(), inventory(), want())
    candidates = {factor.id for factor in library().candidates("emission_factor", "electricity")}
    assert {other.factor for other in choice.passed_over} | {taken(choice)} == candidates
    assert all(other.reason for other in choice.passed_over)


def test_a_publication_the_inventory_does_not_name_is_passed_over() -> None:
    reasons = {other.factor: other.reason for other in choose(library(), inventory(), want()).passed_over}
    assert "is not among those the inventory names" in reasons["cn-mee-2023:national"]


def test_own_factors_win_for_the_keys_they_name() -> None:
    table = library().with_own([own("ours:1")])
    choice = choose(table, inventory(), want())
    assert (taken(choice), choice.rung) == ("ours:1", "the inventory's own factor, region CN, valid in the period")
    assert taken(choose(table, inventory(), want("CN-BJ"))) == "cn-mee-2022:CN-BJ"
    assert taken(choose(table, inventory(), want("CN-XZ"))) == "ours:1"


def test_two_factors_left_standing_are_both_named() -> None:
    choice = choose(library().with_own([own("ours:1"), own("ours:2")]), inventory(), want())
    assert choice.factor is None
    assert "'ours:1' and 'ours:2'" in explain_absence(choice, want())


def test_a_factor_per_another_dimension_is_passed_over() -> None:
    choice = choose(library(), inventory(), want(dimension="mass"))
    assert choice.factor is None
    assert "it is per energy; needed is a factor per mass" in explain_absence(choice, want(dimension="mass"))


def test_a_pin_says_why_and_what_differs() -> None:
    pin = {"activity": "purchased_electricity", "book": "location", "factor": "cn-mee-2021:CN-TJ", "why": "to see"}
    choice = choose(library(), asked(pins=[pin]), want())
    assert taken(choice) == "cn-mee-2021:CN-TJ"
    differs = "its region is CN-TJ, the activity's CN; its validity is 2021-01-01 to 2021-12-31"
    assert choice.rung == f"pinned by the inventory: to see; {differs}"


def test_a_pin_of_another_dimension_is_refused() -> None:
    pin = {"activity": "purchased_electricity", "book": "location", "factor": "ipcc-2006:diesel-road", "why": "to see"}
    assert choose(library(), asked(pins=[pin]), want()).factor is None


def test_a_factor_that_covers_only_part_of_an_activity_counts_as_older() -> None:
    spanning = Want(
        "emission_factor",
        "electricity",
        "purchased_electricity",
        "CN",
        date(2022, 7, 1),
        date(2023, 6, 30),
        "location",
        "energy",
    )
    assert choose(library(), inventory(), spanning).factor is None


def test_absence_of_any_candidate_is_said() -> None:
    nothing = want(activity="moonlight")
    assert explain_absence(choose(FactorTable([]), inventory(), nothing), nothing).endswith(
        "The library has no factor for it."
    )


@pytest.mark.parametrize(("region", "expected"), [("CN-JS", "0.5978"), ("CN-GRID-EAST", "0.5617"), ("CN", "0.5366")])
def test_known_values_of_2022(region: str, expected: str) -> None:
    choice = choose(library(), inventory(), want(region))
    assert choice.factor is not None
    assert choice.factor.first.value == expected
