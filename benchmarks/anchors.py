"""The workload W(n) of the performance anchors, run by ghg: its tables become a library and an inventory of their own.

    python benchmarks/anchors.py --data DATA/W1e7 --out OUT [--mode totals|rows] [--threads 2]

DATA is a folder made by the anchors' ``gen.py``. Totals are those the anchors ask for, by scope, category, entity, year
and gas; with ``--mode rows`` the posted ledger is written as Parquet. The last line printed is JSON. The rule of W, the
factor of the region, else of its country, else of the world, valid in the period, is the ladder of ghg; every factor
becomes a library row for each gas, every activity type an account, so nothing is decided outside ghg.
"""

from __future__ import annotations

import time

START = time.perf_counter()

import argparse
import csv
import gc
import json
import resource
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from ghg import bundle

DIMENSIONS = {
    "kWh": "energy", "L": "volume", "kg": "mass", "km": "distance", "passenger_km": "passenger_distance",
    "tonne_km": "freight_distance", "USD": "money_USD",
}  # fmt: skip
"""What the base units of W measure."""
GASES = {"co2": "CO2", "ch4": "CH4", "n2o": "N2O"}
SHIPPED = Path(bundle.__file__).parent.parent / "factors"


def table(folder: Path, name: str) -> list[dict[str, str]]:
    """A reference table of W as text."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, header: str, rows: Iterator[list[str]]) -> None:
    """A table of the library."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header.split(","), *rows])


def make_library(data: Path, folder: Path) -> None:
    """The small tables of a library that speaks the words of W; gases and GWPs are the shipped ones."""
    for name in ("gases", "blends", "figures"):
        shutil.copyfile(SHIPPED / f"{name}.csv", folder / f"{name}.csv")
    header = SHIPPED.joinpath("gwp.csv").read_text(encoding="utf-8").splitlines()[0]
    potentials = json.loads(data.joinpath("gwp.json").read_text(encoding="utf-8"))
    stated = ({"gwp_set": "AR6", "gas": GASES[gas], "value": str(value), "source": "workload", "locator": "gwp.json"}
              for gas, value in potentials.items())  # fmt: skip
    write(folder / "gwp.csv", header, ([row.get(name, "") for name in header.split(",")] for row in stated))
    types, regions = table(data, "types"), table(data, "regions")
    countries = list(dict.fromkeys(row["country"] for row in regions))
    places = [("WORLD", ""), *((name, "WORLD") for name in countries), *((r["region"], r["country"]) for r in regions)]
    write(folder / "regions.csv", "region,name,name_local,parent,note", ([r, r, "", p, ""] for r, p in places))
    write(
        folder / "units.csv", "spelling,dimension,multiplier,pint,status,instead",
        ([u["unit"], DIMENSIONS[u["base_unit"]], exact(u), "", "accepted", ""] for u in table(data, "units")),
    )  # fmt: skip
    write(
        folder / "vocabulary" / "workload.csv", "activity,name,name_local,also",
        ([word(row["activity_type"]), row["activity_type"], "", ""] for row in types),
    )  # fmt: skip
    header = SHIPPED.joinpath("accounts.csv").read_text(encoding="utf-8").splitlines()[0]
    names = header.split(",")
    stated = ({
        "activity": row["activity_type"], "name": row["activity_type"], "scope": row["scope"],
        "category": row["category"], "measure": "emissions", "methods": f"workload.{DIMENSIONS[row['base_unit']]}",
        "factor_activity": word(row["activity_type"]), "factor_basis": "combustion",
    } for row in types)  # fmt: skip
    write(folder / "accounts.csv", header, ([account.get(name, "") for name in names] for account in stated))
    folder.joinpath("sources.yaml").write_text(
        "sources:\n  workload:\n    title: workload\n    publisher: generator\n    edition: '1'\n"
        "    published: '2026'\n"
        "    licence: none\n    retrieved: '2026-01-01'\n    checksum: none\n    note: generated\n", encoding="utf-8",
    )  # fmt: skip


def exact(row: dict[str, str]) -> str:
    """The multiplier of a unit; W rounds that of the gigajoule to a double, which is 1000/3.6."""
    return "1000/3.6" if row["unit"] == "GJ" else row["to_base"]


def word(activity: str) -> str:
    """The vocabulary's word of an activity type."""
    return f"workload.{activity.lower()}"


def write_pack(data: Path, folder: Path) -> None:
    """The factors of W as a pack of the library: a row a gas, the digits as they stand in W."""
    from ghg.factors import FactorRow

    columns = tuple(FactorRow.model_fields)
    base = {row["activity_type"]: row["base_unit"] for row in table(data, "types")}
    rows = []
    for row in table(data, "factors"):
        last = date.fromisoformat(row["valid_to"]) - timedelta(days=1)
        name = f"workload:{row['factor_id']}"
        shared = {
            "factor": name, "kind": "emission_factor", "activity": word(row["activity_type"]), "name": name,
            "region": "WORLD" if row["region"] == "GLB" else row["region"], "valid_from": row["valid_from"],
            "valid_to": last.isoformat(), "basis": "combustion", "unit": f"kg/{base[row['activity_type']]}",
            "uncertainty": "none", "source": "workload", "locator": "factors.csv", "verification": "generated",
        }  # fmt: skip
        for column, gas in GASES.items():
            cells = shared | {"id": f"{name}:{gas}", "gas": gas, "value": row[column]}
            rows.append([cells.get(column, "") for column in columns])
    write(folder / "packs" / "workload" / "factors.csv", ",".join(columns), iter(rows))


INVENTORY = {
    "inventory": "workload", "organisation": "workload", "title": "workload", "base_year": "none",
    "period": {"start": "2023-01-01", "end": "2025-12-31"}, "consolidation": "not_stated", "boundary": "generated",
    "gwp": "AR6", "books": ["location"], "dimensions": ["entity", "site"], "publications": ["workload"],
    "ladder": {"regions": ["exact", "parent", "world"], "max_age_years": 0}, "activity": ["activities"],
}  # fmt: skip


def use_library(data: Path, library: Path) -> None:
    """Make the library of W unless it is there, and have ghg use it; the rest is as on the command line."""
    from ghg.cli import SELDOM
    from ghg.methods import scope1
    from ghg.methods.declaration import DataType, Method, amount

    gc.set_threshold(*SELDOM)
    bundle.folder = lambda name: library  # type: ignore[assignment]
    scope1.METHODS += tuple(
        Method(id=f"workload.{name}", title=name, inputs=amount(name, name), formula="amount", canonical=name,
               data_type=DataType.PRIMARY, standard="none")
        for name in DIMENSIONS.values()
    )  # fmt: skip
    if not library.exists():
        library.mkdir(parents=True)
        make_library(data, library)
        write_pack(data, library)


def main() -> None:
    """Run the workload and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--mode", choices=("totals", "rows"), default="totals")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--input", default="activities.parquet")
    asked = parser.parse_args()
    phases = {"imports": time.perf_counter() - START}

    def mark(name: str) -> None:
        phases[name] = time.perf_counter() - START - sum(phases.values())

    use_library(asked.data, asked.out / "library")
    from ghg.engines import Engine
    from ghg.factors import library as shipped
    from ghg.inventory import Inventory
    from ghg.runs import Asked, compute

    def load(engine: Engine) -> None:
        from ghg.engines.relations import FILE_BITS, Relation
        from ghg.schema import NAMES

        engine.create("loaded", ("file", "line", *NAMES))
        path = asked.data / asked.input
        scan = (
            f"(SELECT (file_index::BIGINT << {FILE_BITS}) + file_row_number AS place, activity_id AS id, entity, "
            f'year(period) AS site, activity_type AS activity, region, period AS start, last_day(period) AS "end", '
            f"amount, unit, 'measured' AS provenance FROM read_parquet('{path}'))"
        )
        rows = engine.rows(f"SELECT count(*) FROM {scan}")[0][0]
        types = {name: kind for name, kind in engine.described(scan).items() if name != "place"}
        engine.relations.append(Relation(scan, types, (asked.input,), 1, rows, rows))

    run = compute(
        Inventory.model_validate(INVENTORY),
        shipped,
        load,
        Asked(threads=asked.threads, readable=(asked.data.resolve(),)),
    )
    mark("run")
    if asked.mode == "rows":
        from ghg.evidence import save_ledger

        (asked.out / "ledger.parquet").unlink(missing_ok=True)
        save_ledger(run, asked.out / "ledger.parquet")
        mark("ledger")
    by = ("scope", "category", "entity", "site", "gas")
    found = run.result.grouped(by)
    mark("totals")
    total = sum(value.amount for _, value in found)
    mark("total")
    print(json.dumps({
        "n": run.balance.posted, "total_s": time.perf_counter() - START, "t_co2e": float(total), "groups": len(found),
        "phases": {name: round(value, 3) for name, value in phases.items()},
        "rss_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "engine": "ghg",
    }))  # fmt: skip
    run.close()


if __name__ == "__main__":
    main()
