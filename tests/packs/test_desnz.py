"""The shipped conversion factors of the United Kingdom."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest

from ghg import bundle
from ghg.catalogue.importers.crosswalk import crosswalk
from ghg.factors import Factor, FactorRow, read_factors
from ghg.gases import gwp
from ghg.numbers import parse
from ghg.sources import sources

ROOT = bundle.folder("factors")
YEARS = ("2023", "2024", "2025", "2026")
FACTORS: dict[str, Factor] = {
    factor.id: factor
    for year in YEARS
    for factor in read_factors(ROOT / "packs" / "desnz" / f"{year}.csv", f"desnz/{year}.csv", is_own=False)
}
ROUNDING = Fraction(4, 2 * 10**5)
"""Half a unit of the fifth decimal, which the publication prints, for a total and each of its three gases."""


def rows() -> list[FactorRow]:
    return [row for factor in FACTORS.values() for row in (*factor.rows, *([factor.total] if factor.total else []))]


def year(row: FactorRow) -> str:
    return row.source.removeprefix("desnz-")


def found(year: str, activity: str, basis: str, unit: str, region: str = "GB") -> Factor:
    [factor] = [
        factor for factor in FACTORS.values()
        if (factor.first.source, factor.first.activity, factor.first.basis, factor.first.unit, factor.first.region)
        == (f"desnz-{year}", activity, basis, unit, region) and factor.first.kind == "emission_factor"
    ]  # fmt: skip
    return factor


def total(year: str, activity: str, basis: str, unit: str, region: str = "GB") -> str:
    factor = found(year, activity, basis, unit, region)
    return (factor.total or factor.first).value


def test_each_edition_ships_its_factors_and_rows() -> None:
    assert Counter(factor.first.source for factor in FACTORS.values()) == {
        "desnz-2023": 3080, "desnz-2024": 3121, "desnz-2025": 3121, "desnz-2026": 516,
    }  # fmt: skip
    assert Counter(row.source for row in rows()) == {
        "desnz-2023": 6860, "desnz-2024": 6973, "desnz-2025": 6973, "desnz-2026": 1218,
    }  # fmt: skip


def test_every_edition_records_the_checksum_of_its_file() -> None:
    assert [name for name in YEARS if not sources()[f"desnz-{name}"].sha256] == []


def test_every_factor_is_valid_for_its_calendar_year() -> None:
    assert {(year(row), str(row.valid_from), str(row.valid_to)) for row in rows()} == {
        (name, f"{name}-01-01", f"{name}-12-31") for name in YEARS
    }


def test_the_gases_under_ar5_make_the_printed_total_without_exception() -> None:
    apart = [
        factor.id
        for factor in FACTORS.values()
        if factor.total
        and abs(sum(row.amount * gwp("AR5", row.gas).amount for row in factor.rows) - factor.total.amount) > ROUNDING
    ]
    assert apart == []
    assert sum(1 for factor in FACTORS.values() if factor.total) == 4062


def test_trap_9_lines_by_gas_are_kg_co2e_and_are_divided_once() -> None:
    methane = {row.gas: row.value for row in FACTORS["desnz-2024:1_100_1000_15"].rows}
    assert (methane["CH4_combustion"], methane["N2O"]) == ("2.52/28", "1.60067/265")
    divisors = {
        (row.gas, row.value.partition("/")[2]) for row in rows() if row.gas in ("CH4_combustion", "N2O") and row.amount
    }
    assert divisors == {("CH4_combustion", "28"), ("N2O", "265")}


def test_trap_9_masses_of_2026_were_divided_already_so_the_printed_digits_are_restored_and_that_is_said() -> None:
    masses = [row for row in rows() if year(row) == "2026" and row.gas in ("CH4_combustion", "N2O")]
    assert {("/" in row.value, "the checked copy holds the mass" in row.note) for row in masses} == {(True, True)}
    old, new = (
        {row.gas: row.value for row in FACTORS[f"desnz-{name}:1_100_1000_15"].rows} for name in ("2025", "2026")
    )
    assert (new["CH4_combustion"], new["N2O"]) == (old["CH4_combustion"], old["N2O"]) == ("2.52/28", "1.60067/265")
    assert max(len(row.value.partition("/")[0]) for row in masses) == len("4.6368e-06")


def test_trap_9_a_table_on_another_gwp_basis_carries_it_and_ships_as_a_total() -> None:
    fuels = [row for row in rows() if "said to be on an AR4 basis" in row.note]
    mixed = [row for row in rows() if "mixes GWP sets in this table" in row.note]
    assert {(row.gas, row.gwp_set) for row in fuels} == {("CO2e", "AR4")}
    assert {(row.gas, row.gwp_set) for row in mixed} == {("CO2e", "AR5")}
    assert {row.activity.partition(".")[0] for row in mixed} == {"refrigerant", "hotel_stay"}
    assert Counter(map(year, fuels)) == {"2023": 98, "2024": 98, "2025": 98}
    assert {row.gwp_set for row in rows() if row.gas == "CO2e" and row not in fuels} == {"AR5"}


def test_trap_10_a_blank_is_no_row_and_36_printed_zeros_stay() -> None:
    zeros = Counter(
        (year(row), row.activity.partition(".")[0]) for row in rows() if row.gas == "CO2e" and not row.amount
    )
    assert zeros == {(name, family): count for name in YEARS[:3]
                     for family, count in (("owned_vehicle", 34), ("fuel", 2))}  # fmt: skip
    assert {row.activity for row in rows() if row.gas == "CO2e" and not row.amount and row.basis == "upstream"} == {
        "fuel.landfill_gas"
    }
    hybrids = [row for row in rows() if row.activity == "owned_vehicle.car.mini.hybrid"]
    assert hybrids == []


def test_trap_10_no_total_of_2026_is_zero() -> None:
    assert [row.id for row in rows() if year(row) == "2026" and row.gas == "CO2e" and not row.amount] == []


def test_trap_11_air_fell_hard_in_2025_and_water_went_up_and_down() -> None:
    forced, unit = "combustion_with_radiative_forcing", "kg/passenger_km"
    domestic = [total(name, "travel.air.domestic.average", forced, unit) for name in ("2024", "2025")]
    economy = [total(name, "travel.air.long_haul.economy", forced, unit) for name in ("2024", "2025")]
    assert (domestic, economy) == (["0.27257", "0.22928"], ["0.20011", "0.11704"])
    water = [total(name, "water.supply", "operation", "kg/m3") for name in YEARS]
    assert [f"{float(value):.5f}" for value in water] == ["0.17668", "0.15311", "0.19130", "0.19130"]


def test_trap_11_the_grid_fell_by_15_then_by_26_percent() -> None:
    grid = [total(name, "electricity", "grid_average", "kg/kWh") for name in YEARS]
    assert [f"{float(value):.5f}" for value in grid] == ["0.20707", "0.20705", "0.17700", "0.13096"]


def test_trap_12_mineral_diesel_is_the_publishers_and_not_a_peers() -> None:
    assert total("2025", "fuel.diesel.mineral", "combustion", "kg/L") == "2.66155"
    assert [row.id for row in rows() if row.value.startswith("2.67137")] == []


def test_trap_7_a_blend_counts_kyoto_gases_apart_from_the_rest() -> None:
    blend = {
        suffix: total("2025", f"refrigerant.r_401a{suffix}", "release", "kg/kg")
        for suffix in ("", ".non_kyoto", ".total")
    }
    assert blend == {"": "18", ".non_kyoto": "1112", ".total": "1130"}


def test_flights_with_radiative_forcing_have_no_gas_masses() -> None:
    forced = [factor for factor in FACTORS.values() if "radiative_forcing" in factor.first.basis]
    assert {tuple(row.gas for row in factor.rows) for factor in forced} == {("CO2e",)}
    assert all(factor.total is None for factor in forced)
    assert Counter(factor.first.source for factor in forced) == {f"desnz-{name}": 36 for name in YEARS[:3]}


@pytest.mark.parametrize(
    ("name", "air", "car"),
    [("2023", "0.175803783892617", "0.166638587919463"), ("2024", "0.1758", "0.16691"), ("2025", "0.14253", "0.16725")],
)
def test_the_flight_and_the_car_that_inventories_use(name: str, air: str, car: str) -> None:
    flight, average = FACTORS[f"desnz-{name}:21_316_3178_11"], FACTORS[f"desnz-{name}:25_301_3074_4"]
    assert (flight.first.activity, flight.first.value) == ("travel.air.international.average", air)
    assert average.total is not None
    assert (average.first.activity, average.total.value) == ("travel.car.average.unknown_fuel", car)
    assert [row.gas for row in average.rows] == ["CO2", "CH4_combustion", "N2O"]


def test_a_battery_electric_car_of_others_is_its_electricity_and_its_grid_losses() -> None:
    apart = []
    for name in YEARS[:3]:
        for size in ("small", "medium", "large", "average"):
            car = f"car.{size}.battery_electric"
            parts = (total(name, f"electric_vehicle.{car}", basis, "kg/km") for basis in ("grid_average", "losses"))
            if abs(parse(total(name, f"travel.{car}", "combustion", "kg/km")) - sum(map(parse, parts))) > ROUNDING:
                apart.append((name, size))
    assert apart == []


def test_energy_printed_without_net_or_gross_is_net() -> None:
    per_kg = parse(total("2025", "fuel.bioethanol", "upstream", "kg/kg"))
    per_gj = parse(total("2025", "fuel.bioethanol", "upstream", "kg/GJ_net"))
    assert abs(per_kg / per_gj * 1000 - Fraction("26.8")) < Fraction("0.05")
    logs = parse(total("2025", "fuel.wood.logs", "combustion", "kg/tonne"))
    assert abs(logs / parse(total("2025", "fuel.wood.logs", "combustion", "kg/kWh_net")) - 4086) < 5
    plain = {row.activity for row in rows() if row.unit == "kg/kWh"}
    assert plain == {"electricity", "heat_and_steam.onsite", "heat_and_steam.district", "managed_asset.electricity"}


def test_carbon_outside_the_scopes_is_biogenic_and_nothing_else_is() -> None:
    assert {(row.basis == "outside_of_scopes", row.gas == "CO2_biogenic") for row in rows()} == {
        (True, True), (False, False),
    }  # fmt: skip
    biogenic = Counter(year(row) for row in rows() if row.gas == "CO2_biogenic")
    assert biogenic == {"2023": 54, "2024": 54, "2025": 54}


def test_upstream_and_losses_stand_under_the_word_of_their_activity() -> None:
    bases = {factor.first.basis for factor in FACTORS.values() if factor.first.activity == "electricity"}
    assert bases == {"grid_average", "losses", "upstream", "upstream_of_losses", "outside_of_scopes"}
    words = {(row.activity, row.basis) for row in rows() if row.kind == "emission_factor"}
    alone = {word for word, basis in words if basis == "upstream"} - {
        word for word, basis in words if basis != "upstream"
    }
    assert alone == set()


def test_a_hotel_stay_is_of_its_country() -> None:
    stays = [factor.first for factor in FACTORS.values() if factor.first.activity == "hotel_stay"]
    assert Counter(map(year, stays)) == {"2023": 39, "2024": 39, "2025": 39}
    assert {row.unit for row in stays} == {"kg/room_night"}
    assert {"GB", "GB-LND", "HK", "KR", "RU", "TR", "AE", "US"} <= {row.region for row in stays}
    assert {row.region for row in rows() if row.activity != "hotel_stay"} == {"GB"}


def test_energy_of_vehicles_is_a_parameter() -> None:
    energy = [row for row in rows() if row.kind == "energy_content"]
    assert Counter(map(year, energy)) == {"2023": 439, "2024": 451, "2025": 451}
    assert {(row.activity.partition(".")[0], row.unit.partition("/")[0], row.basis) for row in energy} == {
        ("owned_vehicle", "kWh_net", "operation"), ("electric_vehicle", "kWh", "operation"),
    }  # fmt: skip


def test_2026_ships_only_what_is_certain() -> None:
    new = [factor.first for factor in FACTORS.values() if factor.first.source == "desnz-2026"]
    cars = {row.activity for row in new if ".car." in row.activity or ".van." in row.activity}
    assert all(word.endswith(".battery_electric") for word in cars)
    assert {row.basis for row in new if row.activity in cars} == {"upstream"}
    lorries = {(row.basis, row.activity.rpartition(".")[2]) for row in new if ".hgv" in row.activity}
    assert lorries == {("upstream", "laden_average")}
    marked = [row for row in new if "its column is known by its digits" in row.note]
    assert len(marked) == 102
    apart = [row.id for row in marked if total("2026", row.activity, row.basis, row.unit)
             != total("2025", row.activity, row.basis, row.unit)]  # fmt: skip
    assert apart == []


def test_flights_of_2026_are_those_without_radiative_forcing() -> None:
    flights = [factor for factor in FACTORS.values()
               if factor.first.source == "desnz-2026" and factor.first.activity.startswith("travel.air.")]  # fmt: skip
    assert Counter(factor.first.basis for factor in flights) == {"combustion": 14, "upstream": 14}
    assert all(factor.id.replace("2026", "2025") in FACTORS for factor in flights)


def test_an_id_means_the_same_in_every_edition() -> None:
    meanings: dict[str, set[tuple[str, ...]]] = {}
    for row in rows():
        key = row.id.partition(":")[2]
        meanings.setdefault(key, set()).add((row.activity, row.basis, row.unit, row.gas, row.region))
    assert {key for key, meaning in meanings.items() if len(meaning) > 1} == set()


def test_the_renamed_treatment_keeps_its_word() -> None:
    burned = [total(name, "waste.mixed_paper.combustion", "treatment", "kg/tonne") for name in ("2024", "2025")]
    assert all(parse(value) > 0 for value in burned)
    labels = [
        label for label in crosswalk("desnz") if label.endswith(("> Combustion", "> Incineration with Energy Recovery"))
    ]
    assert Counter(crosswalk("desnz")[label].activity for label in labels).most_common()[-1][1] == 2


def test_within_an_edition_no_two_factors_compete() -> None:
    keys = Counter(
        (row.source, row.activity, row.basis, row.region, row.gas, row.unit)
        for row in rows()
        if row.kind == "emission_factor"
    )
    assert {key for key, count in keys.items() if count > 1} == set()
