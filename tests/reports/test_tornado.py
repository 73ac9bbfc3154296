from __future__ import annotations

import xml.etree.ElementTree as ET
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from ghg.reports import tornado
from ghg.reports.text import width
from ghg.reports.tornado import Bar

numbers = st.fractions(0, 100, max_denominator=9)


@given(numbers, st.lists(st.builds(Bar, st.text("abc电", min_size=1, max_size=8), numbers, numbers), max_size=5))
def test_every_line_fits_and_its_middle_stands_in_one_column(total: Fraction, bars: list[Bar]) -> None:
    lines = tornado.text(total, bars, "t", 80).splitlines()[: len(bars)]
    assert all(width(line) <= 80 for line in lines)
    assert len({width(line.partition("│")[0]) for line in lines}) <= 1


def test_each_end_is_drawn_on_its_side() -> None:
    bars = [
        Bar("a", Fraction(90), Fraction(110)),
        Bar("b", Fraction(101), Fraction(99)),
        Bar("c", *[Fraction(100)] * 2),
    ]
    first, second, third, *_ = tornado.text(Fraction(100), bars, "t", 60).splitlines()
    assert first.index("░") < first.index("│") < first.index("▓")
    assert second.index("▓") < second.index("│") < second.index("░")
    assert not {"▓", "░"} & set(third)
    assert "-10.00 / +10.00" in first


def test_the_svg_says_in_words_what_it_shows() -> None:
    drawn = tornado.svg("t", Fraction(100), [Bar("a", Fraction(90), Fraction(110))], "t CO2e")
    texts = ["".join(node.itertext()) for node in ET.fromstring(drawn).iter()]  # noqa: S314 - our own
    assert "Tornado chart in t CO2e: a -10.00 / +10.00." in texts
    assert "a at its low end: 90.00 t CO2e" in texts
    assert ET.fromstring(tornado.svg("t", Fraction(0), [], "t")).attrib["role"] == "img"  # noqa: S314 - our own
