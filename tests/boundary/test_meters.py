from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ghg
from ghg.boundary.meters import Span, gaps, overlaps
from ghg.issues import InputError
from tests.instruments.small import ACTIVITY, INVENTORY, table

YEAR = (date(2022, 1, 1), date(2022, 12, 31))
days = st.dates(date(2021, 11, 1), date(2023, 2, 28))


def spans(pairs: list[tuple[date, date]]) -> list[Span]:
    return sorted(
        (Span(min(pair), max(pair), "a.csv", n) for n, pair in enumerate(pairs, start=2)),
        key=lambda span: (span.start, span.end),
    )


@given(st.lists(st.tuples(days, days), max_size=6))
def test_gaps_are_the_days_that_no_row_covers(pairs: list[tuple[date, date]]) -> None:
    found = spans(pairs)
    everything = {YEAR[0] + timedelta(days=n) for n in range(365)}
    covered = {span.start + timedelta(days=n) for span in found for n in range((span.end - span.start).days + 1)}
    listed = {first + timedelta(days=n) for first, last in gaps(found, *YEAR) for n in range((last - first).days + 1)}
    assert listed == everything - covered


@given(st.lists(st.tuples(days, days), max_size=6))
def test_overlaps_are_found_where_a_day_stands_twice(pairs: list[tuple[date, date]]) -> None:
    found = spans(pairs)
    all_days = [span.start + timedelta(days=n) for span in found for n in range((span.end - span.start).days + 1)]
    assert bool(overlaps(found)) is (len(all_days) != len(set(all_days)))


def run(folder: Path, rows: list[dict[str, str]], more: str) -> ghg.Run:
    (folder / "inventory.yaml").write_text(INVENTORY + more, encoding="utf-8")
    (folder / "activity.csv").write_text(table(rows, {**ACTIVITY, "measurement": ""}), encoding="utf-8")
    return ghg.run(folder / "inventory.yaml")


BILLS = [{"end": "2022-02-28"}, {"start": "2022-04-01"}, {"start": "2022-12-01", "measurement": "meter 2"}]


def test_gaps_are_listed_by_meter(tmp_path: Path) -> None:
    made = run(tmp_path, BILLS, "continuity: note\n")
    said = [issue.message for issue in made.issues if issue.rule == "meter-gap"]
    assert said == [
        "North, purchased_electricity, CN-BJ: no row from 2022-03-01 to 2022-03-31, 31 days.",
        "North, purchased_electricity, CN-BJ, meter 2: no row from 2022-01-01 to 2022-11-30, 334 days.",
    ]


def test_a_bill_that_stands_twice_is_listed(tmp_path: Path) -> None:
    made = run(tmp_path, [{}, {"start": "2022-12-01"}], "continuity: note\n")
    [note] = [issue for issue in made.issues if issue.rule == "meter-overlap"]
    assert (note.line, note.value) == (3, "2022-12-01")
    assert "2022-12-01 to 2022-12-31, 31 days, stands in" in note.message


def test_they_are_ignored_or_refused_as_the_inventory_says(tmp_path: Path) -> None:
    assert not [issue for issue in run(tmp_path, BILLS, "").issues if issue.rule.startswith("meter")]
    with pytest.raises(InputError, match="meter-gap"):
        run(tmp_path, BILLS, "continuity: refuse\n")


def test_a_meter_of_an_entity_counts_while_it_is_held(tmp_path: Path) -> None:
    (tmp_path / "entities.csv").write_text(
        "entity,parent,type,equity_share,financial_control,operational_control,valid_from\n"
        "North,Group,subsidiary,1,yes,yes,2022-07-01\n",
        encoding="utf-8",
    )
    more = "continuity: note\nentities: [entities.csv]\n"
    made = run(tmp_path, [{"start": "2022-07-01"}], more)
    assert not [issue for issue in made.issues if issue.rule == "meter-gap"]
