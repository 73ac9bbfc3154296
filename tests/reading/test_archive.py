"""Sheets that programs would read differently, each its own way, and what stands above a header."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from openpyxl.styles import Font

from tests.reading.test_workbook import DAY, changed, content, notes, read, refused, sheet


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (b'<c r="D2" t="inlineStr"><is><t></t></is><is><t>kWh</t></is></c>', "holds two values"),
        (b'<c r="D2"><v>1</v><v>2</v></c>', "holds two values"),
        (b'<c r="D2" t="inlineStr"><is><t>MWh</t><t>kWh</t></is></c>', "holds two texts"),
        (b'<c r="D2" t="inlineStr"><is><x>kWh</x></is></c>', "'x' stands in 'is' near the cell D2"),
        (b'<c r="D2"><w>1</w></c>', "'w' stands in 'c' near the cell D2"),
        (b'<d r="D2"><v>1</v></d>', "'d' stands in 'row' near the cell C2"),
        (b'<c r="D2"><v>1</v></c></row><c r="A3"><v>1</v></c><row r="4">', "'c' stands in 'sheetData'"),
        (b'<c r="D2" x:t="s"><v>1</v></c>', "unbound prefix"),
    ],
)  # fmt: skip
def test_a_cell_that_programs_read_differently_is_refused(tmp_path: Path, made: bytes, says: str) -> None:
    book, _ = sheet([1, DAY, 100, "kWh"])
    whole = changed(book, lambda _, part: re.sub(rb'<c r="D2".*?</c>', made, part))
    assert whole != content(book)
    assert says in refused(tmp_path, whole).message


def test_rich_text_is_one_text(tmp_path: Path) -> None:
    book, _ = sheet([1, DAY, 100, "kWh"])
    rich = b'<c r="D2" t="inlineStr"><is><r><t>kW</t></r><r><t>h</t></r><phoneticPr fontId="1"/></is></c>'
    whole = changed(book, lambda _, part: re.sub(rb'<c r="D2".*?</c>', rich, part))
    assert read(tmp_path, whole).columns["unit"] == ["kWh"]


def test_what_stands_above_the_header_is_told(tmp_path: Path) -> None:
    book, made = sheet([1, DAY, 100, "kWh"])
    made.insert_rows(1)
    made["A1"].value, made["C1"].value = "lost", 999
    table = read(tmp_path, book)
    assert notes(table) == ["header-detected"]
    assert table.notes[0].message == "the header was found in row 2; the rows above it were not read."
    assert "{header_row: 2}" in table.notes[0].hint


def test_a_number_beyond_any_is_refused_in_every_column(tmp_path: Path) -> None:
    book, _ = sheet([4711, DAY, 100, "kWh"])
    whole = changed(book, lambda _, part: part.replace(b"<v>4711</v>", b"<v>1E400</v>"))
    assert [issue.rule for issue in read(tmp_path, whole).issues] == ["number-not-finite"]


def test_cells_that_are_struck_through_are_told(tmp_path: Path) -> None:
    book, made = sheet([1, DAY, 100, "kWh"], [2, DAY, 5, "kWh"])
    made["C3"].font = Font(strike=True)
    table = read(tmp_path, book)
    assert (table.columns["amount"], notes(table)) == (["100", "5"], ["cells-struck"])
    assert "the first is C3" in table.notes[0].message


def test_rows_of_spaces_alone_are_passed_over_and_told(tmp_path: Path) -> None:
    book, _ = sheet([1, DAY, 100, "kWh"], [" ", None, None, " "], [2, DAY, 5, "kWh"])
    table = read(tmp_path, book)
    assert (table.lines, notes(table)) == ([2, 4], ["row-blank"])
