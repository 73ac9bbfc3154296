"""What each answer to a question gives: the inventory computed with the line that the message offers for it."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from ghg.documents import read_line
from ghg.inventory import read_inventory, restated
from ghg.issues import QUESTIONS, GhgError, InputError
from ghg.numbers import readable
from ghg.reading.declaration import Reading
from ghg.runs import Asked, run_file

if TYPE_CHECKING:
    from ghg.inventory import InventoryFile

LINE = re.compile(r"^ *(reading: \{.*\}\})(.*)$", re.MULTILINE)
"""A line that answers a question, and what the message says behind it."""
MOST = 8
"""Most answers that are computed."""
LARGEST = 2_000_000
"""Most bytes of a table that is computed once for each answer."""


def with_totals(error: InputError, inventory: str) -> InputError:
    """The same question with what each of its answers gives, and how far apart they are; other problems as they are.

    Args:
        error: what a run refused.
        inventory: path of the inventory.
    """
    lines = LINE.findall(error.issues[0].hint) if [issue.rule in QUESTIONS for issue in error.issues] == [True] else []
    if not 1 <= len(lines) <= MOST or error.issues[0].rule == "number-ambiguous":
        return error
    file = read_inventory(inventory)
    found = [_total(file, line) for line, _ in lines]
    said = iter(found)
    hint = LINE.sub(lambda line: f"{line[0]}{_said(next(said))}", error.issues[0].hint)
    known = [total for total, _ in filter(None, found)]
    apart = ""
    if len(known) > 1 and len(known) == len(found):
        difference = max(known) - min(known)
        apart = (
            f" The readings are {readable(difference)} kg CO2e apart." if difference else " Their totals are the same."
        )
    return InputError([replace(error.issues[0], message=f"{error.issues[0].message}{apart}", hint=hint)])


def _total(file: InventoryFile, line: str) -> tuple[Fraction, int] | None:
    """Kg CO2e of all scopes under an answer, and how many rows it leaves out; none where it leaves a question."""
    stated = read_line(line)["reading"]
    try:
        readings = dict(file.inventory.reading)
        for table, fields in stated.items():
            if file.path(table)[0].stat().st_size > LARGEST:
                return None
            before = readings.get(table, Reading())
            readings[table] = Reading.model_validate(before.model_dump(exclude_unset=True) | fields)
        made = run_file(
            replace(file, inventory=restated(file.inventory, {"reading": readings})), Asked(incomplete=True)
        )
    except (GhgError, OSError, ValueError):
        return None
    try:
        figures = [made.figure(name) for name in ("scope1", "scope2", "scope3")]
        total = sum((value.amount for value in figures if value), Fraction(0)) * 1000
        return total, made.balance.unposted
    finally:
        made.close()


def _said(found: tuple[Fraction, int] | None) -> str:
    """What an answer gives, behind its line."""
    if found is None:
        return ""
    total, left_out = found
    rows = f", {left_out:,} row{'s' * (left_out > 1)} left out" if left_out else ""
    return f"  gives {readable(total)} kg CO2e{rows}"
