"""What a published table proves by itself: sums and quotients, implied factors, bounds of what it does not print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from ghg.accounts import accounts
from ghg.factors import FACTOR, Factor, FactorRow
from ghg.figures import Figure, figures
from ghg.intervals import Interval, inverse, overlap, plus, scaled, times
from ghg.issues import UnknownNameError, listing
from ghg.numbers import decimals_of, parse, printed, readable, rounding_interval
from ghg.published import PublishedFigure, Verdict, units_in
from ghg.regions import country
from ghg.units import ratio

if TYPE_CHECKING:
    from ghg.runs import Run

Table = Mapping[str, PublishedFigure]
FINEST = 12
"""Most decimals an implied factor is shown with."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Whether a figure agrees with other printed figures.

    Attributes:
        verdict: exact, consistent or differs; not recomputed where a part is not printed.
        value: what the other figures give.
        reason: the arithmetic in words.
    """

    verdict: Verdict
    value: Fraction | None
    reason: str


def identity(run: Run, row: PublishedFigure, table: Table) -> Identity | None:
    """The identity a printed figure states, held against the other printed figures; none where it states none.

    Raises:
        UnknownNameError: a quotient names a denominator the inventory does not have.
    """
    if not row.identity or not row.text:
        return None
    names = row.identity.split()
    parts = [name for name in names[::2] if name in table]
    if not parts:
        return Identity(Verdict.NOT_RECOMPUTED, None, f"the report prints no {names[0]}")
    value, interval, words = _quotient(run, row, table, names) if names[1] == "/" else _sum(row, table, names, parts)
    if row.prints(value):
        return Identity(Verdict.EXACT, value, f"{words} gives the printed digits")
    verdict = Verdict.CONSISTENT if overlap(interval, row.interval) else Verdict.DIFFERS
    return Identity(verdict, value, f"{words} gives {printed(value, decimals_of(row.text), thousands=True)}")


def _quotient(run: Run, row: PublishedFigure, table: Table, names: Sequence[str]) -> tuple[Fraction, Interval, str]:
    """A printed figure over a denominator of the inventory."""
    over, per = table[names[0]], run.inventory.denominators.get(names[2])
    if per is None:
        raise UnknownNameError("denominator", names[2], run.inventory.denominators)
    step = units_in(f"{over.unit}/{per.unit}", row.unit)
    interval = scaled(times(over.interval, inverse(rounding_interval(per.amount))), step)
    return over.value / parse(per.amount) * step, interval, f"{over.printed} ÷ {per.amount} {per.unit}"


def _sum(
    row: PublishedFigure, table: Table, names: Sequence[str], parts: Sequence[str]
) -> tuple[Fraction, Interval, str]:
    """The sum of the parts that are printed."""
    interval = (Fraction(0), Fraction(0))
    for name in parts:
        interval = plus(interval, table[name].interval_in(row.unit))
    missing = [name for name in names[::2] if name not in table]
    words = " + ".join(table[name].printed for name in parts) + (
        f" ({listing(missing)} not printed)" if missing else ""
    )
    return sum((table[name].value_in(row.unit) for name in parts), Fraction(0)), interval, words


@dataclass(frozen=True, slots=True)
class _Effective:
    """CO2e of all gases of a factor per unit, of CO2 where it states that apart, and the rounding of its digits."""

    name: str
    label: str
    all_gases: Fraction
    co2: Fraction | None
    interval: Interval


def implied_factor(run: Run, row: PublishedFigure, table: Table) -> list[str]:
    """The factor two printed figures imply, held against the factors used and those published."""
    over, _, under, _, wanted = row.implied_factor.split()
    if not row.text or under not in table:
        return []
    if not table[under].value:
        return [f"{over} ÷ {under} implies no factor: {under} is printed as {table[under].printed}"]
    step = units_in(f"{row.unit}/{table[under].unit}", wanted)
    interval = scaled(times(row.interval, inverse(table[under].interval)), step)
    digits = _digits(interval)
    shown = [printed(end, digits + 1) for end in interval]
    value = printed(row.value / table[under].value * step, digits)
    within = f"{shown[0]} to {shown[1]} within the printed digits, {row.period_start.year}"
    head = f"{over} ÷ {under} = {value} {wanted} CO2e ({within})"
    found = _factors_behind(run, figures()[over], wanted)
    if len(found) > 1:
        return [head, *_between(found, interval, wanted)]
    fitting, nearest = _published_near(run, found, wanted, interval)
    if fitting:
        return [head, f"  fits {listing(fitting)}"]
    rows = {name: run.plan.table.factors[name].first.id for name in found}
    implied = [name for name, row_id in rows.items() if run.valuation.rows[row_id].is_implied]
    used = [f"  the factor used, {name}, is implied by these figures" for name in implied]
    return [head, *used, "  no published factor of the library fits" + (f"; nearest: {nearest}" if nearest else "")]


def _digits(interval: Interval) -> int:
    """Decimals that show where in an interval a value lies."""
    width = interval[1] - interval[0]
    return next((digits for digits in range(FINEST) if width * 10**digits >= 1), FINEST)


def _factors_behind(run: Run, figure: Figure, wanted: str) -> dict[str, _Effective]:
    """The factors that post to a figure and are given in the wanted unit."""
    ids = {entry.posting.factor for entry in run.result.behind(figure) if entry.posting.factor}
    factors = sorted({run.valuation.rows[name].factor for name in ids})
    effective = (_effective(run, run.plan.table.factors[name].rows, wanted) for name in factors)
    return {found.name: found for found in effective if found is not None}


def _effective(run: Run, rows: Sequence[FactorRow], wanted: str) -> _Effective | None:
    """A factor in the wanted unit; none where its denominator measures something else."""
    current = [run.valuation.rows[row.id] for row in rows]
    target = ratio(wanted)
    if not current[0].per.denominator.dimension.startswith(target.denominator.dimension):
        return None
    values, interval = {}, (Fraction(0), Fraction(0))
    for row in current:
        potential = run.valuation.potential(row.gas)
        numerator = row.per.numerator.multiplier / target.numerator.multiplier
        step = potential * numerator / row.per.denominator.multiplier * target.denominator.multiplier
        values[row.gas] = row.amount * step
        interval = plus(interval, scaled(rounding_interval(row.value), step))
    total = sum(values.values(), Fraction(0))
    return _Effective(current[0].factor, current[0].name, total, values.get("CO2"), interval)


def _published_near(
    run: Run, found: Mapping[str, _Effective], wanted: str, interval: Interval
) -> tuple[list[str], str]:
    """Published factors of the same activities and countries that fit an interval, and the two nearest in words."""
    effective = [_effective(run, factor.rows, wanted) for factor in _published(run, found)]
    candidates = [candidate for candidate in effective if candidate]
    middle = (interval[0] + interval[1]) / 2
    nearest = sorted(candidates, key=lambda c: abs(c.all_gases - middle))[:2]
    fitting = [candidate.name for candidate in candidates if overlap(candidate.interval, interval)]
    return fitting, "; ".join(f"{candidate.name} {readable(candidate.all_gases, 4)}" for candidate in nearest)


def _published(run: Run, found: Iterable[str]) -> Iterator[Factor]:
    """The published factors that stand beside those found: same activity, country and kind of basis."""
    table = run.plan.table
    used = [table.factors[name].first for name in found]
    countries = {country(row.region) for row in used}
    for word in sorted({row.activity for row in used}):
        bases = {basis for account in accounts().values() for basis in account.bases_of(word)}
        for factor in table.candidates(FACTOR, word):
            first = factor.first
            if not first.is_implied and first.basis in bases and country(first.region) in countries:
                yield factor


def _between(found: Mapping[str, _Effective], interval: Interval, wanted: str) -> list[str]:
    """Where an implied factor lies between the factors used, and what that bounds."""
    ordered = sorted(found.values(), key=lambda effective: effective.all_gases)
    low, high = ordered[0], ordered[-1]
    ends = [
        f"{end.label} {readable(end.all_gases)}" + (f" (CO2 alone {readable(end.co2)})" if end.co2 is not None else "")
        for end in (low, high)
    ]
    line = f"  between {ends[0]} and {ends[1]} {wanted}"
    if len(ordered) > len(ends) or high.all_gases == low.all_gases:
        return [line]
    shares = [readable((end - low.all_gases) / (high.all_gases - low.all_gases) * 100, 1) for end in interval]
    return [f"{line}: {high.label} is {shares[0]} to {shares[1]} % of the energy, under these two factors"]


def denominator_bounds(run: Run, name: str, table: Table) -> list[str]:
    """What the printed intensities say about a denominator the table does not print."""
    stated = run.inventory.denominators[name]
    pairs = [(row, table[f"{figure}/{name}"]) for figure, row in table.items() if f"{figure}/{name}" in table]
    bounds = [
        _divided(over, row, units_in(f"{over.unit}/{stated.unit}", row.unit))
        for over, row in pairs
        if row.value or over.value
    ]
    if not bounds:
        return []
    low, high = max(low for low, _ in bounds), min((high for _, high in bounds if high is not None), default=None)
    plural, amount = len(bounds) > 1, parse(stated.amount)
    count = f"all {len(bounds)} printed intensities" if plural else "the printed intensity"
    if high is not None and low > high:
        return [f"{name}: no {stated.label} satisfies {count}"]
    inside = "inside" if low <= amount and (high is None or amount <= high) else "OUTSIDE"
    ends = f"at {printed(low, 2, thousands=True)} {stated.unit} or more"
    if high is not None:
        ends = f"between {printed(low, 2, thousands=True)} and {printed(high, 2, thousands=True)} {stated.unit}"
    said = f"{count} put{'' if plural else 's'} {stated.label} {ends}"
    as_stated = printed(amount, decimals_of(stated.amount), thousands=True)
    return [f"{name}: {said}; stated {as_stated} lies {inside}"]


def _divided(over: PublishedFigure, row: PublishedFigure, step: Fraction) -> tuple[Fraction, Fraction | None]:
    """The least and the most a denominator can be by an intensity; one printed as zero says the least alone."""
    if row.value:
        return scaled(times(over.interval, inverse(row.interval)), step)
    return min(abs(end) for end in over.interval) / row.interval[1] * step, None
