"""Random mutations of good tables and files in every form, by the million: each keeps its rows, or something is said.

By hand, for as long as one likes: ``python -m tests.reading.mutate_forms csv 1000000``; the forms are those of
``FORMS``. A second number is the first seed, so that several may run side by side; every seed replays.

What decides is an independent plain reading of each form by the standard library alone. Where it and the reader agree
on every cell, the total is that of a good table; where they differ, an issue or a note must say why. Sums themselves
are compared by ``mutate.py`` and ``tests/test_reference.py``.
"""

from __future__ import annotations

import csv
import io
import json
import random
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import yaml

from ghg.documents import read_document
from ghg.inventory import Inventory
from ghg.issues import InputError
from ghg.reading import Manner, Reading, read_table
from ghg.schema import DATES, NUMBERS, OPTIONAL, REQUIRED
from tests.reading.harness import COLUMNS, FILL, INVENTORY
from tests.reading.mutate import GOOD, MARKS, MUTATIONS

Rows = list[dict[str, str]]
Judge = Callable[[bytes, Path], str]
ORDINARY = frozenset({"number-grouping", "number-scientific"})
"""Notes that are said of a good table too."""
MANNER = {
    name: Manner(name, Reading(columns=COLUMNS, fill=FILL), NUMBERS, DATES)
    for name in ("t.csv", "t.tsv", "t.json", "t.xlsx")
}
READ = ("id", "site", "start", "activity", "amount", "unit", "note")
WRITTEN = ("id", "site", "date", "activity", "quantity", "unit", "note")


def told_or_rows(name: str, content: bytes, folder: Path) -> Rows | str:
    """The rows as the reader gives them, or ``told``; ``wrong`` where a problem comes without its rule or hint."""
    (folder / name).write_bytes(content)
    try:
        table = read_table(folder / name, name, REQUIRED, OPTIONAL, MANNER[name])
    except InputError as error:
        sound = all(issue.rule and issue.hint and issue.message for issue in error.issues)
        return "told" if sound else "wrong: no hint"
    if table.issues or {note.rule for note in table.notes} - ORDINARY:
        return "told"
    columns = [table.columns[name] for name in READ]
    return [dict(zip(WRITTEN, cells, strict=True)) for cells in zip(*columns, strict=True)]


def compared(name: str, content: bytes, folder: Path, plain: Callable[[bytes], Rows | None]) -> str:
    """How a table came out beside its plain reading."""
    found = told_or_rows(name, content, folder)
    if isinstance(found, str):
        return found
    expected = plain(content)
    alike = expected is not None and _valued(found) == _valued(expected)
    return "kept" if alike else f"wrong: {found!r}"


def _valued(rows: Rows) -> list[dict[str, str | Fraction]]:
    """Rows with their amounts as numbers: a workbook stores 1000 where a file says 1e3."""
    made: list[dict[str, str | Fraction]] = []
    for row in rows:
        try:
            made.append({**row, "quantity": Fraction(Decimal(row["quantity"]))})
        except (InvalidOperation, ValueError, OverflowError):
            made.append({**row})
    return made


def plain_csv(content: bytes) -> Rows | None:
    """The rows of a CSV file by the standard library; none where it is not plain."""
    try:
        marked = next((codec for mark, codec in MARKS.items() if content.startswith(mark)), "utf-8")
        rows = csv.reader(io.StringIO(content.decode(marked), newline=""), strict=True)
        return _records([row for row in rows if "".join(row).strip()])
    except (UnicodeDecodeError, csv.Error, ValueError):
        return None


def _records(rows: list[list[str]]) -> Rows | None:
    """Rows below a header as records with the columns that are compared."""
    header = [cell.strip() for cell in rows[0]] if rows else []
    if any(len(row) != len(header) for row in rows) or len(set(header)) < len(header):
        return None
    cells = [dict(zip(header, (cell.strip() for cell in row), strict=True)) for row in rows[1:]]
    return [{name: record.get(name, "") for name in WRITTEN} for record in cells]


def plain_json(content: bytes) -> Rows | None:
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
    return [{name: _word(_keyed(record).get(name)) for name in WRITTEN} for record in found]


def _keyed(record: Mapping[str, Any]) -> dict[str, Any]:
    return {key.strip(): value for key, value in record.items()}


def _word(value: Any) -> str:
    return (
        {None: "", True: "true", False: "false"}.get(value, str(value).strip()) if not isinstance(value, list) else ""
    )


def plain_xlsx(content: bytes) -> Rows | None:
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
        rows.append([cells.get(n, "") for n in range(1, len(WRITTEN) + 1)])
    return _records([row for row in rows if any(row)])


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


def judge_yaml(content: bytes, folder: Path) -> str:
    """An inventory: refused, or read as the same nested text that another loader of YAML reads."""
    path = folder / "inventory.yaml"
    path.write_bytes(content)
    try:
        document = read_document(path, "inventory.yaml")
        document.validate(Inventory)
    except InputError as error:
        return "told" if all(issue.rule and issue.message for issue in error.issues) else "wrong: no rule"
    try:
        plain = yaml.load(content.decode("utf-8-sig"), Loader=yaml.BaseLoader)  # noqa: S506 - text alone
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        return f"wrong: read what another loader refuses: {error}"
    return "kept" if plain == document.tree else f"wrong: {document.tree!r}"


def good_yaml() -> bytes:
    text = yaml.safe_dump({**INVENTORY, "activity": ["activity.csv"]}, sort_keys=False, allow_unicode=True)
    return text.encode()


def good_json() -> bytes:
    records = list(csv.DictReader(io.StringIO(GOOD)))
    return ("[" + ",\n ".join(json.dumps(record, ensure_ascii=False) for record in records) + "]").encode()


FORMS: dict[str, tuple[Callable[[], bytes], Callable[[bytes], bytes], Judge]] = {
    "csv": (GOOD.encode, bytes, lambda content, folder: compared("t.csv", content, folder, plain_csv)),
    "json": (good_json, bytes, lambda content, folder: compared("t.json", content, folder, plain_json)),
    "xlsx": (good_sheet, workbook, lambda content, folder: compared("t.xlsx", content, folder, plain_xlsx)),
    "container": (lambda: workbook(good_sheet()), bytes,
                  lambda content, folder: compared("t.xlsx", content, folder, plain_xlsx)),
    "yaml": (good_yaml, bytes, judge_yaml),
}  # fmt: skip
"""Each form: a good file, what is done to it after mutation, and the judge."""


def mutant(good: bytes, seed: int) -> tuple[str, bytes]:
    """The mutant of a seed: one to three mutations."""
    chance = random.Random(seed)  # noqa: S311 - a seed that replays
    content, names = good, []
    for _ in range(chance.choice((1, 1, 2, 3))):
        mutation = chance.choice(MUTATIONS)
        names.append(mutation.__name__)
        content = mutation(content, chance) if content.strip() else content
    return " ".join(names), content


def judged(form: str, seed: int, folder: Path) -> tuple[str, str, bytes]:
    """The verdict on a seed's mutant: ``told``, ``kept``, ``wrong: …`` or ``crash: …``."""
    make, pack, judge = FORMS[form]
    names, content = mutant(make(), seed)
    content = pack(content)
    try:
        return judge(content, folder), names, content
    except Exception as error:  # noqa: BLE001 - what a crash is
        return f"crash: {type(error).__name__}: {error}", names, content


def main() -> None:
    """Judge as many mutants as asked for; say the counts and what came out wrong."""
    form, count = sys.argv[1], int(sys.argv[2])
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, first + count):
            verdict, names, content = judged(form, seed, Path(folder))
            counts[verdict.partition(":")[0]] += 1
            if verdict.startswith(("wrong", "crash")):
                sys.stdout.write(f"{form} {seed} {names} {verdict[:200]} {content[:200]!r}\n")
                sys.stdout.flush()
    sys.stdout.write(f"{form}: {dict(counts)}\n")


if __name__ == "__main__":
    main()
