"""Faults to plant in a copy of the engine, read from ``faults.yaml``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ghg.documents import read_document


class Fault(BaseModel):
    """One fault.

    Attributes:
        what: in words.
        file: path in the project.
        old: text that stands there once.
        new: text put in its place.
        pipeline: ``own``, ``library`` or ``shares``: where to look first.
        laws: laws to try first; all others follow.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    what: Annotated[str, Field(min_length=1)]
    file: str
    old: Annotated[str, Field(min_length=1)]
    new: str
    pipeline: Literal["own", "library", "shares"] = "library"
    laws: tuple[str, ...] = ()


class _Faults(BaseModel):
    model_config = ConfigDict(extra="forbid")
    faults: tuple[Fault, ...]


PATH = Path(__file__).with_name("faults.yaml")
FAULTS = read_document(PATH, PATH.name).validate(_Faults).faults
"""Chosen by hand: what has gone wrong in inventories and calculators, and what easily goes wrong in this engine."""
