"""Write the factor packs of this folder from the project's reference tables.

Run it as ``python factors/build.py REFERENCE_FOLDER``. Every row keeps the printed digits, unit and locator of its
publication; a row whose reference copy is marked ``unverified-recalled`` stops the build. The tables written by hand
(``sources.yaml``, ``units.csv``, ``gases.csv``, ``regions.csv``, ``accounts.csv``, ``figures.csv``) are not touched.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import NamedTuple

COLUMNS = (
    "id", "factor", "kind", "activity", "name", "name_local", "region", "valid_from", "valid_to", "gas", "value", "unit",
    "gwp_set", "basis", "lower", "upper", "uncertainty", "source", "locator", "verification", "derived_from", "note",
)  # fmt: skip
HERE = Path(__file__).parent
NO_BOUNDS = "none published with the factor"
NO_VERIFIED_BOUNDS = "none shipped: the published 95 % bounds were not found in a checked copy"
FIRST_CJK = "\u2e80"
Row = dict[str, str]


class Pick(NamedTuple):
    """One reference row to carry over, and what the library calls it."""

    reference: str
    factor: str
    kind: str
    activity: str
    name: str
    basis: str
    unit: str = ""
    gas: str = ""
    value: str = ""
    note: str = ""


def main(folder: str) -> None:
    """Build every pack from the reference tables in ``folder``."""
    reference = {row["id"]: row for path in sorted(Path(folder).glob("*.csv")) for row in read(path)}
    for year, source in (("2021", "cn-mee-2021"), ("2022", "cn-mee-2022"), ("2023", "cn-mee-2023")):
        write(
            f"cn-mee/{year}.csv", [mee(row, source) for key, row in reference.items() if key.startswith(source + ":")]
        )
    for name, source, picks in PACKS:
        write(name, [carry(reference[pick.reference], pick, source) for pick in picks])
    write_gwp([row for key, row in reference.items() if key.startswith("gwp:")])


def read(path: Path) -> list[Row]:
    """Rows of one reference table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def mee(row: Row, source: str) -> Row:
    """One electricity factor of the Ministry of Ecology and Environment."""
    key = row["id"].split(":", 1)[1]
    activity = {
        "national-ex-market-nonfossil": "electricity_excluding_market_traded_non_fossil",
        "national-fossil": "electricity_fossil",
    }.get(key, "electricity")
    english, local = names(row["detail"])
    # The announcements print four decimals throughout; the reference copy dropped trailing zeros.
    digits = row["value"].ljust(6, "0")
    return finish(row, source) | {
        "id": row["id"], "factor": row["id"], "kind": "emission_factor", "activity": activity,
        "name": f"grid electricity, {english}", "name_local": local, "value": digits, "unit": "kg/kWh",
        "basis": activity.replace("electricity", "grid", 1) if activity != "electricity" else "grid_average",
        "uncertainty": NO_BOUNDS,
        "note": "trailing zero restored: the announcement prints four decimals" if digits != row["value"] else "",
    }  # fmt: skip


def names(detail: str) -> tuple[str, str]:
    """The English and the Chinese part of a reference description."""
    local = "".join(c for c in detail if c >= FIRST_CJK)
    return " ".join("".join(c for c in detail if c < FIRST_CJK).split()), local


def carry(row: Row, pick: Pick, source: str) -> Row:
    """One picked row in the library's columns."""
    gas = pick.gas or row["gas"]
    single = pick.kind != "emission_factor" or gas == "CO2e"
    bounds = "95 % bounds" if row["lower"] else NO_VERIFIED_BOUNDS if source.startswith("ipcc") else NO_BOUNDS
    if "bounds derived" in row["detail"]:
        bounds = "95 % bounds, from the carbon-content bounds of Table 1.3 times 44/12 (three figures)"
    return finish(row, source) | {
        "id": pick.factor if single else f"{pick.factor}:{gas}", "factor": pick.factor, "kind": pick.kind,
        "activity": pick.activity, "name": pick.name, "name_local": names(row["detail"])[1],
        "gas": gas if pick.kind == "emission_factor" else "", "value": pick.value or row["value"],
        "unit": pick.unit or row["unit"], "basis": pick.basis, "uncertainty": bounds, "note": pick.note,
    }  # fmt: skip


def finish(row: Row, source: str) -> Row:
    """The columns every pack takes over unchanged."""
    if row["verification"].startswith("unverified"):
        raise SystemExit(f"{row['id']}: {row['verification']} never ships")
    return {
        "region": {"World": "WORLD"}.get(row["region"], row["region"]), "valid_from": row["valid_from"],
        "valid_to": row["valid_to"], "gas": row["gas"], "gwp_set": row["gwp_set"], "lower": row["lower"],
        "upper": row["upper"], "source": source, "locator": locator(row), "verification": row["verification"],
        "derived_from": "",
    }  # fmt: skip


def locator(row: Row) -> str:
    """Where the figure stands in its publication."""
    key = row["id"].split(":")[-1]
    return f"{row['table_or_cell']}, EFDB id {key[4:]}" if key.startswith("efdb") else row["table_or_cell"]


def write(name: str, rows: list[Row]) -> None:
    """One pack, in the order of the publication."""
    path = HERE / name
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_gwp(rows: list[Row]) -> None:
    """The GWP sets: one row a set and gas, methane split by origin where the report splits it."""
    sets = {"AR4": "ipcc-ar4-wg1", "AR5": "ipcc-ar5-wg1", "AR6": "ipcc-ar6-wg1"}
    gases = {row["gas"] for row in read(HERE / "gases.csv")}
    out = []
    for row in rows:
        gas = row["id"].split(":")[2]
        if row["gwp_set"] not in sets or gas not in gases or (row["gwp_set"], gas) in WITHHELD:
            continue
        value = {"27": "27.0"}.get(row["value"], row["value"])  # Table 7.15 prints 27.0
        out.append(gwp(row["gwp_set"], gas, value, sets, row["table_or_cell"], row["verification"], ""))
    published = {(row["gwp_set"], row["gas"]): row for row in out}
    for set_, gas, of, note in DERIVED_GWP:
        row = published[set_, of]
        out.append(gwp(set_, gas, row["value"], sets, row["locator"], row["verification"], note))
    with (HERE / "gwp.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(out[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(out, key=lambda row: (row["gwp_set"], row["gas"])))


def gwp(set_: str, gas: str, value: str, sets: dict[str, str], locator: str, verification: str, note: str) -> Row:
    """One row of ``gwp.csv``."""
    return {
        "gwp_set": set_, "gas": gas, "value": value, "source": sets[set_], "locator": locator or "Table 7.SM.7",
        "verification": verification, "note": note,
    }  # fmt: skip


# AR6 SF6: two copies of Table 7.SM.7 disagree (25,200 and 24,300), so neither ships until the table itself is seen.
# AR6 CH4 unsplit (27.9) is a working value of the report; an inventory states the origin of its methane instead.
WITHHELD = {("AR6", "SF6"), ("AR6", "CH4")}
COMBUSTION = "the CO2 factor counts all carbon of the fuel, so the value without oxidation CO2 applies"
DERIVED_GWP = (
    ("AR4", "CH4_fossil", "CH4", "AR4 makes no distinction by origin"),
    ("AR4", "CH4_nonfossil", "CH4", "AR4 makes no distinction by origin"),
    ("AR4", "CH4_combustion", "CH4", "AR4 makes no distinction by origin"),
    ("AR5", "CH4_nonfossil", "CH4", "the table's value without oxidation CO2"),
    ("AR5", "CH4_combustion", "CH4", COMBUSTION),
    ("AR6", "CH4_combustion", "CH4_nonfossil", COMBUSTION),
)


ROAD_CO2 = "from Table 1.4: road fuel has the same carbon content"


def ipcc(ids: tuple[str, str, str], factor: str, activity: str, name: str, note: str) -> list[Pick]:
    """CO2, CH4 and N2O of one fuel and use."""
    gases = ("CO2", "CH4_combustion", "N2O")
    road = [note if (gas == "CO2") == (note == ROAD_CO2) else "" for gas in gases]
    return [
        Pick(f"ipcc2006:efdb{key}", factor, "emission_factor", activity, name, "combustion", "kg/TJ_net", gas, "", said)
        for key, gas, said in zip(ids, gases, road, strict=True)
    ]


VINTAGE = "technology class chosen by the user of the row: low mileage light duty vehicle, vintage 1995 or later"
IPCC = [
    *ipcc(("117938", "117992", "118046"), "ipcc-2006:diesel-stationary-commercial", "diesel_stationary",
          "gas/diesel oil, stationary combustion, commercial/institutional", ""),
    *ipcc(("117931", "117985", "118039"), "ipcc-2006:gasoline-stationary-commercial", "gasoline_stationary",
          "motor gasoline, stationary combustion, commercial/institutional", ""),
    *ipcc(("117938", "118596", "118605"), "ipcc-2006:diesel-road", "diesel_mobile",
          "gas/diesel oil, road transport", ROAD_CO2),
    *ipcc(("117931", "118594", "118603"), "ipcc-2006:gasoline-road-1995", "gasoline_mobile",
          "motor gasoline, road transport", VINTAGE),
    Pick("ipcc2006:efdb117453", "ipcc-2006:ncv-diesel", "net_calorific_value", "diesel", "gas/diesel oil", "net",
         "TJ_net/Gg", "", "43.0", "trailing zero restored: Table 1.2 prints one decimal"),
    Pick("ipcc2006:efdb117446", "ipcc-2006:ncv-gasoline", "net_calorific_value", "gasoline", "motor gasoline", "net",
         "TJ_net/Gg"),
]  # fmt: skip
GBT2008 = [
    Pick("cn-fuel:gbt2589-2008:ncv:diesel", "gbt-2589-2008:ncv-diesel", "net_calorific_value", "diesel", "diesel", "net",
         "kJ_net/kg"),
    Pick("cn-fuel:gbt2589-2008:ncv:gasoline", "gbt-2589-2008:ncv-gasoline", "net_calorific_value", "gasoline", "gasoline",
         "net", "kJ_net/kg"),
]  # fmt: skip
GBT2020 = [
    Pick(f"cn-fuel:gbt2589:sce:{fuel}", f"gbt-2589-2020:standard-coal-{name}", "standard_coal", name, fuel, "standard coal",
         unit)
    for fuel, name, unit in (("diesel", "diesel", "kg/kg"), ("gasoline", "gasoline", "kg/kg"),
                             ("electricity (calorific value)", "electricity", "kg/kWh"))
]  # fmt: skip
UK_AIR = "international flight to/from non-UK, average passenger, with radiative forcing"


def desnz(year: str) -> list[Pick]:
    """The two UK activities the shipped scenario needs."""
    return [
        Pick(f"desnz{year}:21_316_3178_11_1", f"desnz-{year}:air-international-average-rf", "emission_factor",
             "air_travel", UK_AIR, "combustion_with_radiative_forcing", "kg/passenger_km"),
        Pick(f"desnz{year}:25_301_3074_4_1", f"desnz-{year}:car-average-unknown-fuel", "emission_factor",
             "car_travel", "average car, unknown fuel", "combustion", "kg/km"),
    ]  # fmt: skip


EPA = [
    Pick(f"epasc1.3.0:{code}:wm", f"epa-supply-chain-1.3:{code}-with-margins", "emission_factor", activity, name,
         "supply_chain_with_margins_purchaser_price", "kg/USD_2022")
    for code, activity, name in (
        ("518210", "spend_naics_518210", "NAICS 518210 Data Processing, Hosting, and Related Services"),
        ("334111", "spend_naics_334111", "NAICS 334111 Electronic Computer Manufacturing"))
]  # fmt: skip
PACKS = (
    ("ipcc-2006/volume-2.csv", "ipcc-2006-v2", IPCC),
    ("gbt-2589/2008.csv", "gbt-2589-2008", GBT2008),
    ("gbt-2589/2020.csv", "gbt-2589-2020", GBT2020),
    ("desnz/2023.csv", "desnz-2023", desnz("2023")),
    ("desnz/2024.csv", "desnz-2024", desnz("2024")),
    ("epa-supply-chain/1.3.csv", "epa-supply-chain-1.3", EPA),
)

if __name__ == "__main__":
    main(sys.argv[1])
