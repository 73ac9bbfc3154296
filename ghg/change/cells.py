"""A run cut into cells that two runs can be compared by: activity × share held × factor × GWP, exact.

A cell is one activity of one entity in one account and book. Its parts are the ways its amounts are measured and
calculated. Of each part the quantity is known apart from what is emitted per unit, gas by gas, so that each can be
exchanged without the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from ghg.change.applying import finer
from ghg.figures import Book
from ghg.ledger import Entry, entries
from ghg.plan import Match
from ghg.schema import Entry as Kind
from ghg.schema import Provenance
from ghg.units import unit

if TYPE_CHECKING:
    from ghg.runs import Run

ZERO = Fraction(0)


class Cell(NamedTuple):
    """What two runs are matched by."""

    scope: str
    category: str
    entity: str
    activity: str


class Way(NamedTuple):
    """How amounts of a cell are calculated: the method, and what the amount measures."""

    method: str
    dimension: str


@dataclass(slots=True)
class Part:
    """The amounts of a cell that are calculated one way.

    Attributes:
        quantity: activity in base units.
        corrected: what correction rows add to it, in base units.
        held: what the organisation accounts for of both, in base units: less where it holds a share, or for some days.
        masses: kg of each gas, corrections included.
        value: kg CO2e.
        back_calculated: kg CO2e on back-calculated activity.
        implied: kg CO2e on an implied factor.
        factors: ids of the factors used.
    """

    quantity: Fraction = ZERO
    corrected: Fraction = ZERO
    held: Fraction = ZERO
    masses: defaultdict[str, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    value: Fraction = ZERO
    back_calculated: Fraction = ZERO
    implied: Fraction = ZERO
    factors: set[str] = field(default_factory=set)

    @property
    def total(self) -> Fraction:
        """Activity and corrections."""
        return self.quantity + self.corrected

    @property
    def share(self) -> Fraction | None:
        """Share that the organisation accounts for; none where there is no activity to hold a share of."""
        return self.held / self.total if self.total else None

    @property
    def per_unit(self) -> Mapping[str, Fraction]:
        """Kg of each gas per base unit accounted for; empty where there is none to divide by."""
        return {gas: mass / self.held for gas, mass in self.masses.items()} if self.held else {}


Cells = Mapping[Cell, Mapping[Way, Part]]


def cells_of(run: Run, book: Book) -> Cells:
    """The emissions of a run in one book, cell by cell."""
    # Rows scanned in place keep what their balance keeps.
    looked_at = run if run.scans else finer(run, ("entity", "entry"))
    found: defaultdict[Cell, defaultdict[Way, Part]] = defaultdict(lambda: defaultdict(Part))
    counted: set[tuple[Cell, Way, int, tuple[str, ...]]] = set()
    for entry in entries(looked_at.balance, looked_at.plan, looked_at.valuation):
        posting = entry.posting
        if posting.measure != "emissions" or posting.book not in ("", book):
            continue
        match = looked_at.plan.matches[entry.line.match]
        cell = Cell(posting.scope, posting.category, entry.dimensions.get("entity", ""), match.activity)
        way = Way(match.method, unit(entry.dimensions["unit"]).dimension)
        part = found[cell][way]
        line = (cell, way, entry.line.match, entry.line.dimensions)
        if line not in counted:
            counted.add(line)
            _count(part, entry, match.scale, _held(looked_at, match, book))
        part.masses[posting.gas] += entry.mass
        part.value += entry.value
        part.back_calculated += entry.value * (entry.dimensions["provenance"] == Provenance.BACK_CALCULATED)
        if posting.factor:
            part.factors.add(posting.factor)
            part.implied += entry.value * looked_at.valuation.rows[posting.factor].is_implied
    return found


def _held(run: Run, match: Match, book: Book) -> Fraction:
    """The share of a match's amount that counts in a book: each factor once, however many gases it has."""
    shares = {
        run.plan.table.find(posting.factor).id: posting.share
        for posting in match.postings
        if posting.factor and posting.measure == "emissions" and posting.book in ("", book)
    }
    return sum(shares.values(), ZERO) / match.scale if match.scale else Fraction(1)


def _count(part: Part, entry: Entry, scale: Fraction, share: Fraction) -> None:
    """Add the quantity of a balance line, once however many gases it posts, and what is held of it."""
    quantity = entry.quantity * unit(entry.dimensions["unit"]).multiplier * scale
    part.held += quantity * share
    if entry.dimensions.get("entry") == Kind.CORRECTION:
        part.corrected += quantity
    else:
        part.quantity += quantity
