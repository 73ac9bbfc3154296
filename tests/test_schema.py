"""The columns of an activity table."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import date, datetime

import pytest

from ghg.engines import Engine, literal
from ghg.schema import ACTIVITY, DIMENSIONS, NAMES, OPTIONAL, REQUIRED, TOTAL, TOTAL_STARTS, Column, day, is_total

every = pytest.mark.parametrize("column", ACTIVITY, ids=lambda column: column.name)
COLUMNS = {column.name: column for column in ACTIVITY}


@every
def test_a_column_says_what_it_holds(column: Column) -> None:
    assert column.meaning
    assert re.fullmatch("[a-z_]+", column.name)


@every
def test_only_an_optional_column_has_a_default(column: Column) -> None:
    assert not (column.required and column.default)
    assert not column.allowed or column.default in ("", *column.allowed)


def test_required_and_optional_columns_are_all_columns_once() -> None:
    assert sorted((*REQUIRED, *OPTIONAL)) == sorted(set(NAMES))


def test_dimensions_are_columns() -> None:
    assert set(DIMENSIONS) <= set(NAMES)


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("start", ["2024-01-31"], ["31.01.2024", "2024-1-31", "20240131", "2024-01-31T00:00"]),
        ("amount", ["1234.5", "-1", "1e3"], ["1,234.5", "1_000", "nan", "", "1 kWh", "١"]),
    ],
)
def test_a_pattern_takes_the_good_and_refuses_the_bad(name: str, good: list[str], bad: list[str]) -> None:
    pattern = re.compile(COLUMNS[name].pattern, re.ASCII)
    assert all(pattern.fullmatch(text) for text in good)
    assert not any(pattern.fullmatch(text) for text in bad)


@pytest.mark.parametrize("found", ["2024-12-31", date(2024, 12, 31)])
def test_a_day_passes_unchanged(found: object) -> None:
    assert day(found) is found


@pytest.mark.parametrize(
    "found", ["0", "1704067200", "2024-1-1", "2024-01-01T00:00:00", "", "２０２４-01-01", None, 20240101]
)
def test_what_is_not_written_as_a_day_is_refused(found: object) -> None:
    with pytest.raises(ValueError, match="year-month-day"):
        day(found)


def test_a_time_of_day_is_refused() -> None:
    with pytest.raises(ValueError, match="year-month-day"):
        day(datetime.fromisoformat("2024-12-31T12:00:00"))


@pytest.mark.parametrize(
    ("name", "sums"),
    [
        ("Total", True), ("GRAND TOTAL", True), ("Totals 2025", True), ("Total général", True), ("TOTALE", True),
        ("Gesamtsumme", True), ("ИТОГО", True), ("всего", True), ("合計", True), ("Σ", True), ("∑", True), ("σ", True),
        ("Total (kWh)", True), ("Site total", True), ("Sous-total", True), ("Zwischensumme", True), ("Σύνολο", True),
        ("합계", True), ("المجموع", True), ("Totally new", False),
        ("Total Energies depot", False), ("summary-1", False), ("Σ-meter", False), ("sum-pump", False),
    ],
)  # fmt: skip
def test_names_of_totals_are_told_in_either_case_and_start_with_their_signs(name: str, sums: bool) -> None:
    assert is_total(name) == sums
    assert not sums or name[0] in TOTAL_STARTS
    with closing(Engine(1)) as engine:
        [(found,)] = engine.rows(f"SELECT regexp_full_match($1, {literal(TOTAL)}, 'i')", [name])
    assert found == sums
