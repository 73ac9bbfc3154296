from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from ghg.cli import ghg
from tests.quality.test_portfolio import BOX_8, bank


def test_the_scores_of_a_portfolio_are_printed_in_every_form(tmp_path: Path) -> None:
    path = str(bank(tmp_path, *BOX_8))
    assert "3.53" in CliRunner().invoke(ghg, ["portfolio", path], standalone_mode=False).output
    found = json.loads(CliRunner().invoke(ghg, ["portfolio", path, "--format", "json"], standalone_mode=False).stdout)
    assert found["columns"] == ["asset_class", "item", "currency", "positions", "outstanding", "score"]
    assert found["rows"][-1][:3] == ["all", "all", "EUR"]
