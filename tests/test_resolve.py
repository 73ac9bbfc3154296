from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghg.factors import Factor, FactorRow, FactorTable, library
from ghg.inventory import Inventory
from ghg.resolve import RULES, Choice, Chooser, Want, by_days
from ghg.shortfall import explain_absence
from ghg.testing import inventory


def asked(**changes: object) -> Inventory:
    return Inventory.model_validate(inventory().model_dump(mode="json") | changes)


def choose(table: FactorTable, asked: Inventory, want: Want) -> Choice:
    return Chooser(table, asked).choose(want)


def absence(table: FactorTable, asked: Inventory, want: Want) -> str:
    chooser = Chooser(table, asked)
    return explain_absence(chooser.choose(want), want, chooser)


def want(
    region: str = "CN",
    year: int = 2022,
    activity: str = "electricity",
    dimension: str = "energy",
    bases: tuple[str, ...] = ("grid_average",),
    *,
    is_hierarchy: bool = False,
) -> Want:
    return Want(
        "emission_factor",
        activity,
        "purchased_electricity",
        bases,
        is_hierarchy,
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
    assert "not on the ladder of CN-XZ: exact" in absence(library(), exact, want("CN-XZ"))


def test_nothing_falls_back_to_an_older_year_unless_the_ladder_says_so() -> None:
    choice = choose(library(), inventory(), want(year=2024))
    assert choice.factor is None
    assert "2 years before; max_age_years is 0" in absence(library(), inventory(), want(year=2024))


def test_an_older_year_is_taken_within_the_age_and_says_so() -> None:
    older = asked(ladder={"regions": ["exact"], "max_age_years": 2})
    choice = choose(library(), older, want(year=2024))
    assert (taken(choice), choice.rung) == ("cn-mee-2022:national", "region CN, 2 years older than the activity")


def test_a_factor_never_applies_before_it_is_valid() -> None:
    older = asked(ladder={"regions": ["exact"], "max_age_years": 50}, publications=["cn-mee-2022", "cn-mee-2023"])
    choice = choose(library(), older, want(year=2021))
    assert choice.factor is None
    assert "after the activity starts" in absence(library(), older, want(year=2021))


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
    table = library().with_own([own("ours:1"), own("ours:2")])
    assert choose(table, inventory(), want()).factor is None
    assert "'ours:1' and 'ours:2'" in absence(table, inventory(), want())


def test_a_factor_per_another_dimension_is_passed_over() -> None:
    choice = choose(library(), inventory(), want(dimension="mass"))
    assert choice.factor is None
    assert "it is per energy; needed is a factor per mass" in absence(library(), inventory(), want(dimension="mass"))


def test_a_pin_says_why_and_what_differs() -> None:
    pin = {"activity": "purchased_electricity", "book": "location", "factor": "cn-mee-2021:CN-TJ", "why": "to see"}
    choice = choose(library(), asked(pins=[pin]), want())
    assert taken(choice) == "cn-mee-2021:CN-TJ"
    differs = "its region is CN-TJ, the activity's CN; its validity is 2021-01-01 to 2021-12-31"
    assert choice.rung == f"pinned by the inventory: to see; {differs}"


def test_a_pin_of_one_item_goes_before_a_pin_of_all() -> None:
    pin = {"activity": "purchased_electricity", "book": "location", "factor": "cn-mee-2021:CN-TJ", "why": "all"}
    narrow = pin | {"factor": "cn-mee-2021:CN-HE", "item": "electricity", "why": "one"}
    for pins in ([pin, narrow], [narrow, pin]):
        assert taken(choose(library(), asked(pins=pins), want())) == "cn-mee-2021:CN-HE"


def test_a_pin_of_another_dimension_is_refused() -> None:
    pin = {"activity": "purchased_electricity", "book": "location", "factor": "ipcc-2006:diesel-road", "why": "to see"}
    assert choose(library(), asked(pins=[pin]), want()).factor is None


def fiscal_year() -> Want:
    return want()._replace(start=date(2022, 7, 1), end=date(2023, 6, 30))


def split(asked: Inventory, table: FactorTable | None = None, *wants: Want) -> list[Choice]:
    found = by_days(Chooser(table or library(), asked), wants or [fiscal_year()])
    assert isinstance(found, list)
    return found


def test_a_fiscal_year_is_cut_by_days_where_the_factor_changes() -> None:
    choices = split(asked(publications=["cn-mee-2022", "cn-mee-2023"]))
    assert [(taken(choice), choice.share_text) for choice in choices] == [
        ("cn-mee-2022:national", "184/365"),
        ("cn-mee-2023:national", "181/365"),
    ]
    assert choices[0].rung == "region CN, valid in the period; 184 of 365 days, 2022-07-01 to 2022-12-31"


def test_a_month_within_a_factors_year_is_not_cut() -> None:
    [choice] = split(inventory(), None, want()._replace(start=date(2022, 2, 1), end=date(2022, 2, 28)))
    assert (choice.share_text, choice.rung) == ("1", "region CN, valid in the period")


def test_an_activity_is_not_cut_by_factors_the_inventory_does_not_take() -> None:
    older = asked(ladder={"regions": ["exact"], "max_age_years": 5})
    [choice] = split(older, None, want(year=2025))
    assert choice.share_text == "1"


def test_a_part_without_a_factor_fails_the_whole() -> None:
    found = by_days(Chooser(library(), inventory()), [fiscal_year()])
    assert isinstance(found, tuple)
    assert (found[0].factor, found[1].start) == (None, date(2023, 1, 1))


@given(start=st.dates(date(2021, 1, 1), date(2023, 12, 31)), days=st.integers(0, 900))
def test_the_days_of_the_parts_are_the_days_of_the_activity(start: date, days: int) -> None:
    span = want()._replace(start=start, end=min(start + timedelta(days=days), date(2023, 12, 31)))
    choices = split(asked(publications=["cn-mee-2021", "cn-mee-2022", "cn-mee-2023"]), None, span)
    assert sum(Fraction(choice.days, choice.of_days) for choice in choices) == 1
    assert all(choice.of_days in (1, (span.end - span.start).days + 1) for choice in choices)


def test_what_is_wanted_together_is_cut_together() -> None:
    other = fiscal_year()._replace(bases=("grid_fossil",))
    choices = split(asked(publications=["cn-mee-2022", "cn-mee-2023"]), None, fiscal_year(), other)
    assert [taken(choice) for choice in choices] == [
        "cn-mee-2022:national",
        "cn-mee-2022:national-fossil",
        "cn-mee-2023:national",
        "cn-mee-2023:national-fossil",
    ]


def test_a_basis_that_is_not_asked_is_passed_over() -> None:
    choice = choose(library(), inventory(), want())
    found = {other.factor: other for other in choice.passed_over}["cn-mee-2022:national-fossil"]
    assert (found.rule, found.reason) == ("basis", "its basis is grid_fossil; needed is 'grid_average'")


def test_without_preference_two_publications_are_ambiguous() -> None:
    copy = own("other:1", source="cn-mee-2023")
    table = FactorTable(own=[]).with_own([])
    one = Factor(rows=(library().rows["cn-mee-2022:national"],), is_own=False)
    other = Factor(rows=copy.rows, is_own=False)
    table = FactorTable(own=[one, other])
    both = {"publications": ["cn-mee-2023", "cn-mee-2022"]}
    listed = {"regions": ["exact"], "max_age_years": 0}
    assert taken(choose(table, asked(**both, ladder=listed), want())) == "other:1"
    equal = choose(table, asked(**both, ladder=listed | {"preference": "none"}), want())
    assert (equal.factor, set(equal.standing)) == (None, {"cn-mee-2022:national", "other:1"})


def test_a_factor_printed_in_two_units_is_taken_in_the_smaller() -> None:
    per_mwh = Factor(rows=own("both:MWh", unit="kg/MWh", value="500").rows, is_own=False)
    per_kwh = Factor(rows=own("both:kWh").rows, is_own=False)
    choice = choose(FactorTable(own=[per_mwh, per_kwh]), inventory(), want())
    assert taken(choice) == "both:kWh"
    assert [(other.factor, other.rule) for other in choice.passed_over] == [("both:MWh", "printed_twice")]


def test_a_hierarchy_takes_the_first_basis_that_has_a_factor() -> None:
    bases = ("residual_mix", "grid_excluding_market_traded_non_fossil", "grid_average")
    choice = choose(library(), inventory(), want(bases=bases, is_hierarchy=True))
    assert taken(choice) == "cn-mee-2022:national-ex-market-nonfossil"
    assert choice.rung.startswith("basis grid_excluding_market_traded_non_fossil, region CN")
    assert "cn-mee-2022:national" in {other.factor for other in choice.passed_over if other.rule == "lower_rung"}


def test_bases_without_a_hierarchy_are_ambiguous() -> None:
    choice = choose(library(), inventory(), want(bases=("grid_fossil", "grid_average")))
    assert set(choice.standing) == {"cn-mee-2022:national", "cn-mee-2022:national-fossil"}


def test_a_pin_of_another_basis_says_so() -> None:
    pin = {"activity": "purchased_electricity", "book": "location", "factor": "cn-mee-2022:national-fossil", "why": "x"}
    choice = choose(library(), asked(pins=[pin]), want())
    assert choice.rung.endswith("its basis is grid_fossil, asked is 'grid_average'")


def test_every_rule_that_removes_a_candidate_is_listed() -> None:
    wide = asked(publications=["cn-mee-2022", "cn-mee-2023"], ladder={"regions": ["exact"], "max_age_years": 2})
    found = {other.rule for year in (2022, 2024) for other in choose(library(), wide, want(year=year)).passed_over}
    assert found <= set(RULES)
    assert {"basis", "region", "publication", "not_yet_valid", "lower_rung"} <= found


def test_absence_of_any_candidate_is_said() -> None:
    nothing = want(activity="moonlight")
    assert absence(FactorTable(), inventory(), nothing).endswith("The library has no factor for it.")


@pytest.mark.parametrize(("region", "expected"), [("CN-JS", "0.5978"), ("CN-GRID-EAST", "0.5617"), ("CN", "0.5366")])
def test_known_values_of_2022(region: str, expected: str) -> None:
    choice = choose(library(), inventory(), want(region))
    assert choice.factor is not None
    assert choice.factor.first.value == expected
