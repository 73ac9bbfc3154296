"""Tables too large to hold as text: Parquet files, folders and globs, CSV in bulk, DuckDB files; each as a relation.

A relation is something the engine scans in place, with a number for every row. Cells keep the type they come with, so
that a column of repeated words is read as the dictionary it is stored as.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote

from ghg.engines.embedded import Engine, as_text, literal, quoted
from ghg.issues import GhgError, InputError, Issue, suggest

PARQUET = (".parquet", ".pq")
"""Endings of Parquet files."""
TABLES = (".csv", ".tsv", ".xlsx", ".json", ".jsonl")
"""Endings of tables that may not stand among Parquet files: they would be passed over."""
LOG = "_delta_log"
"""Folder of a table format in which not every Parquet file is current."""
OPEN = r".*\]|(STRUCT|MAP|UNION|VARIANT|BLOB|GEOMETRY|(TIME|TIMESTAMP) WITH TIME ZONE).*"
"""Engine types whose cells are no text, number or day by themselves."""
DATABASE = (".duckdb", ".db")
"""Endings of DuckDB files; the table is named after a ``#``, as in ``rows.duckdb#activity``."""
ON_SERVER = re.compile(r"postgresql(?::([\w.-]+))?#(?:([^.#]+)\.)?([^.#]+)")
"""How an inventory names a table of PostgreSQL: ``postgresql#schema.table``, ``postgresql:service#schema.table``."""
GLOB = "*?["
"""Marks of a pattern of files."""
MACHINE = ("OutOfMemoryException", "InterruptException", "FatalException", "InternalException")
"""Errors of the engine that say nothing of a file."""
DIGITS = 38
"""Most digits of a decimal that the engine reads as one; wider ones it reads as binary numbers, or wrongly."""
FILE_BITS = 40
"""Bits of a row's number within its file; the file's position stands above them."""


@dataclass(frozen=True, slots=True)
class Relation:
    """Rows that the engine scans in place.

    Attributes:
        sql: what stands after FROM; it gives ``place``, the row's number over all files, and the columns.
        types: column name to engine type.
        files: names of the files, as messages call them, by their position.
        first: line of the first row of a file: 1 where rows are numbered, 2 below a header line.
        rows: how many rows there are.
        last: a place that no row lies beyond.
        skipped: lines that are no rows, in their order.
        paths: where the files are that an inventory does not name one by one.
        key: expression of what names a row where its number says nothing; blank where rows are found by their number.
        size: bytes of a table that is no file.
        sha256: checksum of a table that is no file.
        stored: the Parquet files its rows are in; none where it is a table of a database, or a frame.
        has_partitions: whether the folders of those files are columns.
        source: what a cluster calls it; blank where the embedded engine scans it.
        uris: what a cluster calls the files its rows are in.
        schema: where the engine keeps the tables that lead from its words to its plan; with the dot, or blank.
    """

    sql: str
    types: Mapping[str, str]
    files: tuple[str, ...]
    first: int
    rows: int
    last: int
    skipped: tuple[int, ...] = ()
    paths: tuple[Path, ...] = ()
    key: str = ""
    size: int = 0
    sha256: str = ""
    stored: tuple[Path, ...] = ()
    has_partitions: bool = False
    source: str = ""
    uris: tuple[str, ...] = ()
    schema: str = ""

    @property
    def is_remote(self) -> bool:
        """Whether a cluster alone has the rows."""
        return bool(self.source) and not self.stored

    def at(self, place: int) -> tuple[str, int]:
        """File and line of a row by its place; the row number where a file has no lines."""
        line = (place & ((1 << FILE_BITS) - 1)) + self.first
        for other in self.skipped:
            line += other <= line
        return self.files[place >> FILE_BITS], line

    @property
    def file_and_line(self) -> tuple[str, str]:
        """The expressions of ``at`` over ``place``."""
        names = " ".join(f"WHEN {n} THEN {literal(name)}" for n, name in enumerate(self.files))
        line = f"((place & {(1 << FILE_BITS) - 1}) + {self.first})"
        if self.skipped:
            before = [other - n for n, other in enumerate(self.skipped)]
            line = f"({line} + len(list_filter({before}, lambda other: other <= {line})))"
        return f"CASE place >> {FILE_BITS} {names} END", line

    def cell(self, name: str) -> str:
        """The expression of a column as trimmed text; blank where the table has no such column."""
        return as_text(name, self.types[name]) if name in self.types else "''"


@contextlib.contextmanager
def readable(engine: Engine, relation: Relation) -> Iterator[None]:
    """Rows that the engine reads; damage that it finds on the way is a problem of the file.

    Raises:
        InputError: the bytes of a file are not what its footer says.
    """
    try:
        yield
    except engine.error as error:
        if type(error).__name__ in MACHINE:
            raise
        said = str(error).splitlines()[0]
        name = next(
            (relation.files[n] for n, path in enumerate(relation.paths) if str(path) in said), relation.files[0]
        )
        for n, path in enumerate(relation.paths):
            said = said.replace(str(path), relation.files[n])
        hint = "The file is damaged: write it again, or copy it again from where it came from."
        raise InputError([Issue("file-kind", f"cannot read the rows: {said}.", hint, name)]) from None


def is_bulk(path: Path) -> bool:
    """Whether a path names rows that are scanned in place: Parquet files, a folder, a pattern, a database's table."""
    is_in_database = _database(path) is not None or ON_SERVER.fullmatch(path.name) is not None
    return is_in_database or path.suffix.lower() in PARQUET or path.is_dir() or bool(set(str(path)) & set(GLOB))


def _database(path: Path) -> tuple[Path, str] | None:
    """The DuckDB file and table that a path names."""
    file, mark, table = str(path).rpartition("#")
    return (Path(file), table) if mark and Path(file).suffix in DATABASE else None


def open_bulk(engine: Engine, path: Path, name: str, required: Sequence[str], optional: Sequence[str]) -> Relation:
    """The rows of a Parquet file, a folder of them, a pattern, or a table of a DuckDB file.

    Columns of a hive partition such as ``entity=north/rows.parquet`` are columns like others.

    Raises:
        InputError: nothing is there, it cannot be read, or its columns do not fit.
    """
    database = _database(path)
    if database:
        return _table(engine, *database, name, required, optional)
    files = _files(path)
    if not files:
        raise InputError([Issue("file-missing", "no Parquet file is there.", "Name a file, folder or pattern.", name)])
    shown = tuple(_shown(path, file, name) for file in files)
    problems = _beside(path, name) or _differences(engine, files, shown, has_partitions=path not in files)
    if problems:
        raise InputError(problems)
    listed = ", ".join(literal(str(file)) for file in files)
    scan = (
        f"read_parquet([{listed}], hive_partitioning = {str(path not in files).lower()}, hive_types_autocast = false)"
    )
    place = f"(file_index::BIGINT << {FILE_BITS}) + file_row_number"
    found = described(engine, scan, place, shown, 1, (required, optional))
    return replace(found, paths=tuple(files), stored=tuple(files), has_partitions=path not in files)


def _files(path: Path) -> list[Path]:
    """The Parquet files a path stands for, sorted."""
    if path.is_file():
        return [path]
    if path.is_dir():
        return sorted(found for found in path.rglob("*") if found.suffix.lower() in PARQUET and found.is_file())
    fixed = next((parent for parent in path.parents if not set(str(parent)) & set(GLOB)), Path())
    return sorted(found for found in fixed.glob(str(path.relative_to(fixed))) if found.is_file())


def _beside(path: Path, name: str) -> list[Issue]:
    """What stands in a folder beside Parquet files and would be passed over, or says which of them count."""
    if not path.is_dir():
        return []
    if (path / LOG).is_dir():
        message = f"the folder is a table with a log of its own ({LOG}), in which not every Parquet file is current."
        return [Issue("folder-unclear", message, "Export the current rows as Parquet, and name that folder.", name)]
    others = sorted(found for found in path.rglob("*") if found.suffix.lower() in TABLES)
    message, hint = "the table stands among Parquet files and would not be read.", "Name it in 'activity' by itself."
    return [Issue("folder-unclear", message, hint, _shown(path, other, name)) for other in others]


def _differences(
    engine: Engine, files: Sequence[Path], shown: Sequence[str], *, has_partitions: bool
) -> list[Issue]:  # fmt: skip
    """How the first file that differs from the first of all does so: the engine would cast or drop its cells."""
    listed = ", ".join(literal(str(file)) for file in files)
    sql = (
        "SELECT file_name, name, duckdb_type, coalesce(precision, 0) "
        f"FROM parquet_schema([{listed}]) WHERE duckdb_type IS NOT NULL"
    )
    try:
        found = engine.rows(sql)
    except engine.error as error:
        said = str(error).splitlines()[0]
        for path, name in zip(files, shown, strict=True):
            said = said.replace(str(path), name)
        message = f"cannot read the rows: {said}"
        hint = "Name a Parquet file that is whole, or export the table anew."
        return [Issue("file-kind", message, hint, shown[0])]
    types: dict[str, dict[str, str]] = {str(file): {} for file in files}
    for file, column, kind, digits in found:
        types[file][column] = kind
        if digits > DIGITS:
            name = dict(zip(map(str, files), shown, strict=True))[file]
            message = f"the column {column!r} has decimals of {digits} digits; {DIGITS} are read exactly."
            return [Issue("column-type", message, "Write it with fewer digits, or as text.", name, column=column)]
    first = types[str(files[0])]
    for path, name in zip(files, shown, strict=True):
        own = types[str(path)]
        pairs = [part.split("=", 1) for part in path.parts[:-1] if has_partitions and "=" in part]
        twice = [column for column, word in pairs if column in own and _disagrees(engine, path, column, unquote(word))]
        problems = [
            *(_differs("column-duplicate", name, column, "says otherwise than the name of the folder")
              for column in twice),
            *(_differs("column-missing", name, column, f"is in {shown[0]}, and not here") for column in first
              if column not in own),
            *(_differs("column-missing", shown[0], column, f"is in {name}, and not here") for column in own
              if column not in first),
            *(_differs("column-type", name, column, f"is {kind} here, and {first[column]} in {shown[0]}")
              for column, kind in own.items() if first.get(column, kind) != kind),
        ]  # fmt: skip
        if problems:
            return problems
    return []


def _disagrees(engine: Engine, file: Path, column: str, word: str) -> bool:
    """Whether a column of a file holds anything but the word of the partition the file lies in."""
    scan = f"read_parquet({literal(str(file))}, hive_partitioning = false)"
    cell = f"CAST({quoted(column)} AS VARCHAR)"
    return bool(engine.rows(f"SELECT 1 FROM {scan} WHERE {cell} IS DISTINCT FROM {literal(word)} LIMIT 1"))


def _differs(rule: str, file: str, column: str, how: str) -> Issue:
    """A column in which a file differs."""
    hint = "Write every file with the same columns of the same types, and each column once."
    return Issue(rule, f"the column {column!r} {how}.", hint, file, column=column)


def _shown(path: Path, file: Path, name: str) -> str:
    """How messages call one file of several."""
    if path == file:
        return name
    fixed = path if path.is_dir() else next(p for p in path.parents if not set(str(p)) & set(GLOB))
    head = name if path.is_dir() else name[: -len(str(path.relative_to(fixed)))].rstrip("/")
    return f"{head}/{file.relative_to(fixed).as_posix()}" if head else file.relative_to(fixed).as_posix()


def _table(
    engine: Engine, file: Path, table: str, name: str, required: Sequence[str], optional: Sequence[str]
) -> Relation:
    """A table of a DuckDB file, attached to be read only."""
    try:
        engine.run(f"ATTACH {literal(str(file))} AS attached (READ_ONLY)")
    except engine.error as error:
        message = f"cannot read the database: {error}"
        raise InputError([Issue("file-missing", message, "Name a DuckDB file and table.", name)]) from None
    return replace(
        described(engine, f"attached.{quoted(table)}", "rowid", (name,), 1, (required, optional)), paths=(file,)
    )


def described(
    engine: Engine,
    scan: str,
    place: str,
    files: tuple[str, ...],
    first: int,
    columns: tuple[Sequence[str], Sequence[str]],
    hidden: Sequence[str] = (),
) -> Relation:
    """A scan as a relation, with its columns held against those a table may have; ``hidden`` ones are no cells.

    Raises:
        InputError: it cannot be read, a required column is missing, or a column is not known.
    """
    try:
        found = engine.described(scan)
        types = {name: kind for name, kind in found.items() if name not in hidden}
        rows = engine.rows(f"SELECT count(*) FROM {scan}")[0][0]
        # A table that lost rows has places beyond their count.
        last = engine.rows(f"SELECT coalesce(max({place}), 0) FROM {scan}")[0][0] if place == "rowid" else (
            ((len(files) - 1) << FILE_BITS) + rows
        )  # fmt: skip
    except (GhgError, engine.error) as error:
        message = f"cannot read the rows: {str(error).splitlines()[0]}"
        raise InputError([Issue("file-missing", message, "Check the file.", files[0])]) from None
    problems = column_problems(types, *columns, files[0])
    if not problems and not rows:
        problems = [Issue("file-empty", "there are no rows.", "Take it out of the inventory.", files[0])]
    if problems:
        raise InputError(problems)
    kept = ", ".join(quoted(name) for name in found)
    return Relation(f"(SELECT {place} AS place, {kept} FROM {scan})", types, files, first, rows, last)


def column_problems(
    found: Mapping[str, str], required: Sequence[str], optional: Sequence[str], file: str = ""
) -> list[Issue]:
    """What is wrong with the columns of a table that has no header line."""
    known = (*required, *optional)
    missing = [
        Issue("column-missing", f"the column {name!r} is missing.", f"The table needs: {', '.join(required)}.", file,
              column=name)
        for name in required
        if name not in found
    ]  # fmt: skip
    unknown = [
        Issue("column-unknown", f"the column {name!r} is not known.{suggest(name, known)}",
              f"Known columns: {', '.join(known)}.", file, column=name)
        for name in found
        if name not in known
    ]  # fmt: skip
    unclear = [
        type_problem(name, kind, file) for name, kind in found.items() if name in known and re.fullmatch(OPEN, kind)
    ]
    return missing + unknown + unclear


def type_problem(name: str, kind: str, file: str) -> Issue:
    """A column of a type that leaves its cells open."""
    hint = "Write days as dates without a time zone, numbers as numbers, and everything else as text."
    return Issue("column-type", f"the column {name!r} is {kind}.", hint, file, column=name)


def with_keys(engine: Engine, issues: Iterable[Issue]) -> list[Issue]:
    """Issues with the key of their row in place of its number, where a table is no file."""
    found = list(issues)
    for relation in engine.relations:
        places = {issue.line - relation.first for issue in found
                  if relation.key and issue.file == relation.files[0] and issue.line}  # fmt: skip
        if places:
            listed = ", ".join(map(str, places))
            keys = dict(engine.rows(f"SELECT place, {relation.key} FROM {relation.sql} WHERE place IN ({listed})"))
            found = [
                replace(issue, line=None, key=keys[issue.line - relation.first])
                if issue.file == relation.files[0] and issue.line else issue
                for issue in found
            ]  # fmt: skip
    return found
