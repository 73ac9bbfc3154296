"""Mutation of the arithmetic core: mutmut changes one thing at a time, and the core's own tests must notice.

    pip install 'ghg[mutation]'
    nice python -m tests.trials.mutants numbers units       some modules
    nice python -m tests.trials.mutants                     all of them

Each module is tried in a copy of the project, with the tests that are named for it and no others, so that a mutant
takes about a second. What an error says is not arithmetic: the statements that raise are left as they are.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
CORE: Mapping[str, tuple[str, ...]] = {
    "numbers": ("numbers", "intervals"),
    "intervals": ("intervals",),
    "units": ("units",),
    "gases": ("gases", "gwp"),
    "figures": ("figures",),
    "keys": ("keys", "plan", "matches", "instruments/application", "boundary/consolidation"),
    "plan": ("plan",),
    "matches": ("matches", "plan", "method_laws"),
    "ledger": ("ledger", "plan", "method_laws"),
    "statement": ("statement",),
    "proofs": ("proofs",),
    "bulk/amounts": ("bulk",),
    "bulk/columns": ("bulk",),
    "bulk/values": ("bulk", "statement"),
}
"""Modules of the arithmetic core, each with the test files that hold it."""
COPIED = ("ghg", "tests", "factors", "scenarios", "docs", "README.md", "pyproject.toml")
KILLED, SURVIVED, UNREACHED = "killed", "survived", "without a test"
STATUS = {0: SURVIVED, 5: UNREACHED, 33: UNREACHED}
"""Exit codes of mutmut that mean no test noticed; every other one, a time-out among them, is a mutant found."""
CHILDREN = 2


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of one module: mutant to status, and what each one that was not killed changed."""

    module: str
    found: Mapping[str, str]
    changes: Mapping[str, str]

    @property
    def killed(self) -> int:
        return sum(status == KILLED for status in self.found.values())


def settings(module: str, tests: Iterable[str]) -> str:
    """The section of ``pyproject.toml`` for one module."""
    selected = [
        f"tests/{folder}{slash}test_{last}.py" for folder, slash, last in (name.rpartition("/") for name in tests)
    ]
    return f"""
[tool.mutmut]
source_paths = ["ghg"]
only_mutate = ["ghg/{module}.py"]
also_copy = {json.dumps([name for name in COPIED if name != "pyproject.toml"])}
do_not_mutate_patterns = ['^\\s*raise ']
pytest_add_cli_args = ["-p", "no:randomly", "-p", "no:cacheprovider", "-q", "-x"]
pytest_add_cli_args_test_selection = {json.dumps(selected)}
use_git_change_detection = false
track_dependencies = false
"""


def tried(module: str, folder: Path) -> Trial:
    """One module, mutated in a copy of the project in an empty folder."""
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, folder / name)
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(settings(module, CORE[module]))
    command = [str(Path(sys.executable).with_name("mutmut"))]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    told = subprocess.run(
        [*command, "run", "--max-children", str(CHILDREN)], cwd=folder, env=environment, check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    meta = folder / "mutants" / "ghg" / f"{module}.py.meta"
    if not meta.is_file():
        raise SystemExit(f"mutmut did not run on {module}:\n{told.stdout[-2000:]}{told.stderr[-2000:]}")
    codes = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
    found = {name: STATUS.get(code, KILLED) for name, code in codes.items()}
    changes = {}
    for name, status in found.items():
        if status != KILLED:
            shown = subprocess.run([*command, "show", name], cwd=folder, check=False, capture_output=True, text=True)
            lines = [line for line in shown.stdout.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
            changes[name] = "\n".join(lines)
    return Trial(module, found, changes)


def main(modules: list[str]) -> None:
    """Try modules and print what came of them."""
    for module in modules or CORE:
        with tempfile.TemporaryDirectory(prefix="ghg-mutants-") as folder:
            trial = tried(module, Path(folder))
        share = 100 * trial.killed / max(len(trial.found), 1)
        sys.stdout.write(f"{module}: {trial.killed} of {len(trial.found)} killed ({share:.1f} %)\n")
        for name, change in trial.changes.items():
            sys.stdout.write(
                f"  {name.rpartition('.')[2]}: {trial.found[name]}\n    " + change.replace("\n", "\n    ") + "\n"
            )
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
