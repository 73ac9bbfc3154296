"""YAML read strictly: text stays text, and whatever can hide a mistake is refused with its place."""

from __future__ import annotations

import re
from pathlib import Path
from time import perf_counter

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from ghg.documents import MAXIMUM_DEPTH, Document, read_document
from ghg.issues import InputError, Issue


class Person(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    age: int
    tags: tuple[str, ...] = ()


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "file.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(folder: Path, content: str | bytes) -> Document:
    return read_document(written(folder, content), "file.yaml")


def refused(folder: Path, content: str | bytes) -> Issue:
    with pytest.raises(InputError) as caught:
        read(folder, content)
    (issue,) = caught.value.issues
    return issue


def place(issue: Issue) -> tuple[str, int | None, int]:
    """File, line and column of a refusal; each message of this reader begins with its column."""
    found = re.match(r"column (\d+): ", issue.message)
    assert found, issue.message
    return issue.file, issue.line, int(found[1])


@pytest.mark.parametrize(
    "text", ["1.10", "no", "0123", "0x1F", "1e3", ".nan", "2024-01-01", "12:30:45", "true", "1_000", "${HOME}"]
)  # fmt: skip
def test_a_scalar_stays_the_text_it_was_written_as(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, f"a: {text}\nb:\n  - {text}\n").tree == {"a": text, "b": [text]}


def test_quoted_and_folded_text_keeps_its_words(tmp_path: Path) -> None:
    assert read(tmp_path, "a: 'null'\nb: \"~\"\nc: ''\nd: >-\n  one\n  two\n").tree == {
        "a": "null", "b": "~", "c": "", "d": "one two",
    }  # fmt: skip


scalars = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=8)
trees = st.dictionaries(
    scalars, st.recursive(scalars, lambda child: st.lists(child) | st.dictionaries(scalars, child), max_leaves=5)
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(trees)
def test_what_a_yaml_writer_writes_in_quotes_reads_back_the_same(tmp_path: Path, tree: dict[str, object]) -> None:
    assert read(tmp_path, yaml.safe_dump(tree, default_style='"', allow_unicode=True)).tree == tree


def test_each_node_keeps_its_line_and_column(tmp_path: Path) -> None:
    document = read(tmp_path, "a:\n  b: 1\n  c: [x, y]\n")
    assert document.places == {
        (): (1, 1), ("a",): (2, 3), ("a", "b"): (2, 6), ("a", "c"): (3, 6), ("a", "c", 0): (3, 7),
        ("a", "c", 1): (3, 10),
    }  # fmt: skip


def test_a_duplicate_key_is_refused_with_both_lines(tmp_path: Path) -> None:
    issue = refused(tmp_path, "gwp: AR6\nbooks: [x]\ngwp: AR5\n")
    assert (issue.rule, place(issue)) == ("yaml-refused", ("file.yaml", 3, 1))
    assert "'gwp' a second time (first on line 1)" in issue.message


def test_a_duplicate_key_counts_from_the_key_and_not_from_its_block(tmp_path: Path) -> None:
    assert "first on line 1" in refused(tmp_path, "a:\n\n  x: 1\nb: 2\na: 3\n").message


def test_a_duplicate_key_inside_braces_is_refused(tmp_path: Path) -> None:
    assert place(refused(tmp_path, "a: {b: 1, b: 2}\n")) == ("file.yaml", 1, 11)


@pytest.mark.parametrize(
    ("text", "line", "column", "what"),
    [
        ("a: !!str 1\n", 1, 4, "tag"),
        ("a: 1\nb: !!python/object/apply:os.getcwd []\n", 2, 4, "tag"),
        ("!!str a: 1\n", 1, 1, "tag"),
        ("a: 1\nb: &x 1\n", 2, 4, "anchor"),
        ("&x a: 1\n", 1, 1, "anchor"),
        ("a: [1, *x]\n", 1, 8, "alias"),
        ("*x : 1\n", 1, 1, "key that is not plain text"),
        ("? [a]\n: 1\n", 1, 3, "key that is not plain text"),
        ("a: 1\n---\nb: 2\n", 3, 1, "second document"),
        ('a: "x\\0"\n', 1, 4, "U+0000"),
        ('a: "x\\x9b"\n', 1, 4, "U+009B"),
        ('a: "x\\u2028y"\n', 1, 4, "U+2028"),
        ("a: b\tc\n", 1, 4, "a tab within text"),
    ],
)
def test_a_feature_that_can_hide_a_mistake_is_refused(
    tmp_path: Path, text: str, line: int, column: int, what: str
) -> None:
    issue = refused(tmp_path, text)
    assert (issue.rule, place(issue)) == ("yaml-refused", ("file.yaml", line, column))
    assert what in issue.message
    assert issue.hint


@pytest.mark.parametrize("blank", ["", "~", "null", "Null", "NULL", "# a comment"])
def test_a_blank_value_is_refused(tmp_path: Path, blank: str) -> None:
    issue = refused(tmp_path, f"a: 1\nb: {blank}\n")
    assert (issue.rule, issue.file, issue.line) == ("yaml-refused", "file.yaml", 2)
    assert "a blank value" in issue.message


def test_a_blank_item_and_a_blank_key_are_refused(tmp_path: Path) -> None:
    assert place(refused(tmp_path, "a:\n  - x\n  -\n")) == ("file.yaml", 3, 4)
    assert place(refused(tmp_path, "a: 1\n~: 2\n")) == ("file.yaml", 2, 1)


def test_an_alias_bomb_is_refused_at_its_first_anchor_at_once(tmp_path: Path) -> None:
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 12)]
    start = perf_counter()
    issue = refused(tmp_path, "\n".join(["l0: &l0 [x, x]", *levels, ""]))
    assert perf_counter() - start < 1
    assert place(issue) == ("file.yaml", 1, 5)


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a: ", "}"), ("[", ""), ("- ", ""), ("? ", "")])
@pytest.mark.parametrize("depth", [5_000, 100_000])
def test_deep_nesting_is_refused_at_once(tmp_path: Path, opening: str, closing: str, depth: int) -> None:
    start = perf_counter()
    issue = refused(tmp_path, f"{opening * depth}x{closing * depth}\n")
    assert perf_counter() - start < 2
    assert place(issue)[:2] == ("file.yaml", 1)


def test_nesting_is_allowed_down_to_the_maximum_depth(tmp_path: Path) -> None:
    def nested(depth: int) -> str:
        return f"a: {'[' * (depth - 1)}x{']' * (depth - 1)}\n"

    assert isinstance(read(tmp_path, nested(MAXIMUM_DEPTH)).tree, dict)
    assert "nesting deeper" in refused(tmp_path, nested(MAXIMUM_DEPTH + 1)).message


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a:\n\t- b\n", 2, 1),
        ("a: 'open\n", 2, 1),
        ("a: b: c\n", 1, 5),
        ("a: [1, , 2]\n", 1, 8),
        ("a: @b\n", 1, 4),
        ("a: 1\nb: é\x07\n", 2, 5),
        ("", 1, 1),
        ("# a comment only\n", 1, 1),
        ("- a\n- b\n", 1, 1),
        ("words\n", 1, 1),
    ],
)
def test_what_is_not_a_mapping_in_yaml_is_refused_with_its_place(
    tmp_path: Path, text: str, line: int, column: int
) -> None:
    issue = refused(tmp_path, text)
    assert (issue.rule, place(issue)) == ("yaml-syntax", ("file.yaml", line, column))
    assert issue.hint


def test_tab_indentation_is_told_to_use_spaces(tmp_path: Path) -> None:
    assert "Indent with spaces" in refused(tmp_path, "a:\n\tb: 1\n").hint


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_document(tmp_path / "none.yaml", "none.yaml")
    (issue,) = caught.value.issues
    assert (issue.rule, issue.file) == ("file-missing", "none.yaml")


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="file-missing"):
        read_document(tmp_path, "folder")


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [(b"a: \xff\n", 1, 4), (b"a: 1\nb: \xc3\xa9\xe9\n", 2, 5), (b"\xef\xbb\xbfa: 1\n\xff\n", 2, 1)],
)
def test_a_file_that_is_not_utf8_is_refused_with_its_place(
    tmp_path: Path, content: bytes, line: int, column: int
) -> None:
    issue = refused(tmp_path, content)
    assert (issue.rule, place(issue)) == ("file-encoding", ("file.yaml", line, column))


def test_a_utf16_file_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, "a: 1\n".encode("utf-16")).rule == "file-encoding"


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbfa: 1\r\nb: 2\r\n").tree == {"a": "1", "b": "2"}


def test_a_document_becomes_a_model(tmp_path: Path) -> None:
    assert read(tmp_path, "name: no\nage: 30\ntags: [a, 010]\n").validate(Person) == Person(
        name="no", age=30, tags=("a", "010")
    )


@pytest.mark.parametrize(
    ("text", "line", "column", "field", "hint"),
    [
        ("name: A\n", 1, 1, "age", "Add the field"),
        ("name: A\nage: ten\n", 2, 6, "age", "Found 'ten'"),
        ("name: A\nage: 1\nnick: B\n", 3, 7, "nick", "Remove the field"),
        ("name: A\nage: 1\ntags:\n  - a\n  - {b: 1}\n", 5, 5, "tags.1", ""),
    ],
)
def test_a_field_that_does_not_fit_is_placed_at_its_value(
    tmp_path: Path, text: str, line: int, column: int, field: str, hint: str
) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text).validate(Person)
    (issue,) = caught.value.issues
    assert (issue.rule, place(issue), issue.column) == ("field-invalid", ("file.yaml", line, column), field)
    assert issue.hint.startswith(hint)


def test_every_field_that_does_not_fit_is_listed(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, "age: ten\nnick: B\n").validate(Person)
    assert [issue.column for issue in caught.value.issues] == ["name", "age", "nick"]
