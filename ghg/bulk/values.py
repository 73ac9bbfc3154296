"""The values of a balance of many lines: exact, with whole numbers over one common denominator.

A value is amount × unit × coefficient × potential. The last three are rationals, a handful for each posting; over their
common denominator they are whole numbers, so a sum of values is a sum of products of whole numbers, cut into limbs that
64-bit sums hold exactly. The digits are those of ``fractions.Fraction``.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import TYPE_CHECKING, Any, TypeVar

from ghg.bulk.columns import ColumnBalance, grouped, in_columns
from ghg.ledger import Balance, Valuation, entries
from ghg.plan import Plan, Posting
from ghg.schema import Provenance
from ghg.units import unit

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

VECTOR_FROM = 20_000
"""Lines from which values are summed in columns; the digits are the same."""
SUMMED = 62
"""Bits that a sum of products of two limbs may take."""
Sums = tuple[Fraction, Fraction, Fraction, Fraction]
"""All of it, what rests on back-calculated activity, on an implied factor, and on either."""
ONE = Fraction(1)
NOTHING: Sums = (Fraction(0),) * 4
Whole = tuple[int, int, int, int]
"""Sums as whole numbers over a denominator that is known elsewhere."""
NONE: Whole = (0, 0, 0, 0)
Key = tuple[str, ...]
"""Words that sums are kept under."""
Name = TypeVar("Name", bound=Hashable)
Kind = tuple[tuple[Key, bool, tuple[int, int]], ...]
"""What the postings of a match are counted under, whether each rests on an implied factor, and its potential."""
Signature = tuple[str, str, str, str, str]
"""Measure, book, scope, category and energy of a posting: what figures select by."""


Number = TypeVar("Number", int, Fraction)


def added(
    one: tuple[Number, Number, Number, Number], value: Number, *, is_back: bool, is_implied: bool
) -> tuple[Number, Number, Number, Number]:
    """Sums with one value more."""
    whole, back, implied, either = one
    return (
        whole + value,
        back + value if is_back else back,
        implied + value if is_implied else implied,
        either + value if is_back or is_implied else either,
    )


def _over(sums: Whole, step: int, scale: int) -> Sums:
    """Whole sums as quotients of their denominator."""
    whole, back, implied, either = sums
    nothing = NOTHING[0]
    return (
        Fraction(whole * step, scale),
        Fraction(back * step, scale) if back else nothing,
        Fraction(implied * step, scale) if implied else nothing,
        Fraction(either * step, scale) if either else nothing,
    )


def signature(posting: Posting) -> Signature:
    """What figures select a posting by."""
    return (posting.measure, posting.book, posting.scope, posting.category, posting.energy)


@dataclass(frozen=True, slots=True)
class Worth:
    """A posting under a valuation.

    Attributes:
        posting: the posting.
        coefficient: mass of gas, or quantity, per base unit of the amount.
        potential: what the mass is multiplied by.
        is_implied: whether it rests on an implied factor.
    """

    posting: Posting
    coefficient: Fraction
    potential: Fraction
    is_implied: bool


class Worths:
    """The postings of a plan under a valuation, each worked out once.

    Args:
        plan: the plan.
        valuation: factor values and GWP set.
    """

    def __init__(self, plan: Plan, valuation: Valuation) -> None:
        self.plan, self.valuation = plan, valuation
        self._of: dict[int, tuple[Worth, ...]] = {}
        self._potentials: dict[tuple[str, str], Fraction] = {}

    def of(self, match: int) -> tuple[Worth, ...]:
        """The postings of a match."""
        found = self._of.get(match)
        if found is None:
            found = self._of[match] = tuple(map(self._worth, self.plan.matches[match].postings))
        return found

    @cached_property
    def whole(self) -> tuple[dict[tuple[int, int], int], int]:
        """By match and ordinal of a posting its coefficient as a whole number over one denominator, and that."""
        every = ((match, self.of(match)) for match in range(len(self.plan.matches)))
        return _over_one({(match, n): worth.coefficient for match, of in every for n, worth in enumerate(of)})

    def _worth(self, posting: Posting) -> Worth:
        key = (posting.gas, posting.measure)
        if key not in self._potentials:
            self._potentials[key] = self.valuation.potential(*key)
        is_implied = bool(posting.factor) and self.valuation.rows[posting.factor].is_implied
        return Worth(posting, self.valuation.coefficient(posting), self._potentials[key], is_implied)


@dataclass(frozen=True)
class Accounts:
    """The sums of a balance by account.

    Attributes:
        sums: by signature, in kg or base units.
        factors: ids of the factor rows behind them.
    """

    sums: Mapping[Signature, Sums]
    factors: frozenset[str]


def accounts_of(balance: Balance, worths: Worths) -> Accounts:
    """The sums of a balance by account."""
    (sums,) = summed_by(balance, worths, (), lambda _, posting: signature(posting))
    factors = {posting.factor for match in balance.matches for posting in worths.plan.matches[match].postings}
    by_account = {
        (measure, book, scope, category, energy): found
        for ((measure, book, scope, category, energy), _), found in sums.items()
    }
    return Accounts(by_account, frozenset(factors - {""}))


def summed_by(
    balance: Balance, worths: Worths, names: Sequence[str], of: Callable[[int, Posting], Key | None],
    *, of_mass: Sequence[bool] = (False,), step: Fraction = ONE,
) -> list[dict[tuple[Key, Key], Sums]]:  # fmt: skip
    """The sums of a balance of many lines by what postings have in common and by words of the lines.

    Args:
        balance: as columns or lines.
        worths: the postings of its plan.
        names: dimensions of the lines that are kept.
        of: what a posting of a match is counted under; none where it is left out.
        of_mass: for each of the sums asked for, whether it is of mass instead of value.
        step: what sums are multiplied by, so that they come out in another unit.
    """
    summed_to = balance.by(tuple({*names, "provenance"}))
    if not isinstance(summed_to, ColumnBalance) and len(summed_to.lines) < VECTOR_FROM:
        return [plainly_summed_by(summed_to, worths, names, of, of_mass=mass, step=step) for mass in of_mass]
    import numpy as np

    found = in_columns(summed_to)
    units = found.dimensions["unit"]
    of_line, (matches, unit_codes) = grouped([found.match, units.codes])
    posted = _postings(found, worths, matches.tolist(), unit_codes.tolist(), of)
    kinds = np.array(posted.kinds)
    words = [*(found.dimensions[name] for name in names), found.dimensions["provenance"]]
    position, codes = grouped([kinds[of_line], *(word.codes for word in words)])
    columns = [[word.words[code] for code in column.tolist()] for word, column in zip(words, codes[1:], strict=True)]
    masses = _products(position, found.sums[0], posted.rates, of_line, len(codes[0]))
    lines = list(zip(codes[0].tolist(), zip(*columns, strict=True), *masses, strict=True))
    # A value is a mass times the potential of its gas, so one pass over the lines serves both.
    common = lcm(*(bottom for kind in posted.names for _, _, (_, bottom) in kind))
    of_value = [[top * (common // bottom) for _, _, (top, bottom) in kind] for kind in posted.names]
    scale = posted.common * 10**found.decimals * step.denominator
    made = []
    for is_mass in of_mass:
        weights = [[1] * len(kind) for kind in posted.names] if is_mass else of_value
        sums = _by_name(posted.names, weights, lines)
        over = scale if is_mass else scale * common
        made.append({key: _over(whole, step.numerator, over) for key, whole in sums.items()})
    return made


def _by_name(
    names: Sequence[Kind], weights: Sequence[Sequence[int]], lines: Iterable[tuple[int, Key, *tuple[int, ...]]]
) -> dict[tuple[Key, Key], Whole]:
    """Weighted sums of kinds of postings by what postings are counted under; the last word is the provenance."""
    sums: dict[tuple[Key, Key], Whole] = {}
    for kind, words, *masses in lines:
        kept, is_back = words[:-1], words[-1] == Provenance.BACK_CALCULATED
        for (name, is_implied, _), weight, mass in zip(names[kind], weights[kind], masses, strict=False):
            key = (name, kept)
            sums[key] = added(sums.get(key, NONE), weight * mass, is_back=is_back, is_implied=is_implied)
    return sums


def plainly_summed_by(
    balance: Balance, worths: Worths, names: Sequence[str], of: Callable[[int, Posting], Key | None],
    *, of_mass: bool = False, step: Fraction = ONE,
) -> dict[tuple[Key, Key], Sums]:  # fmt: skip
    """The sums that ``summed_by`` gives, entry by entry."""
    sums: dict[tuple[Key, Key], Sums] = {}
    for entry in entries(balance, worths.plan, worths.valuation):
        name = of(entry.line.match, entry.posting)
        if name is not None:
            key = (name, tuple(entry.dimensions[word] for word in names))
            is_back = entry.dimensions["provenance"] == Provenance.BACK_CALCULATED
            is_implied = bool(entry.posting.factor) and worths.valuation.rows[entry.posting.factor].is_implied
            value = (entry.mass if of_mass else entry.value) * step
            sums[key] = added(sums.get(key, NOTHING), value, is_back=is_back, is_implied=is_implied)
    return sums


@dataclass(frozen=True, slots=True)
class _Posted:
    """Postings by pair of match and unit.

    Attributes:
        kinds: by pair, what its postings are counted under: pairs of one kind are added up together.
        names: by kind, what its first, second … posting is counted under, and how it is valued.
        rates: by ordinal and pair, mass or quantity per quantum as a whole number over the common denominator.
        common: that denominator.
    """

    kinds: list[int]
    names: list[Kind]
    rates: list[list[int]]
    common: int


def _postings(
    found: ColumnBalance, worths: Worths, matches: Sequence[int], units: Sequence[int],
    of: Callable[[int, Posting], Key | None],
) -> _Posted:  # fmt: skip
    """The postings of each pair of match and unit, with their coefficients over a common denominator."""
    # Only the units of lines: a word that no row posted may be no unit at all.
    steps, of_units = _over_one({code: unit(found.dimensions["unit"].words[code]).multiplier for code in set(units)})
    wholes, of_coefficients = worths.whole
    kinds: dict[Kind, int] = {}
    of_match: dict[int, tuple[int, list[int]]] = {}
    for match in dict.fromkeys(matches):
        named = [(of(match, worth.posting), worth, n) for n, worth in enumerate(worths.of(match))]
        kept = [(name, worth, wholes[match, n]) for name, worth, n in named if name is not None]
        kind = tuple([(name, worth.is_implied, worth.potential.as_integer_ratio()) for name, worth, _ in kept])
        of_match[match] = kinds.setdefault(kind, len(kinds)), [whole for _, _, whole in kept]
    pairs = [(of_match[match][1], steps[code]) for match, code in zip(matches, units, strict=True)]
    most = max((len(rates) for _, rates in of_match.values()), default=0)
    rates = [[kept[n] * step if n < len(kept) else 0 for kept, step in pairs] for n in range(most)]
    return _Posted([of_match[match][0] for match in matches], list(kinds), rates, of_units * of_coefficients)


def _over_one(numbers: Mapping[Name, Fraction]) -> tuple[dict[Name, int], int]:
    """Rational numbers as whole numbers over one common denominator, and that denominator."""
    common = lcm(*{number.denominator for number in numbers.values()})
    return {name: number.numerator * (common // number.denominator) for name, number in numbers.items()}, common


def _limbs(values: Sequence[int], width: int) -> list[Array]:
    """Whole numbers cut into limbs of some bits, the last of which carries the sign."""
    import numpy as np

    made, rest = [], list(values)
    while any(not -(1 << width) <= value < 1 << width for value in rest):
        made.append(np.array([value & ((1 << width) - 1) for value in rest]))
        rest = [value >> width for value in rest]
    return [*made, np.array(rest)]


def _products(
    position: Array, amounts: Array, rates: Sequence[Sequence[int]], pairs: Array, groups: int
) -> list[list[int]]:
    """For each list of rates by pair, the exact sum of amount × rate by group.

    Both are cut into limbs, as long as 64-bit sums over the largest group allow.
    """
    import numpy as np

    order = np.argsort(position.astype(np.uint16) if groups < 1 << 16 else position, kind="stable")
    starts = np.searchsorted(position[order], np.arange(groups))
    width = (SUMMED - int(np.bincount(position).max(initial=1)).bit_length()) // 2
    amount, pair = amounts[order], pairs[order]
    cut: list[Array] = []
    while not cut or not ((amount == 0) | (amount == -1)).all():
        cut.append(amount)
        amount = amount >> width
    cut = [part & ((1 << width) - 1) for part in cut[:-1]] + cut[-1:]
    return [_summed_products(cut, _limbs(rate, width), pair, starts, width) for rate in rates]


def _summed_products(
    amounts: Sequence[Array], rates: Sequence[Array], pair: Array, starts: Array, width: int
) -> list[int]:
    """The sums of products of numbers cut into limbs, by group; groups start at ``starts``."""
    import numpy as np

    sums = [0] * len(starts)
    for n, rate in enumerate(rates):
        if not rate.any():
            continue
        spread = rate[pair]
        for m, amount in enumerate(amounts):
            more = np.add.reduceat(amount * spread, starts).tolist()
            shift = (n + m) * width
            sums = [value + (part << shift) for value, part in zip(sums, more, strict=True)]
    return sums
