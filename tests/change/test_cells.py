from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings

from ghg.change.cells import Cell, cells_of
from ghg.change.forms import ScaleActivity
from ghg.testing import Row, run_rows, tables


@settings(max_examples=8, deadline=None)
@given(tables())
def test_every_part_is_quantity_times_factor_times_potential(found: list[Row]) -> None:
    run = run_rows(found).what_if(steps=[ScaleActivity(where={"entity": ("north",)}, by="1/3", why="w")])
    for cell in cells_of(run, "market").values():
        for part in cell.values():
            potentials = (run.valuation.potential(gas) * rate for gas, rate in part.per_unit.items())
            assert part.value == part.total * sum(potentials, Fraction(0))
    run.close()


def test_corrections_stand_apart() -> None:
    row = {"id": "1", "entity": "e", "activity": "purchased_electricity", "region": "CN", "start": "2022-01-01",
           "end": "2022-01-31", "amount": "10", "unit": "MWh", "provenance": "measured"}  # fmt: skip
    run = run_rows([row, {**row, "id": "2", "amount": "-4", "entry": "correction"}])
    [part] = cells_of(run, "location")[Cell("2", "purchased_electricity", "e", "purchased_electricity")].values()
    assert (part.quantity, part.corrected) == (Fraction(36000), Fraction(-14400))
    assert part.per_unit == {"CO2": Fraction("0.5366") / Fraction("3.6")}
    run.close()
