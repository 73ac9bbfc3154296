"""Keys that stand alike post alike: what a plan shares between them is what each gets by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghg.boundary.consolidation import Boundary
from ghg.boundary.entities import Entities, Holding, Place
from ghg.factors import library
from ghg.keys import Key, Rules
from ghg.plan import make_plan
from ghg.resolve import Chooser
from ghg.standing import Standing, time_of
from ghg.testing import inventory
from ghg.testing.shares import FIRST, HOLDINGS, LAST, rows
from ghg.testing.shares import inventory as of_two_years

PLACES = [Place(Holding.model_validate(row), "entities.csv", line) for line, row in enumerate(HOLDINGS, start=2)]
RULES = Rules(Boundary(FIRST, LAST, Entities("generated", PLACES), "equity_share"))
DAYS = st.dates(FIRST - timedelta(40), LAST + timedelta(40))
YEAR = ("2022-01-01", "2022-12-31")


def standing(rules: Rules = RULES) -> Standing:
    return Standing(Chooser(library(), of_two_years("AR5")), rules)


def keys() -> st.SearchStrategy[list[Key]]:
    def key(row: dict[str, str]) -> Key:
        names = ("activity", "region", "start", "end", "unit", "entity")
        return Key(**{name: row[name] for name in names})

    return st.lists(rows().map(key), min_size=1, max_size=20, unique=True)


@given(keys())
def test_a_plan_gives_each_key_the_match_it_has_by_itself(found: list[Key]) -> None:
    asked = of_two_years("AR5")
    together = make_plan(asked, library(), found, RULES)
    for key in found:
        alone = make_plan(asked, library(), [key], RULES)
        assert (key in together.keys, key in together.failures, key in together.outside) == (
            key in alone.keys, key in alone.failures, key in alone.outside,
        )  # fmt: skip
        if key in alone.keys:
            assert together.matches[together.keys[key]] == alone.matches[0]
        assert together.failures.get(key) == alone.failures.get(key)


def test_between_the_days_on_which_something_changes_days_do_not_matter() -> None:
    known, north = standing(), Key("purchased_electricity", "CN", "2022-02-01", "2022-02-28", "MWh", "north")
    places = [
        known.of(north._replace(start=start, end=end))
        for start, end in (
            ("2022-02-01", "2022-02-28"), ("2022-04-10", "2022-05-01"), ("2022-07-01", "2022-07-31"),
            ("2022-06-01", "2022-07-31"), ("2022-06-02", "2022-07-31"),
        )
    ]  # fmt: skip
    assert places[0] == places[1]
    assert len(set(places)) == 4


def test_entities_of_which_every_day_counts_whole_stand_alike() -> None:
    known, key = standing(), Key("purchased_electricity", "CN", *YEAR, "MWh", "generated")
    assert known.held("generated")[0] == ""
    assert known.held("south")[0] == "south"
    assert known.of(key) == known.of(key._replace(entity="", unit="kWh"))
    assert known.of(key) != known.of(key._replace(entity="south"))


def test_where_instruments_are_matched_who_where_and_when_decide() -> None:
    known = standing(replace(RULES, is_matched=True))
    key = Key("purchased_electricity", "CN", "2022-02-01", "2022-02-28", "MWh", "generated")
    others = [key._replace(entity="elsewhere"), key._replace(region="CN-BJ"), key._replace(start="2022-02-02")]
    assert len({known.of(one) for one in (key, *others)}) == 4
    water = key._replace(activity="water", unit="t")
    assert not known.is_matched("water")
    assert known.of(water) == known.of(water._replace(start="2022-02-02"))


def test_what_an_activity_may_ask_for_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    known, key = standing(), Key("purchased_electricity", "CN", *YEAR, "MWh")
    assert known.wants(key) is known.wants(key._replace(region="HK", unit="kWh"))
    assert {want.book for want in known.wants(key)} == {"location", "market"}
    assert known.turning(key) is known.turning(key._replace(start="2022-03-01"))
    place = known.of(key)
    monkeypatch.setattr(known, "calendar", None)
    assert known.of(key) == place


def test_factors_change_on_their_own_days_and_their_age_with_each_year_of_the_period() -> None:
    known, key = standing(), Key("purchased_electricity", "CN", *YEAR, "MWh")
    water = key._replace(activity="water", unit="t")
    assert known.wants(key)
    assert known.wants(water) == ()
    assert known.turning(water) == (date(2022, 1, 1), date(2023, 1, 1))
    assert set(known.turning(key)) > set(known.turning(water))
    assert known.calendar(water, "south") == tuple(sorted({*known.turning(water), *known.held("south")[1]}))


@given(st.lists(DAYS, max_size=5), DAYS, st.integers(0, 60))
def test_a_span_across_a_day_of_its_calendar_is_alike_only_with_itself(
    days: list[date], start: date, length: int
) -> None:
    end = start + timedelta(length)
    place = time_of(tuple(sorted(days)), str(start), str(end))
    assert (place == (str(start), str(end))) == any(start < day <= end for day in days)


def test_without_rules_it_does_not_matter_who_consumed() -> None:
    known = Standing(Chooser(library(), inventory()), Rules())
    key = Key("purchased_electricity", "CN", *YEAR, "MWh", "a")
    assert known.held("a") == ("", ())
    assert known.of(key) == known.of(key._replace(entity="b"))
