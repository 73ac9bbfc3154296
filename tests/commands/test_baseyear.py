from __future__ import annotations

import csv
import io
import json

import pytest

from ghg import cli
from ghg.reports.baseyear import BaseYearDocument, TargetsDocument

SCENARIO = "scenarios/kingsoft-cloud"


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    with pytest.raises(SystemExit) as stopped:
        cli.main(list(arguments))
    out, err = capsys.readouterr()
    assert stopped.value.code == code, out + err
    return out + err


def test_the_shipped_base_year_says_what_the_factor_did(capsys: pytest.CaptureFixture[str]) -> None:
    file = f"{SCENARIO}/base-year.yaml"
    words = " ".join(said(capsys, "base-year", file).split())
    assert (
        "electricity-factor 2024-01-01 method scope1+2 -14,931.11 -25.30 % -25.30 % significant: recalculated" in words
    )
    found = BaseYearDocument.model_validate(json.loads(said(capsys, "base-year", file, "--format", "json")))
    assert {event.event: event.decision for event in found.events} == {
        "electricity-factor": "recalculate", "servers-in-tianjin": "never", "upstream-leased-assets": "unknown",
    }  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(said(capsys, "base-year", file, "--format", "csv"))))
    assert rows[0]["year"] == "2023"
    assert float(rows[0]["recalculated"]) < float(rows[0]["reported"])
    assert "names no inventory of 2025" in said(capsys, "base-year", file, "--year", "2025", code=2)


def test_the_shipped_targets_say_what_cannot_be_assessed(capsys: pytest.CaptureFixture[str]) -> None:
    file = f"{SCENARIO}/targets.yaml"
    words = " ".join(said(capsys, "targets", file).split())
    assert "2024 57,696.50 56,529.56 1,166.94 7.56 % above the path" in words
    assert "carbon neutrality across operation by 2050" in words
    assert "no base year is stated" in words
    found = TargetsDocument.model_validate(json.loads(said(capsys, "targets", file, "--format", "json")))
    assert [target.goal is None for target in found.targets] == [True, False, False, False]
    assert [limit.met for limit in found.limits if limit.year == "2024"] == [False, True, True, True]
    assert "near-term-1.5c,2024" in said(capsys, "targets", file, "--format", "csv")
