"""Sampling error of an extrapolation, against printed tables and by laws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghg.methods import method
from ghg.methods.derivation import NotDerivedError, derive
from ghg.methods.sampling import of_mean, of_proportion, student

SURVEY = {
    "sample_distance": "560000 km", "answers": "200", "employees": "1000", "standard_deviation": "1500 km",
    "survey": "form",
}  # fmt: skip


@pytest.mark.parametrize(
    ("degrees", "printed"), [(5, "2.57"), (9, "2.262"), (19, "2.093"), (29, "2.045"), (99, "1.984"), (10**6, "1.960")]
)
def test_the_values_of_students_t_are_those_of_the_tables(degrees: int, printed: str) -> None:
    assert f"{student(0.95, degrees):.{len(printed) - 2}f}" == printed


def test_the_error_of_a_mean_is_worked_out_by_hand() -> None:
    # 1500 / √200 × √(1 − 0.2) = 94.868; × 1.97196 / 2800 = 6.681 %
    assert of_mean(200, 1000, 2800, 1500) == pytest.approx(0.06681, abs=5e-6)


def test_the_error_of_a_proportion_is_worked_out_by_hand() -> None:
    # √(0.25 / 99 × 0.9) = 0.047673; × 1.95996 / 0.5 = 18.688 %
    assert of_proportion(100, 1000, 50) == pytest.approx(0.186875, abs=5e-6)


@given(st.integers(6, 500), st.floats(1, 1e6), st.floats(0, 1e6))
def test_asking_everybody_leaves_no_error(everybody: int, mean: float, deviation: float) -> None:
    assert of_mean(everybody, everybody, mean, deviation) == 0
    assert of_proportion(everybody, everybody, everybody // 2 + 1) == 0


@given(st.integers(6, 400), st.integers(0, 100), st.floats(1, 1e6), st.floats(1, 1e6))
def test_more_answers_make_no_mean_less_sure(sample: int, more: int, mean: float, deviation: float) -> None:
    assert of_mean(sample + more, 500, mean, deviation) <= of_mean(sample, 500, mean, deviation) * (1 + 1e-9)


def test_the_error_is_said_with_the_figures_it_follows_from() -> None:
    said = derive(method("employee_commuting.survey"), SURVEY, 6)
    assert said.error.startswith("sampling error: ± 6.68 % of the amount at 95%; 200 of 1000 answered")
    assert "Cochran" in said.working[2]
    share = {"users": "50", "answers": "100", "employees": "1000", "one_way_distance": "1 km", "working_days": "1"}
    assert "± 18.7 %" in derive(method("employee_commuting.survey_share"), {**share, "survey": "x"}, 6).error


def test_without_a_standard_deviation_nothing_is_said() -> None:
    found = derive(method("employee_commuting.survey"), {**SURVEY, "standard_deviation": ""}, 6)
    assert found.error == ""
    assert found.amount == "2800000"


def test_few_answers_have_no_interval() -> None:
    assert "fewer than 6" in derive(method("employee_commuting.survey"), {**SURVEY, "answers": "5"}, 6).error


@pytest.mark.parametrize("change", [{"employees": "100"}, {"standard_deviation": "1500 passenger_km"}])
def test_figures_that_are_no_survey_are_refused(change: dict[str, str]) -> None:
    with pytest.raises(NotDerivedError):
        derive(method("employee_commuting.survey"), SURVEY | change, 6)
