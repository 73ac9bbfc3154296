from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest

import ghg
from ghg.change.comparison import compare
from ghg.issues import GhgError, UnknownNameError
from ghg.runs import Run

FOLDER = "scenarios/kingsoft-cloud"


@pytest.fixture(scope="module")
def years() -> Iterator[tuple[Run, Run]]:
    found = ghg.run(f"{FOLDER}/2023.yaml"), ghg.run(f"{FOLDER}/2024.yaml")
    yield found
    for run in found:
        run.close()


def test_lines_by_dimensions_hold_what_stands_in_either_run(years: tuple[Run, Run]) -> None:
    before, after = years
    rows = {row["activity"]: row for row in compare(before, after, ("activity",), "location").rows}
    assert rows["leased_assets_electricity"]["before"] == 0
    assert rows["leased_assets_electricity"]["change_percent"] == "–"
    total = sum((Fraction(row["change"]) for row in rows.values()), Fraction(0))
    figures = [run.figure(name) for run in (after, before) for name in ("scope1+2", "scope3")]
    amounts = [value.amount for value in figures if value]
    assert total == amounts[0] + amounts[1] - amounts[2] - amounts[3]


def test_a_swapped_factor_goes_on_one_line_and_comes_on_another(years: tuple[Run, Run]) -> None:
    _, run = years
    after = run.what_if(swap={"cn-mee-2022:national": "cn-mee-2023:national"})
    rows = {row["factor"]: row for row in after.compare(run, "factor", book="location").rows}
    assert rows["cn-mee-2022:national"]["after"] == 0
    assert rows["cn-mee-2023:national"]["before"] == 0


def test_the_notes_tell_two_inventories_apart(years: tuple[Run, Run]) -> None:
    before, after = years
    assert compare(before, after).notes[0].startswith("before, kingsoft-cloud-2023: CO2e under")
    assert "equal to a full run" in compare(after, after.what_if(gwp="AR6")).notes[-1]


def test_what_means_nothing_is_refused(years: tuple[Run, Run]) -> None:
    with pytest.raises(GhgError, match="never added"):
        compare(*years, ("scope",))
    with pytest.raises(UnknownNameError, match="scope"):
        compare(*years, ("scop",), "location")
