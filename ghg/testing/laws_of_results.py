"""Laws of results: parts, masses, contributions, what-ifs, engines, bridges, uncertainty, instruments and formats."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from ghg.numbers import parse
from ghg.testing import strategies
from ghg.testing.law import SHARES, Breach, differing, law, shown, text, with_rows
from ghg.testing.pipeline import TOTAL, Case, Pipeline, Row, exact
from ghg.testing.strategies import cases, faulty, scaled, split

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


@law("footing", "The scopes, and the parts by any other dimension, sum to the total.", "parts")
def footing(pipeline: Pipeline, case: Case) -> Breach | None:
    """Parts sum to the total."""
    totals = pipeline.compute(case)
    sums = {name: sum(exact(parts).values(), Fraction(0)) for name, parts in totals.parts.items()}
    expected = dict.fromkeys(sums, exact({TOTAL: totals.total})[TOTAL])
    return differing(pipeline, "The sum by", expected, sums, case)


@law("gwp leaves masses", "Another GWP set changes CO2e, never the mass of a gas.", "masses", "gwp_sets")
def gwp_leaves_masses(pipeline: Pipeline, case: Case) -> Breach | None:
    """Masses are the same under every GWP set."""
    first = pipeline.compute(case).masses
    for other in pipeline.gwp_sets:
        found = pipeline.compute(replace(case, gwp=other)).masses
        breach = differing(pipeline, f"Under {other}, the mass", first, found, case)
        if breach:
            return breach
    return None


@law("gwp once", "The total is the mass of each gas times its GWP, once.", "masses", "potentials")
def gwp_once(pipeline: Pipeline, case: Case) -> Breach | None:
    """Masses times GWPs give the total."""
    assert pipeline.potentials is not None
    totals = pipeline.compute(case)
    worth = sum(
        (mass * exact({gas: pipeline.potentials(case.gwp, gas)})[gas] for gas, mass in exact(totals.masses).items()),
        Fraction(0),
    )
    return differing(pipeline, "Masses times GWPs", {TOTAL: worth}, {TOTAL: totals.total}, case)


@law(
    "nothing lost",
    "Posted and unposted rows are the rows read, and rows that are wrong change no figure of the others.",
    "partial",
    given=lambda pipeline: st.tuples(cases(pipeline), st.lists(faulty(), min_size=1, max_size=4)),
)
def nothing_lost(pipeline: Pipeline, drawn: tuple[Case, list[Row]]) -> Breach | None:
    """Every row is posted or counted."""
    assert pipeline.partial is not None
    case, faults = drawn
    more = with_rows(case, [*case.rows, *({**case.rows[0], **fault} for fault in faults)])
    try:
        totals = pipeline.partial(more)
    except pipeline.refuses:
        return None  # no total, so nothing is lost in it
    counted = (totals.posted, totals.unposted)
    if counted != (len(case.rows), len(faults)):
        what = f"It read {len(more.rows)} rows, {len(faults)} of them wrong, and counted {counted} posted and unposted."
        return Breach(what, shown(more))
    return differing(pipeline, "With wrong rows", pipeline.compute(case).exact(), totals.exact(), more)


@law("trace", "The contributions behind a figure sum to it.", "trace")
def trace(pipeline: Pipeline, case: Case) -> Breach | None:
    """Contributions sum to their figure."""
    assert pipeline.trace is not None
    figures = pipeline.compute(case).exact()
    sums = {name: sum((Fraction(part) for part in parts), Fraction(0)) for name, parts in pipeline.trace(case).items()}
    return differing(pipeline, "The contributions", {name: figures.get(name, 0) for name in sums}, sums, case)


def _changed(pipeline: Pipeline) -> SearchStrategy[tuple[Case, Case]]:
    """A case, and the same with other factors and perhaps another GWP set."""

    def changed(case: Case, factors: tuple[Row, ...], gwp: str) -> tuple[Case, Case]:
        return case, replace(case, factors=strategies.factors_of(case.rows, factors), gwp=gwp)

    return st.builds(changed, cases(pipeline), strategies.factor_tables(pipeline), st.sampled_from(pipeline.gwp_sets))


@law("what-if", "A what-if computed from a result equals a full run with the change.", "what_if", given=_changed)
def what_if(pipeline: Pipeline, drawn: tuple[Case, Case]) -> Breach | None:
    """A what-if is a full run."""
    assert pipeline.what_if is not None
    before, after = drawn
    found = pipeline.what_if(before, after).exact()
    return differing(pipeline, "The what-if", pipeline.compute(after).exact(), found, before)


def _perhaps_covered(pipeline: Pipeline) -> SearchStrategy[Case]:
    return st.one_of(cases(pipeline), _covered(pipeline)) if pipeline.coverage else cases(pipeline)


def _covered(pipeline: Pipeline) -> SearchStrategy[Case]:
    return st.builds(
        lambda case, held: replace(case, instruments=held), cases(pipeline), strategies.instruments(minimum=1)
    )


@law("engines agree", "Every engine gives the same figures.", "engines", given=_perhaps_covered)
def engines_agree(pipeline: Pipeline, case: Case) -> Breach | None:
    """Engines give the same."""
    expected = pipeline.compute(case).exact()
    for name, compute in pipeline.engines.items():
        breach = differing(pipeline, f"By {name}", expected, compute(case).exact(), case)
        if breach:
            return breach
    return None


def _two(pipeline: Pipeline) -> SearchStrategy[tuple[Case, Case]]:
    """Two cases that may differ in everything."""
    return st.tuples(cases(pipeline), cases(pipeline))


@law("bridge", "The causes of a change sum to the change, to the last digit.", "bridge", given=_two)
def bridge(pipeline: Pipeline, drawn: tuple[Case, Case]) -> Breach | None:
    """The steps of a bridge sum to the change."""
    assert pipeline.bridge is not None
    before, after = drawn
    ends = [exact({TOTAL: pipeline.compute(case).total})[TOTAL] for case in drawn]
    steps = exact(pipeline.bridge(before, after))
    found = sum(steps.values(), Fraction(0))
    change = ends[1] - ends[0]
    # A difference of two large numbers is as exact as they are.
    if abs(found - change) > pipeline.tolerance * max(map(abs, [*ends, Fraction(1)])):
        what = f"The causes sum to {text(found)} and the change is {text(change)}."
        return Breach(what, {"Before": before.rows, "After": after.rows})
    return None


@law(
    "uncertainty of a split row",
    "Splitting a row of one meter in two does not make its total more certain: the parts err together.",
    "spread",
    given=lambda pipeline: st.tuples(cases(pipeline), SHARES),
)
def uncertainty_of_a_split_row(pipeline: Pipeline, drawn: tuple[Case, Fraction]) -> Breach | None:
    """Splitting rows leaves the spread."""
    assert pipeline.spread is not None
    case, share = drawn
    parts = with_rows(case, [part for row in case.rows for part in split(row, share)])
    whole, apart = ({"spread": pipeline.spread(asked)} for asked in (case, parts))
    # Spreads are statistics in floats, whatever the totals are.
    loose = replace(pipeline, tolerance=max(pipeline.tolerance, Fraction(1, 10**9)))
    return differing(loose, "Split in two", whole, apart, parts)


@law(
    "uncertainty scales",
    "Twice the amounts have twice the uncertainty: it is a share of the total, not a number of its own.",
    "spread",
    given=lambda pipeline: st.tuples(cases(pipeline), st.integers(2, 9)),
)
def uncertainty_scales(pipeline: Pipeline, drawn: tuple[Case, int]) -> Breach | None:
    """Scaling amounts scales the spread."""
    assert pipeline.spread is not None
    case, factor = drawn
    larger = replace(case, rows=tuple(scaled(row, factor) for row in case.rows))
    loose = replace(pipeline, tolerance=max(pipeline.tolerance, Fraction(1, 10**9)))
    expected = {"spread": exact({"": pipeline.spread(case)})[""] * factor}
    return differing(loose, f"With every amount times {factor}", expected, {"spread": pipeline.spread(larger)}, case)


@law(
    "certificate conservation",
    "Of no instrument is more used than it holds, and what is used and what is uncovered is what was consumed.",
    "coverage",
    given=_covered,
)
def certificate_conservation(pipeline: Pipeline, case: Case) -> Breach | None:
    """Instruments are used once."""
    assert pipeline.coverage is not None
    found = pipeline.coverage(case)
    held = {row["id"]: parse(row["amount"]) for row in case.instruments}
    used = exact(found.used)
    over = [name for name, amount in used.items() if not 0 <= amount <= held.get(name, Fraction(0))]
    if over:
        return Breach(f"Of {over[0]} {text(used[over[0]])} are used; it holds {held.get(over[0], 0)}.", shown(case))
    uncovered = exact({"": found.uncovered})[""]
    if uncovered < 0:
        return Breach(f"Uncovered are {text(uncovered)}: more is covered than was consumed.", shown(case))
    sums = {"consumption": sum(used.values(), uncovered)}
    return differing(pipeline, "Used and uncovered", {"consumption": found.consumed}, sums, case)


@law(
    "instruments count once",
    "A certificate that stands twice under one number covers once, or is refused.",
    "coverage",
    given=_covered,
)
def instruments_count_once(pipeline: Pipeline, case: Case) -> Breach | None:
    """A certificate listed twice is one certificate."""
    assert pipeline.coverage is not None
    again = tuple({**row, "id": f"{row['id']}-again"} for row in case.instruments)
    twice = replace(case, instruments=(*case.instruments, *again))
    try:
        used = exact(pipeline.coverage(twice).used)
    except pipeline.refuses:
        return None
    for row in case.instruments:
        both = used.get(row["id"], Fraction(0)) + used.get(f"{row['id']}-again", Fraction(0))
        if both > parse(row["amount"]) * (1 + pipeline.tolerance):
            return Breach(f"The number {row['number']} covers {text(both)}; it holds {row['amount']}.", shown(twice))
    return None


def _written(pipeline: Pipeline) -> SearchStrategy[dict[str, Any]]:
    """Something to write in every form."""
    return st.fixed_dictionaries({name: form.values for name, form in pipeline.formats.items()})


@law("round trip", "What is written and read again is the same, in every form.", "formats", given=_written)
def round_trip(pipeline: Pipeline, drawn: dict[str, Any]) -> Breach | None:
    """Reading what was written gives it back."""
    for name, value in drawn.items():
        written = pipeline.formats[name].write(value)
        back = pipeline.formats[name].read(written)
        if back != value:
            return Breach(f"Written as {name} and read again, {value!r} became {back!r}; written was {written!r}.", {})
    return None
