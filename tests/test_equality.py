"""One result whatever the rows come in: frames, text, columns, databases; any order, cut or number of threads."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

import ghg
from ghg import frames
from ghg.engines import delimited
from tests.engines.servers import connect, postgresql
from tests.engines.test_delimited import INVENTORY
from tests.instruments.small import CONTRACT, INSTRUMENT
from tests.instruments.small import table as table_of

ROWS = 400
ACTIVITIES = (("purchased_electricity", "MWh"), ("purchased_electricity", "kWh"), ("diesel_stationary", "MWh_net"))


def rows(seed: int = 7) -> pl.DataFrame:
    """Rows of three activities in three regions over a year; amounts of few and of many digits, some too fine."""
    choice = random.Random(seed)  # noqa: S311 - rows that can be made again
    made = []
    for n in range(ROWS):
        activity, unit = choice.choice(ACTIVITIES)
        month, digits = choice.randint(1, 12), choice.randint(0, 8)
        amount = f"{choice.randint(0, 10**9)}" + (f".{choice.randint(0, 10**digits):0{digits}d}" if digits else "")
        made.append({
            "id": f"r{n}", "entity": choice.choice("ab"), "site": choice.choice(["", "x"]), "activity": activity,
            "region": choice.choice(["CN", "CN-BJ", "CN-SH"]), "start": f"2022-{month:02d}-01",
            "end": f"2022-{month:02d}-28", "amount": amount, "unit": unit,
            "provenance": choice.choice(["measured", "estimated"]),
        })  # fmt: skip
    return pl.DataFrame(made)


GOOD = rows()


def inventory(folder: Path, table: str = "rows.csv") -> Path:
    text = INVENTORY.replace("rows.csv", table) + "dimensions: [entity, site]\n"
    (folder / "inventory.yaml").write_text(text, encoding="utf-8")
    return folder / "inventory.yaml"


def told(path: Path, **asked: Any) -> tuple[str, list[Any]]:
    """The digest of a run and its balance: what has to be the same."""
    with closing(ghg.run(path, **asked)) as run:
        lines = run.balance.by(("provenance", "entity", "site")).lines
        matches = [run.plan.matches[line.match].activity for line in lines]
        sums: dict[Any, list[int]] = {}
        for match, line in zip(matches, lines, strict=True):
            found = sums.setdefault((match, *line.dimensions), [0, 0, 0])
            for n, value in enumerate((line.amount, line.width, line.rows)):
                found[n] += value
        return run.result.digest, sorted(sums.items())


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[Any]]:
    """What the strict reader makes of the rows as text."""
    folder = tmp_path_factory.mktemp("text")
    GOOD.write_csv(folder / "rows.csv")
    return told(inventory(folder), engine="python")


def shuffled(frame: pl.DataFrame, seed: int) -> pl.DataFrame:
    return frame.sample(fraction=1, shuffle=True, seed=seed)


FRAMES: dict[str, Callable[[pl.DataFrame], Any]] = {
    "polars": lambda frame: frame,
    "pandas": lambda frame: frame.to_pandas(),
    "pandas with categories": lambda frame: frame.to_pandas().astype({"activity": "category", "unit": "category"}),
    "arrow": lambda frame: frame.to_arrow(),
    "arrow in chunks": lambda frame: pl.concat([frame[:7], frame[7:]], rechunk=False).to_arrow(),
    "duckdb": lambda frame: duckdb.from_arrow(frame.to_arrow()),
}


@pytest.mark.parametrize("large", [0, 10**6], ids=["in place", "as text"])
@pytest.mark.parametrize("kind", FRAMES)
def test_frames(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected: Any, kind: str, large: int
) -> None:  # fmt: skip
    monkeypatch.setattr(frames, "LARGE", large)
    assert told(inventory(tmp_path), activity=FRAMES[kind](shuffled(GOOD, large))) == expected


@pytest.mark.parametrize("threads", [1, 2, 3, 4])
def test_text_in_columns_by_any_number_of_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected: Any, threads: int
) -> None:
    shuffled(GOOD, threads).write_csv(tmp_path / "rows.csv")
    assert told(inventory(tmp_path), threads=threads) == expected
    monkeypatch.setattr(delimited, "LARGE", 0)
    assert told(inventory(tmp_path), threads=threads) == expected


def parts(folder: Path, size: int, seed: int) -> None:
    """The rows as several files of small row groups."""
    (folder / "rows").mkdir(parents=True)
    mixed = shuffled(GOOD, seed)
    for n, start in enumerate(range(0, ROWS, size)):
        mixed[start : start + size].write_parquet(folder / f"rows/part-{n:02d}.parquet", row_group_size=size // 3)


@pytest.mark.parametrize(("size", "table"), [(50, "rows"), (130, "rows/part-*.parquet"), (ROWS, "rows")])
def test_columns_in_files_however_they_are_cut(tmp_path: Path, expected: Any, size: int, table: str) -> None:
    parts(tmp_path, size, size)
    assert {str(told(inventory(tmp_path, table), threads=threads)) for threads in (1, 2, 4, 4)} == {str(expected)}


def test_partitions_and_several_tables(tmp_path: Path, expected: Any) -> None:
    for name in "ab":
        (tmp_path / f"rows/entity={name}").mkdir(parents=True)
        GOOD.filter(pl.col("entity") == name).drop("entity").write_parquet(tmp_path / f"rows/entity={name}/one.parquet")
    assert told(inventory(tmp_path, "rows")) == expected
    GOOD[:100].write_csv(tmp_path / "first.csv")
    GOOD[100:250].write_parquet(tmp_path / "second.parquet")
    GOOD[250:].write_parquet(tmp_path / "third.parquet")
    assert told(inventory(tmp_path, "first.csv, second.parquet, third.parquet")) == expected


def test_a_table_of_a_duckdb_file(tmp_path: Path, expected: Any) -> None:
    mixed = shuffled(GOOD, 3)
    with duckdb.connect(str(tmp_path / "rows.duckdb")) as database:
        database.register("mixed", mixed)
        database.execute("CREATE TABLE activity AS SELECT * FROM mixed")
    assert told(inventory(tmp_path, "rows.duckdb#activity")) == expected


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, str]]:
    with postgresql() as at:
        yield at


def test_a_table_of_a_postgresql_server(
    tmp_path: Path, server: dict[str, str], monkeypatch: pytest.MonkeyPatch, expected: Any
) -> None:
    columns = ", ".join(f'"{name}" text' for name in GOOD.columns)
    with closing(connect(server)) as at:
        at.execute(f"CREATE TABLE rows ({columns})")
        with at.cursor().copy("COPY rows FROM STDIN (FORMAT csv)") as copy:
            copy.write(shuffled(GOOD, 5).write_csv(include_header=False))
    for name, value in server.items():
        monkeypatch.setenv(name, value)
    assert told(inventory(tmp_path, "postgresql#rows")) == expected


def test_documents_are_the_same_run_by_run(tmp_path: Path) -> None:
    from ghg.reports.documents import run_document

    parts(tmp_path, 50, 1)
    documents = set()
    for threads in (1, 2, 4, 4):
        with closing(ghg.run(inventory(tmp_path, "rows"), threads=threads)) as run:
            documents.add(run_document(run).model_dump_json())
    assert len(documents) == 1


HOLDINGS = """\
entity,parent,type,equity_share,financial_control,operational_control,valid_to
a,generated,subsidiary,1,yes,yes,
b,generated,subsidiary,0.6,yes,yes,2022-11-15
"""
SHARES = """\
cut_off: pro_rata
entities: [entities.csv]
instruments: {tables: [instruments.csv]}
sources:
  letter: {title: Letter, publisher: Generator, edition: "2022", published: "2023", licence: own, retrieved: 2023-03-01}
"""


def group(folder: Path, table: str = "rows.csv") -> Path:
    """The inventory of a group: of what it holds of entities, with instruments, over the days from 10 January on."""
    path = inventory(folder, table)
    text = path.read_text(encoding="utf-8").replace("not_stated", "equity_share").replace("2022-01-01", "2022-01-10")
    path.write_text(text + SHARES, encoding="utf-8")
    (folder / "entities.csv").write_text(HOLDINGS, encoding="utf-8")
    bought = [
        {"beneficiary": "generated", "amount": "1000000000"}, {"beneficiary": "b", "amount": "70", "market": "CN-BJ"},
        CONTRACT | {"beneficiary": "a", "amount": "500000", "vintage_start": "2022-04-01"},
    ]  # fmt: skip
    (folder / "instruments.csv").write_text(table_of(bought, INSTRUMENT), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[Any]]:
    """What the strict reader makes of the rows of a group."""
    folder = tmp_path_factory.mktemp("shared")
    GOOD.write_csv(folder / "rows.csv")
    return told(group(folder), engine="python")


def test_rows_of_a_group_in_frames_and_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected: Any, shared: Any
) -> None:
    assert shared[0] != expected[0]
    path = group(tmp_path)
    GOOD.write_csv(tmp_path / "rows.csv")
    monkeypatch.setattr(delimited, "LARGE", 0)
    monkeypatch.setattr(frames, "LARGE", 0)
    assert told(path) == shared
    for kind, threads in (("polars", 1), ("pandas with categories", 2), ("arrow in chunks", 3)):
        assert told(path, activity=FRAMES[kind](shuffled(GOOD, threads)), threads=threads) == shared
    parts(tmp_path, 50, 3)
    assert told(group(tmp_path, "rows")) == shared
    GOOD[:250].write_parquet(tmp_path / "first.parquet")
    GOOD[250:].write_parquet(tmp_path / "second.parquet")
    assert told(group(tmp_path, "first.parquet, second.parquet")) == shared
