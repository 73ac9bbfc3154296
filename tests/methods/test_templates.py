"""Templates: the columns of a method, and an inventory that refuses to run until it is filled in."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import ghg
from ghg.cli import ghg as command
from ghg.factors import FactorRow
from ghg.issues import InputError, UnknownNameError
from ghg.methods import Method, method, methods
from ghg.methods.derivation import columns_of
from ghg.methods.templates import FACTOR_COLUMNS, guide, header, template

FILLED = {
    "inventory": "x", "organisation": "x", "title": "x", "period": "{start: 2024-01-01, end: 2024-12-31}",
    "base_year": "none", "consolidation": "not_stated", "boundary": "x", "gwp": "AR5", "books": "[location]",
    "publications": "[desnz-2024]", "ladder": "{regions: [exact], max_age_years: 0}",
}  # fmt: skip


@pytest.mark.parametrize("found", methods().values(), ids=lambda found: found.id)
def test_a_template_has_every_column_a_method_needs_and_explains_it(found: Method) -> None:
    columns = header(found)
    assert set(columns_of(found)[0]) <= set(columns)
    assert len(set(columns)) == len(columns) == len(guide(found))


def test_a_template_that_is_filled_in_runs(tmp_path: Path) -> None:
    for name, text in template(["waste.average_data"], FILLED).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    table = tmp_path / "activity" / "waste.average_data.csv"
    cells = {
        "id": "r", "entity": "e", "activity": "waste", "item": "waste.glass.landfill", "region": "GB",
        "start": "2024-01-01", "end": "2024-12-31", "provenance": "measured", "total_waste": "10 t",
        "treatment_share": "25 %", "note": "",
    }  # fmt: skip
    columns = header(method("waste.average_data"))
    table.write_text(",".join(columns) + "\n" + ",".join(cells[name] for name in columns) + "\n", encoding="utf-8")
    run = ghg.run(tmp_path / "inventory.yaml")
    assert run.figure("scope3.5")
    run.close()


def test_the_command_writes_what_is_refused_until_it_is_filled_in(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    arguments = ["init", str(folder), "--methods", "waste.waste_type", "--year", "2024", "--gwp", "AR5"]
    result = CliRunner().invoke(command, arguments, standalone_mode=False)
    assert "amount: plain decimal number" in result.output
    with pytest.raises(InputError) as caught:
        ghg.run(folder / "inventory.yaml")
    assert {issue.rule for issue in caught.value.issues} <= {"yaml-refused", "field-invalid"}
    assert CliRunner().invoke(command, arguments, standalone_mode=False).return_value == 0
    filled_in = folder / "inventory.yaml"
    filled_in.write_text(filled_in.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    again = CliRunner().invoke(command, arguments, standalone_mode=False)
    assert "exists" in str(again.exception)
    assert filled_in.read_text(encoding="utf-8").endswith("# mine\n")


def test_a_table_for_own_factors_has_the_columns_of_one() -> None:
    assert tuple(FactorRow.model_fields) == FACTOR_COLUMNS


def test_options_may_be_given_again_and_own_factors_come_with_their_source(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    arguments = ["init", str(folder), "--methods", "waste.waste_type", "--methods", "transport.distance_based",
                 "--publications", "desnz-2024", "--publications", "desnz-2025", "--own-factors"]  # fmt: skip
    said = CliRunner().invoke(command, arguments, standalone_mode=False).output
    assert "activity: the account: waste or end_of_life" in said
    assert "item: waste.* or own.*; own.NAME is a word of your own factors" in said
    assert sorted(path.name for path in folder.rglob("*.csv")) == [
        "factors.csv", "transport.distance_based.csv", "waste.waste_type.csv",
    ]  # fmt: skip
    stated = (folder / "inventory.yaml").read_text(encoding="utf-8")
    assert 'publications: ["desnz-2024", "desnz-2025"]' in stated
    assert "factors: [factors.csv]" in stated
    with pytest.raises(InputError):
        ghg.run(folder / "inventory.yaml")


def test_an_unknown_method_has_no_template() -> None:
    with pytest.raises(UnknownNameError):
        template(["waste.nothing"], {})
