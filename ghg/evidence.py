"""The evidence of a run as a folder, written whole or not at all.

The folder holds what an assurance provider asks for first: the result, the plan with its factors, the balance, the
kernel's statement, the issues, the checksums of the inputs, and those of the folder's own files.
"""

from __future__ import annotations

import contextlib
import ctypes
import glob
import hashlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ghg import ledger
from ghg.boundary import report as boundary
from ghg.bulk import scans
from ghg.engines import literal
from ghg.engines.relations import is_bulk
from ghg.factors import FactorRow
from ghg.issues import GhgError, InputError, Issue, MachineError
from ghg.progress import steps
from ghg.reports import csv, documents

if TYPE_CHECKING:
    from ghg.runs import Run

SUMS = "SHA256SUMS"
"""Checksums of the folder's other files, in the form that ``sha256sum --check`` reads, sealed by its last line."""
INPUTS = ("file", "bytes", "sha256", "named")
"""Columns of ``inputs.csv``; ``named`` is how the run called the file, from the folder it was started in."""
FRAME = "frame:"
"""How a frame that took the place of the tables is listed among the inputs; what kind it was follows."""
PATIENCE = 100
"""How many tenths of a second to wait for another run that writes in the same folder."""
AT_FDCWD, RENAME_EXCHANGE = -100, 2
"""Constants of the system call that exchanges two names."""


def save(run: Run, folder: Path, *, replace: bool = False) -> Path:
    """Write the evidence of a run.

    Args:
        run: the run.
        folder: where; it must not exist unless ``replace`` is set.
        replace: put the new folder in the place of an old run's.

    Raises:
        GhgError: the folder exists and is not a run's, holds what no run wrote, or may not be replaced.
        MachineError: it cannot be written.
        InputError: an input changed since the run read it.
    """
    if _exists(folder) and not (replace and (folder / "kernel.sql").is_file()):
        raise GhgError(f"{folder} exists: name another folder, or replace a former run's with --replace.")
    files = contents(run)
    _refuse_others(folder, {SUMS, *files})
    files[SUMS] = sealed({name: hashlib.sha256(text.encode()).hexdigest() for name, text in files.items()})
    with _writing(folder) as beside:
        made = beside / folder.name
        made.mkdir()
        for name, text in files.items():
            _write(made / name, text)
        _confirm(made)
        if _exists(folder):
            _exchange(made, folder)
        else:
            made.rename(folder)
    return folder


def _refuse_others(folder: Path, names: set[str]) -> None:
    """Refuse to replace a former run's folder in which somebody keeps files of his own."""
    sums = folder / SUMS
    listed = {line.partition("  ")[2] for line in sums.read_text("utf-8").splitlines()} if sums.is_file() else set()
    others = sorted({path.name for path in folder.iterdir()} - listed - names) if folder.is_dir() else []
    if others:
        raise GhgError(f"{folder} holds {others[0]!r}, which no run wrote: move it, or name another folder.")


def write_file(path: Path, text: str, *, replace: bool = False) -> Path:
    """Write one file, whole or not at all.

    Args:
        path: where; its folder is made if need be.
        text: what it holds.
        replace: whether a file may stand there already.

    Raises:
        GhgError: the file exists and may not be replaced.
        MachineError: it cannot be written.
    """
    with _placing(path, replace=replace) as made:
        _write(made, text)
    return path


def write_files(folder: Path, files: Mapping[str, str]) -> Path:
    """Write the files of a folder: a new folder whole or not at all, an existing one file by file, the last one last.

    Files that stand there already with the same text are left as they are, so that a run that was killed between two
    files is taken up by the next.

    Raises:
        GhgError: a file of another text stands there.
        MachineError: they cannot be written.
    """
    _refuse_taken(folder, files)
    # Files go into a folder from within it: what is around it, such as a home, need not be written to.
    target = folder / "files" if folder.is_dir() else folder
    with _writing(target) as beside:
        made = beside / target.name
        made.mkdir()
        for name, text in files.items():
            (made / name).parent.mkdir(exist_ok=True)
            _write(made / name, text)
        _confirm(made)
        if not _exists(folder):
            made.rename(folder)
            return folder
        _refuse_taken(folder, files)
        for name in files:
            (folder / name).parent.mkdir(exist_ok=True)
            (made / name).replace(folder / name)
        _confirm(folder)
    return folder


def _refuse_taken(folder: Path, files: Mapping[str, str]) -> None:
    """Refuse to write over files that hold anything else."""
    for name, text in files.items():
        path = folder / name
        if _exists(path) and not (path.is_file() and path.read_bytes() == text.encode()):
            raise GhgError(f"{path} exists: name another folder, or remove it. Nothing was written.")


@contextlib.contextmanager
def _placing(path: Path, *, replace: bool = False) -> Iterator[Path]:
    """Where to write a file that is put in its place once it is whole.

    Raises:
        GhgError: something stands in its place and may not be replaced.
        MachineError: it cannot be written.
    """
    if _exists(path) and not replace:
        raise GhgError(f"{path} exists: name another file, or remove it.")
    with _writing(path) as beside:
        yield beside / path.name
        if _exists(path) and not replace:
            raise GhgError(f"{path} exists by now: name another file, or remove it.")
        (beside / path.name).replace(path)


def _exists(path: Path) -> bool:
    """Whether something stands at the path, a link to nowhere included."""
    return path.exists() or path.is_symlink()


@contextlib.contextmanager
def _writing(target: Path) -> Iterator[Path]:
    """A folder beside the target to write in, gone afterwards; what a killed run left there goes too.

    One run at a time writes beside a target: the lock is on the folder itself, so it ends with the process and leaves
    no file. The folder of the target is synchronised at the end, so that the new name lasts.

    Raises:
        MachineError: the disk refuses, or another run is writing there.
    """
    missing = [folder for folder in (target.parent, *target.parent.parents) if not folder.exists()]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _locked(target.parent):
            for left in target.parent.glob(f"{glob.escape(_prefix(target))}*"):
                shutil.rmtree(left)
            with tempfile.TemporaryDirectory(prefix=_prefix(target), dir=target.parent) as beside:
                yield Path(beside)
            _confirm(target.parent)
    except OSError as error:
        raise MachineError(f"cannot write {target}: {error.strerror or error}. Nothing was left behind.") from error
    finally:
        for folder in missing:  # those made here are empty still where the work failed
            with contextlib.suppress(OSError):
                folder.rmdir()


def _prefix(target: Path) -> str:
    return f".{target.name}.ghg-writing-"


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """The folder, for this process alone; waits a little for another.

    Raises:
        MachineError: another process holds it.
    """
    try:
        import fcntl
    except ImportError:  # no such lock on this system; a rename is still whole
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        for attempt in range(PATIENCE):
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if attempt == PATIENCE - 1:
                    raise MachineError(f"another run is writing in {folder}: wait for it, then run again.") from None
                time.sleep(0.1)
        yield
    finally:
        os.close(handle)


def _exchange(made: Path, folder: Path) -> None:
    """Put the new folder in the place of the old one; where the system can, in one step."""
    if sys.platform == "linux":
        rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
        both = (AT_FDCWD, os.fsencode(made.absolute()), AT_FDCWD, os.fsencode(folder.absolute()))
        if rename is not None and rename(*both, RENAME_EXCHANGE) == 0:
            return
    former = made.with_name("former")
    folder.rename(former)
    try:
        made.rename(folder)
    except OSError:
        former.rename(folder)
        raise


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _confirm(folder: Path) -> None:
    """Have the disk keep the names in a folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some file systems cannot; the rename was whole all the same
            os.fsync(handle)
    finally:
        os.close(handle)


def sealed(checksums: Mapping[str, str]) -> str:
    """The list of checksums; its last line is the checksum of the lines above, so that no byte of it can change alone.

    >>> print(sealed({"run.json": "0a" * 32}).replace("0a" * 32, "0a…"), end="")
    0a…  run.json
    # SHA-256 of the lines above: bb9ecde14ad39d57b9e2f99b1bc3e2c07d9ce2063935347e17a1c95693291f67
    """
    lines = "".join(f"{checksum}  {name}\n" for name, checksum in sorted(checksums.items()))
    return f"{lines}# SHA-256 of the lines above: {hashlib.sha256(lines.encode()).hexdigest()}\n"


def contents(run: Run) -> dict[str, str]:
    """The files of the folder by name, apart from the list of their checksums.

    Raises:
        InputError: an input changed since the run read it.
        MachineError: an input cannot be read again.
    """
    files = {
        "run.json": documents.run_document(run).model_dump_json(indent=2) + "\n",
        "figures.csv": csv.run(run),
        "balance.csv": csv.balance(run.balance),
        "plan.csv": _plan(run),
        "factors.csv": _factors(run),
        "issues.csv": csv.issues(run.issues),
        "inputs.csv": _inputs(run),
        "kernel.sql": _statements(run),
    }
    if run.plan.outside:
        files["outside.csv"] = csv.table(boundary.COLUMNS, [list(row) for row in boundary.outside(run)])
    if run.inventory.published and not run.changes:
        files["check.json"] = documents.check_document(run, run.check()).model_dump_json(indent=2) + "\n"
    return files


def _statements(run: Run) -> str:
    """The kernel's statements; paths start from the inventory, so that the text is the same wherever it is run."""
    text = ";\n\n".join(run.engine.statements) + "\n"
    folders = {run.engine.spill: "spill", **({run.file.folder.resolve(): "."} if run.file else {})}
    for folder, called in folders.items():
        text = text.replace(f"{literal(str(folder))[:-1]}/", f"'{called}/")
    return text


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
        return csv.table(INPUTS, [])
    inventory = run.inventory
    names = (
        Path(run.file.name).name,
        *(name for name in inventory.activity if not run.frame and not is_bulk(run.file.folder / name)),
        *inventory.factors,
        *inventory.instrument_tables,
        *inventory.entities,
        *(name for name in (inventory.published, inventory.lock) if name),
    )
    rows = []
    for name in names:
        try:
            checksum, size = digested(run.file.folder / name), (run.file.folder / name).stat().st_size
        except FileNotFoundError as error:
            message = "cannot read the file: it is not there."
            raise InputError([Issue("file-missing", message, "Check its name.", name)]) from error
        except OSError as error:
            raise MachineError(f"cannot read {name} again for its checksum: {error.strerror}.") from error
        if checksum != run.file.checksums.get(name, checksum) or run.file.changed(name):
            message, hint = "the file changed after the run read it.", "Run again once nothing writes to the file."
            raise InputError([Issue("file-changed", message, hint, name)])
        named = run.file.name if name == names[0] else run.file.path(name)[1]
        rows.append([name, str(size), checksum, named])
    in_place = [pair for found in run.engine.relations for pair in zip(found.files, found.paths, strict=False)]
    root = run.file.folder.resolve()
    tables = [
        [path.relative_to(root).as_posix(), str(path.stat().st_size), digested(path), name] for name, path in in_place
    ]
    copied = [found for found in run.engine.relations if found.sha256]
    on_server = [[found.files[0], str(found.size), found.sha256, found.files[0]] for found in copied]
    passed = [[f"{FRAME}{run.frame}", "", "", ""]] if run.frame else []
    return csv.table(INPUTS, [*rows, *tables, *on_server, *passed])


def digested(path: Path) -> str:
    """The SHA-256 of a file of any size.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def save_ledger(run: Run, path: Path) -> Path:
    """Write the posted ledger as a Parquet file: file, line and id of each row that posted, and its match of the plan.

    A row's accounts, factors and gases follow from its match; ``plan.csv`` of the evidence lists the matches.

    Raises:
        GhgError: the file exists.
        MachineError: it cannot be written.
    """
    if _exists(path):
        raise GhgError(f"{path} exists: name another file for the ledger.")
    text = f'SELECT file, line, id, "match" FROM ({ledger.posted(run.plan.columns)}) WHERE "match" >= 0'
    parts = [scans.posted_rows(run.engine, number, found, run.plan) for number, found in enumerate(run.scans)]
    try:
        with steps("writing the ledger", run.balance.posted, "rows", run.engine.share):
            made = run.engine.copied(" UNION ALL ".join([text, *parts]), "ledger.parquet")
    except run.engine.error as error:
        if type(error).__name__ == "InterruptException":
            raise
        said = str(error).splitlines()[0]
        raise MachineError(f"cannot write {path}: {said}. Nothing was left behind.") from error
    with _placing(path) as beside, made.open("rb") as source, beside.open("wb") as target:
        shutil.copyfileobj(source, target)
        target.flush()
        os.fsync(target.fileno())
    return path
