from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

import ghg
from ghg import bundle
from ghg.issues import GhgError, InputError, UnknownNameError
from ghg.runs import Run

SCENARIO = "scenarios/kingsoft-cloud/2024.yaml"


def copied(folder: Path) -> Path:
    copy = folder / "kingsoft-cloud"
    shutil.copytree(bundle.folder("scenarios") / "kingsoft-cloud", copy)
    return copy


def amounts(run: Run) -> dict[str, object]:
    return {name: value.amount for name, value in {**run.result.figures(), **run.result.intensities()}.items()}


@pytest.mark.parametrize(
    ("year", "figure", "text"),
    [
        ("2024", "scope1", "57.15"),
        ("2024", "scope2", "57639.35"),
        ("2024", "scope2_market", "62902.73"),
        ("2024", "scope3", "187220.37"),
        ("2024", "energy", "107636.81"),
        ("2024", "water", "182233.40"),
        ("2024", "waste_hazardous", "3.27"),
        ("2023", "scope1+2", "59007.89"),
        ("2023", "scope3", "133245.19"),
        ("2023", "energy_direct", "258.21"),
    ],
)
def test_kingsoft_cloud_figures_as_printed(year: str, figure: str, text: str) -> None:
    value = ghg.run(f"scenarios/kingsoft-cloud/{year}.yaml").figure(figure)
    assert value is not None
    from ghg.numbers import decimals_of, printed

    assert printed(value.amount, decimals_of(text)) == text


def test_every_row_of_the_scenario_posts() -> None:
    run = ghg.run(SCENARIO)
    assert (run.balance.posted, run.balance.unposted, run.is_complete) == (12, 0, True)


def test_notes_say_what_was_back_calculated() -> None:
    [note] = [issue for issue in ghg.run(SCENARIO).issues if issue.rule == "back-calculated"]
    assert "scope1 100 %" in note.message
    assert note.severity == "note"


def test_a_run_with_other_values_equals_a_what_if() -> None:
    values = {"cn-mee-2022:national": "0.45 kg/kWh"}
    full = ghg.run(SCENARIO, values=values, gwp="AR6")
    assert amounts(ghg.run(SCENARIO).what_if(values, gwp="AR6")) == amounts(full)
    assert [str(change) for change in full.changes] == [
        "cn-mee-2022:national: 0.5366 kg/kWh → 0.45 kg/kWh",
        "GWP set: AR5 → AR6",
    ]


def test_undoing_a_what_if_restores_the_baseline_exactly() -> None:
    run = ghg.run(SCENARIO)
    back = run.what_if({"cn-mee-2022:national": "0.45 kg/kWh"}).what_if({"cn-mee-2022:national": "0.5366 kg/kWh"})
    assert amounts(back) == amounts(run)
    assert back.baseline is run
    assert len(back.changes) == 2


def test_unknown_values_and_sets_are_refused() -> None:
    with pytest.raises(UnknownNameError):
        ghg.run(SCENARIO, values={"nothing": "1 kg/kWh"})
    with pytest.raises(UnknownNameError):
        ghg.run(SCENARIO, gwp="AR7")


def test_a_file_with_bad_rows_gives_every_problem_with_its_line(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    table = folder / "activity" / "2024.csv"
    text = table.read_text(encoding="utf-8").replace("107415.86,MWh,,reported", '"107,415.86",ton,,reported')
    table.write_text(text + "short,row\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        ghg.run(folder / "2024.yaml")
    found = [(issue.line, issue.rule) for issue in caught.value.issues]
    assert found == [
        (2, "number-ambiguous"),
        (2, "unit-ambiguous"),
        (7, "number-ambiguous"),
        (7, "unit-ambiguous"),
        (14, "row-ragged"),
    ]  # fmt: skip
    assert all(issue.file.endswith("activity/2024.csv") for issue in caught.value.issues)


def test_an_incomplete_result_counts_what_is_missing_and_says_so(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    with (folder / "activity" / "2024.csv").open("a", encoding="utf-8") as file:
        file.write("short,row\nx,K,,purchased_electricity,CN,2024-01-01,2024-12-31,5,ton,,measured,,\n")
    run = ghg.run(folder / "2024.yaml", incomplete=True)
    assert (run.balance.posted, run.balance.unposted, run.is_complete) == (12, 2, False)
    assert any(note == "INCOMPLETE: 2 of 14 rows did not post." for note in run.totals("scope", book="location").notes)


def test_a_missing_activity_file_is_named(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "activity" / "2024.csv").unlink()
    with pytest.raises(InputError, match=r"activity/2024\.csv: cannot read the file"):
        ghg.run(folder / "2024.yaml")


def test_an_own_factor_without_a_described_source_is_refused(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    table = folder / "factors" / "implied-2024.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("kingsoft-cloud-esg-2024", "nowhere"), encoding="utf-8")
    with pytest.raises(InputError, match="cites the source 'nowhere', which nothing describes"):
        ghg.run(folder / "2024.yaml")


def test_the_shipped_scenario_runs_from_any_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run = ghg.run(SCENARIO)
    assert run.file is not None
    assert run.file.is_shipped


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_threads_do_not_change_the_result(threads: int) -> None:
    assert amounts(ghg.run(SCENARIO, threads=threads)) == amounts(ghg.run(SCENARIO))


def test_a_run_that_was_closed_keeps_its_totals_and_says_that_its_rows_are_gone() -> None:
    run = ghg.run(SCENARIO)
    before = amounts(run)
    run.close()
    run.close()
    assert amounts(run) == before
    with pytest.raises(GhgError, match="the rows of this run were freed"):
        run.explain("scope2")


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"values": {"cn-mee-2022:national": 0.45}}, "as text, such as"),
        ({"gwp": ""}, "no GWP set is called ''"),
        ({"threads": 10**6}, "from 1 to 1024"),
        ({"threads": -1}, "from 1 to 1024"),
    ],
)
def test_what_is_asked_of_a_run_is_never_passed_over(asked: dict[str, Any], message: str) -> None:
    with pytest.raises(GhgError, match=message):
        ghg.run(SCENARIO, **asked)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"values": {"cn-mee-2022:national": 0.45}}, "is written as text"),
        ({"scale": {"cn-mee-2022:national": 0.9}}, "is written as text"),
        ({"swap": {"cn-mee-2022": None}}, "is written as text"),
        ({"gwp": ""}, "no GWP set is called ''"),
        ({"steps": [1]}, "steps are changes as ghg.change.forms has them"),
    ],
)
def test_a_what_if_that_is_no_text_is_refused(asked: dict[str, Any], message: str) -> None:
    with pytest.raises(GhgError, match=message):
        ghg.run(SCENARIO).what_if(**asked)


def test_a_dimension_is_named_once() -> None:
    with pytest.raises(GhgError, match="'scope' is named twice"):
        ghg.run(SCENARIO).totals("scope", "scope", book="location")
