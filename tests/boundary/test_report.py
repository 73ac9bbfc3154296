from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import ghg
from ghg.boundary.report import COLUMNS, outside, statement
from ghg.issues import GhgError
from tests.boundary.small import run


def test_every_entity_stands_under_the_three_approaches(tmp_path: Path) -> None:
    held = [{"entity": "North", "valid_from": "2022-07-01"}, {"entity": "Other"}]
    found = statement(run(tmp_path, [{}, {"end": "2022-03-31"}], held))
    shown: list[tuple[object, ...]] = [
        (row["entity"], row["first_day"], row["equity_share"], row["operational_control"]) for row in found.rows
    ]
    assert shown == [
        ("Group", "2022-01-01", 1, 1),
        ("North", "2022-01-01", 0, 0),
        ("North", "2022-07-01", Fraction("0.83"), 1),
        ("Other", "2022-01-01", Fraction("0.83"), 1),
    ]
    assert "2 rows read, 1 posted, 0 unposted, 1 outside the boundary." in found.notes


def test_rows_outside_have_their_place_and_reason(tmp_path: Path) -> None:
    made = run(tmp_path, [{"end": "2022-03-31"}], [{"entity": "North", "valid_from": "2022-07-01"}])
    [row] = outside(made)
    assert dict(zip(COLUMNS, row, strict=True))["reason"] == "North is not held from 2022-01-01 to 2022-03-31"


def test_without_entities_there_is_no_statement() -> None:
    made = ghg.run("scenarios/kingsoft-cloud/2024.yaml")
    assert outside(made) == []
    with pytest.raises(GhgError, match="names no entities"):
        statement(made)
