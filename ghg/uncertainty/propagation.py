"""Approach 1: error propagation in closed form, and the exact variance beside it.

The total is a sum of weights times products of independent multipliers. Its variance splits exactly into one part for
each set of sources that act together (the analysis of variance of a multilinear function):

    Var = Σ over sets T of (Σ over terms that hold T of weight · Π means of the others)² · Π over T of variances

Sets of one source alone, at the values used, are the equations of approach 1 of the IPCC (2006 Guidelines, Volume 1,
chapter 3, equations 3.1 and 3.2), generalised to sources that several terms share: what a source does is added over
terms before it is squared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import prod
from typing import TypeVar

from ghg.uncertainty.distributions import LEVEL, z
from ghg.uncertainty.model import Model, Term, Whole

Set = tuple[int, ...]
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Moments:
    """Mean and variance of a sum of terms, exact but for rounding of floats.

    Attributes:
        mean: in t CO2e.
        parts: variance by the set of sources that act together.
    """

    mean: float
    parts: Mapping[Set, float]

    @property
    def variance(self) -> float:
        """The variance, in t² CO2e."""
        return sum(self.parts.values())

    def shares(self) -> Mapping[int, Share]:
        """What every source adds to the variance."""
        whole = self.variance
        found: defaultdict[int, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
        for names, part in self.parts.items():
            for source in names:
                held = found[source]
                held[0] += part / len(names)
                held[1] += part if len(names) == 1 else 0.0
                held[2] += part
        return {source: Share(*(part / whole if whole else 0.0 for part in held)) for source, held in found.items()}


@dataclass(frozen=True, slots=True)
class Share:
    """What a source adds to a variance, as shares of it.

    Attributes:
        fair: joint parts split evenly (Shapley); the shares of all sources sum to one.
        first: by itself.
        total: all that would go if the source were known.
    """

    fair: float
    first: float
    total: float


@dataclass(frozen=True, slots=True)
class Effects:
    """What sources do to a sum of terms, before anything is squared; effects of two sums add up to those of both.

    Attributes:
        mean: mean of the sum.
        together: by set of sources, the weights of the terms that hold it times the means of their other multipliers.
        alone: by source, the weights of the terms that hold it.
        shares: as ``together``, by whole and by its part.
        shares_alone: weights by whole and by its part.
    """

    mean: float
    together: Mapping[Set, float]
    alone: Mapping[int, float]
    shares: Mapping[tuple[int, Set], Mapping[int, float]]
    shares_alone: Mapping[int, Mapping[int, float]]


def effects(model: Model, terms: Iterable[Term]) -> Effects:
    """What sources do to a sum of terms."""
    means = [source.distribution.mean for source in model.sources]
    together: defaultdict[Set, float] = defaultdict(float)
    alone: defaultdict[int, float] = defaultdict(float)
    shares: defaultdict[tuple[int, Set], defaultdict[int, float]] = defaultdict(lambda: defaultdict(float))
    shares_alone: defaultdict[int, defaultdict[int, float]] = defaultdict(lambda: defaultdict(float))
    mean = 0.0
    for term in terms:
        mean += term.weight * prod(means[source] for source in term.sources)
        for source in term.sources:
            alone[source] += term.weight
        if term.share:
            shares_alone[term.share[0]][term.share[1]] += term.weight
        for size in range(len(term.sources) + 1):
            for held in combinations(term.sources, size):
                rest = term.weight * prod(means[source] for source in term.sources if source not in held)
                together[held] += rest
                if term.share:
                    shares[term.share[0], held][term.share[1]] += rest
    return Effects(mean, together, alone, shares, shares_alone)


def added(parts: Iterable[Effects]) -> Effects:
    """The effects of several sums, added."""
    found = list(parts)
    return Effects(
        sum(one.mean for one in found),
        _added(one.together for one in found),
        _added(one.alone for one in found),
        _nested(one.shares for one in found),
        _nested(one.shares_alone for one in found),
    )


def _added(parts: Iterable[Mapping[Key, float]]) -> Mapping[Key, float]:
    total: defaultdict[Key, float] = defaultdict(float)
    for part in parts:
        for key, value in part.items():
            total[key] += value
    return total


def _nested(parts: Iterable[Mapping[Key, Mapping[int, float]]]) -> Mapping[Key, Mapping[int, float]]:
    found = list(parts)
    return {key: _added(part[key] for part in found if key in part) for part in found for key in part}


def moments(model: Model, found: Effects) -> Moments:
    """The exact mean and variance of a sum of terms from the effects on it."""
    variances = [source.distribution.deviation**2 for source in model.sources]
    parts = {held: value**2 * prod(variances[n] for n in held) for held, value in found.together.items() if held}
    for (number, held), by_part in found.shares.items():
        whole = model.wholes[number]
        key = tuple(sorted((*held, whole.source)))
        parts[key] = parts.get(key, 0.0) + _dirichlet(whole, by_part) * prod(variances[n] for n in held)
    return Moments(found.mean, parts)


def _dirichlet(whole: Whole, by_part: Mapping[int, float]) -> float:
    """The variance of a weighted sum of shares relative to their means."""
    squares = sum(value**2 / whole.shares[part] for part, value in by_part.items())
    return (squares - sum(by_part.values()) ** 2) / (whole.answers + 1)


@dataclass(frozen=True, slots=True)
class Propagated:
    """Approach 1 for a sum of terms.

    Attributes:
        half_width: half of the 95 % interval, in t CO2e.
        shares: the share of each source in the square of the half-width; they sum to one.
    """

    half_width: float
    shares: Mapping[int, float]


def propagate(model: Model, found: Effects) -> Propagated:
    """The equations of approach 1 with shared sources; shares of a whole count as normal."""
    squares = {
        source: (effect * model.sources[source].distribution.half_width) ** 2 for source, effect in found.alone.items()
    }
    for number, by_part in found.shares_alone.items():
        whole = model.wholes[number]
        squares[whole.source] = z(LEVEL) ** 2 * _dirichlet(whole, by_part)
    total = sum(squares.values())
    return Propagated(total**0.5, {source: square / total for source, square in squares.items() if total})
