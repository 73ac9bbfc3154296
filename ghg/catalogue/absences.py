"""Why a factor is not there: what is on record about it, the nearest factors that are, and what it takes to use them.

``factors/absences.csv`` holds what is on record, by hand: the word of the vocabulary (``fuel.*`` for a family), the
region (``*`` for any), the publisher and the reason. What no row tells is said from the library itself, and nothing is
claimed beyond it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from ghg.factors import FACTOR, Factor, library
from ghg.reading.shipped import shipped
from ghg.regions import WORLD, ladder, regions
from ghg.sources import sources

ANY = "*"
"""Any region; at the end of an activity, any word that begins so."""
NEAREST = 5
"""Factors named as the nearest."""
ON_REQUEST = frozenset((
    "upstream", "upstream_with_radiative_forcing", "losses", "upstream_of_losses", "life_cycle", "outside_of_scopes",
    "grid_non_baseload", "grid_excluding_market_traded_non_fossil", "grid_fossil", "ets_grid", "residual_mix",
    "operating_margin", "build_margin",
))  # fmt: skip
"""Bases that are taken only when they are asked for; life cycle is the usual basis of materials."""


class Verdict(StrEnum):
    """What can be said about a factor that was looked for."""

    EXISTS = "it exists"
    AMBIGUOUS = "ambiguous"
    LICENCE_FORBIDS = "licence forbids"
    NOT_YET_ADDED = "not yet added"
    NOT_PUBLISHED = "not published"


class Absence(BaseModel):
    """What is on record about a factor that the library does not hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    activity: str
    region: str
    publisher: str
    reason: Literal["not_published", "not_yet_added", "licence_forbids"]
    explanation: str

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if not (self.activity and self.publisher and self.explanation):
            raise ValueError("activity, publisher and explanation are never blank")
        if self.region != ANY and self.region not in regions():
            raise ValueError(f"the region {self.region!r} is not in the list of regions")
        return self

    @property
    def verdict(self) -> Verdict:
        """The reason as a verdict."""
        return Verdict[self.reason.upper()]

    def is_about(self, activity: str, region: str) -> bool:
        """Whether it speaks of an activity in a region."""
        family = self.activity.removesuffix(ANY)
        is_activity = f"{activity}.".startswith(family) if family.endswith(".") else activity == family
        return is_activity and self.region in (region, ANY)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was looked for.

    Attributes:
        activity: a word of the vocabulary.
        region: a code.
        year: the calendar year.
        kind: emission factor, or the kind of a parameter.
        bases: the bases asked for; when empty, the usual ones.
        publisher: as typed; blank for any.
        publications: the publisher's publications in the library.
    """

    activity: str
    region: str
    year: int
    kind: str = FACTOR
    bases: frozenset[str] = frozenset()
    publisher: str = ""
    publications: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Near:
    """A factor that does exist, how it differs from what was looked for, and what it takes to use it."""

    factor: Factor
    differs: str
    needs: str


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer: a verdict, why, the factors it names and the nearest ones."""

    asked: Asked
    verdict: Verdict
    why: tuple[str, ...]
    found: tuple[Factor, ...] = ()
    nearest: tuple[Near, ...] = ()


@cache
def absences() -> tuple[Absence, ...]:
    """Everything on record, in the order of the file."""
    return tuple(shipped("absences.csv", Absence))


def acronym(name: str) -> str:
    """The capital letters of a name.

    >>> acronym("Ministry of Ecology and Environment")
    'MEE'
    """
    return "".join(re.findall(r"\b[A-Z]", name))


def on_record(asked: Asked) -> tuple[Absence, ...]:
    """What is on record about what was asked, rows of the very region first."""
    found = (row for row in absences() if row.is_about(asked.activity, asked.region) and _is_of(row, asked))
    return tuple(sorted(found, key=lambda row: row.region == ANY))


def knows_publisher(text: str) -> bool:
    """Whether something is on record about a publisher of this name or acronym."""
    asked = Asked("", "", 0, publisher=text)
    return any(_is_of(row, asked) for row in absences())


def _is_of(row: Absence, asked: Asked) -> bool:
    """Whether a row speaks of the publisher asked for."""
    text = asked.publisher.casefold()
    named = (sources()[name].publisher for name in asked.publications)
    return (
        not text
        or acronym(row.publisher).casefold() == text
        or (len(text) > len("mee") and text in row.publisher.casefold())
        or any(row.publisher in publisher for publisher in named)
    )


def is_usual(basis: str, activity: str) -> bool:
    """Whether a basis is taken without being asked for."""
    return basis not in ON_REQUEST or (basis == "life_cycle" and activity.startswith("material"))


def explain(asked: Asked) -> Finding:
    """Whether the library holds a factor, and if not why, as far as is known, with the nearest ones."""
    every = library().candidates(asked.kind, asked.activity)
    chosen = [f for f in every if not asked.publisher or f.first.source in asked.publications]
    fitting = [f for f in chosen if _fits_basis(f, asked)]
    here = [f for f in fitting if f.first.region == asked.region]
    found = tuple(f for f in here if not _years_off(f, asked.year))
    if found:
        return _exists(asked, found)
    rows, nearest = on_record(asked), _nearest(asked, every)
    outright = [row.verdict for row in rows if row.region != ANY or asked.publisher] if not here else []
    covers = sorted({f.first.source for f in fitting if not _years_off(f, asked.year)})
    why = [_in_the_library(asked, here, covers)]
    told = [row for row in rows if row.region != ANY] or rows
    why += [f"{row.publisher}: {row.verdict}. {_sentence(row.explanation)}" for row in told]
    default = Verdict.NOT_PUBLISHED if asked.publisher and covers and not here else Verdict.NOT_YET_ADDED
    # Published but not free to ship says more than not added, and that more than one publisher's silence.
    verdict = next((verdict for verdict in Verdict if verdict in outright), default)
    return Finding(asked, verdict, tuple(why), (), nearest)


def of_family(activities: Sequence[str], region: str, year: int, publisher: str) -> Finding | None:
    """What is on record about a whole family of activities in a place, or by a publisher.

    None when the activities are of several families, one of them has a factor there, or nothing is on record.
    """
    family = {activity.partition(".")[0] for activity in activities}
    asked = Asked(f"{min(family)}.{ANY}", region, year, publisher=publisher)
    rows = [row for row in on_record(asked) if row.activity == asked.activity and (publisher or row.region != ANY)]
    held = (f for activity in activities for f in library().candidates(FACTOR, activity) if f.first.region == region)
    if len(family) > 1 or not rows or (not publisher and next(held, None)):
        return None
    verdict = min((row.verdict for row in rows), key=list(Verdict).index)
    return Finding(
        asked, verdict, tuple(f"{row.publisher}: {row.verdict}. {_sentence(row.explanation)}" for row in rows)
    )


def _exists(asked: Asked, found: tuple[Factor, ...]) -> Finding:
    """The answer where the library holds at least one factor."""
    cited, bases = sorted({f.first.source for f in found}), sorted({f.first.basis for f in found})
    pin = " Or it pins one factor, with the reason." if asked.kind == FACTOR else ""
    if len(cited) > 1:
        allowed = f"An inventory names those it allows, in order of preference: publications: [{', '.join(cited)}]."
        return Finding(asked, Verdict.AMBIGUOUS, (f"{len(cited)} publications have it. {allowed}{pin}",), found)
    if len(bases) > 1:
        why = f"{cited[0]} has it on {len(bases)} bases: {', '.join(bases)}. The inventory's activity names one.{pin}"
        return Finding(asked, Verdict.AMBIGUOUS, (why,), found)
    said = "It is there." if len(found) == 1 else f"It is there, in {len(found)} units or cases."
    return Finding(asked, Verdict.EXISTS, (f"{said} Name {cited[0]} in the inventory's publications.",), found)


def _in_the_library(asked: Asked, here: Sequence[Factor], covers: Sequence[str]) -> str:
    """What the library itself shows."""
    what = f"{asked.kind.replace('_', ' ')} for {asked.activity} in {place(asked.region)}"
    by = f" by {asked.publisher}" if asked.publisher else ""
    years = sorted({f.first.valid_from.year for f in here if f.first.valid_from})
    if years:
        told = ", ".join(str(year) for year in years)
        later = " Whether a later edition has come out is not on record." if asked.year > years[-1] else ""
        return f"The library has the {what}{by} for {told}, not for {asked.year}.{later}"
    if covers and asked.publisher:
        return f"{' and '.join(covers)} {'have' if len(covers) > 1 else 'has'} no {what}."
    return f"The library has no {what}{by}, for any year."


def place(region: str) -> str:
    """The name of a region without what stands in brackets."""
    return re.split(r" ?[(（]", regions()[region].name)[0]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _fits_basis(factor: Factor, asked: Asked) -> bool:
    basis = factor.first.basis
    return basis in asked.bases if asked.bases else is_usual(basis, asked.activity)


def _years_off(factor: Factor, year: int) -> int:
    """Years between a factor's validity and a year: below zero when it is valid only later, 0 when it fits."""
    first, last = factor.first.valid_from, factor.first.valid_to
    if first and first.year > year:
        return year - first.year
    return year - last.year if last and last.year < year else 0


def _nearest(asked: Asked, every: Sequence[Factor]) -> tuple[Near, ...]:
    """The factors that come nearest: the same year of a parent region first, then other years, then other bases."""
    steps = {code: number for number, code in enumerate(ladder(asked.region))}

    def distance(factor: Factor) -> tuple[object, ...]:
        first, off = factor.first, _years_off(factor, asked.year)
        return (
            first.region not in steps, not _fits_basis(factor, asked), first.region == WORLD, off < 0, abs(off),
            steps.get(first.region, 0), first.source not in asked.publications, factor.id,
        )  # fmt: skip

    on_ladder = [factor for factor in every if factor.first.region in steps]
    # A publisher who was named and does not cover the place: its own national factor, for what it is worth.
    beside = [
        f for f in every
        if f.first.source in asked.publications and f.first.region not in steps and _fits_basis(f, asked)
        and regions()[f.first.region].parent == WORLD
    ]  # fmt: skip
    chosen = sorted(on_ladder, key=distance)[:NEAREST] + sorted(beside, key=distance)[: 1 if asked.publisher else 0]
    return tuple(_near(factor, asked) for factor in chosen)


def _near(factor: Factor, asked: Asked) -> Near:
    """How a factor differs, and what an inventory has to say to use it."""
    first, off = factor.first, _years_off(factor, asked.year)
    differs, rungs, pins = [], [], []
    if first.region not in ladder(asked.region):
        differs.append(f"it is of {first.region}, which is not a parent of {asked.region}")
        pins.append("the publication does not cover the place")
    elif first.region != asked.region:
        is_world = first.region == WORLD
        differs.append("it is of the world" if is_world else f"it is of {first.region}, the parent of {asked.region}")
        rungs.append(f"regions: [exact, parent{', world' if is_world else ''}]")
    if off > 0:
        differs.append(f"its validity ended {first.valid_to}")
        rungs.append(f"max_age_years: {off}")
    elif off < 0:
        differs.append(f"it is valid from {first.valid_from}, after the year")
        pins.append("nothing falls back to a later year")
    if not _fits_basis(factor, asked):
        differs.append(f"its basis is {first.basis.replace('_', ' ') or 'not stated'}")
        pins.append("it measures something else")
    if asked.publisher and first.source not in asked.publications:
        differs.append(f"its publication is {first.source}")
    if pins and asked.kind != FACTOR:
        needs = f"no inventory can take it: {'; '.join(pins)}"
    elif pins:
        needs = f"a pin that says why: {'; '.join(pins)}"
    else:
        needs = f"publications: [{first.source}]" + (f", ladder: {{{', '.join(rungs)}}}" if rungs else "")
    return Near(factor, "; ".join(differs), needs)
