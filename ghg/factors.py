"""Emission factors and the parameters methods need, as printed by their publishers.

A row keeps the printed digits and unit. ``factor`` groups the gas rows of one emission factor; ``id`` names one row and
never changes meaning. Blank validity means the publication states none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Literal, NoReturn, Self, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator

from ghg import bundle
from ghg.catalogue.packs import TOTAL, Pack, Packs, Record
from ghg.catalogue.shelves import Joined, Shelf
from ghg.gases import CO2E, gases, gwp_sets
from ghg.issues import InputError, Issue, UnitError, UnknownNameError, suggest
from ghg.numbers import parse
from ghg.reading import read_table
from ghg.reading.table import field_issue
from ghg.regions import region_advice, regions
from ghg.schema import day
from ghg.units import Ratio, ratio, step
from ghg.vocabulary import vocabulary, words

Kind = Literal[
    "emission_factor", "co2e_total", "net_calorific_value", "gross_calorific_value", "standard_coal", "density",
    "carbon_content", "oxidation_factor", "grid_loss", "energy_content",
]  # fmt: skip
"""An emission factor, the printed CO2e total of one whose gases ship too (shown, never posted), or a parameter."""
Basis = Literal[
    "", "combustion", "combustion_with_radiative_forcing", "upstream", "upstream_with_radiative_forcing", "losses",
    "upstream_of_losses", "life_cycle", "treatment", "operation", "release", "process", "outside_of_scopes",
    "grid_average", "grid_non_baseload", "grid_excluding_market_traded_non_fossil", "grid_fossil", "ets_grid",
    "contractual", "supplier_mix", "residual_mix", "operating_margin", "build_margin", "supply_chain_with_margins",
    "supply_chain_without_margins", "net", "gross", "standard_coal",
]  # fmt: skip
"""What a factor covers; ``factors/README.md`` says each word's meaning."""
FACTOR = "emission_factor"
LARGEST = 10**18  # no factor reaches it, whatever its unit


@cache
def _date(found: object) -> object:
    """A date, or its text read; nothing for blank. A library of many rows has few dates."""
    try:
        return date.fromisoformat(str(day(found))) if found else None
    except ValueError as error:
        raise ValueError(f"{found!r} is no date: {error}") from None


OptionalDate = Annotated[date | None, BeforeValidator(_date)]
IMPLIED = "implied"
"""Verification of a factor that was derived from the figure it is used for."""


class FactorRow(BaseModel):
    """One printed number: an emission factor for one gas, or a parameter such as a net calorific value.

    ``gwp_set`` is filled for CO2e only: the set it was published under. ``derived_from`` names the published figures an
    implied factor was derived from.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    id: str
    factor: str
    kind: Kind
    activity: str
    name: str
    name_local: str
    region: str
    valid_from: OptionalDate
    valid_to: OptionalDate
    gas: str
    value: str
    unit: str
    gwp_set: str
    basis: Basis
    lower: str
    upper: str
    uncertainty: str
    source: str
    locator: str
    verification: str
    derived_from: str
    note: str

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        filled = (self.id, self.factor, self.activity, self.value, self.source, self.locator, self.verification)
        if not all((*filled, self.uncertainty)):
            raise ValueError(
                "id, factor, activity, value, source, locator, verification and uncertainty are never blank"
            )
        if abs(self.amount) >= LARGEST:  # a value that is no number is refused here, and an exact one is read once
            raise ValueError(f"the value {self.value} is too large to be a factor")
        if (self.lower and parse(self.lower) > self.amount) or (self.upper and parse(self.upper) < self.amount):
            raise ValueError(f"the value {self.value} does not lie between {self.lower or '…'} and {self.upper or '…'}")
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to lies before valid_from")
        wrong = _wrong_gas(self.kind, self.gas, self.basis, self.gwp_set) or _wrong_words(
            self.activity, self.region, self.verification, self.unit
        )
        if wrong:
            raise ValueError(wrong)
        return self

    @cached_property
    def amount(self) -> Fraction:
        """The printed value, exact."""
        return parse(self.value)

    @cached_property
    def per(self) -> Ratio:
        """The printed unit."""
        return ratio(self.unit)

    @cached_property
    def base_amount(self) -> Fraction:
        """The value in base units of numerator and denominator."""
        return self.amount * step(self.unit)

    @property
    def is_implied(self) -> bool:
        """Whether the factor was derived from a published figure, so that it proves nothing about it."""
        return self.verification == IMPLIED

    @property
    def validity(self) -> str:
        """The validity in words."""
        if self.valid_from is None and self.valid_to is None:
            return "no validity stated"
        return f"{self.valid_from or '…'} to {self.valid_to or '…'}"


@cache
def _wrong_gas(kind: str, gas: str, basis: str, gwp_set: str) -> str:
    """What is wrong with the gas of a row, or blank. Most rows share their words with others, so each is asked once."""
    if (kind in (FACTOR, TOTAL)) != bool(gas) or (kind == TOTAL and gas != CO2E):
        return "an emission factor names its gas, a printed total is CO2e, a parameter names none"
    if gas and not basis:
        return f"an emission factor says what it covers: basis is one of {', '.join(get_args(Basis)[1:])}"
    if gas and gas != CO2E and gas not in gases():
        return f"the gas {gas!r} is not in the list of gases.{suggest(gas.upper(), gases())}"
    if (gas == CO2E) != bool(gwp_set) or (gwp_set and gwp_set not in gwp_sets()):
        return "a CO2e factor names the GWP set it was published under, a gas none"
    return ""


@cache
def _wrong_words(activity: str, region: str, verification: str, unit: str) -> str:
    """What is wrong with the other words of a row, or blank."""
    if activity not in words() and not activity.startswith("own."):
        return f"the activity {activity!r} is not a word of the vocabulary.{suggest(activity, vocabulary())}"
    if region not in regions():
        return f"the region {region!r} is not in the list of regions.{region_advice(region)}"
    if verification.startswith("unverified"):
        return "an unverified factor never ships"
    try:
        ratio(unit)
    except UnitError as error:
        return str(error)
    return ""


@dataclass(frozen=True, kw_only=True)
class Factor:
    """The gas rows of one emission factor, or the single row of a parameter.

    Attributes:
        rows: one a gas.
        total: the CO2e that the publication prints beside the gases: shown and tested, never posted.
        is_own: whether it comes from the inventory's own tables, which win for the keys they name.
        is_reserved: whether no activity takes it by itself: an instrument's rate covers what the instrument covers.
    """

    rows: tuple[FactorRow, ...]
    total: FactorRow | None = None
    is_own: bool
    is_reserved: bool = False

    @property
    def id(self) -> str:
        """The id shared by its rows."""
        return self.rows[0].factor

    @cached_property
    def first(self) -> FactorRow:
        """The row that stands for what all rows share: activity, region, validity, source."""
        return self.rows[0]


def grouped(records: Iterable[Record], *, is_own: bool) -> Factor:
    """The factor that rows of one ``factor`` make.

    Raises:
        InputError: a row does not fit the model, the rows contradict each other, or a gas stands twice.
    """
    found = [(_validated(record), record) for record in records]
    first = found[0][0]
    shared = _shared(first)
    kind = next((row.kind for row, _ in found if row.kind != TOTAL), FACTOR)
    seen: set[str] = set()
    for row, record in found:
        place = (record.file, record.line)
        if _shared(row) != shared or row.kind not in (kind, TOTAL) or (row.kind == TOTAL and kind != FACTOR):
            message = f"the rows of factor {row.factor!r} differ in activity, region, validity, basis, unit or kind."
            raise InputError(
                [Issue("field-invalid", message, "Rows of one factor differ only by gas.", *place, "factor")]
            )
        if row.gas in seen:
            message = f"the factor {row.factor!r} has two rows for {row.gas or 'its value'}."
            raise InputError([Issue("id-duplicate", message, "Keep one row a gas.", *place, "gas")])
        seen.add(row.gas)
    rows = tuple(row for row, _ in found if row.kind != TOTAL)
    total = next((row for row, _ in found if row.kind == TOTAL), None)
    if not rows:
        message = f"the factor {first.factor!r} has a printed total and no row to post."
        raise InputError([Issue("field-invalid", message, "Give its gases, or make the total an emission factor.",
                                found[0][1].file, found[0][1].line, "kind")])  # fmt: skip
    return Factor(rows=rows, total=total, is_own=is_own)


def _shared(row: FactorRow) -> tuple[object, ...]:
    """What the rows of one factor have in common."""
    return (row.activity, row.region, row.valid_from, row.valid_to, row.basis, row.unit.partition("/")[2])


def _validated(record: Record) -> FactorRow:
    """A record as a row.

    Raises:
        InputError: a cell does not fit the model.
    """
    try:
        return FactorRow.model_validate(record.cells)
    except ValidationError as error:
        found = error.errors()
        raise InputError(field_issue(item, record.cells, record.file, record.line) for item in found) from None


class FactorTable:
    """Factors by id and by what they apply to.

    Only the text of the library is read at first; a factor is validated when it is first asked for, so that a run pays
    for the factors it looks at.

    Args:
        packs: the library's packs.
        own: an inventory's own factors.
        changed: rows that stand in for the row of their id.

    Raises:
        InputError: an id stands twice.
    """

    def __init__(
        self, packs: Packs | None = None, own: Iterable[Factor] = (), changed: Mapping[str, FactorRow] | None = None
    ) -> None:
        self._packs = Packs() if packs is None else packs  # asking for its length would read every pack
        self.cells = self._packs.cells
        """Some cells of every row that does not come from an inventory, as text by column name."""
        self._own: dict[str, Factor] = {}
        self._changed = dict(changed or {})
        self._of_row: dict[str, str] = {}
        self._by_word: defaultdict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        for factor in own:
            self._add(factor)
        self.factors: Mapping[str, Factor] = Shelf(Joined(self._packs.factors, self._own), self._factor)
        """Every factor by its id, in the order of the tables."""
        self._rows: Shelf[FactorRow] = Shelf(Joined(self._packs, self._of_row), self._row)

    @property
    def rows(self) -> Mapping[str, FactorRow]:
        """Every row by its id."""
        return self._rows

    def _add(self, factor: Factor) -> None:
        if factor.id in self._packs.factors or factor.id in self._own:
            _refuse_duplicate(factor.id)
        self._own[factor.id] = factor
        for row in (*factor.rows, *([factor.total] if factor.total else [])):
            if row.id in self._packs or row.id in self._of_row:
                _refuse_duplicate(row.id)
            self._of_row[row.id] = factor.id
            if row.kind != TOTAL and not factor.is_reserved:
                self._by_word[row.kind, row.activity][factor.id] = None

    def _factor(self, name: str) -> Factor:
        found = self._own[name] if name in self._own else grouped(self._packs.records(name), is_own=False)
        if any(row.id in self._changed for row in found.rows):
            rows = tuple(self._changed.get(row.id, row) for row in found.rows)
            found = replace(found, rows=rows)
        for row in found.rows:
            # Rows are found by the id of their factor, with the gas or without; only such ids may be found early.
            if name in (row.id, row.id.rpartition(":")[0]):
                self._rows.put(row.id, row)
        return found

    def _row(self, name: str) -> FactorRow:
        factor = self.factors[self._factor_of(name)]
        return next(row for row in (*factor.rows, factor.total) if row and row.id == name)

    def _factor_of(self, row: str) -> str:
        return self._of_row.get(row) or self._packs.factor_of(row)

    @property
    def own(self) -> tuple[Factor, ...]:
        """The inventory's own factors."""
        return tuple(self.factors[name] for name in self._own)

    def texts(self) -> Iterable[Mapping[str, str]]:
        """Every row that does not come from an inventory, as text by column, without validating it."""
        return self._packs.texts()

    def candidates(self, kind: str, activity: str, sources: Collection[str] | None = None) -> tuple[Factor, ...]:
        """Factors of a kind for an activity, wherever and whenever they apply.

        Args:
            kind: emission factor, or the kind of a parameter.
            activity: a word of the vocabulary.
            sources: take the library's factors of these publications only; those of an inventory always.
        """
        shipped = self._packs.of_word(kind, activity, sources)
        return tuple(self.factors[name] for name in (*shipped, *self._by_word.get((kind, activity), ())))

    def find(self, name: str) -> Factor:
        """The factor of an id, or of the id of one of its rows.

        Raises:
            UnknownNameError: no factor has the id.
        """
        found = self._factor_of(name) or name
        if found not in self.factors:
            raise UnknownNameError("factor", name, [*self.factors, *self.rows])
        return self.factors[found]

    def with_own(self, own: Iterable[Factor]) -> FactorTable:
        """This table with an inventory's own factors added."""
        added = tuple(own)
        return FactorTable(self._packs, [*self._own.values(), *added], self._changed) if added else self

    def with_rows(self, changed: Mapping[str, FactorRow]) -> FactorTable:
        """This table with some rows replaced under their ids: the what-if door."""
        return FactorTable(self._packs, self._own.values(), {**self._changed, **changed}) if changed else self


def _refuse_duplicate(name: str) -> NoReturn:
    message = f"the factor id {name!r} stands twice: in tables of the inventory, or there and in the library."
    raise InputError([Issue("id-duplicate", message, "A value never changes under an id: give the row a new one.")])


def read_records(path: Path, name: str) -> list[Record]:
    """The rows of one CSV file as text.

    Raises:
        InputError: the file cannot be read, its header does not fit, or a row is ragged.
    """
    table = read_table(path, name, tuple(FactorRow.model_fields))
    if table.issues:
        raise InputError(table.issues)
    rows = (dict(zip(table.columns, cells, strict=True)) for cells in zip(*table.columns.values(), strict=True))
    return [Record(cells, name, line) for line, cells in zip(table.lines, rows, strict=True)]


def read_factors(path: Path, name: str, *, is_own: bool) -> list[Factor]:
    """The factors of one CSV file, every row validated.

    Raises:
        InputError: rows do not fit the model, or the rows of a factor contradict each other; each problem is listed.
    """
    groups: defaultdict[str, list[Record]] = defaultdict(list)
    for record in read_records(path, name):
        groups[record.cells["factor"]].append(record)
    made: list[Factor] = []
    problems: list[Issue] = []
    for records in groups.values():
        try:
            made.append(grouped(records, is_own=is_own))
        except InputError as error:
            problems += error.issues
    if problems:
        raise InputError(sorted(problems, key=lambda issue: issue.line or 0))
    return made


@cache
def library() -> FactorTable:
    """Every shipped factor."""
    root = bundle.folder("factors")
    columns = tuple(FactorRow.model_fields)
    paths = sorted((root / "packs").glob("*/*.csv"))
    return FactorTable(Packs(Pack(path, f"factors/{path.relative_to(root).as_posix()}", columns) for path in paths))
