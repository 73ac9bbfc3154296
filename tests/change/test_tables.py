"""What-ifs of boundary and instruments read the inventory's tables again, and equal a run of the changed inventory."""

from __future__ import annotations

from pathlib import Path

import pytest

from ghg.change.forms import AddActivity, SetBoundary, SetInstruments
from ghg.issues import GhgError
from ghg.runs import Run
from ghg.testing import run_rows
from tests.boundary import small as boundary
from tests.instruments import small as instruments

HELD = [{"entity": "Mill", "equity_share": "0.5", "operational_control": "no"}]
ROWS = [{"entity": "Group", "amount": "100"}, {"entity": "Mill", "amount": "60"}]


def digest(run: Run) -> str:
    return run.result.digest


@pytest.mark.parametrize("approach", ["equity_share", "financial_control", "operational_control"])
def test_another_approach_is_as_if_the_inventory_stated_it(tmp_path: Path, approach: str) -> None:
    before = boundary.run(tmp_path, ROWS, HELD, "equity_share")
    step = SetBoundary.model_validate({"consolidation": approach, "why": "w"})
    after = before.what_if(swap={"cn-mee-2022": "cn-mee-2023"}, steps=[step])
    stated = boundary.run(tmp_path, ROWS, HELD, approach).what_if(swap={"cn-mee-2022": "cn-mee-2023"})
    assert digest(after) == digest(stated)
    assert (after.baseline, str(after.changes[-1])) == (before, f"consolidation: equity_share → {approach}")
    assert digest(after.what_if(gwp="AR6")) == digest(stated.what_if(gwp="AR6"))
    assert after.explain("scope2").value


def test_other_entities_and_the_approach_in_two_changes(tmp_path: Path) -> None:
    before = boundary.run(tmp_path, ROWS, HELD, "equity_share")
    other = [{**HELD[0], "equity_share": "0.75"}]
    (tmp_path / "later.csv").write_text(boundary.holdings(other) + "\n", encoding="utf-8")
    after = before.what_if(steps=[SetBoundary(entities=("later.csv",), why="w")])
    assert digest(after) == digest(boundary.run(tmp_path, ROWS, other, "equity_share"))
    assert str(after.changes[0]) == "entities: entities.csv → later.csv"


def test_instruments_come_and_go(tmp_path: Path) -> None:
    covered = instruments.run(tmp_path, [{}], [{}])
    without = covered.what_if(steps=[SetInstruments(tables=(), why="w")])
    assert instruments.market(covered) != instruments.market(without)
    assert str(without.changes[0]) == "instruments: instruments.csv → none"
    again = without.what_if(steps=[SetInstruments(tables=("instruments.csv",), why="back")])
    assert digest(again) == digest(covered)


def test_what_cannot_be_read_again_is_refused(tmp_path: Path) -> None:
    row = {"id": "1", **instruments.ACTIVITY}
    run = run_rows([row])
    with pytest.raises(GhgError, match="need the inventory's tables read again"):
        run.what_if(steps=[SetInstruments(tables=("x.csv",), why="w")])
    covered = instruments.run(tmp_path, [{}], [{}])
    with pytest.raises(GhgError, match="instruments are matched to the consumption"):
        covered.what_if(steps=[AddActivity(rows=({**row, "id": "new"},), why="w")])
    group = boundary.run(tmp_path, ROWS, HELD)
    with pytest.raises(GhgError, match="the inventory does not take the change"):
        group.what_if(steps=[SetBoundary(consolidation="not_stated", why="w")])
