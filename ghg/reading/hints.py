"""What a text that is no plain number, day or period seems to say: told in a message, never taken."""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from ghg.numbers import decimal_text, is_finite
from ghg.reading.dates import CLOCK, MONTHS
from ghg.reading.marks import MISSING, is_spreadsheet_error, odd_signs

MINUS = str.maketrans(dict.fromkeys("−–—﹣－‐‑", "-"))
NUMBER = r"\d[\d.,'’ ]*"
CREDITS = re.compile(
    rf"\((?P<a>{NUMBER})\)|(?P<b>{NUMBER}(?<=[\d ]))-|(?P<c>{NUMBER}) ?CR|CR ?(?P<d>{NUMBER})|-(?P<e>{NUMBER})",
    re.IGNORECASE,
)
"""Ways to write a credit: in brackets, with the minus behind, with another minus sign, or with the letters CR."""
INDIAN = re.compile(r"\d{1,2}(,\d{2})+,\d{3}(\.\d*)?", re.ASCII)
FRACTION = re.compile(r"(?:(?P<whole>\d{1,9}) )?(?P<over>\d{1,9})/(?P<under>[1-9]\d{0,8})", re.ASCII)
AMOUNTS = (
    (re.compile(r"\d{4}-\d\d-\d\d|(?:\d+ days?, )?\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?"),
     " It is a day or a time: a spreadsheet may have turned the amount into one, so write it anew as a number."),
    (re.compile(r"=.+"), " A formula is not calculated here: write its value."),
    (re.compile(r"'.+"), " Remove the apostrophe before it."),
    (re.compile(r"[^%‰]*[%‰]"), " A share is no amount: write the amount that it is a share of, times the share."),
    (re.compile(r"(?:[<>≤≥~≈±]|ca\.|circa|about|approx).*|.*[±].*|[\d.,]+ ?(?:-|–|to|bis) ?[\d.,]+", re.IGNORECASE),
     " It states a bound, a range or an estimate: decide on one amount, and say so in the column 'provenance'."),
    (re.compile(r".*(?:\d ?[x×*] ?10|\d[dD][+-]?\d).*"), " Write a power of ten as in 1.5e3, or write it out."),
    (re.compile(r"[^\W\d]*[$£€¥₹]? ?\d[\d.,' ]*(?:[^\W\d]|[$£€¥₹/])[^\d]*\d?|(?:[$£€¥₹]|[A-Z]{2,3}[$]? ?)+\d[\d.,' ]*"),
     " Write the number alone; its unit or currency goes into the column 'unit'."),
    (re.compile(r".*\d\W*(?:[*†‡#]|\[\w+\]|\(.*\))"), " Remove the mark behind it; what it says goes into 'note'."),
)  # fmt: skip
"""What an amount looks like, and what to do."""
LONGEST = 60
"""Most characters of a text that is looked at."""


def of_amount(text: str) -> str:
    """What the text of an amount seems to say, as a sentence to follow another; blank where nothing can be said.

    >>> of_amount("(75.5)")
    " In accounts that is -75.5: write it so, with 'correction' in the column 'entry'."
    >>> of_amount("3/4")
    ' As a decimal number it is 0.75.'
    """
    said = odd_signs(text)
    if len(text) > LONGEST:
        return said
    credit = CREDITS.fullmatch(text.translate(MINUS))
    if credit:
        number = next(part for part in credit.groups() if part).strip()
        return f"{said} In accounts that is -{number}: write it so, with 'correction' in the column 'entry'."
    if INDIAN.fullmatch(text):
        return f"{said} Grouped as in India it is {text.replace(',', '')}: write it without commas."
    fraction = FRACTION.fullmatch(text)
    if fraction:
        value = int(fraction["whole"] or 0) + Fraction(int(fraction["over"]), int(fraction["under"]))
        return f"{said} As a decimal number it is {decimal_text(value)}{'' if is_finite(value) else ', rounded'}."
    return said + next((advice for pattern, advice in AMOUNTS if pattern.fullmatch(text)), "")


EARLIEST, LATEST = 1990, 2100
"""Years within which seconds since 1970 are taken for a day."""
DAY = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})", re.ASCII)
TWO_DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})\W+(?:to|bis|until|and|-)?\W*(\d{4}-\d{2}-\d{2})", re.ASCII)


def of_date(text: str) -> str:
    """What the text of a date seems to say, as a sentence to follow another; blank where nothing can be said.

    >>> of_date("2025-02-29"), of_date("2025-W03-3")
    (' February 2025 has 28 days.', ' As a day of an ISO week it is 2025-01-15.')
    """
    if len(text) > LONGEST:
        return ""
    if text.lower() in MISSING:
        return " It stands for a missing date."
    if is_spreadsheet_error(text):
        return " It is the error of a spreadsheet formula."
    if TWO_DAYS.fullmatch(text):
        return " It states two days: write the first in 'start' and the last in 'end'."
    said = odd_signs(text)
    if said:
        return said
    return _other_calendar(text) or _impossible(text)


def _other_calendar(text: str) -> str:
    """The day of a week date, a day of the year, or seconds since 1970."""
    try:
        if re.fullmatch(r"\d{4}-?W\d{2}-?\d", text, re.ASCII):
            return f" As a day of an ISO week it is {date.fromisoformat(text)}."
        if re.fullmatch(r"\d{4}-?\d{3}", text, re.ASCII):
            day = date(int(text[:4]), 1, 1) + timedelta(days=int(text[-3:]) - 1)
            return f" As a day of the year it is {day}." if day.year == int(text[:4]) else ""
        if re.fullmatch(r"\d{10}(\d{3})?", text, re.ASCII):
            day = datetime.fromtimestamp(int(text[:10]), UTC).date()
            return f" As seconds since 1970 it is {day}." if EARLIEST <= day.year <= LATEST else ""
    except (ValueError, OverflowError):
        pass
    return ""


def _impossible(text: str) -> str:
    """Why a text in the form of a date is none, or is not read."""
    found = DAY.match(text)
    if found:
        year, month, day = (int(part) for part in found.groups())
        if not 1 <= month <= len(MONTHS_OF_A_YEAR):
            return f" There is no month {month}."
        if year and not 1 <= day <= monthrange(year, month)[1]:
            return f" {month_name[month]} {year} has {monthrange(year, month)[1]} days."
        clock = CLOCK.fullmatch(text)
        if clock and clock["day"] != text:
            return " Of a table that is scanned in place, or of a frame, write the day alone."
        return " What follows the day is no time of day." if found.end() < len(text) else ""
    return " Names of months are read in English." if re.search(r"[^\W\d_]{3,}", text) else ""


MONTHS_OF_A_YEAR = range(1, 13)
SPANS = (
    (re.compile(r"(?:Q(?P<n>[1-4])|(?P<m>[1-4])Q)[ /-]?(?P<year>\d{4}|\d{2})", re.IGNORECASE | re.ASCII), 3),
    (re.compile(r"(?P<year>\d{4})[ /-]?Q(?P<n>[1-4])", re.IGNORECASE | re.ASCII), 3),
    (re.compile(r"[HS](?P<n>[12])[ /-]?(?P<year>\d{4}|\d{2})", re.IGNORECASE | re.ASCII), 6),
    (re.compile(r"(?P<year>\d{4})[ /-]?[HS](?P<n>[12])", re.IGNORECASE | re.ASCII), 6),
    (re.compile(r"(?P<year>\d{4})[-/.](?P<n>\d{1,2})", re.ASCII), 1),
    (re.compile(r"(?P<n>\d{1,2})[-/.](?P<year>\d{4})", re.ASCII), 1),
    (re.compile(r"(?P<year>\d{4})年(?P<n>\d{1,2})月", re.ASCII), 1),
    (re.compile(r"(?P<name>[a-z]{3,9})\.?[ /-]?'?(?P<year>\d{4}|\d{2})", re.IGNORECASE | re.ASCII), 1),
    (re.compile(r"(?P<year>\d{4})[ -](?P<name>[a-z]{3,9})", re.IGNORECASE | re.ASCII), 1),
    (re.compile(r"(?:CY[ -]?)?(?P<year>\d{4})年?", re.IGNORECASE | re.ASCII), 12),
)
"""Forms of a period of the calendar, and how many months it has."""
WEEK = re.compile(
    r"(?P<year>\d{4})[ /-]?W(?P<n>\d{1,2})|(?:week|KW|W)[ -]?(?P<m>\d{1,2})[ /-](?P<y>\d{4})", re.IGNORECASE | re.ASCII
)


def of_period(text: str) -> tuple[date, date] | None:
    """First and last day of a period of the calendar; nothing for one that the calendar does not fix.

    >>> [str(day) for day in of_period("Q2 2025")], of_period("FY25")
    (['2025-04-01', '2025-06-30'], None)
    """
    week = WEEK.fullmatch(text)
    if week:
        try:
            first = date.fromisocalendar(int(week["year"] or week["y"]), int(week["n"] or week["m"]), 1)
        except ValueError:
            return None
        return first, first + timedelta(days=6)
    for pattern, months in SPANS:
        found = pattern.fullmatch(text)
        if found:
            parts = found.groupdict()
            number = MONTHS.get(parts["name"].lower(), 0) if "name" in parts else int(_nth(parts))
            year = int(parts["year"]) + (2000 if len(parts["year"]) == len("25") else 0)
            return _span(year, number, months)
    return None


def _nth(parts: dict[str, str | None]) -> str:
    return parts.get("n") or parts.get("m") or "1"


def _span(year: int, number: int, months: int) -> tuple[date, date] | None:
    """The n-th span of so many months in a year."""
    last = number * months
    if not (number >= 1 and last in MONTHS_OF_A_YEAR and date.min.year <= year <= date.max.year):
        return None
    return date(year, last - months + 1, 1), date(year, last, monthrange(year, last)[1])
