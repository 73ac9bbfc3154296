"""``ghg`` is held to its own public laws, and to what they do not say: bytes of documents, threads, quanta."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ghg import testing
from ghg.accounts import accounts
from ghg.numbers import parse
from ghg.reports.documents import run_document
from ghg.testing import Row, figures_of, inventory, numbered, run_rows, split, tables

laws = settings(max_examples=15, deadline=None)
EXAMPLES = 3
"""Few, since each runs the engine several times; ``python -m tests.trials.laws 100`` tries every law on each."""
OF_SHARES = (
    "split and merge", "footing", "parts stand alone", "nothing lost", "trace", "engines agree", "bridge",
    "certificate conservation",
)  # fmt: skip
"""Laws that shares of entities and days bear on."""
OF_THE_LIBRARY = (
    "unit invariance", "same digits", "published units", "scopes", "footing", "parts stand alone", "gwp leaves masses",
    "gwp once", "trace", "what-if", "engines agree", "uncertainty of a split row",
)  # fmt: skip
"""Laws that the library's factors, its regions and both books bear on."""
LAW = {law.name: law for law in testing.LAWS}
TRIED = [
    *((testing.OWN, name) for name in LAW),
    *((testing.LIBRARY, name) for name in OF_THE_LIBRARY),
    *((testing.SHARES, name) for name in OF_SHARES),
]


@pytest.mark.parametrize(("pipeline", "law"), TRIED, ids=lambda found: getattr(found, "name", found))
def test_ghg_keeps_the_law(pipeline: testing.Pipeline, law: str) -> None:
    assert LAW[law].check(pipeline, examples=EXAMPLES).outcome is testing.Outcome.HOLDS


def test_every_law_applies_to_ghg_or_says_why_not() -> None:
    silent = [
        law.name
        for law in testing.LAWS
        if (reasons := [pipeline.missing(law.needs) for pipeline in (testing.OWN, testing.LIBRARY)]) and all(reasons)
    ]
    assert silent == []
    assert not [law.name for law in testing.LAWS if testing.OWN.missing(law.needs)]


def document(found: list[Row], **options: int) -> str:
    run = run_rows(found, **options)  # type: ignore[arg-type]
    text = run_document(run).model_dump_json()
    run.close()
    return text


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
