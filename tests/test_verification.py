"""Evidence is held to its checksums, to its inputs, and to a run of today."""

from __future__ import annotations

import ast
import os
import random
import shutil
from pathlib import Path

import pytest

import ghg
from ghg import cli, verification
from ghg.engines import delimited
from ghg.evidence import SUMS, digested, sealed
from ghg.issues import GhgError, InputError
from ghg.testing import run_rows
from ghg.verification import Finding, Verification, verify

ROOT = Path(__file__).parent.parent
ROW = {
    "id": "a", "entity": "e", "activity": "water", "region": "CN", "start": "2022-01-01", "end": "2022-01-31",
    "amount": "1", "unit": "t", "provenance": "measured",
}  # fmt: skip
SMALL = """\
inventory: small
organisation: Small
title: Small
period: {start: 2022-01-01, end: 2022-12-31}
base_year: none
consolidation: not_stated
boundary: all
gwp: AR5
books: [location]
dimensions: [entity]
publications: [cn-mee-2022]
ladder: {regions: [exact], max_age_years: 0}
activity: [rows.csv]
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the inventory and the evidence of its run."""
    shutil.copytree(ROOT / "scenarios" / "kingsoft-cloud", tmp_path / "company")
    monkeypatch.chdir(tmp_path)
    run = ghg.run("company/2024.yaml")
    run.save("made")
    run.close()
    return tmp_path


def wrong(found: Verification) -> list[tuple[str, str, str]]:
    return [(one.part, one.name, one.status) for one in found.findings if one.status != "unchanged"]


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_what_was_written_is_verified_and_nothing_is_written(place: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in place.rglob("*")}
    found = verify("made")
    assert found.verified
    assert not wrong(found)
    assert (found.inventory, found.notes) == ("company/2024.yaml", ())
    assert {one.part for one in found.findings} == {"file", "input", "document"}
    assert {path: path.stat().st_mtime_ns for path in place.rglob("*")} == before


def test_any_byte_flipped_in_any_file_is_found_and_its_file_named(place: Path) -> None:
    held = {path.name: path.read_bytes() for path in sorted((place / "made").iterdir())}
    chance = random.Random(9)  # noqa: S311 - a seed that replays
    for _ in range(2000):
        name = chance.choice(sorted(held))
        content = bytearray(held[name])
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        found = [one for one in verification._files({**held, name: bytes(content)}) if one.status != "unchanged"]
        assert [one.name for one in found if one.status == "changed"] == [name]
        assert name == SUMS or len(found) == 1


@pytest.mark.parametrize("name", ["run.json", "inputs.csv", "figures.csv", SUMS, "check.json"])
def test_a_flipped_byte_never_ends_in_a_traceback(place: Path, name: str) -> None:
    path = place / "made" / name
    content = path.read_bytes()
    for position, flipped in ((0, 0), (len(content) // 2, 0x80 | content[len(content) // 2])):
        path.write_bytes(content[:position] + bytes([flipped]) + content[position + 1 :])
        assert ("file", name, "changed") in wrong(verify("made"))


def test_missing_and_added_files_are_named(place: Path) -> None:
    (place / "made" / "plan.csv").unlink()
    (place / "made" / "more").mkdir()
    assert wrong(verify("made")) == [
        ("file", "more", "added"), ("file", "plan.csv", "missing"), ("document", "plan.csv", "missing"),
    ]  # fmt: skip


def test_without_its_list_the_folder_is_still_held_to_a_run_of_today(place: Path) -> None:
    (place / "made" / SUMS).unlink()
    found = verify("made")
    assert wrong(found)[0] == ("file", SUMS, "missing")
    assert {status for part, _, status in wrong(found) if part == "file"} == {"missing", "not checked"}
    assert not [one for one in wrong(found) if one[0] == "document"]


def test_a_folder_rewritten_with_its_list_still_differs_from_its_inputs(place: Path) -> None:
    made = place / "made"
    replaced(made / "run.json", "57639.350476", "50000.350476")
    sums = {path.name: digested(path) for path in made.iterdir() if path.name != SUMS}
    seal = verify("made").seal
    (made / SUMS).write_text(sealed(sums), encoding="utf-8")
    found = verify("made")
    assert found.seal != seal
    assert [one.status for one in found.findings if one.part == "file"] == ["unchanged"] * 10
    assert Finding("figure", "scope2", "changed", "50000.350476 t", "57639.350476 t") in found.findings


def test_a_changed_input_is_named_with_the_figures_that_moved(place: Path) -> None:
    table = place / "company" / "activity" / "2024.csv"
    replaced(table, "107415.86", "107415.87")
    found = verify("made")
    assert ("input", "activity/2024.csv", "changed") in wrong(found)
    assert Finding("figure", "scope2", "changed", "57639.350476 t", "57639.355842 t") in found.findings
    assert ("document", "kernel.sql", "unchanged") in {(one.part, one.name, one.status) for one in found.findings}
    table.unlink()
    found = verify("made")
    assert wrong(found) == [("input", "activity/2024.csv", "missing"), ("document", "all", "not checked")]
    assert "the inputs are refused now" in found.notes[0]
    assert "file-missing" in found.notes[0]


def test_a_lock_is_an_input(place: Path) -> None:
    assert cli._main(["factors", "lock", "company/2024.yaml"]) == 0
    replaced(place / "company" / "2024.yaml", "inventory:", "lock: 2024.factors.lock\ninventory:")
    run = ghg.run("company/2024.yaml")
    run.save("made", replace=True)
    run.close()
    assert verify("made").verified
    with (place / "company" / "2024.factors.lock").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert wrong(verify("made"))[:2] == [
        ("input", "2024.factors.lock", "changed"), ("document", "inputs.csv", "changed"),
    ]  # fmt: skip


def test_an_inventory_that_moved_is_named(place: Path) -> None:
    (place / "company").rename(place / "moved")
    found = verify("made")
    assert {status for part, _, status in wrong(found) if part == "input"} == {"missing"}
    assert "--inventory" in found.notes[0]
    assert verify("made", "moved/2024.yaml").verified
    with pytest.raises(GhgError, match=r"has to name a file called 2024\.yaml"):
        verify("made", "moved/2023.yaml")


def test_what_cannot_be_computed_again_is_not_called_verified(place: Path) -> None:
    run = ghg.run("company/2024.yaml")
    run.what_if(gwp="AR6").save(place / "changed")
    run.close()
    over_rows = run_rows([ROW])
    over_rows.save(place / "rows")
    over_rows.close()
    for folder, why in (("changed", "a what-if"), ("rows", "a run over frames")):
        found = verify(folder)
        assert wrong(found) == [("document", "all", "not checked")]
        assert why in found.notes[0]


def test_an_inventory_that_names_another_file_now_is_called_changed(place: Path) -> None:
    replaced(place / "company" / "2024.yaml", "published: published.csv", "published: pqblished.csv")
    found = verify("made")
    assert ("input", "2024.yaml", "changed") in wrong(found)
    assert any("pqblished.csv: cannot read the file: it is not there" in note for note in found.notes)
    with pytest.raises(InputError, match=r"pqblished\.csv: cannot read the file: it is not there\. \[file-missing\]"):
        ghg.run("company/2024.yaml").save(place / "again")
    assert not (place / "again").exists()


def test_an_incomplete_run_is_computed_again_as_it_was(place: Path) -> None:
    replaced(place / "company" / "activity" / "2024.csv", ",MWh,", ",ton,")
    run = ghg.run("company/2024.yaml", incomplete=True)
    run.save("made", replace=True)
    assert not run.is_complete
    run.close()
    assert verify("made").verified


def test_tables_scanned_in_place_are_computed_again_wherever_they_are(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "LARGE", 0)
    (place / "company" / "small.yaml").write_text(SMALL, encoding="utf-8")
    row = ROW | {"activity": "purchased_electricity", "unit": "kWh"}
    (place / "company" / "rows.csv").write_text(f"{','.join(row)}\n{','.join(row.values())}\n", encoding="utf-8")
    run = ghg.run("company/small.yaml")
    assert run.scans
    run.save("made", replace=True)
    run.close()
    assert str(place) not in (place / "made" / "kernel.sql").read_text(encoding="utf-8")
    assert verify("made").verified
    (place / "company").rename(place / "moved")
    assert verify("made", "moved/small.yaml").verified


@pytest.mark.usefixtures("place")
def test_a_folder_of_another_kind_is_refused() -> None:
    for name in ("company", "nowhere"):
        with pytest.raises(GhgError, match="is not the evidence of a run"):
            verify(name)


@pytest.mark.usefixtures("place")
def test_another_version_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "__version__", "9.9")
    assert verify("made").notes == (f"The folder was written by ghg {ghg.__version__}; this is ghg 9.9.",)


def test_the_times_of_files_change_nothing(place: Path) -> None:
    for path in (place / "company").rglob("*.csv"):
        os.utime(path, (0, 0))
    assert verify("made").verified


def test_no_module_reads_the_clock_of_the_machine() -> None:
    clocks = {"today", "now", "utcnow", "time", "time_ns", "localtime", "gmtime", "strftime", "ctime"}
    found = [
        f"{path.name}:{node.lineno}"
        for path in sorted((ROOT / "ghg").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in clocks
    ]
    assert found == []
