"""The shared corpus of bad inputs, where it lies beside the project: every table of it through the command line."""

from __future__ import annotations

import base64
import csv
import importlib.util
import io
import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from ghg import cli
from ghg.documents import read_document
from tests.reading.harness import COLUMNS, FILL, factors, run, write_inventory

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
"""Cases that come out otherwise, and why; each is tried below in the form it has here."""
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


AS_TEXT = {"CFG-03": (("sites", 0, "meter"), "0123"), "CFG-15": (("note",), "${HOME}")}
"""Inventories with a value that other readers turn into something else: where it stands, and what it stays."""


@pytest.mark.parametrize("case", [case for case in everything() if case["id"] in AS_TEXT], ids=lambda case: case["id"])
def test_a_value_of_an_inventory_stays_the_text_it_is(case: dict[str, Any], tmp_path: Path) -> None:
    write(case, tmp_path)
    place, text = AS_TEXT[case["id"]]
    found: Any = read_document(tmp_path / "inventory.yaml", "inventory.yaml").tree
    for step in place:
        found = found[step]
    assert found == text


@pytest.mark.parametrize("case", [case for case in everything() if case["id"] == "CFG-19"], ids=lambda case: case["id"])
def test_two_factors_for_one_row_are_refused(
    case: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The corpus' factors, in the columns of an own table."""
    write(case, tmp_path)
    stated = list(csv.DictReader(io.StringIO(case["files"][0]["text"])))
    reading = {"columns": COLUMNS, "fill": FILL | {"item": "own.diesel"}}
    inventory = write_inventory(tmp_path, ["activity.csv"], reading)
    line = next(line for line in factors().splitlines() if line.startswith("made-up:diesel by litre"))
    rows = [
        line.replace("made-up:diesel by litre", f"made-up:{n}").replace(",2.5,", f",{row['kg_CO2e_per_unit']},")
        for n, row in enumerate(stated)
    ]
    (tmp_path / "factors.csv").write_text("\n".join([factors().splitlines()[0], *rows, ""]), encoding="utf-8")
    outcome = run(inventory, capsys)
    assert (outcome.code, outcome.out, outcome.rules) == (2, "", ["factor-ambiguous"])
    assert all(f"'made-up:{n}'" in outcome.err for n in range(len(stated)))


ROW = "id,site,date,activity,quantity,unit,entry\n1,A,2025-01-15,purchased_electricity,100,kWh,\n"


def test_a_reversal_counts_once_its_entry_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """NUM-13: a negative amount by itself is as often a sign that slipped, so the row says what it is."""
    for entry, code in (("", 2), ("correction", 0)):
        text = f"{ROW}2,A,2025-01-20,purchased_electricity,-100,kWh,{entry}\n"
        (tmp_path / "activity.csv").write_text(text, encoding="utf-8")
        outcome = run(write_inventory(tmp_path, ["activity.csv"]), capsys)
        assert (outcome.code, outcome.rules) == (code, ["number-negative"] if code else [])
        assert code or outcome.total == 0


def test_digits_beyond_the_quantum_are_told_and_their_text_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """NUM-29: exact integer sums have nine decimals at most; what is rounded away is below a millionth of the unit."""
    text = ROW.replace(",100,", ",0.1234567890123456789,")
    (tmp_path / "activity.csv").write_text(text, encoding="utf-8")
    for quantum, total in (("0.000001", "0.0617285"), ("0.000000001", "0.0617283945")):
        inventory = write_inventory(tmp_path, ["activity.csv"], quantum=quantum)
        outcome = run(inventory, capsys)
        assert (outcome.code, outcome.total) == (0, Fraction(total))
        assert "number-quantised" in outcome.notes
    assert cli._main(["explain", str(inventory), "scope2"]) == 0
    assert "0.1234567890123456789 kWh" in capsys.readouterr().out


@pytest.mark.parametrize("unit", ["kgC/kWh", "kg C/kWh"])
def test_a_factor_per_mass_of_carbon_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], unit: str) -> None:
    """UNIT-11: neither a header of another table nor a unit of carbon is taken for CO2."""
    (tmp_path / "activity.csv").write_text(ROW, encoding="utf-8")
    inventory = write_inventory(tmp_path, ["activity.csv"])
    (tmp_path / "factors.csv").write_text("activity,unit,kg_C_per_unit\ndiesel,L,0.68\n", encoding="utf-8")
    outcome = run(inventory, capsys)
    assert (outcome.code, outcome.out, outcome.rules) == (2, "", ["column-missing", "column-unknown"])
    (tmp_path / "factors.csv").write_text(factors().replace("kg/kWh", unit, 1), encoding="utf-8")
    outcome = run(inventory, capsys)
    assert (outcome.code, outcome.out) == (2, "")
    assert unit.split("/", maxsplit=1)[0] in outcome.err


def test_certificates_beyond_the_consumption_cover_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """LED-13: companies retire round numbers; the market-based figure is never negative, and the rest is told."""
    (tmp_path / "activity.csv").write_text(ROW, encoding="utf-8")
    (tmp_path / "certificates.csv").write_text(
        "id,kind,amount,unit,market,vintage_start,vintage_end,issued,retired,registry,tracking_id,beneficiary,"
        "attributes,emission_rate,rate_unit,rate_gas,rate_gwp_set,source,locator\n"
        "1,rego,150,kWh,GB,2025-01-01,2025-12-31,2025-06-01,2025-06-30,register,1-150,Acme,conveyed,0,kg/kWh,CO2e,AR5,"
        "made-up,none\n",
        encoding="utf-8",
    )
    instruments = {"tables": ["certificates.csv"], "matching": "annual"}
    inventory = write_inventory(tmp_path, ["activity.csv"], instruments=instruments, books=["location", "market"])
    outcome = run(inventory, capsys)
    assert (outcome.code, "instrument-unused" in outcome.notes) == (0, True)
    assert cli._main(["run", str(inventory), "--format", "json"]) == 0
    document = capsys.readouterr().out
    figures = {found["figure"]: found["value"] for found in json.loads(document)["figures"]}
    assert (figures["scope2"], figures["scope2_market"]) == ("0.05", "0")
    assert "0.0500 MWh of the instrument '1' cover nothing" in document


def test_a_factor_older_than_the_activity_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """LED-15: passed over where the ladder does not allow it, and told where it does."""
    (tmp_path / "activity.csv").write_text(ROW, encoding="utf-8")
    text = factors().replace("2025-01-01,2025-12-31", "2021-01-01,2021-12-31")
    for years, code in ((0, 2), (4, 0)):
        ladder = {"regions": ["exact", "parent", "world"], "max_age_years": years}
        inventory = write_inventory(tmp_path, ["activity.csv"], ladder=ladder)
        (tmp_path / "factors.csv").write_text(text, encoding="utf-8")
        outcome = run(inventory, capsys)
        assert (outcome.code, outcome.rules) == (code, ["factor-missing"] if code else [])
    assert (outcome.total, "factor-older" in outcome.notes) == (Fraction(50), True)
