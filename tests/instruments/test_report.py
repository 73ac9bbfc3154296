from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import ghg
from ghg.instruments.report import notes, rungs, statement
from ghg.issues import GhgError
from tests.instruments.small import CONTRACT, run


def test_the_rungs_sum_to_the_consumption(tmp_path: Path) -> None:
    made = run(tmp_path, [{}, {"amount": "1000", "unit": "kWh"}], [{}, {**CONTRACT, "amount": "100.1"}])
    found = {one.rung: one.amount for one in rungs(made)}
    assert found == {
        "certificate": 250, "contract": Fraction("100.1"),
        "grid_excluding_market_traded_non_fossil": Fraction("650.9"),
    }  # fmt: skip
    assert list(found) == ["certificate", "contract", "grid_excluding_market_traded_non_fossil"]
    assert sum(one.share for one in rungs(made)) == 1


def test_the_absence_of_a_residual_mix_is_disclosed(tmp_path: Path) -> None:
    said = [issue.rule for issue in notes(run(tmp_path, [{}], [{}]))]
    assert said == ["market-rungs", "residual-mix-absent"]
    covered = [issue.rule for issue in notes(run(tmp_path, [{}], [{"amount": "1000"}]))]
    assert covered == ["market-rungs"]


def test_a_statement_lists_every_instrument(tmp_path: Path) -> None:
    found = statement(run(tmp_path, [{}], [{}, {"retired": ""}]))
    assert [(row["instrument"], row["applied"], row["criteria"]) for row in found.rows] == [
        ("1", Fraction(250), "meets all"),
        ("2", Fraction(0), "breaks 3"),
    ]
    assert "criterion 3" in found.notes[0]


def test_without_instruments_there_is_no_statement() -> None:
    made = ghg.run("scenarios/kingsoft-cloud/2024.yaml")
    assert [one.rung for one in rungs(made)] == ["grid_excluding_market_traded_non_fossil"]
    with pytest.raises(GhgError, match="names no instruments"):
        statement(made)
