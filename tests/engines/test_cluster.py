"""Apache Spark with worker processes of its own: the result of the embedded engine to the byte, and its problems."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import ghg
from ghg.engines.cluster import literal, of_master, place
from ghg.evidence import save_ledger
from ghg.issues import GhgError, InputError
from ghg.reports.documents import run_document
from ghg.testing.law import Outcome
from tests.test_equality import GOOD, group, inventory, parts, shuffled, told

ROOT = Path(__file__).parents[2]
MASTER = "local-cluster[2,1,1024]"
FAULTS: dict[int, dict[str, str]] = {
    5: {"unit": "ton"}, 9: {"amount": "x"}, 11: {"id": "r3"}, 20: {"region": "Mars"}, 31: {"id": "Total"},
    40: {"amount": "-3"}, 41: {"start": "2021-01-01"}, 50: {"id": ""}, 51: {"id": " r4"}, 60: {"amount": "1e3"},
    70: {"unit": "MWh ", "entity": ""}, 399: {"amount": "12345678901234567890"},
}  # fmt: skip


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """A session on a cluster of two workers."""
    pytest.importorskip("pyspark", reason="Apache Spark is not installed: ghg[spark]")
    if not shutil.which("java") and not os.environ.get("JAVA_HOME"):
        pytest.skip("Apache Spark needs Java, which is not on this machine")
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false", "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1",
        "spark.sql.shuffle.partitions": "3", "spark.sql.ansi.enabled": "false", "spark.log.level": "OFF",
        "spark.ui.showConsoleProgress": "false", "spark.sql.files.maxPartitionBytes": "20000",
    }  # fmt: skip
    session = SparkSession.builder.master(MASTER).config(map=settings).getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("text")
    GOOD.write_csv(folder / "rows.csv")
    return told(inventory(folder))


def spoilt() -> pl.DataFrame:
    rows = GOOD.to_dicts()
    for n, change in FAULTS.items():
        rows[n] |= change
    return pl.DataFrame(rows)


def issues(path: Path, *, named: bool = True, **asked: Any) -> list[tuple[object, ...]]:
    """The problems of rows that are wrong, by place or without one."""
    with pytest.raises(InputError) as caught:
        ghg.run(path, **asked)
    found = caught.value.issues
    return sorted((issue.rule, issue.message, issue.hint, *((issue.place,) if named else ())) for issue in found)


def test_tables_of_an_inventory_give_the_same_bytes(tmp_path: Path, spark: Any, expected: Any) -> None:
    parts(tmp_path, 130, 2)
    path = inventory(tmp_path, "rows")
    with closing(ghg.run(path)) as one, closing(ghg.run(path, engine="spark")) as two:
        assert one.result.digest == expected[0]
        assert run_document(one).model_dump_json() == run_document(two).model_dump_json()
        assert one.balance.by(("entity",)).lines == two.balance.by(("entity",)).lines
        assert one.explain(scope=2).lines == two.explain(scope=2).lines
    assert spark.conf.get("spark.sql.ansi.enabled") == "false"


def test_tables_of_a_group_give_the_same_bytes(tmp_path: Path, spark: Any) -> None:
    parts(tmp_path, 130, 2)
    path = group(tmp_path, "rows")
    with closing(ghg.run(path)) as one, closing(ghg.run(path, engine="spark")) as two:
        assert one.balance.outside
        assert run_document(one).model_dump_json() == run_document(two).model_dump_json()
    with pytest.raises(GhgError, match="instruments, entities and days cut off need every row of a frame"):
        ghg.run(path, activity=spark.createDataFrame(GOOD.to_arrow()))


def test_problems_are_those_of_the_embedded_engine(tmp_path: Path, spark: Any) -> None:
    (tmp_path / "rows").mkdir()
    bad = spoilt()
    bad[:250].write_parquet(tmp_path / "rows/a b.parquet", row_group_size=40)
    bad[250:].write_parquet(tmp_path / "rows/c.parquet", row_group_size=40)
    path = inventory(tmp_path, "rows")
    here = issues(path)
    assert len(here) == len(FAULTS) - 1  # an exponent is no fault
    assert issues(path, engine="spark") == here
    frame = spark.read.parquet(str(tmp_path / "rows"))
    with_places = issues(path, activity=frame)
    assert {str(found[-1]).partition("rows/")[2] for found in with_places} == {
        str(found[-1]).partition("rows/")[2] for found in here
    }
    assert [found[:3] for found in with_places] == [found[:3] for found in here]
    # Rows that are stored nowhere are named by their ids.
    stored_nowhere = spark.createDataFrame(bad.to_arrow()).repartition(3)
    assert issues(path, named=False, activity=stored_nowhere) == issues(path, named=False)
    with pytest.raises(InputError, match=r"id r5: unit: the unit 'ton'"):
        ghg.run(path, activity=stored_nowhere)


def test_numbers_of_any_type_in_several_tables(tmp_path: Path, spark: Any) -> None:
    assert spark
    cells = pl.int_range(0, 400, eager=True)
    amounts = {
        "double": cells / 8 + 0.1, "whole": cells, "float": (cells / 4).cast(pl.Float32),
        "decimal": pl.Series([Decimal(n) / 1000 for n in range(400)], dtype=pl.Decimal(20, 3)),
        "text": pl.Series(["900000000000"] * 400),
    }  # fmt: skip
    for name, amount in amounts.items():
        table = GOOD.with_columns(amount.alias("amount"), pl.lit("b").alias("entity"), id=pl.lit(name) + pl.col("id"),
                                  start=pl.col("start").str.to_date())  # fmt: skip
        if name == "whole":
            table = table.with_columns(id=10**9 + cells)
        table.write_parquet(tmp_path / f"{name}.parquet")
    path = inventory(tmp_path, ", ".join(f"{name}.parquet" for name in amounts))
    assert told(path, engine="spark") == told(path)


def test_frames_of_a_cluster_and_frames_sent_there(tmp_path: Path, spark: Any, expected: Any) -> None:
    path = inventory(tmp_path)
    frame = spark.createDataFrame(shuffled(GOOD, 1).to_arrow()).repartition(3)
    with closing(ghg.run(path, activity=frame)) as run:
        assert run.result.digest == expected[0]
        assert any("r" in line and "MWh" in line for line in run.explain(scope=2).lines)
        folder = run.save(tmp_path / "evidence")
        with pytest.raises(GhgError, match="the posted ledger needs every row"):
            save_ledger(run, tmp_path / "ledger.parquet")
    assert "frame:pyspark.DataFrame" in (folder / "inputs.csv").read_text(encoding="utf-8")
    assert told(path, activity=frame, engine="duckdb") == expected
    assert told(path, activity=GOOD, engine="spark") == expected


def test_the_law_of_engines_holds_on_spark(spark: Any) -> None:
    from ghg.testing.laws_of_results import engines_agree
    from ghg.testing.own import OWN, on_spark

    assert engines_agree.check(on_spark(OWN, spark), examples=2).outcome is Outcome.HOLDS


def test_the_guide_does_what_it_says(tmp_path: Path, spark: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert spark
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / "how-to" / "run-on-spark.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```py\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    exec(compile(block, "run-on-spark.md", "exec"), {})  # noqa: S102 - the page of this repository


def test_what_spark_does_not_read_is_said(tmp_path: Path, spark: Any) -> None:
    import duckdb

    with duckdb.connect(str(tmp_path / "rows.duckdb")) as database:
        database.register("good", GOOD)
        database.execute("CREATE TABLE activity AS SELECT * FROM good")
    with pytest.raises(GhgError, match="is no table that Spark reads"):
        ghg.run(inventory(tmp_path, "rows.duckdb#activity"), engine="spark")
    empty = spark.createDataFrame(GOOD.head(1).to_arrow()).filter("id = 'none'")
    with pytest.raises(InputError, match="no rows"):
        ghg.run(inventory(tmp_path), activity=empty)
    with pytest.raises(InputError, match="'unit' is missing"):
        ghg.run(inventory(tmp_path), activity=spark.createDataFrame(GOOD.drop("unit").to_arrow()))


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    for name in [name for name in sys.modules if name.partition(".")[0] == "pyspark"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(GhgError, match=r"pip install 'ghg\[spark\]'"):
        of_master()


def test_a_place_is_counted_over_the_files() -> None:
    assert place((), 40) == "CAST(0 AS BIGINT)"
    assert place(("a'b", "c\\d"), 2).startswith("(CAST(array_position(array('a\\'b', 'c\\\\d'), ghg_file) - 1")
    assert literal("'") == "'\\''"
