"""Amounts as whole quanta: by every type they come in, the number that is written."""

from __future__ import annotations

from contextlib import closing
from fractions import Fraction

import pytest

from ghg.bulk.amounts import EXACT, FINER, WHOLE, counted
from ghg.engines import Engine

Counted = tuple[int | None, int | None, int | None]
TEXTS: dict[str, Counted] = {
    "5": (5_000_000, EXACT, 10**6), "5.": (5_000_000, EXACT, 10**6), " 5.20 ": (5_200_000, EXACT, 10**4),
    "0.000001": (1, EXACT, 1), "1.2345678": (1_234_568, FINER, 1), "1.23456700": (1_234_567, EXACT, 1),
    "0.0000005": (1, FINER, 1), "0.00000049": (0, FINER, 1), "007.5": (7_500_000, EXACT, 10**5),
    "0" * 300 + "1.25": (1_250_000, EXACT, 10**4),
    "999999999999.999999": (10**18 - 1, EXACT, 1),
    "1000000000000": (None, None, 10**6), "999999999999.9999995": (None, None, 1), ".": (None, None, 10**6),
    "-5": (None, None, 10**6), "": (None, None, 10**6),
    "1e3": (None, None, 10**6), ".5": (None, None, 10**5), "1,5": (None, None, 10**6), "x": (None, None, 10**6),
}  # fmt: skip
"""Amounts as text, counted in millionths: quanta, state, and the last written digit in quanta."""


def counts(engine_type: str, cells: str, decimals: int = 6, *, is_portable: bool = False) -> list[Counted]:
    """Cells of SQL counted as a column of a type: quanta, state and width of each."""
    how = counted("amount", engine_type, decimals, is_portable=is_portable)
    engine = Engine(1)
    try:
        given = f"SELECT CAST(unnest([{cells}]) AS {engine_type}) AS amount"
        text = f"SELECT amount, {how.cell or 'amount'} AS text FROM ({given})"
        inner = f"SELECT amount, text, {how.quanta} AS quanta, {how.width} AS width FROM ({text})"
        states = f"SELECT {how.state} AS state, quanta, width FROM ({inner})"
        found = engine.rows(
            f"SELECT CASE WHEN state IS NOT NULL THEN {how.whole('quanta', of_sum=False)} END, state, width "
            f"FROM ({states})"
        )
        return [(quanta, state, width) for quanta, state, width in found]
    finally:
        engine.close()


@pytest.mark.parametrize("is_portable", [False, True])
def test_text_is_counted_as_it_is_written(is_portable: bool) -> None:
    found = counts("VARCHAR", ", ".join(f"'{text}'" for text in TEXTS), is_portable=is_portable)
    plain = {text: row for text, row in zip(TEXTS, found, strict=True) if row[1] is not None}
    assert plain == {text: row for text, row in TEXTS.items() if row[1] is not None}


@pytest.mark.parametrize("is_portable", [False, True])
@pytest.mark.parametrize(("decimals", "expected"), [
    (0, [(2, FINER, 1), (1, FINER, 1), (1, EXACT, 1), (10**18 - 1, EXACT, 1)]),
    (3, [(1500, EXACT, 100), (1499, FINER, 1), (1000, EXACT, 1000), (None, None, 1000)]),
])  # fmt: skip
def test_the_quantum_decides_what_is_finer(decimals: int, expected: list[Counted], is_portable: bool) -> None:
    cells = "'1.5', '1.4985', '1', '999999999999999999'"
    if decimals == 0:
        cells = cells.replace("1.4985", "1.4999")
    assert counts("VARCHAR", cells, decimals, is_portable=is_portable) == expected


def test_a_cluster_is_asked_in_words_that_it_has() -> None:
    """No pattern, no list, no length of bytes; and whole numbers instead of decimals."""
    quick, portable = counted("amount", "VARCHAR", 6), counted("amount", "VARCHAR", 6, is_portable=True)
    assert "regexp_full_match" in quick.state
    assert not any(word in f"{portable}" for word in ("regexp", "strlen", "["))
    assert (quick.decimals, portable.decimals) == (6, 0)


@pytest.mark.parametrize("decimals", [0, 2, 6])
def test_a_sum_of_text_amounts_is_a_whole_number_of_quanta(decimals: int) -> None:
    """Five times the largest amount of 18 digits: more than such a decimal holds, and less than 64 bits."""
    how, largest = counted("amount", "VARCHAR", decimals), 10**18 - 1
    with closing(Engine(1)) as engine:
        text = f"{largest // 10**decimals}.{str(largest)[18 - decimals :]}"
        given = f"SELECT '{text}' AS text FROM range(5)"
        sums = f"SELECT sum(quanta) AS whole FROM (SELECT {how.quanta} AS quanta FROM ({given}))"
        assert engine.rows(f"SELECT {how.whole('whole', of_sum=True)} FROM ({sums})") == [(5 * largest,)]


@pytest.mark.parametrize(("engine_type", "width"), [("DECIMAL(18,2)", 10**4), ("DECIMAL(18, 6)", 1), ("DOUBLE", 1)])
def test_the_last_digit_of_a_number_is_known_from_its_type(engine_type: str, width: int) -> None:
    assert counted("amount", engine_type, 6).width == width


@pytest.mark.parametrize("engine_type", WHOLE)
def test_whole_numbers_are_counted_up_to_eighteen_digits(engine_type: str) -> None:
    assert counts(engine_type, "0, 100") == [(0, EXACT, 10**6), (100_000_000, EXACT, 10**6)]
    if "U" not in engine_type[:1]:
        assert counts(engine_type, "-1") == [(None, None, 10**6)]
    if engine_type in ("BIGINT", "UBIGINT", "HUGEINT"):
        assert counts(engine_type, f"{10**12 - 1}, {10**12}") == [
            ((10**12 - 1) * 10**6, EXACT, 10**6), (None, None, 10**6),
        ]  # fmt: skip


def test_decimals_are_counted_by_their_scale() -> None:
    cells = "1.25, 0, -0.01, 999999999999.99, 1000000000000"
    assert counts("DECIMAL(18,2)", cells) == [
        (1_250_000, EXACT, 10**4), (0, EXACT, 10**4), (None, None, 10**4),
        (999_999_999_999_990_000, EXACT, 10**4), (None, None, 10**4),
    ]  # fmt: skip
    assert counts("DECIMAL(18,6)", "0.000001, 1.5") == [(1, EXACT, 1), (1_500_000, EXACT, 1)]
    assert counts("DECIMAL(5, 0)", "12345", 0) == [(12345, EXACT, 1)]


@pytest.mark.parametrize("is_portable", [False, True])
def test_decimals_finer_than_the_quantum_are_counted_as_text(is_portable: bool) -> None:
    assert counts("DECIMAL(18,9)", "1.0000005, 1.5, -1", is_portable=is_portable)[:2] == [
        (1_000_001, FINER, 1), (1_500_000, EXACT, 1),
    ]  # fmt: skip


def test_doubles_stand_for_their_shortest_decimal() -> None:
    cells = "0.1, 0, 1e-7, 123456.7891234, 999999999.5"
    assert counts("DOUBLE", cells) == [
        (100_000, EXACT, 1), (0, EXACT, 1), (0, FINER, 1), (123_456_789_123, FINER, 1), (999_999_999_500_000, EXACT, 1),
    ]  # fmt: skip
    assert counts("DOUBLE", "2.5, 2.4, 7", 0) == [(None, None, 1), (2, FINER, 1), (7, EXACT, 1)]


def test_doubles_that_cannot_be_told_are_left_to_the_strict_path() -> None:
    """A tie, a number of more digits than a double holds, a finer one of more than twelve, and no number."""
    cells = "0.0000005, 1e9, 1000000.1234567, -1, 'NaN'::DOUBLE, 'inf'::DOUBLE"
    assert [state for _, state, _ in counts("DOUBLE", cells)] == [None] * 6


def test_a_tie_of_a_double_is_told_from_its_neighbours() -> None:
    near = [Fraction(5, 10**7) + Fraction(offset, 10**9) for offset in (-2, 2)]
    assert counts("DOUBLE", ", ".join(str(float(value)) for value in near)) == [(0, FINER, 1), (1, FINER, 1)]
