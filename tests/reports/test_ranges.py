from __future__ import annotations

import xml.etree.ElementTree as ET

from ghg.reports.ranges import Range, svg

NAMESPACE = "{http://www.w3.org/2000/svg}"


def test_every_range_stands_about_the_same_middle_and_says_its_numbers() -> None:
    made = svg(
        "Sure?", [Range("scope2", -0.1, 0.2, "100 [90, 120]"), Range("a < b", -0.05, 0.05, "9")], "t", ["scope3"]
    )
    tree = ET.fromstring(made)  # noqa: S314 - our own text
    bars = [rect.attrib for rect in tree.iter(f"{NAMESPACE}rect")][1:]
    marks = {float(bar["x"]) for bar in bars[1::2]}
    assert len(marks) == 1
    wide, narrow = (float(bar["width"]) for bar in bars[::2])
    assert 2.9 < wide / narrow < 3.1
    texts = [text.text for text in tree.iter(f"{NAMESPACE}text")]
    assert {"100 [90, 120]", "a < b", "+20.0 %", "Nothing is stated for: scope3."} <= set(texts)


def test_figures_that_are_sure_are_drawn_too() -> None:
    assert "scope1" in svg("Sure", [Range("scope1", 0.0, 0.0, "1")], "t")
