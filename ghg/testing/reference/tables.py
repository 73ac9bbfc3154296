"""Tables of the independent reference, read as text, and the one factor that an inventory's rules leave."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor
from pathlib import Path

Row = Mapping[str, str]
WORLD, OWN = "WORLD", "own"


class NotCoveredError(Exception):
    """The reference does not cover the case, or the inventory's rules leave no single factor."""


class AmbiguousError(NotCoveredError):
    """The rules leave more than one factor."""


@dataclass(frozen=True)
class Rules:
    """What an inventory states that decides its figures.

    Attributes:
        gwp: GWP set.
        books: books of Scope 2.
        publications: in order of preference.
        rungs: rungs of the region ladder, of ``exact``, ``parent`` and ``world``.
        max_age_years: how much older a factor may be.
        decimals: decimals of the quantum.
        period: first and last day, as text.
        pro_rata: whether rows that cross its border count by their days inside.
        organisation: who reports.
        approach: consolidation approach; blank where every entity counts whole.
        holdings: rows of an entity table.
        certificates: rows of an instrument table, certificates under annual matching.
        own: the inventory's own factor rows.
        derived: accounts that take the rows of others once more.
    """

    gwp: str
    books: tuple[str, ...]
    publications: tuple[str, ...]
    rungs: tuple[str, ...]
    max_age_years: int
    decimals: int
    period: tuple[str, str] = ("0001-01-01", "9999-12-30")
    pro_rata: bool = False
    organisation: str = ""
    approach: str = ""
    holdings: tuple[Row, ...] = ()
    certificates: tuple[Row, ...] = ()
    own: tuple[Row, ...] = ()
    derived: tuple[str, ...] = ()


@dataclass(frozen=True)
class Want:
    """A factor that is wanted: kind, word, bases, whether their order counts, and what the factor is to be per."""

    kind: str
    word: str
    bases: tuple[str, ...]
    is_ordered: bool
    per: str


class Tables:
    """The tables under ``factors/``, read as text."""

    def __init__(self, folder: Path) -> None:
        self.units = {row["spelling"]: row for row in _rows(folder / "units.csv") if row["status"] == "accepted"}
        self.parents = {row["region"]: row["parent"] for row in _rows(folder / "regions.csv")}
        self.accounts = {row["activity"]: row for row in _rows(folder / "accounts.csv")}
        self.gases = {row["gas"]: row for row in _rows(folder / "gases.csv")}
        self.gwps = {(row["gwp_set"], row["gas"]): Fraction(row["value"]) for row in _rows(folder / "gwp.csv")}
        self.blends: dict[str, dict[str, Fraction]] = {}
        for row in _rows(folder / "blends.csv"):
            self.blends.setdefault(row["blend"], {})[row["gas"]] = Fraction(Decimal(row["share"]))
        self.factors: dict[tuple[str, str], list[Row]] = {}
        for path in sorted((folder / "packs").glob("*/*.csv")):
            for row in _rows(path):
                self.factors.setdefault((row["kind"], row["activity"]), []).append(row)

    def amount(self, rules: Rules, row: Row) -> Fraction:
        """The amount in base units; it counts in quanta of the written unit, half up."""
        quanta = floor(Fraction(Decimal(row["amount"])) * 10**rules.decimals + Fraction(1, 2))
        return Fraction(quanta, 10**rules.decimals) * self.size(row["unit"])[1]

    def by_days(
        self, rules: Rules, row: Row, days: tuple[date, date], wants: Sequence[Want]
    ) -> list[tuple[Fraction, list[list[Row]]]]:
        """Shares of days, each with the gas rows chosen for every want."""
        starts = sorted({days[0], *(day for want in wants for day in self.turns(rules, row, want, *days))})
        ends = [*(day - timedelta(1) for day in starts[1:]), days[1]]
        whole = (days[1] - days[0]).days + 1
        return [
            (Fraction((end - start).days + 1, whole), [self.choose(rules, row, want, start, end)[0] for want in wants])
            for start, end in zip(starts, ends, strict=True)
        ]

    def turns(self, rules: Rules, row: Row, want: Want, start: date, end: date) -> set[date]:
        """Days on which factors change; none where one factor covers the whole of it."""
        try:
            if not self.choose(rules, row, want, start, end)[1]:
                return set()
        except NotCoveredError:
            pass
        bounds = [bound for factor in self.at_hand(rules, row, want) for bound in _validity(factor)]
        days = {bound + timedelta(last) for last, bound in bounds if bound}
        return {day for day in days if start < day <= end}

    def at_hand(self, rules: Rules, row: Row, want: Want) -> list[Row]:
        """Factors that no rule but time removes."""
        own = [factor for factor in rules.own if (factor["kind"], factor["activity"]) == (want.kind, want.word)]
        places = self.places(rules, row["region"])
        return [
            factor
            for factor in [*self.factors.get((want.kind, want.word), ()), *own]
            if (factor["source"] in rules.publications or factor["source"] == OWN)
            and (not want.bases or factor["basis"] in want.bases)
            and factor["region"] in places
            and self.size(factor["unit"].partition("/")[2])[0] == want.per
        ]

    def choose(self, rules: Rules, row: Row, want: Want, start: date, end: date) -> tuple[list[Row], int]:
        """The gas rows of the one factor that the rules leave, and its age (design.md, "Factor choice")."""
        places = self.places(rules, row["region"], every=True)
        ranked: dict[tuple[object, ...], list[Row]] = {}
        for factor in self.at_hand(rules, row, want):
            (_, first), (_, last) = _validity(factor)
            if first and first > start:
                continue
            age = max(end.year - last.year, 1) if last and last < end else 0
            if age > rules.max_age_years:
                continue
            is_own, steps = factor["source"] == OWN, places.index(factor["region"])
            rank = (
                want.bases.index(factor["basis"]) if want.is_ordered else 0,
                not (is_own and not age and not steps),
                factor["region"] == WORLD != row["region"],
                age,
                steps,
                not is_own,
                -1 if is_own else rules.publications.index(factor["source"]),
            )
            ranked.setdefault(rank, []).append(factor)
        if not ranked:
            raise NotCoveredError(f"no {want.kind} of {want.word} in {row['region']}")
        best = min(ranked)
        return self._smallest(ranked[best]), int(str(best[3]))

    def _smallest(self, rows: Sequence[Row]) -> list[Row]:
        """The one factor left; of one printed in several units, the one per the smallest."""
        groups: dict[tuple[str, ...], dict[str, list[Row]]] = {}
        for row in rows:
            alike = tuple(row[name] for name in ("source", "region", "basis", "valid_from", "valid_to"))
            groups.setdefault((*alike, row["factor"] if row["source"] == OWN else ""), {}).setdefault(
                row["factor"], []
            ).append(row)
        if len(groups) > 1:
            raise AmbiguousError("several factors are left")
        [factors] = groups.values()
        sizes = {name: self.size(found[0]["unit"].partition("/")[2])[1] for name, found in factors.items()}
        left = [name for name, size in sizes.items() if size == min(sizes.values())]
        if len(left) > 1:
            raise AmbiguousError("several factors are left")
        return factors[left[0]]

    def places(self, rules: Rules, region: str, *, every: bool = False) -> list[str]:
        """The region and its parents, those the ladder allows or all of them."""
        chain = [region]
        while self.parents[chain[-1]]:
            chain.append(self.parents[chain[-1]])
        rungs = ["exact" if step == 0 else "world" if name == WORLD else "parent" for step, name in enumerate(chain)]
        if chain[0] == WORLD:
            rungs = ["exact" if "exact" in rules.rungs else "world"]
        return [name for name, rung in zip(chain, rungs, strict=True) if every or rung in rules.rungs]

    def value(self, factor: Row) -> Fraction:
        """A printed factor in base units: kg or MJ per base unit of the amount."""
        over, under = factor["unit"].split("/")
        return _quotient(factor["value"]) * self.size(over)[1] / self.size(under)[1]

    def rate(self, row: Row) -> Fraction:
        """The emission rate of a certificate, in kg per MJ."""
        over, under = row["rate_unit"].split("/")
        return Fraction(Decimal(row["emission_rate"])) * self.size(over)[1] / self.size(under)[1]

    def size(self, spelling: str) -> tuple[str, Fraction]:
        """What a unit measures, and how many base units it is."""
        row = self.units[spelling]
        return row["dimension"], _quotient(row["multiplier"])


def _quotient(text: str) -> Fraction:
    over, _, under = text.partition("/")
    return Fraction(Decimal(over)) / Fraction(Decimal(under or "1"))


def _validity(factor: Row) -> tuple[tuple[int, date | None], tuple[int, date | None]]:
    """First and last day of a factor; the last turns on the day after."""
    first, last = factor["valid_from"], factor["valid_to"]
    return (0, date.fromisoformat(first) if first else None), (1, date.fromisoformat(last) if last else None)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
