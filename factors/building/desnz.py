"""Packs of the UK government's conversion factors from the reference tables.

Editions 2023 to 2025 are the publisher's flat files, read by the importer; the reference tables say how each number was
checked. Of 2026 there is a copy only, made from the flat file by a program that dropped the last label, so that of the
columns of a table (fuels of a car, loads of a lorry, treatments of waste) the last one with a number stands under the
labels of the first. A row of it ships where its column is certain: its labels have one column, or its digits are those of
the last column of 2025 and of no other. Of upstream flights both columns print the same.
"""

from __future__ import annotations

import csv
import gzip
import re
import tempfile
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from ghg.catalogue.importers import desnz
from ghg.catalogue.importers.cells import Cell, Edition, Row

ONE = "verified: one source"
YEARS = ("2023", "2024", "2025")
COPIED = {"CO2e": desnz.TOTAL, "CO2": desnz.BY_CO2, "CH4": "kg CO2e of CH4 per unit", "N2O": "kg CO2e of N2O per unit"}
"""How the flat file prints what the copy of 2026 calls by its gas."""
RESTORED = "the checked copy holds the mass, to 12 digits; the printed CO2e here is the shortest number that gives it"
TO_12_DIGITS = Fraction(1, 10**12)
COLUMN = "its column is known by its digits, which are those of 2025: the checked copy names none"


def packs(reference: Path) -> dict[str, list[Row]]:
    """Every pack of the department, by its path below ``factors/packs``."""
    flat = {year: flat_file(reference / "full" / f"uk_desnz_{year}_flat.csv.gz") for year in YEARS}
    made = {f"desnz/{year}.csv": edition_rows(reference, year, cells) for year, cells in flat.items()}
    return made | {"desnz/2026.csv": copied_rows(reference, flat["2025"])}


def flat_file(path: Path) -> list[Cell]:
    """The cells of a compressed flat file."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / path.with_suffix("").name
        plain.write_bytes(gzip.decompress(path.read_bytes()))
        return desnz.read(plain, plain.name)


def table(path: Path) -> list[Row]:
    """Rows of a reference table; a row that nobody checked stops the build."""
    with path.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    unchecked = [row["id"] for row in found if not row["verification"].startswith("verified")]
    if unchecked:
        raise SystemExit(f"{path.name}: unverified rows never ship: {', '.join(unchecked[:5])}")
    return found


def edition_of(year: str) -> Edition:
    """The edition of a year, valid for that calendar year."""
    return Edition(f"desnz-{year}", f"{year}-01-01", f"{year}-12-31", ONE, {})


def edition_rows(reference: Path, year: str, cells: Sequence[Cell]) -> list[Row]:
    """One edition; a number the reference table has too must be the same there, and takes its verification."""
    checked = {row["id"].partition(":")[2]: row for row in table(reference / f"uk_desnz_{year}.csv")}
    printed = {cell.locator.rpartition(" ")[2]: cell.value for cell in cells}
    apart = [key for key, row in checked.items() if not same(row["value"], printed[key])]
    if apart:
        raise SystemExit(f"DESNZ {year}: the flat file and the reference table differ in {', '.join(apart[:5])}")
    made = desnz.rows(cells, edition_of(year))
    for row in made:
        key = row["locator"].rpartition(" ")[2]
        row["verification"] = checked[key]["verification"] if key in checked else ONE
    return made


def same(rounded: str, printed: str) -> bool:
    """Whether a number is the printed one to the twelve decimals of the reference table."""
    return abs(float(rounded) - float(printed)) <= 0.5e-12 + 1e-13 * abs(float(printed))


def copied_rows(reference: Path, before: Sequence[Cell]) -> list[Row]:
    """The certain rows of the copy of 2026."""
    verified, masses, notes = {}, {}, {}
    cells: list[Cell] = []
    for group, numbers in copied(reference).items():
        column = column_of(group, numbers, before)
        if column is None:
            continue
        for gas, row in numbers.items():
            cells.append(Cell(column.key, column.labels, column.unit, COPIED[gas], row["value"],
                              f"flat file, row group {column.key}"))  # fmt: skip
            suffix = ("CH4_combustion" if gas == "CH4" else gas) if len(numbers) > 1 else ""
            name = f"desnz-2026:{column.key}" + (f":{suffix}" if suffix else "")
            verified[name] = row["verification"]
            masses[name] = printed_over_gwp(row["value"], suffix) if gas in ("CH4", "N2O") else ""
            notes[name] = [COLUMN] if any(column.labels[4:]) else []
    made = desnz.rows(cells, edition_of("2026"))
    for row in made:
        row["verification"] = verified[row["id"]]
        if masses[row["id"]]:
            row["value"] = masses[row["id"]]
            notes[row["id"]].append(RESTORED)
        row["note"] = "; ".join(filter(None, (row["note"], *notes[row["id"]])))
    return made


def printed_over_gwp(mass: str, gas: str) -> str:
    """A mass that was divided by a GWP and rounded, as the shortest printed CO2e that gives it, over that GWP.

    ``5.1428571e-05`` of methane is ``0.00144/28``.
    """
    gwp = desnz.DIVISORS[gas]
    for digits in range(1, desnz.SHOWN_DIGITS):
        printed = f"{float(mass) * int(gwp):.{digits}g}"
        if abs(Fraction(printed) / int(gwp) - Fraction(mass)) <= TO_12_DIGITS:
            break
    return f"{printed}/{gwp}"


def copied(reference: Path) -> dict[str, dict[str, Row]]:
    """The rows of the copy by factor and gas."""
    groups: dict[str, dict[str, Row]] = {}
    for row in table(reference / "uk_desnz_2026.csv"):
        group, _, _ = row["id"].partition(":")[2].rpartition("_")
        groups.setdefault(group, {})[row["gas"]] = row
    return groups


def column_of(group: str, numbers: Mapping[str, Row], before: Sequence[Cell]) -> Cell | None:
    """The line of 2025 that a factor of the copy continues; none when it is not certain."""
    first = next(cell for cell in before if cell.key == group)
    total = numbers["CO2e"]
    printed_labels = f"{total['activity']} > {total['detail'].partition(' | ')[2].partition(' [')[0]}"
    if printed_labels != labels_as_copied(first):
        return None
    columns = [
        cell for cell in before
        if (cell.labels[:4], cell.unit) == (first.labels[:4], first.unit) and cell.gas == desnz.TOTAL
    ]  # fmt: skip
    if len({cell.labels for cell in columns}) == 1:
        return columns[0]
    numbered = [cell for cell in columns if cell.value]
    last = numbered[-1]
    is_told_apart = "RF" in last.labels[4] or all(cell.value != last.value for cell in numbered[:-1])
    return last if last.value == total["value"] != "0" and is_told_apart else None


def labels_as_copied(cell: Cell) -> str:
    """The labels of a line as the copy writes them."""
    level_1, level_2, *below = cell.labels[:4]
    return f"{slug(level_1)} > {slug(level_2)} > {'/'.join(slug(text) for text in (*below, cell.unit) if text)}"


def slug(text: str) -> str:
    """A label in small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.replace("&", " and ").lower()).strip("-")
