"""Tables of any form as text with places: bytes, encoding, dialect, cells, types. Nothing is guessed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ghg.issues import InputError, Issue
from ghg.reading.declaration import PLAIN, Manner, Reading
from ghg.reading.delimited import header_elsewhere, read_delimited
from ghg.reading.encoding import decode
from ghg.reading.records import read_records
from ghg.reading.source import Source, read_source
from ghg.reading.table import Grid, Table, cut_off, make_table
from ghg.reading.typed import type_columns

__all__ = ["PLAIN", "Manner", "Reading", "Table", "read_table"]

EXPORT = "Export the table as CSV or as a workbook."
REFUSED = {
    "pdf": ("a PDF document", EXPORT),
    "picture": ("a picture", EXPORT),
    "letter": ("a document of a word processor", EXPORT),
    "markup": ("HTML or XML, whatever its name ends in", EXPORT),
    "database": (
        "a database",
        "Export it as CSV, or name a DuckDB file with its table, as in rows.duckdb#rows.",
    ),
    "parquet": ("a Parquet file", "Give it a name that ends in .parquet."),
    "arrow": ("an Arrow or Feather file", "Write it as Parquet."),
    "packed": ("packed in a way that is not read", "Give the unpacked file, or pack it with gzip."),
    "gzip": ("packed twice", "Give the unpacked file."),
    "ole": (
        "an old .xls workbook or one with a password",
        "Save it as .xlsx without a password, or export the sheet as CSV.",
    ),
}
"""Kinds of files that are no table, and what to do."""


def read_table(
    path: Path, name: str, required: tuple[str, ...], optional: tuple[str, ...] = (), manner: Manner = PLAIN
) -> Table:
    """A table with the given columns, in any order.

    Args:
        path: where the file is.
        name: how messages call it.
        required: columns that must be there.
        optional: columns that may be there; an absent one comes back blank.
        manner: what is declared of the file, and which columns are numbers and dates.

    Raises:
        InputError: the file is missing, beyond a limit, no table, can be read in two ways, or its header does not fit.
    """
    here = manner.in_file()
    # A column that is said to have a header has to have it: a slip in its name would leave the column blank.
    stated = tuple(name for name in optional if name in manner.reading.columns)
    needed, allowed = (_headers(names, manner.reading) for names in ((*required, *stated), optional))
    source = read_source(path, name)
    suffix = Path(path.name.removesuffix(".gz")).suffix.lower()
    grid, advice = _grid(source, suffix, here, needed)
    table = make_table(
        grid, needed, (*allowed, *manner.reading.ignore), lambda: advice() or _mapping(grid.header, required, manner)
    )
    table.sha256, table.size = source.sha256, len(source.stored)
    if not (table.lines or table.unread):
        message, hint = "the file has a header and no row.", "Write rows, or take the file out of the inventory."
        raise InputError([Issue("file-empty", message, hint, grid.name, grid.line)])
    table.notes += cut_off(grid.name, len(table.lines) + table.unread, grid.lines[-1])
    type_columns(table, here)
    _name_columns(table, (*required, *optional), manner.reading)
    return table


def _headers(names: tuple[str, ...], reading: Reading) -> tuple[str, ...]:
    """The headers that columns have in the file, each once."""
    return tuple(dict.fromkeys(header for name in names if (header := reading.header_of(name))))


def _name_columns(table: Table, names: tuple[str, ...], reading: Reading) -> None:
    """Call the columns as the schema does, and fill those the file does not have."""
    found = table.columns
    table.columns = {
        name: list(found[reading.header_of(name)])
        if reading.header_of(name)
        else [reading.fill[name]] * len(table.lines)
        for name in names
    }


def _mapping(header: list[str], required: tuple[str, ...], manner: Manner) -> str:
    """The advice to map columns, where the file has each missing one under a header of the same letters."""
    columns = dict(manner.reading.columns)
    plain = {_letters(found): found.strip() for found in reversed(header)}
    for name in required:
        wanted = manner.reading.header_of(name)
        if wanted and wanted not in header and _letters(wanted) in plain:
            columns[name] = plain[_letters(wanted)]
    if not manner.key or columns == manner.reading.columns:
        return ""
    return f"Where they are these columns under other names: {manner.columns_line(columns)}"


def _letters(name: str) -> str:
    """A header's letters and digits in lower case."""
    return "".join(sign for sign in name.lower() if sign.isalnum())


def _grid(source: Source, suffix: str, manner: Manner, required: tuple[str, ...]) -> tuple[Grid, Callable[[], str]]:
    """The rows of a file by its kind, and advice for a header that does not fit."""
    if source.kind in REFUSED:
        what, hint = REFUSED[source.kind]
        raise InputError([Issue("file-kind", f"the file is {what}.", hint, source.name)])
    if source.kind == "zip":
        from ghg.reading.workbook import read_workbook

        return read_workbook(source, manner, required), lambda: ""
    text = decode(source.content, source.name, manner)
    if not text.strip():
        message, hint = "the file is empty.", "Write a header and rows, or take the file out of the inventory."
        raise InputError([Issue("file-empty", message, hint, source.name, 1)])
    if suffix == ".json" or (manner.key and text.lstrip("\ufeff \t\r\n").startswith(("[{", '{"'))):
        return read_records(text, source.name), lambda: ""
    grid = read_delimited(text, source.name, suffix, manner, required)
    return grid, lambda: header_elsewhere(text, manner, required)
