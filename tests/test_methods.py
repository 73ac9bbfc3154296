"""Method declarations: complete, and sound in their dimensions."""

from __future__ import annotations

import pytest

from ghg.issues import UnknownNameError
from ghg.methods import DataType, Method, method, methods
from ghg.methods.scope1 import METHODS as SCOPE1
from ghg.methods.scope2 import METHODS as SCOPE2
from ghg.methods.scope3 import METHODS as SCOPE3
from ghg.units import of_dimension

PARAMETERS = {"net_calorific_value"}
every = pytest.mark.parametrize("found", methods().values(), ids=lambda found: found.id)


@every
def test_a_method_cites_its_standard_and_states_its_formula(found: Method) -> None:
    assert all((found.title, found.input, found.standard, found.formula))


@every
def test_the_dimensions_of_a_method_have_units(found: Method) -> None:
    assert of_dimension(found.dimension)
    assert of_dimension(found.canonical)


@every
def test_a_method_changes_the_dimension_only_by_parameters(found: Method) -> None:
    assert (found.dimension != found.canonical) == bool(found.parameters)
    assert set(found.parameters) <= PARAMETERS


@every
def test_only_a_measured_quantity_takes_no_factor(found: Method) -> None:
    assert found.takes_factor == (found.data_type is not DataType.MEASURED)


def test_no_two_methods_share_an_id() -> None:
    assert len(methods()) == len(SCOPE1) + len(SCOPE2) + len(SCOPE3)


def test_a_trailing_star_accepts_any_continuation_and_keeps_it() -> None:
    spend = method("purchased_goods.spend_based")
    assert spend.accepts("money_USD_2022")
    assert not spend.accepts("mass")
    assert spend.canonical_of("money_USD_2022") == "money_USD_2022"


def test_without_a_star_only_the_dimension_itself_is_accepted() -> None:
    mass = method("stationary_combustion.mass")
    assert [word for word in ("mass", "mass_dry", "energy_net") if mass.accepts(word)] == ["mass"]
    assert mass.canonical_of("mass") == "energy_net"


def test_an_unknown_method_suggests_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"Did you mean .*'stationary_combustion\.mass'"):
        method("stationary_combustion.mas")
