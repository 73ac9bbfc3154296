"""Tables of a PostgreSQL database: copied once, in one snapshot, into columns in the spill folder, then scanned.

An inventory names a table, never a person: the connection comes from a service file or from the environment variables
of PostgreSQL, and so does its password. Rows are streamed in the order of their ids, so memory stays bounded and the
checksum is the same however the server keeps them. Numbers travel as the text PostgreSQL writes: no digit is lost.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Annotated, Any, Self

from pydantic import AfterValidator, StringConstraints

from ghg.engines.embedded import Engine, literal, quoted
from ghg.engines.relations import FILE_BITS, ON_SERVER, Relation, column_problems, described, type_problem
from ghg.issues import GhgError, InputError, Issue
from ghg.progress import steps

if TYPE_CHECKING:
    import psycopg

DATABASE = re.compile(r"\s*(postgres|\w+://)", re.IGNORECASE)
"""How an entry starts that is meant for a database."""
EXTRA = "a table of PostgreSQL needs its driver: pip install 'ghg[postgresql]'."
KEY = "ctid"
"""The column of a row's place in its table; an activity table has no such column."""
SESSION = (
    "SET client_encoding TO 'UTF8'",
    "SET datestyle TO 'ISO, YMD'",
    "SET extra_float_digits TO 1",  # the shortest text that reads back as the same number
)
COLUMNS = """
SELECT attname, format_type(atttypid, atttypmod), coalesce(base.typname, type.typname), type.typcategory
FROM pg_attribute JOIN pg_type AS type ON type.oid = atttypid LEFT JOIN pg_type AS base ON base.oid = type.typbasetype
WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""
TABLE = "SELECT relkind::text, greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = to_regclass(%s)"
STORED = "rm"
"""Kinds of tables whose rows have a place of their own: tables and materialised views, not views or partitions."""
WHOLE = ("int2", "int4", "int8")
PLAIN = {"S": (), "E": (), "N": (*WHOLE, "numeric", "float4", "float8"), "D": ("date", "timestamp"), "U": ("uuid",)}
"""Categories of types that are text, number or day by themselves, with their types where not all of them are."""
REPORTED = 10_000
"""Rows after which progress is told."""


def table_name(word: str) -> str:
    """An entry of ``activity``, unless it is meant for a database and says too much or too little.

    Raises:
        ValueError: it is; the message does not repeat it, since it may hold a password.
    """
    if DATABASE.match(word) and not ON_SERVER.fullmatch(word):
        raise ValueError(
            "a table of a database is named as postgresql#schema.table or postgresql:service#schema.table; host, user "
            "and password stand in a service file or in environment variables, never in an inventory"
        )
    return word


TableName = Annotated[str, StringConstraints(min_length=1), AfterValidator(table_name)]
"""The name of an activity table in an inventory."""


def is_on_server(word: str) -> bool:
    """Whether an entry of ``activity`` names a table of a PostgreSQL database."""
    return ON_SERVER.fullmatch(word) is not None


@dataclass(frozen=True, slots=True)
class Copied:
    """The stream of a table: how many rows and bytes, and the checksum of its cells."""

    rows: int
    size: int
    sha256: str


class Snapshots:
    """The connections of a run, one a service, each in one transaction that sees no later change."""

    def __init__(self) -> None:
        self._open: dict[str, psycopg.Connection[Any]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for connection in self._open.values():
            connection.close()

    def of(self, service: str) -> psycopg.Connection[Any]:
        """The connection of a service; of the environment where no service is named.

        Raises:
            psycopg.Error: the server cannot be reached, or refuses.
        """
        import psycopg

        if service not in self._open:
            connection = psycopg.connect(f"service={service}" if service else "", fallback_application_name="ghg")
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            self._open[service] = connection
            for setting in SESSION:
                connection.execute(setting)
        return self._open[service]


def open_server(
    engine: Engine, snapshots: Snapshots, name: str, required: Sequence[str], optional: Sequence[str]
) -> Relation:
    """A table of a PostgreSQL database, copied into columns and scanned in place.

    Raises:
        InputError: it is not there, cannot be read, or its columns do not fit.
        GhgError: the driver is not installed.
    """
    match = ON_SERVER.fullmatch(name)
    if match is None:
        raise AssertionError(f"{name} names no table of a database")
    service, schema, table = match.groups()
    try:
        import psycopg
    except ImportError:
        raise GhgError(EXTRA) from None
    try:
        connection = snapshots.of(service or "")
        path = psycopg.sql.Identifier(*(part for part in (schema, table) if part)).as_string(connection)
        types, kind, rows = _types(connection, path, name, (required, optional))
        with tempfile.NamedTemporaryFile(dir=engine.spill, suffix=".csv") as file:
            with steps(f"copying {name}", rows, "rows") as work:
                copied = _streamed(connection, _query(path, types, kind), file, work.advance)
            file.flush()
            target = engine.spill / f"{copied.sha256}.parquet"
            _in_columns(engine, Path(file.name), types, target)
    except psycopg.Error as error:
        raise InputError([_unreadable(name, str(error))]) from None
    place = f"(0::BIGINT << {FILE_BITS}) + file_row_number"
    scan = f"read_parquet({literal(str(target))})"
    made = described(engine, scan, place, (name,), 1, (required, optional), hidden=(KEY,))
    if made.rows != copied.rows:
        raise AssertionError(f"{made.rows} rows arrived of the {copied.rows} that {name} gave")
    key = f"concat_ws(', ', 'id ' || nullif({made.cell('id')}, ''), 'ctid ' || {KEY})"
    return replace(made, key=key, size=copied.size, sha256=copied.sha256, stored=(target,))


def _unreadable(name: str, why: str) -> Issue:
    """A table that cannot be read; the driver's words hold no password."""
    said = " ".join(why.split())
    hint = (
        "Say where the database is in the environment (PGHOST, PGDATABASE, PGUSER …) or in a service file; "
        "'psql' with the same settings has to reach it."
    )
    return Issue("database-unreadable", f"cannot read the table: {said}", hint, name)


def _types(
    connection: psycopg.Connection[Any], path: str, name: str, columns: tuple[Sequence[str], Sequence[str]]
) -> tuple[Mapping[str, str], str, int]:  # fmt: skip
    """The base types of a table's columns, what kind of table it is, and about how many rows it has.

    Raises:
        InputError: there is no such table, or a column does not fit.
    """
    kind = connection.execute(TABLE, [path]).fetchone()
    if kind is None:
        raise InputError([_unreadable(name, f"no table {path} is there.")])
    found = connection.execute(COLUMNS, [path]).fetchall()
    problems = column_problems(dict.fromkeys((column for column, *_ in found), "VARCHAR"), *columns, name)
    problems += [type_problem(column, said, name) for column, said, base, category in found
                 if not _is_plain(base, category)]  # fmt: skip
    if problems:
        raise InputError(problems)
    return {column: base for column, _, base, _ in found}, str(kind[0]), int(kind[1])


def _is_plain(base: str, category: str) -> bool:
    """Whether cells of a type are text, numbers or days by themselves."""
    return category in PLAIN and (not PLAIN[category] or base in PLAIN[category])


def _query(path: str, types: Mapping[str, str], kind: str) -> str:
    """The rows of a table as text, in the order of their ids, each with its place where it has one."""
    place = f"{KEY}::text" if kind in STORED else "''"
    cells = (f"{quoted(name)}::{'date::' if base == 'timestamp' else ''}text" for name, base in types.items())
    ordered = f"ORDER BY id, {KEY}" if kind in STORED else "ORDER BY id"
    return f"COPY (SELECT {place}, {', '.join(cells)} FROM {path} {ordered}) TO STDOUT (FORMAT csv, FORCE_QUOTE *)"


def _streamed(
    connection: psycopg.Connection[Any], query: str, file: IO[bytes], advance: Callable[[int], None]
) -> Copied:  # fmt: skip
    """Write the rows of a query to a file as they come; their checksum leaves out the place of a row."""
    rows, size, digest = 0, 0, hashlib.sha256()
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        for row in copy:  # the protocol has one message a row
            cells = memoryview(row)[bytes(row).index(b'",') + 2 :]
            digest.update(cells)
            file.write(row)
            rows, size = rows + 1, size + len(cells)
            if not rows % REPORTED:
                advance(REPORTED)
    return Copied(rows, size, digest.hexdigest())


def _in_columns(engine: Engine, file: Path, types: Mapping[str, str], target: Path) -> None:
    """Rows as text copied into columns: whole numbers and doubles as such, everything else as the text it is."""
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in (KEY, *types))
    cells = ", ".join(f"{_cell(name, base)} AS {quoted(name)}" for name, base in {KEY: "text", **types}.items())
    scan = (
        f"read_csv({literal(str(file))}, auto_detect = false, header = false, delim = ',', quote = '\"', "
        f"escape = '\"', new_line = '\\n', parallel = false, columns = {{{columns}}})"
    )
    engine.run("SET preserve_insertion_order = true")
    engine.run(f"COPY (SELECT {cells} FROM {scan}) TO {literal(str(target))} (FORMAT parquet, COMPRESSION snappy)")
    engine.run("SET preserve_insertion_order = false")


def _cell(name: str, base: str) -> str:
    """A column read back as what it was."""
    if base in WHOLE:
        return f"CAST({quoted(name)} AS BIGINT)"
    return f"CAST({quoted(name)} AS DOUBLE)" if base == "float8" else f"coalesce({quoted(name)}, '')"
