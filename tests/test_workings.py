"""Method tables through the front door: derived, explained, refused line by line."""

from __future__ import annotations

from pathlib import Path

import pytest

import ghg
from ghg import activity
from ghg.factors import library
from ghg.inventory import Inventory
from ghg.issues import InputError
from ghg.runs import Asked, Run, compute

INVENTORY = """\
inventory: legs
organisation: Example
title: legs
period: {start: 2024-01-01, end: 2024-12-31}
base_year: none
consolidation: not_stated
boundary: all rows
gwp: AR5
books: [location]
publications: [desnz-2024]
ladder: {regions: [exact, parent, world], max_age_years: 0}
activity: [legs.csv]
factors: [factors.csv]
"""
FACTORS = (
    "id,factor,kind,activity,name,name_local,region,valid_from,valid_to,gas,value,unit,gwp_set,basis,lower,upper,"
    "uncertainty,source,locator,verification,derived_from,note\n"
    "own-truck,own-truck,emission_factor,own.truck,truck,,WORLD,,,CO2e,0.2,kg/tonne_km,AR5,combustion,,,none,desnz-2024,"
    "example,example,,\n"
)
HEADER = "id,entity,activity,item,region,start,end,provenance,method,mass,distance\n"
ROW = "{id},e,upstream_transport,own.truck,GB,2024-01-01,2024-12-31,measured,{method},{mass},{distance}\n"


def run(folder: Path, *rows: dict[str, str], inventory: str = INVENTORY, header: str = HEADER) -> Run:
    base = {"method": "transport.distance_based", "mass": "2 t", "distance": "2000 km"}
    text = header + "".join(ROW.format(id=f"r{n}", **{**base, **row}) for n, row in enumerate(rows))
    (folder / "legs.csv").write_text(text, encoding="utf-8")
    (folder / "factors.csv").write_text(FACTORS, encoding="utf-8")
    (folder / "inventory.yaml").write_text(inventory, encoding="utf-8")
    return ghg.run(folder / "inventory.yaml")


def test_a_table_with_columns_of_inputs_is_a_method_table(tmp_path: Path) -> None:
    made = run(tmp_path, {}, {"mass": "1 t", "distance": "500 km"})
    value = made.figure("scope3.4")
    assert value is not None
    assert value.amount * 1000 == 900
    assert [match.method for match in made.plan.matches] == ["transport.distance_based"]


def test_the_inventory_may_name_the_method_of_all_rows(tmp_path: Path) -> None:
    named = INVENTORY + "methods: {legs.csv: transport.distance_based}\n"
    value = run(tmp_path, {"method": ""}, inventory=named).figure("scope3.4")
    assert value is not None
    assert value.amount * 1000 == 800


def test_an_explanation_shows_the_formula_and_its_numbers(tmp_path: Path) -> None:
    text = str(run(tmp_path, {}).explain("scope3.4"))
    assert "Derived by transport.distance_based: mass × distance" in text
    assert "= 4000 tonne_km: 2 t × 2000 km" in text
    assert "4000 tonne_km × 0.2 kg CO2e/tonne_km = 800 kg CO2e" in text


def test_inputs_that_cannot_be_used_are_listed_with_their_lines(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        run(tmp_path, {}, {"mass": "two t"}, {"distance": "5 kWh"}, {"method": "transport.fly"})
    found = [(issue.rule, issue.line, issue.column) for issue in caught.value.issues]
    assert found == [("number-invalid", 3, "mass"), ("unit-dimension", 4, "distance"), ("method-unknown", 5, "method")]


def test_an_amount_that_was_rounded_is_noted(tmp_path: Path) -> None:
    made = run(tmp_path, {"mass": "0.0000001 kg", "distance": "1 km"})
    assert "number-quantised" in {issue.rule for issue in made.issues}


def test_a_method_of_another_account_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        run(tmp_path, {"method": "waste.waste_type", "mass": "", "distance": ""}, header=HEADER)
    assert {issue.rule for issue in caught.value.issues} >= {"value-missing"}


def test_a_method_that_no_table_can_have_is_refused_in_the_inventory(tmp_path: Path) -> None:
    for wrong in ("methods: {legs.csv: transport.fly}\n", "methods: {other.csv: transport.distance_based}\n"):
        with pytest.raises(InputError):
            run(tmp_path, {}, inventory=INVENTORY + wrong)


CALL: dict[str, str] = {
    "id": "r", "entity": "e", "region": "GB", "start": "2024-01-01", "end": "2024-12-31", "provenance": "measured",
}  # fmt: skip
STATED = {
    "inventory": "x", "organisation": "x", "title": "x", "period": {"start": "2024-01-01", "end": "2024-12-31"},
    "base_year": "x", "consolidation": "not_stated", "boundary": "x", "gwp": "AR5", "books": ["location"],
    "publications": ["desnz-2024"], "ladder": {"regions": ["exact"], "max_age_years": "0"}, "activity": ["x"],
}  # fmt: skip


def called(row: dict[str, str]) -> Run:
    inventory = Inventory.model_validate(STATED)
    return compute(inventory, library, lambda engine: activity.load_rows(engine, [CALL | row]), Asked())


def test_fuel_without_a_calorific_value_is_noted_as_energy_not_counted() -> None:
    made = called({"activity": "stationary_fuel", "item": "fuel.butane", "amount": "1", "unit": "tonne"})
    assert "energy-not-counted" in {issue.rule for issue in made.issues}
    made.close()


def test_a_method_the_account_does_not_take_is_refused() -> None:
    row = {"activity": "stationary_fuel", "item": "fuel.butane", "amount": "1", "unit": "tonne"}
    for name, rule in (("waste.waste_type", "method-not-allowed"), ("waste.nothing", "method-unknown")):
        with pytest.raises(InputError) as caught:
            called(row | {"method": name})
        assert {issue.rule for issue in caught.value.issues} == {rule}


def test_a_quotient_without_a_finite_form_is_noted(tmp_path: Path) -> None:
    header = HEADER.replace("mass,distance", "total_emissions,own_quantity,total_quantity")
    place = "r,e,upstream_transport,own.truck,GB,2024-01-01,2024-12-31,measured"
    row = f"{place},transport.allocated_emissions,1 t,1 m3,3 m3\n"
    (tmp_path / "legs.csv").write_text(header + row, encoding="utf-8")
    (tmp_path / "factors.csv").write_text(FACTORS, encoding="utf-8")
    (tmp_path / "inventory.yaml").write_text(INVENTORY, encoding="utf-8")
    made = ghg.run(tmp_path / "inventory.yaml")
    assert "amount-rounded" in {issue.rule for issue in made.issues}
    value = made.figure("scope3.4")
    assert value is not None
    assert f"{float(value.amount):.6f}" == "0.333333"
    made.close()
