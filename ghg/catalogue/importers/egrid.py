"""eGRID, the grid database of the United States Environmental Protection Agency: the sheet of subregions.

The sheet is called ``SRL`` and two digits of the data year. Above the data stand a row of descriptions, which carry the
unit, and a row of codes, which name the columns. There is an edition in lb/MWh and a metric one in kg/MWh; the unit is
taken from the description. A CSV export of the sheet reads alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from ghg.catalogue.importers.cells import Cell, Edition, Row, Sheet, read_sheets, refuse
from ghg.issues import Issue
from ghg.numbers import DECIMAL
from ghg.regions import regions

SHEET = re.compile(r"SRL\d{2}")
SUBREGION, NAME = "SUBRGN", "SRNAME"
RATES = {"SRCO2RTA": "CO2", "SRCH4RTA": "CH4", "SRN2ORTA": "N2O"}
"""Annual total output emission rates, by code, and their gas."""
GASES = {"CO2": "CO2", "CH4": "CH4_combustion", "N2O": "N2O"}
UNITS = {"lb/MWh": "lb/MWh", "kg/MWh": "kg/MWh"}
DESCRIBED = re.compile(r"annual (\S+) total output emission rate \(([^()]+)\)")


def read(path: Path, name: str) -> list[Cell]:
    """The rates of each subregion, from the publisher's workbook or a CSV export of its sheet of subregions.

    Raises:
        InputError: the file cannot be read, or it has no sheet of subregions with the expected codes and descriptions.
    """
    sheets = [sheet for sheet in read_sheets(path, name) if not sheet.name or SHEET.fullmatch(sheet.name)]
    if len(sheets) != 1:
        message = f"{len(sheets)} sheets are called SRL and a year; one is needed."
        refuse([Issue("import-unknown", message, "Give the publisher's workbook, or its sheet of subregions.", name)])
    sheet = sheets[0]
    codes = next((number for number, row in enumerate(sheet.rows) if SUBREGION in row), 0)
    columns = {code: column for column, code in enumerate(sheet.rows[codes])} if sheet.rows else {}
    problems = [
        Issue(
            "import-unknown", f"no column has the code {code}.", "A row of codes stands below the descriptions.", name
        )
        for code in (SUBREGION, NAME, *RATES)
        if code not in columns
    ]
    refuse(problems)
    above = sheet.rows[codes - 1] if codes else []
    described = {code: DESCRIBED.search(_at(above, columns[code])) for code in RATES}
    refuse(
        Issue("import-unknown", f"the description of {code} does not say {gas} and a unit.", "", name, codes, code)
        for code, gas in RATES.items()
        if (found := described[code]) is None or found[1] != gas
    )
    units = {code: found[2] for code, found in described.items() if found}
    return [
        cell for number in range(codes + 1, len(sheet.rows)) for cell in _row_cells(sheet, number, columns, units, name)
    ]


def _row_cells(sheet: Sheet, number: int, columns: dict[str, int], units: dict[str, str], file: str) -> list[Cell]:
    """The rates of one subregion; a line without a subregion holds none."""
    row = sheet.rows[number]
    subregion = _at(row, columns[SUBREGION])
    if not subregion:
        return []
    labels = (subregion, _at(row, columns[NAME]))
    where = f"sheet {sheet.name or 'of subregions'}, subregion {subregion}"
    return [
        Cell(subregion, labels, units[code], gas, _at(row, columns[code]), f"{where}, {code}", file, number + 1, code)
        for code, gas in RATES.items()
    ]


def _at(row: Sequence[str], column: int) -> str:
    """A cell of a row that may be short."""
    return row[column] if column < len(row) else ""


def rows(cells: Sequence[Cell], edition: Edition) -> list[Row]:
    """The library's rows of the subregions' rates.

    Raises:
        InputError: a subregion, unit, gas or number is not known; every such cell is listed.
    """
    problems: list[Issue] = []
    made = [_row(cell, edition, problems) for cell in cells if cell.value]
    refuse(problems)
    return made


def _row(cell: Cell, edition: Edition, problems: list[Issue]) -> Row:
    """One row; what is not known is added to ``problems``."""
    region, gas = f"US-EGRID-{cell.labels[0]}", GASES.get(cell.gas, "")
    if region not in regions():
        problems.append(cell.issue(f"the subregion {region!r} is not in the list of regions.", "", cell.labels[0]))
    if cell.unit not in UNITS:
        problems.append(cell.issue(f"the unit {cell.unit!r} is not known.", f"Known: {', '.join(UNITS)}.", cell.unit))
    if not gas:
        problems.append(cell.issue(f"the gas {cell.gas!r} is not known.", "", cell.gas))
    if not DECIMAL.fullmatch(cell.value):
        problems.append(cell.issue(f"{cell.value!r} is not a number.", "Give the publisher's file unchanged."))
    factor = f"{edition.source}:{cell.key}"
    return {
        "id": f"{factor}:{gas}", "factor": factor, "kind": "emission_factor", "activity": "electricity",
        "name": f"grid electricity, total output, {cell.labels[1]} ({cell.labels[0]})", "region": region,
        "valid_from": edition.valid_from, "valid_to": edition.valid_to, "gas": gas, "value": cell.value,
        "unit": UNITS.get(cell.unit, ""), "basis": "grid_average", "uncertainty": "none published with the factor",
        "source": edition.source, "locator": cell.locator, "verification": edition.verification_of(f"{factor}:{gas}"),
    }  # fmt: skip
