from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from ghg.reports.uncertainty import render
from ghg.uncertainty.estimate import Estimate, Interval

WIDE = Interval("scope2", Fraction(100), 80.0, 140.0, 101.0, 15.0, 15.0, 0.9999, ())
NARROW = replace(WIDE, figure="scope1", amount=Fraction(50), lower=45.0, upper=55.0, covered=1.0)
ESTIMATE = Estimate(2, 1000, 7, {"scope1": NARROW, "scope2": WIDE}, {"scope3": Fraction(9)}, (), (), ("Read this.",))


def test_intervals_stand_on_one_scale() -> None:
    lines = render(ESTIMATE).splitlines()
    picture = {line.split()[0]: line for line in lines if "━" in line}
    assert picture["scope2"].count("━") > picture["scope1"].count("━") > 0
    assert len({line.index("●") for line in picture.values()}) == 1
    scale = next(line for line in lines if line.startswith("id") and "+40.0 %" in line)
    assert scale.index(" 0 ") + 1 == picture["scope1"].index("●")


def test_a_share_never_reads_as_whole_when_it_is_not() -> None:
    text = render(ESTIMATE)
    assert "99.9 %" in text
    assert "100 %" in text
    assert " ".join(next(line for line in text.splitlines() if " scope3 " in line).split()).endswith("9.00 – – – – 0 %")


def test_figures_of_zero_have_no_relative_ends_and_no_bar() -> None:
    zero = replace(WIDE, amount=Fraction(0), lower=-1.0, upper=1.0)
    text = render(replace(ESTIMATE, intervals={"scope2": zero}))
    assert "–" in text
    assert "●" not in text
