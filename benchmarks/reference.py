"""The reference: the SQL a good analyst would write for the workload of ``generate.py``, in DuckDB.

    python benchmarks/reference.py --data FOLDER [--rows] [--input activities.parquet] [--sum double|whole]

Three left joins to factors with a validity range, the most specific one taken, sums of doubles, no checks: a unit that
does not fit becomes null and ``sum`` passes over it. ``--rows`` writes every row with its factor and gases as Parquet.
``--sum whole`` sums whole grams in 64-bit integers instead of tonnes in doubles, and is otherwise the same.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

import duckdb

WHOLE = 10**6
"""How many of what ``--sum whole`` counts make a tonne."""


def sql(data: Path, table: str, *, summed: str) -> tuple[str, str]:
    """The view of rows and the query of totals."""
    gwp = f"(SELECT gwp FROM '{data}/plain/gwp.parquet' WHERE gas = '{{}}')"
    tonnes = ", ".join(
        f"amount * to_base * coalesce(f3.{gas}, f2.{gas}, f1.{gas}) * {gwp.format(gas.upper())} / 1000 AS t_{gas}"
        for gas in ("co2", "ch4", "n2o")
    )
    plain = f"{data}/plain"
    rows = f"""
        SELECT a.id, coalesce(f3.factor_id, f2.factor_id, f1.factor_id) AS factor_id, amount * to_base AS amount_base,
               {tonnes}, scope, category, entity
        FROM {table} a
        LEFT JOIN '{plain}/tasks.parquet' t ON a.activity = t.activity AND a.item = t.item
        LEFT JOIN '{plain}/units.parquet' u ON a.unit = u.unit AND a.activity = u.activity
        LEFT JOIN '{plain}/regions.parquet' r ON a.region = r.region
        LEFT JOIN (SELECT * FROM '{plain}/factors.parquet' WHERE level = 3) f3 ON f3.activity = a.activity
              AND f3.item = a.item AND f3.region = a.region AND a.start >= f3.valid_from AND a.start < f3.valid_to
        LEFT JOIN (SELECT * FROM '{plain}/factors.parquet' WHERE level = 2) f2 ON f2.activity = a.activity
              AND f2.item = a.item AND f2.region = r.country AND a.start >= f2.valid_from AND a.start < f2.valid_to
        LEFT JOIN (SELECT * FROM '{plain}/factors.parquet' WHERE level = 1) f1 ON f1.activity = a.activity
              AND f1.item = a.item AND a.start >= f1.valid_from AND a.start < f1.valid_to"""
    one = "sum({0}) AS {0}" if summed == "double" else f"sum(CAST(round({{0}} * {WHOLE}) AS BIGINT)) / {WHOLE} AS {{0}}"
    sums = ", ".join(one.format(f"t_{gas}") for gas in ("co2", "ch4", "n2o"))
    return rows, f"SELECT scope, category, entity, {sums} FROM {{}} GROUP BY scope, category, entity"


def main() -> None:
    """Run the query and print what came of it."""
    start = time.perf_counter()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--input", default="activities.parquet")
    parser.add_argument("--rows", action="store_true")
    parser.add_argument("--sum", choices=("double", "whole"), default="double")
    parser.add_argument("--threads", type=int, default=2)
    asked = parser.parse_args()
    engine = duckdb.connect(config={"threads": asked.threads})
    path = f"'{asked.data / asked.input}'"
    table = f"read_csv({path})" if asked.input.endswith(".csv") else f"read_parquet({path})"
    rows, totals = sql(asked.data, table, summed=asked.sum)
    if asked.rows:
        with tempfile.TemporaryDirectory(dir=asked.data) as folder:
            written = Path(folder) / "rows.parquet"
            engine.execute("SET preserve_insertion_order = false")
            engine.execute(f"COPY ({rows}) TO '{written}' (FORMAT parquet)")
            found = engine.execute(totals.format(f"read_parquet('{written}')")).fetchall()
    else:
        found = engine.execute(totals.format(f"({rows})")).fetchall()
    total = sum(value or 0 for *_, co2, ch4, n2o in found for value in (co2, ch4, n2o))
    print(json.dumps({"t_co2e": total, "groups": 3 * len(found), "total_s": time.perf_counter() - start}))


if __name__ == "__main__":
    main()
