"""GWP sets and the composition of refrigerant blends.

A set is one report's 100-year column. Two values of AR6 are withheld: copies of the table disagree about SF6 (25,200 and
24,300), and methane of unstated origin has no value that fits both origins. Methane by origin and of combustion is
derived where the report says how.

The reference tables print a blend's composition beside its derived GWP. Only the composition ships; the GWP follows from
it. Blends that two copies of the designations state differently are left out.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

from ghg.catalogue.importers.cells import Row
from ghg.gases import gases
from ghg.numbers import decimal_text

SETS = {
    "SAR": ("ipcc-sar-wg1", "table of GWPs, 100 years; its number is not recorded with the compared copy"),
    "AR4": ("ipcc-ar4-wg1", "Table 2.14"),
    "AR5": ("ipcc-ar5-wg1", "Table 8.A.1"),
    "AR5-CCF": ("ipcc-ar5-wg1", "Table 8.SM.16"),
    "AR6": ("ipcc-ar6-wg1", "Table 7.SM.7"),
}
"""Source and table of each set, the oldest first."""
WITHHELD = {("AR6", "SF6"), ("AR6", "SF6_published"), ("AR6", "CH4")}
RESTORED = {("AR6", "CH4_nonfossil"): ("27", "27.0")}
"""A trailing zero that the reference copy dropped; Table 7.15 prints it."""
ONE_COPY = "verified: one source"
TWO_COPIES = "verified: two independent sources"
COMBUSTION = "the CO2 factor counts all carbon of the fuel, so the value without oxidation CO2 applies"
DERIVED = (
    *((name, gas, "CH4", f"{name} makes no distinction by origin")
      for name in ("SAR", "AR4") for gas in ("CH4_fossil", "CH4_nonfossil", "CH4_combustion")),
    ("AR5", "CH4_nonfossil", "CH4", "the table's value without oxidation CO2"),
    ("AR5", "CH4_combustion", "CH4", COMBUSTION),
    ("AR5-CCF", "CH4_nonfossil", "CH4", "the table's value without oxidation CO2"),
    ("AR5-CCF", "CH4_combustion", "CH4", COMBUSTION),
    ("AR6", "CH4_combustion", "CH4_nonfossil", COMBUSTION),
)  # fmt: skip
"""Set, gas, the gas whose value it takes, and why."""
FEEDBACK = "with climate-carbon feedback"
CHAPTER_DATA = {
    "HCFC31": "79.4", "HCFO1233zdE": "3.88", "HFO1132a": "0.052", "HFO1234yf": "0.501", "HFO1234zeE": "1.37",
    "HFO1336mzzE": "17.9", "HFO1336mzzZ": "2.08", "HC170": "0.437", "HC290": "0.02", "HC600": "0.006",
}  # fmt: skip
"""AR6 values of parts of blends that the reference tables leave out."""
CHAPTER_NOTE = "from the table as the chapter's authors published it (github.com/chrisroadmap/ar6)"

PARTS = {
    "C2H6": "HC170", "C3H8": "HC290", "HO1270": "HC1270", "HFO1234ze": "HFO1234zeE",
}  # fmt: skip
"""Codes of the reference tables that are not ours."""
ASHRAE = ("ashrae-34-2019", "designations of refrigerant blends, page 9 and following")
DESIGNATIONS = ("ashrae-designations", "list of refrigerant blends")
CONTRADICTED = {"R-400", "R-405A", "R-500"}
"""The reference copy has no fixed split (R-400), or HFC-152 where other copies have HFC-152a."""
SINGLE = {"R-513B", "R-515A", "R-516A"}
"""Compositions that no second copy was found for."""
HYDROCARBONS = """\
R-432A HC1270 80 HCE170 20
R-433A HC1270 30 HC290 70
R-433B HC1270 5 HC290 95
R-433C HC1270 25 HC290 75
R-436A HC290 56 HC600a 44
R-436B HC290 52 HC600a 48
R-436C HC290 95 HC600a 5
R-441A HC170 3.1 HC290 54.8 HC600a 6 HC600 36.1
R-443A HC1270 55 HC290 40 HC600a 5
"""
"""Blends without a gas of either treaty, which the reference tables leave out; two copies agree."""
RECENT = """\
R-427C HFC32 25 HFC125 25 HFC143a 10 HFC134a 40
R-448B HFC32 21 HFC125 21 HFO1234yf 20 HFC134a 31 HFO1234zeE 7
R-457B HFC32 35 HFO1234yf 55 HFC152a 10
R-457C HFC32 7.5 HFO1234yf 78 HFC152a 14.5
R-466A HFC32 49 HFC125 11.5 CF3I 39.5
R-467A HFC32 22 HFC125 5 HFC134a 72.4 HC600a 0.6
R-468A HFO1132a 3.5 HFC32 21.5 HFO1234yf 75
R-468B HFO1132a 6 HFC32 13 HFO1234yf 81
R-468C HFO1132a 6 HFC32 42 HFO1234yf 52
R-469A CO2 35 HFC32 32.5 HFC125 32.5
R-470A CO2 10 HFC32 17 HFC125 19 HFC134a 7 HFO1234zeE 44 HFC227ea 3
R-470B CO2 10 HFC32 11.5 HFC125 11.5 HFC134a 3 HFO1234zeE 57 HFC227ea 7
R-471A HFO1234zeE 78.7 HFC227ea 4.3 HFO1336mzzE 17
R-472A CO2 69 HFC32 12 HFC134a 19
R-472B CO2 58 HFC32 10 HFC134a 32
R-473A HFO1132a 20 HFC23 10 CO2 60 HFC125 10
R-474A HFO1132E 23 HFO1234yf 77
R-475A HFO1234yf 45 HFC134a 43 HFO1234zeE 12
R-476A HFC134a 10 HFO1234zeE 78 HFO1336mzzE 12
"""
"""Blends designated since the edition the reference tables rest on; one copy."""


def tables(reference: Path) -> dict[str, list[Row]]:
    """The GWP sets and the blends, by file.

    Raises:
        SystemExit: a gas is not in the list of gases, or the shares of a blend do not sum to one.
    """
    with (reference / "gwp_100.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    is_blend = [":blend:" in row["id"] for row in rows]
    found = {
        "gwp.csv": _values(row for row, blend in zip(rows, is_blend, strict=True) if not blend),
        "blends.csv": _blends(row for row, blend in zip(rows, is_blend, strict=True) if blend),
    }
    unknown = {row["gas"] for table in found.values() for row in table} - set(gases())
    if unknown:
        raise SystemExit(f"gwp_100.csv: gases.csv does not list {', '.join(sorted(unknown))}")
    return found


def _values(rows: Iterable[Row]) -> list[Row]:
    """The GWP sets: one row a set and gas, methane split by origin where the report splits it."""
    found: dict[tuple[str, str], Row] = {}

    def add(name: str, gas: str, value: str, locator: str, verification: str, note: str) -> None:
        found[name, gas] = {
            "gwp_set": name, "gas": gas, "value": value, "source": SETS[name][0], "locator": locator,
            "verification": verification, "note": note,
        }  # fmt: skip

    for name in SETS:
        add(name, "CO2", "1", "by definition", TWO_COPIES, "")
    for row in rows:
        key = row["gwp_set"], row["id"].split(":")[2]
        if key not in WITHHELD:
            dropped, value = RESTORED.get(key, ("", ""))
            printed = value if row["value"] == dropped else row["value"]
            note = FEEDBACK if key[0] == "AR5-CCF" else ""
            add(*key, printed, row["table_or_cell"] or SETS[key[0]][1], row["verification"], note)
    for gas, value in CHAPTER_DATA.items():
        add("AR6", gas, value, SETS["AR6"][1], ONE_COPY, CHAPTER_NOTE)
    for name, gas, of, note in DERIVED:
        like = found[name, of]
        add(name, gas, like["value"], like["locator"], like["verification"], note)
    order = list(SETS)
    return [found[key] for key in sorted(found, key=lambda key: (order.index(key[0]), key[1]))]


def _blends(rows: Iterable[Row]) -> list[Row]:
    """The composition of every blend, in the order of the designations."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        name = row["activity"]
        if name not in CONTRADICTED:
            parts = (part.split() for part in row["detail"].partition(" | ")[0].split("; "))
            composition = {PARTS.get(gas, gas): share for gas, share in parts}
            found[name] = _components(name, composition, *ASHRAE, ONE_COPY if name in SINGLE else TWO_COPIES)
    listed = ((line, ASHRAE, TWO_COPIES) for line in HYDROCARBONS.splitlines())
    recent = ((line, DESIGNATIONS, ONE_COPY) for line in RECENT.splitlines())
    for line, (source, locator), verification in (*listed, *recent):
        name, *words = line.split()
        composition = dict(zip(words[::2], words[1::2], strict=True))
        found[name] = _components(name, composition, source, locator, verification)
    return [row for name in sorted(found) for row in found[name]]


def _components(blend: str, percent: dict[str, str], source: str, locator: str, verification: str) -> list[Row]:
    """The rows of one blend from shares in per cent of mass.

    Raises:
        SystemExit: the shares do not sum to one.
    """
    shares = {gas: Fraction(share) / 100 for gas, share in percent.items()}
    if sum(shares.values()) != 1:
        raise SystemExit(f"{blend}: the shares do not sum to one")
    unknown = set(shares) - set(gases())
    if unknown:
        raise SystemExit(f"{blend}: gases.csv does not list {', '.join(sorted(unknown))}")
    spelled = "/".join(re.sub(r"^R-", "", _designation(gas)) for gas in shares)
    numbers = "/".join(decimal_text(share * 100) for share in shares.values())
    return [
        {
            "blend": blend, "name": f"R-{spelled} ({numbers})", "gas": gas, "share": decimal_text(share),
            "source": source, "locator": locator, "verification": verification, "note": "",
        }
        for gas, share in shares.items()
    ]  # fmt: skip


def _designation(gas: str) -> str:
    """The R-number of a gas."""
    return next(name for name in gases()[gas].also.split(";") if name.startswith("R-"))
