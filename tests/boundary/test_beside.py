from __future__ import annotations

from pathlib import Path

from ghg.boundary.beside import NOTHING, read_beside
from ghg.inventory import read_inventory
from ghg.plan import KEY
from tests.boundary.small import run, write


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
