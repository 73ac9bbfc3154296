"""Laws that any greenhouse gas pipeline can be held to, and Hypothesis strategies for what it computes.

A ``Pipeline`` says what it takes and how it computes; ``LAWS`` are tried on it:

    for law in ghg.testing.LAWS:
        print(law.check(pipeline))

Needs the extra ``ghg[testing]``. The how-to "Test your own pipeline" shows a whole example.
"""

from importlib.util import find_spec

if find_spec("hypothesis") is None:
    raise ModuleNotFoundError("ghg.testing needs Hypothesis: pip install 'ghg[testing]'", name="hypothesis")

from ghg.testing.formats import FORMATS
from ghg.testing.inventories import (
    REGIONS,
    UNITS,
    YEAR,
    Row,
    figures_of,
    inventory,
    posts,
    rewritten,
    rows,
    run_rows,
    smaller_units,
    tables,
)
from ghg.testing.law import Breach, Counterexample, Law, Outcome, Verdict
from ghg.testing.laws import LAWS
from ghg.testing.own import LIBRARY, OWN
from ghg.testing.pipeline import ABILITIES, TOTAL, Case, Coverage, Format, Pipeline, Totals
from ghg.testing.shares import SHARES
from ghg.testing.stated import certificates, published_tables, stated_inventories, what_ifs
from ghg.testing.strategies import amounts, cases, factor_tables, instruments, numbered, quantities, split

__all__ = [
    "ABILITIES", "FORMATS", "LAWS", "LIBRARY", "OWN", "REGIONS", "SHARES", "TOTAL", "UNITS", "YEAR", "Breach", "Case",
    "Counterexample", "Coverage", "Format", "Law", "Outcome", "Pipeline", "Row", "Totals", "Verdict", "amounts",
    "cases", "certificates", "factor_tables", "figures_of", "instruments", "inventory", "numbered", "posts",
    "published_tables", "quantities", "rewritten", "rows", "run_rows", "smaller_units", "split",
    "stated_inventories", "tables", "what_ifs",
]  # fmt: skip
