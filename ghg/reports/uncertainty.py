"""Renderings of an estimate of uncertainty: text with a picture, CSV, and the JSON document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from ghg.figures import figures
from ghg.numbers import decimal_text, readable
from ghg.reports import csv, ranges, text

if TYPE_CHECKING:
    from ghg.runs import Run
    from ghg.uncertainty.estimate import Contribution, Estimate, Interval

SHOWN = 3
"""Sources shown for a figure as text, unless all are asked for."""
HALF = 20
"""Columns of the picture to either side of the figure."""
APPROACHES = {
    1: "approach 1, error propagation (2006 IPCC Guidelines, Vol. 1, ch. 3, eq. 3.1 and 3.2)",
    2: "approach 2, Monte Carlo (2006 IPCC Guidelines, Vol. 1, ch. 3)",
}


class ContributionDocument(BaseModel):
    """What one input adds to the spread of a figure; the numbers are shares of its variance, floats."""

    model_config = ConfigDict(frozen=True)
    group: Literal["activity", "factor", "gwp", "shares"]
    name: str
    stated: str
    why: str
    share: float = Field(description="joint effects split evenly; the shares of a figure sum to one")
    first: float = Field(description="the input by itself: first-order index")
    total: float = Field(description="the input with all it takes part in: total-order index")


class IntervalDocument(BaseModel):
    """A figure with its 95 % interval; all but `value` are floats."""

    model_config = ConfigDict(frozen=True)
    figure: str
    label: str
    value: str = Field(description="the figure itself, exact decimal text")
    unit: str
    lower: float
    upper: float
    mean: float
    deviation: float
    exact_deviation: float = Field(description="standard deviation in closed form, all joint effects counted")
    covered_share: float = Field(description="share of the figure whose inputs all have a stated uncertainty")
    contributions: list[ContributionDocument]


class MissingDocument(BaseModel):
    """An input that nothing is stated for; it counts as exact."""

    model_config = ConfigDict(frozen=True)
    group: str
    name: str


class UncertaintyDocument(BaseModel):
    """The uncertainty of an inventory's emissions."""

    model_config = ConfigDict(frozen=True)
    inventory: str
    approach: Literal[1, 2]
    draws: int | None
    seed: int | None
    level: str = Field(description="per cent of the distribution between lower and upper")
    changes: list[str]
    intervals: list[IntervalDocument]
    change: list[IntervalDocument] = Field(description="of a what-if: figures after minus before, drawn together")
    without: list[str] = Field(description="figures without an interval: nothing is stated for any input of theirs")
    missing: list[MissingDocument]
    notes: list[str]


DOCUMENTS: dict[str, type[BaseModel]] = {"uncertainty": UncertaintyDocument}
"""The document by the command that prints it."""


def document(run: Run, found: Estimate, change: Estimate | None = None) -> UncertaintyDocument:
    """An estimate as its document."""
    return UncertaintyDocument(
        inventory=run.inventory.inventory,
        approach=1 if found.approach == 1 else 2,
        draws=found.draws,
        seed=found.seed,
        level="95",
        changes=[str(one) for one in run.changes],
        intervals=[_interval(one) for one in found.intervals.values()],
        change=[_interval(one) for one in change.intervals.values()] if change else [],
        without=list(found.silent),
        missing=[MissingDocument(group=one.group, name=one.name) for one in found.missing],
        notes=list(found.notes),
    )


def _interval(found: Interval) -> IntervalDocument:
    return IntervalDocument(
        figure=found.figure, label=figures()[found.figure].label, value=decimal_text(found.amount), unit="t CO2e",
        lower=found.lower, upper=found.upper, mean=found.mean, deviation=found.deviation,
        exact_deviation=found.exact_deviation, covered_share=found.covered,
        contributions=[
            ContributionDocument(
                group=one.source.group, name=one.source.name, stated=one.source.stated, why=one.source.why,
                share=one.share, first=one.first, total=one.total,
            )
            for one in found.contributions
        ],
    )  # fmt: skip


def render(found: Estimate, change: Estimate | None = None, *, everything: bool = False) -> str:
    """An estimate for a terminal: the intervals, their picture, what they come from, what they leave out."""
    drawn = "" if found.draws is None else f", {found.draws:,} draws from seed {found.seed}"
    header = ["figure", "id", "t CO2e", "lower", "upper", "below", "above", "covered"]
    lines = [f"95 % intervals by {APPROACHES[found.approach]}{drawn}", ""]
    silent = [[figures()[n].label, n, readable(value), *["–"] * 4, "0 %"] for n, value in found.silent.items()]
    lines += text.columns(header, [*(_row(one) for one in found.intervals.values()), *silent], range(2, 8))
    if change:
        rows = [[figures()[name].label, name, *_numbers(one)] for name, one in change.intervals.items() if one.amount]
        lines += ["", "Change against the inventory, drawn together", ""]
        lines += text.columns(["figure", "id", "t CO2e", "lower", "upper"], rows, range(2, 5))
    lines += ["", *_picture(found.intervals), "", "What the spread comes from, as shares of the variance", ""]
    rows = [
        [name if not number else "", f"{one.share:.1%}".replace("%", " %"), one.source.name, one.source.stated]
        for name, interval in found.intervals.items()
        for number, one in enumerate(interval.contributions[: None if everything else SHOWN])
    ]
    lines += text.columns(["id", "share", "input", "stated"], rows, [1])
    return "\n".join([*lines, "", *text.notes(found.notes)])


def _numbers(found: Interval) -> list[str]:
    return [readable(found.amount), f"{found.lower:,.2f}", f"{found.upper:,.2f}"]


def _row(found: Interval) -> list[str]:
    """One line of the table of intervals."""
    relative = ["–" if end is None else f"{100 * end:+.1f} %" for end in (found.below, found.above)]
    return [
        figures()[found.figure].label, found.figure, *_numbers(found), *relative, _covered(found.covered)
    ]  # fmt: skip


def _covered(share: float) -> str:
    """A share in per cent, rounded down so that it never reads as whole when it is not."""
    return "100 %" if share == 1 else f"{int(share * 1000) / 10:.1f} %"


def _picture(intervals: Mapping[str, Interval]) -> list[str]:
    """Each interval relative to its figure, on one scale."""
    ends = {name: (one.below, one.above) for name, one in intervals.items()}
    widest = max((abs(end) for pair in ends.values() for end in pair if end is not None), default=0.0)
    if not widest:
        return []
    rows = []
    for name, (below, above) in ends.items():
        if below is None or above is None:
            continue
        left, right = round(HALF + HALF * below / widest), round(HALF + HALF * above / widest)
        drawn = "".join("●" if n == HALF else "━" if left <= n <= right else " " for n in range(2 * HALF + 1))
        rows.append([name, drawn])
    scale = f"{f'-{100 * widest:.1f} %':<{HALF}}0{f'+{100 * widest:.1f} %':>{HALF}}"
    return text.columns(["id", scale], rows, [])


def as_svg(title: str, found: Estimate) -> str:
    """The intervals as a picture."""
    shown = [
        ranges.Range(name, one.below, one.above, f"{readable(one.amount)} [{one.lower:,.2f}, {one.upper:,.2f}]")
        for name, one in found.intervals.items()
        if one.below is not None and one.above is not None
    ]
    return ranges.svg(title, shown, "t CO2e", tuple(found.silent))


def intervals_csv(found: Estimate) -> str:
    """The intervals, one row a figure."""
    header = ("figure", "label", "value", "unit", "lower", "upper", "mean", "deviation", "covered_share")
    rows = (
        [
            name, figures()[name].label, decimal_text(one.amount), "t CO2e",
            *(repr(number) for number in (one.lower, one.upper, one.mean, one.deviation, one.covered)),
        ]
        for name, one in found.intervals.items()
    )  # fmt: skip
    return csv.table(header, rows)


def contributions_csv(found: Estimate) -> str:
    """The contributions, one row a figure and input."""
    header = ("figure", "group", "name", "stated", "why", "share", "first", "total")
    rows = (_contribution(name, one) for name, interval in found.intervals.items() for one in interval.contributions)
    return csv.table(header, rows)


def _contribution(name: str, one: Contribution) -> list[str]:
    numbers = (repr(number) for number in (one.share, one.first, one.total))
    return [name, one.source.group, one.source.name, one.source.stated, one.source.why, *numbers]
