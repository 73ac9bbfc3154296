"""The laws of the bridge, on random pairs of runs, and a case that can be checked by hand."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ghg
from ghg.change.bridge import SWITCHES, Bridge, bridge, shapley
from ghg.change.forms import PinFactor, ScaleActivity, SetBoundary, SetGwp, Step, SwapFactor
from ghg.inventory import Inventory
from ghg.issues import GhgError
from ghg.runs import Run
from ghg.testing import Row, inventory, run_rows, tables
from tests.boundary import small

laws = settings(max_examples=8, deadline=None)
FOLDER = "scenarios/kingsoft-cloud"
changes: st.SearchStrategy[list[Step]] = st.lists(
    st.sampled_from(
        [
            SetGwp(gwp="AR6", why="w"),
            ScaleActivity(where={"entity": ("north",)}, by="2/3", why="w"),
            SwapFactor(factor="cn-mee-2022:national", to="cn-mee-2021:national", why="w"),
            PinFactor(activity="purchased_electricity", factor="cn-mee-2022:CN-TJ", why="w"),
        ]
    ),
    max_size=3,
)


def effects(found: Bridge) -> list[dict[str, Fraction]]:
    return [dict(line.effects) for line in found.lines]


def corrected(found: list[Row]) -> list[Row]:
    """Every other row entered as a correction."""
    return [{**row, "entry": "correction"} if number % 2 else row for number, row in enumerate(found)]


def ends(book: str, run: Run) -> Fraction:
    suffix = "" if book == "location" else "_market"
    names = (f"scope1+2{suffix}", "scope3")
    values = [run.figure(name) or (run.figure("scope1") if name.startswith("scope1") else None) for name in names]
    return sum((value.amount for value in values if value), Fraction(0))


@laws
@given(tables(), tables(), changes, st.sampled_from(["location", "market"]))
def test_effects_sum_to_the_change_exactly_and_turn_their_sign_on_the_way_back(
    one: list[Row], other: list[Row], steps: list[Step], book: str
) -> None:
    before, after = run_rows(one), run_rows(corrected(other)).what_if(steps=steps)
    there = bridge(before, after, book)  # type: ignore[arg-type]
    back = bridge(after, before, book)  # type: ignore[arg-type]
    assert all(sum(line.effects.values()) == line.after - line.before for line in (*there.lines, there.total))
    assert (there.total.before, there.total.after) == (ends(book, before), ends(book, after))
    assert effects(back) == [{name: -effect for name, effect in line.items()} for line in effects(there)]
    assert all(sorted(line) == sorted(SWITCHES) for line in effects(there))
    before.close()
    after.close()


@laws
@given(tables())
def test_equal_runs_have_no_effects(found: list[Row]) -> None:
    one, other = run_rows(found), run_rows(list(reversed(found)))
    assert not any(effect for line in effects(bridge(one, other)) for effect in line.values())
    one.close()
    other.close()


def by_permutations(value: Callable[[frozenset[str]], Fraction], switches: tuple[str, ...]) -> dict[str, Fraction]:
    """The definition: what each switch adds, averaged over every order."""
    found = dict.fromkeys(switches, Fraction(0))
    orders = list(permutations(switches))
    for order in orders:
        turned: frozenset[str] = frozenset()
        for switch in order:
            found[switch] += (value(turned | {switch}) - value(turned)) / len(orders)
            turned |= {switch}
    return found


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(-9, 9).map(Fraction), min_size=8, max_size=8))
def test_a_shapley_value_is_the_average_over_every_order(values: list[Fraction]) -> None:
    switches = ("a", "b", "c")
    value = lambda turned: values[sum(2**n for n, name in enumerate(switches) if name in turned)]  # noqa: E731
    assert shapley(value, switches) == by_permutations(value, switches)


ROW = {
    "id": "1", "entity": "e", "activity": "purchased_electricity", "region": "CN", "start": "2022-01-01",
    "end": "2022-01-31", "amount": "3", "unit": "MWh", "provenance": "measured",
}  # fmt: skip


def split(before: Run, after: Run) -> dict[str, Fraction]:
    found = {name: effect for name, effect in bridge(before, after).total.effects.items() if effect}
    before.close()
    after.close()
    return found


def test_a_case_to_check_by_hand() -> None:
    """Activity 3 to 5, factor 2 to 6: (2 × 2 + 2 × 6) / 2 = 8 by activity, (4 × 3 + 4 × 5) / 2 = 16 by factor."""
    before = run_rows([ROW], values={"cn-mee-2022:national": "2 t/MWh"})
    after = run_rows([{**ROW, "amount": "5"}], values={"cn-mee-2022:national": "6 t/MWh"})
    assert split(before, after) == {"activity": Fraction(8), "factor": Fraction(16)}


def test_each_kind_of_difference_goes_to_its_own_switch() -> None:
    diesel = {**ROW, "activity": "diesel_stationary", "unit": "TJ_net"}
    assert list(split(run_rows([diesel]), run_rows([diesel], inventory("AR6")))) == ["gwp"]
    by_mass = {**diesel, "unit": "t"}
    assert list(split(run_rows([diesel]), run_rows([by_mass]))) == ["method"]
    correction = {**ROW, "id": "2", "amount": "-1", "entry": "correction"}
    assert split(run_rows([ROW]), run_rows([ROW, correction])) == {"correction": Fraction("-0.5366")}
    assert list(split(run_rows([ROW]), run_rows([ROW, {**diesel, "id": "2"}]))) == ["boundary"]
    other = {**ROW, "id": "2", "entity": "bought"}
    assert list(split(run_rows([ROW]), run_rows([ROW, other]))) == ["boundary"]
    gasoline = {**diesel, "id": "2", "activity": "gasoline_mobile"}
    assert list(split(run_rows([gasoline, diesel]), run_rows([{**gasoline, "amount": "4"}, diesel]))) == ["activity"]


def test_rows_that_cancel_out_under_two_factors_count_as_activity() -> None:
    north = {**ROW, "region": "CN-BJ"}
    back = {**ROW, "id": "2", "amount": "-3", "entry": "correction"}
    assert list(split(run_rows([ROW]), run_rows([north, back]))) == ["activity"]


def test_a_book_that_is_not_computed_is_refused() -> None:
    alone = Inventory.model_validate(inventory().model_dump(mode="json") | {"books": ["location"]})
    run = run_rows([ROW], alone)
    with pytest.raises(GhgError, match="does not compute the market-based book"):
        bridge(run, run, "market")
    run.close()


def test_the_shipped_years_say_what_the_bridge_cannot_know() -> None:
    found = bridge(ghg.run(f"{FOLDER}/2023.yaml"), ghg.run(f"{FOLDER}/2024.yaml"))
    said = " ".join(found.notes)
    assert "back-calculated from published figures for air_travel" in said
    assert "implied by printed figures for energy_upstream, purchased_electricity" in said
    [leased] = [line for line in found.lines if line.cell.activity == "leased_assets_electricity"]
    assert leased.effects["boundary"] == leased.after
    assert "the data cannot say" in leased.reason


HELD = [{"entity": "Mill", "equity_share": "0.5", "operational_control": "no"}]
CONSUMED = [{"entity": "Group", "amount": "100"}, {"entity": "Mill", "amount": "60"}]


def test_another_share_held_is_boundary(tmp_path: Path) -> None:
    before = small.run(tmp_path, CONSUMED, HELD, "equity_share")
    step = SetBoundary(consolidation="financial_control", why="w")
    after = before.what_if(steps=[step])
    found = bridge(before, after)
    [mill] = [line for line in found.lines if line.cell.entity == "Mill"]
    assert mill.effects["boundary"] == mill.change == mill.before
    assert {name for name, effect in found.total.effects.items() if effect} == {"boundary"}
    more = small.run(tmp_path, [CONSUMED[0], {**CONSUMED[1], "amount": "90"}], HELD, "financial_control")
    [mill] = [line for line in bridge(before, more).lines if line.cell.entity == "Mill"]
    assert {name for name, effect in mill.effects.items() if effect} == {"activity", "boundary"}
    assert sum(mill.effects.values()) == mill.change


def test_an_account_that_changes_with_the_approach_is_boundary(tmp_path: Path) -> None:
    lease = [{**small.LEASE, "entity": "Mill", "lease": "operating"}]
    before = small.run(tmp_path, CONSUMED, lease, "operational_control")
    after = before.what_if(steps=[SetBoundary(consolidation="equity_share", why="w")])
    found = bridge(before, after)
    assert {name for name, effect in found.total.effects.items() if effect} <= {"boundary"}
    assert [line.reason for line in found.lines if line.cell.entity == "Mill"].count("") == 0
