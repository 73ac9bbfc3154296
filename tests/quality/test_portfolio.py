"""Data quality of a portfolio: the standard's own example, and what is not added."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ghg
from ghg.issues import GhgError
from ghg.quality.portfolio import Position, positions, statement, weighted

INVENTORY = """\
inventory: bank
organisation: Bank
title: Bank
period: {start: 2022-01-01, end: 2022-12-31}
base_year: none
consolidation: operational_control
boundary: loans
gwp: AR5
books: [location]
publications: [ipcc-2006-v2]
ladder: {regions: [exact], max_age_years: 0}
activity: [loans.csv]
"""
HEADER = "id,entity,activity,item,region,start,end,provenance,method,outstanding,value,emissions,data_quality_score\n"
BOX_8 = (
    ("oil_and_gas", "522425 EUR", "3"), ("oil_and_gas", "187449 EUR", "5"), ("cattle_farming", "82778 EUR", "1"),
    ("cattle_farming", "108997 EUR", "1"), ("cattle_farming", "67556 EUR", "2"), ("cattle_farming", "54762 EUR", "5"),
)  # fmt: skip
"""PCAF, Part A (2nd edition, 2022), chapter 6, box 8: sector, outstanding loan, score."""
held = st.builds(
    Position, st.just("x"), st.just("y"), st.just("EUR"), st.fractions(1, 10**6, max_denominator=100), st.integers(1, 5)
)


def bank(folder: Path, *loans: tuple[str, str, str]) -> Path:
    rows = "".join(
        f"{n},Bank,investments,own.{sector},WORLD,2022-01-01,2022-12-31,reported,investments.business_loan,{amount},"
        f"{amount},1 t,{score}\n"
        for n, (sector, amount, score) in enumerate(loans)
    )
    (folder / "loans.csv").write_text(HEADER + rows, encoding="utf-8")
    (folder / "bank.yaml").write_text(INVENTORY, encoding="utf-8")
    return folder / "bank.yaml"


def test_the_scores_of_the_standard_are_those_it_prints(tmp_path: Path) -> None:
    made = ghg.run(bank(tmp_path, *BOX_8))
    found = {(row["asset_class"], row["item"]): row["score"] for row in statement(made).rows}
    assert round(Fraction(found["business_loans_and_unlisted_equity", "all"]), 2) == Fraction("3.03")
    assert round(Fraction(found["business_loans_and_unlisted_equity", "own.oil_and_gas"]), 2) == Fraction("3.53")
    assert found["all", "all"] == found["business_loans_and_unlisted_equity", "all"]
    assert any("in total 3.03 (EUR)" in issue.message for issue in made.issues if issue.rule == "portfolio-score")
    made.close()


def test_currencies_are_not_added_and_thousands_are_units(tmp_path: Path) -> None:
    made = ghg.run(bank(tmp_path, ("a", "1 EUR_thousand", "1"), ("a", "3000 EUR", "5"), ("a", "7 USD", "2")))
    totals = {row["currency"]: row["score"] for row in statement(made).rows if row["asset_class"] == "all"}
    assert totals == {"EUR": 4, "USD": 2}
    made.close()


def test_an_inventory_without_positions_has_no_scores() -> None:
    made = ghg.run("scenarios/kingsoft-cloud/2024.yaml")
    assert positions(made) == []
    with pytest.raises(GhgError, match="no row has a data quality score"):
        statement(made)
    made.close()


@given(st.lists(held, min_size=1, max_size=6))
def test_a_weighted_score_lies_between_the_best_and_the_worst(found: list[Position]) -> None:
    score = weighted(found)
    assert score is not None
    assert min(one.score for one in found) <= score <= max(one.score for one in found)


@given(st.lists(held, min_size=1, max_size=6), st.integers(1, 1000))
def test_splitting_a_position_changes_no_score(found: list[Position], parts: int) -> None:
    first, *rest = found
    part = Position("x", "y", "EUR", first.outstanding / parts, first.score)
    assert weighted([part] * parts + rest) == weighted(found)


def test_nothing_outstanding_has_no_score() -> None:
    assert weighted([]) is None
