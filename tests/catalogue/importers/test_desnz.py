"""The importer of the UK government's flat file."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from ghg.catalogue.importers import desnz
from ghg.catalogue.importers.cells import Cell, Edition, Row
from ghg.catalogue.importers.crosswalk import crosswalk
from ghg.factors import FactorRow
from ghg.issues import InputError
from ghg.numbers import parse
from ghg.vocabulary import vocabulary

EDITION = Edition("desnz-2024", "2024-01-01", "2024-12-31", "verified: one source", {})
HEADING = [*desnz.HEADINGS, "GHG Conversion Factor 2024"]
TITLE = [["UK Government GHG Conversion Factors", "", ""], [], ["Next publication date:", "", "June 2025"], []]
CO2, CH4, N2O = desnz.BY_GAS
BUTANE = [
    ["1_100_1000_15_1", "Scope 1", "Fuels", "Gaseous fuels", "Butane", "", "", "tonnes", "kg CO2e", "3033.38067"],
    ["1_100_1000_15_2", "Scope 1", "Fuels", "Gaseous fuels", "Butane", "", "", "tonnes", CO2, "3029.26"],
    ["1_100_1000_15_3", "Scope 1", "Fuels", "Gaseous fuels", "Butane", "", "", "tonnes", CH4, "2.52"],
    ["1_100_1000_15_4", "Scope 1", "Fuels", "Gaseous fuels", "Butane", "", "", "tonnes", N2O, "1.60067"],
]
FLIGHT = ["Business travel- air", "Flights", "International, to/from non-UK", "Average passenger"]
KM = "passenger.km"


def line(key: str, levels: list[str], unit: str, gas: str, value: str) -> list[str]:
    return [key, "Scope 3", *levels, *[""] * (5 - len(levels)), unit, gas, value]


def written(folder: Path, lines: list[list[str]], heading: list[str] = HEADING) -> Path:
    path = folder / "flat.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([*TITLE, heading, *lines])
    return path


def cells(folder: Path, lines: list[list[str]], heading: list[str] = HEADING) -> list[Cell]:
    return desnz.read(written(folder, lines, heading), "flat.csv")


def rows(folder: Path, lines: list[list[str]]) -> list[Row]:
    made = desnz.rows(cells(folder, lines), EDITION)
    for row in made:
        FactorRow.model_validate(dict.fromkeys(FactorRow.model_fields, "") | row)
    return made


def problems(folder: Path, lines: list[list[str]], edition: Edition = EDITION) -> list[str]:
    with pytest.raises(InputError) as caught:
        desnz.rows(cells(folder, lines), edition)
    return [str(issue).splitlines()[0] for issue in caught.value.issues]


def test_lines_by_gas_become_masses_and_the_total_ships_beside_them(tmp_path: Path) -> None:
    found = rows(tmp_path, BUTANE)
    assert [(row["id"], row["kind"], row["gas"], row["value"], row["gwp_set"]) for row in found] == [
        ("desnz-2024:1_100_1000_15:CO2", "emission_factor", "CO2", "3029.26", ""),
        ("desnz-2024:1_100_1000_15:CH4_combustion", "emission_factor", "CH4_combustion", "2.52/28", ""),
        ("desnz-2024:1_100_1000_15:N2O", "emission_factor", "N2O", "1.60067/265", ""),
        ("desnz-2024:1_100_1000_15:CO2e", "co2e_total", "CO2e", "3033.38067", "AR5"),
    ]
    assert {row["factor"] for row in found} == {"desnz-2024:1_100_1000_15"}
    assert {(row["activity"], row["basis"], row["unit"], row["region"]) for row in found} == {
        ("fuel.butane", "combustion", "kg/tonne", "GB")
    }
    assert [row["locator"] for row in found] == [f"flat file ID 1_100_1000_15_{n}" for n in (2, 3, 4, 1)]
    assert parse(found[1]["value"]) * 28 == parse("2.52")


def test_a_total_alone_is_the_emission_factor(tmp_path: Path) -> None:
    [row] = rows(tmp_path, BUTANE[:1])
    assert (row["id"], row["kind"], row["gwp_set"]) == ("desnz-2024:1_100_1000_15", "emission_factor", "AR5")


def test_a_blank_cell_is_no_row_and_a_printed_zero_is_one(tmp_path: Path) -> None:
    car = ["Passenger vehicles", "Cars (by market segment)", "Mini", ""]
    lines = [
        line("4_300_3004_4_1", [*car, "Battery Electric Vehicle"], "km", "kg CO2e", "0"),
        line("4_300_3004_4_3", [*car, "Battery Electric Vehicle"], "km", CH4, ""),
        line("4_300_3002_4_1", [*car, "Not yet known"], "km", "kg CO2e", ""),
    ]
    [row] = rows(tmp_path, lines)
    assert (row["value"], row["activity"]) == ("0", "owned_vehicle.car.mini.battery_electric")
    zeros = [line(f"4_300_3004_4_{n}", [*car, "Battery Electric Vehicle"], "km", gas, "0")
             for n, gas in enumerate(("kg CO2e", *desnz.BY_GAS), 1)]  # fmt: skip
    assert [row["value"] for row in rows(tmp_path, zeros)] == ["0", "0", "0", "0"]


def test_radiative_forcing_is_no_mass_so_only_the_total_ships(tmp_path: Path) -> None:
    lines = [
        *(line(f"21_316_3178_11_{n}", [*FLIGHT, "With RF"], KM, gas, value)
          for n, (gas, value) in enumerate(
              zip(("kg CO2e", *desnz.BY_GAS), ("0.1758", "0.17493", "1e-05", "0.00086"), strict=True), 1)),
        *(line(f"21_316_3179_11_{n}", [*FLIGHT, "Without RF"], KM, gas, value)
          for n, (gas, value) in enumerate(
              zip(("kg CO2e", *desnz.BY_GAS), ("0.10391", "0.10304", "1e-05", "0.00086"), strict=True), 1)),
    ]  # fmt: skip
    forced, *plain = rows(tmp_path, lines)
    assert (forced["id"], forced["basis"]) == ("desnz-2024:21_316_3178_11", "combustion_with_radiative_forcing")
    assert (forced["gas"], forced["value"], forced["gwp_set"]) == ("CO2e", "0.1758", "AR5")
    assert "no masses" in forced["note"]
    assert [row["gas"] for row in plain] == ["CO2", "CH4_combustion", "N2O", "CO2e"]
    assert {row["basis"] for row in plain} == {"combustion"}
    assert {row["activity"] for row in (forced, *plain)} == {"travel.air.international.average"}
    assert "without radiative forcing" in plain[0]["name"]


def test_energy_of_vehicles_is_net_of_fuel_and_plain_of_electricity(tmp_path: Path) -> None:
    fuel = ["SECR kWh pass & delivery vehs", "Cars (by size)", "Small car", "", "Diesel"]
    electric = ["SECR kWh UK electricity for EVs", "Cars (by size)", "Small car", "", "Battery Electric Vehicle"]
    found = rows(tmp_path, [
        line("6_301_3045_4_1", fuel, "km", "kWh (Net CV)", "0.53"),
        line("9_301_3052_4_1", electric, "km", "kWh (net)", "0.17"),
    ])  # fmt: skip
    assert [(row["kind"], row["gas"], row["unit"], row["basis"]) for row in found] == [
        ("energy_content", "", "kWh_net/km", "operation"),
        ("energy_content", "", "kWh/km", "operation"),
    ]


def test_carbon_of_biomass_stands_outside_the_scopes(tmp_path: Path) -> None:
    wood = ["Outside of scopes", "Biomass", "Wood logs"]
    found = rows(tmp_path, [line("99_104_1043_15_2", wood, "tonnes", CO2, "1436.23"),
                            line("99_104_1043_5_2", wood, "kWh", CO2, "0.35")])  # fmt: skip
    assert {(row["gas"], row["basis"], row["activity"]) for row in found} == {
        ("CO2_biogenic", "outside_of_scopes", "fuel.wood.logs")
    }
    assert [row["unit"] for row in found] == ["kg/tonne", "kg/kWh_net"]
    assert "without net or gross" in found[1]["note"]


def test_a_kwh_of_forecourt_fuel_is_left_out_because_nothing_tells_net_from_gross(tmp_path: Path) -> None:
    diesel = ["Outside of scopes", "Forecourt fuels containing biofuel", "Diesel (average biofuel blend)"]
    [row] = rows(tmp_path, [line("99_604_1011_15_2", diesel, "tonnes", CO2, "163.17"),
                            line("99_604_1011_5_2", diesel, "kWh", CO2, "0.01")])  # fmt: skip
    assert (row["unit"], row["activity"]) == ("kg/tonne", "fuel.diesel.average_biofuel_blend")


def test_a_kwh_of_electricity_is_plain(tmp_path: Path) -> None:
    grid = ["UK electricity", "Electricity generated", "Electricity: UK", "kWh"]
    [row] = rows(tmp_path, [line("7_400_4000_5_1", grid, "kWh", "kg CO2e", "0.20705")])
    assert (row["unit"], row["activity"], row["basis"]) == ("kg/kWh", "electricity", "grid_average")


def test_a_million_litres_keeps_its_digits_in_grams_per_thousand_litres(tmp_path: Path) -> None:
    water = ["Water supply", "Water supply", "Water supply"]
    small, large = rows(tmp_path, [
        line("17_404_4005_1_1", water, "cubic metres", "kg CO2e", "0.15311"),
        line("17_404_4005_10_1", water, "million litres", "kg CO2e", "153.10865"),
    ])  # fmt: skip
    assert (small["unit"], large["unit"], large["value"]) == ("kg/m3", "g/kL", "153.10865")
    models = [FactorRow.model_validate(dict.fromkeys(FactorRow.model_fields, "") | row) for row in (small, large)]
    assert abs(models[0].base_amount / models[1].base_amount - 1) < parse("0.0001")


def test_a_hotel_stay_is_of_its_country_and_london_has_its_own_region(tmp_path: Path) -> None:
    found = rows(tmp_path, [
        line(f"30_600_{n}_13_1", ["Hotel stay", "Hotel stay", place], "Room per night", "kg CO2e", "10.4")
        for n, place in enumerate(("UK", "UK (London)", "Hong Kong, China", "Korea", "France"))
    ])  # fmt: skip
    assert [row["region"] for row in found] == ["GB", "GB-LND", "HK", "KR", "FR"]
    assert {(row["activity"], row["unit"], row["basis"]) for row in found} == {
        ("hotel_stay", "kg/room_night", "operation")
    }
    assert all("mixes GWP sets" in row["note"] for row in found)


@pytest.mark.parametrize("value", ["0.13388999999999998", "3033.3806711409397", "8.89261744966443e-05"])
def test_the_tail_of_a_binary_number_is_not_shown(tmp_path: Path, value: str) -> None:
    [row] = rows(tmp_path, [[*BUTANE[0][:-1], value]])
    assert row["value"] == f"{float(value):.15g}"


def test_a_workbook_reads_like_its_copy(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["Introduction"])
    sheet = book.create_sheet("Factors by Category")
    for row in [*TITLE, HEADING]:
        sheet.append(row)
    for row in BUTANE:
        sheet.append([cell or None for cell in row[:-1]] + [float(row[-1])])
    book.save(tmp_path / "flat.xlsx")
    found = desnz.read(tmp_path / "flat.xlsx", "flat.xlsx")
    copied = cells(tmp_path, BUTANE)
    assert [(cell.key, cell.labels, cell.value, cell.line) for cell in found] == [
        (cell.key, cell.labels, cell.value, cell.line) for cell in copied
    ]


def test_a_file_without_the_headings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="0 sheets have the headings of a flat file"):
        cells(tmp_path, BUTANE, [*HEADING[:-1], "Value"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({0: "total"}, "flat.csv:6: ID: 'total' is not the ID of a flat file."),
        ({0: ""}, "flat.csv:6: ID: the line has cells and no ID."),
    ],
)
def test_a_line_without_an_id_is_refused(tmp_path: Path, change: dict[int, str], message: str) -> None:
    bad = [change.get(column, cell) for column, cell in enumerate(BUTANE[0])]
    with pytest.raises(InputError) as caught:
        cells(tmp_path, [bad])
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        (4, "Buthane", "the label 'Fuels > Gaseous fuels > Buthane' is not in the crosswalk."),
        (7, "tons", "the unit 'tons' is not known."),
        (8, "kg CO2", "the gas or energy 'kg CO2' is not known."),
        (9, "#N/A", "'#N/A' is not a number."),
        (9, "1,234", "'1,234' is not a number."),
    ],
)
def test_what_is_not_known_is_refused_with_its_place(tmp_path: Path, column: int, value: str, message: str) -> None:
    bad = [value if number == column else cell for number, cell in enumerate(BUTANE[0])]
    [problem] = problems(tmp_path, [bad])
    where = {
        4: "Level 1, Level 2, Level 3, Level 4, Column Text",
        7: "UOM",
        8: "GHG/Unit",
        9: "GHG Conversion Factor 2024",
    }[column]
    assert problem.startswith(f"flat.csv:6: {where}: ")
    assert message in problem


def test_a_place_that_is_no_region_is_refused() -> None:
    unknown = Cell("30_1_1_13", ("Hotel stay", "Hotel stay", "Atlantis", "", ""), "Room per night", "kg CO2e", "1", "x")
    with pytest.raises(InputError, match="the place 'Atlantis' is not in the list of regions"):
        desnz.rows([unknown], EDITION)


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    bad = [[*row[:-1], "n/a"] for row in BUTANE]
    assert [problem.partition(": ")[0] for problem in problems(tmp_path, bad)] == [
        f"flat.csv:{n}" for n in range(6, 10)
    ]


def test_a_file_of_another_year_is_refused(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, BUTANE, Edition("desnz-2025", "2025-01-01", "2025-12-31", "verified", {}))
    assert "the file is of 2024, the edition desnz-2025 of 2025." in problem


def test_two_numbers_for_one_gas_are_refused(tmp_path: Path) -> None:
    found = problems(tmp_path, [BUTANE[0], ["1_100_1000_15_9", *BUTANE[0][1:]]])
    assert any("has two numbers for 'kg CO2e'" in problem for problem in found)


def test_lines_of_one_factor_with_another_unit_are_refused(tmp_path: Path) -> None:
    other = [cell.replace("tonnes", "litres") for cell in BUTANE[1]]
    assert any("differ in label or unit" in problem for problem in problems(tmp_path, [BUTANE[0], other]))


def test_a_total_beside_some_of_its_gases_is_refused(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, BUTANE[:3])
    assert "prints its total and only" in problem


def test_each_row_says_how_it_was_verified(tmp_path: Path) -> None:
    edition = Edition("desnz-2024", "2024-01-01", "2024-12-31", "one", {"desnz-2024:1_100_1000_15:CO2e": "two"})
    made = desnz.rows(cells(tmp_path, BUTANE), edition)
    assert [row["verification"] for row in made] == ["one", "one", "one", "two"]


def test_every_word_of_the_crosswalk_is_in_the_vocabulary() -> None:
    assert {entry.activity for entry in crosswalk("desnz").values()} <= set(vocabulary())
