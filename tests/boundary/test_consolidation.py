"""The boundary from the entity table to the figures."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ghg
from ghg.boundary.consolidation import Boundary
from ghg.issues import InputError
from ghg.runs import Run
from tests.boundary.small import LEASE, run, write
from tests.boundary.test_entities import group
from tests.instruments.small import INSTRUMENT, INVENTORY, market, table

GRID = Fraction("0.558")
"""t CO2/MWh of Beijing, 2022."""
YEAR = (date(2022, 1, 1), date(2022, 12, 31))
NO_CONTROL = {"type": "associate", "equity_share": "0.4", "financial_control": "no", "operational_control": "no"}


def scope2(made: Run) -> Fraction:
    value = made.figure("scope2")
    return value.amount if value else Fraction(0)


def rules(made: Run) -> list[str]:
    return [issue.rule for issue in made.issues]


@pytest.mark.parametrize(
    ("approach", "expected"), [("equity_share", "0.83"), ("financial_control", "1"), ("operational_control", "1")]
)
def test_a_subsidiary_counts_by_the_approach(tmp_path: Path, approach: str, expected: str) -> None:
    made = run(tmp_path, [{"amount": "100"}], [{"entity": "North"}], approach)
    assert scope2(made) == 100 * GRID * Fraction(expected)
    energy = made.figure("energy")
    assert energy is not None
    assert energy.amount == 100 * Fraction(expected)


def test_rows_outside_are_counted_and_listed_and_never_dropped(tmp_path: Path) -> None:
    rows = [{"entity": "North"}, {"entity": "Other"}, {"entity": "Other"}]
    made = run(tmp_path, rows, [{"entity": "North"}, {"entity": "Other", **NO_CONTROL}], "operational_control")
    balance = made.balance
    assert (balance.posted, balance.unposted, balance.outside, balance.read) == (1, 0, 2, 3)
    [note] = [issue for issue in made.issues if issue.rule == "outside-boundary"]
    assert (note.line, note.value) == (3, "Other")
    assert "2 rows lie outside the boundary: nothing of Other is consolidated under operational control" in note.message
    assert made.is_complete
    made.save(tmp_path / "evidence")
    assert len((tmp_path / "evidence" / "outside.csv").read_text(encoding="utf-8").splitlines()) == 3


def test_rows_of_the_organisation_itself_count_in_full(tmp_path: Path) -> None:
    assert scope2(run(tmp_path, [{"entity": "Group", "amount": "100"}], [{"entity": "North"}])) == 100 * GRID


def test_a_row_of_an_unknown_entity_is_neither_inside_nor_outside(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="entity-unknown"):
        run(tmp_path, [{"entity": "Nord"}], [{"entity": "North"}])


def test_the_approach_has_to_be_stated(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="entities are consolidated by an approach"):
        run(tmp_path, [{}], [{"entity": "North"}], "not_stated")


def test_an_acquisition_counts_by_its_days(tmp_path: Path) -> None:
    made = run(tmp_path, [{"amount": "365"}], [{"entity": "North", "valid_from": "2022-07-01"}], "financial_control")
    assert scope2(made) == 184 * GRID
    assert "partly-outside" in rules(made)
    assert "2022-07-01 to 2022-12-31: 184/365 of the amount, days North is held" in str(made.explain("scope2"))


def test_a_change_of_share_within_a_row_is_weighted_by_days(tmp_path: Path) -> None:
    held = [{"entity": "North", "valid_to": "2022-06-30", "equity_share": "0.4"},
            {"entity": "North", "valid_from": "2022-07-01", "equity_share": "1"}]  # fmt: skip
    made = run(tmp_path, [{"amount": "365"}], held)
    assert scope2(made) == (181 * Fraction("0.4") + 184) * GRID


def test_a_disposal_before_the_row_leaves_it_outside(tmp_path: Path) -> None:
    made = run(tmp_path, [{"start": "2022-07-01"}], [{"entity": "North", "valid_to": "2022-06-30"}])
    assert (made.balance.posted, made.balance.outside) == (0, 1)


def test_an_operating_lease_of_a_lessee_moves_to_category_8_and_out_of_the_energy(tmp_path: Path) -> None:
    own = run(tmp_path, [{"amount": "100"}], [{"entity": "North", **LEASE}], "operational_control")
    assert scope2(own) == 100 * GRID
    other = run(tmp_path, [{"amount": "100"}], [{"entity": "North", **LEASE}], "financial_control")
    category = other.figure("scope3.8")
    assert category is not None
    assert category.amount == 100 * GRID
    assert other.figure("scope2") is other.figure("scope2_market") is other.figure("energy") is None


def test_a_bill_across_the_border_of_the_period_counts_by_its_days_when_asked(tmp_path: Path) -> None:
    rows = [{"start": "2021-12-16", "end": "2022-01-15", "amount": "31"}]
    (tmp_path / "inventory.yaml").write_text(INVENTORY, encoding="utf-8")
    from tests.instruments.small import ACTIVITY

    (tmp_path / "activity.csv").write_text(table(rows, ACTIVITY), encoding="utf-8")
    with pytest.raises(InputError, match="date-outside-period"):
        ghg.run(tmp_path / "inventory.yaml")
    (tmp_path / "inventory.yaml").write_text(INVENTORY + "cut_off: pro_rata\n", encoding="utf-8")
    made = ghg.run(tmp_path / "inventory.yaml")
    assert scope2(made) == 15 * GRID
    assert "2022-01-01 to 2022-01-15: 15/31 of the amount, in the reporting period" in str(made.explain("scope2"))
    far = [{"start": "2021-01-01", "end": "2021-12-31"}]
    (tmp_path / "activity.csv").write_text(table(far, ACTIVITY), encoding="utf-8")
    with pytest.raises(InputError, match="date-outside-period"):
        ghg.run(tmp_path / "inventory.yaml")


def test_instruments_of_an_entity_cover_its_consumption_before_shares_and_the_organisations_its_own(
    tmp_path: Path,
) -> None:
    for beneficiary, expected in (("North", Fraction("0.4") * 60), ("Group", Fraction(0))):
        held = [{"entity": "North", **NO_CONTROL}]
        path = write(tmp_path, [{"amount": "100"}], held, more="instruments: {tables: [instruments.csv]}\n")
        text = table([{"amount": "40", "beneficiary": beneficiary}], INSTRUMENT)
        (tmp_path / "instruments.csv").write_text(text, encoding="utf-8")
        made = ghg.run(path)
        assert market(made) == str(expected * Fraction("0.5856"))
        made.close()


def test_a_boundary_of_one_period_gives_whole_rows() -> None:
    [piece] = Boundary(*YEAR).pieces("", date(2022, 3, 1), date(2022, 3, 31))
    assert piece.share == 1
    assert piece.why == ""
    [part] = Boundary(date(2025, 3, 10), date(2025, 3, 19)).pieces("", date(2025, 3, 1), date(2025, 3, 31))
    assert part.share == Fraction(10, 31)


days = st.dates(date(2021, 7, 1), date(2023, 6, 30))


@settings(max_examples=80, deadline=None)
@given(days, days, days, days, st.sampled_from(["equity_share", "financial_control", "operational_control"]))
def test_shares_of_a_row_lie_between_nothing_and_its_days_inside(
    one: date, other: date, first: date, last: date, approach: str
) -> None:
    held = group({"entity": "A", "valid_from": str(min(first, last)), "valid_to": str(max(first, last))})
    boundary = Boundary(*YEAR, held, approach)  # type: ignore[arg-type]
    start, end = min(one, other), max(one, other)
    inside = sum(piece.share for piece in Boundary(*YEAR).pieces("", start, end))
    pieces = boundary.pieces("A", start, end)
    assert 0 <= sum(piece.share for piece in pieces) <= inside <= 1
    assert all(YEAR[0] <= piece.start <= piece.end <= YEAR[1] for piece in pieces)
    assert bool(pieces) or "A" in boundary.why_outside("A", start, end)
