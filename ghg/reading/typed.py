"""Numbers and dates of a table brought to their plain form, as declared or as a whole column shows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ghg.issues import InputError, Issue
from ghg.reading.cells import Exact, seen
from ghg.reading.dates import Days, of_serial, read_days
from ghg.reading.declaration import Manner
from ghg.reading.hints import of_date, of_period
from ghg.reading.marks import MISSING, plain
from ghg.reading.table import Table

GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}", re.ASCII)
"""A plain number that would be another one were its point a thousands mark."""


def type_columns(table: Table, manner: Manner) -> None:
    """Bring the columns of numbers and dates to plain form; rows that do not fit what is declared are left out.

    Raises:
        InputError: the dates of the file can be read in two ways, or stand in two ways.
    """
    out = []
    if manner.reading.has_marks:
        for column in manner.numbers:
            out += _numbers(table, column, manner)
    elif manner.key:
        for column in manner.numbers:
            _note_grouping(table, column, manner)
    dates = [column for column in manner.dates if column in table.columns]
    days = read_days((cell for column in dates for cell in table.columns[column]), manner.reading.dates)
    if days.mixed:
        raise InputError([_mixed(table, dates, days)])
    for column in dates:
        out += _dates(table, column, days, manner)
    table.leave_out(out)


def _note_grouping(table: Table, column: str, manner: Manner) -> None:
    """Note a column whose points may all be thousands marks: three digits follow each, and none stands alone."""
    cells = [cell for cell in dict.fromkeys(table.columns.get(column, ())) if "." in cell and type(cell) is not Exact]
    if not cells or not all(GROUPED.fullmatch(cell) for cell in cells):
        return
    first = cells[0]
    message = f"every point of the column has three digits behind it: {first!r} is read as {first}, and would be "
    message += f"{first.replace('.', '')} were the point a thousands mark."
    lines = (manner.line(decimal="."), manner.line(decimal=",", thousands="."))
    hint = f"Add to the inventory the line that is right:\n    {lines[0]}  reads it as {first}\n    {lines[1]}"
    hint += f"  reads it as {first.replace('.', '')}"
    table.note("number-grouping", message, hint, table.lines[table.columns[column].index(first)], column)


def _numbers(table: Table, column: str, manner: Manner) -> list[tuple[int, Issue]]:
    """Declared marks taken off; cells that do not fit them, by position."""
    out, cells = [], table.columns.get(column, [])
    known = {text: plain(text, manner.reading) for text in set(cells) if type(text) is not Exact}
    for position, cell in enumerate(cells):
        if type(cell) is Exact or not cell or cell.lower() in MISSING:
            continue
        number = known[cell]
        if number is None:
            reading = manner.reading
            marks = f"decimal mark {reading.decimal or '.'!r}, thousands mark {reading.thousands or 'none'!r}"
            message = f"{seen(cell)} is not a number with the marks declared for the file: {marks}."
            hint = "Correct the cell, or the file's 'reading' in the inventory."
            out.append(
                (position, Issue("number-invalid", message, hint, table.file, table.lines[position], column, cell))
            )
        else:
            cells[position] = number
    return out


def _dates(table: Table, column: str, days: Days, manner: Manner) -> list[tuple[int, Issue]]:
    """Dates as year-month-day; cells that are none, by position."""
    cells = table.columns[column]

    def issue(rule: str, position: int, message: str, hint: str) -> tuple[int, Issue]:
        cell, line = cells[position], table.lines[position]
        return position, Issue(rule, message, hint, table.file, line, column, cell)

    if days.readings:
        raise InputError([_question(table, column, days, manner)])
    out, changed = [], []
    for position, cell in enumerate(cells):
        if cell in days.days:
            cells[position] = days.days[cell]
            changed.append(position)
        elif cell in days.serials:
            out.append(issue("date-is-serial", position, *_serial(cell, manner)))
        elif cell in days.periods:
            first, last = of_period(cell) or ("", "")
            such = f": {first} and {last}" if first else ", such as 2025-01-01 and 2025-03-31"
            hint = f"Write its first day in 'start' and its last day in 'end'{such}."
            out.append(issue("date-is-period", position, f"{seen(cell)} names a period and no day.", hint))
        elif cell in days.wrong:
            message = f"{seen(cell)} is not a date in the form {days.form} declared for the file.{of_date(cell)}"
            out.append(issue("date-invalid", position, message, "Correct the cell, or the file's 'reading'."))
    if changed and not manner.reading.dates:
        form = days.form or "a day with a time of day"
        message = f"{len(changed):,} dates are written as {form}; no other reading fits all of them."
        is_one = bool(days.form) and days.form != "several forms"
        hint = f"To declare it: {manner.line(dates=form)}" if is_one else "They were read by the day they name."
        table.note("date-detected", message, hint, table.lines[changed[0]], column)
    return out


def _serial(cell: str, manner: Manner) -> tuple[str, str]:
    """What a serial number may stand for."""
    either = [(system, of_serial(cell, system)) for system in ("excel-1900", "excel-1904")]
    message = f"{seen(cell)} looks like a spreadsheet's serial number of a day: " + " or ".join(
        f"{day} in the {system[-4:]} system" for system, day in either
    )
    lines = "".join(f"\n    {manner.line(dates=system)}" for system, _ in either)
    return f"{message}.", f"Write the date as year-month-day, or declare the system in the inventory:{lines}"


def _mixed(table: Table, columns: Sequence[str], days: Days) -> Issue:
    """Dates in two forms, each with the first line it stands on, in whichever column."""
    first: dict[str, tuple[int, str]] = {}
    for column in columns:
        for line, cell in zip(table.lines, table.columns[column], strict=True):
            first[cell] = min(first.get(cell, (line, column)), (line, column))
    places = " and ".join(f"{text!r} (line {first[text][0]}, {form})" for text, form in days.mixed)
    message = f"dates are written in two forms, {places}: one of them may be the wrong way round."
    hint = "Write every date as year-month-day; or split the file by form and declare each."
    (line, column), text = min((first[text], text) for text, _ in days.mixed)
    return Issue("date-mixed", message, hint, table.file, line, column, text)


def _question(table: Table, column: str, days: Days, manner: Manner) -> Issue:
    """The question which form the dates are in."""
    wanted = set(next(iter(days.readings.values())))
    cells = table.columns[column]
    position = next((n for n, cell in enumerate(cells) if cell in wanted), 0)
    cell, line = (cells[position], table.lines[position]) if cells else ("", None)
    told = [(form, of) for form, of in days.readings.items() if cell in of]
    differ = [(form, of[cell]) for form, of in told]
    message = f"{cell!r} is " + " or ".join(f"{day} as {form}" for form, day in differ) + "."
    lines = "".join(f"\n    {manner.line(dates=form)}" for form, _ in differ)
    hint = f"Nothing in the file decides. Add to the inventory the line that is right:{lines}"
    return Issue("date-ambiguous", message, hint, table.file, line, column, cell)
