"""The sheet of a workbook as a grid: stored values as text, formulas never calculated, nothing hidden passed over."""

from __future__ import annotations

import importlib.util
import io
import re
import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from ghg.issues import GhgError, InputError, Issue, Severity
from ghg.reading.archive import Scan, scan
from ghg.reading.cells import Exact
from ghg.reading.declaration import Manner
from ghg.reading.marks import SPREADSHEET_ERRORS, rule_of
from ghg.reading.source import Source
from ghg.reading.table import Grid

if TYPE_CHECKING:
    from openpyxl.cell import Cell, MergedCell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

SCALED = re.compile(r'[0#?],+(?=$|[;"_\\) ])|%|"[^"]*[A-Za-z][^"]*"')
"""Number formats that show another number than the cell holds, or a unit beside it."""
HEADER_WITHIN = 20
"""How many first rows of a sheet are searched for a header."""


def read_workbook(source: Source, manner: Manner, required: Sequence[str]) -> Grid:
    """The rows of the sheet that holds the table.

    Raises:
        InputError: the workbook is broken, unsafe or beyond a limit, or which sheet is meant is not known.
        GhgError: the extra ``ghg[spreadsheets]`` is not installed.
    """
    found = scan(source)
    book = _load(source)
    sheet, notes = _chosen(book, source.name, manner, required)
    if found.has_macros:
        notes.append(
            _note(
                "macros-ignored",
                "the workbook brings macros; none was run.",
                "Save it as .xlsx once the values are final.",
                source.name,
            )
        )
    return _grid(sheet, f"{source.name}!{sheet.title}", found, manner, required, notes)


def _load(source: Source) -> Workbook:
    if importlib.util.find_spec("openpyxl") is None:
        raise GhgError("a workbook needs an extra: install 'ghg[spreadsheets]', or export the sheet as CSV.")
    import openpyxl

    try:
        with warnings.catch_warnings():
            # What the library does not know, such as data validation, touches no value.
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(io.BytesIO(source.content), data_only=True, keep_links=False)
    except Exception as error:  # noqa: BLE001 - the library raises whatever its parts met
        message = f"the workbook is broken: {type(error).__name__}: {str(error)[:200]}."
        hint = "Open it in a spreadsheet program and save it again, or export the sheet as CSV."
        raise InputError([Issue("file-kind", message, hint, source.name)]) from None


def _chosen(book: Workbook, name: str, manner: Manner, required: Sequence[str]) -> tuple[Worksheet, list[Issue]]:
    """The sheet declared, or the only one whose header fits; notes on the others."""
    sheets: dict[str, Worksheet] = {sheet.title: sheet for sheet in book.worksheets}
    declared = manner.reading.sheet
    if declared:
        if declared not in sheets:
            message = f"there is no sheet {declared!r}; the sheets are {', '.join(map(repr, sheets))}."
            raise InputError([Issue("sheet-undeclared", message, "Correct 'sheet' in its reading.", name)])
        return sheets[declared], []
    fitting = [sheet for sheet in sheets.values() if _header_of(sheet, manner, required)]
    if len(fitting) > 1:
        message = (
            f"the sheets {' and '.join(repr(sheet.title) for sheet in fitting)} both have the columns of the table."
        )
        lines = "".join(f"\n    {manner.line(sheet=sheet.title)}" for sheet in fitting)
        raise InputError(
            [Issue("sheet-undeclared", message, f"Add to the inventory the line that is right:{lines}", name)]
        )
    sheet = fitting[0] if fitting else next(iter(sheets.values()), None)
    if sheet is None:
        raise InputError([Issue("file-empty", "the workbook has no sheet with cells.", "Export the table.", name)])
    others = [repr(other) for other in sheets if other != sheet.title and sheets[other].max_row > 1]
    message = f"the sheet {sheet.title!r} was read; not read: {', '.join(others)}."
    hint = f"To declare it: {manner.line(sheet=sheet.title)}"
    return sheet, [_note("sheet-detected", message, hint, name)] if others or sheet.sheet_state != "visible" else []


def _header_of(sheet: Worksheet, manner: Manner, required: Sequence[str]) -> int:
    """The row of a sheet's header, counted from 1; zero where no row shows the required columns."""
    first = manner.reading.header_row
    rows = sheet.iter_rows(min_row=first or 1, max_row=first or min(sheet.max_row, HEADER_WITHIN), values_only=True)
    for number, row in enumerate(rows, start=first or 1):
        if set(required) <= {str(cell).strip() for cell in row if cell is not None}:
            return number
    return 0


def _grid(
    sheet: Worksheet, name: str, found: Scan, manner: Manner, required: Sequence[str], notes: list[Issue]
) -> Grid:
    """The rows below the header."""
    part = sheet.title
    start = _header_of(sheet, manner, required) or manner.reading.header_row or _first_row(sheet)
    header = [_text(cell) for cell in next(sheet.iter_rows(min_row=start, max_row=start))]
    while header and not header[-1].strip():
        header.pop()
    rows: list[Sequence[str]] = []
    lines: list[int] = []
    refused: list[tuple[int, Issue]] = []
    merged = _merged(sheet)
    uncalculated = found.uncalculated.get(part, set())
    for number, cells in enumerate(sheet.iter_rows(min_row=start + 1), start=start + 1):
        texts = [_text(cell) for cell in cells]
        if not any(texts) and not any(cell.coordinate in uncalculated for cell in cells):
            continue
        while len(texts) > len(header) and not texts[-1]:
            texts.pop()
        for cell, column in zip(cells, header, strict=False):
            problem = _problem(cell, uncalculated, merged)
            if problem:
                rule, message, hint = problem
                refused.append((len(rows), Issue(rule, message, hint, name, cell.row, column)))
        rows.append(texts + [""] * (len(header) - len(texts)))
        lines.append(number)
    notes += [*_hidden(sheet, name, lines), *_formats(sheet, name, header, lines, manner)]
    if found.formulas.get(part):
        message = f"{found.formulas[part]:,} cells hold a formula; the values stored with them were taken."
        hint = "Nothing was calculated: save the workbook in a spreadsheet program if values may be old."
        notes.append(_note("formula-stored", message, hint, name))
    return Grid(name, header, start, rows, lines, notes, refused)


def _first_row(sheet: Worksheet) -> int:
    """The first row that holds anything."""
    rows = sheet.iter_rows(values_only=True)
    return next((number for number, row in enumerate(rows, start=1) if any(cell is not None for cell in row)), 1)


def _text(cell: Cell | MergedCell) -> str:
    """A cell as text: numbers in plain form, days as year-month-day."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return Exact(value.date().isoformat())
    if isinstance(value, date):
        return Exact(value.isoformat())
    if isinstance(value, (int, float)):
        return Exact(repr(value).removesuffix(".0"))
    return str(value)


def _problem(cell: Cell | MergedCell, uncalculated: set[str], merged: dict[str, str]) -> tuple[str, str, str] | None:
    """Why a cell cannot be taken as it is: rule, message, hint."""
    where = cell.coordinate
    if where in uncalculated:
        message = f"the cell {where} holds a formula that was never calculated."
        return "formula-uncalculated", message, "Open the workbook in a spreadsheet program, save it, and try again."
    if where in merged:
        message = f"the cell {where} belongs to the merged cells {merged[where]}, of which only the first holds text."
        return "cell-merged", message, "Unmerge the cells and write the text into each row."
    if isinstance(cell.value, str) and cell.value.upper() in SPREADSHEET_ERRORS:
        message = f"the cell {where} holds {cell.value}, the error of a spreadsheet formula."
        return "spreadsheet-error", message, "Correct the formula, or write the value."
    return None


def _merged(sheet: Worksheet) -> dict[str, str]:
    """Each cell of a merged range but the first, and the range."""
    found: dict[str, str] = {}
    for merged in sheet.merged_cells.ranges:
        for row, column in list(merged.cells)[1:100_000]:
            found[sheet.cell(row, column).coordinate] = str(merged)
    return found


def _hidden(sheet: Worksheet, name: str, lines: list[int]) -> Iterator[Issue]:
    """Notes on hidden rows and columns, which were read like others."""
    rows = [line for line in lines if line in sheet.row_dimensions and sheet.row_dimensions[line].hidden]
    if rows:
        message = f"{len(rows):,} rows are hidden and were read like others; the first is row {rows[0]}."
        yield _note("rows-hidden", message, "Show them and check that they belong to the table.", name, rows[0])
    columns = [letter for letter, column in sheet.column_dimensions.items() if column.hidden]
    if columns:
        message = f"the hidden columns {', '.join(columns)} were read like others."
        yield _note("rows-hidden", message, "Show them and check that they belong to the table.", name)


def _formats(sheet: Worksheet, name: str, header: list[str], lines: list[int], manner: Manner) -> Iterator[Issue]:
    """Notes on numbers that are shown otherwise than they are stored, and numbers stored as text."""
    for position, column in enumerate(header, start=1):
        if column.strip() not in manner.numbers:
            continue
        cells = [sheet.cell(line, position) for line in lines]
        shown = [c for c in cells if isinstance(c.value, (int, float)) and SCALED.search(c.number_format or "")]
        if shown:
            message = f"{len(shown):,} numbers are shown otherwise than stored, such as {shown[0].value!r} under the "
            message += f"number format {shown[0].number_format!r}; the stored numbers were taken."
            hint = "Check that amount and unit are those of the stored number."
            yield _note("number-format", message, hint, name, shown[0].row, column)
        texts = [c for c in cells if isinstance(c.value, str) and rule_of(c.value.strip()) == "" and c.value.strip()]
        if texts:
            message = (
                f"{len(texts):,} numbers are stored as text, such as {texts[0].value!r}; they were read as numbers."
            )
            hint = "Format the column as numbers: a spreadsheet does not add them."
            yield _note("number-as-text", message, hint, name, texts[0].row, column)


def _note(rule: str, message: str, hint: str, name: str, line: int | None = None, column: str = "") -> Issue:
    return Issue(rule, message, hint, name, line, column, severity=Severity.NOTE)
