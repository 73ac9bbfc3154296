"""The postings of a run indexed by factor, so that another value of one factor touches its own postings alone.

Made once from a balance, in time that grows with its matches and not with its rows. Everything in it is linear in every
factor row, so an answer is the sum before, less what the touched postings gave, plus what they give now: exact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from ghg.factors import FactorRow
from ghg.figures import BOOKS, figures
from ghg.inventory import Denominator
from ghg.ledger import Balance, Valuation
from ghg.plan import Plan, Posting
from ghg.schema import Provenance
from ghg.statement import Result, Sums, Value, value_of
from ghg.units import unit

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Part:
    """One posting of a match with the activity behind it.

    Attributes:
        posting: account, gas and factor.
        measured: activity in base units that is not back-calculated.
        back: activity in base units that is.
        figures: the figures the posting counts towards.
    """

    posting: Posting
    measured: Fraction
    back: Fraction
    figures: tuple[str, ...]


class Index:
    """The postings of a run by factor, and the sums of its figures.

    Args:
        plan: the plan of the run.
        balance: its balance.
        valuation: its factor values and GWP set.
    """

    def __init__(self, plan: Plan, balance: Balance, valuation: Valuation) -> None:
        self.valuation = valuation
        self.parts = tuple(_parts(plan, balance))
        self.values = [self._sums(part, valuation.coefficient(part.posting)) for part in self.parts]
        self.of_row: defaultdict[str, list[int]] = defaultdict(list)
        self.of_figure: dict[str, list[int]] = {name: [] for name in figures()}
        for position, part in enumerate(self.parts):
            for name in {part.posting.factor, *part.posting.parameters} - {""}:
                self.of_row[name].append(position)
            for name in part.figures:
                self.of_figure[name].append(position)

    @cached_property
    def sums(self) -> Mapping[str, Sums]:
        """The sums of every figure something posts to, in base units."""
        return {
            name: _total(self.values[position] for position in positions)
            for name, positions in self.of_figure.items()
            if positions
        }

    def under(self, rows: Mapping[str, FactorRow]) -> dict[str, Sums]:
        """The sums of every figure under other values of some rows; only their postings are looked at."""
        valuation = Valuation(_Over(rows, self.valuation.rows), self.valuation.gwp)
        found = dict(self.sums)
        for position in sorted({position for name in rows for position in self.of_row.get(name, ())}):
            part, old = self.parts[position], self.values[position]
            new = self._sums(part, valuation.coefficient(part.posting), valuation)
            step = Sums(*(after - before for before, after in zip(old, new, strict=True)))
            for name in part.figures:
                found[name] = _total((found[name], step))
        return found

    def _sums(self, part: Part, coefficient: Fraction, valuation: Valuation | None = None) -> Sums:
        """What a part gives, and how much of it rests on back-calculation and implied factors."""
        under = valuation or self.valuation
        rate = coefficient * under.potential(part.posting.gas, part.posting.measure)
        is_implied = bool(part.posting.factor) and under.rows[part.posting.factor].is_implied
        back, total = part.back * rate, (part.measured + part.back) * rate
        return Sums(total, back, total * is_implied, total if is_implied else back)


class _Over(Mapping[str, FactorRow]):
    """Rows over others; nothing is copied."""

    def __init__(self, over: Mapping[str, FactorRow], under: Mapping[str, FactorRow]) -> None:
        self._over, self._under = over, under

    def __getitem__(self, name: str) -> FactorRow:
        found = self._over.get(name)
        return self._under[name] if found is None else found

    def __iter__(self) -> Iterator[str]:
        return iter(self._under)

    def __len__(self) -> int:
        return len(self._under)


def _parts(plan: Plan, balance: Balance) -> Iterator[Part]:
    """Every posting of every match that rows posted to."""
    activity: defaultdict[int, list[Fraction]] = defaultdict(lambda: [ZERO, ZERO])
    summed = balance.by(("provenance",))
    unit_at, provenance_at = summed.names.index("unit"), summed.names.index("provenance")
    for line in summed.lines:
        is_back = line.dimensions[provenance_at] == Provenance.BACK_CALCULATED
        step = Fraction(line.amount, 10**summed.decimals) * unit(line.dimensions[unit_at]).multiplier
        activity[line.match][is_back] += step
    known: dict[tuple[str, ...], tuple[str, ...]] = {}
    for match, (measured, back) in activity.items():
        for posting in plan.matches[match].postings:
            account = (posting.measure, posting.book, posting.scope, posting.category, posting.energy)
            if account not in known:
                known[account] = tuple(_figures(posting))
            yield Part(posting, measured, back, known[account])


def _figures(posting: Posting) -> Iterator[str]:
    """The figures a posting counts towards."""
    for name, figure in figures().items():
        if figure.includes(
            measure=posting.measure, book=posting.book, scope=posting.scope, category=posting.category,
            energy=posting.energy,
        ):  # fmt: skip
            yield name


def _total(found: Iterable[Sums]) -> Sums:
    return Sums(*(sum(column, ZERO) for column in zip(*found, strict=True)))


class Revalued(Result):
    """The result of a run under other values of some factor rows, from the index of the run before.

    Args:
        index: the index of the run before.
        rows: the rows that have another value.
        plan: the plan of both.
        balance: the balance of both.
        valuation: the values of this result.
        denominators: what intensities divide by.
        absent: figures of a book that is not computed; a value of a factor changes nothing about that.
        books: the books that are computed.
    """

    def __init__(
        self,
        index: Index,
        rows: Mapping[str, FactorRow],
        plan: Plan,
        balance: Balance,
        valuation: Valuation,
        denominators: Mapping[str, Denominator],
        absent: frozenset[str],
        books: Sequence[str] = BOOKS,
    ) -> None:
        super().__init__(plan, balance, valuation, denominators, books)
        self.absent = absent
        self._sums = index.under(rows)

    def _figure(self, name: str) -> Value | None:
        found = self._sums.get(name)
        if not found or name in self.absent:
            return None
        return value_of(found, figures()[name].unit, figures()[name].measure)
