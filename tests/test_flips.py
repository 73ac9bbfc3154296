"""A byte flipped anywhere in the evidence or in an input is named; ten thousand are tried by hand."""

from __future__ import annotations

import random
from pathlib import Path

from tests.trials.flips import missed, prepared


def test_a_flipped_byte_is_named_by_the_whole_of_the_verification(tmp_path: Path) -> None:
    paths = prepared(tmp_path)
    chance = random.Random(27)  # noqa: S311 - a seed that replays
    assert [missed(tmp_path, path, chance) for path in paths] == [""] * len(paths)
