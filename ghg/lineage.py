"""From a figure down to its rows, factors and sources, as arithmetic a reader can follow with a hand calculator.

Every line of arithmetic is one equation: quantities ``number unit`` joined by ×, ÷ or +, then ``=`` (or ``≈`` where the
result has no finite decimal form) and the result. Units cancel from left to right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ghg import ledger
from ghg.accounts import Account, accounts
from ghg.bulk import scans
from ghg.check import finding
from ghg.factors import FactorRow
from ghg.figures import figure as figure_of
from ghg.gases import BIOGENIC, CO2E, blends, gases, gwp
from ghg.issues import GhgError
from ghg.keys import Key, Match, Posting
from ghg.ledger import Entry
from ghg.matches import Matcher
from ghg.methods import method
from ghg.numbers import decimal_text, is_finite, readable
from ghg.resolve import Choice, Chooser
from ghg.statement import MEASURE_DIMENSION, Value
from ghg.units import BASE, conversion, unit
from ghg.workings import working

if TYPE_CHECKING:
    from ghg.inventory import Denominator
    from ghg.runs import Run

NAMED = 2
"""Candidates passed over for one reason that are named; of more, the first and the count."""
ROWS_SHOWN = 10
"""Activity rows listed under a figure before the rest is counted."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a figure comes about.

    Attributes:
        figure: its id.
        label: its name.
        value: exact, in the unit.
        unit: spelling of the unit.
        lines: the derivation, one line of text each.
    """

    figure: str
    label: str
    value: Fraction
    unit: str
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(self.lines)


def number(value: Fraction) -> str:
    """A number of an equation: exact decimal text, or a quotient ``a/b``.

    >>> number(Fraction(1, 8)), number(Fraction(1, 3))
    ('0.125', '1/3')
    """
    return decimal_text(value) if is_finite(value) else f"{value.numerator}/{value.denominator}"


def explain(run: Run, name: str) -> Explanation:
    """The derivation of a figure of a run.

    Raises:
        UnknownNameError: no figure or denominator has the name.
        GhgError: nothing posts to the figure, or a what-if moved the rows behind it.
    """
    if not run.question.keeps_rows:
        raise GhgError("this what-if changes activity or pins, so no row stands behind its figures as it is: explain "
                       "the baseline, and compare the two.")  # fmt: skip
    value = run.result.figure(name)
    base_name, _, per = name.partition("/")
    figure = figure_of(base_name)
    if base_name in run.result.absent:
        raise GhgError(f"the figure {name!r} is not there: the inventory's 'books' leave out the one it is of, or a "
                       "scope has no rows, and it would be too small.")  # fmt: skip
    if value is None:
        raise GhgError(
            f"nothing posts to the figure {name!r} in this inventory; it has {', '.join(run.result.figures())}."
        )
    result_unit = figure.written(figure.unit)
    lines = [
        f"{name}: {figure.label}" + (f" per {run.inventory.denominators[per].label}" if per else ""),
        f"{run.inventory.organisation}, {run.inventory.period.start} to {run.inventory.period.end}",
        "",
    ]
    parts: list[Fraction] = []
    matcher = Matcher(Chooser(run.plan.table, run.inventory), run.plan.rules)
    keys = {match: key for key, match in run.plan.keys.items()}
    entries = sorted(
        run.result.behind(figure, run.balance.names), key=lambda entry: (entry.line.match, entry.line.dimensions)
    )
    groups = groupby(entries, key=lambda entry: (entry.line.match, entry.line.dimensions))
    for position, (_, group) in enumerate(groups, start=1):
        found = list(group)
        lines += [
            f"{position}. {text}" if n == 0 else f"   {text}"
            for n, text in enumerate(_part(run, matcher, keys, found, figure.unit))
        ]
        parts.append(sum((entry.value for entry in found), Fraction(0)) * _to_figure(figure.measure, figure.unit))
        lines.append("")
    lines += _total(parts, result_unit)
    if per:
        lines += _intensity(run, sum(parts, Fraction(0)), result_unit, run.inventory.denominators[per])
    lines += _closing(run, name, value, figure.written(value.unit))
    return Explanation(name, figure.label, value.amount, value.unit, tuple(lines))


def _to_figure(measure: str, unit_name: str) -> Fraction:
    """Units of the figure in one base unit of its measure."""
    return conversion(unit(BASE[MEASURE_DIMENSION.get(measure, "mass")]), unit(unit_name))


def _part(
    run: Run, matcher: Matcher, keys: Mapping[int, Key], found: list[Entry], unit_name: str
) -> Iterator[str]:  # fmt: skip
    """One balance line: its rows, its factors, its arithmetic."""
    first = found[0]
    match = run.plan.matches[first.line.match]
    account = accounts()[match.activity]
    yield f"{account.name} ({match.activity})"
    rows = _behind(run, first)
    yield from _rows(run, first, rows)
    if first.dimensions["provenance"] != "measured":
        yield f"Provenance: {first.dimensions['provenance']}" + (
            f", from {first.dimensions['derived_from']}" if first.dimensions["derived_from"] else ""
        )
    declared = method(match.method)
    if match.pieces:
        yield "What counts:"
        yield from (f"  {piece}" for piece in match.pieces)
    yield f"Method: {match.method}: {declared.calculation}. {declared.standard}."
    if first.posting.account not in ("", match.activity):
        posted = accounts()[first.posting.account]
        yield f"Posted once more to {posted.name} ({posted.activity}): {_methods(posted)}."
    if first.posting.part in blends():
        yield f"Blend {first.posting.part}: {blends()[first.posting.part].name}, by its composition"
    used = [name for entry in found for name in (*entry.posting.parameters, entry.posting.factor) if name]
    for choices in zip(*_choices(matcher, keys, match, first, rows), strict=True):
        taken = choices[0].factor
        if taken and any(row.id in used for row in taken.rows):
            yield from _factor(run, [run.valuation.rows[row.id] for row in taken.rows], choices)
            yield from _passed_over(choices[0])
    for entry in found:
        yield from _equations(run, entry, unit_name)
    if len(found) > 1:
        results = [entry.value * _to_figure(entry.posting.measure, unit_name) for entry in found]
        yield from _total(results, f"{unit_name} CO2e")


def _methods(account: Account) -> str:
    """The standards of an account's methods."""
    return "; ".join(dict.fromkeys(found.standard for found in account.allowed_methods))


def _passed_over(choice: Choice) -> Iterator[str]:
    """The candidates not taken: those of the activity's place by what removed them, the rest counted."""
    alike: dict[str, list[str]] = {}
    for other in choice.passed_over:
        if other.is_near:
            alike.setdefault(other.reason, []).append(other.factor)
    for reason, names in alike.items():
        if len(names) > NAMED:
            yield f"  passed over {len(names)}, such as {names[0]}: {reason}"
        else:
            yield from (f"  passed over {name}: {reason}" for name in names)
    far = [other.factor for other in choice.passed_over if not other.is_near]
    if far:
        yield f"  passed over {len(far)} of other regions, such as {far[0]}"


def _behind(run: Run, entry: Entry) -> list[tuple[Any, ...]]:
    """The first rows behind a balance line: file, line, id, region, start, end, amount."""
    rows = ledger.rows_behind(run.engine, run.plan, run.balance.names, entry.line, ROWS_SHOWN + 1)
    for found in run.scans:
        rows += scans.rows_behind(run.engine, found, run.plan, run.balance.names, entry.line, ROWS_SHOWN + 1)
    return rows


def _choices(
    matcher: Matcher, keys: Mapping[int, Key], match: Match, entry: Entry, rows: list[tuple[Any, ...]]
) -> list[tuple[Choice, ...]]:  # fmt: skip
    """The choices of the rows that are shown, each set once.

    A match is shared with rows of other days, and in tables scanned in place of other regions, that take the same
    factors. What is said of a choice is said of the rows themselves.
    """
    alike = keys.get(entry.line.match)
    if alike is None:
        return [match.choices]
    found: dict[tuple[str, ...], tuple[Choice, ...]] = {}
    for _, _, _, region, start, end, _ in rows[:ROWS_SHOWN]:
        key = alike._replace(region=region, start=start, end=end, unit=entry.dimensions["unit"])
        own = matcher.match(key, unit(key.unit).dimension)
        choices = own.choices if isinstance(own, Match) and _factors(own) == _factors(match) else match.choices
        found.setdefault(tuple(choice.rung for choice in choices), choices)
    return list(found.values()) or [match.choices]


def _factors(match: Match) -> list[str]:
    """The factors that a match takes."""
    return [choice.factor.id if choice.factor else "" for choice in match.choices]


def _rows(run: Run, entry: Entry, rows: list[tuple[Any, ...]]) -> Iterator[str]:
    """The activity rows behind a balance line, and their sum."""
    spelling = entry.dimensions["unit"]
    for file, line, row_id, region, start, end, amount in rows[:ROWS_SHOWN]:
        yield f"Row {file or 'frame'}:{line} {row_id}: {amount} {spelling}, {region}, {start} to {end}"
        yield from (f"  {text}" for text in working(run.engine, file, line))
    if entry.line.rows > ROWS_SHOWN:
        rest = f"… and {entry.line.rows - ROWS_SHOWN:,} more rows"
        yield f"{rest}; all {entry.line.rows:,} sum to {number(entry.quantity)} {spelling}"
    elif entry.line.rows > 1:
        terms = [f"{number(_quantised(amount, run.balance.decimals))} {spelling}" for *_, amount in rows]
        yield f"  {' + '.join(terms)} = {number(entry.quantity)} {spelling}"


def _quantised(text: str, decimals: int) -> Fraction:
    """An amount rounded half up to the quantum, as the kernel counts it."""
    scaled = Fraction(text) * 10**decimals + Fraction(1, 2)
    return Fraction(scaled.numerator // scaled.denominator, 10**decimals)


def _factor(run: Run, rows: list[FactorRow], choices: Iterable[Choice]) -> Iterator[str]:
    """A factor with its values, source, and the rungs on which rows chose it."""
    first = rows[0]
    source = run.inventory.citations.get(first.source)
    values = ", ".join(f"{row.value} {_factor_unit(row)}" for row in rows)
    yield f"{first.kind.replace('_', ' ').capitalize()} {first.factor}: {values} ({first.name}; {first.validity})"
    locators = "; ".join(dict.fromkeys(row.locator for row in rows))
    yield f"  source: {source.citation if source else first.source}, {locators}"
    verified = "; ".join(dict.fromkeys(row.verification for row in rows))
    yield f"  {verified}" + (f"; {first.note}" if first.note else "")
    yield from (f"  chosen: {rung}" for rung in dict.fromkeys(choice.rung for choice in choices))


def _factor_unit(row: FactorRow) -> str:
    """The printed unit with the gas named: ``kg CO2/kWh``."""
    return f"{row.per.numerator.spelling} {_gas(row.gas)}/{row.per.denominator.spelling}" if row.gas else row.unit


def _gas(gas: str) -> str:
    """The gas as equations write it."""
    return gas if gas == CO2E else gases()[gas].formula


class _Working:
    """A running product: every step is one equation that starts from the result of the one before."""

    def __init__(self, amount: Fraction, unit_name: str) -> None:
        self.amount = amount
        self.unit = unit_name
        self.lines: list[str] = []

    def times(self, step: Fraction, per: str, result: str, text: str = "") -> None:
        """Multiply by ``step`` in ``per``; the result is in ``result``."""
        self._write("×", text or number(step), per, self.amount * step, result)

    def over(self, step: Fraction, per: str, result: str) -> None:
        """Divide by ``step`` in ``per``; the result is in ``result``."""
        self._write("÷", number(step), per, self.amount / step, result)

    def _write(self, sign: str, step: str, per: str, amount: Fraction, result: str) -> None:
        self.lines.append(f"  {number(self.amount)} {self.unit} {sign} {step} {per} = {number(amount)} {result}")
        self.amount, self.unit = amount, result


def _equations(run: Run, entry: Entry, unit_name: str) -> list[str]:
    """The arithmetic of one posting, one step a line."""
    working, current = _Working(entry.quantity, entry.dimensions["unit"]), unit(entry.dimensions["unit"])
    if not entry.quantity:
        return [f"  0 {current.spelling}: zero posts zero"]
    share = entry.posting.share
    part = _part_of_blend(entry.posting)
    if share != part:
        working.lines.append(f"  share {share / part}: {entry.posting.why}")
        working.times(share / part, f"{current.spelling}/{current.spelling}", current.spelling, str(share / part))
    if entry.posting.part:
        of_gas = f"{current.spelling} {_gas(entry.posting.gas)}"
        working.times(part, f"{of_gas}/{current.spelling}", of_gas)
    for name in filter(None, (*entry.posting.parameters, entry.posting.factor)):
        row = run.valuation.rows[name]
        per, step = row.per.denominator, conversion(current, row.per.denominator)
        if step != 1:
            working.times(step, f"{per.spelling}/{current.spelling}", per.spelling)
        working.unit = per.spelling
        current = row.per.numerator
        working.times(row.amount, _factor_unit(row), _of_gas(current.spelling, row.gas), row.value)
    gas = entry.posting.gas
    if gas and gas != CO2E and entry.posting.measure != BIOGENIC:
        value = run.valuation.potential(gas, entry.posting.measure)
        per_gas = f"{current.spelling} CO2e/{_of_gas(current.spelling, gas)}"
        working.times(value, per_gas, f"{current.spelling} CO2e")
        working.lines.append(f"    {_why_potential(run, gas, value)}")
    written = "CO2" if entry.posting.measure == BIOGENIC else "CO2e"
    result, step = f"{unit_name} {written}" if gas else unit_name, _step(current.spelling, unit_name)
    if step < 1:
        working.over(1 / step, f"{current.spelling}/{unit_name}", result)
    elif current.spelling != unit_name:
        working.times(step, f"{unit_name}/{current.spelling}", result)
    return working.lines


def _why_potential(run: Run, gas: str, value: Fraction) -> str:
    """Where the value of a gas in CO2e comes from; a gas outside the scopes counts nothing in them."""
    if not value:
        return f"{gas} counts nothing in the scopes: {gases()[gas].note}"
    potential = gwp(run.valuation.gwp, gas)
    edition = run.inventory.citations[potential.source].edition
    return f"GWP {run.valuation.gwp} of {gas}: {potential.value} ({edition}, {potential.locator})"


def _part_of_blend(posting: Posting) -> Fraction:
    """The share of the gas in the blend that was posted; one where it is no blend."""
    return blends()[posting.part].components[posting.gas] if posting.part in blends() else Fraction(1)


def _of_gas(spelling: str, gas: str) -> str:
    """A mass of a gas, or a quantity without one."""
    return f"{spelling} {_gas(gas)}" if gas else spelling


def _step(spelling: str, target: str) -> Fraction:
    """Target units in one written unit; the energy of a fuel counts as energy whatever its calorific basis."""
    return unit(spelling).multiplier / unit(target).multiplier


def _total(parts: Iterable[Fraction], unit_name: str) -> list[str]:
    """The sum of parts, when there is more than one."""
    found = list(parts)
    if len(found) <= 1:
        return []
    terms = " + ".join(f"{number(part)} {unit_name}" for part in found)
    return [f"  {terms} = {number(sum(found, Fraction(0)))} {unit_name}"]


def _intensity(run: Run, total: Fraction, unit_name: str, denominator: Denominator) -> list[str]:
    """The division by a denominator, with where it stands."""
    value = total / Fraction(denominator.amount)
    equals = "=" if is_finite(value) else "≈"
    source = run.inventory.citations[denominator.source]
    left = f"{number(total)} {unit_name} ÷ {denominator.amount} {denominator.unit}"
    return [
        f"  {left} {equals} {decimal_text(value)} {unit_name}/{denominator.unit}",
        f"    {denominator.label}: {source.citation}, {denominator.locator}",
    ]


def _closing(run: Run, name: str, value: Value, unit_name: str) -> list[str]:
    """The figure as printed, what it rests on, and the published figure beside it."""
    lines = [f"Result: {decimal_text(value.amount)} {unit_name}, printed {readable(value.amount)}"]
    lines += [f"  {value.marks}"] if value.marks else []
    lines += [f"  what-if: {change}" for change in run.changes]
    found = finding(run, name)
    if found:
        row = found.published
        lines.append(f"Published: {row.printed} {row.unit_printed} ({row.locator}): {found.verdict}; {found.reason}")
    return lines
