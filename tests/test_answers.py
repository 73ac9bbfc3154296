"""Questions with what each answer gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from ghg import answers, runs
from ghg.answers import with_totals
from ghg.factors import FactorTable
from ghg.issues import InputError, Issue
from tests.reading.cases import row, table
from tests.reading.harness import run, write_inventory

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _only_own_factors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "library", FactorTable)


def asked(folder: Path, capsys: Captured, content: str | bytes) -> str:
    (folder / "activity.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    return run(write_inventory(folder, ["activity.csv"]), capsys).err


def test_dates_say_what_each_form_gives(tmp_path: Path, capsys: Captured) -> None:
    """One of the two days lies outside the period."""
    said = asked(tmp_path, capsys, table(row(1, date="12/01/25"), row(2, date="12/02/25")))
    assert "Their totals are the same." not in said
    assert "{dates: DD/MM/YY}}  gives 100.00 kg CO2e\n" in said
    assert "{dates: YY/MM/DD}}  gives 0.00 kg CO2e, 2 rows left out" in said
    assert "The readings are 100.00 kg CO2e apart. [date-ambiguous]" in said


def test_encodings_say_that_they_give_the_same(tmp_path: Path, capsys: Captured) -> None:
    said = asked(tmp_path, capsys, table(row(1, site="Köln"), row(2, site="Málaga")).encode("cp1252"))
    assert "Their totals are the same. [encoding-unknown]" in said or "kg CO2e" not in said


def test_marks_say_what_each_reading_gives(tmp_path: Path, capsys: Captured) -> None:
    content = table(row(1, quantity="1.234"), row(2)).replace(",", ";")
    said = asked(tmp_path, capsys, content)
    assert "reads '1.234' as 1.234  gives 50.617 kg CO2e" in said.replace("50.62", "50.617")
    assert "reads '1.234' as 1234  gives 667.00 kg CO2e" in said
    assert "The readings are 616.38 kg CO2e apart." in said


def test_other_problems_stay_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = InputError([Issue("file-empty", "empty", "Write rows.")])
    assert with_totals(plain, "inventory.yaml") is plain
    line = "Add:\n    reading: {activity.csv: {dates: DD/MM/YYYY}}"
    question = InputError([Issue("date-ambiguous", "two", line)])
    inventory = write_inventory(tmp_path, ["activity.csv"])
    (tmp_path / "activity.csv").write_text(table(row(1, date="01/02/2025")), encoding="utf-8")
    [issue] = with_totals(question, str(inventory)).issues
    assert issue.hint == f"{line}  gives 50.00 kg CO2e"
    monkeypatch.setattr(answers, "LARGEST", 10)
    assert with_totals(question, str(inventory)).issues[0].hint == line
