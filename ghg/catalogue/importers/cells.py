"""What every importer reads and writes: printed cells of a publication in, library rows out.

A publisher's file is CSV or XLSX. Its sheets are read as text with the place of every cell, so that a message can name
it. XLSX needs the extra ``ghg[spreadsheets]``.
"""

from __future__ import annotations

import csv
import io
import lzma
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

from ghg.documents import read_text
from ghg.issues import GhgError, InputError, Issue

UNREADABLE = (
    ArithmeticError, AttributeError, EOFError, LookupError, OSError, RuntimeError, SyntaxError, TypeError, ValueError,
    BadZipFile, lzma.LZMAError, struct.error, zlib.error,
)  # fmt: skip
"""What openpyxl and the parsers under it raise over a file that is no workbook, or a broken one."""
Row = dict[str, str]
"""A library row before it is validated: the columns of ``FactorRow`` as text; a column that is not there is blank."""


@dataclass(frozen=True, slots=True)
class Edition:
    """The edition of a publication that an importer writes rows for.

    Attributes:
        source: its id in ``factors/sources.yaml``; also the first part of every id.
        valid_from: first day of validity as year-month-day; blank when the publication states none.
        valid_to: last day of validity; blank when the publication states none.
        verification: how its values were checked, the same for every row unless ``verified`` says otherwise.
        verified: rows whose values were checked in another way, by row id.
    """

    source: str
    valid_from: str
    valid_to: str
    verification: str
    verified: Mapping[str, str]

    def verification_of(self, row: str) -> str:
        """How the value of a row was checked."""
        return self.verified.get(row, self.verification)


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed number with everything its publication says about it.

    Attributes:
        key: the publisher's own id of the number, or its cell; last part of the id of its row or factor.
        labels: category labels as printed, outermost first.
        unit: unit as printed.
        gas: gas as printed.
        value: digits as printed; blank where the publication leaves the cell blank, which is not zero.
        locator: where it stands, for the column ``locator``.
        file: file it was read from, as the user named it.
        line: line of a CSV file or row of a sheet, counted from 1.
        column: heading or letter of the column.
    """

    key: str
    labels: tuple[str, ...]
    unit: str
    gas: str
    value: str
    locator: str
    file: str = ""
    line: int | None = None
    column: str = ""

    def issue(self, message: str, hint: str = "", value: str = "", column: str = "") -> Issue:
        """A problem at this cell, or in another column of its line."""
        return Issue("import-unknown", message, hint, self.file, self.line, column or self.column, value or self.value)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as text: ``rows[0]`` is row 1; short rows stay short."""

    name: str
    rows: Sequence[Sequence[str]]


def read_sheets(path: Path, name: str) -> list[Sheet]:
    """The sheets of a CSV or XLSX file; a CSV file is one sheet without a name.

    Numbers of a spreadsheet come back with at most 15 significant digits, as a spreadsheet program shows them.

    Raises:
        InputError: the file is missing, or not a readable CSV or XLSX file.
        GhgError: the extra for spreadsheets is not installed.
    """
    if path.suffix.lower() == ".csv":
        reader = csv.reader(io.StringIO(read_text(path, name), newline=""), strict=True)
        try:
            return [Sheet("", [[cell.strip() for cell in row] for row in reader])]
        except csv.Error as error:
            raise InputError(
                [Issue("row-ragged", f"cannot read the row: {error}.", "", name, reader.line_num)]
            ) from None
    if path.suffix.lower() != ".xlsx":
        message = f"{path.suffix or 'a file without an ending'} is not a format an importer reads."
        raise InputError([Issue("file-missing", message, "Give the publisher's .csv or .xlsx file.", name)])
    try:
        import openpyxl
    except ModuleNotFoundError:
        raise GhgError("reading .xlsx needs the extra for spreadsheets: pip install 'ghg[spreadsheets]'.") from None
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        return [Sheet(s.title, [[_text(v) for v in row] for row in s.iter_rows(values_only=True)]) for s in book]
    except FileNotFoundError:
        raise InputError([Issue("file-missing", "the file does not exist.", "", name)]) from None
    except UNREADABLE as error:
        raise InputError([Issue("file-encoding", f"not a readable XLSX file: {error}.", "", name)]) from None


def _text(value: object) -> str:
    """The text of a spreadsheet cell."""
    if value is None:
        return ""
    return f"{value:.15g}" if isinstance(value, float) else str(value).strip()


def refuse(problems: Iterable[Issue]) -> None:
    """Raise every problem at once, if there is one.

    Raises:
        InputError: there is at least one.
    """
    found = list(problems)
    if found:
        raise InputError(found)
