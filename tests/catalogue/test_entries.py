"""The index of the search holds every factor and every GWP value once."""

from __future__ import annotations

from collections import Counter

from ghg.catalogue.entries import ROLES, index
from ghg.catalogue.packs import TOTAL
from ghg.catalogue.queries import GWP, Field, terms
from ghg.factors import library
from ghg.gases import blends, gwp_sets


def test_every_factor_is_an_entry_once() -> None:
    found = Counter(entry.id for entry in index().entries if entry.activity != GWP)
    assert found == Counter(list(library().factors))


def test_every_gwp_of_a_gas_is_an_entry_and_every_blend_under_the_sets_that_have_its_parts() -> None:
    found = {entry.id for entry in index().entries if entry.activity == GWP}
    assert {f"{GWP}:{name}:{gas}" for name, values in gwp_sets().items() for gas in values} <= found
    absent = {blend for blend in blends() if f"{GWP}:AR5:{blend}" not in found}
    assert absent == {"R-505", "R-506"}  # CFC and HCFC of theirs have no value in the report
    assert f"{GWP}:AR6:SF6" not in found


def test_an_entry_has_a_text_for_every_role_and_a_value_for_every_field() -> None:
    assert {(len(entry.texts), len(entry.fields)) for entry in index().entries} == {(len(ROLES), len(Field))}


def test_an_entry_fits_a_term_by_the_best_of_its_meanings() -> None:
    known = index()
    for term in terms("diesel litre uk 2024 upstream", known.texts):
        for entry, fit in zip(known.entries, known.fits(term), strict=True):
            said = [role * term.texts.get(number, 0) for role, number in zip(ROLES, entry.texts, strict=True)]
            said += [values.get(entry.fields[number], 0) for number, values in term.fields.items()]
            assert fit == max(said)


def test_a_printed_total_never_stands_for_its_factor() -> None:
    assert not [entry.id for entry in index().entries if entry.fields[Field.KIND] == TOTAL]
