from __future__ import annotations

import pytest

from ghg.change.values import WHAT_IF, changed_gwp, changed_rows
from ghg.factors import library
from ghg.issues import GhgError, UnitError, UnknownNameError
from ghg.numbers import parse


def test_a_changed_row_has_the_new_value_everywhere() -> None:
    assert library().rows["cn-mee-2022:national"].base_amount == parse("0.5366") / parse("3.6")
    rows, [change] = changed_rows(library(), {"cn-mee-2022:national": "450 g/kWh"})
    row = rows["cn-mee-2022:national"]
    assert row.base_amount == parse("0.45") / parse("3.6")
    assert row.verification == WHAT_IF
    assert str(change) == "cn-mee-2022:national: 0.5366 kg/kWh → 450 g/kWh"


def test_the_library_keeps_its_value() -> None:
    changed_rows(library(), {"cn-mee-2022:national": "1 kg/kWh"})
    assert library().rows["cn-mee-2022:national"].value == "0.5366"


def test_an_unknown_factor_suggests_near_ones() -> None:
    with pytest.raises(UnknownNameError, match=r"cn-mee-2022:national"):
        changed_rows(library(), {"cn-mee-2022:nationl": "1 kg/kWh"})


@pytest.mark.parametrize("text", ["0.45", "kg/kWh", "0,45 kg/kWh", "NaN kg/kWh", ""])
def test_a_value_without_number_or_unit_is_refused(text: str) -> None:
    with pytest.raises(GhgError, match="is not a value and a unit"):
        changed_rows(library(), {"cn-mee-2022:national": text})


def test_a_unit_of_another_dimension_is_refused() -> None:
    with pytest.raises(UnitError, match="measures something else"):
        changed_rows(library(), {"cn-mee-2022:national": "0.45 kg/km"})
    with pytest.raises(UnitError, match="ambiguous"):
        changed_rows(library(), {"cn-mee-2022:national": "0.45 ton/kWh"})


def test_a_factor_with_several_gases_asks_for_one_of_its_rows() -> None:
    with pytest.raises(GhgError, match="a row for each gas"):
        changed_rows(library(), {"ipcc-2006:diesel-road": "1 kg/TJ_net"})


def test_an_unknown_gwp_set_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="GWP set"):
        changed_gwp("AR5", "AR7")
