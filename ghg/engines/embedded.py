"""The embedded engine: DuckDB in memory, without network and with no file but the folders it is given."""

from __future__ import annotations

import contextlib
import sys
import weakref
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ghg.engines.objects import plain
from ghg.engines.spill import claim, clear_dead
from ghg.issues import GhgError
from ghg.progress import is_told

if TYPE_CHECKING:
    import numpy as np

    from ghg.engines.relations import Relation

SEPARATOR = "\x1f"
"""Joins the cells of a column on their way in; tables refuse control characters, so no cell holds it."""
CHUNK = 100_000
"""Rows handed over at a time."""
PLAIN_TEXT = {"DATE": "CAST({0} AS VARCHAR)", "TIMESTAMP": "CAST(CAST({0} AS DATE) AS VARCHAR)"}
"""How a column of an engine type becomes text; other types are cast as they are."""


MOST_THREADS = 1024
"""Most threads of an engine; many more and the process is ended by the system."""
MEMORY = "1GB"
"""What the engine keeps in memory at most; what is more goes to the spill folder."""


class Engine:
    """One in-memory database, for one run.

    Args:
        threads: how many threads it may use; all of the machine's when none is given. The result does not depend on it.
        readable: folders whose files it may read. It may write only to ``spill``, a temporary folder of its own.

    Raises:
        GhgError: the threads are no whole number from 1 to ``MOST_THREADS``.
    """

    def __init__(self, threads: int | None = None, readable: Sequence[Path] = ()) -> None:
        import duckdb

        if threads is not None and (type(threads) is not int or not 1 <= threads <= MOST_THREADS):
            raise GhgError(f"threads are a whole number from 1 to {MOST_THREADS}; found {threads!r}.")
        self.error: type[Exception] = duckdb.Error
        self.cluster: Any = None
        """The cluster that scans the relations, if there is one."""
        self.relations: list[Relation] = []
        """Tables that are scanned in place, and not loaded as text."""
        self.statements: list[str] = []
        """The kernel's statements as they were run, for the evidence."""
        held = claim()
        self.spill = held.folder
        self._clear = weakref.finalize(self, held.close)
        config: dict[str, str | bool | int | float | list[str]] = {"autoload_known_extensions": "false"}
        self._connection = duckdb.connect(config=config | ({"threads": str(threads)} if threads else {}))
        folders = ", ".join(literal(str(folder)) for folder in (*readable, self.spill))
        # By itself the engine draws a bar wherever it takes the caller for a person at a prompt.
        self.run(f"SET allowed_directories = [{folders}]; SET enable_progress_bar = false")
        if readable:
            clear_dead(held)
            self.run(f"SET memory_limit = '{MEMORY}'; SET preserve_insertion_order = false")
        self.run(f"SET temp_directory = {literal(str(self.spill))}; SET enable_external_access = false")
        self._watch()

    def close(self) -> None:
        """Free the database and what it spilled, and leave the cluster."""
        if self.cluster:
            self.cluster.close()
        self._connection.close()
        self._connection = _Freed()  # type: ignore[assignment]
        self._clear()

    def cursor(self) -> Engine:
        """The same database, for another thread."""
        made = object.__new__(Engine)
        made.__dict__ |= self.__dict__ | {"_connection": self._connection.cursor()}
        made._watch()
        return made

    def arrays(self, sql: str) -> dict[str, np.ndarray[Any, Any]]:
        """The columns of a query as NumPy arrays; the query casts sums to 64 bits, which is checked."""
        return dict(self._connection.execute(sql).fetchnumpy())  # type: ignore[arg-type]

    def tabulate(self, table: str, columns: Mapping[str, np.ndarray[Any, Any]]) -> None:
        """A table of NumPy arrays."""
        self._connection.register("handed_over", dict(columns))
        self.run(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM handed_over")
        self._connection.unregister("handed_over")

    def described(self, relation: str) -> dict[str, str]:
        """The column names and engine types of a relation.

        Raises:
            GhgError: it cannot be read.
        """
        try:
            return {row[0]: str(row[1]) for row in self.rows(f"DESCRIBE SELECT * FROM {relation}")}
        except self.error as error:
            raise GhgError(f"cannot read {relation}: {error}") from error

    def copied(self, sql: str, name: str) -> Path:
        """The rows of a query as a Parquet file in the spill folder."""
        self.run(f"COPY ({sql}) TO {literal(str(self.spill / name))} (FORMAT parquet, COMPRESSION zstd)")
        return self.spill / name

    def share(self) -> float:
        """How much of the running statement is done, from 0 to 1; negative where the engine does not know."""
        return self._connection.query_progress() / 100

    def _watch(self) -> None:
        """Have the engine keep account of how far it is, where somebody is told."""
        if is_told():
            for setting in ("enable_progress_bar = true", "enable_progress_bar_print = false", "progress_bar_time = 0"):
                self.run(f"SET {setting}")

    def interrupt(self) -> None:
        """Stop what another thread has this engine do."""
        self._connection.interrupt()

    def run(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """Run statements that give no rows."""
        self._connection.execute(sql, list(parameters))

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self._connection.execute(sql, list(parameters)).fetchall()

    def schema(self, name: str) -> str:
        """A place of its own for tables; gives what stands before their names."""
        self.run(f"CREATE SCHEMA IF NOT EXISTS {name}")
        return f"{name}."

    def view(self, name: str, sql: str) -> None:
        """A query under a name."""
        self.run(f"CREATE OR REPLACE VIEW {name} AS {sql}")

    def arrow(self, sql: str) -> Any:
        """The rows of a query as an Arrow table."""
        return self._connection.sql(sql).to_arrow_table()

    def adopt(self, table: str, arrow: object) -> None:
        """An Arrow table as a table."""
        self._connection.register("handed_over", arrow)
        self.run(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM handed_over")
        self._connection.unregister("handed_over")

    def create(self, table: str, columns: Sequence[str]) -> None:
        """An empty table of text columns."""
        self.run(f"CREATE TABLE {table} ({', '.join(f'{quoted(name)} VARCHAR' for name in columns)})")

    def append(self, table: str, columns: Mapping[str, Sequence[str]]) -> None:
        """Rows given as columns of text, in the order of the table's columns."""
        length = len(next(iter(columns.values()), ()))
        placeholders = ", ".join(f"unnest(string_split(${number}, chr(31)))" for number in range(1, len(columns) + 1))
        for start in range(0, length, CHUNK):
            chunk = [SEPARATOR.join(cells[start : start + CHUNK]) for cells in columns.values()]
            self.run(f"INSERT INTO {table} SELECT {placeholders}", chunk)

    @contextlib.contextmanager
    def scanning(self, frame: object) -> Iterator[dict[str, str]]:
        """A frame as the view ``scanned``; yields its column names and engine types.

        Takes pandas, Polars and Arrow frames, and DuckDB relations of any connection.

        Raises:
            GhgError: the object is not a frame the engine can read.
            InputError: a column of it stands twice, or holds what is neither text, number nor day.
        """
        try:
            self._connection.register("scanned", _scanned(frame))
            described = self.rows("DESCRIBE scanned")
        except (self.error, TypeError, AttributeError) as error:
            if "pyarrow" in str(error) and not find_spec("pyarrow"):
                raise GhgError("Polars and Arrow frames travel as Arrow: pip install 'ghg[frames]'.") from error
            raise GhgError(
                f"cannot read a {type(frame).__name__} as a frame; give a pandas, Polars or Arrow frame. ({error})"
            ) from error
        try:
            yield {row[0]: str(row[1]) for row in described}
        except self.error as error:
            raise GhgError(f"cannot read the rows of the {type(frame).__name__}: {error}") from error
        finally:
            self._connection.unregister("scanned")

    def frame(self, sql: str, like: object) -> Any:
        """The result of a query as the same kind of frame as ``like``."""
        kind = type(like).__module__.partition(".")[0]
        result = self._connection.sql(sql)
        if kind == "polars":
            import polars as pl

            return pl.DataFrame(result)
        if kind in ("duckdb", "_duckdb"):
            import duckdb

            # A relation on the session's own connection, since this one closes with the run.
            return duckdb.from_df(result.df())
        return result.to_arrow_table() if kind == "pyarrow" else result.df()


def _scanned(frame: object) -> object:
    """A frame as the engine scans it.

    Raises:
        GhgError: it is no frame.
        InputError: a column of it holds what is neither text, number nor day, or stands twice.
    """
    pandas = sys.modules.get("pandas")
    if pandas and isinstance(frame, pandas.DataFrame):
        return plain(frame)
    if type(frame).__module__.partition(".")[0] in ("polars", "pyarrow"):
        return frame
    if not hasattr(frame, "__arrow_c_stream__"):
        raise GhgError(f"cannot read a {type(frame).__name__} as a frame; give a pandas, Polars or Arrow frame.")
    return _Stream(frame)


class _Freed:
    """What stands in the place of a database that was freed."""

    def close(self) -> None:
        """Nothing is left to free."""

    def __getattr__(self, name: str) -> object:
        raise GhgError("the rows of this run were freed: ask before it is closed, or run it again.")


class _Stream:
    """Anything that gives an Arrow stream, wrapped so that the engine scans the stream and not the object."""

    def __init__(self, frame: object) -> None:
        self.frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.frame.__arrow_c_stream__(requested_schema)  # type: ignore[attr-defined]


def literal(text: str) -> str:
    """Text as an SQL literal; for paths and words of our own, where a parameter cannot stand."""
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """An identifier of our own list, quoted."""
    return '"' + name.replace('"', '""') + '"'


def as_text(name: str, engine_type: str) -> str:
    """The expression that gives a column as trimmed text with composed accents, a missing value as blank."""
    kind = engine_type.partition("(")[0].partition(" ")[0].partition("_")[0]
    text = f"trim(coalesce({PLAIN_TEXT.get(kind, 'CAST({0} AS VARCHAR)').format(quoted(name))}, ''))"
    return f"nfc_normalize({text})" if kind in ("VARCHAR", "ENUM") else text
