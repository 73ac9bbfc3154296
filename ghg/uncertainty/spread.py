"""How far off a value may be, as people write it: one small grammar for activity tables and policies.

========================= ==========================================================================================
``exact``                 nothing to add; counts as stated
``rounding``              a factor's printed digits and no more: uniform over half a unit of the last one
``bounds lognormal``      the published bounds of a factor or GWP, read as this distribution
``5 % normal``            95 % lie within 5 % of the value
``-3 % +7 % triangular``  95 % lie between 3 % below and 7 % above
``x 2 lognormal``         95 % lie between half and twice the value
``pedigree 2 2 1 1 3``    five scores of the pedigree matrix
``35 % normal at 90 %``   another level than 95 %
========================= ==========================================================================================
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from ghg.numbers import parse, rounding_interval
from ghg.uncertainty import pedigree
from ghg.uncertainty.distributions import ALL, KINDS, LEVEL, Distribution, fit

NUMBER = r"\d+(?:\.\d+)?"
KIND = rf"(?P<kind>{'|'.join(KINDS)})"
AT = rf"(?: at (?P<level>{NUMBER}) %)?"
HELP = (
    "Write 'exact', 'rounding', 'bounds lognormal', '5 % normal', '-3 % +7 % triangular', 'x 2 lognormal' or "
    "'pedigree 2 2 1 1 3'; another level than 95 % as '35 % normal at 90 %'."
)


@dataclass(frozen=True, slots=True)
class Spread:
    """A statement of uncertainty, read.

    Attributes:
        text: as written.
        form: ``exact``, ``rounding``, ``bounds`` or ``given``.
        distribution: of the multiplier; none unless the form is ``given``.
        kind: the distribution published bounds are read as.
    """

    text: str
    form: str
    distribution: Distribution | None = None
    kind: str = ""


def _given(lower: Callable[[re.Match[str]], float], upper: Callable[[re.Match[str]], float]) -> Callable[..., Spread]:
    def read(found: re.Match[str]) -> Spread:
        level = float(found["level"] or LEVEL)
        return Spread(found[0], "given", fit(found["kind"], lower(found), upper(found), level))

    return read


def _pedigree(found: re.Match[str]) -> Spread:
    # The geometric standard deviation squared spans 95 %; to be exact, two and not 1.96 standard deviations.
    return Spread(found[0], "given", Distribution("lognormal", (0.0, pedigree.deviation(found[1].split()))))


FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Spread]], ...] = (
    (re.compile("exact"), lambda found: Spread(found[0], "exact")),
    (re.compile("rounding"), lambda found: Spread(found[0], "rounding")),
    (re.compile(rf"bounds {KIND}"), lambda found: Spread(found[0], "bounds", None, found["kind"])),
    (re.compile(r"pedigree (\d(?: \d){4})"), _pedigree),
    (
        re.compile(rf"({NUMBER}) % {KIND}{AT}"),
        _given(lambda found: 1 - float(found[1]) / 100, lambda found: 1 + float(found[1]) / 100),
    ),
    (
        re.compile(rf"-({NUMBER}) % \+({NUMBER}) % {KIND}{AT}"),
        _given(lambda found: 1 - float(found[1]) / 100, lambda found: 1 + float(found[2]) / 100),
    ),
    (
        re.compile(rf"[x×] ?({NUMBER}) {KIND}{AT}"),
        _given(lambda found: 1 / float(found[1]), lambda found: float(found[1])),
    ),
)
"""Each form of the grammar with its reader."""


@cache
def read(text: str) -> Spread:
    """A statement of uncertainty.

    Raises:
        ValueError: the text fits no form, or its numbers make no distribution.

    >>> round(read("10 % normal").distribution.half_width, 6)
    0.1
    """
    for pattern, reader in FORMS:
        found = pattern.fullmatch(text)
        if found:
            try:
                return reader(found)
            except ZeroDivisionError:
                raise ValueError(f"{text!r} makes no distribution") from None
    raise ValueError(f"{text!r} is no statement of uncertainty. {HELP}")


def rounded(value: str) -> Distribution:
    """The distribution of a printed value of which nothing is known but its digits."""
    low, high = rounding_interval(value)
    return between("uniform", parse(value), low, high, ALL)


def between(kind: str, value: Fraction, lower: Fraction, upper: Fraction, level: float = LEVEL) -> Distribution:
    """The distribution of a value with bounds in its own unit.

    Raises:
        ValueError: the value is zero, so that bounds cannot be stated as multiples of it, or the bounds do not suit.
    """
    if not value:
        raise ValueError("bounds of a value of zero cannot be stated as multiples of it")
    return fit(kind, float(lower / value), float(upper / value), level)
