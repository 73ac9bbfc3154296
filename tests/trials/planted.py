"""Faults planted in a copy of the engine, each to be caught by a law of ``ghg.testing``.

    nice python -m tests.trials.planted                   every fault chosen by hand, as a table
    nice python -m tests.trials.planted --generated 60    and sixty drawn from the core: an operator or number changed
    nice python -m tests.trials.planted "GWP"             those whose words hold a word

The package and its tables are copied once. A fault is one text in the place of another; a process of its own then tries
the laws on ``ghg`` until one is broken: first those where the fault should show, then all.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from typing import Any

from tests.trials.faults import FAULTS, Fault

ROOT = Path(__file__).parents[2]
COPIED = ("ghg", "factors", "scenarios", "docs")
CORE = (
    "ghg/ledger.py", "ghg/units.py", "ghg/gases.py", "ghg/resolve.py", "ghg/matches.py", "ghg/plan.py",
    "ghg/statement.py", "ghg/bulk/values.py", "ghg/boundary/pieces.py", "ghg/boundary/consolidation.py",
    "ghg/instruments/matching.py",
)  # fmt: skip
"""Modules that generated faults are drawn from: what happens between a row and a figure."""
EXAMPLES = 12
"""Generated examples a law tries on a fault."""
ABSENT = ("", "no longer applies", "")
"""What is said of a fault whose text does not stand in the project any more."""
LONGEST = 900
"""Seconds after which a fault counts as caught: the engine does not answer."""

JUDGE = """
import json, sys
from ghg import testing
pipelines = {"own": testing.OWN, "library": testing.LIBRARY, "shares": testing.SHARES}
first, laws = sys.argv[1], sys.argv[2].split(";")
tried = [(pipelines[first], one) for name in laws for one in testing.LAWS if one.name == name]
if sys.argv[4] == "all":
    tried += [(each, one) for each in (pipelines[first], *pipelines.values()) for one in testing.LAWS]
done = set()
for pipeline, one in tried:
    if (pipeline.name, one.name) in done:
        continue
    done.add((pipeline.name, one.name))
    verdict = one.judge(pipeline, examples=int(sys.argv[3]), smallest=False)
    if verdict.outcome is testing.Outcome.BROKEN:
        print(json.dumps([one.name, pipeline.name, verdict.reason]))
        break
else:
    print(json.dumps(["", "", ""]))
"""


def copied(folder: Path) -> Path:
    """The package with its tables, in an empty folder."""
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def applies(fault: Fault) -> bool:
    """Whether the text of a fault stands in the project, once."""
    return (ROOT / fault.file).read_text(encoding="utf-8").count(fault.old) == 1


def caught(
    fault: Fault, folder: Path, examples: int = EXAMPLES, *, only_named: bool = False
) -> tuple[str, str, str]:  # fmt: skip
    """The law that catches a fault, the pipeline it is tried on and what it says; blank where none does.

    Args:
        fault: what is planted.
        folder: a copy of the package.
        examples: generated examples a law tries.
        only_named: try the laws that the fault names and no others.
    """
    path = folder / fault.file
    sound = path.read_text(encoding="utf-8")
    path.write_text(sound.replace(fault.old, fault.new), encoding="utf-8")
    laws, extent = ";".join(fault.laws), "named" if only_named else "all"
    command = [sys.executable, "-W", "ignore", "-c", JUDGE, fault.pipeline, laws, str(examples), extent]
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        told = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=LONGEST
        )
    except subprocess.TimeoutExpired:
        return "no answer", "", f"after {LONGEST} seconds"
    finally:
        path.write_text(sound, encoding="utf-8")
    if told.returncode:
        return "no answer", "", told.stderr.strip().splitlines()[-1][:200]
    law, pipeline, reason = json.loads(told.stdout.splitlines()[-1])
    return law, pipeline, reason


SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Lt: ast.LtE, ast.LtE: ast.Lt,
    ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.And: ast.Or, ast.Or: ast.And,
    ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip


def mutations(file: str) -> Iterator[Fault]:
    """Every operator of a module's functions swapped for its neighbour, and every number made one larger."""
    source = (ROOT / file).read_text(encoding="utf-8")
    lines = source.splitlines(keepends=True)
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    places = sorted({(node.lineno, node.end_lineno or node.lineno) for function in functions for node in function.body})
    for first, last in places:
        old = "".join(lines[first - 1 : last])
        indent = len(old) - len(old.lstrip())
        statement = "\n".join(line[indent:] for line in old.splitlines())
        words = any(isinstance(node, ast.JoinedStr) for node in ast.walk(ast.parse(statement)))
        if source.count(old) != 1 or words or statement.startswith(('"""', "raise", "assert", "def ", "class ")):
            continue
        for number in range(len(_changeable(ast.parse(statement)))):
            tree = ast.parse(statement)
            what = _change(_changeable(tree)[number])
            new = "".join(f"{' ' * indent}{line}\n" for line in ast.unparse(tree).splitlines())
            yield Fault(what=f"{file}:{first}: {what}", file=file, old=old, new=new)


def _changeable(tree: ast.AST) -> list[ast.AST]:
    """The operators and whole numbers of a tree."""
    return [
        node
        for node in ast.walk(tree)
        if (isinstance(node, ast.BinOp | ast.BoolOp) and type(node.op) in SWAPS)
        or (isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS)
        or (isinstance(node, ast.Constant) and type(node.value) is int)
    ]


def _change(node: ast.AST) -> str:
    """Swap the operator or raise the number, in place; what was done."""
    if isinstance(node, ast.Constant):
        assert isinstance(node.value, int)
        node.value += 1
        return f"{node.value - 1} becomes {node.value}"
    assert isinstance(node, ast.BinOp | ast.BoolOp | ast.Compare)
    before: ast.AST = node.ops[0] if isinstance(node, ast.Compare) else node.op
    after: Any = SWAPS[type(before)]()
    if isinstance(node, ast.Compare):
        node.ops[0] = after
    else:
        node.op = after
    return f"{type(before).__name__} becomes {type(after).__name__}"


def generated(count: int, seed: int = 0) -> list[Fault]:
    """Faults drawn from the core, the same ones for a seed."""
    found = [fault for file in CORE for fault in mutations(file)]
    return sorted(random.Random(seed).sample(found, min(count, len(found))), key=lambda fault: fault.what)  # noqa: S311


def main(arguments: Sequence[str]) -> None:
    """Plant faults and print a row of a table for each as it is judged."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("word", nargs="?", default="", help="faults whose description holds this word")
    reader.add_argument("--generated", type=int, default=0, help="how many faults are drawn from the core")
    reader.add_argument("--only-generated", action="store_true", help="leave those chosen by hand out")
    reader.add_argument("--only-named", action="store_true", help="try the laws that a fault names and no others")
    reader.add_argument("--jobs", type=int, default=1, help="processes at once, each with a copy of its own")
    reader.add_argument("--examples", type=int, default=EXAMPLES)
    asked = reader.parse_args(arguments)
    chosen = [] if asked.only_generated else [fault for fault in FAULTS if asked.word in fault.what]
    chosen += generated(asked.generated)
    missed = 0
    sys.stdout.write("| fault | caught by the law of | on |\n| --- | --- | --- |\n")
    with tempfile.TemporaryDirectory(prefix="ghg-planted-") as folder, ThreadPoolExecutor(asked.jobs) as pool:
        copies: Queue[Path] = Queue()
        for number in range(asked.jobs):
            copies.put(copied(Path(folder) / str(number)))

        def judged(fault: Fault) -> tuple[str, str, str]:
            copy = copies.get()
            try:
                return caught(fault, copy, asked.examples, only_named=asked.only_named) if applies(fault) else ABSENT
            finally:
                copies.put(copy)

        for fault, (law, pipeline, _) in zip(chosen, pool.map(judged, chosen), strict=True):
            missed += not law
            sys.stdout.write(f"| {fault.what} | {law or '**none**'} | {pipeline} |\n")
            sys.stdout.flush()
    sys.stdout.write(f"\n{len(chosen)} faults, {len(chosen) - missed} caught\n")


if __name__ == "__main__":
    main(sys.argv[1:])
