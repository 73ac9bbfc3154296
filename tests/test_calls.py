from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pint
import polars as pl
import pyarrow as pa
import pytest

import ghg
from ghg.calls import FACTOR_REQUIRED
from ghg.issues import GhgError, InputError, Issue, UnitError, UnknownNameError
from ghg.schema import NAMES

WORLD: dict[str, Any] = {"region": "CN", "year": 2022, "gwp": "AR5", "regions": ("exact", "parent", "world"),
                         "publications": ["ipcc-2006-v2", "gbt-2589-2008", "cn-mee-2022"]}  # fmt: skip
FRAME = pd.DataFrame(
    {
        "id": ["a", "b", "c"], "entity": ["e"] * 3, "activity": [*["purchased_electricity"] * 2, "water"],
        "region": ["CN"] * 3, "start": ["2022-01-01"] * 3, "end": ["2022-12-31"] * 3, "amount": ["100", "0.5", "3"],
        "unit": ["MWh", "GWh", "t"], "provenance": ["measured"] * 3,
    }
)  # fmt: skip
OWN = pd.DataFrame(
    {
        "id": ["mine:grid"], "activity": ["electricity"], "region": ["CN"], "gas": ["CO2"], "value": ["0.1"],
        "unit": ["kg/kWh"], "source": ["mine"], "locator": ["page 1"], "verification": ["invoice"],
        "uncertainty": ["none stated"], "basis": ["grid_average"],
    }
)  # fmt: skip


def location(amount: object = "1 MWh", **changes: Any) -> Any:
    """A location-based call, kilograms CO2e."""
    rules = {"region": "CN", "year": 2022, "gwp": "AR5", **changes}
    return ghg.scope2.location_based(amount, **rules)


def kilograms(quantity: Any) -> Decimal:
    found = quantity.to("kilogram * CO2e").magnitude
    assert isinstance(found, Decimal)
    return found


# One quantity


def test_electricity_by_the_national_factor_is_exact_and_converts() -> None:
    quantity = location("107415.86 MWh")
    assert quantity.magnitude == Decimal("57639350.476")
    assert str(quantity.units) in ("CO2e * kilogram", "kilogram * CO2e")
    assert quantity.to("tonne * CO2e").magnitude == Decimal("57639.350476")
    with pytest.raises(pint.DimensionalityError):
        quantity.to("tonne")


def test_a_pint_quantity_of_any_registry_is_taken() -> None:
    units: pint.UnitRegistry[Any] = pint.UnitRegistry()
    assert location(units.Quantity(1.5, "MWh")) == location("1.5 MWh")
    diesel = ghg.scope1.stationary_combustion(units.Quantity(2, "tonne"), activity="diesel_stationary", **WORLD)
    assert diesel == ghg.scope1.stationary_combustion("2000 kg", activity="diesel_stationary", **WORLD)


def test_zero_and_the_unit_an_amount_is_written_in() -> None:
    assert kilograms(location("0 kWh")) == 0
    assert location("3.6 GJ") == location("1 MWh") == location("1000 kWh")


def test_the_market_based_call_takes_its_own_factor() -> None:
    market = ghg.scope2.market_based("1 MWh", region="CN", year=2022, gwp="AR5")
    assert kilograms(market) == Decimal("585.6")
    assert kilograms(location("1 MWh")) == Decimal("536.6")


def test_fuel_by_energy_and_by_mass() -> None:
    by_energy = ghg.scope1.stationary_combustion("1 TJ_net", activity="diesel_stationary", **WORLD)
    # 74100 kg CO2, 10 kg CH4 and 0.6 kg N2O a TJ (IPCC 2006, table 2.4), GWPs 28 and 265
    assert kilograms(by_energy) == Decimal(74100) + 10 * 28 + Decimal("0.6") * 265
    by_mass = ghg.scope1.stationary_combustion("1 t", activity="diesel_stationary", **WORLD)
    assert kilograms(by_mass) / kilograms(by_energy) * 1000 == Decimal("42.652")
    assert kilograms(ghg.scope1.mobile_combustion("1 TJ_net", activity="gasoline_mobile", **WORLD)) > 0


def test_scope_3_calls_are_named_by_method_and_activity() -> None:
    found = ghg.scope3.upstream_leased_assets(
        "1 MWh", activity="leased_assets_electricity", region="CN", year=2022, gwp="AR5"
    )
    assert found == location("1 MWh")
    assert "business_travel" in dir(ghg.scope3)
    assert {"mobile_combustion", "stationary_combustion", "fugitive"} <= set(dir(ghg.scope1))
    assert inspect.getdoc(ghg.scope3.employee_commuting)
    assert not hasattr(ghg.scope3, "__wrapped__")


def test_the_ladder_opens_only_where_it_is_named() -> None:
    with pytest.raises(InputError) as caught:
        location(year=2026)
    assert [issue.rule for issue in caught.value.issues] == ["factor-missing"]
    assert "max_age_years is 0" in caught.value.issues[0].message
    assert kilograms(location(year=2026, publications=["cn-mee-2022"], max_age_years=4)) == Decimal("536.6")
    with pytest.raises(InputError):
        location(region="CN-XZ")
    assert kilograms(location(region="CN-XZ", regions=("exact", "parent"))) == Decimal("536.6")


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: location(gwp="AR7"), UnknownNameError, r"The sets are .*AR5.*; there is no default"),
        (lambda: location(region="CNN"), UnknownNameError, "no region is called 'CNN'. Did you mean 'CN'"),
        (lambda: location(publications=["cn-mee-2O22"]), UnknownNameError, "no publication is called"),
        (lambda: location(publications=["ipcc-2006-v2"]), InputError, "no emission factor for 'electricity' in CN"),
        (lambda: location(regions=["everywhere"]), GhgError, "it is one of 'exact', 'parent' or 'world'"),
        (lambda: location(year=0), GhgError, "a calendar year"),
        (lambda: location("1 kWhh"), UnitError, "Did you mean 'kWh'"),
        (lambda: location("1 ton"), UnitError, "write 'tonne'"),
        (lambda: location("1 kg"), UnitError, "needed is energy"),
        (lambda: location("1,000 kWh"), UnitError, "is not an amount"),
        (lambda: location("nan kWh"), UnitError, "is not an amount"),
        (lambda: location("1000"), UnitError, "is not an amount"),
        (lambda: location(1000), UnitError, "is not one amount"),
        (lambda: location(ghg.scope2.location_based("1 MWh", region="CN", year=2022, gwp="AR5")), UnitError, "energy"),
        (
            lambda: ghg.scope1.stationary_combustion("1 MWh", activity="diesel_stationary", **WORLD),
            UnitError,
            "needed is energy_net: .* Or: .* needed is mass",
        ),
        (
            lambda: ghg.scope1.stationary_combustion("1 t", activity="coal", **WORLD),
            UnknownNameError,
            "no activity of stationary_combustion is called 'coal'",
        ),
    ],
)
def test_refusals(call: Callable[[], object], error: type[GhgError], message: str) -> None:
    with pytest.raises(error, match=message):
        call()


def test_a_method_group_that_does_not_exist() -> None:
    with pytest.raises(AttributeError, match="scope 2 has no method group 'residual'; it has location_based"):
        _ = ghg.scope2.residual


def test_there_is_no_default_gwp_set_region_or_year() -> None:
    for missing in ("gwp", "region", "year"):
        rules: dict[str, Any] = {"region": "CN", "year": 2022, "gwp": "AR5"}
        del rules[missing]
        with pytest.raises(TypeError, match=missing):
            ghg.scope2.location_based("1 MWh", **rules)
    with pytest.raises(TypeError, match="gwp"):
        ghg.calculate(FRAME)  # type: ignore[call-arg]


# Frames

KINDS: dict[str, Callable[[pd.DataFrame], Any]] = {
    "pandas": lambda frame: frame, "polars": pl.from_pandas, "arrow": pa.Table.from_pandas, "duckdb": duckdb.from_df,
}  # fmt: skip


def records(frame: Any) -> list[tuple[Any, ...]]:
    if isinstance(frame, duckdb.DuckDBPyRelation):
        return frame.fetchall()
    if isinstance(frame, pl.DataFrame):
        return frame.rows()
    frame = frame.to_pandas() if isinstance(frame, pa.Table) else frame
    return [
        tuple(None if cell is None or cell != cell else cell for cell in row)  # noqa: PLR0124 - NaN
        for row in frame.itertuples(index=False, name=None)
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_any_frame_gives_the_same_kind_and_the_same_numbers(kind: str) -> None:
    frame = KINDS[kind](FRAME)
    result = ghg.calculate(frame, gwp="AR5", books=("location", "market"))
    assert type(result) is type(frame)
    got = [(row[0], row[-5], row[-4], row[-2], row[-1]) for row in records(result)]
    assert got == [
        ("a", "location", "2", "cn-mee-2022:national", 53660.0),
        ("a", "market", "2", "cn-mee-2022:national-ex-market-nonfossil", 58560.0),
        ("b", "location", "2", "cn-mee-2022:national", 268300.0),
        ("b", "market", "2", "cn-mee-2022:national-ex-market-nonfossil", 292800.0),
        ("c", None, None, None, None),
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_numbers_and_dates_of_their_own_types_are_taken(kind: str) -> None:
    typed = FRAME.assign(amount=[100.0, 0.5, 3.0], start=pd.Timestamp("2022-01-01"), end=[date(2022, 12, 31)] * 3)
    assert [row[-1] for row in records(ghg.calculate(KINDS[kind](typed), gwp="AR5"))] == [53660.0, 268300.0, None]


@pytest.mark.parametrize("kind", KINDS)
def test_own_factors_win_for_the_keys_they_name(kind: str) -> None:
    result = ghg.calculate(KINDS[kind](FRAME), gwp="AR5", factors=KINDS[kind](OWN))
    assert [(row[-2], row[-1]) for row in records(result)[:2]] == [("mine:grid", 10000.0), ("mine:grid", 50000.0)]


def test_an_own_factor_may_have_a_row_for_each_gas() -> None:
    both = pd.concat([OWN, OWN.assign(id="mine:grid:CH4", gas="CH4_combustion", value="0.001")]).assign(factor="mine")
    result = ghg.calculate(FRAME, gwp="AR5", factors=both)
    assert [row[-2] for row in records(result)[:2]] == ["mine", "mine"]
    assert [row[-1] for row in records(result)[:2]] == pytest.approx([12800.0, 64000.0], rel=1e-14)


def test_small_amounts_keep_nine_decimals() -> None:
    result = ghg.calculate(FRAME.assign(amount=["0.000000001", "0.123456789", "0"]), gwp="AR5")
    assert [row[-1] for row in records(result)[:2]] == pytest.approx([5.366e-7, 66246.9129774], rel=1e-14)


def test_a_frame_without_rows_gives_one_without_rows() -> None:
    result = ghg.calculate(pl.from_pandas(FRAME).clear(), gwp="AR5")
    assert result.shape == (0, len(NAMES) + 5)


def issues_of(frame: Any, **rules: Any) -> list[Issue]:
    with pytest.raises(InputError) as caught:
        ghg.calculate(frame, gwp="AR5", **rules)
    return list(caught.value.issues)


@pytest.mark.parametrize("kind", KINDS)
def test_bad_rows_are_listed_by_number(kind: str) -> None:
    bad = FRAME.assign(unit=["MWh", "kg", "ton"], amount=["-1", "1", "NaN"], id=["a", "b", "a"])
    found = [(issue.line, issue.column, issue.rule) for issue in issues_of(KINDS[kind](bad))]
    assert sorted(found) == [
        (1, "amount", "number-negative"), (2, "unit", "unit-dimension"), (3, "amount", "number-not-finite"),
        (3, "id", "id-duplicate"), (3, "unit", "unit-ambiguous"),
    ]  # fmt: skip


@pytest.mark.parametrize("missing", [None, float("nan")])
def test_a_missing_amount_is_not_zero(missing: Any) -> None:
    assert [(issue.line, issue.column) for issue in issues_of(FRAME.assign(amount=[1.0, missing, 2.0]))] == [
        (2, "amount")
    ]
    frame = pl.from_pandas(FRAME).with_columns(amount=pl.Series([1.0, missing, 2.0], dtype=pl.Float64))
    assert [(issue.line, issue.column) for issue in issues_of(frame)] == [(2, "amount")]


def test_columns_are_checked() -> None:
    found = issues_of(FRAME.drop(columns="unit").assign(units="MWh"))
    assert [(issue.rule, issue.column) for issue in found] == [("column-missing", "unit"), ("column-unknown", "units")]
    assert "Did you mean 'unit'" in found[1].message
    for name in FACTOR_REQUIRED:
        assert f"lacks {name}" in issues_of(FRAME, factors=OWN.drop(columns=name))[0].message
    assert "unknown columns colour" in issues_of(FRAME, factors=OWN.assign(colour="red"))[0].message


def test_every_bad_factor_is_listed() -> None:
    bad = pd.concat([OWN.assign(value="x"), OWN.assign(id="mine:2", region="Narnia"), OWN.assign(id="mine:3")])
    found = issues_of(FRAME, factors=bad)
    assert [(issue.line, issue.rule) for issue in found] == [(1, "field-invalid"), (2, "field-invalid")]
    assert "pydantic" not in str(found[0])
    twice = issues_of(FRAME, factors=pd.concat([OWN, OWN]))
    assert "a gas stands twice" in twice[0].message


@pytest.mark.parametrize("thing", [[FRAME], {"id": ["a"]}, "table.csv", None])
def test_what_is_no_frame_is_refused(thing: object) -> None:
    with pytest.raises(GhgError, match="give a pandas, Polars or Arrow frame"):
        ghg.calculate(thing, gwp="AR5")


def test_rows_that_can_be_read_only_once_are_refused() -> None:
    class Once:
        def __init__(self) -> None:
            self.reader = pa.Table.from_pandas(FRAME).to_reader()

        def __arrow_c_stream__(self, requested: object = None) -> object:
            return self.reader.__arrow_c_stream__(requested)

    for once in (Once(), pa.Table.from_pandas(FRAME).to_reader()):
        with pytest.raises(GhgError, match="once"):
            ghg.calculate(once, gwp="AR5")


@pytest.mark.parametrize(
    "magnitude", [100, 100.0, Decimal("1E+2"), Fraction(100), np.int8(100), np.float32(100), np.array(100)]
)
@pytest.mark.parametrize("unit", ["kWh", "kW * hour"])
def test_a_pint_quantity_loses_no_digit_on_its_way(magnitude: Any, unit: str) -> None:
    assert kilograms(location(pint.UnitRegistry().Quantity(magnitude, unit))) == Decimal("53.66")


def test_a_unit_that_the_caller_defined_is_taken_at_its_size() -> None:
    registry = pint.UnitRegistry()
    registry.define("meter_step = 0.25 kWh")
    assert kilograms(location(registry.Quantity(400, "meter_step"))).quantize(Decimal("1e-12")) == Decimal("53.66")
    registry.define("kilowatt_hour = 2 megajoule")
    assert kilograms(location(registry.Quantity(180, "kilowatt_hour"))).quantize(Decimal("1e-12")) == Decimal("53.66")


@pytest.mark.parametrize("amount", [100, 100.0, None, b"100 kWh", ["100 kWh"], (100, "kWh"), True])
def test_what_is_no_amount_is_told_what_to_write(amount: object) -> None:
    with pytest.raises(UnitError, match="is not one amount: write text"):
        location(amount)


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"year": 2022.0}, "a calendar year"), ({"year": True}, "a calendar year"), ({"year": "22"}, "a calendar year"),
        ({"region": None}, "region is a word"), ({"region": ["CN"]}, "region is a word"),
        ({"gwp": None}, "gwp is a word"), ({"item": None}, "item is a word"),
        ({"method": "a\x1fb"}, "method is a word"),
        ({"publications": "cn-mee-2022"}, "publications is a list of words"),
        ({"publications": {"cn-mee-2022"}}, "a list in order of preference"),
        ({"publications": []}, "leave it out for all"), ({"publications": [None]}, "is a word"),
        ({"regions": "exact"}, "regions is a list of words"), ({"regions": 5}, "regions is a list of words"),
    ],
)  # fmt: skip
def test_arguments_of_another_kind_are_refused_by_name(rules: dict[str, Any], message: str) -> None:
    with pytest.raises(GhgError, match=re.escape(message)):
        location(**rules)


def test_a_list_of_publications_may_come_one_by_one() -> None:
    assert location(publications=iter(["cn-mee-2022"])) == location()


def test_an_amount_smaller_than_any_meter_counts_is_not_zero() -> None:
    small = FRAME.assign(amount=["1e-12", "0", "-0"])
    assert list(ghg.calculate(small, gwp="AR5")["co2e_kg"].fillna(0))[:2] == [pytest.approx(5.366e-10), 0]
