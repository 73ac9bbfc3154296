"""The importer of the Emission Factors Hub, on a sheet with every table cut short."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ghg.catalogue.importers import epa_hub
from ghg.catalogue.importers.cells import Edition, Row
from ghg.factors import FactorRow
from ghg.issues import InputError

EDITION = Edition("epa-hub-2025", "", "", "verified: one source", {"epa-hub-2025:T2.R1": "never reached"})
Line = list[str]
FACTORS = ["CO2 Factor", "CH4 Factor", "N2O Factor"]
COMBUSTION = ["Fuel Type", "Heat Content (HHV)", *FACTORS, *FACTORS]
PER_UNIT = ["CO2 Factor \n(kg CO2 / unit)", "CH4 Factor \n(g CH4 / unit)", "N2O Factor \n(g N2O / unit)", "Units"]
PER_MILE = ["CH4 Factor \n(g CH4 / vehicle-mile)", "N2O Factor \n(g N2O / vehicle-mile)"]
GRID = ["(lb CO2 / MWh)", "(lb CH4 / MWh)", "(lb N2O / MWh)"]
STEAM = ["", "CO2 Factor \n(kg CO2 / mmBtu)", "CH4 Factor \n(g CH4 / mmBtu)", "N2O Factor \n(g N2O / mmBtu)"]
TREATMENTS = [
    "RecycledA", "LandfilledB", "CombustedC", "CompostedD", "Anaerobically Digested (Dry Digestate with Curing)E",
    "Anaerobically Digested (Wet  Digestate with Curing)E",
]  # fmt: skip


def units(per: str) -> Line:
    """A line of units of the stationary table."""
    gases = [f"{unit} {gas} per " for unit, gas in (("kg", "CO2"), ("g", "CH4"), ("g", "N2O"))]
    return ["", f"mmBtu per {per}", *[f"{gas}mmBtu" for gas in gases], *[f"{gas}{per}" for gas in gases]]


SHEET: list[tuple[str, str, list[Line]]] = [
    ("1", epa_hub.STATIONARY, [
        COMBUSTION, units("short ton"), ["Coal and Coke"],
        ["Anthracite", "25.09", "103.69", "11", "1.6", "2602", "276", "40"],
        ["Mixed (Commercial Sector)", "21.39", "94.27", "11", "1.6", "2016", "235", "34"],
        ["Biomass Fuels - Solid"],
        ["Peat", "8", "111.84", "32", "4.2", "895", "256", "34"],
        units("scf"), ["Natural Gas"],
        ["Natural Gas", "0.001026", "53.06", "1", "0.1", "0.05444", "0.00103", "0.0001"],
        ["Biomass Fuels - \nKraft Pulping Liquor, by Wood Furnish"],
        ["Straw", "", "95.1", "1.9", "0.42", "", "", ""],
        ["Source:"], ["Emission factors per 40 CFR 98", "1"],
    ]),
    ("2", epa_hub.MOBILE_CO2, [
        ["Fuel Type", "kg CO2 per unit", "Unit"], ["Compressed Natural Gas (CNG)", "0.05444", "scf"],
        ["Ethanol (100%)", "5.75", "gallon"], ["Diesel Fuel", "10.21", "gallon"],
    ]),
    ("3", epa_hub.ROAD_GASOLINE, [
        ["Vehicle Type", "Model Year", *PER_MILE], ["Gasoline Light-Duty Trucks", "1973-1974", "0.1908", "0.0218"],
        ["(Vans, Pickup Trucks, SUVs)", "1975", "0.1634", "0.0513"], ["", "1976", "0.1594", "0.0555"],
        ["Gasoline Heavy-Duty Vehicles", "≤1980", "0.4604", "0.0497"],
    ]),
    ("4", epa_hub.ROAD_OTHER, [
        ["Vehicle Type", "Fuel Type", "Model Year", *PER_MILE],
        ["Passenger Cars", "Diesel", "1960-1982", "0.0006", "0.0012"], ["", "", "1983-2006", "0.0005", "0.001"],
        ["Light-Duty Cars", "Methanol", "", "0.012", "0.004"], ["", "Ethanol", "", "0.012", "0.004"],
    ]),
    ("5", epa_hub.NON_ROAD, [
        ["Vehicle Type", "Fuel Type", "CH4 Factor \n(g CH4 / gallon)", "N2O Factor \n(g N2O / gallon)"],
        ["Aircraft", "Jet Fuel", "0", "0.3"], ["Agricultural EquipmentA", "LPG", "0.33", "0.94"],
    ]),
    ("6", epa_hub.ELECTRICITY, [
        ["", "", epa_hub.TOTAL_OUTPUT, "", "", epa_hub.NON_BASELOAD],
        ["eGRID Subregion Acronym", "eGRID Subregion Name", *FACTORS, *FACTORS, "Grid Gross Loss (%)"],
        ["", "", *GRID, *GRID],
        ["NYCW", "NPCC NYC/Westchester", "974.656", "0.025", "0.003", "1008.891", "0.02", "0.002", "0.042"],
        ["PRMS", "Puerto Rico Miscellaneous", "1542.952", "0.077", "0.012", "1636.738", "0.072", "0.012", ""],
        ["US Average", "US Average", "771.523", "0.057", "0.008", "1393.7", "0.104", "0.015", "0.042"],
        ["Source: EPA eGRID2023, January 2025 (Summary Tables)"],
    ]),
    ("7", epa_hub.STEAM, [STEAM, ["Steam and Heat", "66.33", "1.25", "0.125"]]),
    ("8", epa_hub.FREIGHT, [
        ["These factors are intended for use in the distance-based method."], ["Vehicle Type", *PER_UNIT],
        ["Passenger Car A", "0.297", "0.0059", "0.0053", "vehicle-mile"],
        ["Medium- and Heavy-Duty TruckC", "0.186", "0.0016", "0.0054", "short ton-mile"],
    ]),
    ("9", epa_hub.WASTE, [
        ["", epa_hub.WASTE_UNIT], ["Material", *TREATMENTS],
        ["PLA", "NA", "0.02", "0.01", "0.13", "NA", "NA"], ["Grains", "NA", "2.06", "0.05", "0.11", "0.14", "0.11"],
    ]),
    ("10", epa_hub.TRAVEL, [
        ["Vehicle Type", *PER_UNIT],
        ["Air Travel - Short Haul (< 300 miles)", "0.207", "0.0064", "0.0066", "passenger-mile"],
    ]),
    ("11", "Global Warming Potential (GWP)", [["Common Name", "Formula", "100-Year GWP"], ["Methane", "CH4", "28"]]),
]  # fmt: skip
Change = Callable[[list[Line]], None]


def lines(tables: list[tuple[str, str, list[Line]]]) -> list[Line]:
    """The sheet: a title in row 2, then each table below its heading and a blank row."""
    made: list[Line] = [[], ["", "Emission Factors for Greenhouse Gas Inventories"]]
    for number, title, body in tables:
        made += [["", f"Table {number}", title], [], *[["", "", *line] for line in body], []]
    return made


def saved(folder: Path, sheet: list[Line]) -> Path:
    path = folder / "hub.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(sheet)
    return path


def rows(folder: Path, sheet: list[Line] | None = None) -> Mapping[str, Row]:
    path = saved(folder, lines(SHEET) if sheet is None else sheet)
    return {row["id"].partition(":")[2]: row for row in epa_hub.rows(epa_hub.read(path, "hub.csv"), EDITION)}


def problems(folder: Path, sheet: list[Line]) -> list[str]:
    with pytest.raises(InputError) as caught:
        rows(folder, sheet)
    return [str(issue).splitlines()[0] for issue in caught.value.issues]


def replaced(old: str, new: str) -> list[Line]:
    """The sheet with every cell of one text changed."""
    assert any(old in line for line in lines(SHEET))
    return [[new if cell == old else cell for cell in line] for line in lines(SHEET)]


def at(found: Mapping[str, Row], activity: str, gas: str = "") -> list[Row]:
    return [row for row in found.values() if row["activity"] == activity and (not gas or row["gas"] == gas)]


def brief(row: Row) -> tuple[str, ...]:
    return (row["kind"], row["gas"], row["value"], row["unit"], row["basis"])


def test_every_row_fits_the_model(tmp_path: Path) -> None:
    found = rows(tmp_path)
    for row in found.values():
        FactorRow.model_validate({name: row.get(name, "") for name in FactorRow.model_fields})
    assert len(found) == 94


def test_a_fuel_gives_a_heat_content_and_a_factor_for_each_denominator(tmp_path: Path) -> None:
    found = rows(tmp_path)
    assert [brief(row) for row in at(found, "fuel.anthracite")] == [
        ("gross_calorific_value", "", "25.09", "MMBtu_gross/short_ton", "gross"),
        ("emission_factor", "CO2", "103.69", "kg/MMBtu_gross", "combustion"),
        ("emission_factor", "CH4_combustion", "11", "g/MMBtu_gross", "combustion"),
        ("emission_factor", "N2O", "1.6", "g/MMBtu_gross", "combustion"),
        ("emission_factor", "CO2", "2602", "kg/short_ton", "combustion"),
        ("emission_factor", "CH4_combustion", "276", "g/short_ton", "combustion"),
        ("emission_factor", "N2O", "40", "g/short_ton", "combustion"),
    ]
    assert {row["factor"] for row in at(found, "fuel.anthracite")} == {
        "epa-hub-2025:T1.R8C3", "epa-hub-2025:T1.R8.per_mmBtu", "epa-hub-2025:T1.R8.per_short_ton",
    }  # fmt: skip
    assert found["T1.R8C3"]["locator"] == "Table 1, sheet Emission Factors Hub, row 8 col D"


def test_units_change_in_the_middle_of_the_stationary_table(tmp_path: Path) -> None:
    assert [brief(row)[2:4] for row in at(rows(tmp_path), "fuel.natural_gas", "CO2")] == [
        ("53.06", "kg/MMBtu_gross"), ("0.05444", "kg/scf"),
    ]  # fmt: skip


def test_blank_cells_give_no_rows(tmp_path: Path) -> None:
    found = rows(tmp_path)
    assert [row["unit"] for row in at(found, "fuel.black_liquor.straw")] == [
        "kg/MMBtu_gross", "g/MMBtu_gross", "g/MMBtu_gross",
    ]  # fmt: skip
    assert not [row for row in found.values() if row["kind"] == "grid_loss" and row["region"] == "US-EGRID-PRMS"]


def test_a_printed_zero_is_a_row(tmp_path: Path) -> None:
    [row] = at(rows(tmp_path), "fuel.jet_kerosene.off_road.aircraft", "CH4_combustion")
    assert row["value"] == "0"


def test_co2_of_biomass_is_biogenic_in_both_tables_of_fuels(tmp_path: Path) -> None:
    found = rows(tmp_path)
    biogenic = {row["activity"] for row in found.values() if row["gas"] == "CO2_biogenic"}
    assert biogenic == {"fuel.peat", "fuel.black_liquor.straw", "fuel.bioethanol.mobile"}
    assert not at(found, "fuel.peat", "CO2")
    assert at(found, "fuel.diesel.mobile", "CO2")


def test_labels_go_on_below_and_one_in_brackets_belongs_to_the_one_above(tmp_path: Path) -> None:
    found = rows(tmp_path)
    truck = "owned_vehicle.light_duty_truck.gasoline.model_year_"
    for year, value in (("1973_1974", "0.1908"), ("1975", "0.1634"), ("1976", "0.1594")):
        assert [row["value"] for row in at(found, truck + year, "CH4_combustion")] == [value]
    assert at(found, "owned_vehicle.heavy_duty_vehicle.gasoline.model_year_1980_or_earlier")
    assert at(found, "owned_vehicle.passenger_car.diesel.model_year_1983_2006", "N2O")[0]["value"] == "0.001"
    assert at(found, "owned_vehicle.light_duty_car.ethanol", "N2O")[0]["unit"] == "g/mile"


def test_electricity_has_two_bases_a_loss_and_the_data_year(tmp_path: Path) -> None:
    found = rows(tmp_path)
    city = [row for row in found.values() if row["region"] == "US-EGRID-NYCW"]
    assert [brief(row) for row in city if row["gas"] in ("CO2", "")] == [
        ("emission_factor", "CO2", "974.656", "lb/MWh", "grid_average"),
        ("emission_factor", "CO2", "1008.891", "lb/MWh", "grid_non_baseload"),
        ("grid_loss", "", "0.042", "kWh/kWh", ""),
    ]
    assert {(row["valid_from"], row["valid_to"]) for row in city} == {("2023-01-01", "2023-12-31")}
    assert {row["valid_from"] for row in found.values() if row["activity"] != "electricity"} == {""}
    assert [row["value"] for row in at(found, "electricity", "CO2") if row["region"] == "US"] == ["771.523", "1393.7"]


def test_purchased_steam_is_per_plain_energy(tmp_path: Path) -> None:
    assert [row["unit"] for row in at(rows(tmp_path), "heat_and_steam")] == ["kg/MMBtu", "g/MMBtu", "g/MMBtu"]


def test_the_unit_stands_in_a_column_of_its_own(tmp_path: Path) -> None:
    found = rows(tmp_path)
    assert at(found, "fuel.cng.mobile")[0]["unit"] == "kg/scf"
    assert at(found, "freight.passenger_car", "CO2")[0]["unit"] == "kg/mile"
    assert at(found, "freight.medium_and_heavy_duty_truck", "N2O")[0]["unit"] == "g/short_ton_mile"
    assert at(found, "travel.air.under_300_miles", "CO2")[0]["unit"] == "kg/passenger_mile"


def test_na_of_waste_gives_no_row_and_its_co2e_is_ar4(tmp_path: Path) -> None:
    waste = [row for row in rows(tmp_path).values() if row["activity"].startswith("waste.pla.")]
    assert [(row["activity"], row["value"], row["unit"], row["gwp_set"]) for row in waste] == [
        ("waste.pla.landfill", "0.02", "tonne/short_ton", "AR4"),
        ("waste.pla.combustion", "0.01", "tonne/short_ton", "AR4"),
        ("waste.pla.composting", "0.13", "tonne/short_ton", "AR4"),
    ]


def test_tables_are_known_by_title_not_by_number(tmp_path: Path) -> None:
    renumbered = [(str(20 - int(number)), title, body) for number, title, body in SHEET]
    assert at(rows(tmp_path, lines(renumbered)), "fuel.anthracite", "CO2")[0]["value"] == "103.69"


def test_potentials_give_no_rows(tmp_path: Path) -> None:
    assert not [name for name in rows(tmp_path) if name.startswith("T11.")]


def test_verification_of_a_row_wins(tmp_path: Path) -> None:
    cells = epa_hub.read(saved(tmp_path, lines(SHEET)), "hub.csv")
    own = Edition("hub", "", "", "verified: a", {"hub:T1.R8.per_mmBtu:CO2": "verified: b"})
    found = {row["id"]: row["verification"] for row in epa_hub.rows(cells, own)}
    assert (found["hub:T1.R8.per_mmBtu:CO2"], found["hub:T1.R8.per_mmBtu:N2O"]) == ("verified: b", "verified: a")


def test_a_workbook_reads_like_its_export(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    sheet = book.create_sheet(epa_hub.SHEET)
    for line in lines(SHEET):
        sheet.append([float(cell) if cell.replace(".", "", 1).isdigit() else cell for cell in line])
    book.save(tmp_path / "hub.xlsx")
    found = epa_hub.rows(epa_hub.read(tmp_path / "hub.xlsx", "hub.xlsx"), EDITION)
    exported = rows(tmp_path)
    assert [row["id"] for row in found] == [row["id"] for row in exported.values()]
    assert [float(row["value"]) for row in found] == [float(row["value"]) for row in exported.values()]


def test_a_workbook_without_the_sheet_is_refused(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    openpyxl.Workbook().save(tmp_path / "other.xlsx")
    with pytest.raises(InputError, match="no sheet is called 'Emission Factors Hub'"):
        epa_hub.read(tmp_path / "other.xlsx", "other.xlsx")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Anthracite", "Anthracite dust", "the label 'Stationary Combustion > Coal and Coke > Anthracite dust'"),
        ("103.69", "#N/A", "'#N/A' is not a number."),
        ("scf", "gill", "the unit 'kg CO2 per gill' is not known."),
        ("NYCW", "NYCX", "the subregion 'US-EGRID-NYCX' is not in the list of regions."),
        ("vehicle-mile", "furlong", "the unit 'kg CO2 per furlong' is not known."),
        (epa_hub.STEAM, "Steam", "the table 'Steam' is not known."),
        (epa_hub.WASTE_UNIT, "Metric Tons", "the column has no heading with a unit, or none"),
        ("kg CO2 per scf", "kg CO2", "'kg CO2' is neither a number nor a known heading."),
        (epa_hub.NON_BASELOAD, "", "the row has two numbers for CO2."),
        ("Source: EPA eGRID2023, January 2025 (Summary Tables)", "Source: EPA", "no eGRID year below the table."),
    ],
)
def test_what_is_not_known_is_refused_with_its_cell(tmp_path: Path, old: str, new: str, message: str) -> None:
    found = problems(tmp_path, replaced(old, new))
    assert any(message in problem for problem in found), found
    assert all("[import-unknown]" in problem for problem in found)
    assert found[0].startswith("hub.csv:")


def test_a_row_without_any_number_is_no_heading(tmp_path: Path) -> None:
    steam = {"66.33": "#N/A", "1.25": "#N/A", "0.125": "#N/A"}
    found = problems(tmp_path, [[steam.get(cell, cell) for cell in line] for line in lines(SHEET)])
    assert sum("'#N/A' is neither a number nor a known heading." in problem for problem in found) == 3


def test_waste_that_no_treatment_applies_to_gives_no_row(tmp_path: Path) -> None:
    bare = [["NA" if line[2:3] == ["PLA"] and cell[:1] == "0" else cell for cell in line] for line in lines(SHEET)]
    assert {row["activity"].split(".")[1] for row in rows(tmp_path, bare).values() if "waste." in row["activity"]} == {
        "grains"
    }


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    sheet = [["#REF!" if cell == "2602" else "Antracite" if cell == "Anthracite" else cell for cell in line]
             for line in lines(SHEET)]  # fmt: skip
    found = problems(tmp_path, sheet)
    assert sum("Antracite" in problem for problem in found) == 7
    assert sum("'#REF!' is not a number" in problem for problem in found) == 1
    assert "hub.csv:8: H" in next(problem for problem in found if "#REF!" in problem)


def test_a_sheet_without_a_table_is_refused(tmp_path: Path) -> None:
    found = problems(tmp_path, lines([table for table in SHEET if table[1] != epa_hub.WASTE]))
    assert [problem for problem in found if epa_hub.WASTE in problem and "missing" in problem]


def test_another_file_is_refused(tmp_path: Path) -> None:
    assert len(problems(tmp_path, [["a", "b"], ["1", "2"]])) == len(epa_hub.LABELS)
