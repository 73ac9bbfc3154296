"""The kernel over packed keys: no row is lost, and keys that cannot hold all words are refused."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from ghg.bulk import posting
from ghg.bulk.amounts import counted
from ghg.bulk.posting import Part, total
from ghg.engines import Engine
from ghg.engines.relations import Relation
from ghg.issues import GhgError, InputError
from ghg.testing import numbered
from tests.test_bulk import GOOD, scanned, written

PARTS = (Part("cell", "cell", 4), Part("state", "state", 2), Part("unit", "unit", 3, ("kg", "t", "g")))
AMOUNTS = counted("amount", "BIGINT", 0)


def relation(rows: int, *, stored: bool = False) -> Relation:
    return cast("Relation", SimpleNamespace(rows=rows, stored=stored, files=("rows.parquet",)))


def packed(cell: int, state: int, spelling: int) -> int:
    return (cell * 2 + state) * 3 + spelling


def summed(keys: list[int], amounts: list[int], rows: int, *, stored: bool = False) -> posting.Sums:
    """The kernel over rows given by key and amount."""
    with closing(Engine(1)) as engine:
        engine.tabulate("given", {"key": np.array(keys), "low": np.array(amounts)})
        found = total(engine, relation(rows, stored=stored), AMOUNTS, PARTS, "SELECT key, low FROM given")
        assert len(engine.statements) == 1
        return found


def lines(found: posting.Sums) -> list[tuple[object, ...]]:
    columns = [found.codes[name].tolist() for name in ("cell", "state", "unit")]
    return sorted(zip(*columns, map(int, found.amount), found.width.tolist(), found.rows.tolist(), strict=True))


def test_keys_are_unpacked_and_rows_that_are_not_plain_come_out_by_their_place() -> None:
    keys = [packed(3, 1, 2), packed(0, 0, 1), -1 - 7, packed(3, 1, 2), -1 - 0]
    found = summed(keys, [5, 7, 100, 11, 100], 5)
    assert lines(found) == [(0, 0, 1, 7, 1, 1), (3, 1, 2, 16, 2, 2)]
    assert sorted(found.left.tolist()) == [0, 7]
    assert found.parts == PARTS
    assert sorted(found.key.tolist()) == [packed(0, 0, 1), packed(3, 1, 2)]


@pytest.mark.parametrize("largest", [2**62, 2**63 - 1, -(2**63)])
def test_a_sum_beyond_64_bits_is_cut_in_two_and_exact(largest: int) -> None:
    found = summed([packed(1, 0, 0)] * 5 + [packed(2, 0, 0)], [largest] * 5 + [-3], 6)
    assert lines(found) == [(1, 0, 0, 5 * largest, 5, 5), (2, 0, 0, -3, 1, 1)]


def test_where_all_rows_are_plain_none_is_left() -> None:
    assert summed([packed(0, 0, 0)], [1], 1).left.tolist() == []


def test_rows_that_are_not_those_of_the_relation_are_found_out() -> None:
    with pytest.raises(AssertionError, match="1 rows were summed, which are not the 2 rows read"):
        summed([packed(0, 0, 0)], [1], 2)
    with pytest.raises(InputError, match=r"the file says that it has 2 rows, and 1 were read\.") as caught:
        summed([packed(0, 0, 0)], [1], 2, stored=True)
    [issue] = caught.value.issues
    assert (issue.rule, issue.file) == ("file-kind", "rows.parquet")


def test_more_words_than_a_key_can_hold_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path / "rows.parquet", numbered([{**GOOD, "unit": unit} for unit in ("kWh", "MWh")]))
    monkeypatch.setattr(posting, "NUMBER_BITS", 3)  # one cell, two states, two units: four keys
    scanned(file, tmp_path).close()
    monkeypatch.setattr(posting, "NUMBER_BITS", 2)
    with pytest.raises(GhgError, match="too many distinct words to sum at once"):
        scanned(file, tmp_path)


@pytest.mark.parametrize("short", [0, 31])
def test_rows_of_a_cell_without_a_factor_do_not_post(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, short: int
) -> None:
    monkeypatch.setattr(posting, "SHORT_BITS", short)
    rows = numbered([{**GOOD, "region": region} for region in ("CN", "HK", "CN", "HK", "HK")] + [{**GOOD, "unit": "t"}])
    with closing(scanned(written(tmp_path / "rows.parquet", rows), tmp_path)) as made:
        assert (made.balance.posted, made.balance.unposted) == (2, 4)
        assert [(line.amount, line.width, line.rows) for line in made.balance.lines] == [(200 * 10**6, 2 * 10**6, 2)]
        assert [(issue.rule, issue.line) for issue in made.errors] == [
            ("factor-missing", 2), ("factor-missing", 4), ("factor-missing", 5), ("unit-dimension", 6),
        ]  # fmt: skip
