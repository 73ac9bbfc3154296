from __future__ import annotations

from pathlib import Path

import pytest

import ghg
from ghg.issues import UnknownNameError
from ghg.published import Verdict
from tests.scenario import checked, edited, finding


@pytest.mark.parametrize("year", ["2023", "2024"])
def test_all_sums_and_intensities_of_the_table_are_exact(year: str) -> None:
    check = checked(year)
    inner = {found.published.figure: found.identity.verdict for found in check.findings if found.identity}
    assert inner == dict.fromkeys(
        [
            "energy",
            "energy/revenue",
            "water/revenue",
            "scope1+2",
            "scope3",
            "scope1+2/revenue",
            "waste_non_hazardous/revenue",
            "waste_hazardous/revenue",
        ],
        Verdict.EXACT,
    )


def test_the_2024_factor_is_found_among_the_published_ones() -> None:
    assert "  fits 'cn-mee-2022:national'" in checked("2024").proofs


@pytest.mark.parametrize(
    ("year", "low", "high", "stated"),
    [("2023", "7,047.11", "7,047.58", "7,047.5"), ("2024", "7,782.76", "7,785.66", "7,785.2")],
)
def test_the_intensities_bound_the_revenue(year: str, low: str, high: str, stated: str) -> None:
    bounds = f"all 5 printed intensities put revenue between {low} and {high} RMB_million"
    assert f"revenue: {bounds}; stated {stated} lies inside" in checked(year).proofs


@pytest.mark.parametrize(("year", "implied"), [("2023", "71.61"), ("2024", "71.85")])
def test_the_diesel_share_is_bounded_by_scope_1_over_direct_energy(year: str, implied: str) -> None:
    text = "\n".join(checked(year).proofs)
    assert f"scope1 ÷ energy_direct = {implied} kg/GJ" in text
    assert "(CO2 alone 69.30)" in text
    assert "(CO2 alone 74.10)" in text


def test_an_intensity_that_no_revenue_satisfies_is_shown(tmp_path: Path) -> None:
    check = ghg.run(edited(tmp_path, "13.83", "13.93")).check()
    assert finding(check, "energy/revenue").verdict is Verdict.DIFFERS
    assert any("no revenue satisfies all 5" in proof for proof in check.proofs)


def test_a_sum_within_rounding_is_consistent(tmp_path: Path) -> None:
    check = ghg.run(edited(tmp_path, '"57,695.89"', '"57,695.90"')).check()
    found = finding(check, "scope1+2").identity
    assert found is not None
    assert found.verdict is Verdict.CONSISTENT


def test_a_quotient_over_an_unknown_denominator_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="denominator"):
        ghg.run(edited(tmp_path, "energy / revenue", "energy / headcount")).check()


def test_a_sum_names_the_parts_that_are_not_printed(tmp_path: Path) -> None:
    check = ghg.run(edited(tmp_path, '"73,870.46"', "/")).check()
    inner = finding(check, "scope3").identity
    assert inner is not None
    assert inner.verdict is Verdict.DIFFERS
    assert "('scope3.8' not printed)" in inner.reason


def test_a_sum_without_any_printed_part_is_not_recomputed(tmp_path: Path) -> None:
    path = edited(tmp_path, '"107,415.86"', "/")
    table = path.parent / "published.csv"
    direct = "MWh,MWh,2024-01-01,2024-12-31,"
    table.write_text(table.read_text(encoding="utf-8").replace(f"{direct}220.95", f"{direct}/"), encoding="utf-8")
    inner = finding(ghg.run(path).check(), "energy").identity
    assert inner is not None
    assert inner.verdict is Verdict.NOT_RECOMPUTED
