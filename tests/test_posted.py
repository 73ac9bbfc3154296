from contextlib import closing

import pytest

from ghg import activity
from ghg.boundary.beside import NOTHING
from ghg.engines import Engine
from ghg.factors import FactorTable, library
from ghg.issues import GhgError
from ghg.posted import post
from ghg.testing.inventories import inventory

ROW = {
    "entity": "e", "activity": "purchased_electricity", "region": "CN", "start": "2022-01-01", "end": "2022-12-31",
    "unit": "MWh", "provenance": "measured",
}  # fmt: skip
ROWS = [ROW | {"id": str(number), "amount": amount} for number, amount in enumerate(("3", "nothing", "4"))]


def test_every_row_is_posted_or_said_to_be_wrong() -> None:
    with closing(Engine()) as engine:
        made = post(engine, inventory(), library, lambda e: activity.load_rows(e, ROWS), NOTHING, is_strict=False)
    assert (made.balance.posted, made.balance.unposted, made.balance.read) == (2, 1, 3)
    assert [issue.column for issue in made.found] == ["amount"]
    assert made.plan.table is library()
    assert not made.scans


def test_factors_are_asked_for_once_the_rows_are_loaded() -> None:
    seen = []

    def factors() -> FactorTable:
        seen.append(len(engine.rows("SELECT id FROM loaded")))
        raise GhgError("no factors")

    with closing(Engine()) as engine, pytest.raises(GhgError, match="no factors"):
        post(engine, inventory(), factors, lambda e: activity.load_rows(e, ROWS), NOTHING, is_strict=False)
    assert seen == [3]
