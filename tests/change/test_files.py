from __future__ import annotations

from pathlib import Path

import pytest

import ghg
from ghg.change.files import onto, read_file, stack
from ghg.issues import GhgError, InputError
from ghg.reports import csv

ROOT = Path(__file__).parent.parent.parent
INVENTORY = "scenarios/kingsoft-cloud/2024.yaml"
SHIPPED = sorted((ROOT / "scenarios" / "kingsoft-cloud" / "what-if").glob("*.yaml"))
HEAD = "what_if: w\ntitle: t\nreference: r\n"


@pytest.fixture(autouse=True)
def _in_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_each_shipped_what_if_gives_the_figures_pinned_beside_it(path: Path) -> None:
    found = stack(path)
    run = ghg.run(found.inventory)
    after = run.what_if(file=path)
    assert csv.statement(after.compare(run)) == path.with_suffix(".csv").read_text(encoding="utf-8")
    assert all(change.is_used and change.why for change in after.changes)
    run.close()


def test_a_figure_is_pinned_for_each_what_if_and_no_other() -> None:
    assert {path.stem for path in SHIPPED} == {path.stem for path in SHIPPED[0].parent.glob("*.csv")}
    assert all(path.stem == getattr(read_file(path), "what_if").what_if for path in SHIPPED)  # noqa: B009


def test_a_file_brings_what_it_stacks_on_once() -> None:
    targets = stack("scenarios/kingsoft-cloud/what-if/2024-pue-targets.yaml")
    assert targets.inventory == INVENTORY
    assert [file.what_if.what_if for file in targets.files] == ["2024-by-site", "2024-pue-targets"]
    both = onto(INVENTORY, [file.name for file in targets.files])
    assert [file.what_if.what_if for file in both] == ["2024-by-site", "2024-pue-targets"]
    assert stack(INVENTORY).files == ()


def test_a_file_of_another_inventory_is_refused() -> None:
    with pytest.raises(GhgError, match=r"stacks on .*2024.yaml, not on .*2023.yaml"):
        onto("scenarios/kingsoft-cloud/2023.yaml", ["scenarios/kingsoft-cloud/what-if/2024-ar6.yaml"])
    with pytest.raises(GhgError, match="is no what-if file"):
        onto(INVENTORY, [INVENTORY])


def test_a_baseline_that_leads_back_is_refused(tmp_path: Path) -> None:
    one = written(tmp_path, "one.yaml", HEAD + "baseline: two.yaml\nchanges: []\n")
    written(tmp_path, "two.yaml", HEAD + "baseline: one.yaml\nchanges: []\n")
    with pytest.raises(InputError, match="leads back to this file"):
        stack(one)


@pytest.mark.parametrize(
    ("changes", "line", "message"),
    [
        ("  - change: set_factor\n    factor: x\n    to: 1 kg/kWh\n", 6, "is missing"),
        ("  - change: guess\n    why: w\n", 6, "does not match any of the expected tags"),
        ("  - change: set_gwp\n    gwp: AR7\n    why: w\n", 6, "there is no GWP set 'AR7'"),
        ("  - change: scale_factor\n    factor: x\n    by: -1\n    why: w\n", 6, "not negative"),
        (
            "  - change: shift_factor\n    factor: x\n    yearly_change: -1\n    years: 2\n    why: w\n",
            6,
            "whole value",
        ),
        ("  - change: drop_activity\n    where: {}\n    why: w\n", 6, "it is empty"),
        ("  - change: drop_activity\n    where: {colour: red}\n    why: w\n", 6, "it is one of 'id'"),
        ("  - change: pin_factor\n    activity: electrcity\n    factor: x\n    why: w\n", 6, "not in the chart"),
        ("  - change: add_activity\n    rows: [{amuont: 1}]\n    why: w\n", 6, "Did you mean 'amount'"),
    ],
)
def test_a_wrong_change_is_refused_with_its_line(tmp_path: Path, changes: str, line: int, message: str) -> None:
    path = written(tmp_path, "w.yaml", HEAD + f"baseline: 2024.yaml\nchanges:\n{changes}")
    with pytest.raises(InputError) as caught:
        read_file(path)
    [issue] = caught.value.issues
    assert message in issue.message
    assert (issue.line or 0) >= line
