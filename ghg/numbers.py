"""Exact numbers: decimal text in, rationals inside, decimal text out; rounding in one place.

Amounts, factors and conversions are decimal text and become ``fractions.Fraction``. The only rounding of the engine is
``printed`` (half up, as accountants do), and ``decimal_text`` for quotients that have no finite decimal form.
"""

from __future__ import annotations

import re
from fractions import Fraction
from math import floor

DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
"""The grammar of a number: ASCII digits, one decimal point, an exponent of at most three digits."""
PLAIN = re.compile(r"\d+(\.\d*)?", re.ASCII)
"""What most numbers look like, read without more ado."""
QUOTIENT_DIGITS = 18
"""Significant digits shown of a quotient without a finite decimal form."""
LONGEST = 4_000
"""Most characters of a number: a longer text is none, and Python takes ever longer to read it."""


def is_number(text: str) -> bool:
    """Whether a text is a number that ``parse`` reads, quotients aside."""
    return len(text) <= LONGEST and bool(DECIMAL.fullmatch(text))


def parse(text: str) -> Fraction:
    """The exact value of decimal text or of a quotient such as ``1/3``.

    Raises:
        ValueError: the text is not a number in the grammar of ``DECIMAL``, or longer than ``LONGEST``.

    >>> parse("0.5366") * 2
    Fraction(2683, 2500)
    """
    if len(text) > LONGEST:
        raise ValueError(f"a number of {len(text):,} characters is longer than the {LONGEST:,} that are read")
    if PLAIN.fullmatch(text):
        whole, _, rest = text.partition(".")
        return Fraction(int(whole + rest), 10 ** len(rest))
    numerator, slash, denominator = text.partition("/")
    if not slash and DECIMAL.fullmatch(text):
        return Fraction(text)
    if not DECIMAL.fullmatch(numerator) or not DECIMAL.fullmatch(denominator) or not Fraction(denominator):
        raise ValueError(f"{text!r} is not a plain decimal number such as 1234.5")
    return Fraction(numerator) / Fraction(denominator)


def is_finite(value: Fraction) -> bool:
    """Whether the value has a finite decimal form."""
    return _decimals(value) is not None


def _decimals(value: Fraction) -> int | None:
    """How many decimals the finite decimal form of a value has; none where it has none."""
    rest, counts = value.denominator, []
    for prime in (2, 5):
        count = 0
        while rest % prime == 0:
            rest, count = rest // prime, count + 1
        counts.append(count)
    return max(counts) if rest == 1 else None


def decimal_text(value: Fraction) -> str:
    """The value as decimal text: exact where it has a finite form, else to 18 significant digits, half up.

    >>> decimal_text(Fraction(1, 8)), decimal_text(Fraction(2, 3))
    ('0.125', '0.666666666666666667')
    """
    if value == 0:
        return "0"
    decimals = _decimals(value)
    return printed(value, max(0, QUOTIENT_DIGITS - 1 - _magnitude(value)) if decimals is None else decimals)


def _magnitude(value: Fraction) -> int:
    """The exponent of the leading digit: 2 of 999, -1 of 0.5; exact, where a floating logarithm errs near 10**n."""
    size = abs(value)
    exponent = len(str(size.numerator)) - len(str(size.denominator))
    return exponent if size >= Fraction(10) ** exponent else exponent - 1


def printed(value: Fraction, decimals: int, *, thousands: bool = False) -> str:
    """The value rounded half away from zero to a number of decimals.

    >>> printed(Fraction("57639.345"), 2, thousands=True), printed(Fraction("-0.005"), 2)
    ('57,639.35', '-0.01')
    """
    units = floor(abs(value) * 10**decimals + Fraction(1, 2))
    whole, rest = divmod(units, 10**decimals)
    text = f"{whole:,}" if thousands else str(whole)
    text += f".{rest:0{decimals}d}" if decimals else ""
    return f"-{text}" if value < 0 and units else text


def readable(value: Fraction, decimals: int = 2) -> str:
    """The value for people: two decimals, or three significant digits where that would show too little.

    >>> readable(Fraction("57639.350476")), readable(Fraction("0.00042002"))
    ('57,639.35', '0.000420')
    """
    if value and abs(value) < 1:
        decimals = max(decimals, 2 - _magnitude(value))
    return printed(value, decimals, thousands=True)


def decimals_of(text: str) -> int:
    """How many decimals a printed number shows: ``58,941.320`` shows three."""
    mantissa, _, exponent = text.lower().partition("e")
    return max(0, len(mantissa.partition(".")[2]) - int(exponent or 0))


def rounding_interval(text: str) -> tuple[Fraction, Fraction]:
    """The values that print as ``text``: half a unit of its last printed digit to either side.

    Of a quotient such as ``2.52/28`` the numerator is what was printed; the denominator is exact.

    >>> [str(end) for end in rounding_interval("0.5366")]
    ['10731/20000', '10733/20000']
    """
    number, _, denominator = text.lower().partition("/")
    mantissa, _, exponent = number.partition("e")
    half = Fraction(1, 2) * Fraction(10) ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
    half /= abs(parse(denominator)) if denominator else 1
    return parse(text) - half, parse(text) + half


def percent(share: Fraction, decimals: int = 1) -> str:
    """A share in per cent, never rounded to 0 or 100 unless it is.

    >>> percent(Fraction(1, 2)), percent(Fraction(1, 10**6)), percent(Fraction(999_999, 10**6))
    ('50 %', '< 0.1 %', '> 99.9 %')
    """
    shown, finest = share * 100, Fraction(1, 10**decimals)
    if 0 < abs(shown) < finest:
        return f"< {printed(finest, decimals)} %"
    if 0 < 100 - shown < finest:
        return f"> {printed(100 - finest, decimals)} %"
    text = printed(shown, decimals)
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} %"
