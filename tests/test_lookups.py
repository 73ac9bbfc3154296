from __future__ import annotations

import pytest

from ghg.issues import UnknownNameError
from ghg.lookups import LISTS, listed


@pytest.mark.parametrize("name", LISTS)
def test_a_list_has_rows_of_text_without_repeats(name: str) -> None:
    found = listed(name)
    assert found.rows
    assert all(isinstance(cell, str) for row in found.texts() for cell in row)
    first = [row[found.columns[0]] for row in found.rows]
    assert len(first) == len(set(first))


def test_known_words_are_listed() -> None:
    assert any(row["activity"] == "purchased_electricity" for row in listed("activities").rows)
    assert any(row["region"] == "CN-BJ" for row in listed("regions").rows)


def test_an_unknown_list_names_the_lists() -> None:
    with pytest.raises(UnknownNameError, match="activities, regions, gases"):
        listed("colours")
