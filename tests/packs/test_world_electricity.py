"""The shipped electricity of other countries."""

from __future__ import annotations

from collections import Counter

import pytest

from ghg import bundle
from ghg.accounts import accounts
from ghg.factors import Factor, read_factors
from ghg.reading import read_table
from ghg.regions import regions
from ghg.sources import sources

ROOT = bundle.folder("factors")
FACTORS: dict[str, Factor] = {
    factor.id: factor
    for path in sorted((ROOT / "packs" / "electricity").glob("*.csv"))
    for factor in read_factors(path, path.name, is_own=False)
}
ALLOWED = ("CC-BY-4.0", "Eurostat reuse", "CC0", "Singapore Open Data", "quoted with attribution")


def of(source: str) -> list[Factor]:
    return [factor for key, factor in FACTORS.items() if key.startswith(f"{source}:")]


def absent() -> set[tuple[str, str]]:
    columns = ("activity", "region", "publisher", "reason", "explanation")
    table = read_table(ROOT / "absences.csv", "factors/absences.csv", columns).columns
    return set(zip(table["activity"], table["region"], strict=True))


def test_each_publication_ships_as_many_factors_as_its_licence_allows() -> None:
    assert Counter(factor.first.source for factor in FACTORS.values()) == {
        "ember-owid-2024": 175, "ember-owid-2025": 212, "eurostat-grid-2023": 30, "cea-india-21.0": 3,
        "dcceew-nga-2025": 23, "ema-singapore-2025": 1, "aib-residual-mix-2024": 2,
    }  # fmt: skip


def test_every_publication_has_a_licence_that_allows_handing_it_on() -> None:
    found = {factor.first.source: sources()[factor.first.source].licence for factor in FACTORS.values()}
    assert [source for source, licence in found.items() if not any(name in licence for name in ALLOWED)] == []


def test_what_does_not_ship_has_its_reason_in_the_absences() -> None:
    assert {("electricity", place) for place in ("TW", "BR", "TH", "JP", "KR", "HK", "IN", "MO", "CN-XZ")} <= absent()
    assert [factor.id for factor in FACTORS.values() if factor.first.region in ("BR", "TH", "JP", "KR", "HK", "TW")
            and factor.first.basis != "life_cycle"] == []  # fmt: skip


def test_absences_name_known_places_and_reasons() -> None:
    columns = ("activity", "region", "publisher", "reason", "explanation")
    table = read_table(ROOT / "absences.csv", "factors/absences.csv", columns).columns
    assert set(table["reason"]) == {"not_published", "not_yet_added", "licence_forbids"}
    assert set(table["region"]) - {"*"} <= set(regions())
    assert all(table["activity"])
    assert all(table["publisher"])
    assert all(table["explanation"])


def test_trap_14_life_cycle_intensities_are_never_offered_for_scope_2() -> None:
    embers = [*of("ember-owid-2024"), *of("ember-owid-2025")]
    assert {(factor.first.basis, factor.first.gwp_set) for factor in embers} == {("life_cycle", "AR5")}
    assert all("never for Scope 2" in factor.first.note for factor in embers)
    electric = [account for account in accounts().values() if account.factor_activity == "electricity"]
    assert electric
    assert not any("life_cycle" in account.bases(book) for account in electric for book in ("location", "market"))


def test_trap_14_chinas_life_cycle_intensity_is_not_the_ministrys_factor() -> None:
    assert FACTORS["ember-owid-2024:CN"].first.value == "0.582317"
    assert str(FACTORS["ember-owid-2024:CN"].first.valid_from) == "2023-01-01"


def test_trap_15_germanys_residual_mix_is_about_twice_its_grid_average() -> None:
    residual = FACTORS["aib-residual-mix-2024:residual-mix-DE"].first
    grid = FACTORS["eurostat-grid-2023:DE"].first
    assert (residual.value, residual.basis) == ("0.72456", "residual_mix")
    assert 1.7 < residual.base_amount / grid.base_amount < 2.3


def test_trap_16_australian_fuel_energy_is_gross() -> None:
    fuels = [factor.first for factor in of("dcceew-nga-2025") if factor.first.activity.startswith("fuel.")]
    assert {row.unit for row in fuels} == {"kg/GJ_gross"}
    assert len(fuels) == 5


def test_derived_factors_have_three_gases_and_say_that_they_are_derived() -> None:
    for factor in of("eurostat-grid-2023"):
        assert [row.gas for row in factor.rows] == ["CO2", "CH4_combustion", "N2O"]
        assert "not published by Eurostat" in factor.first.note


def test_a_country_stands_once_an_edition_and_under_its_iso_code() -> None:
    for source in ("ember-owid-2024", "ember-owid-2025", "eurostat-grid-2023"):
        places = [factor.first.region for factor in of(source)]
        assert len(set(places)) == len(places)
        assert [place for place in places if len(place) != 2 or place in ("EL", "UK")] == []
    assert "eurostat-grid-2023:GR" in FACTORS


@pytest.mark.parametrize("place", ["AU-NSW", "AU-ACT"])
def test_a_figure_printed_for_two_places_stands_under_both(place: str) -> None:
    assert FACTORS[f"dcceew-nga-2025:{place}"].first.value == "0.64"
    assert FACTORS[f"dcceew-nga-2025:upstream-{place}"].first.basis == "upstream"


def test_an_assumed_validity_is_said() -> None:
    assert all("validity is assumed" in factor.first.note for factor in of("dcceew-nga-2025"))


def test_a_printed_zero_stays_a_row() -> None:
    iceland = {row.gas: row.value for row in FACTORS["eurostat-grid-2023:IS"].rows}
    assert (iceland["CH4_combustion"], iceland["N2O"]) == ("0", "0")


def test_within_a_publication_no_two_factors_compete() -> None:
    keys = Counter(
        (factor.first.source, factor.first.activity, factor.first.basis, factor.first.region)
        for factor in FACTORS.values()
    )
    assert {key for key, count in keys.items() if count > 1} == set()
