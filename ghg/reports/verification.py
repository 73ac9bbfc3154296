"""Renderings of a verification: text, CSV and the JSON document."""

from __future__ import annotations

from collections import Counter
from itertools import takewhile
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from ghg.reports import csv

if TYPE_CHECKING:
    from ghg.verification import Finding, Verification

COLUMNS = ("part", "name", "status", "before", "now")
PARTS = {
    "file": "files of the folder", "input": "inputs", "document": "documents computed again",
    "figure": "figures", "line": "first line that differs",
}  # fmt: skip
FIRST = 20
"""How many differences of a part the text shows; CSV and JSON have all."""


BEFORE_IT, LONGEST = 40, 100
"""Characters of a long line that the text shows: in front of the first difference, and in all."""


class FindingOfEvidence(BaseModel):
    """One thing compared."""

    model_config = ConfigDict(frozen=True)
    part: Literal["file", "input", "document", "figure", "line"]
    name: str
    status: Literal["unchanged", "changed", "missing", "added", "not checked"]
    before: str = Field(description="as recorded: a SHA-256, a value with its unit, or a line")
    now: str = Field(description="as found")


class VerificationDocument(BaseModel):
    """The evidence of a run held to its checksums, its inputs and a run of today."""

    model_config = ConfigDict(frozen=True)
    evidence: str
    inventory: str = Field(description="as the run named it; blank where the folder does not say")
    verified: bool = Field(description="whether everything was compared and nothing differs")
    seal: str = Field(description="SHA-256 of the folder's list of checksums; blank where there is none")
    findings: list[FindingOfEvidence] = Field(description="all that was compared; figures and lines that differ")
    notes: list[str]


def document(found: Verification) -> VerificationDocument:
    """A verification as its document."""
    findings = [
        FindingOfEvidence(part=one.part, name=one.name, status=one.status, before=one.before, now=one.now)
        for one in found.findings
    ]
    return VerificationDocument(
        evidence=found.folder, inventory=found.inventory, verified=found.verified, seal=found.seal, findings=findings,
        notes=list(found.notes),
    )  # fmt: skip


def table(found: Verification) -> str:
    """A verification as CSV, one finding a row."""
    return csv.table(COLUMNS, ([getattr(one, name) for name in COLUMNS] for one in found.findings))


def text(found: Verification) -> str:
    """A verification for reading: how much is unchanged, and each difference."""
    lines = [f"Evidence {found.folder}: {'verified' if found.verified else 'NOT VERIFIED'}.", ""]
    for part, title in PARTS.items():
        findings = [one for one in found.findings if one.part == part]
        wrong = [one for one in findings if one.status != "unchanged"]
        if part in ("file", "input", "document"):
            lines.append(f"{title:26}{_counted(findings)}")
        elif wrong:
            lines.append(title)
        lines += [line for one in wrong[:FIRST] for line in _shown(one)]
        if len(wrong) > FIRST:
            lines.append(f"  … and {len(wrong) - FIRST} more: --format csv lists all")
    lines += ["", f"seal  {found.seal or 'none'}", *(f"· {note}" for note in found.notes)]
    return "\n".join(lines)


def _counted(findings: list[Finding]) -> str:
    """How many there are of each status."""
    counts = Counter(one.status for one in findings)
    return ", ".join(f"{count} {status}" for status, count in counts.items()) or "none"


def _shown(one: Finding) -> list[str]:
    """A difference; a figure or a line with what it was and is."""
    head = f"  {one.status:12}{_visible(one.name)}"
    if one.part in ("figure", "line"):
        same = max(_shared(one.before, one.now) - BEFORE_IT, 0)
        before, now = (_visible(cell[same : same + LONGEST]) for cell in (one.before, one.now))
        return [head, f"    before  {before}", f"    now     {now}"]
    return [head]


def _shared(before: str, now: str) -> int:
    """How many characters two texts begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, now, strict=False)))


def _visible(cell: str) -> str:
    """Text that a terminal shows and does not obey, whatever stands in a damaged file."""
    return "".join(mark if mark.isprintable() else "\N{REPLACEMENT CHARACTER}" for mark in cell.strip())


DOCUMENTS: dict[str, type[BaseModel]] = {"verify": VerificationDocument}
"""Every document of the family by the command that prints it."""
