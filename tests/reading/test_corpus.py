"""Every case of the corpus through the command line: never a silently wrong number, and every refusal helps."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from tests.reading.cases import CASES, Case, row, table
from tests.reading.harness import Outcome, factors, run, write_inventory

Captured = pytest.CaptureFixture[str]


def test_cases_have_names_of_their_own() -> None:
    names = [(case.id, case.then) for case in CASES]
    assert len(set(names)) == len(names)


def check_messages(outcome: Outcome) -> None:
    """No bug, no traceback, and every problem with its rule and a hint."""
    assert outcome.code in (0, 2), outcome.err
    assert "Traceback" not in outcome.err
    lines = outcome.err.splitlines()
    for line, after in zip(lines, [*lines[1:], ""], strict=False):
        if line.endswith("]") and not line.startswith(" "):
            assert after.startswith("    "), line
    assert max(map(len, lines), default=0) < 2_000


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(case: Case, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / case.file).write_bytes(case.content)
    inventory = write_inventory(tmp_path, [case.file], without={"region"} if b",region\n" in case.content else set())
    outcome = run(inventory, capsys, "--incomplete")
    check_messages(outcome)
    if case.outcome == "accept":
        assert outcome.code == 0, outcome.err
        assert outcome.total == Fraction(case.total)
        assert not case.rule or case.rule in outcome.notes
    else:
        assert outcome.code == 2
        assert not case.rule or case.rule in outcome.rules, outcome.err
        assert case.says in outcome.err
        assert {(case.rule, line) for line in case.lines} <= set(outcome.places), outcome.err
        assert set(case.places) <= set(outcome.places), outcome.err
    if case.outcome == "leave out":
        assert outcome.is_incomplete
        assert (outcome.total or 0) == Fraction(case.total)
    if case.outcome == "refuse":
        assert outcome.out == ""


@pytest.mark.parametrize("case", [case for case in CASES if case.then], ids=lambda case: f"{case.id} {case.answer}")
def test_an_answer_makes_the_file_compute(case: Case, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / case.file).write_bytes(case.content)
    outcome = run(write_inventory(tmp_path, [case.file], case.answer), capsys)
    assert outcome.code == 0, outcome.err
    assert outcome.total == Fraction(case.then)


def test_two_factors_for_one_row_are_refused(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "activity.csv").write_text(table(row(1)), encoding="utf-8")
    inventory = write_inventory(tmp_path, ["activity.csv"])
    text = factors()
    again = text.splitlines()[1].replace("made-up:electricity", "made-up:other")
    (tmp_path / "factors.csv").write_text(f"{text}{again}\n", encoding="utf-8")
    outcome = run(inventory, capsys)
    assert (outcome.code, outcome.rules) == (2, ["factor-ambiguous"])


def test_a_negative_factor_of_the_inventory_is_refused(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "activity.csv").write_text(table(row(1)), encoding="utf-8")
    inventory = write_inventory(tmp_path, ["activity.csv"])
    (tmp_path / "factors.csv").write_text(factors().replace(",0.5,", ",-0.5,"), encoding="utf-8")
    outcome = run(inventory, capsys)
    assert (outcome.code, outcome.rules) == (2, ["field-invalid"])
    assert "'made-up:electricity' has the negative value -0.5" in outcome.err


def test_a_factor_that_no_row_takes_is_told(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "activity.csv").write_text(table(row(1)), encoding="utf-8")
    assert "factor-unused" in run(write_inventory(tmp_path, ["activity.csv"]), capsys).notes
