"""A few inputs for each parser; ``tests/fuzz.py`` looks for more, guided by coverage."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import fuzz

SIGNS = st.text("0123456789.,'- /:eE+()%\n\tTZkWhQFYnaif½−１", max_size=30)


@pytest.mark.parametrize("target", fuzz.TARGETS)
@pytest.mark.filterwarnings("ignore")
def test_whatever_the_bytes_a_problem_is_raised_or_something_is_read(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fuzz, "FOLDER", tmp_path)
    seed = fuzz.SEEDS[target][0]

    @settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.one_of(SIGNS.map(str.encode), st.binary(max_size=60)), st.integers(0, len(seed)), st.integers(0, 20))
    def fuzzed(content: bytes, at: int, out: int) -> None:
        fuzz.TARGETS[target](seed[:at] + content + seed[at + out :])

    fuzzed()
