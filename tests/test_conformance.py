"""Every worked example, through the front door of ghg."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from ghg.conformance.adapters.own import run_example
from ghg.conformance.examples import Example, Examples, Expected, read_examples, shipped
from ghg.issues import InputError

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
    run = run_example(example)
    for expected in example.expected:
        value = run.figure(expected.figure)
        assert value, f"nothing posts to {expected.figure}"
        assert expected.agrees(value.amount, value.unit), f"{expected} against {float(value.amount)} {value.unit}"
    run.close()


def test_a_value_agrees_within_half_a_unit_of_its_last_printed_digit() -> None:
    expected = Expected(figure="scope1", value="1,234.5", unit="kg")
    assert expected.agrees(Fraction("1.23454"), "t")
    assert not expected.agrees(Fraction("1.2346"), "t")


def test_an_example_without_an_answer_is_no_example() -> None:
    stated = {"id": "x", "what": "x", "locator": "x", "gwp": "AR5", "activity": [{"amount": "1"}], "arithmetic": "x"}
    with pytest.raises(ValueError, match="states the figures it expects"):
        Example.model_validate(stated)
