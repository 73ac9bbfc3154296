"""Random mutations of the bytes of a file.

A flipped digit makes another good table, so what a mutant is judged by is an independent plain reading of the very
bytes; ``mutate_forms.py``, ``mutate_files.py`` and ``mutate_runs.py`` hold those readings.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable

GOOD = (
    "id,site,date,activity,quantity,unit,note\n"
    'a-1,North,2025-01-15,purchased_electricity,1234.5,kWh,"read, not billed"\n'
    "a-2,South,2025-02-15,purchased_electricity,0.75,MWh,\n"
    'a-3,"Köln, Hof",2025-03-31,purchased_electricity,98000,kWh,"said ""estimate"" twice"\n'
    "a-4,North,2025-12-31,purchased_electricity,12,GJ,x\n"
    'a-5,South,2025-06-01,purchased_electricity,1e3,kWh,"two words"\n'
)
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe\0\0": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
ODD = b"\",;\t\n\r 0123456789.eE-+'\x00\xff\xc3\xa0\xe2|kMWGh"

Mutation = Callable[[bytes, random.Random], bytes]


def flip(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + bytes([content[at] ^ (1 << chance.randrange(8))]) + content[at + 1 :]


def put(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + bytes([chance.choice(ODD)]) + content[at:]


def replace(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + bytes([chance.choice(ODD)]) + content[at + 1 :]


def drop(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + content[at + chance.choice((1, 1, 2, 5)) :]


def unquote(content: bytes, chance: random.Random) -> bytes:
    places = [n for n, sign in enumerate(content) if sign == ord('"')]
    at = chance.choice(places) if places else 0
    return content[:at] + content[at + 1 :]


def cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content))]


def _rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(errors="replace"), newline="")))


def _text(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def swap_cells(content: bytes, chance: random.Random) -> bytes:
    rows = [row for row in _rows(content) if row]
    row = chance.choice(rows)
    a, b = chance.randrange(len(row)), chance.randrange(len(row))
    row[a], row[b] = row[b], row[a]
    return _text(rows)


def swap_rows(content: bytes, chance: random.Random) -> bytes:
    lines = content.splitlines(keepends=True)
    a, b = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[a], lines[b] = lines[b], lines[a]
    return b"".join(lines)


def repeat_row(content: bytes, chance: random.Random) -> bytes:
    lines = content.splitlines(keepends=True)
    return b"".join([*lines, chance.choice(lines)])


def repeat_column(content: bytes, chance: random.Random) -> bytes:
    rows = [row for row in _rows(content) if row]
    at = chance.randrange(max(1, min(map(len, rows))))
    return _text([[*row, row[at]] for row in rows])


def drop_column(content: bytes, chance: random.Random) -> bytes:
    rows = [row for row in _rows(content) if row]
    at = chance.randrange(max(1, min(map(len, rows))))
    return _text([row[:at] + row[at + 1 :] for row in rows])


def move_column(content: bytes, chance: random.Random) -> bytes:
    rows = [row for row in _rows(content) if row]
    at = chance.randrange(max(1, min(map(len, rows))))
    return _text([[row[at], *row[:at], *row[at + 1 :]] for row in rows])


def other_encoding(content: bytes, chance: random.Random) -> bytes:
    codec = chance.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "cp1252", "utf-8-sig"))
    return content.decode(errors="replace").encode(codec, errors="replace")


def other_marks(content: bytes, chance: random.Random) -> bytes:
    old, new = chance.choice(
        ((b",", b";"), (b".", b","), (b",", b"\t"), (b"\n", b"\r\n"), (b"\n", b"\r"), (b"-", b"/"))
    )
    return content.replace(old, new)


def twice(content: bytes, _: random.Random) -> bytes:
    return content + content


MUTATIONS: tuple[Mutation, ...] = (
    flip, put, replace, drop, unquote, cut, swap_cells, swap_rows, repeat_row, repeat_column, drop_column, move_column,
    other_encoding, other_marks, twice,
)  # fmt: skip
