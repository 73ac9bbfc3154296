from __future__ import annotations

import json
from pathlib import Path

import pytest

from ghg import cli
from tests.instruments.small import write


@pytest.mark.parametrize("form", ["text", "csv", "json"])
def test_instruments_are_listed_in_every_form(tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, [{}], [{}])
    with pytest.raises(SystemExit) as stopped:
        cli.main(["instruments", str(path), "--format", form])
    said = capsys.readouterr().out
    assert stopped.value.code == 0
    assert "meets all" in said
    if form == "json":
        assert json.loads(said)["title"] == "Contractual instruments, annual matching"
