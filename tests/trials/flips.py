"""One byte flipped in the evidence of a run or in an input of it: ``ghg verify`` has to name the file, every time.

    nice python -m tests.trials.flips 10000        as many flips, from seed 0
    nice python -m tests.trials.flips 500 7        from another seed

Each flip is made in a copy of the shipped scenario on disk, and the whole of the verification is done: the list of
checksums, the inputs, and the run of today.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sys
import tempfile
from pathlib import Path

import ghg
from ghg.verification import verify

ROOT = Path(__file__).parents[2]
INVENTORY = "company/2024.yaml"
INPUTS = (INVENTORY, "company/activity/2024.csv", "company/factors/implied-2024.csv", "company/published.csv")


def prepared(folder: Path) -> list[Path]:
    """The scenario and the evidence of its run in a folder; gives every file that a flip may hit."""
    shutil.copytree(ROOT / "scenarios" / "kingsoft-cloud", folder / "company")
    with contextlib.chdir(folder):
        run = ghg.run(INVENTORY)
        run.save("made")
        run.close()
    return [*sorted((folder / "made").iterdir()), *(folder / name for name in INPUTS)]


def missed(folder: Path, path: Path, chance: random.Random) -> str:
    """Flip one byte of a file, verify, put it back; what was flipped where the file is not named as changed."""
    content = path.read_bytes()
    position, bit = chance.randrange(len(content)), 1 << chance.randrange(8)
    path.write_bytes(content[:position] + bytes([content[position] ^ bit]) + content[position + 1 :])
    try:
        with contextlib.chdir(folder):
            found = {(one.name, one.status) for one in verify("made").findings}
    finally:
        path.write_bytes(content)
    name = path.name if path.parent.name == "made" else path.relative_to(folder / "company").as_posix()
    return "" if (name, "changed") in found else f"{name}: byte {position} ^ {bit}"


def main(count: int = 1000, seed: int = 0) -> int:
    """Print every flip that was missed, and how many were made; gives how many were missed."""
    chance, misses = random.Random(seed), 0  # noqa: S311 - a seed that replays
    with tempfile.TemporaryDirectory(prefix="ghg-flips-") as made:
        folder = Path(os.path.realpath(made))
        paths = prepared(folder)
        for _ in range(count):
            said = missed(folder, chance.choice(paths), chance)
            misses += bool(said)
            sys.stdout.write(f"missed: {said}\n" if said else "")
            sys.stdout.flush()
    sys.stdout.write(f"{count} flips from seed {seed}: {misses} missed\n")
    return misses


if __name__ == "__main__":
    sys.exit(min(main(*map(int, sys.argv[1:])), 1))
