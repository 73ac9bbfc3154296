"""The shipped scenario, checked or changed, for tests."""

from __future__ import annotations

import shutil
from pathlib import Path

import ghg
from ghg import bundle
from ghg.check import Check, Finding


def checked(year: str) -> Check:
    return ghg.run(f"scenarios/kingsoft-cloud/{year}.yaml").check()


def finding(check: Check, figure: str) -> Finding:
    [found] = [found for found in check.findings if found.published.figure == figure]
    return found


def edited(folder: Path, old: str, new: str, file: str = "published.csv") -> Path:
    """A copy of the scenario with one text replaced."""
    copy = folder / "kingsoft-cloud"
    shutil.copytree(bundle.folder("scenarios") / "kingsoft-cloud", copy)
    text = (copy / file).read_text(encoding="utf-8")
    assert text.count(old) >= 1
    (copy / file).write_text(text.replace(old, new), encoding="utf-8")
    return copy / "2024.yaml"
