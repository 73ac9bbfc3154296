from __future__ import annotations

from fractions import Fraction

import pytest

from ghg.uncertainty.spread import between, read, rounded


@pytest.mark.parametrize(
    ("text", "lower", "upper"),
    [("5 % normal", 0.95, 1.05), ("-3 % +7 % triangular", 0.97, 1.07), ("x 2 lognormal", 0.5, 2),
     ("× 1.5 lognormal", 1 / 1.5, 1.5), ("12.5 % uniform", 0.875, 1.125)],
)  # fmt: skip
def test_widths_are_95_per_cent_bounds(text: str, lower: float, upper: float) -> None:
    found = read(text)
    assert found.form == "given"
    assert found.distribution
    assert found.distribution.quantile(0.025) == pytest.approx(lower)
    assert found.distribution.quantile(0.975) == pytest.approx(upper)


def test_another_level_is_said() -> None:
    found = read("35 % normal at 90 %").distribution
    assert found
    assert found.quantile(0.05) == pytest.approx(0.65)


def test_a_pedigree_is_lognormal_about_the_value() -> None:
    found = read("pedigree 1 1 1 1 5").distribution
    assert found
    assert found.quantile(0.5) == pytest.approx(1)
    assert found.parameters[1] ** 2 == pytest.approx(0.0006 + 0.12)


@pytest.mark.parametrize(
    "text", ["", "5", "5 %", "5% normal", "±5 % normal", "x 0 lognormal", "120 % lognormal", "pedigree 1 1 1 1",
             "pedigree 1 1 1 1 6", "normal", "bounds", "5 % gaussian", "5 % normal at 100 %"],
)  # fmt: skip
def test_anything_else_is_refused_with_the_forms(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read(text)


def test_printed_digits_are_a_uniform_distribution() -> None:
    found = rounded("0.5366")
    assert found.kind == "uniform"
    assert found.quantile(0) == pytest.approx(0.53655 / 0.5366)
    assert found.quantile(1) == pytest.approx(0.53665 / 0.5366)


def test_bounds_of_zero_are_refused() -> None:
    with pytest.raises(ValueError, match="zero"):
        between("normal", Fraction(0), Fraction(-1), Fraction(1))
