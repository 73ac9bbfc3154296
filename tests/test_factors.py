"""Factor rows and tables: what is refused, what is found."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from pydantic import ValidationError

from ghg.factors import Factor, FactorRow, FactorTable, library, read_factors
from ghg.issues import InputError, Issue, UnknownNameError

CELLS = dict.fromkeys(FactorRow.model_fields, "") | {
    "id": "own:grid", "factor": "own:grid", "kind": "emission_factor", "activity": "electricity", "name": "own grid",
    "region": "CN", "valid_from": "2024-01-01", "valid_to": "2024-12-31", "gas": "CO2", "basis": "grid_average",
    "value": "0.50",
    "unit": "kg/kWh", "uncertainty": "none", "source": "own", "locator": "page 1", "verification": "one source",
}  # fmt: skip


def row(**cells: str) -> FactorRow:
    return FactorRow.model_validate(CELLS | cells)


def own(*rows: FactorRow) -> Factor:
    return Factor(rows=rows, is_own=True)


def read(folder: Path, *rows: dict[str, str]) -> list[Factor]:
    path = folder / "own.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(CELLS))
        writer.writeheader()
        writer.writerows(CELLS | cells for cells in rows)
    return read_factors(path, "own.csv", is_own=True)


def refused(folder: Path, *rows: dict[str, str]) -> Issue:
    with pytest.raises(InputError) as caught:
        read(folder, *rows)
    (issue,) = caught.value.issues
    return issue


def test_a_row_keeps_its_printed_digits_and_has_its_exact_value() -> None:
    assert (row().value, row().amount) == ("0.50", Fraction(1, 2))


def test_the_base_amount_counts_base_units() -> None:
    assert row(value="0.5", unit="t/MWh").base_amount == Fraction("0.5") * 1000 / 3600


def test_validity_reads_in_words() -> None:
    assert row().validity == "2024-01-01 to 2024-12-31"
    assert row(valid_to="").validity == "2024-01-01 to …"
    assert row(valid_from="", valid_to="").validity == "no validity stated"


def test_only_an_implied_factor_is_implied() -> None:
    assert row(verification="implied", derived_from="scope2").is_implied
    assert not row().is_implied


@pytest.mark.parametrize(
    "name", ["id", "factor", "activity", "source", "locator", "verification", "uncertainty"]
)  # fmt: skip
def test_a_row_without_what_it_cites_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="are never blank"):
        row(**{name: ""})


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"value": ""}, "never blank"),
        ({"value": "n/a"}, "not a plain decimal number"),
        ({"value": "1/0"}, "not a plain decimal number"),
        ({"lower": "low"}, "not a plain decimal number"),
        ({"unit": "kg"}, "numerator/denominator"),
        ({"unit": "kg/MWH"}, "refused as ambiguous"),
        ({"region": "XX"}, "not in the list of regions"),
        ({"gas": ""}, "names its gas"),
        ({"gas": "CO"}, "not in the list of gases"),
        ({"kind": "net_calorific_value"}, "names its gas"),
        ({"kind": "guess"}, "emission_factor"),
        ({"gas": "CO2e"}, "names the GWP set"),
        ({"gas": "CO2e", "gwp_set": "AR9"}, "names the GWP set"),
        ({"gwp_set": "AR5"}, "names the GWP set"),
        ({"valid_to": "2023-12-31"}, "valid_to lies before"),
        ({"valid_from": "0"}, "year-month-day"),
        ({"valid_from": "01.01.2024"}, "year-month-day"),
        ({"valid_to": "2024-02-30"}, "date"),
        ({"verification": "unverified-recalled"}, "never ships"),
        ({"value": "1e18"}, "too large to be a factor"),
        ({"lower": "99"}, "does not lie between 99 and"),
        ({"upper": "0.0001"}, "does not lie between"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(cells: dict[str, str], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        row(**cells)


def test_a_row_that_does_not_fit_is_refused_with_file_line_and_reason(tmp_path: Path) -> None:
    issue = refused(tmp_path, {}, {"id": "b", "factor": "b", "unit": "kg/ton"})
    assert (issue.rule, issue.file, issue.line) == ("field-invalid", "own.csv", 3)
    assert "'ton' is refused" in issue.message


def test_gas_rows_are_grouped_into_one_factor(tmp_path: Path) -> None:
    (factor,) = read(tmp_path, {"id": "own:CO2"}, {"id": "own:N2O", "gas": "N2O"})
    assert (factor.id, [found.gas for found in factor.rows], factor.is_own) == ("own:grid", ["CO2", "N2O"], True)
    assert factor.first.valid_from == date(2024, 1, 1)


@pytest.mark.parametrize(
    "cells", [{"activity": "fuel.diesel"}, {"region": "GB"}, {"valid_from": ""}, {"valid_to": "2025-12-31"}]
)
def test_the_rows_of_a_factor_may_not_contradict_each_other(tmp_path: Path, cells: dict[str, str]) -> None:
    issue = refused(tmp_path, {}, {"id": "own:N2O", "gas": "N2O"} | cells)
    assert (issue.line, issue.column) == (3, "factor")


def test_a_gas_twice_in_one_factor_is_refused_as_it_would_count_twice(tmp_path: Path) -> None:
    issue = refused(tmp_path, {"id": "own:a"}, {"id": "own:b"})
    assert (issue.rule, issue.line, issue.column) == ("id-duplicate", 3, "gas")


def test_an_id_that_stands_twice_is_refused() -> None:
    with pytest.raises(InputError, match="stands in the inventory already"):
        FactorTable(own=[own(row()), own(row(value="0.6"))])


def test_an_id_that_stands_twice_is_refused_with_both_places(tmp_path: Path) -> None:
    [one], [other] = read(tmp_path, {}), read(tmp_path, {"value": "0.6"})
    with pytest.raises(InputError, match=r"stands in first\.csv:7 already") as caught:
        FactorTable(own=[replace(one, place=("first.csv", 7)), other])
    [issue] = caught.value.issues
    assert (issue.rule, issue.file, issue.line, issue.column) == ("id-duplicate", "own.csv", 2, "id")


def test_an_own_id_may_not_hide_a_shipped_one() -> None:
    shipped = next(iter(library().factors.values()))
    with pytest.raises(InputError, match="stands in the library too"):
        library().with_own([shipped])


def test_own_factors_join_the_table_and_leave_the_library_alone() -> None:
    before = dict(library().factors)
    table = library().with_own([own(row())])
    assert set(table.factors) - set(before) == {"own:grid"}
    assert library().factors == before


def test_candidates_are_those_of_kind_and_activity() -> None:
    table = FactorTable(
        own=[
            own(row()),
            own(row(id="b", factor="b", region="GB")),
            own(row(id="c", factor="c", activity="water.supply")),
        ]
    )
    assert [factor.id for factor in table.candidates("emission_factor", "electricity")] == ["own:grid", "b"]
    assert table.candidates("net_calorific_value", "electricity") == ()


def test_a_factor_is_found_by_its_id_and_by_the_id_of_a_row() -> None:
    table = FactorTable(own=[own(row(id="own:CO2"), row(id="own:N2O", gas="N2O"))])
    assert table.find("own:grid") is table.find("own:N2O")


def test_a_row_is_the_same_whether_its_factor_was_looked_at_before_or_not() -> None:
    packs = library()._packs
    name = next(name for name in packs.factors if len(packs.records(name)) > 1)
    ids = [record.cells["id"] for record in packs.records(name)]
    before, after = FactorTable(packs), FactorTable(packs)
    assert after.factors[name].id == name
    assert [before.rows[row] for row in ids] == [after.rows[row] for row in ids]
    assert [row in after.rows for row in (*ids, f"{name}:nothing")] == [True] * len(ids) + [False]


def test_an_unknown_factor_suggests_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'cn-mee-2022:national'"):
        library().find("cn-mee-2022:nationale")


def test_a_replaced_row_changes_only_the_new_table() -> None:
    name = "cn-mee-2022:national"
    new = FactorRow.model_validate(library().rows[name].model_dump() | {"value": "0.45"})
    changed = library().with_rows({name: new})
    assert (changed.find(name).first.value, library().find(name).first.value) == ("0.45", "0.5366")
    assert set(changed.rows) == set(library().rows)
