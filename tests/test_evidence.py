from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest

import ghg
from ghg import evidence, ledger
from ghg.issues import GhgError
from ghg.reports.documents import CheckDocument, RunDocument
from ghg.testing import run_rows

ROOT = Path(__file__).parent.parent
SCENARIO = ROOT / "scenarios" / "kingsoft-cloud" / "2024.yaml"
FILES = [
    "SHA256SUMS",
    "balance.csv", "check.json", "factors.csv", "figures.csv", "inputs.csv", "issues.csv", "kernel.sql", "plan.csv",
    "run.json",
]  # fmt: skip


def saved(folder: Path, **options: int) -> Path:
    run = ghg.run(SCENARIO, **options)  # type: ignore[arg-type]
    made = run.save(folder)
    run.close()
    return made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved(tmp_path_factory.mktemp("evidence") / "runs" / "2024")


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_folder_holds_everything_and_nothing_else(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == FILES
    assert [path.name for path in folder.parent.iterdir()] == ["2024"]
    assert folder.stat().st_mode & 0o777 == 0o755


def test_the_documents_are_those_the_command_line_prints(folder: Path) -> None:
    document = RunDocument.model_validate_json((folder / "run.json").read_text(encoding="utf-8"))
    assert next(found.value for found in document.figures if found.figure == "scope2") == "57639.350476"
    assert not CheckDocument.model_validate_json((folder / "check.json").read_text(encoding="utf-8")).differs


def test_the_inputs_carry_their_checksums(folder: Path) -> None:
    rows = {row["file"]: row for row in table(folder / "inputs.csv")}
    assert list(rows) == ["2024.yaml", "activity/2024.csv", "factors/implied-2024.csv", "published.csv"]
    for name, row in rows.items():
        content = (SCENARIO.parent / name).read_bytes()
        assert (row["bytes"], row["sha256"]) == (str(len(content)), hashlib.sha256(content).hexdigest())


def test_the_kernel_is_the_statement_that_ran(folder: Path) -> None:
    assert ledger.statement((*ledger.FIXED, "entity")) in (folder / "kernel.sql").read_text(encoding="utf-8")


def test_plan_factors_and_balance_recompute_a_figure(folder: Path) -> None:
    choice = next(
        row
        for row in table(folder / "plan.csv")
        if (row["activity"], row["book"]) == ("purchased_electricity", "location")
    )
    factor = next(row for row in table(folder / "factors.csv") if row["factor"] == choice["factor"])
    line = next(row for row in table(folder / "balance.csv") if row["match"] == choice["match"])
    assert (factor["value"], factor["unit"], line["unit"], line["rows"]) == ("0.5366", "kg/kWh", "MWh", "1")
    assert int(line["amount_in_quanta"]) * 5366 == 57639350476 * 10**4
    assert choice["rung"] == "region CN, 2 years older than the activity"


def test_the_issues_are_listed(folder: Path) -> None:
    assert {row["rule"] for row in table(folder / "issues.csv")} == {
        "back-calculated", "factor-older", "market-rungs", "residual-mix-absent",
    }  # fmt: skip


def test_two_runs_leave_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    again = saved(tmp_path / "again", threads=1)
    assert {path.name: path.read_bytes() for path in again.iterdir()} == {
        path.name: path.read_bytes() for path in folder.iterdir()
    }


def test_a_what_if_and_a_run_over_rows_have_no_published_table_to_check(tmp_path: Path) -> None:
    run = ghg.run(SCENARIO)
    changed = run.what_if(gwp="AR6").save(tmp_path / "changed")
    run.close()
    assert sorted(path.name for path in changed.iterdir()) == [name for name in FILES if name != "check.json"]
    row = {
        "id": "a", "entity": "e", "activity": "water", "region": "CN", "start": "2022-01-01", "end": "2022-01-31",
        "amount": "1", "unit": "t", "provenance": "measured",
    }  # fmt: skip
    over_rows = run_rows([row])
    made = over_rows.save(tmp_path / "rows")
    over_rows.close()
    assert (made / "inputs.csv").read_text(encoding="utf-8") == "file,bytes,sha256,named\n"


def test_only_the_folder_of_a_run_is_replaced(tmp_path: Path) -> None:
    run = ghg.run(SCENARIO)
    (tmp_path / "notes.txt").touch()
    for taken in (tmp_path, tmp_path / "notes.txt"):
        with pytest.raises(GhgError, match="exists: name another folder"):
            run.save(taken, replace=True)
    folder = run.save(tmp_path / "made", replace=True)
    assert run.save(folder, replace=True) == folder
    run.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["made", "notes.txt"]


def test_a_failure_leaves_nothing_and_keeps_the_former_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = ghg.run(SCENARIO)
    former = run.save(tmp_path / "made")

    def full(path: Path, _: str) -> None:
        path.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(evidence, "_write", full)
    with pytest.raises(GhgError, match=r"No space left on device\. Nothing was left behind\."):
        run.save(former, replace=True)
    run.close()
    assert sorted(path.name for path in former.iterdir()) == FILES
    assert [path.name for path in tmp_path.iterdir()] == ["made"]
