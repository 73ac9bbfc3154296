"""Instruments from the inventory file to the figures."""

from __future__ import annotations

from contextlib import closing
from fractions import Fraction
from pathlib import Path

import pytest

import ghg
from ghg.instruments.application import consuming, in_mwh
from ghg.issues import InputError
from ghg.reports.documents import run_document
from tests.instruments.small import CONTRACT, market, run, write

REST = Fraction("0.5856")
"""t CO2/MWh of the national average excluding market-traded non-fossil electricity, 2022."""


def test_a_certificate_covers_its_share_and_the_rest_takes_the_next_rung(tmp_path: Path) -> None:
    made = run(tmp_path, [{}], [{}])
    assert market(made) == str(750 * REST)
    assert made.instruments is not None
    assert made.instruments.failed == {"1": ()}


def test_the_location_book_does_not_change(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, other = run(tmp_path / "a", [{}], [{"market": "FR"}]), run(tmp_path / "b", [{}], [{}])
    assert one.figure("scope2") == other.figure("scope2")
    assert one.figure("energy") == other.figure("energy")
    assert market(one) == str(1000 * REST)


def test_a_table_without_an_instrument_is_refused(tmp_path: Path) -> None:
    """A table that lost its rows would cover nothing, without a word."""
    with pytest.raises(InputError, match=r"the file has a header and no row\. \[file-empty\]"):
        run(tmp_path, [{}], [])


def test_excess_gives_no_negative_and_is_said(tmp_path: Path) -> None:
    made = run(tmp_path, [{}], [{"amount": "1500"}])
    assert market(made) == "0"
    notes = [issue.message for issue in made.issues if issue.rule == "instrument-unused"]
    assert notes == ["500.00 MWh of the instrument '1' cover nothing."]


def test_full_coverage_needs_no_other_factor(tmp_path: Path) -> None:
    rows = [{"region": "US", "amount": "10"}]
    path = write(tmp_path, rows, [{"kind": "rec", "market": "US", "amount": "9"}], "")
    with pytest.raises(InputError) as caught:
        ghg.run(path)
    assert {issue.rule for issue in caught.value.issues} == {"factor-missing"}
    made = run(tmp_path, [{}], [{"amount": "1000", "emission_rate": "0.1"}], "")
    assert made.plan.used == ("cn-mee-2022:CN-BJ", "instrument:1")
    assert market(made) == "100"


def test_a_contract_covers_only_what_is_consumed_while_it_delivers(tmp_path: Path) -> None:
    """Half a year at 30,000 MWh and half at 16,500; 20,000 MWh delivered from July: 3,500 are left over."""
    halves = [{"amount": "30000", "end": "2022-06-30"}, {"amount": "16500", "start": "2022-07-01"}]
    made = run(tmp_path, halves, [{**CONTRACT, "amount": "20000000", "unit": "kWh", "vintage_start": "2022-07-01"}])
    assert market(made) == str(30000 * REST)
    assert any(issue.message.startswith("3,500.00 MWh") for issue in made.issues)


def test_a_bill_over_the_start_of_a_contract_is_cut_by_days(tmp_path: Path) -> None:
    made = run(tmp_path, [{"amount": "365"}], [{**CONTRACT, "amount": "1000", "vintage_start": "2022-07-01"}])
    assert market(made) == str(181 * REST)
    explained = str(made.explain("scope2_market"))
    assert "2022-07-01 to 2022-12-31: 184/365 of the amount" in explained


def test_an_entity_keeps_its_instruments_to_itself(tmp_path: Path) -> None:
    rows = [{"entity": "North", "amount": "100"}, {"entity": "South", "amount": "100"}]
    made = run(tmp_path, rows, [{"beneficiary": "South", "amount": "150"}])
    assert market(made) == str(100 * REST)
    by_entity = made.totals("entity", "scope", book="market").texts()
    assert [row[2] for row in by_entity] == ["58.56", "0"]


def test_a_failed_instrument_is_named_with_its_line_and_covers_nothing(tmp_path: Path) -> None:
    made = run(tmp_path, [{}], [{}, {"retired": "", "amount": "500"}])
    assert market(made) == str(750 * REST)
    [note] = [issue for issue in made.issues if issue.rule == "instrument-not-applied"]
    assert (note.file, note.line) == (str(tmp_path / "instruments.csv"), 3)
    assert "criterion 3" in note.message


def test_matched_by_month_a_surplus_of_one_month_does_not_reach_another(tmp_path: Path) -> None:
    rows = [{"amount": "100", "end": "2022-01-31"}, {"amount": "100", "start": "2022-02-01", "end": "2022-02-28"}]
    certificates = [{"amount": "150", "vintage_end": "2022-01-31"}]
    monthly = "instruments: {tables: [instruments.csv], matching: monthly}\n"
    assert market(run(tmp_path, rows, certificates, monthly)) == str(100 * REST)
    assert market(run(tmp_path, rows, certificates)) == str(50 * REST)


def test_what_a_former_inventory_applied_is_not_applied_again(tmp_path: Path) -> None:
    more = "instruments: {tables: [instruments.csv], earlier: [before.csv]}\n"
    path = write(tmp_path, [{}], [{"tracking_id": "1-250"}], more)
    (tmp_path / "before.csv").write_bytes((tmp_path / "instruments.csv").read_bytes())
    made = ghg.run(path)
    assert market(made) == str(1000 * REST)
    made.close()


def test_a_supplier_rate_without_amount_covers_all_that_is_left(tmp_path: Path) -> None:
    rate = {**CONTRACT, "kind": "supplier_rate", "amount": "", "attributes": "delivered", "emission_rate": "0.4"}
    assert market(run(tmp_path, [{}], [{}, rate])) == "300"


def test_an_own_factor_gives_a_rate_of_several_gases_and_serves_nothing_else(tmp_path: Path) -> None:
    header = (
        "id,factor,kind,activity,name,name_local,region,valid_from,valid_to,gas,value,unit,gwp_set,basis,lower,upper,"
        "uncertainty,source,locator,verification,derived_from,note\n"
    )
    rows = "".join(
        f"own:{gas},own:mix,emission_factor,electricity,mix,,CN,,,{gas},8.7,lb/MWh,,contractual,,,none,letter,page 1,"
        "checked,,\n"
        for gas in ("CO2", "N2O")
    )
    (tmp_path / "own.csv").write_text(header + rows, encoding="utf-8")
    cells = {"emission_rate": "", "rate_unit": "", "rate_gas": "", "rate_gwp_set": "", "factor": "own:mix"}
    made = run(tmp_path, [{}], [{**cells, "amount": "100"}], "factors: [own.csv]\n")
    pounds = Fraction("0.45359237") * Fraction("8.7") * 100 / 1000
    assert market(made) == str(900 * REST + pounds * (1 + 265))
    with pytest.raises(InputError, match="no own factor is called 'own:mux'"):
        run(tmp_path, [{}], [{**cells, "factor": "own:mux"}], "factors: [own.csv]\n")


def test_a_rate_is_changed_by_a_what_if_like_any_factor(tmp_path: Path) -> None:
    made = run(tmp_path, [{}], [{"emission_rate": "0.1"}])
    after = made.what_if({"instrument:1": "0.2 kg/kWh"})
    assert market(after) == str(750 * REST + 50)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"rate_gas": "CO3"}, "the gas 'CO3' is not in the list of gases"),
        ({"rate_gwp_set": ""}, "names the GWP set"),
        ({"rate_unit": "kg/stone"}, "stone"),
        ({"source": "nowhere"}, "which nothing describes"),
    ],
)
def test_a_rate_that_is_no_factor_is_refused(tmp_path: Path, cells: dict[str, str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        run(tmp_path, [{}], [cells])


def test_an_id_stands_once(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"stands in .*:2 already"):
        run(tmp_path, [{}], [{"id": "a"}, {"id": "a"}])


def test_the_order_of_rows_and_instruments_does_not_change_the_document(tmp_path: Path) -> None:
    rows = [{"id": "a"}, {"id": "b", "entity": "South", "amount": "3"}]
    held = [{"id": "x", "tracking_id": "1"}, {"id": "y", "tracking_id": "2", "beneficiary": "South", "amount": "7"}]
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, other = run(tmp_path / "a", rows, held), run(tmp_path / "b", rows[::-1], held[::-1])
    assert run_document(one).digest == run_document(other).digest


def test_instruments_cover_purchased_energy_only() -> None:
    assert "purchased_electricity" in consuming()
    assert "leased_assets_electricity" not in consuming()


def test_amounts_are_told_in_megawatt_hours() -> None:
    assert in_mwh(Fraction(3600)) == "1.00"


def test_what_instruments_cover_of_rows_left_out_is_said_and_the_shares_of_others_stay(tmp_path: Path) -> None:
    rows = [{}, {"region": "US", "amount": "10"}]
    instruments = [{}, {"kind": "rec", "market": "US", "amount": "9"}]
    with closing(ghg.run(write(tmp_path, rows, instruments), incomplete=True)) as made:
        said = [issue.message for issue in made.issues if issue.rule == "rows-left-out"]
        assert "instruments cover 9.00 MWh of rows that are left out; shares of others stay." in said
        assert market(made) == str(750 * REST)
    with closing(ghg.run(write(tmp_path, rows[:1], instruments[:1]))) as made:
        assert not any(issue.rule == "rows-left-out" for issue in made.issues)
