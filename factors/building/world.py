"""Electricity of other countries, where the licence of a row allows handing it on.

Left out, with a line each in ``factors/absences.csv``: rows compiled by others under their copyright (Taiwan, Brazil,
Thailand), government and company figures whose licence is not stated (Japan, Korea, Brazil 2025, Hong Kong), regional and
state figures for India that its authority does not publish, and India's combined margin, a weighted project baseline.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from ghg.catalogue.importers.cells import Row
from ghg.catalogue.importers.crosswalk import SEPARATOR, crosswalk
from ghg.regions import regions

NO_BOUNDS = "none published with the factor"
DERIVED = "none: derived from statistics that are published without bounds"


class Publication(NamedTuple):
    """One edition of one publisher.

    Attributes:
        source: id of its source; the pack has its name.
        publisher: how the crosswalk calls it.
        ids: how its reference ids begin.
        edition: edition year in the reference, where two editions stand side by side; else blank.
        per_detail: whether the crosswalk tells its rows apart by detail rather than by activity.
        note: what a reader of every row should know.
    """

    source: str
    publisher: str
    ids: str
    edition: str
    per_detail: bool
    note: str


LIFE_CYCLE = "life-cycle emissions of the generation mix: never for Scope 2"
PUBLICATIONS = (
    Publication("ember-owid-2024", "Ember", "elec:ember:", "2024", per_detail=False, note=LIFE_CYCLE),
    Publication("ember-owid-2025", "Ember", "elec:ember:", "2025", per_detail=False, note=LIFE_CYCLE),
    Publication("eurostat-grid-2023", "Eurostat", "elec:eurostat2023:", "", per_detail=False,
                note="derived from Eurostat's emissions of public power and its energy balances, not published by Eurostat"),
    Publication("cea-india-21.0", "CEA", "elec:in:grid-india-", "", per_detail=True, note=""),
    Publication("dcceew-nga-2025", "DCCEEW", "elec:au-nga2025:", "", per_detail=False,
                note="its validity is assumed, from the Australian financial year"),
    Publication("ema-singapore-2025", "EMA", "elec:sg-2024", "", per_detail=False,
                note="Singapore's grid emission factor, calculated as an operating margin"),
    Publication("aib-residual-mix-2024", "AIB", "elec:aib2024:", "", per_detail=False,
                note="market-based: what is left after guarantees of origin, not a grid average"),
)  # fmt: skip
LEFT_OUT = {"elec:in:grid-india-combined-margin"}
GASES = {"CH4": "CH4_combustion"}
CODES = {"EL": "GR"}
"""Eurostat's code of Greece in ISO 3166."""
STATES = {
    "AU-NSW/ACT": ("AU-NSW", "AU-ACT"),
}
"""One printed row that holds for two states."""
UNITS = {"kg/GJ": "kg/GJ_gross"}
"""Australian fuel energy is gross."""
NAMES = {
    "grid_average": "grid electricity", "life_cycle": "grid electricity, life cycle", "residual_mix": "residual mix",
    "operating_margin": "grid electricity, operating margin", "build_margin": "grid electricity, build margin",
    "upstream": "grid electricity, upstream and losses",
}  # fmt: skip
PREFIXES = {"build_margin": "build-margin", "operating_margin": "operating-margin", "residual_mix": "residual-mix",
            "upstream": "upstream"}  # fmt: skip
"""How the ids of what is no grid average begin."""
LOSSES = "upstream of generation, and transmission and distribution losses"


def packs(reference: Path) -> dict[str, list[Row]]:
    """One pack an edition."""
    with (reference / "world_electricity.csv").open(encoding="utf-8", newline="") as file:
        read = [row for row in csv.DictReader(file) if row["id"] not in LEFT_OUT]
    codes = _codes(read)
    return {
        f"electricity/{found.source}.csv": [
            made
            for row in read
            if row["id"].startswith(found.ids) and found.edition in ("", row["edition_year"])
            for region in STATES.get(row["region"], (codes.get(row["region"], row["region"]),))
            for made in [_row(row, found, region)]
        ]
        for found in PUBLICATIONS
    }


def _codes(read: list[Row]) -> Mapping[str, str]:
    """Two-letter codes of the three-letter ones of Ember's older edition, by the country's name."""
    by_name = {row["detail"]: row["region"] for row in read if len(row["region"]) == len("AU")}
    by_name |= {region.name: code for code, region in regions().items()}
    by_name |= {
        "Reunion": "RE",
        "Congo": "CG",
        "Cote d'Ivoire": "CI",
        "East Timor": "TL",
        "Turkey": "TR",
        "China": "CN",
    }
    return CODES | {row["region"]: by_name[row["detail"]] for row in read if len(row["region"]) == len("AUS")}


def _row(row: Row, publication: Publication, region: str) -> Row:
    """One figure in the library's columns."""
    label = row["detail"] if publication.per_detail else row["activity"]
    entry = crosswalk("world-electricity")[f"{publication.publisher}{SEPARATOR}{label}"]
    gas = GASES.get(row["gas"], row["gas"])
    country = regions()[region].name.partition(" (")[0]
    is_fuel = entry.activity.startswith("fuel")
    place = region if not is_fuel else entry.activity.removeprefix("fuel.").replace(".", "-").replace("_", "-")
    factor = f"{publication.source}:{'-'.join(filter(None, [PREFIXES.get(entry.basis, ''), place]))}"
    several = publication.source.startswith("eurostat")
    fuel = row["activity"].removeprefix("Fuel: ")
    notes = [publication.note, LOSSES if entry.basis == "upstream" and not is_fuel else ""]
    return {
        "id": f"{factor}:{gas}" if several else factor, "factor": factor, "kind": "emission_factor",
        "activity": entry.activity,
        "name": f"{fuel if is_fuel else NAMES[entry.basis]} ({country})",
        "name_local": regions()[region].name_local, "region": region, "valid_from": row["valid_from"],
        "valid_to": row["valid_to"], "gas": gas, "value": row["value"],
        "unit": UNITS.get(row["unit"], row["unit"]) if is_fuel else row["unit"], "gwp_set": row["gwp_set"],
        "basis": entry.basis, "uncertainty": NO_BOUNDS if not several else DERIVED, "source": publication.source,
        "locator": row["table_or_cell"] or "grid emission factor", "verification": row["verification"],
        "note": "; ".join(filter(None, notes)),
    }  # fmt: skip
