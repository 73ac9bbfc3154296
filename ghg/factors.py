"""Emission factors and the parameters methods need, as printed by their publishers.

A row keeps the printed digits and unit. ``factor`` groups the gas rows of one emission factor; ``id`` names one row and
never changes meaning. Blank validity means the publication states none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Literal, NoReturn, Self, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator

from ghg import bundle
from ghg.catalogue.packs import TOTAL, Pack, Packs, Record
from ghg.catalogue.shelves import Joined, Shelf
from ghg.catalogue.soundness import IMPLIED, wrong_gas, wrong_origin, wrong_words
from ghg.issues import InputError, Issue, UnknownNameError
from ghg.numbers import parse
from ghg.reading import Manner, read_table
from ghg.reading.table import field_issue
from ghg.schema import day
from ghg.units import Ratio, ratio, step

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
BASES = get_args(Basis)[1:]
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
        wrong = (
            wrong_gas(
                self.gas, self.basis, self.gwp_set, BASES, is_factor=self.kind == FACTOR, is_total=self.kind == TOTAL
            )
            or wrong_words(self.activity, self.region, self.verification, self.unit)
            or wrong_origin(self.verification, self.derived_from)
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


@dataclass(frozen=True, kw_only=True)
class Factor:
    """The gas rows of one emission factor, or the single row of a parameter.

    Attributes:
        rows: one a gas.
        total: the CO2e that the publication prints beside the gases: shown and tested, never posted.
        is_own: whether it comes from the inventory's own tables, which win for the keys they name.
        is_reserved: whether no activity takes it by itself: an instrument's rate covers what the instrument covers.
        place: file and line of its first row; blank where it stands in no table.
    """

    rows: tuple[FactorRow, ...]
    total: FactorRow | None = None
    is_own: bool
    is_reserved: bool = False
    place: tuple[str, int] = field(default=("", 0), compare=False)

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
    return Factor(rows=rows, total=total, is_own=is_own, place=(found[0][1].file, found[0][1].line))


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
            _refuse_duplicate(factor.id, factor, self._own.get(factor.id))
        self._own[factor.id] = factor
        for row in (*factor.rows, *([factor.total] if factor.total else [])):
            if row.id in self._packs or row.id in self._of_row:
                _refuse_duplicate(row.id, factor, self._own.get(self._of_row.get(row.id, "")))
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


def _refuse_duplicate(name: str, factor: Factor, other: Factor | None) -> NoReturn:
    """Refuse an id of an inventory's factor that stands in another factor, or in the library."""
    file, line = other.place if other else ("", 0)
    where = f"in {file}:{line} already" if file else "in the inventory already" if other else "in the library too"
    hint = "A value never changes under an id: give the row a new one."
    raise InputError([Issue("id-duplicate", f"the factor id {name!r} stands {where}.", hint, factor.place[0],
                            factor.place[1] or None, "id", name)])  # fmt: skip


def read_records(path: Path, name: str, notes: list[Issue] | None = None) -> list[Record]:
    """The rows of one table as text; ``notes`` takes what a reader has to know of it.

    Raises:
        InputError: the file cannot be read, its header does not fit, or a row is ragged.
    """
    table = read_table(path, name, tuple(FactorRow.model_fields), manner=Manner(numbers=("value", "lower", "upper")))
    if table.issues:
        raise InputError(table.issues)
    table.tell(notes)
    rows = (dict(zip(table.columns, cells, strict=True)) for cells in zip(*table.columns.values(), strict=True))
    return [Record(cells, name, line) for line, cells in zip(table.lines, rows, strict=True)]


def read_factors(path: Path, name: str, *, is_own: bool, notes: list[Issue] | None = None) -> list[Factor]:
    """The factors of one table, every row validated; ``notes`` takes what a reader has to know of it.

    Raises:
        InputError: rows do not fit the model, or the rows of a factor contradict each other; each problem is listed.
    """
    groups: defaultdict[str, list[Record]] = defaultdict(list)
    for record in read_records(path, name, notes):
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
