from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

import ghg
from ghg.change.bridge import Bridge
from ghg.reports import bridges
from ghg.reports.text import width

FOLDER = Path(__file__).parent.parent.parent / "scenarios" / "kingsoft-cloud"


@pytest.fixture(scope="module")
def found() -> Iterator[Bridge]:
    before, after = ghg.run(FOLDER / "2023.yaml"), ghg.run(FOLDER / "2024.yaml")
    yield after.bridge(before)
    before.close()
    after.close()


def test_csv_has_every_line_and_its_numbers_sum_exactly(found: Bridge) -> None:
    rows = list(csv.DictReader(io.StringIO(bridges.as_csv(found))))
    assert len(rows) == len(found.lines) == 9
    document = bridges.bridge_document(found)
    assert document.total.after == "244916.8710129818"
    exact = [row for row, line in zip(rows, document.lines, strict=True) if line.exact]
    for row in exact:
        effects = sum((Fraction(value) for name, value in row.items() if name.startswith("by_")), Fraction(0))
        assert effects == Fraction(row["after"]) - Fraction(row["before"])


def test_the_text_fits_a_terminal_and_leaves_empty_effects_out(found: Bridge) -> None:
    text = bridges.render(found, 80)
    assert all(width(line) <= 118 for line in text.splitlines())
    assert "error correction" not in text
    assert "73,870.46" in text
    assert "the data cannot say" in text


def test_the_page_is_whole(found: Bridge) -> None:
    page = bridges.as_html(found)
    assert page.startswith("<!DOCTYPE html>")
    assert page.count("<svg") == page.count("</svg>") == 1
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    assert '<th scope="row">scope 3</th>' in page


def test_the_shipped_bridge_is_pinned_beside_its_inventories(found: Bridge) -> None:
    assert bridges.as_csv(found) == (FOLDER / "bridge-2023-2024.csv").read_text(encoding="utf-8")
