"""Faults at random moments of every command that writes, as many as one likes: kills, signals, limits of memory.

By hand: ``python -m tests.faults 50``. What must hold each time: the target is the old one whole or the new one whole,
the next run leaves nothing beside it, a signal ends with one line, and no limit ends in a traceback or an abort.
"""

from __future__ import annotations

import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
GHG = [sys.executable, "-c", "from ghg.cli import main; main()"]
INVENTORY = "company/2024.yaml"
COMMANDS = {
    "evidence": ["run", INVENTORY, "--out", "made", "--replace"],
    "ledger": ["run", INVENTORY, "--ledger", "made"],
    "init": ["init", "made", "--methods", "waste.waste_type,employee_commuting.average_data"],
    "lock": ["factors", "lock", INVENTORY],
}
TARGETS = {"evidence": "made", "ledger": "made", "init": "made", "lock": "company/2024.factors.lock"}


def content(path: Path) -> dict[str, bytes]:
    """Every file at or below a path."""
    if path.is_file():
        return {"": path.read_bytes()}
    return {str(found.relative_to(path)): found.read_bytes() for found in sorted(path.rglob("*")) if found.is_file()}


def spawned(command: list[str], place: Path, limit: Callable[[], None] | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*GHG, *command],
        cwd=place,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=limit,  # noqa: PLW1509 - one thread alone runs here
    )


def wrong_after(name: str, place: Path, before: dict[str, bytes], whole: dict[str, bytes]) -> str:
    """What is wrong with the target and what lies beside it; the next run must clear up."""
    target = place / TARGETS[name]
    if content(target) not in (before, whole) and target.exists():
        return "half a target"
    if name in ("ledger", "init") and content(target) == whole:
        shutil.rmtree(target, ignore_errors=True)
        target.unlink(missing_ok=True)
    process = spawned(COMMANDS[name], place)
    err = process.communicate()[1]
    if process.returncode != 0:
        return f"the next run fails: {err}"
    beside = [path.name for path in target.parent.iterdir() if path.name.startswith(".")]
    return f"left behind: {beside}" if beside else ""


def one(name: str, place: Path, chance: random.Random, lasts: float, whole: dict[str, bytes]) -> str:
    """One fault of one command; what is wrong, or the kind of ending."""
    target = place / TARGETS[name]
    if name in ("ledger", "init"):
        shutil.rmtree(target, ignore_errors=True)
        target.unlink(missing_ok=True)
    before = content(target) if target.exists() else {}
    sign = chance.choice((signal.SIGKILL, signal.SIGKILL, signal.SIGKILL, signal.SIGINT, signal.SIGTERM))
    process = spawned(COMMANDS[name], place)
    time.sleep(chance.uniform(0.2, 1.1) * lasts)
    process.send_signal(sign)
    err = process.communicate()[1]
    lines = [line for line in err.splitlines() if line.strip()]
    if "Traceback" in err or (sign != signal.SIGKILL and process.returncode not in (0, 130, 143, -2, -15)):
        return f"wrong: {sign.name} ends with {process.returncode}: {lines[-1:]}"
    problem = wrong_after(name, place, before, whole)
    return f"wrong: {sign.name}: {problem}" if problem else f"{sign.name} {process.returncode}"


def memory(place: Path) -> Counter[str]:
    """How each command ends under limits of memory."""
    found: Counter[str] = Counter()
    for name, command in COMMANDS.items():
        for megabytes in (100, 300, 420, 500, 600, 800, 1_200):

            def limit(size: int = megabytes * 1_000_000) -> None:
                resource.setrlimit(resource.RLIMIT_AS, (size, size))

            shutil.rmtree(place / "made", ignore_errors=True)
            (place / "made").unlink(missing_ok=True)
            process = spawned(command, place, limit)
            err = process.communicate()[1]
            sound = process.returncode in (0, 3) and "Traceback" not in err
            found[
                "memory " + ("sound" if sound else f"wrong: {name} {megabytes} MB: {process.returncode} {err[-300:]}")
            ] += 1
    return found


def main() -> None:
    """Count how each fault ends; say what is wrong."""
    count, chance = int(sys.argv[1]), random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 0)  # noqa: S311
    ends: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        shutil.copytree(ROOT / "scenarios" / "kingsoft-cloud", place / "company")
        for name, command in COMMANDS.items():
            started = time.monotonic()
            assert spawned(command, place).wait() == 0, name
            lasts, whole = time.monotonic() - started, content(place / TARGETS[name])
            for _ in range(count):
                end = f"{name}: {one(name, place, chance, lasts, whole)}"
                ends[end] += 1
                if "wrong" in end:
                    sys.stdout.write(f"! {end}\n")
            sys.stdout.write(f"{name}: {count} faults\n")
            sys.stdout.flush()
            shutil.rmtree(place / "made", ignore_errors=True)
            (place / "made").unlink(missing_ok=True)
        ends += memory(place)
    for end, times in sorted(ends.items()):
        sys.stdout.write(f"{times:5} {end}\n")


if __name__ == "__main__":
    main()
