"""A small inventory with instruments, written to a folder, for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import ghg
from ghg.runs import Run

INVENTORY = """\
inventory: small
organisation: Group
title: Small inventory
period: {start: 2022-01-01, end: 2022-12-31}
base_year: none
consolidation: operational_control
boundary: the example
gwp: AR5
books: [location, market]
publications: [cn-mee-2022]
ladder: {regions: [exact, parent], max_age_years: 0}
activity: [activity.csv]
sources:
  letter: {title: Letter, publisher: Generator, edition: "2022", published: "2023", licence: own, retrieved: 2023-03-01}
"""
ACTIVITY = {
    "entity": "North", "activity": "purchased_electricity", "region": "CN-BJ", "start": "2022-01-01",
    "end": "2022-12-31", "amount": "1000", "unit": "MWh", "provenance": "measured",
}  # fmt: skip
INSTRUMENT = {
    "kind": "gec", "carrier": "electricity", "amount": "250", "unit": "MWh", "technology": "wind", "market": "CN",
    "vintage_start": "2022-01-01", "vintage_end": "2022-12-31", "issued": "2023-01-05", "retired": "2023-01-20",
    "registry": "GEC", "beneficiary": "Group", "attributes": "conveyed", "emission_rate": "0", "rate_unit": "kg/kWh",
    "rate_gas": "CO2e", "rate_gwp_set": "AR5", "factor": "", "source": "letter", "locator": "page 1",
}  # fmt: skip
CONTRACT = {"kind": "ppa", "registry": "", "retired": "", "issued": ""}
"""What a contract has otherwise than a certificate."""


def table(rows: Iterable[Mapping[str, str]], base: Mapping[str, str]) -> str:
    """Rows as CSV; ids and tracking ids are their numbers where they are not given."""
    filled = [{"id": f"{n}", "tracking_id": f"T{n}", **base, **row} for n, row in enumerate(rows, start=1)]
    names = [*(["id", "tracking_id"] if "carrier" in base else ["id"]), *base]
    return "\n".join(",".join(line) for line in [names, *([row[name] for name in names] for row in filled)]) + "\n"


def write(
    folder: Path, rows: Iterable[Mapping[str, str]], instruments: Iterable[Mapping[str, str]], more: str = ""
) -> Path:
    """The inventory's files; its path."""
    named = "" if "instruments:" in more else "instruments: {tables: [instruments.csv]}\n"
    (folder / "inventory.yaml").write_text(INVENTORY + named + more, encoding="utf-8")
    (folder / "activity.csv").write_text(table(rows, ACTIVITY), encoding="utf-8")
    (folder / "instruments.csv").write_text(table(instruments, INSTRUMENT), encoding="utf-8")
    return folder / "inventory.yaml"


def run(
    folder: Path, rows: Iterable[Mapping[str, str]], instruments: Iterable[Mapping[str, str]], more: str = ""
) -> Run:
    """The inventory, computed."""
    return ghg.run(write(folder, rows, instruments, more))


def market(made: Run) -> str:
    """The market-based Scope 2 figure in t, exact."""
    value = made.figure("scope2_market")
    assert value is not None
    return str(value.amount)
