"""The stages of reading, one by one; ``tests/reading`` runs whole files."""

from __future__ import annotations

import gzip
import os
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ghg.issues import InputError, Issue
from ghg.numbers import parse
from ghg.reading import Manner, Reading, read_table
from ghg.reading.cells import Exact, clean, seen
from ghg.reading.dates import FORMS, in_form, of_serial, read_days
from ghg.reading.declaration import ENCODINGS
from ghg.reading.delimited import LONGEST_LINE, MOST_COLUMNS, check_lengths
from ghg.reading.encoding import decode
from ghg.reading.marks import conventions, odd_signs, plain, readings, rule_of
from ghg.reading.source import read_source
from ghg.reading.table import SHOWN, capped

PACKED = gzip.compress(b"abc" * 100, mtime=0)


def issue_of(path: Path, **options: int) -> Issue:
    with pytest.raises(InputError) as caught:
        read_source(path, "file.csv", **options)
    (issue,) = caught.value.issues
    return issue


# Bytes


def test_a_source_is_read_once_with_its_checksum(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"abc")
    source = read_source(tmp_path / "f", "f")
    assert (source.content, source.kind) == (b"abc", "text")
    assert source.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_packed_file_is_unpacked_and_its_checksum_is_that_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "f.gz").write_bytes(packed := gzip.compress(b"a,b\n1,x\n" * 1000))
    source = read_source(tmp_path / "f.gz", "f.gz")
    assert source.content == b"a,b\n1,x\n" * 1000
    assert source.stored == packed


def test_what_is_packed_out_of_proportion_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    (tmp_path / "f.gz").write_bytes(gzip.compress(b"0" * 40_000_000))
    assert issue_of(tmp_path / "f.gz").rule == "limit-size"


@pytest.mark.parametrize("content", [PACKED[:20], PACKED * 2, b"\x1f\x8bnothing"])
def test_a_broken_pack_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "f.gz").write_bytes(content)
    assert issue_of(tmp_path / "f.gz").rule == "file-kind"


def test_a_file_beyond_the_limit_is_refused_without_reading_it(tmp_path: Path) -> None:
    with (tmp_path / "f").open("wb") as file:
        file.truncate(5_000_000_000)
    issue = issue_of(tmp_path / "f")
    assert issue.rule == "limit-size"
    assert "5,000,000,000 bytes" in issue.message


def test_a_pipe_a_folder_and_a_device_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, Path("/dev/zero"), tmp_path / "absent"):
        assert issue_of(path).rule == "file-missing"


@pytest.mark.parametrize(("content", "word"), [(b"%PDF-1.7\n", "PDF"), (bytes.fromhex("d0cf11e0a1b11ae1"), "password")])
def test_a_file_of_another_kind_is_named(tmp_path: Path, content: bytes, word: str) -> None:
    (tmp_path / "file.csv").write_bytes(content)
    with pytest.raises(InputError, match=word):
        read_table(tmp_path / "file.csv", "file.csv", ("a",))


# Declarations


@pytest.mark.parametrize(
    "stated",
    [
        {"encoding": "utf-7"}, {"delimiter": "::"}, {"decimal": "·"}, {"decimal": ",", "thousands": ","},
        {"thousands": "."} | {"decimal": "."}, {"dates": "YYYY"}, {"dates": "DD/DD/YYYY"}, {"dates": "excel"},
        {"header_row": "0"}, {"header_row": "1_0"}, {"columns": {"amount": "x"}, "fill": {"amount": "1"}},
        {"columns": {"amount": "x"}, "ignore": ["x"]},
        {"colour": "x"},
    ],
)  # fmt: skip
def test_a_declaration_that_says_nothing_clear_is_refused(stated: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Reading.model_validate(stated)


def test_a_line_to_declare_is_yaml_that_declares_it() -> None:
    import yaml

    line = Manner("a b, c.csv").line(delimiter="\t", thousands="'", decimal=",")
    stated = yaml.safe_load(line)["reading"]["a b, c.csv"]
    assert Reading.model_validate(stated) == Reading(delimiter="\t", thousands="'", decimal=",")


# Encodings


@given(st.text(st.characters(codec="gb18030", exclude_categories=["C"])))
def test_a_declared_encoding_is_taken(text: str) -> None:
    content = text.encode("gb18030")
    if not content.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        assert decode(content, "f", Manner("f", Reading(encoding="gb18030"))) == text


@pytest.mark.parametrize("name", ENCODINGS)
def test_every_encoding_that_can_be_declared_reads_ascii(name: str) -> None:
    content = "a,b".encode(ENCODINGS[name])
    assert decode(content, "f", Manner("f", Reading(encoding=name))).removeprefix("\ufeff") == "a,b"


def test_a_declaration_that_the_bytes_contradict_is_refused() -> None:
    for content, name in ((b"\xef\xbb\xbfa", "cp1252"), ("Köln".encode(), "cp1252"), (b"\xff\xfea\0", "gb18030")):
        with pytest.raises(InputError, match=r"\[file-encoding\]"):
            decode(content, "f", Manner("f", Reading(encoding=name)))


def test_bytes_that_are_not_the_declared_encoding_are_refused_with_their_place() -> None:
    with pytest.raises(InputError, match=r"f:2: byte 0xff at offset 2 is not gb18030"):
        decode(b"a\n\xff\xff", "f", Manner("f", Reading(encoding="gb18030")))


# Lengths


def test_lengths_are_checked_at_a_few_places_only() -> None:
    check_lengths("a\n" * 3 * LONGEST_LINE, "f")
    check_lengths(("a" * LONGEST_LINE + "\n") * 2, "f")
    with pytest.raises(InputError, match="f:2: the line is longer"):
        check_lengths("a\n" + "b" * (LONGEST_LINE + 1), "f")


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text(",".join(f"c{n}" for n in range(MOST_COLUMNS + 1)), encoding="utf-8")
    with pytest.raises(InputError, match="limit-columns"):
        read_table(tmp_path / "f.csv", "f.csv", ("a",))


# Cells


def test_plain_cells_stay_as_they_are() -> None:
    assert clean([" a ", "b c"]).cells == ["a", "b c"]
    found = clean([Exact(" 1 "), "\u00a0x\u00a0\u00a0y"])
    assert found.cells == [" 1 ", "x y"]


def test_text_is_shown_quoted_and_cut() -> None:
    assert seen("a\x1b") == r"'a\x1b'"
    assert len(seen("x" * 10_000)) < 80


def test_more_issues_than_shown_are_counted() -> None:
    found = capped(Issue("row-ragged", "wide.", line=line) for line in range(1, SHOWN + 11))
    assert len(found) == SHOWN
    assert found[-1].message == "wide. 10 more rows have the same problem."


# Numbers


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9))
def test_a_number_written_with_declared_marks_keeps_its_value(number: object) -> None:
    text = f"{number:,}"
    for decimal, thousands in ((".", ","), (",", "."), (",", "space"), (".", "'")):
        sign = {"space": " "}.get(thousands, thousands)
        written = text.replace(",", "\0").replace(".", decimal).replace("\0", sign)
        read = plain(written, Reading.model_validate({"decimal": decimal, "thousands": thousands}))
        assert read is not None
        assert parse(read) == Fraction(str(number))


@given(st.text("0123456789.,' -+eE", max_size=12))
def test_no_text_is_a_plain_number_and_breaks_a_rule(text: str) -> None:
    try:
        parse(text)
    except ValueError:
        assert rule_of(text)
    else:
        assert rule_of(text) == ""


@given(st.text("0123456789.,' -+", max_size=10))
def test_every_reading_is_a_plain_number_under_its_marks(text: str) -> None:
    for number, marks in readings(text).items():
        assert plain(text, Reading.model_validate(marks)) == number
        assert rule_of(number) == ""


def test_groups_are_of_three_digits() -> None:
    comma = Reading(decimal=".", thousands=",")
    assert [plain(text, comma) for text in ("1,234", "12,34", ",234", "1,234,", "1,2345")] == ["1234", *[None] * 4]


def test_full_width_digits_are_read_when_declared() -> None:
    assert plain("１２．５", Reading(digits="full-width")) == "12.5"
    assert plain("１２．５", Reading(decimal=".")) is None


def test_conventions_read_every_text() -> None:
    assert [read for _, read in conventions("1.234", ["1.234", "5,5"])] == ["1234"]
    assert [read for _, read in conventions("1.234", ["1.234"])] == ["1.234", "1234"]


def test_odd_signs_are_named() -> None:
    assert odd_signs("12") == ""
    assert "U+FF11 (fullwidth digit one)" in odd_signs("１2")


# Dates


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(FORMS))
def test_a_date_written_in_a_form_is_read_in_it(day: date, form: str) -> None:
    text = form.replace("YYYY", f"{day.year}").replace("YY", f"{day.year % 100:02}").replace("DD", f"{day.day:02}")
    text = text.replace("MM", f"{day.month:02}").replace("MON", day.strftime("%b"))
    assert in_form(text, form) == day.isoformat()


@given(st.lists(st.dates(date(2000, 1, 1), date(2099, 12, 31)), min_size=1, max_size=5), st.sampled_from(FORMS[:19]))
def test_days_are_those_of_the_form_or_asked(days: list[date], form: str) -> None:
    """Whatever order days were written in, what comes out is what was meant, a question, or nothing."""
    written = {
        form.replace("YYYY", f"{day.year}").replace("YY", f"{day.year % 100:02}").replace("DD", f"{day.day:02}")
        .replace("MM", f"{day.month:02}").replace("MON", day.strftime("%b")): day
        for day in days
    }  # fmt: skip
    found = read_days(written, None)
    if not found.readings and not found.mixed:
        assert {text: day.isoformat() for text, day in written.items() if text != day.isoformat()} == found.days


def test_serial_numbers_have_two_systems() -> None:
    assert (of_serial("45672", "excel-1900"), of_serial("44210", "excel-1904")) == ("2025-01-15", "2025-01-15")
    assert (of_serial("60", "excel-1900"), of_serial("45672.75", "excel-1900")) == (None, "2025-01-15")
