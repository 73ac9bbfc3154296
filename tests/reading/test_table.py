"""CSV read strictly: physical lines, no silent repair."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from ghg.issues import InputError, Issue
from ghg.reading import Table, read_table


class Pair(BaseModel):
    a: int
    b: str


def read(folder: Path, content: str | bytes, optional: tuple[str, ...] = ()) -> Table:
    path = folder / "file.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_table(path, "file.csv", ("a", "b"), optional)


def refused(folder: Path, content: str | bytes) -> tuple[Issue, ...]:
    with pytest.raises(InputError) as caught:
        read(folder, content).records(Pair)
    assert all(issue.file == "file.csv" and issue.hint for issue in caught.value.issues)
    return caught.value.issues


def test_cells_come_back_as_text_with_their_lines(tmp_path: Path) -> None:
    table = read(tmp_path, "a,b\n01,x\n1.10,no\n")
    assert (table.columns, table.lines) == ({"a": ["01", "1.10"], "b": ["x", "no"]}, [2, 3])


cells = st.text(st.characters(categories=("L", "N", "P", "S")), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(cells, cells), min_size=1), st.sampled_from(["\n", "\r\n", "\r"]))
def test_what_a_csv_writer_writes_reads_back_the_same(tmp_path: Path, rows: list[tuple[str, str]], end: str) -> None:
    rows = [(normalize("NFC", f"a{a}"), normalize("NFC", b)) for a, b in rows]
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=end).writerows([("a", "b"), *rows])
    table = read(tmp_path, text.getvalue())
    assert list(zip(table.columns["a"], table.columns["b"], strict=True)) == rows
    assert table.lines == list(range(2, len(rows) + 2))


def test_columns_may_stand_in_any_order_and_spaces_around_cells_fall(tmp_path: Path) -> None:
    assert read(tmp_path, " b ,a\n y , 1 \n").columns == {"b": ["y"], "a": ["1"]}


@pytest.mark.parametrize("cell", ["1.234", "1,234", "-12.500"])
@pytest.mark.parametrize("sign", [";", "|"])
def test_a_delimiter_that_leaves_open_what_a_number_is_is_refused_where_nothing_can_be_declared(
    tmp_path: Path, cell: str, sign: str
) -> None:
    [issue] = refused(tmp_path, f"a{sign}b\n{cell}{sign}x\n")
    assert (issue.rule, issue.line, issue.value) == ("dialect-undeclared", 2, cell)
    assert "with commas or tabs" in issue.hint
    assert read(tmp_path, f"a{sign}b\n0.5{sign}x\n").columns["a"] == ["0.5"]


def test_a_blank_column_in_the_middle_of_short_rows_is_refused(tmp_path: Path) -> None:
    """Which cell is missing is not known."""
    assert [issue.rule for issue in refused(tmp_path, "a,,b\n1,x\n")] == ["column-unknown"]
    assert read(tmp_path, "a,,b\n1,,x\n").columns == {"a": ["1"], "b": ["x"]}
    assert read(tmp_path, "a,b,\n1,x\n").columns == {"a": ["1"], "b": ["x"]}


def test_a_table_of_another_form_is_one_problem(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("x\n1\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_table(path, "file.csv", ("a", "b", "c", "d"))
    assert [issue.message for issue in caught.value.issues] == [
        "the columns 'a', 'b', 'c' and 'd' are missing.", "the column 'x' is not known.",
    ]  # fmt: skip


def test_an_absent_optional_column_comes_back_blank(tmp_path: Path) -> None:
    assert read(tmp_path, "a,b\n1,x\n2,y\n", ("note",)).columns["note"] == ["", ""]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_counts_the_same_lines(tmp_path: Path, end: str) -> None:
    assert read(tmp_path, end.join(["a,b", "1,x", "", "2,y"])).lines == [2, 4]


def test_blank_lines_are_not_rows(tmp_path: Path) -> None:
    table = read(tmp_path, "a,b\n\n1,x\n\n\n2,y\n\n")
    assert (table.lines, table.issues) == ([3, 6], [])


def test_a_quoted_line_break_becomes_a_space_and_lines_stay_physical(tmp_path: Path) -> None:
    table = read(tmp_path, 'a,b\n1,x\n2,"y\nz"\n3,w\n4\n')
    assert (table.lines, table.columns["b"]) == ([2, 3, 5], ["x", "y z", "w"])
    assert [(issue.rule, issue.line) for issue in table.issues] == [("row-ragged", 6)]
    assert [(note.rule, note.line, note.column) for note in table.notes] == [("character-invisible", 3, "b")]


@pytest.mark.parametrize(
    ("sign", "cell"), [("\t", "y z"), ("\u2028", "y z"), ("\u00a0", "y z"), ("\u3000", "y z"), ("\u200b", "yz")]
)
def test_what_does_not_show_is_made_plain_with_a_note(tmp_path: Path, sign: str, cell: str) -> None:
    table = read(tmp_path, f"a,b\n1,x\n2,y{sign}z\n")
    assert table.columns["b"] == ["x", cell]
    assert [(note.rule, note.line) for note in table.notes] == [("character-invisible", 3)]


@pytest.mark.parametrize("sign", ["\0", "\x07", "\x7f", "\x1b", "\u202e", "\u2066"])
def test_a_control_character_is_refused_with_its_column(tmp_path: Path, sign: str) -> None:
    (issue,) = refused(tmp_path, f"a,b\n1,x\n2,y{sign}z\n")
    assert (issue.rule, issue.line, issue.column, issue.value) == ("cell-control-character", 3, "b", f"y{sign}z")


@pytest.mark.parametrize("row", ["1", "1,x,2", "1,x,", "1;x"])
def test_a_ragged_row_is_left_out_and_listed(tmp_path: Path, row: str) -> None:
    table = read(tmp_path, f"a,b\n1,x\n{row}\n3,z\n")
    assert table.lines == [2, 4]
    assert [(issue.rule, issue.file, issue.line) for issue in table.issues] == [("row-ragged", "file.csv", 3)]


@pytest.mark.parametrize(
    ("header", "rules"),
    [
        ("a", [("column-missing", "b")]),
        ("a,b,c", [("column-unknown", "c")]),
        ("a,b,b", [("column-duplicate", "b")]),
        ("A,b", [("column-missing", "a"), ("column-unknown", "A")]),
        ("", [("file-empty", "")]),
    ],
)
def test_a_header_that_does_not_fit_is_refused(tmp_path: Path, header: str, rules: list[tuple[str, str]]) -> None:
    issues = refused(tmp_path, f"{header}\n")
    assert [(issue.rule, issue.column) for issue in issues] == rules
    assert {issue.line for issue in issues} == {1}


def test_an_unknown_column_suggests_the_nearest_known_one(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("amounts\n1\n", encoding="utf-8")
    with pytest.raises(InputError, match="Did you mean 'amount'"):
        read_table(path, "file.csv", ("amount",))


@pytest.mark.parametrize(("text", "line"), [('a,b\n1,"x\n', 2), ('a,b\n1,x\n2,"y"z\n', 3), ('"a,b\n', 1)])
def test_an_unclosed_or_misplaced_quote_is_refused_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    (issue,) = refused(tmp_path, text)
    assert (issue.rule, issue.line) == ("quote-open", line)


@pytest.mark.parametrize("cell", ["x" * 1_000_000, '"' + "x,\n" * 500_000])
def test_a_huge_cell_is_refused(tmp_path: Path, cell: str) -> None:
    (issue,) = refused(tmp_path, f"a,b\n1,{cell}\n")
    assert (issue.rule, issue.line) == ("limit-field", 2)


def test_reading_leaves_the_cell_limit_of_the_process_alone(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    read(tmp_path, "a,b\n1,x\n")
    assert csv.field_size_limit() == before


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbfa,b\n1,x\n").columns == {"a": ["1"], "b": ["x"]}


def test_a_table_that_is_not_utf8_is_refused_with_its_line(tmp_path: Path) -> None:
    (issue,) = refused(tmp_path, "a,b\n1,x\n2,汽油\n".encode("gbk"))
    assert (issue.rule, issue.line) == ("file-encoding", 3)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.csv: cannot read the file"):
        read_table(tmp_path / "none.csv", "none.csv", ("a",))


def test_rows_become_records(tmp_path: Path) -> None:
    assert read(tmp_path, "a,b\n1,x\n2,\n").records(Pair) == [Pair(a=1, b="x"), Pair(a=2, b="")]


def test_every_row_that_does_not_fit_is_listed_in_file_order(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, "a,b\none,x\n2,y\n3\nfour,z\n").records(Pair)
    assert [(issue.line, issue.column) for issue in caught.value.issues] == [(2, "a"), (4, ""), (5, "a")]
