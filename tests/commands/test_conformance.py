from __future__ import annotations

import pytest

from ghg import cli


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        cli.main(["conformance", *arguments])
    out, err = capsys.readouterr()
    return int(caught.value.code or 0), out, err


def test_an_engine_that_is_not_known_is_refused_with_the_names(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = said(capsys, "atomic6")
    assert code == 2
    assert "Did you mean 'atomic6ghg'" in err


def test_an_engine_that_is_not_installed_says_what_to_install(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ghg.conformance.engine.version", absent)
    code, _, err = said(capsys, "carboncalc")
    assert code == 2
    assert "carboncalc is not installed: run 'pip install carboncalc'" in err


def absent(name: str) -> str:
    from importlib.metadata import PackageNotFoundError

    raise PackageNotFoundError(name)


def test_ghg_keeps_the_suite(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "--examples", "1")
    assert code == 0
    assert "additivity" in out
    assert "0 broken" in out
