"""Reading the library and resolving distinct keys against all its packs, each beside a baseline of the same run.

    python benchmarks/resolve.py [--keys 50000] [--check 300] [--seed 1]

Keys are drawn over every word, basis and place of the library and over the months of 2019 to 2026; the inventory names
every publication, its ladder is exact, parent, world, and factors may be five years old. Baselines:

- reading: ``csv.DictReader`` over the same packs, rows kept as dictionaries;
- resolving: one look-up in a dictionary by word, basis, place and year for each key, which has neither a ladder nor a
  reason: the least that any tool can do;
- the linear scan that weighs every factor of the word for each key, measured over ``--check`` keys. Its choice has to
  be the same, or the benchmark fails.

Times are processor seconds of this process, so a busy machine changes the ratios little.
"""

from __future__ import annotations

import argparse
import csv
import random
import time
from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from ghg import bundle
from ghg.factors import FACTOR, FactorTable, library
from ghg.inventory import Inventory
from ghg.regions import regions
from ghg.resolve import Chooser, Want
from ghg.sources import sources

Value = TypeVar("Value")
YEARS = range(2019, 2027)


def timed(work: Callable[[], Value]) -> tuple[Value, float]:
    """What work gives, and its processor seconds."""
    start = time.process_time()
    return work(), time.process_time() - start


def inventory() -> Inventory:
    """An inventory that allows every publication."""
    return Inventory.model_validate(
        {
            "inventory": "benchmark", "organisation": "benchmark", "title": "benchmark",
            "period": {"start": "2019-01-01", "end": "2026-12-31"}, "base_year": "none",
            "consolidation": "not_stated", "boundary": "none", "gwp": "AR5", "books": ["location"],
            "publications": sorted({row["source"] for row in library().texts()} & set(sources())),
            "ladder": {"regions": ["exact", "parent", "world"], "max_age_years": "5"}, "activity": ["none.csv"],
        }
    )  # fmt: skip


def keys(table: FactorTable, count: int, seed: int) -> list[Want]:
    """Distinct keys: a word with the basis and dimension of one of its factors, a place and a month."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    named = [name for name, factor in table.factors.items() if factor.first.kind == FACTOR]
    places = list(regions())
    found: dict[Want, None] = {}
    while len(found) < count:
        first = table.factors[chance.choice(named)].first
        place = chance.choice([first.region, first.region, chance.choice(places)])
        year, month = chance.choice(YEARS), chance.randint(1, 12)
        days = date(year, month, 1), date(year, month, monthrange(year, month)[1])
        dimension = first.per.denominator.dimension
        found[Want(FACTOR, first.activity, "", (first.basis,), False, place, *days, "location", dimension)] = None
    return list(found)


def scanned(chooser: Chooser, want: Want) -> set[str]:
    """The factors that a linear scan over all of the word leaves at the top."""
    left = [
        factor for factor in chooser.table.candidates(want.kind, want.activity)
        if not chooser._out_of_place(factor, want) and not chooser._out_of_time(factor, want)  # noqa: SLF001
        and factor.first.region in chooser._allowed(want.region)  # noqa: SLF001
    ]  # fmt: skip
    ranks = {factor.id: chooser._rank(factor, want) for factor in left}  # noqa: SLF001
    return {name for name, rank in ranks.items() if rank == min(ranks.values())}


def looked_up(table: FactorTable, wants: Sequence[Want]) -> int:
    """How many keys a plain dictionary answers."""
    exact = {
        (f.first.activity, f.first.basis, f.first.region, f.first.valid_from.year if f.first.valid_from else 0): f
        for f in table.factors.values()
    }
    return sum((want.activity, want.bases[0], want.region, want.start.year) in exact for want in wants)


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--keys", type=int, default=50_000)
    asked.add_argument("--check", type=int, default=300)
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    paths = sorted((bundle.folder("factors") / "packs").glob("*/*.csv"))
    _, plain = timed(lambda: [list(csv.DictReader(path.open(encoding="utf-8", newline=""))) for path in paths])
    table, opened = timed(library)
    _, scanned_all = timed(lambda: len(table.factors))
    read = opened + scanned_all
    wants = keys(table, options.keys, options.seed)
    chooser = Chooser(library.__wrapped__(), inventory())
    choices, resolved = timed(lambda: [chooser.choose(want) for want in wants])
    _, again = timed(lambda: [chooser.choose(want) for want in wants])
    _, floor = timed(lambda: looked_up(table, wants))
    sample = random.Random(options.seed).sample(range(len(wants)), min(options.check, len(wants)))  # noqa: S311
    tops, scan = timed(lambda: [scanned(chooser, wants[number]) for number in sample])
    for number, top in zip(sample, tops, strict=True):
        choice = choices[number]
        taken = {choice.factor.id} if choice.factor else set(choice.standing)
        if not taken <= top or bool(taken) != bool(top):
            raise SystemExit(f"{wants[number]}: chosen {taken}, a linear scan leaves {top}")
    answered = sum(choice.factor is not None for choice in choices)
    print(f"library: {len(table.factors):,} factors, {len(table.rows):,} rows in {len(paths)} packs")
    print(
        f"read: opened in {opened:.3f} s, every pack scanned in {read:.3f} s, {read / plain:.2f} × csv.DictReader "
        f"({plain:.3f} s)"
    )
    print(f"resolve: {len(wants):,} keys in {resolved:.2f} s ({resolved / len(wants) * 1e6:.0f} µs a key), "
          f"{resolved / floor:.1f} × plain look-ups ({floor:.2f} s), validating each factor it meets; "
          f"{again:.2f} s once they are validated; {answered:,} take one factor")  # fmt: skip
    each = scan / len(sample)
    print(f"linear scan: {each * 1e6:.0f} µs a key over {len(sample)} keys, "
          f"{each * len(wants) / resolved:.1f} × the time; the same choice for every one")  # fmt: skip


if __name__ == "__main__":
    main()
