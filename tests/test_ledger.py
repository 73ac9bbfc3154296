from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ghg import ledger
from ghg.ledger import Balance, Line, Valuation, entries, exact_sums
from ghg.plan import Posting
from ghg.testing import numbered, run_rows, tables

WATER = {
    "entity": "e", "activity": "water", "region": "CN", "start": "2022-01-01", "end": "2022-01-31", "unit": "kg",
    "provenance": "measured",
}  # fmt: skip


def plain(position: list[int], values: list[int], groups: int) -> list[int]:
    return [sum(value for at, value in zip(position, values, strict=True) if at == group) for group in range(groups)]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-(10**40), 10**40)), max_size=30))
def test_vector_sums_have_the_digits_of_plain_integers(pairs: list[tuple[int, int]]) -> None:
    position, values = [at for at, _ in pairs], [value for _, value in pairs]
    repeated = ledger.VECTOR_FROM // max(len(pairs), 1) + 1
    many = exact_sums(position * repeated, values * repeated, 4) if pairs else exact_sums([], [], 4)
    assert many == [total * repeated for total in plain(position, values, 4)]


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
