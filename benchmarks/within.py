"""What a run costs after the first time, in one process: what-ifs, exact sums beside float sums, frames.

    python benchmarks/within.py --data FOLDER [--threads 2] [--checked 1] [--frames]

FOLDER is made by ``generate.py``. Seconds are wall time, medians; the last line is JSON. ``--checked`` what-ifs are
computed once more as full runs, whose every figure has to be the same. With ``--frames`` the rows are read as pandas,
Polars and Arrow frames instead, and passed to ``ghg.run``; reading them is not timed.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import ghg
from ghg.runs import Run

ONE, MANY, REPEATS = 200, 500, 3
"""What-ifs of one factor, factors of one what-if, and how often slower things are repeated."""


def timed(work: Callable[[], object]) -> float:
    """Seconds of wall time."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def figures(run: Run) -> dict[str, str]:
    """Every figure, exact."""
    return {name: str(value.amount) for name, value in run.result.figures().items()}


def changes(run: Run) -> list[tuple[str, str]]:
    """A new value for the carbon dioxide of every factor that rows took: id, value and unit."""
    names = sorted({p.factor for match in run.plan.matches for p in match.postings if p.factor and p.gas == "CO2"})
    rows = [run.valuation.rows[name] for name in names]
    return [(row.id, f"{ghg.decimal_text(row.amount * 2)} {row.unit}") for row in rows]


def what_ifs(run: Run, full: float, path: Path, asked: argparse.Namespace) -> dict[str, object]:
    """One factor changed, and 500 at once, against the full run."""
    known, before = changes(run), figures(run)
    first = timed(lambda: figures(run.what_if(dict(known[-1:]))))
    singles = [dict([known[number % len(known)]]) for number in range(ONE)]
    one = statistics.median(timed(lambda values=values: figures(run.what_if(values))) for values in singles)
    several = [dict(known[start : start + MANY]) for start in range(REPEATS)]
    many = statistics.median(timed(lambda values=values: figures(run.what_if(values))) for values in several)
    equal = []
    for values in [several[0], *singles][: asked.checked]:
        again = ghg.run(path, values=values, threads=asked.threads)
        equal.append(figures(again) == figures(run.what_if(values)) != before)
        again.close()
    return {
        "first_what_if_s": first, "one_factor_s": one, "factors_500_s": many, "one_factor_over_full": one / full,
        "factors_500_over_full": many / full, "equal_to_full_runs": all(equal), "checked": len(equal),
    }  # fmt: skip


def sums(run: Run) -> dict[str, object]:
    """The kernel's own statement with whole numbers, and with the same numbers summed as doubles."""
    exact = max(run.engine.statements, key=len)
    as_float = re.sub(r"\bSUM\((\w+)\)", r"SUM(CAST(\1 AS DOUBLE))", exact, flags=re.IGNORECASE)
    if as_float == exact:
        return {}
    taken: dict[str, list[float]] = {exact: [], as_float: []}
    for _ in range(REPEATS):
        for text, seconds in taken.items():
            seconds.append(timed(lambda text=text: run.engine.rows(f"SELECT COUNT(*) FROM ({text})")))
    whole, double = (statistics.median(seconds) for seconds in taken.values())
    return {"exact_sums_s": whole, "float_sums_s": double, "exact_over_float": whole / double}


def frames(data: Path, threads: int) -> dict[str, object]:
    """Runs over frames against the run over the file they were read from."""
    import pandas as pd
    import polars as pl
    import pyarrow.parquet as pq

    path, table = data / "inventory.yaml", data / "activities.parquet"
    readers: dict[str, Callable[[Path], object]] = {
        "pandas": pd.read_parquet, "polars": pl.read_parquet, "arrow": pq.read_table,
    }  # fmt: skip
    made = {name: read(table) for name, read in readers.items()}
    given: dict[str, object] = {"file": None, **made}
    taken: dict[str, list[float]] = {name: [] for name in given}
    digests: set[str] = set()

    def compute(frame: object) -> None:
        run = ghg.run(path, threads=threads, activity=frame)
        digests.add(run.result.digest)
        run.close()

    for _ in range(REPEATS):
        for name, frame in given.items():
            taken[name].append(timed(lambda frame=frame: compute(frame)))
    seconds = {name: statistics.median(found) for name, found in taken.items()}
    ratios = {name: seconds[name] / seconds["file"] for name in made}
    return {"over_file": ratios, "results": len(digests)}


def main() -> None:
    """Run the inventory once, then measure on it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--checked", type=int, default=1)
    parser.add_argument("--frames", action="store_true")
    asked = parser.parse_args()
    path = asked.data / "inventory.yaml"
    if asked.frames:
        print(json.dumps(frames(asked.data, asked.threads)))
        return
    ghg.run(path, threads=asked.threads).close()  # the rows are in the page cache, the library is read
    runs: list[Run] = []

    def compute() -> None:
        runs.append(ghg.run(path, threads=asked.threads))
        figures(runs[0])

    full = timed(compute)
    found = what_ifs(runs[0], full, path, asked) | sums(runs[0])
    print(json.dumps({"rows": runs[0].balance.posted, "full_run_s": full, **found}))
    runs[0].close()


if __name__ == "__main__":
    main()
