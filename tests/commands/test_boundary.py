from __future__ import annotations

from pathlib import Path

import pytest

from ghg import cli
from tests.boundary.small import write


def test_the_boundary_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, [{}], [{"entity": "North"}])
    with pytest.raises(SystemExit) as stopped:
        cli.main(["boundary", str(path)])
    assert stopped.value.code == 0
    assert "consolidates by equity share" in capsys.readouterr().out
