from __future__ import annotations

from ghg.reports import verification
from ghg.verification import Finding, Verification


def found(*findings: Finding) -> Verification:
    return Verification("made", "2024.yaml", "0a", findings, ("a note",))


def test_the_text_counts_what_is_unchanged_and_shows_what_differs() -> None:
    text = verification.text(
        found(
            Finding("file", "run.json", "unchanged", "a", "a"),
            Finding("file", "more.csv", "added", "", "b"),
            Finding("figure", "scope2", "changed", "1 t", "2 t"),
        )
    )
    assert "1 unchanged, 1 added\n  added       more.csv\n" in text
    assert "figures\n  changed     scope2\n    before  1 t\n    now     2 t\n" in text
    assert text.startswith("Evidence made: NOT VERIFIED.")
    assert text.endswith("seal  0a\n· a note")


def test_a_long_list_is_cut_in_text_alone() -> None:
    many = found(*(Finding("figure", f"scope3.{number}", "changed", "1 t", "2 t") for number in range(25)))
    assert "… and 5 more: --format csv lists all" in verification.text(many)
    assert verification.table(many).count("\n") == 26
    assert len(verification.document(many).findings) == 25


def test_a_terminal_does_not_obey_a_damaged_file() -> None:
    assert "\x1b" not in verification.text(found(Finding("line", "run.json:1", "changed", "\x1b[2J", "{")))
