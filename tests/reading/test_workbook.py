"""Workbooks: what a sheet stores, what it hides, and what no parser may see."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from ghg.issues import InputError, Issue
from ghg.reading import Manner, Reading, Table, read_table

HEADER = ["id", "day", "amount", "unit"]
NAMES = tuple(HEADER)
MANNER = Manner("t.xlsx", Reading(), ("amount",), ("day",))


def sheet(*rows: list[Any], title: str = "Data") -> tuple[Workbook, Worksheet]:
    book = Workbook()
    made = book.active
    assert made is not None
    made.title = title
    for row in (HEADER, *rows):
        made.append(row)
    return book, made


def content(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(folder: Path, stored: bytes | Workbook, reading: Reading | None = None) -> Table:
    path = folder / "t.xlsx"
    path.write_bytes(stored if isinstance(stored, bytes) else content(stored))
    return read_table(path, "t.xlsx", NAMES, (), Manner("t.xlsx", reading or Reading(), ("amount",), ("day",)))


def refused(folder: Path, stored: bytes | Workbook, reading: Reading | None = None) -> Issue:
    with pytest.raises(InputError) as caught:
        read(folder, stored, reading)
    assert caught.value.issues[0].hint
    return caught.value.issues[0]


def changed(book: Workbook, change: Callable[[str, bytes], bytes | None], *more: tuple[str, bytes]) -> bytes:
    """The workbook with its parts changed or left out, and parts added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content(book))) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
        for name, part in more:
            new.writestr(name, part)
    return out.getvalue()


def notes(table: Table) -> list[str]:
    return [note.rule for note in table.notes]


DAY = date(2025, 1, 15)
NOON = datetime(2025, 1, 16, 12, 30)  # noqa: DTZ001 - a workbook knows no time zone


def test_stored_values_come_back_as_plain_text(tmp_path: Path) -> None:
    book, _ = sheet([1, DAY, 100, "kWh"], ["b", NOON, 0.1, "kWh"], [3, "2025-01-17", 1e21, "t"])
    table = read(tmp_path, book)
    assert table.file == "t.xlsx!Data"
    assert table.lines == [2, 3, 4]
    assert table.columns == {
        "id": ["1", "b", "3"],
        "day": ["2025-01-15", "2025-01-16", "2025-01-17"],
        "amount": ["100", "0.1", "1e+21"],
        "unit": ["kWh", "kWh", "t"],
    }


def test_declared_marks_touch_text_and_no_stored_number(tmp_path: Path) -> None:
    book, _ = sheet([1, DAY, 1234.5, "kWh"], [2, DAY, "1.234,5", "kWh"])
    table = read(tmp_path, book, Reading(decimal=",", thousands="."))
    assert table.columns["amount"] == ["1234.5", "1234.5"]


def test_days_follow_the_date_system_of_the_workbook(tmp_path: Path) -> None:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book, _ = sheet([1, DAY, 1, "kWh"])
    book.epoch = CALENDAR_MAC_1904
    assert read(tmp_path, book).columns["day"] == ["2025-01-15"]


def test_a_bare_serial_number_is_no_day(tmp_path: Path) -> None:
    book, _ = sheet([1, 45672, 1, "kWh"], [2, DAY, 1, "kWh"])
    table = read(tmp_path, book)
    assert [(issue.rule, issue.line) for issue in table.issues] == [("date-is-serial", 2)]
    assert read(tmp_path, book, Reading(dates="excel-1900")).columns["day"] == ["2025-01-15", "2025-01-15"]


def test_a_formula_without_a_value_is_left_out_and_one_with_a_value_is_taken(tmp_path: Path) -> None:
    book, made = sheet([1, DAY, "=1+1", "kWh"], [2, DAY, "=2+2", "kWh"], [3, DAY, 1, "kWh"])
    stored = changed(
        book,
        lambda name, part: (
            part.replace(b"<f>2+2</f><v />", b"<f>2+2</f><v>4</v>").replace(b"<f>2+2</f><v/>", b"<f>2+2</f><v>4</v>")
            .replace(b"<f>1+1</f><v />", b"<f>1+1</f>").replace(b"<f>1+1</f><v/>", b"<f>1+1</f>")
            if name.startswith("xl/worksheets") else part
        ),
    )  # fmt: skip
    table = read(tmp_path, stored)
    assert [(issue.rule, issue.line, issue.column) for issue in table.issues] == [("formula-uncalculated", 2, "amount")]
    assert table.columns["amount"] == ["4", "1"]
    assert "formula-stored" in notes(table)
    assert made.title == "Data"


def test_an_error_cell_is_left_out_in_any_column(tmp_path: Path) -> None:
    book, _ = sheet([1, DAY, "#DIV/0!", "kWh"], [2, DAY, 1, "#N/A"], [3, DAY, 1, "kWh"])
    table = read(tmp_path, book)
    assert [(issue.rule, issue.line) for issue in table.issues] == [("spreadsheet-error", 2), ("spreadsheet-error", 3)]
    assert (table.lines, table.unread) == ([4], 2)


def test_merged_cells_hold_their_text_once(tmp_path: Path) -> None:
    book, made = sheet([1, DAY, 1, "kWh"], [2, DAY, 1, None], [3, DAY, 1, "kWh"])
    made.merge_cells("D2:D3")
    table = read(tmp_path, book)
    assert [(issue.rule, issue.line, issue.column) for issue in table.issues] == [("cell-merged", 3, "unit")]


def test_hidden_rows_and_columns_are_read_and_told(tmp_path: Path) -> None:
    book, made = sheet([1, DAY, 1, "kWh"], [2, DAY, 1, "kWh"])
    made.row_dimensions[3].hidden = True
    made.column_dimensions["B"].hidden = True
    table = read(tmp_path, book)
    assert table.lines == [2, 3]
    assert notes(table).count("rows-hidden") == 2


@pytest.mark.parametrize(
    "shown", ["#,##0,", "0.0,,", "0%", '0.0" MWh"', "#,##0,K", '"€"#,##0', "$#,##0", '#"."##0', "0!万"]
)
def test_a_number_format_that_shows_another_number_is_told(tmp_path: Path, shown: str) -> None:
    book, made = sheet([1, DAY, 1234.5, "kWh"])
    made["C2"].number_format = shown
    table = read(tmp_path, book)
    assert table.columns["amount"] == ["1234.5"]
    assert notes(table) == ["number-format"]


@pytest.mark.parametrize("shown", ["General", "#,##0.00", "0.00", "0.00E+00", "#,##0_);[Red](#,##0)", "[$-804]General"])
def test_an_ordinary_number_format_is_not_mentioned(tmp_path: Path, shown: str) -> None:
    book, made = sheet([1, DAY, 1234.5, "kWh"])
    made["C2"].number_format = shown
    assert notes(read(tmp_path, book)) == []


def test_numbers_stored_as_text_and_truth_values(tmp_path: Path) -> None:
    book, _ = sheet([1, DAY, "100", "kWh"], [2, DAY, True, "kWh"])
    table = read(tmp_path, book)
    assert table.columns["amount"] == ["100", "TRUE"]
    assert notes(table) == ["number-as-text"]


def test_the_sheet_whose_header_fits_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    book, _ = sheet([1, DAY, 1, "kWh"])
    other = book.create_sheet("Notes", 0)
    other.append(["read me"])
    other.append(["second line"])
    table = read(tmp_path, book)
    assert (table.file, notes(table)) == ("t.xlsx!Data", ["sheet-detected"])


@pytest.mark.parametrize("state", ["visible", "hidden", "veryHidden"])
def test_two_sheets_that_fit_are_asked(tmp_path: Path, state: str) -> None:
    book, _ = sheet([1, DAY, 1, "kWh"])
    other = book.create_sheet("Copy")
    other.sheet_state = state
    for row in (HEADER, [1, DAY, 999, "kWh"]):
        other.append(row)
    issue = refused(tmp_path, book)
    assert issue.rule == "sheet-undeclared"
    assert "reading: {t.xlsx: {sheet: Copy}}" in issue.hint
    assert read(tmp_path, book, Reading(sheet="Copy")).columns["amount"] == ["999"]
    assert refused(tmp_path, book, Reading(sheet="Other")).rule == "sheet-undeclared"


def test_formulas_are_those_of_their_own_sheet(tmp_path: Path) -> None:
    """The part of a sheet is named by its relation, not by its position."""
    book, _ = sheet(["=1", DAY, 1, "kWh"])
    first = book.create_sheet("Before", 0)
    first.append(["nothing"])
    table = read(tmp_path, book)
    assert [issue.rule for issue in table.issues] == ["formula-uncalculated"] or "formula-stored" in notes(table)


def test_a_title_above_the_header_and_a_declared_header(tmp_path: Path) -> None:
    book, made = sheet([1, DAY, 1, "kWh"])
    made.insert_rows(1, 2)
    made["A1"] = "Export of meters"
    made.merge_cells("A1:D1")
    table = read(tmp_path, book)
    assert table.lines == [4]
    assert read(tmp_path, book, Reading(header_row=3)).lines == [4]


def test_a_cell_beyond_the_header_makes_a_ragged_row(tmp_path: Path) -> None:
    book, made = sheet([1, DAY, 1, "kWh"], [2, DAY, 1, "kWh"])
    made["F3"] = "stray"
    table = read(tmp_path, book)
    assert [(issue.rule, issue.line) for issue in table.issues] == [("row-ragged", 3)]


def test_blank_rows_between_are_passed_over_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    book, made = sheet([1, DAY, 1, "kWh"])
    made["A9"], made["B9"], made["C9"], made["D9"] = 2, DAY, 1, "kWh"
    assert read(tmp_path, book).lines == [2, 9]


def test_macros_are_not_touched(tmp_path: Path) -> None:
    book, _ = sheet([1, DAY, 1, "kWh"])
    assert "macros-ignored" in notes(
        read(tmp_path, changed(book, lambda _, part: part, ("xl/vbaProject.bin", b"macro")))
    )


# What no parser may see


def test_a_document_type_is_refused_in_any_part(tmp_path: Path) -> None:
    book, _ = sheet([1, DAY, 1, "kWh"])
    entity = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'

    def with_entity(target: str) -> bytes:
        def change(name: str, part: bytes) -> bytes:
            start = part.index(b"?>") + 2 if part.startswith(b"<?xml") else 0
            return part[:start] + entity + part[start:] if name == target else part

        return changed(book, change)

    for part in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"):
        assert refused(tmp_path, with_entity(part)).rule == "xml-doctype"

    def in_utf16(name: str, part: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return part
        body = part[part.index(b"?>") + 2 if part.startswith(b"<?xml") else 0 :]
        return ('<?xml version="1.0" encoding="UTF-16"?>' + entity.decode() + body.decode()).encode("utf-16")

    assert refused(tmp_path, changed(book, in_utf16)).rule == "xml-doctype"


@pytest.mark.parametrize(
    ("part", "rule"),
    [
        ("xl/worksheets/sheet1.xml", "archive-unsafe"), ("XL/Worksheets/Sheet1.xml", "archive-unsafe"),
        ("../outside.xml", "archive-unsafe"), ("/etc/outside.xml", "archive-unsafe"), ("xl\\x.xml", "archive-unsafe"),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_parts_that_stand_twice_or_point_outside_are_refused(tmp_path: Path, part: str, rule: str) -> None:
    book, _ = sheet([1, DAY, 1, "kWh"])
    assert refused(tmp_path, changed(book, lambda _, old: old, (part, b"<x/>"))).rule == rule


def test_two_workbooks_in_one_file_are_refused(tmp_path: Path) -> None:
    """Programs that go by the directory at the end read the second, others the first."""
    (one, _), (other, _) = sheet([1, DAY, 1, "kWh"]), sheet([1, DAY, 9, "kWh"])
    assert refused(tmp_path, content(one) + content(other)).rule == "archive-unsafe"


def test_the_strict_form_of_a_workbook_is_named(tmp_path: Path) -> None:
    book, _ = sheet([1, DAY, 1, "kWh"])
    old, new = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"
    issue = refused(tmp_path, changed(book, lambda _, part: part.replace(old, new)))
    assert (issue.rule, "Strict Open XML" in issue.message) == ("file-kind", True)


def test_a_column_that_is_not_read_may_hold_anything(tmp_path: Path) -> None:
    book, made = sheet([1, DAY, 1, "kWh", "=1"], [2, DAY, 1, "kWh", "#N/A"], [3, DAY, 1, "kWh", None])
    made["E1"] = "remark"
    made["E3"].data_type = "e"
    made.merge_cells("E3:E4")
    table = read(tmp_path, book, Reading(ignore=("remark",)))
    assert (len(table.lines), table.issues) == (3, [])


def test_rows_and_columns_without_height_or_width_are_hidden(tmp_path: Path) -> None:
    book, made = sheet([1, DAY, 1, "kWh"])
    made.column_dimensions.group("B", "C", hidden=True)
    flat = changed(book, lambda _, part: part.replace(b'<row r="2"', b'<row r="2" ht="0" customHeight="1"'))
    said = [note.message for note in read(tmp_path, flat).notes if note.rule == "rows-hidden"]
    assert len(said) == 2
    assert "the hidden columns B, C were read" in said[1]


def test_too_many_parts_rows_and_cells_are_refused(tmp_path: Path) -> None:
    book, made = sheet([1, DAY, 1, "kWh"])
    many = [(f"xl/media/{number}.txt", b"") for number in range(2001)]
    assert refused(tmp_path, changed(book, lambda _, part: part, *many)).rule == "limit-size"
    rows = b"<row>" + b"<c><v>1</v></c>" * 4 + b"</row>"

    def filled(name: str, part: bytes) -> bytes:
        return part.replace(b"</sheetData>", rows * 1_100_000 + b"</sheetData>") if "sheet1" in name else part

    assert refused(tmp_path, changed(book, filled)).rule in ("limit-rows", "limit-cells")
    made["XFD1048576"] = 1
    assert refused(tmp_path, book).rule == "limit-cells"


def test_a_part_that_unpacks_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    book, _ = sheet([1, DAY, 1, "kWh"])
    bomb = ("xl/sharedStrings.xml", b"<sst>" + b"A" * 260_000_000 + b"</sst>")
    assert (
        refused(tmp_path, changed(book, lambda name, part: None if "sharedS" in name else part, bomb)).rule
        == "limit-size"
    )


@pytest.mark.parametrize("cut", [30, 200, 2000, 4000, -30])
def test_a_workbook_cut_short_is_broken(tmp_path: Path, cut: int) -> None:
    book, _ = sheet([1, DAY, 1, "kWh"])
    assert refused(tmp_path, content(book)[:cut]).rule == "file-kind"


def test_a_zip_archive_that_is_no_workbook_is_named(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("content.xml", "<x/>")
    assert "no .xlsx workbook" in refused(tmp_path, out.getvalue()).message


def test_every_flipped_byte_keeps_the_amounts_or_is_refused(tmp_path: Path) -> None:
    book, _ = sheet([1, DAY, 100, "kWh"], [2, DAY, 200, "kWh"])
    stored = content(book)
    sound = read(tmp_path, stored).columns["amount"]
    for position in range(0, len(stored), 97):
        broken = stored[:position] + bytes([stored[position] ^ 0x41]) + stored[position + 1 :]
        try:
            table = read(tmp_path, broken)
        except InputError:
            continue
        assert table.columns["amount"] == sound or table.issues


def formula(stored: bytes, cell: str, text: str, kind: str = "") -> bytes:
    """A workbook in which a cell holds a formula and the value stored with it."""
    book = io.BytesIO(stored)
    with zipfile.ZipFile(book) as old:
        part = old.read("xl/worksheets/sheet1.xml").decode()
    head, _, rest = part.partition(f'<c r="{cell}"')
    attributes, _, body = rest.partition(">")
    kept = f' t="{kind}"' if kind else ""
    part = f'{head}<c r="{cell}"{kept}><f>{text}</f>{body.partition("</f>")[2]}' if "<f>" in body[:4] else part
    assert attributes is not None
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(stored)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, part if name == "xl/worksheets/sheet1.xml" else old.read(name))
    return out.getvalue()


def test_a_formula_whose_stored_value_is_empty_was_never_calculated(tmp_path: Path) -> None:
    """As openpyxl writes one: the element of the value is there, and nothing in it."""
    book, _ = sheet([1, DAY, "=1+1", "kWh"], [2, DAY, 1, "kWh"])
    table = read(tmp_path, book)
    assert [(issue.rule, issue.line) for issue in table.issues] == [("formula-uncalculated", 2)]
    blank = formula(content(book), "C2", "IF(1,&quot;&quot;)", "str")
    assert "formula-uncalculated" not in [issue.rule for issue in read(tmp_path, blank).issues]


def test_a_formula_that_adds_up_rows_of_its_column_is_a_total(tmp_path: Path) -> None:
    rows = ([1, DAY, 100, "kWh"], [2, DAY, 1, "kWh"], [3, DAY, "=SUM(C2:C3)", "kWh"], [4, DAY, "=SUM(F5:H5)", "kWh"])
    book, _ = sheet(*rows)
    stored = changed(
        book,
        lambda _, part: (
            part.replace(b"</f><v></v>", b"</f><v>101</v>")
            .replace(b"</f><v />", b"</f><v>101</v>")
            .replace(b"</f><v/>", b"</f><v>101</v>")
        ),
    )
    table = read(tmp_path, stored)
    assert [(issue.rule, issue.line, issue.column) for issue in table.issues] == [("row-total", 4, "amount")]
    assert "C2:C3" in table.issues[0].message
    assert table.columns["amount"] == ["100", "1", "101"]


@pytest.mark.parametrize("format_", ['0 "MWh"', "0\\ \\M\\W\\h", "[$€-407] 0", "0%", "#,##0,", ";;;"])
def test_a_format_that_shows_another_number_or_a_unit_is_told(tmp_path: Path, format_: str) -> None:
    book, made = sheet([1, DAY, 100, "kWh"])
    made["C2"].number_format = format_
    assert "number-format" in notes(read(tmp_path, book))
    made["C2"].number_format = "0.00"
    assert "number-format" not in notes(read(tmp_path, book))


@pytest.mark.parametrize("error", ["#FIELD!", "#BLOCKED!", "#BEZUG!", "#ANYTHING"])
def test_an_error_cell_is_one_by_its_type(tmp_path: Path, error: str) -> None:
    book, made = sheet([1, DAY, 1, "kWh"], [2, DAY, 1, "kWh"])
    made["C2"].value = "#REF!"
    stored = changed(book, lambda _, part: part.replace(b"#REF!", error.encode()))
    assert [issue.rule for issue in read(tmp_path, stored).issues] == ["spreadsheet-error"]


def test_a_stored_number_that_is_none_is_named(tmp_path: Path) -> None:
    book, _ = sheet([1, DAY, 4711, "kWh"])
    stored = changed(book, lambda _, part: part.replace(b"<v>4711</v>", b"<v>NaN</v>"))
    issue = refused(tmp_path, stored)
    assert issue.rule == "file-kind"
    assert "the cell C2 of the sheet 'Data' stores 'NaN' as a number" in issue.message


def test_cells_far_apart_are_not_filled_in_between(tmp_path: Path) -> None:
    book, made = sheet([1, DAY, 1, "kWh"])
    made.cell(900_000, 1, "far")
    table = read(tmp_path, book)
    assert table.lines == [2, 900_000]
    assert made.max_row == 900_000


@pytest.mark.parametrize(
    "more",
    [
        b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        b'<hyperlinks><hyperlink ref="A1:XFD1048576" location="x"/></hyperlinks>',
    ],
)
def test_joined_cells_beyond_the_limit_are_refused_before_they_are_made(tmp_path: Path, more: bytes) -> None:
    book, _ = sheet([1, DAY, 1, "kWh"])
    assert (
        refused(tmp_path, changed(book, lambda _, part: part.replace(b"</sheetData>", b"</sheetData>" + more))).rule
        == "limit-cells"
    )


def test_a_sheet_is_looked_through_whatever_its_part_is_called(tmp_path: Path) -> None:
    """A sheet's part may have any name, and its tags any prefix."""
    book, made = sheet([1, DAY, 1, "kWh"])
    made["A1048576"].value = made["XFD1"].value = 1

    def renamed(name: str, part: bytes) -> bytes | None:
        return None if "sheet1" in name else part.replace(b"worksheets/sheet1.xml", b"worksheets/other.xml")

    with zipfile.ZipFile(io.BytesIO(content(book))) as old:
        part = old.read("xl/worksheets/sheet1.xml")
    stored = changed(book, renamed, ("xl/worksheets/other.xml", part))
    assert refused(tmp_path, stored).rule == "limit-cells"


def test_a_table_that_starts_in_another_column_is_read(tmp_path: Path) -> None:
    book, made = sheet([1, DAY, 100, "kWh"])
    made.insert_cols(1, 2)
    made.insert_rows(1, 3)
    table = read(tmp_path, book)
    assert (table.lines, table.columns["amount"]) == ([5], ["100"])
    assert "column-blank" in notes(table)
