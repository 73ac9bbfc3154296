"""Laws that hold for any inventory, as Hypothesis properties over generated rows."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ghg import testing
from ghg.accounts import accounts
from ghg.factors import library
from ghg.gases import gwp
from ghg.issues import InputError
from ghg.numbers import parse
from ghg.reports.documents import run_document
from ghg.testing import Row, figures_of, inventory, numbered, rewritten, run_rows, smaller_units, split, tables
from ghg.units import unit

laws = settings(max_examples=25, deadline=None)


def document(found: list[Row], **options: int) -> str:
    run = run_rows(found, **options)  # type: ignore[arg-type]
    text = run_document(run).model_dump_json()
    run.close()
    return text


def added(*parts: dict[str, Fraction]) -> dict[str, Fraction]:
    return {name: sum((part.get(name, Fraction(0)) for part in parts), Fraction(0)) for part in parts for name in part}


@laws
@given(tables(), tables())
def test_the_figures_of_two_tables_add_up_to_those_of_both(one: list[Row], other: list[Row]) -> None:
    both = numbered([*one, *other])
    assert figures_of(run_rows(both)) == added(figures_of(run_rows(one)), figures_of(run_rows(other)))


@laws
@given(tables(), st.integers(0, 1000))
def test_scaling_every_amount_scales_every_figure(found: list[Row], factor: int) -> None:
    scaled = [{**row, "amount": f"{parse(row['amount']) * factor * 10**6}"} for row in found]
    scaled = [{**row, "amount": f"{int(row['amount']) // 10**6}.{int(row['amount']) % 10**6:06}"} for row in scaled]
    expected = {name: value * factor for name, value in figures_of(run_rows(found)).items()}
    assert figures_of(run_rows(scaled)) == expected


@laws
@given(tables(), st.data())
def test_the_unit_an_amount_is_written_in_does_not_matter(found: list[Row], data: st.DataObject) -> None:
    other = [rewritten(row, data.draw(st.sampled_from(smaller_units(row)))) for row in found]
    assert figures_of(run_rows(other)) == figures_of(run_rows(found))


@laws
@given(tables(2), st.randoms(use_true_random=False))
def test_row_order_does_not_change_a_byte_of_the_document(found: list[Row], random: object) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert document(shuffled) == document(found)


@laws
@given(tables(), st.fractions(0, 1, max_denominator=7))
def test_splitting_rows_does_not_change_a_byte_of_the_document(found: list[Row], share: Fraction) -> None:
    assert document(numbered(part for row in found for part in split(row, share))) == document(found)


@laws
@given(tables(2), st.integers(1, 4))
def test_the_number_of_threads_does_not_change_a_byte_of_the_document(found: list[Row], threads: int) -> None:
    assert document(found, threads=threads) == document(found)


@laws
@given(tables())
def test_a_zero_row_changes_no_figure(found: list[Row]) -> None:
    zero = {**found[0], "amount": "0", "id": "zero"}
    assert figures_of(run_rows([*found, zero])) == figures_of(run_rows(found))


@laws
@given(tables())
def test_a_blank_amount_is_not_zero(found: list[Row]) -> None:
    blank = {**found[0], "amount": "", "id": "blank"}
    with pytest.raises(InputError) as caught:
        run_rows([*found, blank])
    assert [(issue.rule, issue.line) for issue in caught.value.issues] == [("value-missing", len(found) + 1)]


@laws
@given(
    tables(),
    st.lists(
        st.sampled_from([{"unit": "ton"}, {"amount": "x"}, {"activity": "nothing"}, {"region": "HK"}]), max_size=4
    ),
)
def test_posted_and_unposted_rows_are_the_rows_read(found: list[Row], faults: list[Row]) -> None:
    wrong = [
        {**found[0], "activity": "purchased_electricity", "unit": "kWh", **fault, "id": f"wrong-{n}"}
        for n, fault in enumerate(faults)
    ]
    run = run_rows([*found, *wrong], incomplete=True)
    assert (run.balance.posted, run.balance.unposted) == (len(found), len(wrong))
    assert run.is_complete is not bool(wrong)
    assert figures_of(run) == figures_of(run_rows(found))


@laws
@given(tables(), st.decimals("0.0001", "9", places=4), st.sampled_from(["AR4", "AR5", "AR6"]))
def test_a_what_if_on_the_balance_equals_a_full_run(found: list[Row], value: object, gwp_set: str) -> None:
    changes = {
        "cn-mee-2022:national": f"{value} kg/kWh",
        "ipcc-2006:diesel-stationary-commercial:CO2": "70000 kg/TJ_net",
    }
    before = run_rows(found)
    after = before.what_if(changes, gwp=gwp_set)
    full = run_rows(found, values=changes, gwp=gwp_set)
    expected, changed = figures_of(full), {**after.result.figures(), **after.result.intensities()}
    assert {name: found_value.amount for name, found_value in changed.items()} == expected
    before.close()


@laws
@given(tables())
def test_a_what_if_that_changes_nothing_gives_the_same_figures(found: list[Row]) -> None:
    before = run_rows(found)
    same = before.what_if({"cn-mee-2022:national": "0.5366 kg/kWh"}, gwp="AR5")
    assert same.result.figures() == before.result.figures()
    before.close()


@laws
@given(tables())
def test_another_gwp_set_leaves_the_masses_of_gases(found: list[Row]) -> None:
    def masses(gwp_set: str) -> dict[tuple[str, ...], Fraction]:
        run = run_rows(found, inventory(gwp_set))
        grouped = run.result.grouped(("book", "scope", "category", "gas"), of_mass=True)
        run.close()
        return {key: value.amount for key, value in grouped}

    assert masses("AR4") == masses("AR5") == masses("AR6")


@laws
@given(tables())
def test_the_kernel_agrees_with_sums_over_the_rows_in_plain_fractions(found: list[Row]) -> None:
    """An independent reference: no plan, no balance, no SQL."""
    table = library()
    chosen = {
        "purchased_electricity": "electricity",
        "leased_assets_electricity": "electricity",
        "diesel_stationary": "ipcc-2006:diesel-stationary-commercial",
        "gasoline_mobile": "ipcc-2006:gasoline-road-1995",
    }
    expected: dict[str, Fraction] = {}
    for row in found:
        if row["activity"] not in chosen:
            continue
        grid = f"cn-mee-2022:{row['region']}"
        national = "cn-mee-2022:national"
        name = (
            chosen[row["activity"]]
            if row["activity"] not in ("purchased_electricity", "leased_assets_electricity")
            else grid
            if grid in table.factors
            else national
        )
        base = parse(row["amount"]) * unit(row["unit"]).multiplier
        if unit(row["unit"]).dimension == "mass":
            base *= table.find(f"ipcc-2006:ncv-{row['activity'].partition('_')[0]}").first.base_amount
        rows = table.factors[name].rows
        kg = sum((base * row.base_amount * gwp("AR5", row.gas).amount for row in rows), Fraction(0))
        scope = f"scope{accounts()[row['activity']].scope}"
        expected[scope] = expected.get(scope, Fraction(0)) + kg / 1000
    got = figures_of(run_rows(found))
    assert {name: got.get(name, Fraction(0)) for name in ("scope1", "scope2", "scope3") if name in got} == expected


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.decimals(-(10**6), 10**6, places=8).map(lambda d: f"{d:f}"),
            st.builds(lambda m, e: f"{m}e{e}", st.integers(-999, 999), st.integers(-9, 9)),
            st.sampled_from(
                ["+1.5", ".5", "5.", "-.0000005", "0.0000005", "-0.00000051", "999999999999999999.9999995"]
            ),
        ),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from([0, 3, 6, 9]),
)
def test_amounts_are_counted_in_quanta_by_rounding_half_up(texts: list[str], decimals: int) -> None:
    row = {"entity": "e", "activity": "water", "region": "CN", "start": "2022-01-01", "end": "2022-01-31", "unit": "kg"}
    table = numbered({**row, "amount": text, "entry": "correction", "provenance": "measured"} for text in texts)
    run = run_rows(table, inventory(quantum=f"1e-{decimals}"))
    expected = sum((parse(text) * 10**decimals + Fraction(1, 2)).__floor__() for text in texts)
    assert sum(line.amount for line in run.balance.lines) == expected
    finer = any((parse(text) * 10**decimals).denominator != 1 for text in texts)
    assert finer is any(issue.rule == "number-quantised" for issue in run.issues)
    run.close()


def test_the_strategies_only_draw_activities_of_the_chart() -> None:
    assert all(testing.posts(word) is (accounts()[word].measure == "emissions") for word in testing.UNITS)
