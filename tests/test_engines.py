from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from ghg.engines import Engine, as_text, quoted
from ghg.engines import embedded as engines
from ghg.issues import GhgError

CELLS = ["plain", "with, comma", 'a "quoted" word', "电力 CO₂", "", " edges ", "it's", "a;b|c", "$1", "NULL", "nan"]


@pytest.fixture
def engine() -> Engine:
    return Engine()


def test_what_is_appended_comes_back_as_it_was(engine: Engine) -> None:
    engine.create("loaded", ("a", "end"))
    engine.append("loaded", {"a": CELLS, "end": CELLS[::-1]})
    assert engine.rows('SELECT a, "end" FROM loaded') == list(zip(CELLS, CELLS[::-1], strict=True))


def test_no_rows_and_blank_rows_are_not_the_same(engine: Engine) -> None:
    engine.create("loaded", ("a", "b"))
    engine.append("loaded", {"a": [], "b": []})
    assert engine.rows("SELECT count(*) FROM loaded") == [(0,)]
    engine.append("loaded", {"a": [""], "b": [""]})
    assert engine.rows("SELECT * FROM loaded") == [("", "")]


def test_many_rows_go_over_in_chunks(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "CHUNK", 3)
    engine.create("loaded", ("a",))
    engine.append("loaded", {"a": [str(n) if n % 2 else "" for n in range(10)]})
    assert [row[0] for row in engine.rows("SELECT a FROM loaded")] == [str(n) if n % 2 else "" for n in range(10)]


def test_values_enter_as_parameters(engine: Engine) -> None:
    engine.create("loaded", ("a",))
    engine.run("INSERT INTO loaded VALUES ($1)", ["'; DROP TABLE loaded; --"])
    assert engine.rows("SELECT count(*) FROM loaded WHERE a = $1", ["'; DROP TABLE loaded; --"]) == [(1,)]


def test_the_engine_reads_and_writes_no_file(engine: Engine, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n", encoding="utf-8")
    for sql in (
        f"SELECT * FROM read_csv('{secret}')",
        f"SELECT * FROM '{secret}'",
        f"COPY (SELECT 1) TO '{tmp_path / 'out.csv'}'",
        f"ATTACH '{tmp_path / 'other.db'}'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
    ):
        with pytest.raises(duckdb.Error):
            engine.run(sql)
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]


def test_engines_do_not_share_tables(engine: Engine) -> None:
    engine.create("loaded", ("a",))
    with pytest.raises(duckdb.Error):
        Engine(threads=1).rows("SELECT * FROM loaded")
    engine.close()
    with pytest.raises(GhgError, match="the rows of this run were freed"):
        engine.rows("SELECT 1")


FRAME = pd.DataFrame({"word": ["a", None], "number": [1.5, float("nan")]})
FRAMES = [FRAME, pl.from_pandas(FRAME), pa.Table.from_pandas(FRAME), duckdb.from_df(FRAME)]


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: type(frame).__module__.partition(".")[0])
def test_frames_are_scanned_in_place_and_come_back_as_their_kind(engine: Engine, frame: object) -> None:
    with engine.scanning(frame) as types:
        assert list(types) == ["word", "number"]
        cells = ", ".join(f"{as_text(name, types[name])} AS {quoted(name)}" for name in types)
        assert engine.rows(f"SELECT {cells} FROM scanned") == [("a", "1.5"), ("", "")]
        assert type(engine.frame("SELECT * FROM scanned", frame)) is type(frame)
    with pytest.raises(duckdb.Error):
        engine.rows("SELECT * FROM scanned")


@pytest.mark.parametrize("thing", [[1, 2], {"a": 1}, "a", None, 5, FRAME.to_numpy()])
def test_what_is_no_frame_is_refused(engine: Engine, thing: object) -> None:
    with pytest.raises(GhgError, match="give a pandas, Polars or Arrow frame"), engine.scanning(thing):
        pass


def test_trouble_while_scanning_is_a_message(engine: Engine) -> None:
    reader = pa.Table.from_pandas(FRAME).to_reader()

    def twice() -> None:
        with engine.scanning(reader):
            engine.rows("SELECT * FROM scanned")
            engine.rows("SELECT * FROM scanned")

    with pytest.raises(GhgError, match="cannot read the rows of the RecordBatchReader"):
        twice()


def test_dates_and_numbers_become_plain_text(engine: Engine) -> None:
    frame = pl.DataFrame(
        {
            "day": [date(2024, 1, 31)], "moment": [datetime(2024, 1, 31, 12)],  # noqa: DTZ001 - frames hold such
            "whole": [7], "text": ["  x "], "none": [None],
        }
    )  # fmt: skip
    with engine.scanning(frame) as types:
        cells = ", ".join(as_text(name, kind) for name, kind in types.items())
        assert engine.rows(f"SELECT {cells} FROM scanned") == [("2024-01-31", "2024-01-31", "7", "x", "")]


def test_identifiers_are_quoted() -> None:
    assert quoted('a"b') == '"a""b"'
