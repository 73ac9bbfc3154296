from __future__ import annotations

import hashlib
import json
from contextlib import closing
from decimal import Decimal
from fractions import Fraction

import pytest

import ghg
from ghg.change.comparison import compare
from ghg.conformance.adapters.own import run_example
from ghg.conformance.examples import Example
from ghg.figures import figure
from ghg.issues import GhgError, UnknownNameError
from ghg.keys import Posting
from ghg.numbers import percent
from ghg.runs import Run
from ghg.statement import Result, Sums, Value, value_of
from ghg.testing import inventory, run_rows

SCENARIO = "scenarios/kingsoft-cloud/2024.yaml"


@pytest.fixture(scope="module")
def run() -> Run:
    return ghg.run(SCENARIO)


def amount(run: Run, name: str) -> Fraction:
    value = run.figure(name)
    assert value is not None
    return value.amount


def test_the_figures_foot(run: Run) -> None:
    assert amount(run, "scope1+2") == amount(run, "scope1") + amount(run, "scope2")
    assert amount(run, "scope1+2_market") == amount(run, "scope1") + amount(run, "scope2_market")
    assert amount(run, "energy") == amount(run, "energy_direct") + amount(run, "energy_indirect")
    categories = [name for name in run.result.figures() if name.startswith("scope3.")]
    assert amount(run, "scope3") == sum(amount(run, name) for name in categories)


def test_an_intensity_is_the_figure_over_the_denominator(run: Run) -> None:
    value = run.intensity("revenue")
    assert value is not None
    assert value.amount == amount(run, "scope1+2") / Fraction("7785.2")
    assert value.unit == "t/RMB_million"


def test_sums_in_base_units_become_a_value_with_shares() -> None:
    sums = Sums(*map(Fraction, (800, 400, 200, 500)))
    assert value_of(sums, "t", "emissions") == Value(
        Fraction(4, 5), "t", Fraction(1, 2), Fraction(1, 4), Fraction(5, 8)
    )
    assert value_of(Sums(*map(Fraction, (36, 0, 36, 36))), "MWh", "energy_sold") == Value(
        Fraction(1, 100), "MWh", Fraction(0), Fraction(1), Fraction(1)
    )


def test_rows_that_cancel_out_have_no_shares() -> None:
    assert value_of(Sums(*map(Fraction, (0, 3, -3, 0))), "t", "emissions") == Value(Fraction(0), "t")


def test_marks_name_both_kinds_of_circle() -> None:
    assert Value(Fraction(8), "t", Fraction(1, 2), Fraction(1, 4)).marks == (
        "50 % back-calculated; 25 % on an implied factor"
    )


def test_the_postings_behind_a_figure_sum_to_it(run: Run) -> None:
    for name in run.result.figures():
        found = sum((entry.value for entry in run.result.behind(figure(name))), Fraction(0))
        assert found / {"t": 1000, "MWh": 3600}[figure(name).unit] == amount(run, name), name


def test_entries_keep_the_provenance_beside_the_dimensions_asked_for(run: Run) -> None:
    found = run.result.entries(("entity",))
    assert set(found[0].dimensions) == {"unit", "entity", "provenance"}
    assert run.result.entries(("provenance", "entity")) is found
    assert {entry.dimensions["entity"] for entry in run.result.behind(figure("water"), ("entity",))} == {
        entry.dimensions["entity"] for entry in found if entry.posting.measure == "water"
    }


def test_sums_are_kept_under_what_is_asked_for(run: Run) -> None:
    """Kilograms of location-based emissions, by scope, match and entity."""

    def of(match: int, posting: Posting) -> tuple[str, ...] | None:
        return (posting.scope, str(match)) if posting.book != "market" and posting.measure == "emissions" else None

    expected: dict[tuple[tuple[str, ...] | None, tuple[str, ...]], Fraction] = {}
    for entry in run.result.entries(("entity",)):
        name = of(entry.line.match, entry.posting)
        key = (name, (entry.dimensions["entity"],))
        expected[key] = expected.get(key, Fraction(0)) + (entry.value if name else 0)
    found = run.result.sums(of, ("entity",))
    assert found == {key: value for key, value in expected.items() if key[0]}
    assert sum(run.result.sums(of).values()) == 1000 * (amount(run, "scope1+2") + amount(run, "scope3"))
    assert {key[1] for key in run.result.sums(of)} == {()}


def test_a_result_divides_by_the_denominators_it_is_given(run: Run) -> None:
    made = Result(run.plan, run.balance, run.valuation, run.inventory.denominators)
    value = made.figure("scope2/revenue")
    assert value is not None
    assert value.amount == amount(run, "scope2") / Fraction("7785.2")


def test_the_digest_can_be_recomputed_by_hand(run: Run) -> None:
    values = {**run.result.figures(), **run.result.intensities()}
    assert "scope2/revenue" in values
    text = json.dumps({name: str(values[name].amount) for name in sorted(values)})
    assert run.result.digest == hashlib.sha256(text.encode()).hexdigest()


def test_groups_of_emissions_are_the_rows_of_a_statement(run: Run) -> None:
    grouped = run.result.grouped(("scope", "gas"), "location")
    rows = run.totals("scope", "gas", book="location").rows
    assert [(*key, value.amount) for key, value in grouped] == [(row["scope"], row["gas"], row["co2e"]) for row in rows]
    assert {value.unit for _, value in grouped} == {"t"}
    masses = run.result.grouped(("scope", "gas"), "location", of_mass=True)
    assert [value.amount for _, value in masses] == [row["mass"] for row in rows]
    assert len(run.result.grouped(("book",))) == 3 > len(run.result.grouped(("book",), "market"))


def test_a_statement_names_what_it_shows(run: Run) -> None:
    by_gas, plain = run.totals("scope", "gas", book="location"), run.totals(book="location")
    assert by_gas.title == "Emissions by scope, gas"
    assert by_gas.columns == ("scope", "gas", "mass", "co2e", "unit", "rests_on")
    assert plain.title == "Emissions by nothing"
    assert plain.columns == ("co2e", "unit", "rests_on")
    for statement in (by_gas, plain):
        assert {frozenset(row) for row in statement.rows} == {frozenset(statement.columns)}
        assert {row["unit"] for row in statement.rows} == {"t"}


def test_a_figure_nothing_posts_to_is_none_not_zero(run: Run) -> None:
    assert run.figure("scope3.15") is None


def test_an_unknown_figure_or_denominator_is_refused(run: Run) -> None:
    with pytest.raises(UnknownNameError, match=r"Did you mean 'scope2'"):
        run.figure("scope2x")
    with pytest.raises(UnknownNameError, match="denominator"):
        run.figure("scope2/headcount")


def test_the_two_books_are_never_added(run: Run) -> None:
    with pytest.raises(GhgError, match="never added"):
        run.totals("scope")
    by_book = {row["book"]: row["co2e"] for row in run.totals("book").rows}
    assert by_book["location"] == amount(run, "scope2")
    assert by_book["market"] == amount(run, "scope2_market")


@pytest.mark.parametrize("by", ["category", "gas", "factor", "activity", "method", "entity", "provenance", "unit"])
def test_every_cut_sums_to_the_same_total(run: Run, by: str) -> None:
    total = amount(run, "scope1+2") + amount(run, "scope3")
    cells = [row["co2e"] for row in run.totals(by, book="location").rows]
    assert sum((cell for cell in cells if isinstance(cell, Fraction)), Fraction(0)) == total


def test_masses_of_gases_stand_beside_their_co2e(run: Run) -> None:
    rows = {(row["scope"], row["gas"]): row for row in run.totals("scope", "gas", book="location").rows}
    nitrous = rows["1", "N2O"]
    assert isinstance(nitrous["mass"], Fraction)
    assert nitrous["co2e"] == nitrous["mass"] * 265


def test_an_unknown_dimension_is_refused(run: Run) -> None:
    with pytest.raises(UnknownNameError, match="dimension"):
        run.totals("colour", book="location")
    with pytest.raises(GhgError, match="the dimension 'gas' is named twice"):
        run.totals("gas", "gas", book="location")


def test_a_book_that_is_not_computed_gives_no_totals() -> None:
    row = {"activity": "purchased_electricity", "entity": "e", "region": "CN", "start": "2022-01-01",
           "end": "2022-12-31", "amount": "1", "unit": "MWh", "provenance": "measured", "id": "1"}  # fmt: skip
    with (
        closing(run_rows([row], inventory(books=("location",)))) as made,
        pytest.raises(GhgError, match="does not compute the market-based book: its 'books' are 'location'"),
    ):
        made.totals("scope", book="market")


def test_a_statement_goes_to_pandas_without_losing_digits(run: Run) -> None:
    frame = run.totals("scope", book="location").to_pandas()
    cell = frame.loc[frame["scope"] == "2", "co2e"].item()
    assert isinstance(cell, Decimal)
    assert cell == Decimal("57639.350476")
    assert [row[:2] for row in run.totals("scope", book="location").texts()][1] == ["2", "57639.350476"]


def test_what_a_figure_rests_on_is_said(run: Run) -> None:
    scope1, scope2, scope3 = (run.figure(name) for name in ("scope1", "scope2", "scope3.3"))
    assert scope1 is not None
    assert scope2 is not None
    assert scope3 is not None
    assert [scope1.back_calculated, scope2.back_calculated, scope3.implied] == [Fraction(1), Fraction(0), Fraction(1)]
    assert scope1.marks == "100 % back-calculated"


def test_a_kept_gwp_set_is_said_only_when_it_differs(run: Run) -> None:
    assert not any("keeps it" in note for note in run.result.notes())
    [first, *kept] = run.what_if(gwp="AR6").result.notes()
    assert first == "CO2e under the 100-year GWPs of AR6."
    assert kept
    assert all(note.endswith(" is published only as CO2e under AR5 and keeps it.") for note in kept)


def test_comparing_a_run_with_itself_changes_nothing(run: Run) -> None:
    assert all(row["change"] == 0 for row in compare(run, run).rows)


@pytest.mark.parametrize(
    ("share", "text"),
    [
        ("0", "0 %"),
        ("1", "100 %"),
        ("1/1000000", "< 0.1 %"),
        ("999999/1000000", "> 99.9 %"),
        ("1/3", "33.3 %"),
        ("1/4", "25 %"),
    ],
)
def test_a_share_is_never_rounded_to_nothing_or_all(share: str, text: str) -> None:
    assert percent(Fraction(share)) == text


@pytest.mark.parametrize(("books", "absent"), [
    (["location"], {"scope2_market", "scope1+2_market", "scope1+2+3_market"}),
    (["market"], {"scope2", "scope1+2", "scope1+2+3"}),
    (["location", "market"], set()),
])  # fmt: skip
def test_a_figure_of_a_book_that_is_not_computed_is_absent_and_not_smaller(books: list[str], absent: set[str]) -> None:
    stated = {
        "id": "x", "what": "x", "locator": "x", "gwp": "AR5", "arithmetic": "x",
        "expected": [{"figure": "scope1", "value": "1"}], "inventory": {"books": books},
        "activity": [
            {"activity": "process_gases", "item": "CO2", "amount": "100", "unit": "t"},
            {"activity": "purchased_electricity", "amount": "100", "unit": "MWh"},
            {"activity": "employee_commuting", "item": "own.car", "amount": "0", "unit": "km"},
        ],
        "factors": [
            {"activity": "electricity", "basis": "grid_average", "value": "0.5", "unit": "t/MWh"},
            {"activity": "own.car", "basis": "combustion", "value": "0.2", "unit": "kg/km"},
        ],
    }  # fmt: skip
    with closing(run_example(Example.model_validate(stated))) as made:
        found = made.result.figures()
        both = {"scope2", "scope1+2", "scope1+2+3", "scope2_market", "scope1+2_market", "scope1+2+3_market"}
        assert both - set(found) == absent
        assert {found[name].amount for name in found if name.startswith("scope1+2")} == {150}
        if absent:
            assert [row["co2e"] for row in made.totals("scope").rows] == [100, 50, 0]
        for name in absent - {"scope2", "scope2_market"}:
            with pytest.raises(GhgError, match="would be too small"):
                made.explain(name)
        assert set(made.what_if(gwp="AR6").result.figures()) == set(found)
        factor = next(row for row in made.valuation.rows if row.endswith(f"{made.inventory.inventory}-1:CO2e"))
        assert set(made.what_if({factor: "0.4 t/MWh"}).result.figures()) == set(found)


def test_where_nothing_is_bought_the_location_based_total_is_there_all_the_same() -> None:
    stated = {
        "id": "x", "what": "x", "locator": "x", "gwp": "AR5", "arithmetic": "x",
        "expected": [{"figure": "scope1", "value": "1"}], "inventory": {"books": ["location", "market"]},
        "activity": [
            {"activity": "process_gases", "item": "CO2", "amount": "100", "unit": "t"},
            {"activity": "on_site_electricity_attributes_sold", "amount": "100", "unit": "MWh"},
        ],
        "factors": [{"activity": "electricity", "basis": "residual_mix", "value": "0.5", "unit": "t/MWh"}],
    }  # fmt: skip
    with closing(run_example(Example.model_validate(stated))) as made:
        found = made.result.figures()
        assert found["scope1+2"].amount == 100
        assert found["scope1+2_market"].amount == 150
        assert "scope2" not in found
        assert not any(name.startswith("scope1+2+3") for name in found)


def test_a_total_of_two_scopes_stands_where_one_has_emissions() -> None:
    stated = {
        "id": "x", "what": "x", "locator": "x", "gwp": "AR5", "arithmetic": "x",
        "expected": [{"figure": "scope1", "value": "1"}],
        "activity": [{"activity": "process_gases", "item": "CO2", "amount": "100", "unit": "t"}],
    }  # fmt: skip
    with closing(run_example(Example.model_validate(stated))) as made:
        assert list(made.result.figures()) == ["scope1", "scope1+2", "scope1+2_market"]
        assert [row["co2e"] for row in made.totals("scope").rows] == [100]


def test_a_total_of_all_scopes_needs_scope_3_and_another() -> None:
    stated = {
        "id": "x", "what": "x", "locator": "x", "gwp": "AR5", "arithmetic": "x",
        "expected": [{"figure": "scope3", "value": "1"}],
        "activity": [{"activity": "employee_commuting", "item": "own.car", "amount": "1", "unit": "km"}],
        "factors": [{"activity": "own.car", "basis": "combustion", "value": "0.2", "unit": "kg/km"}],
    }  # fmt: skip
    with closing(run_example(Example.model_validate(stated))) as made:
        assert list(made.result.figures()) == ["scope3", "scope3.7"]


def test_a_statement_prints_itself_and_says_what_did_not_post() -> None:
    row = {
        "id": "a", "entity": "e", "activity": "purchased_electricity", "region": "CN", "start": "2022-01-01",
        "end": "2022-12-31", "amount": "1", "unit": "MWh", "provenance": "measured",
    }  # fmt: skip
    with closing(run_rows([row, {**row, "id": "b", "unit": "ton"}], incomplete=True)) as made:
        statement = made.totals("scope", book="location")
        assert "INCOMPLETE: 1 of 2 rows did not post." in statement.notes
        assert "INCOMPLETE: 1 of 2 rows did not post." in str(statement)
