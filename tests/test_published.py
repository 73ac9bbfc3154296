from __future__ import annotations

from pathlib import Path

import pytest

import ghg
from ghg.issues import GhgError, InputError
from ghg.published import Verdict
from tests.scenario import edited, finding


def test_a_published_table_with_a_bad_number_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        ghg.run(edited(tmp_path, "13.83", "about 14")).check()
    [issue] = caught.value.issues
    assert (issue.rule, issue.column) == ("field-invalid", "printed")
    assert issue.file.endswith("published.csv")
    assert issue.line == 27


def test_an_unknown_figure_in_a_published_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no figure 'scope4'"):
        ghg.run(edited(tmp_path, "scope3.8,2,", "scope4,2,")).check()


def test_a_figure_without_a_unit_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"the figure 'energy' has no unit") as caught:
        ghg.run(edited(tmp_path, "MWh,MWh,2024-01-01", "MWh,,2024-01-01")).check()
    assert {(issue.rule, issue.line is None) for issue in caught.value.issues} == {("field-invalid", False)}


ENERGY = "comprehensive energy consumption,MWh,MWh,2024"


@pytest.mark.parametrize(
    ("units", "said"),
    [
        ("comprehensive energy consumption,kWh,MWh,2024", "the unit 'MWh' is not the printed one, 'kWh'"),
        ("comprehensive energy consumption,MWh,t,2024", "'t' is no unit of 'energy', which is stated in MWh"),
        (
            "comprehensive energy consumption,MWh,MWh/t,2024",
            "'MWh/t' is no unit of 'energy': an intensity alone has a quotient of units",
        ),
    ],
)
def test_a_unit_that_is_not_the_printed_one_or_the_figures_is_refused(tmp_path: Path, units: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        ghg.run(edited(tmp_path, ENERGY, units)).check()
    [issue] = caught.value.issues
    assert said in issue.message
    assert (issue.rule, bool(issue.line)) == ("field-invalid", True)


def test_a_figure_that_is_printed_twice_is_told_where_it_cannot_be_one_number(tmp_path: Path) -> None:
    path = edited(tmp_path, ENERGY, ENERGY)
    table = path.parent / "published.csv"
    text = table.read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if ENERGY in line)
    for again, count in (('"107,637"', 0), ('"107,639"', 1)):
        table.write_text(text + row.replace('"107,636.81"', again) + "\n", encoding="utf-8")
        assert sum("energy is printed as" in note for note in ghg.run(path).check().notes) == count


def test_a_term_of_an_identity_is_a_figure(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no figure 'scope_2'\. Did you mean 'scope2'"):
        ghg.run(edited(tmp_path, "scope1 + scope2", "scope1 + scope_2")).check()


def test_a_table_of_other_days_says_which(tmp_path: Path) -> None:
    path = edited(tmp_path, "2024-12-31", "2025-12-31")
    table = path.parent / "published.csv"
    table.write_text(
        table.read_text(encoding="utf-8").replace("2024-01-01,2024-12-31", "2024-01-01,2025-12-31"), "utf-8"
    )
    with pytest.raises(
        InputError, match=r"no figure for 2024-01-01 to 2024-12-31, but for 2023-01-01 to 2023-12-31, 2024"
    ):
        ghg.run(path).check()


def test_an_identity_that_is_neither_sum_nor_quotient_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="neither a sum"):
        ghg.run(edited(tmp_path, "scope1 + scope2", "scope1 * scope2")).check()


@pytest.mark.parametrize("text", ["2024-01-01T00:00:00Z", "1704067200", "01/01/2024"])
def test_a_period_is_written_as_days(tmp_path: Path, text: str) -> None:
    """Seconds since 1970 would be a day to a model, and the figure would be of another period."""
    with pytest.raises(InputError, match="a date is written as year-month-day"):
        ghg.run(edited(tmp_path, "MWh,MWh,2024-01-01", f"MWh,MWh,{text}")).check()


def test_a_figure_of_a_part_of_the_period_is_told_and_not_checked(tmp_path: Path) -> None:
    check = ghg.run(edited(tmp_path, "MWh,MWh,2024-01-01,2024-12-31", "MWh,MWh,2024-01-01,2024-12-30")).check()
    note = next(note for note in check.notes if "not checked" in note)
    assert note.partition(": ")[2].startswith("energy is of 2024-01-01 to 2024-12-30, which is not the inventory's")
    (tmp_path / "other").mkdir()
    with pytest.raises(InputError, match=r"ends 2023-12-31, before it starts\. \[date-order\]"):
        ghg.run(edited(tmp_path / "other", "MWh,MWh,2024-01-01,2024-12-31", "MWh,MWh,2024-01-01,2023-12-31")).check()


def test_an_inventory_without_a_published_table_cannot_be_checked(tmp_path: Path) -> None:
    with pytest.raises(GhgError, match="names no published table"):
        ghg.run(edited(tmp_path, "published: published.csv\n", "", "2024.yaml")).check()


def test_a_published_unit_is_converted(tmp_path: Path) -> None:
    path = edited(
        tmp_path,
        "Total comprehensive energy consumption,MWh,MWh,2024",
        "Total comprehensive energy consumption,GWh,GWh,2024",
    )
    text = (path.parent / "published.csv").read_text(encoding="utf-8").replace('"107,636.81"', "107.63681")
    (path.parent / "published.csv").write_text(text, encoding="utf-8")
    assert finding(ghg.run(path).check(), "energy").verdict is Verdict.EXACT


@pytest.mark.parametrize("text", ["1,23", "1,2345", "12,34.5", "1.2.3", "1e3", "NaN", "1 234"])
def test_a_number_that_is_not_grouped_in_thousands_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match="not a printed number"):
        ghg.run(edited(tmp_path, ",13.83,", f',"{text}",')).check()


@pytest.mark.parametrize("text", ["scope2 * energy in kg/kWh", "scope2 / energy", "scope9 / energy in kg/kWh"])
def test_an_implied_factor_that_is_no_quotient_of_figures_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match="implied_factor"):
        ghg.run(edited(tmp_path, "scope2 / energy_indirect in kg/kWh", text)).check()
