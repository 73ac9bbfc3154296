"""How a key posts: method, factors and shares, or the reason why it cannot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghg.boundary.consolidation import Boundary
from ghg.factors import Factor, library
from ghg.gases import BIOGENIC, NOT_KYOTO, blends
from ghg.inventory import Inventory
from ghg.keys import Failure, Key, Match, Posting, Rules
from ghg.matches import Matcher, wanted
from ghg.resolve import Chooser
from ghg.runs import Run
from ghg.units import unit
from tests.boundary.small import LEASE
from tests.boundary.small import run as run_group
from tests.boundary.test_entities import group
from tests.instruments.small import CONTRACT
from tests.instruments.small import run as run_covered
from tests.test_resolve import asked, own

YEAR = ("2024-01-01", "2024-12-31")


def chooser(*derived: str, gwp: str = "AR5", own: Sequence[Factor] = (), **changes: object) -> Chooser:
    stated = {
        "inventory": "x", "organisation": "x", "title": "x", "period": {"start": YEAR[0], "end": YEAR[1]},
        "base_year": "x", "consolidation": "not_stated", "boundary": "x", "gwp": gwp, "books": ["location"],
        "publications": ["desnz-2024"], "ladder": {"regions": ["exact"], "max_age_years": "0"}, "activity": ["x"],
        "derived": list(derived), **changes,
    }  # fmt: skip
    return Chooser(library().with_own(own), Inventory.model_validate(stated))


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


ANTHRACITE = "fuel.anthracite.stationary.energy_industries"
CHINA: dict[str, Any] = {
    "publications": ["cn-enterprise-guidelines-2022", "ipcc-2006-v2"],
    "ladder": {"regions": ["exact", "world"], "max_age_years": 20},
}  # fmt: skip
"""Calorific values of Chinese fuels, and factors per energy."""


def in_china(item: str, own: Sequence[Factor] = (), **changes: Any) -> Match | Failure | str:
    key = Key("stationary_fuel", "CN", *YEAR, "kg", item=item)
    return Matcher(chooser(own=own, **(CHINA | changes)), Rules()).match(key, "mass")


def test_the_next_method_is_tried_where_one_finds_no_factor() -> None:
    found = in_china(ANTHRACITE)
    assert isinstance(found, Match)
    assert found.method == "stationary_combustion.mass"
    assert [choice.kind for choice in found.choices] == ["net_calorific_value", "emission_factor"]
    assert (found.item, found.pieces) == (ANTHRACITE, ())


def test_where_no_method_finds_its_factors_the_first_says_what_is_missing() -> None:
    found = in_china(ANTHRACITE, publications=["desnz-2024"])
    assert isinstance(found, Failure)
    assert found.message.startswith(f"no emission factor for '{ANTHRACITE}' in CN")


def test_a_method_with_more_than_one_factor_left_standing_ends_the_search() -> None:
    """What is per mass is ambiguous: the way by a calorific value, which would do, is not taken instead."""
    days = {"valid_from": YEAR[0], "valid_to": YEAR[1]}
    per_mass = [
        own(f"own:{n}", activity=ANTHRACITE, basis="combustion", unit="kg/kg", value=f"{n}", **days) for n in (2, 3)
    ]
    found = in_china(ANTHRACITE, own=per_mass)
    assert isinstance(found, Failure)
    assert found.rule == "factor-ambiguous"


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


def test_accounts_that_follow_take_their_own_factors() -> None:
    found = postings(matched("mobile_fuel", "L", "fuel.diesel.average_biofuel_blend", "upstream_of_fuels"))
    assert found[3:] == [
        "both 1 biogenic emissions: 1 CO2_biogenic × desnz-2024:99_604_1011_8 [outside_of_scopes]",
        "both 1 biogenic biogenic_co2: 1 CO2_biogenic × desnz-2024:99_604_1011_8 [outside_of_scopes]",
        "both 3 3_fuel_and_energy_related_activities emissions: 1 CO2e × desnz-2024:11_101_1011_8 [upstream_of_fuels]",
    ]


def test_an_account_that_follows_goes_by_one_of_its_methods() -> None:
    """With a calorific value the factors per mass and per energy both stand."""
    value = own(
        "own:ncv", kind="net_calorific_value", activity="fuel.natural_gas", region="GB", value="45", unit="MJ_net/kg",
        gas="", basis="net", valid_from=YEAR[0], valid_to=YEAR[1],
    )  # fmt: skip
    key = Key("stationary_fuel", "GB", *YEAR, "tonne", item="fuel.natural_gas")
    found = Matcher(chooser("upstream_of_fuels", own=[value]), Rules()).match(key, "mass")
    assert isinstance(found, Match)
    assert [posting.factor for posting in found.postings if posting.scope == "3"] == ["desnz-2024:11_100_1004_15"]


def test_an_account_that_is_asked_for_and_finds_no_factor_fails_the_key() -> None:
    found = in_china(ANTHRACITE, derived=["upstream_of_fuels"])
    assert isinstance(found, Failure)
    assert found.rule == "factor-missing"


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


def told(posting: Posting) -> str:
    """A posting as a line of text."""
    assert None not in posting
    account = f"{posting.book or 'both'} {posting.scope} {posting.category} {posting.measure} {posting.energy}".strip()
    factor = " × ".join(filter(None, (posting.gas, *posting.parameters, posting.factor)))
    marks = f"{posting.account or '-'} {posting.part}".strip()
    return f"{account}: {posting.share} {factor} [{marks}] {posting.why}".strip()


def postings(made: Match | Run) -> list[str]:
    found = made if isinstance(made, Match) else made.plan.matches[0]
    return [told(posting) for posting in found.postings]


def test_a_fuel_posts_each_gas_its_energy_and_what_follows() -> None:
    factor = "desnz-2024:1_100_1004_6"
    assert postings(matched("stationary_fuel", "kWh_gross", "fuel.natural_gas", "upstream_of_fuels")) == [
        f"both 1 stationary_combustion emissions direct: 1 CO2 × {factor}:CO2 [stationary_fuel]",
        f"both 1 stationary_combustion emissions direct: 1 CH4_combustion × {factor}:CH4_combustion [stationary_fuel]",
        f"both 1 stationary_combustion emissions direct: 1 N2O × {factor}:N2O [stationary_fuel]",
        "both 1 stationary_combustion energy direct: 1  [stationary_fuel]",
        "both 3 3_fuel_and_energy_related_activities emissions: 1 CO2e × desnz-2024:11_100_1004_6 [upstream_of_fuels]",
    ]


def test_emissions_that_a_method_works_out_post_as_they_are() -> None:
    found = matched("investments", "t", "own.company", method="investments.equity_share")
    assert postings(found) == ["both 3 15_investments emissions: 1 CO2e [investments]"]


def test_measured_quantities_post_once_to_both_books() -> None:
    assert postings(matched("water", "t", "none")) == ["both  water water: 1  [water]"]
    assert postings(matched("on_site_electricity_consumed", "kWh", "none")) == [
        "both  on_site_electricity energy direct: 1  [on_site_electricity_consumed]"
    ]


def test_what_a_method_works_out_as_energy_posts_as_energy() -> None:
    found = matched("stationary_fuel", "kWh_gross", "fuel.natural_gas", method="stationary_combustion.fuel_energy")
    assert "both 1 stationary_combustion energy direct: 1  [stationary_fuel]" in postings(found)


def test_a_fuel_by_mass_has_no_energy_without_a_calorific_value() -> None:
    coal = postings(matched("stationary_fuel", "kg", "fuel.coal.industrial"))
    assert len(coal) == 3
    assert not any("energy direct" in line for line in coal)


def test_a_blend_posts_its_parts_and_those_outside_the_scopes_twice() -> None:
    assert postings(matched("fugitive_gases", "kg", "R-401A")) == [
        "both 1 fugitive emissions: 53/100 HCFC22 [fugitive_gases R-401A]",
        "both 1 fugitive gases_outside_scopes: 53/100 HCFC22 [fugitive_gases R-401A]",
        "both 1 fugitive emissions: 13/100 HFC152a [fugitive_gases R-401A]",
        "both 1 fugitive emissions: 17/50 HCFC124 [fugitive_gases R-401A]",
        "both 1 fugitive gases_outside_scopes: 17/50 HCFC124 [fugitive_gases R-401A]",
    ]


def test_half_a_holding_posts_half_of_a_gas() -> None:
    entities = group({"entity": "e", "equity_share": "0.5"})
    rules = Rules(Boundary(date(2024, 1, 1), date(2024, 12, 31), entities, "equity_share"))
    key = Key("fugitive_gases", "GB", *YEAR, "kg", "e", item="HCFC22")
    found = Matcher(chooser(), rules).match(key, "mass")
    assert isinstance(found, Match)
    why = "equity share 0.5 of e"
    assert postings(found) == [
        f"both 1 fugitive emissions: 1/2 HCFC22 [fugitive_gases HCFC22] {why}",
        f"both 1 fugitive gases_outside_scopes: 1/2 HCFC22 [fugitive_gases HCFC22] {why}",
    ]


def test_a_part_without_a_value_is_named_with_its_blend() -> None:
    found = outcome("fugitive_gases", "kg", "R-503", gwp="SAR")
    assert found == Failure("gwp-missing", "the GWP set SAR has no value for CFC13, a part of R-503.")
    alone = outcome("fugitive_gases", "kg", "CFC13", gwp="SAR")
    assert alone == Failure("gwp-missing", "the GWP set SAR has no value for CFC13.")


def test_a_part_that_counts_as_nothing_posts_to_the_scope_alone() -> None:
    lines = postings(matched("fugitive_gases", "kg", "R-448A"))
    assert [line for line in lines if "HFO1234yf" in line] == [
        "both 1 fugitive emissions: 1/5 HFO1234yf [fugitive_gases R-448A]"
    ]


GRID, REST = "cn-mee-2022:CN-BJ", "cn-mee-2022:national-ex-market-nonfossil"
BOUGHT = "2 purchased_electricity emissions indirect"


def test_an_instrument_takes_its_share_and_the_rest_goes_on(tmp_path: Path) -> None:
    made = run_covered(tmp_path, [{}], [{}])
    assert postings(made) == [
        f"location {BOUGHT}: 1 CO2 × {GRID} [purchased_electricity]",
        f"market {BOUGHT}: 3/4 CO2 × {REST} [purchased_electricity] covered by no instrument",
        "both 2 purchased_electricity energy indirect: 1  [purchased_electricity]",
        f"market {BOUGHT}: 1/4 CO2e × instrument:1 [purchased_electricity] covered by 1",
    ]
    choice = made.plan.matches[0].choices[-1]
    assert (choice.book, choice.kind, choice.standing, choice.passed_over) == ("market", "emission_factor", (), ())
    assert choice.rung == (
        f"rung certificate: 1 ({tmp_path / 'instruments.csv'}:2), GEC T1, vintage 2022-01-01 to 2022-12-31, "
        "retired 2023-01-20, covers 1/4 of the electricity of North in CN-BJ"
    )


@pytest.mark.parametrize(
    ("method", "spelling", "books"),
    [("purchased_electricity.combined_heat_and_power", "t", ["location", "market"]), ("none", "MWh", ["location"])],
)
def test_nothing_is_covered_where_the_method_or_the_books_leave_no_room(
    tmp_path: Path, method: str, spelling: str, books: list[str]
) -> None:
    """Emissions of a power plant's share are no consumption that a certificate covers."""
    plan = run_covered(tmp_path, [{}], [{}]).plan
    key = Key("purchased_electricity", "CN-BJ", "2022-01-01", "2022-12-31", spelling, "North", method=method)
    for kept, is_covered in ((books, False), (["location", "market"], method == "none")):
        found = Matcher(Chooser(plan.table, asked(books=kept)), plan.rules).match(key, unit(spelling).dimension)
        assert isinstance(found, Match)
        assert any("covered by 1" in line for line in postings(found)) is is_covered


def test_a_contract_is_told_without_what_it_has_not(tmp_path: Path) -> None:
    made = run_covered(tmp_path, [{}], [{**CONTRACT, "amount": "2000"}])
    assert made.plan.matches[0].choices[-1].rung == (
        f"rung contract: 1 ({tmp_path / 'instruments.csv'}:2), T1, vintage 2022-01-01 to 2022-12-31, "
        "covers 1 of the electricity of North in CN-BJ"
    )
    assert postings(made) == [
        f"location {BOUGHT}: 1 CO2 × {GRID} [purchased_electricity]",
        "both 2 purchased_electricity energy indirect: 1  [purchased_electricity]",
        f"market {BOUGHT}: 1 CO2e × instrument:1 [purchased_electricity] covered by 1",
    ]


def test_the_rung_of_a_supplier_is_told_in_words(tmp_path: Path) -> None:
    rate = {**CONTRACT, "kind": "supplier_rate", "amount": "", "attributes": "delivered", "emission_rate": "0.4"}
    made = run_covered(tmp_path, [{}], [rate])
    assert made.plan.matches[0].choices[-1].rung.startswith("rung supplier rate: 1 (")


def test_a_contract_from_july_covers_the_days_from_july(tmp_path: Path) -> None:
    cells = {**CONTRACT, "amount": "1000", "vintage_start": "2022-07-01"}
    made = run_covered(tmp_path, [{"amount": "365"}], [cells])
    assert postings(made) == [
        f"location {BOUGHT}: 1 CO2 × {GRID} [purchased_electricity]",
        f"market {BOUGHT}: 181/365 CO2 × {REST} [purchased_electricity] of its days",
        "both 2 purchased_electricity energy indirect: 1  [purchased_electricity]",
        f"market {BOUGHT}: 184/365 CO2e × instrument:1 [purchased_electricity] covered by 1",
    ]
    assert made.plan.matches[0].pieces == (
        "2022-01-01 to 2022-06-30: 181/365 of the amount", "2022-07-01 to 2022-12-31: 184/365 of the amount",
    )  # fmt: skip


def test_shares_of_a_holding_and_of_an_instrument_multiply(tmp_path: Path) -> None:
    more, why = "instruments: {tables: [instruments.csv]}\n", "equity share 0.5 of North"
    (tmp_path / "covered").mkdir()
    run_covered(tmp_path / "covered", [{}], [{}]).close()
    (tmp_path / "instruments.csv").write_bytes((tmp_path / "covered" / "instruments.csv").read_bytes())
    made = run_group(tmp_path, [{}], [{"entity": "North", "equity_share": "0.5"}], more=more)
    assert postings(made) == [
        f"location {BOUGHT}: 1/2 CO2 × {GRID} [purchased_electricity] {why}",
        f"market {BOUGHT}: 1/4 CO2 × {REST} [purchased_electricity] {why}; covered by no instrument",
        f"both 2 purchased_electricity energy indirect: 1/2  [purchased_electricity] {why}",
        f"market {BOUGHT}: 1/4 CO2e × instrument:1 [purchased_electricity] {why}; covered by 1",
    ]


def test_a_holding_that_changes_adds_its_shares(tmp_path: Path) -> None:
    held = [
        {"entity": "North", "equity_share": "0.5", "valid_to": "2022-06-30"},
        {"entity": "North", "equity_share": "0.8", "valid_from": "2022-07-01"},
    ]
    made = run_group(tmp_path, [{"amount": "100"}], held)
    share = Fraction(1, 2) * Fraction(181, 365) + Fraction(4, 5) * Fraction(184, 365)
    why = "equity share 0.5 of North; of its days; equity share 0.8 of North"
    assert postings(made)[0] == f"location {BOUGHT}: {share} CO2 × {GRID} [purchased_electricity] {why}"
    assert len(postings(made)) == 3
    assert [choice.book for choice in made.plan.matches[0].choices] == ["location", "market"]


def test_what_a_lessee_does_not_control_is_one_category_of_scope_3_in_one_book(tmp_path: Path) -> None:
    made = run_group(tmp_path, [{"amount": "100"}], [{"entity": "North", **LEASE}], "financial_control")
    why = "leased asset, financial control: Scope 3 category 8"
    assert postings(made) == [
        f"both 3 8_upstream_leased_assets emissions: 1 CO2 × {GRID} [purchased_electricity] {why}"
    ]
    assert [choice.book for choice in made.plan.matches[0].choices] == ["location"]


def test_fuel_of_what_a_lessee_does_not_control_is_scope_3_too() -> None:
    entities = group({"entity": "e", **LEASE})
    rules = Rules(Boundary(date(2024, 1, 1), date(2024, 12, 31), entities, "financial_control"))
    key = Key("stationary_fuel", "GB", *YEAR, "kWh_gross", "e", item="fuel.natural_gas")
    found = Matcher(chooser(), rules).match(key, "energy_gross")
    assert isinstance(found, Match)
    assert {(posting.scope, posting.category, posting.energy) for posting in found.postings} == {
        ("3", "8_upstream_leased_assets", "")
    }
    assert len(found.postings) == 3


def test_a_row_of_nobody_lies_outside_with_the_reason(tmp_path: Path) -> None:
    rows = [{"entity": "North"}, {"entity": "Other"}]
    made = run_group(tmp_path, rows, [{"entity": "North"}, {"entity": "Other", "equity_share": "0"}])
    assert list(made.plan.outside.values()) == ["nothing of Other is consolidated under equity share"]


def test_more_than_one_factor_left_standing_is_ambiguous() -> None:
    found = outcome("upstream_transport", "tonne_km", "freight.air.domestic")
    assert isinstance(found, Failure)
    assert found.rule == "factor-ambiguous"
    assert found.message.startswith("2 factors are left standing as emission factor for 'freight.air.domestic' in GB")


def test_a_key_may_ask_for_what_every_method_and_every_follower_needs() -> None:
    inventory = chooser("upstream_of_fuels").inventory
    key = Key("stationary_fuel", "GB", *YEAR, "kWh_gross", item="fuel.natural_gas")
    asked = [(want.account, want.activity, want.start, want.end) for want in wanted(inventory, key)]
    days = (date(2024, 1, 1), date(2024, 12, 31))
    assert asked == [
        (account, "fuel.natural_gas", *days)
        for account in ("stationary_fuel", "outside_of_scopes", "upstream_of_fuels")
    ]
    assert wanted(inventory, key._replace(item="fuel.natural_gaz")) == []
    kinds = [want.kind for want in wanted(inventory, key._replace(unit="kg")) if want.account == "stationary_fuel"]
    assert kinds == [
        "emission_factor", "net_calorific_value", "emission_factor", "gross_calorific_value", "emission_factor",
    ]  # fmt: skip


def test_the_market_based_factor_is_asked_for_where_both_books_are_kept() -> None:
    inventory = chooser().inventory.model_copy(update={"books": ("location", "market")})
    asked = wanted(inventory, Key("purchased_electricity", "GB", *YEAR, "kWh"))
    assert [want.book for want in asked if want.account == "purchased_electricity"] == ["location", "market"]


@pytest.mark.parametrize(
    ("held", "shares"), [("1", ("184/365", "181/365", "1")), ("0.5", ("92/365", "181/730", "1/2"))]
)
def test_where_a_factor_changes_each_takes_its_days_of_what_is_held(held: str, shares: tuple[str, ...]) -> None:
    """184 days of 2022 and 181 of 2023."""
    inventory = asked(
        publications=["cn-mee-2022", "cn-mee-2023"], books=["location"],
        period={"start": "2022-07-01", "end": "2023-06-30"},
    )  # fmt: skip
    entities = group({"entity": "e", "equity_share": held})
    rules = Rules(Boundary(date(2022, 7, 1), date(2023, 6, 30), entities, "equity_share"))
    key = Key("purchased_electricity", "CN", "2022-07-01", "2023-06-30", "kWh", "e")
    found = Matcher(Chooser(library(), inventory), rules).match(key, "energy")
    assert isinstance(found, Match)
    why = "" if held == "1" else f"equity share {held} of e"
    first, second, whole = shares
    of_days = "; ".join(filter(None, (why, "of its days")))
    assert postings(found) == [
        f"location {BOUGHT}: {first} CO2 × cn-mee-2022:national [purchased_electricity] {of_days}",
        f"both 2 purchased_electricity energy indirect: {whole}  [purchased_electricity] {why and of_days}".strip(),
        f"location {BOUGHT}: {second} CO2 × cn-mee-2023:national [purchased_electricity] {of_days}",
    ]


def test_days_of_a_factor_are_told_beside_as_many_days_of_a_holding() -> None:
    """Four days, of which two are held alike, and of these two one falls into each year of the factor."""
    inventory = asked(
        publications=["cn-mee-2022", "cn-mee-2023"], books=["location"],
        period={"start": "2022-07-01", "end": "2023-06-30"},
    )  # fmt: skip
    spans = (("0.4", "2022-07-01", "2022-12-30"), ("0.5", "2022-12-31", "2023-01-01"), ("0.6", "2023-01-02", ""))
    entities = group(
        *({"entity": "e", "equity_share": share, "valid_from": first, "valid_to": last} for share, first, last in spans)
    )
    rules = Rules(Boundary(date(2022, 7, 1), date(2023, 6, 30), entities, "equity_share"))
    key = Key("purchased_electricity", "CN", "2022-12-30", "2023-01-02", "kWh", "e")
    found = Matcher(Chooser(library(), inventory), rules).match(key, "energy")
    assert isinstance(found, Match)
    shares = {posting.factor: (str(posting.share), posting.why) for posting in found.postings}
    assert shares == {
        "cn-mee-2022:national": ("9/40", "equity share 0.4 of e; of its days; equity share 0.5 of e"),
        "": ("1/2", "equity share 0.4 of e; of its days; equity share 0.5 of e; equity share 0.6 of e"),
        "cn-mee-2023:national": ("11/40", "equity share 0.5 of e; of its days; equity share 0.6 of e"),
    }
    assert [choice.factor.id for choice in found.choices if choice.factor] == [
        "cn-mee-2022:national", "cn-mee-2022:national", "cn-mee-2023:national", "cn-mee-2023:national",
    ]  # fmt: skip
