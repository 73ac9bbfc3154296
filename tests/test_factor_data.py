"""The shipped data: every row cited, unique and consistent with the lists it refers to."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from fnmatch import fnmatchcase
from itertools import combinations
from pathlib import Path
from typing import get_args

import pytest

from ghg import bundle
from ghg.accounts import GAS, Account, accounts, substance
from ghg.catalogue.packs import TOTAL
from ghg.factors import FACTOR, FactorRow, library
from ghg.figures import Book, Figure, figures
from ghg.gases import BIOGENIC, NOT_KYOTO, gases, gwp_sets
from ghg.methods import Result, methods
from ghg.numbers import parse
from ghg.reading import read_table
from ghg.regions import regions
from ghg.sources import sources
from ghg.statement import MEASURE_DIMENSION
from ghg.units import accepted
from ghg.vocabulary import vocabulary

ROOT = bundle.folder("factors")
REFERENCE = ROOT.parent.parent / "shared" / "reference-factors"
SCOPE3 = (
    "1_purchased_goods_and_services", "2_capital_goods", "3_fuel_and_energy_related_activities",
    "4_upstream_transportation_and_distribution", "5_waste_generated_in_operations", "6_business_travel",
    "7_employee_commuting", "8_upstream_leased_assets", "9_downstream_transportation_and_distribution",
    "10_processing_of_sold_products", "11_use_of_sold_products", "12_end_of_life_treatment_of_sold_products",
    "13_downstream_leased_assets", "14_franchises", "15_investments",
)  # fmt: skip
NOT_SHIPPED = {"energy.upstream"}
"""Factor activities without a shipped factor: the inventory brings its own."""
BEYOND_COVERAGE = {"CN-XZ", "HK", "MO", "TW"}
RANGES = (
    ("electricity", "kWh", "0", "1.5"),
    ("electricity", "MWh", "0", "1500"),
    ("fuel.diesel", "L", "2", "3"),
    ("fuel.diesel.road", "TJ_net", "70000", "78000"),
    ("fuel.natural_gas", "kWh_gross", "0.15", "0.21"),
    ("fuel.natural_gas", "kWh_net", "0.17", "0.23"),
    ("travel.air", "passenger_km", "0.05", "0.85"),
    ("travel.rail", "passenger_km", "0.003", "0.06"),
    ("travel.car", "km", "0", "0.4"),
    ("freight.rail", "tonne_km", "0.01", "0.05"),
    ("waste", "tonne", "0", "1300"),
    ("water.supply", "m3", "0.1", "0.4"),
    ("spend", "USD_2022", "0.01", "10"),
)
"""What kg of CO2 or CO2e per unit a sound factor of an activity lies between."""
ELSEWHERE = {
    "upstream", "upstream_with_radiative_forcing", "losses", "upstream_of_losses", "outside_of_scopes",
}  # fmt: skip
"""Bases whose values lie below those of the activity itself."""
LABELS = {"emissions", "energy"}
OUTSIDE = {BIOGENIC, NOT_KYOTO}
"""Measures of figures that are not the measure of an account: energy is the amount of a row marked with it."""
PACKS = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("packs/*/*.csv"))

every_account = pytest.mark.parametrize("account", accounts().values(), ids=lambda account: account.activity)
every_figure = pytest.mark.parametrize("figure", figures().values(), ids=lambda figure: figure.figure)


def offenders(broken: Callable[[FactorRow], bool]) -> list[str]:
    """Ids of the shipped rows that break a rule, the first few."""
    return [row.id for row in library().rows.values() if broken(row)][:10]


def test_a_row_cites_a_known_source_and_the_place_in_it() -> None:
    assert offenders(lambda row: row.source not in sources() or not row.locator.strip()) == []


def test_the_source_of_a_row_has_a_licence_a_day_of_comparison_and_a_checksum_or_the_reason_why_not() -> None:
    cited = {row.source for row in library().rows.values()}
    incomplete = [
        name
        for name in cited
        if not (sources()[name].licence and re.fullmatch(r"\d{4}-\d{2}-\d{2}", sources()[name].retrieved))
        or not (sources()[name].sha256 or sources()[name].checksum.startswith("not recorded: "))
    ]
    assert incomplete == []


def test_a_row_was_verified_and_says_how_uncertain_it_is() -> None:
    assert offenders(lambda row: not row.verification.startswith("verified: ") or not row.uncertainty.strip()) == []
    assert offenders(lambda row: bool(row.lower) != bool(row.upper)) == []


def test_a_value_is_not_negative_and_lies_within_its_bounds() -> None:
    assert offenders(lambda row: row.amount < 0) == []
    assert offenders(lambda row: bool(row.lower) and not parse(row.lower) <= row.amount <= parse(row.upper)) == []


def test_an_emission_factor_is_a_mass_of_gas() -> None:
    emission = (FACTOR, TOTAL)
    assert offenders(lambda row: row.kind in emission and row.per.numerator.dimension != "mass") == []


def test_the_id_of_a_gas_row_ends_with_the_gas() -> None:
    alone = {factor.id for factor in library().factors.values() if len(factor.rows) == 1 and not factor.total}
    assert offenders(lambda row: row.id != (row.factor if row.factor in alone else f"{row.factor}:{row.gas}")) == []


def test_the_id_of_a_factor_starts_with_its_source() -> None:
    prefix = {"ipcc-2006-v2": "ipcc-2006"}
    assert offenders(lambda row: not row.factor.startswith(f"{prefix.get(row.source, row.source)}:")) == []
    assert offenders(lambda row: not row.id.isascii() or " " in row.id) == []


def test_a_shipped_row_is_not_implied_by_a_figure() -> None:
    assert offenders(lambda row: row.is_implied or bool(row.derived_from)) == []


def test_an_emission_factor_says_what_it_covers() -> None:
    assert offenders(lambda row: row.kind in (FACTOR, TOTAL) and not row.basis) == []


def test_a_printed_total_stands_beside_gases_under_a_gwp_set() -> None:
    """That mass × GWP is the printed CO2e within its digits is tested with each pack, with the exceptions."""
    checked = 0
    for factor in library().factors.values():
        checked += factor.total is not None
        if factor.total:
            assert factor.total.gwp_set in gwp_sets()
            assert {row.gas for row in factor.rows} <= set(gases())
    assert checked > 1000


@pytest.mark.parametrize(("word", "unit", "lowest", "highest"), RANGES)
def test_values_lie_in_the_range_of_their_activity(word: str, unit: str, lowest: str, highest: str) -> None:
    """A misplaced decimal point or a swapped unit shows here."""
    found = [
        (row.id, row.value)
        for row in library().rows.values()
        if row.kind == FACTOR
        and row.gas in ("CO2", "CO2e")
        and (row.activity == word or row.activity.startswith(f"{word}."))
        and row.unit.partition("/")[2] == unit
        and row.basis not in ELSEWHERE
    ]
    assert found
    to_kg = {row: library().rows[row].per.numerator.multiplier for row, _ in found}
    assert [pair for pair in found if not parse(lowest) <= parse(pair[1]) * to_kg[pair[0]] <= parse(highest)] == []


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
        row, gases_ = factor.first, frozenset(row.gas for row in factor.rows)
        alike[row.activity, row.region, row.kind, row.source, row.basis, row.unit.partition("/")[2], gases_].append(row)
    pairs = [pair for rows in alike.values() for pair in combinations(rows, 2)]
    assert [(one.id, other.id) for one, other in pairs if overlapping(one, other)][:10] == []


@pytest.mark.parametrize("region", sorted(BEYOND_COVERAGE))
def test_no_electricity_factor_of_the_ministry_covers_a_place_it_leaves_out(region: str) -> None:
    assert offenders(lambda row: row.source.startswith("cn-mee") and row.region == region) == []


@every_account
def test_an_account_allows_only_known_methods(account: Account) -> None:
    assert set(account.methods.split()) <= set(methods())


@every_account
def test_an_account_posts_emissions_exactly_within_a_scope(account: Account) -> None:
    assert (account.measure == "emissions") == bool(account.scope)
    assert account.category


@every_account
def test_an_account_takes_a_factor_where_its_methods_do(account: Account) -> None:
    words = {account.factor_activity, account.market_factor_activity} - {"", GAS}
    assert any(found.takes_factor for found in account.allowed_methods) == bool(words)
    assert bool(account.factor_activity) or not account.is_open
    assert all(found.result is Result.GAS for found in account.allowed_methods) == (account.factor_activity == GAS)


def shipped_words(account: Account) -> list[str]:
    """The words of an account that factors are shipped for; all that fit a pattern where the account is open."""
    stated = [*account.factor_activity.split(), *account.market_factor_activity.split()]
    patterns = [word for word in stated if word not in (GAS, "own.*")]
    return [
        word
        for pattern in patterns
        for word in ([pattern] if "*" not in pattern else vocabulary())
        if fnmatchcase(word, pattern)
    ]


@every_account
def test_the_factors_of_an_account_are_shipped_and_fit_its_methods(account: Account) -> None:
    """Publications may print an activity in units that no method of the account takes; one that fits must be there."""
    words = shipped_words(account)
    for activity in words if not account.is_open else []:
        assert fits(account, activity) or activity in NOT_SHIPPED
    if account.is_open and words:
        assert any(fits(account, activity) for activity in words)


def fits(account: Account, activity: str) -> bool:
    factors = library().candidates("emission_factor", activity)
    bases = {basis for book in get_args(Book) for basis in account.bases(book)}
    denominators = {found.first.per.denominator.dimension for found in factors if found.first.basis in bases}
    return any(
        fnmatchcase(dimension, found.canonical) for dimension in denominators for found in account.allowed_methods
    )


@every_account
def test_the_parameters_an_account_needs_are_shipped(account: Account) -> None:
    for kind in {kind for found in account.allowed_methods for kind in found.parameters}:
        assert any(library().candidates(kind, substance(word)) for word in shipped_words(account))


@every_figure
def test_a_figure_refers_to_known_measures_and_categories(figure: Figure) -> None:
    known = list(accounts().values())
    assert figure.measure in LABELS | OUTSIDE | {account.measure for account in known}
    assert figure.category in {"", *SCOPE3} | {account.category for account in known}
    assert set(figure.scope.split()) <= {"1", "2", "3"}
    assert set(figure.energy.split()) <= {"direct", "indirect"}


@every_figure
def test_the_unit_of_a_figure_is_accepted_and_fits_its_measure(figure: Figure) -> None:
    assert accepted()[figure.unit].dimension == MEASURE_DIMENSION.get(figure.measure, "mass")


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
