from __future__ import annotations

import csv
import io
from fractions import Fraction

import ghg
from ghg.change.sensitivity import elasticities, sensitivity
from ghg.reports import sensitivities

RUN = "scenarios/kingsoft-cloud/2024.yaml"


def test_every_form_holds_every_factor() -> None:
    run = ghg.run(RUN)
    found, shares = sensitivity(run, "scope3"), elasticities(run)
    factors = {swing.factor for swing in found.swings}
    assert all(factor in sensitivities.render(found, 100) for factor in factors)
    assert all(factor in sensitivities.as_html(found) for factor in factors)
    rows = list(csv.DictReader(io.StringIO(sensitivities.as_csv(found, shares))))
    assert {row["factor"] for row in rows if row["low"]} == factors
    assert {row["figure"] for row in rows} == set(shares)
    document = sensitivities.sensitivity_document(found, shares)
    assert Fraction(document.elasticities["scope2"]["cn-mee-2022:national"]) == 1
    assert [swing.factor for swing in document.swings] == [swing.factor for swing in found.swings]
    run.close()
