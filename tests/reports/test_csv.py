from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ghg
from ghg.issues import Issue, Severity
from ghg.numbers import parse
from ghg.reports import csv as reports

SCENARIO = Path(__file__).parent.parent.parent / "scenarios" / "kingsoft-cloud" / "2024.yaml"
LOGICAL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


@given(st.lists(st.lists(LOGICAL, min_size=2, max_size=2), max_size=4))
def test_every_cell_comes_back_with_its_guard(rows: list[list[str]]) -> None:
    assert read(reports.table(("a", "b"), rows)) == [
        ["a", "b"],
        *([reports._guard(cell) for cell in row] for row in rows),
    ]


@pytest.mark.parametrize(
    "cell", ["=1+1", "+cmd", "-cmd", "@SUM(A1)", "\tx", "\rx", "-1-2", "-", "+1.2.3", "=", "-1,234"]
)
def test_a_cell_that_a_spreadsheet_would_run_is_guarded(cell: str) -> None:
    assert read(reports.table(("a",), [[cell]]))[1] == [f"'{cell}"]


@pytest.mark.parametrize("cell", ["-1", "-0.61", "+5", "0", "a=b", "电力", "1-2", "–", "/", ""])
def test_numbers_and_plain_text_are_left_alone(cell: str) -> None:
    assert read(reports.table(("a", "b"), [[cell, "x"]]))[1] == [cell, "x"]


def test_lines_end_in_one_line_feed() -> None:
    assert reports.table(("a", "b"), [["1", "x, y"], ['"', "\r"]]) == 'a,b\n1,"x, y"\n"""","\'\r"\n'


def test_issues_keep_what_was_seen() -> None:
    seen = Issue("cell-control-character", "says", "do", "f.csv", 7, "note", "a\rb\nc", Severity.NOTE)
    header, row = read(reports.issues([seen]))
    assert dict(zip(header, row, strict=True)) == {
        "file": "f.csv", "line": "7", "column": "note", "rule": "cell-control-character", "value": "a\rb\nc",
        "message": "says", "hint": "do", "severity": "note", "key": "",
    }  # fmt: skip
    assert read(reports.issues([Issue("file-missing", "says")]))[1][1] == ""


def test_figures_statements_and_balances_are_exact() -> None:
    run = ghg.run(SCENARIO)
    header, *rows = read(reports.run(run))
    shares = ["back_calculated_share", "implied_factor_share"]
    assert header == ["figure", "label", "value", "unit", *shares, "unposted_rows"]
    values = {**run.result.figures(), **run.result.intensities()}
    assert [row[0] for row in rows] == list(values)
    assert {row[0]: parse(row[2]) for row in rows if "/" not in row[0]} == {
        name: value.amount for name, value in run.result.figures().items()
    }
    header, *rows = read(reports.balance(run.balance))
    assert header == ["match", "unit", "provenance", "derived_from", "entity", "amount_in_quanta", "rows"]
    assert sum(int(row[-1]) for row in rows) == 12
    statement = run.totals("scope", book="location")
    assert read(reports.statement(statement)) == [list(statement.columns), *statement.texts()]
    run.close()


def test_a_check_has_a_row_for_each_printed_figure() -> None:
    run = ghg.run(SCENARIO)
    found = run.check()
    header, *rows = read(reports.check(found))
    run.close()
    row = dict(zip(header, next(row for row in rows if row[0] == "scope2"), strict=True))
    assert len(rows) == len(found.findings) == 22
    assert (row["published"], row["recomputed"], row["residual"]) == ("57,638.74", "57639.350476", "-0.610476")
    assert (row["verdict"], row["within_table"]) == ("consistent", "")
