"""Remarks on sound rows."""

from __future__ import annotations

from ghg.issues import REMARKS
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
    lasts = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    assert not REMARKS & set(remarks(*(month(number, last) for number, last in enumerate(lasts, start=1))))


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


def test_days_between_two_periods_are_named() -> None:
    found = remarks(month(1, 31), month(3), month(4, start="2022-03-29"))
    assert "a meter: 1; here no row covers 2022-02-01 to 2022-02-28" in found["period-gap"]
    assert "period-gap" not in remarks(month(1, 31), month(2), month(3))
    assert "period-gap" not in remarks(month(1, 31), month(3, site="B"))
    assert "period-gap" not in remarks(
        month(1, end="2022-01-01"), month(3, end="2022-03-01")
    )  # days on which something was bought
    assert "period-gap" in remarks(month(1, 31), month(3, unit="kWh", amount="102000"))
    assert "period-gap" not in remarks(month(1, 31), month(1, 1, end="2022-03-31", amount="5"), month(4))


def test_rows_that_agree_but_for_the_id_are_named() -> None:
    assert "everything but the id: 1;" in remarks(month(1), month(1), month(2))["row-repeated"]
    assert "row-repeated" not in remarks(month(1), month(1, note="second meter"))


def test_a_total_under_another_name_and_a_year_beside_its_months_are_named() -> None:
    year = {"start": "2022-01-01", "end": "2022-12-31"}
    months = [month(number) for number in range(1, 13)]
    total = str(sum(int(found["amount"]) for found in months))
    found = remarks(*months, {**year, "amount": total})
    assert found["row-sum"] == (
        f"Amounts that are exactly the sum of all others of their activity or meter: 1; here {total} MWh."
    )
    elsewhere = {**year, "site": "B", "amount": "5"}
    assert "row-sum" in remarks(*months, {**year, "site": "all of them", "amount": total})
    assert "row-sum" in remarks(*months, {**year, "amount": total}, elsewhere)
    assert "row-sum" not in remarks(*months, {**year, "amount": f"{total}.1"})
    assert "row-sum" not in remarks(*months, {**year, "amount": total, "unit": "GWh"})
    assert "row-sum" not in remarks(month(1, amount="3"), month(2, amount="1"), month(3, amount="2"))


def test_names_that_differ_in_case_and_signs_alone_are_named() -> None:
    found = remarks(month(1, site="Oven Hall"), month(2, site="oven-hall"), month(3, site="Oven Hall 2"))
    assert found["name-alike"].startswith(
        "Names written in another way elsewhere: 1; here 'oven-hall', before 'Oven Hall'."
    )
    assert "name-alike" in remarks(month(1, entity="e 1"), month(2, entity="E_1"))
    assert "name-alike" not in remarks(
        month(1, site="1-1"), month(2, site="11"), month(3, site="-"), month(4, site=".")
    )
