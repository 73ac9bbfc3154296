"""Formulas: parsed once, evaluated exactly, refused where they add what cannot be added."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghg.issues import GhgError, UnitError
from ghg.methods.expression import Measured, in_base, in_words, of_dimension, parse

numbers = st.fractions(min_value=-1000, max_value=1000, max_denominator=100)


def plain(value: Fraction | int) -> Measured:
    return Measured(Fraction(value), ())


@given(numbers, numbers, numbers)
def test_precedence_and_brackets_are_those_of_arithmetic(a: Fraction, b: Fraction, c: Fraction) -> None:
    values = {"a": plain(a), "b": plain(b), "c": plain(c)}
    assert parse("a − b − c").evaluate(values).value == a - b - c
    assert parse("a + b × c").evaluate(values).value == a + b * c
    assert parse("(a + b) × c").evaluate(values).value == (a + b) * c
    assert parse("a × (1 − b) × 2").evaluate(values).value == a * (1 - b) * 2
    if b and c:
        assert parse("a ÷ b ÷ c").evaluate(values).value == a / b / c
        assert parse("a ÷ (b × c)").evaluate(values).value == a / (b * c)


@pytest.mark.parametrize("text", ["", "a b", "a +", "(a", "a)", "a ** 2", "__import__", "a − − b", "Ä", "a / b", "1e5"])
def test_what_is_no_formula_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"formula|missing|closed|holds|end"):
        parse(text)


def test_names_stand_in_the_order_of_first_use() -> None:
    assert parse("mass × distance ÷ mass").names == ("mass", "distance")


def test_a_formula_is_shown_with_its_numbers() -> None:
    assert parse("mass × (1 − share)").filled({"mass": "2 t", "share": "0.5"}) == "2 t × (1 − 0.5)"


def test_dimensions_multiply_and_cancel() -> None:
    freight = of_dimension(Fraction(2000), "mass") * of_dimension(Fraction(3), "distance")
    assert in_base(freight, "freight_distance") == 6
    price = of_dimension(Fraction("1.5"), "money_EUR", "volume")
    assert in_base(of_dimension(Fraction(3), "money_EUR") / price, "volume") == 2


def test_currencies_do_not_add() -> None:
    values = {"a": of_dimension(Fraction(1), "money_EUR"), "b": of_dimension(Fraction(1), "money_USD")}
    with pytest.raises(UnitError, match="adds money_EUR and money_USD"):
        parse("a + b").evaluate(values)


def test_a_result_of_another_dimension_is_refused() -> None:
    with pytest.raises(UnitError, match="gives distance per volume; the method needs distance"):
        in_base(of_dimension(Fraction(1), "distance", "volume"), "distance")


def test_division_by_zero_is_refused() -> None:
    with pytest.raises(GhgError, match="divides by zero"):
        parse("a ÷ b").evaluate({"a": plain(1), "b": plain(0)})


def test_a_pure_number_has_words_too() -> None:
    assert in_words(()) == "a number"
