from __future__ import annotations

import re
from pathlib import Path

import pytest

from ghg import bundle, cli
from ghg.issues import QUESTIONS, RULES, UnknownNameError
from ghg.manual import PAGE, rule_text, rules_text

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


def test_every_rule_is_raised_in_a_test() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py") if path != Path(__file__))
    text += (TESTS / "reading" / "cases.py").read_text(encoding="utf-8")
    unraised = {rule for rule in RULES if f'"{rule}"' not in text and f"[{rule}" not in text and rule not in text}
    assert unraised == set()
