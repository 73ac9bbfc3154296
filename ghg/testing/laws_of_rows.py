"""Laws of rows and factors: what adding, scaling, rewriting, splitting and spoiling them must do to totals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from ghg.testing.law import SEEDS, SHARES, Breach, differing, law, shown, with_rows
from ghg.testing.pipeline import TOTAL, Case, Number, Pipeline, Row, Totals, exact
from ghg.testing.strategies import NOT_NUMBERS, NOT_UNITS, TWO_NUMBERS, cases, rewritten, scaled, split

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


MOST = 2100
"""Rows of the longest table that a law tries: more than a page, a batch or a default limit usually holds."""


def added(*parts: Mapping[str, Number]) -> dict[str, Fraction]:
    """Figures summed by name."""
    found = [exact(part) for part in parts]
    return {name: sum((part.get(name, Fraction(0)) for part in found), Fraction(0)) for part in found for name in part}


def told(pipeline: Pipeline, case: Case) -> Totals | None:
    """The totals of a case that must be refused; none when the pipeline refuses it, or counts rows as unposted."""
    try:
        totals = pipeline.compute(case)
    except pipeline.refuses:
        return None
    return None if totals.unposted else totals


def _broken_row(fault: Callable[[Pipeline], SearchStrategy[Row]]) -> Callable[[Pipeline], SearchStrategy[Case]]:
    """Cases with one row made wrong."""

    def given(pipeline: Pipeline) -> SearchStrategy[Case]:
        def spoilt(case: Case, change: Row) -> Case:
            return replace(case, rows=(*case.rows[:-1], {**case.rows[-1], **change}))

        return st.builds(spoilt, cases(pipeline), fault(pipeline))

    return given


def _refused(pipeline: Pipeline, case: Case) -> Breach | None:
    """A breach when the case gives a total as if nothing were wrong."""
    totals = told(pipeline, case)
    if totals is None:
        return None
    return Breach(f"It gave a total of {totals.total} for a row that says no amount of anything.", shown(case))


@law(
    "additivity",
    "Two tables computed together give the sum of what each gives alone.",
    given=lambda pipeline: st.tuples(cases(pipeline, 2), st.integers(1, 7)),
)
def additivity(pipeline: Pipeline, drawn: tuple[Case, int]) -> Breach | None:
    """Adding tables adds their figures."""
    case, cut = drawn
    parts = [rows for rows in (case.rows[:cut], case.rows[cut:]) if rows]
    alone = [pipeline.compute(replace(case, rows=rows)).exact() for rows in parts]
    return differing(pipeline, "Together", added(*alone), pipeline.compute(case).exact(), case)


@law(
    "linearity",
    "Every amount times a number gives every figure times that number.",
    given=lambda pipeline: st.tuples(cases(pipeline), st.integers(0, 1000)),
)
def linearity(pipeline: Pipeline, drawn: tuple[Case, int]) -> Breach | None:
    """Scaling amounts scales figures."""
    case, factor = drawn
    larger = replace(case, rows=tuple(scaled(row, factor) for row in case.rows))
    expected = {name: value * factor for name, value in pipeline.compute(case).exact().items()}
    return differing(pipeline, f"With every amount times {factor}", expected, pipeline.compute(larger).exact(), case)


@law(
    "unit invariance",
    "The unit an amount is written in does not matter: 1 MWh is 1,000 kWh.",
    "units",
    given=lambda pipeline: st.tuples(cases(pipeline), SEEDS),
)
def unit_invariance(pipeline: Pipeline, drawn: tuple[Case, int]) -> Breach | None:
    """Rewriting amounts in other units leaves the figures."""
    case, seed = drawn
    choice = Random(seed).choice  # noqa: S311 - a choice that can be repeated, not a secret
    rows = tuple(rewritten(pipeline, row, choice(pipeline.exchangeable(row))) for row in case.rows)
    expected, other = pipeline.compute(case).exact(), replace(case, rows=rows)
    breach = differing(pipeline, "In other units", expected, pipeline.compute(other).exact(), case)
    return breach and Breach(breach.what, {**breach.tables, "In other units": rows})


@law(
    "permutation",
    "The order of the rows does not matter.",
    given=lambda pipeline: st.tuples(cases(pipeline, 2), SEEDS),
)
def permutation(pipeline: Pipeline, drawn: tuple[Case, int]) -> Breach | None:
    """Shuffling rows leaves the figures."""
    case, seed = drawn
    return differing(
        pipeline,
        "In another order",
        pipeline.compute(case).exact(),
        pipeline.compute(_shuffled(case, seed)).exact(),
        case,
    )


@law(
    "same digits",
    "Another order of the rows gives the very same digits, not just close ones.",
    given=lambda pipeline: st.tuples(cases(pipeline, 2), SEEDS),
)
def same_digits(pipeline: Pipeline, drawn: tuple[Case, int]) -> Breach | None:
    """Shuffling rows leaves every digit."""
    case, seed = drawn
    strict = replace(pipeline, tolerance=Fraction(0))
    one, other = pipeline.compute(case).exact(), pipeline.compute(_shuffled(case, seed)).exact()
    return differing(strict, "In another order", one, other, case)


def _shuffled(case: Case, seed: int) -> Case:
    rows = list(case.rows)
    Random(seed).shuffle(rows)  # noqa: S311 - an order that can be repeated, not a secret
    return replace(case, rows=tuple(rows))


@law(
    "split and merge",
    "Splitting a row in two that sum to it, or merging two into one, changes nothing.",
    given=lambda pipeline: st.tuples(cases(pipeline), SHARES),
)
def split_and_merge(pipeline: Pipeline, drawn: tuple[Case, Fraction]) -> Breach | None:
    """Splitting rows leaves the figures."""
    case, share = drawn
    parts = with_rows(case, [part for row in case.rows for part in split(row, share)])
    return differing(pipeline, "Split in two", pipeline.compute(case).exact(), pipeline.compute(parts).exact(), parts)


@law("zero is an amount", "A row of zero is a row: it is taken, and it changes no figure.")
def zero_is_an_amount(pipeline: Pipeline, case: Case) -> Breach | None:
    """A zero row is taken and changes nothing."""
    more = with_rows(case, [*case.rows, {**case.rows[0], "amount": "0"}])
    return differing(
        pipeline, "With a row of zero", pipeline.compute(case).exact(), pipeline.compute(more).exact(), more
    )


@law(
    "missing is not zero",
    "A blank amount is refused, or its row is counted as not posted; it is never zero.",
    given=_broken_row(lambda pipeline: st.sampled_from([{"amount": ""}, {"amount": "  "}])),
)
def missing_is_not_zero(pipeline: Pipeline, case: Case) -> Breach | None:
    """A blank amount is told."""
    return _refused(pipeline, case)


@law(
    "no number, no total",
    "Text that is no plain number, NaN, infinity or ``1,234``, is refused or its row is counted as not posted.",
    given=_broken_row(lambda pipeline: st.sampled_from([{"amount": word} for word in (*NOT_NUMBERS, *TWO_NUMBERS)])),
)
def no_number_no_total(pipeline: Pipeline, case: Case) -> Breach | None:
    """Amounts that are no numbers are told."""
    return _refused(pipeline, case)


@law(
    "units count",
    "An amount in a word that is no unit is refused or its row is counted as not posted: 100 bananas are not 100 kWh.",
    "names_units",
    given=_broken_row(lambda pipeline: st.sampled_from([{"unit": word} for word in NOT_UNITS])),
)
def units_count(pipeline: Pipeline, case: Case) -> Breach | None:
    """Units that are none are told."""
    return _refused(pipeline, case)


@law(
    "no factor, no total",
    "An activity without a factor is refused or its rows are counted as not posted; a missing factor is never zero.",
    "factors",
)
def no_factor_no_total(pipeline: Pipeline, case: Case) -> Breach | None:
    """A missing factor is told."""
    wanted = case.rows[0]["activity"]
    left = tuple(row for row in case.factors if row["activity"] != wanted)
    return _refused(pipeline, replace(case, factors=left))


@law("zero factor", "A factor of zero is a factor: it gives zero, and nothing else stands in for it.", "factors")
def zero_factor(pipeline: Pipeline, case: Case) -> Breach | None:
    """Factors of zero give zero."""
    none = replace(case, factors=tuple({**row, "value": "0"} for row in case.factors))
    return differing(pipeline, "With every factor zero", {TOTAL: 0}, {TOTAL: pipeline.compute(none).total}, none)


@law(
    "factor linearity",
    "Every factor times a number gives the total times that number.",
    "factors",
    given=lambda pipeline: st.tuples(cases(pipeline), st.integers(0, 100)),
)
def factor_linearity(pipeline: Pipeline, drawn: tuple[Case, int]) -> Breach | None:
    """Scaling factors scales the total."""
    case, factor = drawn
    larger = tuple({**row, "value": scaled({"amount": row["value"]}, factor)["amount"]} for row in case.factors)
    expected = exact({TOTAL: pipeline.compute(case).total})[TOTAL] * factor
    found = pipeline.compute(replace(case, factors=larger)).total
    return differing(pipeline, f"With every factor times {factor}", {TOTAL: expected}, {TOTAL: found}, case)


@law(
    "many rows",
    "Many rows alike give as many times what one gives: no row is the last that counts.",
    given=lambda pipeline: st.tuples(cases(pipeline), st.integers(1001, MOST)),
)
def many_rows(pipeline: Pipeline, drawn: tuple[Case, int]) -> Breach | None:
    """A long table counts to its end."""
    case, count = drawn
    one, many = with_rows(case, case.rows[:1]), with_rows(case, [case.rows[0]] * count)
    expected = {name: value * count for name, value in pipeline.compute(one).exact().items()}
    return differing(pipeline, f"{count:,} rows alike", expected, pipeline.compute(many).exact(), one)


@law("corrections", "A correction of minus an amount takes that amount away again.", "corrections")
def corrections(pipeline: Pipeline, case: Case) -> Breach | None:
    """A reversed row leaves nothing."""
    back = {**case.rows[-1], "amount": f"-{case.rows[-1]['amount']}", "entry": "correction"}
    reversed_ = with_rows(case, [*case.rows, case.rows[-1], back])
    return differing(
        pipeline, "With a row and its reversal", pipeline.compute(case).exact(), pipeline.compute(reversed_).exact(),
        reversed_,
    )  # fmt: skip
