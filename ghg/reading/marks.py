"""Numbers written with marks: every reading a text may have, and the plain number of a declared one.

A plain number has ASCII digits and one decimal point. Anything else is read only as declared; where nothing is
declared, every reading is named and none is taken.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

from ghg.numbers import DECIMAL
from ghg.reading.declaration import THOUSANDS, Reading

MISSING = frozenset(
    {
        "-", "--", "–", "—", "n/a", "na", "#n/a", "n.a.", "tbc", "tbd", "null", "none", "nil", "missing", "unknown",
        "pending", "?", "…", "...", ".", "(null)", "<na>", "nat", "\\n", "n.d.", "nd", "k.a.", "s/o", "nodata",
        "no data", "not available", "not applicable", "待定", "无", "暂无", "缺失",
    }
)  # fmt: skip
"""What people write for an amount they do not have, in lower case."""
NOT_FINITE = re.compile(r"[+-]?(nan(\(.*\))?|inf|infinity|∞|\d\.?#(ind|inf|nan|qnan|snan).*)", re.IGNORECASE)
"""What programs write for no number."""
SPREADSHEET_ERROR = re.compile(r"#[\w¡¿]+(/[\w¡¿]+)?[!?]|#N/A|#NV|#DIV/0|#GETTING_DATA|Err:\d{3}", re.IGNORECASE)
"""What spreadsheets write where a formula failed, in any language: ``#DIV/0!``, ``#WERT!``, ``Err:502``."""
SPACES = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009\u2007", " ") | {"’": "'"})
FULL_WIDTH = str.maketrans("０１２３４５６７８９．，－＋", "0123456789.,-+")
LONGEST = 40
"""Most characters of a text that is looked at as a number with marks."""
CONVENTIONS = (
    (".", ","), (",", "."), (".", "space"), (",", "space"), (".", "'"), (",", "'"), (",", "none"),
)  # fmt: skip
"""Decimal and thousands marks that a question offers."""


def plain(text: str, reading: Reading) -> str | None:
    """The plain number that a text states in a declared reading; nothing if it states none.

    >>> plain("1.234,5", Reading(decimal=",", thousands="."))
    '1234.5'
    """
    if reading.digits == "full-width":
        text = text.translate(FULL_WIDTH)
    found = _pattern(reading.decimal or ".", reading.thousands or "none").fullmatch(text.translate(SPACES))
    if found is None:
        return None
    made = f"{found['sign'] or ''}{re.sub(r'[^0-9]', '', found['whole'] or '')}"
    made += f".{found['rest']}" if found["rest"] else ""
    return made + (found["exponent"] or "")


@cache
def _pattern(decimal: str, thousands: str) -> re.Pattern[str]:
    """The grammar of a number under two marks: groups are of three digits, and marks stand before the decimal mark."""
    mark = re.escape(THOUSANDS[thousands])
    groups = rf"\d{{1,3}}(?:{mark}\d{{3}})+|" if mark else ""
    rest = rf"(?:{re.escape(decimal)}(?P<rest>\d*))?"
    return re.compile(
        rf"(?P<sign>[+-])?(?P<whole>{groups}\d+|(?={re.escape(decimal)}\d)){rest}(?P<exponent>[eE][+-]?\d{{1,3}})?",
        re.ASCII,
    )


def readings(text: str) -> dict[str, dict[str, str]]:
    """Every number that a text may state, each with the marks to declare for it.

    >>> readings("1,234")
    {'1234': {'decimal': '.', 'thousands': ','}, '1.234': {'decimal': ',', 'thousands': '.'}}
    """
    found: dict[str, dict[str, str]] = {}
    if len(text) > LONGEST:
        return found
    for decimal, thousands in CONVENTIONS:
        number = plain(text, Reading(decimal=decimal, thousands=thousands))
        if number is not None:
            found.setdefault(number, {"decimal": decimal, "thousands": thousands})
    return found


def conventions(text: str, all_texts: Iterable[str]) -> Iterator[tuple[dict[str, str], str]]:
    """The marks that read every one of the texts, each with what it makes of one of them."""
    every = [text, *all_texts]
    taken = set()
    for decimal, thousands in ((".", "none"), (",", "none"), *CONVENTIONS):
        reading = Reading(decimal=decimal, thousands=thousands)
        numbers = tuple(plain(other, reading) for other in every)
        if None not in numbers and numbers not in taken:
            taken.add(numbers)
            stated = {"decimal": decimal} | ({} if thousands == "none" else {"thousands": thousands})
            yield stated, str(numbers[0])


def rule_of(text: str) -> str:
    """The rule that the text of an amount breaks; blank for a plain number.

    >>> rule_of("1,234"), rule_of("n/a"), rule_of("-inf"), rule_of("１２３"), rule_of("12")
    ('number-ambiguous', 'number-missing', 'number-not-finite', 'number-not-ascii', '')
    """
    if DECIMAL.fullmatch(text):
        return ""
    if is_spreadsheet_error(text):
        return "spreadsheet-error"
    if text.lower() in MISSING:
        return "number-missing"
    if NOT_FINITE.fullmatch(text):
        return "number-not-finite"
    if any(not sign.isascii() and unicodedata.decimal(sign, None) is not None for sign in text):
        return "number-not-ascii"
    return "number-ambiguous" if readings(text) else "number-invalid"


def is_spreadsheet_error(text: str) -> bool:
    """Whether a text is what a spreadsheet writes for a formula that failed."""
    return bool(SPREADSHEET_ERROR.fullmatch(text))


def odd_signs(text: str) -> str:
    """The signs of a text that are not ASCII, each with its name; blank if there are none.

    >>> odd_signs("−120.5")
    ' It holds U+2212 (minus sign).'
    """
    found = dict.fromkeys(sign for sign in text if not sign.isascii())
    named = [f"U+{ord(sign):04X} ({unicodedata.name(sign, 'no name').lower()})" for sign in list(found)[:3]]
    return f" It holds {', '.join(named)}." if named else ""
