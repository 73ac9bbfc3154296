"""Monte Carlo over an inventory of n generated rows, against NumPy that redraws every row.

    python benchmarks/uncertainty.py --out OUT [--lines 1000000] [--draws 10000] [--rows independent]

Rows are electricity of two scopes in some regions and every month of a year, with a factor for each region, month and
gas. Every factor has 10 % (lognormal), every row 5 %. The last line printed is JSON: seconds
of ``Run.uncertainty`` for all draws, seconds of NumPy for the same draws (one lognormal a row and a factor, summed by
scope and category, extrapolated from a few draws), their ratio, and the sampled deviation of Scope 2 over the closed
form. The inventory has been run before the clock starts; whatever is asked of its rows counts.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from calendar import monthrange
from pathlib import Path

import numpy as np
import polars as pl

import ghg
from ghg.factors import FactorRow
from ghg.regions import regions
from ghg.uncertainty.policy import Policy

FACTOR, ROW = 0.10, 0.05
"""95 % half-widths."""
FEW = 3
"""Draws of NumPy that are timed."""
YEAR = 2022
ACTIVITIES = ("purchased_electricity", "leased_assets_electricity")
GASES = {"CO2": "0.5", "CH4": "0.00001", "N2O": "0.00001"}
SOURCE = {
    "title": "t",
    "publisher": "p",
    "edition": "e",
    "published": "2022",
    "licence": "l",
    "retrieved": "2022-01-01",
}


def months() -> list[tuple[str, str]]:
    """First and last day of every month."""
    return [(f"{YEAR}-{n:02}-01", f"{YEAR}-{n:02}-{monthrange(YEAR, n)[1]}") for n in range(1, 13)]


def write(out: Path, lines: int, places: int) -> Path:
    """An inventory with its own factors and its rows; the same for the same number of rows."""
    out.mkdir(parents=True, exist_ok=True)
    names, blank = list(regions())[:places], dict.fromkeys(FactorRow.model_fields, "")
    with (out / "own.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(blank), lineterminator="\n")
        writer.writeheader()
        for region in names:
            for number, (first, last) in enumerate(months()):
                for gas, value in GASES.items():
                    factor = f"own-{region}-{number}"
                    writer.writerow(blank | {
                        "id": f"{factor}:{gas}", "factor": factor, "kind": "emission_factor", "activity": "electricity",
                        "name": factor, "region": region, "valid_from": first, "valid_to": last, "gas": gas,
                        "value": value, "unit": "kg/kWh", "basis": "grid_average", "uncertainty": "none",
                        "source": "own", "locator": "generated", "verification": "generated",
                    })  # fmt: skip
    generator = np.random.default_rng(2026)
    month = generator.integers(0, 12, lines)
    first, last = (np.array(days)[month] for days in zip(*months(), strict=True))
    pl.DataFrame({
        "id": [f"r{n}" for n in range(lines)],
        "entity": np.array([f"e{n}" for n in range(200)])[generator.integers(0, 200, lines)],
        "activity": np.array(ACTIVITIES)[generator.integers(0, 2, lines)],
        "region": np.array(names)[generator.integers(0, len(names), lines)],
        "start": first, "end": last, "amount": np.round(generator.lognormal(5, 1, lines), 3),
        "unit": ["kWh"] * lines, "provenance": ["measured"] * lines,
    }).write_parquet(out / "rows.parquet")  # fmt: skip
    inventory = {
        "inventory": "benchmark", "organisation": "benchmark", "title": "benchmark", "base_year": "none",
        "period": {"start": f"{YEAR}-01-01", "end": f"{YEAR}-12-31"}, "consolidation": "not_stated", "gwp": "AR5",
        "boundary": "generated", "books": ["location"], "publications": ["own"], "activity": ["rows.parquet"],
        "ladder": {"regions": ["exact"], "max_age_years": "0"}, "factors": ["own.csv"], "sources": {"own": SOURCE},
    }  # fmt: skip
    (out / "inventory.yaml").write_text(json.dumps(inventory), encoding="utf-8")
    return out / "inventory.yaml"


def brute(rows: int, factors: int, draws: int) -> float:
    """Seconds a draw when every row and every factor is drawn anew, and summed by scope and category."""
    generator = np.random.default_rng(1)
    factor, value = generator.integers(0, factors, rows), generator.lognormal(size=rows)
    category = factor % len(ACTIVITIES)
    sigma_row, sigma_factor = np.log1p(ROW) / 1.96, np.log1p(FACTOR) / 1.96
    start = time.perf_counter()
    for _ in range(draws):
        drawn = np.exp(sigma_factor * generator.standard_normal(factors))
        amounts = value * np.exp(sigma_row * generator.standard_normal(rows))
        np.bincount(category, amounts * drawn[factor], len(ACTIVITIES))
    return (time.perf_counter() - start) / draws


def main() -> None:
    """Run the benchmark and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--regions", type=int, default=60)
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rows", choices=("independent", "shared"), default="independent")
    parser.add_argument("--repeats", type=int, default=3)
    asked = parser.parse_args()
    run = ghg.run(write(asked.out, asked.lines, asked.regions), threads=asked.threads)
    policy = Policy.model_validate({
        "rows": asked.rows,
        "activity": [{"spread": f"{ROW * 100:g} % lognormal", "why": "benchmark"}],
        "factors": [{"spread": f"{FACTOR * 100:g} % lognormal", "why": "benchmark"}],
    })  # fmt: skip
    seconds = []
    for _ in range(asked.repeats):
        start = time.perf_counter()
        found = run.uncertainty(policy, draws=asked.draws, threads=asked.threads)
        seconds.append(time.perf_counter() - start)
    factors = sum(source.group == "factor" for source in found.sources)
    one, ours, scope2 = (
        brute(run.balance.posted, factors, FEW),
        sorted(seconds)[len(seconds) // 2],
        found.intervals["scope2"],
    )
    print(json.dumps({
        "rows_read": run.balance.posted, "rows": asked.rows, "draws": asked.draws, "threads": asked.threads,
        "factors": factors, "sources": len(found.sources), "ghg_s": round(ours, 3),
        "numpy_s_extrapolated": round(one * asked.draws, 1), "numpy_over_ghg": round(one * asked.draws / ours, 1),
        "deviation_over_closed_form": round(scope2.deviation / scope2.exact_deviation, 4),
    }))  # fmt: skip
    run.close()


if __name__ == "__main__":
    main()
