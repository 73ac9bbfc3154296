"""Search: each look-up that a person would type has one right factor, and it comes first."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ghg.catalogue.finder import publications, region_code, search
from ghg.factors import library
from ghg.issues import GhgError, UnknownNameError
from ghg.lookups import explain_absence

LOOKUPS = {
    "Jiangsu electricity 2022": "cn-mee-2022:CN-JS",
    "electricity jiangsu province 2022": "cn-mee-2022:CN-JS",
    "江苏 电力 2022": "cn-mee-2022:CN-JS",
    "江苏电力2022": "cn-mee-2022:CN-JS",
    "electrcity beijing": "cn-mee-2023:CN-BJ",
    "R-32 AR5": "gwp:AR5:HFC32",
    "r32 gwp ar5": "gwp:AR5:HFC32",
    "UK mineral petrol 2024 per litre": "desnz-2024:1_101_1018_8",
    "petrl litre uk 2025": "desnz-2025:1_101_1017_8",
    "江苏省 2022 电力排放因子": "cn-mee-2022:CN-JS",
    "CN electricity market based 2022": "cn-mee-2022:national-ex-market-nonfossil",
    "NAICS 111110 without margins": "epa-supply-chain-1.3:111110-without-margins",
    "eGRID NWPP": "egrid-2023-r2:NWPP",
    "national rail UK 2023": "desnz-2023:25_315_3147_11",
    "rail commuting UK 2023": "desnz-2023:25_315_3147_11",
    "NAICS 111110 per USD": "epa-supply-chain-1.3:111110-with-margins",
    "diesel litre uk": "desnz-2026:1_101_1011_8",
    "diesel net calorific value IPCC": "ipcc-2006:ncv-diesel",
    "diesel density China": "gb-19147-2016:density-diesel",
    "Germany residual mix 2024": "aib-residual-mix-2024:residual-mix-DE",
    "Germany electricity 2023": "eurostat-grid-2023:DE",
    "water supply UK 2024": "desnz-2024:17_404_4005_1",
    "heat china GJ": "gbt-32151-34-2024:heat",
    "cn-mee-2022:national": "cn-mee-2022:national",
    "GWP of R410A under AR5": "gwp:AR5:R-410A",
    "六氟化硫 AR5": "gwp:AR5:SF6",
    "UK electricity 2024": "desnz-2024:7_400_4000_5",
    "UK electricity losses 2024": "desnz-2024:13_402_4000_5",
    "natural gas kWh gross UK 2025": "desnz-2025:1_100_1004_6",
    "wtt natural gas kWh gross UK 2024": "desnz-2024:11_100_1004_6",
    "LPG litre UK 2024": "desnz-2024:1_100_1003_8",
    "average car uk 2024 km": "desnz-2024:4_301_3074_4",
    "HGV average laden tonne km uk 2024": "desnz-2024:27_304_3140_14",
    "long haul economy flight with RF 2025": "desnz-2025:21_316_3170_11",
    "EPA hub 2024 bituminous coal": "epa-hub-2024:T1.R20.per_mmBtu",
    "US electricity CAMX 2023": "egrid-2023-r2:CAMX",
    "华北电网 2021": "cn-mee-2021:CN-GRID-NORTH",
    "India grid 2023": "cea-india-21.0:IN",
    "Australia NSW electricity": "dcceew-nga-2025:AU-NSW",
    "Singapore electricity": "ema-singapore-2025:operating-margin-SG",
}


@pytest.mark.parametrize(("query", "expected"), LOOKUPS.items())
def test_a_look_up_has_its_factor_first(query: str, expected: str) -> None:
    assert search(query, limit=1)[0].id == expected


@pytest.mark.parametrize("query", ["UK electricity 2023", "Germany electricity 2023", "China electricity 2023"])
def test_life_cycle_values_of_electricity_come_after_those_for_scope_2(query: str) -> None:
    bases = [hit.factor.first.basis for hit in search(query, limit=5) if hit.factor]
    assert "grid_average" in bases
    assert "life_cycle" not in bases[: bases.index("grid_average")]


def test_what_no_hit_fits_is_said() -> None:
    assert all("tibet" in hit.missed for hit in search("Tibet electricity 2022"))


@pytest.mark.parametrize(
    ("filters", "holds"),
    [
        ({"region": "uk"}, lambda factor: factor.first.region.startswith("GB")),
        ({"publisher": "desnz-2024"}, lambda factor: factor.first.source == "desnz-2024"),
        ({"basis": "upstream"}, lambda factor: factor.first.basis == "upstream"),
        ({"kind": "net_calorific_value"}, lambda factor: factor.first.kind == "net_calorific_value"),
        ({"year": 2023}, lambda factor: "2023" in factor.first.validity or not factor.first.valid_from),
    ],
)
def test_a_filter_keeps_only_what_it_says(filters: dict[str, object], holds: object) -> None:
    found = [hit.factor for hit in search("diesel", limit=50, **filters)]  # type: ignore[arg-type]
    assert found
    assert callable(holds)
    assert all(holds(factor) for factor in found if factor)


def test_hits_are_ordered_by_score_and_stand_once() -> None:
    hits = search("diesel uk", limit=100)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({hit.id for hit in hits}) == len(hits)


def test_a_part_of_an_id_finds_the_factors_that_hold_it() -> None:
    assert {hit.id for hit in search("egrid-2023-r2:", limit=100)} == {
        name for name in library().factors if name.startswith("egrid-2023-r2:")
    }


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"region": "atlantis"}, "no region is called"),
        ({"publisher": "nobody"}, "no publication is called"),
        ({"basis": "upstreem"}, "Did you mean 'upstream'"),
        ({"kind": "densty"}, "Did you mean 'density'"),
    ],
)
def test_a_filter_that_does_not_exist_suggests_the_nearest(filters: dict[str, str], message: str) -> None:
    with pytest.raises(UnknownNameError, match=message):
        search("diesel", **filters)  # type: ignore[arg-type]


def test_nothing_to_search_for_is_refused() -> None:
    with pytest.raises(GhgError, match="nothing to search for"):
        search("  ")


@pytest.mark.parametrize(
    ("text", "code"), [("uk", "GB"), ("Jiangsu", "CN-JS"), ("江苏", "CN-JS"), ("nwpp", "US-EGRID-NWPP")]
)
def test_a_region_is_known_by_code_and_names(text: str, code: str) -> None:
    assert region_code(text) == code


def test_a_publisher_is_known_by_what_people_call_it() -> None:
    assert publications("defra") == publications("desnz") == ("desnz-2023", "desnz-2024", "desnz-2025", "desnz-2026")


WORDS = st.sampled_from(
    ["diesel", "petrl", "uk", "2024", "per", "litre", "江苏", "AR5", "r-32", "net", "the", "wtt", "ecoinvent"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(WORDS, st.text(max_size=8)), max_size=5).map(" ".join))
def test_any_words_are_answered_or_refused_and_never_end_in_a_fault(text: str) -> None:
    with contextlib.suppress(GhgError):
        assert all(0 <= hit.score <= 1 for hit in search(text))
    with contextlib.suppress(GhgError):
        explain_absence(text, "GB", 2024)
