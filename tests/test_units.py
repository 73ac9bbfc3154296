"""Units: every accepted spelling against pint, every refused one with what to write."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pint
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ghg.issues import UnitError
from ghg.numbers import parse
from ghg.units import (
    BASE,
    WRITTEN_ONLY,
    Unit,
    _spellings,
    accepted,
    amount_of,
    conversion,
    of_dimension,
    ratio,
    refused,
    registry,
    sizes,
    step,
    to_quantity,
    unit,
    variants,
    why_not,
)

UNITS = list(accepted().values())
DIMENSIONS = sorted({found.dimension for found in UNITS})
MISREAD = {
    "Btu": "pint takes the ISO 31-4 value 1055.056 J; the list the exact International Table 1055.05585262 J",
    **dict.fromkeys(("BTU", "kBtu", "kBTU"), "the same"),
    **dict.fromkeys(("therm", "therms"), "pint takes the EC therm, the list the US one, and a note says so"),
}
"""Spellings that pint's own registry reads as another size than the list, each with the reason to keep them."""
AMBIGUOUS = (
    "ton", "tons", "T", "kT", "Mt", "mt", "MT", "bbl", "barrel", "gal", "gallon", "gallons", "MBtu", "Mg", "mJ", "nm3",
    "oz", "cal", "kcal", "mWh", "kW", "cwt", "tCO2e",
)  # fmt: skip

laws = settings(deadline=None)
units = st.sampled_from(UNITS)
amounts = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6)


@cache
def exact() -> pint.UnitRegistry[Fraction]:
    """A pint registry that counts in fractions and knows the units pint lacks."""
    made: pint.UnitRegistry[Fraction] = pint.UnitRegistry(non_int_type=Fraction)
    money = {found.dimension.removeprefix("money_") for found in UNITS if found.dimension.startswith("money_")}
    for name in ("passenger", "room_night", "working_hour", "person", "item", "TEU", *sorted(money)):
        made.define(f"{name} = [{name}]")
    return made


@cache
def plain_registry() -> pint.UnitRegistry[float]:
    """Pint as it comes, without a definition of ours."""
    return pint.UnitRegistry()


def base_of(dimension: str) -> Unit:
    return next(found for found in UNITS if found.dimension == dimension and found.multiplier == 1)


@pytest.mark.parametrize("spelling", accepted())
def test_a_multiplier_is_exactly_the_one_of_pint(spelling: str) -> None:
    found = unit(spelling)
    expected = exact().parse_expression(found.pint) * 1
    assert expected.to(base_of(found.dimension).pint).magnitude == found.multiplier


def read_by_pint(found: Unit) -> float | None:
    """The multiplier as pint's own registry reads the bare spelling; None where it refuses it loudly."""
    try:
        return float(
            (plain_registry().parse_expression(found.spelling) * 1).to(base_of(found.dimension).pint).magnitude
        )
    except (pint.PintError, AttributeError, TypeError, AssertionError):
        return None


def test_pints_own_registry_reads_no_other_spelling_as_another_size() -> None:
    read = {found.spelling: (read_by_pint(found), float(found.multiplier)) for found in UNITS}
    known = {spelling: sizes for spelling, sizes in read.items() if sizes[0] is not None}
    assert len(known) > 70
    assert {spelling for spelling, (own, ours) in known.items() if own != pytest.approx(ours, rel=1e-12)} == set(
        MISREAD
    )


def test_no_spelling_stands_twice_or_both_ways() -> None:
    written = [row.spelling for row in _spellings()]
    assert len(set(written)) == len(written) == len(accepted()) + len(refused())


@pytest.mark.parametrize("spelling", refused())
def test_a_refused_spelling_raises_and_says_what_to_write(spelling: str) -> None:
    with pytest.raises(UnitError, match=re.escape(f"write {refused()[spelling]}")):
        unit(spelling)


@pytest.mark.parametrize("spelling", refused())
def test_what_to_write_instead_is_accepted(spelling: str) -> None:
    named = re.findall(r"'([^' ]+)'", refused()[spelling])
    assert named
    assert set(named) <= set(accepted())


@pytest.mark.parametrize("spelling", AMBIGUOUS)
def test_a_spelling_that_people_read_differently_is_refused(spelling: str) -> None:
    assert spelling in refused()


def test_an_unknown_spelling_suggests_the_nearest() -> None:
    assert why_not("metres").startswith(
        "the unit 'metres' is not in the list of accepted spellings. Did you mean 'metre'"
    )


@pytest.mark.parametrize("spelling", ["", " kWh", "kWh ", "MWh/d", "kWh\n", "ＭＷh"])
def test_only_the_exact_spelling_is_accepted(spelling: str) -> None:
    with pytest.raises(UnitError, match="not in the list"):
        unit(spelling)


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_every_dimension_has_a_base_unit_of_size_one(dimension: str) -> None:
    assert base_of(dimension).dimension == dimension


@pytest.mark.parametrize("dimension", BASE)
def test_a_named_base_unit_has_size_one(dimension: str) -> None:
    assert unit(BASE[dimension]) == base_of(dimension)


@laws
@given(units, units, amounts)
def test_a_conversion_and_its_inverse_give_the_amount_back(one: Unit, other: Unit, amount: Decimal) -> None:
    other = other if other.dimension == one.dimension else base_of(one.dimension)
    assert Fraction(amount) * conversion(one, other) * conversion(other, one) == Fraction(amount)


@laws
@given(units, units)
def test_units_of_different_dimensions_do_not_convert(one: Unit, other: Unit) -> None:
    other = other if other.dimension != one.dimension else next(u for u in UNITS if u.dimension != one.dimension)
    with pytest.raises(UnitError, match="does not convert"):
        conversion(one, other)


@pytest.mark.parametrize("one", ["MWh", "MWh_net", "MWh_gross"])
@pytest.mark.parametrize("other", ["GJ", "GJ_net", "GJ_gross"])
def test_net_gross_and_plain_energy_convert_only_to_themselves(one: str, other: str) -> None:
    if one.partition("_")[2] == other.partition("_")[2]:
        assert conversion(unit(one), unit(other)) == Fraction("3.6")
        return
    with pytest.raises(UnitError, match="does not convert"):
        conversion(unit(one), unit(other))


def test_currencies_and_price_years_do_not_convert() -> None:
    for other in ("USD", "USD_2021", "CNY"):
        with pytest.raises(UnitError, match="does not convert"):
            conversion(unit("USD_2022"), unit(other))


def test_a_ratio_has_a_numerator_and_a_denominator() -> None:
    assert ratio("kg/TJ_net").numerator == unit("kg")
    assert ratio("kg/TJ_net").denominator == unit("TJ_net")


def test_the_denominator_is_all_that_follows_the_first_slash() -> None:
    with pytest.raises(UnitError, match=re.escape("the unit 'kWh/x' is not in the list")):
        ratio("kg/kWh/x")


@pytest.mark.parametrize("spelling", ["", "kg", "kg/", "/kWh", "kg/kWh/a", "kg per kWh", "kg / kWh", "kg/ton"])
def test_what_is_not_two_accepted_units_is_no_ratio(spelling: str) -> None:
    with pytest.raises(UnitError):
        ratio(spelling)


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_the_units_of_a_dimension_come_smallest_first(dimension: str) -> None:
    multipliers = [unit(spelling).multiplier for spelling in of_dimension(dimension)]
    assert multipliers == sorted(multipliers)
    assert [unit(spelling).multiplier for spelling in sizes(dimension)] == sorted(set(multipliers))


@laws
@given(amounts, units)
def test_an_amount_as_text_keeps_its_digits_and_unit(amount: Decimal, found: Unit) -> None:
    assert amount_of(f" {amount:f} {found.spelling} ", found.dimension) == (Fraction(amount), found)


def test_any_money_is_taken_where_any_money_fits() -> None:
    assert amount_of("5 USD_2022", "money_*") == (Fraction(5), unit("USD_2022"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("5 kg", "'kg' measures mass; needed is energy: J, milliwatt_hour, kJ, Btu, Wh"),
        ("5 MWh_net", "'MWh_net' measures energy_net"),
        ("5 MWH", "refused as ambiguous"),
        ("5", "is not an amount"),
        ("kWh", "is not an amount"),
        ("5kWh", "is not an amount"),
        ("nan kWh", "is not an amount"),
        ("1,000 kWh", "is not an amount"),
        ("1/3 kWh", "is not an amount"),
        ("", "is not an amount"),
    ],
)
def test_text_that_is_not_an_amount_of_energy_is_refused(text: str, message: str) -> None:
    with pytest.raises(UnitError, match=re.escape(message)):
        amount_of(text, "energy")


plain = st.sampled_from([found for found in UNITS if found.dimension not in WRITTEN_ONLY and "*" not in found.pint])


@laws
@given(st.decimals(-(10**6), 10**6, places=3), plain)
def test_a_pint_quantity_is_read_in_the_base_unit(amount: Decimal, found: Unit) -> None:
    value, base = amount_of(registry().Quantity(amount, found.pint), found.dimension)
    assert base == base_of(found.dimension)
    assert abs(value - Fraction(amount) * found.multiplier) <= abs(value) / 10**25


def test_a_pint_quantity_of_whole_units_is_exact() -> None:
    assert amount_of(registry().Quantity(Decimal("107415.86"), "MWh"), "energy")[0] == parse("386697.096") * 1000


def test_a_pint_quantity_of_another_registry_is_read() -> None:
    assert amount_of(pint.UnitRegistry().Quantity(2, "tonne"), "mass") == (Fraction(2000), unit("kg"))


@pytest.mark.parametrize("dimension", [*WRITTEN_ONLY, "money_*"])
def test_a_pint_quantity_cannot_state_a_basis_or_conditions(dimension: str) -> None:
    expression = "megajoule" if dimension.startswith("energy") else "meter ** 3"
    with pytest.raises(UnitError, match="write it as text"):
        amount_of(registry().Quantity(Decimal(1), expression), dimension)


@pytest.mark.parametrize("magnitude", ["NaN", "Infinity"])
def test_a_pint_quantity_that_is_no_number_is_refused(magnitude: str) -> None:
    with pytest.raises(UnitError, match="does not measure energy"):
        amount_of(registry().Quantity(Decimal(magnitude), "MWh"), "energy")


def test_a_pint_quantity_of_another_dimension_is_refused() -> None:
    with pytest.raises(UnitError, match="does not measure energy"):
        amount_of(registry().Quantity(Decimal(1), "kilogram"), "energy")


@laws
@given(amounts)
def test_a_quantity_given_out_has_the_value_as_decimal(amount: Decimal) -> None:
    quantity = to_quantity(Fraction(amount), "kilogram * CO2e")
    assert isinstance(quantity.magnitude, Decimal)
    assert Fraction(quantity.magnitude) == Fraction(amount)


def test_every_accepted_unit_can_be_given_out() -> None:
    for found in UNITS:
        given_out = (registry().parse_expression(found.pint) * 1).to(base_of(found.dimension).pint)
        assert abs(Fraction(given_out.magnitude) / found.multiplier - 1) < Fraction(1, 10**20)


def test_co2e_given_out_is_not_a_mass() -> None:
    with pytest.raises(pint.DimensionalityError):
        to_quantity(Fraction(1), "kilogram * CO2e").to("kilogram")


def test_spaces_between_number_and_unit_do_not_matter() -> None:
    assert amount_of(" 5  kWh ", "energy") == (Fraction(5), unit("kWh"))


def test_a_quantity_given_out_has_its_unit() -> None:
    given_out = to_quantity(Fraction(5, 2), "kilowatt_hour")
    assert (given_out.magnitude, str(given_out.units)) == (Decimal("2.5"), "kilowatt_hour")


def test_a_unit_of_a_factor_is_one_step_in_base_units() -> None:
    assert step("kg/kWh") == 1 / Fraction("3.6")
    assert step("t/MJ") == 1000


def test_spellings_that_some_read_otherwise_are_accepted_and_say_which_is_taken() -> None:
    assert variants()
    assert set(variants()) <= set(accepted())


def test_spellings_nearby_are_named_with_their_sizes() -> None:
    assert why_not("kWH") == (
        "the unit 'kWH' is not in the list of accepted spellings. Did you mean 'kWh', 'KWH' or 'GWH'? "
        "'kWh' is 3.60 MJ; 'KWH' is 3.60 MJ; 'GWH' is 3,600,000.00 MJ."
    )
    assert why_not("banana") == "the unit 'banana' is not in the list of accepted spellings."
    assert why_not("hectar") == ("the unit 'hectar' is not in the list of accepted spellings. Did you mean 'hectare'?")
    assert why_not("TEUs") == (
        "the unit 'TEUs' is not in the list of accepted spellings. Did you mean 'TEU' or 'TEU_km'? "
        "'TEU' is 1.00 TEU; 'TEU_km' is 1.00 TEU_km."
    )


@pytest.mark.parametrize("found", [pint.UnitRegistry().Quantity(np.array([1.0, 2.0]), "kWh"), 5, None, [5]])
def test_what_is_not_one_quantity_is_refused(found: Any) -> None:
    with pytest.raises(UnitError, match=r"is not one amount: write text such as '1234\.5 kWh'"):
        amount_of(found, "energy")


@pytest.mark.filterwarnings("ignore")
def test_a_unit_of_the_callers_own_is_as_large_as_he_says() -> None:
    own: pint.UnitRegistry[float] = pint.UnitRegistry()
    own.define("barrel_of_ours = 6000 megajoule")
    own.define("kWh = 3 megajoule")  # not the one that pint ships
    for spelling, size in (("barrel_of_ours", 6000), ("kWh", 3)):
        found, ours = (
            amount_of(own.Quantity(*stated), "energy")[0] for stated in ((2, spelling), (2 * size, "megajoule"))
        )
        assert found == ours


@pytest.mark.parametrize("spelling", ["kWh", "Btu", "therm_us", "lb", "short_ton", "m3", "gallon_us", "ft2", "ft3"])
def test_a_quantity_of_a_registry_of_floats_has_the_exact_size_of_its_unit(spelling: str) -> None:
    """In floats a kilowatt hour is 3.5999999999999996 MJ; in decimals a foot is no whole number of parts of a metre."""
    found = unit(spelling)
    assert amount_of(pint.UnitRegistry().Quantity(3, found.pint), found.dimension)[0] == 3 * found.multiplier


@pytest.mark.parametrize(
    ("magnitude", "amount"), [(0.1, "0.1"), (Fraction(1, 3), "1/3"), (Decimal("0.10"), "0.1"), (7, "7")]
)
def test_the_amount_of_a_quantity_is_the_number_as_it_is_written(magnitude: float, amount: str) -> None:
    """The float nearest to a tenth is a tenth."""
    found, base = amount_of(pint.UnitRegistry().Quantity(magnitude, "megajoule"), "energy")
    assert (found, base.spelling) == (Fraction(amount), "MJ")
