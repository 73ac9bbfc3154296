from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from inspect import getdoc
from pathlib import Path

import pytest

import ghg

ROOT = Path(__file__).parent.parent
HEAVY = ("pandas", "numpy", "pint", "duckdb", "pydantic", "yaml")
FILES = sorted((ROOT / "ghg").rglob("*.py"))


def test_all_is_what_can_be_imported_and_nothing_else() -> None:
    assert list(ghg.__all__) == sorted(ghg.__all__)
    assert set(ghg.__all__) == {*ghg._HOMES, "__version__"}
    assert dir(ghg) == sorted(ghg.__all__)
    for name, home in ghg._HOMES.items():
        assert getattr(ghg, name) is getattr(import_module(f"ghg.{home}"), name)
    with pytest.raises(AttributeError, match="module 'ghg' has no attribute 'calculator'"):
        _ = ghg.calculator


def test_what_type_checkers_see_is_what_can_be_imported() -> None:
    tree = ast.parse((ROOT / "ghg" / "__init__.py").read_text(encoding="utf-8"))
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {
        alias.name: str(node.module).removeprefix("ghg.")
        for node in guarded.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == ghg._HOMES


@pytest.mark.parametrize("name", [name for name in ghg.__all__ if name != "__version__"])
def test_every_public_name_is_documented(name: str) -> None:
    assert getdoc(getattr(ghg, name))


def public(node: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef | ast.ClassDef]]:
    """Public functions, classes and methods of a tree; not those inside a function."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.ClassDef) and not child.name.startswith("_"):
            yield f"{prefix}{child.name}", child
            if isinstance(child, ast.ClassDef):
                yield from public(child, f"{prefix}{child.name}.")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_module_and_its_public_names_have_a_docstring(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    assert [name for name, node in public(tree) if not ast.get_docstring(node)] == []


@pytest.mark.parametrize(
    "code",
    [
        "import ghg; dir(ghg); ghg.InputError; ghg.decimal_text",
        "from ghg.cli import _main; assert _main(['--help']) == 0",
        "from ghg.cli import _main; assert _main(['run', '--help']) == 0",
    ],
)
def test_imports_and_help_load_nothing_heavy(code: str) -> None:
    script = f"import sys; {code}; print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True)
    assert done.stderr == "[]\n"
