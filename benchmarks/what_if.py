"""What-ifs against full runs: one changed factor, a thousand different ones, and whether each equals a full re-run.

    python benchmarks/what_if.py --rows 1000000 10000000

The rows are made up: twelve months of electricity in every province, fuels and leased electricity of many entities, in
one Parquet file. The last line for each size is JSON: seconds, and ratios against the full run of the same process.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import ghg
from ghg.factors import library
from ghg.runs import Run

ENTITIES, SEED, CHECKED, WHAT_IFS = 200, 20260101, 3, 1000
INVENTORY = """\
inventory: made-up
organisation: made-up
title: made-up rows
period: {start: 2022-01-01, end: 2022-12-31}
base_year: none
consolidation: not_stated
boundary: made-up rows
gwp: AR5
books: [location, market]
dimensions: [entity, region]
publications: [cn-mee-2022, ipcc-2006-v2]
ladder: {regions: [exact, parent, world], max_age_years: 0}
activity: [rows.parquet]
"""
UNITS = {
    "purchased_electricity": ("kWh", "MWh"), "leased_assets_electricity": ("kWh", "MWh"),
    "diesel_stationary": ("GJ_net", "t"), "gasoline_mobile": ("MWh_net", "kg"),
}  # fmt: skip


def regions() -> list[str]:
    """Every province that the factors of 2022 cover, and the country."""
    of_2022 = (name.partition(":")[2] for name in library().factors if name.startswith("cn-mee-2022:CN-"))
    return ["CN", *(name for name in of_2022 if "GRID" not in name)]


def write_rows(path: Path, count: int) -> None:
    """The activity table."""
    random = np.random.default_rng(SEED)
    places, words = regions(), [(word, unit) for word, units in UNITS.items() for unit in units]
    month = random.integers(1, 13, count)
    chosen = random.integers(0, len(words), count)
    amounts = random.integers(1, 10**7, count)
    columns = {
        "id": pa.array(np.arange(count)).cast(pa.string()),
        "entity": coded([f"entity-{n:03}" for n in range(ENTITIES)], random.integers(0, ENTITIES, count)),
        "activity": coded([word for word, _ in words], chosen),
        "region": coded(places, random.integers(0, len(places), count)),
        "start": coded([f"2022-{n:02}-01" for n in range(1, 13)], month - 1),
        "end": coded([f"2022-{n:02}-28" for n in range(1, 13)], month - 1),
        "amount": pa.array(amounts).cast(pa.string()),
        "unit": coded([unit for _, unit in words], chosen),
        "provenance": coded(["measured"], np.zeros(count, dtype=np.int64)),
    }
    pq.write_table(pa.table(columns), path)


def coded(words: list[str], codes: np.ndarray) -> pa.Array:  # type: ignore[type-arg]
    """A column of words."""
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), words).cast(pa.string())


def changes(count: int) -> list[dict[str, str]]:
    """As many different what-ifs of one factor each."""
    names = [f"cn-mee-2022:{place}" for place in regions()[1:]] + ["cn-mee-2022:national"]
    return [{names[n % len(names)]: f"0.{1000 + n} kg/kWh"} for n in range(count)]


def figures(run: Run) -> dict[str, str]:
    """Every figure, exact."""
    return {name: str(value.amount) for name, value in run.result.figures().items()}


def timed(found: list[dict[str, str]], run: Run) -> list[float]:
    """Seconds to the new totals of each what-if."""
    taken = []
    for values in found:
        start = time.perf_counter()
        figures(run.what_if(values))
        taken.append(time.perf_counter() - start)
    return taken


def measure(count: int, folder: Path) -> dict[str, object]:
    """Full run, what-ifs and their ratio for one size."""
    write_rows(folder / "rows.parquet", count)
    (folder / "inventory.yaml").write_text(INVENTORY, encoding="utf-8")
    ghg.run(folder / "inventory.yaml").close()  # the library is read and the file in the page cache
    start = time.perf_counter()
    run = ghg.run(folder / "inventory.yaml")
    before = figures(run)
    full = time.perf_counter() - start
    start = time.perf_counter()
    summed = len(run.index.sums)
    indexed = time.perf_counter() - start
    asked = changes(WHAT_IFS)
    taken = timed(asked, run)
    equal = []
    for values in asked[:: WHAT_IFS // CHECKED][:CHECKED]:
        again = ghg.run(folder / "inventory.yaml", values=values)
        equal.append(figures(again) == figures(run.what_if(values)) != before)
        again.close()
    run.close()
    return {
        "rows": count, "balance_lines": len(run.balance.lines), "figures": summed, "full_run_s": round(full, 3),
        "index_s": round(indexed, 4), "one_what_if_ms": round(statistics.median(taken) * 1000, 3),
        "one_over_full": f"1/{full / statistics.median(taken):,.0f}", "thousand_what_ifs_s": round(sum(taken), 2),
        "thousand_over_full": round(sum(taken) / full, 3), "equal_to_full_runs": all(equal),
    }  # fmt: skip


def main() -> None:
    """Measure each size in a folder of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000])
    for count in parser.parse_args().rows:
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(measure(count, Path(folder))), flush=True)


if __name__ == "__main__":
    main()
