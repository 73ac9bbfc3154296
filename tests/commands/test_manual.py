from __future__ import annotations

import pytest

from ghg import cli


def test_a_rule_is_explained_and_an_unknown_one_suggests(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli._main(["explain-error", "DATE_IS_SERIAL"]) == 0
    assert "excel-1904" in capsys.readouterr().out
    assert cli._main(["explain-error"]) == 0
    assert "number-ambiguous" in capsys.readouterr().out
    assert cli._main(["explain-error", "number-ambigous"]) == 2
    assert "Did you mean 'number-ambiguous'" in capsys.readouterr().err
