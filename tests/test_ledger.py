from __future__ import annotations

from contextlib import closing
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ghg import ledger
from ghg.factors import library
from ghg.gases import BIOGENIC, CO2E, NOT_KYOTO
from ghg.ledger import (
    Balance,
    Line,
    Valuation,
    distinct_keys,
    entries,
    exact_sums,
    quantities,
    rows_behind,
    worked_out,
)
from ghg.plan import KEY, Key, Posting
from ghg.testing import numbered, run_rows, tables
from tests.boundary.small import run as run_group
from tests.test_workings import run as run_legs

WATER = {
    "entity": "e", "activity": "water", "region": "CN", "start": "2022-01-01", "end": "2022-01-31", "unit": "kg",
    "provenance": "measured",
}  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-(10**40), 10**40)), max_size=30))
def test_sums_by_group_have_every_digit(pairs: list[tuple[int, int]]) -> None:
    found = exact_sums([at for at, _ in pairs], [value for _, value in pairs], 5)
    assert found == [sum(value for at, value in pairs if at == group) for group in range(5)]


def test_a_sum_that_would_overflow_64_bits_is_exact() -> None:
    largest = "9" * 18 + ".999999"
    run = run_rows(numbered([{**WATER, "amount": largest}] * 40))
    assert sum(line.amount for line in run.balance.lines) == 40 * (10**24 - 1)
    run.close()


@pytest.mark.parametrize("sign", ["", "-"])
def test_limbs_carry_the_sign(sign: str) -> None:
    run = run_rows(numbered([{**WATER, "amount": f"{sign}1234567890123.456789", "entry": "correction"}]))
    assert run.balance.lines[0].amount == int(f"{sign}1234567890123456789")
    run.close()


def test_the_statement_joins_left_and_counts_every_row() -> None:
    assert ledger.posted().count("JOIN") == ledger.posted().count("LEFT JOIN") == 3
    assert "COUNT(*)" in ledger.statement(["entity"])


@given(
    st.lists(
        st.builds(
            Line,
            st.integers(0, 2),
            st.tuples(st.sampled_from(["kg", "t"]), st.sampled_from("ab")),
            st.integers(-99, 99),
            st.just(1),
            st.just(1),
        )
    )
)
def test_summing_a_balance_to_fewer_dimensions_keeps_its_total(lines: list[Line]) -> None:
    balance = Balance(("unit", "entity"), tuple(lines), 6, 0)
    coarse = balance.by(())
    assert coarse.names == ("unit",)
    assert sum(line.amount for line in coarse.lines) == sum(line.amount for line in lines)
    assert coarse.posted == balance.posted
    assert len({(line.match, line.dimensions) for line in coarse.lines}) == len(coarse.lines)


@settings(deadline=None)
@given(tables())
def test_entries_of_a_coarser_balance_sum_to_the_same_values(found: list[dict[str, str]]) -> None:
    run = run_rows(found)
    fine = sum((entry.value for entry in entries(run.balance, run.plan, run.valuation)), Fraction(0))
    coarse = sum((entry.value for entry in entries(run.balance.by(()), run.plan, run.valuation)), Fraction(0))
    assert fine == coarse
    run.close()


def test_gases_outside_the_scopes_have_no_potential() -> None:
    assert Valuation({}, "AR5").potential("CO2_biogenic") == 0


def test_a_share_scales_the_coefficient() -> None:
    third = Posting("", "1", "x", "emissions", "", "CO2", "", (), Fraction(1, 3))
    assert Valuation({}, "AR5").coefficient(third) == Fraction(1, 3)


NAMES = ("unit", "entity", "provenance")
LINES = tuple(
    Line(match, (spelling, entity, provenance), amount, amount % 10 + 1, 2)
    for amount, (match, spelling, entity, provenance) in enumerate(
        [
            (1, "t", "b", "measured"),
            (0, "kg", "b", "measured"),
            (0, "kg", "a", "measured"),
            (0, "kg", "a", "estimated"),
        ],
        start=10,
    )
)
"""Lines whose amounts are 10 to 13 and widths 1 to 4."""


def test_a_balance_counts_the_rows_read() -> None:
    balance = Balance(NAMES, LINES, 6, 5, 3)
    assert (balance.posted, balance.read) == (8, 16)
    assert [balance.rows_of(matches) for matches in ((), (0,), (1, 7), (0, 1))] == [0, 6, 2, 8]
    assert balance.with_unposted(2).unposted == 7
    assert balance.with_unposted(2).read == 18
    assert balance.with_unposted(0) is balance


def test_the_words_of_a_dimension_are_those_of_the_lines() -> None:
    balance = Balance(NAMES, LINES, 6, 0)
    assert balance.words("entity") == {"a", "b"}
    assert balance.words("unit") == {"kg", "t"}


def test_a_balance_summed_to_fewer_dimensions_is_sorted_and_keeps_the_unit_and_every_sum() -> None:
    balance = Balance(NAMES, LINES, 6, 5, 3)
    assert balance.by(("entity", "no such dimension")) == Balance(
        ("unit", "entity"),
        (Line(0, ("kg", "a"), 25, 7, 4), Line(0, ("kg", "b"), 11, 2, 2), Line(1, ("t", "b"), 10, 1, 2)),
        6, 5, 3,
    )  # fmt: skip


SOUND = {**WATER, "amount": "1.5"}


def test_the_keys_of_sound_rows_are_distinct_and_in_order() -> None:
    rows = numbered([{**SOUND, "unit": "t"}, SOUND, {**SOUND, "region": "AT"}, SOUND, {**SOUND, "unit": "banana"}])
    with closing(run_rows(rows, incomplete=True)) as made:
        keys = distinct_keys(made.engine)
        assert keys == [Key.of(KEY, ("water", region, "2022-01-01", "2022-01-31", unit, "none", "none"))
                        for region, unit in (("AT", "kg"), ("CN", "kg"), ("CN", "t"))]  # fmt: skip


def test_quantities_are_the_sums_of_sound_rows_of_the_activities_asked_for() -> None:
    waste = {**SOUND, "activity": "waste_hazardous"}
    rows = numbered([
        {**SOUND, "amount": "9999999999.000001"}, SOUND, {**SOUND, "amount": "-2", "entry": "correction"},
        {**SOUND, "unit": "t"}, waste, {**SOUND, "activity": "purchased_electricity", "unit": "kWh"},
        {**SOUND, "amount": "x"},
    ])  # fmt: skip
    with closing(run_rows(rows, incomplete=True)) as made:
        found = quantities(made.engine, ("activity", "region", "start", "end", "unit"), ["water", "waste_hazardous"], 6)
    assert {(key.activity, key.unit): amount for key, amount in found.items()} == {
        ("water", "kg"): Fraction("9999999998.500001"), ("water", "t"): Fraction("1.5"),
        ("waste_hazardous", "kg"): Fraction("1.5"),
    }  # fmt: skip


def test_rows_whose_key_has_no_factor_become_problems_and_do_not_post() -> None:
    electricity = {**SOUND, "activity": "purchased_electricity", "unit": "kWh"}
    rows = numbered([electricity, {**electricity, "region": "HK"}, {**electricity, "region": "HK", "unit": "MWh"}])
    with closing(run_rows(rows, incomplete=True)) as made:
        assert (made.balance.posted, made.balance.unposted) == (1, 2)
        assert [(issue.rule, issue.column, issue.value) for issue in made.issues if issue.rule == "factor-missing"] == [
            ("factor-missing", "activity", "purchased_electricity")
        ] * 2
        [line] = made.balance.lines
        assert (line.amount, line.width, line.rows) == (1_500_000, 100_000, 1)
        assert line.dimensions == ("kWh", "measured", "", "e")


def test_rows_outside_the_boundary_are_counted_apart(tmp_path: Path) -> None:
    rows = [{"entity": "North", "amount": "3"}, {"entity": "Other"}, {"entity": "South"}]
    held = [{"entity": "North"}, *({"entity": name, "equity_share": "0"} for name in ("Other", "South"))]
    balance = run_group(tmp_path, rows, held).balance
    assert (balance.posted, balance.unposted, balance.outside, balance.read) == (1, 0, 2, 3)
    assert [(line.match, line.amount) for line in balance.lines] == [(0, 3_000_000)]


def test_a_row_that_would_count_twice_is_found_out() -> None:
    with closing(run_rows(numbered([SOUND]))) as made:
        made.engine.run("INSERT INTO amounts SELECT * FROM amounts")
        with pytest.raises(AssertionError, match="2 posted, 0 unposted and 0 outside rows are not the 1 rows read"):
            ledger.balance(made.engine, made.plan, ())


def test_the_statement_of_a_run_is_kept_as_it_was_run() -> None:
    with closing(run_rows(numbered([SOUND]))) as made:
        [text] = made.engine.statements
        narrowed = ledger.summed(made.engine, ledger.posted(), ("match", "unit"), ("low",), made.engine.rows,
                                 "SELECT rows, low FROM {}")  # fmt: skip
        again = made.engine.statements[-1]
    assert text.startswith("WITH posted AS (\nSELECT rows.*")
    assert text.endswith(
        '\n)\nSELECT "match", "unit", "provenance", "derived_from", "entity", '
        "SUM(high) AS high, SUM(low) AS low, SUM(width) AS width, COUNT(*) AS rows\nFROM posted\n"
        'GROUP BY "match", "unit", "provenance", "derived_from", "entity"\n'
    )
    assert narrowed == [(1, 1_500_000)]
    assert again.count("SUM(") == 1


def test_posted_rows_join_the_plan_by_every_column_of_a_key() -> None:
    assert 'ON keys."unit" = rows."unit" AND keys."item" = rows."item"\n' in ledger.posted(("unit", "item"))


def test_the_rows_behind_a_line_come_in_their_order_and_no_more_than_asked_for() -> None:
    rows = numbered([{**SOUND, "amount": "1"}, {**SOUND, "unit": "t"}, {**SOUND, "amount": "3"}, SOUND])
    with closing(run_rows(rows)) as made:
        line = next(line for line in made.balance.lines if line.dimensions[0] == "kg")
        assert line.amount == 5_500_000
        found = rows_behind(made.engine, made.plan, made.balance.names, line, 2)
    assert [row[1:] for row in found] == [
        (1, rows[0]["id"], "CN", "2022-01-01", "2022-01-31", "1"),
        (3, rows[2]["id"], "CN", "2022-01-01", "2022-01-31", "3"),
    ]


def test_rows_worked_out_come_with_their_workings(tmp_path: Path) -> None:
    with closing(run_rows(numbered([SOUND]))) as made:
        assert worked_out(made.engine, made.plan, "p.line, working", "working") == []
    with closing(run_legs(tmp_path, {}, {"mass": "1 t", "distance": "7 km"})) as made:
        found = worked_out(made.engine, made.plan, "p.line, amount", "working")
        assert found == [(2, "4000"), (3, "7")]
        assert worked_out(made.engine, made.plan, "p.line", "error") == []


def test_a_coefficient_is_parameters_times_factor_times_share() -> None:
    rows = library().rows
    factor, heat = rows["ipcc-2006:diesel-stationary-energy-industries:CO2"], rows["ipcc-2006:ncv-diesel"]
    posting = Posting("", "1", "x", "emissions", "direct", "CO2", factor.id, (heat.id,), Fraction(1, 2))
    valuation = Valuation(rows, "AR5")
    assert valuation.coefficient(posting) == factor.base_amount * heat.base_amount / 2
    assert valuation.coefficient(posting._replace(share=Fraction(1), parameters=())) == factor.base_amount


def test_a_potential_depends_on_what_is_measured() -> None:
    valuation = Valuation({}, "AR5")
    assert valuation.potential("CH4_fossil") == 30
    assert valuation.potential("") == valuation.potential(CO2E) == 1
    assert valuation.potential("CO2_biogenic", BIOGENIC) == 1
    assert valuation.potential("HCFC22") == 0
    assert valuation.potential("HCFC22", NOT_KYOTO) == 1760


def test_entries_are_amount_times_unit_times_coefficient_times_potential() -> None:
    with closing(run_rows(numbered([{**SOUND, "activity": "diesel_stationary", "unit": "t"}]))) as made:
        [line] = made.balance.lines
        found = {entry.posting.gas: entry for entry in entries(made.balance, made.plan, made.valuation)}
        rows = made.valuation.rows
    heat = rows["ipcc-2006:ncv-diesel"].base_amount
    methane = found["CH4_combustion"]
    assert (methane.line, methane.quantity) == (line, Fraction("1.5"))
    assert methane.dimensions == {"unit": "t", "provenance": "measured", "derived_from": "", "entity": "e"}
    assert methane.mass == 1500 * heat * rows[methane.posting.factor].base_amount
    assert methane.value == methane.mass * 28
    assert found[""].value == found[""].mass == 1500 * heat


def test_a_gas_outside_the_scopes_is_valued_in_the_measure_that_shows_it() -> None:
    """1.5 kg of HCFC-22: nothing in Scope 1, 1.5 × 1760 kg CO2e beside the scopes (AR5)."""
    with closing(run_rows(numbered([{**SOUND, "activity": "fugitive_gases", "item": "HCFC22"}]))) as made:
        found = {entry.posting.measure: (entry.mass, entry.value) for entry in made.result.entries()}
    assert found == {"emissions": (Fraction("1.5"), Fraction(0)), NOT_KYOTO: (Fraction("1.5"), Fraction(2640))}
