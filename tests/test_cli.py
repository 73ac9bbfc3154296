from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ghg import cli
from ghg.issues import RULES
from ghg.reports.documents import (
    CheckDocument,
    ExplanationDocument,
    IssuesDocument,
    RunDocument,
    StatementDocument,
)
from ghg.reports.schemas import SCHEMAS
from ghg.units import accepted, unit

ROOT = Path(__file__).parent.parent
SCENARIO = "scenarios/kingsoft-cloud/2024.yaml"
Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _in_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the scenario that a test may spoil."""
    folder = tmp_path / "company"
    shutil.copytree(ROOT / "scenarios" / "kingsoft-cloud", folder)
    return folder


def ghg(capsys: Captured, *arguments: object) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command line."""
    code = cli._main([str(argument) for argument in arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def process(command: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """A shell command in which ``ghg`` is this interpreter's."""
    script = f"set -o pipefail; ghg() {{ '{sys.executable}' -c 'from ghg.cli import main; main()' \"$@\"; }}; {command}"
    return subprocess.run(
        ["bash", "-c", script], cwd=cwd, env=environment or None, capture_output=True, encoding="utf-8", check=False
    )


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


# What each command prints


def test_run_prints_figures_intensities_and_notes(capsys: Captured) -> None:
    code, out, err = ghg(capsys, "run", SCENARIO)
    assert (code, err) == (0, "")
    assert out.startswith("Greenhouse gas inventory 2024")
    assert "57,639.35  t CO2e" in out
    assert "scope1+2/revenue 7.41 t CO2e/RMB_million" in " ".join(out.split())
    assert "12 activity rows read, 12 posted, 0 unposted." in out


def test_run_prints_json_and_csv(capsys: Captured) -> None:
    code, out, _ = ghg(capsys, "run", SCENARIO, "--format", "json")
    assert code == 0
    assert RunDocument.model_validate_json(out).complete
    code, out, _ = ghg(capsys, "run", SCENARIO, "--format", "csv")
    rows = {row["figure"]: row for row in csv.DictReader(io.StringIO(out))}
    assert (code, rows["scope2"]["value"]) == (0, "57639.350476")


def test_run_groups_totals_by_dimensions(capsys: Captured) -> None:
    code, out, _ = ghg(capsys, "run", SCENARIO, "--by", "scope, gas", "--book", "location", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert next(row["co2e"] for row in rows if (row["scope"], row["gas"]) == ("2", "CO2")) == "57639.350476"
    assert ghg(capsys, "run", SCENARIO, "--by", "book,scope")[1].startswith("Emissions by book, scope")
    _, out, _ = ghg(capsys, "run", SCENARIO, "--by", "book,scope", "--format", "json")
    assert StatementDocument.model_validate_json(out).columns == ["book", "scope", "co2e", "unit", "rests_on"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--by", "scope"], "never added"),
        (["--by", "scop"], "Did you mean 'scope'?"),
        (["--by", ","], "names no dimension"),
        (["--book", "market"], "give --by too"),
    ],
)
def test_run_refuses_totals_that_mean_nothing(capsys: Captured, arguments: list[str], message: str) -> None:
    code, out, err = ghg(capsys, "run", SCENARIO, *arguments)
    assert (code, out) == (2, "")
    assert message in err
    code, out, _ = ghg(capsys, "run", SCENARIO, *arguments, "--format", "json")
    assert (code, [issue["rule"] for issue in json.loads(out)["issues"]]) == (2, ["refused"])


def test_the_number_of_threads_changes_nothing(capsys: Captured) -> None:
    assert ghg(capsys, "run", SCENARIO, "--threads", 1) == ghg(capsys, "run", SCENARIO, "--threads", 2)


def test_check_gives_each_figure_its_verdict(capsys: Captured) -> None:
    code, out, _ = ghg(capsys, "check", SCENARIO)
    assert code == 0
    assert out.startswith("Greenhouse gas inventory 2024")
    row = next(line for line in out.splitlines() if line.startswith("Scope 2 GHG emissions"))
    assert row.split() == ["Scope", "2", "GHG", "emissions", "tCO2e", "57,638.74", "57,639.35", "−0.61", "consistent"]
    code, out, _ = ghg(capsys, "check", SCENARIO, "--format", "json")
    assert (code, CheckDocument.model_validate_json(out).differs) == (0, False)
    code, out, _ = ghg(capsys, "check", SCENARIO, "--format", "csv")
    verdicts = {row["figure"]: row["verdict"] for row in csv.DictReader(io.StringIO(out))}
    assert (code, verdicts["scope2"], verdicts["scope3.3"]) == (0, "consistent", "implied")


def test_explain_goes_down_to_row_factor_and_source(capsys: Captured) -> None:
    code, out, _ = ghg(capsys, "explain", SCENARIO, "scope2")
    assert code == 0
    assert f"Row {SCENARIO.replace('2024.yaml', 'activity/2024.csv')}:2 electricity-2024: 107415.86 MWh" in out
    assert "107415860 kWh × 0.5366 kg CO2/kWh = 57639350.476 kg CO2" in out
    assert "Announcement 2024 No. 33" in out
    _, out, _ = ghg(capsys, "explain", SCENARIO, "scope1+2/revenue", "--format", "json")
    assert ExplanationDocument.model_validate_json(out).figure == "scope1+2/revenue"
    _, out, _ = ghg(capsys, "explain", SCENARIO, "scope2", "--format", "csv")
    assert next(csv.reader(io.StringIO(out))) == ["derivation"]


def test_what_if_shows_before_after_and_change(capsys: Captured) -> None:
    change = "cn-mee-2022:national=0.45 kg/kWh"
    code, out, _ = ghg(capsys, "what-if", SCENARIO, "--set", change)
    assert code == 0
    assert out.startswith("what-if: cn-mee-2022:national: 0.5366 kg/kWh → 0.45 kg/kWh\n")
    code, out, _ = ghg(capsys, "what-if", SCENARIO, "--set", change, "--format", "csv")
    row = next(row for row in csv.DictReader(io.StringIO(out)) if row["figure"] == "scope2")
    assert (row["before"], row["after"], row["change"]) == ("57639.350476", "48337.137", "-9302.213476")
    code, out, _ = ghg(capsys, "what-if", SCENARIO, "--gwp", "AR6", "--format", "json")
    assert "AR6" in StatementDocument.model_validate_json(out).notes[0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "nothing to change"),
        (["--set", "cn-mee-2022:national"], "is not an assignment: write --set ID='VALUE UNIT'"),
        (["--set", "=1 kg/kWh"], "is not an assignment"),
        (["--set", "cn-mee-2022:national=0.45"], "is not a value and a unit"),
        (["--set", "cn-mee-2022:national=nan kg/kWh"], "is not a value and a unit"),
        (["--set", "cn-mee-2022:nationale=0.45 kg/kWh"], "Did you mean 'cn-mee-2022:national'"),
        (["--set", "cn-mee-2022:national=0.45 kg/km"], "'kg/km' measures something else"),
        (["--set", "cn-mee-2022:national=0.45 ton/kWh"], "short_ton"),
        (["--set", "ipcc-2006:diesel-stationary-commercial=1 kg/TJ_net"], "has a row for each gas; name one of"),
        (["--set", "cn-mee-2022:national=1 kg/kWh", "--set", "cn-mee-2022:national=2 kg/kWh"], "national twice"),
        (["--scale", "cn-mee-2022:national=-1"], "does not change its sign"),
        (["--scale", "cn-mee-2022:national=half"], "is multiplied by a number"),
        (["--swap", "cn-mee-2022"], "write --swap A=B"),
        (["--file", SCENARIO], "is no what-if file"),
        (["--file", "none.yaml"], "cannot read the file"),
        (["--gwp", "AR7"], "The sets are SAR, AR4, AR5, AR5-CCF, AR6"),
    ],
)
def test_what_if_refuses_what_it_cannot_set(capsys: Captured, arguments: list[str], message: str) -> None:
    code, out, err = ghg(capsys, "what-if", SCENARIO, *arguments)
    assert (code, out) == (2, "")
    assert message in err


def test_units_lists_accepted_and_refused_spellings(capsys: Captured) -> None:
    code, out, _ = ghg(capsys, "units")
    assert code == 0
    assert all(name in out for name in ("MWh_net", "short_ton", "write instead"))
    _, out, _ = ghg(capsys, "units", "--dimension", "mass")
    assert {line.split()[0] for line in out.splitlines()[2:]} == {"mass"}
    assert ghg(capsys, "units", "MWh")[1] == "MWh: measures energy; 1 MWh = 3600 MJ\n"
    assert "write 'tonne' (1000 kg)" in ghg(capsys, "units", "ton")[2]
    code, out, err = ghg(capsys, "units", "--dimension", "masse")
    assert (code, out) == (2, "")
    assert "the dimensions are area, " in err


def test_units_counts_each_unit_in_one_of_multiplier_one(capsys: Captured) -> None:
    for spelling in {found.dimension: found.spelling for found in accepted().values()}.values():
        base = ghg(capsys, "units", spelling)[1].split()[-1]
        assert unit(base).multiplier == 1
        assert unit(base).dimension == unit(spelling).dimension


def test_factors_list_and_show(capsys: Captured) -> None:
    code, out, _ = ghg(capsys, "factors", "list")
    assert (code, "cn-mee-2022" in out) == (0, True)
    code, out, _ = ghg(capsys, "factors", "show", "cn-mee-2022:national")
    assert code == 0
    assert [line for line in out.splitlines() if line.startswith(("value ", "unit ", "cite as: ", "licence: "))][
        :2
    ] == [
        "value         0.5366",
        "unit          kg/kWh",
    ]
    _, out, _ = ghg(capsys, "factors", "show", "ipcc-2006:diesel-stationary-commercial", "--format", "csv")
    assert [row["gas"] for row in csv.DictReader(io.StringIO(out))] == ["CO2", "CH4_combustion", "N2O"]
    _, out, _ = ghg(capsys, "factors", "show", "cn-mee-2022:national", "--format", "json")
    assert "0.5366" in StatementDocument.model_validate_json(out).rows[0]
    code, out, err = ghg(capsys, "factors", "show", "cn-mee-2022:nation")
    assert (code, out) == (2, "")
    assert "'cn-mee-2022:national'" in err


def test_schema_prints_the_schema_of_each_document(capsys: Captured) -> None:
    names = ghg(capsys, "schema")[1].split()
    assert names == list(SCHEMAS)
    for name in names:
        assert json.loads(ghg(capsys, "schema", name)[1])["type"] == "object"
    code, out, err = ghg(capsys, "schema", "runs")
    assert (code, out) == (2, "")
    assert "Did you mean 'run'?" in err


def test_help_and_version(capsys: Captured) -> None:
    code, out, _ = ghg(capsys, "--help")
    assert code == 0
    assert "Exit codes: 0 done; 1 a check found a difference; 2 the input is wrong;" in out
    assert ghg(capsys, "--version")[0] == 0
    for command in cli.ghg.commands:
        assert ghg(capsys, command, "--help")[0] == 0


# Wrong input


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run"], "Missing argument 'INVENTORY'"),
        (["rum", SCENARIO], "No such command 'rum'"),
        (["run", SCENARIO, "--format", "xml"], "'xml' is not one of"),
        (["run", SCENARIO, "--threads", "0"], "0 is not in the range"),
        (["run", "nowhere.yaml"], "nowhere.yaml: cannot read the file: No such file or directory. [file-missing]"),
        (["run", "scenarios"], "Is a directory"),
        (["explain", SCENARIO, "scope22"], "no figure is called 'scope22'. Did you mean 'scope2'"),
        (["explain", SCENARIO, "scope3.15"], "nothing posts to the figure 'scope3.15'"),
        (["explain", SCENARIO, "scope2/turnover"], "no denominator is called 'turnover'"),
    ],
)
def test_a_wrong_command_line_gives_two_and_no_result(capsys: Captured, arguments: list[str], message: str) -> None:
    code, out, err = ghg(capsys, *arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err


GOOD = "e,purchased_electricity,CN,2024-01-01,2024-12-31,1,MWh,,measured,"
BAD = [
    # cells after the id, rule, column
    ("e,purchased_electricity,CN,2024-01-01,2024-12-31,1,,,measured,", "value-missing", "unit"),
    ("e,water,CN,2024-01-01,2024-12-31,1,ton,,measured,", "unit-ambiguous", "unit"),
    ("e,purchased_electricity,CN,2024-01-01,2024-12-31,-5,MWh,,measured,", "number-negative", "amount"),
    ("e,purchased_electricity,CN,2024-01-01,2024-12-31,NaN,MWh,,measured,", "number-not-finite", "amount"),
    ("e,purchased_electricty,CN,2024-01-01,2024-12-31,1,MWh,,measured,", "activity-unknown", "activity"),
    ("e,purchased_electricity,CN,2024-01-01,2024-12-31,1,kg,,measured,", "unit-dimension", "unit"),
    ("e,purchased_electricity,CN,2023-12-31,2024-12-31,1,MWh,,measured,", "date-outside-period", "start"),
    ("e,purchased_electricity,CN,2024-01-01,2024-12-31,,MWh,,measured,", "value-missing", "amount"),
    ("e,purchased_electricity,CN,2024-01-01,2024-12-31,1 MWh,MWh,,measured,", "number-invalid", "amount"),
    ("e,purchased_electricity,CN,2024-01-01,2024-12-31,1,234,MWh,,measured,", "row-ragged", ""),
]


@pytest.fixture
def bad(copy: Path) -> Path:
    """An inventory with a good row, ten bad ones on lines 3 to 12, and a repeated id on line 13."""
    header = "id,entity,activity,region,start,end,amount,unit,entry,provenance,derived_from"
    rows = [f"row-{n},{cells}" for n, cells in enumerate([GOOD, *(cells for cells, *_ in BAD)])]
    text = "\n".join([header, *rows, f"row-0,{GOOD}"]) + "\n"
    (copy / "activity" / "2024.csv").write_text(text, encoding="utf-8")
    return copy / "2024.yaml"


def test_every_bad_row_is_listed_with_place_rule_and_hint(capsys: Captured, bad: Path) -> None:
    code, out, err = ghg(capsys, "run", bad)
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    file = bad.parent / "activity" / "2024.csv"
    expected = [
        *((line, column, rule) for line, (_, rule, column) in enumerate(BAD, start=3)),
        (13, "id", "id-duplicate"),
    ]
    lines = err.splitlines()
    assert len(lines) == 2 * len(expected) + 1
    for (line, column, rule), message, hint in zip(expected, lines[:-1:2], lines[1:-1:2], strict=True):
        assert message.startswith(f"{file}:{line}: " + (f"{column}: " if column else ""))
        assert message.endswith(f" [{rule}]")
        assert hint.startswith("    ")
        assert rule in RULES
    assert lines[-1] == "11 problems; nothing was computed."


@pytest.mark.parametrize("command", [["run"], ["check"], ["what-if", "--gwp", "AR6"]])
def test_wrong_input_as_json_is_an_issues_document(capsys: Captured, bad: Path, command: list[str]) -> None:
    code, out, err = ghg(capsys, *command, bad, "--format", "json")
    assert (code, err) == (2, "")
    issues = IssuesDocument.model_validate_json(out).issues
    assert [issue.line for issue in issues] == list(range(3, 14))
    assert all(issue.hint and issue.file.endswith("2024.csv") and issue.severity == "error" for issue in issues)


def test_an_argument_called_json_is_no_format(capsys: Captured) -> None:
    code, out, err = ghg(capsys, "run", "json", "--format", "text")
    assert (code, out) == (2, "")
    assert err.startswith("json: cannot read the file")


def test_an_incomplete_result_says_so_first_and_is_still_wrong_input(capsys: Captured, bad: Path) -> None:
    first = "INCOMPLETE: 11 of 12 rows did not post; no total below is complete."
    for arguments in ([], ["--by", "book,scope"]):
        code, out, err = ghg(capsys, "run", bad, "--incomplete", *arguments)
        assert (code, out.splitlines()[0]) == (2, first)
        assert err.count("\n    ") == 11
    code, out, _ = ghg(capsys, "run", bad, "--incomplete", "--format", "json")
    document = RunDocument.model_validate_json(out)
    wrong, note = [issue for issue in document.issues if issue.severity == "error"], document.issues[-1]
    assert (code, document.complete, document.unposted_rows, len(wrong)) == (2, False, 11, 11)
    assert (note.rule, note.severity) == ("rows-left-out", "note")


def test_a_question_stops_even_an_incomplete_result(capsys: Captured, bad: Path) -> None:
    spoil(bad.parent / "activity" / "2024.csv", "1 MWh,MWh", '"1,234",MWh')
    code, out, err = ghg(capsys, "run", bad, "--incomplete")
    assert (code, out) == (2, "")
    assert 'reading: {activity/2024.csv: {decimal: ".", thousands: ","}}  reads it as 1234\n' in err


def test_a_wrong_inventory_file_is_reported_with_line_and_column(capsys: Captured, copy: Path) -> None:
    spoil(copy / "2024.yaml", "gwp: AR5", "gwp: AR7")
    code, out, err = ghg(capsys, "run", copy / "2024.yaml")
    assert (code, out) == (2, "")
    line = (copy / "2024.yaml").read_text(encoding="utf-8").splitlines().index("gwp: AR7") + 1
    assert err.startswith(f"{copy / '2024.yaml'}:{line}: gwp: ")


def test_a_bug_gives_four_and_no_traceback(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("ghg.runs.run", fails)
    code, out, err = ghg(capsys, "run", SCENARIO)
    assert (code, out) == (4, "")
    assert err.startswith("this is a bug in ghg: ZeroDivisionError: by zero.")
    monkeypatch.setenv("GHG_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        ghg(capsys, "run", SCENARIO)
    monkeypatch.setattr("ghg.runs.run", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
    assert ghg(capsys, "run", SCENARIO)[0] == 130


# A published figure that is wrong


def test_check_gives_one_and_a_repair_when_a_published_figure_is_wrong(capsys: Captured, copy: Path) -> None:
    spoil(copy / "published.csv", '"57,638.74"', '"58,638.74"')
    code, out, err = ghg(capsys, "check", copy / "2024.yaml")
    assert (code, err) == (1, "")
    said = " ".join(out.split())
    assert "scope2: differs by +999.39 t (+1.7339 %)" in said
    assert "The smallest single change that would repair it: cn-mee-2022:national by +1.7339 %" in said
    assert "(to 0.545904 kg/kWh)" in said
    code, out, _ = ghg(capsys, "check", copy / "2024.yaml", "--format", "json")
    assert (code, CheckDocument.model_validate_json(out).differs) == (1, True)


def test_check_of_a_wrong_published_table_is_wrong_input(capsys: Captured, copy: Path) -> None:
    spoil(copy / "published.csv", '"57,638.74"', '"57,638.74 t"')
    code, out, err = ghg(capsys, "check", copy / "2024.yaml")
    assert (code, out) == (2, "")
    assert "published.csv:32: printed: " in err
    assert "57,638.74 t" in err


# The evidence folder


def test_out_writes_once_and_replaces_only_a_former_run(capsys: Captured, tmp_path: Path) -> None:
    folder = tmp_path / "evidence" / "2024"
    code, _, err = ghg(capsys, "run", SCENARIO, "--out", folder)
    assert (code, err) == (0, f"Evidence written to {folder}.\n")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    code, out, err = ghg(capsys, "run", SCENARIO, "--out", folder)
    assert (code, out) == (2, "")
    assert "exists: name another folder, or replace a former run's with --replace." in err
    (folder / "stray.txt").touch()
    code, out, err = ghg(capsys, "run", SCENARIO, "--out", folder, "--replace")
    assert (code, out) == (2, "")
    assert "holds 'stray.txt', which no run wrote" in err
    (folder / "stray.txt").unlink()
    assert ghg(capsys, "run", SCENARIO, "--out", folder, "--replace")[0] == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    assert ghg(capsys, "run", SCENARIO, "--out", foreign, "--replace")[0] == 2
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_dir()) == ["2024", "evidence", "foreign"]


def test_nothing_is_left_behind_when_writing_fails(
    capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    code, out, err = ghg(capsys, "run", SCENARIO, "--out", tmp_path / "evidence")
    assert (code, out) == (3, "")
    assert "No space left on device. Nothing was left behind." in err
    assert list(tmp_path.iterdir()) == []


# As a process


def test_the_shipped_scenario_runs_from_another_directory_and_says_so(tmp_path: Path) -> None:
    done = process(f"ghg explain {SCENARIO} scope2 --format json", tmp_path)
    assert done.returncode == 0
    assert "using the scenario shipped with ghg" in done.stderr
    assert ExplanationDocument.model_validate_json(done.stdout).value == "57639.350476"


def test_a_reader_that_goes_away_changes_neither_exit_code_nor_standard_error(copy: Path) -> None:
    spoil(copy / "published.csv", '"57,638.74"', '"58,638.74"')
    done = process(
        f"ghg units | head -1; echo ${{PIPESTATUS[0]}}; ghg check {SCENARIO} | true; echo ${{PIPESTATUS[0]}}; "
        f"ghg check '{copy}/2024.yaml' | true; echo ${{PIPESTATUS[0]}}; "
        f"ghg run missing.yaml 2>&1 | true; echo ${{PIPESTATUS[0]}}; "
        "ghg --help | true; echo ${PIPESTATUS[0]}"
    )
    assert done.stdout.splitlines()[1:] == ["0", "0", "1", "2", "0"]
    assert done.stderr == ""


def test_the_encoding_of_the_terminal_does_not_matter() -> None:
    done = process(f"ghg check {SCENARIO}", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert (done.returncode, done.stderr) == (0, "")
    assert "−0.61" in done.stdout


def test_exit_codes_of_the_process(tmp_path: Path) -> None:
    done = process(f"ghg run {tmp_path}/nothing.yaml")
    assert (done.returncode, done.stdout) == (2, "")
    assert "[file-missing]" in done.stderr
    assert "Traceback" not in done.stderr
