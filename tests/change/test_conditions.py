from __future__ import annotations

from ghg.change.conditions import columns, holds, of_account, words


def test_every_column_named_must_have_one_of_its_words() -> None:
    condition = {"site": ("a", "b"), "unit": ("kWh",)}
    assert holds(condition, {"site": "b", "unit": "kWh", "entity": "e"})  # type: ignore[arg-type]
    assert not holds(condition, {"site": "c", "unit": "kWh"})  # type: ignore[arg-type]
    assert not holds(condition, {"site": "a", "unit": "MWh"})  # type: ignore[arg-type]
    assert holds({}, {"site": "a"})


def test_what_the_chart_of_accounts_says_is_no_column_of_the_rows() -> None:
    assert columns([{"scope": ("2",), "site": ("a",)}, {"site": ("b",), "id": ("x",)}]) == ("site", "id")
    cells = of_account("diesel_stationary", "stationary_combustion.mass")
    assert cells["scope"] == "1"
    assert holds({"scope": ("1",), "method": ("stationary_combustion.mass",)}, cells)


def test_a_selection_in_words() -> None:
    assert words({"site": ("a", "b")}, {"unit": ("kWh",)}) == "site 'a' or 'b', but not unit 'kWh'"
