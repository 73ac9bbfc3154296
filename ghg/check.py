"""A published table against a run: each printed figure recomputed, each with a verdict.

Two questions are kept apart. *From activity data*: does the figure follow from the rows and factors? *Within the
table*: does it agree with the other printed figures? A figure that an input was quoted or back-calculated from proves
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from ghg.figures import figures
from ghg.intervals import Interval, inverse, overlap, plus, scaled, times
from ghg.issues import GhgError
from ghg.ledger import Entry
from ghg.numbers import decimals_of, parse, printed, readable, rounding_interval
from ghg.proofs import Identity, Table, denominator_bounds, identity, implied_factor
from ghg.published import PublishedFigure, Verdict, notes_of, read_published, units_in
from ghg.reports import text
from ghg.schema import Provenance
from ghg.statement import Value

if TYPE_CHECKING:
    from ghg.runs import Run


@dataclass(frozen=True, slots=True)
class Finding:
    """One printed figure with its verdicts.

    Attributes:
        published: the printed figure.
        verdict: from activity data.
        value: the recomputed value; none where nothing was recomputed.
        residual: printed minus recomputed.
        reason: the verdict in words.
        identity: within the table; none where the table implies nothing.
    """

    published: PublishedFigure
    verdict: Verdict
    value: Value | None
    residual: Fraction | None
    reason: str
    identity: Identity | None


@dataclass(frozen=True, slots=True)
class Check:
    """A published table checked.

    Attributes:
        findings: one a printed figure, in the order of the table.
        proofs: what the table proves by itself: implied factors, bounds of denominators.
        notes: what a reader has to know.
    """

    findings: tuple[Finding, ...]
    proofs: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether any figure differs, from activity data or within the table."""
        inner = (found.identity.verdict for found in self.findings if found.identity)
        return Verdict.DIFFERS in (*(found.verdict for found in self.findings), *inner)

    def __str__(self) -> str:
        return text.render_check(self)


def check(run: Run) -> Check:
    """Every published figure of the run's period with its verdicts, and what the table proves by itself.

    Raises:
        GhgError: the run has no inventory file, or it names no published table.
        InputError: the published table is wrong.
    """
    if run.file is None:
        raise GhgError("a run over frames has no published table to check against.")
    rows = read_published(run.file)
    table = _table(rows)
    findings = tuple(_finding(run, row, table) for row in rows)
    proofs = [line for row in rows if row.implied_factor for line in implied_factor(run, row, table)]
    proofs += [line for name in run.inventory.denominators for line in denominator_bounds(run, name, table)]
    notes = [issue.message for issue in run.issues if issue.rule in ("back-calculated", "gwp-kept")]
    notes += notes_of(run.file)
    first = f"CO2e under the 100-year GWPs of {run.valuation.gwp}."
    return Check(findings, tuple(proofs), (first, *notes, *run.inventory.assumptions))


def finding(run: Run, name: str) -> Finding | None:
    """What a published table says of one figure; none where there is no table, or no such figure in it."""
    if run.file is None or run.inventory.published is None or run.changes:
        return None
    table = _table(read_published(run.file))
    return _finding(run, table[name], table) if name in table else None


def _table(rows: Iterable[PublishedFigure]) -> Table:
    """The figures that are printed, by id."""
    return {row.figure: row for row in rows if row.figure and row.text}


def _finding(run: Run, row: PublishedFigure, table: Table) -> Finding:
    """One printed figure with its verdicts."""
    inner = identity(run, row, table)
    if not row.text:
        return Finding(row, Verdict.NOT_RECOMPUTED, None, None, f"the report prints {row.printed!r}", inner)
    value = run.result.figure(row.figure) if row.figure else None
    if value is None:
        reason = "no activity data post to it" if row.figure else "it is not a quantity of the inventory"
        return Finding(row, Verdict.NOT_RECOMPUTED, None, None, reason, inner)
    value = value.in_unit(row.unit, units_in(value.unit, row.unit))
    residual = row.value - value.amount
    verdict, reason = _verdict(run, row, value, residual)
    return Finding(row, verdict, value, residual, reason, inner)


def _verdict(run: Run, row: PublishedFigure, value: Value, residual: Fraction) -> tuple[Verdict, str]:
    """The verdict from activity data, and why."""
    behind = run.result.behind(figures()[row.figure.partition("/")[0]])
    circular = _circular(run, row, value, behind)
    if circular:
        return Verdict.IMPLIED, circular
    share = f"; {value.marks}" if value.marks else ""
    if row.prints(value.amount):
        return Verdict.EXACT, f"rounds to the printed digits{share}"
    low, high = _interval(run, row, value, behind)
    relative = f" ({_signed(residual / value.amount * 100, 4)} %)" if value.amount else ""
    by = f"{_signed(residual, decimals_of(row.text))} {row.unit}{relative}"
    differs = f"differs by {by} with inputs and factors taken as exact"
    if overlap((low, high), row.interval):
        return (
            Verdict.CONSISTENT,
            f"{differs}; within their printed rounding ({readable(low)} to {readable(high)}){share}",
        )
    allowed = f"their printed rounding allows {readable(low)} to {readable(high)}"
    return Verdict.DIFFERS, f"{differs}; {allowed}.{_repair(run, behind, residual, value)}{share}"


def _circular(run: Run, row: PublishedFigure, value: Value, behind: Sequence[Entry]) -> str:
    """Why a figure proves nothing because its inputs came from it; blank when they did not."""
    names = {entry.posting.factor for entry in behind if entry.posting.factor}
    factors = sorted(name for name in names if row.figure in run.valuation.rows[name].derived_from.split())
    if factors:
        return f"rests on the implied factor {', '.join(factors)}, derived from this very figure"
    quoting = {e.dimensions["provenance"] for e in behind if row.figure in e.dimensions["derived_from"].split()}
    if Provenance.BACK_CALCULATED in quoting:
        return "activity was back-calculated from this figure"
    if quoting:
        return "the activity row quotes this figure"
    return "everything behind it is back-calculated or rests on an implied factor" if value.circular == 1 else ""


def _interval(run: Run, row: PublishedFigure, value: Value, behind: Sequence[Entry]) -> Interval:
    """The values a figure can take while every amount, factor and denominator stays within its printed rounding."""
    total = (Fraction(0), Fraction(0))
    for entry in behind:
        half = Fraction(entry.line.width, 2 * 10**run.balance.decimals)
        interval, point = (entry.quantity - half, entry.quantity + half), entry.quantity
        for name in filter(None, (*entry.posting.parameters, entry.posting.factor)):
            interval = times(interval, rounding_interval(run.valuation.rows[name].value))
            point *= run.valuation.rows[name].amount
        # What is left of the value beside amounts and factors (units, shares, GWP) is exact.
        total = plus(total, scaled(interval, entry.value / point if point else Fraction(0)))
    per = run.inventory.denominators.get(row.figure.partition("/")[2])
    bounds = scaled(inverse(rounding_interval(per.amount)), parse(per.amount)) if per else (Fraction(1), Fraction(1))
    return scaled(times(total, bounds), _scale(value, behind))


def _scale(value: Value, behind: Sequence[Entry]) -> Fraction:
    """Units of the figure in one base unit of what is behind it."""
    total = sum((entry.value for entry in behind), Fraction(0))
    return value.amount / total if total else Fraction(0)


def _signed(value: Fraction, decimals: int) -> str:
    """A residual with its sign."""
    return ("−" if value < 0 else "+") + printed(abs(value), decimals, thousands=True)


def _repair(run: Run, behind: Sequence[Entry], residual: Fraction, value: Value) -> str:
    """The smallest single change of an input that would remove a residual."""
    weights: dict[str, Fraction] = {}
    for entry in behind:
        amounts = f"the {run.plan.matches[entry.line.match].activity} amounts"
        for name in filter(None, (entry.posting.factor, amounts)):
            weights[name] = weights.get(name, Fraction(0)) + entry.value * _scale(value, behind)
    changes = {name: residual / weight for name, weight in weights.items() if weight}
    if not changes:
        return ""
    name = min(changes, key=lambda key: (abs(changes[key]), key not in run.valuation.rows))
    row = run.valuation.rows.get(name)
    target = f" (to {readable(row.amount * (1 + changes[name]), 6)} {row.unit})" if row else ""
    return f" The smallest single change that would repair it: {name} by {_signed(changes[name] * 100, 4)} %{target}."
