"""A million mutants judged in one process, in every form: each keeps its rows and figures, or is told.

By hand: ``nice python -m tests.reading.campaign 1000000``; a second number is the first seed, and names of forms after
it choose among them. Forms take turns, so that every part of the way tells of all of them. What came out wrong is
printed with its seed as it is found, and the counts at the end and on the way.
"""

from __future__ import annotations

import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from unittest import mock

from ghg import runs
from ghg.factors import FactorTable
from tests.reading import mutate_files, mutate_forms, mutate_runs

SHARES = {
    "csv": 10, "tsv": 5, "json": 10, "xlsx": 7, "container": 4, "rows csv": 11, "rows tsv": 5, "rows json": 9,
    "rows xlsx": 6,
    "inventory": 7, "scenario": 2, "what-if": 4, "base year": 1, "targets": 1, "uncertainty": 1, "lock": 2,
    "factors": 3, "rows factors": 3, "published": 2, "rows published": 2, "entities": 1, "rows entities": 1,
    "instruments": 1, "rows instruments": 1,
}  # fmt: skip
"""How many of a hundred mutants each form gets."""
RUNS = {
    "run csv": 1, "run rows csv": 2, "run rows tsv": 1, "run rows json": 2, "run rows xlsx": 2, "run rows parquet": 2,
    "run parquet": 2,
}  # fmt: skip
"""How many of a thousand mutants are judged by whole runs, which take a tenth of a second each."""
TURN = 1_000
"""Mutants of a turn."""
FORMS = {**mutate_forms.FORMS, **mutate_files.FORMS}
Verdict = tuple[str, str, bytes]


def of_run(form: mutate_runs.Whole, seed: int, folder: Path) -> Verdict:
    """The verdict on a seed's whole run."""
    names, content = form.mutant(seed)
    try:
        return mutate_runs.judge(form, content, folder), names, content
    except Exception as error:  # noqa: BLE001 - what a crash is
        return f"crash: {type(error).__name__}: {error}", names, content


JUDGES: dict[str, Callable[[int, Path], Verdict]] = {
    **{name: partial(mutate_forms.judged, form) for name, form in FORMS.items()},
    **{name: partial(of_run, form) for name, form in mutate_runs.WHOLE.items()},
}


def turn(wanted: set[str]) -> list[tuple[str, int]]:
    """The forms of a turn, each with how many mutants it gets."""
    parts = {name: share * TURN // 100 for name, share in SHARES.items()} | RUNS
    return [(name, count) for name, count in parts.items() if not wanted or name in wanted]


def report(counts: Counter[tuple[str, str]], started: float) -> str:
    """The counts by form."""
    names = list(dict.fromkeys(name for name, _ in counts))
    lines = [f"{sum(counts.values()):,} mutants in {time.monotonic() - started:,.0f} s"]
    for name in names:
        found = {verdict: number for (of, verdict), number in sorted(counts.items()) if of == name}
        lines.append(f"{name:18} {sum(found.values()):9,}  " + ", ".join(f"{k} {v:,}" for k, v in found.items()))
    return "\n".join(lines) + "\n"


def main() -> None:
    """Judge as many mutants as asked for; say the counts and what came out wrong."""
    count, first = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    wanted = set(sys.argv[3:])
    counts: Counter[tuple[str, str]] = Counter()
    started, seed, turns = time.monotonic(), first, 0
    warnings.filterwarnings("ignore", "Duplicate name")
    with tempfile.TemporaryDirectory() as folder, mock.patch.object(runs, "library", FactorTable):
        mutate_runs.prepare(Path(folder))
        while sum(counts.values()) < count:
            for name, number in turn(wanted):
                for at in range(seed, seed + number):
                    verdict, names, content = JUDGES[name](at, Path(folder))
                    counts[name, verdict.partition(":")[0]] += 1
                    if verdict.startswith(("wrong", "crash")):
                        sys.stdout.write(f"! {name} {at} {names} {verdict[:300]} {content[:100]!r}\n")
                        sys.stdout.flush()
            seed, turns = seed + TURN, turns + 1
            if turns % 20 == 0:
                sys.stdout.write(report(counts, started))
                sys.stdout.flush()
    sys.stdout.write(f"seeds {first} to {seed - 1}\n{report(counts, started)}")


if __name__ == "__main__":
    main()
