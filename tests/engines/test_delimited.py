"""Large CSV files against the strict reader: the same figures, and the same problems on the same lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import cycle
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import ghg
from ghg.engines import delimited
from ghg.engines.delimited import few_words, header_of, plain
from ghg.issues import InputError
from ghg.runs import Run
from ghg.schema import NAMES, REQUIRED
from ghg.testing import Row, tables

INVENTORY = """
inventory: generated
organisation: generated
title: generated inventory
period: {start: 2022-01-01, end: 2022-12-31}
base_year: none
consolidation: not_stated
boundary: generated rows
gwp: AR5
books: [location, market]
publications: [cn-mee-2022, ipcc-2006-v2]
ladder: {regions: [exact, parent, world], max_age_years: 0}
activity: [rows.csv]
"""
COLUMNS = ("id", "entity", "activity", "region", "start", "end", "amount", "unit", "provenance")


def text_of(rows: list[Row]) -> str:
    return "\n".join([",".join(COLUMNS), *(",".join(row[name] for name in COLUMNS) for row in rows)]) + "\n"


def run_of(folder: Path, text: str) -> Run:
    (folder / "rows.csv").write_text(text, encoding="utf-8")
    (folder / "inventory.yaml").write_text(INVENTORY, encoding="utf-8")
    return ghg.run(folder / "inventory.yaml", incomplete=True)


def told(run: Run) -> list[tuple[object, ...]]:
    return [(issue.file, issue.line, issue.rule, issue.column) for issue in run.errors]


def both(folder: Path, text: str) -> tuple[Run, Run]:
    """The run of the strict reader, and that of the file as if it were large."""
    strict = run_of(folder, text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "LARGE", 0)
        return strict, run_of(folder, text)


@settings(
    max_examples=6,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    tables(3, 9),
    st.lists(
        st.tuples(st.integers(0, 8), st.sampled_from([{"unit": "ton"}, {"region": "Narnia"}, {"id": "row-1"}, {}])),
        max_size=3,
    ),
)
def test_a_large_file_gives_what_the_strict_reader_gives(
    tmp_path: Path, rows: list[Row], faults: list[tuple[int, Row]]
) -> None:
    for place, fault in faults:
        if place < len(rows):
            rows[place] = rows[place] | fault
    strict, large = both(tmp_path, text_of(rows))
    assert large.scans
    assert not strict.scans
    assert strict.result.digest == large.result.digest
    assert (strict.balance.posted, strict.balance.unposted) == (large.balance.posted, large.balance.unposted)
    assert sorted(told(strict)) == sorted(told(large))
    strict.close()
    large.close()


GOOD = "row-{},北京,purchased_electricity,CN,2022-01-01,2022-12-31,{},MWh,measured\n"


def test_rows_that_are_no_rows_keep_the_lines_of_the_others(tmp_path: Path) -> None:
    lines = [",".join(COLUMNS) + "\n", *(GOOD.format(n, n) for n in range(1, 9))]
    lines[3] = "short,row\n"
    lines[6] = lines[6].replace("MWh", "ton")
    strict, large = both(tmp_path, "".join(lines))
    assert large.scans
    assert [(line, rule) for _, line, rule, _ in told(large)] == [(4, "row-ragged"), (7, "unit-ambiguous")]
    assert told(strict) == told(large)
    assert strict.result.digest == large.result.digest
    strict.close()
    large.close()


def test_a_total_left_below_the_data_counts_nowhere(tmp_path: Path) -> None:
    sound = "".join([",".join(COLUMNS) + "\n", *(GOOD.format(n, n) for n in range(1, 9))])
    below = GOOD.format(9, 36).replace("row-9", "Grand total 2022")
    alone, again = both(tmp_path, sound)
    strict, large = both(tmp_path, sound + below)
    pl.read_csv(tmp_path / "rows.csv", infer_schema_length=0).write_parquet(tmp_path / "rows.parquet")
    (tmp_path / "inventory.yaml").write_text(INVENTORY.replace("rows.csv", "rows.parquet"), encoding="utf-8")
    parquet = ghg.run(tmp_path / "inventory.yaml", incomplete=True)
    assert told(strict) == told(large) == [(str(tmp_path / "rows.csv"), 10, "row-total", "id")]
    assert told(parquet) == [(str(tmp_path / "rows.parquet"), 9, "row-total", "id")]
    assert len({found.result.digest for found in (alone, again, strict, large, parquet)}) == 1
    assert {found.balance.unposted for found in (strict, large, parquet)} == {1}
    for found in (alone, again, strict, large, parquet):
        assert ("rows-not-compared" in {issue.rule for issue in found.issues}) is bool(found.scans)
        found.close()


def test_the_end_of_a_file_may_be_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "LARGE", 0)
    text = ",".join(f'"{name}"' for name in COLUMNS) + "\n" + GOOD.format(1, 1).replace("measured\n", '"measured"')
    (tmp_path / "rows.csv").write_text(text, encoding="utf-8")
    found = plain(tmp_path / "rows.csv", COLUMNS)
    assert found
    assert (found.lines, found.commas, found.columns) == (2, 16, COLUMNS)
    assert header_of(tmp_path / "rows.csv", NAMES, REQUIRED) == COLUMNS


def test_a_word_that_the_first_lines_do_not_show_is_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = ",".join(COLUMNS) + "\n" + "".join(GOOD.format(n, n) for n in range(1, 41))
    text += GOOD.format(41, 1).replace("MWh", "kWh") + GOOD.format(42, 1).replace("MWh", "bananas")
    monkeypatch.setattr(delimited, "SAMPLED", len(text) // 2)
    (tmp_path / "rows.csv").write_text(text, encoding="utf-8")
    words = few_words(tmp_path / "rows.csv", COLUMNS)
    assert words["unit"] == ("", "MWh")
    assert "id" not in words
    strict, large = both(tmp_path, text)
    assert large.scans
    assert told(strict) == told(large) == [(str(tmp_path / "rows.csv"), 43, "unit-unknown", "unit")]
    assert strict.result.digest == large.result.digest


def quoted(text: str, which: Sequence[bool], inside: str) -> str:
    """The same table with some of its cells in quotes; quoted entities hold more."""
    turn = cycle(which)
    lines = []
    for line in text.splitlines():
        cells = line.split(",")
        more = inside if next(turn) and line != text.splitlines()[0] and len(cells) == len(COLUMNS) else ""
        cells[1:2] = [f'"{cells[1]}{more}"'] if more and len(cells) > 1 else cells[1:2]
        lines.append(",".join(f'"{cell}"' if next(turn) and '"' not in cell else cell for cell in cells))
    return "\n".join(lines) + "\n"


@settings(
    max_examples=8,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    tables(2, 6), st.lists(st.booleans(), min_size=1, max_size=7), st.sampled_from(["", ",", ", ltd", "'"]),
    st.integers(1, 40), st.booleans(),
)  # fmt: skip
def test_quoted_cells_give_what_the_strict_reader_gives(
    tmp_path: Path, rows: list[Row], which: list[bool], inside: str, piece: int, is_ragged: bool
) -> None:
    rows[0] = rows[0] | {"unit": "ton"}
    text = quoted(text_of(rows) + ("short,row\n" if is_ragged else ""), which, inside)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "PIECE", piece)
        strict, large = both(tmp_path, text)
    assert large.scans or is_ragged
    assert strict.result.digest == large.result.digest
    assert (strict.balance.posted, strict.balance.unposted) == (large.balance.posted, large.balance.unposted)
    assert sorted(told(strict)) == sorted(told(large))
    strict.close()
    large.close()


def test_a_comma_at_the_end_of_a_row_is_a_cell_too_many(tmp_path: Path) -> None:
    rows = [GOOD.format(n, n) for n in range(1, 9)]
    strict, large = both(tmp_path, ",".join(COLUMNS) + "\n" + "".join([*rows[:4], rows[4][:-1] + ",\n", *rows[5:]]))
    assert told(strict) == told(large)
    assert [(line, rule) for _, line, rule, _ in told(large)] == [(6, "row-ragged")]
    strict.close()
    large.close()


def test_lines_are_right_where_rows_are_read_as_text_after_all(tmp_path: Path) -> None:
    lines = [",".join(COLUMNS) + "\n", *(GOOD.format(n, n) for n in range(1, 9))]
    lines[3] = "short,row\n"
    lines[6] = lines[6].replace("MWh", "ton")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.engines.test_delimited.INVENTORY", INVENTORY + "continuity: note\n")
        strict, large = both(tmp_path, "".join(lines))
    assert not large.scans
    assert told(strict) == told(large)
    assert [(line, rule) for _, line, rule, _ in told(large)] == [(4, "row-ragged"), (7, "unit-ambiguous")]
    strict.close()
    large.close()


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("北京", '"北\n京"'),
        lambda text: text.replace("北京", '"北""京"'),
        lambda text: text.replace("北京", '北"京'),
        lambda text: text.replace("北京", '"北"京'),
        lambda text: text.replace("北京", ' "北京"'),
        lambda text: text.replace("北京", '"北京" '),
        lambda text: text.replace("row-4", '"row-4'),
        lambda text: text.removesuffix("d\n") + 'd"',
        lambda text: text.replace(",MWh,", '","MWh,'),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("row-2", "\nrow-2"),
        lambda text: "\ufeff" + text,
        lambda text: text.replace("北京", "北\u200b京"),
        lambda text: text.replace("entity", "Entity"),
        lambda text: text.replace(",", ";"),
        lambda text: text.replace("row-2", "row-\x002"),
        lambda text: text.replace("\n", "\r"),
    ],
)
def test_what_leaves_something_to_decide_goes_to_the_strict_reader(
    tmp_path: Path, change: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "LARGE", 0)
    text = ",".join(COLUMNS) + "\n" + "".join(GOOD.format(n, n) for n in range(1, 5))
    file = tmp_path / "rows.csv"
    file.write_bytes(text.encode())
    assert header_of(file, NAMES, REQUIRED)
    assert plain(file, COLUMNS)
    file.write_bytes(change(text).encode())  # type: ignore[operator]
    assert not header_of(file, NAMES, REQUIRED) or plain(file, COLUMNS) is None


def test_the_spill_folder_is_gone_after_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "LARGE", 0)
    run = run_of(tmp_path, ",".join(COLUMNS) + "\n" + GOOD.format(1, 1))
    assert run.engine.spill.is_dir()
    run.close()
    assert not run.engine.spill.exists()
    (tmp_path / "rows.csv").write_text(",".join(COLUMNS) + "\n" + GOOD.format(1, "x"), encoding="utf-8")
    with pytest.raises(InputError, match=r"rows\.csv:2: amount"):
        ghg.run(tmp_path / "inventory.yaml")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda text: text + ",,,,,,,,\n", "row-blank"),
        (lambda text: text.replace("row-3", " , ,,,,,, ,\nrow-3"), "row-blank"),
        (lambda text: text.replace("row-3", '"","",,,,,,,\nrow-3'), "row-blank"),
        (lambda text: text.replace("row-3", ",,,,\nrow-3"), "row-blank"),
        (lambda text: text.replace("2022-01-01", "01/01/2022").replace("2022-12-31", "31/12/2022"), "date-detected"),
        (lambda text: text.replace(",1,MWh", ",1.234,MWh").replace(",2,MWh", ",2.500,MWh"), "number-grouping"),
    ],
)
def test_what_the_rows_leave_open_goes_to_the_strict_reader(
    tmp_path: Path, change: Callable[[str], str], rule: str
) -> None:
    """Rows without text are passed over, days in one form read, and points asked about, however large a file is."""
    text = change(",".join(COLUMNS) + "\n" + "".join(GOOD.format(n, n) for n in range(1, 5)))
    strict, large = both(tmp_path, text)
    assert not large.scans
    assert strict.result.digest == large.result.digest
    assert [issue.rule for issue in large.issues] == [issue.rule for issue in strict.issues]
    assert rule in [issue.rule for issue in large.issues]
    strict.close()
    large.close()
