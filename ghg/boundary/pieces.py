"""Pieces of an activity: the days an inventory accounts for, each with its share of the amount."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some days of an activity.

    Attributes:
        start: first day.
        end: last day.
        days: share of the activity's days.
        held: share the organisation accounts for on these days.
        why: why that share, in words; blank where all of the activity counts.
        category: Scope 3 category that what is Scope 1 and 2 elsewhere belongs to, of a leased asset of somebody else.
    """

    start: date
    end: date
    days: Fraction = ONE
    held: Fraction = ONE
    why: str = ""
    category: str = ""

    @property
    def share(self) -> Fraction:
        """Share of the amount, amounts taken to be spread evenly over the days."""
        if self.held is ONE or self.days is ONE:
            return self.days if self.held is ONE else self.held
        return self.days * self.held

    def __str__(self) -> str:
        said = f", {self.why}" if self.why else ""
        # Rows that count whole in time are alike whatever their days.
        when = "all its days" if self.days == 1 else f"{self.start} to {self.end}"
        return f"{when}: {self.share} of the amount{said}"


def cut(piece: Piece, days: Iterable[date]) -> list[Piece]:
    """The piece cut so that each of the days starts a piece; shares of days sum to the piece's own."""
    starts = [piece.start, *sorted({day for day in days if piece.start < day <= piece.end})]
    ends = [*(day - timedelta(days=1) for day in starts[1:]), piece.end]
    whole = (piece.end - piece.start).days + 1
    return [
        replace(piece, start=start, end=end, days=piece.days * Fraction((end - start).days + 1, whole))
        for start, end in zip(starts, ends, strict=True)
    ]
