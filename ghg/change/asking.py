"""What is asked on the command line or from Python, as the changes of a what-if file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from ghg.change.files import WhatIfFile, onto
from ghg.change.forms import ScaleFactor, SetFactor, SetGwp, Step, SwapFactor, SwapPublication
from ghg.change.question import Question
from ghg.inventory import Inventory
from ghg.issues import GhgError
from ghg.numbers import parse

ASKED = "asked for by the user"
"""The reason of a change that comes from no file."""


def question_of(files: Iterable[WhatIfFile]) -> Question:
    """What files ask, in their order."""
    found = list(files)
    return Question(
        tuple(step for file in found for step in file.what_if.changes),
        tuple(f"{file.what_if.what_if}: {text}" for file in found for text in file.what_if.assumptions),
        tuple(f"{file.what_if.title} ({file.what_if.reference})" for file in found),
    )


def asked_of(
    inventory: Inventory,
    path: str | None = None,
    *,
    values: Mapping[str, str] | None = None,
    scale: Mapping[str, str] | None = None,
    swap: Mapping[str, str] | None = None,
    gwp: str | None = None,
    files: Iterable[str | Path] = (),
) -> Question:
    """A question from its parts: files first, then swaps, values, multipliers and the GWP set.

    Args:
        inventory: what the question is about; tells publications from factors.
        path: the inventory's file, which what-if files have to stack on.
        values: factor id to ``"VALUE UNIT"``.
        scale: factor id to a multiplier.
        swap: factor id to another's, or publication to another.
        gwp: another GWP set.
        files: what-if files.

    Raises:
        GhgError: a change is not text, a multiplier is no number, or a file does not belong to the inventory.
        UnknownNameError: no GWP set has the name.
        InputError: a file is wrong.
    """
    for name, text in [*(swap or {}).items(), *(values or {}).items(), *(scale or {}).items()]:
        if not isinstance(name, str) or not isinstance(text, str):
            raise GhgError(f"a change is written as text, such as '0.45 kg/kWh' or '0.9'; found {name!r}: {text!r}.")
    steps: list[Step] = [_swap(inventory, old, new) for old, new in (swap or {}).items()]
    steps += [SetFactor(factor=name, to=text, why=ASKED) for name, text in (values or {}).items()]
    steps += [ScaleFactor(factor=name, by=_multiplier(name, text), why=ASKED) for name, text in (scale or {}).items()]
    steps += [SetGwp.model_construct(gwp=gwp, why=ASKED)] if gwp is not None else []
    return question_of(onto(path, files)).then(Question(tuple(steps)))


def _swap(inventory: Inventory, old: str, new: str) -> Step:
    """A swap of publications where the inventory can cite the name, else of factors."""
    if old in inventory.citations:
        return SwapPublication(publication=old, to=new, why=ASKED)
    return SwapFactor(factor=old, to=new, why=ASKED)


def _multiplier(name: str, text: str) -> str:
    """The text of a number that is not negative."""
    try:
        number = parse(text)
    except ValueError as error:
        raise GhgError(f"{name} is multiplied by a number: {error}.") from None
    if number < 0:
        raise GhgError(f"{name} is multiplied by {text}: a factor does not change its sign.")
    return text
