"""Contractual instruments as rows: what was bought, for which market and vintage, and who retired it for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from ghg.issues import Issue, suggest
from ghg.numbers import parse
from ghg.reading import Manner, read_table
from ghg.reading.declaration import Whole
from ghg.reading.shipped import shipped
from ghg.regions import region_advice, regions
from ghg.schema import day, is_total
from ghg.units import accepted

Rung = Literal["certificate", "contract", "supplier_rate"]
"""The rungs of the market-based hierarchy that instruments stand on (Scope 2 Guidance, table 6.3), best first."""
RUNGS: tuple[Rung, ...] = ("certificate", "contract", "supplier_rate")
Carrier = Literal["electricity", "heat", "steam", "cooling"]
WORDS: Mapping[str, str] = {
    "electricity": "electricity", "heat": "heat_and_steam", "steam": "heat_and_steam", "cooling": "own.cooling",
}  # fmt: skip
"""The vocabulary's word for the emission factor of a carrier."""
OptionalDay = Annotated[date | None, BeforeValidator(lambda text: day(text) if text else None)]
Text = Annotated[str, StringConstraints(min_length=1)]


class Kind(BaseModel):
    """A kind of instrument: which rung it stands on, and the market it belongs to where there is but one."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    kind: str
    rung: Rung
    name: str
    name_local: str
    market: str
    note: str


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind of instrument by its word."""
    return {row.kind: row for row in shipped("instruments.csv", Kind)}


class Window(BaseModel):
    """How far a certificate's vintage may lie outside the reporting period."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    months_before: Annotated[Whole, Field(ge=0, le=60)] = 0
    months_after: Annotated[Whole, Field(ge=0, le=60)] = 0


class InstrumentRules(BaseModel):
    """What an inventory says about instruments.

    Attributes:
        tables: CSV files of instruments.
        matching: the time an instrument and the consumption it covers must share.
        load: tables of consumption by hour, under hourly matching.
        generation: tables of generation by hour, under hourly matching.
        earlier: tables of former inventories; what was applied there is not applied again.
        vintage: how far a certificate's vintage may lie outside the period, under annual matching.
        markets: names of markets that no single region stands for, with their regions.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    tables: Annotated[tuple[Text, ...], Field(min_length=1)]
    matching: Literal["annual", "monthly", "hourly"] = "annual"
    load: tuple[Text, ...] = ()
    generation: tuple[Text, ...] = ()
    earlier: tuple[Text, ...] = ()
    vintage: Window = Window()
    markets: Mapping[Text, tuple[Text, ...]] = {}

    @model_validator(mode="after")
    def _hourly_tables(self) -> Self:
        if (self.matching == "hourly") != bool(self.load and self.generation) or bool(self.load) != bool(
            self.generation
        ):
            raise ValueError(
                "hourly matching needs tables of 'load' and of 'generation', and no other matching takes them"
            )
        return self

    @model_validator(mode="after")
    def _known_regions(self) -> Self:
        for name in (name for listed in self.markets.values() for name in listed):
            if name not in regions():
                raise ValueError(f"the region {name!r} is not in the list of regions.{region_advice(name)}")
        return self


class InstrumentRow(BaseModel):
    """One contractual instrument as its table states it.

    Attributes:
        id: names the instrument; unique over the inventory's tables.
        kind: a word of ``factors/instruments.csv``; it decides the rung.
        carrier: what was generated.
        amount: generation the instrument stands for; blank for a supplier rate: all that the supplier delivers.
        unit: an energy unit.
        technology: how it was generated, in words.
        market: a region whose consumption it may cover, or a market the inventory names.
        vintage_start: first day of the generation.
        vintage_end: last day of the generation.
        issued: day of issue.
        retired: day of retirement, redemption or cancellation.
        registry: the tracking system.
        tracking_id: its number there, or the reference of the contract.
        beneficiary: for whom it was retired: the organisation, or an entity of its rows.
        attributes: ``conveyed`` to the beneficiary alone, ``sold`` to somebody else, or ``not_stated``; of a supplier
            rate ``delivered``: calculated on delivered electricity, sold attributes replaced by the residual mix.
        emission_rate: mass per energy, as stated; zero is a rate, blank is none.
        rate_unit: its unit.
        rate_gas: ``CO2e`` or a gas.
        rate_gwp_set: the GWP set of a CO2e rate.
        factor: an own factor that gives the rate instead, where it has several gases.
        source: publication that states the rate, described in the inventory.
        locator: where it stands there.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    id: Text
    kind: str
    carrier: Annotated[Carrier, BeforeValidator(lambda text: text or "electricity")] = "electricity"
    amount: str
    unit: str
    technology: str = ""
    market: Text
    vintage_start: OptionalDay
    vintage_end: OptionalDay
    issued: OptionalDay = None
    retired: OptionalDay = None
    registry: str = ""
    tracking_id: str = ""
    beneficiary: str = ""
    attributes: Literal["", "conveyed", "sold", "not_stated", "delivered"] = ""
    emission_rate: str = ""
    rate_unit: str = ""
    rate_gas: str = ""
    rate_gwp_set: str = ""
    factor: str = ""
    source: str = ""
    locator: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.kind not in kinds():
            raise ValueError(f"no kind of instrument is called {self.kind!r}.{suggest(self.kind.lower(), kinds())}")
        if is_total(self.id):
            raise ValueError(f"the id {self.id!r} names a total, which stands in other rows already: remove the row")
        if self.unit not in accepted() or accepted()[self.unit].dimension != "energy":
            raise ValueError(f"the unit {self.unit!r} is no energy unit such as MWh")
        if not self.amount and self.rung != "supplier_rate":
            raise ValueError("the amount is blank: blank is not zero, and only a supplier rate covers all that is left")
        if self.amount and parse(self.amount) < 0:
            raise ValueError("an instrument stands for no negative amount")
        if self.emission_rate and self.factor:
            raise ValueError("give an emission_rate or a factor, not both")
        if self.emission_rate and not (self.rate_unit and self.rate_gas and self.source and self.locator):
            raise ValueError("an emission_rate needs rate_unit, rate_gas, source and locator")
        if self.emission_rate and parse(self.emission_rate) < 0:
            raise ValueError("an emission rate is not negative")
        if self.vintage_start and self.vintage_end and self.vintage_end < self.vintage_start:
            raise ValueError("the vintage ends before it starts")
        return self

    @property
    def rung(self) -> Rung:
        """The rung of the hierarchy its kind stands on."""
        return kinds()[self.kind].rung


REQUIRED = ("id", "kind", "amount", "unit", "market", "vintage_start", "vintage_end")
"""Columns an instrument table must have; the others may be left out."""
OPTIONAL = tuple(name for name in InstrumentRow.model_fields if name not in REQUIRED)


@dataclass(frozen=True)
class Instrument:
    """An instrument with its place.

    Attributes:
        row: what the table states.
        file: the table as the user named it.
        line: its line there.
    """

    row: InstrumentRow
    file: str
    line: int

    @property
    def id(self) -> str:
        """The id of the row."""
        return self.row.id

    @property
    def factor(self) -> str:
        """The factor that gives its emission rate."""
        return self.row.factor or f"instrument:{self.row.id}"

    @property
    def base_amount(self) -> Fraction | None:
        """What it stands for in base units of energy; none where it covers all that is left."""
        return parse(self.row.amount) * accepted()[self.row.unit].multiplier if self.row.amount else None


def read_instruments(path: Path, name: str, notes: list[Issue] | None = None) -> list[Instrument]:
    """The instruments of a table, in its order; ``notes`` takes what a reader has to know of it.

    Raises:
        InputError: the table cannot be read or a row does not fit; each problem is listed.
    """
    table = read_table(path, name, REQUIRED, OPTIONAL, Manner(numbers=("amount", "emission_rate")))
    rows = zip(table.records(InstrumentRow, notes), table.lines, strict=True)
    return [Instrument(row, name, line) for row, line in rows]
