"""Base-year files with small inventories beside them, for tests: one kilogram of CO2e a kilowatt-hour."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

FACTOR = (
    "id,factor,kind,activity,name,name_local,region,valid_from,valid_to,gas,value,unit,gwp_set,basis,lower,upper,"
    "uncertainty,source,locator,verification,derived_from,note\n"
    "own,own,emission_factor,electricity,one,,WORLD,,,CO2e,1,kg/kWh,AR5,grid_average,,,none,own,stated,"
    "verified: one source,,\n"
)
POLICY: Mapping[str, Any] = {
    "kind": "fixed", "year": "2022", "threshold": "5", "cumulation": "net", "figures": ["scope2"],
    "triggers": ["structural", "outsourcing", "insourcing", "method", "accuracy", "error"], "transfers": "all_year",
    "why": "stated by the test",
}  # fmt: skip


def row(year: str, entity: str, kilograms: str, activity: str = "purchased_electricity") -> dict[str, str]:
    """A row that emits so many kilograms."""
    return {
        "id": f"{entity}-{year}-{activity}", "entity": entity, "activity": activity, "region": "WORLD",
        "start": f"{year}-01-01", "end": f"{year}-12-31", "amount": kilograms, "unit": "kWh", "provenance": "measured",
    }  # fmt: skip


def write_years(folder: Path, years: Mapping[str, Sequence[Mapping[str, str]]]) -> dict[str, str]:
    """An inventory file a year; gives their names by year."""
    (folder / "own.csv").write_text(FACTOR, encoding="utf-8")
    source = {
        "title": "t", "publisher": "p", "edition": "e", "published": "2022", "licence": "l", "retrieved": "2022-01-01",
    }  # fmt: skip
    for year, rows in years.items():
        lines = [",".join(rows[0]), *(",".join(found.values()) for found in rows)]
        (folder / f"{year}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        inventory = {
            "inventory": year, "organisation": "Test", "title": year,
            "period": {"start": f"{year}-01-01", "end": f"{year}-12-31"}, "base_year": "stated elsewhere",
            "consolidation": "not_stated", "boundary": "test", "gwp": "AR5", "books": ["location"],
            "publications": ["own"], "ladder": {"regions": ["exact", "parent", "world"], "max_age_years": "0"},
            "activity": [f"{year}.csv"], "factors": ["own.csv"], "sources": {"own": source},
        }  # fmt: skip
        (folder / f"{year}.yaml").write_text(json.dumps(inventory, indent=1), encoding="utf-8")
    return {year: f"{year}.yaml" for year in years}


def write_base_year(
    folder: Path, years: Mapping[str, Sequence[Mapping[str, str]]], events: Sequence[Mapping[str, Any]], **policy: Any
) -> str:
    """A base-year file with its inventories; gives its path."""
    stated = {name: value for name, value in {**POLICY, **policy}.items() if value is not None}
    file = {
        "base_year": "test", "title": "Test", "organisation": "Test", "policy": stated,
        "inventories": write_years(folder, years),
        "events": [{"what": "stated by the test", "date": "2023-01-01", **event} for event in events],
    }  # fmt: skip
    path = folder / "base-year.yaml"
    path.write_text(json.dumps(file, indent=1), encoding="utf-8")
    return str(path)
