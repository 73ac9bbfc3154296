from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ghg.boundary.pieces import Piece, cut

days = st.dates(date(2022, 1, 1), date(2024, 12, 31))


@given(days, days, st.lists(days, max_size=6))
def test_pieces_cover_every_day_once_and_their_shares_sum_to_one(one: date, other: date, at: list[date]) -> None:
    whole = Piece(min(one, other), max(one, other))
    pieces = cut(whole, at)
    assert sum(piece.share for piece in pieces) == 1
    assert (pieces[0].start, pieces[-1].end) == (whole.start, whole.end)
    assert all(after.start - before.end == timedelta(days=1) for before, after in pairwise(pieces))


def test_a_share_held_goes_with_the_days() -> None:
    first, second = cut(
        Piece(date(2024, 1, 1), date(2024, 12, 31), held=Fraction(2, 5), why="held"), [date(2024, 7, 1)]
    )
    assert (first.share, second.share) == (Fraction(182, 366) * Fraction(2, 5), Fraction(184, 366) * Fraction(2, 5))
    assert str(second) == "2024-07-01 to 2024-12-31: 184/915 of the amount, held"
