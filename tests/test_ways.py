"""What rows of an activity ask for, whatever their place and time."""

from __future__ import annotations

from contextlib import closing
from fractions import Fraction

import pytest

from ghg.conformance.adapters.own import run_example
from ghg.conformance.examples import Example
from ghg.inventory import Inventory
from ghg.issues import InputError
from ghg.keys import Failure, Key
from ghg.runs import Run
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
    key = KEY._replace(activity="stationary_fuel", unit="t", item="fuel.coal.industrial")
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


UPSTREAM = {
    "id": "x", "what": "x", "locator": "x", "gwp": "AR5", "arithmetic": "x",
    "expected": [{"figure": "scope3.3", "value": "1"}],
    "activity": [{"activity": "stationary_fuel", "item": "fuel.diesel", "amount": "1000", "unit": "L"}],
    "inventory": {"derived": ["upstream_of_fuels"]},
}  # fmt: skip
BURNED = {"activity": "fuel.diesel", "basis": "combustion", "value": "2.7", "unit": "kg/L"}
DENSITY = {"activity": "fuel.diesel", "kind": "density", "gas": "", "value": "0.84", "unit": "kg/L"}
HEAT = {"activity": "fuel.diesel", "kind": "net_calorific_value", "gas": "", "value": "43", "unit": "GJ_net/t"}


def upstream(*factors: dict[str, str]) -> Run:
    return run_example(Example.model_validate({**UPSTREAM, "factors": [BURNED, *factors]}))


def test_what_follows_a_fuel_is_brought_to_its_factor_by_a_sourced_density_and_calorific_value() -> None:
    per_energy = {"activity": "fuel.diesel", "basis": "upstream", "value": "0.06", "unit": "kg/kWh_net"}
    with closing(upstream(per_energy, DENSITY, HEAT)) as made:
        value = made.figure("scope3.3")
        assert value is not None
        assert value.amount == Fraction("1000") * Fraction("0.84") * 43 / Fraction("3.6") * Fraction("0.06") / 1000
        said = "\n".join(made.explain("scope3.3").lines)
    assert "0.84" in said
    assert "43" in said


def test_a_factor_per_what_was_metered_comes_before_a_conversion() -> None:
    per_energy = {"activity": "fuel.diesel", "basis": "upstream", "value": "0.06", "unit": "kg/kWh_net"}
    per_litre = {"activity": "fuel.diesel", "basis": "upstream", "value": "0.61", "unit": "kg/L"}
    with closing(upstream(per_energy, per_litre, DENSITY, HEAT)) as made:
        value = made.figure("scope3.3")
        assert value is not None
        assert value.amount == Fraction("0.61")


def test_without_a_calorific_value_the_message_says_what_is_needed() -> None:
    per_energy = {"activity": "fuel.diesel", "basis": "upstream", "value": "0.06", "unit": "kg/kWh_net"}
    with pytest.raises(InputError, match="it is per energy_net; needed is a factor per volume"):
        upstream(per_energy, DENSITY).close()


def test_biogenic_co2_of_a_fuel_is_found_through_its_calorific_value() -> None:
    wood = {"activity": "own.wood", "basis": "combustion", "gas": "CH4", "value": "0.1", "unit": "kg/GJ_net"}
    apart = {"activity": "own.wood", "basis": "outside_of_scopes", "gas": "CO2_biogenic", "value": "112",
             "unit": "kg/GJ_net"}  # fmt: skip
    heat = {"activity": "own.wood", "kind": "net_calorific_value", "gas": "", "value": "15", "unit": "GJ_net/t"}
    stated = {
        **UPSTREAM, "inventory": {}, "factors": [wood, apart, heat],
        "activity": [{"activity": "stationary_fuel", "item": "own.wood", "amount": "2", "unit": "t"}],
    }  # fmt: skip
    with closing(run_example(Example.model_validate(stated))) as made:
        value = made.figure("biogenic_co2")
        assert value is not None
        assert value.amount == Fraction(2 * 15 * 112, 1000)
