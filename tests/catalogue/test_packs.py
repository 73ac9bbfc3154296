"""Tables of the library as text: one strict form, checked, and never read in another way than a CSV reader would."""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path

import pytest

from ghg import bundle
from ghg.catalogue import packs as packs_module
from ghg.catalogue.packs import KEYS, TOTAL, Lines, Pack, Packs, read_lines
from ghg.factors import FactorRow
from ghg.issues import InputError
from ghg.vocabulary import Word, vocabulary, words

ROOT = bundle.folder("factors")
COLUMNS = tuple(FactorRow.model_fields)
PACKS = sorted((ROOT / "packs").glob("*/*.csv"))
SMALL = (*KEYS, "name")
TEXT = 'id,factor,kind,activity,name\na:1:CO2,a:1,emission_factor,w,"one, gas"\na:1:N2O,a:1,emission_factor,w,two\n'
MORE = f"a:1:CO2e,a:1,{TOTAL},w,total\na:12,a:12,density,w,alone\n"


def table(folder: Path, text: str) -> Packs:
    path = folder / "a.csv"
    path.write_bytes(text.encode())
    return Packs([Pack(path, "a.csv", SMALL)])


@pytest.mark.parametrize("path", PACKS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_shipped_pack_is_read_as_a_csv_reader_reads_it(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        expected = list(csv.DictReader(file))
    lines = read_lines(path, path.name, COLUMNS)
    found = Packs([Pack(path, path.name, COLUMNS)])
    assert list(found.texts()) == expected
    assert list(found.cells(("gas", "id"))) == [(row["gas"], row["id"]) for row in expected]
    assert list(found) == [row["id"] for row in expected]
    assert [dict(lines.record(number).cells) for number in range(2, len(expected) + 2)] == expected
    assert {(f, r.cells["id"]) for f in found.factors for r in found.records(f)} == {
        (row["factor"], row["id"]) for row in expected
    }


@pytest.mark.parametrize("path", PACKS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_rows_of_a_factor_stand_together_and_a_total_comes_last(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    starts = [
        row["factor"] for row, before in zip(rows, [{}, *rows], strict=False) if row["factor"] != before.get("factor")
    ]
    assert len(starts) == len(set(starts))
    for row, after in pairwise(rows):
        assert row["kind"] != TOTAL or row["factor"] != after["factor"]
    assert not [row["id"] for row in rows if '"' in "".join(row[key] for key in KEYS)]


def test_no_factor_stands_in_two_packs() -> None:
    ids = [factor for path in PACKS for factor in Pack(path, path.name, COLUMNS).factors]
    assert len(ids) == len(set(ids))


def test_a_pack_is_read_when_something_of_it_is_asked_for_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    packs = Packs(Pack(path, path.stem, COLUMNS) for path in PACKS)
    read: list[str] = []
    whole = packs_module.read_lines

    def watched(path: Path, name: str, columns: tuple[str, ...]) -> Lines:
        read.append(name)
        return whole(path, name, columns)

    monkeypatch.setattr(packs_module, "read_lines", watched)
    assert list(packs.of_word("emission_factor", "electricity", {"egrid-2023-r2"}))
    assert "desnz-2024:1_100_1000_15" in packs.factors
    assert "elsewhere:1" not in packs.factors
    assert read == ["2023-r2", "2024"]


def test_a_factor_has_its_rows_with_their_lines(tmp_path: Path) -> None:
    found = table(tmp_path, TEXT + MORE)
    assert [(row.cells["id"], row.cells["name"], row.file, row.line) for row in found.records("a:1")] == [
        ("a:1:CO2", "one, gas", "a.csv", 2), ("a:1:N2O", "two", "a.csv", 3), ("a:1:CO2e", "total", "a.csv", 4),
    ]  # fmt: skip
    assert (list(found.factors), len(found)) == (["a:1", "a:12"], 4)


def test_a_factor_is_found_by_its_word_and_a_row_by_its_factor(tmp_path: Path) -> None:
    found = table(tmp_path, TEXT + MORE)
    assert (list(found.of_word("emission_factor", "w")), list(found.of_word(TOTAL, "w"))) == (["a:1"], [])
    assert (list(found.of_word("density", "w")), list(found.of_word("density", "x"))) == (["a:12"], [])
    assert [found.factor_of(row) for row in ("a:1:N2O", "a:12", "a:1", "a:1:SF6", "")] == ["a:1", "a:12", "", "", ""]
    assert ("a:1:N2O" in found, "a:1" in found) == (True, False)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not 'id,factor"),
        (TEXT.replace("name", "title", 1), "is not 'id,factor"),
        (TEXT.rstrip("\n"), "line feed"),
        (TEXT.replace("\n", "\r\n"), "line feed"),
        (f"{TEXT}a:2,a:2\n", "a.csv:4: the line is too short"),
        (f"{TEXT}\n", "a.csv:4: the line is too short"),
        (TEXT.partition("\n")[0] + "\n", "a.csv:1: the table has no row"),
        (f"{TEXT}b:2,b:2,density,w,\n", "a.csv:4: the factor 'b:2' does not start with 'a:'"),
        (
            f"{TEXT}{MORE}a:1:SF6,a:1,density,w,\n",
            "a.csv:6: the factor 'a:1' does not start with 'a:', or stands elsewhere",
        ),
    ],
)
def test_a_table_in_another_form_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        list(table(tmp_path, text).factors)
    assert message in str(caught.value)


def test_a_row_with_too_many_cells_is_refused_when_it_is_read(tmp_path: Path) -> None:
    found = table(tmp_path, f"{TEXT}a:2,a:2,density,w,one,more\n")
    assert len(found.records("a:1")) == 2
    with pytest.raises(InputError, match=r"a\.csv:4: the row has 6 cells, the header 5"):
        found.records("a:2")


def test_a_table_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_bytes(b"\xff\xfe")
    for name in ("none.csv", "b.csv"):
        with pytest.raises(InputError, match=f"{name}: cannot read the table"):
            read_lines(tmp_path / name, name, SMALL)


def test_the_words_of_the_scan_are_those_of_the_vocabulary() -> None:
    assert words() == set(vocabulary())
    assert next(iter(Word.model_fields)) == "activity"
