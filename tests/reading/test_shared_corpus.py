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

from tests.reading.harness import COLUMNS, FILL, run, write_inventory

SHARED = Path(__file__).parents[3] / "shared" / "bad-inputs"
WORDS = {
    "electricity": ("purchased_electricity", "none"), "diesel": ("stationary_fuel", "own.diesel"),
    "natural_gas": ("stationary_fuel", "own.natural_gas"), "coal": ("stationary_fuel", "own.coal"),
    "road_freight": ("upstream_transport", "own.road_freight"),
}  # fmt: skip
"""The corpus' words for activities in the words of the chart of accounts: activity and item."""
GROUPS = ("CSV", "NUM", "DATE", "XLSX", "OUT", "UNIT", "LED")
OTHERWISE = {
    "NUM-13": "a reversal is declared in the column 'entry', not by the id it reverses",
    "NUM-29": "digits finer than the quantum, of nine decimals at most, are rounded to it, with a note",
    "UNIT-11": "an own factor table has other columns; in it 'kgC' and the gas 'C' are refused",
    "LED-13": "instruments have a table of their own; what exceeds the consumption covers nothing, with a note",
    "LED-15": "an own factor table has other columns; a factor beyond 'max_age_years' is passed over, and said so",
}
"""Cases that come out otherwise, and why."""
FILES = {
    "CFG-01": ("yaml-refused", "first on line 2"), "CFG-05": ("yaml-refused", "anchor or alias"),
    "CFG-07": ("yaml-syntax", ":2: column 1: a tab"), "CFG-09": ("yaml-syntax", "nesting"),
    "CFG-11": ("field-invalid", "ownership"), "CFG-13": ("field-invalid", "include"),
    "CFG-17": ("field-invalid", "entities"), "CFG-21": ("limit-size", "100,000,000"),
}  # fmt: skip
"""Inventories that are refused as they stand, with the rule and what the message says; fields have other names here."""


def everything() -> list[dict[str, Any]]:
    path = SHARED / "bad_inputs.json"
    return json.loads(path.read_text(encoding="utf-8"))["cases"] if path.exists() else []


def cases() -> list[dict[str, Any]]:
    return [case for case in everything() if case["group"] in GROUPS and case["id"] not in OTHERWISE]


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
            for word, (ours, _) in WORDS.items():
                text = text.replace(f'"{word}"', f'"{ours}"').replace(f",{word},", f",{ours},")
            maker.generate(path, json.loads(text))
            if file["gen"]["kind"] == "csv_longnote":  # writes the word itself
                path.write_bytes(path.read_bytes().replace(b",electricity,", b",purchased_electricity,"))
        else:
            content = base64.b64decode(file["b64"]) if "b64" in file else file["text"].encode()
            for word, (ours, _) in WORDS.items():
                content = re.sub(rb'(?<=[,;\t"])%s(?=[,;\t"])' % word.encode(), ours.encode(), content)
            path.write_bytes(content)
    return [file["name"] for file in case["files"]]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["id"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_case(case: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tables = [name for name in write(case, tmp_path) if name.startswith(("activity", "jan"))]
    header = str(case["files"][0].get("text") or "").splitlines()[:1]
    names = header[0].split(",") if header else []
    columns = {"amount": "quantity"} if "start" in names else dict(COLUMNS)
    columns |= {"region": "country"} if "country" in names else {}
    stated = json.dumps(case["files"])
    item = next((item for word, (_, item) in WORDS.items() if f",{word}," in stated), "none")
    fill = {name: word for name, word in FILL.items() if name not in columns} | {"item": item}
    reading: dict[str, Any] = {"columns": columns, "fill": fill, "ignore": ["meter", "reverses"]}
    expected = case["expect"]
    # Rows are left out where the user allows it; a question is answered first.
    allowed = ["--incomplete"] if expected["outcome"] == "quarantine" else []
    outcome = run(write_inventory(tmp_path, tables, reading), capsys, *allowed)
    assert outcome.code in (0, 2), outcome.err
    if expected["outcome"] == "accept":
        assert outcome.code == 0, outcome.err
        assert outcome.total == Fraction(expected.get("total_kg", outcome.total))
        assert len(set(outcome.notes) - {"factor-unused", "energy-not-counted"}) >= len(expected.get("warnings", []))
    else:
        assert outcome.code == 2
        assert outcome.rules
    if expected["outcome"] == "quarantine":
        assert outcome.is_incomplete
        assert (outcome.total or 0) == Fraction(expected["total_kg"])
        assert not expected.get("bad_rows") or {line for _, line in outcome.places} == set(expected["bad_rows"])
    if expected["outcome"] in ("ask", "reject"):
        assert outcome.out == ""
    if "when_declared" in case:
        declared = reading | case["when_declared"]["declared"]
        outcome = run(write_inventory(tmp_path, tables, declared), capsys)
        assert (outcome.code, outcome.total) == (0, Fraction(case["when_declared"]["total_kg"]))


@pytest.mark.parametrize("case", [case for case in everything() if case["id"] in FILES], ids=lambda case: case["id"])
def test_an_inventory_is_refused_with_its_place(
    case: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(case, tmp_path)
    outcome = run(tmp_path / "inventory.yaml", capsys)
    rule, says = FILES[case["id"]]
    assert (outcome.code, outcome.out) == (2, "")
    assert rule in outcome.rules
    assert says in outcome.err
    assert "root:" not in outcome.err
