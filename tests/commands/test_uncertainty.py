from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from ghg import cli
from ghg.reports.uncertainty import UncertaintyDocument

SCENARIO = "scenarios/kingsoft-cloud/2024.yaml"
KNOWN, ASSUMED = (f"scenarios/kingsoft-cloud/uncertainty/{name}.yaml" for name in ("known", "assumed"))
GRID_2023 = "cn-mee-2022:national=0.5306 kg/kWh"


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["uncertainty", SCENARIO, *arguments])
    out, err = capsys.readouterr()
    assert stopped.value.code == code, out + err
    return out + err


def test_what_is_known_is_said_and_the_rest_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys, "--policy", KNOWN, "--approach", "1")
    words = " ".join(out.split())
    # Half a unit of the fourth decimal of 0.5366 kg/kWh, uniform: 95 % of ± 5.37 t.
    assert "scope2 57,639.35 57,634.25 57,644.45 -0.0 % +0.0 % 100 %" in words
    assert "scope3 187,220.37 – – – – 0 %" in words
    assert "NOT COVERED" in out


def test_a_scenario_without_a_policy_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert "give the inventory a section 'uncertainty'" in said(capsys, code=2)


def test_the_document_is_that_of_the_schema_and_the_same_for_any_threads(capsys: pytest.CaptureFixture[str]) -> None:
    wanted = ("--policy", ASSUMED, "--set", GRID_2023, "--format", "json", "--draws", "500", "--seed", "3")
    one, other = (said(capsys, *wanted, "--threads", threads) for threads in ("1", "3"))
    assert one == other
    found = UncertaintyDocument.model_validate(json.loads(one))
    assert (found.draws, found.seed, found.level) == (500, 3, "95")
    change = next(interval for interval in found.change if interval.figure == "scope2")
    assert change.value == "-644.49516"
    assert change.lower < -644 < change.upper
    assert "scope3" in found.without


def test_tables(capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(csv.DictReader(io.StringIO(said(capsys, "--policy", KNOWN, "--approach", "1", "--format", "csv"))))
    assert float(rows[1]["lower"]) < float(rows[1]["value"]) < float(rows[1]["upper"])
    behind = said(capsys, "--policy", KNOWN, "--approach", "1", "--format", "csv", "--all")
    shares = [float(row["share"]) for row in csv.DictReader(io.StringIO(behind)) if row["figure"] == "scope1"]
    assert sum(shares) == pytest.approx(1)


def test_the_picture_holds_every_interval(capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys, "--policy", KNOWN, "--approach", "1", "--format", "svg")
    assert out.startswith("<svg")
    assert "57,639.35 [57,634.25, 57,644.45]" in out
    assert "scope3.1" in out


def test_a_policy_file_is_read_strictly(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policy.yaml").write_text("rows: shared\nfactors:\n  - {spread: 5 %, why: stated}\n", encoding="utf-8")
    out = said(capsys, "--policy", "policy.yaml", code=2)
    assert "policy.yaml:3:" in out
    assert "is no statement of uncertainty" in out
    assert "is not an assignment" in said(capsys, "--policy", KNOWN, "--set", "0.45", code=2)
