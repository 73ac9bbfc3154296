from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghg.intervals import Interval, inverse, overlap, plus, scaled, times

numbers = st.fractions(-100, 100, max_denominator=50)
intervals = st.tuples(numbers, numbers).map(lambda pair: (min(pair), max(pair)))
shares = st.fractions(0, 1, max_denominator=20)


def within(interval: Interval, share: Fraction) -> Fraction:
    return interval[0] + (interval[1] - interval[0]) * share


@given(intervals, intervals, shares, shares)
def test_sums_and_products_of_members_are_members(one: Interval, other: Interval, a: Fraction, b: Fraction) -> None:
    x, y = within(one, a), within(other, b)
    assert times(one, other)[0] <= x * y <= times(one, other)[1]
    assert plus(one, other)[0] <= x + y <= plus(one, other)[1]


@given(intervals, numbers)
def test_scaling_keeps_the_order_of_the_ends(interval: Interval, factor: Fraction) -> None:
    low, high = scaled(interval, factor)
    assert low <= high
    assert {low, high} == {interval[0] * factor, interval[1] * factor}


@given(st.tuples(st.fractions(1, 9), st.fractions(10, 99)))
def test_the_inverse_of_an_inverse_is_the_interval(interval: Interval) -> None:
    assert inverse(inverse(interval)) == interval


@pytest.mark.parametrize("ends", [(0, 1), (-1, 0), (-1, 1), (0, 0)])
def test_an_interval_with_zero_has_no_inverse(ends: tuple[int, int]) -> None:
    with pytest.raises(ZeroDivisionError, match="holds zero"):
        inverse((Fraction(ends[0]), Fraction(ends[1])))


@given(intervals, intervals)
def test_overlap_is_symmetric_and_holds_for_touching_ends(one: Interval, other: Interval) -> None:
    assert overlap(one, other) is overlap(other, one)
    assert overlap(one, (one[1], one[1] + 1))


def test_intervals_that_meet_at_an_end_overlap_and_those_apart_do_not() -> None:
    low, middle, high = ((Fraction(n), Fraction(n + 1)) for n in (0, 1, 3))
    assert overlap(low, middle)
    assert overlap(middle, low)
    assert not overlap(low, high)
    assert not overlap(high, low)
