"""The values of a balance of many lines: exact, with whole numbers over one common denominator.

A value is amount × unit × coefficient × potential. The last three are rationals, a handful for each posting; over their
common denominator they are whole numbers, so a sum of values is a sum of products of whole numbers, cut into limbs that
64-bit sums hold exactly. The digits are those of ``fractions.Fraction``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any, TypeVar

from ghg.bulk.columns import ColumnBalance, grouped, in_columns, summed
from ghg.ledger import VECTOR_FROM, Balance, Valuation, entries
from ghg.plan import Plan, Posting
from ghg.schema import Provenance
from ghg.units import unit

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

AMOUNT_LIMB, VALUE_LIMB = 22, 20
"""Bits of the limbs of amounts and of coefficients; a million products of them sum within 64 bits."""
LONGEST = 1 << 20
"""Most lines of one group."""
Sums = tuple[Fraction, Fraction, Fraction, Fraction]
"""All of it, what rests on back-calculated activity, on an implied factor, and on either."""
NOTHING: Sums = (Fraction(0),) * 4
Whole = tuple[int, int, int, int]
"""Sums as whole numbers over a denominator that is known elsewhere."""
NONE: Whole = (0, 0, 0, 0)
Key = tuple[str, ...]
"""Words that sums are kept under."""
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


def _over(sums: Whole, scale: int) -> Sums:
    """Whole sums as quotients of their denominator."""
    whole, *parts = (Fraction(part, scale) if part else NOTHING[0] for part in sums)
    return (whole, parts[0], parts[1], parts[2])


def signature(posting: Posting) -> Signature:
    """What figures select a posting by."""
    return (posting.measure, posting.book, posting.scope, posting.category, posting.energy)


@dataclass(frozen=True)
class Accounts:
    """The sums of a balance by account.

    Attributes:
        sums: by signature, in kg or base units.
        factors: ids of the factor rows behind them.
    """

    sums: Mapping[Signature, Sums]
    factors: frozenset[str]


def accounts_of(balance: Balance, plan: Plan, valuation: Valuation) -> Accounts:
    """The sums of a balance by account."""
    bases = _bases(balance.by(("provenance",)))
    factors: set[str] = set()
    parts: dict[tuple[Signature, bool, bool], list[tuple[int, int]]] = {}
    potentials: dict[tuple[str, str], Fraction] = {}
    for key, base in bases.items():
        for posting in plan.matches[key[0]].postings:
            factors.add(posting.factor)
            worth = (posting.gas, posting.measure)
            if worth not in potentials:
                potentials[worth] = valuation.potential(*worth)
            is_implied = bool(posting.factor) and valuation.rows[posting.factor].is_implied
            coefficient, potential = valuation.coefficient(posting), potentials[worth]
            parts.setdefault((signature(posting), key[1], is_implied), []).append(
                (
                    base.numerator * coefficient.numerator * potential.numerator,
                    base.denominator * coefficient.denominator * potential.denominator,
                )
            )
    sums: dict[Signature, Sums] = {}
    for (account, is_back, is_implied), found in parts.items():
        value = total(found)
        sums[account] = added(sums.get(account, NOTHING), value, is_back=is_back, is_implied=is_implied)
    return Accounts(sums, frozenset(factors - {""}))


def total(quotients: Iterable[tuple[int, int]]) -> Fraction:
    """The sum of quotients, taken over one common denominator."""
    by_denominator: dict[int, int] = {}
    for numerator, denominator in quotients:
        by_denominator[denominator] = by_denominator.get(denominator, 0) + numerator
    common = lcm(*by_denominator)
    return Fraction(sum(n * (common // d) for d, n in by_denominator.items()), common)


def _bases(balance: Balance) -> dict[tuple[int, bool], Fraction]:
    """By match and whether activity is back-calculated, the amount in base units."""
    parts: dict[tuple[int, bool], list[tuple[int, int]]] = {}
    multipliers: dict[str, Fraction] = {}
    written, provenance = balance.names.index("unit"), balance.names.index("provenance")
    for line in balance.lines:
        word = line.dimensions[written]
        step = multipliers.get(word) or multipliers.setdefault(word, unit(word).multiplier)
        key = (line.match, line.dimensions[provenance] == Provenance.BACK_CALCULATED)
        parts.setdefault(key, []).append((line.amount * step.numerator, step.denominator))
    scale = 10**balance.decimals
    return {key: total(found) / scale for key, found in parts.items()}


def summed_by(
    balance: Balance, plan: Plan, valuation: Valuation, names: Sequence[str], of: Callable[[int, Posting], Key | None],
    *, of_mass: bool = False,
) -> dict[tuple[Key, Key], Sums]:  # fmt: skip
    """The sums of a balance of many lines by what postings have in common and by words of the lines.

    Args:
        balance: as columns or lines.
        plan: its plan.
        valuation: factor values and GWP set.
        names: dimensions of the lines that are kept.
        of: what a posting of a match is counted under; none where it is left out.
        of_mass: sums of mass instead of value.
    """
    summed_to = balance.by(tuple({*names, "provenance"}))
    if not isinstance(summed_to, ColumnBalance) and len(summed_to.lines) < VECTOR_FROM:
        return plainly_summed_by(summed_to, plan, valuation, names, of, of_mass=of_mass)
    import numpy as np

    found = in_columns(summed_to)
    units = found.dimensions["unit"]
    of_line, (matches, unit_codes) = grouped([found.match, units.codes])
    posted = _postings(found, plan, valuation, matches.tolist(), unit_codes.tolist(), of, of_mass=of_mass)
    words = [*(found.dimensions[name] for name in names), found.dimensions["provenance"]]
    sums: dict[tuple[Key, Key], Whole] = {}
    for ordinal in range(posted.most):
        kept = posted.groups[ordinal][of_line] >= 0
        lines = slice(None) if kept.all() else np.flatnonzero(kept)
        line_pairs = of_line[lines]
        position, codes = grouped([posted.groups[ordinal][line_pairs], *(word.codes[lines] for word in words)])
        values = _products(position, found.sums[0][lines], posted.limbs[ordinal], line_pairs, len(codes[0]))
        columns = [
            [word.words[code] for code in column.tolist()] for word, column in zip(words, codes[1:], strict=True)
        ]
        for group, value, *cells in zip(codes[0].tolist(), values, *columns, strict=True):
            name, is_implied = posted.names[group]
            key = (name, tuple(cells[:-1]))
            is_back = cells[-1] == Provenance.BACK_CALCULATED
            sums[key] = added(sums.get(key, NONE), value, is_back=is_back, is_implied=is_implied)
    scale = posted.common * 10**found.decimals
    return {key: _over(whole, scale) for key, whole in sums.items()}


def plainly_summed_by(
    balance: Balance, plan: Plan, valuation: Valuation, names: Sequence[str], of: Callable[[int, Posting], Key | None],
    *, of_mass: bool = False,
) -> dict[tuple[Key, Key], Sums]:  # fmt: skip
    """The sums that ``summed_by`` gives, entry by entry."""
    sums: dict[tuple[Key, Key], Sums] = {}
    for entry in entries(balance, plan, valuation):
        name = of(entry.line.match, entry.posting)
        if name is not None:
            key = (name, tuple(entry.dimensions[word] for word in names))
            is_back = entry.dimensions["provenance"] == Provenance.BACK_CALCULATED
            is_implied = bool(entry.posting.factor) and valuation.rows[entry.posting.factor].is_implied
            value = entry.mass if of_mass else entry.value
            sums[key] = added(sums.get(key, NOTHING), value, is_back=is_back, is_implied=is_implied)
    return sums


@dataclass(frozen=True, slots=True)
class _Posted:
    """Postings by pair of match and unit: group and coefficient of the first, second … posting of each.

    ``groups`` is -1 and the limbs are zero where a pair has no such posting, or one that is left out.
    """

    most: int
    groups: list[Array]
    limbs: list[list[Array]]
    names: list[tuple[Key, bool]]
    common: int


def _postings(
    found: ColumnBalance, plan: Plan, valuation: Valuation, matches: Sequence[int], units: Sequence[int],
    of: Callable[[int, Posting], Key | None], *, of_mass: bool,
) -> _Posted:  # fmt: skip
    """The postings of each pair of match and unit, with their coefficients as limbs over a common denominator."""
    import numpy as np

    multipliers = [unit(word).multiplier for word in found.dimensions["unit"].words]
    names: dict[tuple[Key, bool], int] = {}
    potentials: dict[tuple[str, str], Fraction] = {}
    of_match: dict[int, list[tuple[int, int, int]]] = {}

    def of_one(match: int) -> Iterable[tuple[int, int, int]]:
        for posting in plan.matches[match].postings:
            name = of(match, posting)
            if name is not None:
                worth = (posting.gas, posting.measure)
                if worth not in potentials:
                    potentials[worth] = Fraction(1) if of_mass else valuation.potential(*worth)
                one, other = valuation.coefficient(posting), potentials[worth]
                is_implied = bool(posting.factor) and valuation.rows[posting.factor].is_implied
                group = names.setdefault((name, is_implied), len(names))
                yield group, one.numerator * other.numerator, one.denominator * other.denominator

    rows: list[list[tuple[int, int, int]]] = []
    for match, code in zip(matches, units, strict=True):
        if match not in of_match:
            of_match[match] = list(of_one(match))
        top, bottom = multipliers[code].numerator, multipliers[code].denominator
        rows.append([(group, n * top, d * bottom) for group, n, d in of_match[match]])
    common = lcm(*{bottom for row in rows for _, _, bottom in row})
    most = max(map(len, rows), default=0)
    groups, limbs = [], []
    for ordinal in range(most):
        some = [row[ordinal] if ordinal < len(row) else (-1, 0, 1) for row in rows]
        groups.append(np.array([group for group, _, _ in some], dtype=np.int64))
        limbs.append(_limbs([top * (common // bottom) for _, top, bottom in some]))
    return _Posted(most, groups, limbs, list(names), common)


def _limbs(values: list[int]) -> list[Array]:
    """Whole numbers cut into limbs, the last of which carries the sign."""
    import numpy as np

    made = []
    while any(not -(1 << VALUE_LIMB) <= value < 1 << VALUE_LIMB for value in values):
        made.append(np.array([value & ((1 << VALUE_LIMB) - 1) for value in values], dtype=np.int64))
        values = [value >> VALUE_LIMB for value in values]
    return [*made, np.array(values, dtype=np.int64)]


def _products(position: Array, amounts: Array, limbs: Sequence[Array], pairs: Array, groups: int) -> list[int]:
    """By group the exact sum of amount × coefficient."""
    import numpy as np

    if amounts.dtype == object or int(np.bincount(position).max(initial=0)) > LONGEST:
        whole = np.sum([limb.astype(object) << (VALUE_LIMB * n) for n, limb in enumerate(limbs)], axis=0)
        return [int(value) for value in summed(position, (amounts.astype(object) * whole[pairs]), groups)]
    order = np.argsort(position.astype(np.uint16) if groups < 1 << 16 else position, kind="stable")
    starts = np.searchsorted(position[order], np.arange(groups))
    amount, pair = amounts[order], pairs[order]
    mask = (1 << AMOUNT_LIMB) - 1
    cut = [amount & mask, (amount >> AMOUNT_LIMB) & mask, amount >> (2 * AMOUNT_LIMB)]
    while len(cut) > 1 and not cut[-1].any():
        cut.pop()
    sums = [0] * groups
    shifts = range(0, AMOUNT_LIMB * len(cut), AMOUNT_LIMB)
    for n, limb in enumerate(limbs):
        if not limb.any():
            continue
        spread = limb[pair]
        for shift, part in zip(shifts, cut, strict=True):
            found = np.add.reduceat(part * spread, starts)
            sums = [
                value + (int(more) << (shift + VALUE_LIMB * n))
                for value, more in zip(sums, found.tolist(), strict=True)
            ]
    return sums
