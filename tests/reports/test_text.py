from __future__ import annotations

import unicodedata
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ghg
from ghg.reports import text
from ghg.statement import Cell, Statement

SCENARIO = Path(__file__).parent.parent.parent / "scenarios" / "kingsoft-cloud" / "2024.yaml"


@pytest.mark.parametrize(
    ("shown", "columns"), [("", 0), ("kWh", 3), ("电力", 4), ("ＣＯ２", 6), ("e\u0301", 1), ("CO₂", 3), ("−0.61", 5)]
)
def test_wide_characters_take_two_columns_and_combining_ones_none(shown: str, columns: int) -> None:
    assert text.width(shown) == columns


WORDS = st.text(st.sampled_from("ab电力é"), min_size=1, max_size=12)


@given(st.lists(st.lists(WORDS, min_size=3, max_size=3), min_size=1, max_size=5))
def test_every_line_is_aligned_by_terminal_columns(rows: list[list[str]]) -> None:
    normal = [[unicodedata.normalize("NFC", cell) for cell in row] for row in rows]
    _, rule, *lines = text.columns(["x", "y", "z"], normal, [2])
    assert {text.width(line) for line in lines} == {len(rule)}
    assert all(line.endswith(row[2]) for line, row in zip(lines, normal, strict=True))


def test_numbers_are_aligned_right_and_text_left() -> None:
    assert text.columns(["name", "t"], [["a", "1.00"], ["电力", "12,345.00"]], [1]) == [
        "name          t",
        "────  ─────────",
        "a          1.00",
        "电力  12,345.00",
    ]


def test_a_long_first_cell_goes_on_and_a_long_id_stays_whole() -> None:
    label, name = "Scope 3 category 4: upstream transportation and distribution", "publisher:" + "x" * 60
    lines = text.columns(["figure", "t"], [[label, "1.00"], [name, "2.00"], ["", "3.00"]], [1])
    assert lines[2].split() == ["Scope", "3", "category", "4:", "upstream", "transportation", "1.00"]
    assert lines[3] == "  and distribution"
    assert lines[4] == f"{name}  2.00"
    assert lines[5].split() == ["3.00"]


def test_notes_wrap_under_their_mark() -> None:
    long = "word " * 40
    lines = text.notes([long, "  belongs to it", ""])
    assert lines[0].startswith("· word")
    assert lines[1].startswith("  word")
    assert lines[-1] == "  · belongs to it"
    assert max(map(len, lines)) <= text.WIDTH
    assert " ".join(lines[:2]).replace("·", "").split() == long.split()


def test_a_statement_shows_two_decimals_and_its_notes() -> None:
    rows: tuple[dict[str, Cell], ...] = (
        {"scope": "2", "co2e": Fraction("57639.345")},
        {"scope": "1", "co2e": Fraction("0.0004")},
    )
    found = Statement("Emissions", ("scope", "co2e"), rows, ("under AR5.",))
    assert str(found).splitlines() == [
        "Emissions",
        "",
        "scope       co2e",
        "─────  ─────────",
        "2      57,639.35",
        "1       0.000400",
        "",
        "· under AR5.",
    ]


def test_a_run_that_is_complete_says_nothing_before_its_title() -> None:
    run = ghg.run(SCENARIO)
    shown = text.render_run(run).splitlines()
    changed = text.render_run(run.what_if({"cn-mee-2022:national": "0.45 kg/kWh"}))
    run.close()
    assert text.incomplete(run) == []
    assert shown[:2] == text.heading(run)[:2]
    assert shown[0] == run.inventory.title
    assert max(text.width(line) for line in shown) < 160
    assert "· what-if: cn-mee-2022:national: 0.5366 kg/kWh → 0.45 kg/kWh" in changed.splitlines()


def test_a_check_ends_with_a_count_of_its_verdicts() -> None:
    run = ghg.run(SCENARIO)
    shown = str(run.check()).splitlines()
    run.close()
    assert [line for line in shown if line in ("Why", "What the table proves by itself", "Notes")] == [
        "Why", "What the table proves by itself", "Notes",
    ]  # fmt: skip
    assert shown[-1].startswith("From activity data: 6 exact, 13 implied, 2 consistent, 1 not recomputed.")
