"""The evidence of a run verified: its own files, the inputs it names, and the run computed again from them.

Three questions, each answered by itself. Is the folder what was written? Are the inputs those that were read? Do they
still give these documents, byte for byte? Nothing is written.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any, Literal

from ghg import __version__, bundle
from ghg.engines.server import is_on_server
from ghg.evidence import FRAME, INPUTS, SUMS, contents, digested, sealed
from ghg.inventory import read_inventory
from ghg.issues import GhgError, MachineError
from ghg.reports.csv import GUARDED
from ghg.runs import Asked, run_file

Part = Literal["file", "input", "document", "figure", "line"]
Status = Literal["unchanged", "changed", "missing", "added", "not checked"]
LINE = re.compile(r"([0-9a-f]{64})  ([^/\\\n]+)\n")
MARKS = (SUMS, "run.json", "kernel.sql")
"""Files by which a folder is known as evidence, so that one of them may be missing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing compared.

    Attributes:
        part: ``file`` of the folder, ``input`` of the run, ``document`` computed again, or one ``figure`` or ``line``
            that differs in a document.
        name: which one.
        status: what came of it.
        before: as recorded: a SHA-256, a value with its unit, or a line.
        now: as found.
    """

    part: Part
    name: str
    status: Status
    before: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of a folder.

    Attributes:
        folder: the folder, as named.
        inventory: the inventory, as the run named it; blank where the folder does not say.
        seal: SHA-256 of the folder's list of checksums; a copy kept elsewhere shows whether the folder was rewritten.
        findings: everything compared.
        notes: why something was not checked, and what else a reader has to know.
    """

    folder: str
    inventory: str
    seal: str
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]

    @property
    def verified(self) -> bool:
        """Whether everything was compared and nothing differs."""
        return all(found.status == "unchanged" for found in self.findings)


def verify(folder: str | Path, inventory: str | Path | None = None) -> Verification:
    """Hold the evidence of a run to its checksums, to its inputs, and to a run of today.

    Args:
        folder: what ``ghg run --out`` wrote.
        inventory: where the inventory is now, if not where it was; its file name is the same.

    Raises:
        GhgError: the folder is no evidence, or the inventory has another name.
        MachineError: a file cannot be read.
    """
    place = Path(folder)
    if not any((place / name).is_file() for name in MARKS):
        raise GhgError(f"{folder} is not the evidence of a run: name a folder that 'ghg run --out' wrote.")
    held = {path.name: _bytes(path) for path in sorted(place.iterdir())}
    rows = _inputs(held.get("inputs.csv"))
    named = rows[0]["named"] if rows else ""
    at = Path(inventory) if inventory is not None else Path(named)
    if rows and at.name != Path(named).name:
        raise GhgError(f"the run was made from {named}: --inventory has to name a file called {Path(named).name}.")
    notes: list[str] = []
    documents, why = _again(held, rows, at, named)
    inputs = _compared_inputs(rows, bundle.find(at)[0].parent, documents)
    again = [*_documents(held, documents), *_figures(held, documents)]
    notes += [why] if why else []
    if bundle.find(at)[1]:
        notes.append(f"{at} is not in this directory: the scenario shipped with ghg {__version__} was used.")
    return Verification(
        str(folder), named, hashlib.sha256(held.get(SUMS) or b"").hexdigest() if SUMS in held else "",
        (*_files(held), *inputs, *again), (*notes, *_version(held)),
    )  # fmt: skip


def _bytes(path: Path) -> bytes | None:
    """What a file of the folder holds; none where it is no file."""
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError as error:
        raise MachineError(f"cannot read {path}: {error.strerror}.") from error


def _files(held: Mapping[str, bytes | None]) -> Iterator[Finding]:
    """The folder held to its own list; a list with a broken seal proves nothing of the others."""
    text = (held.get(SUMS) or b"").decode("utf-8", "replace")
    listed = {name: checksum for checksum, name in LINE.findall(text)}
    others = sorted({*listed, *held} - {SUMS})
    if text != sealed(listed):
        yield Finding("file", SUMS, "changed" if SUMS in held else "missing")
        yield from (Finding("file", name, "not checked") for name in others)
        return
    yield Finding("file", SUMS, "unchanged")
    for name in others:
        content = held.get(name)
        before, now = listed.get(name, ""), hashlib.sha256(content).hexdigest() if content is not None else ""
        status: Status = "added" if not before else "missing" if name not in held else "changed"
        yield Finding("file", name, "unchanged" if before and before == now else status, before, now)


def _inputs(content: bytes | None) -> list[dict[str, str]]:
    """The rows of ``inputs.csv``; none where it cannot be read, which the checksums then say."""
    try:
        reader = csv.DictReader(io.StringIO((content or b"").decode()), strict=True)
        rows = list(reader)
    except (UnicodeDecodeError, csv.Error):
        return []
    if tuple(reader.fieldnames or ()) != INPUTS or any(None in row or None in row.values() for row in rows):
        return []
    return [{name: _plain(cell) for name, cell in row.items()} for row in rows]


def _plain(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from running it."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(GUARDED) else cell


def _compared_inputs(
    rows: Sequence[Mapping[str, str]], folder: Path, documents: Mapping[str, str]
) -> Iterator[Finding]:  # fmt: skip
    """The inputs beside their checksums; a table on a server beside that of the run of today."""
    today = {row["file"]: row["sha256"] for row in _inputs(documents.get("inputs.csv", "").encode())}
    for row in rows:
        if row["file"].startswith(FRAME):
            yield Finding("input", row["file"], "not checked")
            continue
        if is_on_server(row["file"]):
            now = today.get(row["file"], "")
            status: Status = "unchanged" if now == row["sha256"] else "changed" if now else "not checked"
            yield Finding("input", row["file"], status, row["sha256"], now)
            continue
        path = folder / row["file"]
        try:
            is_there = path.is_file() and path.resolve().is_relative_to(folder.resolve())
            now = digested(path) if is_there else ""
        except (OSError, ValueError):
            now = ""
        status = "unchanged" if now == row["sha256"] else "changed" if now else "missing"
        yield Finding("input", row["file"], status, row["sha256"], now)


def _again(
    held: Mapping[str, bytes | None], rows: Sequence[Mapping[str, str]], at: Path, named: str
) -> tuple[dict[str, str], str]:
    """The documents computed again from the inputs, or why they cannot be."""
    if not rows:
        return {}, "Not computed again: inputs.csv names no inventory; a run over frames has none."
    if _document(held).get("changes"):
        return {}, "Not computed again: the run is a what-if, and its questions are no inputs of the folder."
    if any(row["file"].startswith(FRAME) for row in rows):
        return {}, "Not computed again: the activity data were a frame of the program that ran, which is no file."
    if not bundle.find(at)[0].is_file():
        return {}, (f"Not computed again: {at} is not here. Start where the run was started, "
                    "or name the inventory with --inventory.")  # fmt: skip
    try:
        made = run_file(read_inventory(at, named), Asked(incomplete=True))
        try:
            return contents(made), ""
        finally:
            made.close()
    except MachineError:
        raise
    except GhgError as error:
        return {}, f"Not computed again: the inputs are refused now.\n{error}"


def _documents(held: Mapping[str, bytes | None], documents: Mapping[str, str]) -> Iterator[Finding]:
    """The documents of the folder beside those computed again; the first line that differs of each."""
    if not documents:
        yield Finding("document", "all", "not checked")
    for name, text in sorted(documents.items()):
        content, again = held.get(name), text.encode()
        if content is None:
            yield Finding("document", name, "missing", "", hashlib.sha256(again).hexdigest())
            continue
        status: Status = "unchanged" if content == again else "changed"
        yield Finding("document", name, status, *(hashlib.sha256(one).hexdigest() for one in (content, again)))
        pairs = zip_longest(content.decode("utf-8", "replace").split("\n"), text.split("\n"), fillvalue="")
        first = next(((number, *pair) for number, pair in enumerate(pairs, 1) if pair[0] != pair[1]), None)
        if first:
            yield Finding("line", f"{name}:{first[0]}", "changed", *first[1:])


def _figures(held: Mapping[str, bytes | None], documents: Mapping[str, str]) -> Iterator[Finding]:
    """The figures and intensities that are no longer what they were, and the digest over all of them."""
    if "run.json" not in documents:
        return
    before, now = _values(_document(held)), _values(json.loads(documents["run.json"]))
    for name in {**now, **before}:
        if before.get(name) != now.get(name):
            yield Finding("figure", name, "changed", before.get(name, "none"), now.get(name, "none"))


def _values(document: Mapping[str, Any]) -> dict[str, str]:
    """Figures, intensities and the digest of a result, by name; empty where the document is damaged."""
    try:
        return {
            **{one["figure"]: f"{one['value']} {one['unit']}" for one in document["figures"]},
            **{f"{one['numerator']}/{one['denominator']}": f"{one['value']} {one['unit']}"
               for one in document["intensities"]},
            "digest": str(document["digest"]),
        }  # fmt: skip
    except (KeyError, TypeError):
        return {}


def _document(held: Mapping[str, bytes | None]) -> dict[str, Any]:
    """The result of the folder; empty where it cannot be read, which the checksums then say."""
    try:
        found = json.loads(held.get("run.json") or b"")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _version(held: Mapping[str, bytes | None]) -> Iterator[str]:
    """That another version wrote the folder."""
    written = _document(held).get("engine", "")
    if written and written != f"ghg {__version__}":
        yield f"The folder was written by {written}; this is ghg {__version__}."
