"""Keys and matches: what makes two rows post alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from ghg.accounts import accounts
from ghg.boundary.consolidation import Boundary
from ghg.boundary.pieces import Piece
from ghg.factors import library
from ghg.instruments.declaration import Instrument, InstrumentRow
from ghg.instruments.matching import Demand, Portion, match
from ghg.keys import KEY, Key, Match, Rules
from ghg.resolve import Choice
from tests.boundary.test_entities import group
from tests.instruments.small import CONTRACT, INSTRUMENT
from tests.instruments.test_matching import setting

ELECTRICITY = accounts()["purchased_electricity"]
FUEL = accounts()["stationary_fuel"]


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


def test_the_identity_of_a_match_says_which_factors_it_takes_and_how_they_are_scaled() -> None:
    factor = library().factors["cn-mee-2022:national"]
    taken = Choice("emission_factor", "location", factor, "exact", (), tuple)
    none = replace(taken, factor=None)
    made = Match("water", "m", (taken, none), (), Fraction(1, 2), ("all of it",), "x")
    assert made.identity == (
        "water", "m", "x", "location/emission_factor/cn-mee-2022:national/exact", "location/emission_factor//exact",
        "all of it", "× 1/2",
    )  # fmt: skip


def test_only_the_days_within_the_boundary_count() -> None:
    key = Key("purchased_electricity", "CN", "2021-12-01", "2022-01-31", "kWh", "North")
    year = Boundary(date(2022, 1, 1), date(2022, 12, 31))
    assert Rules().pieces(key) == (Piece(date(2021, 12, 1), date(2022, 1, 31)),)
    assert [(piece.start, piece.share) for piece in Rules(year).pieces(key)] == [(date(2022, 1, 1), Fraction(1, 2))]


def test_a_boundary_asks_who_holds_the_entity() -> None:
    held = Rules(
        Boundary(
            date(2022, 1, 1), date(2022, 12, 31), group({"entity": "North", "equity_share": "0.4"}), "equity_share"
        )
    )
    north, other = (Key("water", "CN", "2022-01-01", "2022-12-31", "t", entity) for entity in ("North", "Other"))
    assert [piece.share for piece in held.pieces(north)] == [Fraction(2, 5)]
    assert held.pieces(other) == ()
    assert held.holds("North", *north.days)
    assert not held.holds("Other", *other.days)


def covered() -> Rules:
    """A contract of North in Beijing, delivering 92 MJ from July, over 365 MJ consumed through the year."""
    cells = {
        **INSTRUMENT, **CONTRACT, "id": "c", "tracking_id": "1", "vintage_start": "2022-07-01", "amount": "92",
        "unit": "MJ", "beneficiary": "North", "market": "CN-BJ",
    }  # fmt: skip
    july = Instrument(InstrumentRow.model_validate(cells), "i.csv", 2)
    consumed = Demand(
        "electricity", "CN-BJ", "North", date(2022, 1, 1), date(2022, 12, 31), Fraction(365), Fraction(365)
    )
    return Rules(matching=match([consumed], [july], setting()))


def bought(region: str = "CN-BJ", entity: str = "North") -> Key:
    return Key("purchased_electricity", region, "2022-01-01", "2022-12-31", "kWh", entity)


def test_a_key_is_cut_where_an_instrument_that_may_cover_it_begins() -> None:
    halves = [Piece(date(2022, 1, 1), date(2022, 6, 30), Fraction(181, 365)),
              Piece(date(2022, 7, 1), date(2022, 12, 31), Fraction(184, 365))]  # fmt: skip
    whole = [Piece(*bought().days)]
    assert covered().cut(ELECTRICITY, bought()) == halves
    assert covered().cut(ELECTRICITY, bought("CN-TJ")) == whole
    assert covered().cut(ELECTRICITY, bought(entity="South")) == whole
    assert covered().cut(FUEL, bought()) == whole
    assert Rules().cut(ELECTRICITY, bought()) == whole


def test_an_instrument_covers_its_share_of_the_days_it_delivers() -> None:
    rules = covered()
    early, late = rules.cut(ELECTRICITY, bought())
    assert rules.matching is not None
    july = rules.matching.instruments[0]
    assert rules.portions(ELECTRICITY, bought(), late) == (Portion(july, Fraction(92, 184)),)
    assert rules.portions(ELECTRICITY, bought(), early) == ()
    assert rules.portions(ELECTRICITY, bought("CN-TJ"), late) == ()
    assert rules.portions(ELECTRICITY, bought(entity="South"), late) == ()
    assert rules.portions(ELECTRICITY, bought(), replace(late, category="8_upstream_leased_assets")) == ()
    assert rules.portions(FUEL, bought(), late) == ()
    assert Rules().portions(ELECTRICITY, bought(), late) == ()
