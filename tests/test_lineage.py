"""An explanation is read the way a person with a hand calculator would: line by line, from the text alone."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings

import ghg
from ghg import activity
from ghg.activity import load_rows
from ghg.factors import FactorTable, library
from ghg.inventory import Inventory
from ghg.issues import GhgError, UnknownNameError
from ghg.lineage import ROWS_SHOWN
from ghg.numbers import parse, readable
from ghg.runs import Asked, Run, compute
from ghg.testing import inventory, numbered, run_rows, tables
from tests.test_bulk import GOOD, own, scanned, written

NUMBER = r"-?\d+(?:\.\d+)?(?:/\d+)?"
TERM = re.compile(rf"({NUMBER}) (.+)")
EQUATION = re.compile(r"^\s*(-?\d[^=≈]*) ([=≈]) (.+)$")
TOLERANCE = Fraction(1, 10**15)


def terms(text: str) -> list[tuple[str, Fraction, str]]:
    """Operator, number and unit of each term of one side."""
    parts = re.split(r" ([×÷+]) ", text)
    found = []
    for operator, part in zip(["×", *parts[1::2]], parts[::2], strict=True):
        match = TERM.fullmatch(part)
        assert match, part
        found.append((operator, parse(match[1]), match[2]))
    return found


def cancelled(found: list[tuple[str, Fraction, str]]) -> tuple[Fraction, str]:
    """Value and unit of one side, units cancelling from left to right."""
    (_, value, unit), *rest = found
    for operator, number, other in rest:
        numerator, _, denominator = other.partition("/")
        if operator == "+":
            assert other == unit
            value += number
        elif operator == "×":
            assert unit == denominator or unit.startswith(denominator), (unit, other)
            value, unit = value * number, numerator + unit.removeprefix(denominator)
        elif denominator:
            assert unit.startswith(numerator), (unit, other)
            value, unit = value / number, denominator + unit.removeprefix(numerator)
        else:
            value, unit = value / number, f"{unit}/{other}"
    return value, unit


def recomputed(text: str) -> Fraction:
    """The last result of a text whose every equation was recomputed; each must start from numbers seen before."""
    last = None
    for line in text.splitlines():
        match = EQUATION.match(line)
        if not match:
            continue
        value, unit = cancelled(terms(match[1]))
        [(_, result, result_unit)] = terms(match[3])
        assert unit == result_unit, line
        assert value == result if match[2] == "=" else abs(value / result - 1) < TOLERANCE, line
        last = result
    assert last is not None
    return last


@pytest.fixture(scope="module", params=["2023", "2024"])
def run(request: pytest.FixtureRequest) -> Run:
    return ghg.run(f"scenarios/kingsoft-cloud/{request.param}.yaml")


def test_every_figure_can_be_recomputed_from_its_explanation_alone(run: Run) -> None:
    for name, value in {**run.result.figures(), **run.result.intensities()}.items():
        text = str(run.explain(name))
        if not any(EQUATION.match(line) for line in text.splitlines()):
            assert value.unit in ("t", "MWh")
            assert readable(value.amount) in text
            continue
        result = recomputed(text)
        assert abs(result - value.amount) <= abs(value.amount) * TOLERANCE, name
        assert f"printed {readable(value.amount)}" in text


def test_the_printed_result_is_the_last_equation(run: Run) -> None:
    text = str(run.explain("scope1+2"))
    value = run.figure("scope1+2")
    assert value is not None
    assert recomputed(text) == value.amount
    assert f"Result: {ghg.decimal_text(value.amount)} t CO2e" in text


def test_an_explanation_names_row_factor_source_rung_and_what_was_passed_over() -> None:
    text = str(ghg.run("scenarios/kingsoft-cloud/2024.yaml").explain(scope=2))
    for part in (
        "activity/2024.csv:2 electricity-2024: 107415.86 MWh",
        "cn-mee-2022:national: 0.5366 kg CO2/kWh",
        "Announcement 2024 No. 33",
        "Table 1",
        "2 years older than the activity",
        "passed over cn-mee-2023:national: its publication cn-mee-2023 is not among those the inventory names",
        "107415860 kWh × 0.5366 kg CO2/kWh = 57639350.476 kg CO2",
        "Published: 57,638.74 tCO2e",
        "−0.61 t (−0.0011 %)",
    ):
        assert part in text


def test_a_fuel_with_a_biogenic_part_is_explained_and_recomputes() -> None:
    changed = {"publications": ["desnz-2024"], "ladder": {"regions": ["exact"], "max_age_years": 0}}
    asked = Inventory.model_validate(inventory().model_dump(mode="json") | changed | {
        "period": {"start": "2024-01-01", "end": "2024-12-31"}, "activity": ["call"],
    })  # fmt: skip
    cells = {
        "id": "a", "entity": "e", "activity": "stationary_fuel", "item": "fuel.diesel.average_biofuel_blend",
        "region": "GB", "start": "2024-01-01", "end": "2024-12-31", "amount": "1200", "unit": "L",
        "provenance": "measured",
    }  # fmt: skip
    made = compute(asked, library, lambda engine: activity.load_rows(engine, [cells]), Asked())
    text = str(made.explain("scope1"))
    assert "CO2_biogenic counts nothing in the scopes" in text
    assert "192 kg CO2 × 0 kg CO2e/kg CO2 = 0 kg CO2e" in text
    assert re.search(r"passed over \d+, such as desnz-2023:11_101_1011_15: it is per mass", text)
    assert recomputed(text) == parse("3.015348")
    assert str(made.explain("biogenic_co2")).rstrip().endswith("printed 0.192")
    made.close()


def test_back_calculated_activity_is_said() -> None:
    text = str(ghg.run("scenarios/kingsoft-cloud/2024.yaml").explain("scope3.7"))
    assert "Provenance: back-calculated, from scope3.7" in text
    assert "100 % back-calculated" in text


def test_many_rows_are_counted_and_their_sum_is_stated() -> None:
    rows = numbered([{**WATER, "amount": f"{n}.5"} for n in range(ROWS_SHOWN + 5)])
    run = run_rows(rows)
    text = str(run.explain("water"))
    assert text.count("Row frame:") == ROWS_SHOWN
    assert "… and 5 more rows; all 15 sum to 112.5 kg" in text
    run.close()


def test_a_few_rows_are_added_up() -> None:
    run = run_rows(numbered([{**WATER, "amount": text} for text in ("0.1", "0.2", "0.0000005")]))
    assert "0.1 kg + 0.2 kg + 0.000001 kg = 0.300001 kg" in str(run.explain("water"))
    run.close()


def test_a_what_if_is_named_in_the_explanation() -> None:
    run = ghg.run("scenarios/kingsoft-cloud/2024.yaml").what_if({"cn-mee-2022:national": "0.45 kg/kWh"})
    text = str(run.explain("scope2"))
    assert "107415860 kWh × 0.45 kg CO2/kWh" in text
    assert "what-if: cn-mee-2022:national: 0.5366 kg/kWh → 0.45 kg/kWh" in text
    assert "Published" not in text


def test_a_figure_nothing_posts_to_cannot_be_explained(run: Run) -> None:
    with pytest.raises(GhgError, match=r"nothing posts to the figure 'scope3\.15'"):
        run.explain("scope3.15")
    with pytest.raises(UnknownNameError):
        run.explain("scope9")
    with pytest.raises(GhgError, match="name one figure"):
        run.explain()


@settings(max_examples=15, deadline=None)
@given(tables(maximum=4))
def test_explanations_of_any_rows_recompute(found: list[dict[str, str]]) -> None:
    run = run_rows(found)
    for name, value in run.result.figures().items():
        text = str(run.explain(name))
        if any(EQUATION.match(line) for line in text.splitlines()) and value.amount:
            assert recomputed(text) == value.amount
    run.close()


WATER = {
    "entity": "e", "activity": "water", "region": "CN", "start": "2022-01-01", "end": "2022-01-31", "unit": "kg",
    "provenance": "measured",
}  # fmt: skip


JANUARY, AUGUST = ("2022-01-01", "2022-01-31"), ("2022-08-01", "2022-08-31")


@pytest.mark.parametrize(
    ("spans", "reason"),
    [
        ((JANUARY, AUGUST), "it is valid from 2022-07-01, after the activity starts"),
        ((AUGUST, JANUARY), "lower on the ladder: the inventory's own factor, region WORLD for CN"),
    ],
)
def test_reasons_are_those_of_the_rows_that_are_shown(spans: list[tuple[str, str]], reason: str) -> None:
    """Two rows share a match; a factor that starts in July is not yet valid for one, and further off for the other."""
    whole, later = own("a", "CN", "CO2", "combustion", "70"), own("b", "WORLD", "CO2", "combustion", "71")
    rows = tuple(row.model_copy(update={"valid_from": date(2022, 7, 1)}) for row in later.rows)
    table = FactorTable(own=[whole, replace(later, rows=rows)])
    cells = {**GOOD, "activity": "stationary_fuel", "item": "own.blend", "unit": "kg"}
    found = numbered([{**cells, "start": start, "end": end} for start, end in spans])
    with closing(compute(inventory(), lambda: table, lambda engine: load_rows(engine, found), Asked())) as made:
        assert len(made.plan.matches) == 1
        assert f"passed over b: {reason}" in str(made.explain("scope1"))


def test_rows_scanned_in_place_name_their_own_regions(tmp_path: Path) -> None:
    places = ("CN-BJ", "CN-SH", "CN-BJ")
    found = numbered([{**GOOD, "activity": "diesel_stationary", "unit": "kg", "region": place} for place in places])
    with closing(scanned(written(tmp_path / "rows.parquet", found), tmp_path)) as made:
        text = str(made.explain("scope1"))
    chosen = re.findall(r"chosen: .*region (WORLD for [A-Z-]+)", text)
    assert chosen[:2] == ["WORLD for CN-BJ", "WORLD for CN-SH"]
