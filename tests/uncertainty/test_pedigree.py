from __future__ import annotations

from math import exp, sqrt

import pytest

from ghg.sources import sources
from ghg.uncertainty.inputs import gwp_widths
from ghg.uncertainty.pedigree import INDICATORS, cells, deviation, geometric


def test_every_score_of_every_indicator_stands_once_with_its_source() -> None:
    assert set(cells()) == {("basic", ""), *((name, str(score)) for name in INDICATORS for score in range(1, 6))}
    assert {cell.source for cell in cells().values()} <= set(sources())
    assert {row.source for row in gwp_widths().values()} <= set(sources())


def test_a_worse_score_never_lowers_the_variance() -> None:
    for name in INDICATORS:
        variances = [float(cells()[name, str(score)].variance) for score in range(1, 6)]
        assert variances == sorted(variances)


def test_the_best_data_square_to_five_per_cent() -> None:
    # The smallest basic uncertainty of the guideline is 1.05 as a squared geometric standard deviation.
    assert round(geometric("11111") ** 2, 2) == 1.05
    assert deviation("22113") == pytest.approx(sqrt(0.0006 + 0.0006 + 0.0001 + 0.008))
    assert geometric("22113") == pytest.approx(exp(deviation("22113")))


@pytest.mark.parametrize("scores", ["1111", "111111", "11110", "1111x"])
def test_other_scores_are_refused(scores: str) -> None:
    with pytest.raises(ValueError, match="five scores"):
        deviation(scores)
