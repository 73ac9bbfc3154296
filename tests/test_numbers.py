"""Exact numbers: the grammar, the one rounding, the text that comes out."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ghg.numbers import (
    LONGEST,
    QUOTIENT_DIGITS,
    decimal_text,
    decimals_of,
    is_finite,
    is_number,
    parse,
    percent,
    printed,
    readable,
    rounding_interval,
)

laws = settings(deadline=None)
finite = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=9)
decimals = st.integers(0, 12)


def test_a_number_without_end_is_none() -> None:
    assert parse("0." + "1" * (LONGEST - 2)) < 1
    for text in ("9" * (LONGEST + 1), "1/" + "9" * LONGEST):
        with pytest.raises(
            ValueError, match=r"^a number of 4,00[12] characters is longer than the 4,000 that are read$"
        ):
            parse(text)


@laws
@given(finite)
def test_decimal_text_of_a_finite_value_parses_back_to_it(value: Decimal) -> None:
    assert parse(decimal_text(Fraction(value))) == Fraction(value)


@laws
@given(finite)
def test_parse_reads_what_decimal_prints(value: Decimal) -> None:
    assert parse(str(value)) == parse(f"{value:f}") == Fraction(value)


@laws
@given(st.fractions())
def test_a_quotient_parses_to_its_exact_value(value: Fraction) -> None:
    assert parse(f"{value.numerator}/{value.denominator}") == value


@laws
@given(st.integers(1, 10**30), st.integers(1, 10**30))
def test_decimal_text_is_right_to_eighteen_significant_digits(numerator: int, denominator: int) -> None:
    value = Fraction(numerator, denominator)
    error = abs(parse(decimal_text(value)) - value) / value
    assert error <= Fraction(1, 2) / 10 ** (QUOTIENT_DIGITS - 1)


def test_decimal_text_keeps_eighteen_digits_just_below_a_power_of_ten() -> None:
    value = Fraction(10**18 - 1, 10**18 + 7)
    assert decimal_text(value) == "0.999999999999999992"


def test_decimal_text_keeps_eighteen_digits_just_above_a_power_of_ten() -> None:
    assert decimal_text(Fraction(316, 3)) == "105.333333333333333"
    assert decimal_text(Fraction(2, 21)) == "0.0952380952380952381"


def test_decimal_text_shows_no_needless_zeros() -> None:
    assert [decimal_text(parse(text)) for text in ("1.50", "100", "-0", "0.0", "1e3", "2.5e-3")] == [
        "1.5", "100", "0", "0", "1000", "0.0025",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "nan", "inf", "-inf", "Infinity", "1_000", "1,000", "１２", "١٢", "1 ", " 1", "1\n", "+", "-", ".",
        "1e", "e5", "1e1000", "1.2.3", "0x10", "--1", "1/0", "1/0.0", "1/", "/1", "1/2/3", "1 / 2", "½", "1e+",
    ],
)  # fmt: skip
def test_what_is_not_a_plain_decimal_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a plain decimal number"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("9" * LONGEST, True), ("9" * (LONGEST + 1), False), ("-1.5e3", True), ("1/3", False), ("x", False), ("", False)],
)
def test_a_number_is_short_enough_and_no_quotient(text: str, *, expected: bool) -> None:
    assert is_number(text) is expected


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.", 1), (".5", "1/2"), ("+2", 2), ("-0.25", "-1/4"), ("1E2", 100), ("1e-3", "1/1000"), ("0.5/0.25", 2)],
)
def test_every_form_of_the_grammar_has_its_value(text: str, value: int | str) -> None:
    assert parse(text) == Fraction(value)


@laws
@given(finite, decimals)
def test_printed_rounds_half_away_from_zero(value: Decimal, places: int) -> None:
    # Decimal calls half away from zero ROUND_HALF_UP; the two differ only in the sign of a zero.
    expected = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    assert printed(Fraction(value), places) == f"{expected or abs(expected):f}"


@pytest.mark.parametrize(("text", "shown"), [("0.5", "1"), ("1.5", "2"), ("2.5", "3"), ("-2.5", "-3"), ("-0.4", "0")])
def test_printed_shows_a_tie_away_from_zero(text: str, shown: str) -> None:
    assert printed(parse(text), 0) == shown


@laws
@given(st.fractions(), decimals)
def test_printed_with_thousands_differs_only_by_commas(value: Fraction, places: int) -> None:
    assert printed(value, places, thousands=True).replace(",", "") == printed(value, places)


@laws
@given(st.fractions(), decimals)
def test_the_rounding_interval_of_a_printed_value_holds_the_value(value: Fraction, places: int) -> None:
    lower, upper = rounding_interval(printed(value, places))
    assert lower <= value <= upper


@laws
@given(st.fractions(), decimals)
def test_the_rounding_interval_is_one_printed_unit_wide(value: Fraction, places: int) -> None:
    lower, upper = rounding_interval(printed(value, places))
    assert upper - lower == Fraction(1, 10**places)


@pytest.mark.parametrize(
    ("text", "lower", "upper"),
    [("5", "4.5", "5.5"), ("1.20", "1.195", "1.205"), ("1.2e3", "1150", "1250"), ("-3", "-3.5", "-2.5")],
)
def test_the_rounding_interval_follows_the_last_printed_digit(text: str, lower: str, upper: str) -> None:
    assert rounding_interval(text) == (parse(lower), parse(upper))


@laws
@given(st.fractions(), decimals)
def test_decimals_of_counts_what_printed_shows(value: Fraction, places: int) -> None:
    assert decimals_of(printed(value, places, thousands=True)) == places


@pytest.mark.parametrize(
    ("text", "count"),
    [("58,941.320", 3), ("12", 0), ("12.", 0), ("1.20e3", 0), ("1.2e-3", 4), ("1E-2", 2), ("1.2345E1", 3)],
)
def test_decimals_of_reads_the_exponent(text: str, count: int) -> None:
    assert decimals_of(text) == count


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("57639.350476", "57,639.35"), ("0", "0.00"), ("1", "1.00"), ("0.5", "0.500"), ("0.00042002", "0.000420"),
        ("-0.00042002", "-0.000420"), ("-1234.565", "-1,234.57"), ("0.001", "0.00100"),
        ("0.095", "0.0950"), ("0.0995", "0.0995"), ("0.1", "0.100"),
    ],
)  # fmt: skip
def test_readable_shows_two_decimals_or_three_digits(value: str, shown: str) -> None:
    assert readable(parse(value)) == shown


@pytest.mark.parametrize(("value", "shown"), [("0.96", "0.960"), ("1", "1.0"), ("1.96", "2.0"), ("12.34", "12.3")])
def test_readable_shows_fewer_decimals_where_they_are_asked_for_and_tell_enough(value: str, shown: str) -> None:
    assert readable(parse(value), 1) == shown


@laws
@given(st.fractions(min_value=Fraction(1, 10**12), max_value=Fraction(999, 1000)))
def test_readable_is_within_half_a_percent_however_small_the_value(value: Fraction) -> None:
    assert abs(parse(readable(value)) - value) / value <= Fraction(5, 1000)


@laws
@given(st.integers(0, 40), st.integers(0, 40), st.integers(-(10**20), 10**20))
def test_a_value_over_twos_and_fives_is_finite(twos: int, fives: int, numerator: int) -> None:
    assert is_finite(Fraction(numerator, 2**twos * 5**fives))


@laws
@given(finite, st.sampled_from([3, 7, 11, 13, 99]))
def test_a_value_over_another_prime_is_not_finite(value: Decimal, prime: int) -> None:
    assert not is_finite(Fraction(value) + Fraction(1, prime))


def test_a_large_quotient_shows_no_decimals_and_a_quotient_is_as_exact_as_its_numerator() -> None:
    assert decimal_text(Fraction(10**20, 3)) == "33333333333333333333"
    half = Fraction("0.005") / 28
    middle = Fraction("2.52") / 28
    assert rounding_interval("2.52/28") == (middle - half, middle + half)
    assert rounding_interval("-2.5E1") == (Fraction("-25.5"), Fraction("-24.5"))


@pytest.mark.parametrize(
    ("share", "decimals", "text"),
    [
        ("0", 1, "0 %"), ("1", 1, "100 %"), ("0.5", 1, "50 %"), ("0.001", 1, "0.1 %"), ("0.0009", 1, "< 0.1 %"),
        ("-0.0009", 1, "< 0.1 %"),
        ("0.000995", 1, "< 0.1 %"), ("0.999", 1, "99.9 %"), ("0.9991", 1, "> 99.9 %"), ("1.0001", 1, "100 %"),
        ("0.12345", 2, "12.35 %"), ("0.12", 2, "12 %"), ("0.9", 0, "90 %"), ("1/3", 0, "33 %"), ("-0.25", 1, "-25 %"),
        ("0.00009", 2, "< 0.01 %"), ("0.99999", 2, "> 99.99 %"), ("1/1000", 0, "< 1 %"), ("1.5", 1, "150 %"),
    ],
)  # fmt: skip
def test_a_share_in_per_cent_is_never_rounded_to_nothing_or_all(share: str, decimals: int, text: str) -> None:
    assert percent(Fraction(share), decimals) == text


def test_a_share_has_one_decimal_unless_another_number_is_asked_for() -> None:
    assert percent(Fraction(1234, 10**4)) == "12.3 %"
