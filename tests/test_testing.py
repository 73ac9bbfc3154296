from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ghg import testing
from ghg.accounts import accounts
from ghg.figures import Book
from ghg.issues import InputError
from ghg.numbers import DECIMAL, decimals_of, parse
from ghg.regions import ladder
from ghg.schema import NAMES, REQUIRED
from ghg.testing import Row
from ghg.units import accepted, unit

few = settings(max_examples=50, deadline=None)


@few
@given(testing.amounts())
def test_amounts_are_plain_decimal_text(text: str) -> None:
    assert DECIMAL.fullmatch(text)
    assert "e" not in text.lower()
    assert decimals_of(text) <= 6
    assert 0 <= parse(text) <= 10**9


@few
@given(testing.amounts(places=2, largest=5))
def test_amounts_keep_to_their_bounds(text: str) -> None:
    assert decimals_of(text) == 2
    assert 0 <= parse(text) <= 5


@few
@given(testing.rows("mine"))
def test_a_row_fills_what_is_required_with_words_that_exist(row: Row) -> None:
    assert row["id"] == "mine"
    assert set(REQUIRED) <= set(row) <= set(NAMES)
    assert all(row.values())
    account = accounts()[row["activity"]]
    assert account.method_for(unit(row["unit"]).dimension)
    assert row["unit"] in testing.UNITS[row["activity"]]
    assert ladder(row["region"])[-1] == "WORLD"
    assert date(testing.YEAR, 1, 1) <= date.fromisoformat(row["start"]) <= date.fromisoformat(row["end"])
    assert date.fromisoformat(row["end"]).year == testing.YEAR


@settings(max_examples=20, deadline=None)
@given(testing.tables(2, 5))
def test_every_table_is_sound(found: list[Row]) -> None:
    assert 2 <= len(found) <= 5
    assert len({row["id"] for row in found}) == len(found)
    run = testing.run_rows(found)
    assert run.is_complete
    assert run.balance.posted == len(found)
    run.close()


def test_every_activity_and_region_has_a_factor() -> None:
    row = {"entity": "e", "start": "2022-01-01", "end": "2022-12-31", "amount": "1", "provenance": "measured"}
    rows = [
        {**row, "activity": word, "unit": spelling, "region": region}
        for word, spellings in testing.UNITS.items()
        for spelling in spellings
        for region in testing.REGIONS
    ]
    run = testing.run_rows(testing.numbered(rows))
    assert run.is_complete
    run.close()


@few
@given(testing.rows())
def test_smaller_units_keep_the_amount_and_need_no_more_decimals(row: Row) -> None:
    names = testing.smaller_units(row)
    assert row["unit"] in names
    for name in names:
        other = testing.rewritten(row, name)
        assert parse(other["amount"]) * unit(name).multiplier == parse(row["amount"]) * unit(row["unit"]).multiplier
        assert decimals_of(other["amount"]) <= 6
        assert accepted()[name].dimension == accepted()[row["unit"]].dimension


@few
@given(testing.rows(), st.fractions(0, 1, max_denominator=9))
def test_the_parts_of_a_split_row_sum_to_it(row: Row, share: Fraction) -> None:
    parts = testing.split(row, share)
    assert len(parts) == 2
    assert sum((parse(part["amount"]) for part in parts), Fraction(0)) == parse(row["amount"])
    assert all(decimals_of(part["amount"]) <= 6 and parse(part["amount"]) >= 0 for part in parts)


def test_numbered_rows_leave_the_given_ones_alone() -> None:
    rows = [{"id": "same", "amount": "1"}, {"id": "same", "amount": "2"}]
    assert testing.numbered(rows, "n") == [{"id": "n-1", "amount": "1"}, {"id": "n-2", "amount": "2"}]
    assert rows[0]["id"] == "same"


def test_the_inventory_asks_for_both_books_and_allows_its_ladder() -> None:
    found = testing.inventory("AR6", "0.001")
    assert (found.gwp, found.decimals) == ("AR6", 3)
    books: tuple[Book, ...] = ("location", "market")
    assert tuple(found.books) == books
    assert list(found.denominators) == ["revenue"]


def test_a_run_over_rows_refuses_bad_ones_and_gives_exact_figures() -> None:
    row = {
        "id": "a", "entity": "e", "activity": "purchased_electricity", "region": "CN", "start": "2022-01-01",
        "end": "2022-12-31", "amount": "1", "unit": "MWh", "provenance": "measured",
    }  # fmt: skip
    figures = testing.figures_of(testing.run_rows([row]))
    assert figures["scope2"] == Fraction("0.5366")
    assert figures["scope2/revenue"] == Fraction("0.0005366")
    with pytest.raises(InputError):
        testing.run_rows([{**row, "unit": "ton"}])
    partial = testing.run_rows([row, {**row, "id": "b", "unit": "ton"}], incomplete=True)
    assert not partial.is_complete
    partial.close()


def test_only_activities_that_emit_post() -> None:
    assert testing.posts("purchased_electricity")
    assert not testing.posts("water")
