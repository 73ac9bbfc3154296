"""The importer of the Chinese ministry's announcements."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from ghg.catalogue.importers import mee
from ghg.catalogue.importers.cells import Edition, Row
from ghg.factors import FactorRow
from ghg.issues import InputError

EDITION = Edition(
    "cn-mee-2022", "2022-01-01", "2022-12-31", "verified: one source", {"cn-mee-2022:CN-BJ": "verified: two"}
)
ANNOUNCEMENT = """表1 2022年全国电力平均二氧化碳排放因子,
,因子（kgCO₂/kWh）
全国,0.5366

表 2 2022年区域电力平均二氧化碳排放因子,
区域,因子（kgCO2/kWh）
华北,0.6776
西南,0.2268
表3 2022年省级电力平均二氧化碳排放因子,,,,,
序号,省份,因子（kgCO2/kWh）,序号,省份,因子（kgCO2/kWh）
1,北京,0.558,2,天津,0.7041
3,河北,0.7252,,,
注：不含西藏自治区。
表4 2022年全国电力平均二氧化碳排放因子（不包括市场化交易的非化石能源电量）,
,因子（kgCO2/kWh）
全国,0.5856
表5 2022年全国化石能源电力二氧化碳排放因子,
,因子（kgCO2/kWh）
全国,0.8325
"""
SMALL = "表3 2022年省级电力平均二氧化碳排放因子,\n省份,因子（kgCO2/kWh）\n"


def rows(folder: Path, text: str, edition: Edition = EDITION) -> Mapping[str, Row]:
    path = folder / "mee.csv"
    path.write_text(text, encoding="utf-8")
    return {row["id"]: row for row in mee.rows(mee.read(path, "mee.csv"), edition)}


def problems(folder: Path, text: str, edition: Edition = EDITION) -> list[str]:
    with pytest.raises(InputError) as caught:
        rows(folder, text, edition)
    return [str(issue) for issue in caught.value.issues]


def test_five_tables_below_each_other_are_read_into_rows(tmp_path: Path) -> None:
    found = rows(tmp_path, ANNOUNCEMENT)
    assert {key.partition(":")[2]: (row["value"], row["basis"]) for key, row in found.items()} == {
        "national": ("0.5366", "grid_average"),
        "CN-GRID-NORTH": ("0.6776", "grid_average"),
        "CN-GRID-SOUTHWEST": ("0.2268", "grid_average"),
        "CN-BJ": ("0.5580", "grid_average"),
        "CN-TJ": ("0.7041", "grid_average"),
        "CN-HE": ("0.7252", "grid_average"),
        "national-ex-market-nonfossil": ("0.5856", "grid_excluding_market_traded_non_fossil"),
        "national-fossil": ("0.8325", "grid_fossil"),
    }


def test_every_row_fits_the_library(tmp_path: Path) -> None:
    blank = dict.fromkeys(FactorRow.model_fields, "")
    made = [FactorRow.model_validate(blank | row) for row in rows(tmp_path, ANNOUNCEMENT).values()]
    assert {(row.gas, row.unit, row.source, row.activity) for row in made} == {
        ("CO2", "kg/kWh", "cn-mee-2022", "electricity")
    }


def test_a_row_says_its_table_and_how_it_was_checked(tmp_path: Path) -> None:
    found = rows(tmp_path, ANNOUNCEMENT)
    beijing, tianjin = found["cn-mee-2022:CN-BJ"], found["cn-mee-2022:CN-TJ"]
    assert (beijing["locator"], beijing["verification"]) == ("Table 3", "verified: two")
    assert tianjin["verification"] == "verified: one source"
    assert (beijing["name"], beijing["name_local"]) == ("grid electricity, provincial average (Beijing)", "北京")


def test_a_dropped_trailing_zero_is_restored_and_said(tmp_path: Path) -> None:
    found = rows(tmp_path, ANNOUNCEMENT)
    assert {key for key, row in found.items() if row["note"]} == {"cn-mee-2022:CN-BJ"}
    assert found["cn-mee-2022:CN-BJ"]["note"] == mee.RESTORED


def test_a_blank_factor_is_no_row(tmp_path: Path) -> None:
    assert list(rows(tmp_path, f"{SMALL}北京,0.5580\n西藏,\n")) == ["cn-mee-2022:CN-BJ"]


def test_a_workbook_with_a_sheet_a_table_reads_alike(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, name, value in (
        ("表1 2022年全国电力平均二氧化碳排放因子", "全国", 0.5366),
        ("表3 2022年省级电力平均二氧化碳排放因子", "北京", 0.558),
    ):
        sheet = book.create_sheet()
        sheet.append([title])
        sheet.append(["名称", "因子（kgCO2/kWh）"])
        sheet.append([name, value])
    book.save(tmp_path / "mee.xlsx")
    made = mee.rows(mee.read(tmp_path / "mee.xlsx", "mee.xlsx"), EDITION)
    assert [(row["region"], row["value"]) for row in made] == [("CN", "0.5366"), ("CN-BJ", "0.5580")]


def test_trap_3_a_table_of_another_year_than_the_edition_is_refused(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, f"{SMALL}北京,0.5580\n".replace("2022", "2021"))
    assert "the table is of 2021, the edition cn-mee-2022 of 2022" in problem


@pytest.mark.parametrize("name", ["香港", "澳门", "台湾", "中国", "北京市", ""])
def test_trap_4_a_name_the_ministry_does_not_cover_is_refused(tmp_path: Path, name: str) -> None:
    [problem] = problems(tmp_path, f"{SMALL}{name},0.5580\n")
    assert problem.startswith(f"mee.csv:3: B: {name!r} is not the name of a grid or province")


def test_all_problems_are_told_at_once_with_their_cells(tmp_path: Path) -> None:
    found = problems(tmp_path, f"{SMALL}北京,#N/A\n上梅,0.5580\n天津,0.7041\n天津,0.7042\n河北,-0.5\n江苏,'0,58'\n")
    assert [text.partition(" [")[0].split("\n")[0] for text in found] == [
        "mee.csv:3: B: '#N/A' is not a positive plain decimal number.",
        "mee.csv:4: B: '上梅' is not the name of a grid or province the ministry covers.",
        "mee.csv:6: B: '天津' stands twice in the announcement.",
        "mee.csv:7: B: '-0.5' is not a positive plain decimal number.",
        'mee.csv:8: B: "\'0" is not a positive plain decimal number.',
    ]


def test_another_unit_is_refused_though_it_is_numerically_equal(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, f"{SMALL}北京,0.5580\n".replace("kgCO2/kWh", "tCO2/MWh"))
    assert "the unit 'tCO2/MWh' is not one the announcements print" in problem


def test_an_unknown_table_is_refused(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, f"{SMALL}北京,0.5580\n".replace("省级电力平均", "省级热力平均"))
    assert "the table '2022年省级热力平均二氧化碳排放因子' is not in the crosswalk" in problem


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no table of the announcement was found"),
        ("省份,因子（kgCO2/kWh）\n北京,0.5580\n", "stands before the first table title"),
        ("表3 2022年省级电力平均二氧化碳排放因子,\n北京,0.5580\n", "the heading of table 3 has no column of factors"),
    ],
)
def test_a_file_without_titles_or_headings_is_refused(tmp_path: Path, text: str, message: str) -> None:
    [problem] = problems(tmp_path, text)
    assert message in problem
