"""Method tables read: their amounts worked out, and how, kept in the engine for explanations."""

from __future__ import annotations

from ghg.engines import Engine
from ghg.inventory import Inventory, InventoryFile
from ghg.issues import Issue, Severity
from ghg.methods import method
from ghg.methods.derivation import ROW_REQUIRED, DerivedTable, columns_of, derive_table, input_columns
from ghg.reading import Table, read_table
from ghg.reading.delimited import LONGEST_LINE
from ghg.schema import NAMES, OPTIONAL

WORKINGS = ("file", "line", "working", "rounded", "error", "asset_class", "score", "weight")
"""Columns of the engine table ``workings``: a row an amount that was worked out."""


def is_method_table(file: InventoryFile, relative: str) -> bool:
    """Whether a table states inputs of methods: the inventory names its method, or its header holds an input."""
    if relative in file.inventory.methods:
        return True
    path, reading = file.path(relative)[0], file.inventory.manner(relative).reading
    if not path.is_file():
        return False  # read_table says what is wrong; a pipe is never opened
    try:
        with path.open(encoding="utf-8-sig") as text:
            header = {cell.strip().strip('"') for cell in text.readline(LONGEST_LINE).split(",")}
    except (OSError, UnicodeDecodeError):
        return False  # read_table says what is wrong with the file, or decodes it as the inventory declares
    named = {*NAMES, *reading.columns.values(), *reading.ignore}
    return bool(header & (set(input_columns()) - named))


def read_method_table(
    engine: Engine, file: InventoryFile, relative: str
) -> tuple[Table, dict[str, list[str]], list[int]]:
    """A method table with the columns of an activity table, and the line of each row.

    Rows whose inputs cannot be used are issues of the table and do not come back.

    Raises:
        InputError: the file cannot be read or its header does not fit.
    """
    stated = file.inventory.methods.get(relative, "")
    further = (*input_columns(), "amount", "unit", *OPTIONAL)
    required, optional = columns_of(method(stated)) if stated else ((*ROW_REQUIRED, "method"), further)
    more = tuple(dict.fromkeys(name for name in optional if name not in required))
    table = read_table(*file.path(relative), required, more, file.inventory.manner(relative))
    derived = derive_table(table.file, table.columns, table.lines, stated, file.inventory.decimals)
    _keep(engine, table.file, derived)
    table.issues.extend(derived.issues)
    table.unread += len(table.lines) - len(derived.lines)
    return table, derived.columns, derived.lines


def _keep(engine: Engine, file: str, derived: DerivedTable) -> None:
    """What was worked out, in the engine table ``workings``."""
    if not has_workings(engine):
        engine.create("workings", WORKINGS)
    rows = [
        (file, str(line), "\n".join(found.working), str(line in derived.rounded).lower(), found.error, *found.position)
        for line, found in derived.workings.items()
    ]
    if rows:
        engine.append("workings", dict(zip(WORKINGS, map(list, zip(*rows, strict=True)), strict=True)))


def working(engine: Engine, file: str, line: int) -> list[str]:
    """How the amount of a row was worked out, as lines of text; none where the row states it."""
    if not has_workings(engine):
        return []
    found = engine.rows("SELECT working FROM workings WHERE file = $1 AND line = $2", [file, str(line)])
    return [text for (lines,) in found for text in lines.splitlines()]


def has_workings(engine: Engine) -> bool:
    """Whether any amount of the rows was worked out from inputs."""
    return bool(engine.rows("SELECT 1 FROM information_schema.tables WHERE table_name = 'workings'"))


def rounded(engine: Engine, inventory: Inventory) -> list[Issue]:
    """One note a file on derived amounts without a finite decimal form."""
    if not has_workings(engine):
        return []
    counted = engine.rows(
        "SELECT file, min(CAST(line AS BIGINT)), count(*) FROM workings WHERE rounded = 'true' GROUP BY file ORDER BY 1"
    )
    message = "Derived amounts without a finite decimal form, rounded half up to the quantum {1}: {0:,}."
    hint = "Set a finer 'quantum' in the inventory to keep more digits."
    return [
        Issue("amount-rounded", message.format(count, inventory.quantum), hint, file, line, severity=Severity.NOTE)
        for file, line, count in counted
    ]
