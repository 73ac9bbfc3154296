"""The tables that ship with the package."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from ghg import bundle
from ghg.issues import InputError
from ghg.reading.shipped import shipped
from ghg.regions import Region, regions


class Pair(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    size: int


def test_every_row_is_a_model() -> None:
    assert shipped("regions.csv", Region) == list(regions().values())


def test_a_table_that_does_not_fit_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "folder", lambda name: tmp_path / name)
    (tmp_path / "factors").mkdir()
    (tmp_path / "factors" / "pairs.csv").write_text("name,size\na,1\nb,x\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"factors/pairs\.csv:3: size"):
        shipped("pairs.csv", Pair)
