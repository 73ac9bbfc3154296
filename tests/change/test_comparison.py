from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import pytest

import ghg
from ghg.change.comparison import compare
from ghg.issues import GhgError, UnknownNameError
from ghg.runs import Run
from tests.scenario import edited

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


def located(folder: Path) -> Run:
    """The inventory of 2024 with the location-based book alone."""
    return ghg.run(edited(folder, "books: [location, market]", "books: [location]", "2024.yaml"))


def test_a_figure_that_a_run_does_not_have_is_missing_and_not_zero(years: tuple[Run, Run], tmp_path: Path) -> None:
    one, both = located(tmp_path), years[1]
    for before, after, held, missing in ((one, both, "after", "before"), (both, one, "before", "after")):
        rows = {row["figure"]: row for row in compare(before, after).rows}
        found = rows["scope2_market"]
        assert (found[missing], found["change"], found["change_percent"]) == ("–", "–", "–")
        value = both.figure("scope2_market")
        assert value
        assert found[held] == value.amount
        assert rows["scope2"]["change"] == 0
    [line] = [row for row in compare(one, both, ("scope", "book")).rows if row["book"] == "market"]
    assert (line["before"], line["change"]) == ("–", "–")
    assert both.what_if({"cn-mee-2022:national": "0.5366 kg/kWh"}).totals("scope", book="market").rows
    one.close()


def test_a_book_that_is_not_computed_gives_no_smaller_total(years: tuple[Run, Run], tmp_path: Path) -> None:
    one = located(tmp_path)
    changed = one.what_if({"cn-mee-2022:national": "0.45 kg/kWh"})
    asks: list[Callable[[], object]] = [
        lambda: one.totals("scope", book="market"),
        lambda: one.totals("scope", book="x"),
        lambda: changed.totals("scope", book="market"),
        lambda: compare(one, years[1], ("scope",), "market"),
    ]
    for ask in asks:
        with pytest.raises(GhgError, match="its 'books' are 'location'"):
            ask()
    market = one.again(one.inventory.model_copy(update={"books": ("market",)}))
    with pytest.raises(GhgError, match="compute different books"):
        compare(one, market, ("scope",))
    one.close()
