from __future__ import annotations

import ghg
from ghg import activity
from ghg.factors import Factor, FactorRow, library
from ghg.issues import Severity
from ghg.notices import LISTED, notes_of
from ghg.runs import Asked, compute
from ghg.testing import inventory


def test_a_reader_is_told_what_totals_rest_on_and_what_keeps_its_gwp_set() -> None:
    run = ghg.run("scenarios/kingsoft-cloud/2024.yaml", gwp="AR6")
    found = notes_of(run)
    assert [note.rule for note in found[:2]] == ["back-calculated", "gwp-kept"]
    assert "scope1 100 %" in found[0].message
    assert {note.severity for note in found} == {Severity.NOTE}
    run.close()


def test_factors_older_than_the_activity_are_told_by_publication() -> None:
    run = ghg.run("scenarios/kingsoft-cloud/2024.yaml")
    said = [note.message for note in notes_of(run) if note.rule == "factor-older"]
    assert said == [
        f"2 factors of {source} are up to 2 years older than the activity, such as {source}{first}."
        for source, first in (("cn-mee-2022", ":national"), ("epa-supply-chain-1.3", ":334111-with-margins"))
    ]
    run.close()


def idle(number: int) -> Factor:
    cells = dict.fromkeys(FactorRow.model_fields, "") | {
        "id": f"x:{number:03}", "factor": f"x:{number:03}", "kind": "emission_factor", "activity": "electricity",
        "region": "FR", "gas": "CO2", "value": "1", "unit": "kg/kWh", "basis": "grid_average", "uncertainty": "none",
        "source": "cn-mee-2022", "locator": "stated", "verification": "stated",
    }  # fmt: skip
    return Factor(rows=(FactorRow.model_validate(cells),), is_own=True)


def test_own_factors_without_a_row_are_listed_and_the_rest_is_counted() -> None:
    row = {
        "id": "1", "entity": "e", "activity": "purchased_electricity", "region": "CN", "start": "2022-01-01",
        "end": "2022-12-31", "amount": "1", "unit": "MWh", "provenance": "measured",
    }  # fmt: skip
    table = library().with_own(map(idle, range(LISTED + 1_234)))
    run = compute(inventory(), lambda: table, lambda engine: activity.load_rows(engine, [row]), Asked())
    said = [note.message for note in run.issues if note.rule == "factor-unused"]
    assert len(said) == LISTED + 1
    assert said[-1] == f"no row takes 1,234 more of the inventory's own factors, x:{LISTED:03} the first."
    run.close()
