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
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod

from ghg.uncertainty.distributions import LEVEL, z
from ghg.uncertainty.model import Model, Term, Whole

Set = tuple[int, ...]


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

    def first(self, source: int) -> float:
        """The share of the variance that a source has by itself."""
        return self.parts.get((source,), 0.0) / self.variance if self.variance else 0.0

    def total(self, source: int) -> float:
        """The share of the variance that would go if the source were known."""
        held = sum(part for names, part in self.parts.items() if source in names)
        return held / self.variance if self.variance else 0.0

    def fair(self, source: int) -> float:
        """The share of the variance with joint parts split evenly (Shapley); the shares of all sources sum to one."""
        held = sum(part / len(names) for names, part in self.parts.items() if source in names)
        return held / self.variance if self.variance else 0.0


def moments(model: Model, terms: Iterable[Term]) -> Moments:
    """The exact mean and variance of a sum of terms."""
    means = [source.distribution.mean for source in model.sources]
    plain: defaultdict[Set, float] = defaultdict(float)
    shared: defaultdict[tuple[int, Set], defaultdict[int, float]] = defaultdict(lambda: defaultdict(float))
    mean = 0.0
    for term in terms:
        mean += term.weight * prod(means[source] for source in term.sources)
        for size in range(len(term.sources) + 1):
            for together in combinations(term.sources, size):
                rest = term.weight * prod(means[source] for source in term.sources if source not in together)
                plain[together] += rest
                if term.share:
                    shared[term.share[0], together][term.share[1]] += rest
    variances = [source.distribution.deviation**2 for source in model.sources]
    parts = {names: value**2 * prod(variances[n] for n in names) for names, value in plain.items() if names}
    for (number, names), by_part in shared.items():
        whole_of = model.wholes[number]
        held = tuple(sorted((*names, whole_of.source)))
        spread = _dirichlet(whole_of, by_part) * prod(variances[n] for n in names)
        parts[held] = parts.get(held, 0.0) + spread
    return Moments(mean, parts)


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


def propagate(model: Model, terms: Sequence[Term]) -> Propagated:
    """The equations of approach 1 with shared sources; shares of a whole count as normal."""
    effects: defaultdict[int, float] = defaultdict(float)
    parts: defaultdict[int, defaultdict[int, float]] = defaultdict(lambda: defaultdict(float))
    for term in terms:
        for source in term.sources:
            effects[source] += term.weight
        if term.share:
            parts[term.share[0]][term.share[1]] += term.weight
    squares = {
        source: (effect * model.sources[source].distribution.half_width) ** 2 for source, effect in effects.items()
    }
    for number, by_part in parts.items():
        whole = model.wholes[number]
        squares[whole.source] = z(LEVEL) ** 2 * _dirichlet(whole, by_part)
    total = sum(squares.values())
    return Propagated(total**0.5, {source: square / total for source, square in squares.items() if total})
