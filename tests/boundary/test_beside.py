from __future__ import annotations

from pathlib import Path

import ghg
from ghg.boundary.beside import NOTHING, read_beside
from ghg.inventory import read_inventory
from ghg.plan import KEY
from tests.boundary.small import run, write
from tests.instruments import small


def test_an_inventory_reads_the_tables_it_names(tmp_path: Path) -> None:
    beside = read_beside(read_inventory(write(tmp_path, [{}], [{"entity": "North"}])))
    assert beside.entities is not None
    assert beside.entities.names == ("Group", "North")
    assert beside.instruments is None
    assert read_beside(read_inventory("scenarios/kingsoft-cloud/2024.yaml")) == NOTHING


def test_keys_hold_the_entity_only_where_something_depends_on_it(tmp_path: Path) -> None:
    made = run(tmp_path, [{}], [{"entity": "North"}])
    assert made.plan.columns == (*KEY, "entity")
    assert {key.entity for key in made.plan.keys} == {"North"}


def test_instruments_cover_what_was_bought_and_not_what_a_plant_of_heat_and_power_emits(tmp_path: Path) -> None:
    # A certificate of electricity for all that is metered; the second row is stated in tonnes of CO2e.
    path = tmp_path / "inventory.yaml"
    plant = "plant_emissions,heat_output,power_output,heat_efficiency,power_efficiency,own_energy"
    first = "id,entity,activity,region,start,end,provenance,method"
    small.write(tmp_path, [{}], [{"amount": "1000"}])
    path.write_text(
        path.read_text(encoding="utf-8").replace("[activity.csv]", "[activity.csv, plant.csv]"), encoding="utf-8"
    )
    (tmp_path / "plant.csv").write_text(
        f"{first},{plant}\np,North,purchased_electricity,CN-BJ,2022-01-01,2022-12-31,measured,"
        "purchased_electricity.combined_heat_and_power,1000 t,8 GWh,3.5 GWh,80 %,35 %,3.5 GWh\n",
        encoding="utf-8",
    )
    made = ghg.run(path)
    market = made.figure("scope2_market")
    assert market is not None
    assert market.amount == 500
    assert not [issue for issue in made.issues if issue.rule == "instrument-unused"]
    made.close()
