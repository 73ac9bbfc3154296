from __future__ import annotations

import pytest

from ghg.change.forms import AddActivity, DropActivity, ScaleActivity
from ghg.change.rows import Book, edited
from ghg.testing import Row, inventory, numbered, run_rows

ROW = {
    "entity": "north", "activity": "purchased_electricity", "region": "CN", "start": "2022-01-01", "end": "2022-01-31",
    "amount": "10", "unit": "kWh", "provenance": "measured",
}  # fmt: skip
ROWS: list[Row] = numbered([ROW, {**ROW, "entity": "south", "amount": "5"}])


@pytest.fixture
def book() -> Book:
    run = run_rows(ROWS)
    run.close()
    return Book(run.plan, run.balance)


def amounts(book: Book) -> dict[str, int]:
    place = book.balance.names.index("entity")
    return {line.dimensions[place]: line.amount for line in book.balance.lines}


def test_scaling_moves_lines_and_keeps_their_amounts(book: Book) -> None:
    after, change = edited(book, ScaleActivity(where={"entity": ("north",)}, by="2/3", why="w"), inventory())
    assert amounts(after) == amounts(book)
    assert len(after.plan.matches) == len(book.plan.matches) + 1
    assert (change.before, change.after) == ("10.00 kWh in 1 row", "× 2/3")


def test_dropping_leaves_lines_out_and_says_how_many_rows(book: Book) -> None:
    after, change = edited(book, DropActivity(where={"entity": ("north",)}, why="w"), inventory())
    assert list(amounts(after)) == ["south"]
    assert after.balance.posted == 1
    assert str(change) == "activity where entity 'north': 10.00 kWh in 1 row → dropped"


def test_added_rows_join_the_lines_of_their_kind(book: Book) -> None:
    after, _ = edited(book, AddActivity(rows=({**ROW, "id": "new", "entity": "east"},), why="w"), inventory())
    assert amounts(after) == {**amounts(book), "east": 10 * 10**6}
    assert after.plan.matches == book.plan.matches
