"""The folder an engine spills to: gone with its engine, and cleared later where its process was killed."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from ghg.engines import Engine
from ghg.engines.spill import PREFIX, claim, clear_dead
from ghg.issues import MachineError

KILLED = """
import os, signal
from pathlib import Path
from ghg.engines import Engine
engine = Engine()
(engine.spill / "left.parquet").write_bytes(b"x")
print(engine.spill, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def aged(folder: Path) -> Path:
    os.utime(folder, (0, 0))
    return folder


def test_what_a_killed_process_left_is_cleared_by_the_next_run(place: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED], capture_output=True, text=True, check=False)
    left = Path(done.stdout.strip())
    assert left.parent == place
    Engine(readable=[place]).close()
    assert left.is_dir()  # it is too young: another process may be about to lock it
    aged(left)
    Engine(readable=[place]).close()
    assert list(place.iterdir()) == []


def test_what_a_living_process_holds_stays(place: Path) -> None:
    held = claim()
    assert held.folder.parent == place
    aged(held.folder)
    other = claim()
    clear_dead(other)
    other.close()
    assert held.folder.is_dir()
    held.close()
    assert not held.folder.exists()


def test_what_is_not_ours_stays(place: Path) -> None:
    other, file, link = place / "ghg-other", place / f"{PREFIX}file", place / f"{PREFIX}link"
    other.mkdir()
    file.write_text("x", encoding="utf-8")
    link.symlink_to(other)
    for path in (other, file):
        os.utime(path, (0, 0))
    os.utime(link, (0, 0), follow_symlinks=False)
    held = claim()
    clear_dead(held)
    held.close()
    assert sorted(path.name for path in place.iterdir()) == ["ghg-other", f"{PREFIX}file", f"{PREFIX}link"]


def test_an_engine_that_nobody_closed_clears_its_folder_when_it_goes(place: Path) -> None:
    engine = Engine()
    folder = engine.spill
    cursor = engine.cursor()
    del cursor
    assert folder.is_dir()
    engine.close()
    engine.close()
    assert not folder.exists()
    Engine()
    assert list(place.iterdir()) == []


def test_without_a_place_for_temporary_files_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    with pytest.raises(MachineError, match=r"No space left on device\. Set TMPDIR"):
        Engine()
