"""The defaults of the 2006 IPCC Guidelines, Volume 2, that an inventory needs.

The crosswalk is also the choice: the terms of the IPCC's factor database forbid handing it on as a whole, so only what
``factors/crosswalk/ipcc-2006.csv`` names is carried over, cited to the Guidelines' own tables.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from ghg.catalogue.importers.cells import Row
from ghg.catalogue.importers.crosswalk import SEPARATOR, crosswalk

SOURCE = "ipcc-2006-v2"
PREFIX = "ipcc-2006"
TITLES = {
    "Table 1.2": "Net calorific value", "Table 1.3": "Carbon content", "Table 2.2": "Energy industries",
    "Table 2.3": "Manufacturing industries and construction", "Table 2.4": "Commercial/institutional",
    "Table 2.5": "Residential, agriculture/forestry/fishing", "Table 3.2.2": "Road transport", "Table 3.3.1": "Off-road",
    "Table 3.4.1": "Railways", "Table 3.5.3": "Navigation", "Table 3.6.5": "Aviation",
}  # fmt: skip
PARAMETERS = {
    "Table 1.2": ("net_calorific_value", "ncv", "TJ_net/Gg"),
    "Table 1.3": ("carbon_content", "carbon-content", "kg/GJ_net"),
}
GASES = {"CO2": "CO2", "CH4": "CH4_combustion", "N2O": "N2O"}
BIOMASS = {
    "fuel.wood", "fuel.charcoal", "fuel.bioethanol", "fuel.biodiesel", "fuel.landfill_gas", "fuel.biogas",
}  # fmt: skip
"""Fuels whose CO2 is biogenic."""
NAMES = {
    "Diesel Oil": "gas/diesel oil", "Liquefied Petroleum Gases": "liquefied petroleum gases",
    "Coke Oven Coke and Lignite Coke": "coke oven coke and lignite coke", "Wood/Wood Waste": "wood/wood waste",
}  # fmt: skip
IDS = {"fuel.gasoline.road": "gasoline-road-1995"}
"""Ids that are not made from the word: an id never changes."""
BOUNDS = "95 % bounds"
NO_BOUNDS = "none shipped: the published 95 % bounds were not found in a checked copy"
DERIVED_BOUNDS = "95 % bounds, from the carbon-content bounds of Table 1.3 times 44/12 (three figures)"
RESTORED = "trailing zero restored: {} prints one decimal"
MOBILE_CO2 = "CO2 from Table 1.4: the fuel has the same carbon content whatever burns it"
NOTES = {
    "Low Mileage Light Duty Vehicle Vintage 1995 or later": "technology class chosen by the user of the row: low mileage "
    "light duty vehicle, vintage 1995 or later",
    "Uncontrolled": "technology class chosen by the user of the row: uncontrolled",
    "Oxidaton Catalyst": "technology class chosen by the user of the row: oxidation catalyst; the checked copy spells it "
    "'Oxidaton Catalyst'",
    "On-going Ships": "for ocean-going ships; the checked copy labels the class 'On-going Ships'",
}
CLASSES = {
    "Low Mileage Light Duty Vehicle Vintage 1995 or later": "", "Oxidaton Catalyst": "oxidation catalyst",
    "On-going Ships": "ocean-going ships",
}  # fmt: skip
"""How names spell classes; blank where the name leaves the class to the note."""


def packs(reference: Path) -> dict[str, list[Row]]:
    """The pack of Volume 2, in the order of the crosswalk."""
    with (reference / "ipcc_2006_energy.csv").open(encoding="utf-8", newline="") as file:
        read = [row for row in csv.DictReader(file) if row["gas"] in (*GASES, "NCV", "CARBON_CONTENT")]
    found: dict[str, list[Row]] = {}
    for row in read:
        found.setdefault(_labels(row), []).append(row)
    carbon = {row["activity"]: row for row in read if row["table_or_cell"] == "Tables 1.4 and 2.4"}
    made = []
    for labels, entry in crosswalk(PREFIX).items():
        printed = found[labels]
        if printed[0]["table_or_cell"].startswith("Table 3"):
            printed = [carbon[printed[0]["activity"]] | {"note": MOBILE_CO2}, *printed]
        made += [_row(row, labels, entry.activity, entry.basis) for row in printed]
    return {"ipcc-2006/volume-2.csv": made}


def _labels(row: Row) -> str:
    """The label path of a reference row: table, fuel and class."""
    table = row["table_or_cell"].replace("Tables 1.4 and ", "Table ")
    classes = [] if table < "Table 3" or table == "Table 3.6.5" else list(_classes(row["detail"]))
    return SEPARATOR.join([TITLES.get(table, table), row["activity"], *classes])


def _classes(detail: str) -> Iterator[str]:
    """The classes of a mobile source; the reference copy puts a sector that does not belong before those of the road."""
    for part in re.split(r" \| |, {2,}", detail.removeprefix("Energy industries")):
        text = part.strip(" |").removeprefix("Off-Road Source: ").removeprefix("Engine type: Motor gasoline, ")
        if text:
            yield text


def _row(row: Row, labels: str, activity: str, basis: str) -> Row:
    """One reference row in the library's columns."""
    table = row["table_or_cell"]
    kind, prefix, unit = PARAMETERS.get(table, ("emission_factor", "", "kg/TJ_net"))
    word = activity.removeprefix("fuel.").replace(".", "-").replace("_", "-")
    factor = f"{PREFIX}:{IDS.get(activity) or (f'{prefix}-{word}' if prefix else word)}"
    gas = "" if prefix else GASES[row["gas"]]
    if gas == "CO2" and ".".join(activity.split(".")[:2]) in BIOMASS:
        gas = "CO2_biogenic"
    value = row["value"] if "." in row["value"] or not prefix else f"{row['value']}.0"
    note = row.get("note", "") or NOTES.get(labels.rpartition(SEPARATOR)[2], "")
    bounds = DERIVED_BOUNDS if "bounds derived" in row["detail"] else BOUNDS if row["lower"] else NO_BOUNDS
    return {
        "id": f"{factor}:{gas}" if gas else factor, "factor": factor, "kind": kind, "activity": activity,
        "name": _name(labels, prefix), "region": "WORLD", "gas": gas, "value": value, "unit": unit, "basis": basis,
        "lower": row["lower"], "upper": row["upper"], "uncertainty": bounds, "source": SOURCE,
        "locator": f"{table}, EFDB id {row['id'].partition('efdb')[2]}", "verification": row["verification"],
        "note": RESTORED.format(table) if value != row["value"] else note,
    }  # fmt: skip


def _name(labels: str, prefix: str) -> str:
    """The name of a factor in words."""
    title, fuel, *classes = labels.split(SEPARATOR)
    name = NAMES.get(fuel, fuel.lower())
    if prefix:
        return name
    sector = title[0].lower() + title[1:]
    if title in [text for table, text in TITLES.items() if table.startswith("Table 2")]:
        return f"{name}, stationary combustion, {sector}"
    return ", ".join([name, sector, *(CLASSES.get(text, text.lower()) for text in classes if CLASSES.get(text, text))])
