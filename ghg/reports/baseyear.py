"""Renderings of a base year and of targets: the restatement note and the paths, as text, CSV and JSON documents."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from ghg.figures import figures
from ghg.numbers import decimal_text, parse, printed, readable
from ghg.reports import csv, text

if TYPE_CHECKING:
    from ghg.baseyear.recalculation import Assessment, Judged
    from ghg.baseyear.targets import Assessed, Targets

DECISIONS = {
    "recalculate": "significant: recalculated",
    "carried": "below the threshold: carried",
    "never": "never: growth or decline of the business",
    "no trigger": "not a trigger of the policy",
    "unknown": "cannot be judged: no effect is computed or stated",
}
POLICY = "GHG Protocol Corporate Standard, chapter 5; Scope 3 Standard, section 9.3."


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True)


class JudgedDocument(_Document):
    """A change with its effect on the base year; numbers are exact decimal text by figure."""

    event: str
    date: str
    kind: str
    what: str
    decision: str
    effect: dict[str, str] = Field(description="change of the base year's figure, t CO2e")
    cumulative: dict[str, str] = Field(description="since the last recalculation, as the policy adds them up, t CO2e")
    cumulative_percent: dict[str, str | None] = Field(description="of base-year emissions, unrounded where finite")
    stated: bool = Field(description="whether an effect is typed, not computed")


class RestatedDocument(_Document):
    """A year as reported and as recalculated, in t CO2e by figure."""

    year: str
    reported: dict[str, str]
    recalculated: dict[str, str]


class BaseYearDocument(_Document):
    """A base year assessed for a reporting year: the restatement note."""

    base_year: str
    organisation: str
    base: str
    kind: str
    reporting_year: str
    threshold_percent: str
    cumulation: str
    transfers: str
    policy_from: str
    recalculated: bool
    events: list[JudgedDocument]
    years: list[RestatedDocument]
    notes: list[str]


class PointDocument(_Document):
    """A year against a path; exact decimal text in the unit of the target."""

    year: str
    actual: str
    path: str
    gap: str = Field(description="actual minus path")
    progress_percent: str | None = Field(description="share of the whole reduction that is made")
    standing: str


class TargetDocument(_Document):
    """A target with its path, or the reasons why it cannot be assessed."""

    target: str
    what: str
    source: str
    figure: str | None
    base: str | None
    year: str
    unit: str
    goal: str | None
    points: list[PointDocument]
    open: list[str] = Field(description="what the source does not state; with `goal` null, why it cannot be assessed")


class LimitDocument(_Document):
    """A limit on something no inventory computes, as printed."""

    limit: str
    what: str
    source: str
    year: str
    at_most: str
    reported: str | None
    met: bool | None


class TargetsDocument(_Document):
    """Targets assessed."""

    targets_of: str
    recalculated: bool = Field(description="whether the figures are restated ones")
    targets: list[TargetDocument]
    limits: list[LimitDocument]
    notes: list[str]


DOCUMENTS: dict[str, type[BaseModel]] = {"base-year": BaseYearDocument, "targets": TargetsDocument}
"""The documents by the command that prints them."""


def _texts(values: Mapping[str, Fraction]) -> dict[str, str]:
    return {name: decimal_text(value) for name, value in values.items()}


def document(found: Assessment) -> BaseYearDocument:
    """An assessment as its document."""
    policy = found.file.policy
    return BaseYearDocument(
        base_year=found.file.base_year, organisation=found.file.organisation, base=found.base, kind=policy.kind,
        reporting_year=found.reporting, threshold_percent=policy.threshold, cumulation=policy.cumulation,
        transfers=policy.transfers, policy_from=policy.why, recalculated=found.is_recalculated,
        events=[
            JudgedDocument(
                event=one.event.event, date=str(one.event.date), kind=one.event.kind, what=one.event.what,
                decision=one.decision.value, effect=_texts(one.effect), cumulative=_texts(one.cumulative),
                cumulative_percent={n: None if s is None else decimal_text(s * 100) for n, s in one.share.items()},
                stated=one.is_stated,
            )
            for one in found.judged
        ],
        years=[
            RestatedDocument(year=one.year, reported=_texts(one.reported), recalculated=_texts(one.recalculated))
            for one in found.years
        ],
        notes=_notes(found),
    )  # fmt: skip


def render(found: Assessment) -> str:
    """The restatement note."""
    policy = found.file.policy
    head = [
        found.file.title,
        f"{found.file.organisation}, base year {found.base} ({policy.kind}), reporting year {found.reporting}",
        "",
        "Changes since the base year",
        "",
    ]
    header = ["change", "from", "kind", "figure", "effect t CO2e", "of base year", "cumulative", "decision"]
    changes = text.columns(header, [row for one in found.judged for row in _changes(one, found)], [4, 5, 6])
    rows = []
    for year in found.years:
        for name, reported in year.reported.items():
            new = year.recalculated[name]
            change = _percent((new - reported) / reported) if reported else "–"
            rows.append([year.year, name, readable(reported), readable(new), readable(new - reported), change])
    columns = ["year", "figure", "as reported", "recalculated", "change", "change %"]
    emissions = ["", "Emissions in t CO2e, as reported at the time and as recalculated", ""]
    lines = [*head, *changes, *emissions, *text.columns(columns, rows, [2, 3, 4, 5])]
    return "\n".join([*lines, "", *text.notes(_notes(found))])


def _changes(one: Judged, found: Assessment) -> list[list[str]]:
    """The lines of a change, one a figure."""
    decision, base = DECISIONS[one.decision.value], found.years[0].reported
    decision = "recalculated by choice" if one.event.voluntary and one.decision.value == "recalculate" else decision
    if one.decision.value not in ("recalculate", "carried"):
        return [[one.event.event, str(one.event.date), one.event.kind, "", "–", "–", "–", decision]]
    rows = []
    for number, (name, effect) in enumerate(one.effect.items()):
        alone = _percent(effect / base[name]) if base[name] else "–"
        share = one.share[name]
        cells = [name, readable(effect), alone, "–" if share is None else _percent(share)]
        first = [one.event.event, str(one.event.date), one.event.kind] if not number else ["", "", ""]
        rows.append([*first, *cells, decision if not number else ""])
    return rows


def _percent(share: Fraction) -> str:
    return f"{printed(share * 100, 2)} %"


def _notes(found: Assessment) -> list[str]:
    """What a reader of a restatement has to know."""
    policy = found.file.policy
    notes = [f"{one.event.event}: {one.event.what}." for one in found.judged]
    notes.append(
        f"Significant is a change of at least {policy.threshold} % of base-year emissions in any of "
        f"{', '.join(policy.figures)}, {policy.cumulation} of the changes since the last recalculation, compared "
        f"unrounded. {POLICY} Policy: {policy.why}."
    )
    notes.append(
        "Each effect is the difference between running the year's inventory with and without the change, on top of the "
        "changes before it. Figures as reported are kept."
    )
    notes += [f"{one.event.event} is recalculated by choice: {one.event.voluntary}." for one in found.judged
              if one.event.voluntary]  # fmt: skip
    stated = [effect for one in found.judged for effect in one.event.stated]
    if stated:
        sources = "; ".join(f"{effect.figure} {effect.year}: {effect.source}" for effect in stated)
        notes.append(f"Stated, not computed: {sources}.")
    return [*notes, *found.file.notes]


def table(found: Assessment) -> str:
    """The years as reported and as recalculated, one row a year and figure."""
    rows = (
        [year.year, name, decimal_text(reported), decimal_text(year.recalculated[name]), "t CO2e"]
        for year in found.years
        for name, reported in year.reported.items()
    )
    return csv.table(("year", "figure", "reported", "recalculated", "unit"), rows)


def targets_document(found: Targets) -> TargetsDocument:
    """Targets as their document."""
    return TargetsDocument(
        targets_of=found.file.targets_of,
        recalculated=found.recalculated,
        targets=[_target(one) for one in found.assessed],
        limits=[
            LimitDocument(
                limit=one.limit, what=one.what, source=one.source, year=year, at_most=limit,
                reported=one.reported.get(year), met=_met(one.reported.get(year), limit),
            )
            for one in found.file.limits
            for year, limit in sorted(one.at_most.items())
        ],
        notes=_target_notes(found),
    )  # fmt: skip


def _met(reported: str | None, limit: str) -> bool | None:
    return None if reported is None else parse(reported) <= parse(limit)


def _target(one: Assessed) -> TargetDocument:
    return TargetDocument(
        target=one.target.target, what=one.target.what, source=one.target.source, figure=one.target.figure,
        base=one.target.base, year=one.target.year, unit=_unit(one), open=list(one.lacking),
        goal=None if one.goal is None else decimal_text(one.goal),
        points=[
            PointDocument(
                year=p.year, actual=decimal_text(p.actual), path=decimal_text(p.path), gap=decimal_text(p.gap),
                progress_percent=None if p.progress is None else decimal_text(p.progress * 100), standing=p.standing,
            )
            for p in one.points
        ],
    )  # fmt: skip


def _unit(one: Assessed) -> str:
    return figures()[(one.target.figure or "scope1").partition("/")[0]].written(one.unit)


def render_targets(found: Targets) -> str:
    """Targets for a terminal: each path with its years, then limits, then what cannot be assessed."""
    lines = [found.file.title]
    for one in (one for one in found.assessed if one.goal is not None):
        target = one.target
        lines += ["", f"{target.target}: {target.what}", f"{target.source}.", ""]
        rows = [
            [p.year, readable(p.actual), readable(p.path), readable(p.gap),
             "–" if p.progress is None else _percent(p.progress), p.standing]
            for p in one.points
        ]  # fmt: skip
        rows.append([target.year, "", readable(one.goal or Fraction(0)), "", "", "target"])
        lines += text.columns(["year", _unit(one), "path", "gap", "progress", ""], rows, [1, 2, 3, 4])
    open_ones = [one for one in found.assessed if one.goal is None]
    if open_ones:
        lines += ["", "Cannot be assessed", ""]
        lines += text.notes(
            [f"{one.target.what} ({one.target.source}): {'; '.join(one.lacking)}." for one in open_ones]
        )  # fmt: skip
    if found.file.limits:
        rows = [
            [one.what, year, limit, one.reported.get(year, "–"), MET[_met(one.reported.get(year), limit)]]
            for one in found.file.limits
            for year, limit in sorted(one.at_most.items())
        ]
        lines += [
            "",
            "Limits, as printed",
            "",
            *text.columns(["limit", "year", "at most", "reported", ""], rows, [2, 3]),
        ]
    return "\n".join([*lines, "", *text.notes(_target_notes(found))])


MET = {True: "met", False: "missed", None: "not reported"}


def _target_notes(found: Targets) -> list[str]:
    basis = "restated figures" if found.recalculated else "figures as their inventories give them"
    notes = [f"Paths are straight lines from the base year. The years are {basis}. Offsets are never counted."]
    return [*notes, *found.file.notes]


def targets_table(found: Targets) -> str:
    """The paths, one row a target and year."""
    rows = (
        [one.target.target, p.year, decimal_text(p.actual), decimal_text(p.path), decimal_text(p.gap), _unit(one),
         p.standing]
        for one in found.assessed
        for p in one.points
    )  # fmt: skip
    return csv.table(("target", "year", "actual", "path", "gap", "unit", "standing"), rows)
