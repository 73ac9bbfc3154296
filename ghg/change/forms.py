"""The form of a what-if file: what it stacks on, then only what changes, each change with its own reason.

A change names its kind in the field ``change``; ``docs/reference/what-if-file.md`` lists them. They edit three things
and nothing else: the inventory's rules, the activity, the values of factors.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, field_validator, model_validator

from ghg.accounts import accounts
from ghg.figures import Book
from ghg.gases import gwp_sets
from ghg.issues import suggest
from ghg.numbers import parse
from ghg.reading.declaration import Whole
from ghg.schema import NAMES

Text = Annotated[str, StringConstraints(min_length=1)]
Words = Annotated[
    tuple[Text, ...], BeforeValidator(lambda found: (found,) if isinstance(found, str) else found), Field(min_length=1)
]
"""One word or a list of them."""
Column = Literal[
    "id", "entity", "site", "activity", "item", "region", "start", "end", "unit", "entry", "provenance",
    "derived_from", "scope", "category", "method",
]  # fmt: skip
"""What a condition may ask for: columns of the activity table, and what the chart of accounts says of the activity."""
Condition = dict[Column, Words]
"""Column to the words it may have; every column named must fit."""
MOST_YEARS = 100


def _number(text: object) -> object:
    """The text of a number or quotient, at least zero."""
    if not isinstance(text, str) or parse(text) < 0:
        raise ValueError("a multiplier is a number or quotient that is not negative, such as 0.9 or 1.365/1.374")
    return text


Multiplier = Annotated[str, BeforeValidator(_number)]


class _Step(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    why: Text


class SetFactor(_Step):
    """Another value for a factor row, in any unit that measures the same."""

    change: Literal["set_factor"] = "set_factor"
    factor: Text
    to: Annotated[Text, Field(description="value and unit, such as `0.45 kg/kWh`")]


class ScaleFactor(_Step):
    """Every row of a factor, or one row, times a number."""

    change: Literal["scale_factor"] = "scale_factor"
    factor: Text
    by: Multiplier


class ShiftFactor(_Step):
    """A factor moved on over years: its value times (1 + yearly change) to the power of the years."""

    change: Literal["shift_factor"] = "shift_factor"
    factor: Text
    yearly_change: Annotated[Text, Field(description="share a year, such as `-0.015` for a fall of 1.5 %")]
    years: Annotated[Whole, Field(ge=1, le=MOST_YEARS)]

    @field_validator("yearly_change")
    @classmethod
    def _above_minus_one(cls, text: str) -> str:
        if parse(text) <= -1:
            raise ValueError("a factor cannot fall by its whole value or more in a year")
        return text


class SwapFactor(_Step):
    """One factor for another, wherever it was chosen."""

    change: Literal["swap_factor"] = "swap_factor"
    factor: Text
    to: Text


class SwapPublication(_Step):
    """Every factor in use of one publication for the one of another with the same kind, activity, region and basis.

    ``without_match`` says what happens to a factor that has none there: ``refuse``, the default, or ``keep``, which
    lists it.
    """

    change: Literal["swap_publication"] = "swap_publication"
    publication: Text
    to: Text
    without_match: Literal["refuse", "keep"] = "refuse"


class SetGwp(_Step):
    """Another GWP set."""

    change: Literal["set_gwp"] = "set_gwp"
    gwp: Text

    @field_validator("gwp")
    @classmethod
    def _exists(cls, name: str) -> str:
        if name not in gwp_sets():
            raise ValueError(f"there is no GWP set {name!r}; the sets are {', '.join(gwp_sets())}")
        return name


class PinFactor(_Step):
    """A factor pinned for an activity, in the place of what the ladder or another pin gives."""

    change: Literal["pin_factor"] = "pin_factor"
    activity: Text
    book: Book = "location"
    factor: Text

    @field_validator("activity")
    @classmethod
    def _known(cls, word: str) -> str:
        if word not in accounts():
            raise ValueError(f"the activity {word!r} is not in the chart of accounts.{suggest(word, accounts())}")
        return word


class SetBoundary(_Step):
    """Another consolidation approach, or other tables of entities; the inventory's tables are read again."""

    change: Literal["set_boundary"] = "set_boundary"
    consolidation: Literal["equity_share", "financial_control", "operational_control", "not_stated"] | None = None
    entities: Annotated[tuple[Text, ...] | None, Field(description="paths from the inventory's folder")] = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.consolidation is None and self.entities is None:
            raise ValueError("a boundary changes by its consolidation, its entities, or both")
        return self


class SetInstruments(_Step):
    """Other tables of contractual instruments, or none; the inventory's tables are read again."""

    change: Literal["set_instruments"] = "set_instruments"
    tables: Annotated[tuple[Text, ...], Field(description="paths from the inventory's folder; `[]` for none")]


class _Selecting(_Step):
    where: Annotated[Condition, Field(min_length=1)]
    but_not: Annotated[Condition, Field(description="rows that `where` selects and this keeps as they are")] = {}


class ScaleActivity(_Selecting):
    """The amounts of the selected rows times a number, exact."""

    change: Literal["scale_activity"] = "scale_activity"
    by: Multiplier


class DropActivity(_Selecting):
    """The selected rows left out."""

    change: Literal["drop_activity"] = "drop_activity"


class ReplaceActivity(_Selecting):
    """Another amount for the one row that is selected."""

    change: Literal["replace_activity"] = "replace_activity"
    to: Annotated[Text, Field(description="amount and unit, such as `100000 MWh`")]


class AddActivity(_Step):
    """Further activity rows, with the columns of an activity table."""

    change: Literal["add_activity"] = "add_activity"
    rows: Annotated[tuple[dict[Text, str], ...], Field(min_length=1)]

    @field_validator("rows")
    @classmethod
    def _columns(cls, rows: tuple[dict[str, str], ...]) -> tuple[dict[str, str], ...]:
        unknown = [name for row in rows for name in row if name not in NAMES]
        if unknown:
            raise ValueError(f"there is no column {unknown[0]!r} in an activity table.{suggest(unknown[0], NAMES)}")
        return rows


Step = Annotated[
    SetFactor
    | ScaleFactor
    | ShiftFactor
    | SwapFactor
    | SwapPublication
    | SetGwp
    | PinFactor
    | SetBoundary
    | SetInstruments
    | ScaleActivity
    | DropActivity
    | ReplaceActivity
    | AddActivity,
    Field(discriminator="change"),
]
"""One change."""


class WhatIf(BaseModel):
    """A what-if file.

    Attributes:
        what_if: id.
        title: what it asks.
        reference: where the question or the numbers come from: a publication and its place.
        baseline: path of the inventory, or of the what-if file, that it stacks on; relative to the file.
        changes: in the order they apply; none of them is the baseline itself.
        assumptions: what the what-if takes for granted and nothing prints.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    what_if: Text
    title: Text
    reference: Text
    baseline: Text
    changes: tuple[Step, ...]
    assumptions: tuple[Text, ...] = ()
