"""The adapter for ``ghg`` itself: each worked example becomes an inventory on disk and goes through the front door."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import closing
from fractions import Fraction
from pathlib import Path

from ghg.conformance.engine import Answers, Engine
from ghg.conformance.examples import Example
from ghg.evidence import write_file
from ghg.factors import FactorRow
from ghg.figures import figure
from ghg.reports import csv
from ghg.runs import Run, run
from ghg.testing.own import OWN

Rows = Iterable[Mapping[str, str]]


def write_example(example: Example, folder: Path) -> Path:
    """An example as an inventory file with its tables; gives the path of the inventory.

    Raises:
        GhgError: the files exist already or cannot be written.
    """
    tables: dict[str, Rows] = {"activity.csv": example.rows(), **example.files}
    if example.factors:
        tables["factors.csv"] = example.factor_rows()
    for name, rows in tables.items():
        write_file(folder / name, _csv(rows, tuple(FactorRow.model_fields) if name == "factors.csv" else ()))
    path = folder / f"{example.id}.yaml"
    # JSON is YAML, and every scalar is quoted, so it stays the text it is.
    write_file(path, json.dumps(_stated(example), ensure_ascii=False, indent=2) + "\n")
    return path


def run_example(example: Example) -> Run:
    """The run of an example.

    Raises:
        InputError: the input is refused, as an example with ``refused`` expects.
    """
    with tempfile.TemporaryDirectory(prefix="ghg-example-") as folder:
        return run(write_example(example, Path(folder)))


def _stated(example: Example) -> dict[str, object]:
    """The inventory file of an example; what the example states wins."""
    return {
        "inventory": example.id,
        "organisation": "worked example",
        "title": example.what,
        "period": dict(zip(("start", "end"), example.period, strict=True)),
        "base_year": "none",
        "consolidation": "not_stated",
        "boundary": "the rows of the example",
        "gwp": example.gwp,
        "books": ["location"],
        "quantum": "0.000000001",
        "publications": ["example"],
        "ladder": {"regions": ["exact", "parent", "world"], "max_age_years": "0"},
        "activity": ["activity.csv"],
        **({"factors": ["factors.csv"]} if example.factors else {}),
        "sources": {
            "example": {
                "title": "the publication of the example",
                "publisher": "as the publication states",
                "edition": "as the publication states",
                "published": "not stated",
                "licence": "single figures quoted as facts",
                "retrieved": "2026-11-26",
            }
        },
        **example.inventory,
    }


def _csv(rows: Rows, columns: tuple[str, ...] = ()) -> str:
    """Rows as CSV, with the columns that any of them has."""
    listed = list(rows)
    names = columns or tuple(dict.fromkeys(name for row in listed for name in row))
    return csv.table(names, [[row.get(name, "") for name in names] for row in listed])


def _answers(example: Example) -> Answers:
    """The figures of an example, and the masses of gases behind them in kg."""
    with closing(run_example(example)) as made:
        values = {**made.result.figures(), **made.result.intensities()}
        found = {name: (value.amount, value.unit) for name, value in values.items()}
        for expected in example.expected:
            if expected.gas:
                behind = made.result.behind(figure(expected.figure))
                masses = (entry.mass for entry in behind if entry.posting.gas == expected.gas)
                found[expected.name] = (sum(masses, Fraction(0)), "kg")
        return found


GHG = Engine(
    name="ghg", package="ghg", what="this engine, in exact numbers", pipeline=lambda: OWN,
    inapplicable=lambda _: "", answers=_answers,
)  # fmt: skip
