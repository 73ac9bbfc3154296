"""The commands on the library, as a person types them."""

from __future__ import annotations

import csv
import io

import pytest

from ghg import cli
from ghg.factors import library
from ghg.gases import gwp_sets
from ghg.reports.documents import StatementDocument

Captured = pytest.CaptureFixture[str]


def ghg(capsys: Captured, *words: str) -> tuple[object, str, str]:
    """Exit code, standard output and standard error of a command line."""
    with pytest.raises(SystemExit) as stopped:
        cli.main(["factors", *words])
    out, err = capsys.readouterr()
    return stopped.value.code, out, err


def test_a_search_prints_the_best_hit_first_in_every_form(capsys: Captured) -> None:
    code, text, _ = ghg(capsys, "search", "Jiangsu", "electricity", "2022")
    _, document, _ = ghg(capsys, "search", "Jiangsu", "electricity", "2022", "--format", "json")
    _, table, _ = ghg(capsys, "search", "Jiangsu", "electricity", "2022", "--format", "csv")
    assert code == 0
    assert text.split()[:5] == ["1", "cn-mee-2022:CN-JS", "0.5978", "kg", "CO2/kWh"]
    assert "cn-mee-2022:CN-JS" in StatementDocument.model_validate_json(document).rows[0]
    assert next(csv.DictReader(io.StringIO(table)))["id"] == "cn-mee-2022:CN-JS"


def test_a_search_without_a_hit_says_what_to_do(capsys: Captured) -> None:
    code, out, _ = ghg(capsys, "search", "xylophone", "--basis", "ets_grid")
    assert code == 0
    assert "Nothing fits" in out or "No hit fits" in out


@pytest.mark.parametrize(
    "words",
    [["search"], ["search", "x", "--year", "22"], ["show", "nothing-at-all"], ["explain-absence", "electricity"]],
)
def test_what_cannot_be_done_is_said_without_a_result(capsys: Captured, words: list[str]) -> None:
    code, out, err = ghg(capsys, *words)
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    assert err


def test_an_unknown_id_suggests_one_that_is_near(capsys: Captured) -> None:
    _, _, err = ghg(capsys, "show", "cn-mee-2022:nationall")
    assert "'cn-mee-2022:national'" in err


def test_a_factor_is_shown_with_its_citation_line_and_licence(capsys: Captured) -> None:
    _, out, _ = ghg(capsys, "show", "desnz-2024:1_101_1018_8")
    for part in ("cite as: Department for Energy Security", "flat file ID 1_101_1018_8_1", "licence: Open Government",
                 "retrieved: 2026-11-22", "checksum: sha256", "2.35372", "co2e_total", "/28", "/265"):  # fmt: skip
        assert part in out


def test_a_gwp_is_shown_like_a_factor(capsys: Captured) -> None:
    _, out, _ = ghg(capsys, "show", "gwp:AR5:HFC32")
    assert "677" in out
    assert "cite as: " in out


def test_the_list_counts_every_row_of_every_publication(capsys: Captured) -> None:
    _, table, notes = ghg(capsys, "list", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert sum(int(row["rows"]) for row in rows) == len(library().rows)
    assert sum(int(row["factors"]) for row in rows) == len(library().factors)
    assert all(row["licence"] and row["published"] for row in rows)
    assert f"{sum(map(len, gwp_sets().values())):,} GWP values" in notes


def test_an_absence_is_answered_in_every_form(capsys: Captured) -> None:
    words = ["explain-absence", "electricity", "--region", "CN-XZ", "--year", "2022"]
    code, text, _ = ghg(capsys, *words)
    _, document, _ = ghg(capsys, *words, "--format", "json")
    _, table, notes = ghg(capsys, *words, "--format", "csv")
    assert code == 0
    assert text.startswith("electricity in Tibet (CN-XZ), 2022: not published")
    assert "cn-mee-2022:national" in StatementDocument.model_validate_json(document).rows[0]
    assert next(csv.DictReader(io.StringIO(table)))["verdict"] == "not published"
    assert "no entry for Tibet" in notes
