"""Faults planted in the engine itself, each caught by a public law."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from ghg import activity, ledger
from ghg.testing import LAWS, OWN, Outcome
from tests.trials.faults import FAULTS as LISTED
from tests.trials.planted import CORE, applies, mutations

LAW = {law.name: law for law in LAWS}
potential, coefficient, load_rows = ledger.Valuation.potential, ledger.Valuation.coefficient, activity.load_rows
FAULTS: dict[str, tuple[object, str, Callable[..., object], str]] = {
    "the GWP is applied twice": (
        ledger.Valuation, "potential", lambda self, *given: potential(self, *given) ** 2, "gwp once",
    ),
    "a factor is rounded before it is used": (
        ledger.Valuation,
        "coefficient",
        lambda self, *given: Fraction(round(coefficient(self, *given), 1)),
        "factor linearity",
    ),
    "the last of many rows is dropped": (
        activity, "load_rows", lambda engine, rows: load_rows(engine, rows[:2]), "additivity",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_engine_breaks_a_law(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, name, broken, law = FAULTS[fault]
    monkeypatch.setattr(owner, name, broken)
    assert LAW[law].judge(OWN, examples=5, smallest=False).outcome is Outcome.BROKEN


def test_the_faults_of_the_trial_apply_and_name_laws() -> None:
    assert sum(applies(fault) for fault in LISTED) >= 60
    assert len({fault.what for fault in LISTED}) == len(LISTED)
    assert {law for fault in LISTED for law in fault.laws} <= set(LAW)


@pytest.mark.parametrize("file", CORE)
def test_a_generated_fault_changes_one_place(file: str) -> None:
    assert all(fault.old != fault.new and applies(fault) for fault in mutations(file))
