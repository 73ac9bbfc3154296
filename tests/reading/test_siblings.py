"""Files that stand beside activity tables, and forms other than text, each wrong or unusual in one way of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import ghg
from ghg.issues import InputError
from ghg.reading import table
from tests.reading.harness import factors, run, write_inventory

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
Captured = pytest.CaptureFixture[str]
ROW = "id,site,date,activity,quantity,unit\n1,A,2025-01-15,purchased_electricity,100,kWh\n"
FACTORS = {
    "decimal comma": (",0.5,", ',"0,5",', "is not a plain decimal number"),
    "blank value": (",0.5,", ",,", "value, source, locator, verification and uncertainty are never blank"),
    "share": (",0.5,", ",50%,", "is not a plain decimal number"),
    "no number": (",0.5,", ",NaN,", "is not a plain decimal number"),
    "full-width": (",0.5,", ",０.５,", "is not a plain decimal number"),
    "unit turned round": ("kg/kWh", "kWh/kg", "it is per mass; needed is a factor per energy"),
    "no denominator": ("kg/kWh", "kg", "is written 'numerator/denominator'"),
    "a ton": ("kg/kWh", "ton/kWh", "write 'tonne' (1000 kg)"),
    "gas in lower case": (",CO2,0.5", ",co2,0.5", "Did you mean 'CO2'?"),
    "CO2e of no set": (",CO2,0.5", ",CO2e,0.5", "names the GWP set it was published under"),
    "another country": ("WORLD", "FR", "its region FR is not on the ladder of GB"),
    "a country by its name": ("WORLD", "Germany", "Write 'DE' (Germany)."),
    "two readings": (",0.5,", ',"1,234",', "It may be '1234' or '1.234': write it so."),
    "another minus": (",0.5,", ",−0.5,", "It holds U+2212 (minus sign)."),
    "no end of digits": (",0.5,", f",{'9' * 5000},", "a number of 5,000 characters is longer than the 4,000"),
    "validity turned round": ("2025-01-01,2025-12-31", "2025-12-31,2025-01-01", "valid_to lies before valid_from"),
    "day first": ("2025-01-01", "01/01/2025", "a date is written as year-month-day"),
    "out of its bounds": ("grid_average,,", "grid_average,0.6,", "does not lie between 0.6"),
    "a word of no list": ("grid_average", "grid", "it is one of '', 'combustion'"),
    "a citation of nothing": (
        "made-up,none",
        "elsewhere,none",
        "cites the source 'elsewhere', which nothing describes",
    ),
    "turned text": ("made-up:electricity", "made-up:\u202eelectricity", "a character that cannot stand in a cell"),
}
"""Own factor tables: what is changed into what, and what is said."""
INVENTORIES: dict[str, tuple[dict[str, Any], str]] = {
    "a digit group": ({"ladder": {"regions": ["exact", "world"], "max_age_years": "1_0"}}, "write digits alone"),
    "an unknown set": ({"gwp": "ar5"}, "the sets are SAR, AR4, AR5"),
    "an impossible day": ({"period": {"start": "2025-01-01", "end": "2025-02-30"}}, "it is no day of the calendar"),
    "seconds": ({"period": {"start": "1735689600", "end": "2025-12-31"}}, "year-month-day"),
    "a quantum of halves": ({"quantum": "0.5"}, "a quantum is 1, 0.1, 0.01"),
    "a book of no name": ({"books": ["market-based"]}, "it is one of 'location' or 'market'"),
    "a pin of another dimension": (
        {"pins": [{"activity": "purchased_electricity", "book": "location", "factor": "made-up:coal", "why": "w"}]},
        "it is per mass; needed is a factor per energy",
    ),
    "marks that are the same": (
        {"reading": {"activity.csv": {"decimal": ",", "thousands": ","}}}, "the decimal mark and the thousands mark",
    ),
    "nothing to divide by": (
        {"denominators": {"r": {"amount": "0", "unit": "USD", "label": "r", "source": "made-up", "locator": "x"}}},
        "a denominator is greater than zero",
    ),
}  # fmt: skip
"""Inventories: the fields that are changed, and what is said."""
CELLS = {
    "id": "1", "site": "A", "entity": "Acme", "activity": "purchased_electricity", "region": "GB",
    "start": "2025-01-15", "end": "2025-01-15", "amount": "100", "unit": "kWh", "provenance": "measured",
}  # fmt: skip
PARQUET: dict[str, tuple[Callable[[], dict[str, Any]], str | None]] = {
    "a short float": (lambda: {"amount": pa.array([0.1], pa.float32())}, None),
    "a wide decimal": (lambda: {"amount": pa.array([Decimal("100.50")], pa.decimal256(60, 10))}, "column-type"),
    "no number": (lambda: {"amount": pa.array([float("nan")])}, "number-not-finite"),
    "nothing": (lambda: {"amount": pa.array([None], pa.float64())}, "value-missing"),
    "yes": (lambda: {"amount": pa.array([True])}, "number-invalid"),
    "beyond the limbs": (lambda: {"amount": pa.array([2**64 - 1], pa.uint64())}, "number-too-large"),
    "a day as a number": (lambda: {"start": pa.array([20103])}, "date-invalid"),
    "an instant": (lambda: {"start": pa.array([1736899200], pa.timestamp("s", tz="UTC"))}, "column-type"),
    "bytes": (lambda: {"id": pa.array([b"1"])}, "column-type"),
    "a list": (lambda: {"unit": pa.array([["kWh"]])}, "column-type"),
    "a sign that does not show in an id": (lambda: {"id": ["1\u200b"]}, "cell-control-character"),
    "a wide space in an id": (lambda: {"id": ["1\u30002"]}, "cell-control-character"),
    "a note of two lines": (lambda: {"note": ["two\nlines"], "amount": pa.array([1e-3])}, None),
    "a column of another name": (lambda: {"Unit": ["kWh"]}, "column-unknown"),
}
"""Parquet files: the columns that are other, and the rule of the refusal."""


def assert_refused(inventory: Path, says: str, capsys: Captured) -> None:
    outcome = run(inventory, capsys)
    assert (outcome.code, outcome.out) == (2, "")
    assert says in outcome.err


@pytest.mark.parametrize("name", FACTORS)
def test_a_factor_table_is_refused_with_what_is_wrong(name: str, tmp_path: Path, capsys: Captured) -> None:
    old, new, says = FACTORS[name]
    (tmp_path / "activity.csv").write_text(ROW, encoding="utf-8")
    inventory = write_inventory(tmp_path, ["activity.csv"])
    (tmp_path / "factors.csv").write_text(factors().replace(old, new, 1), encoding="utf-8")
    assert_refused(inventory, says, capsys)


@pytest.mark.parametrize("name", INVENTORIES)
def test_an_inventory_is_refused_with_what_is_wrong(name: str, tmp_path: Path, capsys: Captured) -> None:
    changed, says = INVENTORIES[name]
    (tmp_path / "activity.csv").write_text(ROW, encoding="utf-8")
    inventory = write_inventory(tmp_path, ["activity.csv"])
    fields = json.loads(inventory.read_text(encoding="utf-8")) | changed
    inventory.write_text(json.dumps(fields), encoding="utf-8")
    assert_refused(inventory, says, capsys)


@pytest.mark.parametrize("name", PARQUET)
def test_a_parquet_file_of_other_types(name: str, tmp_path: Path, capsys: Captured) -> None:
    make, rule = PARQUET[name]
    pq.write_table(pa.table({**{key: [cell] for key, cell in CELLS.items()}, **make()}), tmp_path / "rows.parquet")
    inventory = write_inventory(tmp_path, ["rows.parquet"])
    fields = json.loads(inventory.read_text(encoding="utf-8")) | {"reading": {}}
    inventory.write_text(json.dumps(fields), encoding="utf-8")
    outcome = run(inventory, capsys)
    if rule:
        assert (outcome.code, outcome.out) == (2, "")
        assert rule in outcome.rules
    else:
        amount = Decimal(str(make()["amount"][0].as_py())).quantize(Decimal("0.000001"))
        assert (outcome.code, outcome.total) == (0, Fraction(amount) / 2)


def test_a_header_that_a_column_is_said_to_have_must_be_there(tmp_path: Path, capsys: Captured) -> None:
    """A slip in the name of an optional column would leave it blank without a word."""
    (tmp_path / "activity.csv").write_text(ROW, encoding="utf-8")
    columns = {"start": "date", "end": "date", "amount": "quantity", "entry": "Buchungsart"}
    outcome = run(write_inventory(tmp_path, ["activity.csv"], {"columns": columns}), capsys)
    assert (outcome.code, outcome.out, outcome.rules) == (2, "", ["column-missing"])
    assert "the column 'Buchungsart' is missing" in outcome.err


def test_two_pins_for_one_choice_are_refused(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "activity.csv").write_text(ROW, encoding="utf-8")
    pin = {"activity": "purchased_electricity", "book": "location", "why": "w"}
    pins = [{**pin, "factor": name} for name in ("made-up:electricity", "made-up:coal")]
    assert_refused(write_inventory(tmp_path, ["activity.csv"], pins=pins), "two pins name a factor for", capsys)


def test_a_table_that_is_damaged_is_named_as_the_user_names_it(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "rows.parquet").write_text(ROW, encoding="utf-8")
    inventory = write_inventory(tmp_path, ["rows.parquet"])
    fields = json.loads(inventory.read_text(encoding="utf-8")) | {"reading": {}}
    inventory.write_text(json.dumps(fields), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    outcome = run(Path("inventory.yaml"), capsys)
    assert (outcome.code, outcome.rules) == (2, ["file-kind"])
    assert "'rows.parquet'" in outcome.err
    assert str(tmp_path) not in outcome.err


PIN = {"activity": "stationary_fuel", "book": "location", "factor": "made-up:diesel by litre", "why": "w"}
FUEL = ROW.replace("purchased_electricity", "stationary_fuel").replace("kWh", "L")
OWN = {"fill": {"entity": "Acme", "region": "GB", "provenance": "measured", "item": "own.diesel"}}


@pytest.mark.parametrize(
    ("changed", "is_told"),
    [({}, False), ({"item": "own.diesel"}, False), ({"item": "own.diesle"}, True), ({"book": "market"}, True)],
)
def test_a_pin_that_decides_nothing_is_told(
    changed: dict[str, str], is_told: bool, tmp_path: Path, capsys: Captured
) -> None:
    (tmp_path / "activity.csv").write_text(FUEL, encoding="utf-8")
    outcome = run(write_inventory(tmp_path, ["activity.csv"], OWN, pins=[PIN | changed]), capsys)
    assert (outcome.code, outcome.total) == (0, Fraction(250))
    assert ("pin-unused" in outcome.notes) == is_told


@pytest.mark.parametrize(
    ("start", "end", "is_told"),
    [("2025-01-01", "2025-12-31", False), ("2024-12-29", "2026-01-03", False), ("2025-01-01", "2052-12-31", True)],
)
def test_a_period_of_more_than_a_year_is_told(
    start: str, end: str, is_told: bool, tmp_path: Path, capsys: Captured
) -> None:
    (tmp_path / "activity.csv").write_text(ROW, encoding="utf-8")
    outcome = run(write_inventory(tmp_path, ["activity.csv"], period={"start": start, "end": end}), capsys)
    assert (outcome.code, outcome.total, "period-long" in outcome.notes) == (0, Fraction(50), is_told)


def test_a_row_that_starts_or_ends_ages_away_is_no_bill_across_the_border(tmp_path: Path, capsys: Captured) -> None:
    head, row = ROW.splitlines()
    days = [("2024-12-15", "2025-01-15"), ("0000-01-01", "2025-01-15"), ("2025-12-01", "9999-12-31")]
    rows = [f"{row.replace('1,A,2025-01-15', f'{n},A,{start}')},{end}" for n, (start, end) in enumerate(days)]
    (tmp_path / "activity.csv").write_text("\n".join([f"{head},end", *rows, ""]), encoding="utf-8")
    reading = {"columns": {"start": "date", "amount": "quantity"}}
    inventory = write_inventory(tmp_path, ["activity.csv"], reading, cut_off="pro_rata", continuity="note")
    outcome = run(inventory, capsys, "--incomplete")
    assert outcome.places == [("date-outside-period", 3), ("date-outside-period", 4)]
    assert outcome.total == Fraction(50 * 15, 32)


def test_a_factor_that_is_valid_for_ever_is_a_factor_of_the_year(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "activity.csv").write_text(ROW, encoding="utf-8")
    inventory = write_inventory(tmp_path, ["activity.csv"])
    (tmp_path / "factors.csv").write_text(factors().replace("2025-01-01,2025-12-31", "0001-01-01,9999-12-31"), "utf-8")
    outcome = run(inventory, capsys)
    assert (outcome.code, outcome.total) == (0, Fraction(50))


HOLDING = (
    "entity,parent,type,equity_share,financial_control,operational_control\n"
    "Acme Ltd,Acme,subsidiary,1,yes,yes\n"
)  # fmt: skip
CERTIFICATE = (
    "id,kind,amount,unit,market,vintage_start,vintage_end,issued,retired,registry,tracking_id,beneficiary,"
    "emission_rate,rate_unit,rate_gas,source,locator\n"
    "c,rego,0.05,MWh,GB,2025-01-01,9999-12-31,,2025-03-01,r,1,Acme,0,kg/kWh,CO2,made-up,p\n"
)


@pytest.mark.parametrize("name", ["factors.csv", "entities.csv", "instruments.csv"])
def test_what_a_reader_has_to_know_of_tables_beside_is_told(name: str, tmp_path: Path, capsys: Captured) -> None:
    """A sign that does not show, in any table, is told as it is of rows."""
    (tmp_path / "activity.csv").write_text(ROW, encoding="utf-8")
    beside: dict[str, Any] = {"entities": ["entities.csv"], "instruments": {"tables": ["instruments.csv"]}}
    inventory = write_inventory(tmp_path, ["activity.csv"], consolidation="equity_share", **beside)
    (tmp_path / "entities.csv").write_text(HOLDING, encoding="utf-8")
    (tmp_path / "instruments.csv").write_text(CERTIFICATE, encoding="utf-8")
    assert "character-invisible" not in run(inventory, capsys).notes
    path = tmp_path / name
    path.write_text(
        path.read_text(encoding="utf-8").replace("Acme,", "Acme\u200b,").replace("0.5,", "0.5\u200b,"), "utf-8"
    )
    outcome = run(inventory, capsys)
    assert (outcome.code, outcome.total) == (0, Fraction(50))
    assert "character-invisible" in outcome.notes


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_a_table_that_ends_where_a_spreadsheet_cuts_off_is_told(
    rows: int, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    head, row = ROW.splitlines()
    monkeypatch.setattr(table, "FULL", frozenset((3,)))
    cells = [{**CELLS, "id": str(n)} for n in range(rows)]
    (tmp_path / "activity.csv").write_text("\n".join([head, *(f"{n}{row[1:]}" for n in range(rows)), ""]), "utf-8")
    pq.write_table(pa.Table.from_pylist(cells), tmp_path / "rows.parquet")
    for name in ("activity.csv", "rows.parquet"):
        inventory = write_inventory(tmp_path, [name])
        if name == "rows.parquet":
            fields = json.loads(inventory.read_text(encoding="utf-8")) | {"reading": {}}
            inventory.write_text(json.dumps(fields), encoding="utf-8")
        assert ("rows-at-limit" in run(inventory, capsys).notes) == (rows > 1)


@pytest.mark.parametrize("continuity", ["ignore", "note"])
def test_one_name_in_two_compositions_is_one_name_wherever_it_stands(
    continuity: str, tmp_path: Path, capsys: Captured
) -> None:
    """Scanned in place or read as text from where it stands, as in a file that is read as text."""
    rows = [{**CELLS, "id": "Z\u00fcrich"}, {**CELLS, "id": "Zu\u0308rich"}, {**CELLS, "id": "\u4e0a\u6d77"}]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "rows.parquet")
    inventory = write_inventory(tmp_path, ["rows.parquet"], continuity=continuity)
    fields = json.loads(inventory.read_text(encoding="utf-8")) | {"reading": {}}
    inventory.write_text(json.dumps(fields), encoding="utf-8")
    outcome = run(inventory, capsys, "--incomplete")
    assert outcome.places == [("id-duplicate", 2)]
    assert outcome.total == Fraction(100)


def test_a_name_of_a_dimension_is_one_in_two_compositions(tmp_path: Path) -> None:
    rows = [{**CELLS, "id": str(n), "site": site} for n, site in enumerate(("Z\u00fcrich", "Zu\u0308rich"))]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "rows.parquet")
    inventory = write_inventory(tmp_path, ["rows.parquet"], dimensions=["site"])
    fields = json.loads(inventory.read_text(encoding="utf-8")) | {"reading": {}}
    inventory.write_text(json.dumps(fields), encoding="utf-8")
    made = ghg.run(inventory)
    assert [line["site"] for line in made.totals("site", book="location").rows] == ["Z\u00fcrich"]
    made.close()


@pytest.mark.parametrize(
    ("amounts", "is_told"), [(["1.234", "12.500"], True), (["1.234", "12.5"], False), ([1.234, 2.345], False)]
)
def test_points_of_amounts_that_are_text_in_columns_may_be_thousands_marks(
    amounts: list[Any], is_told: bool, tmp_path: Path, capsys: Captured
) -> None:
    rows = [{**CELLS, "id": str(n), "amount": amount} for n, amount in enumerate(amounts)]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "rows.parquet")
    inventory = write_inventory(tmp_path, ["rows.parquet"])
    fields = json.loads(inventory.read_text(encoding="utf-8")) | {"reading": {}}
    inventory.write_text(json.dumps(fields), encoding="utf-8")
    assert ("number-grouping" in run(inventory, capsys).notes) == is_told


@pytest.mark.parametrize("name", ["id", "site", "unit"])
def test_a_frame_is_refused_where_a_sign_does_not_show(name: str, tmp_path: Path) -> None:
    (tmp_path / "activity.csv").write_text(ROW, encoding="utf-8")
    inventory = write_inventory(tmp_path, ["activity.csv"])
    frame = pa.Table.from_pylist([CELLS, {**CELLS, "id": "2"} | {name: f"{CELLS[name]}\u200b"}])
    with pytest.raises(InputError) as caught:
        ghg.run(inventory, activity=frame)
    assert ("cell-control-character", 2, name) in {(i.rule, i.line, i.column) for i in caught.value.issues}
