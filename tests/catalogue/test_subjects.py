"""What words ask about: the activity itself before longer ones, and what stands beside it."""

from __future__ import annotations

import pytest

from ghg.catalogue.subjects import subject
from ghg.issues import UnknownNameError


@pytest.mark.parametrize(
    ("text", "word"),
    [("electricity", "electricity"), ("电力", "electricity"), ("diesel", "fuel.diesel"), ("fuel.lpg", "fuel.lpg")],
)
def test_words_name_the_activity_itself_before_longer_ones(text: str, word: str) -> None:
    assert subject(text).activities == (word,)


def test_a_subject_says_where_when_and_whose() -> None:
    found = subject("tibet electricity 2022 mee")
    assert (found.activities, found.region, found.year, found.publisher) == (("electricity",), "CN-XZ", 2022, "mee")


def test_words_that_fit_nothing_are_refused() -> None:
    with pytest.raises(UnknownNameError, match="No word of the vocabulary fits"):
        subject("xylophone lessons")
