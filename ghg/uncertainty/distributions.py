"""Distributions of a multiplier: what the value used is multiplied by, one meaning the value itself.

Two bounds at a stated level fix each distribution, so that the interval of a single input gives its published bounds
back. Everything here is floating-point: statistics, never part of a total.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

LEVEL = 95.0
"""Per cent of the distribution between the bounds, unless stated otherwise: the convention of the IPCC Guidelines."""
ALL = 100.0
"""Level of bounds that nothing lies outside of; a uniform or triangular distribution alone can have them."""
STEPS = 200
"""Rounds of the fixed point that fits a triangle; it gains more than a decimal a round."""


def z(level: float) -> float:
    """How many standard deviations of a normal distribution the bounds of a level lie from its mean.

    >>> round(z(95.0), 6)
    1.959964
    """
    return NormalDist().inv_cdf(0.5 + level / 200)


@dataclass(frozen=True, slots=True)
class Distribution:
    """A distribution with its parameters.

    Attributes:
        kind: a key of ``KINDS``.
        parameters: mean and standard deviation (normal); mean and standard deviation of the logarithm (lognormal);
            ends (uniform); lower end, mode and upper end (triangular).
    """

    kind: str
    parameters: tuple[float, ...]

    @property
    def mean(self) -> float:
        """The mean of the multiplier; not one where the bounds are not centred on the value."""
        return KINDS[self.kind].mean(self.parameters)

    @property
    def deviation(self) -> float:
        """The standard deviation of the multiplier."""
        return KINDS[self.kind].deviation(self.parameters)

    def quantile(self, probability: float) -> float:
        """The multiplier that this share of the distribution lies below."""
        return KINDS[self.kind].quantile(self.parameters, probability)

    @property
    def half_width(self) -> float:
        """Half of the 95 % interval: the uncertainty that the equations of approach 1 combine."""
        tail = (100 - LEVEL) / 200
        return (self.quantile(1 - tail) - self.quantile(tail)) / 2


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of distribution can do, given its parameters.

    Attributes:
        fit: parameters from lower bound, upper bound and level.
        mean: the mean.
        deviation: the standard deviation.
        quantile: the multiplier below which a share lies.
        draw: parameters as columns and standard draws, one row a source, to multipliers in place.
        is_normal: whether the standard draws are normal; uniform on 0 to 1 otherwise.
        has_ends: whether bounds at the level of 100 % are possible.
    """

    fit: Callable[[float, float, float], tuple[float, ...]]
    mean: Callable[[tuple[float, ...]], float]
    deviation: Callable[[tuple[float, ...]], float]
    quantile: Callable[[tuple[float, ...], float], float]
    draw: Callable[[list[NDArray[float64]], NDArray[float64]], NDArray[float64]]
    is_normal: bool
    has_ends: bool


def _normal(lower: float, upper: float, level: float) -> tuple[float, ...]:
    return ((lower + upper) / 2, (upper - lower) / 2 / z(level))


def _lognormal(lower: float, upper: float, level: float) -> tuple[float, ...]:
    if lower <= 0:
        raise ValueError("a lognormal distribution has no bound at or below zero: state a factor such as 'x 2'")
    return ((log(lower) + log(upper)) / 2, (log(upper) - log(lower)) / 2 / z(level))


def _uniform(lower: float, upper: float, level: float) -> tuple[float, ...]:
    tail = (1 - level / 100) / 2
    width = (upper - lower) / (1 - 2 * tail)
    return (lower - tail * width, upper + tail * width)


def _triangular(lower: float, upper: float, level: float) -> tuple[float, ...]:
    """The triangle with its mode at the value used and the bounds as its quantiles."""
    if not lower <= 1 <= upper:
        raise ValueError("the value of a triangular distribution lies between its bounds")
    tail = (1 - level / 100) / 2
    below, above = 1 - lower, upper - 1
    width = upper - lower
    for _ in range(STEPS):
        share = tail * width
        left = share / 2 + sqrt(share * share / 4 + share * below)
        right = share / 2 + sqrt(share * share / 4 + share * above)
        width = upper - lower + left + right
    return (lower - left, 1.0, upper + right)


def _triangle_quantile(parameters: tuple[float, ...], probability: float) -> float:
    low, mode, high = parameters
    width = high - low
    if not width:
        return mode
    if probability * width < mode - low:
        return low + sqrt(probability * width * (mode - low))
    return high - sqrt((1 - probability) * width * (high - mode))


def _draw_normal(p: list[NDArray[float64]], drawn: NDArray[float64]) -> NDArray[float64]:
    drawn *= p[1]
    drawn += p[0]
    return drawn


def _draw_lognormal(p: list[NDArray[float64]], drawn: NDArray[float64]) -> NDArray[float64]:
    import numpy as np

    return np.exp(_draw_normal(p, drawn), out=drawn)


def _draw_uniform(p: list[NDArray[float64]], drawn: NDArray[float64]) -> NDArray[float64]:
    drawn *= p[1] - p[0]
    drawn += p[0]
    return drawn


def _draw_triangular(p: list[NDArray[float64]], drawn: NDArray[float64]) -> NDArray[float64]:
    import numpy as np

    low, mode, high = p
    width = high - low
    left = low + np.sqrt(drawn * width * (mode - low))
    right = high - np.sqrt((1 - drawn) * width * (high - mode))
    return np.where(drawn * width < mode - low, left, right)


KINDS: dict[str, Kind] = {
    "normal": Kind(
        _normal, lambda p: p[0], lambda p: p[1], lambda p, q: NormalDist().inv_cdf(q) * p[1] + p[0],
        _draw_normal, is_normal=True, has_ends=False,
    ),
    "lognormal": Kind(
        _lognormal, lambda p: exp(p[0] + p[1] ** 2 / 2), lambda p: exp(p[0] + p[1] ** 2 / 2) * sqrt(exp(p[1] ** 2) - 1),
        lambda p, q: exp(NormalDist().inv_cdf(q) * p[1] + p[0]), _draw_lognormal, is_normal=True, has_ends=False,
    ),
    "uniform": Kind(
        _uniform, lambda p: (p[0] + p[1]) / 2, lambda p: (p[1] - p[0]) / sqrt(12),
        lambda p, q: p[0] + q * (p[1] - p[0]), _draw_uniform, is_normal=False, has_ends=True,
    ),
    "triangular": Kind(
        _triangular, lambda p: sum(p) / 3,
        lambda p: sqrt(sum(a * a for a in p) - p[0] * p[1] - p[0] * p[2] - p[1] * p[2]) / sqrt(18),
        _triangle_quantile, _draw_triangular, is_normal=False, has_ends=True,
    ),
}  # fmt: skip
"""Every kind by the word a policy writes."""


def fit(kind: str, lower: float, upper: float, level: float = LEVEL) -> Distribution:
    """The distribution of a kind with two bounds of the multiplier at a level in per cent.

    Raises:
        ValueError: the bounds are in the wrong order or do not suit the kind or the level.

    >>> normal = fit("normal", 0.9, 1.1)
    >>> normal.mean, round(normal.deviation, 6), round(normal.half_width, 6)
    (1.0, 0.051021, 0.1)
    """
    if lower > upper:
        raise ValueError("the lower bound lies above the upper one")
    if not 0 < level <= ALL:
        raise ValueError("a level lies between 0 and 100 %")
    if level == ALL and not KINDS[kind].has_ends:
        raise ValueError(f"a {kind} distribution has no ends: state a level below 100 %")
    return Distribution(kind, KINDS[kind].fit(lower, upper, level))


def around(mean: float, deviation: float) -> Distribution:
    """A distribution with given moments, for sums of many errors: lognormal where the mean is positive."""
    if mean <= 0:
        return Distribution("normal", (mean, deviation))
    variance = log(1 + (deviation / mean) ** 2)
    return Distribution("lognormal", (log(mean) - variance / 2, sqrt(variance)))
