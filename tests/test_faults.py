"""What goes wrong around a run: the old folder stays whole or the new one is, and one line says what happened."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ghg
from ghg import cli, evidence
from ghg.issues import GhgError, InputError, MachineError

ROOT = Path(__file__).parent.parent
INVENTORY = "company/2024.yaml"
RUN = [sys.executable, "-c", "from ghg.cli import main; main()", "run", INVENTORY]
FOLDER = [*RUN, "--out", "made", "--replace"]
FILES = 10
"""How many files the evidence of the scenario has."""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a copy of the scenario."""
    shutil.copytree(ROOT / "scenarios" / "kingsoft-cloud", tmp_path / "company")
    return tmp_path


def run(command: list[str], place: Path, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=place, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload, no-any-return]


def is_whole(folder: Path) -> bool:
    return len(list(folder.iterdir())) == FILES and all(path.stat().st_size for path in folder.iterdir())


def said(made: subprocess.CompletedProcess[str]) -> str:
    assert "Traceback" not in made.stderr, made.stderr
    return made.stderr


def test_a_kill_at_any_moment_leaves_the_old_folder_or_the_new_one(place: Path) -> None:
    assert run(FOLDER, place).returncode == 0
    started = time.monotonic()
    assert run(FOLDER, place).returncode == 0
    lasts = time.monotonic() - started
    chance = random.Random(1)  # noqa: S311 - a seed that replays
    for _ in range(4):
        process = subprocess.Popen(FOLDER, cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.6, 1.05) * lasts)
        process.kill()
        process.wait()
        assert is_whole(place / "made")
    assert run(FOLDER, place).returncode == 0
    assert sorted(path.name for path in place.iterdir()) == ["company", "made"]


def test_what_a_killed_run_left_is_gone_after_the_next(place: Path) -> None:
    left = place / f"{evidence._prefix(Path('made'))}x" / "made"
    left.mkdir(parents=True)
    (left / "run.json").write_text("half", encoding="utf-8")
    assert run(FOLDER, place).returncode == 0
    assert sorted(path.name for path in place.iterdir()) == ["company", "made"]


@pytest.mark.parametrize(
    ("sign", "code", "word"), [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "ended")]
)
def test_an_interrupted_run_says_one_line_and_leaves_nothing(
    place: Path, sign: signal.Signals, code: int, word: str
) -> None:
    waits = (
        "import time; from ghg import cli, runs\n"
        "def slow(*a, **k):\n    print('ready', flush=True)\n    time.sleep(60)\n"
        "runs.compute = slow\ncli.main(['run', 'company/2024.yaml', '--out', 'made'])"
    )
    command = [sys.executable, "-c", waits]
    process = subprocess.Popen(command, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(sign)
    _, err = process.communicate(timeout=30)
    assert process.returncode == code
    assert err.startswith(word)
    assert len(err.splitlines()) == 1
    assert [path.name for path in place.iterdir()] == ["company"]


def saved(place: Path, *, replace: bool = False) -> Path:
    made = ghg.run(place / INVENTORY)
    try:
        return made.save(place / "made", replace=replace)
    finally:
        made.close()


def failing_at(turn: int, original: Callable[..., object]) -> Callable[..., object]:
    """A system call that finds the disk full at its n-th call, the first being 0."""
    count = iter(range(1000))

    def fails(*arguments: object, **options: object) -> object:
        if next(count) == turn:
            raise OSError(28, "No space left on device")
        return original(*arguments, **options)

    return fails


@pytest.mark.parametrize("replace", [False, True])
def test_a_failure_at_any_system_call_leaves_the_old_folder_or_the_new_one(
    place: Path, monkeypatch: pytest.MonkeyPatch, replace: bool
) -> None:
    made = ghg.run(place / INVENTORY)
    if replace:
        made.save(place / "made")
    for name in ("fsync", "rename", "mkdir"):
        for failing in range(12):
            with monkeypatch.context() as patched:
                patched.setattr(os, name, failing_at(failing, getattr(os, name)))
                try:
                    made.save(place / "made", replace=True)
                except MachineError as error:
                    assert "No space left on device. Nothing was left behind." in str(error)  # noqa: PT017
                    assert (place / "made").exists() == replace
            assert not (place / "made").exists() or is_whole(place / "made")
            assert {path.name for path in place.iterdir()} <= {"company", "made"}
            if not replace:
                shutil.rmtree(place / "made", ignore_errors=True)
    made.close()


WRITERS: dict[str, Callable[[Path, Any], object]] = {
    "one file": lambda path, _: evidence.write_file(path, "new", replace=True),
    "files of a folder": lambda path, _: evidence.write_files(path, {"activity/a.csv": "a\n", "inventory.yaml": "b\n"}),
    "the ledger": lambda path, made: evidence.save_ledger(made, path),
}
"""What writes beside the evidence: the lock and an imported pack, a new inventory, the ledger."""


@pytest.mark.parametrize("writer", WRITERS)
def test_a_failure_at_any_system_call_leaves_no_half_file(
    place: Path, monkeypatch: pytest.MonkeyPatch, writer: str
) -> None:
    made, target = ghg.run(place / INVENTORY), place / "deep" / "er" / "made"
    for name in ("fsync", "rename", "replace", "mkdir"):
        for failing in range(6):
            with monkeypatch.context() as patched:
                patched.setattr(os, name, failing_at(failing, getattr(os, name)))
                try:
                    WRITERS[writer](target, made)
                except MachineError as error:
                    assert "No space left on device. Nothing was left behind." in str(error)  # noqa: PT017
                    assert [path.name for path in place.iterdir()] == ["company"]
                else:
                    assert [path.name for path in target.parent.iterdir()] == ["made"]
            shutil.rmtree(place / "deep", ignore_errors=True)
    made.close()


def test_files_of_a_folder_are_taken_up_where_a_killed_run_left_them(place: Path) -> None:
    files = {"activity/a.csv": "a\n", "inventory.yaml": "b\n"}
    (place / "made" / "activity").mkdir(parents=True)
    (place / "made" / "activity" / "a.csv").write_text("a\n", encoding="utf-8")
    evidence.write_files(place / "made", files)
    assert {name: (place / "made" / name).read_text(encoding="utf-8") for name in files} == files
    (place / "made" / "activity" / "a.csv").write_text("mine\n", encoding="utf-8")
    with pytest.raises(GhgError, match=r"a\.csv exists: name another folder, or remove it\. Nothing was written\."):
        evidence.write_files(place / "made", files)
    assert (place / "made" / "activity" / "a.csv").read_text(encoding="utf-8") == "mine\n"


@pytest.mark.parametrize("name", ["made", "ma[d]e*", "made?"])
def test_what_a_killed_run_left_goes_whatever_the_name_is(place: Path, name: str) -> None:
    left = place / f"{evidence._prefix(Path(name))}x"
    left.mkdir()
    evidence.write_file(place / name, "whole")
    assert sorted(path.name for path in place.iterdir()) == sorted(["company", name])


@pytest.mark.parametrize(
    "command",
    [
        ["run", INVENTORY, "--ledger", "new/made"], ["init", "new/made", "--methods", "waste.waste_type"],
        ["factors", "lock", INVENTORY],
    ],
)  # fmt: skip
def test_a_full_disk_leaves_nothing_of_any_command_that_writes(place: Path, command: list[str]) -> None:
    """A process each: the limit on the size of files holds for the engine too."""
    before = sorted(path.name for path in place.rglob("*"))
    made = run([*RUN[:3], *command], place, preexec_fn=limited(resource.RLIMIT_FSIZE, 100))
    assert made.returncode == 3, made.stderr
    assert "Nothing was left behind." in said(made)
    assert sorted(path.name for path in place.rglob("*")) == before


def limited(kind: int, size: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(kind, (size, size))


def test_a_full_disk_is_one_line_and_exit_code_3(place: Path) -> None:
    made = run(FOLDER, place, preexec_fn=limited(resource.RLIMIT_FSIZE, 4096))
    assert made.returncode == 3, made.stderr
    assert "cannot write made: File too large. Nothing was left behind." in said(made)
    assert [path.name for path in place.iterdir()] == ["company"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
def test_a_result_that_cannot_be_printed_is_said(place: Path) -> None:
    with Path("/dev/full").open("w") as full:
        made = subprocess.run(RUN, cwd=place, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert made.returncode == 3
    assert "No space left on device" in said(made)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
@pytest.mark.parametrize("arguments", [["run", "nope.yaml"], ["run", "--nope"]])
def test_an_error_that_cannot_be_said_keeps_its_exit_code(place: Path, arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        made = subprocess.run([*RUN[:3], *arguments], cwd=place, stderr=full, check=False)
    assert made.returncode == 2


def test_a_closed_output_changes_nothing_but_the_output(place: Path) -> None:
    for closing in (">&-", "| true", "2>&-"):
        command = f"'{sys.executable}' -c 'from ghg.cli import main; main()' run {INVENTORY} {closing}"
        made = run(["bash", "-c", f"set -o pipefail; {command}"], place)
        assert made.returncode == 0, (closing, made.stderr)
        assert made.stderr == "", closing


@pytest.mark.parametrize("megabytes", [200, 600, 800])
def test_too_little_memory_is_one_line(place: Path, megabytes: int) -> None:
    made = run([*RUN, "--threads", "1"], place, preexec_fn=limited(resource.RLIMIT_AS, megabytes * 1_000_000))
    assert made.returncode in (0, 3), (made.returncode, made.stderr)
    assert made.returncode == 0 or len(said(made).splitlines()) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to this user")
def test_a_folder_that_may_not_be_written_is_said(place: Path) -> None:
    (place / "closed").mkdir(mode=0o555)
    made = run([*RUN, "--out", "closed/made"], place)
    assert made.returncode == 3
    assert "Permission denied" in said(made)


def test_a_file_that_may_not_be_read_is_said(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = os.open

    def refuses(path: object, *arguments: object) -> int:
        if str(path).endswith("activity/2024.csv"):
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refuses)
    with pytest.raises(InputError, match=r"2024\.csv: cannot read the file: Permission denied"):
        ghg.run(place / INVENTORY)


@pytest.mark.parametrize("taken", ["file", "folder", "link to nowhere", "link to a folder"])
def test_what_stands_where_the_folder_should_go_is_left_alone(place: Path, taken: str) -> None:
    target = place / "made"
    (place / "other").mkdir()
    if taken == "file":
        target.write_text("mine", encoding="utf-8")
    elif taken == "folder":
        target.mkdir()
    else:
        target.symlink_to(place / ("nowhere" if "nowhere" in taken else "other"))
    before = sorted(path.name for path in place.rglob("*"))
    made = run(FOLDER, place)
    assert made.returncode == 2
    assert "made exists: name another folder" in said(made)
    assert sorted(path.name for path in place.rglob("*")) == before


def test_what_no_run_wrote_is_not_replaced(place: Path) -> None:
    folder = saved(place)
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(GhgError, match=r"holds 'notes\.txt', which no run wrote: move it, or name another folder\."):
        saved(place, replace=True)
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine"
    (folder / "notes.txt").unlink()
    assert is_whole(saved(place, replace=True))


@pytest.mark.parametrize("option", ["--out", "--ledger"])
def test_a_blank_place_is_none(place: Path, option: str) -> None:
    """As a variable that is not set makes it: nothing is written, and that is said."""
    made = run([*RUN, option, ""], place)
    assert (made.returncode, made.stdout) == (2, "")
    assert "exists: name another" in said(made)


def test_a_name_that_is_no_text_is_said(place: Path) -> None:
    name = os.fsdecode(b"b\xff")
    for command in (
        ["run", INVENTORY, "--out", name],
        ["check", name],
        ["init", name, "--methods", "waste.waste_type"],
    ):
        made = run([*RUN[:3], *command], place)
        assert (made.returncode, made.stdout) == (2, "")
        assert "'b\\udcff' is not UTF-8: give the file or folder a name that is text." in said(made)
    assert [path.name for path in place.iterdir()] == ["company"]


def test_an_inventory_starts_in_the_folder_where_one_is(place: Path) -> None:
    """Nothing around the folder is written to, and what stands in it stays."""
    here = place / "here"
    here.mkdir()
    (here / "notes.txt").write_text("mine", encoding="utf-8")
    made = run([*RUN[:3], "init", ".", "--methods", "waste.waste_type"], here)
    assert made.returncode == 0, made.stderr
    assert {path.name for path in here.iterdir()} >= {"notes.txt", "inventory.yaml"}
    assert not [path for path in here.rglob("*") if path.name.startswith(".")]


def test_a_path_through_a_file_is_said(place: Path) -> None:
    made = run([*RUN, "--out", f"{INVENTORY}/made"], place)
    assert made.returncode == 3
    assert "cannot write company/2024.yaml/made" in said(made)


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("2024.yaml", "replaced"), ("activity/2024.csv", "appended"), ("activity/2024.csv", "gone"),
        ("factors/implied-2024.csv", "appended"), ("published.csv", "replaced"),
    ],
)  # fmt: skip
def test_an_input_that_changed_after_it_was_read_stops_the_evidence(place: Path, table: str, change: str) -> None:
    made = ghg.run(place / INVENTORY)
    if table == "published.csv":
        made.check()
    path = place / "company" / table
    text = path.read_text(encoding="utf-8")
    if change == "gone":
        path.unlink()
    else:
        path.write_text(text + "\n" if change == "appended" else text[::-1], encoding="utf-8")
    with pytest.raises(GhgError, match=r"changed after the run read it|cannot read"):
        made.save(place / "made")
    made.close()
    assert [path.name for path in place.iterdir()] == ["company"]


def test_an_input_that_changes_while_it_is_read_stops_the_run(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stated = os.fstat
    path = place / "company" / "activity" / "2024.csv"
    turns = iter(range(1000))

    def late(handle: int) -> os.stat_result:
        found = stated(handle)
        if found.st_size == path.stat().st_size and next(turns) == 0:
            with path.open("a", encoding="utf-8") as file:
                file.write("more\n")
        return found

    monkeypatch.setattr(os, "fstat", late)
    with pytest.raises(InputError, match=r"the file changed while it was read\. \[file-changed\]"):
        ghg.run(place / INVENTORY)


def test_two_runs_at_once_both_leave_a_whole_folder(place: Path) -> None:
    both = [subprocess.Popen(FOLDER, cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(2)]
    codes = []
    for process in both:
        process.communicate(timeout=120)
        codes.append(process.returncode)
    assert codes == [0, 0]
    assert is_whole(place / "made")
    assert sorted(path.name for path in place.iterdir()) == ["company", "made"]


def test_a_folder_that_another_run_holds_is_waited_for_and_then_said(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "PATIENCE", 2)
    with evidence._locked(place), pytest.raises(MachineError, match="another run is writing"):
        saved(place)
    assert is_whole(saved(place))


def test_no_command_opens_a_connection_or_runs_what_data_say(place: Path) -> None:
    """Sockets, processes and compiled text are watched by the interpreter itself."""
    watched = (
        "import sys, os\n"
        "from ghg import cli\nimport ghg.runs, ghg.evidence, ghg.check, ghg.lineage, duckdb, pydantic\n"
        "def watch(event, arguments):\n"
        "    if event.startswith(('socket.', 'subprocess.', 'os.system', 'os.exec', 'os.fork', 'pickle.')):\n"
        "        print('EVENT', event, file=sys.stderr); os._exit(99)\n"
        "sys.addaudithook(watch)\n"
        "for line in (['run', 'company/2024.yaml', '--out', 'made'], ['check', 'company/2024.yaml'],\n"
        "             ['explain', 'company/2024.yaml', 'scope2'], ['factors', 'list']):\n"
        "    assert cli._main(line) in (0, 1), line\n"
    )
    made = run([sys.executable, "-c", watched], place)
    assert made.returncode == 0, made.stderr[-500:]
    assert "EVENT" not in made.stderr


@pytest.mark.parametrize(
    ("package", "arguments", "code", "says"),
    [
        ("openpyxl", ["run", "book.yaml"], 2, "install 'ghg[spreadsheets]', or export the sheet as CSV"),
        ("openpyxl", ["run", "company/2024.yaml"], 0, ""),
        ("psycopg", ["run", "server.yaml"], 2, "pip install 'ghg[postgresql]'"),
        ("pyspark", ["run", "company/2024.yaml", "--engine", "spark"], 2, "pip install 'ghg[spark]'"),
        ("pyarrow", ["run", "company/2024.yaml"], 0, ""),
        (
            "duckdb",
            ["run", "company/2024.yaml"],
            3,
            "the package duckdb is missing, which ghg needs: install ghg again",
        ),
    ],
)
def test_a_package_that_is_missing_is_named_with_what_to_install(
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    package: str,
    arguments: list[str],
    code: int,
    says: str,
) -> None:
    monkeypatch.chdir(place)
    text = (place / INVENTORY).read_text(encoding="utf-8")
    tables = {"book.yaml": "rows.xlsx", "server.yaml": "postgresql#public.rows"}
    for name, table in tables.items():
        (place / name).write_text(
            text.replace("[activity/2024.csv]", f"['{table}']").replace("[factors/", "[company/factors/"),
            encoding="utf-8",
        )
    with zipfile.ZipFile(place / "rows.xlsx", "w") as book:
        for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
            book.writestr(part, "<a/>")
    monkeypatch.setitem(sys.modules, package, None)
    assert cli._main(arguments) == code
    assert says in capsys.readouterr().err


def test_a_polars_frame_without_arrow_names_the_extra(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import polars as pl

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(GhgError, match=r"pip install 'ghg\[frames\]'"):
        ghg.run(place / INVENTORY, activity=pl.DataFrame({"id": ["1"]}))


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("import ghg.testing", "ghg.testing needs Hypothesis: pip install 'ghg[testing]'"),
        ("from ghg import cli; sys.exit(cli._main(['conformance', 'ghg']))", "run 'pip install ghg[testing]'"),
    ],
)
def test_the_laws_without_hypothesis_name_the_extra(asked: str, says: str) -> None:
    """In a process of its own: where the laws were imported before, nothing would be missing."""
    without = f"import sys; sys.modules['hypothesis'] = None; {asked}"
    made = subprocess.run([sys.executable, "-c", without], capture_output=True, text=True, check=False)
    assert made.returncode
    assert says in made.stderr
