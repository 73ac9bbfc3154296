"""The importer of the supply chain factors."""

from __future__ import annotations

from pathlib import Path

import pytest

from ghg.catalogue.importers import epa_supply_chain
from ghg.catalogue.importers.cells import Edition, Row
from ghg.factors import FactorRow
from ghg.issues import InputError

EDITION = Edition("epa-supply-chain-1.3", "2022-01-01", "2022-12-31", "verified: one source", {})
TABLE = """2017 NAICS Code,2017 NAICS Title,GHG,Unit,Supply Chain Emission Factors without Margins,\
Margins of Supply Chain Emission Factors,Supply Chain Emission Factors with Margins,Reference USEEIO Code
111110,Soybean Farming,All GHGs,"kg CO2e/2022 USD, purchaser price",0.488,0.044,0.532,1111A0
518210,"Data Processing, Hosting, and Related Services",All GHGs,"kg CO2e/2022 USD, purchaser price",0.093,,0.093,518200
"""


def rows(folder: Path, text: str) -> list[Row]:
    path = folder / "factors.csv"
    path.write_text(text, encoding="utf-8")
    return epa_supply_chain.rows(epa_supply_chain.read(path, "factors.csv"), EDITION)


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        rows(folder, text)
    return [str(issue).splitlines()[0] for issue in caught.value.issues]


def test_a_code_gives_a_factor_with_and_one_without_margins(tmp_path: Path) -> None:
    found = rows(tmp_path, TABLE)
    for row in found:
        FactorRow.model_validate({name: row.get(name, "") for name in FactorRow.model_fields})
    assert [(row["id"], row["value"], row["basis"]) for row in found] == [
        ("epa-supply-chain-1.3:111110-with-margins", "0.532", "supply_chain_with_margins"),
        ("epa-supply-chain-1.3:111110-without-margins", "0.488", "supply_chain_without_margins"),
        ("epa-supply-chain-1.3:518210-with-margins", "0.093", "supply_chain_with_margins"),
        ("epa-supply-chain-1.3:518210-without-margins", "0.093", "supply_chain_without_margins"),
    ]
    assert {(row["gas"], row["gwp_set"], row["unit"]) for row in found} == {("CO2e", "AR5", "kg/USD_2022")}
    assert found[2]["activity"] == "spend.naics_518210"
    assert found[2]["name"] == "NAICS 518210 Data Processing, Hosting, and Related Services"


def test_a_blank_factor_gives_no_row(tmp_path: Path) -> None:
    assert len(rows(tmp_path, TABLE.replace("0.044,0.532", "0.044,"))) == 3


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("2022 USD", "2021 USD", "the unit 'kg CO2e/2021 USD, purchaser price' is not known."),
        ("All GHGs", "Methane", "the gas 'Methane' is not 'All GHGs'."),
        ("111110", "999999", "the NAICS code '999999' is not in the vocabulary."),
        ("0.488", "#N/A", "'#N/A' is not a number."),
        ("Reference USEEIO Code", "USEEIO", "the column 'Reference USEEIO Code' is missing."),
    ],
)
def test_what_is_not_known_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert any(message in problem for problem in problems(tmp_path, TABLE.replace(old, new)))


def test_all_problems_come_at_once_with_their_cells(tmp_path: Path) -> None:
    found = problems(tmp_path, TABLE.replace("0.532", "x").replace("0.093,,", "y,,"))
    assert [problem.partition(": '")[0] for problem in found] == [
        "factors.csv:2: Supply Chain Emission Factors with Margins",
        "factors.csv:3: Supply Chain Emission Factors without Margins",
    ]


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert len(problems(tmp_path, "")) == 8
