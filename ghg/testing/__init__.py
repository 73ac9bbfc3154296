"""Hypothesis strategies for inventories and their rows. Needs the extra ``ghg[testing]``."""

from ghg.testing.rows import (
    REGIONS,
    UNITS,
    YEAR,
    Row,
    amounts,
    figures_of,
    inventory,
    numbered,
    posts,
    rewritten,
    rows,
    run_rows,
    smaller_units,
    split,
    tables,
)

__all__ = [
    "REGIONS", "UNITS", "YEAR", "Row", "amounts", "figures_of", "inventory", "numbered", "posts", "rewritten", "rows",
    "run_rows", "smaller_units", "split", "tables",
]  # fmt: skip
