"""What a law asks of a pipeline: a few plain values and one function.

Rows and factors are mappings from column to text, so that nothing is lost on the way: an amount is ``"1234.5"``, never
a float. A pipeline says what it takes (activities and their units, factors of its own choice or yours, GWP sets) and
what else it can do; a law that needs more does not apply to it, and says why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ghg.testing.yardsticks import SIZES
from ghg.units import unit

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

Row = Mapping[str, str]
"""One row: column to text. Rows have at least ``id``, ``activity``, ``amount`` and ``unit``."""
Number = int | Fraction | Decimal | float
"""What a pipeline may give as a number; laws compare exact values, so a float is what it is, digit for digit."""
LARGEST = 10**14
"""Largest whole number of a unit that stands for whole numbers of another."""
TOTAL = "total"
"""Name of the grand total among the figures."""


@dataclass(frozen=True, slots=True)
class Case:
    """One question to a pipeline.

    Attributes:
        rows: activity rows.
        factors: factors with the columns ``activity``, ``gas``, ``value`` and ``unit`` (such as ``kg/kWh``); none where
            the pipeline brings its own.
        gwp: GWP set.
        instruments: certificates with the columns ``id``, ``amount``, ``unit`` and ``number``, which is its number in a
            registry: two rows with one number are one certificate.
    """

    rows: tuple[Row, ...]
    factors: tuple[Row, ...] = ()
    gwp: str = "AR5"
    instruments: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Totals:
    """A pipeline's answer, all numbers in units of the pipeline's own choice, always the same.

    Attributes:
        total: CO2e of all rows, in one book of Scope 2.
        figures: further figures by name: scopes, categories, intensities.
        masses: mass of each gas, before any GWP.
        parts: dimension to the parts that make up the total, such as ``{"scope": {"1": 2, "2": 3}}``.
        posted: rows behind the total.
        unposted: rows that are not, because something is wrong with them.
    """

    total: Number
    figures: Mapping[str, Number] = field(default_factory=dict)
    masses: Mapping[str, Number] = field(default_factory=dict)
    parts: Mapping[str, Mapping[str, Number]] = field(default_factory=dict)
    posted: int | None = None
    unposted: int | None = None

    def exact(self) -> dict[str, Fraction]:
        """The total and every figure as exact numbers.

        Raises:
            ValueError: a number is not finite.
        """
        return exact({TOTAL: self.total, **self.figures})


def exact(numbers: Mapping[str, Number]) -> dict[str, Fraction]:
    """Numbers as exact fractions.

    Raises:
        ValueError: a number is not finite.
    """
    made = {}
    for name, number in numbers.items():
        try:
            made[name] = Fraction(number)
        except (OverflowError, ValueError):
            raise ValueError(f"{name} is {number}, which is no finite number") from None
    return made


@dataclass(frozen=True, slots=True)
class Coverage:
    """How instruments cover consumption in the market-based book, in one unit of energy.

    Attributes:
        consumed: consumption in the book.
        uncovered: consumption without an instrument.
        used: instrument to what was used of it.
    """

    consumed: Number
    uncovered: Number
    used: Mapping[str, Number]


@dataclass(frozen=True, slots=True)
class Format:
    """A written form: what is written and read again must be the same.

    Attributes:
        values: strategy of the values to write.
        write: value to text or bytes.
        read: text or bytes to value.
    """

    values: SearchStrategy[Any]
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


@dataclass(frozen=True, kw_only=True)
class Pipeline:
    """A way from activity rows to totals, with what laws have to know about it.

    Attributes:
        name: how messages call it.
        compute: answers a case, or raises one of ``refuses`` where the input is wrong.
        activities: activity to the units its amounts may be written in.
        gases: gases its factors may be of; empty where the pipeline brings its own factors.
        gwp_sets: GWP sets it can be asked for.
        row: columns each row has beside ``id``, ``activity``, ``amount`` and ``unit``.
        rows: strategy of single rows, in place of rows drawn from ``activities``.
        size_of: dimension and size of a unit; units of one dimension can be exchanged.
        names_units: whether it is told the unit of an amount at all.
        refuses: exceptions by which it refuses wrong input.
        tolerance: relative difference that counts as none; zero for exact pipelines, about 1e-9 for floats.
        corrections: whether a row with ``entry`` ``correction`` may be negative.
        gives: which of ``masses`` and ``parts`` its totals hold.
        potentials: GWP set and gas to the GWP it states.
        scopes: each activity to the scope that is right for it, as the parts by ``scope`` call it; blank where an
            activity emits nothing.
        partial: answers a case in spite of wrong rows, and counts them.
        trace: a case to figures, each with the contributions it sums.
        what_if: a case and another that differs in factors or GWP set, answered from the former without the rows.
        engines: other ways to compute the same.
        bridge: two cases to causes and their part of the change of the total.
        spread: a case to the uncertainty of its total, as a standard deviation or half width.
        coverage: a case with instruments to how they cover consumption.
        formats: written forms by name.
        prints: a number and how many decimals to text.
        lacks: ability to the reason why it is missing, for those where the plain reason says too little.
    """

    name: str
    compute: Callable[[Case], Totals]
    activities: Mapping[str, Sequence[str]]
    gases: Sequence[str] = ()
    gwp_sets: Sequence[str] = ("AR5",)
    row: Row = field(default_factory=dict)
    rows: SearchStrategy[dict[str, str]] | None = None
    size_of: Callable[[str], tuple[str, Fraction]] = lambda name: (unit(name).dimension, unit(name).multiplier)
    names_units: bool = True
    refuses: tuple[type[Exception], ...] = (ValueError, LookupError, TypeError)
    tolerance: Fraction = Fraction(0)
    corrections: bool = False
    gives: frozenset[str] = frozenset()
    potentials: Callable[[str, str], Number] | None = None
    scopes: Mapping[str, str] = field(default_factory=dict)
    partial: Callable[[Case], Totals] | None = None
    trace: Callable[[Case], Mapping[str, Sequence[Number]]] | None = None
    what_if: Callable[[Case, Case], Totals] | None = None
    engines: Mapping[str, Callable[[Case], Totals]] = field(default_factory=dict)
    bridge: Callable[[Case, Case], Mapping[str, Number]] | None = None
    spread: Callable[[Case], Number] | None = None
    coverage: Callable[[Case], Coverage] | None = None
    formats: Mapping[str, Format] = field(default_factory=dict)
    prints: Callable[[Fraction, int], str] | None = None
    lacks: Mapping[str, str] = field(default_factory=dict)

    def missing(self, needs: Sequence[str]) -> str:
        """Why a law with these needs does not apply; blank where it does."""
        return "; ".join(self.lacks.get(name, ABILITIES[name][0]) for name in needs if not ABILITIES[name][1](self))

    def exchangeable(self, row: Row) -> list[str]:
        """Units the row's amount can be rewritten in without further decimals, its own among them."""
        dimension, size = self.size_of(row["unit"])
        offered = ((name, *self.size_of(name)) for name in self.activities[row["activity"]])
        return [name for name, other, step in offered if other == dimension and (size / step).denominator == 1]

    def known_pairs(self) -> list[tuple[str, str, str]]:
        """Activities with two units of one quantity that the yardstick knows, and of which amounts can be written.

        Of some units no whole numbers short enough to be written are the same quantity.
        """
        return [
            (activity, one, other)
            for activity, units in self.activities.items()
            for one in units
            for other in units
            if one != other and one in SIZES and other in SIZES and SIZES[one][0] == SIZES[other][0]
            if max((SIZES[one][1] / SIZES[other][1]).as_integer_ratio()) <= LARGEST
        ]


ABILITIES: Mapping[str, tuple[str, Callable[[Pipeline], bool]]] = {
    "factors": ("it brings factors of its own and takes no others", lambda p: bool(p.gases)),
    "units": (
        "each of its activities takes one unit",
        lambda p: any(len(units) > 1 for units in p.activities.values()),
    ),
    "known_units": (
        "none of its activities takes two units that a standard defines",
        lambda p: bool(p.known_pairs()),
    ),
    "gas_masses": (
        "it gives no masses of gases, and its factors are of several",
        lambda p: "masses" in p.gives or len(p.gases) == 1,
    ),
    "names_units": ("it takes plain numbers and no units", lambda p: p.names_units),
    "gwp_sets": ("it knows one GWP set", lambda p: len(p.gwp_sets) > 1),
    "masses": ("it gives no masses of gases", lambda p: "masses" in p.gives),
    "parts": ("it gives no parts of its total", lambda p: "parts" in p.gives),
    "potentials": ("it states no GWPs", lambda p: p.potentials is not None),
    "scopes": ("it does not say which scope its activities belong to", lambda p: bool(p.scopes)),
    "corrections": ("it takes no negative amounts", lambda p: p.corrections),
    "partial": ("it gives no result when rows are wrong", lambda p: p.partial is not None),
    "trace": ("it gives no contributions behind a total", lambda p: p.trace is not None),
    "what_if": ("it has no what-if", lambda p: p.what_if is not None),
    "engines": ("it has one way to compute", lambda p: bool(p.engines)),
    "bridge": ("it has no bridge between two results", lambda p: p.bridge is not None),
    "spread": ("it states no uncertainty", lambda p: p.spread is not None),
    "coverage": ("it takes no contractual instruments", lambda p: p.coverage is not None),
    "prints": ("it prints no numbers", lambda p: p.prints is not None),
    "formats": ("it writes no form that it reads", lambda p: bool(p.formats)),
}
"""What a law may need: the reason when it is missing, and how to tell."""
