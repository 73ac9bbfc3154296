"""The GHG Emission Factors Hub of the United States Environmental Protection Agency.

The Hub is one sheet, ``Emission Factors Hub``, with tables one below the other; a CSV export of that sheet reads alike.
A table is known by its title, because editions may number tables differently. The tables of global warming potentials
hold no emission factors and are left out.

Energy of fuel is gross (HHV); energy of purchased steam is plain. ``NA`` is the publisher's mark for a treatment that
does not apply, so such a cell gives no row.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ghg.catalogue.importers.cells import Cell, Edition, Row, Sheet, read_sheets, refuse
from ghg.catalogue.importers.crosswalk import crosswalk, joined
from ghg.issues import Issue
from ghg.numbers import DECIMAL
from ghg.regions import regions

SHEET = "Emission Factors Hub"
STATIONARY = "Stationary Combustion"
MOBILE_CO2 = "Mobile Combustion CO2"
ROAD_GASOLINE = "Mobile Combustion CH4 and N2O for On-Road Gasoline Vehicles"
ROAD_OTHER = "Mobile Combustion CH4 and N2O for On-Road Diesel and Alternative Fuel Vehicles"
NON_ROAD = "Mobile Combustion CH4 and N2O for Non-Road Vehicles"
ELECTRICITY = "Electricity"
STEAM = "Steam and Heat"
FREIGHT = (
    "Scope 3 Category 4: Upstream Transportation and Distribution "
    "and Category 9: Downstream Transportation and Distribution"
)
WASTE = "Scope 3 Category 5: Waste Generated in Operations and Category 12: End-of-Life Treatment of Sold Products"
TRAVEL = "Scope 3 Category 6: Business Travel and Category 7: Employee Commuting"
LABELS = {
    STATIONARY: 1, MOBILE_CO2: 1, ROAD_GASOLINE: 2, ROAD_OTHER: 3, NON_ROAD: 2, ELECTRICITY: 2, STEAM: 1, FREIGHT: 1,
    WASTE: 1, TRAVEL: 1,
}  # fmt: skip
"""How many columns of labels a table has, by its title."""
LEFT_OUT = ("Global Warming Potential (GWP)", "Global Warming Potential (GWP) for Blended Refrigerants")
TOTAL_OUTPUT, NON_BASELOAD = "Total Output Emission Factors", "Non-Baseload Emission Factors"
WASTE_UNIT = "Metric Tons CO2e / Short Ton Material"
SPANNING = (TOTAL_OUTPUT, NON_BASELOAD, WASTE_UNIT)
"""Headings that stand for the columns to their right as well."""
HEAT_CONTENT, LOSS = "Heat Content (HHV)", "Grid Gross Loss (%)"
NAMES = (HEAT_CONTENT, "CO2 Factor", "CH4 Factor", "N2O Factor")
"""Headings whose unit stands in the line below."""
NOT_APPLICABLE = "NA"
UNIT = re.compile(r"(kg|g|lb|mmBtu|Metric Tons)(?: (CO2e|CO2|CH4|N2O))? (?:per|/) ([^()]+)")
FOOTNOTE = re.compile(r"(?<=[a-z)])[A-E]$| [A-E]$")
DATA_YEAR = re.compile(r"eGRID(\d{4})")
NUMERATORS = {"kg": "kg", "g": "g", "lb": "lb", "mmBtu": "MMBtu_gross", "Metric Tons": "tonne"}
DENOMINATORS = {
    "mmBtu": "MMBtu_gross", "short ton": "short_ton", "scf": "scf", "gallon": "gallon_us", "vehicle-mile": "mile",
    "passenger-mile": "passenger_mile", "short ton-mile": "short_ton_mile", "MWh": "MWh",
    "Short Ton Material": "short_ton",
}  # fmt: skip
GASES = {"CO2": "CO2", "CH4": "CH4_combustion", "N2O": "N2O", "CO2e": "CO2e"}
WASTE_GWP = "AR4"
"""The note under the table of waste: AR4 values convert it, unlike the rest of the Hub."""
BIOMASS = ("Biodiesel (100%)", "Ethanol (100%)")
"""Fuels of the mobile table that the stationary table lists among the biomass fuels."""
CO2_APART = "CH4 and N2O only: CO2 stands in the table of mobile combustion CO2, per unit of fuel"
NOTES = {
    MOBILE_CO2: "CO2 only: CH4 and N2O stand in the tables by vehicle",
    ROAD_GASOLINE: CO2_APART,
    ROAD_OTHER: CO2_APART,
    NON_ROAD: CO2_APART,
    WASTE: "CO2e under AR4, as the note under the table says; avoided emissions are left out, transport is included",
    NON_BASELOAD: "for estimating avoided emissions; the publisher says not to use it in an inventory",
    LOSS: "a fraction, shown as a percentage; the publisher says not to apply it to Scope 2",
}


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above a column: numerator, gas and denominator as printed, and the group it belongs to.

    ``group`` is the kind of electricity factor, or the treatment of waste.
    """

    numerator: str
    gas: str
    denominator: str
    group: str = ""

    @property
    def unit(self) -> str:
        """The unit as printed, ``kg CO2 per mmBtu``."""
        gas = f" {self.gas}" if self.gas in GASES else ""
        return f"{self.numerator}{gas} per {self.denominator}" if self.denominator else self.numerator


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of the sheet: table number, row and column (A is 0)."""

    table: str
    row: int
    column: int

    @property
    def letter(self) -> str:
        """The letter of the column."""
        return chr(ord("A") + self.column)


def hub_cell(title: str, place: Place, labels: tuple[str, ...], heading: Heading, value: str, file: str = "") -> Cell:
    """One printed number with its key: the row for the gases of one factor, the cell for a number of its own."""
    key = f"T{place.table}.R{place.row}"
    if heading.gas in (HEAT_CONTENT, LOSS) or title == WASTE:
        key += f"C{place.column}"
    elif title == ELECTRICITY:
        key += {TOTAL_OUTPUT: ".total_output", NON_BASELOAD: ".non_baseload"}[heading.group]
    elif title == STATIONARY:
        key += f".per_{heading.denominator.replace(' ', '_')}"
    where = f"Table {place.table}, sheet {SHEET}, row {place.row} col {place.letter}"
    return Cell(key, (title, *labels), heading.unit, heading.gas, value, where, file, place.row, place.letter)


def label(text: str) -> str:
    """A label on one line, without the capital letter that points to a footnote."""
    return FOOTNOTE.sub("", " ".join(text.split()))


def read(path: Path, name: str) -> list[Cell]:
    """The printed numbers of the publisher's workbook, or of a CSV export of its sheet.

    Raises:
        InputError: the file cannot be read, a table is missing or unknown, or a column has no heading with a unit.
    """
    sheets = [sheet for sheet in read_sheets(path, name) if sheet.name in (SHEET, "")]
    problems = [] if sheets else [Issue("import-unknown", f"no sheet is called {SHEET!r}.", "", name)]
    tables = [table for sheet in sheets for table in _tables(sheet, name)]
    for table in tables:
        table.walk()
        problems += table.problems
    known = [table.title for table in tables]
    problems += [
        Issue("import-unknown", f"the table {title!r} is missing.", "Give the Hub's own sheet, uncut.", name)
        for title in LABELS
        if sheets and title not in known
    ]
    refuse(problems)
    return [cell for table in tables for cell in table.cells]


def _tables(sheet: Sheet, file: str) -> Iterator[_Table]:
    """The tables of the sheet: from a cell ``Table 1`` and the title beside it to the next one."""
    found = [
        (row, column, cell.split()[1], label(cells[column + 1]))
        for row, cells in enumerate(sheet.rows)
        for column, cell in enumerate(cells[:-1])
        if re.fullmatch(r"Table \d+", cell) and cells[column + 1]
    ]
    ends = [row for row, *_ in found[1:]] + [len(sheet.rows)]
    for (row, column, number, title), end in zip(found, ends, strict=False):
        if title not in LEFT_OUT:
            yield _Table(sheet.rows[row + 1 : end], title, Place(number, row + 2, column + 1), file)


@dataclass(slots=True)
class _Table:
    """One table on its way from text to cells.

    Attributes:
        rows: the rows below its title.
        title: its title.
        start: the first of the rows and the column of labels.
        file: the file, as the user named it.
    """

    rows: Sequence[Sequence[str]]
    title: str
    start: Place
    file: str
    cells: list[Cell] = field(default_factory=list)
    problems: list[Issue] = field(default_factory=list)
    headings: dict[int, Heading] = field(default_factory=dict)
    groups: dict[int, str] = field(default_factory=dict)
    unit_at: int = -1

    def walk(self) -> None:
        """Read headings, sections and numbers down to the notes."""
        if self.title not in LABELS:
            self._refuse(self.start, f"the table {self.title!r} is not known.", self.title)
            return
        count, section, carried = LABELS[self.title], "", [""] * LABELS[self.title]
        width = max(map(len, self.rows), default=0)
        for number, row in enumerate(self.rows, self.start.row):
            cells = [*row, *[""] * (width - len(row)), ""][self.start.column :]
            first = label(cells[0])
            if first.startswith(("Source", "Notes")):
                self._date(number)
                return
            if any(DECIMAL.fullmatch(cell) or cell == NOT_APPLICABLE for cell in cells[count:]):
                carried = _carry(carried, [label(cell) for cell in cells[:count]])
                self._take(number, cells, ((section,) if section else ()) + tuple(carried))
            elif any(cells[count:]):
                self._head(number, cells)
            elif first:
                section = first if self.headings else ""
        self._date(self.start.row + len(self.rows) - 1)

    def _head(self, number: int, cells: list[str]) -> None:
        """Learn what stands above the columns."""
        count, spanning = LABELS[self.title], ""
        for column in range(count, len(cells)):
            text = label(cells[column])
            spanning = (text if text in SPANNING else "") if text else spanning
            found = UNIT.search(spanning or text)
            if text in ("Unit", "Units"):
                self.unit_at = column
            elif text == LOSS:
                self.headings[column] = Heading("%", LOSS, "")
            elif found:
                gas = found[2] or HEAT_CONTENT
                self.headings[column] = Heading(found[1], gas, found[3].strip())
            elif spanning or (text and self.title == WASTE and not self.cells):
                self.groups[column] = spanning or text
            elif text and text not in NAMES:
                place = Place(self.start.table, number, self.start.column + column)
                self._refuse(place, f"{text!r} is neither a number nor a known heading.", text)

    def _take(self, number: int, cells: list[str], labels: tuple[str, ...]) -> None:
        """The numbers of one row."""
        for column in range(LABELS[self.title], len(cells)):
            value, place = cells[column], Place(self.start.table, number, self.start.column + column)
            if column == self.unit_at or value in ("", NOT_APPLICABLE):
                continue
            heading, group = self.headings.get(column), self.groups.get(column, "")
            grouped = self.title == WASTE or (self.title == ELECTRICITY and heading and heading.gas != LOSS)
            if heading is None or (grouped and not group):
                self._refuse(
                    place, "the column has no heading with a unit, or none above it that says what it is.", value
                )
                continue
            heading = replace(heading, group=group)
            if heading.denominator == "unit":
                heading = replace(heading, denominator=label(cells[self.unit_at]))
            last = (LOSS,) if heading.gas == LOSS else (group,) if group else ()
            self.cells.append(hub_cell(self.title, place, (*labels, *last), heading, value, self.file))

    def _date(self, number: int) -> None:
        """Add the data year of electricity, which stands in the line of its source, to the labels."""
        if self.title != ELECTRICITY:
            return
        text = " ".join(self.rows[number - self.start.row])
        year = DATA_YEAR.search(text)
        if not year:
            self._refuse(Place(self.start.table, number, self.start.column), "no eGRID year below the table.", text)
            return
        self.cells = [replace(cell, labels=(*cell.labels, year[0])) for cell in self.cells]

    def _refuse(self, place: Place, message: str, value: str) -> None:
        issue = Issue("import-unknown", message, "", self.file, place.row, place.letter, value)
        self.problems.append(issue)


def _carry(before: list[str], now: list[str]) -> list[str]:
    """Labels with blanks but the last filled from the row above; a label in brackets goes on with the one above."""
    if len(now) == 1:
        return now
    return [
        old if not new or new.startswith("(") else new for old, new in zip(before[:-1], now[:-1], strict=True)
    ] + now[-1:]


def rows(cells: Sequence[Cell], edition: Edition) -> list[Row]:
    """The library's rows of the Hub's cells.

    Raises:
        InputError: a label, unit, gas, subregion or number is not known; every such cell is listed.
    """
    rows_of = Counter(cell.key for cell in cells)
    problems: list[Issue] = []
    made = [_row(cell, edition, problems, alone=rows_of[cell.key] == 1) for cell in cells]
    times = Counter(row["id"] for row in made)
    problems += [
        cell.issue(f"the row has two numbers for {cell.gas}.", "A heading above the columns is missing.")
        for cell, row in zip(cells, made, strict=True)
        if times[row["id"]] > 1
    ]
    refuse(problems)
    return made


def _row(cell: Cell, edition: Edition, problems: list[Issue], *, alone: bool) -> Row:
    """One row; what is not known is added to ``problems``."""
    title = cell.labels[0]
    path = cell.labels if title != ELECTRICITY else (title, cell.labels[3])
    entry = crosswalk("epa-hub").get(joined(path))
    if entry is None:
        problems.append(cell.issue(f"the label {joined(path)!r} is not in the crosswalk.", "", joined(path)))
    if not DECIMAL.fullmatch(cell.value):
        problems.append(cell.issue(f"{cell.value!r} is not a number.", "Give the publisher's file unchanged."))
    gas, unit, region = _gas(cell), _unit(cell), _region(cell)
    if not unit:
        problems.append(cell.issue(f"the unit {cell.unit!r} is not known.", "", cell.unit))
    if region not in regions():
        problems.append(cell.issue(f"the subregion {region!r} is not in the list of regions.", "", region))
    if gas is None:
        problems.append(cell.issue(f"the gas {cell.gas!r} is not known.", "", cell.gas))
    factor = f"{edition.source}:{cell.key}"
    name = factor if alone else f"{factor}:{gas}"
    group = cell.labels[3] if title == ELECTRICITY else ""
    notes = (entry.note if entry else "", NOTES.get(group, "") or NOTES.get(title, ""))
    year = DATA_YEAR.fullmatch(cell.labels[-1])
    kind = {HEAT_CONTENT: "gross_calorific_value", LOSS: "grid_loss"}.get(cell.gas, "emission_factor")
    return {
        "id": name, "factor": factor, "kind": kind, "activity": entry.activity if entry else "",
        "name": _name(cell), "region": region,
        "valid_from": f"{year[1]}-01-01" if year else edition.valid_from,
        "valid_to": f"{year[1]}-12-31" if year else edition.valid_to,
        "gas": gas or "", "value": cell.value, "unit": unit, "gwp_set": WASTE_GWP if gas == "CO2e" else "",
        "basis": "gross" if cell.gas == HEAT_CONTENT else entry.basis if entry else "",
        "uncertainty": "none published with the factor", "source": edition.source, "locator": cell.locator,
        "verification": edition.verification_of(name), "note": "; ".join(filter(None, notes)),
    }  # fmt: skip


def _gas(cell: Cell) -> str | None:
    """The gas in the library's codes, blank for a parameter, none when it is not known."""
    if cell.gas in (HEAT_CONTENT, LOSS):
        return ""
    is_biomass = cell.labels[1].startswith("Biomass Fuels") or (
        cell.labels[0] == MOBILE_CO2 and cell.labels[1] in BIOMASS
    )
    return "CO2_biogenic" if cell.gas == "CO2" and is_biomass else GASES.get(cell.gas)


def _unit(cell: Cell) -> str:
    """The unit in the library's spelling, or blank."""
    if cell.gas == LOSS:
        return "kWh/kWh" if cell.unit == "%" else ""
    found = UNIT.fullmatch(cell.unit)
    if not found or found[3] not in DENOMINATORS:
        return ""
    unit = f"{NUMERATORS[found[1]]}/{DENOMINATORS[found[3]]}"
    return unit.removesuffix("_gross") if cell.labels[0] == STEAM else unit


def _region(cell: Cell) -> str:
    """The country, or the subregion of electricity."""
    if cell.labels[0] != ELECTRICITY or cell.labels[1] == "US Average":
        return "US"
    return f"US-EGRID-{cell.labels[1]}"


def _name(cell: Cell) -> str:
    """A name that reads without its table."""
    title, *labels = cell.labels
    last = labels[-1]
    if title == STATIONARY:
        liquor = ", kraft pulping liquor" if "Kraft" in labels[0] else ""
        coal = "Coal, " if last.startswith("Mixed (") else ""
        return f"{coal}{last}{liquor}, " + (
            "heat content (HHV)" if cell.gas == HEAT_CONTENT else "stationary combustion"
        )
    if title == ELECTRICITY:
        kind = {TOTAL_OUTPUT: "total output", NON_BASELOAD: "non-baseload output", LOSS: "gross loss"}[labels[2]]
        return f"grid electricity, {kind}, {labels[1]}" + (f" ({labels[0]})" if labels[0] != labels[1] else "")
    if title in (ROAD_GASOLINE, ROAD_OTHER):
        year = f"model year {last}" if last else ""
        return ", ".join(filter(None, (*labels[:-1], year, "CH4 and N2O")))
    per = cell.unit.partition(" per ")[2]
    return {
        MOBILE_CO2: f"{last}, mobile combustion, CO2",
        NON_ROAD: f"{', '.join(labels)}, CH4 and N2O",
        STEAM: "purchased steam and heat",
        FREIGHT: f"freight: {last}, per {per}",
        WASTE: f"waste: {', '.join(labels)}",
        TRAVEL: f"travel: {last}, per {per}",
    }[title]
