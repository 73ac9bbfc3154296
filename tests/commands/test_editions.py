from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from ghg import cli
from ghg.commands.factors import factors_group
from ghg.reports.documents import StatementDocument

BAKERY = """\
inventory: bakery-2022
organisation: Bakery
title: Inventory 2022
period: {start: 2022-01-01, end: 2022-12-31}
base_year: none
consolidation: not_stated
boundary: one bakery
gwp: AR5
books: [location, market]
publications: [cn-mee-2022]
ladder: {regions: [exact, parent], max_age_years: 0}
activity: [activity.csv]
"""
ACTIVITY = """\
id,entity,activity,region,start,end,amount,unit,provenance
a,e,purchased_electricity,CN-BJ,2022-01-01,2022-12-31,1000,MWh,measured
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "2022.yaml").write_text(BAKERY, encoding="utf-8")
    (tmp_path / "activity.csv").write_text(ACTIVITY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ghg(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[object, str, str]:
    """Exit code, standard output and standard error of a command line."""
    with pytest.raises(SystemExit) as stopped:
        cli.main(["factors", *words])
    out, err = capsys.readouterr()
    return stopped.value.code, out, err


def test_the_commands_stand_in_the_group() -> None:
    assert {"import", "diff", "lock"} <= set(factors_group.commands)


def test_a_difference_has_every_row_in_every_form(capsys: pytest.CaptureFixture[str]) -> None:
    code, text, _ = ghg(capsys, "diff", "cn-mee-2022", "cn-mee-2023", "--all")
    _, document, _ = ghg(capsys, "diff", "cn-mee-2022", "cn-mee-2023", "--format", "json")
    _, table, said = ghg(capsys, "diff", "cn-mee-2022", "cn-mee-2023", "--format", "csv")
    assert code == 0
    rows = StatementDocument.model_validate_json(document).rows
    assert len(rows) == len(list(csv.DictReader(io.StringIO(table)))) == text.count("cn-mee-2022:")
    assert "cn-mee-2022 → cn-mee-2023: 0 new, 0 gone," in text
    assert "cn-mee-2022 → cn-mee-2023" in said


@pytest.mark.usefixtures("folder")
def test_the_effect_on_an_inventory_is_a_column_a_book(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("diff", "cn-mee-2022", "cn-mee-2023", "--inventory", "2022.yaml", "--format", "json")
    document = json.loads(ghg(capsys, *words)[1])
    rows = {row["before_id"]: row for row in (dict(zip(document["columns"], r, strict=True)) for r in document["rows"])}
    # 1000 MWh × (0.5554 − 0.5580) kg/kWh in Beijing; the other book has the factor without market-traded power.
    assert rows["cn-mee-2022:CN-BJ"]["effect_location_t"] == "-2.6"
    assert rows["cn-mee-2022:CN-BJ"]["effect_market_t"] == "0"
    assert rows["cn-mee-2022:national-ex-market-nonfossil"]["effect_location_t"] == "0"
    assert rows["cn-mee-2022:national-ex-market-nonfossil"]["effect_market_t"] == "24"
    assert rows["cn-mee-2022:CN-YN"]["effect_location_t"] == "not used"


def test_what_is_not_known_is_refused_with_exit_code_2(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (("diff", "cn-mee-2022", "x"), ("diff", "cn-mee-2022", "x.csv"), ("lock", "x.yaml")):
        code, out, err = ghg(capsys, *words)
        assert (code, out) == (2, "")
        assert "x" in err
    assert sorted(path.name for path in folder.iterdir()) == ["2022.yaml", "activity.csv"]


def test_a_refusal_is_json_where_that_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = ghg(capsys, "import", "mee", "x.csv", "--edition", "cn-mee-2022", "--format", "json")
    assert code == 2
    assert [issue["rule"] for issue in json.loads(out)["issues"]] == ["file-missing"]


def test_a_lock_that_drifted_has_exit_code_1(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ghg(capsys, "lock", "2022.yaml")[0] == 0
    assert ghg(capsys, "lock", "2022.yaml", "--check")[0] == 0
    (folder / "activity.csv").write_text(ACTIVITY.replace("CN-BJ", "CN-TJ"), encoding="utf-8")
    code, out, _ = ghg(capsys, "lock", "2022.yaml", "--check")
    assert code == 1
    assert "no longer uses the factor row 'cn-mee-2022:CN-BJ'" in out
    assert "uses the factor row 'cn-mee-2022:CN-TJ', which the lock does not hold" in out
    assert "2 differences from 2022.factors.lock." in out
