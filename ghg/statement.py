"""Totals, figures and intensities of a run. Values stay exact; rounding happens when a statement is printed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple

from ghg.accounts import accounts
from ghg.bulk.values import Accounts, Key, Signature, Worths, accounts_of, summed_by
from ghg.figures import BOOKS, Figure, figures
from ghg.gases import CO2E, gases
from ghg.inventory import Denominator
from ghg.issues import GhgError, UnknownNameError, listing
from ghg.keys import Match, Posting
from ghg.ledger import Balance, Entry, Valuation, entries
from ghg.numbers import decimal_text, percent
from ghg.plan import Plan
from ghg.reports import text
from ghg.units import BASE, conversion, unit

if TYPE_CHECKING:
    import pandas as pd

Cell = str | Fraction
"""A cell of a statement: text, or an exact number."""
TWO_SCOPES = 2
"""Totals of so many scopes stand wherever one of them has emissions."""
MEASURE_DIMENSION = {"energy": "energy", "energy_sold": "energy"}
"""Dimension of a measure's base units; every other measure is a mass."""
POSTED: Mapping[str, Callable[[Posting, Match], str]] = {
    "book": lambda posting, match: posting.book,
    "scope": lambda posting, match: posting.scope,
    "category": lambda posting, match: posting.category,
    "gas": lambda posting, match: gases()[posting.gas].formula if posting.gas in gases() else posting.gas,
    "factor": lambda posting, match: posting.factor,
    "activity": lambda posting, match: match.activity,
    "method": lambda posting, match: match.method,
}
"""Dimensions that come from the plan; all others are columns of the balance."""


@dataclass(frozen=True, slots=True)
class Value:
    """A figure or a cell of a table, exact, with what it rests on.

    Attributes:
        amount: in the unit.
        unit: spelling of the unit, such as ``t`` or ``MWh/RMB_million``.
        back_calculated: share of the amount that rests on back-calculated activity, from 0 to 1.
        implied: share that rests on an implied factor.
        circular: share that rests on either.
    """

    amount: Fraction
    unit: str
    back_calculated: Fraction = Fraction(0)
    implied: Fraction = Fraction(0)
    circular: Fraction = Fraction(0)

    def per(self, denominator: Denominator) -> Value:
        """The intensity over a denominator."""
        return self.in_unit(f"{self.unit}/{denominator.unit}", 1 / Fraction(denominator.amount))

    def in_unit(self, unit_name: str, step: Fraction) -> Value:
        """The value times a number, in another unit."""
        return replace(self, amount=self.amount * step, unit=unit_name)

    @property
    def marks(self) -> str:
        """What the value rests on, in words; blank when nothing needs saying."""
        parts = [(self.back_calculated, "back-calculated"), (self.implied, "on an implied factor")]
        return "; ".join(f"{percent(share)} {what}" for share, what in parts if share)


class Sums(NamedTuple):
    """A total in base units, and how much of it rests on back-calculated activity, implied factors, and either."""

    total: Fraction
    back_calculated: Fraction
    implied: Fraction
    circular: Fraction


def value_of(found: Sums, unit_name: str, measure: str) -> Value:
    """Sums in base units as a value in a unit."""
    step = _step(measure, unit_name)
    return _value(Sums(*(part * step for part in found)), unit_name)


def _value(found: Sums, unit_name: str) -> Value:
    """Sums as a value, what they rest on as shares."""
    total, *parts = found
    if not total or not any(parts):
        return Value(total, unit_name)
    return Value(total, unit_name, *(part / total for part in parts))


@cache
def _step(measure: str, unit_name: str) -> Fraction:
    """Units in one base unit of a measure."""
    return conversion(unit(BASE[MEASURE_DIMENSION.get(measure, "mass")]), unit(unit_name))


def _includes(figure: Figure, account: Signature) -> bool:
    """Whether a figure sums an account."""
    measure, book, scope, category, energy = account
    return figure.includes(measure=measure, book=book, scope=scope, category=category, energy=energy)


def _is_of_fewer_scopes(figure: Figure, posted: set[str]) -> bool:
    """Whether a total of all scopes would be the total of fewer under a larger name."""
    own = set(figure.scope.split())
    smaller = (set(one.scope.split()) for one in figures().values() if one.measure == figure.measure)
    return len(own) > TWO_SCOPES and any(posted & own <= scopes < own for scopes in smaller if scopes)


def _is_valued(match: Match, scope: str, category: str, book: str) -> bool:
    """Whether rows of a match post to a category and have a factor in a book where the inventory computes it."""
    account = accounts()[match.activity]
    return (account.scope, account.category) == (scope, category) and bool(account.word(book))


@dataclass(frozen=True)
class Statement:
    """A table of exact values with its notes; reports render it.

    Attributes:
        title: what it shows.
        columns: names of the columns.
        rows: one mapping a row; numbers are exact fractions, the rest text.
        notes: what a reader has to know.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Cell], ...]
    notes: tuple[str, ...] = ()

    def to_pandas(self) -> pd.DataFrame:
        """The rows as a pandas frame; numbers are exact ``decimal.Decimal`` (quotients to 18 significant digits)."""
        from decimal import Decimal

        import pandas as pd

        rows = [
            [Decimal(decimal_text(cell)) if isinstance(cell := row[name], Fraction) else cell for name in self.columns]
            for row in self.rows
        ]
        return pd.DataFrame(rows, columns=list(self.columns))

    def texts(self) -> list[list[str]]:
        """The rows as text, numbers as exact decimal text."""
        return [
            [decimal_text(cell) if isinstance(cell := row[name], Fraction) else cell for name in self.columns]
            for row in self.rows
        ]

    def __str__(self) -> str:
        return text.render(self)


class Result:
    """The values of a balance under a valuation.

    Args:
        plan: the plan the balance was posted by.
        balance: the exact sums.
        valuation: factor values and GWP set.
        denominators: what intensities divide by.
        books: the books that are computed.
    """

    def __init__(
        self, plan: Plan, balance: Balance, valuation: Valuation, denominators: Mapping[str, Denominator],
        books: Sequence[str] = BOOKS,
    ) -> None:  # fmt: skip
        self.plan = plan
        self.balance = balance
        self.valuation = valuation
        self.denominators = denominators
        self.books = books
        self._entries: dict[tuple[str, ...], tuple[Entry, ...]] = {}

    def entries(self, names: Sequence[str] = ("provenance", "derived_from")) -> tuple[Entry, ...]:
        """Every posting of the balance, summed to the named dimensions."""
        key = tuple(sorted({*names, "provenance"}))
        if key not in self._entries:
            self._entries[key] = tuple(entries(self.balance.by(key), self.plan, self.valuation))
        return self._entries[key]

    def behind(self, figure: Figure, names: Sequence[str] = ("provenance", "derived_from")) -> tuple[Entry, ...]:
        """The postings a figure sums."""
        return tuple(
            entry
            for entry in self.entries(names)
            if figure.includes(
                measure=entry.posting.measure, book=entry.posting.book, scope=entry.posting.scope,
                category=entry.posting.category, energy=entry.posting.energy,
            )
        )  # fmt: skip

    def figure(self, name: str) -> Value | None:
        """The value of a figure such as ``scope2`` or ``scope1+2/revenue``; none when nothing posts to it.

        Raises:
            UnknownNameError: no figure or denominator has the name.
        """
        name, slash, per = name.partition("/")
        if name not in figures():
            raise UnknownNameError("figure", name, figures())
        if slash and per not in self.denominators:
            raise UnknownNameError("denominator", per, self.denominators)
        value = self._figure(name)
        return value.per(self.denominators[per]) if slash and value else value

    def _figure(self, name: str) -> Value | None:
        """The value of a figure that exists."""
        found = figures()[name]
        behind = [sums for account, sums in self.accounts.sums.items() if _includes(found, account)]
        if not behind or name in self.absent:
            return None
        summed = Sums(*(sum(parts, Fraction(0)) for parts in zip(*behind, strict=True)))
        return value_of(summed, found.unit, found.measure)

    @cached_property
    def absent(self) -> frozenset[str]:
        """Figures that would be too small: a book without purchased energy, or all scopes where there are fewer."""
        books: dict[tuple[str, str, str, str], set[str]] = {}
        for measure, book, scope, category, energy in self.accounts.sums:
            if book:
                books.setdefault((measure, scope, category, energy), set()).add(book)
        missing = [
            (measure, book, scope, category, energy)
            for (measure, scope, category, energy), valued in books.items()
            for book in {*BOOKS} - valued
            if any(_is_valued(match, scope, category, book) for match in self.plan.matches)
        ]
        posted = {account[2] for account in self.accounts.sums if account[0] == "emissions"}
        return frozenset(
            name
            for name, one in figures().items()
            if any(_includes(one, found) for found in missing) or _is_of_fewer_scopes(one, posted)
        )

    @cached_property
    def worths(self) -> Worths:
        """The postings of the plan under the valuation."""
        return Worths(self.plan, self.valuation)

    @cached_property
    def accounts(self) -> Accounts:
        """The sums by account."""
        return accounts_of(self.balance, self.worths)

    def figures(self) -> dict[str, Value]:
        """Every figure something posts to, in the order they are printed."""
        found = ((name, self.figure(name)) for name in figures())
        return {name: value for name, value in found if value is not None}

    def intensities(self) -> dict[str, Value]:
        """Every such figure over every denominator."""
        found = self.figures()
        return {
            f"{name}/{per}": value.per(denominator)
            for per, denominator in self.denominators.items()
            for name, value in found.items()
        }

    @property
    def digest(self) -> str:
        """SHA-256 over the exact value of every figure and intensity: equal results have equal digests."""
        values = {name: str(value.amount) for name, value in {**self.figures(), **self.intensities()}.items()}
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()

    def totals(self, *by: str, book: str | None = None) -> Statement:
        """Emissions in t CO2e by any dimensions; grouped by gas, the mass of each gas is shown too.

        The two books are never added: Scope 2 needs ``book``, or ``"book"`` among the dimensions.

        Args:
            by: dimensions, such as ``scope``, ``category``, ``gas``, ``factor``, ``entity`` or ``provenance``.
            book: ``location`` or ``market``.

        Raises:
            UnknownNameError: a dimension is not known.
            GhgError: the books would be added, the one named is not computed, or a dimension is named twice.
        """
        if book is not None and book not in self.books:
            raise GhgError(
                f"the inventory does not compute the {book}-based book: its 'books' are {listing(self.books)}."
            )
        known = (*POSTED, *self.balance.names)
        for name in by:
            if name not in known:
                raise UnknownNameError("dimension", name, known)
            if by.count(name) > 1:
                raise GhgError(f"the dimension {name!r} is named twice.")
        books = {account[1] for account in self.accounts.sums if account[0] == "emissions"} - {""}
        if book is None and "book" not in by and len(books) > 1:
            raise GhgError(
                "location-based and market-based emissions are never added: name a book, or group by 'book'."
            )
        values, *further = self._grouped(by, book, (False, True) if "gas" in by else (False,))
        masses = dict(further[0]) if further else {}
        rows = []
        for key, value in values:
            row: dict[str, Cell] = {
                **dict(zip(by, key, strict=True)),
                "co2e": value.amount,
                "unit": "t",
                "rests_on": value.marks,
            }
            if masses:
                row["mass"] = masses[key].amount
            rows.append(row)
        extra = ("mass",) if "gas" in by else ()
        return Statement(
            f"Emissions by {', '.join(by) or 'nothing'}",
            (*by, *extra, "co2e", "unit", "rests_on"),
            tuple(rows),
            self.notes(),
        )

    def sums(
        self, of: Callable[[int, Posting], Key | None], names: Sequence[str] = ()
    ) -> dict[tuple[Key, Key], Fraction]:  # fmt: skip
        """Values in base units by what postings are counted under and by words of the named dimensions.

        Args:
            of: what a posting of a match is counted under; none where it is left out.
            names: dimensions of the balance.
        """
        (found,) = summed_by(self.balance, self.worths, names, of)
        return {key: whole for key, (whole, *_) in found.items()}

    def grouped(
        self, by: Sequence[str], book: str | None = None, *, of_mass: bool = False
    ) -> list[tuple[tuple[str, ...], Value]]:
        """Emissions in t by the values of dimensions, in their order; by mass of gas where asked."""
        (found,) = self._grouped(by, book, (of_mass,))
        return found

    def _grouped(
        self, by: Sequence[str], book: str | None, of_mass: Sequence[bool]
    ) -> list[list[tuple[tuple[str, ...], Value]]]:
        """Sums in t by the values of dimensions, in their order: of emissions, or of the mass of each gas."""
        named = [name for name in by if name in POSTED]
        words = [name for name in by if name not in POSTED]
        of_posted = [POSTED[name] for name in named]
        matches, to_tonnes = self.plan.matches, conversion(unit(BASE["mass"]), unit("t"))

        def of(match: int, posting: Posting) -> tuple[str, ...] | None:
            if posting.measure != "emissions" or not (book is None or posting.book in ("", book)):
                return None
            return tuple([cell(posting, matches[match]) for cell in of_posted])

        places = [(0, named.index(name)) if name in POSTED else (1, words.index(name)) for name in by]
        return [
            sorted((tuple([key[side][place] for side, place in places]), _value(Sums(*sums), "t"))
                   for key, sums in found.items())
            for found in summed_by(self.balance, self.worths, words, of, of_mass=of_mass, step=to_tonnes)
        ]  # fmt: skip

    def notes(self) -> tuple[str, ...]:
        """What every statement of this result has to say: GWP set, kept GWP sets, unposted rows."""
        said = [f"CO2e under the 100-year GWPs of {self.valuation.gwp}."]
        kept = sorted({name for name in self.accounts.factors if self._keeps_other_set(name)})
        said += [
            f"{name} is published only as CO2e under {self.valuation.rows[name].gwp_set} and keeps it." for name in kept
        ]
        if self.balance.unposted:
            said.append(f"INCOMPLETE: {self.balance.unposted:,} of {self.balance.read:,} rows did not post.")
        return tuple(said)

    def _keeps_other_set(self, name: str) -> bool:
        return (
            bool(name)
            and self.valuation.rows[name].gas == CO2E
            and self.valuation.rows[name].gwp_set != self.valuation.gwp
        )
