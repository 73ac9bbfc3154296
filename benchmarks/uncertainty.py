"""Monte Carlo over an inventory of the workload W(n), against NumPy that redraws every row.

    python benchmarks/uncertainty.py --data DATA/W1e6 --out OUT [--draws 10000] [--threads 2] [--rows independent]

DATA is a folder made by the anchors' ``gen.py``. Every factor of every gas has 10 % (lognormal), every row 5 %. The
last line printed is JSON: seconds of ``Run.uncertainty`` for all draws, seconds of NumPy for the same draws (one
lognormal a row and a factor, summed by scope and category, extrapolated from a few draws), their ratio, and the sampled
deviation of Scope 1 over the closed form. The inventory has been run before the clock starts; whatever is asked of its
rows counts.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from shared_workload import DIMENSIONS, INVENTORY, make_library, records

from ghg import bundle

if TYPE_CHECKING:
    from ghg.runs import Run

FACTOR, ROW = 0.10, 0.05
"""95 % half-widths."""
FEW = 3
"""Draws of NumPy that are timed."""


def computed(data: Path, out: Path, threads: int) -> Run:
    """The run of the workload; its library stands in for the shipped one."""
    library = out / "library"
    library.mkdir(parents=True, exist_ok=True)
    make_library(data, library)
    shipped = bundle.folder("factors")
    (library / "uncertainty").mkdir(exist_ok=True)
    for name in ("gwp", "pedigree"):
        (library / "uncertainty" / f"{name}.csv").write_text((shipped / "uncertainty" / f"{name}.csv").read_text())
    bundle.folder = lambda name: library  # type: ignore[assignment]
    from ghg.methods import scope3
    from ghg.methods.declaration import DataType, Method

    scope3.METHODS += tuple(
        Method(id=f"workload.{name}", title=name, input=name, dimension=name, canonical=name,
               data_type=DataType.PRIMARY, standard="none", formula="amount × factor")
        for name in DIMENSIONS.values()
    )  # fmt: skip
    from ghg.engines import Engine
    from ghg.engines.relations import FILE_BITS, Relation
    from ghg.factors import FactorTable
    from ghg.inventory import Inventory
    from ghg.runs import Asked, compute
    from ghg.schema import NAMES

    def load(engine: Engine) -> None:
        engine.create("loaded", ("file", "line", *NAMES))
        scan = (
            f"(SELECT (file_index::BIGINT << {FILE_BITS}) + file_row_number AS place, activity_id AS id, entity, "
            f'activity_type AS activity, region, period AS start, last_day(period) AS "end", amount, unit, '
            f"'measured' AS provenance FROM read_parquet('{data / 'activities.parquet'}'))"
        )
        rows = engine.rows(f"SELECT count(*) FROM {scan}")[0][0]
        types = {name: kind for name, kind in engine.described(scan).items() if name != "place"}
        engine.relations.append(Relation(scan, types, ("activities.parquet",), 1, rows))

    inventory = Inventory.model_validate(INVENTORY | {"dimensions": []})
    asked = Asked(threads=threads, readable=(data.resolve(),))
    return compute(inventory, FactorTable(records(data)), load, asked)  # type: ignore[arg-type]


def brute(run: Run, draws: int) -> tuple[float, int]:
    """Seconds a draw when every row and every factor is drawn anew, and how many rows and categories there are."""
    from ghg.uncertainty.model import build
    from ghg.uncertainty.policy import Policy

    exact = {
        "rows": "shared",
        "activity": [{"spread": "exact", "why": "x"}],
        "factors": [{"spread": "exact", "why": "x"}],
    }
    terms = build(run, Policy.model_validate(exact)).terms
    rows, cells = run.balance.posted, sorted({term.cell for term in terms})
    generator = np.random.default_rng(1)
    factor = generator.integers(0, len(terms), rows)
    value = generator.lognormal(size=rows)
    category = np.array([cells.index(term.cell) for term in terms])[factor]
    sigma_row, sigma_factor = np.log1p(ROW) / 1.96, np.log1p(FACTOR) / 1.96
    start = time.perf_counter()
    for _ in range(draws):
        drawn = np.exp(sigma_factor * generator.standard_normal(len(terms)))
        amounts = value * np.exp(sigma_row * generator.standard_normal(rows))
        np.bincount(category, amounts * drawn[factor], len(cells))
    return (time.perf_counter() - start) / draws, len(terms)


def main() -> None:
    """Run the benchmark and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rows", choices=("independent", "shared"), default="independent")
    parser.add_argument("--repeats", type=int, default=3)
    asked = parser.parse_args()
    run = computed(asked.data, asked.out, asked.threads)
    from ghg.uncertainty.policy import Policy

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
    start = time.perf_counter()
    run.uncertainty(policy, approach=1)
    closed = time.perf_counter() - start
    one, terms = brute(run, FEW)
    ours = sorted(seconds)[len(seconds) // 2]
    scope1 = found.intervals["scope1"]
    print(json.dumps({
        "n": run.balance.posted, "rows": asked.rows, "draws": asked.draws, "threads": asked.threads, "terms": terms,
        "sources": len(found.sources), "ghg_s": round(ours, 3), "closed_form_s": round(closed, 3),
        "numpy_s_extrapolated": round(one * asked.draws, 1), "numpy_over_ghg": round(one * asked.draws / ours, 1),
        "deviation_over_closed_form": round(scope1.deviation / scope1.exact_deviation, 4),
    }))  # fmt: skip
    run.close()


if __name__ == "__main__":
    main()
