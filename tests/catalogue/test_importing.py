from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner, Result

from ghg import evidence
from ghg.catalogue import importing
from ghg.catalogue.importers.cells import Cell, Edition, Row, read_sheets, refuse
from ghg.catalogue.importing import IMPORTERS, Importer, Wanted, earlier, import_file
from ghg.commands.editions import import_command
from ghg.factors import FactorRow, library, read_factors
from ghg.issues import GhgError, InputError, UnknownNameError
from ghg.sources import Source, sources

YEAR = {"valid_from": "2030-01-01", "valid_to": "2030-12-31"}
NEW = Wanted("cn-mee-2030", **YEAR)
FILE = "region,value\nnational,0.5001\nCN-BJ,0.4001\n"


def read(path: Path, name: str) -> list[Cell]:
    """A publication with a region and a value a line."""
    [sheet] = read_sheets(path, name)
    return [
        Cell(region, (region,), "kg/kWh", "CO2", value, f"row {line}", name, line, "value")
        for line, (region, value) in enumerate(sheet.rows[1:], start=2)
    ]


def rows(cells: Sequence[Cell], edition: Edition) -> list[Row]:
    refuse(cell.issue(f"the label {cell.key!r} is not known.") for cell in cells if cell.key == "Atlantis")
    return [
        {
            "id": (name := f"{edition.source}:{cell.key}"), "factor": name, "kind": "emission_factor",
            "activity": "electricity", "region": "CN" if cell.key == "national" else cell.key, "gas": cell.gas,
            "value": cell.value, "unit": cell.unit, "basis": "grid_average", "uncertainty": "none published",
            "source": edition.source, "locator": cell.locator, "verification": edition.verification_of(name),
            "valid_from": edition.valid_from, "valid_to": edition.valid_to,
        }
        for cell in cells
    ]  # fmt: skip


@pytest.fixture(autouse=True)
def importer(monkeypatch: pytest.MonkeyPatch) -> None:
    """An importer of the layout above in place of the ministry's."""
    module = ModuleType("ghg.catalogue.importers.example")
    vars(module).update(read=read, rows=rows)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    example = Importer("example", "cn-mee-", "an example", states_year=True)
    free = Importer("example", "free-", "an example without years", states_year=False)
    monkeypatch.setattr(importing, "IMPORTERS", {**IMPORTERS, "mee": example, "free": free})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "new.csv").write_text(FILE, encoding="utf-8")
    return tmp_path / "new.csv"


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("name", IMPORTERS)
def test_every_importer_names_a_module_with_both_functions(name: str) -> None:
    module = import_module(f"ghg.catalogue.importers.{IMPORTERS[name].module}")
    assert callable(module.read)
    assert callable(module.rows)


def test_every_prefix_is_that_of_shipped_sources() -> None:
    assert {name for name, found in IMPORTERS.items() if any(s.startswith(found.prefix) for s in sources())} == set(
        IMPORTERS
    )


def test_a_new_edition_becomes_validated_rows_and_a_comparison(file: Path) -> None:
    found = import_file("mee", file, NEW)
    assert [(row.id, row.value, str(row.valid_from)) for row in found.rows] == [
        ("cn-mee-2030:national", "0.5001", "2030-01-01"), ("cn-mee-2030:CN-BJ", "0.4001", "2030-01-01"),
    ]  # fmt: skip
    assert (found.difference.before, found.difference.after) == ("cn-mee-2023", "cn-mee-2030")
    assert [(c.before.id, c.after.value) for c in found.difference.changed if c.before.region == "CN"] == [
        ("cn-mee-2023:national", "0.5001")
    ]
    assert "cn-mee-2023:CN-TJ" in {row.id for row in found.difference.gone}


def test_the_edition_compared_with_can_be_named(file: Path) -> None:
    against = import_file("mee", file, Wanted("cn-mee-2030", **YEAR, against="cn-mee-2021"))
    assert against.difference.before == "cn-mee-2021"
    with pytest.raises(UnknownNameError, match="no shipped source"):
        import_file("mee", file, Wanted("cn-mee-2030", **YEAR, against="cn-mee-1999"))


def test_without_an_earlier_edition_every_row_is_new(file: Path) -> None:
    found = import_file("free", file, Wanted("free-1"))
    assert found.difference.before == "no earlier edition"
    assert (len(found.difference.new), found.difference.changed) == (2, ())


@pytest.mark.parametrize(
    ("edition", "before"),
    [
        ("cn-mee-2030", "cn-mee-2023"), ("cn-mee-2023", "cn-mee-2022"), ("cn-mee-2023-own", "cn-mee-2023"),
        ("cn-mee-10000", "cn-mee-2023"), ("cn-mee-1999", ""),
    ],
)  # fmt: skip
def test_the_edition_before_is_the_newest_earlier_one(edition: str, before: str) -> None:
    assert earlier("cn-mee-", edition) == before


def test_the_checksum_is_recorded_in_every_row_and_said_to_be_compared_with_nothing(file: Path) -> None:
    found = import_file("mee", file, NEW)
    assert {row.verification for row in found.rows} == {f"imported: sha256 {sha256(file)}"}
    assert f"SHA-256 {sha256(file)}: recorded in every row, and compared with nothing" in found.checksum


def test_a_checksum_that_was_given_is_compared(file: Path) -> None:
    found = import_file("mee", file, Wanted("cn-mee-2030", **YEAR, sha256=sha256(file).upper()))
    assert found.checksum == f"SHA-256 {sha256(file)}: equals the one given with --sha256."
    with pytest.raises(InputError) as refused:
        import_file("mee", file, Wanted("cn-mee-2030", **YEAR, sha256="0" * 64))
    [issue] = refused.value.issues
    assert issue.rule == "import-checksum"
    assert sha256(file) in issue.message
    assert "0" * 64 in issue.message
    with pytest.raises(GhgError, match="64 hexadecimal digits"):
        import_file("mee", file, Wanted("cn-mee-2030", **YEAR, sha256="abc"))


def test_the_checksum_on_record_is_compared_even_when_another_was_given(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = sources()["cn-mee-2023"].model_dump() | {"checksum": f"sha256 {'1' * 64} of the file"}
    monkeypatch.setattr(importing, "sources", lambda: {"cn-mee-2023": Source.model_validate(known)})
    with pytest.raises(InputError, match=rf"on record for cn-mee-2023 is {'1' * 64}"):
        import_file("mee", file, Wanted("cn-mee-2023", sha256=sha256(file)))
    known["checksum"] = f"sha256 {sha256(file)} of the file"
    monkeypatch.setattr(importing, "sources", lambda: {"cn-mee-2023": Source.model_validate(known)})
    assert "equals the one on record" in import_file("mee", file, Wanted("cn-mee-2023")).checksum


def test_a_shipped_edition_has_its_own_validity(file: Path) -> None:
    assert str(import_file("mee", file, Wanted("cn-mee-2022")).rows[0].valid_to) == "2022-12-31"
    with pytest.raises(GhgError, match="ships, valid 2022-01-01 to 2022-12-31"):
        import_file("mee", file, Wanted("cn-mee-2022", **YEAR))


def test_a_new_edition_of_a_stated_year_needs_its_validity(file: Path) -> None:
    for dates in ({}, {"valid_from": "2030-01-01"}, {"valid_to": "2030-12-31"}):
        with pytest.raises(GhgError, match="give --valid-from and --valid-to"):
            import_file("mee", file, Wanted("cn-mee-2030", **dates))
    with pytest.raises(GhgError, match="year-month-day"):
        import_file("mee", file, Wanted("cn-mee-2030", "2030", "2031"))


def test_an_edition_without_years_has_none_or_both_days(file: Path) -> None:
    assert import_file("free", file, Wanted("free-1")).rows[0].valid_from is None
    assert str(import_file("free", file, Wanted("free-1", **YEAR)).rows[0].valid_from) == "2030-01-01"
    with pytest.raises(GhgError, match="one of the two days alone"):
        import_file("free", file, Wanted("free-1", valid_from="2030-01-01"))


@pytest.mark.parametrize("edition", ["desnz-2030", "cn-mee-", "cn-mee-2030 b", "CN-MEE-2030", "cn-mee-2030:a", ""])
def test_an_edition_of_another_publisher_or_form_is_refused(file: Path, edition: str) -> None:
    with pytest.raises(GhgError, match="is no edition of mee: its id starts with 'cn-mee-'"):
        import_file("mee", file, Wanted(edition, **YEAR))


def test_an_unknown_importer_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="The importers are desnz, epa-hub"):
        import_file("defra", tmp_path / "a.csv", NEW)
    with pytest.raises(InputError, match="cannot read the file"):
        import_file("mee", tmp_path / "a.csv", NEW)


def problems(tmp_path: Path, text: str) -> list[tuple[str, int | None, str, str]]:
    (tmp_path / "bad.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        import_file("mee", tmp_path / "bad.csv", NEW)
    assert {issue.file for issue in refused.value.issues} == {str(tmp_path / "bad.csv")}
    return [(issue.rule, issue.line, issue.column, issue.message) for issue in refused.value.issues]


def test_rows_that_do_not_fit_are_listed_with_their_cells_all_at_once(tmp_path: Path) -> None:
    found = problems(tmp_path, "region,value\nnational,1\nCN-BJ,abc\nMARS,1\n")
    assert [place[:3] for place in found] == [("field-invalid", 3, "value"), ("field-invalid", 4, "value")]
    assert "cn-mee-2030:CN-BJ: 'abc' is not a plain decimal number" in found[0][3]
    assert "the region 'MARS' is not in the list" in found[1][3]


def cell(key: str, value: str, line: int) -> Cell:
    return Cell(key, (key,), "kg/kWh", "CO2", value, "Table 3", "a.csv", line, "2")


@pytest.mark.parametrize(
    ("key", "value", "line"), [("CN-BJ", "9", 2), ("CN-TJ", "9", 3), ("CN-HE", "0.7250", 4), ("CN-SX", "9", None)]
)
def test_a_locator_of_a_whole_table_still_leads_to_the_cell(key: str, value: str, line: int | None) -> None:
    cells = [cell("CN-BJ", "0.5", 2), cell("CN-TJ", "0.7", 3), cell("河北", "0.725", 4)]
    row = rows([cell(key, value, 0)], Edition("cn-mee-2030", "2030-12-31", "2030-01-01", "x", {}))
    with pytest.raises(InputError, match="valid_to lies before valid_from") as refused:
        importing.validated(row, cells, "a.csv")
    assert [(issue.file, issue.line) for issue in refused.value.issues] == [("a.csv", line)]


def test_a_label_that_the_importer_does_not_know_is_refused_with_its_cell(tmp_path: Path) -> None:
    [found] = problems(tmp_path, "region,value\nnational,1\nAtlantis,1\n")
    assert found == ("import-unknown", 3, "value", "the label 'Atlantis' is not known.")


def test_a_number_that_breaks_a_law_is_refused_with_its_cell(tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text(FILE.replace("0.4001", "-0.4001"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        import_file("mee", path, NEW)
    [issue] = caught.value.issues
    assert (issue.rule, issue.line, issue.column, issue.value) == ("import-contradiction", 3, "value", "-0.4001")


def test_a_row_that_stands_twice_is_refused(tmp_path: Path) -> None:
    found = problems(tmp_path, "region,value\nCN-BJ,1\nCN-BJ,2\n")
    assert ("id-duplicate", 3, "value", "the id 'cn-mee-2030:CN-BJ' stands twice.") in found


def test_two_labels_with_one_meaning_are_refused(tmp_path: Path) -> None:
    [found] = problems(tmp_path, "region,value\nnational,1\nCN,2\n")
    assert found[:3] == ("import-unknown", 3, "value")
    assert "cn-mee-2030:CN says the same as cn-mee-2030:national: electricity, grid_average, CN, CO2" in found[3]


def test_a_pack_reads_back_as_the_same_rows(file: Path, tmp_path: Path) -> None:
    found = import_file("mee", file, NEW)
    (tmp_path / "pack.csv").write_text(importing.pack_text(found.rows), encoding="utf-8")
    again = read_factors(tmp_path / "pack.csv", "pack.csv", is_own=True)
    assert tuple(row for factor in again for row in factor.rows) == found.rows


def test_shipped_rows_survive_being_written_and_read(tmp_path: Path) -> None:
    shipped = [library().rows[cells["id"]] for cells in library().texts() if cells["source"] == "ipcc-2006-v2"]
    (tmp_path / "pack.csv").write_text(importing.pack_text(shipped), encoding="utf-8")
    again = {row.id: row for f in read_factors(tmp_path / "pack.csv", "p", is_own=True) for row in f.rows}
    assert list(again.values()) == sorted(shipped, key=lambda row: list(again).index(row.id))


@pytest.fixture
def ghg(file: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.chdir(file.parent)
    return lambda *words: CliRunner().invoke(import_command, ["mee", *words], standalone_mode=False)


OPTIONS = ("--edition", "cn-mee-2030", "--valid-from", "2030-01-01", "--valid-to", "2030-12-31")


def test_the_command_reports_and_writes_nothing_by_itself(file: Path, ghg: Callable[..., Result]) -> None:
    said = ghg("new.csv", *OPTIONS)
    assert said.return_value == 0
    assert "cn-mee-2030 from new.csv: 2 rows of 2 factors." in said.output
    assert "cn-mee-2023 → cn-mee-2030: 0 new," in said.output
    assert [path.name for path in file.parent.iterdir()] == ["new.csv"]


def test_the_report_has_every_row_as_json_and_csv(ghg: Callable[..., Result]) -> None:
    document = json.loads(ghg("new.csv", *OPTIONS, "--format", "json").stdout)
    table = ghg("new.csv", *OPTIONS, "--format", "csv")
    assert [row[0] for row in document["rows"]].count("changed") == 2
    assert len(table.stdout.splitlines()) == len(document["rows"]) + 1
    assert any("compared with nothing" in note for note in document["notes"])
    assert "compared with nothing" in table.stderr


def test_a_written_pack_is_whole_and_says_how_to_use_it(file: Path, ghg: Callable[..., Result]) -> None:
    said = ghg("new.csv", *OPTIONS, "--out", "packs/own.csv")
    found = read_factors(file.parent / "packs" / "own.csv", "own.csv", is_own=True)
    assert [factor.id for factor in found] == ["cn-mee-2030:national", "cn-mee-2030:CN-BJ"]
    assert "2 rows written to packs/own.csv." in said.stderr
    assert "factors: [own.csv]\nsources:\n  cn-mee-2030:\n    title:\n" in said.stderr
    assert f"    checksum: sha256 {sha256(file)} of new.csv" in said.stderr
    assert [path.name for path in (file.parent / "packs").iterdir()] == ["own.csv"]


def test_a_file_that_exists_is_not_overwritten(file: Path, ghg: Callable[..., Result]) -> None:
    said = ghg("new.csv", *OPTIONS, "--out", "new.csv")
    assert isinstance(said.exception, GhgError)
    assert file.read_text(encoding="utf-8") == FILE


def test_ids_of_the_library_are_not_written_under_their_own_name(file: Path, ghg: Callable[..., Result]) -> None:
    said = ghg("new.csv", "--edition", "cn-mee-2022", "--out", "own.csv")
    assert "such as --edition cn-mee-2022-own" in str(said.exception)
    assert not (file.parent / "own.csv").exists()
    assert ghg("new.csv", "--edition", "cn-mee-2022").return_value == 0, "without --out it is compared"


def test_nothing_is_written_when_a_row_does_not_fit(file: Path, ghg: Callable[..., Result]) -> None:
    file.write_text("region,value\nnational,1\nCN-BJ,abc\n", encoding="utf-8")
    assert isinstance(ghg("new.csv", *OPTIONS, "--out", "own.csv").exception, InputError)
    assert [path.name for path in file.parent.iterdir()] == ["new.csv"]


def test_a_failed_write_leaves_nothing(file: Path, ghg: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, text: str) -> None:
        path.write_text(text[:10], encoding="utf-8")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(evidence, "_write", full)
    said = ghg("new.csv", *OPTIONS, "--out", "own.csv")
    assert "No space left on device. Nothing was left behind." in str(said.exception)
    assert [path.name for path in file.parent.iterdir()] == ["new.csv"]


def test_the_columns_of_a_pack_are_those_of_the_model() -> None:
    assert importing.pack_text([]).strip().split(",") == list(FactorRow.model_fields)
