"""A greenhouse gas accounting engine: exact totals, published tables checked, every figure explained.

>>> import ghg
>>> run = ghg.run("scenarios/kingsoft-cloud/2024.yaml")
>>> ghg.decimal_text(run.figure("scope2").amount)
'57639.350476'

Importing the package is light: each name loads its module when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from ghg.calls import calculate
    from ghg.issues import GhgError, InputError, Issue, UnitError, UnknownNameError
    from ghg.numbers import decimal_text
    from ghg.runs import Run, run
    from ghg.scopes import scope1, scope2, scope3
    from ghg.statement import Statement

_HOMES = {
    "GhgError": "issues", "InputError": "issues", "Issue": "issues", "UnitError": "issues",
    "UnknownNameError": "issues", "Run": "runs", "Statement": "statement", "calculate": "calls",
    "decimal_text": "numbers", "run": "runs", "scope1": "scopes", "scope2": "scopes", "scope3": "scopes",
}  # fmt: skip

__all__ = [
    "GhgError", "InputError", "Issue", "Run", "Statement", "UnitError", "UnknownNameError",
    "__version__", "calculate", "decimal_text", "run", "scope1", "scope2", "scope3",
]  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'ghg' has no attribute {name!r}")
    return getattr(import_module(f"ghg.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
