"""The kernel over packed keys: no row is lost, and keys that cannot hold all words are refused."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from ghg.boundary.consolidation import Boundary
from ghg.bulk import posting
from ghg.bulk.amounts import Amounts, counted
from ghg.bulk.cells import make_cells
from ghg.bulk.posting import NONE_DOUBTED, Doubted, Part, Sums, excluded, hand_over, parts_of, posted, total, without
from ghg.bulk.words import Words, count_words
from ghg.engines import Engine
from ghg.engines.relations import Relation
from ghg.factors import library
from ghg.issues import GhgError, InputError
from ghg.plan import ALL_OF_IT, KEY, Rules
from ghg.resolve import Chooser
from ghg.schema import NAMES
from ghg.standing import Standing
from ghg.testing import inventory, numbered
from tests.boundary.test_entities import group
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
    assert issue.hint.startswith("The file is damaged: write it again")


def test_a_sum_that_is_missing_does_not_count_as_zero() -> None:
    with closing(Engine(1)) as engine:
        engine.run("CREATE TABLE given AS SELECT unnest([0, -1]) AS key, unnest([NULL, 5])::BIGINT AS low")
        with pytest.raises(AssertionError, match="a sum of plain rows is missing"):
            total(engine, relation(2), AMOUNTS, PARTS, "SELECT key, low FROM given")
        engine.run("CREATE OR REPLACE TABLE given AS SELECT unnest([0, -1]) AS key, unnest([5, NULL])::BIGINT AS low")
        found = total(engine, relation(2), AMOUNTS, PARTS, "SELECT key, low FROM given")
        assert (found.amount.tolist(), found.left.tolist()) == ([5], [0])


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


ROWS = numbered([
    {**GOOD, "site": "a"}, {**GOOD, "site": "a", "amount": "2.5"}, {**GOOD, "unit": "kWh", "site": "b"},
    {**GOOD, "site": "a", "region": "HK"}, {**GOOD, "site": "a", "region": "CN-BJ", "start": "2022-07-01"},
    {**GOOD, "site": "b", "provenance": "back-calculated", "derived_from": "energy"},
    {**GOOD, "site": "b", "amount": "7.0000005"}, {**GOOD, "activity": "water", "unit": "t", "site": "b"},
    {**GOOD, "region": "Narnia"}, {**GOOD, "unit": "ton"}, {**GOOD, "amount": "-1"}, {**GOOD, "provenance": "guessed"},
    {**GOOD, "site": "Total"}, {**GOOD, "start": "2022-02-30"},
])  # fmt: skip
"""Eight rows that are plain, and six that are left to the strict path."""
MEGAWATT_HOURS, MEASURED = "purchased_electricity MWh CN", "measured\x1f"
POSTED = [
    (MEGAWATT_HOURS, 0, "MWh", "back-calculated\x1fenergy", "b", 100_000_000, 1_000_000, 1),
    (MEGAWATT_HOURS, 0, "MWh", MEASURED, "a", 102_500_000, 1_100_000, 2),
    (MEGAWATT_HOURS, 0, "kWh", MEASURED, "b", 100_000_000, 1_000_000, 1),
    (MEGAWATT_HOURS, 1, "MWh", MEASURED, "b", 7_000_001, 1, 1),
    ("purchased_electricity MWh CN-BJ", 0, "MWh", MEASURED, "a", 100_000_000, 1_000_000, 1),
    ("purchased_electricity MWh HK", 0, "MWh", MEASURED, "a", 100_000_000, 1_000_000, 1),
    ("water t CN", 0, "t", MEASURED, "b", 100_000_000, 1_000_000, 1),
]
"""Key of the cell, state, unit, basis and site; quanta, widths and rows."""


@dataclass(frozen=True)
class Table:
    """Rows in an engine, and what the kernel makes of them."""

    engine: Engine
    relation: Relation
    words: dict[str, Words]
    keys: tuple[str, ...]
    parts: tuple[Part, ...]
    entities: int

    def posted(self, amounts: Amounts, doubted: Doubted = NONE_DOUBTED, carried: Sequence[str] = ()) -> str:
        return posted(self.relation, self.words, amounts, self.parts, self.entities, doubted, carried=carried)

    def lines(self, found: Sums) -> list[tuple[object, ...]]:
        """The lines of sums, each code as its word."""
        words = [self.keys, (0, 1), *(part.words for part in self.parts[2:])]
        codes = [
            [kind[code] for code in found.codes[part.name].tolist()]
            for kind, part in zip(words, self.parts, strict=True)
        ]
        return sorted(zip(*codes, found.amount.tolist(), found.width.tolist(), found.rows.tolist(), strict=True))


@contextmanager
def tabled(rows: Sequence[Mapping[str, str]], rules: Rules) -> Iterator[Table]:
    """Rows as a table of an engine, their words and cells beside them."""
    with closing(Engine(1)) as engine:
        engine.create("text", ("place", *NAMES))
        engine.append("text", {"place": [str(n) for n in range(len(rows))]}
                      | {name: [row.get(name, "") for row in rows] for name in NAMES})  # fmt: skip
        engine.run("CREATE TABLE given AS SELECT * REPLACE (CAST(place AS BIGINT) AS place) FROM text")
        stated = Relation("given", dict.fromkeys(NAMES, "VARCHAR"), ("rows",), 1, len(rows), len(rows) - 1)
        words = count_words(engine, stated, inventory(), rules)
        cells = make_cells(Standing(Chooser(library(), inventory()), rules), words)
        hand_over(engine, words, cells)
        keys = tuple(f"{key.activity} {key.unit} {key.region} {key.entity}".strip() for key in cells.keys)
        yield Table(engine, stated, words, keys, parts_of(words, cells, ("site",)), cells.entities)


@pytest.fixture
def table() -> Iterator[Table]:
    with tabled(ROWS, ALL_OF_IT) as made:
        yield made


@pytest.mark.parametrize("short", [0, 5, 31])
def test_plain_rows_are_summed_by_their_words_and_the_others_are_left(
    table: Table, monkeypatch: pytest.MonkeyPatch, short: int
) -> None:
    monkeypatch.setattr(posting, "SHORT_BITS", short)
    amounts = counted("amount", "VARCHAR", 6)
    found = total(table.engine, table.relation, amounts, table.parts, table.posted(amounts))
    assert table.lines(found) == POSTED
    assert sorted(found.left.tolist()) == list(range(8, 14))
    assert found.amount.dtype == np.int64
    # Five bits hold the places of the rows, and not the keys.
    assert found.key.dtype == (np.int32 if short == 31 else np.int64)


def test_a_key_is_as_wide_as_the_last_place_needs(table: Table) -> None:
    amounts = counted("amount", "VARCHAR", 6)
    for last, kind in (((1 << 31) - 1, "INTEGER"), (1 << 31, "BIGINT")):
        wide = dataclasses.replace(table, relation=dataclasses.replace(table.relation, last=last))
        assert f"CAST(-1 - place AS {kind})" in wide.posted(amounts)


def test_numbers_are_as_narrow_as_they_can_be() -> None:
    found = [posting._narrowest(values) for values in ([], [0, 5], [3, 2**31 - 1], [2**31, 0])]
    assert found == [np.int32, np.int32, np.int32, np.int64]


def test_codes_are_handed_over_as_narrow_as_they_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    for short, kind in ((31, "INTEGER"), (0, "BIGINT")):
        monkeypatch.setattr(posting, "SHORT_BITS", short)
        with tabled(ROWS, ALL_OF_IT) as made:
            found = {
                (name, column): of_type
                for name, column, of_type in made.engine.rows(
                    "SELECT table_name, column_name, data_type FROM duckdb_columns()"
                )
            }
        assert [found[name] for name in (("slots", "slot"), ("places", "first"), ("slots", "unit"))] == [kind] * 3
        assert found["places", "code"] == found["classes", "code"] == "INTEGER"


def test_words_of_two_columns_lead_to_their_code() -> None:
    """Neither the first day nor the last tells these spans apart, and neither column these bases."""
    days = (("2022-01-01", "2022-06-30"), ("2022-01-01", "2022-12-31"), ("2022-07-01", "2022-12-31"))
    bases = (("measured", "energy"), ("back-calculated", "energy"), ("measured", "scope1"))
    rows = numbered(
        {**GOOD, "start": start, "end": end, "provenance": provenance, "derived_from": derived}
        for (start, end) in days
        for provenance, derived in bases
    )
    amounts = counted("amount", "VARCHAR", 6)
    with tabled(rows, ALL_OF_IT) as made:
        found = total(made.engine, made.relation, amounts, made.parts, made.posted(amounts))
        assert [(*line[3:4], line[-1]) for line in made.lines(found)] == [
            ("back-calculated\x1fenergy", 3), ("measured\x1fenergy", 3), ("measured\x1fscope1", 3),
        ]  # fmt: skip


def test_text_amounts_whose_sum_is_beyond_64_bits_are_exact() -> None:
    rows = numbered([{**GOOD, "site": "a", "amount": "999999999999.999999"}] * 20 + [{**GOOD, "amount": "-1"}])
    amounts = counted("amount", "VARCHAR", 6)
    with tabled(rows, ALL_OF_IT) as made:
        found = total(made.engine, made.relation, amounts, made.parts, made.posted(amounts))
        [line] = made.lines(found)
    assert line[-3:] == (20 * (10**18 - 1), 20, 20)
    assert found.left.tolist() == [20]


def test_words_that_decide_nothing_are_not_joined() -> None:
    """Which entity consumed does not matter here; of a task, activity and unit tell it apart by their codes."""
    rows = numbered([
        {**GOOD, "entity": "e", "region": "HK"}, {**GOOD, "entity": "f", "unit": "kWh", "start": "2022-07-01"},
        {**GOOD, "entity": "f", "activity": "water", "unit": "t"},
        {**GOOD, "activity": "diesel_stationary", "unit": "t"},
        {**GOOD, "entity": "e", "activity": "water", "unit": "kg", "site": "Total"},
    ])  # fmt: skip
    amounts = counted("amount", "VARCHAR", 6)
    with tabled(rows, ALL_OF_IT) as made:
        view = made.posted(amounts)
        tables = {name for (name,) in made.engine.rows("SELECT table_name FROM duckdb_tables()")}
        assert not any(name in view for name in ("words_entity", "words_basis", "words_task."))
        assert all(f"{name}.code" in view for name in ("words_region", "words_span"))
        assert {name for name in tables if name.startswith("sound_")} == {"sound_site", "sound_entity"}
        found = total(made.engine, made.relation, amounts, made.parts, view)
        assert (int(found.rows.sum()), found.left.tolist()) == (4, [4])


def test_rows_of_entities_are_summed_by_how_each_is_held() -> None:
    """Two are held whole and stand alike, one is held by half, and of one nobody has heard."""
    held = group(*({"entity": name, "equity_share": share} for name, share in (("e", "1"), ("f", "0.5"), ("g", "1"))))
    rules = Rules(Boundary(date(2022, 1, 1), date(2022, 12, 31), held, "equity_share"), columns=(*KEY, "entity"))
    rows = numbered({**GOOD, "entity": name, "site": "a", "region": region} for name, region in (
        ("e", "CN"), ("f", "CN"), ("g", "CN"), ("stranger", "CN"), ("f", "HK"), ("g", "HK"),
    ))  # fmt: skip
    amounts = counted("amount", "VARCHAR", 6)
    with tabled(rows, rules) as made:
        found = total(made.engine, made.relation, amounts, made.parts, made.posted(amounts))
        assert [(line[0], *line[-2:]) for line in made.lines(found)] == [
            ("purchased_electricity MWh CN e", 2 * 10**6, 2), ("purchased_electricity MWh CN f", 10**6, 1),
            ("purchased_electricity MWh HK e", 10**6, 1), ("purchased_electricity MWh HK f", 10**6, 1),
        ]  # fmt: skip
        assert found.left.tolist() == [3]
    with tabled(rows[:2], rules) as made:
        found = total(made.engine, made.relation, amounts, made.parts, made.posted(amounts))
        assert [(line[0], *line[-2:]) for line in made.lines(found)] == [
            ("purchased_electricity MWh CN e", 10**6, 1), ("purchased_electricity MWh CN f", 10**6, 1),
        ]  # fmt: skip


def test_a_cluster_counts_the_same(table: Table) -> None:
    amounts = counted("amount", "VARCHAR", 6, is_portable=True)
    found = total(table.engine, table.relation, amounts, table.parts, table.posted(amounts))
    assert table.lines(found) == POSTED
    assert found.amount.dtype == np.int64


def test_numbers_are_summed_like_text_and_their_widths_are_known_beforehand(table: Table) -> None:
    """A binary number shows no last digit, so it is taken as the quantum."""
    table.engine.run("CREATE OR REPLACE TABLE doubles AS SELECT * REPLACE (CAST(TRY_CAST(amount AS DOUBLE) AS DOUBLE) "
                     "AS amount) FROM given")  # fmt: skip
    amounts = counted("amount", "DOUBLE", 6)
    view = table.posted(amounts).replace(" given ", " doubles ")
    assert "width" not in view
    found = total(table.engine, table.relation, amounts, table.parts, view)
    assert [line[:6] for line in table.lines(found) if line[1] == 0] == [line[:6] for line in POSTED if line[1] == 0]
    assert found.width.tolist() == found.rows.tolist()


def test_whole_numbers_have_the_width_of_their_type() -> None:
    with closing(Engine(1)) as engine:
        engine.tabulate("given", {"key": np.array([0, 0, 1]), "low": np.array([200, 300, 100])})
        made = total(engine, relation(3), counted("amount", "BIGINT", 2), PARTS, "SELECT key, low FROM given")
    assert lines(made) == [(0, 0, 0, 500, 200, 2), (0, 0, 1, 100, 100, 1)]


def test_rows_in_doubt_are_left_whatever_their_words(table: Table) -> None:
    table.engine.tabulate("excluded", {"place": np.array([1, 7])})
    amounts = counted("amount", "VARCHAR", 6)
    found = total(table.engine, table.relation, amounts, table.parts, table.posted(amounts, excluded(table.relation)))
    assert table.lines(found) == [
        POSTED[0], (*POSTED[1][:5], 100_000_000, 1_000_000, 1), *POSTED[2:-1],
    ]  # fmt: skip
    assert sorted(found.left.tolist()) == [1, *range(7, 14)]


def test_cells_that_cannot_post_leave_their_rows(table: Table) -> None:
    amounts = counted("amount", "VARCHAR", 6)
    view = table.posted(amounts)
    found = total(table.engine, table.relation, amounts, table.parts, view)
    assert without(table.engine, found, view, []) is found
    failing = [number for number, key in enumerate(table.keys) if key in ("water t CN", "purchased_electricity MWh HK")]
    rest = without(table.engine, found, view, failing)
    assert table.lines(rest) == POSTED[:-2]
    assert sorted(rest.left.tolist()) == [3, *range(7, 14)]
    assert rest.parts == found.parts
    kept = [cell not in failing for cell in found.codes["cell"].tolist()]
    assert rest.key.tolist() == [key for key, is_kept in zip(found.key.tolist(), kept, strict=True) if is_kept]


def test_columns_come_along_with_the_key_of_each_row(table: Table) -> None:
    amounts = counted("amount", "VARCHAR", 6)
    view, alone = table.posted(amounts, carried=("site", "id")), table.posted(amounts)
    columns = [[row[0] for row in table.engine.rows(f"DESCRIBE {sql}")] for sql in (view, alone)]
    assert columns == [["place", "site", "id", "key", "low", "width"], ["place", "id", "key", "low", "width"]]
    found = table.engine.rows(f"SELECT place, site, id, key, low, width FROM ({view}) ORDER BY place")
    assert [row[:3] for row in found] == [(n, row.get("site", ""), row["id"]) for n, row in enumerate(ROWS)]
    assert [row[3] for row in found[8:]] == [-1 - n for n in range(8, 14)]
    assert found[0][3] == found[1][3]
    assert [row[5] for row in found[:2]] == [10**6, 10**5]


def test_only_words_that_may_be_wrong_by_themselves_are_told_to_be_sound(table: Table) -> None:
    """What a task, region or span that is not sound leads to is no cell."""
    tables = {name for (name,) in table.engine.rows("SELECT table_name FROM duckdb_tables()")}
    assert {name for name in tables if name.startswith("sound_")} == {"sound_basis", "sound_site"}


def test_a_part_has_the_words_of_its_dimension(table: Table) -> None:
    assert [(part.name, part.size) for part in table.parts] == [
        ("cell", len(table.keys)), ("state", 2), ("unit", 4), ("basis", 3), ("site", 4),
    ]  # fmt: skip
    assert [set(part.words) for part in table.parts[2:]] == [
        {"MWh", "kWh", "t", "ton"}, {MEASURED, "back-calculated\x1fenergy", "guessed\x1f"}, {"a", "b", "none", "Total"},
    ]  # fmt: skip
