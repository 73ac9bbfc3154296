from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from pydantic import ValidationError

from ghg.change.forms import ScaleActivity, ShiftFactor, Step, WhatIf

PAGE = Path(__file__).parent.parent.parent / "docs" / "reference" / "what-if-file.md"


def test_the_reference_names_every_kind_and_field() -> None:
    text = PAGE.read_text(encoding="utf-8")
    kinds = get_args(get_args(Step)[0])
    names = {kind.model_fields["change"].default for kind in kinds} | {
        name for kind in (*kinds, WhatIf) for name in kind.model_fields
    }
    assert {name for name in names if f"`{name}`" not in text} == set()


def test_one_word_stands_for_a_list_of_one() -> None:
    step = ScaleActivity.model_validate({"where": {"site": "a"}, "by": "1/3", "why": "w"})
    assert step.where == {"site": ("a",)}


@pytest.mark.parametrize("years", ["0", "1.5", "1_0", "101"])
def test_years_are_whole_and_few(years: str) -> None:
    with pytest.raises(ValidationError):
        ShiftFactor.model_validate({"factor": "x", "yearly_change": "-0.1", "years": years, "why": "w"})
