"""What the numbers of one file must fulfil together: every shipped edition does, and one corrupted cell does not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ghg.catalogue.importers.laws import broken
from ghg.catalogue.packs import TOTAL
from ghg.factors import FACTOR, FactorRow, library

IMPORTED = ("desnz-", "epa-hub-", "egrid-", "epa-supply-chain-", "cn-mee-")
BUTANE = "desnz-2024:1_100_1000_15"
ANTHRACITE = "epa-hub-2025:T1.R17"


@cache
def editions() -> Mapping[str, Sequence[FactorRow]]:
    found: defaultdict[str, list[FactorRow]] = defaultdict(list)
    for row in library().rows.values():
        if row.source.startswith(IMPORTED):
            found[row.source].append(row)
    return found


def changed(row: FactorRow, value: str) -> FactorRow:
    return FactorRow.model_validate(row.model_dump() | {"value": value})


@pytest.mark.parametrize("source", sorted({row["source"] for row in library().texts()}))
def test_a_shipped_edition_breaks_no_law(source: str) -> None:
    assert list(broken(editions().get(source, ()))) == []


def test_a_negative_number_is_told() -> None:
    row = changed(library().rows["cn-mee-2022:national"], "-0.5366")
    assert [message for _, message in broken([row])] == ["-0.5366 is negative."]


@pytest.mark.parametrize(
    ("gas", "value"), [("CO2e", "3033.48067"), ("CO2e", "303.338067"), ("CO2", "3029.36"), ("N2O", "16.0067/265")]
)
def test_one_changed_number_of_a_factor_contradicts_its_total(gas: str, value: str) -> None:
    factor = library().factors[BUTANE]
    assert factor.total
    rows = [changed(row, value) if row.gas == gas else row for row in (*factor.rows, factor.total)]
    [(row, message)] = broken(rows)
    assert (row.kind, row.factor) == (TOTAL, BUTANE)
    assert message.startswith(f"the factor {BUTANE}: its gases make ")


def test_the_last_printed_digit_may_be_rounded() -> None:
    factor = library().factors[BUTANE]
    assert factor.total
    assert list(broken([*factor.rows, changed(factor.total, "3033.38068")])) == []


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_any_gas_of_any_factor_off_by_half_its_total_is_told(data: st.DataObject) -> None:
    with_total = [factor for factor in library().factors.values() if factor.total and factor.total.amount]
    factor = data.draw(st.sampled_from(with_total))
    total = factor.total
    assert total
    wrong = changed(total, f"{float(total.amount) * data.draw(st.sampled_from([0.5, 1.5, 10, 100])) + 1e-3:.12f}")
    assert [row.id for row, _ in broken([*factor.rows, wrong])] == [total.id]


def test_one_changed_number_of_a_fuel_contradicts_its_heat_content() -> None:
    rows = [row for row in editions()["epa-hub-2025"] if row.id.startswith(ANTHRACITE)]
    assert {row.kind for row in rows} == {"gross_calorific_value", FACTOR}
    assert list(broken(rows)) == []
    shifted = [changed(row, "250.9") if row.kind == "gross_calorific_value" else row for row in rows]
    [(row, message)] = broken(shifted)
    assert row.unit == "kg/short_ton"
    assert "heat content 250.9 MMBtu_gross/short_ton times 103.69 kg/MMBtu_gross does not give" in message
