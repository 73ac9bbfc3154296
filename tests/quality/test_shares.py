from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from hypothesis import given, settings

import ghg
from ghg.quality.shares import STATED
from ghg.reports.documents import run_document
from ghg.reports.text import render_run
from ghg.schema import SCORE
from ghg.testing import Row, run_rows, tables
from tests.instruments.small import ACTIVITY, CONTRACT, INVENTORY, run, table


@settings(max_examples=25, deadline=None)
@given(tables())
def test_the_shares_of_each_kind_sum_to_one(found: list[Row]) -> None:
    made = run_rows(found)
    for name, quality in made.quality.items():
        value = made.figure(name)
        assert value is not None
        for shares in (quality.data_type, quality.provenance, quality.verification):
            assert sum(shares.values()) == bool(value.amount)
            assert all(0 < share <= 1 for share in shares.values())
    made.close()


def test_the_scenario_rests_on_what_its_table_says() -> None:
    made = ghg.run("scenarios/kingsoft-cloud/2024.yaml")
    assert made.quality["scope2"].data_type == {"primary": 1}
    assert made.quality["scope2"].provenance == {"reported": 1}
    assert made.quality["scope1"].provenance == {"back-calculated": 1}
    assert set(made.quality["scope3"].data_type) >= {"spend", "average"}
    assert made.quality["scope2_market"].rung == {"grid_excluding_market_traded_non_fossil": 1}
    assert "water" not in made.quality
    assert set(run_document(made).quality) == set(made.quality)
    assert "What the totals rest on" in render_run(made)


def test_instruments_are_of_a_rung_and_of_a_stated_rate(tmp_path: Path) -> None:
    made = run(tmp_path, [{}], [{}, {**CONTRACT, "amount": "500", "emission_rate": "0.5856"}])
    quality = made.quality["scope2_market"]
    assert quality.rung == {"contract": Fraction(2, 3), "grid_excluding_market_traded_non_fossil": Fraction(1, 3)}
    assert quality.verification[STATED] == Fraction(2, 3)


def scored(folder: Path, dimensions: str) -> ghg.Run:
    rows = [
        {"amount": "100", SCORE: "2"},
        {"amount": "300", SCORE: "4"},
        {"amount": "100"},
    ]
    (folder / "inventory.yaml").write_text(INVENTORY + dimensions, encoding="utf-8")
    (folder / "activity.csv").write_text(table(rows, {**ACTIVITY, "data_quality_score": ""}), encoding="utf-8")
    return ghg.run(folder / "inventory.yaml")


def test_scores_are_weighted_by_emissions(tmp_path: Path) -> None:
    quality = scored(tmp_path, "dimensions: [entity, data_quality_score]\n").quality["scope2"]
    assert quality.score == Fraction(2 * 100 + 4 * 300, 400)
    assert quality.scored == Fraction(4, 5)


def test_without_the_dimension_no_score_is_claimed(tmp_path: Path) -> None:
    quality = scored(tmp_path, "").quality["scope2"]
    assert quality.score is None
    assert quality.scored == 0


def test_guessed_amounts_are_flagged_with_their_share(tmp_path: Path) -> None:
    rows = [{"amount": "50"}, {"amount": "30", "provenance": "extrapolated"}, {"amount": "20", "provenance": "proxy"}]
    made = run(tmp_path, rows, [{"amount": "1", "beneficiary": "somebody else"}])
    [note] = [issue for issue in made.issues if issue.rule == "estimated"]
    assert "scope2 30 % extrapolated, 20 % proxy; scope2_market 30 %" in note.message
