"""The shipped data: every row cited, unique and consistent with the lists it refers to."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path

import pytest

from ghg import bundle
from ghg.accounts import accounts
from ghg.factors import FactorRow, library
from ghg.figures import figures
from ghg.gases import gases, gwp_sets
from ghg.methods import methods
from ghg.numbers import decimals_of
from ghg.regions import regions
from ghg.sources import sources
from ghg.tables import read_table
from ghg.units import accepted, ratio

ROOT = bundle.folder("factors")
REFERENCE = ROOT.parent.parent / "shared" / "reference-factors"
MEE_YEARS = {
    "2021": ("0.5568", "0.5942", "0.8426"),
    "2022": ("0.5366", "0.5856", "0.8325"),
    "2023": ("0.5306", "0.6096", "0.8273"),
}
"""National average, average excluding market-traded non-fossil, fossil: as the ministry announced them, in kg/kWh."""
BEYOND_COVERAGE = {"CN-XZ", "HK", "MO", "TW"}
LABELS = {"emissions", "energy"}
"""Measures of figures that are not the measure of an account: energy is the amount of a row marked with it."""
PACKS = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("*/*.csv"))

every_row = pytest.mark.parametrize("row", library().rows.values(), ids=lambda row: row.id)
every_account = pytest.mark.parametrize("account", accounts().values(), ids=lambda account: account.activity)
every_figure = pytest.mark.parametrize("figure", figures().values(), ids=lambda figure: figure.figure)
every_year = pytest.mark.parametrize("year", MEE_YEARS)


def mee(year: str) -> list[FactorRow]:
    return [row for row in library().rows.values() if row.source == f"cn-mee-{year}"]


@every_row
def test_a_row_cites_a_known_source_and_the_place_in_it(row: FactorRow) -> None:
    assert row.source in sources()
    assert row.locator.strip()


@every_row
def test_a_row_was_verified_and_says_how_uncertain_it_is(row: FactorRow) -> None:
    assert row.verification.startswith("verified: ")
    assert row.uncertainty.strip()
    assert bool(row.lower) == bool(row.upper)


@every_row
def test_a_row_has_a_known_region_and_unit(row: FactorRow) -> None:
    assert row.region in regions()
    assert ratio(row.unit).denominator.spelling in accepted()


@every_row
def test_a_value_lies_within_its_bounds(row: FactorRow) -> None:
    assert row.amount > 0
    if row.lower:
        assert float(row.lower) <= float(row.value) <= float(row.upper)


@every_row
def test_an_emission_factor_is_a_mass_of_gas(row: FactorRow) -> None:
    if row.kind == "emission_factor":
        assert row.per.numerator.dimension == "mass"
        assert row.gas in {*gases(), "CO2e"}


@every_row
def test_the_id_of_a_gas_row_ends_with_the_gas(row: FactorRow) -> None:
    alone = len(library().find(row.factor).rows) == 1
    assert row.id == (row.factor if alone else f"{row.factor}:{row.gas}")


@every_row
def test_a_shipped_row_is_not_implied_by_a_figure(row: FactorRow) -> None:
    assert not row.is_implied
    assert not row.derived_from


@pytest.mark.parametrize("pack", PACKS)
def test_a_pack_holds_rows_of_one_publication(pack: str) -> None:
    table = read_table(ROOT / pack, pack, tuple(FactorRow.model_fields))
    assert table.issues == []
    assert len(set(table.columns["source"])) == 1


def test_every_row_of_every_pack_is_in_the_library_once() -> None:
    ids = [
        name
        for pack in PACKS
        for name in read_table(ROOT / pack, pack, tuple(FactorRow.model_fields)).columns["id"]
    ]
    assert Counter(ids) == Counter(library().rows)


def overlapping(one: FactorRow, other: FactorRow) -> bool:
    starts = [str(row.valid_from or "0000") for row in (one, other)]
    ends = [str(row.valid_to or "9999") for row in (one, other)]
    return max(starts) <= min(ends)


def test_no_two_factors_of_a_publication_are_valid_for_the_same_thing_at_once() -> None:
    alike = defaultdict(list)
    for factor in library().factors.values():
        row = factor.first
        alike[row.activity, row.region, row.kind, row.source].append(row)
    pairs = [pair for rows in alike.values() for pair in combinations(rows, 2)]
    assert [(one.id, other.id) for one, other in pairs if overlapping(one, other)] == []


@every_year
def test_the_ministry_has_forty_rows_a_year_with_four_decimals(year: str) -> None:
    rows = mee(year)
    assert len(rows) == 40
    assert {decimals_of(row.value) for row in rows} == {4}
    assert {(row.unit, row.gas) for row in rows} == {("kg/kWh", "CO2")}


@every_year
def test_the_rows_of_the_ministry_are_valid_in_their_year(year: str) -> None:
    assert {(str(row.valid_from), str(row.valid_to)) for row in mee(year)} == {(f"{year}-01-01", f"{year}-12-31")}


@every_year
def test_the_national_factors_are_as_announced(year: str) -> None:
    rows = {row.activity: row.value for row in mee(year) if row.region == "CN"}
    assert rows == dict(
        zip(
            ("electricity", "electricity_excluding_market_traded_non_fossil", "electricity_fossil"),
            MEE_YEARS[year],
            strict=True,
        )
    )


@every_year
def test_fossil_exceeds_excluding_market_exceeds_average(year: str) -> None:
    rows = {row.activity: row.amount for row in mee(year) if row.region == "CN"}
    assert (
        rows["electricity_fossil"] > rows["electricity_excluding_market_traded_non_fossil"] > rows["electricity"]
    )


@every_year
def test_the_ministry_covers_every_grid_and_province_but_tibet(year: str) -> None:
    covered = {row.region for row in mee(year)}
    mainland = {region for region in regions() if region.startswith("CN")}
    assert mainland - covered <= BEYOND_COVERAGE | {"CN-GRID-SOUTHWEST"}
    assert not covered & BEYOND_COVERAGE


@pytest.mark.parametrize("region", sorted(BEYOND_COVERAGE))
def test_no_electricity_factor_ships_for_a_place_the_ministry_leaves_out(region: str) -> None:
    assert [row.id for row in library().rows.values() if row.region == region] == []


@every_account
def test_an_account_allows_only_known_methods(account: object) -> None:
    assert set(account.methods.split()) <= set(methods())  # type: ignore[attr-defined]
