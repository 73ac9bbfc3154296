"""The columns of an activity table, as data: one list for CSV files, frames, checks, templates and docs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ghg.numbers import DECIMAL

FREE = "note"
"""The column that holds any text, of several lines too."""
SCORE = "data_quality_score"
"""The column of a row's data quality score."""
DAY = r"\d{4}-\d{2}-\d{2}"
"""How a date is written."""
EARLIEST, LATEST = "1900-01-01", "2199-12-31"
"""What the days of an inventory lie between; a year before or after is a slip."""


NONE = "none"
"""What a blank site, item or method stands for: key columns are never null."""


class Provenance(StrEnum):
    """Where an amount comes from."""

    MEASURED = "measured"
    """Metered, weighed or invoiced."""
    REPORTED = "reported"
    """Printed as activity data in a report."""
    ESTIMATED = "estimated"
    """Derived from other data by a stated rule."""
    EXTRAPOLATED = "extrapolated"
    """Scaled up from a part of the period, the sites or the people; the note says by what."""
    PROXY = "proxy"
    """Data of another place, period or activity that stands in."""
    BACK_CALCULATED = "back-calculated"
    """Derived from the emissions it is used to compute: it proves nothing about them."""


class Entry(StrEnum):
    """What kind of entry a row is."""

    ACTIVITY = "activity"
    CORRECTION = "correction"
    """Reverses or corrects another row; may be negative."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an activity table.

    Attributes:
        name: spelled the same everywhere.
        meaning: what it holds.
        required: whether the table must have it and a cell must be filled.
        allowed: the closed list of its words, where it has one.
        pattern: the regular expression a filled cell must match in full, where it has one.
        default: the word a blank cell of an optional column stands for.
    """

    name: str
    meaning: str
    required: bool = True
    allowed: tuple[str, ...] = ()
    pattern: str = ""
    default: str = ""


ACTIVITY = (
    Column("id", "names the row; unique in the inventory"),
    Column("entity", "the company or unit of the organisation"),
    Column("site", "the place within the entity", required=False, default=NONE),
    Column("activity", "a word of the chart of accounts (factors/accounts.csv)"),
    Column(
        "item",
        "the word of the factor vocabulary, gas or blend the row is about, where its account leaves it open",
        required=False,
        default=NONE,
    ),
    Column("region", "where the activity took place (factors/regions.csv)"),
    Column("start", "first day, as year-month-day", pattern=DAY),
    Column("end", "last day, as year-month-day", pattern=DAY),
    Column("amount", "plain decimal number", pattern=DECIMAL.pattern),
    Column("unit", "a spelling of the closed list (factors/units.csv)"),
    Column(
        "method",
        "the calculation method ('ghg methods'), where the unit alone does not decide",
        required=False,
        default=NONE,
    ),
    Column(
        "entry",
        "'activity', or 'correction' for a row that may be negative",
        required=False,
        allowed=tuple(Entry),
        default="activity",
    ),
    Column("provenance", "where the amount comes from", allowed=tuple(Provenance)),
    Column("derived_from", "published figures the amount was quoted or back-calculated from", required=False),
    Column(
        "measurement",
        "the meter, invoice or survey the amount was read from; rows that share one share its error",
        required=False,
    ),
    Column("uncertainty", "how far off the amount may be, such as '5 % normal'", required=False),
    Column(
        SCORE,
        "data quality score, 1 (best) to 5; counts where the inventory lists it in 'dimensions'",
        required=False,
        allowed=("none", "1", "2", "3", "4", "5"),
        default="none",
    ),
    Column(FREE, "anything a reader should know", required=False),
)
"""The columns of an activity table, in the order a template prints them."""

REQUIRED = tuple(column.name for column in ACTIVITY if column.required)
OPTIONAL = tuple(column.name for column in ACTIVITY if not column.required)
NAMES = tuple(column.name for column in ACTIVITY)
NUMBERS = tuple(column.name for column in ACTIVITY if column.pattern == DECIMAL.pattern)
"""Columns whose cells are numbers."""
DATES = tuple(column.name for column in ACTIVITY if column.pattern == DAY)
"""Columns whose cells are dates."""
DIMENSIONS = ("entity", "site", "region", SCORE)
"""Columns an inventory may keep as dimensions of its balance, beside those every balance has."""


def day(found: object) -> object:
    """A date or the text of one, unchanged, for a model that reads it.

    Raises:
        ValueError: it is written otherwise; a model alone would take a bare number as seconds since 1970.
    """
    if not re.fullmatch(DAY, str(found), re.ASCII):
        raise ValueError("a date is written as year-month-day, such as 2024-12-31")
    return found


def after(last: date | None) -> date | None:
    """The day after a last day; none where none is stated or can follow: 9999-12-31 says that there is no end."""
    return last + timedelta(days=1) if last and last < date.max else None


TOTAL = (
    r"((grand|sub|sous|site|net|overall)[ _-]?)?total(s|e|es|t)?:?"
    r"( \(?(\d{4}|(of|for|all) .*|consumption|usage|emissions|electricity|energy|gas|fuels?|water|waste|[kmgt]?wh|"
    r"litres|tonnes|g[eéÉ]n[eéÉ]ral|generale|geral)\)?)?"
    r"|totaal|toplam|sum|summ[ae]|zwischensumme|gesamt(summe)?( \d{4})?|somme|suma|soma"
    "|[Ии][Тт][Оо][Гг][Оо]( .*)?|[Вв][Сс][Ее][Гг][Оо]( .*)?|[Σσς∑]|[Σσ]ύνολο|ΣΥΝΟΛΟ"
    "|合[计計]|小[计計]|总[计和]|總計|共计|累计|합계|총계|소계|المجموع|الإجمالي"
)
"""Names of rows that sum up others, as spreadsheets leave them below the data."""
TOTAL_STARTS = "gGsSſnNoOtTzZИиВвΣσς∑合小总總共累합총소ا"
"""What such a name starts with, whatever its case."""


def is_total(name: str) -> bool:
    """Whether a name says that a row sums up others; the engine decides alike for every row."""
    return bool(re.fullmatch(TOTAL, name, re.IGNORECASE | re.ASCII))
