"""Delimited text as a grid: quotes, line ends and physical lines; the delimiter is declared or stands in the header."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from itertools import islice

from ghg.issues import InputError, Issue, Severity
from ghg.reading.declaration import DELIMITERS, Manner
from ghg.reading.marks import conventions
from ghg.reading.table import Grid

LONGEST_LINE = 1_000_000
"""Most characters of a physical line."""
MOST_COLUMNS = 1_000
"""Most columns of a table."""
BY_SUFFIX = {".tsv": "\t", ".tab": "\t"}
"""Delimiters that the name of a file declares."""
SIGNS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
PLAIN = (",", "\t")
"""Delimiters that say nothing of how numbers are written."""
GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
"""A number whose mark may be of thousands or of decimals."""
HEADER_WITHIN = 20
"""How many first lines are searched for a header."""


def read_delimited(text: str, name: str, suffix: str, manner: Manner, required: Sequence[str]) -> Grid:
    """The rows of delimited text.

    Raises:
        InputError: a line or cell is too long, a quote is never closed, or how numbers are written is not known.
    """
    check_lengths(text, name)
    start = manner.reading.header_row or 1
    body = _from_line(text, start)
    delimiter = manner.reading.delimiter or BY_SUFFIX.get(suffix) or _detected(body, required)
    grid = _parse(body, name, delimiter, start)
    if len(grid.header) > MOST_COLUMNS:
        message = f"the header has {len(grid.header):,} columns; at most {MOST_COLUMNS:,} are read."
        raise InputError([Issue("limit-columns", message, "Keep the columns the table needs.", name, grid.line)])
    if not manner.key and delimiter not in PLAIN:
        _refuse_marks(grid, delimiter)
    elif delimiter != ",":
        _ask_marks(grid, delimiter, suffix, manner)
    return grid


def check_lengths(text: str, name: str) -> None:
    """Refuse a line that is too long, looking at a few places of the text only."""
    start, line_ends = 0, ("\n", "\r")
    while len(text) - start > LONGEST_LINE:
        end = max(text.rfind(sign, start, start + LONGEST_LINE + 1) for sign in line_ends)
        if end < 0:
            line = text.count("\n", 0, start) + 1
            message = f"the line is longer than {LONGEST_LINE:,} characters."
            hint = "Check that the file is a table; a cell holds at most 131,072 characters."
            raise InputError([Issue("limit-field", message, hint, name, line)])
        start = end + 1


def _from_line(text: str, line: int) -> str:
    """The text from a physical line on."""
    if line == 1:
        return text
    return "".join(io.StringIO(text, newline="").readlines()[line - 1 :]) if text else text


def _first_row(text: str, delimiter: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])]
    except csv.Error:
        return []


def _detected(text: str, required: Sequence[str]) -> str:
    """The delimiter under which the header has the required columns; else the one that shows most of them."""
    counts = {sign: len(set(required) & set(_first_row(text, sign))) for sign in SIGNS}
    return max(counts, key=lambda sign: counts[sign])


def header_elsewhere(text: str, manner: Manner, required: Sequence[str]) -> str:
    """The advice to declare the header's line, where one of the first lines is the header."""
    lines = io.StringIO(text, newline="")
    for number, line in enumerate(islice(lines, HEADER_WITHIN), start=1):
        if number > 1 and manner.key and set(required) <= set(_first_row(line, _detected(line, required))):
            return f"The header seems to stand on line {number}: {manner.line(header_row=str(number))}"
    return ""


def _parse(text: str, name: str, delimiter: str, first: int) -> Grid:
    """The rows under a delimiter."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Sequence[str]] = []
    lines: list[int] = []
    start = header_line = first
    header: list[str] = []
    try:
        for row in reader:
            if header:
                if first + reader.line_num > start + 1 and _swallows_rows(row, delimiter, len(header)):
                    raise InputError([_swallowing(name, start)])
                if row:
                    rows.append(row)
                    lines.append(start)
            elif any(row):
                header, header_line = row, start
            start = first + reader.line_num
    except csv.Error as error:
        raise InputError([_broken(str(error), name, start)]) from None
    return _without_blank_rows(Grid(name, header, header_line, rows, lines))


def _broken(error: str, name: str, start: int) -> Issue:
    """Why the text is no table."""
    if "field limit" in error:
        message = f"a cell of the row that starts here is longer than {csv.field_size_limit():,} characters."
        hint = "Shorten it; or a quote before it is never closed: close it, or double a quote inside a cell."
        return Issue("limit-field", message, hint, name, start)
    said = "is never closed" if "end of data" in error else "ends before its cell does"
    message = f"a quote in the row that starts here {said}."
    return Issue("quote-open", message, "Close the quote, or double a quote inside a cell.", name, start)


def _swallowing(name: str, start: int) -> Issue:
    message = "a quoted cell of the row that starts here runs over a line that looks like a row."
    return Issue(
        "quote-open", message, "Close the quote on its own line, or double a quote inside a cell.", name, start
    )


def _swallows_rows(row: Sequence[str], delimiter: str, width: int) -> bool:
    """Whether a quoted cell runs over lines that look like rows: its quote was closed too late."""
    return any(
        delimiter in line and line.count(delimiter) >= width - 2 for cell in row for line in cell.splitlines()[1:]
    )


def _without_blank_rows(grid: Grid) -> Grid:
    """The grid without rows whose cells are all blank, and a note that counts them."""
    blank = [position for position, row in enumerate(grid.rows) if not any(row) or not "".join(row).strip()]
    if not blank:
        return grid
    out = set(blank)
    message = f"{len(blank):,} rows have no text in any cell and were passed over."
    note = Issue("row-blank", message, "Remove them.", grid.name, grid.lines[blank[0]], severity=Severity.NOTE)
    return Grid(
        grid.name,
        grid.header,
        grid.line,
        [row for position, row in enumerate(grid.rows) if position not in out],
        [line for position, line in enumerate(grid.lines) if position not in out],
        [*grid.notes, note],
    )


def _refuse_marks(grid: Grid, delimiter: str) -> None:
    """Refuse a table for which no marks can be declared, where its delimiter leaves open what a number is."""
    for row, line in zip(grid.rows, grid.lines, strict=True):
        for text in map(str.strip, row):
            if GROUPED.fullmatch(text):
                message = f"the cells are separated by {SIGNS[delimiter]}, which leaves open whether the mark in "
                message += f"{text!r} is of thousands or of decimals."
                hint = "Save the table with commas or tabs between its cells: then a point is the decimal mark."
                raise InputError([Issue("dialect-undeclared", message, hint, grid.name, line, value=text)])


def _ask_marks(grid: Grid, delimiter: str, suffix: str, manner: Manner) -> None:
    """Ask how numbers are written where another delimiter than the comma leaves it open; else note the delimiter."""
    reading = manner.reading
    declared = reading.delimiter or BY_SUFFIX.get(suffix)
    places = [position for position, cell in enumerate(grid.header) if cell.strip() in manner.numbers]
    marked = {
        row[position].strip(): line
        for row, line in zip(grid.rows, grid.lines, strict=True)
        for position in places
        if position < len(row) and set(row[position].strip()) & set(",.' \u00a0\u202f")
    }
    if marked and delimiter != "\t" and reading.decimal is None and manner.key:
        text = next(iter(marked))
        stated = {} if declared and not reading.delimiter else {"delimiter": delimiter}
        lines = "".join(
            f"\n    {manner.line(**stated, **marks)}  reads {text!r} as {read}"
            for marks, read in conventions(text, marked)
        )
        message = f"the cells are separated by {SIGNS[delimiter]}, which leaves open how {text!r} is to be read."
        hint = f"Add to the inventory the line that is right:{lines}"
        raise InputError([Issue("dialect-undeclared", message, hint, grid.name, marked[text])])
    if not declared and delimiter in DELIMITERS.values() and manner.key:
        message = f"the columns are separated by {SIGNS[delimiter]}, as the header shows."
        hint = f"To declare it: {manner.line(delimiter=delimiter)}"
        grid.notes.append(Issue("dialect-detected", message, hint, grid.name, grid.line, severity=Severity.NOTE))
