"""Activity data that a caller passes: a frame of any kind takes the place of the tables an inventory names."""

from __future__ import annotations

import uuid
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from ghg import activity
from ghg.engines import Engine, quoted
from ghg.engines.cluster import SPARK, Cluster, in_memory, is_cluster_frame, of_frame, of_master
from ghg.engines.delimited import is_large
from ghg.engines.relations import FILE_BITS, Relation, column_problems, described, is_bulk
from ghg.inventory import InventoryFile
from ghg.issues import InputError, Issue, UnknownNameError
from ghg.schema import NAMES, OPTIONAL, REQUIRED

EMBEDDED, STRICT = "duckdb", "python"
ENGINES = (EMBEDDED, STRICT, SPARK)
"""Engines by name: the embedded one; every row through the strict checks, which decide; a cluster."""
LARGE = 100_000
"""Rows from which a frame is scanned in place and not read as text."""


def cluster_of(name: str, frame: object) -> Cluster | None:
    """The cluster a run is on: the one its frame lives on, unless another engine is named.

    Args:
        name: a word of ``ENGINES``, ``spark:MASTER``, or blank.
        frame: what the caller passes as activity data, if anything.

    Raises:
        UnknownNameError: there is no such engine.
        GhgError: the cluster cannot be reached.
    """
    engine, _, master = name.partition(":")
    if engine not in ("", *ENGINES) or (master and engine != SPARK):
        raise UnknownNameError("engine", name, ENGINES, f"The engines are {', '.join(ENGINES)} and {SPARK}:MASTER.")
    if is_cluster_frame(frame) and engine in ("", SPARK):
        return of_frame(frame)
    return of_master(master) if engine == SPARK else None


def choose(engine: Engine, name: str, frame: object) -> bool:
    """Give an engine its cluster, if it has one; whether every row goes through the strict checks; raises as above."""
    engine.cluster = cluster_of(name, frame)
    return name == STRICT


def kind_of(frame: object) -> str:
    """How evidence calls a frame: what kind it is."""
    return f"{type(frame).__module__.partition('.')[0]}.{type(frame).__qualname__}" if frame is not None else ""


def load(engine: Engine, frame: object) -> None:
    """A frame as the rows of a run: as text where it is small, else scanned in place or on the cluster.

    Raises:
        InputError: a column is missing, not known, or leaves its cells open; there are no rows.
        GhgError: the object is not a frame.
    """
    if is_cluster_frame(frame) and not engine.cluster:
        frame = in_memory(frame)
    if engine.cluster:
        engine.create("loaded", ("file", "line", *NAMES))
        cluster: Cluster = engine.cluster
        given = frame if is_cluster_frame(frame) else cluster.frame_of(_arrow(engine, frame))
        engine.relations.append(_on_cluster(engine, cluster, given))
    elif _is_small(frame):
        activity.load_frame(engine, frame)
    else:
        engine.create("loaded", ("file", "line", *NAMES))
        engine.relations.append(_in_place(engine, frame))


def load_rows(engine: Engine, file: InventoryFile, frame: object) -> activity.Read | None:
    """The rows of a run: those of the inventory's tables, or of a frame that takes their place; raises as both do."""
    if frame is None:
        return activity.load_files(engine, file)
    load(engine, frame)
    return None


def readable(file: InventoryFile | None) -> list[Path]:
    """The folders the engine may read: none unless the inventory names tables that are scanned in place."""
    paths = [file.path(relative)[0] for relative in file.inventory.activity] if file else []
    return [file.folder.resolve()] if file and any(is_bulk(path) or is_large(path) for path in paths) else []


def _is_small(frame: object) -> bool:
    """Whether a frame says that it has few rows."""
    rows = getattr(frame, "num_rows", None)
    if rows is None:
        rows = len(frame) if hasattr(frame, "__len__") and hasattr(frame, "columns") else None
    return isinstance(rows, int) and rows < LARGE


def _arrow(engine: Engine, frame: object) -> object:
    """A frame as an Arrow table."""
    with engine.scanning(frame):
        return engine.arrow("SELECT * FROM scanned")


def _in_place(engine: Engine, frame: object) -> Relation:
    """A large frame, copied once into columns in the spill folder."""
    with engine.scanning(frame) as types:
        problems = column_problems(types, REQUIRED, OPTIONAL)
        if problems:
            raise InputError(problems)
        stored = engine.copied("SELECT * FROM scanned", "frame.parquet")
    return _over(engine, stored)


def _over(engine: Engine, stored: Path) -> Relation:
    """Columns in the spill folder as a relation without a file."""
    scan = f"read_parquet('{stored}')"
    made = described(engine, scan, f"(0::BIGINT << {FILE_BITS}) + file_row_number", ("",), 1, (REQUIRED, OPTIONAL))
    return replace(made, stored=(stored,))


def _on_cluster(engine: Engine, cluster: Cluster, frame: object) -> Relation:
    """A frame of a cluster; what of its rows is needed here comes into the engine table ``fetched``.

    Raises:
        InputError: its columns do not fit, or it has no rows.
    """
    name = f"ghg_{uuid.uuid4().hex}"
    uris = cluster.source_of_frame(name, frame)
    listed = ", ".join(map(quoted, cluster.columns(name)))
    engine.adopt("fetched", cluster.arrow(f"SELECT CAST(0 AS BIGINT) AS place, {listed} FROM {name} LIMIT 0"))
    types = {column: kind for column, kind in engine.described("fetched").items() if column != "place"}
    rows = cluster.rows(f"SELECT count(*) FROM {name}")[0][0]
    problems = column_problems(types, REQUIRED, OPTIONAL)
    if not problems and not rows:
        problems = [Issue("file-empty", "the frame has no rows.", "Pass a frame with rows.")]
    if problems:
        raise InputError(problems)
    files, last = tuple(map(unquote, uris)) or ("",), len(uris) << FILE_BITS
    relation = Relation("fetched", types, files, 1, rows, last, source=name, uris=uris)
    return relation if uris else replace(relation, key=f"'id ' || {relation.cell('id')}")
