"""Whole processes measured in turn: wall time, processor time, and the peak memory of the process and its children.

Subject and baseline run one after the other within a round, and the next round runs them the other way about, so that
a busy machine weighs on both. Medians and ratios of the same session are quoted, never seconds of different ones.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

EVERY = 0.05
"""Seconds between two looks at the memory of a process with children."""
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Process:
    """One process that ended.

    Attributes:
        wall: seconds from start to end.
        cpu: user and system seconds of the process and of all children it waited for.
        memory: peak resident bytes: of the process alone, or of the whole tree where that was more.
        code: its exit code.
        output: what it wrote to standard output.
        errors: what it wrote to standard error.
    """

    wall: float
    cpu: float
    memory: int
    code: int
    output: str
    errors: str


def run(command: Sequence[str], folder: Path) -> Process:
    """Run a command to its end; its output goes through files of the folder, so that no pipe slows it down.

    A small process in between starts it: the peak of a process counts that of the one it was forked from.
    """
    # The machine may forbid bytecode; a user's does not, and start-up is part of what is measured.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    out, err = folder / "stdout.txt", folder / "stderr.txt"
    launcher = [sys.executable, "-I", "-S", __file__, str(out), str(err), *command]
    found = json.loads(subprocess.run(launcher, env=environment, capture_output=True, check=True).stdout)  # noqa: S603
    return Process(**found, output=_text(out), errors=_text(err))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def launch(out: str, err: str, *command: str) -> None:
    """Run a command with its output in two files, and print what it used as JSON."""
    with open(out, "wb") as stdout, open(err, "wb") as stderr:  # noqa: PTH123 - what is imported here is measured
        start = time.perf_counter()
        pid = os.fork()
        if not pid:
            os.dup2(stdout.fileno(), 1)
            os.dup2(stderr.fileno(), 2)
            os.execvp(command[0], command)  # noqa: S606
        ended, peak = threading.Event(), [0]
        watcher = threading.Thread(target=_watch, args=(pid, ended, peak), daemon=True)
        watcher.start()
        _, status, used = os.wait4(pid, 0)
        wall = time.perf_counter() - start
        ended.set()
        watcher.join()
    memory = max(used.ru_maxrss * 1024, peak[0])
    cpu, code = used.ru_utime + used.ru_stime, os.waitstatus_to_exitcode(status)
    print(json.dumps({"wall": wall, "cpu": cpu, "memory": memory, "code": code}))


def _watch(pid: int, ended: threading.Event, peak: list[int]) -> None:
    """Keep the largest sum of resident memory over a process and its children; nothing where it has none."""
    while not ended.wait(EVERY):
        tree = _tree(pid)
        if len(tree) > 1:
            peak[0] = max(peak[0], sum(map(_resident, tree)))


def _tree(pid: int) -> list[int]:
    """A process and all below it; Linux alone tells."""
    found = [pid]
    for parent in found:
        for listed in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += map(int, listed.read_text(encoding="ascii").split())
            except OSError:
                continue
    return found


def _resident(pid: int) -> int:
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def in_turn(cases: Mapping[str, Sequence[str]], rounds: int, folder: Path) -> dict[str, list[Process]]:
    """Every case once a round, every other round the other way about; one run of each before, to fill caches.

    Raises:
        SystemExit: a case failed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found: dict[str, list[Process]] = {name: [] for name in cases}
    for number in range(-1, rounds):
        for name in list(cases)[:: -1 if number % 2 else 1]:
            ended = run(cases[name], folder)
            if ended.code:
                raise SystemExit(f"{name}: exit code {ended.code}\n{' '.join(cases[name])}\n{ended.errors[-2000:]}")
            if number >= 0 or rounds == 0:
                found[name].append(ended)
    return found


@dataclass(frozen=True, slots=True)
class Median:
    """Medians of some runs of one case."""

    wall: float
    cpu: float
    memory: float

    @classmethod
    def of(cls, runs: Sequence[Process]) -> Median:
        """The medians of runs; of memory the largest."""
        return cls(
            statistics.median(run.wall for run in runs),
            statistics.median(run.cpu for run in runs),
            max(run.memory for run in runs),
        )


def machine() -> str:
    """The kind of machine, and how busy it is."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    load = os.getloadavg()[0]
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {pages / 2**30:.0f} GiB, Python "
        f"{platform.python_version()}, {load:.1f} processes waiting for a core on average at the start"
    )


if __name__ == "__main__":
    launch(*sys.argv[1:])
