"""From a figure down to its rows, factors and sources, as arithmetic a reader can follow with a hand calculator.

Every line of arithmetic is one equation: quantities ``number unit`` joined by ×, ÷ or +, then ``=`` (or ``≈`` where the
result has no finite decimal form) and the result. Units cancel from left to right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

from ghg.accounts import accounts
from ghg.engines import quoted
from ghg.factors import FactorRow
from ghg.figures import figure as figure_of
from ghg.gases import CO2E, gases, gwp
from ghg.issues import GhgError
from ghg.ledger import KEY, Entry
from ghg.methods import method
from ghg.numbers import decimal_text, is_finite, readable
from ghg.resolve import Choice
from ghg.statement import MEASURE_DIMENSION
from ghg.units import BASE, conversion, unit

if TYPE_CHECKING:
    from ghg.inventory import Denominator
    from ghg.runs import Run

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
        GhgError: nothing posts to the figure.
    """
    value = run.result.figure(name)
    base_name, _, per = name.partition("/")
    figure = figure_of(base_name)
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
    entries = sorted(
        run.result.behind(figure, run.balance.names), key=lambda entry: (entry.line.match, entry.line.dimensions)
    )
    groups = groupby(entries, key=lambda entry: (entry.line.match, entry.line.dimensions))
    for position, (_, group) in enumerate(groups, start=1):
        found = list(group)
        lines += [
            f"{position}. {text}" if n == 0 else f"   {text}" for n, text in enumerate(_part(run, found, figure.unit))
        ]
        parts.append(sum((entry.value for entry in found), Fraction(0)) * _to_figure(figure.measure, figure.unit))
        lines.append("")
    lines += _total(parts, result_unit)
    if per:
        lines += _intensity(run, sum(parts, Fraction(0)), result_unit, run.inventory.denominators[per])
    lines += _closing(run, value.amount, figure.written(value.unit), value.marks)
    return Explanation(name, figure.label, value.amount, value.unit, tuple(lines))


def _to_figure(measure: str, unit_name: str) -> Fraction:
    """Units of the figure in one base unit of its measure."""
    return conversion(unit(BASE[MEASURE_DIMENSION.get(measure, "mass")]), unit(unit_name))


def _part(run: Run, found: list[Entry], unit_name: str) -> Iterator[str]:
    """One balance line: its rows, its factors, its arithmetic."""
    first = found[0]
    match = run.plan.matches[first.line.match]
    account = accounts()[match.activity]
    yield f"{account.name} ({match.activity})"
    yield from _rows(run, first)
    if first.dimensions["provenance"] != "measured":
        yield f"Provenance: {first.dimensions['provenance']}" + (
            f", from {first.dimensions['derived_from']}" if first.dimensions["derived_from"] else ""
        )
    declared = method(match.method)
    yield f"Method: {match.method}: {declared.formula}. {declared.standard}."
    used = [name for entry in found for name in (*entry.posting.parameters, entry.posting.factor) if name]
    for choice in match.choices:
        taken = choice.factor
        if taken and any(row.id in used for row in taken.rows):
            yield from _factor(run, [run.valuation.rows[row.id] for row in taken.rows], choice.rung)
            yield from _passed_over(choice)
    for entry in found:
        yield from _equations(run, entry, unit_name)
    if len(found) > 1:
        results = [entry.value * _to_figure(entry.posting.measure, unit_name) for entry in found]
        yield from _total(results, f"{unit_name} CO2e")


def _passed_over(choice: Choice) -> Iterator[str]:
    """The candidates not taken: those of the activity's place one by one, the rest by what removed them."""
    yield from (f"  passed over {other.factor}: {other.reason}" for other in choice.passed_over if other.is_near)
    far = [other.factor for other in choice.passed_over if not other.is_near]
    if far:
        yield f"  passed over {len(far)} of other regions: {', '.join(far[:2])}{' …' if len(far) > 2 else ''}"  # noqa: PLR2004


def _rows(run: Run, entry: Entry) -> Iterator[str]:
    """The activity rows behind a balance line, and their sum."""
    names = [*run.balance.names]
    where = " AND ".join(f"rows.{quoted(name)} = ${n}" for n, name in enumerate(names, start=1))
    key = " AND ".join(f"keys.{quoted(name)} = rows.{quoted(name)}" for name in KEY)
    sql = (
        f'SELECT file, line, id, rows.region, rows.start, rows."end", amount FROM rows JOIN keys ON {key} '
        f'WHERE "match" = {entry.line.match} AND {where} AND rows.row NOT IN (SELECT row FROM problems) ORDER BY rows.row LIMIT {ROWS_SHOWN + 1}'
    )
    rows = run.engine.rows(sql, [entry.dimensions[name] for name in names])
    spelling = entry.dimensions["unit"]
    for file, line, row_id, region, start, end, amount in rows[:ROWS_SHOWN]:
        yield f"Row {file or 'frame'}:{line} {row_id}: {amount} {spelling}, {region}, {start} to {end}"
    if entry.line.rows > ROWS_SHOWN:
        yield f"… and {entry.line.rows - ROWS_SHOWN:,} more rows; all {entry.line.rows:,} sum to {number(entry.quantity)} {spelling}"
    elif entry.line.rows > 1:
        terms = [f"{number(_quantised(amount, run.balance.decimals))} {spelling}" for *_, amount in rows]
        yield f"  {' + '.join(terms)} = {number(entry.quantity)} {spelling}"


def _quantised(text: str, decimals: int) -> Fraction:
    """An amount rounded half up to the quantum, as the kernel counts it."""
    scaled = Fraction(text) * 10**decimals + Fraction(1, 2)
    return Fraction(scaled.numerator // scaled.denominator, 10**decimals)


def _factor(run: Run, rows: list[FactorRow], rung: str) -> Iterator[str]:
    """A factor with its values, source and rung."""
    first = rows[0]
    source = run.inventory.citations.get(first.source)
    values = ", ".join(f"{row.value} {_factor_unit(row)}" for row in rows)
    yield f"{first.kind.replace('_', ' ').capitalize()} {first.factor}: {values} ({first.name}; {first.validity})"
    yield f"  source: {source.citation if source else first.source}, {'; '.join(dict.fromkeys(row.locator for row in rows))}"
    verified = "; ".join(dict.fromkeys(row.verification for row in rows))
    yield f"  {verified}" + (f"; {first.note}" if first.note else "")
    yield f"  chosen: {rung}"


def _factor_unit(row: FactorRow) -> str:
    """The printed unit with the gas named: ``kg CO2/kWh``."""
    return f"{row.per.numerator.spelling} {_gas(row.gas)}/{row.per.denominator.spelling}" if row.gas else row.unit


def _gas(gas: str) -> str:
    """The gas as equations write it."""
    return gas if gas == CO2E else gases()[gas].formula


def _equations(run: Run, entry: Entry, unit_name: str) -> Iterator[str]:
    """The arithmetic of one posting, one step a line, each starting from the result of the one before."""
    amount, current = entry.quantity, unit(entry.dimensions["unit"])
    if amount == 0:
        yield f"  {number(amount)} {current.spelling}: zero posts zero"
        return
    names = [*entry.posting.parameters, *([entry.posting.factor] if entry.posting.factor else [])]
    what = ""
    for name in names:
        row = run.valuation.rows[name]
        step = conversion(current, row.per.denominator)
        if step != 1:
            yield f"  {number(amount)} {current.spelling} × {number(step)} {row.per.denominator.spelling}/{current.spelling} = {number(amount * step)} {row.per.denominator.spelling}"
        amount *= step
        what = f" {_gas(row.gas)}" if row.gas else ""
        result = amount * row.amount
        yield f"  {number(amount)} {row.per.denominator.spelling} × {row.value} {_factor_unit(row)} = {number(result)} {row.per.numerator.spelling}{what}"
        amount, current = result, row.per.numerator
    if entry.posting.gas and entry.posting.gas != CO2E:
        potential = gwp(run.valuation.gwp, entry.posting.gas)
        value = run.valuation.potential(entry.posting)
        yield (
            f"  {number(amount)} {current.spelling}{what} × {number(value)} {current.spelling} CO2e/{current.spelling}{what} = {number(amount * value)} "
            f"{current.spelling} CO2e"
        )
        yield f"    GWP {run.valuation.gwp} of {entry.posting.gas}: {potential.value} ({run.inventory.citations[potential.source].edition}, {potential.locator})"
        amount *= value
    what = " CO2e" if entry.posting.gas else ""
    step = _step(current.spelling, unit_name)
    if step < 1:
        yield f"  {number(amount)} {current.spelling}{what} ÷ {number(1 / step)} {current.spelling}/{unit_name} = {number(amount * step)} {unit_name}{what}"
    elif current.spelling != unit_name:
        yield f"  {number(amount)} {current.spelling}{what} × {number(step)} {unit_name}/{current.spelling} = {number(amount * step)} {unit_name}{what}"


def _step(spelling: str, target: str) -> Fraction:
    """Target units in one written unit; the energy of a fuel counts as energy whatever its calorific basis."""
    return unit(spelling).multiplier / unit(target).multiplier


def _total(parts: Iterable[Fraction], unit_name: str) -> list[str]:
    """The sum of parts, when there is more than one."""
    found = list(parts)
    if len(found) < 2:  # noqa: PLR2004
        return []
    terms = " + ".join(f"{number(part)} {unit_name}" for part in found)
    return [f"  {terms} = {number(sum(found, Fraction(0)))} {unit_name}"]


def _intensity(run: Run, total: Fraction, unit_name: str, denominator: Denominator) -> list[str]:
    """The division by a denominator, with where it stands."""
    value = total / Fraction(denominator.amount)
    equals = "=" if is_finite(value) else "≈"
    source = run.inventory.citations[denominator.source]
    return [
        f"  {number(total)} {unit_name} ÷ {denominator.amount} {denominator.unit} {equals} {decimal_text(value)} {unit_name}/{denominator.unit}",
        f"    {denominator.label}: {source.citation}, {denominator.locator}",
    ]


def _closing(run: Run, value: Fraction, unit_name: str, marks: str) -> list[str]:
    """The figure as printed, and what it rests on."""
    notes = [f"  {marks}"] if marks else []
    changes = [f"  what-if: {change}" for change in run.changes]
    return [f"Result: {decimal_text(value)} {unit_name}, printed {readable(value)}", *notes, *changes]
