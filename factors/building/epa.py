"""Packs of the United States Environmental Protection Agency from the reference tables."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from ghg.catalogue.importers import egrid, epa_hub, epa_supply_chain
from ghg.catalogue.importers.cells import Cell, Edition, Row
from ghg.catalogue.importers.epa_hub import HEAT_CONTENT, LOSS, NON_BASELOAD, TOTAL_OUTPUT, Heading, Place

ONE, TWO = "verified: one source", "verified: two independent sources"
TITLES = {
    "1": epa_hub.STATIONARY, "2": epa_hub.MOBILE_CO2, "3": epa_hub.ROAD_GASOLINE, "4": epa_hub.ROAD_OTHER,
    "5": epa_hub.NON_ROAD, "6": epa_hub.ELECTRICITY, "7": epa_hub.STEAM, "8": epa_hub.FREIGHT, "9": epa_hub.WASTE,
    "10": epa_hub.TRAVEL,
}  # fmt: skip
"""Tables of both editions by number; 11 and 12 of 2025 are global warming potentials and do not ship as factors."""
GRID_YEAR = {"2024": "eGRID2022", "2025": "eGRID2023"}
"""The source named below the table of electricity; of January 2025, so eGRID2023 is its Revision 1."""
PREFIXES = {
    "2": "Mobile combustion ", "3": "On-road gasoline ", "4": "On-road ", "5": "Non-road ", "8": "Freight ",
    "9": "Waste ", "10": "Travel ",
}  # fmt: skip
"""What the reference tables write before the printed label."""
NUMERATORS = {"tonne": "Metric Tons", "megaBtu": "mmBtu"}
DENOMINATORS = {
    "megaBtu": "mmBtu", "short_ton": "short ton", "foot**3": "scf", "(short_ton*mile)": "short ton-mile",
    "(passenger*mile)": "passenger-mile", "mile": "vehicle-mile",
}  # fmt: skip
PRINTED_GASES = {"HEAT_CONTENT": HEAT_CONTENT, "GRID_LOSS": LOSS}
STORED_DIGITS = 12
STORED = "digits as stored in the workbook, which shows fewer; the compared copy keeps 12 decimals"
POUND = "0.4536"
METRIC = f"metric edition: the rate in lb/MWh times {POUND} kg/lb"
BY_GAS = {
    "Carbon dioxide": "CO2", "Carbon tetrafluoride": "CF4", "HFC-125": "HFC125", "HFC-134a": "HFC134a",
    "HFC-143a": "HFC143a", "HFC-23": "HFC23", "HFC-236fa": "HFC236fa", "HFC-32": "HFC32", "Hexafluoroethane": "C2F6",
    "Methane": "CH4", "Nitrogen trifluoride": "NF3", "Nitrous oxide": "N2O", "Perfluorobutane": "C4F10",
    "Perfluorocyclobutane": "cC4F8", "Perfluorohexane": "C6F14", "Perfluoropropane": "C3F8",
    "Sulfur hexafluoride": "SF6",
}  # fmt: skip
"""Columns of the table by gas, and the gas in the reference table of global warming potentials."""
UNSPECIFIED = "HFCs and PFCs, unspecified"
"""A column that is CO2e already: only so do the gases add up."""


def packs(reference: Path) -> dict[str, list[Row]]:
    """Every pack of the agency, by its path below ``factors/packs``."""
    return {
        "epa-hub/2024.csv": hub(reference, "2024", ONE),
        "epa-hub/2025.csv": hub(reference, "2025", TWO),
        "egrid/2023-r2.csv": grid(reference),
        "epa-supply-chain/1.3.csv": supply_chain(reference),
    }


def table(path: Path) -> list[Row]:
    """Rows of a reference table; a row that nobody checked stops the build."""
    with path.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    unchecked = [row["id"] for row in found if not row["verification"].startswith("verified")]
    if unchecked:
        raise SystemExit(f"{path.name}: unverified rows never ship: {', '.join(unchecked[:5])}")
    return found


def hub(reference: Path, year: str, verification: str) -> list[Row]:
    """One edition of the Emission Factors Hub."""
    source = f"epa-hub-{year}"
    cells: list[tuple[Cell, Row]] = []
    vehicle = ""
    for row in table(reference / f"us_epa_hub_{year}.csv"):
        number = row["id"].split(":")[1].removeprefix("T")
        if number in TITLES:
            printed = row["activity"].removeprefix(PREFIXES.get(number, ""))
            vehicle = vehicle if printed.startswith("(") else printed
            cells.append((hub_cell(row, number, vehicle, year), row))
    made = epa_hub.rows([cell for cell, _ in cells], Edition(source, "", "", verification, {}))
    for row, (_, reference_row) in zip(made, cells, strict=True):
        row["verification"] = reference_row["verification"]
        if len(row["value"].partition(".")[2]) >= STORED_DIGITS:
            row["note"] = "; ".join(filter(None, (row["note"], STORED)))
    return made


def hub_cell(row: Row, number: str, printed: str, year: str) -> Cell:
    """The cell of the Hub that a reference row was taken from."""
    place = re.fullmatch(r"R(\d+)C(\d+)", row["id"].split(":")[2])
    if not place:
        raise SystemExit(f"{row['id']}: no row and column")
    column, title = int(place[2]), TITLES[number]
    numerator, _, denominator = row["unit"].partition("/")
    group = epa_hub.label(row["detail"]) if title == epa_hub.WASTE else ""
    if title == epa_hub.ELECTRICITY:
        group = TOTAL_OUTPUT if column <= 6 else NON_BASELOAD  # noqa: PLR2004 - columns E to G, then H to J
    heading = Heading(
        NUMERATORS.get(numerator, numerator),
        PRINTED_GASES.get(row["gas"], row["gas"]),
        "Short Ton Material" if title == epa_hub.WASTE else DENOMINATORS.get(denominator, denominator),
        group,
    )
    if heading.gas == LOSS:
        heading = Heading("%", LOSS, "", group)
    labels = hub_labels(row, title, printed, group if heading.gas != LOSS else LOSS)
    if title == epa_hub.ELECTRICITY:
        labels = (*labels, GRID_YEAR[year])
    cell = epa_hub.hub_cell(title, Place(number, int(place[1]), column), labels, heading, row["value"])
    if cell.locator != row["table_or_cell"]:
        raise SystemExit(f"{row['id']}: {row['table_or_cell']} is not {cell.locator}")
    return cell


def hub_labels(row: Row, title: str, printed: str, group: str) -> tuple[str, ...]:
    """The printed labels, which the reference tables spread over two columns."""
    detail = row["detail"].partition(" | ")[0]
    fuel, _, vehicle = printed.partition(" ")
    year = detail.removeprefix("model year ")
    code = row["region"].removeprefix("US-eGRID-").replace("_", " ")
    return {
        epa_hub.STATIONARY: (detail, printed),
        epa_hub.ROAD_GASOLINE: (printed, year),
        epa_hub.ROAD_OTHER: (vehicle, fuel, year),
        epa_hub.NON_ROAD: (epa_hub.label(printed), detail),
        epa_hub.ELECTRICITY: (code, detail, group),
        epa_hub.WASTE: (printed, group),
        epa_hub.STEAM: (epa_hub.STEAM,),
    }.get(title, (printed,))


def grid(reference: Path) -> list[Row]:
    """Subregions of eGRID2023 Revision 2, from its metric edition."""
    found = table(reference / "us_egrid_2023_rev2.csv")
    cells = [grid_cell(row) for row in found]
    made = egrid.rows(cells, Edition("egrid-2023-r2", "2023-01-01", "2023-12-31", ONE, {}))
    for row, reference_row in zip(made, found, strict=True):
        row["verification"] = reference_row["verification"]
        row["note"] = METRIC
    return made


def grid_cell(row: Row) -> Cell:
    """The cell of the sheet that a reference row was taken from."""
    code, gas = row["id"].split(":")[1:]
    name = re.fullmatch(r"Purchased electricity — (.+) \((\w+)\)", row["detail"])
    if not name or name[2] != code:
        raise SystemExit(f"{row['id']}: {row['detail']}")
    column = {printed: column for column, printed in egrid.RATES.items()}[gas]
    where = f"sheet SRL23, subregion {code}, {column}"
    return Cell(code, (code, name[1]), row["unit"], gas, row["value"], where)


def supply_chain(reference: Path) -> list[Row]:
    """Supply chain factors v1.3, with margins before without."""
    by_code: dict[str, dict[str, Row]] = {}
    for row in table(reference / "us_epa_supply_chain_v1_3.csv"):
        code, column = row["id"].split(":")[1:]
        by_code.setdefault(code, {})[column] = row
    cells, verified = [], {}
    for code, columns in by_code.items():
        for column, heading in (("wm", epa_supply_chain.WITH), ("nm", epa_supply_chain.WITHOUT)):
            cell = supply_chain_cell(code, columns[column], heading)
            cells.append(cell)
            verified[f"epa-supply-chain-1.3:{cell.key}"] = columns[column]["verification"]
    made = epa_supply_chain.rows(cells, Edition("epa-supply-chain-1.3", "2022-01-01", "2022-12-31", TWO, verified))
    by_gas = table_by_gas(reference / "full" / "us_epa_supply_chain_v1.3.0_byGHG_with_margins_kg_per_usd_2022.csv")
    potentials = {
        row["id"]: row["value"] for row in table(reference / "gwp_100.csv") if row["id"].startswith("gwp:AR5:")
    }
    apart = not_adding_up(
        made, by_gas, {gas: potentials.get(f"gwp:AR5:{gas}", "") for gas in BY_GAS.values()} | {"CO2": "1"}
    )
    if apart:
        raise SystemExit(f"supply chain: the gases under AR5 do not make the printed CO2e of {', '.join(apart)}")
    return made


def table_by_gas(path: Path) -> list[Row]:
    """The table by gas, with margins."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def not_adding_up(made: Sequence[Row], by_gas: Sequence[Row], potentials: Mapping[str, str]) -> list[str]:
    """NAICS codes whose gases, three significant digits each, cannot round to the CO2e with margins."""
    printed = {row["id"].rpartition(":")[2]: row["value"] for row in made}
    apart = []
    for row in by_gas:
        code = row[epa_supply_chain.CODE]
        parts = [(row[column], potentials[gas]) for column, gas in BY_GAS.items()] + [(row[UNSPECIFIED], "1")]
        total = sum((Fraction(mass) * Fraction(gwp) for mass, gwp in parts), Fraction())
        slack = sum((half_unit(mass, 3) * Fraction(gwp) for mass, gwp in parts), Fraction("0.0005"))
        if abs(total - Fraction(printed[f"{code}-with-margins"])) > slack:
            apart.append(code)
    return apart


def half_unit(text: str, digits: int) -> Fraction:
    """Half a unit of the last of so many significant digits."""
    number = Decimal(text)
    return Fraction(10) ** (number.adjusted() - digits + 1) / 2 if number else Fraction()


def supply_chain_cell(code: str, row: Mapping[str, str], heading: str) -> Cell:
    """The cell of the published file that a reference row was taken from."""
    printed = {"kg/usd_2022": "kg CO2e/2022 USD, purchaser price"}[row["unit"]]
    return epa_supply_chain.supply_chain_cell(
        {
            epa_supply_chain.CODE: code,
            epa_supply_chain.TITLE: row["activity"].removeprefix(f"NAICS {code} "),
            epa_supply_chain.UNIT: printed,
            epa_supply_chain.GAS: epa_supply_chain.ALL_GASES,
            epa_supply_chain.USEEIO: row["detail"].partition("USEEIO ")[2],
            heading: row["value"],
        },
        heading,
    )
