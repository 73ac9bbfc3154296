from __future__ import annotations

from collections.abc import Mapping

import pytest

from ghg import activity
from ghg.issues import InputError, Issue
from ghg.schema import NAMES
from ghg.testing import inventory, numbered, run_rows

GOOD = {
    "entity": "e", "activity": "purchased_electricity", "region": "CN", "start": "2022-01-01", "end": "2022-12-31",
    "amount": "100", "unit": "MWh", "provenance": "measured",
}  # fmt: skip


def problems(*changes: Mapping[str, str]) -> list[Issue]:
    with pytest.raises(InputError) as caught:
        run_rows([{**row, **change} for row, change in zip(numbered([GOOD] * len(changes)), changes, strict=True)])
    return list(caught.value.issues)


def test_sound_rows_have_no_problem() -> None:
    run = run_rows(numbered([GOOD, {**GOOD, "amount": "-5.5", "entry": "correction"}]))
    assert not run.errors
    assert run.balance.posted == 2
    run.close()


@pytest.mark.parametrize(
    ("change", "rule", "column"),
    [
        ({"unit": ""}, "value-missing", "unit"),
        ({"unit": "ton"}, "unit-ambiguous", "unit"),
        ({"unit": "kwhh"}, "unit-unknown", "unit"),
        ({"unit": "kg"}, "unit-dimension", "unit"),
        ({"amount": "-5"}, "number-negative", "amount"),
        ({"amount": "NaN"}, "number-not-finite", "amount"),
        ({"amount": "inf"}, "number-not-finite", "amount"),
        ({"amount": "1_000"}, "number-invalid", "amount"),
        ({"amount": "１２３"}, "number-not-ascii", "amount"),
        ({"amount": "0x1F"}, "number-invalid", "amount"),
        ({"amount": "1e400"}, "number-too-large", "amount"),
        ({"amount": "1,234"}, "number-ambiguous", "amount"),
        ({"amount": "1.234,5"}, "number-ambiguous", "amount"),
        ({"amount": "1 234"}, "number-ambiguous", "amount"),
        ({"amount": "1" * 19}, "number-too-large", "amount"),
        ({"amount": ""}, "value-missing", "amount"),
        ({"activity": "bananas"}, "activity-unknown", "activity"),
        ({"region": "Narnia"}, "region-unknown", "region"),
        ({"start": "2021-12-31"}, "date-outside-period", "start"),
        ({"end": "2023-01-01"}, "date-outside-period", "end"),
        ({"start": "2022-12-31", "end": "2022-01-01"}, "date-order", "end"),
        ({"start": "2022-02-30"}, "date-invalid", "start"),
        ({"start": "01/02/2022"}, "date-invalid", "start"),
        ({"entry": "reversal"}, "value-not-allowed", "entry"),
        ({"provenance": "guessed"}, "value-not-allowed", "provenance"),
        ({"provenance": "back-calculated"}, "provenance-incomplete", "derived_from"),
        ({"derived_from": "scope9"}, "figure-unknown", "derived_from"),
        ({"region": "HK"}, "factor-missing", "activity"),
    ],
)
def test_a_bad_row_is_named_with_rule_column_and_fix(change: Mapping[str, str], rule: str, column: str) -> None:
    found = problems({}, change)
    assert [(issue.line, issue.rule, issue.column) for issue in found] == [(2, rule, column)]
    assert found[0].hint


def test_a_repeated_id_names_every_row_but_the_first() -> None:
    found = problems({"id": "same"}, {"id": "same"}, {"id": "same"})
    assert [(issue.line, issue.rule) for issue in found] == [(2, "id-duplicate"), (3, "id-duplicate")]


def test_a_row_may_have_several_problems() -> None:
    assert {issue.rule for issue in problems({"unit": "ton", "amount": "x", "region": ""})} == {
        "unit-ambiguous", "number-invalid", "value-missing",
    }  # fmt: skip


def test_a_negative_zero_is_zero() -> None:
    run = run_rows(numbered([{**GOOD, "amount": "-0.0"}]))
    assert run.balance.lines[0].amount == 0
    run.close()


def test_thousands_of_equal_problems_are_counted_not_listed() -> None:
    found = problems(*[{"unit": "ton"}] * (activity.SHOWN + 23))
    assert len(found) == activity.SHOWN
    assert "23 more rows" in found[-1].message


def test_a_wrong_dimension_says_what_the_activity_takes() -> None:
    [issue] = problems({"activity": "diesel_stationary", "unit": "MWh"})
    assert "A fuel's energy is stated on its calorific basis: MWh_net." in issue.message


def test_a_period_outside_names_the_period() -> None:
    assert "2022-01-01 to 2022-12-31" in problems({"start": "2021-01-01"})[0].message


def test_amounts_finer_than_the_quantum_are_reported_once_a_file() -> None:
    run = run_rows(numbered([{**GOOD, "amount": "0.0000005"}, {**GOOD, "amount": "1.23456789"}]))
    [note] = [issue for issue in run.issues if issue.rule.startswith("number-")]
    assert (note.rule, note.severity) == ("number-quantised", "note")
    assert note.message.endswith("rounded half up to it: 2.")
    assert sum(line.amount for line in run.balance.lines) == 1 + 1234568
    run.close()


def test_the_width_of_an_amount_is_its_last_written_digit() -> None:
    run = run_rows(numbered([{**GOOD, "amount": text} for text in ("5", "5.0", "5.00")]), inventory())
    assert sum(line.width for line in run.balance.lines) == 10**6 + 10**5 + 10**4
    run.close()


def test_a_template_has_the_columns_in_order() -> None:
    assert NAMES[:2] == ("id", "entity")
    assert NAMES[-1] == "note"
