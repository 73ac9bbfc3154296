from __future__ import annotations

from ghg.instruments.declaration import Instrument, InstrumentRow
from ghg.instruments.rates import rates
from tests.instruments.small import INSTRUMENT


def test_a_rate_is_a_factor_that_no_activity_takes_by_itself() -> None:
    row = InstrumentRow.model_validate({"id": "a", **INSTRUMENT, "emission_rate": "0.0"})
    [factor] = rates([Instrument(row, "i.csv", 2)])
    assert factor.is_reserved
    assert (factor.id, factor.first.value, factor.first.unit) == ("instrument:a", "0.0", "kg/kWh")
    assert factor.first.verification == "stated by the instrument, i.csv:2"


def test_an_instrument_without_a_rate_of_its_own_makes_no_factor() -> None:
    row = InstrumentRow.model_validate({"id": "a", **INSTRUMENT, "emission_rate": ""})
    assert rates([Instrument(row, "i.csv", 2)]) == []
