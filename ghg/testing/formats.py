"""The written forms of ``ghg``: what may be written, a writer, and the reader that people's files go through."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from hypothesis import strategies as st

from ghg import activity
from ghg.change.files import read_file
from ghg.engines import Engine, quoted
from ghg.engines.relations import open_bulk
from ghg.evidence import SUMS, sealed, write_file
from ghg.factors import FactorRow, read_factors
from ghg.inventory import read_inventory
from ghg.ledger import Line
from ghg.numbers import decimal_text, parse
from ghg.published import PublishedFigure
from ghg.reading import read_table
from ghg.reports import csv
from ghg.reports.documents import RunDocument, run_document
from ghg.runs import Run
from ghg.schema import OPTIONAL, REQUIRED
from ghg.testing import inventories, stated
from ghg.testing.pipeline import Format, Row
from ghg.testing.strategies import amounts, quantities

COLUMNS = (*REQUIRED, *OPTIONAL)
PLACES = ('the "old" site, north', "Süd; 2", "金山云", "NA", "00123", "1.10", "true")
"""Words that readers of tables have changed: quotes, separators, what looks like a number, a truth or nothing."""


@contextmanager
def folder() -> Iterator[Path]:
    """An empty folder, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="ghg-testing-") as made:
        yield Path(made)


def block(value: object, depth: int = 0) -> str:
    """A tree of mappings, lists and text as YAML in block style, every scalar quoted; nothing is written for none."""
    indent = "  " * depth
    if isinstance(value, Mapping):
        lines = [f"{indent}{json.dumps(str(name))}:{_below(part, depth)}" for name, part in value.items()
                 if part is not None]  # fmt: skip
        return "\n".join(lines) if lines else f"{indent}{{}}"
    if isinstance(value, list | tuple):
        return "\n".join(f"{indent}-{_below(part, depth)}" for part in value) if value else f"{indent}[]"
    return json.dumps(str(value), ensure_ascii=False)


def _below(part: object, depth: int) -> str:
    is_tree = isinstance(part, Mapping | list | tuple)
    return f"\n{block(part, depth + 1)}" if is_tree else f" {block(part)}"


def _table(rows: Iterable[Row], columns: tuple[str, ...]) -> str:
    return csv.table(columns, [[row.get(name, "") for name in columns] for row in rows])


def _rows_of(path: Path) -> tuple[Row, ...]:
    """The rows of an activity table, blank cells left out."""
    table = read_table(path, path.name, REQUIRED, OPTIONAL)
    listed = zip(*table.columns.values(), strict=True)
    return tuple({name: cell for name, cell in zip(table.columns, cells, strict=True) if cell} for cells in listed)


def _through(name: str, read: Callable[[Path], object]) -> Callable[[str], object]:
    """A reader of files as a reader of text."""

    def reading(text: str) -> object:
        with folder() as beside:
            return read(write_file(beside / name, text))

    return reading


def parquet(rows: Iterable[Row], path: Path) -> Path:
    """Rows as a Parquet file of text columns; a cell that is left out is blank."""
    engine = Engine()
    with closing(engine):
        activity.load_rows(engine, list(rows))
        made = engine.copied(f"SELECT {', '.join(map(quoted, COLUMNS))} FROM loaded", path.name)
        return Path(shutil.copyfile(made, path))


def records(rows: Iterable[Row]) -> list[dict[str, str]]:
    """Rows with every column of an activity table; a cell that is left out is blank."""
    return [{name: row.get(name, "") for name in COLUMNS} for row in rows]


def scanning(path: Path) -> Callable[[Engine], None]:
    """A loader of a Parquet file that is scanned in place."""

    def load(engine: Engine) -> None:
        activity.load_rows(engine, [])
        engine.relations.append(open_bulk(engine, path, path.name, REQUIRED, OPTIONAL))

    return load


def _write_parquet(rows: tuple[Row, ...]) -> bytes:
    with folder() as beside:
        return parquet(rows, beside / "rows.parquet").read_bytes()


def _read_parquet(content: bytes) -> tuple[Row, ...]:
    with folder() as beside:
        path = _stored(content, beside / "rows.parquet")
        engine = Engine(readable=(beside,))
        with closing(engine):
            scanning(path)(engine)
            [relation] = engine.relations
            listed = engine.rows(f"SELECT {', '.join(map(relation.cell, COLUMNS))} FROM {relation.sql} ORDER BY place")
        return tuple({name: cell for name, cell in zip(COLUMNS, cells, strict=True) if cell} for cells in listed)


def _stored(content: bytes, path: Path) -> Path:
    """Bytes as a file, copied as they are."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        shutil.copyfileobj(io.BytesIO(content), file)
    return Path(file.name).rename(path)


def _write_workbook(rows: tuple[Row, ...]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    for cells in (COLUMNS, *([row.get(name, "") for name in COLUMNS] for row in rows)):
        sheet.append(list(cells))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _read_workbook(content: bytes) -> tuple[Row, ...]:
    with folder() as beside:
        return _rows_of(_stored(content, beside / "rows.xlsx"))


@dataclass(frozen=True)
class Evidence:
    """What the evidence of a run says: its document and its balance; ``rows`` are what it was made from."""

    document: RunDocument
    lines: tuple[tuple[int, tuple[str, ...], int, int], ...]
    rows: tuple[Row, ...] = field(default=(), compare=False)


def _line(line: Line) -> tuple[int, tuple[str, ...], int, int]:
    return line.match, line.dimensions, line.amount, line.rows


def _evidence(rows: list[dict[str, str]]) -> Evidence:
    with closing(inventories.run_rows(rows)) as run:
        return Evidence(run_document(run), tuple(map(_line, run.balance.lines)), tuple(rows))


def _save(held: Evidence) -> dict[str, str]:
    with folder() as beside, closing(inventories.run_rows(held.rows)) as run:
        return {path.name: path.read_text(encoding="utf-8") for path in run.save(beside / "evidence").iterdir()}


def _read_evidence(files: Mapping[str, str]) -> Evidence:
    """What the files of a folder say; every one of them is held to its checksum.

    Raises:
        ValueError: a checksum does not fit.
    """
    found = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in files.items() if name != SUMS}
    if sealed(found) != files[SUMS]:
        raise ValueError("the checksums do not fit the files")

    def read(path: Path) -> tuple[tuple[int, tuple[str, ...], int, int], ...]:
        head = path.read_text(encoding="utf-8").partition("\n")[0].split(",")
        table = read_table(path, path.name, tuple(head))
        cells = zip(*table.columns.values(), strict=True)
        return tuple((int(match), tuple(words), int(amount), int(rows)) for match, *words, amount, rows in cells)

    lines = _through("balance.csv", read)(files["balance.csv"])
    assert isinstance(lines, tuple)
    return Evidence(RunDocument.model_validate_json(files["run.json"]), lines)


def _document(rows: list[dict[str, str]]) -> RunDocument:
    with closing(inventories.run_rows(rows)) as run:
        return run_document(run)


def _own_factors() -> st.SearchStrategy[tuple[FactorRow, ...]]:
    """Factor rows of an inventory's own, one a gas, with ids that stand once."""
    blank = dict.fromkeys(FactorRow.model_fields, "")
    row = {
        **blank, "kind": "emission_factor", "activity": "electricity", "region": "CN", "unit": "kg/kWh",
        "basis": "grid_average", "uncertainty": "generated", "source": "generated", "locator": "generated",
        "verification": "generated",
    }  # fmt: skip

    def made(values: list[str], name: str) -> tuple[FactorRow, ...]:
        gases = zip(("CO2", "CH4_fossil", "N2O"), values, strict=False)
        return tuple(
            FactorRow.model_validate(
                row | {"id": f"own:{gas}", "factor": "own", "gas": gas, "value": value, "name": name}
            )
            for gas, value in gases
        )

    return st.builds(made, st.lists(amounts(largest=10), min_size=1, max_size=3), st.sampled_from(PLACES))


def _factor_text(rows: tuple[FactorRow, ...]) -> str:
    texts = [{name: str(value) for name, value in row.model_dump().items() if value is not None} for row in rows]
    return _table(texts, tuple(FactorRow.model_fields))


def _published() -> st.SearchStrategy[tuple[PublishedFigure, ...]]:
    def printed(rows: list[dict[str, str]]) -> st.SearchStrategy[tuple[PublishedFigure, ...]]:
        run: Run = inventories.run_rows(rows)
        with closing(run):
            return stated.published_tables({name: value.amount for name, value in run.result.figures().items()})

    return inventories.tables(1, 2).flatmap(printed)


def _published_text(rows: tuple[PublishedFigure, ...]) -> str:
    columns = tuple(PublishedFigure.model_fields)
    return _table([{name: str(value) for name, value in row.model_dump().items()} for row in rows], columns)


def _read_published(path: Path) -> tuple[PublishedFigure, ...]:
    return tuple(read_table(path, path.name, tuple(PublishedFigure.model_fields)).records(PublishedFigure))


def _worded() -> st.SearchStrategy[tuple[Row, ...]]:
    """Sound rows whose entities are words that readers of tables have changed."""
    worded = st.builds(lambda row, place: {**row, "entity": place}, inventories.rows(), st.sampled_from(PLACES))
    rows = st.lists(worded, min_size=1, max_size=4)
    return rows.map(lambda found: tuple({**row, "id": f"000{n}"} for n, row in enumerate(found)))


ROWS = _worded()
FORMATS: Mapping[str, Format] = {
    "decimal text": Format(quantities(["kWh"]).map(lambda text: parse(text.split()[0])), decimal_text, parse),
    "an activity table (CSV)": Format(ROWS, lambda rows: _table(rows, COLUMNS), _through("rows.csv", _rows_of)),
    "an activity table (JSON)": Format(ROWS, json.dumps, _through("rows.json", _rows_of)),
    "an activity table (Parquet)": Format(ROWS, _write_parquet, _read_parquet),
    "a factor table (CSV)": Format(
        _own_factors(),
        _factor_text,
        _through("own.csv", lambda path: tuple(r for f in read_factors(path, path.name, is_own=True) for r in f.rows)),
    ),
    "a published table (CSV)": Format(_published(), _published_text, _through("published.csv", _read_published)),
    "an inventory (YAML)": Format(
        stated.stated_inventories(),
        lambda found: block(found.model_dump(mode="json", exclude_unset=True)),
        _through("inventory.yaml", lambda path: read_inventory(path).inventory),
    ),
    "a what-if file (YAML)": Format(
        stated.what_ifs(),
        lambda found: block(found.model_dump(mode="json", exclude_defaults=False)),
        _through("what-if.yaml", lambda path: found.what_if if (found := read_file(path)) else None),
    ),
    "the JSON document of a run": Format(
        inventories.tables(1, 3).map(_document),
        lambda document: document.model_dump_json(),
        RunDocument.model_validate_json,
    ),
    "the evidence of a run": Format(inventories.tables(1, 3).map(_evidence), _save, _read_evidence),
    **(
        {"an activity table (XLSX)": Format(ROWS, _write_workbook, _read_workbook)} if find_spec("openpyxl") else {}
    ),
}  # fmt: skip
"""Every written form; workbooks where ``ghg[spreadsheets]`` is installed."""
