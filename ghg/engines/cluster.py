"""Apache Spark: a session beside the caller's, spoken to in the very statements the embedded engine takes.

The session is new, on the context that is there: it shares the cluster and its data, and none of its settings. Sums
that overflow raise, identifiers stand in double quotes, the columns of partitions stay text. Small tables travel as
Arrow and are broadcast; only sums, distinct words and the rows in question come back.
"""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from ghg.issues import GhgError

if TYPE_CHECKING:
    import numpy as np

SPARK = "spark"
"""How the engine is called; a master may follow, as in ``spark:local[2]``."""
SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.ansi.doubleQuotedIdentifiers": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
}
"""What a statement means must not depend on the caller's settings."""
KEPT = ("spark.sql.shuffle.partitions", "spark.sql.adaptive.enabled", "spark.sql.files.maxPartitionBytes")
"""Settings of the caller that decide how work is cut, and no result."""
FILE, NUMBER = "ghg_file", "ghg_number"
"""Columns of a source: where its row is stored, and its number there."""
ROOT = "/"
"""Where partitions may start."""


class Cluster:
    """A session of Apache Spark of our own.

    Attributes:
        error: what it raises.
        statements: the kernel's statements as they were run, for the evidence.
    """

    def __init__(self, session: Any, *, is_ours: bool = False) -> None:
        from pyspark.errors import PySparkException

        self.error: type[Exception] = PySparkException
        self.statements: list[str] = []
        self._caller, self._is_ours = session, is_ours
        self._session = session.newSession()
        self._views: list[str] = []
        kept = {name: session.conf.get(name, None) for name in KEPT}
        for name, value in {**kept, **SETTINGS}.items():
            if value is not None:
                self._session.conf.set(name, value)

    def close(self) -> None:
        """Forget the tables handed over; stop the session only where it was started for the run."""
        with contextlib.suppress(self.error):
            for name in self._views:
                self._session.catalog.dropTempView(name)
                self._session.catalog.dropGlobalTempView(name)
        if self._is_ours:
            self._caller.stop()

    def interrupt(self) -> None:
        """Stop what it works on."""
        with contextlib.suppress(self.error):
            self._session.interruptAll()

    def columns(self, table: str) -> list[str]:
        """The columns of a table, without the place of a row."""
        return [name for name in self._session.table(table).columns if name not in (FILE, NUMBER)]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return [tuple(row) for row in self._session.sql(sql).collect()]

    def arrow(self, sql: str) -> Any:
        """The rows of a query as an Arrow table."""
        with _quiet():
            return self._session.sql(sql).toArrow()

    def arrays(self, sql: str) -> dict[str, np.ndarray[Any, Any]]:
        """The columns of a query of whole numbers as NumPy arrays; a missing one is zero."""
        found = self.arrow(sql)
        return {name: column.combine_chunks().fill_null(0).to_numpy(zero_copy_only=False)
                for name, column in zip(found.column_names, found.columns, strict=True)}  # fmt: skip

    def tabulate(self, table: str, columns: Mapping[str, np.ndarray[Any, Any]]) -> None:
        """A small table of NumPy arrays, on every worker."""
        import pyarrow as pa

        self.hand_over(table, pa.table({name: pa.array(column) for name, column in columns.items()}))

    def hand_over(self, table: str, arrow: Any) -> None:
        """A small Arrow table, on every worker."""
        with _quiet():
            self._session.createDataFrame(arrow).hint("broadcast").createOrReplaceTempView(table)
        self._views.append(table)

    def view(self, name: str, sql: str) -> None:
        """A query under a name."""
        self._session.sql(f"CREATE OR REPLACE TEMPORARY VIEW {name} AS {sql}")

    def source_of_files(self, name: str, files: Sequence[Path], *, has_partitions: bool) -> tuple[str, ...]:
        """Parquet files under a name; gives how the engine calls each of them, in their order."""
        reader = self._session.read.option("basePath", ROOT) if has_partitions else self._session.read
        frame = reader.parquet(*(str(file).replace("\\", "\\\\") for file in files))
        _with_places(frame).createOrReplaceTempView(name)
        self._views.append(name)
        called = {_path(uri): _as_metadata(uri) for uri in frame.inputFiles()}
        return tuple(called[str(file)] for file in files)

    def source_of_frame(self, name: str, frame: Any) -> tuple[str, ...]:
        """A frame under a name; gives the files its rows are stored in, none where they are not."""
        placed = _with_places(frame)
        placed.createOrReplaceGlobalTempView(name)
        self._session.table(f"global_temp.{name}").createOrReplaceTempView(name)
        self._views.append(name)
        return tuple(sorted(map(_as_metadata, frame.inputFiles()))) if FILE in placed.columns else ()

    def frame_of(self, arrow: Any) -> Any:
        """An Arrow table as a frame of the cluster."""
        with _quiet():
            return self._session.createDataFrame(arrow)


def is_cluster_frame(frame: object) -> bool:
    """Whether something is a DataFrame of Spark."""
    kind = type(frame)
    return kind.__module__.startswith("pyspark.sql") and kind.__name__ == "DataFrame"


def in_memory(frame: Any) -> Any:
    """A DataFrame of Spark as an Arrow table."""
    with _quiet():
        return frame.toArrow()


def of_frame(frame: Any) -> Cluster:
    """The cluster that a frame lives on.

    Raises:
        GhgError: its session is one over the wire, which takes no second session beside it.
    """
    if type(frame).__module__.startswith("pyspark.sql.connect"):
        raise GhgError("a DataFrame of Spark Connect is not taken: give one of a session on the driver, or its files.")
    return Cluster(frame.sparkSession)


def of_master(master: str = "") -> Cluster:
    """A cluster by the URL of its master; the session that is running, or the one the environment describes, if blank.

    Raises:
        GhgError: pyspark is not installed, Java is missing, or the master cannot be reached.
    """
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError:
        raise GhgError("Apache Spark needs its package: pip install 'ghg[spark]'.") from None
    running = SparkSession.getActiveSession()
    builder = SparkSession.builder.appName("ghg").config("spark.ui.enabled", "false").config("spark.log.level", "ERROR")
    if master:
        builder = builder.master(master)
    if master.startswith("local"):
        # The workers are on this machine: nothing listens beyond it.
        builder = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
    try:
        with _quiet():
            return Cluster(running or builder.getOrCreate(), is_ours=running is None)
    except PySparkException as error:
        why = str(error).splitlines()[0]
        message = f"Apache Spark does not start: {why} It needs Java 17 or later, and a master it can reach."
        raise GhgError(message) from None


def place(files: Sequence[str], bits: int) -> str:
    """The expression of a row's place, as the embedded engine counts it; zero where rows are not stored in files."""
    if not files:
        return "CAST(0 AS BIGINT)"
    listed = ", ".join(literal(file) for file in files)
    return f"(CAST(array_position(array({listed}), {FILE}) - 1 AS BIGINT) * {1 << bits} + {NUMBER})"


def literal(text: str) -> str:
    """Text as a literal of Spark's SQL."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _with_places(frame: Any) -> Any:
    """A frame with the file and number of each row, where its rows are stored in Parquet files."""
    from pyspark.errors import AnalysisException

    try:
        with _quiet():
            return frame.selectExpr("*", f"_metadata.file_path AS {FILE}", f"_metadata.row_index AS {NUMBER}")
    except AnalysisException:
        return frame


def _as_metadata(uri: str) -> str:
    """A file's URI as the metadata of its rows have it: without an empty host."""
    return "file:/" + uri.removeprefix("file:///") if uri.startswith("file:///") else uri


def _path(uri: str) -> str:
    """The path of a file's URI."""
    return unquote(urlsplit(uri).path)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without what pyspark logs and warns of by itself."""
    logger = logging.getLogger("SQLQueryContextLogger")
    was, logger.disabled = logger.disabled, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.disabled = was
