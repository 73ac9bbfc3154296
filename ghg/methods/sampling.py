"""Sampling error of an extrapolation, from the figures of the survey it rests on.

A statistic, so in doubles; nothing is posted by it. Simple random sampling without replacement is assumed, and said so
wherever an error is shown. Source: W. G. Cochran, Sampling Techniques (3rd edition, 1977), equations 2.20 (a mean) and
3.8 (a proportion), both with the finite population correction; sampling itself as in the Technical Guidance for
Calculating Scope 3 Emissions, appendix A. Student's t by expansion 26.7.5 of M. Abramowitz and I. A. Stegun, Handbook
of Mathematical Functions (1964).
"""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from statistics import NormalDist

from pydantic import BaseModel, ConfigDict

from ghg.issues import GhgError, UnitError
from ghg.methods import expression
from ghg.methods.expression import Measured

LEVEL = 0.95
"""Probability of the interval."""
FEWEST = 6
"""Fewest answers an interval is given for: below, the expansion of Student's t is off by more than one per cent."""
MEAN, PROPORTION = "equation 2.20", "equation 3.8"


class Sampling(BaseModel):
    """Which inputs of a method are the figures of a survey.

    Attributes:
        sample: how many were asked and answered.
        population: how many there are.
        total: the sum of all answers, whose mean is extrapolated; blank where a proportion is.
        deviation: standard deviation of one answer, with the divisor n − 1; blank where a proportion is extrapolated.
        successes: how many answered alike, where a proportion is extrapolated.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    sample: str
    population: str
    total: str = ""
    deviation: str = ""
    successes: str = ""


def student(level: float, degrees: int) -> float:
    """How many standard errors the bounds of a level lie from a mean estimated with some degrees of freedom.

    >>> round(student(0.95, 10), 3)
    2.228
    """
    z = NormalDist().inv_cdf(0.5 + level / 2)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + float(sum(term / degrees**power for power, term in enumerate(terms, start=1)))


def of_mean(sample: float, population: float, mean: float, deviation: float) -> float:
    """Half-width of the interval of a mean, relative to it.

    Args:
        sample: answers, at least ``FEWEST``.
        population: how many there are, no fewer than answers.
        mean: mean of the answers, above zero.
        deviation: standard deviation of one answer.
    """
    error = deviation / sqrt(sample) * sqrt(1 - sample / population)
    return student(LEVEL, int(sample) - 1) * error / mean


def of_proportion(sample: float, population: float, successes: float) -> float:
    """Half-width of the interval of a proportion, relative to it; arguments as in ``of_mean``."""
    share = successes / sample
    error = sqrt(share * (1 - share) / (sample - 1) * (1 - sample / population))
    return NormalDist().inv_cdf(0.5 + LEVEL / 2) * error / share


def in_words(figures: Sampling, values: Mapping[str, Measured], shown: Mapping[str, str]) -> str:
    """The sampling error of an extrapolation; blank where the survey does not state its figures.

    Args:
        figures: which inputs are figures of the survey.
        values: the inputs that are filled in.
        shown: the same as they were written.

    Raises:
        UnitError: the deviation measures something else than the answers.
        GhgError: the survey has more answers than there are.
    """
    if figures.deviation and figures.deviation not in values:
        return ""
    sample, population = float(values[figures.sample].value), float(values[figures.population].value)
    alike = float(values[figures.successes].value) if figures.successes else 0.0
    if not alike <= sample <= population:
        raise GhgError(f"the survey has more answers than there are: {shown[figures.sample]}.")
    if sample < FEWEST:
        return f"sampling error: none is given for fewer than {FEWEST} answers"
    if figures.successes:
        half = of_proportion(sample, population, alike) if alike else 0.0
        what, equation = f"{shown[figures.successes]} alike", PROPORTION
    else:
        total, deviation = values[figures.total], values[figures.deviation]
        if deviation.powers != total.powers:
            words = [expression.in_words(found.powers) for found in (deviation, total)]
            raise UnitError(f"the standard deviation measures {words[0]}, the answers {words[1]}.")
        mean = float(total.value) / sample
        half = of_mean(sample, population, mean, float(deviation.value)) if mean else 0.0
        what, equation = f"standard deviation {shown[figures.deviation]}", MEAN
    return (
        f"sampling error: ± {half * 100:.3g} % of the amount at {LEVEL:.0%}; {shown[figures.sample]} of "
        f"{shown[figures.population]} answered, {what}; simple random sample, finite population correction (Cochran, "
        f"Sampling Techniques, 1977, {equation})"
    )
