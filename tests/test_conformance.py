"""Every worked example, through the front door of ghg."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from ghg.conformance import ENGINES, Answers, Engine, scores, table
from ghg.conformance.adapters.own import run_example
from ghg.conformance.engine import as_double, plain_lines
from ghg.conformance.examples import Example, Examples, Expected, read_examples, shipped
from ghg.conformance.scoring import solved, summary
from ghg.issues import InputError
from ghg.testing import LAWS, Outcome, Pipeline
from tests.homemade import HOMEMADE, but, compute

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


def test_the_table_sets_engines_beside_each_other_with_their_reasons() -> None:
    engine = homemade(HOMEMADE, multiplied)
    text = table([(engine, scores(engine, examples=1))])
    assert text.startswith("| asked | home-made")
    assert "| law: additivity | holds |" in text
    assert "- *desnz-2023-electricity* does not apply: its factors" in text


def test_a_blank_amount_is_nothing_to_a_python_caller() -> None:
    assert as_double("") is None
    assert as_double("1.5") == 1.5


@pytest.mark.parametrize("name", sorted(ENGINES))
def test_an_installed_engine_answers_one_row(name: str) -> None:
    engine = ENGINES[name]
    if not engine.version:
        pytest.skip(f"{name} is not installed")
    law = next(law for law in LAWS if law.name == "zero is an amount")
    assert law.judge(engine.pipeline(), examples=2).outcome is Outcome.HOLDS
