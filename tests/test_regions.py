"""Regions: one ladder each, up to the world."""

from __future__ import annotations

import pytest

from ghg.issues import UnknownNameError
from ghg.regions import OTHER_NAMES, WORLD, ladder, region_advice, regions


@pytest.mark.parametrize("region", regions())
def test_every_ladder_starts_at_the_region_and_ends_at_the_world(region: str) -> None:
    rungs = ladder(region)
    assert (rungs[0], rungs[-1]) == (region, WORLD)
    assert len(set(rungs)) == len(rungs)


@pytest.mark.parametrize("region", [code for code in regions() if "-" in code])
def test_a_part_of_a_country_has_the_country_as_parent(region: str) -> None:
    assert ladder(region) == (region, region.partition("-")[0], WORLD)


@pytest.mark.parametrize("region", ["HK", "MO", "TW"])
def test_a_place_the_ministry_does_not_cover_does_not_fall_back_to_china(region: str) -> None:
    assert ladder(region) == (region, WORLD)


@pytest.mark.parametrize("region", ["", "cn", "China", "CN-XX"])
def test_an_unknown_region_raises(region: str) -> None:
    with pytest.raises(UnknownNameError, match="no region is called"):
        ladder(region)


def test_every_region_has_a_name_and_all_but_the_grids_of_the_united_states_a_chinese_one() -> None:
    assert [code for code, region in regions().items() if not region.name] == []
    unnamed = {code for code, region in regions().items() if not region.name_local}
    assert unnamed == {code for code in regions() if code.startswith("US-EGRID-")}


@pytest.mark.parametrize("code", [code for code in regions() if len(code) == len("CN")])
def test_countries_have_the_chinese_names_of_the_common_locale_data_repository(code: str) -> None:
    territories = pytest.importorskip("babel").Locale("zh").territories
    short = territories[code].removeprefix("中国").removesuffix("特别行政区") or territories[code]
    assert regions()[code].name_local == short


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("gb", " Write 'GB' (United Kingdom)."),
        ("cn_sh", " Write 'CN-SH' (Shanghai)."),
        ("England", " Write 'GB' (United Kingdom)."),  # and not the grid of New England
        ("U.K.", " Write 'GB' (United Kingdom)."),
        ("Global", " Write 'WORLD' (World)."),
        ("Korea", " Write 'KP' (North Korea) or 'KR' (South Korea)."),
        ("US-CA", " Write 'US' (United States) where the part has no code in the list."),
        ("GB-ENG", " Did you mean 'GB-LND'? Write 'GB' (United Kingdom) where the part has no code in the list."),
        ("IN-MH", " Write 'IN' (India) where the part has no code in the list."),  # and no province of China
        ("N/A", ""),  # and not Namibia
        ("", ""),
    ],
)
def test_what_to_write_instead_of_a_place_that_is_no_code(text: str, says: str) -> None:
    assert region_advice(text) == says


def test_other_names_are_of_places_in_the_list() -> None:
    assert set(OTHER_NAMES.values()) <= set(regions())
