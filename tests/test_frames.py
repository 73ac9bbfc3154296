"""Frames in place of the tables of an inventory: checked like them, listed in the evidence, and never read twice."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

import ghg
from ghg import frames
from ghg.issues import GhgError, InputError, UnknownNameError
from ghg.verification import verify
from tests.test_equality import GOOD, inventory


def test_an_engine_that_is_not_known_is_refused(tmp_path: Path) -> None:
    for name in ("sparks", "duckdb:here"):
        with pytest.raises(UnknownNameError, match="The engines are duckdb, python, spark and spark:MASTER"):
            frames.cluster_of(name, None)
    with pytest.raises(GhgError, match="cannot read a int as a frame"):
        ghg.run(inventory(tmp_path), activity=5)


@pytest.mark.parametrize("large", [0, 10**6], ids=["in place", "as text"])
def test_problems_have_the_number_of_their_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: int) -> None:
    monkeypatch.setattr(frames, "LARGE", large)
    rows = GOOD.to_dicts()
    rows[6]["unit"] = "ton"
    with pytest.raises(InputError) as caught:
        ghg.run(inventory(tmp_path), activity=pl.DataFrame(rows))
    assert [(issue.place, issue.rule) for issue in caught.value.issues] == [("7: unit", "unit-ambiguous")]
    with pytest.raises(InputError, match="'unit' is missing"):
        ghg.run(inventory(tmp_path), activity=GOOD.drop("unit"))


def test_a_run_of_a_frame_is_not_made_again_from_tables(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("no table at all", encoding="utf-8")
    path = inventory(tmp_path)
    with closing(ghg.run(path, activity=GOOD)) as run:
        assert run.frame == "polars.DataFrame"
        folder = run.save(tmp_path / "evidence")
        with pytest.raises(GhgError, match="another boundary"):
            run.again(run.inventory)
    found = verify(folder, path)
    assert not found.verified
    assert "Not computed again: the activity data were a frame" in found.notes[0]
    assert ("frame:polars.DataFrame", "not checked") in [(one.name, one.status) for one in found.findings]


def test_a_stream_is_read_once(tmp_path: Path) -> None:
    arrow = GOOD.to_arrow()
    path, stream = inventory(tmp_path), arrow.to_reader(max_chunksize=50)
    with closing(ghg.run(path, activity=arrow)) as one, closing(ghg.run(path, activity=stream)) as two:
        assert one.result.digest == two.result.digest
