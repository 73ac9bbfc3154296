"""Every worked example, through the front door of ghg."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from ghg.conformance import ENGINES, Answers, Engine, scores, table
from ghg.conformance.adapters.own import run_example
from ghg.conformance.engine import as_double, engine, plain_lines
from ghg.conformance.examples import Example, Examples, Expected, read_examples, shipped
from ghg.conformance.scoring import solved, summary
from ghg.issues import GhgError, InputError
from ghg.testing import LAWS, Outcome, Pipeline
from tests import wrong_answers
from tests.homemade import HOMEMADE, but, compute
from tests.wrong_engines import WRONG
from tests.wrong_engines import engine as engine_with

FURTHER = Path(__file__).parent / "conformance"
"""Examples that need more of ghg than an engine can be asked for."""


def every() -> Iterator[Examples]:
    yield from shipped()
    yield from (read_examples(path) for path in sorted(FURTHER.glob("*.yaml")))


EXAMPLES = {example.id: example for file in every() for example in file.examples}


def test_no_two_examples_share_an_id() -> None:
    assert sum(len(file.examples) for file in every()) == len(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_ghg_gives_the_published_answer(name: str) -> None:
    example = EXAMPLES[name]
    if example.refused:
        with pytest.raises(InputError) as caught:
            run_example(example).close()
        assert example.refused in {issue.rule for issue in caught.value.issues}
        return
    found = solved(ENGINES["ghg"], example)
    assert found.outcome is Outcome.HOLDS, found.reason


def test_a_value_agrees_within_half_a_unit_of_its_last_printed_digit() -> None:
    expected = Expected(figure="scope1", value="1,234.5", unit="kg")
    assert expected.agrees(Fraction("1.23454"), "t")
    assert not expected.agrees(Fraction("1.2346"), "t")


def test_an_example_without_an_answer_is_no_example() -> None:
    stated = {"id": "x", "what": "x", "locator": "x", "gwp": "AR5", "activity": [{"amount": "1"}], "arithmetic": "x"}
    with pytest.raises(ValueError, match="states the figures it expects"):
        Example.model_validate(stated)


def homemade(pipeline: Pipeline, answers: Callable[[Example], Answers]) -> Engine:
    return Engine(
        name="home-made", package="pytest", what="a pipeline of the tests", pipeline=lambda: pipeline,
        inapplicable=lambda example: plain_lines(example)[1], answers=answers,
    )  # fmt: skip


def multiplied(example: Example) -> Answers:
    lines, _ = plain_lines(example)
    return {lines[0].figure: (sum((line.amount * line.factor for line in lines), Fraction(0)), "kg")}


def test_a_sound_engine_keeps_every_law_and_example_that_applies() -> None:
    found = scores(homemade(HOMEMADE, multiplied), examples=5)
    assert {score.outcome for score in found if score.kind == "law"} == {Outcome.HOLDS}
    examples = {score.name: score for score in found if score.kind == "example"}
    assert examples["scope-3-guidance-3.1-upstream"].outcome is Outcome.HOLDS
    assert examples["desnz-2023-electricity"].reason == "its factors are of several gases, and the engine takes CO2e"


def test_a_deliberately_wrong_engine_is_found_out() -> None:
    wrong = but("adds a kilogram", compute=lambda case: replace(compute(case), total=Fraction(compute(case).total) + 1))
    found = scores(homemade(wrong, lambda example: {"scope3.3": (Fraction(740), "kg")}), examples=5)
    broken = {score.name for score in found if score.outcome is Outcome.BROKEN}
    assert {"additivity", "linearity", "footing", "gwp once", "trace", "zero factor"} <= broken
    assert "scope-3-guidance-3.1-upstream" in broken
    assert summary(found).split(", ")[1] == f"{len(broken)} broken"


@pytest.mark.parametrize("fault", WRONG)
def test_every_engine_with_a_fault_is_found_out(fault: str) -> None:
    verdicts = (law.judge(WRONG[fault], examples=10, smallest=False) for law in LAWS)
    assert any(verdict.outcome is Outcome.BROKEN for verdict in verdicts)


def test_an_engine_that_multiplies_wrongly_fails_a_worked_example() -> None:
    wrong = engine_with(HOMEMADE, lambda line: line.amount * line.factor * 1000)
    examples = [example for file in shipped() for example in file.examples if not wrong.why_not(example)]
    assert examples
    assert {solved(wrong, example).outcome for example in examples} == {Outcome.BROKEN}


@pytest.mark.parametrize("fault", wrong_answers.engines())
def test_every_engine_that_accounts_wrongly_fails_a_worked_example(fault: str) -> None:
    assert wrong_answers.broken(wrong_answers.engines()[fault])


def test_an_example_whose_rows_state_inputs_of_a_method_is_no_plain_line() -> None:
    assert plain_lines(EXAMPLES["tg-4.2"]) == ([], "it needs more than amount times factor")


ADAPTER = """
from fractions import Fraction

from ghg.conformance import Engine
from ghg.testing import Case, Pipeline, Totals


def emissions(amount, factor):
    return float(amount) * float(factor)


def compute(case: Case) -> Totals:
    factors = {row["activity"]: row["value"] for row in case.factors}
    return Totals(total=sum(emissions(row["amount"], factors[row["activity"]]) for row in case.rows))


ENGINE = Engine(
    name="mine", what="a script of ours", line=lambda line: emissions(line.amount, line.factor),
    pipeline=lambda: Pipeline(
        name="mine", compute=compute, activities={"power": ("kWh",)}, gases=("CO2e",), tolerance=Fraction(1, 10**9),
    ),
)
NOTHING = None
"""


def test_an_adapter_of_twenty_lines_is_imported_from_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "adapter_of_mine.py").write_text(ADAPTER, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    found = scores(engine("adapter_of_mine:ENGINE", ENGINES), examples=5)
    outcomes = {score.name: score.outcome for score in found}
    assert outcomes["additivity"] is outcomes["scope-3-guidance-3.1-upstream"] is Outcome.HOLDS
    assert outcomes["no number, no total"] is Outcome.BROKEN
    assert table([(engine("adapter_of_mine:ENGINE", ENGINES), found)]).startswith("| asked | mine |")
    for name, said in {
        "adapter_of_mine:NOTHING": "is no Engine", "adapter_of_mine:ABSENT": "cannot import 'ABSENT'",
        "nowhere:ENGINE": "cannot import", "mine": "module:attribute",
    }.items():  # fmt: skip
        with pytest.raises(GhgError, match=said):
            engine(name, ENGINES)


def test_the_table_sets_engines_beside_each_other_with_their_reasons() -> None:
    one = homemade(HOMEMADE, multiplied)
    text = table([(one, scores(one, examples=1))])
    assert text.startswith("| asked | home-made")
    assert "| law: additivity | holds |" in text
    assert "- *desnz-2023-electricity* does not apply: its factors" in text


def test_a_blank_amount_is_nothing_to_a_python_caller() -> None:
    assert as_double("") is None
    assert as_double("1.5") == 1.5


@pytest.mark.parametrize("name", sorted(ENGINES))
def test_an_installed_engine_answers_one_row(name: str) -> None:
    one = ENGINES[name]
    if not one.version:
        pytest.skip(f"{name} is not installed")
    law = next(law for law in LAWS if law.name == "zero is an amount")
    assert law.judge(one.pipeline(), examples=2).outcome is Outcome.HOLDS
