"""Figures: which postings a figure counts."""

from __future__ import annotations

import pytest

from ghg.figures import figure, figures
from ghg.issues import UnknownNameError

POSTING = {"measure": "emissions", "book": "", "scope": "1", "category": "stationary_combustion", "energy": "direct"}


def counts(name: str, **marks: str) -> bool:
    return figure(name).includes(**(POSTING | marks))


@pytest.mark.parametrize("name", ["scope1", "scope1+2", "scope1+2_market"])
def test_a_posting_of_every_book_counts_in_either(name: str) -> None:
    assert counts(name)


@pytest.mark.parametrize(("book", "name"), [("location", "scope2"), ("market", "scope2_market")])
def test_a_posting_of_one_book_counts_in_that_book_only(book: str, name: str) -> None:
    counted = {found for found in ("scope2", "scope2_market") if counts(found, scope="2", book=book)}
    assert counted == {name}


def test_a_figure_counts_only_its_scopes() -> None:
    assert [scope for scope in ("", "1", "2", "3") if counts("scope1+2", scope=scope)] == ["1", "2"]


def test_a_figure_counts_only_its_category() -> None:
    assert counts("scope3.6", scope="3", category="6_business_travel")
    assert not counts("scope3.6", scope="3", category="7_employee_commuting")


def test_a_figure_counts_only_its_measure() -> None:
    assert not counts("scope1", measure="energy")


def test_a_figure_of_energy_counts_only_its_kind() -> None:
    assert counts("energy_direct", measure="energy")
    assert not counts("energy_indirect", measure="energy")
    assert not counts("energy", measure="energy", energy="")


@pytest.mark.parametrize(
    ("name", "unit", "text"), [("scope1", "t", "t CO2e"), ("scope1", "kt", "kt CO2e"), ("water", "t", "t")]
)
def test_only_emissions_are_written_as_co2e(name: str, unit: str, text: str) -> None:
    assert figure(name).written(unit) == text


def test_an_unknown_figure_suggests_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'scope2'"):
        figure("scope_2")


def test_figures_are_printed_by_scope_first() -> None:
    assert list(figures())[:5] == ["scope1", "scope2", "scope2_market", "scope1+2", "scope1+2_market"]


def test_tonnes_say_of_what_they_are_and_only_above_the_line() -> None:
    written = {
        name: figure(name).written("t/t") for name in ("scope1", "gases_outside_scopes", "biogenic_co2", "water")
    }
    assert written == {
        "scope1": "t CO2e/t", "gases_outside_scopes": "t CO2e/t", "biogenic_co2": "t CO2/t", "water": "t/t",
    }  # fmt: skip
