"""The zip container of a workbook, looked through before a parser of workbooks sees it."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.etree import ElementTree as ET
from xml.parsers import expat

from ghg.issues import InputError, Issue
from ghg.numbers import DECIMAL
from ghg.reading.source import MEGABYTE, Source

MOST_PARTS = 2_000
"""Most parts of a workbook."""
LARGEST_PART = 256 * MEGABYTE
"""Most unpacked bytes of a part."""
MOST_ROWS = 1_048_576
"""Rows of the largest sheet there can be."""
MOST_CELLS = 2_000_000
"""Most cells of a sheet, counted as stored."""
MOST_AREA = 20_000_000
"""Most cells of the rectangle from the first to the last cell."""
KINDS = ("n", "s", "str", "inlineStr", "b", "e", "d")
"""Kinds of cells there are."""
INSIDE = {
    "sheetData": ("row",), "row": ("c", "extLst"), "c": ("f", "v", "is", "extLst"),
    "is": ("t", "r", "rPh", "phoneticPr"),
}  # fmt: skip
"""What may stand in the elements that hold the cells of a sheet; programs pass over anything else, each its own way."""
STRICT = b"http://purl.oclc.org/ooxml/"
"""Names in a workbook of the strict form begin so."""
VALUES = ("v", "is", "t")
"""The elements that hold what a cell stores."""
LONGEST_SUM = 100
"""Most characters of a formula that is looked at."""
SUM = re.compile(
    r"\+?(?:SUM|SUBTOTAL|AGGREGATE)\((?:\d+,)*\$?(?P<column>[A-Z]{1,3})\$?(?P<first>\d{1,7}):"
    r"\$?(?P<same>[A-Z]{1,3})\$?(?P<last>\d{1,7})\)",
    re.IGNORECASE,
)
"""A formula that adds up one range of a column."""
PLACE = re.compile(r"\$?(?P<column>[A-Za-z]{1,3})\$?(?P<row>\d{1,8})", re.ASCII)
"""A cell, such as ``XFD1048576``."""
PIECE = 1 << 16
"""Bytes looked at a time."""

BROKEN = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, KeyError, ValueError, zlib.error,
    struct.error,
)  # fmt: skip
"""What the standard library raises over a broken container."""


@dataclass(slots=True)
class Scan:
    """What stands in the parts of a workbook, before it is parsed as one.

    Attributes:
        uncalculated: sheet to its cells that hold a formula and no value.
        formulas: sheet to the number of its cells that hold a formula.
        sums: sheet to its cells whose formula adds up one range of a column: the column, its first and last row.
        has_macros: whether the workbook brings macros.
    """

    uncalculated: dict[str, set[str]] = field(default_factory=dict)
    formulas: dict[str, int] = field(default_factory=dict)
    sums: dict[str, dict[str, tuple[str, int, int]]] = field(default_factory=dict)
    has_macros: bool = False


def scan(source: Source) -> Scan:
    """Look through every part of a workbook.

    Raises:
        InputError: the container is broken, unsafe, beyond a limit, or no workbook.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
            _check_directory(archive, source.name)
            return _scan_parts(archive, source.name)
    except BROKEN as error:
        message, hint = f"the workbook is broken: {error}.", "Open it in a spreadsheet program and save it again."
        raise InputError([Issue("file-kind", message, hint, source.name)]) from None


def _check_directory(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse parts that stand twice, leave the container, are encrypted, or are too many."""
    parts = archive.infolist()
    names = [part.filename for part in parts]
    hint = "Open the workbook in a spreadsheet program and save it again."
    if len(parts) > MOST_PARTS:
        message = f"the workbook has {len(parts):,} parts; at most {MOST_PARTS:,} are read."
        raise InputError([Issue("limit-size", message, hint, name)])
    lowered = [part.lower() for part in names]
    twice = sorted({part for part in lowered if lowered.count(part) > 1})
    if twice:
        message = f"the part {twice[0]!r} stands in the workbook twice: programs differ in which one they read."
        raise InputError([Issue("archive-unsafe", message, hint, name)])
    if any(part.header_offset == 0 for part in parts) != bool(parts):
        message = "something stands before the workbook in its file: programs differ in what they read."
        raise InputError([Issue("archive-unsafe", message, hint, name)])
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= set(lowered):
        message = f"the file is {_archive_of(lowered)} and no .xlsx workbook."
        raise InputError([Issue("file-kind", message, "Export the table as .xlsx or CSV.", name)])
    for part in parts:
        if ".." in part.filename.split("/") or part.filename.startswith(("/", "\\")) or "\\" in part.filename:
            message = f"the part {part.filename!r} points outside the workbook."
            raise InputError([Issue("archive-unsafe", message, hint, name)])
        if part.flag_bits & 1:
            raise InputError([Issue("file-kind", "the workbook has a password.", "Save it without one.", name)])
        if part.file_size > LARGEST_PART:
            message = f"{part.filename!r} unpacks to {part.file_size:,} bytes; at most {LARGEST_PART:,} are read."
            raise InputError([Issue(*_limit(message, part.filename), name)])


def _archive_of(parts: list[str]) -> str:
    """What a zip archive is by its parts."""
    if "xl/workbook.bin" in parts:
        return "a binary workbook (.xlsb)"
    if "content.xml" in parts:
        return "an OpenDocument file (.ods)"
    return "a document of a word processor" if "word/document.xml" in parts else "a zip archive"


def _limit(message: str, part: str) -> tuple[str, str, str]:
    """The rule that a part beyond the limit breaks, and what to do."""
    rule = "limit-rows" if "worksheets" in part else "limit-size"
    return rule, message, "Keep the rows and sheets the inventory needs, or export the table as CSV."


def _scan_parts(archive: zipfile.ZipFile, name: str) -> Scan:
    made = Scan(has_macros=any(part.lower().endswith("vbaproject.bin") for part in archive.namelist()))
    walked: dict[str, _Sheet] = {}
    # The parts that say which parts are sheets come first: a sheet may have any name.
    first, sheets = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"), set[str]()
    for part in sorted(archive.infolist(), key=lambda part: part.filename.lower() not in first):
        lowered = part.filename.lower()
        if not sheets and lowered not in first:
            sheets = {found.lower() for found in _titles(archive).values()}
        if not lowered.endswith((".xml", ".rels")) and lowered not in sheets:
            continue
        is_sheet = lowered.startswith("xl/worksheets/sheet") or lowered in sheets
        if is_sheet:
            _count(archive, part, name)
        walked[lowered] = _walk(archive, part, name, is_sheet=is_sheet)
    for title, part_name in _titles(archive).items():
        found = walked.get(part_name.lower())
        if found:
            made.uncalculated[title], made.formulas[title] = found.uncalculated, found.formulas
            made.sums[title] = found.sums
    return made


def _walk(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str, *, is_sheet: bool) -> _Sheet:
    """A part looked through from end to end."""
    sheet = _Sheet(name, part.filename)
    parser = sheet.parser(is_sheet=is_sheet)
    try:
        for piece in _pieces(archive, part, name):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        message = f"the part {part.filename!r} is broken: {error}."
        hint = "Open the workbook in a spreadsheet program and save it again."
        raise InputError([Issue("file-kind", message, hint, name)]) from None
    return sheet


def _titles(archive: zipfile.ZipFile) -> dict[str, str]:
    """Title of each sheet to its part; the parts were walked through before, so they are well-formed and small."""
    relations = {
        found.get("Id", ""): found.get("Target", "")
        for found in ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - no DOCTYPE
    }
    sheets = ET.fromstring(archive.read("xl/workbook.xml")).iter()  # noqa: S314 - no DOCTYPE
    return {
        sheet.get("name", ""): _part(relations.get(next((v for k, v in sheet.items() if k.endswith("}id")), ""), ""))
        for sheet in sheets
        if sheet.tag.endswith("}sheet")
    }


def _part(target: str) -> str:
    """The part that a relation of the workbook names: absolute, or from the folder of the workbook."""
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    """The bytes of a part, counted as they come: what the directory states may be false."""
    size = 0
    with archive.open(part) as stream:
        while piece := stream.read(PIECE):
            size += len(piece)
            if size > LARGEST_PART:
                message = f"the part {part.filename!r} unpacks to more than {LARGEST_PART:,} bytes."
                raise InputError([Issue(*_limit(message, part.filename), name)])
            yield piece


def _count(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    """Refuse a sheet with too many rows or cells, by their tags alone."""
    rows = cells = 0
    for piece in _pieces(archive, part, name):
        rows += piece.count(b"<row")
        cells += piece.count(b"<c>") + piece.count(b"<c ")
        if rows > MOST_ROWS or cells > MOST_CELLS:
            seen = f"more than {MOST_ROWS:,} rows" if rows > MOST_ROWS else f"more than {MOST_CELLS:,} cells"
            message = f"the sheet {part.filename!r} has {seen}."
            hint = "Keep the rows the inventory needs, or export the sheet as CSV or Parquet."
            raise InputError([Issue("limit-rows" if rows > MOST_ROWS else "limit-cells", message, hint, name)])


class _Sheet:
    """Walks through a part; one instance a part. Text is looked at within formula cells alone, as it costs time."""

    def __init__(self, name: str, part: str) -> None:
        self.name, self.part = name, part
        self.uncalculated: set[str] = set()
        self.sums: dict[str, tuple[str, int, int]] = {}
        self.formulas = 0
        self.cell, self.has_formula, self.has_value = "", False, False
        self.kind, self.cells, self.row, self.column = "n", 0, 0, 0
        self.texts: list[str] = []
        self.within, self.values = [""], list[str]()
        self.last_row = self.last_column = self.joined = 0

    def parser(self, *, is_sheet: bool) -> expat.XMLParserType:
        made = expat.ParserCreate()
        made.StartDoctypeDeclHandler = self.doctype
        if is_sheet:
            made.StartElementHandler = self.start
            made.EndElementHandler = self.end
            self.expat = made
        return made

    def doctype(self, *_: object) -> None:
        message = f"the part {self.part!r} declares a document type, which can name other files or grow without end."
        hint = "No spreadsheet program writes one. Do not trust the file; ask its sender for another."
        raise InputError([Issue("xml-doctype", message, hint, self.name)])

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag, parent = tag.rpartition(":")[2], self.within[-1]
        self.within.append(tag)
        if parent in INSIDE and tag not in INSIDE[parent]:
            self.broken(f"{tag!r} stands in {parent!r} near the cell {self.cell or 'A1'}, where it has no place")
        if tag == "c":
            self.begin_cell(attributes)
        elif tag == "row":
            self.begin_row(attributes.get("r", ""))
        elif parent in ("c", "is"):
            self.begin_value(tag, parent)
        elif tag in ("mergeCell", "hyperlink"):
            self.join(attributes.get("ref", ""))

    def begin_cell(self, attributes: dict[str, str]) -> None:
        self.cell, self.has_formula, self.has_value = attributes.get("r", ""), False, False
        self.kind, self.values = attributes.get("t", "n"), []
        if self.kind not in KINDS:
            self.broken(f"the cell {self.cell} is of the kind {self.kind!r}, which there is not")
        self.cells += 1
        if self.cells > MOST_CELLS:
            self.refuse(f"the sheet {self.part!r} has more than {MOST_CELLS:,} cells.", "Keep the rows needed")
        self.measure(self.cell)

    def begin_row(self, number: str) -> None:
        row = int(number) if number.isdecimal() and number.isascii() else self.row + 1
        if row <= self.row:
            self.broken(f"the row {row} stands below the row {self.row}")
        self.row, self.column = row, 0

    def begin_value(self, tag: str, parent: str) -> None:
        """Refuse a second value or text of a cell: programs take the one or the other."""
        if tag == "f":
            self.has_formula, self.texts = True, []
            self.expat.CharacterDataHandler = self.texts.append
        elif tag in VALUES:
            kind = parent if tag != "t" else "t"
            if kind in self.values:
                self.broken(f"the cell {self.cell} holds two {'texts' if tag == 't' else 'values'}")
            self.values.append(kind)
            if tag == "is" and self.kind != "inlineStr":
                self.broken(f"the cell {self.cell} holds text and is of the kind {self.kind!r}")

    def end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        self.within.pop()
        if not self.has_formula:
            return
        text = "".join(self.texts).strip()
        if tag == "f":
            found = SUM.fullmatch(text[:LONGEST_SUM])
            if found and found["column"] == found["same"]:
                self.sums[self.cell] = (found["column"], int(found["first"]), int(found["last"]))
            self.texts.clear()
        elif tag in ("v", "t"):
            self.has_value = self.has_value or bool(text) or self.kind == "str"
            self.texts.clear()
        elif tag == "c":
            self.formulas += 1
            self.expat.CharacterDataHandler = None
            self.has_formula = False
            if not self.has_value:
                self.uncalculated.add(self.cell)

    def measure(self, cell: str) -> None:
        """Refuse a sheet whose cells span too large a rectangle."""
        if not cell:
            self.column += 1
            return
        found = PLACE.fullmatch(cell)
        if not found:
            self.broken(f"a cell of the row {self.row} has the place {cell[:20]!r}, which there is not")
        row, column = int(found["row"]), _number(found["column"])
        if row != self.row or column <= self.column:
            self.broken(f"the cell {cell} stands out of its order, in the row {self.row}")
        self.column = column
        self.last_row = max(self.last_row, row)
        self.last_column = max(self.last_column, column)
        if self.last_row * self.last_column > MOST_AREA:
            message = f"the cells of {self.part!r} reach to row {self.last_row:,} and column {found['column']}."
            self.refuse(message, "Delete the rows and columns beyond the table")

    def join(self, area: str) -> None:
        """Refuse a sheet whose merged cells or links cover more cells than are read."""
        first, _, last = area.partition(":")
        ends = [PLACE.fullmatch(end) for end in (first, last or first)]
        if ends[0] and ends[1]:
            rows = int(ends[1]["row"]) - int(ends[0]["row"]) + 1
            self.joined += abs(rows) * (abs(_number(ends[1]["column"]) - _number(ends[0]["column"])) + 1)
        if self.joined > MOST_CELLS:
            self.refuse(f"merged cells or links of {self.part!r} cover more than {MOST_CELLS:,} cells.", "Unmerge them")

    def broken(self, why: str) -> NoReturn:
        """Refuse a sheet that programs read differently: a cell in two places, or of no kind."""
        hint = "Open the workbook in a spreadsheet program and save it again."
        raise InputError([Issue("file-kind", f"the workbook is broken: in {self.part!r} {why}.", hint, self.name)])

    def refuse(self, message: str, hint: str) -> NoReturn:
        raise InputError([Issue("limit-cells", message, f"{hint}, or export the sheet as CSV.", self.name)])


def _number(letters: str) -> int:
    """The number of a column, counted from 1."""
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return column


def unreadable(source: Source) -> str:
    """Why no parser takes a workbook: its form, or its first cell whose stored number is none; blank where it may."""
    with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
        if STRICT in archive.read("xl/workbook.xml"):
            return "it is saved as 'Strict Open XML', a form of .xlsx that is not read"
        for title, part in _titles(archive).items():
            if part not in archive.namelist():
                return f"it has no part {part!r} for the sheet {title!r}"
            try:
                said = _no_number(archive, part)
            except ET.ParseError as error:
                return f"the part {part!r} is broken: {error}"
            if said:
                return f"the cell {said[0]} of the sheet {title!r} stores {said[1][:60]!r} as a number"
    return ""


def _no_number(archive: zipfile.ZipFile, part: str) -> tuple[str, str] | None:
    """The first cell of a sheet whose stored number is none, and what it stores."""
    for _, cell in ET.iterparse(archive.open(part)):  # noqa: S314 - walked through before
        if cell.tag.rpartition("}")[2] != "c":
            continue
        value = next((found.text or "" for found in cell if found.tag.endswith("}v")), "0") or "0"
        if cell.get("t", "n") in ("n", "s", "b") and not DECIMAL.fullmatch(value.strip()):
            return cell.get("r", ""), value
        cell.clear()
    return None
