"""JSON lists of records."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ghg.issues import InputError, Issue
from ghg.reading import Manner, Reading, Table, read_table

MANNER = Manner("t.json", Reading(), ("b",))


def read(folder: Path, text: str) -> Table:
    (folder / "t.json").write_text(text, encoding="utf-8")
    return read_table(folder / "t.json", "t.json", ("a", "b"), ("c",), MANNER)


def refused(folder: Path, text: str) -> Issue:
    with pytest.raises(InputError) as caught:
        read(folder, text)
    return caught.value.issues[0]


def test_numbers_keep_the_digits_they_are_written_with(tmp_path: Path) -> None:
    text = '[{"a": "x", "b": 0.10},\n {"a": "y", "b": 12345678901234567890},\n\n {"b": 1e2, "a": null}]'
    table = read(tmp_path, text)
    assert table.columns == {"a": ["x", "y", ""], "b": ["0.10", "12345678901234567890", "1e2"], "c": ["", "", ""]}
    assert table.lines == [1, 2, 4]


def test_words_for_no_number_stay_words(tmp_path: Path) -> None:
    table = read(tmp_path, '[{"a": true, "b": NaN}, {"a": false, "b": -Infinity}, {"a": "", "b": "1"}]')
    assert table.columns["b"] == ["NaN", "-Infinity", "1"]
    assert table.columns["a"] == ["true", "false", ""]


def test_a_missing_key_is_a_blank_cell(tmp_path: Path) -> None:
    assert read(tmp_path, '[{"a": "x", "b": 1}, {"b": 2}]').columns["a"] == ["x", ""]


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ('[{"a": 1, "a": 2, "b": 3}]', "column-duplicate", 1),
        ('{"a": 1}', "json-syntax", 1),
        ('[{"a": 1, "b": 2}', "json-syntax", 1),
        ('[{"a": 1, "b": 2},\n{"a": 1,}]', "json-syntax", 2),
        ('[{"a": 1, "b": 2}] x', "json-syntax", 1),
        ("[1]", "json-syntax", 1),
        ('["a"]', "json-syntax", 1),
        ('[{"a": 01, "b": 2}]', "json-syntax", 1),
        ('[{"a": "tab\there", "b": 2}]', "json-syntax", 1),
        ("[" * 5000, "limit-nesting", 1),
        ('[{"a": ' + "[" * 5000, "limit-nesting", 1),
        ('[{"x": 1, "b": 2}]', "column-missing", 1),
        ("", "file-empty", 1),
        ("[]", "column-missing", 1),
    ],
)
def test_what_is_no_list_of_records_is_refused(tmp_path: Path, text: str, rule: str, line: int) -> None:
    issue = refused(tmp_path, text)
    assert (issue.rule, issue.line) == (rule, line)
    assert issue.hint


def test_a_nested_value_leaves_its_record_out(tmp_path: Path) -> None:
    table = read(tmp_path, '[{"a": "x", "b": 1},\n{"a": {"y": 1}, "b": 2}]')
    assert [(issue.rule, issue.line, issue.column) for issue in table.issues] == [("value-nested", 2, "a")]
    assert (table.lines, table.unread) == ([1], 1)


cells = st.text(st.characters(categories=("L", "N", "P", "S")), max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(cells, st.integers()), min_size=1), st.sampled_from([None, 1]))
def test_what_a_json_writer_writes_reads_back(tmp_path: Path, rows: list[tuple[str, int]], indent: int | None) -> None:
    text = json.dumps([{"a": a, "b": b} for a, b in rows], indent=indent)
    table = read(tmp_path, text)
    assert table.columns["b"] == [str(b) for _, b in rows]
    assert len(table.lines) == len(rows)
