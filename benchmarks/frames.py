"""What most people write for the workload of ``generate.py``: pandas merges and a groupby, with pint or without.

    python benchmarks/frames.py --data FOLDER [--pint] [--rows] [--csv]

With ``--pint`` amounts are pint quantities, a column a unit, so that a unit that does not fit is refused; without, it
becomes a missing value that the sum passes over.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import pandas as pd

GASES = ("co2", "ch4", "n2o")
WORLD, COUNTRY, REGION = 1, 2, 3
"""Levels of factors."""


def merged(data: Path, *, as_csv: bool) -> pd.DataFrame:
    """Every row with its task, unit, country and factor."""
    tasks, units, regions, factors = (
        pd.read_parquet(data / "plain" / f"{name}.parquet") for name in ("tasks", "units", "regions", "factors")
    )
    rows = (
        pd.read_csv(data / "activities.csv", parse_dates=["start"])
        if as_csv
        else pd.read_parquet(data / "activities.parquet")
    )
    rows["start"] = pd.to_datetime(rows["start"])
    months = pd.DataFrame({"start": pd.date_range("2023-01-01", "2025-12-01", freq="MS").astype(rows["start"].dtype)})
    factors["valid_from"], factors["valid_to"] = (pd.to_datetime(factors[name]) for name in ("valid_from", "valid_to"))
    by_month = factors.merge(months, how="cross").query("valid_from <= start < valid_to")
    kept = ["activity", "item", "region", "start", "factor_id", *GASES]
    key = ["activity", "item", "start"]
    found = (
        rows.merge(tasks, on=["activity", "item"], how="left")
        .merge(regions, on="region", how="left")
        .merge(units.drop(columns=["exact", "base_unit"]), on=["activity", "unit"], how="left")
        .merge(by_month[by_month.level == REGION][kept], on=[*key, "region"], how="left")
        .merge(by_month[by_month.level == COUNTRY][kept].rename(columns={"region": "country"}), on=[*key, "country"],
               how="left", suffixes=("", "_2"))
        .merge(by_month[by_month.level == WORLD][kept].drop(columns="region"), on=key, how="left", suffixes=("", "_1"))
    )  # fmt: skip
    for name in ("factor_id", *GASES):
        found[name] = found[name].fillna(found[f"{name}_2"]).fillna(found[f"{name}_1"])
    return found


def in_quantities(found: pd.DataFrame) -> None:
    """Amounts in base units through pint, one unit of one account at a time; what pint does not know is defined."""
    import pint_pandas

    registry: Any = pint_pandas.PintType.ureg
    for (_, unit, base, size), rows in found.groupby(["activity", "unit", "base_unit", "to_base"]):
        if base not in registry:
            registry.define(f"{base} = [{base}]")
        if unit not in registry:
            registry.define(f"{unit} = {size} {base}")
        quantity = pd.Series(rows["amount"].to_numpy(), dtype=f"pint[{unit}]", index=rows.index)
        found.loc[rows.index, "amount_base"] = quantity.pint.to(base).pint.magnitude


def main() -> None:
    """Run the script and print what came of it."""
    start = time.perf_counter()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pint", action="store_true")
    parser.add_argument("--rows", action="store_true")
    parser.add_argument("--csv", action="store_true")
    asked = parser.parse_args()
    found = merged(asked.data, as_csv=asked.csv)
    found["amount_base"] = found["amount"] * found["to_base"]
    if asked.pint:
        in_quantities(found)
    gwp = pd.read_parquet(asked.data / "plain" / "gwp.parquet").set_index("gas")["gwp"]
    for gas in GASES:
        found[f"t_{gas}"] = found["amount_base"] * found[gas] * gwp[gas.upper()] / 1000
    names = [f"t_{gas}" for gas in GASES]
    if asked.rows:
        found[["id", "factor_id", "amount_base", *names, "scope", "category", "entity"]].to_parquet(
            asked.data / "pandas-rows.parquet"
        )
        (asked.data / "pandas-rows.parquet").unlink()
    totals = found.groupby(["scope", "category", "entity"])[names].sum()
    print(json.dumps({
        "t_co2e": float(totals.to_numpy().sum()), "groups": totals.size, "total_s": time.perf_counter() - start,
    }))  # fmt: skip


if __name__ == "__main__":
    main()
