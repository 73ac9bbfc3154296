"""Method declarations: complete, and sound in their dimensions."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ghg.issues import UnknownNameError
from ghg.methods import MODULES, DataType, Input, Method, Result, method, methods
from ghg.methods.expression import Measured, in_base, of_dimension
from ghg.units import accepted
from ghg.ways import PARAMETERS

STAND_INS = {"*": "volume", "money_*": "money_EUR", "energy*": "energy_gross"}
"""A dimension to try for an input that takes any continuation."""
every = pytest.mark.parametrize("found", methods().values(), ids=lambda found: found.id)
several = pytest.mark.parametrize(
    "found", [found for found in methods().values() if not found.is_direct], ids=lambda found: found.id
)


def alternative(stated: str, number: int = 0) -> str:
    """One of the dimensions that are stated; several stand in the order of what they lead to."""
    names = stated.split()
    return STAND_INS.get(names[number % len(names)], names[number % len(names)]) if names else ""


def one(found: Input, number: int) -> Measured:
    """One base unit of what an input measures."""
    if not found.has_unit:
        return Measured(Fraction(1, 2), ())
    return of_dimension(Fraction(1), alternative(found.dimension, number), alternative(found.per, number))


@every
def test_a_method_cites_its_standard_with_a_place_and_says_what_it_does(found: Method) -> None:
    assert found.title
    assert any(word in found.standard for word in ("chapter", "section", "Guidance: Direct Fugitive", "KPI"))


@every
def test_every_input_says_what_it_is(found: Method) -> None:
    assert all(item.meaning for item in found.inputs)
    assert len({item.name for item in found.inputs}) == len(found.inputs)


@several
def test_the_dimensions_of_a_formula_give_its_canonical_dimension(found: Method) -> None:
    for number in range(len(found.canonical.split())):
        result = found.parsed.evaluate({item.name: one(item, number) for item in found.inputs})
        assert in_base(result, alternative(found.canonical, number)) is not None


@every
def test_parameters_lead_from_the_amount_to_the_canonical_dimension(found: Method) -> None:
    if found.parameters:
        assert PARAMETERS[found.parameters[-1]] == found.canonical
    elif found.is_direct:
        assert found.dimension == found.canonical


@every
def test_only_activity_takes_an_emission_factor(found: Method) -> None:
    assert found.takes_factor == (found.result is Result.ACTIVITY)
    assert (found.result is Result.QUANTITY) == (found.data_type is DataType.MEASURED)


@every
def test_the_dimensions_of_inputs_have_units(found: Method) -> None:
    dimensions = {unit.dimension for unit in accepted().values()}
    for item in found.inputs:
        for name in (*item.dimension.split(), *item.per.split()):
            assert not item.has_unit or alternative(name) in dimensions


def test_no_two_methods_share_an_id() -> None:
    assert len(methods()) == sum(len(module.METHODS) for module in MODULES)


def test_a_trailing_star_accepts_any_continuation_and_keeps_it() -> None:
    spend = method("purchased_goods.spend_based")
    assert spend.accepts("money_USD_2022")
    assert not spend.accepts("mass")
    assert spend.canonical_of("money_USD_2022") == "money_USD_2022"


def test_without_a_star_only_the_dimension_itself_is_accepted() -> None:
    mass = method("stationary_combustion.mass")
    assert [word for word in ("mass", "mass_dry", "energy_net") if mass.accepts(word)] == ["mass"]
    assert mass.canonical_of("mass") == "energy_net"


def test_a_formula_that_misses_an_input_is_no_declaration() -> None:
    with pytest.raises(ValueError, match="the formula uses"):
        Method(
            id="x.y", title="x", inputs=(Input(name="mass", meaning="mass", dimension="mass"),), formula="amount",
            canonical="mass", data_type=DataType.PRIMARY, standard="chapter 1",
        )  # fmt: skip


def test_parameters_belong_to_direct_methods() -> None:
    with pytest.raises(ValueError, match="parameters multiply the amount of a row"):
        Method(
            id="x.y", title="x", inputs=(Input(name="mass", meaning="mass", dimension="mass"),), formula="mass",
            parameters=("density",), canonical="mass", data_type=DataType.PRIMARY, standard="chapter 1",
        )  # fmt: skip


def test_an_unknown_method_suggests_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"Did you mean .*'stationary_combustion\.mass'"):
        method("stationary_combustion.mas")
