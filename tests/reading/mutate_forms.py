"""Random mutations of good tables in every form: each keeps its rows, or something is said; every seed replays.

``tests/reading/campaign.py`` runs them by the million.

What decides is an independent plain reading of each form by the standard library alone. Where it and the reader agree
on every cell, the total is that of a good table; where they differ, an issue or a note must say why. Sums themselves
are compared by ``mutate.py`` and ``tests/test_reference.py``.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from ghg.issues import InputError, Issue
from ghg.reading import Manner, Reading, read_table
from ghg.schema import DATES, NUMBERS, OPTIONAL, REQUIRED
from tests.reading.harness import COLUMNS, FILL
from tests.reading.mutate import GOOD, MARKS, MUTATIONS
from tests.reading.mutate_rows import as_delimited, as_json, as_sheet, good_rows, mutant

Rows = list[dict[str, str]]
Judge = Callable[[bytes, Path], str]
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LONG = 400
"""Digits from which a number is not compared as one."""
MANNER = {
    name: Manner(name, Reading(columns=COLUMNS, fill=FILL), NUMBERS, DATES)
    for name in ("t.csv", "t.tsv", "t.json", "t.xlsx")
}
READ = ("id", "site", "start", "activity", "amount", "unit", "note")
WRITTEN = ("id", "site", "date", "activity", "quantity", "unit", "note")


def are_told(issues: Iterable[Issue]) -> bool:
    """Whether problems say what they have to: rule, file, what was seen, and what to do."""
    return all(issue.rule and issue.hint and issue.message and issue.file for issue in issues)


def compared(name: str, content: bytes, folder: Path, plain: Callable[[bytes], Plain | None]) -> str:
    """How a table came out beside its plain reading.

    A remark counts only where it is about the very thing that differs: ``date-detected`` where days are written in
    another form, ``character-invisible`` where signs do not show.
    """
    (folder / name).write_bytes(content)
    try:
        table = read_table(folder / name, name, REQUIRED, OPTIONAL, MANNER[name])
    except InputError as error:
        return "told" if are_told(error.issues) else "wrong: no hint"
    if table.issues:
        return "told" if are_told(table.issues) else "wrong: no hint"
    found = [
        dict(zip(WRITTEN, cells, strict=True)) for cells in zip(*(table.columns[name] for name in READ), strict=True)
    ]
    expected = plain(content)
    if expected is None or len(expected.rows) != len(found):
        return f"wrong: {found!r}"
    needed = {note for pair in zip(found, expected.rows, strict=True) for note in _needed(*pair)} | expected.notes
    if needed <= {note.rule for note in table.notes}:
        return "remarked" if needed else "kept"
    return f"wrong: {found!r}"


def _needed(found: Mapping[str, str], expected: Mapping[str, str]) -> Iterator[str]:
    """The notes that have to explain how a row differs from its plain reading."""
    for column in WRITTEN:
        ours, theirs = found[column], expected[column]
        if ours in (theirs, unicodedata.normalize("NFC", theirs)) or value(ours) == value(theirs) is not None:
            continue
        if shown(ours) == shown(theirs):
            yield "character-invisible"
        elif column == "date" and _is_day(ours, theirs):
            yield "date-detected"
        else:
            yield "none explains it"


def value(text: str) -> Fraction | None:
    """An amount as a number: a workbook stores 1000 where a file says 1e3."""
    try:
        return Fraction(Decimal(text)) if len(text) < LONG and abs(Decimal(text).adjusted()) < LONG else None
    except (InvalidOperation, ValueError, OverflowError):
        return None


def shown(text: str) -> str:
    """The signs of a text that show, accents composed."""
    kept = (sign for sign in text if unicodedata.category(sign)[0] not in "CZ" and not "\ufe00" <= sign <= "\ufe0f")
    return unicodedata.normalize("NFC", "".join(kept))


def _is_day(day: str, text: str) -> bool:
    """Whether a text states a day in some form: the same numbers, the month perhaps by its name."""
    wanted = [int(part) for part in day.split("-")]
    for number, name in enumerate(MONTHS, start=1):
        text = re.sub(rf"(?i){name}[a-z]*", f" {number} ", text)
    numbers = [int(part) for part in re.findall(r"[0-9]+", text)]
    glued = re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text.strip()[:8])
    return sorted(numbers[:3]) == sorted(wanted) or bool(glued and [int(part) for part in glued.groups()] == wanted)


@dataclass(frozen=True)
class Plain:
    """The plain reading of a file: its rows, and the notes that have to be said of it."""

    rows: Rows
    notes: frozenset[str] = frozenset()


def plain_csv(content: bytes, signs: str = ",;|\t") -> Plain | None:
    """The rows of a CSV file by the standard library, under the delimiter that shows most headers."""
    try:
        marked = next((codec for mark, codec in MARKS.items() if content.startswith(mark)), "utf-8")
        text = content.decode(marked)
    except UnicodeDecodeError:
        return None
    sign = max(signs, key=lambda sign: _headers(delimited(text, sign)))
    return _records(delimited(text, sign), {"dialect-detected"} if sign != signs[0] else set())


def delimited(text: str, sign: str) -> list[list[str]]:
    """The rows of text under a delimiter; none where it is not plain."""
    try:
        rows = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=sign)
        return [row for row in rows if "".join(row).strip()]
    except csv.Error:
        return []


def _headers(rows: list[list[str]]) -> int:
    """How many of the columns a header shows."""
    return len({shown(cell) for cell in rows[0]} & set(WRITTEN)) if rows else 0


def _records(rows: list[list[str]], notes: set[str]) -> Plain | None:
    """Rows below a header as records with the columns that are compared; a column without any text is none."""
    while (
        rows and rows[1:] and rows[0] and not rows[0][-1].strip() and all(len(row) < len(rows[0]) for row in rows[1:])
    ):
        rows, notes = [rows[0][:-1], *rows[1:]], notes | {"column-blank"}
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        return None
    columns = [column for column in zip(*rows, strict=True) if "".join(column).strip()]
    header = [shown(column[0]) for column in columns]
    if len(set(header)) < len(header):
        return None
    cells = [dict(zip(header, (cell.strip() for cell in row), strict=True)) for row in zip(*columns, strict=True)]
    hidden = {"character-invisible"} if any(column[0].strip() != shown(column[0]) for column in columns) else set()
    return Plain([{name: record.get(name, "") for name in WRITTEN} for record in cells[1:]], frozenset(notes | hidden))


def plain_json(content: bytes) -> Plain | None:
    """The records of a JSON list by the standard library."""
    try:
        marked = next((codec for mark, codec in MARKS.items() if content.startswith(mark)), "utf-8")
        found = json.loads(
            content.decode(marked).removeprefix("\ufeff"), parse_float=str, parse_int=str, parse_constant=str
        )
    except (UnicodeDecodeError, ValueError, RecursionError):
        return None
    if not isinstance(found, list) or not all(isinstance(record, dict) for record in found):
        return None
    records = [{shown(key): value for key, value in record.items()} for record in found]
    return Plain([{name: _word(record.get(name)) for name in WRITTEN} for record in records])


def _word(value: Any) -> str:
    return (
        {None: "", True: "true", False: "false"}.get(value, str(value).strip()) if not isinstance(value, list) else ""
    )


def plain_xlsx(content: bytes) -> Plain | None:
    """The cells of the only sheet by the standard library: inline strings and plain numbers."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            sheet = ET.fromstring(archive.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - made here
    except (zipfile.BadZipFile, KeyError, ET.ParseError, OSError, ValueError, NotImplementedError):
        return None
    rows = []
    for row in sheet.findall(".//{*}row"):
        cells: dict[int, str] = {}
        for c in row:
            texts = [t.text or "" for t in c.iter() if t.tag[-2:] in ("}t", "}v")]
            cells[_column(c.get("r", "")) or max(cells, default=0) + 1] = "".join(texts)
        rows.append([cells.get(n, "") for n in range(1, max(cells, default=0) + 1)])
    rows = [row for row in rows if "".join(row).strip()]
    first = max(range(len(rows)), key=lambda n: (_headers(rows[n:]), -n), default=0)
    wide = max((n for row in rows[first:] for n, cell in enumerate(row, start=1) if cell.strip()), default=0)
    padded = [[*row, *[""] * wide][:wide] for row in rows[first:]]
    return _records(padded, {"header-detected"} if first else set())


def _column(place: str) -> int:
    number = 0
    for letter in place.rstrip("0123456789").upper():
        number = number * 26 + ord(letter) - 64
    return number


def workbook(sheet: bytes) -> bytes:
    """A workbook of one sheet, its XML given."""
    out = io.BytesIO()
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="Data" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    }
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return out.getvalue()


def good_sheet() -> bytes:
    """The good table as the XML of a sheet: text inline, amounts as numbers."""
    rows = list(csv.reader(io.StringIO(GOOD)))
    lines = []
    for r, row in enumerate(rows, start=1):
        cells = "".join(
            f'<c r="{"ABCDEFG"[c]}{r}"><v>{cell}</v></c>'
            if r > 1 and WRITTEN[c] == "quantity"
            else f'<c r="{"ABCDEFG"[c]}{r}" t="inlineStr"><is><t>{cell}</t></is></c>'
            for c, cell in enumerate(row)
        )
        lines.append(f'<row r="{r}">{cells}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{main}"><sheetData>{"".join(lines)}</sheetData></worksheet>'.encode()


def good_json() -> bytes:
    records = list(csv.DictReader(io.StringIO(GOOD)))
    return ("[" + ",\n ".join(json.dumps(record, ensure_ascii=False) for record in records) + "]").encode()


def broken(good: bytes, seed: int) -> tuple[str, bytes]:
    """The mutant of a seed by its bytes: one to three mutations."""
    chance = random.Random(seed)  # noqa: S311 - a seed that replays
    content, names = good, []
    for _ in range(chance.choice((1, 1, 2, 3))):
        mutation = chance.choice(MUTATIONS)
        names.append(mutation.__name__)
        content = mutation(content, chance) if content.strip() else content
    return " ".join(names), content


@dataclass(frozen=True)
class Form:
    """A form of files.

    Attributes:
        good: the good file, before it is packed.
        mutant: the mutant of a seed, before it is packed.
        judge: how a file came out: ``told``, ``kept``, ``remarked`` or ``wrong: …``.
        pack: what is done to it after mutation.
    """

    good: bytes
    mutant: Callable[[int], tuple[str, bytes]]
    judge: Judge
    pack: Callable[[bytes], bytes] = bytes


def of_bytes(good: bytes, judge: Judge, pack: Callable[[bytes], bytes] = bytes) -> Form:
    """A form whose bytes are broken."""
    return Form(good, lambda seed: broken(good, seed), judge, pack)


def of_rows(
    write: Callable[[list[list[str]], random.Random], bytes], judge: Judge, pack: Callable[[bytes], bytes] = bytes
) -> Form:
    """A form whose rows are broken before they are written."""
    good = write(good_rows(), random.Random(0))  # noqa: S311 - a seed that replays
    return Form(good, lambda seed: mutant(seed, write), judge, pack)


def _judge(name: str, plain: Callable[[bytes], Plain | None]) -> Judge:
    return lambda content, folder: compared(name, content, folder, plain)


def plain_tsv(content: bytes) -> Plain | None:
    """The rows of a table whose delimiter its name declares."""
    return plain_csv(content, "\t")


TABS = as_delimited(good_rows(), "\t")
FORMS: dict[str, Form] = {
    "csv": of_bytes(GOOD.encode(), _judge("t.csv", plain_csv)),
    "tsv": of_bytes(TABS, _judge("t.tsv", plain_tsv)),
    "json": of_bytes(good_json(), _judge("t.json", plain_json)),
    "xlsx": of_bytes(good_sheet(), _judge("t.xlsx", plain_xlsx), workbook),
    "container": of_bytes(workbook(good_sheet()), _judge("t.xlsx", plain_xlsx)),
    "rows csv": of_rows(lambda rows, _: as_delimited(rows, ","), _judge("t.csv", plain_csv)),
    "rows tsv": of_rows(lambda rows, _: as_delimited(rows, "\t"), _judge("t.tsv", plain_tsv)),
    "rows json": of_rows(as_json, _judge("t.json", plain_json)),
    "rows xlsx": of_rows(as_sheet, _judge("t.xlsx", plain_xlsx), workbook),
}  # fmt: skip
"""Each form of an activity table, by what is broken: its bytes, or its rows before they are written."""


def judged(form: Form, seed: int, folder: Path) -> tuple[str, str, bytes]:
    """The verdict on a seed's mutant: ``told``, ``kept``, ``remarked``, ``wrong: …`` or ``crash: …``."""
    names, content = form.mutant(seed)
    content = form.pack(content)
    try:
        return form.judge(content, folder), names, content
    except Exception as error:  # noqa: BLE001 - what a crash is
        return f"crash: {type(error).__name__}: {error}", names, content
