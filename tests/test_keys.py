"""Keys and matches: what makes two rows post alike."""

from __future__ import annotations

from datetime import date

import pytest

from ghg.boundary.consolidation import Boundary
from ghg.keys import KEY, Key, Match, Rules


def test_a_key_is_made_from_cells_in_any_order_of_columns() -> None:
    cells = {"activity": "a", "region": "CN", "start": "2022-01-01", "end": "2022-12-31", "unit": "kg", "item": "x",
             "method": "m"}  # fmt: skip
    key = Key.of(KEY, [cells[name] for name in KEY])
    assert Key.of(KEY[::-1], [cells[name] for name in KEY[::-1]]) == key
    assert (key.item, key.method, key.entity) == ("x", "m", "")


def test_matches_of_other_items_are_other_matches() -> None:
    one, other = (Match("fugitive_gases", "fugitive.released", (), (), item=item) for item in ("SF6", "NF3"))
    assert one.identity != other.identity
    assert Match("water", "measured_quantity.mass", (), ()).identity == ("water", "measured_quantity.mass")


def test_a_key_has_a_cell_for_every_column() -> None:
    with pytest.raises(ValueError, match="shorter"):
        Key.of(("activity", "region", "start", "end", "unit"), ("a", "b", "c", "d"))


def test_a_boundary_holds_rows_of_which_a_day_lies_inside() -> None:
    year = Rules(Boundary(date(2022, 1, 1), date(2022, 12, 31)))
    assert Rules().holds("e", date(2030, 1, 1), date(2030, 1, 1))
    assert year.holds("e", date(2022, 12, 31), date(2023, 1, 31))
    assert not year.holds("e", date(2023, 1, 1), date(2023, 1, 31))
