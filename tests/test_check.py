from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import ghg
from ghg.issues import GhgError
from ghg.published import Verdict
from ghg.testing import numbered, run_rows
from tests.scenario import checked, edited, finding


@pytest.mark.parametrize("year", ["2023", "2024"])
def test_every_printed_row_of_both_tables_is_checked(year: str) -> None:
    check = checked(year)
    assert len(check.findings) == 22
    assert not check.differs
    assert [found.published.table for found in check.findings] == ["1"] * 6 + ["2"] * 16


def test_scope_2_of_2024_is_consistent_and_its_residual_is_shown() -> None:
    found = finding(checked("2024"), "scope2")
    assert found.verdict is Verdict.CONSISTENT
    assert found.residual == Fraction("57638.74") - Fraction("57639.350476")
    assert "differs by −0.61 t (−0.0011 %) with inputs and factors taken as exact" in found.reason
    assert "within their printed rounding (57,633.98 to 57,644.72)" in found.reason


def test_scope_2_of_2023_rests_on_an_implied_factor_and_no_published_one_fits() -> None:
    check = checked("2023")
    found = finding(check, "scope2")
    assert found.verdict is Verdict.IMPLIED
    assert "kingsoft-cloud-2023:implied-electricity" in found.reason
    text = "\n".join(check.proofs)
    assert "scope2 ÷ energy_indirect = 0.7186495 kg/kWh" in text
    assert "no published factor of the library fits; nearest: cn-mee-2021:CN-SX 0.7222" in text


@pytest.mark.parametrize("year", ["2023", "2024"])
def test_what_was_back_calculated_is_implied(year: str) -> None:
    check = checked(year)
    for name in ("scope1", "energy_direct", "scope3.1", "scope3.2", "scope3.6", "scope3.7"):
        assert finding(check, name).verdict is Verdict.IMPLIED
        assert "back-calculated" in finding(check, name).reason


def test_a_quoted_quantity_proves_nothing_about_itself() -> None:
    found = finding(checked("2024"), "water")
    assert (found.verdict, found.reason) == (Verdict.IMPLIED, "the activity row quotes this figure")


def test_what_the_report_does_not_print_is_not_recomputed() -> None:
    found = finding(checked("2023"), "scope3.8")
    assert (found.verdict, found.reason) == (Verdict.NOT_RECOMPUTED, "the report prints '/'")
    rate = finding(checked("2023"), "")
    assert rate.verdict is Verdict.NOT_RECOMPUTED


def test_a_figure_outside_the_rounding_differs_with_the_smallest_repair(tmp_path: Path) -> None:
    check = ghg.run(edited(tmp_path, '"57,638.74"', '"58,638.74"')).check()
    found = finding(check, "scope2")
    assert found.verdict is Verdict.DIFFERS
    assert check.differs
    assert (
        "The smallest single change that would repair it: cn-mee-2022:national by +1.7339 % (to 0.545904 kg/kWh)."
        in found.reason
    )
    total = finding(check, "scope1+2")
    assert total.identity is not None
    assert total.identity.verdict is Verdict.DIFFERS
    assert total.identity.reason == "57.15 + 58,638.74 gives 58,695.89"


def test_a_run_over_rows_cannot_be_checked() -> None:
    row = {
        "entity": "e",
        "activity": "water",
        "region": "CN",
        "start": "2022-01-01",
        "end": "2022-01-31",
        "unit": "kg",
        "amount": "1",
        "provenance": "measured",
    }
    run = run_rows(numbered([row]))
    with pytest.raises(GhgError, match="over frames"):
        run.check()
    run.close()
