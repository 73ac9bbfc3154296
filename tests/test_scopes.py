"""Every method as a call: on one value, on lists and arrays, on frames."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import ghg
from ghg.issues import GhgError, InputError, UnknownNameError

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


COMMUTE = {"item": "travel.car.average.unknown_fuel", "region": "GB", "year": 2024, "gwp": "AR5"}
ROWS: dict[str, list[Any]] = {
    "who": ["a", "b"], "employees": [120, 80], "mode_share": ["30 %", "0.5"], "one_way_distance": ["15 km", "10 km"],
    "working_days": [220, 200],
}  # fmt: skip
average = ghg.scope3.employee_commuting.average_data


def as_relation(frame: pd.DataFrame) -> Any:
    return duckdb.connect().from_df(frame)


@pytest.mark.parametrize("make", [lambda frame: frame, pl.from_pandas, pa.Table.from_pandas, as_relation])
def test_a_frame_of_inputs_comes_back_as_the_same_kind_with_its_emissions(make: Callable[[pd.DataFrame], Any]) -> None:
    frame = make(pd.DataFrame(ROWS))
    found = average(frame, **COMMUTE)
    assert type(found) is type(frame)
    table = (
        found if isinstance(found, pd.DataFrame) else (found.to_pandas if hasattr(found, "to_pandas") else found.df)()
    )
    assert list(table["who"]) == ["a", "b"]
    assert list(table["amount"]) == ["237600", "160000"]
    assert set(table["unit"]) == {"km"}
    inputs = {name: [str(value) for value in values] for name, values in ROWS.items() if name != "who"}
    alone = average(**inputs, **COMMUTE)
    assert list(table["co2e_kg"]) == [float(one.magnitude) for one in alone]


def test_a_frame_may_say_what_and_where_row_by_row_and_inputs_may_be_said_for_all() -> None:
    frame = pd.DataFrame({
        "amount": ["10", "10"], "unit": ["kg", "lb"], "item": ["R-410A", "HFC134a"], "region": ["CN", "GB"],
        "year": [2024, 2023],
    })  # fmt: skip
    found = ghg.scope1.fugitive.released(frame, activity="fugitive_gases", gwp="AR6")
    assert list(found["co2e_kg"]) == [22555.0, float(Fraction("4.5359237") * 1530)]
    few = average(
        pd.DataFrame({"employees": ["10"]}), mode_share="1", one_way_distance="1 km", working_days="1", **COMMUTE
    )
    assert list(few["amount"]) == ["20"]


def test_every_row_of_a_frame_that_cannot_be_used_is_listed() -> None:
    with pytest.raises(InputError) as caught:
        average(pd.DataFrame({**ROWS, "working_days": ["x", ""]}), **COMMUTE)
    assert [(issue.line, issue.column, issue.rule) for issue in caught.value.issues] == [
        (1, "working_days", "number-invalid"), (2, "working_days", "value-missing"),
    ]  # fmt: skip
    place: dict[str, Any] = {"activity": "fugitive_gases", "region": "GB", "year": 2024, "gwp": "AR5"}
    with pytest.raises(InputError, match="is not an amount with its unit"):
        ghg.scope1.fugitive.released(pd.DataFrame({"amount": ["10"]}), item="HFC134a", **place)


@pytest.mark.parametrize(
    ("frame", "further", "said"),
    [
        (pd.DataFrame(ROWS), {"region": "", "year": 2024}, "needs a region and a year"),
        (pd.DataFrame(ROWS).assign(co2e_kg=1), {"region": "GB", "year": 2024}, "has a column 'co2e_kg'"),
        (pd.DataFrame(ROWS), {"region": "GB", "year": 2024, "employees": ["1", "2"]}, "one value for all its rows"),
    ],
)
def test_a_frame_that_cannot_be_used_is_refused(frame: Any, further: dict[str, Any], said: str) -> None:
    with pytest.raises(GhgError, match=said):
        average(frame, item=COMMUTE["item"], gwp="AR5", **further)


def test_a_series_is_read_in_its_order_and_not_by_its_labels() -> None:
    mass = pd.Series(["1 t", "2 t", "3 t"], index=[2, 0, 1])
    found = [kilograms(one) for one in ghg.scope3.transport.distance_based(mass=mass, **LEG, **GB)]
    assert [one / found[0] for one in found] == [1, 2, 3]


def test_an_amount_beside_inputs_is_refused_and_so_is_a_name_that_is_none() -> None:
    with pytest.raises(GhgError, match="works its amount out; its inputs are 'mass'"):
        ghg.scope3.transport.distance_based("12 km", mass="2 t", **LEG, **GB)
    with pytest.raises(UnknownNameError, match="Did you mean 'distance'"):
        ghg.scope3.transport.distance_based(mass="2 t", distanse="1 km", **LEG, **GB)


def test_an_input_that_cannot_be_used_is_named_with_its_number() -> None:
    with pytest.raises(InputError) as caught:
        ghg.scope3.transport.distance_based(mass=["1 t", "x t"], **LEG, **GB)
    [issue] = caught.value.issues
    assert (issue.rule, issue.line, issue.column, issue.value) == ("number-invalid", 2, "mass", "x t")
    assert issue.hint


@pytest.mark.parametrize(
    ("column", "further", "said"),
    [
        ("amount", {}, "has a column 'amount' already"),
        ("numbered_row", {}, "has a column 'numbered_row' already"),
        ("working_days", {"working_days": "220"}, "'working_days' is a column of the frame and an argument"),
        ("region", {}, "'region' is a column of the frame and an argument"),
    ],
)
def test_what_a_frame_and_a_call_both_say_is_refused(column: str, further: dict[str, Any], said: str) -> None:
    with pytest.raises(GhgError, match=said):
        average(pd.DataFrame(ROWS).assign(**{column: "1"}), **COMMUTE, **further)


def test_groups_and_calls_are_copied_and_pickled() -> None:
    for call in (ghg.scope1, ghg.scope1.fugitive, ghg.scope1.fugitive.released):
        assert type(copy.deepcopy(call)) is type(pickle.loads(pickle.dumps(call))) is type(call)  # noqa: S301
