"""The arithmetic core: its modules, and the tests that hold each of them.

python -m tests.trials.core        runs these tests and fails where a branch of the core is not taken
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

import pytest

CORE: Mapping[str, tuple[str, ...]] = {
    "numbers": ("numbers", "intervals"),
    "intervals": ("intervals",),
    "units": ("units",),
    "gases": ("gases", "gwp"),
    "figures": ("figures",),
    "keys": ("keys", "plan", "matches"),
    "standing": ("standing", "plan"),
    "plan": ("plan",),
    "matches": ("matches", "plan"),
    "ledger": ("ledger",),
    "statement": ("statement",),
    "proofs": ("proofs",),
    "bulk/amounts": ("bulk/amounts",),
    "bulk/columns": ("bulk/columns",),
    "bulk/values": ("bulk/values",),
    "bulk/cells": ("bulk/cells", "bulk"),
    "bulk/posting": ("bulk/posting",),
}
"""Modules of the arithmetic core, each with the test files that hold it."""


def file_of(name: str) -> str:
    """The path of a test file.

    >>> file_of("boundary/pieces")
    'tests/boundary/test_pieces.py'
    """
    folder, slash, last = name.rpartition("/")
    return f"tests/{folder}{slash}test_{last}.py"


def arguments() -> list[str]:
    """What the test runner is asked: these tests, every branch of the core counted, none of it missed."""
    modules = (f"--cov=ghg.{module.replace('/', '.')}" for module in CORE)
    tests = dict.fromkeys(file_of(name) for tests in CORE.values() for name in tests)
    steady = ["-q", "-p", "no:randomly", "--hypothesis-seed=0"]
    return [*steady, *modules, "--cov-branch", "--cov-fail-under=100", "--cov-report=term-missing:skip-covered", *tests]


if __name__ == "__main__":
    raise SystemExit(pytest.main([*sys.argv[1:], *arguments()]))
