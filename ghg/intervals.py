"""Intervals of exact numbers: the values a printed figure can stand for, and what follows from them."""

from __future__ import annotations

from fractions import Fraction

Interval = tuple[Fraction, Fraction]
"""Lower and upper end, both included."""


def times(one: Interval, other: Interval) -> Interval:
    """The products of values of two intervals.

    >>> times((Fraction(1), Fraction(2)), (Fraction(-3), Fraction(4)))
    (Fraction(-6, 1), Fraction(8, 1))
    """
    products = [a * b for a in one for b in other]
    return min(products), max(products)


def plus(one: Interval, other: Interval) -> Interval:
    """The sums of values of two intervals."""
    return one[0] + other[0], one[1] + other[1]


def scaled(interval: Interval, factor: Fraction) -> Interval:
    """The values of an interval times a number."""
    return times(interval, (factor, factor))


def inverse(interval: Interval) -> Interval:
    """One over the values of an interval that does not hold zero.

    Raises:
        ZeroDivisionError: the interval holds zero.
    """
    if interval[0] <= 0 <= interval[1]:
        raise ZeroDivisionError("one over an interval that holds zero is no interval")
    return 1 / interval[1], 1 / interval[0]


def overlap(one: Interval, other: Interval) -> bool:
    """Whether two intervals share a value."""
    return one[0] <= other[1] and other[0] <= one[1]
