from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ghg.change.index import Revalued
from ghg.statement import Result
from ghg.testing import Row, run_rows, tables

DIESEL = "ipcc-2006:diesel-stationary-commercial"
FACTORS = ("cn-mee-2022:national", "cn-mee-2022:CN-BJ", "ipcc-2006:ncv-diesel", DIESEL)


@settings(max_examples=8, deadline=None)
@given(tables(), st.dictionaries(st.sampled_from(FACTORS), st.sampled_from(["0", "1/3", "2"]), max_size=3))
def test_the_index_gives_what_the_whole_balance_gives(found: list[Row], scale: dict[str, str]) -> None:
    backed = [{**row, "provenance": "back-calculated", "derived_from": "scope1"} if n % 2 else row
              for n, row in enumerate(found)]  # fmt: skip
    run = run_rows(backed)
    after = run.what_if(scale=scale)
    whole = Result(after.plan, after.balance, after.valuation, after.inventory.denominators)
    assert isinstance(after.result, Revalued)
    assert after.result.figures() == whole.figures()
    assert after.result.digest == whole.digest
    run.close()


def test_rows_of_factors_are_indexed_once_each() -> None:
    row = {"id": "1", "entity": "e", "activity": "diesel_stationary", "region": "CN", "start": "2022-01-01",
           "end": "2022-01-31", "amount": "10", "unit": "t", "provenance": "measured"}  # fmt: skip
    index = run_rows([row]).index
    assert len(index.of_row["ipcc-2006:diesel-stationary-commercial:CO2"]) == 1
    assert len(index.of_row["ipcc-2006:ncv-diesel"]) >= 3
    assert index.under({}) == index.sums
