"""How far apart readings are."""

from __future__ import annotations

import pytest

from ghg.issues import InputError
from ghg.testing import inventory, numbered, run_rows
from tests.test_activity import GOOD


@pytest.mark.parametrize(
    ("change", "said"),
    [
        # 1,234 MWh or 1.234 MWh at the national factor of 2022, 0.5366 kg/kWh
        ({"amount": "1,234", "unit": "MWh"}, "the readings are 661,502.24 kg CO2e apart"),
        ({"amount": "1,234", "activity": "water", "unit": "t"}, "the readings are 1,232.77 t apart"),
        ({"amount": "1,234,567", "unit": "MWh"}, "it may be 1234567."),
    ],
)
def test_readings_of_an_amount(change: dict[str, str], said: str) -> None:
    with pytest.raises(InputError) as caught:
        run_rows(numbered([{**GOOD, **change}]), inventory())
    assert said in caught.value.issues[0].message


def test_readings_of_a_unit() -> None:
    row = {**GOOD, "activity": "diesel_stationary", "amount": "1", "unit": "ton"}
    with pytest.raises(InputError) as caught:
        run_rows(numbered([row]), inventory())
    (issue,) = caught.value.issues
    # 1,016.0469088 − 907.18474 kg of diesel × 43 TJ/Gg × (74,100 + 10 × 28 + 0.6 × 265) kg CO2e/TJ
    assert "The readings are" in issue.message
    assert "kg CO2e apart." in issue.message


def test_a_row_that_is_wrong_otherwise_has_no_stake() -> None:
    with pytest.raises(InputError) as caught:
        run_rows(numbered([{**GOOD, "amount": "1,234", "region": "XX"}]), inventory())
    assert not any("apart" in issue.message for issue in caught.value.issues)


def left_out(*changes: dict[str, str]) -> str:
    run = run_rows(numbered([GOOD, *({**GOOD, **change} for change in changes)]), inventory(), incomplete=True)
    said = [issue.message for issue in run.issues if issue.rule == "rows-left-out"]
    run.close()
    return "".join(said)


def test_wrong_rows_are_said_by_activity_and_unit() -> None:
    assert left_out() == ""
    # 2 × 100 MWh × 0.5366 kg/kWh
    twice = left_out({"amount": "100", "site": "合计"}, {"amount": "100", "site": "Total"})
    assert twice == (
        "the totals leave out 2 wrong rows: purchased_electricity in MWh, 2 rows, 200.00 MWh or 107,320.00 kg CO2e."
    )
    assert "purchased_electricity in MWh, 1 rows without a readable amount" in left_out({"amount": "x"})
    mixed = left_out({"amount": "x"}, {"amount": "7", "region": "Narnia"})
    assert mixed.endswith("purchased_electricity in MWh, 2 rows, 7.00 MWh in the 1 that are readable.")
    assert left_out({"amount": "7", "region": "Narnia"}).endswith("1 rows, 7.00 MWh.")
