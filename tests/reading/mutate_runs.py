"""Whole runs over mutants: each figure is that of an independent plain reading, or the run is refused with its reasons.

Tables in every form, and Parquet files scanned in place: rows broken before they are written in random types, and bytes
broken afterwards. ``tests/reading/campaign.py`` runs them by the thousand.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

from ghg import runs
from ghg.issues import GhgError, InputError, UnitError
from ghg.units import conversion, unit
from tests.reading.harness import write_inventory
from tests.reading.mutate import GOOD, flip
from tests.reading.mutate_forms import FORMS, Plain, are_told, plain_csv, plain_json, plain_tsv, plain_xlsx, shown
from tests.reading.mutate_rows import Rows, good_rows, is_plain_number, mutated_rows

NO_NUMBERS = frozenset(("", "NaN", "nan", "inf"))
"""Cells that a column of binary numbers holds too."""
QUANTUM = Fraction(1, 10**6)
"""What amounts are counted in where an inventory says nothing."""
FIGURES = ("scope1", "scope2", "scope3", "energy")
NAMES = {"date": "start", "quantity": "amount"}
SAME = {"entity": "Acme", "region": "GB", "provenance": "measured"}
"""What every row of a Parquet file says, as the inventory's ``fill`` does for the other forms."""


@dataclass(frozen=True)
class Whole:
    """A form of whole runs: the file's name, the mutant of a seed, and its plain reading."""

    name: str
    mutant: Callable[[int], tuple[str, bytes]]
    plain: Callable[[bytes], Plain | None]
    good: dict[str, Fraction] | None = None
    """The figures of the good file, where bytes are broken that another reader does not pass over."""


def figures(plain: Plain | None, quantum: Fraction | None = None) -> dict[str, Fraction] | None:
    """t CO2e and MWh of the plain reading, where every row has a unit and an amount; rounded half up if asked."""
    try:
        rows = [] if plain is None else plain.rows
        stated = [Fraction(Decimal(row["quantity"])) for row in rows]
        whole = [floor(amount / quantum + Fraction(1, 2)) * quantum for amount in stated] if quantum else stated
        sizes = [conversion(unit(row["unit"]), unit("kWh")) for row in rows]
        amounts = [amount * size for amount, size in zip(whole, sizes, strict=True)]
    except (InvalidOperation, LookupError, ValueError, OverflowError, UnitError):
        return None
    energy = sum(amounts, Fraction(0))
    return {"scope2": energy / 2 / 1000, "energy": energy / 1000} if rows else None


def judge(form: Whole, content: bytes, folder: Path) -> str:
    """How a run came out: ``told``, ``kept`` or ``wrong: …``."""
    (folder / form.name).write_bytes(content)
    try:
        made = runs.run(folder / f"{form.name}.yaml")
    except InputError as error:
        return "told" if are_told(error.issues) else f"wrong: {error.issues}"
    except GhgError as error:
        return f"wrong: no issue: {error}"
    found = {name: value.amount for name in FIGURES if (value := made.figure(name)) and value.amount}
    made.close()
    plain = form.plain(content)
    if found in (_counted(figures(plain)), form.good):
        return "kept"
    # Signs that do not show are taken out, and digits beyond the quantum rounded away, where a note says so.
    notes = {issue.rule for issue in made.issues}
    cleaned = Plain([{name: shown(cell) for name, cell in row.items()} for row in plain.rows]) if plain else None
    for rule, others in (("character-invisible", figures(cleaned)), ("number-quantised", figures(plain, QUANTUM))):
        if rule in notes and found == _counted(others):
            return "remarked"
    return f"wrong: {found} where the plain reading gives {figures(plain)}"


def _counted(found: dict[str, Fraction] | None) -> dict[str, Fraction]:
    """The figures that are not zero: a figure without a row is absent."""
    return {name: amount for name, amount in (found or {}).items() if amount}


def prepare(folder: Path) -> None:
    """The inventories of every form."""
    for name in {form.name for form in WHOLE.values()}:
        if name.endswith(".parquet"):
            made = write_inventory(folder, [name], reading=None)
            text = made.read_text(encoding="utf-8")
            before, _, after = text.partition('"reading": {')
            made.write_text(before + '"reading": {}' + after.partition("}}}")[2], encoding="utf-8")
        else:
            made = write_inventory(folder, [name])
        made.rename(folder / f"{name}.yaml")


def as_parquet(rows: Rows, chance: random.Random) -> bytes:
    """The rows as a Parquet file, each column in a type that fits its cells; ragged rows are filled up."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = [row for row in rows if row]
    columns: dict[str, Any] = {}
    for at, header in enumerate(rows[0]):
        cells = [row[at] if at < len(row) else "" for row in rows[1:]]
        columns[NAMES.get(header, header)] = _typed(cells, chance)
        if header == "date":
            columns["end"] = columns["start"]
    columns |= {name: [word] * (len(rows) - 1) for name, word in SAME.items() if name not in columns}
    out = io.BytesIO()
    pq.write_table(
        pa.table(columns),
        out,
        compression=chance.choice(("none", "snappy", "zstd")),
        use_dictionary=chance.random() < 0.5,
    )
    return out.getvalue()


def _typed(cells: list[str], chance: random.Random) -> Any:
    """Cells in one of the types that hold them all."""
    import pyarrow as pa

    kinds: list[Callable[[], Any]] = [lambda: pa.array(cells), lambda: pa.array([cell or None for cell in cells])]
    kinds.append(lambda: pa.array(cells).dictionary_encode())
    binary = [float(cell) if cell else None for cell in cells if is_plain_number(cell) or cell in NO_NUMBERS]
    if len(binary) == len(cells) and len(set(cells) - NO_NUMBERS) > 0:
        kinds += [lambda: pa.array(binary, pa.float64())] * 2
    if cells and all(is_plain_number(cell) for cell in cells):
        numbers = [Decimal(cell) for cell in cells]
        if all(abs(number.adjusted()) < 12 for number in numbers):
            kinds += [lambda: pa.array(numbers, pa.decimal128(38, 12))] * 2
    return chance.choice(kinds)()


def plain_parquet(content: bytes) -> Plain | None:
    """The rows of a Parquet file by its own library."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        records = pq.read_table(io.BytesIO(content), page_checksum_verification=False).to_pylist()
    except (pa.ArrowException, OSError, ValueError):
        return None
    named = {new: old for old, new in NAMES.items()}
    return Plain([{named.get(key, key): _word(cell) for key, cell in record.items()} for record in records])


def _word(cell: Any) -> str:
    return "" if cell is None else repr(cell) if isinstance(cell, float) else str(cell).strip()


def broken_parquet(seed: int) -> tuple[str, bytes]:
    """A good Parquet file with a byte broken."""
    chance = random.Random(seed)  # noqa: S311 - a seed that replays
    return "flip", flip(as_parquet(good_rows(), chance), chance)


def rows_parquet(seed: int) -> tuple[str, bytes]:
    """Broken rows as a Parquet file."""
    names, rows, chance = mutated_rows(seed)
    return names, as_parquet([[cell.encode("utf-8", "replace").decode() for cell in row] for row in rows], chance)


def _packed(name: str) -> Callable[[int], tuple[str, bytes]]:
    form = FORMS[name]

    def make(seed: int) -> tuple[str, bytes]:
        names, content = form.mutant(seed)
        return names, form.pack(content)

    return make


WHOLE = {
    "run csv": Whole("t.csv", _packed("csv"), plain_csv),
    "run rows csv": Whole("t.csv", _packed("rows csv"), plain_csv),
    "run rows tsv": Whole("t.tsv", _packed("rows tsv"), plain_tsv),
    "run rows json": Whole("t.json", _packed("rows json"), plain_json),
    "run rows xlsx": Whole("t.xlsx", _packed("rows xlsx"), plain_xlsx),
    "run rows parquet": Whole("t.parquet", rows_parquet, plain_parquet),
    "run parquet": Whole("t.parquet", broken_parquet, plain_parquet, figures(plain_csv(GOOD.encode()))),
}  # fmt: skip
"""Each form of whole runs."""
