from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

import ghg
from ghg.check import Check
from ghg.inventory import Denominator
from ghg.issues import UnknownNameError
from ghg.proofs import (
    FINEST,
    Identity,
    _between,
    _digits,
    _divided,
    _Effective,
    _published_near,
    denominator_bounds,
)
from ghg.published import PublishedFigure, Verdict
from ghg.runs import Run
from tests.scenario import checked, edited, finding

DATES = "2024-01-01,2024-12-31,"
PROOFS = {
    "2023": """\
scope1 ÷ energy_direct = 71.61 kg/GJ CO2e (71.608 to 71.622 within the printed digits, 2023)
  between motor gasoline, road transport 70.92 (CO2 alone 69.30) and gas/diesel oil, stationary combustion, \
commercial/institutional 74.54 (CO2 alone 74.10) kg/GJ: gas/diesel oil, stationary combustion, \
commercial/institutional is 19.1 to 19.5 % of the energy, under these two factors
scope2 ÷ energy_indirect = 0.7186495 kg/kWh CO2e (0.71864942 to 0.71864963 within the printed digits, 2023)
  the factor used, kingsoft-cloud-2023:implied-electricity, is implied by these figures
  no published factor of the library fits; nearest: cn-mee-2021:CN-SX 0.7222; cn-mee-2022:CN-HE 0.7252
scope3.3 ÷ energy_indirect = 0.0098184 kg/kWh CO2e (0.00981830 to 0.00981842 within the printed digits, 2023)
  the factor used, kingsoft-cloud-2023:implied-upstream-energy, is implied by these figures
  no published factor of the library fits
revenue: all 5 printed intensities put revenue between 7,047.11 and 7,047.58 RMB_million; stated 7,047.5 lies inside""",
    "2024": """\
scope1 ÷ energy_direct = 71.85 kg/GJ CO2e (71.841 to 71.857 within the printed digits, 2024)
  between motor gasoline, road transport 70.92 (CO2 alone 69.30) and gas/diesel oil, stationary combustion, \
commercial/institutional 74.54 (CO2 alone 74.10) kg/GJ: gas/diesel oil, stationary combustion, \
commercial/institutional is 25.5 to 25.9 % of the energy, under these two factors
scope2 ÷ energy_indirect = 0.5365943 kg/kWh CO2e (0.53659425 to 0.53659439 within the printed digits, 2024)
  fits 'cn-mee-2022:national'
scope3.3 ÷ energy_indirect = 0.1111452 kg/kWh CO2e (0.11114517 to 0.11114528 within the printed digits, 2024)
  the factor used, kingsoft-cloud-2024:implied-upstream-energy, is implied by these figures
  no published factor of the library fits
revenue: all 5 printed intensities put revenue between 7,782.76 and 7,785.66 RMB_million; stated 7,785.2 lies inside""",
}
"""What the shipped tables prove, as printed; the quotients and bounds can be recomputed from the table alone."""


@pytest.fixture(scope="module")
def run() -> Run:
    return ghg.run("scenarios/kingsoft-cloud/2024.yaml")


def against(run: Run, folder: Path, *edits: tuple[str, str]) -> Check:
    """A run checked against a copy of its published table in which some texts are replaced."""
    assert run.file is not None
    text = (run.file.folder / "published.csv").read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    (folder / "published.csv").write_text(text, encoding="utf-8")
    return replace(run, file=replace(run.file, folder=folder, stamps={}, checksums={})).check()


@pytest.mark.parametrize("year", PROOFS)
def test_what_a_table_proves_is_printed(year: str) -> None:
    assert "\n".join(checked(year).proofs) == PROOFS[year]


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


def test_an_identity_shows_its_numbers() -> None:
    check = checked("2023")
    said = {name: found for name in ("energy/revenue", "scope3") if (found := finding(check, name).identity)}
    assert said["energy/revenue"].value == Fraction("82274.99") / Fraction("7047.5")
    assert said["energy/revenue"].reason == "82,274.99 ÷ 7047.5 RMB_million gives the printed digits"
    assert said["scope3"].value == Fraction("133245.19")
    assert said["scope3"].reason == (
        "81,695.21 + 46,103.44 + 3,898.23 + 743.04 + 805.27 ('scope3.8' not printed) gives the printed digits"
    )


def test_an_intensity_that_no_revenue_satisfies_is_shown(run: Run, tmp_path: Path) -> None:
    check = against(run, tmp_path, ("13.83", "13.93"))
    assert finding(check, "energy/revenue").verdict is Verdict.DIFFERS
    assert any("no revenue satisfies all 5" in proof for proof in check.proofs)


def test_a_sum_within_rounding_is_consistent(run: Run, tmp_path: Path) -> None:
    check = against(run, tmp_path, ('"57,695.89"', '"57,695.90"'))
    found = finding(check, "scope1+2").identity
    assert found == Identity(Verdict.CONSISTENT, Fraction("57695.89"), "57.15 + 57,638.74 gives 57,695.89")


def test_a_sum_beyond_the_rounding_of_its_parts_and_its_own_differs(run: Run, tmp_path: Path) -> None:
    found = finding(against(run, tmp_path, ('"57,695.89"', '"57,695.91"')), "scope1+2").identity
    assert found is not None
    assert found.verdict is Verdict.DIFFERS


def test_a_quotient_is_taken_in_the_unit_of_its_row(run: Run, tmp_path: Path) -> None:
    check = against(run, tmp_path, (f"t/RMB_million,{DATES}23.41,", f"kg/RMB_million,{DATES}23408,"))
    found = finding(check, "water/revenue").identity
    assert found is not None
    assert (found.verdict, found.value) == (Verdict.EXACT, Fraction("182233400") / Fraction("7785.2"))
    assert "put revenue between 7,784.92 and 7,785.26 RMB_million" in check.proofs[-1]


def test_an_implied_factor_is_held_against_published_ones_in_the_unit_asked_for(run: Run, tmp_path: Path) -> None:
    for number, unit in enumerate(("t/MWh", "g/kWh")):
        asked = ("scope2 / energy_indirect in kg/kWh", f"scope2 / energy_indirect in {unit}")
        proofs = against(run, tmp_path, asked).proofs
        line = next(line for line in proofs if line.startswith("scope2"))
        assert line.startswith(f"scope2 ÷ energy_indirect = {('0.5365943', '536.5943')[number]} {unit} CO2e")
        assert proofs[proofs.index(line) + 1] == "  fits 'cn-mee-2022:national'"


def test_an_implied_factor_of_a_row_under_a_name_of_its_own_is_named(tmp_path: Path) -> None:
    name = "kingsoft-cloud-2024:implied-upstream-energy"
    inventory = edited(tmp_path, f"{name},{name},", f"{name}:CO2e,{name},", "factors/implied-2024.csv")
    said = f"  the factor used, {name}, is implied by these figures"
    assert said in ghg.run(inventory).check().proofs


def test_a_factor_of_another_measure_is_not_compared(run: Run, tmp_path: Path) -> None:
    proofs = against(run, tmp_path, ("scope2 / energy_indirect in kg/kWh", "scope2 / water in kg/t")).proofs
    line = next(line for line in proofs if line.startswith("scope2 ÷ water = 316.29076 kg/t CO2e"))
    assert proofs[proofs.index(line) + 1] == "  no published factor of the library fits"


def test_a_quotient_over_an_unknown_denominator_is_refused(run: Run, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="denominator"):
        against(run, tmp_path, ("energy / revenue", "energy / headcount"))


def test_a_sum_names_the_parts_that_are_not_printed(run: Run, tmp_path: Path) -> None:
    check = against(run, tmp_path, ('"73,870.46"', "/"))
    inner = finding(check, "scope3").identity
    assert inner is not None
    assert inner.verdict is Verdict.DIFFERS
    assert "('scope3.8' not printed)" in inner.reason


def test_a_sum_without_any_printed_part_is_not_recomputed(run: Run, tmp_path: Path) -> None:
    unprinted = (f"MWh,MWh,{DATES}220.95", f"MWh,MWh,{DATES}/")
    inner = finding(against(run, tmp_path, ('"107,415.86"', "/"), unprinted), "energy").identity
    assert inner == Identity(Verdict.NOT_RECOMPUTED, None, "the report prints no energy_direct")


def bounds(run: Run, folder: Path, *edits: tuple[str, str]) -> str:
    """The last line of the proofs of 2024 after some printed numbers were changed."""
    return against(run, folder, *edits).proofs[-1]


OTHERS = [(f"{DATES}{shown},", f"{DATES}/,") for shown in ("13.83", "7.41", "0.0004", "0.04")]
"""All intensities of 2024 but that of water, no longer printed."""


def test_one_printed_intensity_bounds_its_denominator(run: Run, tmp_path: Path) -> None:
    """182,233.395 / 23.415 and 182,233.405 / 23.405."""
    assert bounds(run, tmp_path, *OTHERS) == (
        "revenue: the printed intensity puts revenue between 7,782.76 and 7,786.09 RMB_million; "
        "stated 7,785.2 lies inside"
    )


def test_a_stated_denominator_outside_the_bounds_is_shown(run: Run, tmp_path: Path) -> None:
    assert bounds(run, tmp_path, *OTHERS, (f"{DATES}23.41,", f"{DATES}23.40,")).endswith(
        "puts revenue between 7,786.09 and 7,789.42 RMB_million; stated 7,785.2 lies OUTSIDE"
    )
    assert bounds(run, tmp_path, *OTHERS, (f"{DATES}23.41,", f"{DATES}23.42,")).endswith(
        "puts revenue between 7,779.44 and 7,782.76 RMB_million; stated 7,785.2 lies OUTSIDE"
    )


def test_an_intensity_printed_as_zero_says_how_large_its_denominator_is_at_least(run: Run, tmp_path: Path) -> None:
    """3.27 t of waste per 0.00 t/RMB_million: 3.265 / 0.005 = 653 at least, and no more than that."""
    zero = (f"{DATES}0.0004,", f"{DATES}0.00,")
    assert bounds(run, tmp_path, *OTHERS[:2], zero, OTHERS[3], (f"{DATES}23.41,", f"{DATES}/,")) == (
        "revenue: the printed intensity puts revenue at 653.00 RMB_million or more; stated 7,785.2 lies inside"
    )
    assert bounds(run, tmp_path, zero).startswith("revenue: all 5 printed intensities put revenue between 7,782.76")


def test_a_figure_and_an_intensity_both_printed_as_zero_say_nothing(run: Run, tmp_path: Path) -> None:
    nothing = [(f"{DATES}0.0004,", f"{DATES}0,"), (f"{DATES}3.27,", f"{DATES}0,")]
    assert "all 4 printed intensities" in bounds(run, tmp_path, *nothing)


def test_without_a_printed_intensity_nothing_is_said_of_the_denominator(run: Run, tmp_path: Path) -> None:
    assert "revenue" not in bounds(run, tmp_path, *OTHERS, (f"{DATES}23.41,", f"{DATES}/,"))


def test_a_figure_printed_as_zero_implies_no_factor(run: Run, tmp_path: Path) -> None:
    check = against(run, tmp_path, ('"107,415.86"', "0.0"))
    assert "scope2 ÷ energy_indirect implies no factor: energy_indirect is printed as 0.0" in check.proofs


def published(figure: str, shown: str, unit: str) -> PublishedFigure:
    cells = dict.fromkeys(PublishedFigure.model_fields, "")
    days = {"period_start": "2024-01-01", "period_end": "2024-12-31"}
    return PublishedFigure.model_validate({**cells, **days, "figure": figure, "printed": shown, "unit": unit})


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("6.299", "OUTSIDE"), ("6.3", "inside"), ("19.1", "inside"), ("19.101", "OUTSIDE"),
    ],
)  # fmt: skip
def test_both_ends_of_the_bounds_belong_to_them(amount: str, said: str) -> None:
    """9.45 / 1.5 = 6.3 and 9.55 / 0.5 = 19.1."""
    [line] = bounded({"water": "9.5", "water/revenue": "1"}, amount)
    assert line.endswith(f"puts revenue between 6.30 and 19.10 EUR; stated {amount} lies {said}")


def test_bounds_that_touch_leave_one_denominator() -> None:
    """9.45 / 1.5 = 6.3 at least by the first, 3.15 / 0.5 = 6.3 at most by the second."""
    shown = {"water": "9.5", "water/revenue": "1", "waste_hazardous": "3.10", "waste_hazardous/revenue": "1"}
    assert bounded(shown | {"waste_hazardous": "3.1"}, "6.3") == [
        "revenue: all 2 printed intensities put revenue between 6.30 and 6.30 EUR; stated 6.3 lies inside"
    ]
    assert bounded(shown, "6.3") == ["revenue: no revenue satisfies all 2 printed intensities"]


def test_the_least_of_a_large_denominator_is_grouped_and_in_its_own_unit() -> None:
    """9,499.5 t / 0.5 = 18,999 at least; 9,499.5 kg are a thousandth of that."""
    [line] = bounded({"water": "9500", "water/revenue": "0"}, "20000")
    assert line == "revenue: the printed intensity puts revenue at 18,999.00 EUR or more; stated 20,000 lies inside"
    over, row = published("water", "9500", "kg"), published("water/revenue", "0", "t/EUR")
    assert _divided(over, row, Fraction(1, 1000)) == (Fraction(18_999, 1000), None)


def test_the_nearest_published_factors_are_those_nearest_to_the_middle(run: Run) -> None:
    used = {"cn-mee-2022:national": effective("x", 1)}
    fitting, nearest = _published_near(run, used, "kg/kWh", (Fraction("0.50"), Fraction("0.54")))
    assert all(name.startswith("cn-") for name in fitting)
    assert "cn-mee-2023:national" in fitting
    values = [float(word) for word in nearest.replace(";", "").split() if word.startswith("0.")]
    assert len(values) == 2
    assert all(abs(value - 0.52) < 0.005 for value in values)


def bounded(shown: dict[str, str], amount: str) -> list[str]:
    revenue = Denominator.model_validate(
        {"amount": amount, "unit": "EUR", "label": "revenue", "source": "x", "locator": "x"}
    )
    run = cast("Run", SimpleNamespace(inventory=SimpleNamespace(denominators={"revenue": revenue})))
    table = {name: published(name, text, "t/EUR" if "/" in name else "t") for name, text in shown.items()}
    return denominator_bounds(run, "revenue", table)


def effective(name: str, all_gases: int, co2: int | None = None) -> _Effective:
    ends = (Fraction(all_gases), Fraction(all_gases))
    return _Effective(name, f"fuel {name}", ends[0], None if co2 is None else Fraction(co2), ends)


def test_an_implied_factor_lies_between_the_lowest_and_the_highest_used() -> None:
    found = {name: effective(name, value, 40) for name, value in (("b", 60), ("a", 50), ("c", 100))}
    interval = (Fraction(70), Fraction(75))
    line = "  between fuel a 50.00 (CO2 alone 40.00) and fuel c 100.00 (CO2 alone 40.00) kg/GJ"
    assert _between(found, interval, "kg/GJ") == [line]
    del found["b"]
    assert _between(found, interval, "kg/GJ") == [
        f"{line}: fuel c is 40.0 to 50.0 % of the energy, under these two factors"
    ]


def test_factors_alike_bound_no_share_and_only_stated_co2_is_shown() -> None:
    found = {"a": effective("a", 50), "b": effective("b", 50, 49)}
    assert _between(found, (Fraction(49), Fraction(51)), "kg/GJ") == [
        "  between fuel a 50.00 and fuel b 50.00 (CO2 alone 49.00) kg/GJ"
    ]


@pytest.mark.parametrize(
    ("width", "digits"),
    [("10", 0), ("1", 0), ("99/100", 1), ("1/10", 1), ("1/115", 3), ("1/100000000000", 11), ("1e-40", FINEST)],
)
def test_as_many_digits_are_shown_as_tell_the_ends_apart(width: str, digits: int) -> None:
    assert _digits((Fraction(5), 5 + Fraction(width))) == digits
