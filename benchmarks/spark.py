"""A warm run on Apache Spark beside the query a good analyst would write in PySpark, in one session.

    python benchmarks/spark.py --data FOLDER [--master local[2]] [--rounds 3]

FOLDER is made by ``generate.py``. The query is that of ``reference.py`` in the DataFrame interface: three left joins to
factors with a validity range, small tables broadcast, sums of doubles, no checks. Both are run once to warm up, then by
turns. Seconds are wall time, of the driver; the last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ghg

GASES = ("co2", "ch4", "n2o")


def query(session: Any, data: Path) -> float:  # noqa: ANN401 - Spark is an extra
    """The grand total in t CO2e, by way of the totals by scope, category and entity."""
    from pyspark.sql import functions as f

    def table(name: str) -> Any:  # noqa: ANN401
        return session.read.parquet(str(data / "plain" / f"{name}.parquet"))

    potentials = {row["gas"].lower(): row["gwp"] for row in table("gwp").collect()}
    rows = session.read.parquet(str(data / "activities.parquet")).alias("a")
    rows = rows.join(f.broadcast(table("tasks").select("activity", "item", "scope", "category")), ["activity", "item"],
                     "left")  # fmt: skip
    rows = rows.join(f.broadcast(table("units").select("activity", "unit", "to_base")), ["activity", "unit"], "left")
    rows = rows.join(f.broadcast(table("regions")), ["region"], "left")
    for level, place in ((3, f.col("region")), (2, f.col("country")), (1, None)):
        names = {"activity": f"activity{level}", "item": f"item{level}", "region": f"region{level}"}
        found = table("factors").where(f.col("level") == level)
        found = found.select(
            *(f.col(name).alias(alias) for name, alias in names.items()),
            f.col("valid_from").alias(f"from{level}"), f.col("valid_to").alias(f"to{level}"),
            *(f.col(gas).alias(f"{gas}{level}") for gas in GASES),
        )  # fmt: skip
        on = (f.col("activity") == f.col(f"activity{level}")) & (f.col("item") == f.col(f"item{level}"))
        on &= (f.col("start") >= f.col(f"from{level}")) & (f.col("start") < f.col(f"to{level}"))
        on = on if place is None else on & (place == f.col(f"region{level}"))
        rows = rows.join(f.broadcast(found), on, "left")
    amount = f.col("amount") * f.col("to_base")
    tonnes = [
        f.sum(amount * f.coalesce(*(f.col(f"{gas}{level}") for level in (3, 2, 1))) * potentials[gas] / 1000).alias(gas)
        for gas in GASES
    ]
    totals = rows.groupBy("scope", "category", "entity").agg(*tonnes).collect()
    return sum(row[gas] or 0 for row in totals for gas in GASES)


def ours(master: str, data: Path) -> float:
    """The grand total in t CO2e of a run on the session that is there."""
    run = ghg.run(data / "inventory.yaml", engine=f"spark:{master}")
    try:
        found = run.totals("scope", "category", "entity", "gas", book="location")
        return float(sum(row["co2e"] for row in found.rows))  # type: ignore[misc, arg-type]
    finally:
        run.close()


def main() -> None:
    """Run both by turns and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--master", default="local[2]")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master(asked.master).config("spark.ui.enabled", "false")
        .config("spark.driver.memory", "4g").config("spark.sql.shuffle.partitions", "4").getOrCreate()
    )  # fmt: skip
    data = asked.data.resolve()
    works: dict[str, Callable[[], float]] = {
        "pyspark": lambda: query(session, data), "ghg": lambda: ours(asked.master, data)
    }  # fmt: skip
    taken: dict[str, list[float]] = {name: [] for name in works}
    totals: dict[str, float] = {}
    for _ in range(asked.rounds + 1):
        for name, work in works.items():
            start = time.perf_counter()
            totals[name] = work()
            taken[name].append(time.perf_counter() - start)
    session.stop()
    first = {name: seconds[0] for name, seconds in taken.items()}
    warm = {name: statistics.median(seconds[1:]) for name, seconds in taken.items()}
    apart = abs(totals["ghg"] / totals["pyspark"] - 1)
    ratio = warm["ghg"] / warm["pyspark"]
    print(json.dumps({"first_s": first, "warm_s": warm, "warm_ghg_over_pyspark": ratio, "totals_apart": apart}))


if __name__ == "__main__":
    main()
