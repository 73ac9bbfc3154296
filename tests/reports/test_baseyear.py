from __future__ import annotations

from pathlib import Path

from ghg.baseyear.recalculation import assess
from ghg.reports.baseyear import document, render
from tests.baseyears import row, write_base_year


def test_a_note_says_what_was_chosen_and_what_was_typed(tmp_path: Path) -> None:
    stated = [{"year": "2022", "figure": "scope2", "amount": "0.1", "source": "audit file 3"}]
    events = [{"event": "books", "kind": "error", "stated": stated, "voluntary": "the auditor asked for it"}]
    found = assess(write_base_year(tmp_path, {year: [row(year, "a", "10000")] for year in ("2022", "2023")}, events))
    note = render(found)
    assert "recalculated by choice" in note
    assert "the auditor asked for it" in note
    assert "Stated, not computed: scope2 2022: audit file 3." in note
    made = document(found)
    assert made.events[0].cumulative_percent == {"scope2": "1"}
    assert made.events[0].stated
    assert made.years[0].recalculated == {"scope2": "10.1"}


def test_a_base_year_of_nothing_has_no_shares(tmp_path: Path) -> None:
    grown = {"change": "add_activity", "rows": [row("2022", "b", "10", "leased_assets_electricity")], "why": "x"}
    events = [{"event": "new", "kind": "error", "by_year": {"2022": [grown]}}]
    years = {year: [row(year, "a", "10000")] for year in ("2022", "2023")}
    found = assess(write_base_year(tmp_path, years, events, figures=["scope3"]))
    assert found.is_recalculated
    assert document(found).events[0].cumulative_percent == {"scope3": None}
    assert "–" in render(found)
