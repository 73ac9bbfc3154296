from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ghg.boundary.entities import DOWNSTREAM, LEASES, UPSTREAM, Approach, Entities, Holding, Place, read_entities
from ghg.issues import InputError
from tests.boundary.small import HOLDING, LEASE, holdings

DAY = date(2022, 6, 30)
APPROACHES: tuple[Approach, ...] = get_args(Approach)


def group(*rows: dict[str, str]) -> Entities:
    places = [Place(Holding.model_validate({**HOLDING, **row}), "e.csv", n) for n, row in enumerate(rows, start=2)]
    return Entities("Group", places)


def shares(entities: Entities, name: str, on: date = DAY) -> list[Fraction]:
    return [entities.share(name, approach, on) for approach in APPROACHES]


def test_the_three_approaches_give_three_answers_through_a_chain() -> None:
    """A line held at 83 % and controlled holds half of a venture under joint control that somebody else operates."""
    made = group(
        {"entity": "Line"},
        {
            "entity": "Venture", "parent": "Line", "type": "joint_venture", "equity_share": "0.5",
            "financial_control": "joint", "operational_control": "no",
        },
    )  # fmt: skip
    assert shares(made, "Venture") == [Fraction("0.415"), Fraction("0.5"), 0]
    assert shares(made, "Line") == [Fraction("0.83"), 1, 1]
    assert shares(made, "Group") == [1, 1, 1]


def test_an_associate_counts_under_equity_share_alone() -> None:
    made = group(
        {
            "entity": "A",
            "type": "associate",
            "equity_share": "0.4",
            "financial_control": "no",
            "operational_control": "no",
        }
    )
    assert shares(made, "A") == [Fraction("0.4"), 0, 0]


def test_a_fixed_asset_investment_is_never_consolidated() -> None:
    assert shares(group({"entity": "F", "type": "fixed_asset_investment"}), "F") == [0, 0, 0]


def test_two_chains_add_up() -> None:
    made = group({"entity": "A", "equity_share": "0.6"}, {"entity": "C", "equity_share": "0.2"},
                 {"entity": "C", "parent": "A", "equity_share": "0.5"})  # fmt: skip
    assert shares(made, "C") == [Fraction("0.5"), 1, 1]


def test_a_holding_counts_while_it_lasts() -> None:
    made = group({"entity": "A", "valid_from": "2022-07-01", "valid_to": "2022-12-31"}, {"entity": "B", "parent": "A"})
    assert shares(made, "A") == [0, 0, 0]
    assert shares(made, "A", date(2022, 7, 1)) == [Fraction("0.83"), 1, 1]
    assert made.changes("B") == {date(2022, 7, 1), date(2023, 1, 1)}


@pytest.mark.parametrize(
    ("role", "lease", "expected"),
    [
        ("lessee", "finance", ["", "", ""]),
        ("lessee", "operating", [UPSTREAM, UPSTREAM, ""]),
        ("lessor", "finance", [DOWNSTREAM, DOWNSTREAM, DOWNSTREAM]),
        ("lessor", "operating", ["", "", DOWNSTREAM]),
    ],
)
def test_leased_assets_are_classified_by_role_lease_and_approach(role: str, lease: str, expected: list[str]) -> None:
    made = group({"entity": "L", **LEASE, "role": role, "lease": lease})
    assert [made.category("L", approach, DAY) for approach in APPROACHES] == expected
    assert shares(made, "L") == [1, 1, 1]


def test_every_lease_is_classified_under_every_approach() -> None:
    assert set(LEASES) == set(product(("lessee", "lessor"), ("finance", "operating"), APPROACHES))


parts = st.integers(0, 4).map(lambda quarters: f"{quarters / 4:.2f}")


@st.composite
def groups(draw: st.DrawFn) -> list[dict[str, str]]:
    names, rows = ["Group"], []
    for name in ("A", "B", "C", "D"):
        for parent in draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)):
            control = draw(st.sampled_from(["yes", "joint", "no"]))
            cells = {"equity_share": f"{float(draw(parts)) / 2}", "financial_control": control}
            operated = draw(st.sampled_from(["yes", "no"]))
            rows += [{"entity": name, "parent": parent, **cells, "operational_control": operated}]
        names.append(name)
    return rows


@settings(max_examples=60, deadline=None)
@given(groups())
def test_shares_lie_between_nothing_and_the_whole(rows: list[dict[str, str]]) -> None:
    made = group(*rows)
    for name in made.names:
        assert all(0 <= share <= 1 for share in shares(made, name))


@settings(max_examples=60, deadline=None)
@given(groups())
def test_with_full_control_of_all_the_equity_share_is_no_more_than_control(rows: list[dict[str, str]]) -> None:
    controlled = [{**row, "financial_control": "yes", "operational_control": "yes"} for row in rows]
    for name in group(*rows).names:
        equity, *control = shares(group(*controlled), name)
        assert equity <= control[0] == control[1] == 1


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"entity": "A", "parent": "Groop"}], "no entity is called 'Groop'. Did you mean 'Group'"),
        ([{"entity": "Group"}], "is no entity of its own"),
        ([{"entity": "A", "parent": "B"}, {"entity": "B", "parent": "A"}], "lead back to it"),
        ([{"entity": "A", "parent": "A"}], "lead back to it"),
        ([{"entity": "A"}, {"entity": "A", "valid_from": "2022-01-01"}], "for the same days in e.csv:2"),
        ([{"entity": "B"}, {"entity": "A"}, {"entity": "A", "parent": "B"}], "add up to more than 1"),
        (
            [{"entity": "B"}, {"entity": "A"}, {"entity": "A", "parent": "B", "valid_from": "2022-03-01"}],
            "on 2022-03-01 add up to more than 1",
        ),
        ([{"entity": "B"}, {"entity": "A", **LEASE}, {"entity": "A", "parent": "B"}], "leased and held otherwise"),
    ],
)
def test_holdings_that_contradict_each_other_are_refused(rows: list[dict[str, str]], said: str) -> None:
    with pytest.raises(InputError, match=said.replace("?", r"\?")) as caught:
        group(*rows)
    assert {issue.rule for issue in caught.value.issues} == {"entity-invalid"}


def test_holdings_of_two_tables_contradict_each_other_on_the_same_line_too() -> None:
    """Line numbers of two files say nothing of each other."""
    row = Holding.model_validate({**HOLDING, "entity": "A", "equity_share": "0.4"})
    with pytest.raises(InputError, match=r"for the same days in one\.csv:2"):
        Entities("Group", [Place(row, "one.csv", 2), Place(row, "two.csv", 2)])


def test_shares_are_added_up_by_the_day_and_not_over_the_year() -> None:
    half = {"entity": "A", "type": "joint_venture", "equity_share": "0.5", "operational_control": "no"}
    made = group(
        {"entity": "B", "equity_share": "1"}, {"entity": "C", "equity_share": "1"}, half,
        {**half, "parent": "B", "valid_to": "2022-06-30"}, {**half, "parent": "C", "valid_from": "2022-07-01"},
    )  # fmt: skip
    assert shares(made, "A")[0] == shares(made, "A", date(2022, 7, 1))[0] == 1


def test_a_last_day_that_no_day_follows_is_no_end() -> None:
    made = group({"entity": "A", "valid_from": "2022-07-01", "valid_to": "9999-12-31"})
    assert made.changes("A") == {date(2022, 7, 1)}
    assert shares(made, "A", date.max)[0] == Fraction("0.83")


def test_one_holding_may_follow_another() -> None:
    made = group(
        {"entity": "A", "valid_to": "2022-06-30"}, {"entity": "A", "valid_from": "2022-07-01", "equity_share": "1"}
    )
    assert shares(made, "A")[0] == Fraction("0.83")
    assert shares(made, "A", date(2022, 7, 1))[0] == 1


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"equity_share": "40"}, "write 0.4 or 40 %"),
        ({"equity_share": "140 %"}, "write 0.4 or 40 %"),
        ({"equity_share": ""}, "none is assumed"),
        ({"operational_control": ""}, "none is assumed"),
        ({"lease": "finance"}, "belong to the type leased_asset"),
        ({**LEASE, "role": ""}, "states its lease"),
        ({"valid_from": "2022-02-01", "valid_to": "2022-01-31"}, "lies before"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_with_its_line(tmp_path: Path, cells: dict[str, str], said: str) -> None:
    (tmp_path / "e.csv").write_text(holdings([{"entity": "A", **cells}]), encoding="utf-8")
    with pytest.raises(InputError, match=said) as caught:
        read_entities("Group", [(tmp_path / "e.csv", "e.csv")])
    assert caught.value.issues[0].line == 2


def test_a_share_may_be_written_in_per_cent() -> None:
    stated = {"entity": "JV", "parent": "Group", "type": "associate", "financial_control": "no",
              "operational_control": "no"}  # fmt: skip
    found = [Holding.model_validate({**stated, "equity_share": text}).share("equity_share") for text in ("40 %", "0.4")]
    assert found[0] == found[1] == Fraction(2, 5)


def test_holdings_that_go_too_high_are_refused_and_many_ways_up_are_walked_once() -> None:
    """A hundred levels with two parents each have more ways up than could be walked one by one."""
    chain = [{"entity": f"E{n}", "parent": f"E{n - 1}" if n else "Group"} for n in range(102)]
    with pytest.raises(InputError, match="more than 100 holdings stand above 'E101'"):
        group(*chain)
    half = {"equity_share": "0.5"}
    ladder = [
        {"entity": f"{side}{n}", "parent": f"{other}{n - 1}" if n else "Group", **half}
        for n in range(60)
        for side in "AB"
        for other in ("AB" if n else "A")
    ]
    made = group(*ladder)
    assert made.share("A59", "equity_share", DAY) == Fraction(1, 2)
    assert made.changes("B59") == frozenset()
