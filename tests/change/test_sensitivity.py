from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import given, settings

import ghg
from ghg.change.sensitivity import elasticities, sensitivity
from ghg.issues import GhgError, UnknownNameError
from ghg.runs import Run
from ghg.testing import Row, run_rows, tables


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    made = ghg.run("scenarios/kingsoft-cloud/2024.yaml")
    yield made
    made.close()


@settings(max_examples=8, deadline=None)
@given(tables())
def test_an_elasticity_is_what_one_per_cent_more_of_a_factor_does(found: list[Row]) -> None:
    run = run_rows(found)
    for figure, shares in elasticities(run).items():
        before = run.figure(figure)
        for factor, share in shares.items():
            after = run.what_if(scale={factor: "1.01"}).figure(figure)
            assert before is not None
            assert after is not None
            assert after.amount - before.amount == before.amount * share / 100
    run.close()


def test_swings_are_what_if_totals_largest_first(run: Run) -> None:
    found = sensitivity(run, "scope3", Fraction(1, 20))
    for swing in found.swings:
        low, high = (run.what_if(scale={swing.factor: by}).figure("scope3") for by in ("0.95", "1.05"))
        assert low is not None
        assert high is not None
        assert (swing.low, swing.high, swing.ends) == (low.amount, high.amount, "±5 %")
    assert [swing.size for swing in found.swings] == sorted((swing.size for swing in found.swings), reverse=True)
    assert sum(swing.elasticity for swing in found.swings) == 1


def test_published_bounds_move_the_gases_that_have_them_and_the_rest_is_said(run: Run) -> None:
    found = sensitivity(run, "scope1", None)
    diesel = next(swing for swing in found.swings if "diesel" in swing.factor)
    low = run.what_if({"ipcc-2006:diesel-stationary-commercial:CO2": "72600 kg/TJ_net"}).figure("scope1")
    assert low is not None
    assert diesel.low == low.amount
    assert diesel.ends == "72600 to 74800 kg/TJ_net"
    assert "ipcc-2006:diesel-stationary-commercial:CH4_combustion" in found.notes[0]
    assert "1.8 % of the figure stands still" in found.notes[0]


def test_a_factor_without_bounds_is_named(run: Run) -> None:
    found = sensitivity(run, "scope2", None)
    assert found.swings == ()
    assert found.notes[0] == "No bounds are published for cn-mee-2022:national: 100 % of the figure stands still."


def test_what_has_no_sensitivity_is_refused(run: Run) -> None:
    with pytest.raises(UnknownNameError, match="scope2"):
        sensitivity(run, "scope22")
    with pytest.raises(GhgError, match="no figure of emissions"):
        sensitivity(run, "water")
    with pytest.raises(GhgError, match="no figure of emissions that this inventory posts to"):
        sensitivity(run, "scope3.15")
    with pytest.raises(GhgError, match="above zero"):
        sensitivity(run, "scope2", Fraction(0))
