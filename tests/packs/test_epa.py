"""The shipped rows of the United States Environmental Protection Agency, and the traps in them."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

import pytest

from factors.building import epa
from ghg import bundle
from ghg.catalogue.importers import epa_hub
from ghg.catalogue.importers.crosswalk import crosswalk
from ghg.factors import Factor, read_factors
from ghg.gases import gwp
from ghg.numbers import parse
from ghg.regions import regions
from ghg.vocabulary import vocabulary

PACKS = {
    "epa-hub-2024": "epa-hub/2024",
    "epa-hub-2025": "epa-hub/2025",
    "egrid-2023-r2": "egrid/2023-r2",
    "epa-supply-chain-1.3": "epa-supply-chain/1.3",
}
BY_GAS = """\
111110,0.172,1.11e-08,1.08e-07,1.76e-07,2.99e-08,4.57e-09,3.45e-10,7.2e-08,0.000844,2.05e-09,0.000482,1.43e-09,0.0013,1.04e-09,2.98e-09,8.04e-10,2.48e-10,4.48e-09
112111,0.238,1.65e-08,1.8e-07,2.95e-07,4.99e-08,7.46e-09,5.81e-10,1.21e-07,0.00141,2.87e-09,0.0582,1.87e-09,0.00385,1.37e-09,3.91e-09,1.06e-09,3.23e-10,7.62e-09
325120,1.06,1.66e-08,1.31e-07,2.14e-07,3.63e-08,7.03e-06,4.2e-10,8.75e-08,0.00102,3.03e-09,0.00136,1.82e-09,7.87e-05,1.18e-09,3.42e-09,9.09e-10,3.42e-10,3.63e-08
327310,3.86,1.34e-08,1.72e-07,2.81e-07,4.72e-08,9.84e-09,5.59e-10,1.16e-07,0.00135,2.67e-09,0.00198,1.34e-09,3.55e-05,5.94e-10,1.85e-09,4.59e-10,2.99e-10,2.69e-08
334111,0.049,1.51e-08,8.34e-08,1.37e-07,2.32e-08,3.33e-09,2.69e-10,5.6e-08,0.000655,3.36e-09,0.000203,1.76e-09,7.77e-06,6.98e-10,2.23e-09,5.4e-10,4.09e-10,5.41e-09
334413,0.15,2.7e-06,8.92e-08,1.46e-07,2.47e-08,2.91e-07,2.88e-10,6.01e-08,0.0007,9.06e-07,0.0003,4.16e-07,2.49e-05,5.91e-10,1.19e-07,4.57e-10,1.25e-07,3.5e-07
518210,0.0792,1.34e-08,2.59e-07,4.23e-07,7.1e-08,3.57e-09,8.44e-10,1.76e-07,0.00203,2.48e-09,0.000266,1.26e-09,9.78e-06,6.45e-10,1.95e-09,4.99e-10,2.65e-10,7.46e-09
524114,0.0261,3.28e-09,5.69e-08,9.31e-08,1.57e-08,1.2e-09,1.84e-10,3.84e-08,0.000446,4.86e-10,0.000157,3.35e-10,4.46e-06,2.95e-10,8.25e-10,2.28e-10,4.9e-11,2.11e-09
562212,0.238,5.28e-08,1.16e-06,1.9e-06,3.21e-07,2.76e-08,3.75e-09,7.81e-07,0.0091,4.24e-09,0.0255,5.46e-09,6.96e-05,7.84e-09,2.1e-08,6.06e-09,2.62e-10,1.11e-08
"""
"""Lines of the published table by gas, kg per USD with margins; the table itself does not ship."""
COLUMNS = (
    "Carbon dioxide", "Carbon tetrafluoride", "HFC-125", "HFC-134a", "HFC-143a", "HFC-23", "HFC-236fa", "HFC-32",
    "HFCs and PFCs, unspecified", "Hexafluoroethane", "Methane", "Nitrogen trifluoride", "Nitrous oxide",
    "Perfluorobutane", "Perfluorocyclobutane", "Perfluorohexane", "Perfluoropropane", "Sulfur hexafluoride",
)  # fmt: skip
NOT_IN_THE_LIBRARY = {"HFC236fa": "8060", "C4F10": "9200", "cC4F8": "9540", "C6F14": "7910"}
"""AR5 values of gases for which the library has no code."""
HUB_GWP = {
    "CO2": "1", "CH4": "28", "N2O": "265", "HFC23": "12400", "HFC32": "677", "HFC125": "3170", "HFC134a": "1300",
    "HFC143a": "4800", "HFC152a": "138", "HFC227ea": "3350", "HFC245fa": "858", "SF6": "23500", "NF3": "16100",
    "CF4": "6630", "C2F6": "11100", "C3F8": "8900",
}  # fmt: skip
"""Table 11 of the Hub of 2025."""


@pytest.fixture(scope="module", name="packs")
def _packs() -> Mapping[str, Mapping[str, Factor]]:
    """The factors of each source by id, every row validated."""
    root = bundle.folder("factors") / "packs"
    return {
        source: {factor.id: factor for factor in read_factors(root / f"{path}.csv", f"{path}.csv", is_own=False)}
        for source, path in PACKS.items()
    }


Packs = Mapping[str, Mapping[str, Factor]]


def value(packs: Packs, row: str) -> str:
    """The printed digits of a row."""
    source = row.partition(":")[0]
    return next(r.value for factor in packs[source].values() for r in factor.rows if r.id == row)


def of(packs: Packs, source: str, table: str) -> list[Factor]:
    """The factors of one table of the Hub."""
    return [factor for factor in packs[source].values() if factor.id.startswith(f"{source}:{table}.")]


def rates(packs: Packs, source: str) -> dict[str, Fraction]:
    """CO2 of the grid average by subregion, in kg/MWh."""
    return {
        row.region: row.base_amount * 3600
        for factor in packs[source].values()
        for row in factor.rows
        if row.basis == "grid_average" and row.gas == "CO2" and row.region != "US"
    }


def test_every_printed_number_ships(packs: Packs) -> None:
    counted = {source: sum(len(factor.rows) for factor in found.values()) for source, found in packs.items()}
    assert counted == {"epa-hub-2024": 1214, "epa-hub-2025": 1247, "egrid-2023-r2": 81, "epa-supply-chain-1.3": 2032}


def test_ids_locators_and_sources_belong_together(packs: Packs) -> None:
    rows = [(source, row) for source, found in packs.items() for factor in found.values() for row in factor.rows]
    assert not [row.id for source, row in rows if row.source != source or not row.id.startswith(f"{source}:")]
    assert not [row.id for _, row in rows if not row.id.isascii() or " " in row.id]


def test_no_two_factors_of_a_source_answer_the_same_question(packs: Packs) -> None:
    asked = Counter(
        (source, row.kind, row.activity, row.basis, row.region, row.unit.partition("/")[2], row.valid_from,
         tuple(sorted(r.gas for r in factor.rows)))
        for source, found in packs.items() for factor in found.values() for row in factor.rows[:1]
    )  # fmt: skip
    assert not [question for question, times in asked.items() if times > 1]


def test_the_ids_scenarios_already_use_keep_their_values(packs: Packs) -> None:
    assert value(packs, "epa-supply-chain-1.3:518210-with-margins") == "0.093"
    assert value(packs, "epa-supply-chain-1.3:334111-with-margins") == "0.058"


def test_every_crosswalk_entry_is_used_and_names_a_word(packs: Packs) -> None:
    shipped = {
        (f.first.activity, f.first.basis) for year in ("2024", "2025") for f in packs[f"epa-hub-{year}"].values()
    }
    entries = crosswalk("epa-hub").values()
    assert not [entry.labels for entry in entries if (entry.activity, entry.basis) not in shipped]
    assert not [entry.labels for entry in entries if entry.activity not in vocabulary()]


def test_every_naics_word_has_a_factor_with_and_without_margins(packs: Packs) -> None:
    with (bundle.folder("factors") / "vocabulary" / "naics.csv").open(encoding="utf-8", newline="") as file:
        words = list(csv.DictReader(file))
    assert len(words) == 1016
    assert not [word["activity"] for word in words if word["also"] != f"NAICS {word['activity'][-6:]}"]
    bases = Counter((f.first.activity, f.first.basis) for f in packs["epa-supply-chain-1.3"].values())
    assert bases == Counter(
        (word["activity"], f"supply_chain_{margins}_margins") for word in words for margins in ("with", "without")
    )


def test_margins_never_lower_a_factor(packs: Packs) -> None:
    found = packs["epa-supply-chain-1.3"]
    assert not [
        name for name, factor in found.items()
        if name.endswith("-with-margins")
        and factor.first.amount < found[name.replace("-with-", "-without-")].first.amount
    ]  # fmt: skip


def test_trap_hub_2025_is_egrid_revision_1_and_revision_2_differs_in_19_of_27_subregions(packs: Packs) -> None:
    first, second = rates(packs, "epa-hub-2025"), rates(packs, "egrid-2023-r2")
    change = {region: float(second[region] / first[region] - 1) * 100 for region in second}
    assert first.keys() == second.keys()
    assert len(change) == 27
    assert sum(abs(percent) > 0.05 for percent in change.values()) == 19
    named = {"NYCW": -11.3, "AZNM": -5.0, "FRCC": -2.4, "SPSO": -2.1, "CAMX": -1.9}
    assert {code: round(change[f"US-EGRID-{code}"], 1) for code in named} == named


def test_trap_hub_2024_is_egrid_of_2022_and_hub_2025_of_2023(packs: Packs) -> None:
    for source, year in (("epa-hub-2024", 2022), ("epa-hub-2025", 2023)):
        days = {(f.first.valid_from, f.first.valid_to) for f in of(packs, source, "T6")}
        assert [(start.year, end.year) for start, end in days if start and end] == [(year, year)]
        assert {f.first.valid_from for f in packs[source].values() if f.first.activity != "electricity"} == {None}


def test_trap_the_metric_edition_counts_0_4536_kg_a_pound(packs: Packs) -> None:
    rows = [row for factor in packs["egrid-2023-r2"].values() for row in factor.rows]
    pounds = {row.id: row.amount / Fraction("0.4536") for row in rows}
    assert not [name for name, amount in pounds.items() if (amount * 1000).denominator != 1]
    assert pounds["egrid-2023-r2:AKGD:CO2"] == Fraction("899.633")


def test_trap_non_baseload_is_no_grid_average(packs: Packs) -> None:
    for source in ("epa-hub-2024", "epa-hub-2025"):
        bases = Counter(factor.first.basis for factor in of(packs, source, "T6") if factor.first.kind != "grid_loss")
        assert bases == {"grid_average": 28, "grid_non_baseload": 28}


def test_trap_us_energy_of_fuel_is_gross_and_purchased_heat_is_plain(packs: Packs) -> None:
    for source in ("epa-hub-2024", "epa-hub-2025"):
        energy = {row.unit for factor in of(packs, source, "T1") for row in factor.rows if "MMBtu" in row.unit}
        assert not [unit for unit in energy if "MMBtu_gross" not in unit]
        assert {row.unit for factor in of(packs, source, "T7") for row in factor.rows} == {"kg/MMBtu", "g/MMBtu"}


def test_heat_content_times_co2_per_energy_is_co2_per_quantity(packs: Packs) -> None:
    for source in ("epa-hub-2024", "epa-hub-2025"):
        fuels: dict[str, dict[str, Fraction]] = {}
        for factor in of(packs, source, "T1"):
            row = factor.first
            kind = "heat" if row.kind == "gross_calorific_value" else row.unit.endswith("/MMBtu_gross") and "energy"
            fuels.setdefault(row.activity, {})[kind or "quantity"] = row.amount
        whole = {name: found for name, found in fuels.items() if len(found) == 3}
        assert len(whole) == 58
        assert not [n for n, f in whole.items() if abs(f["heat"] * f["energy"] / f["quantity"] - 1) > Fraction("0.01")]


def test_trap_waste_is_tonnes_of_co2e_per_short_ton_under_ar4(packs: Packs) -> None:
    for source in ("epa-hub-2024", "epa-hub-2025"):
        rows = [row for factor in of(packs, source, "T9") for row in factor.rows]
        assert {(row.gas, row.unit, row.gwp_set, row.basis) for row in rows} == {
            ("CO2e", "tonne/short_ton", "AR4", "treatment")
        }
    landfill = packs["epa-hub-2025"]["epa-hub-2025:T9.R477C4"].first
    assert (landfill.activity, landfill.value) == ("waste.mixed_municipal_solid_waste.landfill", "0.58")
    assert float(landfill.base_amount) == pytest.approx(0.58 * 1000 / 907.18474)


def test_trap_blanks_are_no_zeros_and_printed_zeros_are_rows(packs: Packs) -> None:
    zeros = {row.id for factor in packs["epa-hub-2025"].values() for row in factor.rows if not row.amount}
    assert zeros == {
        "epa-hub-2025:T5.R295:CH4_combustion", "epa-hub-2025:T5.R320:N2O", "epa-hub-2025:T8.R428:CH4_combustion",
    }  # fmt: skip
    losses = [factor.first.region for factor in packs["epa-hub-2025"].values() if factor.first.kind == "grid_loss"]
    assert "US-EGRID-PRMS" not in losses
    assert len(losses) == 27


def test_trap_table_2_is_co2_only_and_tables_3_to_5_are_ch4_and_n2o_only(packs: Packs) -> None:
    for source in ("epa-hub-2024", "epa-hub-2025"):
        assert {row.gas for factor in of(packs, source, "T2") for row in factor.rows} == {"CO2", "CO2_biogenic"}
        split = [f for table in ("T3", "T4", "T5") for f in of(packs, source, table)]
        assert {tuple(row.gas for row in f.rows) for f in split} == {("CH4_combustion", "N2O")}
        assert not [f.id for f in (*of(packs, source, "T2"), *split) if " only: " not in f.first.note]


def test_co2_of_biomass_fuels_is_biogenic(packs: Packs) -> None:
    biogenic = {
        row.activity for factor in packs["epa-hub-2025"].values() for row in factor.rows if row.gas == "CO2_biogenic"
    }
    burned = (
        "agricultural_byproducts", "bioethanol", "bioethanol.mobile", "biodiesel", "biodiesel.mobile", "biogas",
        "black_liquor.bagasse", "black_liquor.bamboo", "black_liquor.hardwood", "black_liquor.softwood",
        "black_liquor.straw", "landfill_gas", "peat", "rendered_animal_fat", "solid_biomass_byproducts",
        "vegetable_oil", "wood",
    )  # fmt: skip
    assert biogenic == {f"fuel.{fuel}" for fuel in burned}


def test_trap_flight_bands_of_the_hub_are_not_those_of_the_uk(packs: Packs) -> None:
    flights = {f.first.activity for f in of(packs, "epa-hub-2025", "T10") if ".air." in f.first.activity}
    assert flights == {
        "travel.air.under_300_miles", "travel.air.300_to_2300_miles", "travel.air.2300_miles_and_over",
    }  # fmt: skip


def test_trap_blends_of_the_hub_leave_out_hcfcs_so_no_potential_ships_as_a_factor(packs: Packs) -> None:
    factors = [factor for source in ("epa-hub-2024", "epa-hub-2025") for factor in packs[source].values()]
    assert not [f.id for f in factors if f.id.partition(":")[2].startswith(("T11.", "T12."))]
    assert not [f.id for f in factors if f.first.unit == "kg/kg" or f.first.activity.startswith("refrigerant")]


def test_potentials_of_the_hub_are_those_of_ar5() -> None:
    assert not {gas: value for gas, value in HUB_GWP.items() if gwp("AR5", gas).amount != parse(value)}


def test_gases_of_the_supply_chain_under_ar5_round_to_the_printed_co2e(packs: Packs) -> None:
    lines = [dict(zip(("2017 NAICS Code", *COLUMNS), line.split(","), strict=True)) for line in BY_GAS.splitlines()]
    made = [{"id": row.id, "value": row.value} for f in packs["epa-supply-chain-1.3"].values() for row in f.rows]

    def potentials(gwp_set: str) -> dict[str, str]:
        known = dict(NOT_IN_THE_LIBRARY)
        return known | {gas: gwp(gwp_set, gas).value for gas in epa.BY_GAS.values() if gas not in known}

    assert epa.not_adding_up(made, lines, potentials("AR5")) == []
    assert {"111110", "112111", "562212"} <= set(epa.not_adding_up(made, lines, potentials("AR4")))


def test_both_editions_print_the_same_fuels(packs: Packs) -> None:
    first, second = (
        {(f.first.activity, f.first.unit): [row.value for row in f.rows] for f in of(packs, source, table)}
        for source in ("epa-hub-2024", "epa-hub-2025") for table in ("T1",)
    )  # fmt: skip
    assert first == second


def test_subregions_belong_to_the_united_states() -> None:
    codes = [region for name, region in regions().items() if name.startswith("US-EGRID-")]
    assert len(codes) == 27
    assert {region.parent for region in codes} == {"US"}


def test_the_importer_knows_every_table_the_build_reads() -> None:
    assert set(epa.TITLES.values()) == set(epa_hub.LABELS)
