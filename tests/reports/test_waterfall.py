from __future__ import annotations

import xml.etree.ElementTree as ET
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ghg.reports import waterfall
from ghg.reports.text import width

numbers = st.fractions(-100, 100, max_denominator=9)


@given(numbers, st.lists(st.tuples(st.text(min_size=1, max_size=5), numbers), max_size=5))
def test_steps_lead_from_one_level_to_the_other(first: Fraction, effects: list[tuple[str, Fraction]]) -> None:
    found = waterfall.steps(("before", first), effects, "after")
    assert found[-1].end == first + sum((effect for _, effect in effects), Fraction(0))
    assert all(step.start == before.end for before, step in pairwise(found[:-1]))


FOUND = waterfall.steps(
    ("before", Fraction(100)), [("activity", Fraction(50)), ("none", Fraction(0)), ("factors", Fraction(-25))], "after"
)


def test_the_terminal_picture() -> None:
    assert all(width(line) <= 60 for line in waterfall.text(FOUND, "t", 60).splitlines())
    text = waterfall.text(FOUND, "t CO2e", 60)
    assert [line.split()[0] for line in text.splitlines()[:4]] == ["before", "activity", "factors", "after"]
    assert "\x1b" not in text
    assert "not at zero" not in text


def test_a_cut_axis_is_said() -> None:
    found = waterfall.steps(("before", Fraction(1000)), [("a", Fraction(1))], "after")
    assert "The axis starts at 999.80 t, not at zero." in waterfall.text(found, "t")
    assert "not at zero" in waterfall.svg("title", found, "t")


def test_the_svg_says_in_words_what_it_shows_and_loads_nothing() -> None:
    drawn = waterfall.svg("Year on year", FOUND, "t CO2e")
    root = ET.fromstring(drawn)  # noqa: S314 - our own
    texts = ["".join(node.itertext()) for node in root.iter()]
    assert "Waterfall in t CO2e: before 100.00; activity +50.00; factors -25.00; after 125.00." in texts
    assert root.attrib["role"] == "img"
    assert "href" not in drawn
    assert "url(" not in drawn
