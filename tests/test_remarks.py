"""Remarks on sound rows."""

from __future__ import annotations

from ghg.testing import numbered, run_rows
from tests.test_activity import GOOD


def remarks(*changes: dict[str, str]) -> dict[str, str]:
    run = run_rows(numbered([{**GOOD, "site": "A", **change} for change in changes]))
    found = {issue.rule: issue.message for issue in run.issues}
    run.close()
    return found


def month(number: int, last: int = 28, **more: str) -> dict[str, str]:
    return {"start": f"2022-{number:02}-01", "end": f"2022-{number:02}-{last}", "amount": f"10{number}"} | more


def test_ordinary_rows_are_not_remarked() -> None:
    assert not set(remarks(*map(month, range(1, 13)))) & {"number-outlier", "period-overlap", "row-repeated"}


def test_an_amount_that_stands_out_is_named_with_the_usual_one() -> None:
    found = remarks(*map(month, range(1, 12)), month(12, amount="100000"))
    assert "here 100000 MWh against" in found["number-outlier"]
    assert "number-outlier" in remarks(*map(month, range(1, 12)), month(12, amount="0.1"))
    assert "number-outlier" not in remarks(month(1), month(2), month(3, amount="100000"))


def test_a_meter_is_one_whatever_unit_its_rows_are_in() -> None:
    """A slip from kWh to MWh shows in the unit as well as in the amount."""
    found = remarks(*(month(n, unit="kWh") for n in range(1, 12)), month(12, amount="106", unit="MWh"))
    assert "here 106 MWh against 0.106" in found["number-outlier"]
    same = remarks(*(month(n, unit="kWh") for n in range(1, 12)), month(12, amount="0.106", unit="MWh"))
    assert "number-outlier" not in same
    assert "period-overlap" in remarks(month(1), month(2, start="2022-01-15", unit="kWh", amount="102000"))


def test_nothing_used_stands_not_out() -> None:
    assert "number-outlier" not in remarks(*map(month, range(1, 12)), month(12, amount="0"))


def test_periods_that_overlap_in_part_are_named() -> None:
    found = remarks(month(1), month(2, start="2022-01-15"))
    assert "starts on 2022-01-15, and another ends on 2022-01-28" in found["period-overlap"]
    assert "period-overlap" not in remarks(month(1), month(1, amount="7"), month(2))
    assert "period-overlap" not in remarks(month(1), month(2, start="2022-01-15", site="B"))


def test_rows_that_agree_but_for_the_id_are_named() -> None:
    assert "1 rows agree" in remarks(month(1), month(1), month(2))["row-repeated"]
    assert "row-repeated" not in remarks(month(1), month(1, note="second meter"))
