"""Options: none is passed over in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from ghg import cli

ROOT = Path(__file__).parent.parent.parent
Captured = pytest.CaptureFixture[str]
SCENARIO = "scenarios/kingsoft-cloud/2024.yaml"
NATIONAL = "cn-mee-2022:national"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["what-if", SCENARIO, "--gwp", "AR6", "--gwp", "AR4"], "--gwp is given twice"),
        (["run", SCENARIO, "--by", "scope", "--by=gas"], "--by is given twice"),
        (["factors", "search", "diesel", "--year", "2023", "--year", "2024"], "--year is given twice"),
        (["run", SCENARIO, "--by", ","], "names no dimension"),
        (["run", SCENARIO, "--by", ""], "names no dimension"),
        (["run", SCENARIO, "--replace"], "--replace decides nothing without --out"),
        (["compare", SCENARIO, SCENARIO, "--book", "market"], "--book decides nothing without --by"),
        (["what-if", SCENARIO, "--gwp", "AR6", "--book", "market"], "--book decides nothing without --by"),
        (
            ["what-if", SCENARIO, "--gwp", "AR6", "--by", "scope", "--format", "svg"],
            "--by decides nothing in a picture",
        ),
        (["sensitivity", SCENARIO, "--bounds", "--change", "5"], "--change decides nothing with --bounds"),
        (["sensitivity", SCENARIO, "--change", "101"], "100 per cent at most"),
        (["sensitivity", SCENARIO, "--change", "1e999"], "100 per cent at most"),
        (["uncertainty", SCENARIO, "--approach", "1", "--seed", "3"], "--seed decides nothing with approach 1"),
        (["uncertainty", SCENARIO, "--format", "svg", "--all"], "--all decides nothing in a picture"),
        (["methods", "--category", "99"], "no method is of that name, scope and category together"),
        (["methods", "fugitive.released", "--scope", "3"], "no method is of that name, scope and category together"),
        (["methods", "--scope", "3", "--format", "markdown"], "--scope decides nothing with --format markdown"),
        (["units", "MWh", "--dimension", "mass"], "--dimension decides nothing beside one spelling"),
        (["units", ""], "the unit '' is not in the list"),
    ],
)
def test_an_option_that_would_be_passed_over_is_refused(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(ROOT)
    assert cli._main(arguments) == 2
    out, err = capsys.readouterr()
    assert message in err
    assert not out


def test_options_that_may_stand_twice_still_do(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    twice = ["--scale", f"{NATIONAL}=0.9", "--scale", "cn-mee-2022:national-ex-market-nonfossil=0.9"]
    assert cli._main(["what-if", SCENARIO, *twice]) == 0
    assert "51,875.42" in capsys.readouterr().out
