"""The announcements of the Ministry of Ecology and Environment of China on CO2 factors of electricity.

An announcement has up to five tables: nation, regional grids, provinces, the nation without market-traded non-fossil
electricity, and fossil electricity. Each has a title with its number and year, a heading with the unit, and rows of a
name and a factor; a wide table may stand in several pairs of columns. They come as one sheet below each other or as a
sheet each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unicodedata import normalize

from ghg.catalogue.importers.cells import Cell, Edition, Row, Sheet, read_sheets, refuse
from ghg.catalogue.importers.crosswalk import Entry, crosswalk
from ghg.issues import InputError, Issue, suggest
from ghg.numbers import DECIMAL
from ghg.regions import ladder, regions

TITLE = re.compile(r"表\s*(?P<number>\d+)\s*[:.、]?\s*(?P<title>\d{4}年.+)")
YEAR = re.compile(r"(?P<year>\d{4})年(?P<label>.+)")
UNIT = re.compile(r"\(([^()]+)\)$")
UNITS = {"kgCO2/kWh": "kg/kWh"}
GASES = {"CO2": "CO2"}
NATION = "全国"
DECIMALS = 4
"""The announcements print every factor with four decimals; spreadsheets and copies drop trailing zeros."""
RESTORED = "trailing zero restored: the announcement prints four decimals"


@dataclass(frozen=True, slots=True)
class _National:
    """What a national table is called in ids and names."""

    key: str
    name: str
    name_local: str


NATIONAL = {
    "grid_average": _National("national", "national average", "全国电力平均"),
    "grid_excluding_market_traded_non_fossil": _National(
        "national-ex-market-nonfossil",
        "national average excluding market-traded non-fossil electricity",
        "不包括市场化交易的非化石能源电量",
    ),
    "grid_fossil": _National("national-fossil", "national fossil-fired electricity", "全国化石能源电力"),
}


@dataclass(slots=True)
class _Table:
    """The table being read: its title, and after its heading the columns of name and factor with their units."""

    number: str
    title: str
    columns: list[tuple[int | None, int, str]]


def read(path: Path, name: str) -> list[Cell]:
    """The printed numbers of an announcement's file.

    Args:
        path: a CSV or XLSX file with the announcement's tables.
        name: how messages call it.

    Raises:
        InputError: the file cannot be read, or a table lacks its title or heading.
    """
    problems: list[Issue] = []
    cells = [cell for sheet in read_sheets(path, name) for cell in _sheet(sheet, name, problems)]
    if not cells and not problems:
        hint = "Each table needs its title above it, for instance '表1 2022年全国电力平均二氧化碳排放因子'."
        problems.append(Issue("column-missing", "no table of the announcement was found.", hint, name))
    refuse(problems)
    return cells


def _sheet(sheet: Sheet, file: str, problems: list[Issue]) -> Iterator[Cell]:
    """The numbers of one sheet; a heading that is missing goes to ``problems``."""
    table = _titled([sheet.name])
    for line, printed in enumerate(sheet.rows, 1):
        row = [normalize("NFKC", cell).strip() for cell in printed]
        titled = _titled(row)
        if titled:
            table = titled
        elif not any(row) or next(filter(None, row)).startswith("注"):
            continue
        elif table is None:
            message = f"the row {' | '.join(filter(None, row))!r} stands before the first table title."
            problems.append(Issue("column-missing", message, "", file, line))
            return
        elif not table.columns:
            table.columns = _columns(row)
            if not table.columns:
                message = f"the heading of table {table.number} has no column of factors (因子) with its unit."
                problems.append(Issue("column-missing", message, "", file, line))
                return
        else:
            yield from _numbers(row, table, file, line)


def _titled(row: Sequence[str]) -> _Table | None:
    """The table a row or sheet name is the title of."""
    found = [cell for cell in row if cell]
    match = TITLE.fullmatch(normalize("NFKC", found[0]).replace(" ", "")) if len(found) == 1 else None
    return _Table(match["number"], match["title"], []) if match else None


def _columns(heading: Sequence[str]) -> list[tuple[int | None, int, str]]:
    """The columns of name and factor, with the unit; the name stands to the left of its factor."""
    found: list[tuple[int | None, int, str]] = []
    name: int | None = None
    for column, text in enumerate(heading):
        if "因子" in text:
            unit = UNIT.search(text)
            found.append((name, column, unit[1].replace(" ", "") if unit else ""))
            name = None
        elif text and text != "序号":
            name = column
    return found


def _numbers(row: Sequence[str], table: _Table, file: str, line: int) -> Iterator[Cell]:
    """The numbers of one row."""
    for name_column, column, unit in table.columns:
        name = row[name_column] if name_column is not None and name_column < len(row) else ""
        value = row[column] if column < len(row) else ""
        if name or value:
            locator = f"Table {table.number}"
            yield Cell(name, (table.title, name), unit, "CO2", value, locator, file, line, chr(ord("A") + column))


def rows(cells: Sequence[Cell], edition: Edition) -> list[Row]:
    """The library rows of an announcement.

    Raises:
        InputError: a table, name, unit or number is not known, a name stands twice, or a table is of another year.
    """
    made: dict[str, Row] = {}
    problems: list[Issue] = []
    for cell in cells:
        if not cell.value:
            continue
        try:
            row = _row(cell, edition)
        except InputError as error:
            problems += error.issues
            continue
        if row["id"] in made:
            problems.append(cell.issue(f"{cell.labels[1]!r} stands twice in the announcement."))
        made[row["id"]] = row
    refuse(problems)
    return list(made.values())


def _row(cell: Cell, edition: Edition) -> Row:
    """One number as a library row.

    Raises:
        InputError: something about it is not known.
    """
    entry, region = _entry(cell), _region(cell)
    refuse(_problems(cell, edition, entry, region))
    national = NATIONAL[entry.basis] if entry and region == "CN" else None
    kind = "regional" if region.startswith("CN-GRID-") else "provincial"
    key = f"{edition.source}:{national.key if national else region}"
    whole, point, decimals = cell.value.partition(".")
    digits = f"{whole}.{decimals.ljust(DECIMALS, '0')}" if point and decimals.isdecimal() else cell.value
    return {
        "id": key, "factor": key, "kind": "emission_factor", "activity": entry.activity if entry else "",
        "name": "grid electricity, " + (
            national.name if national else f"{kind} average ({regions()[region].name})"),
        "name_local": national.name_local if national else regions()[region].name_local,
        "region": region, "valid_from": edition.valid_from, "valid_to": edition.valid_to, "gas": GASES[cell.gas],
        "value": digits, "unit": UNITS[cell.unit], "basis": entry.basis if entry else "",
        "uncertainty": "none published with the factor", "source": edition.source, "locator": cell.locator,
        "verification": edition.verification_of(key), "note": RESTORED if digits != cell.value else "",
    }  # fmt: skip


def _entry(cell: Cell) -> Entry | None:
    """What the table of a number holds."""
    titled = YEAR.fullmatch(cell.labels[0])
    return crosswalk("mee").get(titled["label"]) if titled else None


def _region(cell: Cell) -> str:
    """The region of a number; blank when its name is not known. National tables may leave the name out."""
    title, name = cell.labels
    if NATION in title:
        return "CN" if name in ("", NATION) else ""
    return _names().get(name, "")


@cache
def _names() -> Mapping[str, str]:
    """Grids and provinces by their Chinese name."""
    return {found.name_local: code for code, found in regions().items() if code != "CN" and "CN" in ladder(code)}


def _problems(cell: Cell, edition: Edition, entry: Entry | None, region: str) -> Iterator[Issue]:
    """What is wrong with a number."""
    title, name = cell.labels
    if entry is None:
        yield cell.issue(f"the table {title!r} is not in the crosswalk.", value=title)
    elif not title.startswith(edition.valid_from[:4]):
        message = f"the table is of {title[:4]}, the edition {edition.source} of {edition.valid_from[:4]}."
        yield cell.issue(message, "Factors of two years are easily swapped: name the edition of the table.", title)
    if not region:
        hint = suggest(name, _names()).strip()
        yield cell.issue(f"{name!r} is not the name of a grid or province the ministry covers.", hint, name)
    if cell.unit not in UNITS:
        yield cell.issue(f"the unit {cell.unit!r} is not one the announcements print.", "Known: kgCO2/kWh.", cell.unit)
    if cell.gas not in GASES:
        yield cell.issue(f"the gas {cell.gas!r} is not one the announcements print.", value=cell.gas)
    if not DECIMAL.fullmatch(cell.value) or float(cell.value) <= 0:
        yield cell.issue(f"{cell.value!r} is not a positive plain decimal number.")
