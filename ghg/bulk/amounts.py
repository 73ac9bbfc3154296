"""Amounts of a relation as whole quanta, exact, by the type they come in.

A binary number stands for the shortest decimal that reads back as it: 0.1 is one tenth. With at most fifteen digits
that decimal is the only one, so it is found without writing it out: the nearest whole number of quanta either divides
back to the very same binary number, or the decimal is finer than the quantum and is rounded half up to it. What is
neither, such as a tie, a negative amount, a number of more digits or no number at all, is left to the strict path,
which reads text.
"""

from __future__ import annotations

from dataclasses import dataclass

from ghg.engines import quoted

EXACT, FINER = 0, 1
"""States of an amount that is plain: whole quanta, or finer and rounded. What is not plain has no state."""
BINARY_DIGITS = 15
"""Decimal digits a double holds whatever the number."""
LONG_DIGITS = 18
"""Decimal digits a 64-bit integer holds."""
TIE = 1e-3
"""How far from a half a scaled double must be to round safely; its own error is a tenth of that at most."""
ROUNDED = 12
"""Decimal digits up to which a scaled double keeps that error."""
WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "HUGEINT")


@dataclass(frozen=True, slots=True)
class Amounts:
    """How the amounts of a relation are counted.

    Attributes:
        quanta: expression of a plain amount: its whole quanta, or the amount rounded to them as a decimal.
        state: expression of its state, over ``quanta``, ``width`` and ``amount``; null where the strict path must read
            it.
        width: expression of the last written digit in quanta, over ``amount``; a number where all rows have the same.
        decimals: decimals of ``quanta``; none where it is a whole number.
        cell: expression of the amount that the others call ``text``; blank where they need none.
    """

    quanta: str
    state: str
    width: str | int
    decimals: int = 0
    cell: str = ""

    def whole(self, name: str, *, of_sum: bool) -> str:
        """A value of ``quanta``, or a sum of some, as a whole number of quanta.

        A sum is wide already, so the product is; a single value is widened, lest its product be cut to 64 bits.
        """
        if not self.decimals:
            return f"CAST({name} AS BIGINT)"
        return _scaled(name, self.decimals) if not of_sum else (
            f"CAST({name} * CAST({10**self.decimals} AS DECIMAL({self.decimals + 1}, 0)) AS BIGINT)"
        )  # fmt: skip


def counted(name: str, engine_type: str, decimals: int, *, is_portable: bool = False) -> Amounts:
    """How a column of amounts of an engine type is counted in quanta of some decimals.

    Args:
        name: the column.
        engine_type: its type.
        decimals: of the quantum.
        is_portable: in words that a cluster has too, where the embedded engine has quicker ones of its own.
    """
    cell, kind = quoted(name), engine_type.partition("(")[0]
    if kind == "DOUBLE":
        return _double(cell, decimals)
    if kind in WHOLE:
        limit = 10 ** (LONG_DIGITS - decimals) - 1
        plain = f"{cell} BETWEEN 0 AND {limit}"
        quanta = f"CASE WHEN {plain} THEN CAST({cell} AS BIGINT) * {10**decimals} END"
        return Amounts(quanta, f"CASE WHEN quanta IS NOT NULL THEN {EXACT} END", 10**decimals)
    if kind == "DECIMAL":
        scale = int(engine_type.rpartition(",")[2].rstrip(") "))
        if scale <= decimals:
            return _decimal(cell, scale, decimals)
    text = f"CAST({cell} AS STRING)"
    return _portable_text(text, decimals) if is_portable else _text(text, decimals)


def _double(cell: str, decimals: int) -> Amounts:
    """A binary number; it carries no written digits, so its last digit is the quantum."""
    # The statistics of a Parquet file leave NaN out, and the engine rests comparisons on them: the cast has to try, and
    # NaN has to be asked for by name.
    scale = f"1e{decimals}"
    inside = f"{cell} >= 0 AND {cell} < 1e{BINARY_DIGITS - decimals}"
    finer = f"quanta < 1e{ROUNDED} AND abs({cell} * {scale} - floor({cell} * {scale}) - 0.5) > {TIE}"
    return Amounts(
        f"TRY_CAST(floor({cell} * {scale} + 0.5) AS BIGINT)",
        f"CASE WHEN isnan({cell}) THEN NULL WHEN quanta / {scale} = {cell} AND {inside} THEN {EXACT} "
        f"WHEN {finer} AND {inside} THEN {FINER} END",
        1,
    )


def _decimal(cell: str, scale: int, decimals: int) -> Amounts:
    """A decimal number: its last digit is the last of its scale."""
    inside = f"{cell} >= 0 AND {cell} < {10 ** (LONG_DIGITS - decimals)}"
    whole = f"{_scaled(cell, scale)} * {10 ** (decimals - scale)}"
    return Amounts(
        f"CASE WHEN {inside} THEN {whole} END",
        f"CASE WHEN quanta IS NOT NULL THEN {EXACT} END",
        10 ** (decimals - scale),
    )


def _text(cell: str, decimals: int) -> Amounts:
    """Decimal text without sign and exponent; the engine rounds half up by the first digit that is left out.

    It is summed as a decimal: to make a whole number of each takes five times as long.
    """
    plain = r"regexp_full_match(text, '[0-9]+(\.[0-9]*)?')"
    point, widths = "instr(text, '.')", [10 ** (decimals - n) for n in range(decimals + 1)]
    tail = f"rtrim(substr(text, {point} + {decimals + 1}), '0')"
    return Amounts(
        f"TRY_CAST(text AS DECIMAL({LONG_DIGITS}, {decimals}))",
        # Only where all decimals are written can there be more of them.
        f"CASE WHEN quanta IS NULL OR NOT {plain} THEN NULL WHEN width > 1 THEN {EXACT} "
        f"WHEN {point} > 0 AND {tail} <> '' THEN {FINER} ELSE {EXACT} END",
        f"CASE WHEN {point} = 0 THEN {widths[0]} ELSE coalesce({widths}[strlen(text) - {point} + 1], 1) END",
        decimals,
        f"trim({cell})",
    )


def _portable_text(cell: str, decimals: int) -> Amounts:
    """The same in words that every engine has: no pattern, no list, no product wider than 38 digits."""
    text = f"trim({cell})"
    point = f"instr({text}, '.')"
    whole = f"(CASE WHEN {point} > 0 THEN {point} - 1 ELSE length({text}) END)"
    others = f"translate({text}, '0123456789', '')"
    plain = f"{others} IN ('', '.') AND {whole} > 0"
    shown = f"(CASE WHEN {point} > 0 THEN length({text}) - {point} ELSE 0 END)"
    tail = f"trim(TRAILING '0' FROM substr({text}, {point} + {decimals + 1}))"
    is_finer = f"{shown} > {decimals} AND {tail} <> ''"
    cut = _scaled(f"try_cast({text} AS DECIMAL({LONG_DIGITS}, {decimals}))", decimals)
    return Amounts(
        f"CASE WHEN {plain} THEN {cut} END",
        f"CASE WHEN quanta IS NULL THEN NULL WHEN {is_finer} THEN {FINER} ELSE {EXACT} END",
        f"CAST(power(10, greatest({decimals} - {shown}, 0)) AS BIGINT)",
    )


def _scaled(number: str, scale: int) -> str:
    """A decimal that is not negative and below 10 ** (18 - scale), as a whole number of units of its last digit.

    The product has 38 digits at most: wide enough to be computed in 128 bits, and never so wide that digits are cut.
    """
    return f"CAST(CAST({number} AS DECIMAL({LONG_DIGITS}, {scale})) * CAST({10**scale} AS DECIMAL(19, 0)) AS BIGINT)"
