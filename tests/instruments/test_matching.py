"""Laws of matching: megawatt-hours are conserved, shares sum to one, and neither order nor splitting matters."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from ghg.instruments.criteria import Setting
from ghg.instruments.declaration import Instrument, InstrumentRow, InstrumentRules
from ghg.instruments.matching import Demand, match
from tests.instruments.small import CONTRACT, INSTRUMENT

YEAR = (date(2022, 1, 1), date(2022, 12, 31))
MONTHS = [date(2022, month, 1) for month in range(1, 13)]
laws = settings(max_examples=80, deadline=None)
regions = st.sampled_from(["CN-BJ", "CN-TJ", "US"])
entities = st.sampled_from(["North", "South"])
amounts = st.integers(0, 1000).map(Fraction)


def setting(matching: str = "annual") -> Setting:
    rules = InstrumentRules.model_validate({"tables": ["i.csv"], "matching": matching})
    return Setting(rules, "Group", ("North", "South"), *YEAR, {"electricity": ("CN-BJ", "CN-TJ", "US")})


def month_end(day: date) -> date:
    return (day + timedelta(days=31)).replace(day=1) - timedelta(days=1)


@st.composite
def demands(draw: st.DrawFn, smallest: int = 0) -> Demand:
    first, last = sorted((draw(st.sampled_from(MONTHS)), draw(st.sampled_from(MONTHS))))
    gross = Fraction(draw(st.integers(smallest, 1000)))
    held = draw(st.sampled_from([Fraction(1), Fraction(2, 5)]))
    return Demand("electricity", draw(regions), draw(entities), first, month_end(last), gross * held, gross)


@st.composite
def instruments(draw: st.DrawFn, number: int = 0, *, is_monthly: bool = False) -> Instrument:
    contract, month = draw(st.booleans()), draw(st.sampled_from(MONTHS))
    first, last = (month, month_end(month)) if is_monthly or contract else YEAR
    cells = {
        **INSTRUMENT, **(CONTRACT if contract else {"kind": "certificate"}),
        "id": f"i{number}", "tracking_id": f"{number}",
        "amount": str(draw(st.integers(0, 900))), "unit": "MJ", "market": draw(st.sampled_from(["CN", "CN-BJ", "US"])),
        "beneficiary": draw(st.sampled_from(["Group", "North", "South"])), "vintage_start": str(first),
        "vintage_end": str(last),
    }  # fmt: skip
    return Instrument(InstrumentRow.model_validate(cells), "i.csv", number + 2)


matchings = st.sampled_from(["annual", "monthly"])


def tables(matching: str) -> st.SearchStrategy[list[Instrument]]:
    numbers = st.integers(0, 4)
    return numbers.flatmap(
        lambda count: st.tuples(*(instruments(n, is_monthly=matching == "monthly") for n in range(count))).map(list)
    )


@laws
@given(st.data(), matchings, st.lists(demands(-200), max_size=6))
def test_megawatt_hours_are_conserved(data: st.DataObject, matching: str, consumed: list[Demand]) -> None:
    found = data.draw(tables(matching))
    made = match(consumed, found, setting(matching))
    for instrument in found:
        whole = instrument.base_amount
        assert whole is not None
        assert 0 <= made.applied[instrument.id] <= whole
        assert made.unused(instrument) == whole - made.applied[instrument.id]
    for pool in made.pools.values():
        shares = list(pool.shares.values())
        assert all(0 <= share <= 1 for share in shares)
        assert sum(shares) <= 1


def test_an_entitys_instrument_covers_nothing_where_corrections_leave_nothing_before_shares() -> None:
    january = (date(2022, 1, 1), date(2022, 1, 31))
    for back in (Fraction(-2), Fraction(-3)):
        consumed = [
            Demand("electricity", "CN-BJ", "North", *january, Fraction(2), Fraction(2)),
            Demand("electricity", "CN-BJ", "North", *january, back * Fraction(2, 5), back),
        ]
        for beneficiary, covers in (("North", False), ("Group", True)):
            cells = {**INSTRUMENT, "id": "i", "kind": "certificate", "tracking_id": "1", "beneficiary": beneficiary}
            found = Instrument(InstrumentRow.model_validate(cells), "i.csv", 2)
            made = match(consumed, [found], setting("annual"))
            assert bool(made.applied["i"]) == covers


@laws
@given(st.data(), matchings, st.lists(demands(), min_size=1, max_size=6))
def test_what_instruments_give_is_what_consumption_takes(
    data: st.DataObject, matching: str, consumed: list[Demand]
) -> None:
    """Of the whole organisation, or of an entity at the share held: what is applied is found again in the pools."""
    found = data.draw(tables(matching))
    made = match(consumed, found, setting(matching))
    for instrument in found:
        is_entitys = instrument.row.beneficiary != "Group"
        taken = sum(
            (pool.shares.get(instrument.id, Fraction(0)) * (pool.gross if is_entitys else pool.amount))
            for pool in made.pools.values()
        )
        assert made.applied[instrument.id] == taken


@laws
@given(st.data(), matchings, st.lists(demands(), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_neither_order_nor_splitting_matters(
    data: st.DataObject, matching: str, consumed: list[Demand], random: st.DataObject
) -> None:
    found = data.draw(tables(matching))
    halves = [
        Demand(one.carrier, one.region, one.entity, one.start, one.end, one.amount * part, one.gross * part)
        for one in consumed
        for part in (Fraction(1, 3), Fraction(2, 3))
    ]
    random.shuffle(halves)  # type: ignore[attr-defined]
    whole, split = match(consumed, found, setting(matching)), match(halves, found[::-1], setting(matching))
    assert split.applied == whole.applied
    assert {name: pool.shares for name, pool in split.pools.items()} == {
        name: pool.shares for name, pool in whole.pools.items()
    }


@laws
@given(st.data(), matchings, st.lists(demands(), min_size=1, max_size=5))
def test_nothing_is_left_unused_while_consumption_it_may_cover_is_uncovered(
    data: st.DataObject, matching: str, consumed: list[Demand]
) -> None:
    found = data.draw(tables(matching))
    made = match(consumed, found, setting(matching))
    for instrument in found:
        if made.unused(instrument):
            assert all(pool.left == 0 for name, pool in made.pools.items() if instrument.id in name[4])


def test_the_hierarchy_puts_certificates_before_contracts_before_supplier_rates() -> None:
    cells = {**INSTRUMENT, "amount": "60", "unit": "MJ", "market": "CN"}
    rows = [
        {**cells, **CONTRACT, "id": "c", "tracking_id": "1"},
        {**cells, **CONTRACT, "id": "s", "kind": "supplier_rate", "attributes": "delivered", "amount": ""},
        {**cells, "id": "a", "tracking_id": "2"},
    ]
    found = [Instrument(InstrumentRow.model_validate(row), "i.csv", n) for n, row in enumerate(rows, start=2)]
    demand = Demand("electricity", "CN-BJ", "North", *YEAR, Fraction(200), Fraction(200))
    made = match([demand], found, setting())
    assert made.applied == {"a": 60, "c": 60, "s": 80}
    portions = made.portions("electricity", "CN-BJ", "North", *YEAR)
    assert [(portion.instrument.id, portion.share) for portion in portions] == [
        ("a", Fraction(3, 10)), ("c", Fraction(3, 10)), ("s", Fraction(2, 5)),
    ]  # fmt: skip
    assert made.portions("heat", "CN-BJ", "North", *YEAR) == ()
