from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghg.reports import pictures
from ghg.reports.pictures import Axis, axis, bar


@given(st.lists(st.fractions(-1000, 1000), min_size=1, max_size=6), st.integers(1, 120))
def test_every_value_has_a_place_on_its_axis(values: list[Fraction], steps: int) -> None:
    found = axis(values)
    assert all(0 <= found.place(value, steps) <= steps for value in values)
    assert found.is_cut is not (found.low <= 0 <= found.high)


@given(st.fractions(0, 1), st.fractions(0, 1), st.integers(1, 80))
def test_a_bar_fills_its_columns_and_is_never_invisible(start: Fraction, end: Fraction, steps: int) -> None:
    drawn = bar(Axis(Fraction(0), Fraction(1)), start, end, steps, "█")
    assert len(drawn) == steps
    assert drawn.strip()


def test_an_axis_leaves_zero_out_only_where_levels_lie_close_together() -> None:
    assert axis([Fraction(99), Fraction(100)]).is_cut
    assert not axis([Fraction(50), Fraction(100)]).is_cut
    assert not axis([Fraction(100)]).is_cut
    assert not axis([Fraction(-1), Fraction(100)]).is_cut


@pytest.mark.parametrize("columns", [None, 20, 60, 118])
def test_room_for_bars_is_what_a_terminal_leaves(columns: int | None) -> None:
    left, middle, right = pictures.room(["电力", "a"], ["1.00"], columns)
    assert (left, right) == (4, 4)
    assert left + middle + right + 4 == max(columns or 118, 60)


def test_text_in_a_picture_is_escaped() -> None:
    drawn = pictures.svg(
        "<a> & b", "<d>", 10, 10, [pictures.words(0, 0, "<x>"), pictures.rectangle(0, 0, 1, 1, "#000", "&")]
    )
    assert "<a>" not in drawn
    assert "&lt;x&gt;" in drawn
    assert "&lt;h&gt;" in pictures.page("t", drawn, ["<h>"], [["  <c>", "1"]], ["<n>"])
