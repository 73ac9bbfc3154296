"""The lock of an inventory: the factor rows it uses, pinned by checksum, so that a changed row is refused.

``2024.yaml`` has its lock beside it as ``2024.factors.lock``, named by the field ``lock``. It holds the version of ghg,
the SHA-256 of every pack in use, and for every factor row in use its printed value and the SHA-256 of the whole row.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from ghg import __version__, bundle
from ghg.documents import Document, read_document
from ghg.factors import FactorRow, FactorTable
from ghg.inventory import InventoryFile
from ghg.issues import InputError, Issue, Severity

SUFFIX = ".factors.lock"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LockedRow(_Strict):
    """A pinned factor row: value and unit as printed, and the SHA-256 of all its columns."""

    value: str
    unit: str
    sha256: str


class Lock(_Strict):
    """What an inventory's factors were when the lock was written.

    ``packs`` maps factor files to their SHA-256, ``rows`` the ids of factor rows to what they held.
    """

    ghg: str
    packs: dict[str, str]
    rows: dict[str, LockedRow]


def lock_path(inventory: Path) -> Path:
    """Where the lock of an inventory stands.

    >>> lock_path(Path("inventories/2024.yaml")).name
    '2024.factors.lock'
    """
    return inventory.with_name(inventory.stem + SUFFIX)


def digest(row: FactorRow) -> str:
    """SHA-256 of a row; blank columns are left out, so that a column added to the schema changes no digest."""
    cells = {name: str(cell) for name, cell in row.model_dump(mode="json").items() if cell}
    return hashlib.sha256(json.dumps(cells, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def make_lock(file: InventoryFile, table: FactorTable, used: Iterable[str]) -> Lock:
    """The lock of the factor rows in use.

    Args:
        file: the inventory.
        table: the library's and the inventory's own factors, as published.
        used: ids of the rows in use.
    """
    names = sorted(used)
    rows = {name: table.rows[name] for name in names}
    locked = {name: LockedRow(value=row.value, unit=row.unit, sha256=digest(row)) for name, row in rows.items()}
    return Lock(ghg=__version__, packs=packs(file, names), rows=locked)


def packs(file: InventoryFile, used: Iterable[str]) -> dict[str, str]:
    """The factor files with their SHA-256: those of the library with a row in use, and all of the inventory's own."""
    names = {name.encode() for name in used}
    root = bundle.folder("factors")
    found = {}
    for path in sorted((root / "packs").glob("*/*.csv")):
        content = path.read_bytes()
        # In the library's packs the id is the first column, and has neither comma nor quote.
        if any(line.partition(b",")[0] in names for line in content.splitlines()):
            found[f"factors/{path.relative_to(root).as_posix()}"] = hashlib.sha256(content).hexdigest()
    own = {relative: file.path(relative)[0].read_bytes() for relative in file.inventory.factors}
    return found | {relative: hashlib.sha256(content).hexdigest() for relative, content in own.items()}


def lock_text(lock: Lock) -> str:
    """The lock as the text of its file: JSON with one line a cell, so that a version control shows what changed."""
    return json.dumps(lock.model_dump(), indent=2, ensure_ascii=False) + "\n"


def read_lock(path: Path, name: str) -> tuple[Lock, Document]:
    """A lock file, and its places for messages.

    Raises:
        InputError: the file is missing or is no lock.
    """
    document = read_document(path, name)
    return document.validate(Lock), document


def check_lock(lock: Lock, table: FactorTable, used: Iterable[str], document: Document) -> list[Issue]:
    """What differs from a lock: rows that changed, that are gone, no longer used, or newly used.

    Args:
        lock: the lock.
        table: the library's and the inventory's own factors, as published.
        used: ids of the rows in use.
        document: the lock's file, for the places of messages.
    """
    names = set(used)
    problems = []
    for name, locked in lock.rows.items():
        message = _drift(name, locked, table, names)
        if message:
            line, _ = document.places.get(("rows", name), (1, 1))
            problems.append(Issue("lock-drift", message, _HINT, document.file, line, name, locked.value))
    for name in sorted(names - set(lock.rows)):
        message = f"the inventory uses the factor row {name!r}, which the lock does not hold."
        problems.append(Issue("lock-drift", message, _HINT, document.file, None, name, table.rows[name].value))
    return problems


_HINT = "If that is meant, write the lock anew with 'ghg factors lock'."


def _drift(name: str, locked: LockedRow, table: FactorTable, used: set[str]) -> str:
    """How a pinned row differs from what it was, in words; blank when it does not."""
    if name not in table.rows:
        return f"the factor row {name!r} is gone: neither the library nor the inventory's own tables have it."
    row = table.rows[name]
    if (row.value, row.unit) != (locked.value, locked.unit):
        return f"the factor row {name!r} holds {row.value} {row.unit}; the lock pins {locked.value} {locked.unit}."
    if digest(row) != locked.sha256:
        return (
            f"the factor row {name!r} has the pinned value and unit, and another column of it changed: "
            "name, region, validity, source, locator, verification, bounds or note."
        )
    return "" if name in used else f"the inventory no longer uses the factor row {name!r}, which the lock pins."


def hold(
    file: InventoryFile | None, table: FactorTable, used: Collection[str], *, is_whole: bool = True
) -> list[Issue]:
    """Hold a run to the lock its inventory names; what an incomplete run does not use is no drift.

    Returns:
        Notes: packs that changed although no row in use did.

    Raises:
        InputError: the lock is missing or wrong, or a factor drifted from it; every difference is listed.
    """
    if file is None or file.inventory.lock is None:
        return []
    path, name = file.path(file.inventory.lock)
    lock, document = read_lock(path, name)
    pinned = lock.rows if is_whole else {row: held for row, held in lock.rows.items() if row in used}
    problems = check_lock(lock.model_copy(update={"rows": pinned}), table, used, document)
    if problems:
        raise InputError(problems)
    now = packs(file, used)
    changed = sorted(pack for pack, sha256 in now.items() if lock.packs.get(pack) != sha256)
    return [
        Issue("lock-drift", f"{pack} changed since the lock was written; every row in use is unchanged.",
              "'ghg factors lock' brings the lock up to date.", name, severity=Severity.NOTE)
        for pack in changed
    ]  # fmt: skip
