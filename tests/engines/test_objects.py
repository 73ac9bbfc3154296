"""Columns of Python objects: each cell keeps its digits, whatever the others of the column are."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ghg.engines import Engine, as_text
from ghg.issues import GhgError, InputError


def texts(frame: pd.DataFrame, column: str = "amount") -> list[str]:
    """A column as the engine sees it."""
    engine = Engine()
    try:
        with engine.scanning(frame) as types:
            return [row[0] for row in engine.rows(f"SELECT {as_text(column, types[column])} FROM scanned")]
    finally:
        engine.close()


def frame_of(*cells: Any) -> pd.DataFrame:
    return pd.DataFrame({"amount": pd.Series(cells, dtype=object)})


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (0.5, "0.5"), ("0.5", "0.5"), (Decimal("0.50"), "0.50"), (Decimal("1E-10"), "1E-10"), (10**25, str(10**25)),
        (np.float32(0.1), "0.1"), (np.int8(3), "3"), (1e-07, "1e-07"), (True, "True"), (None, ""), (float("nan"), ""),
        (pd.NA, ""), (pd.NaT, ""), (float("inf"), "inf"), (date(2024, 2, 29), "2024-02-29"),
        (pd.Timestamp("2024-02-29").to_pydatetime(), "2024-02-29"), (pd.Timestamp("2024-02-29"), "2024-02-29"),
        ("ten", "ten"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("other", [10, 1.5, Decimal("1.5"), "10"])
def test_a_cell_among_cells_of_another_type_keeps_its_digits(cell: Any, text: str, other: Any) -> None:
    found = texts(frame_of(*[other] * 20, cell, *[other] * 20))
    assert found.pop(20) == text
    assert set(found) == {str(other)}


@pytest.mark.parametrize("cell", [[1], {}, b"10", 1j, datetime(2024, 1, 1, tzinfo=UTC), object()])
def test_a_cell_of_another_kind_is_named(cell: Any) -> None:
    with pytest.raises(InputError) as caught:
        texts(frame_of(10, cell))
    [issue] = caught.value.issues
    assert (issue.rule, issue.line, issue.column) == ("column-type", 2, "amount")


def test_text_alone_and_typed_columns_stay_as_they_are() -> None:
    assert texts(frame_of("10", None, "0.5")) == ["10", "", "0.5"]
    assert texts(pd.DataFrame({"amount": [0.1, 2]})) == ["0.1", "2.0"]
    assert texts(frame_of("10", 0.5).set_index(pd.Index([1, 1]))) == ["10", "0.5"]


@pytest.mark.parametrize("names", [["amount", "amount"], ["amount", "Amount"]])
def test_columns_of_one_name_are_refused(names: list[str]) -> None:
    frame = pd.DataFrame([["1", "2"]], columns=names)
    with pytest.raises(InputError, match="more than once"):
        texts(frame)


def test_what_is_no_frame_is_refused_in_plain_words() -> None:
    things: list[Any] = [{}, 5, "x.csv", frame_of("1").groupby("amount")]
    for thing in things:
        with pytest.raises(GhgError, match=r"as a frame; give a pandas, Polars or Arrow frame\.$"):
            texts(thing)


@pytest.mark.parametrize("threads", [0, -1, 1.5, "2", True, 10**6])
def test_threads_are_a_whole_number_that_a_machine_can_start(threads: Any) -> None:
    with pytest.raises(GhgError, match="from 1 to 1024"):
        Engine(threads)


def test_a_database_that_was_freed_says_so() -> None:
    engine = Engine()
    engine.close()
    engine.close()
    with pytest.raises(GhgError, match="were freed"):
        engine.rows("SELECT 1")
