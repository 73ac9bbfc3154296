"""The form of a base-year file: the policy, the inventories as reported, and what has changed since.

The rules are those of the GHG Protocol Corporate Standard, chapter 5, and of the Scope 3 Standard, section 9.3 (pages
104 to 106 of its e-reader version).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, field_validator, model_validator

from ghg.change.forms import Step
from ghg.figures import figure
from ghg.issues import UnknownNameError
from ghg.numbers import parse
from ghg.reading.declaration import Whole
from ghg.schema import day

Text = Annotated[str, StringConstraints(min_length=1)]
Day = Annotated[date, BeforeValidator(day)]
Year = Annotated[str, StringConstraints(pattern=r"^\d{4}$")]
Kind = Literal["structural", "outsourcing", "insourcing", "method", "accuracy", "error", "category", "organic"]
"""What a change is: of ownership or control; of who performs an activity; of calculation; of data; a fault found; a
Scope 3 category or activity added or dropped; or growth and decline of the business itself."""
TRANSFERS = ("structural", "outsourcing", "insourcing")
"""Kinds that move emissions from one company to another on a day: the day decides how much of a year they touch."""
NEVER = "organic"
"""The kind that never leads to a recalculation: the atmosphere saw the change."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Policy(_Strict):
    """When the base year is recalculated.

    Attributes:
        kind: ``fixed``, or ``rolling`` with the reporting year.
        year: the fixed base year.
        years_back: how many years a rolling base year lies before the reporting year.
        threshold: per cent of base-year emissions; a change of at least that much is significant.
        cumulation: how changes since the last recalculation add up: ``net`` with their signs, ``gross`` without.
        figures: the figures that are judged, each by itself; one that reaches the threshold is enough.
        triggers: the kinds that can lead to a recalculation.
        transfers: ``all_year``: a transfer during a year counts for the whole of it; ``pro_rata``: from its day on.
        why: the reason for the policy, or where it is stated.
    """

    kind: Literal["fixed", "rolling"]
    year: Year | None = None
    years_back: Annotated[Whole, Field(ge=1, le=20)] | None = None
    threshold: Text
    cumulation: Literal["net", "gross"]
    figures: Annotated[tuple[Text, ...], Field(min_length=1)]
    triggers: Annotated[tuple[Kind, ...], Field(min_length=1)]
    transfers: Literal["all_year", "pro_rata"]
    why: Text

    @field_validator("threshold")
    @classmethod
    def _share(cls, text: str) -> str:
        if not 0 < parse(text) <= 100:  # noqa: PLR2004 - per cent
            raise ValueError("a threshold is more than 0 and at most 100 per cent")
        return text

    @field_validator("triggers")
    @classmethod
    def _not_growth(cls, kinds: tuple[Kind, ...]) -> tuple[Kind, ...]:
        if NEVER in kinds:
            raise ValueError("organic growth or decline never leads to a recalculation: it changes what was emitted")
        return kinds

    @field_validator("figures")
    @classmethod
    def _emissions(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            emission_figure(name)
        return names

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.kind == "fixed") != (self.year is not None) or (self.kind == "rolling") != (
            self.years_back is not None
        ):
            raise ValueError("a fixed base year states 'year', a rolling one 'years_back'")
        return self


def emission_figure(name: str) -> str:
    """The name of a figure of emissions.

    Raises:
        ValueError: no figure of emissions has the name.
    """
    try:
        if figure(name).measure == "emissions":
            return name
    except UnknownNameError as error:
        raise ValueError(str(error)) from None
    raise ValueError(f"{name!r} is no figure of emissions")


class StatedEffect(_Strict):
    """An effect that is typed, not computed: what a figure of a year becomes larger by, in t CO2e, with its source."""

    year: Year
    figure: Text
    amount: Text
    source: Text

    @model_validator(mode="after")
    def _readable(self) -> Self:
        parse(self.amount)
        emission_figure(self.figure)
        return self


class Event(_Strict):
    """A change since the base year.

    Attributes:
        event: id.
        date: the day it took effect; for a method, an error or a category, the first day of the first period whose
            inventory already has it.
        kind: what it is.
        what: it in words.
        existed_from: the day the transferred operations came into existence; earlier years have nothing to add.
        years: years it touches, where it is not all of them before ``date``.
        changes: what the inventory of each year touched would have been without the difference.
        by_year: the same for single years, after ``changes``; new rows have the dates of their year.
        stated: effects that are typed because they cannot be computed.
        voluntary: why the base year is recalculated for it although the policy does not ask for that.
    """

    event: Text
    date: Day
    kind: Kind
    what: Text
    existed_from: Day | None = None
    years: tuple[Year, ...] = ()
    changes: tuple[Step, ...] = ()
    by_year: dict[Year, tuple[Step, ...]] = {}
    stated: tuple[StatedEffect, ...] = ()
    voluntary: Text | None = None

    @property
    def is_known(self) -> bool:
        """Whether its effect is computed or stated."""
        return bool(self.changes or self.by_year or self.stated)


class BaseYearFile(_Strict):
    """A base-year file; ``inventories`` are files as reported at the time, by year."""

    base_year: Text
    title: Text
    organisation: Text
    policy: Policy
    inventories: Annotated[dict[Year, Text], Field(min_length=1)]
    events: tuple[Event, ...] = ()
    notes: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [event.event for event in self.events]
        if len(set(names)) < len(names):
            raise ValueError("two events have the same id")
        if self.policy.year and self.policy.year not in self.inventories:
            raise ValueError(f"there is no inventory of the base year {self.policy.year}")
        for event in self.events:
            named = (*event.years, *event.by_year, *(stated.year for stated in event.stated))
            unknown = sorted(set(named) - set(self.inventories))
            if unknown:
                raise ValueError(f"the event {event.event!r} names the year {unknown[0]}, which has no inventory here")
        return self
