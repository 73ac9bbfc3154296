"""The engine against an independent reference: thousands of random inventories by hand, some in the suite.

``python -m tests.test_reference 2000`` compares two thousand and says how many.
"""

from __future__ import annotations

import ast
import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from ghg import bundle
from ghg.inventory import Inventory
from ghg.testing import figures_of, inventory, run_rows
from ghg.testing.reference import NotCoveredError, Reference, Rules
from ghg.units import accepted

BATCHES = 10
"""Tests, of six inventories each."""
YEAR = 2022
SOURCES = ("cn-mee-2021", "cn-mee-2022", "cn-mee-2023", "ipcc-2006-v2", "desnz-2023", "desnz-2024", "ember-owid-2024")
WORDS = {
    "purchased_electricity": "energy",
    "leased_assets_electricity": "energy",
    "diesel_stationary": "energy_net mass",
    "gasoline_mobile": "energy_net mass",
    "water": "mass",
    "waste_hazardous": "mass",
}
REGIONS = ("CN", "CN-BJ", "CN-TJ", "CN-GRID-EAST", "CN-XZ", "CN-JS", "GB", "US", "WORLD")


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference(bundle.folder("factors"))


def drawn(choice: random.Random) -> tuple[Inventory, Rules, list[dict[str, str]]]:
    """An inventory with its rules as plain values, and rows; some of them without a factor."""
    rules = Rules(
        gwp=choice.choice(("AR4", "AR5", "AR6")),
        books=("location", "market") if choice.random() < 0.5 else ("location",),
        publications=tuple(choice.sample(SOURCES, choice.randint(2, len(SOURCES)))),
        rungs=choice.choice((("exact",), ("exact", "parent"), ("exact", "parent", "world"))),
        max_age_years=choice.choice((0, 1, 3)),
        decimals=choice.choice((0, 3, 6, 9)),
    )
    stated = inventory(rules.gwp, f"1e-{rules.decimals}", books=rules.books)  # type: ignore[arg-type]
    ladder = {"regions": rules.rungs, "max_age_years": rules.max_age_years, "preference": "listed"}
    period = {"start": f"{YEAR}-01-01", "end": f"{YEAR + 1}-12-31"}
    fields = stated.model_dump() | {"publications": rules.publications, "ladder": ladder, "period": period}
    return Inventory.model_validate(fields), rules, [row(choice, number) for number in range(choice.randint(1, 12))]


def row(choice: random.Random, number: int) -> dict[str, str]:
    activity = choice.choice(sorted(WORDS))
    units = [name for name, unit in accepted().items() if unit.dimension in WORDS[activity].split()]
    year = choice.choice((YEAR, YEAR + 1))
    start = date(year, 1, 1) + timedelta(days=choice.randint(0, 300))
    digits = choice.randint(0, 9)
    return {
        "id": str(number), "entity": choice.choice(("north", "south")), "activity": activity, "provenance": "measured",
        "region": choice.choice(REGIONS), "start": str(start), "unit": choice.choice(units),
        "end": str(start + timedelta(days=choice.randint(0, 60))),
        "amount": f"{choice.choice((0, 1, choice.random() * 10 ** choice.randint(0, 9))):.{digits}f}",
    }  # fmt: skip


def compared(reference: Reference, seed: int) -> int:
    """How many rows of one random inventory both computed alike; a row that one refuses, the other refuses."""
    stated, rules, rows = drawn(random.Random(seed))  # noqa: S311 - inventories that can be drawn again
    sound = [one for one in rows if outcome(reference, rules, [one]) is not None]
    run = run_rows(rows, stated, incomplete=True)
    refused = {issue.line for issue in run.errors}
    assert refused == {line for line, one in enumerate(rows, start=1) if one not in sound}, f"seed {seed}"
    assert shown(figures_of(run)) == reference.figures(rules, sound), f"seed {seed}"
    return len(sound)


def outcome(reference: Reference, rules: Rules, rows: list[dict[str, str]]) -> dict[str, Fraction] | None:
    try:
        return reference.figures(rules, rows)
    except NotCoveredError:
        return None


def shown(figures: dict[str, Fraction]) -> dict[str, Fraction]:
    return {name: value for name, value in figures.items() if "/" not in name}


@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_engine_and_the_reference_give_the_same_figures(reference: Reference, batch: int) -> None:
    assert sum(compared(reference, seed) for seed in range(batch * 6, batch * 6 + 6)) > 0


def test_the_reference_shares_no_code_with_the_engine() -> None:
    from ghg.testing import reference as module

    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [part.name for part in node.names])
    }
    assert imported <= {"__future__", "csv", "collections", "dataclasses", "decimal", "fractions", "math", "pathlib"}
    named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not named & {"__import__", "exec", "eval", "importlib"}
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert not [node for node in calls if getattr(node.func, "id", "") in ("__import__", "exec", "eval")]


def every(count: int) -> Iterator[int]:
    reference = Reference(bundle.folder("factors"))
    for seed in range(1000, 1000 + count):
        yield compared(reference, seed)


if __name__ == "__main__":
    counted = list(every(int(sys.argv[1])))
    sys.stdout.write(f"{len(counted)} inventories, {sum(counted)} rows computed alike, the rest refused by both\n")
