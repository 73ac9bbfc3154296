from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ghg import bundle, cli
from ghg.issues import QUESTIONS, RULES, UnknownNameError
from ghg.manual import PAGE, rule_text, rules_text
from tests.reading.cases import CASES

TESTS = Path(__file__).parent


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_its_meaning_an_example_and_a_fix(rule: str) -> None:
    name, blank, meaning, *rest = rule_text(rule).splitlines()
    assert (name, blank) == (rule, "")
    assert meaning.lower().startswith(RULES[rule].lower())
    text = "\n".join(rest)
    assert f"[{rule}]" in text or "…" in text
    assert re.search(r"\n\n[A-Z`].+\.$", text, re.DOTALL), "no fix stands below the example"


def test_a_rule_is_found_however_it_is_written() -> None:
    assert rule_text("[NUMBER_AMBIGUOUS]") == rule_text("number-ambiguous")
    with pytest.raises(UnknownNameError, match="Did you mean 'number-ambiguous'"):
        rule_text("number-ambigous")


def test_the_list_names_every_rule() -> None:
    assert [line.split()[0] for line in rules_text().splitlines()] == list(RULES)


def test_the_command_prints_a_section(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli._main(["explain-error", "date-is-serial"]) == 0
    assert "excel-1904" in capsys.readouterr().out
    assert cli._main(["explain-error", "nothing"]) == 2


def test_the_page_stands_where_the_package_looks_for_it() -> None:
    assert (bundle.folder("docs") / PAGE).is_file()


def test_questions_are_rules() -> None:
    assert set(RULES) >= QUESTIONS


def texts(*nodes: ast.AST) -> set[str]:
    """Texts within a syntax tree, those apart that something is held not to be."""
    others = {
        id(part)
        for node in nodes
        for found in ast.walk(node)
        if isinstance(found, ast.Compare) and any(isinstance(how, ast.NotIn | ast.NotEq) for how in found.ops)
        for part in ast.walk(found)
    }
    parts = (part for node in nodes for part in ast.walk(node) if id(part) not in others)
    return {part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)}


def expected(path: Path) -> Iterator[str]:
    """Texts that the tests of a file fail without: in assertions, and in the tables and loops they are asserted for."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tables = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    for test in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        held = [
            node for node in ast.walk(test) if isinstance(node, ast.Assert) or ast.unparse(node)[:13] == "pytest.raises"
        ]
        # "[one] = …" fails where there is not one alone.
        held += [
            node for node in ast.walk(test) if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.List)
        ]
        yield from texts(*held)
        if held:
            listed = [*test.decorator_list, *(node.iter for node in ast.walk(test) if isinstance(node, ast.For))]
            names = {name.id for node in listed for name in ast.walk(node) if isinstance(name, ast.Name)}
            yield from texts(*listed, *(tables[name] for name in names if name in tables))


def test_every_rule_is_expected_by_a_test() -> None:
    """A mention is not enough: a test has to fail where the rule is not raised."""
    found = {text for path in TESTS.rglob("test_*.py") if path != Path(__file__) for text in expected(path)}
    found |= {rule for case in CASES for rule in (case.rule, *(rule for rule, _ in case.places))}
    assert {rule for rule in RULES if not any(rule == text or f"[{rule}" in text for text in found)} == set()
