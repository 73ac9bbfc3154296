"""A workload of our own: an inventory, its factors and any number of activity rows, the same for the same seed.

    python benchmarks/generate.py --rows 1000000 --out FOLDER [--csv] [--faulty 63] [--bad-line 7654321]

300 tasks of nine accounts, 70 regions (provinces, grid regions, countries), 36 months, 200 entities with ten sites
each, 18 unit spellings. Factors of three gases are valid for a year or half of one, some regions have their own, others
fall back on their country or the world. FOLDER then holds

- ``inventory.yaml``, ``own.csv`` and ``activities.parquet``: what ``ghg run`` reads;
- ``inventory-entities.yaml`` with ``entities.csv``: every tenth entity held at 60 %, another from 2024 on; and
  ``inventory-instruments.yaml`` with ``instruments.csv``: 40 contracts over both books;
- ``plain/``: the same reference tables in the shape a person would write SQL or pandas against: ``tasks``, ``units``,
  ``regions``, ``factors`` and ``gwp``;
- with ``--csv`` ``activities.csv`` and ``inventory-csv.yaml``; with ``--faulty`` the same rows of which some have a
  wrong unit, as ``faulty.parquet``, and ``inventory-faulty.yaml``.

Chunk k of a million rows comes from the seed and k alone: a small workload is the beginning of a large one.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
from pyarrow import compute

CHUNK = 1_000_000
ENTITIES, SITES = 200, 2_000
ACQUIRED, CONTRACTS = 7, 40
"""The entity that is held from 2024 on, and how many contracts there are."""
YEARS = (2023, 2024, 2025)
MONTHS = [(year, month) for year in YEARS for month in range(1, 13)]
GASES = ("CO2", "CH4", "N2O")
GWP = {"CO2": "1", "CH4": "28", "N2O": "265"}
"""AR5, 100 years, as ``factors/gwp.csv`` has them; for the plain tables."""


class Family(NamedTuple):
    """Tasks of one account.

    Attributes:
        account: the row's activity.
        word: what its items and factors begin with; ``electricity`` has no item.
        count: how many items.
        basis: what its factors cover.
        method: the row's method; blank where the unit alone decides.
        units: the spellings its rows use, each with its size in the first of them.
        scope: where it is reported.
        category: likewise.
        size: about how many kg CO2 a unit emits.
    """

    account: str
    word: str
    count: int
    basis: str
    method: str
    units: dict[str, str]
    scope: str
    category: str
    size: float


ENERGY = {"GJ_net": "1", "MWh_net": "3.6", "kWh_net": "0.0036", "TJ_net": "1000"}
MASS = {"kg": "1", "t": "1000", "lb": "0.45359237", "short_ton": "907.18474"}
PASSENGER = {"passenger_km": "1", "passenger_mile": "1.609344"}
SPEND = {"USD": "1", "USD_thousand": "1000"}
FAMILIES = (
    Family("purchased_electricity", "electricity", 1, "grid_average", "", {"kWh": "1", "MWh": "1000", "GJ": "1000/3.6"},
           "2", "purchased_electricity", 0.5),
    Family("stationary_fuel", "own.fuel", 60, "combustion", "", ENERGY, "1", "stationary_combustion", 60),
    Family("company_vehicles", "own.vehicle", 40, "combustion", "", {"km": "1", "mile": "1.609344"}, "1",
           "mobile_combustion", 0.2),
    Family("purchased_goods", "own.material", 80, "life_cycle", "purchased_goods.average_data", MASS, "3",
           "1_purchased_goods_and_services", 2),
    Family("capital_goods", "own.capital", 40, "supply_chain_with_margins", "purchased_goods.spend_based", SPEND, "3",
           "2_capital_goods", 0.4),
    Family("upstream_transport", "own.freight", 29, "combustion", "transport.freight_distance", {"tonne_km": "1"}, "3",
           "4_upstream_transportation_and_distribution", 0.1),
    Family("waste", "own.waste", 20, "treatment", "waste.waste_type", {"kg": "1", "t": "1000", "lb": "0.45359237"}, "3",
           "5_waste_generated_in_operations", 0.5),
    Family("business_travel", "own.trip", 20, "combustion", "business_travel.distance_based", PASSENGER, "3",
           "6_business_travel", 0.15),
    Family("employee_commuting", "own.commute", 10, "combustion", "employee_commuting.passenger_distance", PASSENGER,
           "3", "7_employee_commuting", 0.12),
)  # fmt: skip
WITH_COUNTRY, WITH_REGION = 100, 20
"""How many tasks have factors of countries and of single regions."""
COUNTRIES = ("CN", "US", "GB", "DE", "FR", "JP", "IN", "BR", "KR", "AU", "CA", "SG")
MISSPELT, UNFIT = "kWhh", "night"
"""Units that are wrong: not a spelling, and of another dimension."""
SOURCE = {
    "title": "generated factors", "publisher": "generator", "edition": "1", "published": "2026", "licence": "none",
    "retrieved": "2026-01-01",
}  # fmt: skip


class Task(NamedTuple):
    """A family's item."""

    number: int
    family: Family
    item: str
    word: str

    @property
    def base(self) -> str:
        """The unit its factors are per."""
        return next(iter(self.family.units))


class Factor(NamedTuple):
    """Three gases of one task at one place and time."""

    id: str
    task: Task
    region: str
    level: int
    start: date
    end: date
    values: tuple[str, str, str]


def tasks() -> list[Task]:
    """Every task."""
    found: list[Task] = []
    for family in FAMILIES:
        for number in range(family.count):
            is_open = family.word.startswith("own.")
            word = f"{family.word}_{number:03}" if is_open else family.word
            found.append(Task(len(found), family, word if is_open else "none", word))
    return found


def places(shipped: Path) -> dict[str, str]:
    """Region to the country it lies in: provinces and grid regions of two countries, and countries."""
    with shipped.open(encoding="utf-8", newline="") as file:
        parents = {row["region"]: row["parent"] for row in csv.DictReader(file)}
    inner = {name: parent for name, parent in parents.items() if parent in ("CN", "US") and "CN-GRID" not in name}
    return inner | {name: name for name in COUNTRIES if name in parents}


def factors(seed: int, regions: dict[str, str]) -> list[Factor]:
    """Every factor: the world for all tasks, countries and regions for some; electricity has one for every region."""
    chance = np.random.default_rng([seed, 1])
    every, names, countries = tasks(), list(regions), list(dict.fromkeys(regions.values()))
    wanted: list[tuple[Task, str, int, date, date]] = []
    for task in every:
        halves = task.number % 15 == 0
        for year in YEARS:
            turn = [date(year, 1, 1), *([date(year, 7, 1)] if halves else []), date(year + 1, 1, 1)]
            wanted += [(task, "WORLD", 1, *pair) for pair in pairwise(turn)]
    years = [(date(year, 1, 1), date(year + 1, 1, 1)) for year in YEARS]
    for number in sorted(chance.choice(len(every), WITH_COUNTRY, replace=False).tolist()):
        for place in sorted(chance.choice(len(countries), 8, replace=False).tolist()):
            wanted += [(every[number], countries[place], 2, *days) for days in years]
    for number in sorted({0, *chance.choice(len(every), WITH_REGION, replace=False).tolist()}):
        some = range(len(names)) if number == 0 else sorted(chance.choice(len(names), 28, replace=False).tolist())
        inner = [names[place] for place in some if regions[names[place]] != names[place]]
        wanted += [(every[number], place, 3, *days) for place in inner for days in years]
    made = []
    for number, (task, place, level, start, end) in enumerate(wanted):
        co2 = float(task.family.size * chance.lognormal(0, 0.5))
        ch4, n2o = co2 * float(chance.lognormal(-8, 0.7)), co2 * float(chance.lognormal(-10, 0.7))
        values = (f"{co2:.6f}", f"{ch4:.9f}", f"{n2o:.10f}")
        made.append(Factor(f"F{number:05}", task, place, level, start, end, values))
    return made


def write(path: Path, header: Sequence[str], rows: Iterator[Sequence[object]]) -> None:
    """A small table."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def write_own(path: Path, found: Sequence[Factor], columns: Sequence[str]) -> None:
    """The factors as an inventory's own: a row a gas."""
    blank = dict.fromkeys(columns, "")

    def rows() -> Iterator[list[str]]:
        for factor in found:
            last = factor.end - timedelta(days=1)
            shared = blank | {
                "factor": factor.id, "kind": "emission_factor", "activity": factor.task.word, "name": factor.id,
                "region": factor.region, "valid_from": factor.start.isoformat(), "valid_to": last.isoformat(),
                "basis": factor.task.family.basis, "unit": f"kg/{factor.task.base}", "uncertainty": "none",
                "source": "generated", "locator": "generate.py", "verification": "generated",
            }  # fmt: skip
            for gas, value in zip(GASES, factor.values, strict=True):
                yield list((shared | {"id": f"{factor.id}:{gas}", "gas": gas, "value": value}).values())

    write(path, columns, rows())


def write_plain(folder: Path, found: Sequence[Factor], regions: dict[str, str]) -> None:
    """The reference tables as a person would keep them for SQL or pandas, as CSV and as Parquet."""
    sizes = [
        (family.account, unit, size, next(iter(family.units)))
        for family in FAMILIES
        for unit, size in family.units.items()
    ]
    write(folder / "tasks.csv", ("activity", "item", "base_unit", "scope", "category"),
          iter([(t.family.account, t.item, t.base, t.family.scope, t.family.category) for t in tasks()]))  # fmt: skip
    write(folder / "units.csv", ("activity", "unit", "to_base", "exact", "base_unit"),
          iter([(account, unit, as_float(size), size, base) for account, unit, size, base in sizes]))  # fmt: skip
    write(folder / "regions.csv", ("region", "country"), iter(regions.items()))
    write(folder / "factors.csv",
          ("factor_id", "activity", "item", "region", "level", "valid_from", "valid_to", "co2", "ch4", "n2o"),
          iter([(f.id, f.task.family.account, f.task.item, f.region, f.level, f.start, f.end, *f.values)
                for f in found]))  # fmt: skip
    write(folder / "gwp.csv", ("gas", "gwp"), iter(GWP.items()))
    for path in sorted(folder.glob("*.csv")):
        text = {name: pa.string() for name in ("exact", "scope")}
        pq.write_table(pc.read_csv(path, convert_options=pc.ConvertOptions(column_types=text)),
                       path.with_suffix(".parquet"))  # fmt: skip


def as_float(size: str) -> float:
    """A unit's size as a double, as a person would type it."""
    top, _, bottom = size.partition("/")
    return float(top) / float(bottom or 1)


def chunks(rows: int, seed: int, regions: dict[str, str]) -> Iterator[tuple[int, dict[str, pa.Array]]]:
    """The rows by the million: first row, and its columns."""
    every, names = tasks(), list(regions)
    fixed = np.random.default_rng([seed, 2])
    site_region = fixed.integers(0, len(names), SITES)
    site_cdf = np.cumsum(fixed.permutation(np.arange(1, SITES + 1) ** -0.5))
    # Electricity and a few others stand in most rows, as they do in ledgers.
    task_cdf = np.cumsum(np.arange(1, len(every) + 1) ** -0.6)
    spellings = sorted({unit for family in FAMILIES for unit in family.units})
    units = [[spellings.index(unit) for unit in task.family.units] for task in every]
    kinds = np.array([len(found) for found in units])
    table = np.array([found + [0] * (max(kinds) - len(found)) for found in units])
    accounts = sorted({family.account for family in FAMILIES})
    methods = sorted({family.method or "none" for family in FAMILIES})
    account = np.array([accounts.index(task.family.account) for task in every])
    method = np.array([methods.index(task.family.method or "none") for task in every])
    firsts = [date(year, month, 1) for year, month in MONTHS]
    lasts = [date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1) for year, month in MONTHS]
    for number, low in enumerate(range(0, rows, CHUNK)):
        chance = np.random.default_rng([seed, 3, number])
        size = min(CHUNK, rows - low)
        kept = slice(0, size)
        site = np.searchsorted(site_cdf / site_cdf[-1], chance.random(CHUNK))[kept]
        task = np.searchsorted(task_cdf / task_cdf[-1], chance.random(CHUNK))[kept]
        month = chance.integers(0, len(MONTHS), CHUNK)[kept]
        unit = table[task, chance.integers(0, 1 << 30, CHUNK)[kept] % kinds[task]]
        amount = np.round(chance.lognormal(4.0, 1.8, CHUNK), 3)[kept]
        yield low, {
            "id": pa.array(np.arange(low, low + size)),
            "entity": coded(site // 10, [f"E{n:03}" for n in range(ENTITIES)]),
            "site": coded(site, [f"S{n:04}" for n in range(SITES)]),
            "activity": coded(account[task], accounts),
            "item": coded(task, [task.item for task in every]),
            "region": coded(site_region[site], names),
            "start": coded(month, firsts, pa.date32()), "end": coded(month, lasts, pa.date32()),
            "amount": pa.array(amount),
            "unit": coded(unit, spellings),
            "method": coded(method[task], methods),
            "provenance": coded(np.zeros(size, dtype=np.int64), ["measured"]),
        }  # fmt: skip


def coded(codes: np.ndarray[Any, Any], words: Sequence[object], kind: pa.DataType | None = None) -> pa.Array:
    """A column of words."""
    kind = kind or pa.string()
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(words, kind)).cast(kind)


def faulted(columns: dict[str, pa.Array], low: int, places: Sequence[int]) -> dict[str, pa.Array]:
    """Columns in which the units of some rows are wrong, by turns misspelt and of another dimension."""
    size = len(columns["id"])
    here = [place - low for place in places if low <= place < low + size]
    if not here:
        return columns
    mask, wrong = np.zeros(size, dtype=bool), np.full(size, MISSPELT, dtype=object)
    mask[here] = True
    wrong[here[1::2]] = UNFIT
    return columns | {"unit": compute.if_else(pa.array(mask), pa.array(wrong, pa.string()), columns["unit"])}


def inventory(table: str) -> dict[str, object]:
    """The inventory over one table of rows."""
    return {
        "inventory": "benchmark", "organisation": "generated", "title": "generated rows", "base_year": "none",
        "period": {"start": "2023-01-01", "end": "2025-12-31"}, "consolidation": "not_stated", "gwp": "AR5",
        "boundary": "generated rows", "books": ["location"], "dimensions": ["entity"], "publications": ["generated"],
        "ladder": {"regions": ["exact", "parent", "world"], "max_age_years": 0}, "activity": [table],
        "factors": ["own.csv"], "sources": {"generated": SOURCE},
    }  # fmt: skip


def shared(regions: dict[str, str]) -> dict[str, list[dict[str, str]]]:
    """Tables of the entities and of the instruments of an inventory, by file name."""
    entities = [
        {"entity": f"E{number:03}", "parent": "generated", "type": "subsidiary", "financial_control": "yes",
         "operational_control": "yes", "equity_share": "0.6" if number % 10 == 0 else "1",
         "valid_from": "2024-03-15" if number == ACQUIRED else ""}
        for number in range(ENTITIES)
    ]  # fmt: skip
    countries = sorted(set(regions.values()))
    instruments = [
        {"id": f"contract-{number}", "kind": "ppa", "carrier": "electricity", "amount": str(1_000 * (number + 1)),
         "unit": "MWh", "technology": "wind", "market": countries[number % len(countries)],
         "vintage_start": f"{year}-04-01", "vintage_end": f"{year}-12-31", "issued": "", "retired": "", "registry": "",
         "tracking_id": f"T{number}", "beneficiary": "generated" if number % 2 else f"E{number:03}",
         "attributes": "conveyed", "emission_rate": "0", "rate_unit": "kg/kWh", "rate_gas": "CO2e",
         "rate_gwp_set": "AR5", "source": "generated", "locator": "generate.py"}
        for number in range(CONTRACTS)
        for year in (YEARS[number % len(YEARS)],)
    ]  # fmt: skip
    return {"entities.csv": entities, "instruments.csv": instruments}


SHARES: dict[str, dict[str, object]] = {
    "inventory-entities.yaml": {"entities": ["entities.csv"], "consolidation": "equity_share"},
    "inventory-instruments.yaml": {
        "instruments": {"tables": ["instruments.csv"]}, "books": ["location", "market"],
    },
}  # fmt: skip
"""What inventories whose rows count by shares state beside."""


def generate(
    out: Path, rows: int, *, seed: int = 2026, as_csv: bool = False, faulty: int = 0, bad_line: int = 0
) -> None:  # fmt: skip
    """Write the workload.

    Args:
        out: the folder.
        rows: how many activity rows.
        seed: where the random numbers start.
        as_csv: write the rows as CSV too.
        faulty: how many rows of another table have a wrong unit.
        bad_line: write the CSV once more, with a wrong unit in this line.
    """
    from ghg import bundle
    from ghg.factors import FactorRow

    out.mkdir(parents=True, exist_ok=True)
    regions = places(bundle.folder("factors") / "regions.csv")
    found = factors(seed, regions)
    write_own(out / "own.csv", found, tuple(FactorRow.model_fields))
    write_plain(out / "plain", found, regions)
    named = {"inventory.yaml": "activities.parquet"}
    named |= {"inventory-csv.yaml": "activities.csv"} if as_csv else {}
    named |= {"inventory-faulty.yaml": "faulty.parquet"} if faulty else {}
    named |= {"inventory-bad-line.yaml": "bad-line.csv"} if bad_line else {}
    for file, table in named.items():
        (out / file).write_text(json.dumps(inventory(table), indent=1), encoding="utf-8")
    for file, stated in SHARES.items():
        (out / file).write_text(json.dumps(inventory("activities.parquet") | stated, indent=1), encoding="utf-8")
    for file, records in shared(regions).items():
        write(out / file, tuple(records[0]), (tuple(record.values()) for record in records))
    places_of = np.linspace(0, rows - 1, faulty, dtype=np.int64).tolist() if faulty else []
    writers: dict[str, Any] = {}
    for low, columns in chunks(rows, seed, regions):
        for table in named.values():
            bad = places_of if table == "faulty.parquet" else [bad_line - 2] if table == "bad-line.csv" else []
            made = pa.table(faulted(columns, low, bad))
            if table not in writers:
                writers[table] = writer(out / table, made.schema)
            if table.endswith(".csv"):
                writers[table].write_table(made)
            else:
                writers[table].write_table(made, row_group_size=CHUNK // 4)
    for opened in writers.values():
        opened.close()


def writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter | pc.CSVWriter:
    """A writer of a table of the kind its name says."""
    if path.suffix == ".parquet":
        return pq.ParquetWriter(path, schema, compression="snappy")
    path.write_text(",".join(schema.names) + "\n", encoding="utf-8")
    plain = pc.WriteOptions(include_header=False, quoting_style="none")
    return pc.CSVWriter(path.open("ab"), schema, write_options=plain)


def main() -> None:
    """Write the workload that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--csv", action="store_true")
    parser.add_argument("--faulty", type=int, default=0)
    parser.add_argument("--bad-line", type=int, default=0)
    asked = parser.parse_args()
    generate(asked.out, asked.rows, seed=asked.seed, as_csv=asked.csv, faulty=asked.faulty, bad_line=asked.bad_line)


if __name__ == "__main__":
    main()
