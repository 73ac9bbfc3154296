"""A small inventory with entities, written to a folder, for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import ghg
from ghg.runs import Run
from tests.instruments.small import ACTIVITY, INVENTORY, table

HOLDING = {
    "parent": "Group", "type": "subsidiary", "equity_share": "0.83", "financial_control": "yes",
    "operational_control": "yes", "lease": "", "role": "", "valid_from": "", "valid_to": "",
}  # fmt: skip
LEASE = {
    "type": "leased_asset", "equity_share": "", "financial_control": "", "operational_control": "", "role": "lessee",
    "lease": "operating",
}  # fmt: skip
"""What a leased asset has otherwise than a subsidiary."""


def holdings(rows: Iterable[Mapping[str, str]]) -> str:
    """Holdings as CSV."""
    names = ["entity", *HOLDING]
    return "\n".join(
        ",".join(line) for line in [names, *([{**HOLDING, **row}[name] for name in names] for row in rows)]
    )


def write(
    folder: Path,
    rows: Iterable[Mapping[str, str]],
    held: Iterable[Mapping[str, str]],
    approach: str = "equity_share",
    more: str = "",
) -> Path:
    """The inventory's files; its path."""
    text = INVENTORY.replace("operational_control", approach) + "entities: [entities.csv]\n" + more
    (folder / "inventory.yaml").write_text(text, encoding="utf-8")
    (folder / "activity.csv").write_text(table(rows, ACTIVITY), encoding="utf-8")
    (folder / "entities.csv").write_text(holdings(held) + "\n", encoding="utf-8")
    return folder / "inventory.yaml"


def run(
    folder: Path,
    rows: Iterable[Mapping[str, str]],
    held: Iterable[Mapping[str, str]],
    approach: str = "equity_share",
    more: str = "",
) -> Run:
    """The inventory, computed."""
    return ghg.run(write(folder, rows, held, approach, more))
