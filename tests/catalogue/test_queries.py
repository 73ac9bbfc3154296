"""Queries cut into terms: places, years, units and misspelt words are told apart from what is asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghg.catalogue.queries import Field, Term, Texts, phrases, terms, tokens
from ghg.units import accepted


@pytest.fixture(scope="module")
def texts() -> Texts:
    found = Texts()
    for text in ("electricity grid electricity 电力", "fuel.diesel diesel 柴油", "HFC-32 CH2F2", "全国电力平均"):
        found.number(text)
    found.values[Field.YEAR] |= {"2022-01-01|2022-12-31|x-2022", "2024-01-01|2024-12-31|x-2024", "||y-2022"}
    found.values[Field.REGION] |= {"CN", "CN-JS", "GB", "WORLD"}
    found.values[Field.UNIT] |= {"kg/kWh", "kg/MWh", "kg/L", "TJ_net/Gg"}
    return found


def named(found: list[Term]) -> list[str]:
    return [term.text for term in found]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Jiangsu electricity 2022", ["jiangsu", "electricity", "2022"]),
        ("江苏电力2022", ["江苏", "电力", "2022"]),
        ("the factor of diesel, in the UK!", ["diesel", "uk"]),
        ("kg CO2e per kWh", ["kwh"]),
        ("R-32", ["r32"]),
        ("hfc 32", ["hfc32"]),
    ],
)
def test_a_query_is_cut_into_terms_that_mean_something(texts: Texts, query: str, expected: list[str]) -> None:
    assert named(terms(query, texts)) == expected


def test_a_misspelt_word_is_read_as_the_nearest_known_one_and_says_so(texts: Texts) -> None:
    [term] = terms("electrcity", texts)
    assert term.text == "electrcity (read as electricity)"
    assert term.texts


def test_a_short_or_numbered_word_is_never_read_as_another(texts: Texts) -> None:
    assert named(terms("abc r999", texts)) == ["abc", "r999"]


def test_a_place_fits_itself_and_in_part_what_is_around_and_in_it(texts: Texts) -> None:
    [china] = terms("china", texts)
    [jiangsu] = terms("江苏", texts)
    assert (china.asks(Field.REGION), jiangsu.asks(Field.REGION)) == ({"CN"}, {"CN-JS"})
    assert 0 < china.fields[Field.REGION]["CN-JS"] < 1
    assert 0 < jiangsu.fields[Field.REGION]["WORLD"] < jiangsu.fields[Field.REGION]["CN"] < 1


def test_a_year_fits_validity_before_the_name_of_an_edition_before_none(texts: Texts) -> None:
    [year] = terms("2022", texts)
    fits = year.fields[Field.YEAR]
    assert fits["2022-01-01|2022-12-31|x-2022"] == fits["||y-2022"] == 1
    assert 0 < fits["2024-01-01|2024-12-31|x-2024"] < 1


def test_a_unit_fits_outright_and_another_of_its_dimension_in_part(texts: Texts) -> None:
    [unit] = terms("kwh", texts)  # energy of a parameter's numerator counts a little less
    assert unit.fields[Field.UNIT] == {"kg/kWh": 1.0, "kg/MWh": 0.5, "TJ_net/Gg": 0.45}


def test_a_refrigerant_is_known_by_its_number_whatever_family_it_is_written_with(texts: Texts) -> None:
    [term] = terms("R32", texts)
    assert term.texts == {2: 1.0}


@pytest.mark.parametrize("spelling", [name for name in accepted() if len(name) > 1])
def test_every_accepted_unit_is_a_phrase_that_means_a_unit(spelling: str) -> None:
    assert {"unit", "side", "ignored"} & {name for name, _ in phrases()[tuple(tokens(spelling))]}


@given(st.text(max_size=40))
def test_tokens_are_words_in_lower_case_and_spaces_and_case_change_nothing(text: str) -> None:
    found = tokens(text)
    assert all(token.isalnum() and token == token.casefold() for token in found)
    assert tokens(f"  {text}  ") == found
