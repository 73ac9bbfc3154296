from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghg.uncertainty.distributions import KINDS, around, fit, z


@given(st.sampled_from(sorted(KINDS)), st.floats(0.05, 0.99), st.floats(1.01, 5), st.floats(50, 99))
def test_the_bounds_come_back_as_quantiles(kind: str, lower: float, upper: float, level: float) -> None:
    found, tail = fit(kind, lower, upper, level), (100 - level) / 200
    assert found.quantile(tail) == pytest.approx(lower)
    assert found.quantile(1 - tail) == pytest.approx(upper)


@given(st.sampled_from(sorted(KINDS)), st.floats(0.05, 0.99), st.floats(1.01, 5))
def test_mean_and_deviation_are_those_of_the_quantile_function(kind: str, lower: float, upper: float) -> None:
    found, steps = fit(kind, lower, upper), 20_000
    values = [found.quantile((n + 0.5) / steps) for n in range(steps)]
    mean = sum(values) / steps
    assert found.mean == pytest.approx(mean, rel=0.01)
    assert found.deviation**2 == pytest.approx(sum((value - mean) ** 2 for value in values) / steps, rel=0.05)


@pytest.mark.parametrize(
    ("kind", "lower", "upper", "level"),
    [("normal", 1.1, 0.9, 95), ("lognormal", 0, 2, 95), ("normal", 0.9, 1.1, 100), ("triangular", 1.1, 1.2, 95),
     ("uniform", 0.9, 1.1, 101), ("uniform", 0.9, 1.1, 0)],
)  # fmt: skip
def test_bounds_that_make_no_distribution_are_refused(kind: str, lower: float, upper: float, level: float) -> None:
    with pytest.raises(ValueError, match=r"bound|level|value|ends"):
        fit(kind, lower, upper, level)


def test_ends_of_a_uniform_distribution_hold_all_of_it() -> None:
    found = fit("uniform", 0.9, 1.1, 100)
    assert (found.quantile(0), found.quantile(1)) == pytest.approx((0.9, 1.1))
    assert found.half_width == pytest.approx(0.095)


@given(st.floats(0.1, 3), st.floats(0.01, 1))
def test_moments_are_met(mean: float, deviation: float) -> None:
    found = around(mean, deviation)
    assert (found.mean, found.deviation) == pytest.approx((mean, deviation))
    assert around(-mean, deviation).mean == -mean


def test_z_is_that_of_every_table() -> None:
    assert (round(z(95), 3), round(z(90), 3)) == (1.96, 1.645)
