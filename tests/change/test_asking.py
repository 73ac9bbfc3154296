from __future__ import annotations

import pytest

from ghg.change.asking import asked_of
from ghg.change.forms import ScaleFactor, SetFactor, SetGwp, SwapFactor, SwapPublication
from ghg.issues import GhgError
from ghg.testing import inventory


def test_parts_become_changes_in_the_stated_order() -> None:
    swap = {"cn-mee-2022": "cn-mee-2023", "cn-mee-2022:national": "cn-mee-2021:national"}
    asked = asked_of(inventory(), values={"x": "1 kg/kWh"}, scale={"y": "1/3"}, swap=swap, gwp="AR6")
    assert [type(step) for step in asked.steps] == [SwapPublication, SwapFactor, SetFactor, ScaleFactor, SetGwp]


@pytest.mark.parametrize("text", ["half", "-1", "1/0", ""])
def test_a_multiplier_is_a_number_that_is_not_negative(text: str) -> None:
    with pytest.raises(GhgError, match="x is multiplied by"):
        asked_of(inventory(), scale={"x": text})
