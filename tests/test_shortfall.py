"""What is said where no single factor is left."""

from __future__ import annotations

from datetime import date

from ghg.factors import library
from ghg.inventory import Inventory
from ghg.resolve import Chooser, Want
from ghg.shortfall import explain_absence
from ghg.testing import inventory

BRITISH = Inventory.model_validate(
    inventory().model_dump(mode="json")
    | {"publications": ["desnz-2024"], "ladder": {"regions": ["exact"], "max_age_years": 0}}
)


def said(activity: str, dimension: str, *bases: str) -> str:
    days = (date(2024, 1, 1), date(2024, 12, 31))
    want = Want("emission_factor", activity, "any", bases, False, "GB", *days, "location", dimension)
    chooser = Chooser(library(), BRITISH)
    return explain_absence(chooser.choose(want), want, chooser)


def test_factors_left_standing_are_told_apart_by_what_they_cover() -> None:
    bases = ("combustion", "combustion_with_radiative_forcing")
    text = said("travel.air.long_haul.economy", "passenger_distance", *bases)
    assert text.startswith("2 factors are left standing")
    assert "(basis combustion)" in text
    assert "(basis combustion_with_radiative_forcing)" in text


def test_words_under_the_one_asked_for_are_named_where_they_have_a_factor() -> None:
    text = said("fuel.diesel", "volume", "combustion")
    assert text.startswith("no emission factor for 'fuel.diesel'")
    named = text.rpartition("There is one for ")[2]
    assert "'fuel.diesel." in named
    for word in (part for part in named.split("'") if part.startswith("fuel.")):
        assert any(factor.first.source == "desnz-2024" for factor in library().candidates("emission_factor", word))


def test_words_beside_it_are_named_where_none_lies_under_it() -> None:
    assert "There is one for 'travel.rail." in said("travel.rail.tricycle", "passenger_distance", "combustion")


def test_nothing_is_named_where_nothing_is_near() -> None:
    assert "There is one for" not in said("electricity", "mass", "grid_average")
