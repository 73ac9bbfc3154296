from __future__ import annotations

from pathlib import Path

import pytest

from ghg import cli
from ghg.reports.bridges import BridgeDocument
from ghg.reports.changes import WhatIfDocument
from ghg.reports.sensitivities import SensitivityDocument

ROOT = Path(__file__).parent.parent.parent
FOLDER = "scenarios/kingsoft-cloud"
Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _in_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def ghg(capsys: Captured, *arguments: str) -> tuple[int, str, str]:
    code = cli._main(list(arguments))
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_what_if_file_is_all_the_command_needs(capsys: Captured) -> None:
    code, out, err = ghg(capsys, "what-if", f"{FOLDER}/what-if/2024-grid-2023.yaml")
    assert (code, err) == (0, "")
    assert out.startswith("What would 2024 look like at the grid factors of 2023? (Kingsoft Cloud Holdings Limited")
    assert "    why: the Ministry of Ecology and Environment" in out
    assert "56,994.86" in out


def test_a_file_and_options_give_one_answer_by_either_way(capsys: Captured) -> None:
    _, by_file, _ = ghg(capsys, "what-if", f"{FOLDER}/what-if/2024-grid-2023.yaml", "--format", "csv")
    _, by_option, _ = ghg(
        capsys, "what-if", f"{FOLDER}/2024.yaml", "--swap", "cn-mee-2022=cn-mee-2023", "--format", "csv"
    )
    assert by_file == by_option


def test_files_come_before_options(capsys: Captured) -> None:
    code, out, _ = ghg(
        capsys, "what-if", f"{FOLDER}/2024.yaml", "--gwp", "AR6", "--scale", "cn-mee-2022:national=0.5", "--file",
        f"{FOLDER}/what-if/2024-pue-targets.yaml", "--format", "json",
    )  # fmt: skip
    found = WhatIfDocument.model_validate_json(out)
    assert code == 0
    assert [change.what for change in found.changes][2:] == [
        "activity where site 'Beijing Yizhuang'", "cn-mee-2022:national", "GWP set",
    ]  # fmt: skip
    assert found.inventory == "kingsoft-cloud-2024"
    assert any(text.startswith("2024-pue-targets: ") for text in found.assumptions)


def test_compare_and_bridge_take_inventories_and_what_if_files(capsys: Captured) -> None:
    what_if = f"{FOLDER}/what-if/2024-ar6.yaml"
    code, out, _ = ghg(capsys, "compare", f"{FOLDER}/2024.yaml", what_if, "--by", "scope, gas", "--book", "location")
    assert code == 0
    assert out.startswith("Before and after\n\nscope  gas ")
    code, out, _ = ghg(capsys, "bridge", f"{FOLDER}/2024.yaml", what_if, "--format", "json")
    found = BridgeDocument.model_validate_json(out)
    assert (code, {name for name, effect in found.total.effects.items() if effect != "0"}) == (0, {"gwp"})
    code, out, _ = ghg(capsys, "bridge", f"{FOLDER}/2023.yaml", f"{FOLDER}/2024.yaml", "--format", "svg")
    assert (code, out.startswith("<svg")) == (0, True)


def test_a_what_if_can_be_shown_line_by_line(capsys: Captured) -> None:
    code, out, _ = ghg(capsys, "what-if", f"{FOLDER}/what-if/2024-ar6.yaml", "--by", "gas", "--book", "location")
    assert code == 0
    assert "N2O" in out


def test_sensitivity_of_an_inventory_and_of_a_what_if(capsys: Captured) -> None:
    code, out, _ = ghg(capsys, "sensitivity", f"{FOLDER}/2024.yaml", "--figure", "scope2", "--change", "5 %")
    assert code == 0
    assert "±5 %" in out
    _, out, _ = ghg(capsys, "sensitivity", f"{FOLDER}/what-if/2024-grid-2023.yaml", "--format", "json")
    assert "cn-mee-2023:national" in SensitivityDocument.model_validate_json(out).elasticities["scope2"]
    code, out, err = ghg(capsys, "sensitivity", f"{FOLDER}/2024.yaml", "--change", "much")
    assert (code, out) == (2, "")
    assert "number of per cent" in err


def test_a_what_if_as_a_picture(capsys: Captured) -> None:
    code, out, _ = ghg(capsys, "what-if", f"{FOLDER}/what-if/2024-ar6.yaml", "--format", "html")
    assert (code, out.startswith("<!DOCTYPE html>")) == (0, True)
    code, out, _ = ghg(
        capsys, "what-if", f"{FOLDER}/what-if/2024-green-power.yaml", "--book", "market", "--format", "svg"
    )
    assert (code, "-18,870.82" in out) == (0, True)
