"""China: electricity of the ministry, other grid factors, and the fuels of standards and guidelines.

Which guideline a fuel parameter comes from is part of its source, because their calorific values differ by up to 4 %.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from ghg.catalogue.importers import mee
from ghg.catalogue.importers.cells import Cell, Edition, Row
from ghg.catalogue.importers.crosswalk import crosswalk
from ghg.regions import regions

NO_BOUNDS = "none published with the factor"
VERIFIED = "verified: two independent sources"
FIRST_CJK = "\u2e80"


def packs(reference: Path) -> dict[str, list[Row]]:
    """Every Chinese pack."""
    return {**_ministry(reference), **_grid(reference), **_fuels(reference)}


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


TITLES = {
    "Table 1": "全国电力平均二氧化碳排放因子", "Table 2": "区域电力平均二氧化碳排放因子",
    "Table 3": "省级电力平均二氧化碳排放因子", "Table 4": "全国电力平均二氧化碳排放因子(不包括市场化交易的非化石能源电量)",
    "Table 5": "全国化石能源电力二氧化碳排放因子",
}  # fmt: skip
"""Titles of the announcements' tables."""


def _ministry(reference: Path) -> dict[str, list[Row]]:
    """The announcements of 2021 to 2023, by the importer that reads the ministry's own tables."""
    read = _read(reference / "cn_mee_electricity_2021_2023.csv")
    made = {}
    for year in ("2021", "2022", "2023"):
        source = f"cn-mee-{year}"
        printed = [row for row in read if row["id"].startswith(f"{source}:")]
        edition = Edition(
            source, f"{year}-01-01", f"{year}-12-31", VERIFIED, {row["id"]: row["verification"] for row in printed}
        )
        made[f"cn-mee/{year}.csv"] = mee.rows([_cell(row, year) for row in printed], edition)
    return made


def _cell(row: Row, year: str) -> Cell:
    """A number of the reference table as the announcement prints it."""
    name = mee.NATION if row["region"] == "CN" else regions()[row["region"]].name_local
    title = f"{year}年{TITLES[row['table_or_cell']]}"
    return Cell(name, (title, name), "kgCO2/kWh", row["gas"], row["value"], row["table_or_cell"], row["id"])


class Publication(NamedTuple):
    """A publication other than the ministry's announcements, and what its rows have in common."""

    pack: str
    source: str
    ids: str
    """How its reference ids begin."""
    basis: str
    locator: str
    note: str


ETS = "only for reporting under the national emissions trading scheme, never for an inventory's Scope 2"
BASELINE = (
    "a project baseline, never for an inventory's Scope 2; that it is of 2019 is recalled, the checked copy is undated"
)
GRID = (
    Publication("cn-grid/ets-2021.csv", "cn-ets-2021", "cn-grid:ets:0.6101", "ets_grid", "whole publication",
                f"{ETS}; the national grid factor of 2015; the start of its validity is recalled"),
    Publication("cn-grid/ets-2022.csv", "cn-ets-2022", "cn-grid:ets:0.5810", "ets_grid", "whole publication",
                f"{ETS}; for emissions of 2021 and 2022; trailing zero restored: the notice prints four decimals"),
    Publication("cn-grid/ets-2023.csv", "cn-ets-2023", "cn-grid:ets:0.5703", "ets_grid", "whole publication",
                f"{ETS}; its validity is recalled; often mislabelled as the national average of 2022, which is 0.5366"),
    Publication("cn-grid/ndrc-2012.csv", "cn-ndrc-grid-2012", "cn-grid:ndrc2012:", "grid_average", "",
                "the publication has six grids and none for the Southwest, so its Central grid need not be that of later years"),
    Publication("cn-grid/baseline-2019.csv", "cn-baseline-2019", "cn-grid:baseline2019:", "", "", BASELINE),
    Publication("cn-grid/heat.csv", "gbt-32151-34-2024", "cn-grid:heat", "combustion", "",
                "default for purchased heat where the supplier states none; also quoted from GB/T 32150-2025"),
)  # fmt: skip
MARGINS = {"OM": "operating_margin", "BM": "build_margin"}
FOUR_DECIMALS = 6
"""Characters of ``0.5810``."""


def _grid(reference: Path) -> dict[str, list[Row]]:
    """Grid factors that are no averages of the ministry, and heat."""
    read = _read(reference / "cn_grid_other.csv")
    return {found.pack: [_grid_row(row, found) for row in read if row["id"].startswith(found.ids)] for found in GRID}


def _grid_row(row: Row, publication: Publication) -> Row:
    """One factor for electricity or heat."""
    margin = MARGINS.get(row["id"].rpartition(":")[2], "")
    basis = margin or publication.basis
    is_heat = publication.source.startswith("gbt")
    place = "" if row["region"] == "CN" else f"{row['region']}-" if margin else row["region"]
    key = "heat" if is_heat else f"{place}{margin.replace('_', '-')}" or "national"
    value = row["value"] if is_heat else row["value"].ljust(FOUR_DECIMALS, "0")
    restored = f"; {mee.RESTORED.replace('announcement', 'table')}" if value != row["value"] and margin else ""
    words = {"ets_grid": "factor of the emissions trading scheme", "grid_average": "average"}
    what = "purchased heat, default" if is_heat else f"grid electricity, {words.get(basis, basis.replace('_', ' '))}"
    return {
        "id": f"{publication.source}:{key}", "factor": f"{publication.source}:{key}", "kind": "emission_factor",
        "activity": "heat_and_steam" if is_heat else "electricity",
        "name": what + (f" ({regions()[row['region']].name})" if place else ""),
        "name_local": "热力" if is_heat else regions()[row["region"]].name_local, "region": row["region"],
        "valid_from": row["valid_from"], "valid_to": row["valid_to"], "gas": row["gas"], "value": value,
        "unit": row["unit"], "basis": basis, "uncertainty": NO_BOUNDS, "source": publication.source,
        "locator": ("Table " if is_heat else "") + row["table_or_cell"] or publication.locator,
        "verification": row["verification"], "note": publication.note + restored,
    }  # fmt: skip


class Parameter(NamedTuple):
    """A kind of fuel number: what the library calls it, its basis, and how ids and names say it."""

    kind: str
    basis: str
    key: str


PARAMETERS = {
    "NCV": Parameter("net_calorific_value", "net", "ncv"),
    "STANDARD_COAL": Parameter("standard_coal", "standard_coal", "standard-coal"),
    "CARBON_CONTENT": Parameter("carbon_content", "net", "carbon-content"),
    "OXIDATION_FACTOR": Parameter("oxidation_factor", "", "oxidation"),
    "DENSITY": Parameter("density", "", "density"),
    "CO2": Parameter("emission_factor", "combustion", "combustion"),
}
FUELS = (
    ("gbt-2589/2008.csv", "gbt-2589-2008", ("cn-fuel:gbt2589-2008:",), "Annex A"),
    ("gbt-2589/2020.csv", "gbt-2589-2020", ("cn-fuel:gbt2589:", "cn-fuel:gbt2589-2020:", "cn-fuel:sce"), ""),
    (
        "cn-fuels/provincial-2025.csv",
        "cn-provincial-guidelines-2025",
        ("cn-fuel:prov2025:",),
        "default tables of fuels",
    ),
    ("cn-fuels/enterprise-2022.csv", "cn-enterprise-guidelines-2022", ("cn-fuel:ent:",), "default tables of fuels"),
    ("cn-fuels/gb-17930-2016.csv", "gb-17930-2016", ("cn-fuel:density:gasoline",), "requirements, density"),
    ("cn-fuels/gb-19147-2016.csv", "gb-19147-2016", ("cn-fuel:density:diesel",), "requirements, density"),
    ("cn-fuels/gb-253-2008.csv", "gb-253-2008", ("cn-fuel:density:kerosene",), "requirements, density"),
)
"""Pack, source, how its reference ids begin, and the place where the reference copy names none."""
SUPERSEDED = {"cn-fuel:gbt2589:sce:natural gas (lower of range)"}
"""The lower end of a range stands in the note of its upper end: two rows would be one parameter twice."""
CARBON_TO_CO2 = ("44", "12000")
"""44/12 kg CO2 per kg of carbon; a thousandth because calorific values are in MJ and carbon contents per GJ."""
DERIVED = "derived, not printed: net calorific value × carbon content × oxidation factor of this publication × 44/12"
NOTES = {
    "cn-fuel:sce": "the definition of standard coal; checked in a text of the 2008 edition",
    "cn-fuel:gbt2589-2008:ncv:diesel": "often quoted as the 2020 edition's; 10,200 kcal of 4.1816 kJ",
    "cn-fuel:gbt2589-2008:ncv:gasoline": "often quoted as the 2020 edition's; 10,300 kcal of 4.1816 kJ",
    "cn-fuel:gbt2589:sce:natural gas": "upper end of the printed range 1.1000–1.3300; trailing zeros restored from it",
}
ENDED = re.compile(r" \((upper|lower)\)$")
ENDS = {"(upper)": "upper end of the printed range", "(lower)": "lower end of the printed range"}
DENSITY = (
    "the upper limit the standard allows, not a typical density: it overstates mass; its lower limit was not checked"
)
NORMAL = "the guideline prints the calorific value per 10,000 normal cubic metres"


def _fuels(reference: Path) -> dict[str, list[Row]]:
    """Parameters and derived factors of fuels, by guideline and edition; recalled rows stay out."""
    read = {row["id"]: row for row in _read(reference / "cn_fuels.csv") if row["verification"].startswith("verified")}
    made: dict[str, list[Row]] = {}
    for pack, source, starts, place in FUELS:
        printed = [row for key, row in read.items() if key.startswith(starts) and key not in SUPERSEDED]
        made[pack] = [_fuel_row(row, source, place, read) for row in printed]
    return made


def _fuel_row(row: Row, source: str, place: str, read: dict[str, Row]) -> Row:
    """One number of a fuel."""
    parameter, label = PARAMETERS[row["gas"]], _local(row)
    is_factor = parameter.kind == "emission_factor"
    activity = crosswalk("china-fuels")[label].activity
    word = "water" if activity.startswith("water") else activity.rpartition(".")[2].replace("_", "-")
    key = f"{source}:{parameter.key}-{word}"
    notes = [NOTES.get(row["id"], ""), *(text for end, text in ENDS.items() if end in row["id"])]
    notes += [DENSITY] if row["gas"] == "DENSITY" else []
    notes += [NORMAL] if "10^4 Nm3" in row["detail"] and row["gas"] in ("NCV", "CO2") else []
    notes += [DERIVED] if is_factor else []
    return {
        "id": key, "factor": key, "kind": parameter.kind, "activity": activity, "name": ENDED.sub("", row["activity"]),
        "name_local": label, "region": "CN", "gas": "CO2" if is_factor else "",
        "value": _derived(row, read) if is_factor else "1.3300" if "1.3300" in row["detail"] else row["value"],
        "unit": _unit(row), "basis": parameter.basis,
        "uncertainty": "none: derived from defaults that are published without bounds" if is_factor else NO_BOUNDS,
        "source": source, "locator": row["table_or_cell"] if row["table_or_cell"] and not is_factor else place,
        "verification": row["verification"], "note": "; ".join(filter(None, notes)),
    }  # fmt: skip


def _local(row: Row) -> str:
    """The Chinese name of a fuel, as its publication prints it."""
    found = row["detail"].split(" ")[0].split(";")[0]
    return found if found >= FIRST_CJK else "标准煤"


def _unit(row: Row) -> str:
    """The unit in accepted spellings; energy of fuel is net, heat is not fuel."""
    numerator, _, denominator = row["unit"].replace("m**3", "m3").replace("dimensionless", "1/1").partition("/")
    net = row["gas"] in ("NCV", "CARBON_CONTENT")
    return "/".join(f"{part}_net" if net and part.endswith("J") else part for part in (numerator, denominator))


def _derived(row: Row, read: dict[str, Row]) -> str:
    """The exact product of a fuel's parameters as a quotient."""
    parts: Iterable[str] = (read[row["id"].replace(":co2:", f":{part}:")]["value"] for part in ("ncv", "cc", "ox"))
    product = Decimal(CARBON_TO_CO2[0])
    for part in parts:
        product *= Decimal(part)
    return f"{product.normalize():f}/{CARBON_TO_CO2[1]}"
