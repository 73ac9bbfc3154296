"""A balance as columns of whole numbers: the lines and sums of a plain balance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghg.bulk import columns
from ghg.bulk.columns import FLOAT, LIMB, Column, ColumnBalance, grouped, in_columns, joined, summed, whole
from ghg.ledger import Balance, Line

NAMES = ("unit", "entity", "provenance")
lines = st.builds(
    Line,
    st.integers(0, 2),
    st.tuples(st.sampled_from(["kg", "t"]), st.sampled_from("abc"), st.sampled_from(["measured", "estimated"])),
    st.integers(-(10**20), 10**20),
    st.integers(0, 10**6),
    st.integers(1, 9),
)


def as_settled(found: list[Line]) -> Balance:
    """A balance with one line for each match and words, as the kernel gives it."""
    return Balance(NAMES, tuple(found), 6, 4, 3).by(NAMES)


@given(st.lists(lines, min_size=1, max_size=20), st.sets(st.sampled_from(NAMES)))
def test_columns_give_the_lines_sums_and_words_of_a_plain_balance(found: list[Line], kept: set[str]) -> None:
    plain = as_settled(found)
    made = in_columns(plain)
    assert (made.lines, made.names, made.decimals) == (plain.lines, NAMES, 6)
    assert (made.posted, made.unposted, made.outside, made.read) == (plain.posted, 4, 3, plain.read)
    for matches in ((), (0,), (1, 2), (7,)):
        assert made.rows_of(matches) == plain.rows_of(matches) == sum(n.rows for n in found if n.match in matches)
    assert made.matches == plain.matches == {line.match for line in found}
    coarse = made.by(tuple(kept))
    assert (coarse.lines, coarse.names) == (plain.by(tuple(kept)).lines, plain.by(tuple(kept)).names)
    assert (coarse.decimals, coarse.unposted, coarse.outside) == (6, 4, 3)
    for name in coarse.names:
        assert coarse.words(name) == plain.words(name)


def test_a_balance_in_columns_stays_itself_and_sums_once() -> None:
    found = [Line(0, ("kg", entity, kind), 1, 1, 1) for entity in "ab" for kind in ("measured", "estimated")]
    made = in_columns(as_settled(found))
    assert in_columns(made) is made
    assert made.by(("entity", "provenance")) is made
    assert made.by(("entity",)) is made.by(("entity", "unit"))
    assert made.by(("entity",)) is not made.by(("provenance",))


def test_what_is_the_same_on_every_line_is_dropped_without_summing() -> None:
    made = in_columns(as_settled([Line(n, ("kg", "ab"[n], "measured"), n, n, n) for n in (0, 1)]))
    coarse = made.by(("entity",))
    assert coarse.names == ("unit", "entity")
    assert coarse.sums is made.sums
    assert (coarse.unposted, coarse.outside) == (4, 3)
    assert coarse.lines == (Line(0, ("kg", "a"), 0, 0, 0), Line(1, ("kg", "b"), 1, 1, 1))


def test_rows_that_did_not_post_are_added() -> None:
    made = in_columns(as_settled([Line(0, ("kg", "a", "measured"), 5, 1, 2)])).with_unposted(3)
    assert (made.unposted, made.outside, made.read, made.lines[0].amount, made.decimals) == (7, 3, 12, 5, 6)


def test_a_balance_without_lines_is_columns_without_lines() -> None:
    whole_balance = in_columns(Balance(NAMES, (), 6, 4))
    assert whole_balance.matches == frozenset()
    made = whole_balance.by(("entity",))
    assert (made.lines, made.posted, made.read, made.matches) == ((), 0, 4, frozenset())


def test_words_that_no_line_has_are_not_told() -> None:
    column = Column(np.array([2, 0]), ("a", "b", "c"))
    ones = np.array([1, 1])
    assert ColumnBalance(np.array([0, 0]), {"entity": column}, (ones, ones, ones), 6, 0).words("entity") == {"a", "c"}


def test_no_row_lies_outside_unless_it_is_said() -> None:
    ones = np.array([1])
    assert ColumnBalance(np.array([0]), {"unit": Column(np.array([0]), ("kg",))}, (ones, ones, ones), 6, 0).read == 1


def test_whole_numbers_have_64_bits_where_they_fit() -> None:
    assert whole([2**63 - 1, -(2**63)]).dtype == np.int64
    assert whole([2**63]).dtype == object
    assert whole([2**63, -1]).tolist() == [2**63, -1]


@given(st.lists(st.lists(lines, max_size=6).map(as_settled), min_size=1, max_size=3))
def test_balances_joined_are_the_balance_of_all_lines(parts: list[Balance]) -> None:
    made = joined([in_columns(part) for part in parts])
    whole_balance = as_settled([line for part in parts for line in part.lines])
    assert (made.names, made.lines) == (NAMES, whole_balance.lines)
    assert (made.decimals, made.unposted, made.outside) == (6, 4 * len(parts), 3 * len(parts))


codes = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(0, 7)), min_size=1, max_size=30)


@pytest.mark.parametrize("dense", [0, columns.DENSE])
@given(codes)
def test_groups_are_in_the_order_of_their_codes(dense: int, found: list[tuple[int, int, int]]) -> None:
    expected = sorted(set(found))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "DENSE", dense)
        position, made = grouped([np.array([line[n] for line in found], dtype=np.uint8) for n in range(3)])
    assert list(zip(*(column.tolist() for column in made), strict=True)) == expected
    assert position.tolist() == [expected.index(line) for line in found]


def test_groups_of_many_codes_do_not_wrap_around() -> None:
    """300 × 300 is more than the 8 and 16 bits that codes come in."""
    one = np.arange(300, dtype=np.uint16)
    position, (first, second) = grouped([one, one])
    assert position.tolist() == first.tolist() == second.tolist() == list(range(300))


def test_no_lines_make_no_groups() -> None:
    position, made = grouped([np.array([], dtype=np.int64)] * 2)
    assert position.tolist() == []
    assert [column.tolist() for column in made] == [[], []]
    assert summed(position, np.array([], dtype=np.int64), 0).tolist() == []


edges = [
    sign * ((1 << bits) + offset) for bits in (LIMB, 2 * LIMB, FLOAT, 61) for offset in (-1, 0) for sign in (1, -1)
]


@given(st.lists(st.tuples(st.integers(0, 2), st.one_of(st.sampled_from(edges), st.integers(-99, 99))), min_size=1))
def test_sums_by_group_are_exact_at_the_edges_of_limbs(pairs: list[tuple[int, int]]) -> None:
    position = np.array([group for group, _ in pairs])
    expected = [sum(value for at, value in pairs if at == group) for group in range(3)]
    for dtype in (np.int64, object):
        found = summed(position, np.array([value for _, value in pairs], dtype=dtype), 3)
        assert found.tolist() == expected


def test_the_largest_sums_take_three_limbs() -> None:
    """8,193 times 2 ** 62 is more than two limbs and a float hold; 5 × 1801439850948199 is three more than 2 ** 53."""
    largest = (1 << 62) + (1 << 30) + 3
    for value, count in ((largest, 4097), (largest, 8193), (-largest, 8193), (1801439850948199, 5), (2**41 + 1, 4096)):
        assert summed(np.zeros(count, dtype=np.int64), np.full(count, value), 1).tolist() == [value * count]


@pytest.mark.parametrize("bits", range(1, 63))
def test_sums_of_equal_numbers_of_any_size_are_exact(bits: int) -> None:
    for value in ((1 << bits) - 1, -(1 << bits)):
        [found] = summed(np.zeros(5, dtype=np.int64), np.full(5, value), 1).tolist()
        assert found == 5 * value
        assert type(found) is int
