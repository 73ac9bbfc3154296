"""A published table against the run: each printed figure recomputed, each with a verdict; and what the table proves by itself.

A printed figure stands for an interval: half a unit of its last digit to either side. Two questions are kept apart. *From
activity data*: does the figure follow from the rows and factors? *Within the table*: does it agree with the other printed
figures (sums, intensities)? A figure that an input was quoted or back-calculated from proves nothing about that input.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, field_validator

from ghg.factors import FactorRow
from ghg.figures import Figure, figures
from ghg.gases import CO2E, gwp
from ghg.inventory import InventoryFile
from ghg.issues import GhgError, InputError, Issue, listing
from ghg.ledger import Entry
from ghg.numbers import decimals_of, parse, printed, readable, rounding_interval
from ghg.reports import text
from ghg.schema import Provenance
from ghg.statement import Value
from ghg.tables import read_table
from ghg.units import conversion, ratio, unit

if TYPE_CHECKING:
    from ghg.runs import Run

Interval = tuple[Fraction, Fraction]
NOT_PRINTED = ("", "/", "-", "–", "n/a")
"""What a report prints where it gives no figure."""


class Verdict(StrEnum):
    """What can be said of a printed figure."""

    EXACT = "exact"
    """The recomputed value rounds to the printed digits."""
    CONSISTENT = "consistent"
    """Not the printed digits, but within the printed rounding of the inputs and factors."""
    IMPLIED = "implied"
    """The figure was used to derive an input, so it proves nothing."""
    DIFFERS = "differs"
    """Outside the printed rounding of inputs and factors."""
    NOT_RECOMPUTED = "not recomputed"
    """The engine has nothing to recompute it from."""


class PublishedFigure(BaseModel):
    """One cell of a published table, as printed.

    ``identity`` is a sum ``a + b`` of printed figures or a quotient ``a / denominator`` the table implies;
    ``implied_factor`` a quotient ``a / b in unit`` to compare with published factors.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    figure: str
    table: str
    row: str
    indicator: str
    unit_printed: str
    unit: str
    period_start: date
    period_end: date
    printed: str
    identity: str
    implied_factor: str
    footnotes: str
    source: str
    locator: str

    @field_validator("figure")
    @classmethod
    def _figure_exists(cls, name: str) -> str:
        if name and name.partition("/")[0] not in figures():
            raise ValueError(f"there is no figure {name!r}")
        return name

    @property
    def text(self) -> str:
        """The printed number without thousands marks; blank where none is printed."""
        return "" if self.printed.strip() in NOT_PRINTED else self.printed.replace(",", "")

    @property
    def interval(self) -> Interval:
        """The values that print like this."""
        return rounding_interval(self.text)


@dataclass(frozen=True, slots=True)
class Finding:
    """One printed figure with its verdicts.

    Attributes:
        published: the printed figure.
        verdict: from activity data.
        value: the recomputed value; none where nothing was recomputed.
        residual: printed minus recomputed.
        reason: the verdict in words.
        identity_verdict: within the table; none where the table implies nothing.
        identity_value: the value of the identity from printed figures.
        identity_reason: that verdict in words.
    """

    published: PublishedFigure
    verdict: Verdict
    value: Value | None
    residual: Fraction | None
    reason: str
    identity_verdict: Verdict | None
    identity_value: Fraction | None
    identity_reason: str


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
        return any(Verdict.DIFFERS in (found.verdict, found.identity_verdict) for found in self.findings)

    def __str__(self) -> str:
        return text.render_check(self)


def read_published(file: InventoryFile) -> list[PublishedFigure]:
    """The published figures of an inventory's period.

    Raises:
        GhgError: the inventory names no published table.
        InputError: the table is wrong, or prints nothing for the period.
    """
    inventory = file.inventory
    if inventory.published is None:
        raise GhgError(f"{file.name} names no published table to check against: add 'published: FILE.csv'.")
    path, name = file.path(inventory.published)
    table = read_table(path, name, tuple(PublishedFigure.model_fields))
    rows = table.records(PublishedFigure)
    problems = [
        Issue(
            "number-invalid",
            f"{row.printed!r} is not a printed number.",
            "Write it as printed, thousands with commas.",
            name,
            line,
            "printed",
        )
        for line, row in zip(table.lines, rows, strict=True)
        if row.text and not _is_number(row.text)
    ]
    if problems:
        raise InputError(problems)
    period = (inventory.period.start, inventory.period.end)
    found = [row for row in rows if (row.period_start, row.period_end) == period]
    if not found:
        raise GhgError(f"{name} prints no figure for {period[0]} to {period[1]}.")
    return found


def _is_number(text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


def check(run: Run) -> Check:
    """Every published figure of the run's period with its verdicts, and what the table proves by itself.

    Raises:
        GhgError: the run has no inventory file, or it names no published table.
        InputError: the published table is wrong.
    """
    if run.file is None:
        raise GhgError("a run over frames has no published table to check against.")
    rows = read_published(run.file)
    table = {row.figure: row for row in rows if row.figure and row.text}
    findings = tuple(_finding(run, row, table) for row in rows)
    proofs = [text for row in rows if row.implied_factor and row.text for text in _implied_factor(run, row, table)]
    proofs += [text for name in run.inventory.denominators for text in _denominator_bounds(run, name, table)]
    notes = [issue.message for issue in run.issues if issue.rule in ("back-calculated", "gwp-kept")]
    return Check(
        findings,
        tuple(proofs),
        (f"CO2e under the 100-year GWPs of {run.valuation.gwp}.", *notes, *run.inventory.assumptions),
    )


def _finding(run: Run, row: PublishedFigure, table: Mapping[str, PublishedFigure]) -> Finding:
    """One printed figure with its verdicts."""
    identity = _identity(run, row, table) if row.identity and row.text else (None, None, "")
    if not row.text:
        return Finding(row, Verdict.NOT_RECOMPUTED, None, None, f"the report prints {row.printed!r}", *identity)
    value = run.result.figure(row.figure) if row.figure else None
    if value is None:
        reason = "no activity data post to it" if row.figure else "it is not a quantity of the inventory"
        return Finding(row, Verdict.NOT_RECOMPUTED, None, None, reason, *identity)
    amount = value.amount * _printed_per_engine_unit(value.unit, row.unit)
    value = Value(amount, row.unit, value.back_calculated, value.implied)
    residual = parse(row.text) - amount
    verdict, reason = _verdict(run, row, value, residual)
    return Finding(row, verdict, value, residual, reason, *identity)


def _printed_per_engine_unit(engine: str, wanted: str) -> Fraction:
    """What turns the engine's unit of a figure into the published one."""
    if engine == wanted:
        return Fraction(1)
    if "/" in engine:
        ours, theirs = ratio(engine), ratio(wanted)
        return conversion(ours.numerator, theirs.numerator) / conversion(ours.denominator, theirs.denominator)
    return conversion(unit(engine), unit(wanted))


def _verdict(run: Run, row: PublishedFigure, value: Value, residual: Fraction) -> tuple[Verdict, str]:
    """The verdict from activity data, and why."""
    figure = figures()[row.figure.partition("/")[0]]
    behind = run.result.behind(figure)
    quoted = sorted(
        {entry.dimensions["provenance"] for entry in behind if row.figure in entry.dimensions["derived_from"].split()}
    )
    factors = sorted(
        {
            entry.posting.factor
            for entry in behind
            if entry.posting.factor and row.figure in run.valuation.rows[entry.posting.factor].derived_from.split()
        }
    )
    if factors:
        return Verdict.IMPLIED, f"rests on the implied factor {', '.join(factors)}, derived from this very figure"
    if Provenance.BACK_CALCULATED in quoted:
        return Verdict.IMPLIED, "activity was back-calculated from this figure"
    if quoted:
        return Verdict.IMPLIED, "the activity row quotes this figure"
    if value.back_calculated + value.implied == 1:
        return Verdict.IMPLIED, "everything behind it is back-calculated or rests on an implied factor"
    share = f"; {value.marks}" if value.marks else ""
    if printed(value.amount, decimals_of(row.text)) == printed(parse(row.text), decimals_of(row.text)):
        return Verdict.EXACT, f"rounds to the printed digits{share}"
    scale = value.amount / (_sum(behind) or 1)
    low, high = _figure_interval(run, behind, row, scale)
    relative = _signed(residual / value.amount * 100, 4)
    differs = f"differs by {_signed(residual, decimals_of(row.text))} {row.unit} ({relative} %) with inputs and factors taken as exact"
    if low <= row.interval[1] and row.interval[0] <= high:
        return (
            Verdict.CONSISTENT,
            f"{differs}; consistent within their printed rounding ({readable(low)} to {readable(high)}){share}",
        )
    return (
        Verdict.DIFFERS,
        f"{differs}; their printed rounding allows {readable(low)} to {readable(high)}. {_repair(run, behind, residual / scale)}{share}",
    )


def _signed(value: Fraction, decimals: int) -> str:
    """A residual with its sign."""
    text = printed(abs(value), decimals, thousands=True)
    return f"−{text}" if value < 0 else f"+{text}"


def _sum(entries: Iterable[Entry]) -> Fraction:
    return sum((entry.value for entry in entries), Fraction(0))


def _times(one: Interval, other: Interval) -> Interval:
    """The product of two intervals."""
    products = [a * b for a in one for b in other]
    return min(products), max(products)


def _figure_interval(run: Run, behind: Sequence[Entry], row: PublishedFigure, scale: Fraction) -> Interval:
    """The values a figure can take while every amount, factor and denominator stays within its printed rounding."""
    low = high = Fraction(0)
    for entry in behind:
        half = Fraction(entry.line.width, 2 * 10**run.balance.decimals)
        interval = ((entry.quantity - half), (entry.quantity + half))
        point = entry.quantity
        for name in (*entry.posting.parameters, *([entry.posting.factor] if entry.posting.factor else [])):
            interval = _times(interval, rounding_interval(run.valuation.rows[name].value))
            point *= run.valuation.rows[name].amount
        # What is left of the value beside amounts and factors (units, shares, GWP) is exact.
        exact = entry.value / point if point else Fraction(0)
        interval = _times(interval, (exact, exact))
        low, high = low + interval[0], high + interval[1]
    low, high = _times((low, high), (scale, scale))
    per = row.figure.partition("/")[2]
    if per:
        amount = run.inventory.denominators[per].amount
        bounds = rounding_interval(amount)
        low, high = _times((low, high), (parse(amount) / bounds[1], parse(amount) / bounds[0]))
    return low, high


def _repair(run: Run, behind: Sequence[Entry], residual: Fraction) -> str:
    """The smallest single change of an input that would remove a residual."""
    by_factor: dict[str, Fraction] = {}
    for entry in behind:
        if entry.posting.factor:
            by_factor[entry.posting.factor] = by_factor.get(entry.posting.factor, Fraction(0)) + entry.value
    by_row = {f"the {run.plan.matches[entry.line.match].activity} amounts": Fraction(0) for entry in behind}
    for entry in behind:
        by_row[f"the {run.plan.matches[entry.line.match].activity} amounts"] += entry.value
    changes = {name: residual / total for name, total in {**by_row, **by_factor}.items() if total}
    if not changes:
        return ""
    name = min(changes, key=lambda key: (abs(changes[key]), key in by_row))
    target = (
        f" (to {readable(run.valuation.rows[name].amount * (1 + changes[name]), 6)} {run.valuation.rows[name].unit})"
        if name in by_factor
        else ""
    )
    return f"The smallest single change that would repair it: {name} by {_signed(changes[name] * 100, 4)} %{target}."


def _identity(
    run: Run, row: PublishedFigure, table: Mapping[str, PublishedFigure]
) -> tuple[Verdict, Fraction | None, str]:
    """Whether a figure agrees with the sum or quotient of other printed figures."""
    names = row.identity.split()
    if names[1::2] == ["/"]:
        over, per = names[0], run.inventory.denominators[names[2]]
        if over not in table:
            return Verdict.NOT_RECOMPUTED, None, f"the report prints no {over}"
        value = parse(table[over].text) / parse(per.amount)
        bounds = rounding_interval(per.amount)
        low, high = _times(table[over].interval, (1 / bounds[1], 1 / bounds[0]))
        words = f"{table[over].printed} ÷ {per.amount} {per.unit}"
    else:
        parts = [name for name in names[::2] if name in table]
        if set(names[1::2]) != {"+"} or not parts:
            raise GhgError(
                f"the identity {row.identity!r} of {row.figure!r} is neither a sum 'a + b' nor a quotient 'a / denominator'."
            )
        value = sum((parse(table[name].text) for name in parts), Fraction(0))
        low = sum((table[name].interval[0] for name in parts), Fraction(0))
        high = sum((table[name].interval[1] for name in parts), Fraction(0))
        missing = [name for name in names[::2] if name not in table]
        words = " + ".join(table[name].printed for name in parts) + (
            f" ({listing(missing)} not printed)" if missing else ""
        )
    decimals = decimals_of(row.text)
    if printed(value, decimals) == printed(parse(row.text), decimals):
        return Verdict.EXACT, value, f"{words} gives the printed digits"
    within = low <= row.interval[1] and row.interval[0] <= high
    return (
        (Verdict.CONSISTENT if within else Verdict.DIFFERS),
        value,
        f"{words} gives {printed(value, decimals, thousands=True)}",
    )


def _implied_factor(run: Run, row: PublishedFigure, table: Mapping[str, PublishedFigure]) -> list[str]:
    """The factor two printed figures imply, against the factors used and those published."""
    quotient, _, wanted = row.implied_factor.partition(" in ")
    over, _, under = quotient.split()
    if under not in table:
        return []
    target = ratio(wanted)
    scale = conversion(unit(row.unit), target.numerator) / conversion(unit(table[under].unit), target.denominator)
    low, high = (
        bound * scale
        for bound in (row.interval[0] / table[under].interval[1], row.interval[1] / table[under].interval[0])
    )
    value = parse(row.text) / parse(table[under].text) * scale
    digits = _digits(high - low)
    head = f"{over} ÷ {under} = {printed(value, digits)} {wanted} CO2e ({printed(low, digits + 1)} to {printed(high, digits + 1)} within the printed digits, {row.period_start.year})"
    found = _factors_behind(run, figures()[over], wanted)
    fitting, nearest = _published_near(run, found, wanted, (low, high))
    lines = [head]
    if len(found) > 1:
        lines += _between(found, (low, high), wanted)
    elif fitting:
        lines.append(f"  fits {listing(fitting)}")
    else:
        used = next(iter(found.values()), None)
        if used and run.valuation.rows[used.name].is_implied:
            lines.append(f"  the factor used, {used.name}, is implied by these figures")
        lines.append(
            "  no published factor of the library fits" + (f"; nearest: {'; '.join(nearest)}" if nearest else "")
        )
    return lines


def _digits(width: Fraction) -> int:
    """Decimals that show an interval of this width: one more than its leading digit."""
    digits = 0
    while width * 10**digits < 1 and digits < 12:  # noqa: PLR2004
        digits += 1
    return digits


@dataclass(frozen=True, slots=True)
class _Effective:
    """CO2e of all gases of a factor per unit of energy, of CO2 alone, and the rounding of the printed digits."""

    name: str
    label: str
    all_gases: Fraction
    co2: Fraction
    interval: Interval


def _factors_behind(run: Run, figure: Figure, wanted: str) -> dict[str, _Effective]:
    """The factors that post to a figure and are given per energy, in the wanted unit."""
    factors = {
        run.valuation.rows[entry.posting.factor].factor for entry in run.result.behind(figure) if entry.posting.factor
    }
    effective = (_effective(run, run.plan.table.factors[name].rows, wanted) for name in sorted(factors))
    return {found.name: found for found in effective if found is not None}


def _effective(run: Run, rows: Sequence[FactorRow], wanted: str) -> _Effective | None:
    """A factor in the wanted unit; none where it is not given per energy or a gas has no GWP."""
    current = [run.valuation.rows.get(row.id, row) for row in rows]
    target = ratio(wanted)
    if not current[0].per.denominator.dimension.startswith(target.denominator.dimension):
        return None
    scale = target.denominator.multiplier / target.numerator.multiplier
    values, low, high = {}, Fraction(0), Fraction(0)
    for row in current:
        per_printed = scale * _potential(run, row) * row.per.numerator.multiplier / row.per.denominator.multiplier
        values[row.gas] = row.amount * per_printed
        ends = rounding_interval(row.value)
        low, high = low + ends[0] * per_printed, high + ends[1] * per_printed
    return _Effective(
        current[0].factor,
        current[0].name,
        sum(values.values(), Fraction(0)),
        values.get("CO2", Fraction(0)),
        (low, high),
    )


def _potential(run: Run, row: FactorRow) -> Fraction:
    return Fraction(1) if row.gas == CO2E else gwp(run.valuation.gwp, row.gas).amount


def _published_near(
    run: Run, found: Mapping[str, _Effective], wanted: str, interval: Interval
) -> tuple[list[str], list[str]]:
    """Published factors for the same activities whose value fits an interval, and else the two nearest."""
    activities = {run.plan.table.factors[name].first.activity for name in found}
    candidates = [
        effective
        for activity in sorted(activities)
        for factor in run.plan.table.candidates("emission_factor", activity)
        if not factor.first.is_implied
        for effective in [_effective(run, factor.rows, wanted)]
        if effective
    ]
    middle = (interval[0] + interval[1]) / 2
    fitting = [c.name for c in candidates if c.interval[0] <= interval[1] and interval[0] <= c.interval[1]]
    nearest = sorted(candidates, key=lambda c: abs(c.all_gases - middle))[:2]
    return fitting, [f"{c.name} {readable(c.all_gases, 4)}" for c in nearest]


def _between(found: Mapping[str, _Effective], interval: Interval, wanted: str) -> list[str]:
    """Where an implied factor lies between the factors used, and what that bounds."""
    ordered = sorted(found.values(), key=lambda effective: effective.all_gases)
    low, high = ordered[0], ordered[-1]
    ends = [f"{end.label} {readable(end.all_gases)} (CO2 alone {readable(end.co2)})" for end in (low, high)]
    line = f"  between {ends[0]} and {ends[1]} {wanted}"
    if len(ordered) != 2 or high.all_gases == low.all_gases:  # noqa: PLR2004
        return [line]
    shares = [(bound - low.all_gases) / (high.all_gases - low.all_gases) * 100 for bound in interval]
    return [
        f"{line}: {high.label} is {readable(shares[0], 1)} to {readable(shares[1], 1)} % of the energy, under these two factors"
    ]


def _denominator_bounds(run: Run, name: str, table: Mapping[str, PublishedFigure]) -> list[str]:
    """What the printed intensities say about a denominator the table does not print."""
    low, high, count = Fraction(0), None, 0
    for figure, row in table.items():
        over, _, per = figure.partition("/")
        if per == name and over in table:
            bounds = (table[over].interval[0] / row.interval[1], table[over].interval[1] / row.interval[0])
            low, high, count = max(low, bounds[0]), min(high or bounds[1], bounds[1]), count + 1
    if high is None:
        return []
    denominator = run.inventory.denominators[name]
    if low > high:
        return [f"{name}: no {denominator.label} satisfies all {count} printed intensities"]
    inside = "inside" if low <= parse(denominator.amount) <= high else "OUTSIDE"
    return [
        f"{name}: {count} printed intensities bound {denominator.label} to {printed(low, 2, thousands=True)} – {printed(high, 2, thousands=True)} "
        f"{denominator.unit}; stated {readable(parse(denominator.amount), 1)} lies {inside}"
    ]
