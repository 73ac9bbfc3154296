"""Publishers' files as text: nothing is rounded, nothing is guessed, every fault is said with its file."""

from __future__ import annotations

import contextlib
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghg.catalogue.importers.cells import Cell, Edition, Sheet, read_sheets, refuse
from ghg.issues import InputError, Issue


def test_a_csv_file_is_one_sheet_of_stripped_text(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(' x ,"1,5"\n0.50\n', encoding="utf-8")
    assert read_sheets(tmp_path / "a.csv", "a.csv") == [Sheet("", [["x", "1,5"], ["0.50"]])]


def test_a_spreadsheet_keeps_its_sheets_and_blank_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    book.create_sheet("One").append(["label", None, 0.1 + 0.2, 7, True])
    book.create_sheet("Two").append(["0.50"])
    book.save(tmp_path / "a.xlsx")
    one, two = read_sheets(tmp_path / "a.xlsx", "a.xlsx")
    assert (one.name, list(one.rows)) == ("One", [["label", "", "0.3", "7", "True"]])
    assert (two.name, list(two.rows)) == ("Two", [["0.50"]])


@pytest.mark.parametrize(
    ("name", "content", "rule", "message"),
    [
        ("a.csv", None, "file-missing", ""),
        ("a.xlsx", None, "file-missing", "does not exist"),
        ("a.xls", b"", "file-missing", "not a format an importer reads"),
        ("a", b"", "file-missing", "a file without an ending"),
        ("a.csv", b'"never closed', "row-ragged", "cannot read the row"),
        ("a.csv", b"\xff\xfe", "file-encoding", ""),
        ("a.xlsx", b"no workbook", "file-encoding", "not a readable XLSX file"),
        ("a.xlsx", b"", "file-encoding", "not a readable XLSX file"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_file(
    tmp_path: Path, name: str, content: bytes | None, rule: str, message: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_sheets(tmp_path / name, name)
    (issue,) = caught.value.issues
    assert (issue.rule, issue.file) == (rule, name)
    assert message in issue.message


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(InputError, match="not a readable XLSX file"):
        read_sheets(tmp_path / "a.xlsx", "a.xlsx")


def workbook() -> bytes:
    out = io.BytesIO()
    book = openpyxl.Workbook()
    book.worksheets[0].append(["label", 1.5])
    book.save(out)
    return out.getvalue()


WORKBOOK = workbook()


@given(st.dictionaries(st.integers(0, len(WORKBOOK) - 1), st.integers(0, 255), max_size=8), st.booleans())
def test_a_workbook_with_broken_bytes_is_read_or_refused_and_never_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, broken: dict[int, int], is_cut: bool
) -> None:
    content = bytearray(WORKBOOK)
    for place, byte in broken.items():
        content[place] = byte
    path = tmp_path_factory.mktemp("broken") / "a.xlsx"
    path.write_bytes(content[: len(content) // 2] if is_cut else content)
    with contextlib.suppress(InputError):
        read_sheets(path, "a.xlsx")


def test_a_problem_names_the_cell_and_what_stands_in_it() -> None:
    cell = Cell("k", ("Fuels",), "litres", "kg CO2e", "2.5x", "flat file ID 1_2_3_4", "flat.csv", 7, "D")
    issue = cell.issue("not a number.", "Write a number.")
    assert (issue.rule, issue.file, issue.line, issue.column, issue.value) == (
        "import-unknown", "flat.csv", 7, "D", "2.5x",
    )  # fmt: skip


def test_problems_are_raised_together_and_none_is_no_problem() -> None:
    refuse([])
    with pytest.raises(InputError) as caught:
        refuse(Issue("import-unknown", text) for text in ("one", "two"))
    assert [issue.message for issue in caught.value.issues] == ["one", "two"]


def test_the_verification_of_a_row_is_its_own_or_that_of_the_edition() -> None:
    edition = Edition("s", "", "", "verified: one source", {"s:a": "verified: two independent sources"})
    assert edition.verification_of("s:a") == "verified: two independent sources"
    assert edition.verification_of("s:b") == "verified: one source"
