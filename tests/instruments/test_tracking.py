"""Numbers of certificates: no certificate counts twice, however its number is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from ghg.instruments.declaration import InstrumentRow
from ghg.instruments.tracking import Numbers, Series, numbers_of
from tests.instruments.small import CONTRACT, INSTRUMENT, market, run


def numbers(tracking_id: str, **cells: str) -> Numbers:
    row = InstrumentRow.model_validate({"id": "1", **INSTRUMENT, "tracking_id": tracking_id, **cells})
    found = numbers_of(row)
    assert found
    return found


@pytest.mark.parametrize(
    ("one", "other", "is_shared"),
    [
        ("1001-1250", "1001 – 1250", True), ("1001-1250", "1250-1499", True), ("1001-1250", "1251-1500", False),
        ("GEC-1001-1250", "gec-1200-1449", True), ("GEC-1001-GEC-1250", "GEC-1250-GEC-1499", True),
        ("A-1001-1250", "B-1001-1250", False), ("7-2022", "9-2022", False), ("T1", "t1", True), ("T1", "T2", False),
        ("1250-1001", "1001-1250", False), ("x", "x", True),
        ("1001-1100; 1201-1350", "1350-1599", True), ("1001-1100, 1201-1350", "1101-1200, 1351-1500", False),
        ("1001-1100, 1201-1349, 1400", "1400-1649", True), ("1001-1100, annex", "1001-1250", False),
        ("0042", "42", True), ("0", "000", True), ("A042", "A42", False),
    ],
)  # fmt: skip
def test_two_numbers_share_a_certificate_or_not(one: str, other: str, is_shared: bool) -> None:
    assert numbers(one).shares(numbers(other)) == numbers(other).shares(numbers(one)) == is_shared


def test_a_series_counts_as_many_as_the_amount_has_megawatt_hours() -> None:
    found = numbers("1001-1250", amount="250000", unit="kWh")
    assert found.series == (Series("", 1001, 1250),)
    assert numbers("1001-1250", amount="251").series == ()
    assert numbers("1001-1250", **CONTRACT).series == ()
    assert numbers("1100", amount="1").shares(found)
    assert not numbers("1100", amount="2").shares(found)
    assert not found.shares(numbers("1250-1499", registry="another"))
    assert found.shares(numbers("1250-1499", registry=" Gec"))


def test_no_number_is_none() -> None:
    assert numbers_of(InstrumentRow.model_validate({"id": "1", **INSTRUMENT, "tracking_id": ""})) is None


@pytest.mark.parametrize("again", ["1001-1250", "1001 – 1250", "1200-1449"])
def test_a_certificate_covers_once_however_its_number_is_written(tmp_path: Path, again: str) -> None:
    once = run(tmp_path, [{}], [{"tracking_id": "1001-1250"}])
    twice = run(tmp_path, [{}], [{"tracking_id": "1001-1250"}, {"tracking_id": again, "registry": "gec"}])
    assert market(once) == market(twice)
    assert any("stands in" in note.message for note in twice.issues if note.rule == "instrument-not-applied")
