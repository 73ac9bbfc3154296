"""Entities of a group: who holds them, by how much, with which control, from when to when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, model_validator

from ghg.issues import InputError, Issue, suggest
from ghg.numbers import decimal_text, parse
from ghg.reading import Manner, read_table
from ghg.schema import after, day, is_total

Approach = Literal["equity_share", "financial_control", "operational_control"]
Text = Annotated[str, StringConstraints(min_length=1)]
OptionalDay = Annotated[date | None, BeforeValidator(lambda text: day(text) if text else None)]
ZERO, ONE = Fraction(0), Fraction(1)
DEEPEST = 100
"""Most holdings above each other."""
UPSTREAM, DOWNSTREAM = "8_upstream_leased_assets", "13_downstream_leased_assets"
LEASES: Mapping[tuple[str, str, str], str] = {
    ("lessee", "finance", "equity_share"): "", ("lessee", "finance", "financial_control"): "",
    ("lessee", "finance", "operational_control"): "",
    ("lessee", "operating", "equity_share"): UPSTREAM, ("lessee", "operating", "financial_control"): UPSTREAM,
    ("lessee", "operating", "operational_control"): "",
    ("lessor", "finance", "equity_share"): DOWNSTREAM, ("lessor", "finance", "financial_control"): DOWNSTREAM,
    ("lessor", "finance", "operational_control"): DOWNSTREAM,
    ("lessor", "operating", "equity_share"): "", ("lessor", "operating", "financial_control"): "",
    ("lessor", "operating", "operational_control"): DOWNSTREAM,
}  # fmt: skip
"""Scope 3 category of a leased asset by role, lease and approach; blank is Scope 1 and 2.

Source: GHG Protocol Corporate Standard, appendix F, tables for lessees and lessors.
"""


def _of_one(text: object) -> object:
    """A share in per cent as one of the whole; anything else as it is."""
    number, sign, rest = str(text).rpartition("%")
    return decimal_text(parse(number.strip()) / 100) if sign and not rest else text


class Holding(BaseModel):
    """What one holder has of an entity, over some time.

    Attributes:
        entity: the word of the column ``entity`` of activity rows.
        parent: the organisation, or another entity of the table.
        type: what the entity is; a fixed asset investment is never consolidated (Corporate Standard, table 1).
        equity_share: from 0 to 1, or in per cent; blank for a leased asset.
        financial_control: ``yes``, ``joint`` (then the equity share counts) or ``no``.
        operational_control: ``yes`` or ``no``.
        lease: ``finance`` or ``operating``, of a leased asset.
        role: ``lessee`` or ``lessor``, of a leased asset.
        valid_from: first day of the holding; blank where it was there before.
        valid_to: last day; blank where it goes on.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    entity: Text
    parent: Text
    type: Literal["subsidiary", "associate", "joint_venture", "fixed_asset_investment", "franchise", "leased_asset"]
    equity_share: Annotated[str, BeforeValidator(_of_one)] = ""
    financial_control: Literal["", "yes", "joint", "no"] = ""
    operational_control: Literal["", "yes", "no"] = ""
    lease: Literal["", "finance", "operating"] = ""
    role: Literal["", "lessee", "lessor"] = ""
    valid_from: OptionalDay = None
    valid_to: OptionalDay = None
    note: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if is_total(self.entity):
            raise ValueError(f"the entity {self.entity!r} names a total: remove the row, or name it by what it is")
        if self.type == "leased_asset":
            if not (self.lease and self.role):
                raise ValueError("a leased asset states its lease (finance or operating) and role (lessee or lessor)")
        elif not (self.equity_share and self.financial_control and self.operational_control):
            raise ValueError("state equity_share, financial_control and operational_control: none is assumed")
        elif self.lease or self.role:
            raise ValueError("lease and role belong to the type leased_asset")
        if self.equity_share and not 0 <= parse(self.equity_share) <= 1:
            raise ValueError("an equity share lies between 0 and 1: write 0.4 or 40 %")
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to lies before valid_from")
        return self

    def holds(self, on: date) -> bool:
        """Whether the holding is there on a day."""
        return (self.valid_from or date.min) <= on <= (self.valid_to or date.max)

    def share(self, approach: Approach) -> Fraction:
        """What the parent consolidates of the entity (Corporate Standard, chapter 3, table 1)."""
        if self.type == "leased_asset":
            return ONE
        if self.type == "fixed_asset_investment":
            return ZERO
        held = parse(self.equity_share)
        if approach == "equity_share":
            return held
        if approach == "financial_control":
            return {"yes": ONE, "joint": held}.get(self.financial_control, ZERO)
        return ONE if self.operational_control == "yes" else ZERO

    def category(self, approach: Approach) -> str:
        """The Scope 3 category of a leased asset that is not the organisation's own; blank for anything else."""
        return LEASES[self.role, self.lease, approach] if self.type == "leased_asset" else ""


REQUIRED = ("entity", "parent", "type")
"""Columns an entity table must have; the others may be left out."""
OPTIONAL = tuple(name for name in Holding.model_fields if name not in REQUIRED)


@dataclass(frozen=True)
class Place:
    """A holding with its place."""

    row: Holding
    file: str
    line: int


class Entities:
    """The entities of an organisation.

    Args:
        organisation: the reporting organisation, at the top of every chain.
        places: the rows of the entity tables.

    Raises:
        InputError: a parent is not known, holdings form a ring, overlap, or add up to more than the whole.
    """

    def __init__(self, organisation: str, places: Iterable[Place]) -> None:
        self.organisation = organisation
        self.places = tuple(places)
        self._of: dict[str, list[Holding]] = {}
        self._placed: dict[str, list[Place]] = {}
        for place in self.places:
            self._of.setdefault(place.row.entity, []).append(place.row)
            self._placed.setdefault(place.row.entity, []).append(place)
        problems = [problem for place in self.places for problem in self._problems(place)]
        if problems:
            raise InputError(problems)
        self.share = cache(self._share)
        self.changes = cache(self._changes)

    @property
    def names(self) -> tuple[str, ...]:
        """The organisation and its entities, in the order of the tables."""
        return (self.organisation, *self._of)

    def _share(self, entity: str, approach: Approach, on: date) -> Fraction:
        """What the organisation consolidates of an entity on a day: chains multiply, several chains add up to one."""
        if entity == self.organisation:
            return ONE
        held = (row for row in self._of.get(entity, ()) if row.holds(on))
        return min(ONE, sum((self.share(row.parent, approach, on) * row.share(approach) for row in held), ZERO))

    def category(self, entity: str, approach: Approach, on: date) -> str:
        """The Scope 3 category of a leased asset on a day; blank where its emissions are Scope 1 and 2."""
        return next((row.category(approach) for row in self._of.get(entity, ()) if row.holds(on)), "")

    def _changes(self, entity: str) -> frozenset[date]:
        """The days on which what is held of an entity may change: its own holdings and those above it."""
        found: set[date] = set()
        for row in self._of.get(entity, ()):
            found |= {day for day in (row.valid_from, after(row.valid_to)) if day}
            found |= self.changes(row.parent)
        return frozenset(found)

    def _problems(self, place: Place) -> Iterable[Issue]:
        row = place.row

        def issue(column: str, message: str, hint: str, value: str) -> Issue:
            return Issue("entity-invalid", message, hint, place.file, place.line, column, value)

        if row.entity == self.organisation:
            yield issue("entity", "the organisation is no entity of its own.", "Remove the row.", row.entity)
        elif row.parent not in self.names:
            hint = f"Name the organisation, {self.organisation!r}, or an entity of the table."
            yield issue(
                "parent", f"no entity is called {row.parent!r}.{suggest(row.parent, self.names)}", hint, row.parent
            )
        elif self._above(row.entity) == "ring":
            yield issue("parent", f"the holdings above {row.entity!r} lead back to it.", "Break the ring.", row.parent)
        elif self._above(row.entity) == "deep":
            message = f"more than {DEEPEST} holdings stand above {row.entity!r}."
            yield issue("parent", message, "Name a parent nearer to the organisation.", row.parent)
        yield from self._contradictions(place)
        on, total = self._most(row)
        if total > 1:
            when = f" on {on}" if on > date.min else ""
            yield issue("equity_share", f"the shares held of {row.entity!r}{when} add up to more than 1.",
                        "Correct the shares, or the days they are held.", row.equity_share)  # fmt: skip

    def _contradictions(self, place: Place) -> Iterable[Issue]:
        """Earlier rows that say otherwise of the same entity on the same days."""
        row = place.row
        for other in takewhile(lambda found: found is not place, self._placed[row.entity]):
            where = f"{other.file}:{other.line}"
            if _overlap(other.row, row) and other.row.parent == row.parent:
                message = f"what {row.parent!r} holds of {row.entity!r} is stated for the same days in {where}."
                hint, column = "End one holding on the day before the other starts.", "valid_from"
            elif _overlap(other.row, row) and "leased_asset" in (other.row.type, row.type):
                message = f"{row.entity!r} is leased and held otherwise on the same days; the other row is {where}."
                hint, column = "Give what is leased an entity of its own.", "type"
            else:
                continue
            value = str(row.valid_from or "") if column == "valid_from" else row.type
            yield Issue("entity-invalid", message, hint, place.file, place.line, column, value)

    def _most(self, row: Holding) -> tuple[date, Fraction]:
        """A day of a holding on which most is held of its entity, and how much by those who hold it once."""
        together = [other for other in self._of[row.entity] if _overlap(other, row)]
        starts = {max(found.valid_from or date.min, row.valid_from or date.min) for found in together}
        held = {
            day: {found.parent: parse(found.equity_share or "0") for found in together if found.holds(day)}
            for day in sorted(starts)
        }
        return max(((day, sum(shares.values(), ZERO)) for day, shares in held.items()), key=lambda most: most[1])

    def _above(self, entity: str) -> Literal["", "ring", "deep"]:
        """Whether the holdings above an entity lead back to it, or go higher than is read: level by level."""
        level = {entity}
        for _ in range(DEEPEST):
            level = {row.parent for name in level for row in self._of.get(name, ())}
            if not level or entity in level:
                return "ring" if level else ""
        return "deep"


def _overlap(one: Holding, other: Holding) -> bool:
    """Whether two holdings share a day."""
    return (one.valid_from or date.min) <= (other.valid_to or date.max) and (other.valid_from or date.min) <= (
        one.valid_to or date.max
    )


def read_entities(
    organisation: str, tables: Iterable[tuple[Path, str]], notes: list[Issue] | None = None
) -> Entities:  # fmt: skip
    """The entities of some tables; ``notes`` takes what a reader has to know of them.

    Raises:
        InputError: a table cannot be read, a row does not fit, or the holdings contradict each other.
    """
    places = []
    for path, name in tables:
        table = read_table(path, name, REQUIRED, OPTIONAL, Manner(numbers=("equity_share",)))
        places += [Place(row, name, line) for row, line in zip(table.records(Holding, notes), table.lines, strict=True)]
    return Entities(organisation, places)
