from __future__ import annotations

import pytest

from ghg.issues import RULES, listing
from ghg.schema import Provenance
from ghg.testing import inventory
from ghg.wording import WORDINGS, about


@pytest.mark.parametrize("rule", WORDINGS)
def test_a_wording_belongs_to_a_rule_and_says_what_to_do(rule: str) -> None:
    assert rule in RULES
    assert WORDINGS[rule].message.format("seen", "about it.")
    assert WORDINGS[rule].hint


def test_closed_lists_are_listed() -> None:
    hint = WORDINGS["value-not-allowed"].hint
    assert "'entry' takes 'activity' or 'correction'" in hint
    assert f"'provenance' takes {listing(tuple(Provenance), 'or')}" in hint


def test_a_near_word_is_suggested() -> None:
    said = about("activity-unknown", "purchased_electricty", "", inventory())
    assert said.startswith(" Did you mean 'purchased_electricity'")
    assert about("region-unknown", "CN-BJJ", "", inventory()).startswith(" Did you mean 'CN-BJ'")


def test_a_dimension_is_explained_with_units_of_every_size() -> None:
    said = about("unit-dimension", "kg", "purchased_electricity", inventory())
    assert said.startswith("measures mass; 'purchased_electricity' takes 'energy', for instance")
    assert "kWh, " in said
    assert "USD_2022" in about("unit-dimension", "kg", "goods_and_services_it", inventory())
