"""Heat, steam, cooling and generation on the site, in both books."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import ghg
from tests.instruments.small import ACTIVITY, INSTRUMENT, INVENTORY, table

CHINA = "publications: [cn-mee-2022, gbt-32151-34-2024]"


def run(folder: Path, rows: list[dict[str, str]], instruments: list[dict[str, str]] | None = None) -> ghg.Run:
    text = INVENTORY.replace("publications: [cn-mee-2022]", CHINA)
    if instruments is not None:
        text += "instruments: {tables: [instruments.csv]}\n"
        (folder / "instruments.csv").write_text(table(instruments, INSTRUMENT), encoding="utf-8")
    (folder / "inventory.yaml").write_text(text, encoding="utf-8")
    (folder / "activity.csv").write_text(table(rows, {**ACTIVITY, "item": ""}), encoding="utf-8")
    return ghg.run(folder / "inventory.yaml")


def value(made: ghg.Run, figure: str) -> Fraction | None:
    found = made.figure(figure)
    return found.amount if found else None


HEAT = {"activity": "purchased_heat", "item": "heat_and_steam", "amount": "1000", "unit": "GJ"}


def test_heat_takes_the_default_factor_in_both_books(tmp_path: Path) -> None:
    made = run(tmp_path, [HEAT])
    assert value(made, "scope2") == value(made, "scope2_market") == 110
    assert value(made, "energy_indirect") == Fraction(1000) / Fraction("3.6")


def test_an_instrument_of_heat_covers_heat_and_one_of_electricity_does_not(tmp_path: Path) -> None:
    heat = {
        "kind": "contract",
        "carrier": "heat",
        "registry": "",
        "retired": "",
        "issued": "",
        "unit": "GJ",
        "amount": "400",
    }
    power = {"amount": "1000"}
    made = run(tmp_path, [HEAT], [heat, power])
    assert value(made, "scope2") == 110
    assert value(made, "scope2_market") == 66
    assert [issue.value for issue in made.issues if issue.rule == "instrument-not-applied"] == ["2"]


@pytest.mark.parametrize("activity", ["purchased_steam", "purchased_heat"])
def test_an_item_has_to_be_named(tmp_path: Path, activity: str) -> None:
    with pytest.raises(ghg.InputError, match="item"):
        run(tmp_path, [{**HEAT, "activity": activity, "item": ""}])


def test_generation_on_the_site_is_energy_without_emissions(tmp_path: Path) -> None:
    made = run(tmp_path, [{"activity": "on_site_electricity_consumed", "amount": "10"}])
    assert value(made, "energy") == value(made, "energy_direct") == value(made, "energy_on_site") == 10
    assert value(made, "scope2") is None


def test_sold_attributes_make_it_grid_electricity_in_the_market_based_book_alone(tmp_path: Path) -> None:
    rows = [{"activity": "on_site_electricity_attributes_sold", "amount": "10"}]
    made = run(tmp_path, rows)
    assert value(made, "scope2") is None
    assert value(made, "scope2_market") == Fraction("5.856")
    assert value(made, "energy") == 10
    covered = run(tmp_path, rows, [{"amount": "10"}])
    assert value(covered, "scope2_market") == 0


def test_electricity_sold_lowers_nothing(tmp_path: Path) -> None:
    made = run(tmp_path, [{"amount": "10"}, {"activity": "electricity_sold", "amount": "30"}])
    assert value(made, "energy") == 10
    assert value(made, "energy_sold") == 30
    assert value(made, "scope2") == Fraction("5.58")
