from __future__ import annotations

import json
from pathlib import Path

import pytest

from ghg import cli
from ghg.reports.verification import VerificationDocument


def test_the_command_verifies_and_names_what_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli._main(["run", "scenarios/kingsoft-cloud/2024.yaml", "--out", "made"]) == 0
    assert cli._main(["verify", "made"]) == 0
    assert "made: verified." in capsys.readouterr().out
    (tmp_path / "made" / "figures.csv").write_text("nothing\n", encoding="utf-8")
    assert cli._main(["verify", "made"]) == 1
    out = capsys.readouterr().out
    assert "made: NOT VERIFIED." in out
    assert "changed     figures.csv:1" in out
    assert cli._main(["verify", "made", "--format", "json"]) == 1
    assert not VerificationDocument.model_validate(json.loads(capsys.readouterr().out)).verified
    assert cli._main(["verify", "made", "--format", "csv"]) == 1
    assert "document,figures.csv,changed," in capsys.readouterr().out
    assert cli._main(["verify", "nothing"]) == 2
    assert "is not the evidence of a run" in capsys.readouterr().err
