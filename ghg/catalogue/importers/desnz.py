"""The UK government's conversion factors for company reporting: the flat file for automatic processing.

The flat file is one sheet: a few lines of title, a heading, then one line a number. The last part of an ID is the gas,
the rest the factor. Lines by gas are printed as kg CO2e, so the mass of CH4 and N2O is the printed number over the GWP
the publication states, kept as an exact quotient. The printed total ships beside them.

Factors with radiative forcing ship as their total alone: their lines by gas count the forcing and are no masses. A
blank cell is no factor; a printed zero is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from ghg.catalogue.importers.cells import Cell, Edition, Row, Sheet, read_sheets, refuse
from ghg.catalogue.importers.crosswalk import Entry, crosswalk, joined
from ghg.issues import Issue, suggest
from ghg.numbers import DECIMAL, parse
from ghg.regions import regions
from ghg.vocabulary import vocabulary

LEVELS = ("Level 1", "Level 2", "Level 3", "Level 4", "Column Text")
HEADINGS = ("ID", "Scope", *LEVELS, "UOM", "GHG/Unit")
VALUE = "GHG Conversion Factor"
"""How the heading of the numbers starts; the year may follow."""
ID = re.compile(r"\d+(_\d+){3,}")
SHOWN_DIGITS = 15
"""Significant digits a spreadsheet shows; more of them are the tail of a binary number in a copy."""

TOTAL, BY_CO2 = "kg CO2e", "kg CO2e of CO2 per unit"
BY_GAS = {BY_CO2: "CO2", "kg CO2e of CH4 per unit": "CH4_combustion", "kg CO2e of N2O per unit": "N2O"}
DIVISORS = {"CH4_combustion": "28", "N2O": "265"}
"""The GWP the publication multiplied by: AR5, 28 for methane of any origin."""
ENERGY = {"kWh (Net CV)": "kWh_net", "kWh (net)": "kWh"}
"""Energy a vehicle uses: of its fuel, or of the electricity it was charged with."""
UNITS = {
    "tonnes": "kg/tonne", "kg": "kg/kg", "litres": "kg/L", "cubic metres": "kg/m3", "million litres": "g/kL",
    "kWh (Net CV)": "kg/kWh_net", "kWh (Gross CV)": "kg/kWh_gross", "kWh": "kg/kWh", "GJ": "kg/GJ_net", "km": "kg/km",
    "miles": "kg/mile", "passenger.km": "kg/passenger_km", "tonne.km": "kg/tonne_km", "Room per night": "kg/room_night",
    "per FTE Working Hour": "kg/FTE_hour",
}  # fmt: skip
OF_FUEL = ("Bioenergy", "WTT- bioenergy", "Biomass", "Biogas")
"""Tables whose kWh is energy of fuel, printed without net or gross."""
FORECOURT = "Forecourt fuels containing biofuel"
PER = {
    "L": "litre", "m3": "cubic metre", "kL": "thousand litres", "kWh_net": "kWh net", "kWh_gross": "kWh gross",
    "GJ_net": "GJ net", "passenger_km": "passenger-km", "tonne_km": "tonne-km", "room_night": "room and night",
    "FTE_hour": "working hour",
}  # fmt: skip
PHRASES = {
    "upstream": "upstream (well to tank)",
    "upstream_with_radiative_forcing": "upstream (well to tank), with radiative forcing",
    "combustion_with_radiative_forcing": "with radiative forcing",
    "losses": "transmission and distribution losses",
    "upstream_of_losses": "upstream of transmission and distribution losses",
    "outside_of_scopes": "biogenic CO2 outside of scopes",
}
"""What a name says about the basis; nothing where the activity says it."""

FORCING = "_with_radiative_forcing"
HOTEL, REFRIGERANT = "Hotel stay", "Refrigerant & other"
BIOENERGY = ("Bioenergy", "WTT- bioenergy")
SETS = {
    HOTEL: ("AR5", "the publication mixes GWP sets in this table and does not say which row has which"),
    REFRIGERANT: ("AR5", "the publication mixes GWP sets in this table and does not say which row has which"),
    **dict.fromkeys(BIOENERGY, ("AR4", "this table is said to be on an AR4 basis, unlike the rest of the edition")),
}
"""Tables that are not plainly under AR5: the set their rows carry, and why to be careful."""
PLACES = {
    "UK": "GB", "UK (London)": "GB-LND", "China": "CN", "Czech Republic": "CZ", "Hong Kong, China": "HK", "Korea": "KR",
    "Macau, China": "MO", "Russian Federation": "RU", "Taiwan, China": "TW", "Turkey": "TR",
}  # fmt: skip
"""Places of hotel stays that the list of regions calls otherwise."""


def read(path: Path, name: str) -> list[Cell]:
    """The printed numbers of a flat file, CSV or XLSX; blank ones included.

    Raises:
        InputError: the file cannot be read, not one sheet has the headings, or an ID is none.
    """
    found = [(sheet, row) for sheet in read_sheets(path, name) for row in [_heading(sheet)] if row is not None]
    if len(found) != 1:
        message = f"{len(found)} sheets have the headings of a flat file, one is expected."
        hint = f"Give the flat file for automatic processing. Its headings: {', '.join((*HEADINGS, VALUE))}."
        refuse([Issue("import-unknown", message, hint, name)])
    [(sheet, start)] = found
    columns = {text: column for column, text in reversed(list(enumerate(sheet.rows[start])))}
    value = next(text for text in columns if text.startswith(VALUE))
    lines = [
        (line, {text: row[column] if column < len(row) else "" for text, column in columns.items()})
        for line, row in enumerate(sheet.rows[start + 1 :], start + 2)
    ]
    cells = [_cell(row, value, name, line) for line, row in lines if row["ID"]]
    refuse(
        cell.issue(f"{name!r} is not the ID of a flat file.", "", name, "ID")
        for cell in cells for name in [cell.locator.rpartition(" ")[2]] if not ID.fullmatch(name)
    )  # fmt: skip
    refuse(
        Issue("import-unknown", "the line has cells and no ID.", "", name, line, "ID")
        for line, row in lines if not row["ID"] and row[value]
    )  # fmt: skip
    return cells


def _heading(sheet: Sheet) -> int | None:
    """The index of the row of headings, if there is one."""
    for number, row in enumerate(sheet.rows):
        if set(HEADINGS) <= set(row) and any(text.startswith(VALUE) for text in row):
            return number
    return None


def _cell(row: Mapping[str, str], value: str, file: str, line: int) -> Cell:
    """One line of the flat file."""
    group = row["ID"].rpartition("_")[0] or row["ID"]
    labels = tuple(row[level] for level in LEVELS)
    locator = f"flat file ID {row['ID']}"
    return Cell(group, labels, row["UOM"], row["GHG/Unit"], shown(row[value]), locator, file, line, value)


def shown(text: str) -> str:
    """A number as a spreadsheet shows it: 15 significant digits at most; other text as it is.

    >>> shown("0.13388999999999998"), shown("0.175803783893")
    ('0.13389', '0.175803783893')
    """
    digits = re.sub(r"[^0-9]", "", text.lower().partition("e")[0]).lstrip("0")
    return f"{float(text):.{SHOWN_DIGITS}g}" if len(digits) > SHOWN_DIGITS and DECIMAL.fullmatch(text) else text


def rows(cells: Sequence[Cell], edition: Edition) -> list[Row]:
    """The library's rows of a flat file.

    Raises:
        InputError: a label, unit, gas, place or number is not known, or the file is of another year; all are listed.
    """
    problems: list[Issue] = list(_other_year(cells, edition))
    groups: dict[str, list[Cell]] = {}
    wrong: set[str] = set()
    for cell in cells:
        if cell.value and not is_left_out(cell):
            found = list(_problems(cell))
            problems += found
            groups.setdefault(cell.key, []).append(cell)
            wrong |= {cell.key} if found else set()
    for key, group in groups.items():
        problems += _contradictions(group) if key not in wrong else ()
    refuse(problems)
    return [row for group in groups.values() for row in _factor(group, edition)]


def is_left_out(cell: Cell) -> bool:
    """Whether a number is not taken: per kWh of forecourt fuel, net or gross unstated and too few digits to tell."""
    return cell.labels[1] == FORECOURT and cell.unit == "kWh"


def _other_year(cells: Sequence[Cell], edition: Edition) -> Iterator[Issue]:
    """The year in the heading, when it is not the edition's."""
    for cell in cells[:1]:
        year = re.search(r"\d{4}", cell.column)
        if year and edition.valid_from and year[0] != edition.valid_from[:4]:
            message = f"the file is of {year[0]}, the edition {edition.source} of {edition.valid_from[:4]}."
            yield cell.issue(message, "Name the edition of the file.", cell.column)


def _problems(cell: Cell) -> Iterator[Issue]:
    """What is wrong with one number."""
    labels = joined(cell.labels)
    if labels not in crosswalk("desnz"):
        hint = "Is it new, or spelt in a new way?"
        yield cell.issue(f"the label {labels!r} is not in the crosswalk.", hint, labels, ", ".join(LEVELS))
    if cell.unit not in UNITS:
        yield cell.issue(f"the unit {cell.unit!r} is not known.{suggest(cell.unit, UNITS)}", "", cell.unit, "UOM")
    known = (TOTAL, *BY_GAS, *ENERGY)
    if cell.gas not in known:
        message = f"the gas or energy {cell.gas!r} is not known.{suggest(cell.gas, known)}"
        yield cell.issue(message, "", cell.gas, "GHG/Unit")
    if not DECIMAL.fullmatch(cell.value):
        yield cell.issue(f"{cell.value!r} is not a number.", "A blank cell is no factor; other text is refused.")
    if cell.labels[0] == HOTEL and not _places().get(cell.labels[2]):
        yield cell.issue(f"the place {cell.labels[2]!r} is not in the list of regions.", "", cell.labels[2])


def _contradictions(group: Sequence[Cell]) -> Iterator[Issue]:
    """What is wrong with the numbers of one factor taken together."""
    gases = [cell.gas for cell in group]
    for cell in group:
        if gases.count(cell.gas) > 1:
            yield cell.issue(f"the factor {cell.key} has two numbers for {cell.gas!r}.", "", cell.gas)
        if (cell.labels, cell.unit) != (group[0].labels, group[0].unit):
            yield cell.issue(f"the lines of the factor {cell.key} differ in label or unit.", "", joined(cell.labels))
    by_gas = [gas for gas in gases if gas in BY_GAS]
    if TOTAL in gases and by_gas and len(set(by_gas)) != len(BY_GAS):
        yield group[0].issue(f"the factor {group[0].key} prints its total and only {', '.join(by_gas)}.",
                             "A total beside some of its gases cannot be checked.", ", ".join(gases))  # fmt: skip


def _factor(group: Sequence[Cell], edition: Edition) -> Iterator[Row]:
    """The rows of one factor: its gases and the printed total, or the one number it has."""
    entry = crosswalk("desnz")[joined(group[0].labels)]
    totals = [cell for cell in group if cell.gas == TOTAL]
    forced = entry.basis.endswith(FORCING)
    if forced and totals:
        note = "published by gas too: those numbers count radiative forcing, so they are no masses" * (len(group) > 1)
        yield _row(totals[0], entry, edition, "", note)
        return
    for cell in sorted(group, key=lambda cell: cell.gas == TOTAL):
        yield _row(cell, entry, edition, (_gas(cell) or "energy") if len(group) > 1 else "", "")


def _row(cell: Cell, entry: Entry, edition: Edition, suffix: str, note: str) -> Row:
    """One row; ``suffix`` tells it from the other rows of its factor."""
    factor = f"{edition.source}:{cell.key}"
    row, gas, unit = f"{factor}:{suffix}" if suffix else factor, _gas(cell), _unit(cell)
    gwp_set, caution = SETS.get(cell.labels[0], ("AR5", ""))
    is_total = gas == "CO2e"
    kind = "energy_content" if not gas else "co2e_total" if is_total and suffix else "emission_factor"
    place = _places()[cell.labels[2]] if cell.labels[0] == HOTEL else "GB"
    return {
        "id": row, "factor": factor, "kind": kind, "activity": entry.activity, "name": _name(cell, entry, unit, place),
        "region": place, "valid_from": edition.valid_from, "valid_to": edition.valid_to, "gas": gas,
        "value": _value(cell, gas), "unit": unit, "gwp_set": gwp_set if is_total else "", "basis": entry.basis,
        "uncertainty": "none published with the factor", "source": edition.source, "locator": cell.locator,
        "verification": edition.verification_of(row),
        "note": "; ".join(filter(None, (note, entry.note, caution if is_total else "", _unit_note(cell, unit)))),
    }  # fmt: skip


def _gas(cell: Cell) -> str:
    """The gas in the library's codes; blank for energy."""
    if cell.gas == BY_CO2 and cell.labels[0] == "Outside of scopes":
        return "CO2_biogenic"
    return "CO2e" if cell.gas == TOTAL else BY_GAS.get(cell.gas, "")


def _value(cell: Cell, gas: str) -> str:
    """The printed number; the mass of a gas that is printed as CO2e as an exact quotient."""
    return f"{cell.value}/{DIVISORS[gas]}" if gas in DIVISORS and parse(cell.value) else cell.value


def _unit(cell: Cell) -> str:
    """The unit in the library's spelling."""
    numerator, _, denominator = UNITS[cell.unit].partition("/")
    if cell.unit == "kWh" and any(label in OF_FUEL for label in cell.labels[:2]):
        denominator = "kWh_net"
    return f"{ENERGY.get(cell.gas, numerator)}/{denominator}"


def _unit_note(cell: Cell, unit: str) -> str:
    """What the unit of the publication leaves open."""
    if cell.unit == "million litres":
        return "printed as kg per million litres, which is g per thousand litres"
    if unit.endswith("_net") and cell.unit in ("kWh", "GJ"):
        return f"printed per {cell.unit} without net or gross; net, as the factor per mass of the same fuel implies"
    return ""


def _name(cell: Cell, entry: Entry, unit: str, place: str) -> str:
    """A name that reads without its table."""
    per = unit.partition("/")[2]
    what = "energy used" if cell.gas in ENERGY else PHRASES.get(entry.basis, "")
    if "without rf" in cell.labels[4].lower():
        what = ", ".join(filter(None, (what, "without radiative forcing")))
    where = cell.labels[2] if place != "GB" else ""
    return ", ".join(filter(None, (vocabulary()[entry.activity].name, where, what, f"per {PER.get(per, per)}")))


@cache
def _places() -> Mapping[str, str]:
    """Regions by the names of the hotel table."""
    return {region.name: code for code, region in regions().items()} | PLACES
