from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from ghg.catalogue import editions, importing
from ghg.catalogue.editions import Pack, compare, effects, read_pack, statement
from ghg.factors import FactorRow, library
from ghg.issues import InputError, UnknownNameError
from ghg.numbers import parse
from ghg.runs import Run
from ghg.testing import run_rows

BLANK = dict.fromkeys(FactorRow.model_fields, "")
ELECTRICITY = {
    "kind": "emission_factor", "activity": "electricity", "basis": "grid_average", "region": "CN", "gas": "CO2",
    "value": "0.5", "unit": "kg/kWh", "uncertainty": "none published", "source": "cn-mee-2022", "locator": "a cell",
    "verification": "verified: one source",
}  # fmt: skip
ACTIVITY = {
    "entity": "e", "start": "2022-01-01", "end": "2022-12-31", "unit": "MWh", "amount": "1000",
    "activity": "purchased_electricity", "provenance": "measured",
}  # fmt: skip


def row(name: str, /, **cells: str) -> FactorRow:
    return FactorRow.model_validate({**BLANK, **ELECTRICITY, "id": name, "factor": name, **cells})


def differ(before: list[FactorRow], after: list[FactorRow]) -> editions.Difference:
    return compare(Pack("before", tuple(before)), Pack("after", tuple(after)))


def test_rows_are_paired_by_meaning_not_by_id() -> None:
    found = differ([row("a:1"), row("a:2", region="CN-BJ")], [row("b:1", region="CN-BJ", value="0.6"), row("b:2")])
    [change] = found.changed
    assert (change.before.id, change.after.id, change.relative) == ("a:2", "b:1", Fraction(1, 5))
    assert (found.new, found.gone, found.unchanged) == ((), (), 1)


@pytest.mark.parametrize(
    "other",
    [
        {"activity": "heat_and_steam"}, {"basis": "losses"}, {"region": "CN-BJ"}, {"unit": "kg/km"}, {"gas": "N2O"},
        {"gas": "CO2e", "gwp_set": "AR5", "kind": "co2e_total"},
    ],
)  # fmt: skip
def test_another_meaning_is_new_and_gone(other: dict[str, str]) -> None:
    found = differ([row("a:1")], [row("b:1", **other)])
    assert [found.new[0].id, found.gone[0].id, len(found.changed), found.unchanged] == ["b:1", "a:1", 0, 0]


def test_kilometres_and_miles_of_one_edition_are_not_mixed_up() -> None:
    before = [row("a:km", unit="kg/km", value="0.1"), row("a:mile", unit="kg/mile", value="0.16")]
    after = [row("b:km", unit="kg/km", value="0.1"), row("b:mile", unit="kg/mile", value="0.17")]
    found = differ(before, after)
    assert [(change.before.id, change.after.id) for change in found.changed] == [("a:mile", "b:mile")]
    assert found.unchanged == 1


def test_another_unit_of_the_same_size_is_no_change() -> None:
    assert differ([row("a:1")], [row("b:1", value="500", unit="g/kWh")]).unchanged == 1
    found = differ([row("a:1")], [row("b:1", value="501", unit="kg/MWh")])
    assert found.changed[0].relative == Fraction(1, 500)
    assert found.changed[0].note == "unit kg/kWh → kg/MWh"


def test_a_series_is_compared_year_by_year() -> None:
    def year(name: str, of: int, value: str) -> FactorRow:
        return row(f"{name}:{of}", value=value, valid_from=f"{of}-01-01", valid_to=f"{of}-12-31")

    found = differ([year("a", 2021, "0.1"), year("a", 2022, "0.2")], [year("b", 2022, "0.3"), year("b", 2023, "0.4")])
    assert [(change.before.id, change.after.id) for change in found.changed] == [("a:2022", "b:2022")]
    assert [found.gone[0].id, found.new[0].id] == ["a:2021", "b:2023"]


def test_where_an_edition_says_a_thing_twice_the_name_decides() -> None:
    before = [row("a:1", name="net", value="1"), row("a:2", name="gross", value="2")]
    after = [row("b:1", name="gross", value="2"), row("b:2", name="net", value="3")]
    [change] = differ(before, after).changed
    assert (change.before.id, change.after.id) == ("a:1", "b:2")


def test_the_largest_changes_come_first_and_a_former_zero_before_all() -> None:
    places = ["CN", "CN-BJ", "CN-TJ", "CN-HE"]
    before = [row(f"a:{p}", region=p, value=v) for p, v in zip(places, ["1", "1", "0", "1"], strict=True)]
    after = [row(f"b:{p}", region=p, value=v) for p, v in zip(places, ["1.1", "0.5", "0.001", "1"], strict=True)]
    found = differ(before, after)
    assert [(c.before.region, c.percent) for c in found.changed] == [
        ("CN-TJ", "from zero"), ("CN-BJ", "-50.00"), ("CN", "10.00"),
    ]  # fmt: skip
    assert found.unchanged == 1


def test_a_small_change_is_not_rounded_to_nothing() -> None:
    [change] = differ([row("a:1", value="100000")], [row("b:1", value="100001")]).changed
    assert change.percent == "0.00100"


def test_a_large_change_is_a_plain_number() -> None:
    [change] = differ([row("a:1", value="1")], [row("b:1", value="101")]).changed
    assert change.percent == "10000.00"


def test_quotients_are_compared_exact() -> None:
    assert differ([row("a:1", value="1/3")], [row("b:1", value="2/6")]).unchanged == 1
    assert differ([row("a:1", value="1/3")], [row("b:1", value="0.333333333333333333")]).changed


def test_the_same_digits_under_another_gwp_set_are_a_change() -> None:
    total = {"gas": "CO2e", "value": "1"}
    [change] = differ([row("a:1", gwp_set="AR4", **total)], [row("b:1", gwp_set="AR5", **total)]).changed
    assert (change.percent, change.note) == ("0.00", "GWP set AR4 → AR5")


def test_the_shipped_editions_of_one_publisher_compare() -> None:
    found = compare(read_pack("cn-mee-2022"), read_pack("cn-mee-2023"))
    changed = {change.before.id: change for change in found.changed}
    assert changed["cn-mee-2022:national"].after.value == "0.5306"
    assert changed["cn-mee-2022:national-ex-market-nonfossil"].after.value == "0.6096"
    assert len(found.changed) + found.unchanged + len(found.gone) == len(read_pack("cn-mee-2022").rows)


def test_an_edition_differs_from_itself_in_nothing() -> None:
    for source, ids in editions.shipped().items():
        pack = read_pack(source)
        found = compare(pack, pack)
        assert (len(found.new), len(found.gone), len(found.changed), found.unchanged) == (0, 0, 0, len(ids)), source


def test_a_pack_file_is_read_like_a_shipped_edition(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(importing.pack_text(read_pack("cn-mee-2023").rows), encoding="utf-8")
    assert read_pack(str(path)).rows == read_pack("cn-mee-2023").rows
    with pytest.raises(InputError, match="cannot read the file"):
        read_pack(str(tmp_path / "missing.csv"))


def test_an_unknown_edition_suggests_near_ones() -> None:
    with pytest.raises(
        UnknownNameError, match=r"no shipped source is called 'cn-mee-2032'.* 'cn-mee-20.*ends with \.csv"
    ):
        read_pack("cn-mee-2032")


@pytest.fixture
def run() -> Iterator[Run]:
    """1000 MWh in Beijing: the factor of Beijing in the location-based book, and what stands in for it in the other."""
    made = run_rows([{**ACTIVITY, "id": "a", "region": "CN-BJ"}])
    yield made
    made.close()


def test_the_effect_is_that_of_a_full_run_with_the_new_values(run: Run) -> None:
    found = compare(read_pack("cn-mee-2022"), read_pack("cn-mee-2023"))
    effect = effects(run, found)
    values = {c.before.id: f"{c.after.value} {c.after.unit}" for c in found.changed if c.before.id in run.plan.used}
    assert values
    full = run_rows([{**ACTIVITY, "id": "a", "region": "CN-BJ"}], values=values)
    for book, figure in (("location", "scope2"), ("market", "scope2_market")):
        old, new = run.figure(figure), full.figure(figure)
        assert old is not None
        assert new is not None
        assert effect.total[book] == (old.amount, new.amount)
    full.close()


def test_the_effect_of_one_factor_is_its_change_times_the_activity(run: Run) -> None:
    used = library().rows["cn-mee-2022:CN-BJ"]
    found = differ([used], [row("b:1", region="CN-BJ", value="0.6")])
    assert effects(run, found).by_row["cn-mee-2022:CN-BJ"]["location"] == 1000 * (parse("0.6") - used.amount)


def test_not_used_is_told_apart_from_an_effect_of_zero() -> None:
    made = run_rows([{**ACTIVITY, "id": "a", "region": "CN-BJ", "amount": "0"}])
    found = compare(read_pack("cn-mee-2022"), read_pack("cn-mee-2023"))
    table = statement(found, effects(made, found))
    made.close()
    cells = {cells["before_id"]: cells["effect_location_t"] for cells in table.rows}
    assert cells["cn-mee-2022:CN-BJ"] == 0
    assert cells["cn-mee-2022:CN-YN"] == "not used"
    assert [cells["before_id"] for cells in table.rows].index("cn-mee-2022:CN-BJ") < 2, "factors in use come first"
    text = editions.render(table)
    assert any("cn-mee-2022:CN-BJ" in line and " 0.00 " in line for line in text.splitlines())
    assert "all scopes, location-based: 0.00 → 0.00 t CO2e" in text


def test_a_factor_that_the_new_edition_lacks_is_named_and_kept(run: Run) -> None:
    used = [library().rows[name] for name in run.plan.used]
    effect = effects(run, differ(used, []))
    assert effect.by_row == {}
    assert [old == new for old, new in effect.total.values()] == [True, True]
    assert any("after has no row for" in note and "cn-mee-2022:CN-BJ" in note for note in effect.notes)


def test_a_gas_that_only_the_new_edition_has_is_named(run: Run) -> None:
    used = library().rows["cn-mee-2022:CN-BJ"]
    more = row("b:1:N2O", factor="b:1", region="CN-BJ", gas="N2O")
    effect = effects(run, differ([used], [row("b:1:CO2", factor="b:1", region="CN-BJ"), more]))
    assert effect.notes == ("new in after beside a factor in use, and not in the effect: b:1:N2O.",)


def test_an_inventory_that_uses_none_of_the_changes_says_so(run: Run) -> None:
    found = compare(read_pack("cn-mee-2021"), read_pack("cn-mee-2022"))
    table = statement(found, effects(run, found))
    assert "the inventory uses none of the changed factors." in table.notes
    assert {cells["effect_market_t"] for cells in table.rows} == {"not used"}


def test_the_text_shows_the_first_rows_and_counts_the_rest() -> None:
    table = statement(compare(read_pack("cn-mee-2022"), read_pack("cn-mee-2023")))
    short, full = editions.render(table), editions.render(table, everything=True)
    left = len(table.rows) - editions.SHOWN
    assert f"{left} more (electricity {left}): --all shows them." in short
    assert short.count("cn-mee-2022:") == editions.SHOWN
    assert full.count("cn-mee-2022:") == len(table.rows)
