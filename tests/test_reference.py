"""The engine against an independent reference: a hundred random inventories; by hand ``tests.trials.differential``."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from ghg.testing import reference
from tests.trials import differential

BATCHES, EACH = 10, 10


@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_engine_and_the_reference_give_the_same_figures(batch: int) -> None:
    counted = [differential.compared(seed) for seed in range(batch * EACH, (batch + 1) * EACH)]
    assert sum(count["posted"] for count in counted) > 0


def test_what_differs_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    gwps = differential.reference().gwps
    monkeypatch.setitem(gwps, ("AR5", "SF6"), gwps["AR5", "SF6"] + 1)
    monkeypatch.setattr(differential, "WORDS", {"fugitive_gases": ("mass", ("SF6",))})
    with pytest.raises(AssertionError, match=r"seed \d+: .*scope1"):
        _ = [differential.compared(seed) for seed in range(20)]


def test_the_reference_shares_no_code_with_the_engine() -> None:
    folder = Path(str(reference.__file__)).parent
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py")))
    tree = ast.parse(text.replace("from __future__ import annotations\n", ""))
    imported = {
        name if name.startswith("ghg.") else name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [part.name for part in node.names])
    }
    allowed = {"csv", "collections", "dataclasses", "datetime", "decimal", "fractions", "math", "pathlib", "re"}
    assert imported <= allowed | {"ghg.testing.reference.shares", "ghg.testing.reference.tables"}
    named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not named & {"__import__", "exec", "eval", "importlib"}
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert not [node for node in calls if getattr(node.func, "id", "") in ("__import__", "exec", "eval")]
