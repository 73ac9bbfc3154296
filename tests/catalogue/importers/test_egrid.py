"""The importer of eGRID's sheet of subregions."""

from __future__ import annotations

from pathlib import Path

import pytest

from ghg.catalogue.importers import egrid
from ghg.catalogue.importers.cells import Edition, Row
from ghg.factors import FactorRow
from ghg.issues import InputError

EDITION = Edition("egrid-2023-r2", "2023-01-01", "2023-12-31", "verified: one source", {})
RATE = "eGRID subregion annual {} total output emission rate ({})"
SHEET = [
    ["Data Year", "eGRID subregion acronym", "eGRID subregion name", RATE.format("CO2", "lb/MWh"),
     "eGRID subregion annual CO2 input emission rate (lb/MMBtu)", RATE.format("CH4", "lb/MWh"),
     RATE.format("N2O", "lb/MWh")],
    ["YEAR", "SUBRGN", "SRNAME", "SRCO2RTA", "SRCO2RA", "SRCH4RTA", "SRN2ORTA"],
    ["2023", "AKGD", "ASCC Alaska Grid", "899.633", "120.1", "0.086", "0.012"],
    ["2023", "NWPP", "WECC Northwest", "631.705", "118.9", "0.054", ""],
    ["", "", "", "", "", "", ""],
]  # fmt: skip


def rows(folder: Path, sheet: list[list[str]]) -> list[Row]:
    path = folder / "srl.csv"
    path.write_text("".join(",".join(line) + "\n" for line in sheet), encoding="utf-8")
    return egrid.rows(egrid.read(path, "srl.csv"), EDITION)


def replaced(old: str, new: str) -> list[list[str]]:
    assert any(old in cell for line in SHEET for cell in line)
    return [[cell.replace(old, new) for cell in line] for line in SHEET]


def problems(folder: Path, sheet: list[list[str]]) -> list[str]:
    with pytest.raises(InputError) as caught:
        rows(folder, sheet)
    return [str(issue).splitlines()[0] for issue in caught.value.issues]


def test_a_subregion_is_one_factor_of_three_gases(tmp_path: Path) -> None:
    found = rows(tmp_path, SHEET)
    for row in found:
        FactorRow.model_validate({name: row.get(name, "") for name in FactorRow.model_fields})
    assert [(row["id"], row["region"], row["value"], row["unit"]) for row in found] == [
        ("egrid-2023-r2:AKGD:CO2", "US-EGRID-AKGD", "899.633", "lb/MWh"),
        ("egrid-2023-r2:AKGD:CH4_combustion", "US-EGRID-AKGD", "0.086", "lb/MWh"),
        ("egrid-2023-r2:AKGD:N2O", "US-EGRID-AKGD", "0.012", "lb/MWh"),
        ("egrid-2023-r2:NWPP:CO2", "US-EGRID-NWPP", "631.705", "lb/MWh"),
        ("egrid-2023-r2:NWPP:CH4_combustion", "US-EGRID-NWPP", "0.054", "lb/MWh"),
    ]
    assert {row["basis"] for row in found} == {"grid_average"}
    assert {row["valid_from"] for row in found} == {"2023-01-01"}


def test_the_metric_edition_says_so_in_its_descriptions(tmp_path: Path) -> None:
    assert {row["unit"] for row in rows(tmp_path, replaced("(lb/MWh)", "(kg/MWh)"))} == {"kg/MWh"}


def test_a_workbook_reads_like_its_export(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "PLNT23"
    sheet = book.create_sheet("SRL23")
    for line in SHEET:
        sheet.append([float(cell) if "." in cell else cell for cell in line])
    book.save(tmp_path / "egrid.xlsx")
    found = egrid.rows(egrid.read(tmp_path / "egrid.xlsx", "egrid.xlsx"), EDITION)
    assert [(row["id"], row["value"]) for row in found] == [(row["id"], row["value"]) for row in rows(tmp_path, SHEET)]
    assert found[0]["locator"] == "sheet SRL23, subregion AKGD, SRCO2RTA"


def test_a_workbook_without_the_sheet_is_refused(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    openpyxl.Workbook().save(tmp_path / "other.xlsx")
    with pytest.raises(InputError, match="0 sheets are called SRL"):
        egrid.read(tmp_path / "other.xlsx", "other.xlsx")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("SRCH4RTA", "SRCH4", "no column has the code SRCH4RTA."),
        ("annual CO2 total", "annual CO2 combustion", "the description of SRCO2RTA does not say CO2 and a unit."),
        ("(lb/MWh)", "(kg/GJ)", "the unit 'kg/GJ' is not known."),
        ("AKGD", "AKXX", "the subregion 'US-EGRID-AKXX' is not in the list of regions."),
        ("899.633", "#N/A", "'#N/A' is not a number."),
    ],
)
def test_what_is_not_known_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert any(message in problem for problem in problems(tmp_path, replaced(old, new)))


def test_all_problems_come_at_once_with_their_cells(tmp_path: Path) -> None:
    found = problems(tmp_path, [[{"899.633": "x", "0.054": "y"}.get(cell, cell) for cell in line] for line in SHEET])
    assert [problem.split(": '")[0] for problem in found] == ["srl.csv:3: SRCO2RTA", "srl.csv:4: SRCH4RTA"]


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert len(problems(tmp_path, [])) == 5
