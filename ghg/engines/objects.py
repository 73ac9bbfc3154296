"""Columns of Python objects in a pandas frame, as text: an engine would guess one type for all from some of them."""

from __future__ import annotations

import datetime as dt
import numbers
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ghg.issues import InputError, Issue

TEXT = ("string", "empty")
"""What pandas calls a column that holds text alone, or nothing."""


def plain(frame: Any) -> Any:
    """A pandas frame whose columns each hold one type: what holds several, or numbers as objects, is text.

    Raises:
        InputError: two columns share a name, but for capitals; or a cell is neither text, number nor day.
    """
    _refuse_repeated([str(name) for name in frame.columns])
    import pandas as pd

    changed = {
        name: [_text(str(name), number, value) for number, value in enumerate(frame[name], start=1)]
        for name in frame.columns
        if frame[name].dtype == object and pd.api.types.infer_dtype(frame[name], skipna=True) not in TEXT
    }
    return frame.assign(**{name: pd.Series(cells, frame.index, dtype=object) for name, cells in changed.items()})


def _refuse_repeated(names: Sequence[str]) -> None:
    """Refuse names that an engine would take for one, and tell apart by a number behind them.

    Raises:
        InputError: there are such.
    """
    twice = [name for name, count in Counter(map(str.casefold, names)).items() if count > 1]
    if twice:
        found = [name for name in names if name.casefold() == twice[0]]
        message = f"the frame has the column {twice[0]!r} more than once: {', '.join(map(repr, found))}."
        raise InputError([Issue("column-duplicate", message, "Keep one, or rename the others.", column=twice[0])])


def _text(column: str, number: int, value: object) -> str | None:
    """A cell as text, none where it is missing.

    Raises:
        InputError: it is neither text, number nor day.
    """
    import pandas as pd

    if isinstance(value, str):
        return value
    if value is None or value is pd.NA or value is pd.NaT or value != value:  # noqa: PLR0124 - what is no number
        return None
    if isinstance(value, dt.datetime) and value.tzinfo is None:
        return value.date().isoformat()
    if isinstance(value, numbers.Real | Decimal | dt.date) and not isinstance(value, dt.datetime):
        return str(value)
    message = f"{str(value)[:40]!r} is a {type(value).__name__}."
    hint = "Write days as dates without a time zone, numbers as numbers, and everything else as text."
    raise InputError([Issue("column-type", message, hint, line=number, column=column)])
