"""Tables scanned in place: what columns, types and folders leave open is refused; nothing is cast or dropped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import ghg
from ghg.issues import InputError
from ghg.runs import Run
from tests.engines.test_delimited import INVENTORY

GOOD: dict[str, Any] = {
    "id": ["a", "b"], "entity": ["e"] * 2, "activity": ["purchased_electricity"] * 2, "region": ["CN"] * 2,
    "start": ["2022-01-01"] * 2, "end": ["2022-12-31"] * 2, "amount": ["1.25"] * 2, "unit": ["MWh"] * 2,
    "provenance": ["measured"] * 2,
}  # fmt: skip


def run_of(folder: Path, files: Mapping[str, dict[str, Any]], path: str = "rows") -> Run:
    """The run of Parquet files, each given as what differs from good columns; a column of none is left out."""
    for name, change in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        columns = {column: cells for column, cells in (GOOD | change).items() if cells is not None}
        pl.DataFrame(columns, strict=False).write_parquet(folder / name)
    (folder / "inventory.yaml").write_text(INVENTORY.replace("rows.csv", path), encoding="utf-8")
    return ghg.run(folder / "inventory.yaml")


def refused(folder: Path, files: Mapping[str, dict[str, Any]], path: str = "rows") -> list[tuple[str, str]]:
    with pytest.raises(InputError) as caught:
        run_of(folder, files, path)
    return [(issue.rule, issue.file.removeprefix(f"{folder}/")) for issue in caught.value.issues]


B: dict[str, Any] = {"id": ["c", "d"]}


@pytest.mark.parametrize(
    ("one", "other", "rule", "file"),
    [
        ({"amount": [1, 2]}, {"amount": [1.5, 2.5]}, "column-type", "rows/b.parquet"),
        ({"amount": pl.Series([Decimal("1.5")] * 2, dtype=pl.Decimal(10, 1))},
         {"amount": pl.Series([Decimal("1.2345")] * 2, dtype=pl.Decimal(10, 4))}, "column-type", "rows/b.parquet"),
        ({"amount": [1.5, 2.5]}, {"amount": ["x", "1e3"]}, "column-type", "rows/b.parquet"),
        ({"entry": ["original"] * 2}, {}, "column-missing", "rows/b.parquet"),
        ({}, {"entry": ["correction"] * 2}, "column-missing", "rows/a.parquet"),
        ({}, {"unit": None}, "column-missing", "rows/b.parquet"),
        ({}, {"amount": None, "Amount": ["5", "5"]}, "column-missing", "rows/b.parquet"),
    ],
)  # fmt: skip
def test_files_of_a_folder_that_differ_are_refused(
    tmp_path: Path, one: dict[str, Any], other: dict[str, Any], rule: str, file: str
) -> None:
    assert (rule, file) in refused(tmp_path, {"rows/a.parquet": one, "rows/b.parquet": B | other})


def test_the_order_of_columns_may_differ(tmp_path: Path) -> None:
    run = run_of(tmp_path, {"rows/a.parquet": {}, "rows/b.parquet": B})
    pl.read_parquet(tmp_path / "rows/b.parquet").select(*reversed(GOOD)).write_parquet(tmp_path / "rows/b.parquet")
    again = ghg.run(tmp_path / "inventory.yaml")
    assert run.result.digest == again.result.digest
    run.close()
    again.close()


def test_a_partition_that_its_file_contradicts_is_refused(tmp_path: Path) -> None:
    run_of(tmp_path, {"rows/entity=e/a.parquet": {}}).close()
    found = refused(tmp_path, {"rows/entity=e/a.parquet": {"entity": ["e", "f"]}})
    assert found == [("column-duplicate", "rows/entity=e/a.parquet")]


@pytest.mark.parametrize(
    "change",
    [
        {"unit": [["MWh"]] * 2},
        {"entity": [{"name": "e"}] * 2},
        {"unit": [b"MWh"] * 2},
        {"start": [datetime(2022, 1, 1, tzinfo=UTC)] * 2},
    ],
)
def test_a_type_that_leaves_its_cells_open_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    assert refused(tmp_path, {"rows.parquet": change}, "rows.parquet") == [("column-type", "rows.parquet")]


@pytest.mark.parametrize(
    ("amounts", "rule"),
    [
        ([1.0, float("nan")], "number-not-finite"),
        ([1.0, float("-inf")], "number-not-finite"),
        ([1.0, None], "value-missing"),
    ],
)
def test_an_amount_that_is_no_number_is_refused(tmp_path: Path, amounts: list[float], rule: str) -> None:
    assert refused(tmp_path, {"rows.parquet": {"amount": amounts}}, "rows.parquet") == [(rule, "rows.parquet")]


def test_a_table_without_rows_is_refused(tmp_path: Path) -> None:
    empty = {name: pl.Series([], dtype=pl.String) for name in GOOD}
    assert refused(tmp_path, {"rows.parquet": empty}, "rows.parquet") == [("file-empty", "rows.parquet")]


@pytest.mark.parametrize("other", ["more.csv", "_delta_log/0.json"])
def test_a_folder_that_leaves_open_what_counts_is_refused(tmp_path: Path, other: str) -> None:
    (tmp_path / "rows" / other).parent.mkdir(parents=True)
    (tmp_path / "rows" / other).write_text("id\n", encoding="utf-8")
    assert [rule for rule, _ in refused(tmp_path, {"rows/a.parquet": {}})] == ["folder-unclear"]


def test_endings_may_be_written_in_capitals(tmp_path: Path) -> None:
    run = run_of(tmp_path, {"rows/a.parquet": {}, "rows/b.PARQUET": B})
    assert run.balance.posted == 4
    run.close()


@pytest.mark.parametrize(
    "declared", ["reading: {rows: {decimal: ','}}", "methods: {rows: stationary_combustion.energy}"]
)
def test_what_is_declared_of_a_table_scanned_in_place_is_refused(tmp_path: Path, declared: str) -> None:
    run_of(tmp_path, {"rows/a.parquet": {}}).close()
    with (tmp_path / "inventory.yaml").open("a", encoding="utf-8") as file:
        file.write(declared)
    with pytest.raises(InputError, match="'rows' is scanned in place"):
        ghg.run(tmp_path / "inventory.yaml")


def test_bytes_that_are_damaged_are_a_problem_of_their_file(tmp_path: Path) -> None:
    """The footer is whole, and the rows it speaks of are not."""
    run_of(tmp_path, {"rows/a.parquet": {}}).close()
    path = tmp_path / "rows" / "a.parquet"
    whole = path.read_bytes()
    path.write_bytes(whole[:4] + bytes(len(whole) // 3) + whole[4 + len(whole) // 3 :])
    with pytest.raises(InputError) as caught:
        ghg.run(tmp_path / "inventory.yaml")
    [issue] = caught.value.issues
    assert (issue.rule, issue.file.removeprefix(f"{tmp_path}/")) == ("file-kind", "rows/a.parquet")
    assert str(tmp_path) not in issue.message.replace(issue.file, "")
