"""Units by a closed list of spellings.

``factors/units.csv`` holds every accepted spelling with its dimension and its exact multiplier to the dimension's base
unit, and the ambiguous spellings with what to write instead. A test holds each multiplier against pint. pint itself is
imported only when a quantity crosses the border of the engine (``to_quantity``, ``amount_of``).

Energy of a fuel is net or gross (``MWh_net``, ``MWh_gross``): the two do not convert. Money carries its currency and,
where a factor needs it, its price year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from fnmatch import fnmatchcase
from fractions import Fraction
from functools import cache
from math import isclose
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

from ghg.issues import UnitError, suggest
from ghg.numbers import decimal_text, is_number, parse, readable
from ghg.reading.cells import seen
from ghg.reading.shipped import shipped

if TYPE_CHECKING:
    import pint

BASE = {
    "energy": "MJ",
    "energy_net": "MJ_net",
    "energy_gross": "MJ_gross",
    "mass": "kg",
    "volume": "L",
    "distance": "km",
}
"""Base unit of the common dimensions: each multiplier counts base units in one written unit."""
WRITTEN_ONLY = ("energy_net", "energy_gross", "gas_volume_normal", "gas_volume_standard")
"""Dimensions a pint quantity cannot state: it has neither the basis of energy nor the conditions of a gas volume."""
DIGITS = 24
"""Digits of a size of pint's: what its divisions leave beyond them is no part of the size."""


class _Spelling(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    spelling: str
    dimension: str
    multiplier: str
    pint: str
    status: Literal["accepted", "refused"]
    instead: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as written.

    Attributes:
        spelling: as written.
        dimension: what it measures; only units of one dimension convert into each other.
        multiplier: base units of the dimension in one such unit, exact.
        pint: the pint expression of the same size.
    """

    spelling: str
    dimension: str
    multiplier: Fraction
    pint: str


@dataclass(frozen=True, slots=True)
class Ratio:
    """A unit of a factor such as ``kg/kWh``."""

    numerator: Unit
    denominator: Unit


@cache
def accepted() -> Mapping[str, Unit]:
    """Every accepted spelling and its unit."""
    return {
        row.spelling: Unit(row.spelling, row.dimension, parse(row.multiplier), row.pint)
        for row in _spellings()
        if row.status == "accepted"
    }


@cache
def variants() -> Mapping[str, str]:
    """Every accepted spelling that some read as a unit of another size, and which is taken."""
    return {row.spelling: row.instead for row in _spellings() if row.status == "accepted" and row.instead}


@cache
def refused() -> Mapping[str, str]:
    """Every refused spelling and what to write instead."""
    return {row.spelling: row.instead for row in _spellings() if row.status == "refused"}


@cache
def _spellings() -> tuple[_Spelling, ...]:
    return tuple(shipped("units.csv", _Spelling))


def unit(spelling: str) -> Unit:
    """The unit a spelling stands for.

    Raises:
        UnitError: the spelling is ambiguous or unknown; the message says what to write.

    >>> unit("MWh").multiplier
    Fraction(3600, 1)
    """
    found = accepted().get(spelling)
    if found is None:
        raise UnitError(why_not(spelling))
    return found


def why_not(spelling: str) -> str:
    """Why a spelling is not accepted and what to write instead."""
    if spelling in refused():
        return f"the unit {spelling!r} is refused as ambiguous or out of place: write {refused()[spelling]}."
    near = suggest(spelling, accepted())
    sizes_of = [f"{name!r} is {_size(name)}" for name in accepted() if repr(name) in near]
    more = f" {'; '.join(sizes_of)}." if len(sizes_of) > 1 else ""
    return f"the unit {seen(spelling)} is not in the list of accepted spellings.{near}{more}"


def _size(spelling: str) -> str:
    """A unit's size in base units of its dimension, in words."""
    found = accepted()[spelling]
    base = next(
        name for name, other in accepted().items() if other.dimension == found.dimension and other.multiplier == 1
    )
    return f"{readable(found.multiplier)} {base}"


def conversion(source: Unit, target: Unit) -> Fraction:
    """How many target units one source unit is.

    Raises:
        UnitError: the two measure different dimensions.

    >>> conversion(unit("MWh"), unit("kWh"))
    Fraction(1000, 1)
    """
    if source.dimension != target.dimension:
        raise UnitError(
            f"{source.spelling!r} measures {source.dimension} and does not convert to {target.spelling!r} "
            f"({target.dimension})."
        )
    return source.multiplier / target.multiplier


@cache
def ratio(spelling: str) -> Ratio:
    """The unit of a factor, written ``numerator/denominator``.

    Raises:
        UnitError: it is not two accepted spellings with one slash.
    """
    numerator, slash, denominator = spelling.partition("/")
    if not slash:
        raise UnitError(f"the unit {spelling!r} of a factor is written 'numerator/denominator', for instance 'kg/kWh'.")
    return Ratio(unit(numerator), unit(denominator))


@cache
def step(spelling: str) -> Fraction:
    """Base units of the numerator per base unit of the denominator, in one unit of a factor."""
    found = ratio(spelling)
    return found.numerator.multiplier / found.denominator.multiplier


def of_dimension(dimension: str) -> tuple[str, ...]:
    """The accepted spellings that measure a dimension (``money_*``: any money), smallest unit first."""
    found = (u for u in accepted().values() if fnmatchcase(u.dimension, dimension))
    return tuple(u.spelling for u in sorted(found, key=lambda u: (u.multiplier, u.spelling)))


def sizes(dimension: str) -> tuple[str, ...]:
    """The first listed spelling of each size of unit that measures a dimension, smallest first."""
    by_size: dict[Fraction, str] = {}
    for found in accepted().values():
        if found.dimension == dimension:
            by_size.setdefault(found.multiplier, found.spelling)
    return tuple(by_size[size] for size in sorted(by_size))


def amount_of(quantity: str | pint.Quantity, dimension: str) -> tuple[Fraction, Unit]:
    """The exact amount and unit of ``"107415.86 MWh"`` or of a pint quantity.

    A quantity keeps the digits of its magnitude; a unit that the caller defined is taken at the size his registry says.

    Raises:
        UnitError: the text is not a number and an accepted unit, or measures another dimension; a pint quantity cannot
            tell the dimension from another of the same unit, such as net from gross energy.
    """
    if not isinstance(quantity, str):
        return _amount_of_pint(quantity, dimension)
    number, _, spelling = quantity.strip().partition(" ")
    if not is_number(number) or not spelling:
        raise UnitError(
            f"{quantity!r} is not an amount: write a plain number, a space and a unit, such as '1234.5 kWh'."
        )
    found = unit(spelling.strip())
    if not fnmatchcase(found.dimension, dimension):
        sizes_of = {
            (u.dimension, u.multiplier): u.spelling
            for u in reversed(list(accepted().values()))
            if fnmatchcase(u.dimension, dimension)
        }
        needed = ", ".join(sizes_of[size] for size in sorted(sizes_of))
        raise UnitError(f"{found.spelling!r} measures {found.dimension}; needed is {dimension}: {needed}.")
    return parse(number), found


def _amount_of_pint(quantity: pint.Quantity, dimension: str) -> tuple[Fraction, Unit]:
    """The exact amount of a pint quantity, in the base unit of the dimension."""
    bases = [found for found in accepted().values() if found.dimension == dimension and found.multiplier == 1]
    if not bases or dimension in WRITTEN_ONLY:
        raise UnitError(f"a pint quantity cannot say that it measures {dimension}: write it as text with its unit.")
    if not hasattr(quantity, "magnitude") or getattr(quantity.magnitude, "ndim", False):
        raise UnitError(
            f"{seen(str(quantity))} is not one amount: write text such as '1234.5 kWh', or give one pint quantity."
        )
    try:
        return parse(str(quantity.magnitude)) * _size_of_pint(quantity, bases[0].pint), bases[0]
    except Exception as error:
        raise UnitError(f"{quantity} does not measure {dimension}: {error}") from error


def _size_of_pint(quantity: pint.Quantity, base: str) -> Fraction:
    """How much of a base unit one unit of a quantity is: exact where its registry has the unit as pint ships it."""
    own = type(quantity)(1, quantity.units).to(base).magnitude
    try:
        with localcontext(prec=2 * DIGITS):
            shipped = registry().Quantity(Decimal(1), str(quantity.units)).to(base).magnitude
    except Exception:  # noqa: BLE001 - a unit that the caller defined
        return parse(str(own))
    return Fraction(Context(prec=DIGITS).plus(shipped)) if isclose(own, shipped) else parse(str(own))


@cache
def registry() -> pint.UnitRegistry[Decimal]:
    """The pint registry of quantities given out: decimal magnitudes, gases and CO2e as dimensions of their own."""
    import pint

    made: pint.UnitRegistry[Decimal] = pint.UnitRegistry(non_int_type=Decimal)
    for name in ("CO2e", "passenger", "room_night", "working_hour", "person", "item", "TEU"):
        made.define(f"{name} = [{name}]")
    for name in sorted(
        {u.dimension.removeprefix("money_") for u in accepted().values() if u.dimension.startswith("money_")}
    ):
        made.define(f"{name} = [{name}]")
    return made


def to_quantity(value: Fraction, expression: str) -> pint.Quantity:
    """A value as a pint quantity with a decimal magnitude."""
    return registry().Quantity(Decimal(decimal_text(value)), expression)
