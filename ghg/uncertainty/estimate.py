"""Figures with their 95 % intervals: the result of either approach, with what it rests on and what it leaves out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from ghg.figures import Figure, figures
from ghg.issues import GhgError, InputError, Issue
from ghg.uncertainty.distributions import LEVEL, z
from ghg.uncertainty.inputs import Missing
from ghg.uncertainty.model import SOLVED, Cell, Model, Source, Term, build
from ghg.uncertainty.policy import DRAWS, SEED, Policy
from ghg.uncertainty.propagation import Effects, Share, added, effects, moments, propagate
from ghg.uncertainty.sampling import sample

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    from ghg.runs import Run

APPROACHES = {
    1: "approach 1: error propagation, 2006 IPCC Guidelines Vol. 1 ch. 3 eq. 3.1 and 3.2, shared inputs added first",
    2: "approach 2: Monte Carlo, 2006 IPCC Guidelines Vol. 1 ch. 3",
}
FEWEST = 100
"""Draws below which a 95 % interval has fewer than three draws outside either end."""
NAMED = 4
"""Inputs without a statement that a note names; the JSON document lists all."""
OFF_CENTRE = 0.005
"""How far the mean may lie from the figure, relative to it, before a note says so."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one source adds to the spread of a figure; every number is a share of the variance.

    Attributes:
        source: the input, with its statement.
        share: with joint effects split evenly; the shares of a figure sum to one.
        first: by itself (first-order index).
        total: with all it takes part in (total-order index).
    """

    source: Source
    share: float
    first: float
    total: float


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95 % interval.

    Attributes:
        figure: id of the figure.
        amount: the figure itself, exact, in t CO2e.
        lower: lower end, a float.
        upper: upper end, a float.
        mean: mean of the distribution, a float.
        deviation: its standard deviation, a float.
        exact_deviation: the standard deviation in closed form, all joint effects counted, a float.
        covered: share of the figure whose inputs all have a stated uncertainty.
        contributions: the sources behind it, the largest first.
    """

    figure: str
    amount: Fraction
    lower: float
    upper: float
    mean: float
    deviation: float
    exact_deviation: float
    covered: float
    contributions: tuple[Contribution, ...]

    @property
    def below(self) -> float | None:
        """How far the lower end lies from the figure, as a share of it; none for a figure of zero."""
        return self.lower / float(self.amount) - 1 if self.amount else None

    @property
    def above(self) -> float | None:
        """How far the upper end lies from the figure, as a share of it; none for a figure of zero."""
        return self.upper / float(self.amount) - 1 if self.amount else None

    @property
    def offset(self) -> float:
        """How far the mean lies from the figure, as a share of it; zero for a figure of zero."""
        return self.mean / float(self.amount) - 1 if self.amount else 0.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """The uncertainty of a run's emissions.

    Attributes:
        approach: 1 or 2.
        draws: how many draws were made; none for approach 1.
        seed: where they started.
        intervals: by figure, in the order figures are printed; figures nothing is known about are left out.
        silent: those figures, with their exact amounts.
        sources: every input that errs.
        missing: inputs nothing is stated for, which count as exact.
        notes: what a reader has to know.
    """

    approach: int
    draws: int | None
    seed: int | None
    intervals: Mapping[str, Interval]
    silent: Mapping[str, Fraction]
    sources: tuple[Source, ...]
    missing: tuple[Missing, ...]
    notes: tuple[str, ...]

    def __str__(self) -> str:
        from ghg.reports.uncertainty import render

        return render(self)


def estimate(
    run: Run,
    policy: Policy | None = None,
    *,
    since: Run | None = None,
    approach: int = 2,
    draws: int = DRAWS,
    seed: int = SEED,
    threads: int | None = None,
) -> Estimate:
    """The 95 % interval of every emission figure of a run, and what it comes from.

    Args:
        run: a computed inventory whose rows are still there.
        policy: what is stated about inputs; the inventory's own section when none is given.
        since: a run to subtract, so that the figures are changes; an input both share is drawn once for both.
        approach: 1 (closed form) or 2 (Monte Carlo).
        draws: how many draws approach 2 makes.
        seed: where its random numbers start.
        threads: how many threads draw; the result does not depend on it.

    Raises:
        GhgError: nothing is stated, or an argument is out of range.
        InputError: an input has no stated uncertainty and the policy does not say how to treat it.
    """
    stated = policy or run.inventory.uncertainty
    _check(stated, approach, draws, seed)
    assert stated is not None  # noqa: S101 - checked the line before
    model = build(run, stated, since)
    if model.missing and stated.missing == "refuse":
        raise InputError(_issues(model, run))
    drawn = sample(model, draws, seed, threads) if approach == 2 else None  # noqa: PLR2004
    cells = _cells(model)
    intervals, silent = {}, {}
    for name, figure in figures().items():
        held = [] if name in run.result.absent else [cell for cell in cells if _holds(figure, cell)]
        if held and not any(cells[cell].says_something for cell in held):
            silent[name] = _amount(run, since, name)
        elif held:
            total = None if drawn is None else [drawn[cell] for cell in held]
            intervals[name] = _interval(name, _amount(run, since, name), model, [cells[cell] for cell in held], total)
    notes = tuple(_notes(stated, model, intervals))
    return Estimate(
        approach,
        draws if drawn else None,
        seed if drawn else None,
        intervals,
        silent,
        tuple(model.sources),
        tuple(model.missing.values()),
        notes,
    )


def _amount(run: Run, since: Run | None, name: str) -> Fraction:
    """The exact figure, or its change."""
    now, then = run.figure(name), since.figure(name) if since else None
    return (now.amount if now else Fraction(0)) - (then.amount if then else Fraction(0))


def _check(policy: Policy | None, approach: int, draws: int, seed: int) -> None:
    if policy is None:
        raise GhgError(
            "nothing is stated about the uncertainty of the inputs: give the inventory a section 'uncertainty', or "
            "name a policy file with --policy."
        )
    if approach not in APPROACHES:
        raise GhgError("the approaches are 1 (error propagation) and 2 (Monte Carlo).")
    if draws < FEWEST or seed < 0:
        raise GhgError(f"a 95 % interval needs {FEWEST} draws at least, and a seed is zero or more.")


def _holds(figure: Figure, cell: Cell) -> bool:
    """Whether a figure counts a cell of emissions."""
    book, scope, category = cell
    return figure.includes(measure="emissions", book=book, scope=scope, category=category, energy="")


@dataclass(frozen=True, slots=True)
class _Cell:
    """The terms of one cell, summed up.

    Attributes:
        effects: what sources do to them.
        weight: sum of their sizes.
        covered: the part of it whose inputs all have a statement.
        says_something: whether anything is stated for any of them.
    """

    effects: Effects
    weight: float
    covered: float
    says_something: bool


def _cells(model: Model) -> dict[Cell, _Cell]:
    """Every cell with its terms summed up, in order."""
    terms: dict[Cell, list[Term]] = {}
    for term in model.terms:
        terms.setdefault(term.cell, []).append(term)
    return {
        cell: _Cell(
            effects(model, found),
            sum(abs(term.weight) for term in found),
            sum(abs(term.weight) for term in found if term.is_covered),
            any(term.is_covered or term.sources for term in found),
        )
        for cell, found in sorted(terms.items())
    }


def _interval(
    name: str, amount: Fraction, model: Model, cells: Sequence[_Cell], drawn: Sequence[NDArray[float64]] | None
) -> Interval:
    """The interval of one figure by either approach."""
    together = added(cell.effects for cell in cells)
    exact = moments(model, together)
    spread, shares = exact.variance**0.5, exact.shares()
    weight = sum(cell.weight for cell in cells)
    covered = 1.0 if all(cell.covered == cell.weight for cell in cells) else sum(c.covered for c in cells) / weight
    if drawn is None:
        found = propagate(model, together)
        value, half = float(amount), found.half_width
        behind = _contributions(model, shares, found.shares)
        return Interval(
            name, amount, value - half, value + half, value, half / z(LEVEL), spread, covered, behind
        )  # fmt: skip
    import numpy as np

    total = np.sum(drawn, axis=0)
    lower, upper = (float(end) for end in np.quantile(total, ((100 - LEVEL) / 200, (100 + LEVEL) / 200)))
    behind = _contributions(model, shares, {source: share.fair for source, share in shares.items()})
    return Interval(name, amount, lower, upper, float(total.mean()), float(total.std()), spread, covered, behind)


def _contributions(
    model: Model, shares: Mapping[int, Share], shown: Mapping[int, float]
) -> tuple[Contribution, ...]:  # fmt: skip
    """The sources of a figure by their share, the largest first."""
    nothing = Share(0.0, 0.0, 0.0)
    found = [
        Contribution(model.sources[number], share, *_indices(shares.get(number, nothing)))
        for number, share in sorted(shown.items())
        if share
    ]
    return tuple(sorted(found, key=lambda one: (-one.share, one.source.group, one.source.name)))


def _indices(share: Share) -> tuple[float, float]:
    return share.first, share.total


CALLED = {SOLVED: "amount of", "activity": "amount of", "factor": "factor", "gwp": "GWP of"}
HOW_TO_STATE = {
    SOLVED: "It was solved from the figure itself: add a rule with 'provenance: back-calculated' if you know more.",
    "activity": "Fill the row's column 'uncertainty', or add a rule under 'activity' in the policy.",
    "factor": "Add a rule under 'factors': a width, 'bounds …' where bounds are published, 'rounding' or 'exact'.",
    "gwp": "Add a rule under 'gwp', or none at all: then every GWP counts as exact.",
}
"""What to do about an input of each group that nothing is stated for."""


def _issues(model: Model, run: Run) -> list[Issue]:
    """One issue an input that nothing is stated for."""
    file = run.file.name if run.file else ""
    rows = run.valuation.rows
    about = {
        name: f" ({rows[name].uncertainty})" for group, name in model.missing if group == "factor"
    }  # fmt: skip
    return [
        Issue(
            "uncertainty-missing",
            f"nothing states how uncertain the {CALLED[found.group]} {found.name}{about.get(found.name, '')} is.",
            f"{HOW_TO_STATE[found.group]} 'missing: disclose' in the policy leaves it out and says so.",
            file,
        )
        for found in model.missing.values()
    ]


def _notes(policy: Policy, model: Model, intervals: Mapping[str, Interval]) -> list[str]:
    """What a reader of the intervals has to know."""
    rows = {
        "shared": "Rows of one entity, activity and provenance share one error: splitting a row changes nothing.",
        "independent": "Rows are independent measurements unless they name the same one in 'measurement'.",
    }
    notes = [
        "The figures are exact; intervals, means and deviations are floating-point statistics.",
        f"{rows[policy.rows]} A factor is drawn once for all rows that use it.",
    ]
    if model.idle:
        notes.append(
            f"No input takes these rules: {'; '.join(model.idle)}. A word of theirs is misspelled, or a rule before "
            "them takes what they name."
        )
    if not policy.gwp:
        notes.append("GWPs count as exact: the policy has no rule for them.")
    off = [f"{name} {100 * found.offset:+.1f} %" for name, found in intervals.items() if abs(found.offset) > OFF_CENTRE]
    if off:
        notes.append(f"Bounds that are not centred on their value move the mean off the figure: {', '.join(off)}.")
    if any(found.group == SOLVED for found in model.missing.values()):
        notes.append(
            "Back-calculated amounts rest on the figure itself, so they say nothing about how sure it is, unless the "
            "policy has a rule for that provenance by name."
        )
    if model.missing:
        names = [found.name for found in model.missing.values()]
        others = f" and {len(names) - NAMED} more inputs" if len(names) > NAMED else ""
        notes.append(
            f"NOT COVERED: nothing is stated for {', '.join(names[:NAMED])}{others}. They count as exact, so intervals "
            "of figures that are not fully covered are too narrow, and figures without any cover have none."
        )
    return notes
