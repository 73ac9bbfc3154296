"""The evidence of a run as a folder, written whole or not at all.

The folder holds what an assurance provider asks for first: the result, the plan with its factors, the balance, the
kernel's statement, the issues, and the checksums of the inputs.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ghg.boundary import report as boundary
from ghg.factors import FactorRow
from ghg.issues import GhgError
from ghg.reports import csv, documents

if TYPE_CHECKING:
    from ghg.runs import Run


def save(run: Run, folder: Path, *, replace: bool = False) -> Path:
    """Write the evidence of a run.

    Args:
        run: the run.
        folder: where; it must not exist unless ``replace`` is set.
        replace: put the new folder in the place of an old run's.

    Raises:
        GhgError: the folder exists, is not a run's, or cannot be written.
    """
    if folder.exists() and not (replace and (folder / "kernel.sql").is_file()):
        raise GhgError(f"{folder} exists: name another folder, or replace a former run's with --replace.")
    files = _files(run)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as beside:
            made, former = Path(beside) / "made", Path(beside) / "former"
            made.mkdir()
            for name, text in files.items():
                _write(made / name, text)
            if folder.exists():
                folder.rename(former)
            made.rename(folder)
    except OSError as error:
        raise GhgError(f"cannot write {folder}: {error.strerror}. Nothing was left behind.") from error
    return folder


def write_file(path: Path, text: str, *, replace: bool = False) -> Path:
    """Write one file, whole or not at all.

    Args:
        path: where; its folder is made if need be.
        text: what it holds.
        replace: whether a file may stand there already.

    Raises:
        GhgError: the file exists and may not be replaced, or it cannot be written.
    """
    if path.exists() and not replace:
        raise GhgError(f"{path} exists: name another file, or remove it.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as beside:
            _write(Path(beside) / path.name, text)
            (Path(beside) / path.name).replace(path)
    except OSError as error:
        raise GhgError(f"cannot write {path}: {error.strerror}. Nothing was left behind.") from error
    return path


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _files(run: Run) -> dict[str, str]:
    """The files of the folder by name."""
    files = {
        "run.json": documents.run_document(run).model_dump_json(indent=2) + "\n",
        "figures.csv": csv.run(run),
        "balance.csv": csv.balance(run.balance),
        "plan.csv": _plan(run),
        "factors.csv": _factors(run),
        "issues.csv": csv.issues(run.issues),
        "inputs.csv": _inputs(run),
        "kernel.sql": ";\n\n".join(run.engine.statements) + "\n",
    }
    if run.plan.outside:
        files["outside.csv"] = csv.table(boundary.COLUMNS, [list(row) for row in boundary.outside(run)])
    if run.inventory.published and not run.changes:
        files["check.json"] = documents.check_document(run, run.check()).model_dump_json(indent=2) + "\n"
    return files


def _plan(run: Run) -> str:
    """Each key, the match it takes, and how its factors were chosen."""
    rows = []
    for key, number in sorted(run.plan.keys.items()):
        match = run.plan.matches[number]
        for choice in match.choices or (None,):
            chosen = (
                [choice.book, choice.kind, choice.factor.id if choice.factor else "", choice.rung, choice.share_text]
                if choice
                else ["", "", "", "", ""]
            )
            rows.append([*(getattr(key, name) for name in run.plan.columns), str(number), match.method, *chosen])
    return csv.table((*run.plan.columns, "match", "method", "book", "kind", "factor", "rung", "share"), rows)


def _factors(run: Run) -> str:
    """The factor rows the result used, as valued."""
    used = sorted(
        {name for match in run.plan.matches for p in match.postings for name in (p.factor, *p.parameters) if name}
    )
    names = tuple(FactorRow.model_fields)
    rows = ([str(getattr(run.valuation.rows[name], column) or "") for column in names] for name in used)
    return csv.table(names, rows)


def _inputs(run: Run) -> str:
    """The input files with size and SHA-256."""
    if run.file is None:
        return csv.table(("file", "bytes", "sha256"), [])
    inventory = run.inventory
    names = (
        Path(run.file.name).name,
        *inventory.activity,
        *inventory.factors,
        *inventory.instrument_tables,
        *inventory.entities,
        *([inventory.published] if inventory.published else []),
    )
    contents = {name: (run.file.folder / name).read_bytes() for name in names}
    rows = ([name, str(len(content)), hashlib.sha256(content).hexdigest()] for name, content in contents.items())
    return csv.table(("file", "bytes", "sha256"), rows)
