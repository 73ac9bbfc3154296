"""Every method as a call: on one value, on lists and arrays."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest

import ghg
from ghg.issues import GhgError, UnknownNameError

GB: dict[str, Any] = {"region": "GB", "year": 2024, "gwp": "AR5", "publications": ["desnz-2024"]}
LEG = {"distance": "100 km", "activity": "upstream_transport", "item": "freight.hgv.average.laden_average"}


def kilograms(quantity: Any) -> Fraction:
    assert str(quantity.units) in ("CO2e * kilogram", "kilogram * CO2e")
    return Fraction(str(quantity.magnitude))


def test_a_method_takes_its_inputs_by_name() -> None:
    one = ghg.scope3.transport.distance_based(mass="2 t", **LEG, **GB)
    direct = ghg.scope3.transport.freight_distance(
        "200 tonne_km", activity="upstream_transport", item=LEG["item"], **GB
    )
    assert kilograms(one) == kilograms(direct) > 0


@pytest.mark.parametrize("make", [list, tuple, np.array, pd.Series])
def test_many_values_give_as_many_results(make: Any) -> None:
    found = ghg.scope3.transport.distance_based(mass=make(["1 t", "2 t", "3 t"]), **LEG, **GB)
    values = [kilograms(one) for one in found]
    assert len(values) == 3
    assert values[1] == 2 * values[0]
    assert values[2] == values[0] + values[1]


def test_lists_of_different_lengths_are_refused() -> None:
    lengths = {"mass": ["1 t", "2 t"], "distance": ["1 km"] * 3}
    with pytest.raises(GhgError, match="different lengths: 2, 3"):
        ghg.scope3.transport.distance_based(**(LEG | lengths), **GB)


def test_a_blend_takes_its_composition() -> None:
    found = ghg.scope1.fugitive.released(
        "10 kg", activity="fugitive_gases", item="R-410A", region="CN", year=2024, gwp="AR6"
    )
    assert kilograms(found) == 22555


def test_an_account_has_to_be_named_where_several_take_the_method() -> None:
    with pytest.raises(UnknownNameError, match="upstream_transport"):
        ghg.scope3.transport.distance_based(mass="1 t", distance="1 km", item=LEG["item"], **GB)


def test_an_input_that_is_missing_is_named() -> None:
    with pytest.raises(GhgError, match="blank"):
        ghg.scope3.transport.distance_based(**LEG, **GB)
    with pytest.raises(GhgError, match="takes an amount"):
        ghg.scope3.transport.freight_distance(activity="upstream_transport", item=LEG["item"], **GB)


def test_groups_and_methods_are_listed() -> None:
    assert "distance_based" in dir(ghg.scope3.transport)
    assert "one_way_distance" in str(ghg.scope3.employee_commuting.average_data.__doc__)
    with pytest.raises(AttributeError, match="has no method 'fly'"):
        _ = ghg.scope3.transport.fly
