"""An inventory file: who, which period, which boundary, which rules, which tables. Nothing is assumed for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from ghg import bundle
from ghg.accounts import Account, accounts
from ghg.categories import Number, Reason
from ghg.documents import Document, read_document
from ghg.engines.server import TableName
from ghg.factors import FactorTable
from ghg.figures import Book
from ghg.gases import gwp_sets
from ghg.instruments.declaration import InstrumentRules
from ghg.issues import GhgError, InputError, UnitError, listing, said_of_field, suggest
from ghg.methods import methods
from ghg.numbers import parse
from ghg.reading.declaration import Manner, Reading, Whole
from ghg.schema import DATES, DIMENSIONS, EARLIEST, LATEST, NAMES, NUMBERS, day
from ghg.sources import Source, sources
from ghg.uncertainty.policy import Policy
from ghg.units import unit

Text = Annotated[str, StringConstraints(min_length=1)]
Day = Annotated[date, BeforeValidator(day)]


FINEST_QUANTUM = 9
"""Most decimals a quantum may have: two 64-bit limbs then hold eighteen digits before the point."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Period(_Strict):
    """The reporting period, both days included; of this century or one beside it."""

    start: Day
    end: Day

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end < self.start:
            raise ValueError("the period ends before it starts")
        if not EARLIEST <= self.start.isoformat() <= self.end.isoformat() <= LATEST:
            raise ValueError(f"a reporting period lies between {EARLIEST} and {LATEST}")
        return self


class Ladder(_Strict):
    """How far factor choice may fall back; nothing falls back unless it is listed here.

    ``regions`` lists ``exact``, ``parent`` (up to the country) and ``world``; ``max_age_years`` is how many years
    before the activity a factor's validity may end. ``preference`` is ``listed`` where the order of the inventory's
    publications decides between factors of one rung, ``none`` where two left standing are an error.
    """

    regions: Annotated[tuple[Literal["exact", "parent", "world"], ...], Field(min_length=1)]
    max_age_years: Annotated[Whole, Field(ge=0, le=50)]
    preference: Literal["listed", "none"] = "listed"


class Denominator(_Strict):
    """What an intensity divides by, with its source: amount as printed, of the same period as the inventory."""

    amount: Text
    unit: Text
    label: Text
    source: Text
    locator: Text

    @field_validator("amount")
    @classmethod
    def _positive(cls, text: str) -> str:
        if parse(text) <= 0:
            raise ValueError("a denominator is greater than zero")
        return text

    @field_validator("unit")
    @classmethod
    def _known(cls, text: str) -> str:
        return _unit(text)


class Pin(_Strict):
    """A factor chosen by hand for an activity, against or beside the ladder, with the reason."""

    activity: Text
    book: Book
    factor: Text
    why: Text
    item: Text | None = None
    """The item of an open account; without it the pin holds for all of them."""


class Selection(_Strict):
    """What the inventory decides for an activity where the standards leave a choice: basis, method, or both."""

    activity: Text
    why: Text
    book: Book = "location"
    basis: Text | None = None
    method: Text | None = None

    @model_validator(mode="after")
    def _allowed(self) -> Self:
        if self.activity not in accounts():
            raise ValueError(f"the activity {self.activity!r} is not in the chart of accounts")
        account = accounts()[self.activity]
        if self.basis is None and self.method is None:
            raise ValueError("a selection states a basis, a method, or both")
        if self.basis is not None and self.basis not in account.bases(self.book):
            raise ValueError(f"{self.activity!r} takes the basis {listing(account.bases(self.book), 'or')}")
        if self.method is not None and self.method not in account.methods.split():
            raise ValueError(f"{self.activity!r} takes the method {listing(account.methods.split(), 'or')}")
        return self


class Inventory(_Strict):
    """An inventory as its file states it; ``publications`` are in order of preference.

    ``methods`` maps a table of ``activity`` to the method whose inputs all its rows state. ``derived`` names the
    accounts that take the rows of others once more, such as category 3 those of Scopes 1 and 2.
    """

    inventory: Text
    organisation: Text
    title: Text
    period: Period
    base_year: Text
    consolidation: Literal["equity_share", "financial_control", "operational_control", "not_stated"]
    boundary: Text
    gwp: Text
    books: Annotated[tuple[Book, ...], Field(min_length=1)]
    quantum: Text = "0.000001"
    dimensions: tuple[Literal["entity", "site", "region", "data_quality_score"], ...] = ("entity",)
    publications: Annotated[tuple[Text, ...], Field(min_length=1)]
    ladder: Ladder
    activity: Annotated[tuple[TableName, ...], Field(min_length=1)]
    reading: dict[Text, Reading] = {}
    methods: dict[Text, Text] = {}
    derived: tuple[Text, ...] = ()
    categories: dict[Number, Reason] = {}
    factors: tuple[Text, ...] = ()
    entities: tuple[Text, ...] = ()
    cut_off: Literal["refuse", "pro_rata"] = "refuse"
    continuity: Literal["ignore", "note", "refuse"] = "ignore"
    instruments: InstrumentRules | None = None
    pins: tuple[Pin, ...] = ()
    selection: tuple[Selection, ...] = ()
    lock: Text | None = None
    denominators: dict[Text, Denominator] = {}
    published: Text | None = None
    sources: dict[Text, Source] = {}
    assumptions: tuple[Text, ...] = ()
    uncertainty: Policy | None = None

    @field_validator("gwp")
    @classmethod
    def _gwp_exists(cls, name: str) -> str:
        if name not in gwp_sets():
            raise ValueError(f"there is no GWP set {name!r}; the sets are {', '.join(gwp_sets())}")
        return name

    @field_validator("quantum")
    @classmethod
    def _power_of_ten(cls, text: str) -> str:
        if parse(text) not in [parse(f"1e-{n}") for n in range(FINEST_QUANTUM + 1)]:
            raise ValueError(f"a quantum is 1, 0.1, 0.01 … down to {FINEST_QUANTUM} decimals")
        return text

    @field_validator("books", "publications", "activity", "factors", "entities")
    @classmethod
    def _no_repeats(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        repeated = [word for word in dict.fromkeys(words) if words.count(word) > 1]
        if repeated:
            raise ValueError(f"{listing(repeated)} stands twice")
        return words

    @field_validator("dimensions")
    @classmethod
    def _once(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in DIMENSIONS if name in names)

    @field_validator("pins")
    @classmethod
    def _pinned_once(cls, pins: tuple[Pin, ...]) -> tuple[Pin, ...]:
        for number, pin in enumerate(pins):
            if any((pin.activity, pin.book, pin.item) == (p.activity, p.book, p.item) for p in pins[:number]):
                raise ValueError(f"two pins name a factor for {pin.activity!r} in the {pin.book} book: keep one")
        return pins

    @model_validator(mode="after")
    def _approach_is_stated(self) -> Self:
        if self.entities and self.consolidation == "not_stated":
            raise ValueError(
                "entities are consolidated by an approach: state equity_share, financial_control or operational_control"
            )
        return self

    @model_validator(mode="after")
    def _known_names(self) -> Self:
        for name in (*self.publications, *(found.source for found in self.denominators.values())):
            if name not in self.citations:
                raise ValueError(f"there is no source {name!r}.{suggest(name, self.citations)}")
        _check_readings(self.reading, self.activity)
        for table, name in self.methods.items():
            if table not in self.activity:
                raise ValueError(f"methods names the table {table!r}, which activity does not list")
            if name not in methods():
                raise ValueError(f"there is no method {name!r}.{suggest(name, methods())}")
        following = [found.activity for found in accounts().values() if found.following == "asked"]
        for name in self.derived:
            if name not in following:
                raise ValueError(f"derived takes {listing(following, 'or')}; found {name!r}")
        for pin in self.pins:
            if pin.activity not in accounts():
                raise ValueError(f"a pin names the activity {pin.activity!r}, which is not in the chart of accounts")
        return self

    def bases(self, account: Account, book: str) -> tuple[str, ...]:
        """What the emission factor of an account may cover in a book: what is selected, else all the account allows."""
        selected = tuple(
            chosen.basis
            for chosen in self.selection
            if (chosen.activity, chosen.book) == (account.activity, book) and chosen.basis
        )
        return selected or account.bases(book)

    def manner(self, table: str) -> Manner:
        """How an activity table is to be read."""
        return Manner(table, self.reading.get(table, Reading()), NUMBERS, DATES)

    @property
    def instrument_tables(self) -> tuple[str, ...]:
        """The tables of instruments, those of former inventories last."""
        found = self.instruments
        return (*found.tables, *found.earlier, *found.load, *found.generation) if found else ()

    @property
    def decimals(self) -> int:
        """How many decimals of a written amount the quantum counts."""
        return round(-_log10(self.quantum))

    @property
    def citations(self) -> dict[str, Source]:
        """Every publication the inventory can cite: the library's and its own."""
        return {**sources(), **self.sources}


def _check_readings(readings: Mapping[str, Reading], tables: Sequence[str]) -> None:
    """Every reading is of an activity table and speaks of its columns."""
    for table, reading in readings.items():
        if table not in tables:
            raise ValueError(
                f"'reading' names {table!r}, which is none of the activity tables.{suggest(table, tables)}"
            )
        for name in (*reading.columns, *reading.fill):
            if name not in NAMES:
                raise ValueError(f"an activity table has no column {name!r}.{suggest(name, NAMES)}")


def check_names(document: Document, inventory: Inventory, table: FactorTable) -> None:
    """Every own factor cites a source that is described and is not negative; every pin names a factor that exists.

    Raises:
        InputError: one issue for each that does not, placed in the inventory's document.
    """
    problems = [
        document.issue(("sources",), f"the factor {row.id!r} cites the source {row.source!r}, which nothing describes.")
        for factor in table.own
        for row in factor.rows
        if row.source not in inventory.citations
    ]
    message = "the factor {!r} has the negative value {}: removals and avoided emissions are reported apart."
    negative = [row for factor in table.own for row in factor.rows if row.amount < 0]
    problems += [document.issue(("factors",), message.format(row.id, row.value)) for row in negative]
    problems += [
        document.issue(
            ("pins", n, "factor"), f"no factor is called {pin.factor!r}.{suggest(pin.factor, table.factors)}"
        )
        for n, pin in enumerate(inventory.pins)
        if pin.factor not in table.factors
    ]
    if problems:
        raise InputError(problems)


def restated(inventory: Inventory, fields: Mapping[str, object]) -> Inventory:
    """The inventory with some fields stated otherwise, checked anew.

    Raises:
        GhgError: the fields do not fit the inventory.
    """
    stated = {name: getattr(inventory, name) for name in inventory.model_fields_set} | dict(fields)
    try:
        return Inventory.model_validate({name: value for name, value in stated.items() if value is not None})
    except ValidationError as error:
        said = "; ".join(f"{'.'.join(map(str, item['loc']))}: {said_of_field(item)}" for item in error.errors())
        raise GhgError(f"the inventory does not take the change: {said}") from None


def _log10(text: str) -> int:
    """The exponent of a power of ten."""
    value = parse(text)
    return -(len(str(value.denominator)) - 1)


def _unit(text: str) -> str:
    """A unit spelling, or a message fit for a field."""
    try:
        return unit(text).spelling
    except UnitError as error:
        raise ValueError(str(error)) from None


@dataclass(frozen=True, slots=True)
class InventoryFile:
    """An inventory with the place its paths start from.

    Attributes:
        inventory: what the file states.
        folder: folder of the file; the paths in it are relative to this.
        name: path as the user named it.
        is_shipped: whether the copy shipped with ghg was taken because the path did not exist.
        document: the file's text with its places, for messages.
        stamps: size and time of each file when it was first named, to tell whether it changed since.
        checksums: SHA-256 of the bytes that were read, by file.
    """

    inventory: Inventory
    folder: Path
    name: str
    is_shipped: bool
    document: Document
    stamps: dict[str, tuple[int, int]] = field(default_factory=dict)
    checksums: dict[str, str] = field(default_factory=dict)

    def changed(self, relative: str) -> bool:
        """Whether a file is not the one that was read, by its size and time."""
        return self.stamps.get(relative, stamp := _stamp(self.folder / relative)) != stamp

    def path(self, relative: str) -> tuple[Path, str]:
        """A file the inventory names: where it is, and how messages call it.

        Raises:
            InputError: the path leaves the inventory's folder.
        """
        found = self.document.inside(self.folder, relative)
        self.stamps.setdefault(relative, _stamp(found))
        return found, (Path(self.name).parent / relative).as_posix()


def read_inventory(path: str | Path, called: str = "") -> InventoryFile:
    """An inventory file, read strictly.

    Args:
        path: where it is.
        called: how messages call it; the path when blank.

    Raises:
        InputError: with the line and column of each problem.
    """
    found, is_shipped = bundle.find(path)
    name = called or str(path)
    document = read_document(found, name)
    made = InventoryFile(document.validate(Inventory), found.parent, name, is_shipped, document)
    made.checksums[found.name] = document.sha256
    return made


def _stamp(path: Path) -> tuple[int, int]:
    """Size and time of change of a file; zeros where there is none."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns
