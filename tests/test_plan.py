from __future__ import annotations

import hashlib
import json
from datetime import date
from unittest.mock import patch

from ghg.boundary.consolidation import Boundary
from ghg.factors import library
from ghg.inventory import Inventory
from ghg.keys import Rules
from ghg.matches import Matcher
from ghg.plan import Key, make_plan
from ghg.testing import inventory


def key(activity: str = "purchased_electricity", region: str = "CN", unit: str = "kWh", month: int = 1) -> Key:
    return Key(activity, region, f"2022-{month:02}-01", f"2022-{month:02}-28", unit)


def test_keys_that_resolve_alike_share_a_match() -> None:
    plan = make_plan(inventory(), library(), [key(), key(unit="MWh"), key(month=7), key(region="CN-BJ")])
    assert len(plan.matches) == 2
    assert len(plan.keys) == 4


def test_the_order_of_keys_does_not_change_the_plan() -> None:
    keys = [key(), key(region="CN-BJ"), key("water", unit="t"), key("diesel_stationary", unit="kg")]
    one, other = make_plan(inventory(), library(), keys), make_plan(inventory(), library(), keys[::-1])
    assert (one.matches, one.keys, one.fingerprint) == (other.matches, other.keys, other.fingerprint)


def test_purchased_electricity_posts_each_gas_to_each_book_and_energy_once() -> None:
    [match] = make_plan(inventory(), library(), [key()]).matches
    marks = [(posting.book, posting.measure, posting.gas, posting.factor) for posting in match.postings]
    assert marks == [
        ("location", "emissions", "CO2", "cn-mee-2022:national"),
        ("market", "emissions", "CO2", "cn-mee-2022:national-ex-market-nonfossil"),
        ("", "energy", "", ""),
    ]


def test_an_inventory_without_the_market_book_posts_location_only() -> None:
    one_book = Inventory.model_validate(inventory().model_dump(mode="json") | {"books": ["location"]})
    [match] = make_plan(one_book, library(), [key()]).matches
    assert [posting.book for posting in match.postings] == ["location", ""]


def test_a_fuel_by_mass_takes_its_net_calorific_value() -> None:
    [match] = make_plan(inventory(), library(), [key("diesel_stationary", unit="kg")]).matches
    assert match.method == "stationary_combustion.mass"
    assert {posting.parameters for posting in match.postings} == {("ipcc-2006:ncv-diesel",)}
    assert [posting.gas for posting in match.postings] == ["CO2", "CH4_combustion", "N2O", ""]


def test_a_measured_quantity_posts_itself() -> None:
    [match] = make_plan(inventory(), library(), [key("water", unit="t")]).matches
    assert [(posting.measure, posting.scope, posting.factor) for posting in match.postings] == [("water", "", "")]


def test_a_key_without_a_factor_is_a_failure_with_its_reason() -> None:
    plan = make_plan(inventory(), library(), [key(region="HK")])
    assert not plan.matches
    assert plan.failures[key(region="HK")].rule == "factor-missing"


def test_the_fingerprint_changes_with_a_factor_and_not_with_dates() -> None:
    plan = make_plan(inventory(), library(), [key()])
    row = library().rows["cn-mee-2022:national"]
    changed = library().with_rows({row.id: type(row).model_validate(row.model_dump() | {"value": "0.5"})})
    assert make_plan(inventory(), library(), [key(month=5)]).fingerprint == plan.fingerprint
    assert make_plan(inventory(), changed, [key()]).fingerprint != plan.fingerprint
    assert make_plan(inventory("AR6"), library(), [key()]).fingerprint != plan.fingerprint


def test_the_fingerprint_can_be_recomputed_by_hand() -> None:
    """SHA-256 of a JSON text with sorted names and every sign written as it is."""
    plan = make_plan(inventory(), library(), [key()])
    rows = [library().rows[name].model_dump(mode="json") for name in plan.used]
    assert any("全国" in row["name_local"] for row in rows)
    content = {
        "decimals": 6, "factors": rows, "gwp": "AR5", "matches": [list(one.identity) for one in plan.matches],
    }  # fmt: skip
    rows[:] = [dict(sorted(row.items())) for row in rows]
    text = json.dumps(content, ensure_ascii=False)
    assert plan.fingerprint == hashlib.sha256(text.encode()).hexdigest()


def test_keys_that_differ_in_their_unit_alone_are_decided_once() -> None:
    with patch.object(Matcher, "match", autospec=True, side_effect=Matcher.match) as match:
        make_plan(inventory(), library(), [key(), key(unit="MWh"), key(unit="GJ"), key(region="CN-BJ")])
    assert match.call_count == 2


def test_a_key_outside_the_boundary_is_kept_with_the_reason() -> None:
    rules = Rules(Boundary(date(2022, 1, 1), date(2022, 6, 30)))
    plan = make_plan(inventory(), library(), [key(), key(month=7)], rules)
    assert plan.outside == {key(month=7): "it lies outside the reporting period"}
    assert list(plan.keys) == [key()]
    assert (plan.rules, plan.decimals, plan.gwp) == (rules, 6, "AR5")
    assert make_plan(inventory(), library(), [key()]).outside == {}
