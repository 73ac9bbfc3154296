"""Values of a balance: sums over one common denominator, with the digits of plain fractions."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from math import lcm

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ghg.bulk import values
from ghg.bulk.columns import in_columns
from ghg.bulk.values import (
    NOTHING,
    Worths,
    _limbs,
    _over_one,
    _products,
    accounts_of,
    added,
    plainly_summed_by,
    signature,
    summed_by,
)
from ghg.ledger import Balance, entries
from ghg.plan import Posting
from ghg.runs import Run
from ghg.testing import inventory, numbered, run_rows

ROW = {
    "entity": "e", "activity": "diesel_stationary", "region": "CN", "start": "2022-01-01", "end": "2022-12-31",
    "amount": "1.5", "unit": "t", "provenance": "measured",
}  # fmt: skip
ROWS = numbered([
    ROW, {**ROW, "unit": "kg", "amount": "0.000003", "entity": "f"},
    {**ROW, "provenance": "back-calculated", "derived_from": "energy", "amount": "7"},
    {**ROW, "activity": "purchased_electricity", "unit": "kWh", "amount": "123456789.25"},
    {**ROW, "activity": "purchased_electricity", "unit": "MWh", "amount": "-3", "entry": "correction"},
    {**ROW, "activity": "water", "unit": "t", "amount": "2"},
    {**ROW, "activity": "fugitive_gases", "item": "CH4_fossil", "unit": "kg", "amount": "10"},
])  # fmt: skip
"""Rows of whole and of broken potentials: fossil methane is 29.8 under AR6."""


@pytest.fixture(scope="module")
def run() -> Run:
    return run_rows(ROWS, inventory("AR6"))


def by_match_and_gas(match: int, posting: Posting) -> tuple[str, ...] | None:
    return (str(match), posting.gas) if posting.measure == "emissions" else None


@pytest.mark.parametrize(
    ("is_back", "is_implied", "sums"),
    [
        (False, False, (15, 2, 3, 4)), (True, False, (15, 7, 3, 9)), (False, True, (15, 2, 8, 9)),
        (True, True, (15, 7, 8, 9)),
    ],
)  # fmt: skip
def test_a_value_is_added_to_what_it_rests_on(is_back: bool, is_implied: bool, sums: tuple[int, ...]) -> None:
    assert added((10, 2, 3, 4), 5, is_back=is_back, is_implied=is_implied) == sums


@given(st.dictionaries(st.text(max_size=2), st.fractions(-100, 100, max_denominator=60)))
def test_numbers_over_one_denominator_are_the_same_numbers(numbers: dict[str, Fraction]) -> None:
    wholes, common = _over_one(numbers)
    assert {name: Fraction(number, common) for name, number in wholes.items()} == numbers
    assert common == lcm(*(number.denominator for number in numbers.values()))


def test_the_postings_of_a_match_are_worked_out_once_and_as_the_valuation_has_them(run: Run) -> None:
    worths = Worths(run.plan, run.valuation)
    for match, found in enumerate(run.plan.matches):
        assert worths.of(match) is worths.of(match)
        assert [worth.posting for worth in worths.of(match)] == list(found.postings)
        for worth in worths.of(match):
            posting = worth.posting
            assert worth.coefficient == run.valuation.coefficient(posting)
            assert worth.potential == run.valuation.potential(posting.gas, posting.measure)
            assert worth.is_implied is (bool(posting.factor) and run.valuation.rows[posting.factor].is_implied)


def test_accounts_are_the_sums_of_the_entries(run: Run) -> None:
    made = accounts_of(run.balance, Worths(run.plan, run.valuation))
    expected: dict[tuple[str, ...], list[Fraction]] = {}
    for entry in entries(run.balance, run.plan, run.valuation):
        sums = expected.setdefault(signature(entry.posting), [Fraction(0)] * 4)
        is_back = entry.dimensions["provenance"] == "back-calculated"
        for place, counts in enumerate((True, is_back, False, is_back)):
            sums[place] += entry.value if counts else 0
    assert {account: list(sums) for account, sums in made.sums.items()} == expected
    assert made.factors == {posting.factor for one in run.plan.matches for posting in one.postings} - {""}
    assert {key[0] for key in made.sums} == {"emissions", "energy", "water"}


def test_a_signature_is_what_figures_select_by() -> None:
    posting = Posting("market", "2", "heat", "emissions", "indirect", "CO2", "f", ("p",), Fraction(1, 2), "why", "acc")
    assert signature(posting) == ("emissions", "market", "2", "heat", "indirect")


@pytest.mark.parametrize("names", [(), ("entity",), ("entity", "provenance", "unit")])
@pytest.mark.parametrize("step", [Fraction(1), Fraction(3, 1000)])
def test_columns_and_lines_give_the_same_sums(run: Run, names: tuple[str, ...], step: Fraction) -> None:
    worths = Worths(run.plan, run.valuation)
    asked = summed_by(run.balance, worths, names, by_match_and_gas, of_mass=(False, True), step=step)
    vectors = summed_by(in_columns(run.balance), worths, names, by_match_and_gas, of_mass=(False, True), step=step)
    assert vectors == asked
    for found, of_mass in zip(asked, (False, True), strict=True):
        expected: dict[object, list[Fraction]] = {}
        for entry in entries(run.balance, run.plan, run.valuation):
            if entry.posting.measure != "emissions":
                continue
            key = ((str(entry.line.match), entry.posting.gas), tuple(entry.dimensions[name] for name in names))
            sums = expected.setdefault(key, [Fraction(0)] * 4)
            is_back = entry.dimensions["provenance"] == "back-calculated"
            for place, counts in enumerate((True, is_back, False, is_back)):
                sums[place] += (entry.mass if of_mass else entry.value) * step if counts else 0
        assert {key: list(sums) for key, sums in found.items()} == expected


def test_plain_sums_are_of_value_and_not_scaled_unless_asked(run: Run) -> None:
    worths = Worths(run.plan, run.valuation)
    [asked] = summed_by(run.balance, worths, (), by_match_and_gas)
    assert plainly_summed_by(run.balance.by(("provenance",)), worths, (), by_match_and_gas) == asked
    [vectors] = summed_by(in_columns(run.balance), worths, (), by_match_and_gas)
    assert vectors == asked


def test_from_so_many_lines_on_values_are_summed_in_columns(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[object] = []

    def plainly(*given: object, **_: object) -> dict[object, object]:
        called.append(given)
        return {}

    monkeypatch.setattr(values, "plainly_summed_by", plainly)
    lines = len(run.balance.by(("provenance",)).lines)
    worths = Worths(run.plan, run.valuation)
    for limit, expected in ((lines + 1, 1), (lines, 1)):
        monkeypatch.setattr(values, "VECTOR_FROM", limit)
        summed_by(run.balance, worths, (), by_match_and_gas)
        assert len(called) == expected


def test_implied_factors_are_told_apart_in_both_forms() -> None:
    with closing(run_rows(ROWS[3:4], inventory())) as made:
        [name] = {posting.factor for match in made.plan.matches for posting in match.postings
                  if posting.book == "location" and posting.factor}  # fmt: skip
        row = made.valuation.rows[name]
        implied = type(row).model_validate(row.model_dump() | {"verification": "implied", "derived_from": "scope2"})
        assert implied.is_implied
        valuation = replace(made.valuation, rows={**{n: made.valuation.rows[n] for n in made.plan.used}, name: implied})
        worths = Worths(made.plan, valuation)
        [plain] = summed_by(made.balance, worths, (), lambda _, posting: (posting.book, posting.measure))
        [vectors] = summed_by(in_columns(made.balance), worths, (), lambda _, posting: (posting.book, posting.measure))
        accounts = accounts_of(made.balance, worths).sums
    whole = plain[("location", "emissions"), ()][0]
    assert plain == vectors
    assert plain[("location", "emissions"), ()] == (whole, Fraction(0), whole, whole)
    assert plain[("", "energy"), ()][1:] == NOTHING[1:]
    assert {account[1]: sums for account, sums in accounts.items() if account[0] == "emissions"}["location"][2] == whole


@given(st.lists(st.integers(-(10**40), 10**40), min_size=1, max_size=9), st.integers(1, 31))
@example([-(1 << 5), (1 << 5) - 1], 5)
@example([1 << 5, -1], 5)
@example([-(1 << 5) - 1, 0], 5)
def test_limbs_make_their_numbers(found: list[int], width: int) -> None:
    limbs = _limbs(found, width)
    assert [
        sum(int(limb[n]) << (width * place) for place, limb in enumerate(limbs)) for n in range(len(found))
    ] == found
    assert all(0 <= int(value) < 1 << width for limb in limbs[:-1] for value in limb)
    assert all(-(1 << width) <= int(value) < 1 << width for value in limbs[-1])
    if limbs[1:]:
        shorter = [value >> (width * (len(limbs) - 2)) for value in found]
        assert any(not -(1 << width) <= value < 1 << width for value in shorter)


@pytest.mark.parametrize("count", [1, 3, 4096])
@pytest.mark.parametrize("largest", [1, 2**31, 2**62, 2**63 - 1])
def test_products_of_the_largest_numbers_are_exact(count: int, largest: int) -> None:
    position, pairs = np.arange(count) % 2, np.arange(count) % 3
    for amount in (largest, -largest):
        for rate in (0, 1, -1, largest, -(10**30)):
            rates = [[rate, 2 * rate, 5]]
            found = _products(position, np.full(count, amount, dtype=np.int64), rates, pairs, min(count, 2))
            expected = [
                sum(amount * rates[0][n % 3] for n in range(count) if n % 2 == group) for group in range(min(count, 2))
            ]
            assert found == [expected]


def test_groups_beyond_16_bits_are_told_apart() -> None:
    groups = (1 << 16) + 3
    position = np.arange(groups)[::-1].copy()
    found = _products(position, np.arange(groups), [[2]], np.zeros(groups, dtype=np.int64), groups)
    assert found == [[2 * n for n in range(groups)][::-1]]


def test_numbers_beyond_64_bits_are_multiplied_as_python_integers() -> None:
    amounts = np.array([10**20, -(10**25), 7], dtype=object)
    rates = [[3, 10**30], [0, -1]]
    found = _products(np.array([0, 1, 0]), amounts, rates, np.array([0, 1, 1]), 2)
    assert found == [[3 * 10**20 + 7 * 10**30, -(10**55)], [-7, 10**25]]
    assert {type(value) for values in found for value in values} == {int}


def test_a_balance_without_lines_has_no_sums(run: Run) -> None:
    empty = in_columns(Balance(run.balance.names, (), 6, 0))
    assert summed_by(empty, Worths(run.plan, run.valuation), ("entity",), by_match_and_gas) == [{}]
