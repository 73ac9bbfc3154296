"""Mutations of the rows of a good table, which is then written in every form there is.

Where ``mutate.py`` breaks bytes, this breaks what people break in a spreadsheet: cells, headers, rows and columns.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.sax.saxutils import escape

from tests.reading.mutate import GOOD, MUTATIONS

Rows = list[list[str]]
RowMutation = Callable[[Rows, random.Random], Rows]
ODD_CELLS = (
    "", " ", "n/a", "-", "TBC", "null", "1,234", "1.234,5", "1.234", "１２３", "1e3", "1E400", "1_000", "0x1F", "inf",
    "NaN", "-5", "+5", ".5", "5.", "1 234", "1\u00a0234", "=1+1", "'5", "5%", "(5)", "TRUE", "12345678901234567890",
    "0.1234567891",
    "MWh", "kwh", "KWH", "mwh", "t", "GJ ", " kWh", "kW·h", "GWh", "therm", "2025-02-29", "01/02/2025", "13/02/2025",
    "45672", "2025-01", "2024-12-31", "2026-01-01", "2025-01-15T00:00:00Z", "15 Jan 2025", "Q1 2025", "#DIV/0!", "#N/A",
    "purchased_electricity ", "Purchased_electricity", "electricity", "a-1", "A-1", "Total", "Ko\u0308ln", "Köln\u200b",
    "a\u202eb", "a\nb", "a\tb", "\ufeffid", "NULL", "none", "nan", '"', '""', "a,b", "a;b",
    "=cmd|' /C calc'!A0", "x" * 300,
)  # fmt: skip
"""What stands in a cell of somebody's table."""
ODD_HEADERS = ("Quantity", "quantity ", "amount", "", "unit", "note", "start", "id\u200b", "date", "colour", "region")


def good_rows() -> Rows:
    """The good table, its header first."""
    return list(csv.reader(io.StringIO(GOOD)))


def _place(rows: Rows, chance: random.Random) -> tuple[list[str], int]:
    """A row that has cells, and the place of one of them."""
    filled = [row for row in rows[1:] if row] or [rows[0]]
    row = chance.choice(filled)
    return row, chance.randrange(len(row))


def odd_cell(rows: Rows, chance: random.Random) -> Rows:
    row, at = _place(rows, chance)
    row[at] = chance.choice(ODD_CELLS)
    return rows


def cell_of_the_column(rows: Rows, chance: random.Random) -> Rows:
    row, at = _place(rows, chance)
    other = chance.choice(rows)
    row[at] = other[at] if at < len(other) else ""
    return rows


def longer_cell(rows: Rows, chance: random.Random) -> Rows:
    row, at = _place(rows, chance)
    sign = chance.choice((" ", "\u00a0", ",", ".", "0", "'", "\n", "\t", "\u200b", "e", "-", '"', "%", "k"))
    where = chance.randrange(len(row[at]) + 1)
    row[at] = row[at][:where] + sign + row[at][where:]
    return rows


def odd_column(rows: Rows, chance: random.Random) -> Rows:
    at = chance.randrange(len(rows[0]))
    odd = [chance.choice(ODD_CELLS) for _ in range(2)]
    for n, row in enumerate(rows[1:]):
        if at < len(row):
            row[at] = odd[n % 2]
    return rows


def shifted(rows: Rows, chance: random.Random) -> Rows:
    row, at = _place(rows, chance)
    row.insert(at, chance.choice(("", "x", "0")))
    if chance.random() < 0.5:
        row.pop()
    return rows


def odd_header(rows: Rows, chance: random.Random) -> Rows:
    rows[0][chance.randrange(len(rows[0]))] = chance.choice(ODD_HEADERS)
    return rows


def swapped_headers(rows: Rows, chance: random.Random) -> Rows:
    a, b = chance.randrange(len(rows[0])), chance.randrange(len(rows[0]))
    rows[0][a], rows[0][b] = rows[0][b], rows[0][a]
    return rows


def moved_column(rows: Rows, chance: random.Random) -> Rows:
    at = chance.randrange(len(rows[0]))
    return [[*row[at : at + 1], *row[:at], *row[at + 1 :]] for row in rows]


def added_column(rows: Rows, chance: random.Random) -> Rows:
    head = chance.choice(("", "note", "quantity", "colour", "site"))
    return [[*row, head if n == 0 else chance.choice(("", "x", "5"))] for n, row in enumerate(rows)]


def dropped_column(rows: Rows, chance: random.Random) -> Rows:
    at = chance.randrange(len(rows[0]))
    return [row[:at] + row[at + 1 :] for row in rows]


def added_row(rows: Rows, chance: random.Random) -> Rows:
    width = len(rows[0])
    row = chance.choice((
        [""] * width, [" "] * width, [], ["Total", "", "", "", "99000", "kWh", ""][:width], list(rows[0]),
        list(chance.choice(rows)), ["Source: meters"], ["a-9", *rows[-1][1:]],
    ))  # fmt: skip
    rows.insert(chance.randrange(len(rows) + 1), row)
    return rows


def other_order(rows: Rows, chance: random.Random) -> Rows:
    rest = rows[1:]
    chance.shuffle(rest)
    return [rows[0], *rest]


ROW_MUTATIONS: tuple[RowMutation, ...] = (
    odd_cell, odd_cell, cell_of_the_column, longer_cell, longer_cell, odd_column, shifted, odd_header, swapped_headers,
    moved_column, added_column, dropped_column, added_row, added_row, other_order,
)  # fmt: skip


def is_plain_number(text: str) -> bool:
    """Whether a program that writes numbers would write the text so."""
    try:
        return text.isascii() and Decimal(text).is_finite() and text == text.strip() and "_" not in text
    except InvalidOperation:
        return False


def as_delimited(rows: Rows, delimiter: str) -> bytes:
    """The rows as delimited text."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", delimiter=delimiter).writerows(rows)
    return out.getvalue().encode("utf-8", "surrogatepass")


def as_json(rows: Rows, chance: random.Random) -> bytes:
    """The rows as a list of records: numbers as numbers now and then, and headers as they come, twice if need be."""
    header = rows[0]
    lines = []
    for row in rows[1:]:
        fields: list[str] = []
        for key, cell in zip(header, row, strict=False):
            is_number = is_plain_number(cell) and cell[0] in "-123456789" and chance.random() < 0.5
            value: Any = cell if is_number and _is_json_number(cell) else json.dumps(cell, ensure_ascii=False)
            fields.append(f"{json.dumps(key, ensure_ascii=False)}: {value}")
        lines.append("{" + ", ".join(fields) + "}")
    return ("[" + ",\n ".join(lines) + "]").encode()


def _is_json_number(text: str) -> bool:
    try:
        return isinstance(json.loads(text), int | float)
    except ValueError:
        return False


def as_sheet(rows: Rows, chance: random.Random) -> bytes:
    """The rows as the XML of a sheet: amounts as numbers, text inline, blanks left out now and then."""
    lines = []
    for r, row in enumerate(rows, start=1):
        cells = ""
        for c, cell in enumerate(row):
            place = f"{chr(65 + c)}{r}"
            shown = "".join(sign for sign in cell if sign.isprintable() or sign in "\t\n")
            if r > 1 and is_plain_number(cell) and chance.random() < 0.8:
                cells += f'<c r="{place}"><v>{cell}</v></c>'
            elif cell or chance.random() < 0.5:
                cells += f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(shown)}</t></is></c>'
        lines.append(f'<row r="{r}">{cells}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{main}"><sheetData>{"".join(lines)}</sheetData></worksheet>'.encode()


def mutated_rows(seed: int, rows: Rows | None = None) -> tuple[str, Rows, random.Random]:
    """The rows of a seed: one or two mutations of the good ones."""
    chance = random.Random(seed)  # noqa: S311 - a seed that replays
    made, names = rows or good_rows(), []
    for _ in range(chance.choice((1, 1, 2))):
        mutation = chance.choice(ROW_MUTATIONS)
        names.append(mutation.__name__)
        if made and made[0]:
            made = mutation(made, chance)
    return " ".join(names), made, chance


def mutant(seed: int, write: Callable[[Rows, random.Random], bytes]) -> tuple[str, bytes]:
    """The mutant of a seed: mutated rows, written; in one of five a byte is broken besides."""
    names, rows, chance = mutated_rows(seed)
    content = write(rows, chance)
    if chance.random() < 0.2 and content:
        mutation = chance.choice(MUTATIONS)
        names, content = f"{names} {mutation.__name__}", mutation(content, chance)
    return names, content
