"""What a question says about its steps, held against the forms of every step there is."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from ghg.change import forms
from ghg.change.question import OF_ROWS, OF_VALUES, Question

KINDS: dict[str, Any] = {
    kind.model_fields["change"].default: kind for kind in get_args(get_args(forms.Step)[0])
}  # fmt: skip


def asked(*words: str) -> Question:
    return Question(tuple(KINDS[word].model_construct() for word in words))


def test_every_word_is_a_step_and_none_is_of_both_kinds() -> None:
    assert set(KINDS) > OF_VALUES | OF_ROWS
    assert not OF_VALUES & OF_ROWS


@pytest.mark.parametrize("kind", [forms.SetFactor, forms.ScaleFactor, forms.ShiftFactor])
def test_values_alone_are_changed_by_steps_on_the_value_of_a_factor(kind: Any) -> None:
    word = kind.model_fields["change"].default
    assert asked(word).is_of_values
    assert asked(word).keeps_rows
    assert not asked(word, "set_gwp").is_of_values


@pytest.mark.parametrize(
    "kind", [forms.PinFactor, forms.ScaleActivity, forms.DropActivity, forms.ReplaceActivity, forms.AddActivity]
)
def test_rows_are_not_kept_where_their_amount_or_match_changes(kind: Any) -> None:
    assert not asked("set_gwp", kind.model_fields["change"].default).keeps_rows


@pytest.mark.parametrize("word", ["set_boundary", "set_instruments", "set_gwp", "swap_factor", "swap_publication"])
def test_rows_are_kept_by_all_other_steps(word: str) -> None:
    assert asked(word).keeps_rows
    assert not asked(word).is_of_values


def test_a_question_stacks_on_another() -> None:
    first, second = Question((), ("a",), ("A",)), Question((), ("b",), ("B",))
    assert first.then(second) == Question((), ("a", "b"), ("A", "B"))
