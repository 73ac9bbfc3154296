"""A table run through the command line as a user would run it: an inventory beside it, and what comes out."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from ghg import cli
from ghg.issues import REMARKS, RULES

FACTOR = (
    "id,factor,kind,activity,name,name_local,region,valid_from,valid_to,gas,value,unit,gwp_set,basis,lower,upper,"
    "uncertainty,source,locator,verification,derived_from,note\n"
)
FACTORS = {
    "electricity": ("electricity", "grid_average", "0.5", "kg/kWh"),
    "diesel": ("fuel.diesel.stationary.commercial", "combustion", "2.5", "kg/kg"),
    "diesel by litre": ("own.diesel", "combustion", "2.5", "kg/L"),
    "natural gas": ("own.natural_gas", "combustion", "2", "kg/m3"),
    "natural gas by energy": ("own.natural_gas", "combustion", "0.05", "kg/MJ"),
    "coal": ("own.coal", "combustion", "3", "kg/kg"),
    "road freight": ("own.road_freight", "combustion", "0.1", "kg/tkm"),
}
"""Made-up factors, so that totals are checked in the head: activity word, basis, kg CO2 and unit."""
INVENTORY: dict[str, Any] = {
    "inventory": "corpus",
    "organisation": "Acme",
    "title": "made-up rows",
    "period": {"start": "2025-01-01", "end": "2025-12-31"},
    "base_year": "none",
    "consolidation": "not_stated",
    "boundary": "made-up rows",
    "gwp": "AR5",
    "books": ["location"],
    "publications": ["made-up"],
    "ladder": {"regions": ["exact", "parent", "world"], "max_age_years": 0},
    "factors": ["factors.csv"],
    "sources": {
        "made-up": {
            "title": "made-up factors", "publisher": "the tests", "edition": "1", "published": "2025",
            "licence": "none",
            "retrieved": "2025-01-01",
        }
    },
}  # fmt: skip
COLUMNS = {"start": "date", "end": "date", "amount": "quantity"}
FILL = {"entity": "Acme", "region": "GB", "provenance": "measured"}


@dataclass(frozen=True)
class Outcome:
    """What a command line gave.

    Attributes:
        code: the exit code.
        out: standard output.
        err: standard error.
        rules: rules of errors, then of notes.
        places: rule and line of each error.
        total: kg CO2e, where a result was printed.
    """

    code: int
    out: str
    err: str
    rules: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    places: list[tuple[str, int]] = field(default_factory=list)
    total: Fraction | None = None

    @property
    def is_incomplete(self) -> bool:
        return "INCOMPLETE" in self.out or '"complete": false' in self.out


def factors() -> str:
    """The made-up factors as a table."""
    rows = io.StringIO()
    write = csv.writer(rows, lineterminator="\n").writerow
    for name, (activity, basis, value, unit) in FACTORS.items():
        write(
            [
                f"made-up:{name}", f"made-up:{name}", "emission_factor", activity, name, "", "WORLD", "2025-01-01",
                "2025-12-31", "CO2", value, unit, "", basis, "", "", "none stated", "made-up", "none", "made up", "",
                "",
            ]
        )  # fmt: skip
    return FACTOR + rows.getvalue()


def write_inventory(
    folder: Path,
    tables: list[str],
    reading: Mapping[str, Any] | None = None,
    without: Collection[str] = (),
    **changes: Any,
) -> Path:
    """An inventory file that names tables in its folder; JSON is YAML. The tables have the columns of ``without``."""
    fill = {name: word for name, word in FILL.items() if name not in without}
    declared = {name: {"columns": COLUMNS, "fill": fill, **(reading or {})} for name in tables}
    text = json.dumps({**INVENTORY, "activity": tables, "reading": declared, **changes}, ensure_ascii=False)
    (folder / "inventory.yaml").write_text(text, encoding="utf-8")
    (folder / "factors.csv").write_text(factors(), encoding="utf-8")
    return folder / "inventory.yaml"


def run(inventory: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> Outcome:
    """``ghg run`` on an inventory, as JSON for figures and as text for messages."""
    code = cli._main(["run", str(inventory), *arguments])
    said = capsys.readouterr()
    rules = re.findall(r"\[([a-z]+(?:-[a-z0-9]+)+)\]$", said.err, re.MULTILINE)
    assert set(rules) <= set(RULES), said.err
    places = [
        (rule, int(line))
        for line, rule in re.findall(r":(\d+)(?:: .*)?\[([a-z]+(?:-[a-z0-9]+)+)\]$", said.err, re.MULTILINE)
    ]
    document, beside = {}, ""
    if said.out:
        cli._main(["run", str(inventory), "--format", "json", *arguments])
        printed, beside = capsys.readouterr()
        document = json.loads(printed)
    notes = [issue["rule"] for issue in document.get("issues", []) if issue["severity"] == "note"]
    notes += [rule for rule in REMARKS if f"[{rule}]" in beside]
    figures = {found["figure"]: found for found in document.get("figures", [])}
    total = sum(
        (Fraction(figures[name]["value"]) for name in ("scope1", "scope2", "scope3") if name in figures), Fraction(0)
    )
    return Outcome(code, said.out, said.err, rules, notes, places, total * 1000 if figures or not rules else None)
