"""The shipped data: every row cited, unique and consistent with the lists it refers to."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from fnmatch import fnmatchcase
from itertools import combinations
from pathlib import Path

import pytest

from ghg import bundle
from ghg.accounts import Account, accounts
from ghg.factors import FactorRow, library
from ghg.figures import Figure, figures
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
SCOPE3 = (
    "1_purchased_goods_and_services", "2_capital_goods", "3_fuel_and_energy_related_activities",
    "4_upstream_transportation_and_distribution", "5_waste_generated_in_operations", "6_business_travel",
    "7_employee_commuting", "8_upstream_leased_assets", "9_downstream_transportation_and_distribution",
    "10_processing_of_sold_products", "11_use_of_sold_products", "12_end_of_life_treatment_of_sold_products",
    "13_downstream_leased_assets", "14_franchises", "15_investments",
)  # fmt: skip
NOT_SHIPPED = {"energy_upstream"}
"""Factor activities without a shipped factor: the inventory brings its own."""
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
        name for pack in PACKS for name in read_table(ROOT / pack, pack, tuple(FactorRow.model_fields)).columns["id"]
    ]
    assert Counter(ids) == Counter(library().rows.keys())


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
    assert rows["electricity_fossil"] > rows["electricity_excluding_market_traded_non_fossil"] > rows["electricity"]


@every_year
def test_the_ministry_covers_every_grid_and_province_but_tibet(year: str) -> None:
    mainland = {region for region in regions() if region.startswith("CN")}
    assert mainland - {row.region for row in mee(year)} == {"CN-XZ"}


@pytest.mark.parametrize("region", sorted(BEYOND_COVERAGE))
def test_no_electricity_factor_ships_for_a_place_the_ministry_leaves_out(region: str) -> None:
    assert [row.id for row in library().rows.values() if row.region == region] == []


@every_account
def test_an_account_allows_only_known_methods(account: Account) -> None:
    assert set(account.methods.split()) <= set(methods())


@every_account
def test_an_account_posts_emissions_exactly_within_a_scope(account: Account) -> None:
    assert (account.measure == "emissions") == bool(account.scope)
    assert account.category


@every_account
def test_an_account_takes_a_factor_where_its_methods_do(account: Account) -> None:
    assert {found.takes_factor for found in account.allowed_methods} == {bool(account.factor_activity)}


@every_account
def test_the_factors_of_an_account_are_shipped_and_fit_its_methods(account: Account) -> None:
    for activity in filter(None, (account.factor_activity, account.market_factor_activity)):
        factors = library().candidates("emission_factor", activity)
        assert factors or activity in NOT_SHIPPED
        denominators = {row.per.denominator.dimension for factor in factors for row in factor.rows}
        assert all(
            any(fnmatchcase(dimension, found.canonical) for found in account.allowed_methods)
            for dimension in denominators
        )


@every_account
def test_the_parameters_an_account_needs_are_shipped(account: Account) -> None:
    for kind in {kind for found in account.allowed_methods for kind in found.parameters}:
        assert library().candidates(kind, account.fuel)


@every_figure
def test_a_figure_refers_to_known_measures_and_categories(figure: Figure) -> None:
    known = list(accounts().values())
    assert figure.measure in LABELS | {account.measure for account in known}
    assert figure.category in {"", *SCOPE3} | {account.category for account in known}
    assert set(figure.scope.split()) <= {"1", "2", "3"}
    assert set(figure.energy.split()) <= {"direct", "indirect"}


@every_figure
def test_the_unit_of_a_figure_is_accepted_and_fits_its_measure(figure: Figure) -> None:
    assert accepted()[figure.unit].dimension == ("energy" if figure.measure == "energy" else "mass")


def test_scope_3_has_a_figure_for_each_of_its_fifteen_categories() -> None:
    assert [figure.category for figure in figures().values() if figure.category in SCOPE3] == list(SCOPE3)


def test_every_scope_3_account_posts_to_one_of_the_fifteen_categories() -> None:
    assert {account.category for account in accounts().values() if account.scope == "3"} <= set(SCOPE3)


def test_every_gwp_cites_a_known_source_and_was_verified() -> None:
    for row in (row for rows in gwp_sets().values() for row in rows.values()):
        assert row.source in sources()
        assert row.locator
        assert row.verification.startswith("verified: ")


def test_every_list_names_each_thing_once() -> None:
    for name, column, found in (
        ("accounts.csv", "activity", accounts()),
        ("figures.csv", "figure", figures()),
        ("gases.csv", "gas", gases()),
        ("regions.csv", "region", regions()),
    ):
        rows = (ROOT / name).read_text(encoding="utf-8").splitlines()
        assert rows[0].startswith(f"{column},")
        assert len(rows) - 1 == len(found)


def test_every_gwp_stands_once() -> None:
    rows = (ROOT / "gwp.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) - 1 == sum(len(rows) for rows in gwp_sets().values())


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference tables the packs are built from are not here")
def test_building_from_the_reference_tables_reproduces_every_file(tmp_path: Path) -> None:
    copy = tmp_path / "factors"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for built in [*PACKS, "gwp.csv"]:
        (copy / built).unlink()
    subprocess.run([sys.executable, str(copy / "build.py"), str(REFERENCE)], check=True, capture_output=True)
    files = [path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert {str(path) for path in files if (ROOT / path).read_bytes() != (copy / path).read_bytes()} == set()
