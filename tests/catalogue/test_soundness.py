"""Words of a factor row that a slip would turn into something else."""

from __future__ import annotations

import pytest

from ghg.catalogue.soundness import wrong_gas, wrong_origin, wrong_words


@pytest.mark.parametrize("text", ["unverified", "unverified-recalled", "Unverified: from memory", "UNVERIFIED"])
def test_an_unverified_factor_never_ships_however_it_is_written(text: str) -> None:
    assert wrong_words("electricity", "GB", text, "kg/kWh") == "an unverified factor never ships"
    assert wrong_words("electricity", "GB", f"not {text}", "kg/kWh") == ""


@pytest.mark.parametrize(
    ("verification", "derived_from", "said"),
    [
        ("verified: one source", "", ""),
        ("implied", "scope2", ""),
        ("implied", "scope2 scope3.3", ""),
        ("Implied", "scope2", "has the verification 'implied' and no other word"),
        ("implied by the table", "scope2", "has the verification 'implied' and no other word"),
        ("implied", "", "names its figures in derived_from"),
        ("verified: one source", "scope2", "no other factor does"),
        ("implied", "scope2 scope_3", "there is no figure 'scope_3' to derive from. Did you mean 'scope3"),
    ],
)
def test_a_factor_says_of_which_figures_it_proves_nothing(verification: str, derived_from: str, said: str) -> None:
    found = wrong_origin(verification, derived_from)
    assert said in found
    assert bool(said) == bool(found)


def test_a_gas_belongs_to_factors_and_printed_totals_alone() -> None:
    bases = ("combustion", "upstream")
    assert wrong_gas("CO2", "combustion", "", bases, is_factor=True, is_total=False) == ""
    assert wrong_gas("", "", "", bases, is_factor=False, is_total=False) == ""
    assert "a parameter names none" in wrong_gas("CO2", "combustion", "", bases, is_factor=False, is_total=False)
    assert "a printed total is CO2e" in wrong_gas("CO2", "combustion", "", bases, is_factor=False, is_total=True)
    assert "one of combustion, upstream" in wrong_gas("CO2", "", "", bases, is_factor=True, is_total=False)
