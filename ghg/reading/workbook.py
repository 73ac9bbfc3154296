"""The sheet of a workbook as a grid: stored values as text, formulas never calculated, nothing hidden passed over."""

from __future__ import annotations

import importlib.util
import io
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import islice
from math import isfinite
from typing import TYPE_CHECKING

from ghg.issues import GhgError, InputError, Issue, Severity
from ghg.reading.archive import Scan, scan, unreadable
from ghg.reading.cells import Exact
from ghg.reading.declaration import Manner
from ghg.reading.marks import is_spreadsheet_error, rule_of
from ghg.reading.source import Source
from ghg.reading.table import Grid

if TYPE_CHECKING:
    from openpyxl.cell import Cell, MergedCell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

SCALED = re.compile(
    r'[0#?.],+(?![0#?.,])|%|"[^"]*(?:[^\W\d]|[.,])[^"]*"|[\\!](?:[^\W\d]|[.,])|[$€£¥₩₹](?!-)|^;+$',
)
"""Number formats that show another number than the cell holds, a unit or currency beside it, or nothing."""
ALONE = "Keep the table's sheet alone in the workbook, or save it as CSV."
"""What to do about other sheets where nothing can be declared of a table."""
SPILL = "Give the column a header, or empty the cells beyond the last header."
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
    # Two runs over every stored cell, and none over cells that only lie between them.
    sheets = [_Sheet(sheet) for sheet in book.worksheets]
    sheet, notes = _chosen(sheets, source.name, manner, required)
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
            book = openpyxl.load_workbook(io.BytesIO(source.content), data_only=True, keep_links=False)
    except Exception as error:  # noqa: BLE001 - the library raises whatever its parts met
        raise _broken(source, f"{type(error).__name__}: {' '.join(str(error).split())[:200]}") from None
    if not book.worksheets:
        raise _broken(source, "it has no sheet with cells")
    return book


def _broken(source: Source, why: str) -> InputError:
    hint = "Open it in a spreadsheet program and save it again as .xlsx, or export the sheet as CSV."
    message = f"the workbook is broken: {unreadable(source) or why}."
    return InputError([Issue("file-kind", message, hint, source.name)])


@dataclass(frozen=True)
class _Sheet:
    """A sheet by its stored cells: cells between them are not made up, however far apart they lie."""

    sheet: Worksheet

    @cached_property
    def rows(self) -> dict[int, dict[int, Cell | MergedCell]]:
        """Number of each row that has cells, in order, to its cells by column."""
        made: dict[int, dict[int, Cell | MergedCell]] = {}
        for (row, column), cell in sorted(self.sheet._cells.items()):  # noqa: SLF001 - iter_rows makes cells up
            made.setdefault(row, {})[column] = cell
        return made

    @property
    def title(self) -> str:
        return self.sheet.title

    def cells(self, row: int, most: int = 0) -> list[Cell | MergedCell | None]:
        """The cells of a row up to its last, or up to a column."""
        found = self.rows.get(row, {})
        return [found.get(column) for column in range(1, max(max(found, default=0), most) + 1)]

    def first(self) -> int:
        """The first row that holds anything."""
        return next((row for row, cells in self.rows.items() if any(c.value is not None for c in cells.values())), 1)

    def header(self, manner: Manner, required: Sequence[str]) -> int:
        """The row of the header, counted from 1; zero where no row shows the required columns."""
        declared = manner.reading.header_row
        for row, cells in self.rows.items():
            is_place = row == declared if declared else row <= HEADER_WITHIN
            if is_place and set(required) <= {str(c.value).strip() for c in cells.values() if c.value is not None}:
                return row
        return 0


def _chosen(
    sheets: Sequence[_Sheet], name: str, manner: Manner, required: Sequence[str]
) -> tuple[_Sheet, list[Issue]]:  # fmt: skip
    """The sheet declared, or the only one whose header fits; notes on the others."""
    declared = manner.reading.sheet
    if declared:
        found = next((sheet for sheet in sheets if sheet.title == declared), None)
        if found is None:
            message = f"there is no sheet {declared!r}; the sheets are {', '.join(repr(s.title) for s in sheets)}."
            raise InputError([Issue("sheet-undeclared", message, "Correct 'sheet' in its reading.", name)])
        return found, []
    fitting = [sheet for sheet in sheets if sheet.header(manner, required)]
    if len(fitting) > 1:
        message = f"the sheets {' and '.join(repr(s.title) for s in fitting)} both have the columns of the table."
        lines = "".join(f"\n    {manner.line(sheet=sheet.title)}" for sheet in fitting)
        hint = f"Add to the inventory the line that is right:{lines}" if manner.key else ALONE
        raise InputError([Issue("sheet-undeclared", message, hint, name)])
    sheet = fitting[0] if fitting else sheets[0]
    others = [repr(other.title) for other in sheets if other is not sheet and len(other.rows) > 1]
    message = f"the sheet {sheet.title!r} was read; not read: {', '.join(others) or 'nothing'}."
    hint = f"To declare it: {manner.line(sheet=sheet.title)}" if manner.key else ALONE
    is_odd = bool(others) or sheet.sheet.sheet_state != "visible"
    return sheet, [_note("sheet-detected", message, hint, name)] if is_odd else []


def _grid(
    sheet: _Sheet, name: str, found: Scan, manner: Manner, required: Sequence[str], notes: list[Issue]
) -> Grid:  # fmt: skip
    """The rows below the header."""
    start = sheet.header(manner, required) or manner.reading.header_row or sheet.first()
    if start > sheet.first() and not manner.reading.header_row:
        message = f"the header was found in row {start}; the rows above it were not read."
        hint = "Where rows of the table stand above it, move them below"
        hint += f"; else declare it: {manner.line(header_row=str(start))}" if manner.key else "."
        notes.append(_note("header-detected", message, hint, name, start))
    header = [_text(cell) for cell in sheet.cells(start)]
    while header and not header[-1].strip():
        header.pop()
    rows: list[Sequence[str]] = []
    lines: list[int] = []
    refused: list[tuple[int, Issue]] = []
    blank: list[int] = []
    check = _Check(found, sheet)
    for number in (row for row in sheet.rows if row > start):
        cells = sheet.cells(number, len(header))
        texts = [_text(cell) for cell in cells]
        if not any(map(str.strip, texts)) and not any(cell and cell.coordinate in check.uncalculated for cell in cells):
            blank += [number] if any(texts) else []
            continue
        while len(texts) > len(header) and not texts[-1]:
            texts.pop()
        for cell, column in zip(cells, header, strict=False):
            problem = check.problem(cell) if cell and column.strip() not in manner.reading.ignore else None
            if problem:
                rule, message, hint = problem
                refused.append((len(rows), Issue(rule, message, hint, name, number, column)))
        rows.append(texts)
        lines.append(number)
    if blank:
        message = f"{len(blank):,} rows hold spaces alone and were passed over."
        notes.append(_note("row-blank", message, "Remove them.", name, blank[0]))
    refused += _sums(found.sums.get(sheet.title, {}), name, header, lines)
    notes += [
        *_hidden(sheet.sheet, name, lines),
        *_struck(sheet, name, lines),
        *_formats(sheet, name, header, lines, manner),
    ]
    if found.formulas.get(sheet.title):
        message = f"{found.formulas[sheet.title]:,} cells hold a formula; the values stored with them were taken."
        hint = "Nothing was calculated: save the workbook in a spreadsheet program if values may be old."
        notes.append(_note("formula-stored", message, hint, name))
    return Grid(name, header, start, rows, lines, notes, refused, SPILL)


def _text(cell: Cell | MergedCell | None) -> str:
    """A cell as text: numbers in plain form, days as year-month-day."""
    value = cell.value if cell else None
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


class _Check:
    """Why cells of a sheet cannot be taken as they are."""

    def __init__(self, found: Scan, sheet: _Sheet) -> None:
        self.uncalculated = found.uncalculated.get(sheet.title, set())
        self.merged = _merged(sheet.sheet)

    def problem(self, cell: Cell | MergedCell) -> tuple[str, str, str] | None:
        """Rule, message and hint of a cell; nothing where it is sound."""
        where = cell.coordinate
        if where in self.uncalculated:
            message = f"the cell {where} holds a formula that was never calculated."
            hint = "Open the workbook in a spreadsheet program, save it, and try again."
            return "formula-uncalculated", message, hint
        if where in self.merged:
            message = f"the cell {where} belongs to the merged cells {self.merged[where]}, of which only the first "
            return "cell-merged", f"{message}holds text.", "Unmerge the cells and write the text into each row."
        if cell.data_type == "e" or (isinstance(cell.value, str) and is_spreadsheet_error(cell.value)):
            message = f"the cell {where} holds {cell.value}, the error of a spreadsheet formula."
            return "spreadsheet-error", message, "Correct the formula, or write the value."
        if isinstance(cell.value, float) and not isfinite(cell.value):
            return "number-not-finite", f"the cell {where} stores a number beyond any a program holds.", "Correct it."
        return None


def _sums(
    sums: Mapping[str, tuple[str, int, int]], name: str, header: Sequence[str], lines: Sequence[int]
) -> Iterator[tuple[int, Issue]]:
    """Rows in which a formula adds up cells of its own column that stand in other rows: they would count twice."""
    from openpyxl.utils import coordinate_to_tuple

    places = {line: position for position, line in enumerate(lines)}
    for where, (letters, first, last) in sums.items():
        row, column = coordinate_to_tuple(where)
        others = any(first <= line <= last for line in lines if line != row)
        if row in places and column <= len(header) and where.startswith(letters) and others:
            message = f"the cell {where} adds up {letters}{first}:{letters}{last}, whose amounts stand in other rows."
            hint = "Remove the row, or name it by what it is and write its own amount."
            yield places[row], Issue("row-total", message, hint, name, row, header[column - 1])


def _merged(sheet: Worksheet) -> dict[str, str]:
    """Each cell of a merged range but the first, and the range."""
    from openpyxl.utils import get_column_letter

    found: dict[str, str] = {}
    for merged in sheet.merged_cells.ranges:
        for row, column in islice(merged.cells, 1, 100_000):
            found[f"{get_column_letter(column)}{row}"] = str(merged)
    return found


def _hidden(sheet: Worksheet, name: str, lines: list[int]) -> Iterator[Issue]:
    """Notes on hidden rows and columns, which were read like others."""
    from openpyxl.utils import get_column_letter

    found = ((line, sheet.row_dimensions[line]) for line in lines if line in sheet.row_dimensions)
    rows = [line for line, row in found if row.hidden or row.height == 0]
    if rows:
        message = f"{len(rows):,} rows are hidden and were read like others; the first is row {rows[0]}."
        yield _note("rows-hidden", message, "Show them and check that they belong to the table.", name, rows[0])
    # One dimension may stand for several columns.
    columns = [
        get_column_letter(number)
        for column in sheet.column_dimensions.values()
        if column.hidden or column.width == 0
        for number in range(column.min or 0, min(column.max or 0, sheet.max_column) + 1)
    ]
    if columns:
        message = f"the hidden columns {', '.join(columns)} were read like others."
        yield _note("rows-hidden", message, "Show them and check that they belong to the table.", name)


def _struck(sheet: _Sheet, name: str, lines: list[int]) -> Iterator[Issue]:
    """A note on cells that are struck through, as people do with what no longer counts."""
    # One look at each font of the workbook, not at that of each cell.
    struck = {number for number, font in enumerate(getattr(sheet.sheet.parent, "_fonts", ())) if font.strike}
    found = (cell for line in lines if struck for cell in sheet.rows[line].values() if cell.value is not None)
    cells = [cell for cell in found if cell.has_style and getattr(cell, "_style").fontId in struck]  # noqa: B009
    if cells:
        message = (
            f"{len(cells):,} cells are struck through and were read like others; the first is {cells[0].coordinate}."
        )
        hint = "Remove the rows that no longer count, or the line through them."
        yield _note("cells-struck", message, hint, name, cells[0].row)


def _formats(sheet: _Sheet, name: str, header: list[str], lines: list[int], manner: Manner) -> Iterator[Issue]:
    """Notes on numbers that are shown otherwise than they are stored, and numbers stored as text."""
    for position, column in enumerate(header, start=1):
        if column.strip() not in manner.numbers:
            continue
        cells = [cell for line in lines if (cell := sheet.rows[line].get(position))]
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
