from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ghg import __version__, lock
from ghg.catalogue import importing
from ghg.catalogue.editions import read_pack
from ghg.commands.editions import lock_command
from ghg.factors import Factor, FactorRow, FactorTable, library
from ghg.inventory import InventoryFile, read_inventory
from ghg.issues import GhgError, InputError, Severity
from ghg.runs import run as compute

ROOT = Path(__file__).parent.parent
USED = ("cn-mee-2022:CN-BJ", "cn-mee-2022:national")
INVENTORY = """\
inventory: bakery-2022
organisation: Bakery
title: Inventory 2022
period: {start: 2022-01-01, end: 2022-12-31}
base_year: none
consolidation: not_stated
boundary: one bakery
gwp: AR5
books: [location]
publications: [cn-mee-2022]
ladder: {regions: [exact, parent], max_age_years: 0}
activity: [activity.csv]
"""
ACTIVITY = """\
id,entity,activity,region,start,end,amount,unit,provenance
a,e,purchased_electricity,CN-BJ,2022-01-01,2022-12-31,1000,MWh,measured
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "2022.yaml").write_text(INVENTORY, encoding="utf-8")
    (tmp_path / "activity.csv").write_text(ACTIVITY, encoding="utf-8")
    return tmp_path


def inventory(folder: Path, added: str = "") -> InventoryFile:
    (folder / "2022.yaml").write_text(INVENTORY + added, encoding="utf-8")
    return read_inventory(folder / "2022.yaml")


def write(folder: Path, made: lock.Lock) -> None:
    (folder / "2022.factors.lock").write_text(lock.lock_text(made), encoding="utf-8")


def table(**changed: dict[str, str]) -> FactorTable:
    """The two rows in use, some of them with other cells."""
    rows = [library().rows[name] for name in USED]
    rows = [FactorRow.model_validate(row.model_dump() | changed.get(row.region, {})) for row in rows]
    return FactorTable(own=[Factor(rows=(row,), is_own=False) for row in rows])


def drift(folder: Path, found: FactorTable, used: tuple[str, ...] = USED) -> list[str]:
    write(folder, lock.make_lock(inventory(folder), library(), USED))
    locked, document = lock.read_lock(folder / "2022.factors.lock", "2022.factors.lock")
    return [str(issue).partition("\n")[0] for issue in lock.check_lock(locked, found, used, document)]


def test_a_lock_names_version_packs_and_rows(folder: Path) -> None:
    made = json.loads(lock.lock_text(lock.make_lock(inventory(folder), library(), USED)))
    pack = ROOT / "factors" / "packs" / "cn-mee" / "2022.csv"
    assert made["ghg"] == __version__
    assert made["packs"] == {"factors/packs/cn-mee/2022.csv": hashlib.sha256(pack.read_bytes()).hexdigest()}
    assert list(made["rows"]) == list(USED)
    assert made["rows"]["cn-mee-2022:national"] == {
        "value": "0.5366", "unit": "kg/kWh", "sha256": lock.digest(library().rows["cn-mee-2022:national"])
    }  # fmt: skip


def test_what_was_locked_holds(folder: Path) -> None:
    assert drift(folder, library()) == []
    assert drift(folder, table()) == []


def test_a_changed_value_is_named_with_both_values(folder: Path) -> None:
    [said] = drift(folder, table(CN={"value": "0.45"}))
    assert "the factor row 'cn-mee-2022:national' holds 0.45 kg/kWh; the lock pins 0.5366 kg/kWh." in said
    assert said.startswith("2022.factors.lock:12: cn-mee-2022:national")
    assert said.endswith("[lock-drift]")


def test_a_trailing_zero_is_a_changed_value(folder: Path) -> None:
    assert "holds 0.53660 kg/kWh" in drift(folder, table(CN={"value": "0.53660"}))[0]


@pytest.mark.parametrize("cells", [{"note": "x"}, {"valid_to": "2023-12-31"}, {"locator": "x"}, {"basis": "losses"}])
def test_another_changed_column_is_told_from_a_changed_value(folder: Path, cells: dict[str, str]) -> None:
    [said] = drift(folder, table(CN=cells))
    assert "has the pinned value and unit, and another column of it changed" in said


def test_a_row_that_is_gone_differs_from_one_no_longer_used(folder: Path) -> None:
    [national] = (factor for factor in table().own if factor.first.region == "CN")
    [gone] = drift(folder, FactorTable(own=[national]), USED[1:])
    assert "'cn-mee-2022:CN-BJ' is gone" in gone
    [unused] = drift(folder, library(), USED[1:])
    assert "the inventory no longer uses the factor row 'cn-mee-2022:CN-BJ'" in unused


def test_a_newly_used_row_is_named(folder: Path) -> None:
    [said] = drift(folder, library(), (*USED, "cn-mee-2022:CN-TJ"))
    assert "uses the factor row 'cn-mee-2022:CN-TJ', which the lock does not hold" in said


def test_every_difference_is_listed(folder: Path) -> None:
    changed = table(CN={"value": "0.45"}, **{"CN-BJ": {"note": "x"}})
    assert len(drift(folder, changed)) == 2


def test_a_column_added_to_the_schema_changes_no_digest() -> None:
    class Wider(FactorRow):
        quality: str = ""

    row = library().rows["cn-mee-2022:national"]
    assert lock.digest(Wider.model_validate(row.model_dump())) == lock.digest(row)
    assert lock.digest(Wider.model_validate(row.model_dump() | {"quality": "A"})) != lock.digest(row)


def test_an_own_factor_file_is_pinned_too(folder: Path) -> None:
    own = read_pack("cn-mee-2022").rows[0].model_copy(update={"id": "own:1", "factor": "own:1"})
    (folder / "own.csv").write_text(importing.pack_text([own]), encoding="utf-8")
    file = inventory(folder, "factors: [own.csv]\n")
    found = library().with_own([Factor(rows=(own,), is_own=True)])
    made = lock.make_lock(file, found, ["own:1"])
    assert made.packs == {"own.csv": hashlib.sha256((folder / "own.csv").read_bytes()).hexdigest()}
    assert list(made.rows) == ["own:1"]


def test_a_run_is_held_to_the_lock_its_inventory_names(folder: Path) -> None:
    write(folder, lock.make_lock(inventory(folder), library(), USED))
    assert lock.hold(inventory(folder), table(CN={"value": "1"}), USED) == [], "without the field nothing is held"
    file = inventory(folder, "lock: 2022.factors.lock\n")
    assert lock.hold(file, library(), USED) == []
    with pytest.raises(InputError, match="holds 1 kg/kWh"):
        lock.hold(file, table(CN={"value": "1"}), USED)


def test_a_changed_pack_with_unchanged_rows_is_a_note(folder: Path) -> None:
    file = inventory(folder, "lock: 2022.factors.lock\n")
    made = lock.make_lock(file, library(), USED)
    write(folder, made.model_copy(update={"packs": dict.fromkeys(made.packs, "0" * 64)}))
    [note] = lock.hold(file, library(), USED)
    assert note.severity is Severity.NOTE
    assert "factors/packs/cn-mee/2022.csv changed since the lock was written" in note.message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "is missing"),
        ('{"ghg": "1", "packs": {}, "rows": {"a": {"value": "1"}}}', "rows.a.unit"),
        ('{"ghg": "1", "packs": {}, "rows": {}, "more": "x"}', "is not known"),
        ('{"ghg": "1", "packs": {}, "packs": {}, "rows": {}}', "a second time"),
        ("", "no mapping"),
    ],
)
def test_what_is_no_lock_is_refused(folder: Path, text: str, said: str) -> None:
    (folder / "2022.factors.lock").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        lock.hold(inventory(folder, "lock: 2022.factors.lock\n"), library(), USED)


def test_a_missing_lock_and_one_outside_the_folder_are_refused(folder: Path) -> None:
    with pytest.raises(InputError, match="cannot read the file"):
        lock.hold(inventory(folder, "lock: 2022.factors.lock\n"), library(), USED)
    with pytest.raises(InputError, match="lies outside the folder"):
        lock.hold(inventory(folder, "lock: ../2022.factors.lock\n"), library(), USED)


@pytest.fixture
def ghg(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.chdir(folder)
    return lambda *words: CliRunner().invoke(lock_command, words, standalone_mode=False)


def test_the_command_writes_a_lock_beside_the_inventory_and_checks_it(folder: Path, ghg: Callable[..., Result]) -> None:
    written = ghg("2022.yaml")
    assert written.return_value == 0
    assert "1 factor row of 1 pack pinned in 2022.factors.lock. Add 'lock: 2022.factors.lock'" in written.output
    assert list(json.loads((folder / "2022.factors.lock").read_text(encoding="utf-8"))["rows"]) == ["cn-mee-2022:CN-BJ"]
    held = ghg("2022.yaml", "--check")
    assert (held.return_value, held.output) == (0, "2022.factors.lock holds: 1 factor row unchanged.\n")


def test_a_drifted_lock_fails_the_check_and_is_written_anew(folder: Path, ghg: Callable[..., Result]) -> None:
    inventory(folder, "lock: 2022.factors.lock\n")
    ghg("2022.yaml")
    path = folder / "2022.factors.lock"
    sound = path.read_text(encoding="utf-8")
    value = library().rows["cn-mee-2022:CN-BJ"].value
    path.write_text(sound.replace(f'"{value}"', '"9"'), encoding="utf-8")
    checked = ghg("2022.yaml", "--check")
    assert checked.return_value == 1
    assert f"holds {value} kg/kWh; the lock pins 9 kg/kWh." in checked.output
    assert "9" in path.read_text(encoding="utf-8"), "a check writes nothing"
    assert ghg("2022.yaml").return_value == 0
    assert path.read_text(encoding="utf-8") == sound
    assert sorted(found.name for found in folder.iterdir()) == ["2022.factors.lock", "2022.yaml", "activity.csv"]


def test_a_check_without_a_lock_says_that_it_is_missing(ghg: Callable[..., Result]) -> None:
    found = ghg("2022.yaml", "--check").exception
    assert isinstance(found, InputError)
    assert "2022.factors.lock: cannot read the file" in str(found)


def test_a_shipped_scenario_is_not_locked_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = CliRunner().invoke(lock_command, ["scenarios/kingsoft-cloud/2024.yaml"], standalone_mode=False)
    assert isinstance(found.exception, GhgError)
    assert "copy its folder here" in str(found.exception)


def test_a_copy_of_the_shipped_scenario_is_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "scenarios" / "kingsoft-cloud", tmp_path / "copy")
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    assert runner.invoke(lock_command, ["copy/2024.yaml"], standalone_mode=False).return_value == 0
    assert runner.invoke(lock_command, ["copy/2024.yaml", "--check"], standalone_mode=False).return_value == 0
    rows = json.loads((tmp_path / "copy" / "2024.factors.lock").read_text(encoding="utf-8"))["rows"]
    assert rows["cn-mee-2022:national"]["value"] == "0.5366"


def test_a_run_holds_to_the_lock_its_inventory_names(folder: Path) -> None:
    """A pinned value that differs, a row that is not pinned, and a lock that is gone stop the run."""
    file = inventory(folder)
    made = lock.make_lock(file, library(), [USED[0]])
    write(folder, made)
    inventory(folder, "lock: 2022.factors.lock\n")
    compute(folder / "2022.yaml").close()
    wrong = made.rows[USED[0]].model_copy(update={"value": "0.1"})
    write(folder, made.model_copy(update={"rows": {USED[0]: wrong}}))
    with pytest.raises(InputError, match=r"the lock pins 0\.1 .*\[lock-drift\]"):
        compute(folder / "2022.yaml")
    write(folder, made.model_copy(update={"rows": {}}))
    with pytest.raises(InputError, match=r"which the lock does not hold\. \[lock-drift\]"):
        compute(folder / "2022.yaml")
    (folder / "2022.factors.lock").unlink()
    with pytest.raises(InputError, match=r"2022\.factors\.lock: cannot read the file"):
        compute(folder / "2022.yaml")


def test_a_pack_that_changed_is_told_by_a_run_and_values_asked_for_are_no_drift(folder: Path) -> None:
    made = lock.make_lock(inventory(folder), library(), [USED[0]])
    write(folder, made.model_copy(update={"packs": dict.fromkeys(made.packs, "0" * 64)}))
    inventory(folder, "lock: 2022.factors.lock\n")
    run = compute(folder / "2022.yaml", values={USED[0]: "0.1 kg/kWh"})
    assert [issue.severity for issue in run.issues if issue.rule == "lock-drift"] == [Severity.NOTE]
    run.close()


def test_what_an_incomplete_run_does_not_use_is_no_drift(folder: Path) -> None:
    write(folder, lock.make_lock(inventory(folder), library(), USED))
    inventory(folder, "lock: 2022.factors.lock\n")
    with pytest.raises(InputError, match=r"no longer uses the factor row 'cn-mee-2022:national'"):
        compute(folder / "2022.yaml")
    (folder / "activity.csv").write_text(
        f"{ACTIVITY}b,e,purchased_electricity,CN,2022-01-01,,1,MWh,measured\n", "utf-8"
    )
    run = compute(folder / "2022.yaml", incomplete=True)
    assert "lock-drift" not in {issue.rule for issue in run.issues}
    run.close()
