"""Supply Chain Greenhouse Gas Emission Factors of the United States Environmental Protection Agency, in CO2e.

The file has a line for each 2017 NAICS code, per dollar of a price year at purchaser price, with and without the
margins of trade and transport. The price year stands in the unit. The file by gas is another one and is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ghg.catalogue.importers.cells import Cell, Edition, Row, read_sheets, refuse
from ghg.issues import Issue
from ghg.numbers import DECIMAL
from ghg.vocabulary import vocabulary

CODE, TITLE, GAS, UNIT, USEEIO = "2017 NAICS Code", "2017 NAICS Title", "GHG", "Unit", "Reference USEEIO Code"
WITH, WITHOUT = "Supply Chain Emission Factors with Margins", "Supply Chain Emission Factors without Margins"
MARGINS = "Margins of Supply Chain Emission Factors"
HEADINGS = (CODE, TITLE, GAS, UNIT, WITHOUT, MARGINS, WITH, USEEIO)
KEYS = {WITH: "with-margins", WITHOUT: "without-margins"}
BASES = {WITH: "supply_chain_with_margins", WITHOUT: "supply_chain_without_margins"}
ALL_GASES = "All GHGs"
UNITS = {"kg CO2e/2022 USD, purchaser price": ("kg/USD_2022", "AR5")}
"""Units as printed: the library's spelling, and the GWP set of the edition that has the unit."""


def read(path: Path, name: str) -> list[Cell]:
    """The factors with and without margins of each code.

    Raises:
        InputError: the file cannot be read, or its headings are not those of the table in CO2e.
    """
    sheets = read_sheets(path, name)
    found = [
        Issue("import-unknown", f"the column {heading!r} is missing.", "Give the file NAICS_CO2e.", name, 1, heading)
        for heading in HEADINGS
        if not sheets or not sheets[0].rows or heading not in sheets[0].rows[0]
    ]
    refuse(found)
    header, *lines = sheets[0].rows
    cells = []
    for number, line in enumerate(lines, 2):
        if not any(line):
            continue
        row = dict(zip(header, [*line, *[""] * (len(header) - len(line))], strict=False))
        cells += [supply_chain_cell(row, column, name, number) for column in KEYS]
    return cells


def supply_chain_cell(row: Row, column: str, file: str = "", line: int | None = None) -> Cell:
    """The factor in one column of a line."""
    labels = (row[CODE], row[TITLE], column, row[USEEIO])
    where = f"NAICS_CO2e, 2017 NAICS Code {row[CODE]}, {column}"
    return Cell(f"{row[CODE]}-{KEYS[column]}", labels, row[UNIT], row[GAS], row[column], where, file, line, column)


def rows(cells: Sequence[Cell], edition: Edition) -> list[Row]:
    """The library's rows of the factors.

    Raises:
        InputError: a code, unit, gas or number is not known; every such cell is listed.
    """
    problems: list[Issue] = []
    made = [_row(cell, edition, problems) for cell in cells if cell.value]
    refuse(problems)
    return made


def _row(cell: Cell, edition: Edition, problems: list[Issue]) -> Row:
    """One row; what is not known is added to ``problems``."""
    code, title, column, useeio = cell.labels
    activity = f"spend.naics_{code}"
    unit, gwp_set = UNITS.get(cell.unit, ("", ""))
    if activity not in vocabulary():
        problems.append(cell.issue(f"the NAICS code {code!r} is not in the vocabulary.", "", code))
    if not unit:
        hint = "The unit carries the price year, and the edition of a price year its GWP set."
        problems.append(cell.issue(f"the unit {cell.unit!r} is not known.", hint, cell.unit))
    if cell.gas != ALL_GASES:
        problems.append(cell.issue(f"the gas {cell.gas!r} is not {ALL_GASES!r}.", "Give the file in CO2e.", cell.gas))
    if not DECIMAL.fullmatch(cell.value):
        problems.append(cell.issue(f"{cell.value!r} is not a number.", "Give the publisher's file unchanged."))
    name = f"{edition.source}:{cell.key}"
    return {
        "id": name, "factor": name, "kind": "emission_factor", "activity": activity, "name": f"NAICS {code} {title}",
        "region": "US", "valid_from": edition.valid_from, "valid_to": edition.valid_to, "gas": "CO2e",
        "value": cell.value, "unit": unit, "gwp_set": gwp_set, "basis": BASES[column],
        "uncertainty": "none published with the factor", "source": edition.source, "locator": cell.locator,
        "verification": edition.verification_of(name), "note": f"purchaser price; USEEIO code {useeio}",
    }  # fmt: skip
