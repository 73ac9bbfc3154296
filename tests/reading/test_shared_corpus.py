"""The shared corpus of bad inputs, where it lies beside the project: every table of it through the command line."""

from __future__ import annotations

import base64
import importlib.util
import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.reading.harness import COLUMNS, run, write_inventory

SHARED = Path(__file__).parents[3] / "shared" / "bad-inputs"
WORDS = {"electricity": "purchased_electricity", "diesel": "diesel_stationary"}
"""The corpus' words for activities in the words of the chart of accounts."""
GROUPS = ("CSV", "NUM", "DATE", "XLSX", "OUT")
OTHERWISE = {
    "NUM-13": "a reversal is declared in the column 'entry', not by the id it reverses",
    "NUM-29": "digits finer than the quantum are rounded to it, with a note",
    "OUT-09": "the generated row names an activity that is not in the chart of accounts",
}
"""Cases that come out otherwise, and why."""


def cases() -> list[dict[str, Any]]:
    path = SHARED / "bad_inputs.json"
    found = json.loads(path.read_text(encoding="utf-8"))["cases"] if path.exists() else []
    return [case for case in found if case["group"] in GROUPS and case["id"] not in OTHERWISE]


def write(case: dict[str, Any], folder: Path) -> list[str]:
    """The files of a case, with the project's words for activities."""
    spec = importlib.util.spec_from_file_location("materialize", SHARED / "materialize_bad_inputs.py")
    assert spec
    assert spec.loader
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    for file in case["files"]:
        path = folder / file["name"]
        if "gen" in file:
            text = json.dumps(file["gen"])
            for word, ours in WORDS.items():
                text = text.replace(f'"{word}"', f'"{ours}"').replace(f",{word},", f",{ours},")
            maker.generate(path, json.loads(text))
        else:
            content = base64.b64decode(file["b64"]) if "b64" in file else file["text"].encode()
            for word, ours in WORDS.items():
                content = re.sub(rb'(?<=[,;\t"])%s(?=[,;\t"])' % word.encode(), ours.encode(), content)
            path.write_bytes(content)
    return [file["name"] for file in case["files"]]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["id"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_case(case: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tables = write(case, tmp_path)
    header = str(case["files"][0].get("text") or "").splitlines()[:1]
    has_days = bool(header) and "start" in header[0]
    columns = {"amount": "quantity"} if has_days else COLUMNS
    reading: dict[str, Any] = {"columns": columns, "ignore": ["meter", "reverses"]}
    outcome = run(write_inventory(tmp_path, tables, reading), capsys, "--incomplete")
    expected = case["expect"]
    assert outcome.code in (0, 2), outcome.err
    if expected["outcome"] == "accept":
        assert (outcome.code, outcome.total) == (0, Fraction(expected["total_kg"]))
        assert len(set(outcome.notes) - {"factor-unused"}) >= len(expected.get("warnings", []))
    else:
        assert outcome.code == 2
        assert outcome.rules
    if expected["outcome"] == "quarantine":
        assert outcome.is_incomplete
        assert (outcome.total or 0) == Fraction(expected["total_kg"])
        assert {line for _, line in outcome.places} == set(expected["bad_rows"])
    if expected["outcome"] in ("ask", "reject"):
        assert outcome.out == ""
    if "when_declared" in case:
        declared = reading | case["when_declared"]["declared"]
        outcome = run(write_inventory(tmp_path, tables, declared), capsys)
        assert (outcome.code, outcome.total) == (0, Fraction(case["when_declared"]["total_kg"]))
