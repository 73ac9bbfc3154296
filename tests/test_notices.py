from __future__ import annotations

import ghg
from ghg.issues import Severity
from ghg.notices import notes_of


def test_a_reader_is_told_what_totals_rest_on_and_what_keeps_its_gwp_set() -> None:
    run = ghg.run("scenarios/kingsoft-cloud/2024.yaml", gwp="AR6")
    found = notes_of(run)
    assert [note.rule for note in found[:2]] == ["back-calculated", "gwp-kept"]
    assert "scope1 100 %" in found[0].message
    assert {note.severity for note in found} == {Severity.NOTE}
    run.close()
