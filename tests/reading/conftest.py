from __future__ import annotations

import pytest

from ghg import runs
from ghg.factors import FactorTable


@pytest.fixture(autouse=True)
def _only_own_factors(monkeypatch: pytest.MonkeyPatch) -> None:
    """These inventories bring their own factors; the library would cost each run a second."""
    monkeypatch.setattr(runs, "library", FactorTable)
