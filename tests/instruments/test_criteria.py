from __future__ import annotations

from datetime import date

import pytest

from ghg.instruments.criteria import CRITERIA, DISCLOSED_BY_THE_RUN, Failure, Setting, failures, opened
from ghg.instruments.declaration import Instrument, InstrumentRow, InstrumentRules, Window
from tests.instruments.small import CONTRACT, INSTRUMENT

SUPPLIER = {**CONTRACT, "kind": "supplier_rate", "attributes": "delivered", "tracking_id": ""}


def instrument(_line: int = 2, /, **cells: str) -> Instrument:
    stated = {"id": f"i{_line}", "tracking_id": f"T{_line}", **INSTRUMENT, **cells}
    return Instrument(InstrumentRow.model_validate(stated), "instruments.csv", _line)


BEFORE = (
    instrument(8, tracking_id="old"),
    instrument(9, **CONTRACT | {"tracking_id": "power", "vintage_end": "2022-06-30"}),
)
"""What a former inventory applied: a certificate, and a contract that went on delivering."""


def setting(**stated: object) -> Setting:
    rules = InstrumentRules.model_validate({"tables": ["instruments.csv"], **stated})
    consumed = {"electricity": ("CN-BJ", "CN-TJ")}
    return Setting(rules, "Group", ("North",), date(2022, 1, 1), date(2022, 12, 31), consumed, BEFORE)


def broken(found: Instrument, **stated: object) -> list[int]:
    return [failure.criterion for failure in failures([found], setting(**stated))[0]]


def test_there_are_eight_criteria() -> None:
    assert list(CRITERIA) == list(range(1, 9))


def test_a_failure_names_the_criterion_and_the_reason() -> None:
    assert (
        str(Failure(1, "it states none"))
        == "criterion 1 (it conveys the emission rate of the generation): it states none"
    )


@pytest.mark.parametrize("cells", [{}, CONTRACT, SUPPLIER, {"beneficiary": "North"}, {"market": "CN-TJ"}])
def test_a_sound_instrument_breaks_nothing(cells: dict[str, str]) -> None:
    assert broken(instrument(**cells)) == []


BROKEN: list[tuple[dict[str, str], list[int]]] = [
    ({"emission_rate": ""}, [1]),
    ({"attributes": "sold"}, [2]),
    ({"tracking_id": "old"}, [2]),
    ({**CONTRACT, "tracking_id": "power"}, [2]),
    ({"retired": ""}, [3]),
    ({"registry": ""}, [3]),
    ({"tracking_id": ""}, [3]),
    ({"beneficiary": ""}, [3]),
    ({"beneficiary": "Nobody"}, [3]),
    ({"retired": "2022-12-31", "issued": "2023-01-01"}, [3]),
    ({"issued": "2021-12-31"}, [3]),
    ({"issued": "", "retired": "2021-12-31"}, [3]),
    ({"vintage_start": "2021-12-31"}, [4]),
    ({"vintage_end": ""}, [4]),
    ({**CONTRACT, "vintage_start": "2023-01-01", "vintage_end": "2023-12-31"}, [4]),
    ({"kind": "certificate", "market": "US"}, [5]),
    ({"market": "WORLD"}, [5]),
    ({"market": "Atlantis"}, [5]),
    ({"kind": "i_rec", "carrier": "heat"}, [5]),
    ({**SUPPLIER, "attributes": "conveyed"}, [6]),
    ({**CONTRACT, "attributes": "not_stated"}, [7]),
    ({**CONTRACT, "attributes": "sold"}, [2, 7]),
    ({"emission_rate": "", "retired": "", "vintage_end": ""}, [1, 3, 4]),
]


@pytest.mark.parametrize(("cells", "criteria"), BROKEN)
def test_each_criterion_is_checked_by_itself(cells: dict[str, str], criteria: list[int]) -> None:
    assert broken(instrument(**cells)) == criteria


def test_a_contract_delivers_on_under_the_number_it_had_in_a_former_inventory() -> None:
    assert broken(instrument(**CONTRACT | {"tracking_id": "power", "vintage_start": "2022-07-01"})) == []


def test_a_certificate_of_another_market_than_its_kind_is_refused() -> None:
    assert broken(instrument(kind="gec", market="US")) == [5, 5]


def test_every_criterion_but_the_markets_own_can_be_broken() -> None:
    checked = {criterion for _, criteria in BROKEN for criterion in criteria}
    assert checked == set(CRITERIA) - {DISCLOSED_BY_THE_RUN}


def test_a_certificate_is_claimed_once() -> None:
    twins = [instrument(2, tracking_id="7"), instrument(3, tracking_id="7")]
    first, second = failures(twins, setting())
    assert first == ()
    [failure] = second
    assert failure == Failure(2, "its number '7' stands in instruments.csv:2 already")


def test_a_contract_may_have_a_row_for_each_of_its_periods() -> None:
    halves = [
        instrument(2, **CONTRACT, tracking_id="7", vintage_end="2022-06-30"),
        instrument(3, **CONTRACT, tracking_id="7", vintage_start="2022-07-01"),
        instrument(4, **CONTRACT, tracking_id="7", vintage_start="2022-12-01"),
    ]
    assert [len(found) for found in failures(halves, setting())] == [0, 0, 1]


def test_the_vintage_window_is_what_the_inventory_allows() -> None:
    early = instrument(vintage_start="2021-07-01", vintage_end="2021-12-31")
    assert broken(early, vintage={"months_before": "5"}) == [4]
    assert broken(early, vintage={"months_before": "6"}) == []
    assert opened(date(2022, 1, 31), date(2022, 12, 31), Window(months_before=2, months_after=2)) == (
        date(2021, 11, 30),
        date(2023, 2, 28),
    )


def test_matched_by_month_a_vintage_lies_in_one_month() -> None:
    assert broken(instrument(), matching="monthly") == [4]
    assert broken(instrument(vintage_end="2022-01-31"), matching="monthly") == []


def test_a_named_market_holds_the_regions_the_inventory_lists() -> None:
    found = instrument(kind="certificate", market="north")
    assert broken(found, markets={"north": ["CN-BJ", "US"]}) == []
    assert broken(found, markets={"north": ["US"]}) == [5]
