"""What a plan is made of: keys, the accounts they post to, and what decides their shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from ghg.accounts import Account
from ghg.boundary.pieces import Piece, cut
from ghg.resolve import Choice
from ghg.schema import NONE

if TYPE_CHECKING:
    from ghg.boundary.consolidation import Boundary
    from ghg.instruments.matching import Matching, Portion

KEY = ("activity", "region", "start", "end", "unit", "item", "method")
"""Columns every key has; those of an inventory whose boundary or instruments ask who consumed have the entity too."""


class Key(NamedTuple):
    """What decides a row's factors: distinct over a handful of values however many rows there are."""

    activity: str
    region: str
    start: str
    end: str
    unit: str
    entity: str = ""
    item: str = NONE
    method: str = NONE

    @classmethod
    def of(cls, columns: Sequence[str], cells: Sequence[str]) -> Key:
        """The key of cells in some order of columns."""
        return cls(**dict(zip(columns, cells, strict=True)))

    @property
    def days(self) -> tuple[date, date]:
        """First and last day."""
        return date.fromisoformat(self.start), date.fromisoformat(self.end)


class Posting(NamedTuple):
    """One account a match posts to: amount × parameters × factor × share, of one gas or measured quantity.

    ``book`` is blank where both books take the posting alike; ``gas`` is blank for a measured quantity; ``factor`` and
    ``parameters`` are ids of factor rows; ``why`` says what the share is. ``account`` is the account posted to;
    ``part`` is the gas or blend whose part the posting is, where the amount is a mass of gas.
    """

    book: str
    scope: str
    category: str
    measure: str
    energy: str
    gas: str
    factor: str
    parameters: tuple[str, ...]
    share: Fraction = Fraction(1)
    why: str = ""
    account: str = ""
    part: str = ""

    @property
    def without_share(self) -> tuple[object, ...]:
        """All but the share and why: postings alike in it are added."""
        return (
            self.book, self.scope, self.category, self.measure, self.energy, self.gas, self.factor, self.parameters,
            self.account, self.part,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Match:
    """Keys that resolve alike: one account, one method, the same choices and so the same postings.

    ``scale`` is what a what-if multiplies the activity by; the shares of the postings hold it already.
    ``pieces`` says which share of the amount counts for which days, where it is not all of it.
    """

    activity: str
    method: str
    choices: tuple[Choice, ...]
    postings: tuple[Posting, ...]
    scale: Fraction = Fraction(1)
    pieces: tuple[str, ...] = ()
    item: str = NONE

    @property
    def identity(self) -> tuple[str, ...]:
        """What makes two keys share a match; also the order of matches."""
        taken = (
            f"{choice.book}/{choice.kind}/{choice.factor.id if choice.factor else ''}/{choice.rung}"
            for choice in self.choices
        )
        scaled = () if self.scale == 1 else (f"× {self.scale}",)
        item = () if self.item == NONE else (self.item,)
        return (self.activity, self.method, *item, *taken, *self.pieces, *scaled)


FAILURES = ("factor-missing", "factor-ambiguous", "item-missing", "item-invalid", "gwp-missing")
"""Rules a key can fail by."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a key cannot post."""

    rule: str
    message: str


@dataclass(frozen=True)
class Rules:
    """What decides shares beside the inventory: its boundary, and the instruments matched to its consumption.

    Attributes:
        boundary: the days of a key that count, each with its share; none where all do.
        matching: how instruments cover consumption; none where the inventory has none.
        columns: columns of a key.
        is_matched: whether instruments cover some of the consumption, be it that they are matched to it later.
    """

    boundary: Boundary | None = None
    matching: Matching | None = None
    columns: tuple[str, ...] = KEY
    is_matched: bool = False

    def pieces(self, key: Key) -> tuple[Piece, ...]:
        """The days of a key that count."""
        return self.boundary.pieces(key.entity, *key.days) if self.boundary else (Piece(*key.days),)

    def holds(self, entity: str, start: date, end: date) -> bool:
        """Whether any day of an entity belongs to the inventory."""
        return self.boundary is None or bool(self.boundary.pieces(entity, start, end))

    def cut(self, account: Account, key: Key) -> list[Piece]:
        """The pieces of a key, cut where other instruments may cover it."""
        found = self.pieces(key)
        if not self.matching or not account.carrier:
            return list(found)
        days = self.matching.cuts(account.carrier, key.region, key.entity)
        return [part for piece in found for part in cut(piece, days)]

    def portions(self, account: Account, key: Key, piece: Piece) -> tuple[Portion, ...]:
        """The instruments that cover a piece in the market-based book."""
        if not self.matching or not account.carrier or piece.category:
            return ()
        return self.matching.portions(account.carrier, key.region, key.entity, piece.start, piece.end)
