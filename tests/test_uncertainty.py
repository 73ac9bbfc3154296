"""Laws and hand calculations of intervals; tolerances follow from the number of draws."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from math import hypot, sqrt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ghg
from ghg import testing
from ghg.documents import read_document
from ghg.issues import GhgError, InputError
from ghg.runs import Run
from ghg.testing import Row, figures_of, numbered, run_rows, split, tables
from ghg.uncertainty.estimate import Estimate
from ghg.uncertainty.model import build
from ghg.uncertainty.policy import Policy
from ghg.uncertainty.propagation import effects, moments, propagate
from ghg.uncertainty.sampling import BLOCK, sample
from ghg.uncertainty.spread import read as read_spread

laws = settings(max_examples=6, deadline=None)
DRAWS = 4_000
SIGMAS = 6
"""A deviation of six standard errors is a fault, not chance."""
PROVENANCE = ("measured", "estimated")


def policy(activity: Any = "5 % normal", factor: str = "10 % normal", **more: Any) -> Policy:
    stated = {
        "rows": "shared",
        "activity": [{"spread": activity, "why": "stated"}] if isinstance(activity, str) else activity,
        "factors": [{"spread": factor, "why": "stated"}],
    }
    return Policy.model_validate(stated | more)


def row(word: str, amount: str, **more: str) -> Row:
    unit = {"purchased_electricity": "MWh", "leased_assets_electricity": "MWh"}.get(word, "TJ_net")
    return {
        "id": "a", "entity": "north", "activity": word, "region": "CN", "start": "2022-01-01", "end": "2022-12-31",
        "amount": amount, "unit": unit, "provenance": "measured", **more,
    }  # fmt: skip


def estimated(rows: Sequence[Row], stated: Policy, **wanted: int) -> Estimate:
    run = run_rows(numbered(rows))
    found = run.uncertainty(stated, **wanted)  # type: ignore[arg-type]
    run.close()
    return found


def half_width(rows: Sequence[Row], stated: Policy, figure: str = "scope2") -> float:
    """Half-width of approach 1, relative to the figure."""
    found = estimated(rows, stated, approach=1).intervals[figure]
    assert found.above is not None
    return found.above


def test_activity_and_factor_combine_as_in_equation_3_1() -> None:
    assert half_width([row("purchased_electricity", "1000")], policy()) == pytest.approx(hypot(0.05, 0.10))


def test_independent_sources_combine_as_in_equation_3_2() -> None:
    rows = [row("purchased_electricity", "1000"), row("purchased_electricity", "1000", region="CN-BJ")]
    run = run_rows(numbered(rows))
    parts = [float(run.result.figure("scope2").amount) * 0.1 for run in (run_rows([r]) for r in rows)]  # type: ignore[union-attr]
    total = float(run.figure("scope2").amount)  # type: ignore[union-attr]
    assert half_width(rows, policy(activity="exact")) == pytest.approx(hypot(*parts) / total)


def test_rows_that_share_a_factor_do_not_average_its_error_away() -> None:
    rows = [row("purchased_electricity", "1000", entity=entity) for entity in ("north", "south")]
    assert half_width(rows, policy(activity="exact")) == pytest.approx(0.10)
    assert half_width(rows, policy(factor="exact")) == pytest.approx(0.05 / sqrt(2))


def test_a_factor_shared_across_scopes_errs_once_for_both() -> None:
    rows = [row("purchased_electricity", "1000"), row("leased_assets_electricity", "500")]
    found = estimated(rows, policy(activity="exact"), approach=1)
    assert {name: i.above for name, i in found.intervals.items() if name in ("scope2", "scope3")} == pytest.approx(
        {"scope2": 0.1, "scope3": 0.1}
    )
    assert {source.name for source in found.sources} == {
        "cn-mee-2022:national",
        "cn-mee-2022:national-ex-market-nonfossil",
    }


def test_published_bounds_come_back() -> None:
    stated = policy(activity="exact", factors=[{"spread": "bounds lognormal", "why": "published"}], missing="disclose")
    run = run_rows([row("diesel_stationary", "1000")])
    co2 = run.valuation.rows["ipcc-2006:diesel-stationary-commercial:CO2"]
    model = build(run, stated)
    (source,) = model.sources
    assert source.distribution.quantile(0.025) == pytest.approx(float(co2.lower) / float(co2.value))
    assert source.distribution.quantile(0.975) == pytest.approx(float(co2.upper) / float(co2.value))
    run.close()


@laws
@given(tables(), st.sampled_from(["5 % normal", "20 % triangular", "x 1.4 lognormal"]), st.integers(0, 99))
def test_sampling_agrees_with_the_closed_form(rows: list[Row], width: str, seed: int) -> None:
    run = run_rows(rows)
    model = build(run, policy(activity=width, factor="-10 % +20 % triangular"))
    drawn = sample(model, DRAWS, seed, 2)
    run.close()
    for cell, values in drawn.items():
        exact = moments(model, effects(model, [term for term in model.terms if term.cell == cell]))
        spread = sqrt(exact.variance)
        assert values.mean() == pytest.approx(exact.mean, abs=SIGMAS * spread / sqrt(DRAWS))
        # Of the fourth moments that products of these widths reach, twice the normal's error of a deviation is ample.
        assert values.std() == pytest.approx(spread, rel=2 * SIGMAS / sqrt(2 * DRAWS))


@laws
@given(tables())
def test_approach_1_is_the_part_of_the_variance_that_sources_have_by_themselves(rows: list[Row]) -> None:
    run = run_rows(rows)
    model = build(run, policy())
    run.close()
    for cell in {term.cell for term in model.terms}:
        terms = [term for term in model.terms if term.cell == cell]
        exact, first = moments(model, effects(model, terms)), propagate(model, effects(model, terms))
        alone = sum(part for names, part in exact.parts.items() if len(names) == 1)
        assert first.half_width == pytest.approx(1.959964 * sqrt(alone), rel=1e-6)
        assert alone <= exact.variance
        assert sum(first.shares.values()) == pytest.approx(1)


@laws
@given(tables())
def test_the_shares_of_the_variance_sum_to_one_and_lie_between_first_and_total(rows: list[Row]) -> None:
    for found in estimated(rows, policy(), draws=100).intervals.values():
        assert sum(one.share for one in found.contributions) == pytest.approx(1)
        assert all(one.first <= one.share + 1e-12 <= one.total + 2e-12 for one in found.contributions)


@laws
@given(tables())
def test_the_exact_totals_do_not_change(rows: list[Row]) -> None:
    run = run_rows(rows)
    found = run.uncertainty(policy(), approach=1)
    amounts = {name: one.amount for name, one in found.intervals.items()}
    expected = figures_of(run)
    assert all(expected[name] == amount for name, amount in amounts.items())


@laws
@given(tables(2), st.randoms(use_true_random=False), st.integers(1, 4))
def test_neither_row_order_nor_threads_change_a_bit(rows: list[Row], random: Any, threads: int) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    wanted = {"draws": 3 * BLOCK + 5, "seed": 7}
    for stated in (policy(), policy(rows="independent")):
        one, other = (
            estimated(rows, stated, **wanted, threads=1),
            estimated(shuffled, stated, **wanted, threads=threads),
        )
        assert one.intervals == other.intervals


@laws
@given(tables(), st.data())
def test_splitting_a_row_changes_nothing(rows: list[Row], data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(rows) - 1))
    share = data.draw(st.fractions(0, 1))
    parts = [*rows[:number], *split(rows[number], share), *rows[number + 1 :]]
    assert estimated(rows, policy(), draws=500).intervals == estimated(parts, policy(), draws=500).intervals


def test_parts_of_one_measurement_stay_one_where_rows_are_independent() -> None:
    whole, halves = [row("purchased_electricity", "1000")], [row("purchased_electricity", "500")] * 2
    independent = policy(factor="exact", rows="independent")
    named = [{**half, "measurement": "meter 7"} for half in halves]
    assert half_width(whole, independent) == half_width(named, independent) == pytest.approx(0.05)
    assert half_width(halves, independent) == pytest.approx(0.05 / sqrt(2), rel=1e-3)


def test_a_measurement_that_two_scopes_read_errs_once() -> None:
    rows = [row("purchased_electricity", "1000"), row("leased_assets_electricity", "500")]
    named = [{**one, "measurement": "meter 7"} for one in rows]
    found = estimated(named, policy(factor="exact", rows="independent"), approach=1)
    assert [source.name for source in found.sources] == ["meter 7"]


def test_correlation_one_and_none_bracket_what_is_between() -> None:
    rows = [row("purchased_electricity", "1000"), row("purchased_electricity", "700", region="CN-BJ")]
    apart = half_width(rows, policy(activity="exact", factor="12 % normal"))
    together = {"spread": "12 % normal", "why": "stated", "together": "grid averages"}
    one = half_width(rows, policy(activity="exact", factors=[together]))
    assert one == pytest.approx(0.12)
    assert one / sqrt(2) <= apart < one


def test_a_cell_of_the_table_comes_before_the_policy() -> None:
    stated = [row("purchased_electricity", "1000", uncertainty="2 % normal")]
    assert half_width(stated, policy(factor="exact")) == pytest.approx(0.02)
    with pytest.raises(InputError, match="uncertainty-invalid"):
        run_rows([row("purchased_electricity", "1000", uncertainty="2 %")])


def test_shares_of_a_whole_sum_to_one_in_every_draw() -> None:
    rows = [
        row("purchased_electricity", "600", measurement="survey"),
        row("leased_assets_electricity", "400", measurement="survey"),
    ]
    shares = [{"measurement": "survey", "answers": "49", "why": "49 sites answered"}]
    run = run_rows(numbered(rows))
    model = build(run, policy("exact", "exact", shares=shares))
    run.close()
    drawn = {cell: values for cell, values in sample(model, 1_000, 1).items() if cell[0] != "market"}
    total = sum(drawn.values())
    assert total == pytest.approx([sum(term.weight for term in model.terms if term.cell[0] != "market")] * 1_000)
    scope2 = next(values for cell, values in drawn.items() if cell[1] == "2")
    relative = sqrt(0.6 * 0.4 / 50) / 0.6
    assert scope2.std() / scope2.mean() == pytest.approx(relative, rel=SIGMAS / sqrt(2_000))
    terms = [term for term in model.terms if term.cell[0] != "market"]
    assert moments(model, effects(model, terms)).variance == pytest.approx(0, abs=1e-9)
    alone = moments(model, effects(model, [term for term in terms if term.cell[1] == "2"]))
    assert sqrt(alone.variance) / alone.mean == pytest.approx(relative)


def test_shares_need_rows_that_can_be_added() -> None:
    shares = [{"measurement": "survey", "answers": "49", "why": "49 sites answered"}]
    with pytest.raises(GhgError, match="no row names the measurement 'survey'"):
        estimated([row("purchased_electricity", "600")], policy(shares=shares))
    mixed = [
        row("purchased_electricity", "6", measurement="survey"),
        row("diesel_stationary", "4", measurement="survey"),
    ]
    with pytest.raises(GhgError, match="they measure"):
        estimated(mixed, policy(shares=shares))


def test_gwp_errors_are_shared_by_gases_of_one_formula() -> None:
    stated = policy("exact", "exact", gwp=[{"spread": "35 % normal at 90 %", "why": "Scope 3 Standard, Box B.1"}])
    found = estimated([row("diesel_stationary", "1000")], stated, approach=1)
    assert {(source.group, source.name) for source in found.sources} == {("gwp", "CH4"), ("gwp", "N2O")}
    assert not any("GWPs count as exact" in note for note in found.notes)
    bounds = [{"spread": "bounds normal", "why": "published"}]
    with pytest.raises(InputError, match="the GWP of CH4 is"):
        estimated([row("diesel_stationary", "1000")], policy("exact", "exact", gwp=bounds))


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (
            {"factors": [{"basis": "grid_averag", "spread": "50 % normal", "why": "w"}]},
            "factors basis 'grid_averag' (50",
        ),
        (
            {"activity": [{"entity": "nord", "spread": "50 % normal", "why": "w"}]},
            "activity entity 'nord' (50 % normal)",
        ),
        ({"gwp": [{"gas": "CH5", "spread": "50 % normal", "why": "w"}]}, "gwp gas 'CH5' (50 % normal)"),
    ],
)
def test_a_rule_that_no_input_takes_is_told(rules: dict[str, Any], said: str) -> None:
    """A slip in a word would leave the next rule to decide, and the interval narrower, in silence."""
    others = [{"spread": "5 % normal", "why": "stated"}]
    stated: dict[str, Any] = {group: [*rules.get(group, []), *others] for group in ("activity", "factors", "gwp")}
    found = estimated([row("diesel_stationary", "1000")], policy(**stated), approach=1)
    assert [said in note for note in found.notes if note.startswith("No input takes these rules")] == [True]
    found = estimated(
        [row("diesel_stationary", "1000")], policy(activity=others, factors=others, gwp=others), approach=1
    )
    assert not any(note.startswith("No input takes") for note in found.notes)


def run_of(rows: Sequence[Row]) -> Run:
    return run_rows(numbered(rows))


def test_an_input_without_a_statement_is_refused_unless_the_policy_discloses_it() -> None:
    rows = [row("purchased_electricity", "1000"), row("diesel_stationary", "1")]
    only: dict[str, Any] = {"factors": [{"publication": "cn-mee-2022", "spread": "5 % normal", "why": "stated"}]}
    with pytest.raises(InputError, match=r"factor ipcc-2006:diesel-stationary-commercial:CO2 \(95 % bounds") as caught:
        estimated(rows, policy(**only))
    assert {issue.rule for issue in caught.value.issues} == {"uncertainty-missing"}
    found = estimated(rows, policy(**only, missing="disclose"), approach=1)
    assert found.intervals["scope2"].covered == 1
    assert 0 == found.intervals["scope1"].covered < found.intervals["scope1+2"].covered < 1
    assert {one.name for one in found.missing} >= {"ipcc-2006:diesel-stationary-commercial:CO2"}
    assert any(note.startswith("NOT COVERED") for note in found.notes)


def test_back_calculated_amounts_need_a_rule_by_name() -> None:
    rows = [row("purchased_electricity", "1000", provenance="back-calculated", derived_from="scope2")]
    with pytest.raises(InputError, match="solved from the figure"):
        estimated(rows, policy())
    assert list(estimated(rows, policy(missing="disclose")).silent) == [
        "scope2", "scope2_market", "scope1+2", "scope1+2_market",
    ]  # fmt: skip
    named = policy(activity=[{"provenance": "back-calculated", "spread": "exact", "why": "the printed amount"}])
    assert half_width(rows, named) == pytest.approx(0.10)


def test_the_change_of_a_what_if_is_drawn_together() -> None:
    run = run_of([row("purchased_electricity", "1000")])
    after = run.what_if({"cn-mee-2022:national": "0.5306 kg/kWh"})
    change = after.uncertainty(policy(factor="exact"), since=run, approach=1).intervals["scope2"]
    assert change.amount == Fraction("-6")
    assert change.above == pytest.approx(-0.05)
    assert run.uncertainty(policy(), since=run, approach=1).intervals["scope2"].upper == 0
    run.close()


def test_what_cannot_be_asked_is_refused() -> None:
    run = run_of([row("purchased_electricity", "1000")])
    with pytest.raises(GhgError, match="section 'uncertainty'"):
        run.uncertainty()
    with pytest.raises(GhgError, match="approaches"):
        run.uncertainty(policy(), approach=3)
    with pytest.raises(GhgError, match="100 draws"):
        run.uncertainty(policy(), draws=99)
    run.close()


def test_an_inventory_carries_its_policy() -> None:
    stated = testing.inventory().model_dump() | {"uncertainty": policy().model_dump()}
    asked = type(testing.inventory()).model_validate(stated)
    run = run_rows([row("purchased_electricity", "1000")], asked)
    assert run.uncertainty(approach=1).intervals["scope2"].above == pytest.approx(hypot(0.05, 0.1))
    run.close()


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"activity": [{"spread": "rounding", "why": "x"}]}, "amounts have no published bounds"),
        ({"activity": [{"spread": "exact", "why": "x", "activity": "flying"}]}, "there is no activity 'flying'"),
        ({"gwp": [{"spread": "rounding", "why": "x"}]}, "state the published bounds"),
        ({"factors": [{"spread": "bounds normal", "why": "x", "together": "y"}]}, "share one width"),
        ({"factors": [{"spread": "5 %", "why": "x"}]}, "is no statement of uncertainty"),
        ({"shares": [{"measurement": "m", "answers": "0", "why": "x"}]}, "whole number of answers"),
        ({"shares": [{"measurement": "m", "answers": "1", "why": "x"}] * 2}, "stands twice"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(stated: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        policy(**stated)


@pytest.mark.parametrize("has_columns", [False, True])
def test_rows_scanned_in_place_give_what_rows_read_as_text_give(tmp_path: Path, *, has_columns: bool) -> None:
    polars = pytest.importorskip("polars")
    rows = numbered(
        [
            row("purchased_electricity", f"{100 + number}.5", entity="north" if number % 3 else "south",
                **({"measurement": "meter 7", "uncertainty": "2 % normal"} if has_columns and number < 3 else {}))
            for number in range(7)
        ]
    )  # fmt: skip
    columns = {name: [found.get(name, "") for found in rows] for found in rows for name in found}
    polars.DataFrame(columns).write_parquet(tmp_path / "rows.parquet")
    polars.DataFrame(columns).write_csv(tmp_path / "rows.csv")
    stated = testing.inventory().model_dump(mode="json", exclude_none=True) | {"sources": {}}
    found = {}
    for name in ("rows.parquet", "rows.csv"):
        file = tmp_path / "inventory.yaml"
        file.write_text(json.dumps(stated | {"activity": [name]}, default=str), encoding="utf-8")
        run = ghg.run(file)
        assert bool(run.scans) == (name == "rows.parquet")
        found[name] = [
            run.uncertainty(policy(rows=rows), draws=200).intervals for rows in ("independent", "shared")
        ]  # fmt: skip
        run.close()
    assert found["rows.parquet"] == found["rows.csv"]
    assert found["rows.csv"][0] != found["rows.csv"][1]


STANDARD: Any = read_document(
    Path(__file__).parent / "conformance" / "uncertainty" / "scope-3-standard.yaml", "scope-3-standard.yaml"
).tree


@pytest.mark.parametrize("example", STANDARD["examples"], ids=lambda example: example["id"])
def test_published_intervals(example: dict[str, str]) -> None:
    lower, upper = (abs(Fraction(example[end]) / Fraction(example["estimate"]) - 1) * 100 for end in ("lower", "upper"))
    spread = f"-{float(lower):.9f} % +{float(upper):.9f} % normal"
    found = read_spread(spread).distribution
    assert found
    assert f"{found.half_width * float(example['estimate']):,.0f}" == example["half_width"]
    relative = half_width([row("purchased_electricity", "1000")], policy(activity=spread, factor="exact"))
    assert f"{relative * float(example['estimate']):,.0f}" == example["half_width"]
