"""Dates in other forms than year-month-day: taken when a whole column leaves one reading, asked when it leaves two."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from ghg.reading.declaration import DATE_PART, DATE_PARTS, EXCEL

LONGEST = 60
"""Most characters of a text that is looked at for a time of day."""
ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
CLOCK = re.compile(
    r"""
    (?P<day>.*?\d{2}|.*\d年\d+月\d+日)
    (?:
        (?:T|\ +|,\ )(?:[01]?\d|2[0-3]):[0-5]\d(?::(?:[0-5]\d|60)(?:[.,]\d{1,9})?)?(?:\ ?[AP]M)?
        (?:\ ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?
        | Z | [+-]\d{2}:\d{2}
    )?
    """,
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)
"""A day, perhaps with a clock time: the day is the one written, whatever the offset."""
MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
MONTHS = {name: number for number, full in enumerate(MONTH_NAMES, start=1) for name in (full, full[:3])} | {"sept": 9}
"""English month names, full and short, in lower case."""
FORMS = (
    "YYYY/MM/DD", "YYYY.MM.DD", "YYYY-MM-DD", "YYYYMMDD", "YYYY年MM月DD日", "DD MON YYYY", "DD-MON-YYYY",
    "DDMONYYYY", "YYYY-MON-DD",
    "MON DD, YYYY", "MON DD YYYY", "DD/MM/YYYY", "MM/DD/YYYY", "DD.MM.YYYY", "MM.DD.YYYY", "DD-MM-YYYY", "MM-DD-YYYY",
    "DD/MM/YY", "MM/DD/YY", "YY/MM/DD", "DD.MM.YY", "MM.DD.YY", "YY.MM.DD", "DD-MM-YY", "MM-DD-YY", "YY-MM-DD",
    "DD-MON-YY", "DD MON YY", "YY-MON-DD",
)  # fmt: skip
"""Forms that are tried where none is declared."""
SERIAL = re.compile(r"\d{5}(\.\d+)?", re.ASCII)
"""What looks like a spreadsheet's serial number of a day between 1927 and 2173."""
PERIODS = re.compile(
    r"""
    (?:Q[1-4]|[1-4]Q|[HS][12])[\ /-]?(?:\d{2}){1,2}               # Q1 2025, H2-25
    | \d{4}[\ /-]?(?:Q[1-4]|[HS][12]|W\d{1,2})            # 2025-Q1, 2025-W05
    | (?:FY|CY)[\ -]?(?:\d{2}){1,2}(?:[/-]\d{2,4})?       # FY25, FY2024/25
    | \d{4} | \d{4}[-/.]\d{1,2} | \d{1,2}[-/.]\d{4}     # 2025, 2025-01, 01/2025
    | (?P<month>[A-Za-z]{3,9})\.?[\ /-]?'?(?:\d{2}){1,2}  # Jan 2025, Jan-25
    | \d{4}[\ -](?P<m>[A-Za-z]{3,9})                      # 2025 January
    | (?:week|W|KW)[\ -]?\d{1,2}[\ /-]\d{4}                # week 5 2025
    | \d{4}年(?:\d{1,2}月)?
    """,
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)
"""What names a period and no day."""
EXCEL_EPOCH = {"excel-1900": date(1899, 12, 30), "excel-1904": date(1904, 1, 1)}
"""The day that serial number zero stands for; the 1900 system counts a 29 February 1900 that never was."""
FIRST_SERIAL = 61
"""Serials of the 1900 system before 1 March 1900 are one day off."""


@dataclass(slots=True)
class Days:
    """What the dates of a file's columns stand for.

    Attributes:
        days: text to the day as year-month-day, for texts in another form.
        form: the form they are in; blank when all are year-month-day.
        readings: each form that fits all texts, where several give different days.
        mixed: one text of each of two forms, where no form fits all.
        serials: texts that are serial numbers.
        periods: texts that name a period.
        wrong: texts that do not fit the declared form.
    """

    days: dict[str, str] = field(default_factory=dict)
    form: str = ""
    readings: dict[str, dict[str, str]] = field(default_factory=dict)
    mixed: tuple[tuple[str, str], ...] = ()
    serials: set[str] = field(default_factory=set)
    periods: set[str] = field(default_factory=set)
    wrong: set[str] = field(default_factory=set)


def read_days(texts: Iterable[str], declared: str | None) -> Days:
    """The days that distinct texts stand for; blanks and plain dates need nothing.

    Texts that are no date in any form are left to the check of dates.
    """
    made = Days(form=declared or "")
    others = sorted(text for text in set(texts) if text and not ISO.fullmatch(text))
    for text in others:
        plain = _day_part(text)
        if ISO.fullmatch(plain):
            made.days[text] = plain
        elif declared:
            day = in_form(text if declared in EXCEL else plain, declared)
            made.days.update({text: day} if day else {})
            made.wrong |= set() if day else {text}
        elif SERIAL.fullmatch(text):
            made.serials.add(text)
        elif PERIODS.fullmatch(text) and _is_period(text):
            made.periods.add(text)
    if not declared:
        left = [text for text in others if text not in made.days and text not in made.serials | made.periods]
        _decide(made, left)
    return made


def _day_part(text: str) -> str:
    """A text without its clock time."""
    found = CLOCK.fullmatch(text) if len(text) <= LONGEST else None
    return found["day"] if found else text


def _is_period(text: str) -> bool:
    """Whether a text that looks like a month and a year names a month."""
    found = PERIODS.fullmatch(text)
    name = found and (found["month"] or found["m"])
    return not name or name.lower() in MONTHS or name.upper() in ("FY", "CY", "KW", "W", "WEEK")


def _decide(made: Days, texts: Iterable[str]) -> None:
    """Find the form of the texts that have one: one that fits all, or the question which."""
    tried = {text: {form: in_form(_day_part(text), form) for form in FORMS} for text in texts}
    fits = {text: found for text, days in tried.items() if (found := {form: day for form, day in days.items() if day})}
    if not fits:
        return
    common = [form for form in FORMS if all(form in found for found in fits.values())]
    by_days: dict[tuple[str, ...], str] = {}
    for form in common:
        by_days.setdefault(tuple(found[form] for found in fits.values()), form)
    if not common:
        _mix(made, fits)
    elif len(by_days) == 1:
        made.form = common[0]
        made.days |= {text: found[common[0]] for text, found in fits.items()}
    else:
        made.readings = {form: dict(zip(fits, days, strict=True)) for days, form in by_days.items()}


def _mix(made: Days, fits: Mapping[str, Mapping[str, str]]) -> None:
    """Texts of several forms: sound where each text has one reading, else one text of each of two forms."""
    if all(len(set(found.values())) == 1 for found in fits.values()) and not _orders_differ(fits):
        made.form = "several forms"
        made.days |= {text: next(iter(found.values())) for text, found in fits.items()}
        return
    first = next(iter(fits))
    other = next((text for text in fits if not set(fits[text]) & set(fits[first])), None)
    if other is None:
        first, other = next(
            ((a, b) for a in fits for b in fits if not set(fits[a]) & set(fits[b])), (first, list(fits)[-1])
        )
    made.mixed = tuple((text, next(iter(fits[text]))) for text in (first, other))


def _orders_differ(fits: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether some texts put the day first and others the month, in digits: a sign that one of them is wrong."""
    orders = set()
    for found in fits.values():
        form = next(iter(found))
        if "MON" not in form and not form.startswith("YYYY"):
            orders.add(form.replace(".", "/").replace("-", "/"))
    return len(orders) > 1


def in_form(text: str, form: str) -> str | None:
    """The day that a text states in a form, as year-month-day.

    >>> in_form("1/2/2025", "DD/MM/YYYY"), in_form("13/02/2025", "MM/DD/YYYY"), in_form("45672", "excel-1900")
    ('2025-02-01', None, '2025-01-15')
    """
    if form in EXCEL:
        return of_serial(text, form)
    found = _form(form).fullmatch(text)
    if found is None:
        return None
    parts = found.groupdict()
    month = MONTHS.get(parts["month"].rstrip(".").lower(), 0) if "MON" in form else int(parts["month"])
    year = int(parts["year"]) + (2000 if len(parts["year"]) == 2 else 0)  # noqa: PLR2004 - two digits of a year
    try:
        return date(year, month, int(parts["day"])).isoformat()
    except ValueError:
        return None


def of_serial(text: str, system: str) -> str | None:
    """The day of a spreadsheet's serial number, the time of day left off."""
    if not re.fullmatch(r"\d{1,6}(\.\d+)?", text, re.ASCII):
        return None
    days = int(text.partition(".")[0])
    return None if days < FIRST_SERIAL else (EXCEL_EPOCH[system] + timedelta(days=days)).isoformat()


@cache
def _form(form: str) -> re.Pattern[str]:
    pattern, end = "", 0
    for part in DATE_PART.finditer(form):
        digits = DATE_PARTS[part[0]]
        glued = form.startswith("YYYYMMDD") and part[0] in ("MM", "DD")
        pattern += re.escape(form[end : part.start()]) + (digits.replace("{1,2}", "{2}") if glued else digits)
        end = part.end()
    return re.compile(pattern + re.escape(form[end:]), re.ASCII | re.IGNORECASE)
