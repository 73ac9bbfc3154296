"""Mutation of the arithmetic core: mutmut changes one thing at a time, and the core's own tests must notice.

    pip install 'ghg[mutation]'
    nice python -m tests.trials.mutants numbers units       some modules
    nice python -m tests.trials.mutants units:why_not,_size some functions of a module
    nice python -m tests.trials.mutants                     all of them
    python -m tests.trials.mutants --explained              the table of survivors that no test can see

Each module is tried in a copy of the project, with the tests that are named for it and no others, so that a mutant
takes about a second. mutmut leaves functions under a decorator alone, so in the copy they are decorated by a statement
after them; and what a module keeps is forgotten before each test, so that no mutant is answered from memory.

Some changes are no arithmetic and are not counted: statements that raise are left as they are; changes of a sentence,
of the case of a word, each of which is tried in other letters too, and of ``strict`` in a ``zip``, which asserts that
lengths are equal, are told apart. Survivors that no test can see stand in ``survivors.yaml``, each with the reason.
"""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import ndiff
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from ghg.documents import read_document
from tests.trials.core import CORE, file_of

ROOT = Path(__file__).parents[2]
COPIED = ("ghg", "tests", "factors", "scenarios", "docs", "README.md", "pyproject.toml")
KILLED, TIMED_OUT, SURVIVED, UNREACHED = "killed", "out of time", "survived", "without a test"
STATUS = {
    1: KILLED, 3: KILLED, 0: SURVIVED, 5: UNREACHED, 33: UNREACHED,
    **dict.fromkeys((-24, 24, 36, 152, 255), TIMED_OUT),
}  # fmt: skip
"""What the exit codes of mutmut mean: a test failed, the engine did not come back in time, or no test noticed."""
FOUND = (KILLED, TIMED_OUT)
LEFT_ALONE = ("staticmethod", "classmethod", "overload")
"""Decorators that mutmut takes as they are, and the one whose functions have no body."""
FORGETFUL = """
import gc
import sys
import pytest
from hypothesis import Phase, settings

@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    phases = (Phase.explicit, Phase.generate)
    first = settings(phases=phases, database=None, derandomize=True, max_examples=20)
    settings.register_profile("first", first)
    settings.load_profile("first")
    gc.freeze()

@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    for kept in list(vars(sys.modules["ghg.{module}"]).values()):
        if callable(getattr(kept, "cache_clear", None)):
            kept.cache_clear()
"""
"""A plugin: before each test the module forgets what it keeps, and the first counterexample of a law is enough.

What is loaded already is left out of the collections of garbage that pytest makes after each mutant.
"""


class Survivor(BaseModel):
    """Mutants of a module that no test can see: the lines that a change brings, and why they are as good."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    module: str
    changes: tuple[str, ...]
    why: str


class _Survivors(BaseModel):
    model_config = ConfigDict(extra="forbid")
    survivors: tuple[Survivor, ...]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change.

    Attributes:
        function: where it is made.
        gone: the line as it stands.
        comes: the line in its place; blank where it goes without another.
        apart: it changes a sentence, the case of a word or an assertion about lengths, and nothing else.
        status: what the tests made of it.
    """

    function: str
    gone: str
    comes: str
    apart: bool
    status: str


PATH = Path(__file__).with_name("survivors.yaml")
EXPLAINED = read_document(PATH, PATH.name).validate(_Survivors).survivors


def decorated_after(source: str) -> str:
    """A module whose decorated functions are plain ones, with a statement after each that decorates it."""
    tree, lines = ast.parse(source), source.splitlines()
    bodies = [tree.body, *(node.body for node in tree.body if isinstance(node, ast.ClassDef))]
    functions = [node for body in bodies for node in body if isinstance(node, ast.FunctionDef) and node.decorator_list]
    for function in sorted(functions, key=lambda function: function.lineno, reverse=True):
        names = [ast.unparse(decorator) for decorator in function.decorator_list]
        if len(names) == 1 and names[0] in LEFT_ALONE:
            continue
        made = "".join(f"{name}(" for name in names) + function.name + ")" * len(names)
        lines.insert(function.end_lineno or function.lineno, f"{' ' * function.col_offset}{function.name} = {made}")
        del lines[function.decorator_list[0].lineno - 1 : function.lineno - 1]
    return "\n".join(lines) + "\n"


def settings(module: str, tests: Iterable[str]) -> str:
    """The section of ``pyproject.toml`` for one module."""
    selected = [file_of(name) for name in tests]
    return f"""
[tool.mutmut]
source_paths = ["ghg"]
only_mutate = ["ghg/{module}.py"]
also_copy = {json.dumps([name for name in COPIED if name != "pyproject.toml"])}
do_not_mutate_patterns = ['^\\s*raise ']
pytest_add_cli_args = ["-p", "no:randomly", "-p", "no:cacheprovider", "-p", "tests.forgetful", "-q", "-x"]
pytest_add_cli_args_test_selection = {json.dumps(selected)}
timeout_multiplier = 6.0
timeout_constant = 3.0
process_isolation = "forkserver"
use_git_change_detection = false
track_dependencies = false
"""


def tried(module: str, functions: Iterable[str], folder: Path, children: int) -> list[Mutant]:
    """One module, or some functions of it, mutated in a copy of the project in an empty folder."""
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, folder / name)
    under_trial = folder / "ghg" / f"{module}.py"
    under_trial.write_text(decorated_after(under_trial.read_text(encoding="utf-8")), encoding="utf-8")
    plugin = FORGETFUL.format(module=module.replace("/", "."))
    (folder / "tests" / "forgetful.py").write_text(plugin, encoding="utf-8")
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(settings(module, CORE[module]))
    told = subprocess.run(
        [str(Path(sys.executable).with_name("mutmut")), "run", "--max-children", str(children),
         *(f"*[_ǁ]{name}__mutmut_*" for name in functions)],
        cwd=folder, env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}, check=False, capture_output=True, text=True,
    )  # fmt: skip
    mutated = folder / "mutants" / "ghg" / f"{module}.py"
    meta = mutated.with_name(f"{mutated.name}.meta")
    if not meta.is_file():
        raise SystemExit(f"mutmut did not run on {module}:\n{told.stdout[-2000:]}{told.stderr[-2000:]}")
    codes = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
    if functions:
        codes = {name: code for name, code in codes.items() if code is not None}
    return list(judged(mutated.read_text(encoding="utf-8"), codes))


def judged(mutated: str, codes: Mapping[str, int | None]) -> Iterator[Mutant]:
    """Every mutant in the source that mutmut made, with what came of it."""
    functions = {node.name: node for node in ast.walk(ast.parse(mutated)) if isinstance(node, ast.FunctionDef)}
    for key, code in codes.items():
        if code not in STATUS:
            raise SystemExit(f"mutmut came to no judgement on {key}: {code}")
        name = key.rpartition(".")[2]
        whole, new = name.rpartition("__mutmut_")[0], functions[name]
        old = functions[f"{whole}__mutmut_orig"]
        new.name = old.name
        lines = list(ndiff(ast.unparse(old).splitlines(), ast.unparse(new).splitlines()))
        gone, comes = (" ".join(line[2:].strip() for line in lines if line[0] == sign) for sign in "-+")
        function = whole.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
        yield Mutant(function, gone, comes, _counted(old) == _counted(new), STATUS[code])


def _counted(function: ast.FunctionDef) -> str:
    """A function without what its sentences say, the case of its words, and its assertions about lengths."""
    bare = ast.parse(ast.unparse(function))
    for node in ast.walk(bare):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = "" if " " in node.value.strip() else node.value.lower()
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "zip":
            node.keywords = []
    return ast.dump(bare)


def explained() -> str:
    """The survivors that no test can see, as a table of Markdown."""
    rows = [f"| {entry.module} | {len(entry.changes)} | {entry.why} |\n" for entry in EXPLAINED]
    return "".join(["| module | changes | why no test can see them |\n| --- | --- | --- |\n", *rows])


def main(modules: list[str], children: int = 1) -> None:
    """Try modules; print their scores, every survivor that is not explained, and every mutant that ran out of time."""
    if modules == ["--explained"]:
        sys.stdout.write(explained())
        return
    for asked in modules or CORE:
        module, _, functions = asked.partition(":")
        with tempfile.TemporaryDirectory(prefix="ghg-mutants-") as folder:
            mutants = tried(module, list(filter(None, functions.split(","))), Path(folder), children)
        counted = [mutant for mutant in mutants if not mutant.apart]
        alive = [mutant for mutant in counted if mutant.status not in FOUND]
        known = {change for entry in EXPLAINED if entry.module == module for change in entry.changes}
        open_ones = [mutant for mutant in alive if mutant.comes not in known]
        killed = len(counted) - len(alive)
        share = 100 * killed / max(len(counted), 1)
        late = [mutant for mutant in counted if mutant.status == TIMED_OUT]
        sys.stdout.write(
            f"{asked}: {len(counted)} mutants, {killed} killed ({share:.1f} %, {len(late)} by time), "
            f"{len(alive) - len(open_ones)} explained, {len(open_ones)} not; {len(mutants) - len(counted)} apart\n"
        )
        for gone in sorted(known - {mutant.comes for mutant in alive}) * (not functions):
            sys.stdout.write(f"  explained, but killed or gone: {gone}\n")
        for mutant in (*open_ones, *late):
            sys.stdout.write(f"  {mutant.function}: {mutant.status}\n    - {mutant.gone}\n    + {mutant.comes}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
