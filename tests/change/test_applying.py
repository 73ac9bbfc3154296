"""A what-if equals a full run with the changes made in the inputs, whatever is changed."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ghg.accounts import accounts
from ghg.change.forms import (
    AddActivity,
    DropActivity,
    PinFactor,
    ReplaceActivity,
    ScaleActivity,
    ScaleFactor,
    SetFactor,
    SetGwp,
    ShiftFactor,
    Step,
    SwapFactor,
    SwapPublication,
)
from ghg.inventory import Inventory, Pin
from ghg.issues import GhgError, InputError, UnknownNameError
from ghg.numbers import decimal_text, parse
from ghg.runs import Run
from ghg.testing import Row, figures_of, inventory, numbered, run_rows, tables

FINE = inventory(quantum="1e-9")
NATIONAL, BEIJING = "cn-mee-2022:national", "cn-mee-2022:CN-BJ"
DIESEL, GASOLINE = "ipcc-2006:diesel-stationary-commercial", "ipcc-2006:gasoline-road-1995"
laws = settings(max_examples=8, deadline=None)


def figures(run: Run) -> dict[str, Fraction]:
    return {name: value.amount for name, value in {**run.result.figures(), **run.result.intensities()}.items()}


def fits(row: Row, condition: object) -> bool:
    account = accounts()[row["activity"]]
    cells = {"site": "none", **row, "scope": account.scope, "category": account.category}
    assert isinstance(condition, dict)
    return all(cells[column] in words for column, words in condition.items())


def rows_after(rows: Sequence[Row], steps: Sequence[Step]) -> list[Row]:
    """The activity table as somebody would edit it by hand."""
    for step in steps:
        if isinstance(step, AddActivity):
            rows = [*rows, *(dict(row) for row in step.rows)]
        if isinstance(step, ScaleActivity | DropActivity):
            marks = [fits(row, step.where) and not (step.but_not and fits(row, step.but_not)) for row in rows]
            by = parse(step.by) if isinstance(step, ScaleActivity) else Fraction(0)
            scaled = [
                {**row, "amount": decimal_text(parse(row["amount"]) * by)} if marked else row
                for row, marked in zip(rows, marks, strict=True)
            ]
            is_drop = isinstance(step, DropActivity)
            rows = [row for row, marked in zip(scaled, marks, strict=True) if not (is_drop and marked)]
    return list(rows)


def full(rows: Sequence[Row], steps: Sequence[Step]) -> dict[str, Fraction]:
    """The figures of a full run over changed inputs: no what-if has a part in it."""
    # Of two pins for one choice the later stands.
    pins = {
        (step.activity, step.book): Pin(activity=step.activity, book=step.book, factor=step.factor, why=step.why)
        for step in steps
        if isinstance(step, PinFactor)
    }
    values: dict[str, str] = {}
    for step in steps:
        if isinstance(step, SetFactor):
            values[step.factor] = step.to
    gwps = [step.gwp for step in steps if isinstance(step, SetGwp)]
    stated = Inventory.model_validate(
        FINE.model_dump(mode="json") | {"pins": [pin.model_dump() for pin in pins.values()]}
    )
    return figures_of(run_rows(rows_after(rows, steps), stated, values=values, gwp=gwps[-1] if gwps else None))


conditions = st.sampled_from(
    [
        {"activity": ("purchased_electricity",)},
        {"entity": ("north",)},
        {"region": ("CN-BJ", "CN-TJ"), "scope": ("2", "3")},
        {"id": ("row-1", "row-3")},
        {"unit": ("kWh", "t"), "entity": ("south",)},
        {"scope": ("1",)},
        {"start": ("2022-01-01",)},
    ]
)
exceptions = st.one_of(st.just({}), conditions)
steps = st.one_of(
    st.builds(SetFactor, factor=st.sampled_from([NATIONAL, BEIJING]), to=st.just("0.25 kg/kWh"), why=st.just("w")),
    st.builds(SetFactor, factor=st.just(f"{DIESEL}:CO2"), to=st.just("70 t/TJ_net"), why=st.just("w")),
    st.builds(SetGwp, gwp=st.sampled_from(["AR4", "AR5", "AR6"]), why=st.just("w")),
    st.builds(
        PinFactor,
        activity=st.sampled_from(["purchased_electricity", "leased_assets_electricity"]),
        factor=st.sampled_from([NATIONAL, BEIJING, "cn-mee-2021:CN-TJ"]),
        why=st.just("w"),
    ),
    st.builds(
        ScaleActivity,
        where=conditions,
        but_not=exceptions,
        by=st.sampled_from(["0", "0.5", "3", "1.25"]),
        why=st.just("w"),
    ),
    st.builds(DropActivity, where=conditions, but_not=exceptions, why=st.just("w")),
)


drawn = st.lists(steps, max_size=4)


@laws
@given(tables(), drawn)
def test_a_what_if_equals_a_full_run_over_changed_inputs(found: list[Row], changes: list[Step]) -> None:
    before = run_rows(found, FINE)
    assert figures(before.what_if(steps=changes)) == full(found, changes)
    before.close()


@laws
@given(tables(), tables(1, 3), drawn)
def test_added_rows_count_as_rows_of_the_table(found: list[Row], more: list[Row], changes: list[Step]) -> None:
    added = AddActivity(rows=tuple(numbered(more, "added")), why="w")
    before = run_rows(found, FINE)
    assert figures(before.what_if(steps=[added, *changes])) == full(found, [added, *changes])
    before.close()


@laws
@given(tables(), drawn, drawn)
def test_what_ifs_stack(found: list[Row], first: list[Step], second: list[Step]) -> None:
    before = run_rows(found, FINE)
    once = before.what_if(steps=first)
    stacked, together = once.what_if(steps=second), before.what_if(steps=[*first, *second])
    assert figures(stacked) == figures(together)
    assert stacked.changes == together.changes
    assert stacked.baseline is before
    before.close()


@laws
@given(tables())
def test_an_empty_what_if_is_the_baseline_and_undoing_restores_it(found: list[Row]) -> None:
    before = run_rows(found)
    empty = before.what_if()
    assert (empty.balance, empty.plan, empty.result.digest) == (before.balance, before.plan, before.result.digest)
    undone = before.what_if(
        steps=[
            ScaleActivity(where={"entity": ("north",)}, by="1/3", why="there"),
            ScaleActivity(where={"entity": ("north",)}, by="3", why="and back"),
            SetFactor(factor=NATIONAL, to="1 kg/kWh", why="there"),
            SetFactor(factor=NATIONAL, to="0.5366 kg/kWh", why="and back"),
        ]
    )
    assert (undone.balance, undone.result.digest) == (before.balance, before.result.digest)
    before.close()


@laws
@given(tables())
def test_a_swapped_factor_is_as_if_the_inventory_had_pinned_it(found: list[Row]) -> None:
    before = run_rows(found)
    after = before.what_if(swap={DIESEL: GASOLINE})
    pin = {"activity": "diesel_stationary", "book": "location", "factor": GASOLINE, "why": "w"}
    pinned = Inventory.model_validate(inventory().model_dump(mode="json") | {"pins": [pin]})
    assert figures(after) == figures_of(run_rows(found, pinned))
    before.close()


ROWS = numbered(
    [
        {"entity": "e", "site": "a", "activity": "purchased_electricity", "region": "CN", "start": "2022-01-01",
         "end": "2022-01-31", "amount": "1000", "unit": "kWh", "provenance": "measured"},
        {"entity": "e", "site": "b", "activity": "diesel_stationary", "region": "CN", "start": "2022-01-01",
         "end": "2022-01-31", "amount": "2", "unit": "GJ_net", "provenance": "measured"},
    ]
)  # fmt: skip


@pytest.fixture
def run() -> Run:
    return run_rows(ROWS)


def scope(run: Run, name: str) -> str:
    value = run.figure(name)
    assert value
    return decimal_text(value.amount)


def test_factors_are_scaled_and_shifted_exactly(run: Run) -> None:
    assert scope(run.what_if(scale={NATIONAL: "1/3"}), "scope2") == decimal_text(parse("0.5366") / 3)
    shifted = run.what_if(steps=[ShiftFactor(factor=NATIONAL, yearly_change="-0.5", years=2, why="w")])
    assert scope(shifted, "scope2") == decimal_text(parse("0.5366") / 4)
    assert str(shifted.changes[0]) == f"{NATIONAL}: 0.5366 kg/kWh → 0.13415 kg/kWh"
    doubled = run.what_if(steps=[ScaleFactor(factor=DIESEL, by="2", why="all gases")])
    assert scope(doubled, "scope1") == decimal_text(2 * parse(scope(run, "scope1")))


def test_a_publication_is_swapped_factor_by_factor_each_listed(run: Run) -> None:
    after = run.what_if(swap={"cn-mee-2022": "cn-mee-2023"})
    assert (scope(after, "scope2"), scope(after, "scope2_market")) == ("0.5306", "0.6096")
    assert [change.after for change in after.changes] == [
        "cn-mee-2023:national 0.5306 kg/kWh",
        "cn-mee-2023:national-ex-market-nonfossil 0.6096 kg/kWh",
    ]


def test_a_factor_without_a_match_is_refused_or_kept_and_listed(run: Run) -> None:
    with pytest.raises(GhgError, match="has no emission factor of 'fuel"):
        run.what_if(swap={"ipcc-2006-v2": "cn-mee-2023"})
    keep = SwapPublication(publication="ipcc-2006-v2", to="cn-mee-2023", without_match="keep", why="w")
    after = run.what_if(steps=[keep])
    assert figures(after) == figures(run)
    assert "kept: cn-mee-2023 has none for it" in {change.after for change in after.changes}


def test_one_row_takes_another_amount(run: Run) -> None:
    after = run.what_if(steps=[ReplaceActivity(where={"site": ("a",)}, to="3.6 GJ", why="metered")])
    assert figures(after) == figures(run)
    after = run.what_if(steps=[ReplaceActivity(where={"site": ("a",)}, to="2.5 MWh", why="metered")])
    assert scope(after, "scope2") == "1.3415"
    assert str(after.changes[0]) == "activity where site 'a': 1,000.00 kWh in 1 row → 2.5 MWh"


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (ReplaceActivity(where={"entity": ("e",)}, to="1 kWh", why="w"), "selects 2 rows; it takes exactly one"),
        (ReplaceActivity(where={"site": ("c",)}, to="1 kWh", why="w"), "selects 0 rows"),
        (ReplaceActivity(where={"site": ("a",)}, to="1 kg", why="w"), "measures mass"),
        (ReplaceActivity(where={"site": ("a",)}, to="0.0000001 kWh", why="w"), "finer than the inventory's quantum"),
        (ReplaceActivity(where={"site": ("a",)}, to="much", why="w"), "is not an amount"),
        (SwapFactor(factor=NATIONAL, to=DIESEL, why="w"), "one cannot stand for the other"),
        (SwapFactor(factor=NATIONAL, to="ipcc-2006:ncv-diesel", why="w"), "one cannot stand for the other"),
        (PinFactor(activity="purchased_electricity", factor=DIESEL, why="w"), "leaves an activity without its factor"),
    ],
)
def test_a_change_that_does_not_fit_is_refused(run: Run, step: Step, message: str) -> None:
    with pytest.raises(GhgError, match=message):
        run.what_if(steps=[step])


def test_an_unknown_name_is_refused_with_near_ones(run: Run) -> None:
    with pytest.raises(UnknownNameError, match="cn-mee-2023:national"):
        run.what_if(swap={NATIONAL: "cn-mee-2023:nationl"})
    with pytest.raises(UnknownNameError, match="no publication is called 'cn-mee-1999'"):
        run.what_if(swap={"cn-mee-2022": "cn-mee-1999"})


def test_a_wrong_added_row_is_listed_as_in_a_table(run: Run) -> None:
    wrong = {**ROWS[0], "id": "new", "unit": "ton", "amount": "1,5"}
    with pytest.raises(InputError) as caught:
        run.what_if(steps=[AddActivity(rows=(wrong,), why="w")])
    assert [issue.rule for issue in caught.value.issues] == ["number-ambiguous", "unit-ambiguous"]


def test_a_change_that_touches_nothing_says_so(run: Run) -> None:
    after = run.what_if(
        swap={"cn-mee-2021:national": NATIONAL},
        steps=[DropActivity(where={"site": ("c",)}, why="w"), ScaleFactor(factor="cn-mee-2021:CN-BJ", by="2", why="w")],
    )
    assert [change.is_used for change in after.changes] == [False, False, False]
    assert figures(after) == figures(run)


def test_figures_of_moved_rows_are_not_explained(run: Run) -> None:
    assert run.what_if(swap={"cn-mee-2022": "cn-mee-2023"}).explain("scope2").value == parse("0.5306")
    with pytest.raises(GhgError, match="explain the baseline"):
        run.what_if(steps=[ScaleActivity(where={"site": ("a",)}, by="2", why="w")]).explain("scope2")


def test_an_added_row_has_an_id_of_its_own(run: Run) -> None:
    new = AddActivity(rows=({**ROWS[0], "id": "new"},), why="w")
    taken = AddActivity(rows=({**ROWS[0]},), why="w")
    with pytest.raises(GhgError, match="'row-1' already names a row"):
        run.what_if(steps=[taken])
    with pytest.raises(GhgError, match="'new' already names a row"):
        run.what_if(steps=[new]).what_if(steps=[new])


def test_rows_that_were_freed_are_not_looked_at_again(run: Run) -> None:
    run.close()
    assert scope(run.what_if(scale={NATIONAL: "2"}), "scope2") == "1.0732"
    with pytest.raises(GhgError, match="were freed"):
        run.what_if(steps=[DropActivity(where={"site": ("a",)}, why="w")])


def test_looking_at_rows_again_leaves_the_evidence_of_the_baseline(run: Run) -> None:
    before = list(run.engine.statements)
    run.what_if(steps=[DropActivity(where={"site": ("a",)}, why="w")])
    assert run.engine.statements == before
