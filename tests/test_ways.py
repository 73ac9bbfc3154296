"""What rows of an activity ask for, whatever their place and time."""

from __future__ import annotations

from dataclasses import replace

from ghg.inventory import Inventory
from ghg.keys import Failure, Key
from ghg.ways import Way, ways_of

KEY = Key("purchased_electricity", "GB", "2024-01-01", "2024-12-31", "kWh")


def inventory(*books: str, selection: list[dict[str, str]] | None = None) -> Inventory:
    stated = {
        "inventory": "x", "organisation": "x", "title": "x", "period": {"start": "2024-01-01", "end": "2024-12-31"},
        "base_year": "x", "consolidation": "not_stated", "boundary": "x", "gwp": "AR5", "books": books,
        "publications": ["desnz-2024"], "ladder": {"regions": ["exact"], "max_age_years": "0"}, "activity": ["x"],
        "selection": selection or [],
    }  # fmt: skip
    return Inventory.model_validate(stated)


def only(found: tuple[Way, ...] | Failure) -> Way:
    assert not isinstance(found, Failure)
    (way,) = found
    return way


def test_each_book_asks_for_its_own_factor() -> None:
    way = only(ways_of(inventory("location", "market"), KEY, "energy"))
    assert [asked.book for asked in way.asked[False]] == ["location", "market"]


def test_a_leased_asset_is_in_one_book() -> None:
    way = only(ways_of(inventory("location", "market"), KEY, "energy"))
    assert [asked.book for asked in way.asked[True]] == ["location"]


def test_a_calorific_value_turns_mass_into_the_energy_the_factor_is_per() -> None:
    key = replace(KEY, activity="stationary_fuel", unit="t", item="fuel.coal.industrial")
    found = ways_of(inventory("location"), key, "mass")
    assert not isinstance(found, Failure)
    way = next(way for way in found if way.method.parameters == ("net_calorific_value",))
    assert [(asked.kind, asked.dimension) for asked in way.asked[False]] == [
        ("net_calorific_value", "mass"), ("emission_factor", "energy_net"),
    ]  # fmt: skip


def test_a_dimension_no_method_takes_is_a_failure_that_names_it() -> None:
    found = ways_of(inventory("location"), KEY, "mass")
    assert isinstance(found, Failure)
    assert "mass" in found.message
