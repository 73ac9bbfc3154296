"""The pedigree matrix: five scores for data quality, each adding to the variance of the logarithm of a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from math import exp, sqrt

from pydantic import BaseModel, ConfigDict

from ghg.reading.shipped import shipped

BASIC = "basic"
"""Name of the row for the variance that every value has, however good its data."""
INDICATORS = ("reliability", "completeness", "temporal", "geographical", "technological")
"""The indicators in the order in which scores are written."""


class Cell(BaseModel):
    """The variance that one score of one indicator adds, as printed, with its source."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    indicator: str
    score: str
    variance: str
    source: str
    locator: str
    verification: str
    note: str


@cache
def cells() -> Mapping[tuple[str, str], Cell]:
    """Every cell by indicator and score."""
    return {(cell.indicator, cell.score): cell for cell in shipped("uncertainty/pedigree.csv", Cell)}


def deviation(scores: Sequence[str]) -> float:
    """The standard deviation of the logarithm for five scores from 1 (best) to 5 (worst).

    Raises:
        ValueError: there are not five scores from 1 to 5.

    >>> round(geometric(["1", "1", "1", "1", "1"]) ** 2, 3)
    1.05
    """
    wanted = [(BASIC, ""), *zip(INDICATORS, scores, strict=False)]
    if len(scores) != len(INDICATORS) or any(key not in cells() for key in wanted):
        raise ValueError(f"a pedigree has five scores from 1 to 5: {', '.join(INDICATORS)}")
    return sqrt(sum(float(cells()[key].variance) for key in wanted))


def geometric(scores: Sequence[str]) -> float:
    """The geometric standard deviation for five scores; 95 % lie between the value over its square and times it."""
    return exp(deviation(scores))
