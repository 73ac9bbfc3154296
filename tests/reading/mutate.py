"""Random mutations of a good table: each gives the total of its plain reading, or something is said.

By hand, for as long as one likes: ``python -m tests.reading.mutate 10000``. A flipped digit makes another good table,
so what counts is an independent plain reading: UTF-8, comma, plain numbers, every row whole.
"""

from __future__ import annotations

import csv
import io
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from unittest import mock

from ghg import runs
from ghg.factors import FactorTable
from ghg.issues import GhgError, InputError, UnitError
from ghg.units import conversion, unit
from tests.reading.harness import write_inventory

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


def plain_total(content: bytes) -> Fraction | None:
    """kg CO2 of the plain reading, where there is one: none for a table with any fault."""
    try:
        marked = next((codec for mark, codec in MARKS.items() if content.startswith(mark)), "utf-8")
        rows = list(csv.DictReader(io.StringIO(content.decode(marked), newline=""), strict=True))
        amounts = [Fraction(Decimal(row["quantity"].strip())) for row in rows]
        units = [conversion(unit(row["unit"].strip()), unit("kWh")) for row in rows]
    except (UnicodeDecodeError, InvalidOperation, LookupError, AttributeError, csv.Error, ValueError, UnitError):
        return None
    return sum((amount * size for amount, size in zip(amounts, units, strict=True)), Fraction(0)) / 2


def judge(content: bytes, folder: Path) -> str:
    """How a table came out: ``told``, ``kept`` or ``wrong``."""
    (folder / "activity.csv").write_bytes(content)
    try:
        made = runs.run(folder / "inventory.yaml")
    except InputError as error:
        return "told" if all(issue.rule and issue.hint for issue in error.issues) else "wrong: no hint"
    except GhgError:
        return "told"
    figure = made.figure("scope2")
    total = figure.amount * 1000 if figure else Fraction(0)
    made.close()
    if total == plain_total(content):
        return "kept"
    ordinary = ("factor-unused", "number-scientific", "number-quantised")
    return "told" if {issue.rule for issue in made.issues} - set(ordinary) else f"wrong: {float(total)}"


def mutants(seed: int) -> tuple[str, bytes]:
    """The mutant of a seed: one to three mutations."""
    chance = random.Random(seed)  # noqa: S311 - a seed that replays
    content, names = GOOD.encode(), []
    for _ in range(chance.choice((1, 1, 2, 3))):
        mutation = chance.choice(MUTATIONS)
        names.append(mutation.__name__)
        content = mutation(content, chance) if content.strip() else content
    return " ".join(names), content


def main() -> None:
    """Judge as many mutants as asked for; say the counts and what came out wrong."""
    count, first = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder, mock.patch.object(runs, "library", FactorTable):
        write_inventory(Path(folder), ["activity.csv"])
        for seed in range(first, first + count):
            names, content = mutants(seed)
            verdict = judge(content, Path(folder))
            counts[verdict.partition(":")[0]] += 1
            if verdict.startswith("wrong"):
                sys.stdout.write(f"{seed} {names} {verdict} {content!r}\n")
                sys.stdout.flush()
    sys.stdout.write(f"{dict(counts)}\n")


if __name__ == "__main__":
    main()
