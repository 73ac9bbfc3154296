"""The days and shares of a row that an inventory accounts for: its reporting period, and what it holds of the entity.

Three approaches consolidate the same rows: equity share, financial control, operational control (GHG Protocol Corporate
Standard, chapter 3). A row that crosses a border, of the period or of a holding, counts by its days.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache, cached_property

from ghg.boundary.entities import Approach, Entities
from ghg.boundary.pieces import ONE, Piece, cut
from ghg.numbers import decimal_text, is_finite


@dataclass(frozen=True)
class Boundary:
    """What an inventory accounts for.

    Attributes:
        start: first day of the reporting period.
        end: last day of it.
        entities: who belongs to it; none where every row does.
        approach: how they are consolidated; blank without entities.
    """

    start: date
    end: date
    entities: Entities | None = None
    approach: Approach | None = None

    def pieces(self, entity: str, start: date, end: date) -> tuple[Piece, ...]:
        """The days of a row that count, each with its share; none where the row lies outside the boundary."""
        return self._known(entity, start, end)

    @cached_property
    def _known(self) -> Callable[[str, date, date], tuple[Piece, ...]]:
        """What was found of an entity and days; many keys ask the same."""
        return cache(self._pieces)

    def _pieces(self, entity: str, start: date, end: date) -> tuple[Piece, ...]:
        whole = Piece(start, end)
        inside = [piece for piece in cut(whole, self._borders()) if self.start <= piece.start <= self.end]
        if inside and inside[0].days != 1:
            inside = [Piece(piece.start, piece.end, piece.days, why="in the reporting period") for piece in inside]
        if self.entities is None or self.approach is None:
            return tuple(inside)
        changes = self.entities.changes(entity)
        held = [self._held(entity, part) for piece in inside for part in cut(piece, changes)]
        return tuple(_joined([piece for piece in held if piece.held]))

    def standing(self, entity: str) -> tuple[str, tuple[date, ...]]:
        """The name of an entity where not every day of the period counts whole, and the days on which that changes."""
        borders = self._borders()
        if self.entities is None or self.approach is None:
            return "", borders
        if self.pieces(entity, self.start, self.end) == (Piece(self.start, self.end),):
            return "", borders
        return entity, tuple(sorted({*borders, *self.entities.changes(entity)}))

    def is_held(self, entity: str) -> bool:
        """Whether an entity is known, and any day of the period counts for it."""
        if self.entities is None or self.approach is None:
            return bool(entity)
        return entity in self.entities.names and bool(self.pieces(entity, self.start, self.end))

    def why_outside(self, entity: str, start: date, end: date) -> str:
        """Why no day of a row counts."""
        if self.entities is None or self.approach is None:
            return "it lies outside the reporting period"
        kept = [place.row for place in self.entities.places if place.row.entity == entity]
        if not any(row.holds(day) for row in kept for day in (start, end)):
            return f"{entity} is not held from {start} to {end}"
        return f"nothing of {entity} is consolidated under {said(self.approach)}"

    def _borders(self) -> tuple[date, ...]:
        return (self.start, date.fromordinal(self.end.toordinal() + 1)) if self.end < date.max else (self.start,)

    def _held(self, entity: str, piece: Piece) -> Piece:
        assert self.entities is not None  # noqa: S101 - asked with entities only
        assert self.approach is not None  # noqa: S101
        share = self.entities.share(entity, self.approach, piece.start)
        category = self.entities.category(entity, self.approach, piece.start)
        parts = [piece.why] if piece.why else []
        parts += [f"{said(self.approach)} {_text(share)} of {entity}"] if share != 1 else []
        parts += [f"leased asset, {said(self.approach)}: Scope 3 category {category.partition('_')[0]}"] * bool(
            category
        )
        parts += [f"days {entity} is held"] if not parts and piece.days != 1 else []
        return Piece(piece.start, piece.end, piece.days, share, "; ".join(parts), category)


def said(approach: Approach) -> str:
    """An approach in words.

    >>> said("equity_share")
    'equity share'
    """
    return approach.replace("_", " ")


def _text(share: Fraction) -> str:
    return decimal_text(share) if is_finite(share) else str(share)


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Neighbouring pieces as one where nothing changed between them."""
    made: list[Piece] = []
    for piece in pieces:
        last = made[-1] if made else None
        if last and (piece.start - last.end).days == 1 and (last.held, last.category) == (piece.held, piece.category):
            days = last.days + piece.days
            made[-1] = Piece(
                last.start, piece.end, days, last.held, last.why if days != ONE else _whole(last.why), last.category
            )
        else:
            made.append(piece)
    return made


def _whole(why: str) -> str:
    """What is said of a piece that turned out to be all days of the row."""
    return "" if why.startswith("days ") else why
