"""An independent reference: the figures of an inventory by the shortest way, in exact rationals, row by row.

It shares no code with ``ghg``: the standard library reads the tables, and each rule is written again from
``docs/explanation/design.md``. No plan, no balance, no SQL, no cache. It covers activities that lie within the validity
of one factor, without pins, selections, instruments or boundary; what it does not cover it refuses.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from pathlib import Path

Row = Mapping[str, str]
WORLD = "WORLD"
HEATING_VALUE = "net_calorific_value"
"""What turns a mass of fuel into energy where the emission factor is per energy (IPCC 2006, vol. 2, ch. 2.3)."""

MEASURED = {"water": "water", "non_hazardous_waste": "waste_non_hazardous", "hazardous_waste": "waste_hazardous"}
"""Category of a measured quantity to its figure."""


class NotCoveredError(Exception):
    """The reference does not cover the case, or the inventory's rules leave no single factor."""


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
    """

    gwp: str
    books: tuple[str, ...]
    publications: tuple[str, ...]
    rungs: tuple[str, ...]
    max_age_years: int
    decimals: int


class Reference:
    """The tables under ``factors/``, read as text."""

    def __init__(self, folder: Path) -> None:
        self.units = {row["spelling"]: row for row in _rows(folder / "units.csv") if row["status"] == "accepted"}
        self.parents = {row["region"]: row["parent"] for row in _rows(folder / "regions.csv")}
        self.accounts = {row["activity"]: row for row in _rows(folder / "accounts.csv")}
        self.in_scopes = {row["gas"]: row["in_scopes"] == "yes" for row in _rows(folder / "gases.csv")}
        self.gwps = {(row["gwp_set"], row["gas"]): Fraction(row["value"]) for row in _rows(folder / "gwp.csv")}
        self.factors = [row for path in sorted((folder / "packs").glob("*/*.csv")) for row in _rows(path)]

    def figures(self, rules: Rules, rows: Sequence[Row]) -> dict[str, Fraction]:
        """Scopes in t CO2e, energy in MWh, water and waste in t; figures that nothing posts to are left out.

        Raises:
            NotCoveredError: a row is not covered.
        """
        found: dict[str, Fraction] = {}
        for row in rows:
            for name, value in self._posted(rules, row):
                found[name] = found.get(name, Fraction(0)) + value
        return found

    def _posted(self, rules: Rules, row: Row) -> Iterator[tuple[str, Fraction]]:
        """What one row adds to each figure."""
        account = self.accounts[row["activity"]]
        dimension, size = self._unit(row["unit"])
        # Amounts count in quanta of the written unit, half up.
        quanta = floor(Fraction(Decimal(row["amount"])) * 10**rules.decimals + Fraction(1, 2))
        amount = Fraction(quanta, 10**rules.decimals) * size
        if account["energy"]:
            if dimension not in ("energy", "energy_net"):
                amount_of_energy = amount * self._heating_value(rules, account, row)
            else:
                amount_of_energy = amount
            for name in ("energy", f"energy_{account['energy']}"):
                yield name, amount_of_energy / 3600
        if account["measure"] != "emissions":
            yield MEASURED[account["category"]], amount / 1000
            return
        for book in rules.books if account["market_factor_activity"] else ("",):
            tonnes = amount * self._per_unit(rules, account, row, book, dimension) / 1000
            for name in _figures(account["scope"], account["category"], book):
                yield name, tonnes

    def _per_unit(self, rules: Rules, account: Row, row: Row, book: str, dimension: str) -> Fraction:
        """How many kg CO2e a base unit of the row's amount is."""
        side = "market_" if book == "market" else ""
        bases = account[f"{side}factor_basis"].split()
        ordered = ">" in bases
        bases = [basis for basis in bases if basis != ">"]
        word = account[f"{side}factor_activity"]
        if dimension == "mass" and word.startswith("fuel."):
            heat = self._heating_value(rules, account, row)
            gases = self._choose(rules, "emission_factor", word, bases, row, "energy_net", is_ordered=ordered)
        else:
            heat = Fraction(1)
            gases = self._choose(rules, "emission_factor", word, bases, row, dimension, is_ordered=ordered)
        return heat * sum((self._worth(rules, gas) for gas in gases), Fraction(0))

    def _heating_value(self, rules: Rules, account: Row, row: Row) -> Fraction:
        """MJ per kg of the account's fuel."""
        fuel = ".".join(account["factor_activity"].split(".")[:2])
        [value] = self._choose(rules, HEATING_VALUE, fuel, [], row, "mass", is_ordered=False)
        return self._value(value)

    def _worth(self, rules: Rules, gas: Row) -> Fraction:
        """How many kg CO2e a base unit of the amount is, by one gas row."""
        if gas["gas"] == "CO2e":
            return self._value(gas)
        return self._value(gas) * (self.gwps[rules.gwp, gas["gas"]] if self.in_scopes[gas["gas"]] else 0)

    def _value(self, factor: Row) -> Fraction:
        """A printed factor in base units: kg or MJ per base unit of the amount."""
        over, under = factor["unit"].split("/")
        value = Fraction(1)
        for text, sign in zip(factor["value"].split("/"), (1, -1), strict=False):
            value *= Fraction(Decimal(text)) ** sign
        return value * self._unit(over)[1] / self._unit(under)[1]

    def _unit(self, spelling: str) -> tuple[str, Fraction]:
        row = self.units[spelling]
        over, _, under = row["multiplier"].partition("/")
        return row["dimension"], Fraction(Decimal(over)) / Fraction(Decimal(under or "1"))

    def _choose(
        self, rules: Rules, kind: str, word: str, bases: list[str], row: Row, dimension: str, *, is_ordered: bool
    ) -> list[Row]:
        """The gas rows of the one factor that the rules leave (design.md, "Factor choice")."""
        places = self._places(rules, row["region"])
        ranked: dict[tuple[int, ...], dict[str, list[Row]]] = {}
        for factor in self.factors:
            if (factor["kind"], factor["activity"]) != (kind, word) or factor["source"] not in rules.publications:
                continue
            if (bases and factor["basis"] not in bases) or factor["region"] not in places:
                continue
            if self._unit(factor["unit"].split("/")[1])[0] != dimension:
                continue
            age = _age(factor, row)
            if age is None or age > rules.max_age_years:
                continue
            rank = (
                bases.index(factor["basis"]) if is_ordered else 0,
                int(factor["region"] == WORLD != row["region"]),
                age,
                places.index(factor["region"]),
                rules.publications.index(factor["source"]),
            )
            ranked.setdefault(rank, {}).setdefault(factor["factor"], []).append(factor)
        if not ranked or len(best := ranked[min(ranked)]) != 1:
            raise NotCoveredError(f"no single {kind} of {word} in {row['region']}")
        return next(iter(best.values()))

    def _places(self, rules: Rules, region: str) -> list[str]:
        """The region and its parents, those the ladder allows; the place among all of them is kept by order."""
        chain = [region]
        while self.parents[chain[-1]]:
            chain.append(self.parents[chain[-1]])
        allowed = [
            ("exact" in rules.rungs)
            if step == 0
            else ("world" in rules.rungs)
            if name == WORLD
            else ("parent" in rules.rungs)
            for step, name in enumerate(chain)
        ]
        return [name for name, is_allowed in zip(chain, allowed, strict=True) if is_allowed]


def _age(factor: Row, row: Row) -> int | None:
    """Years a factor is older than a row; none when it is not yet valid.

    Raises:
        NotCoveredError: its validity ends while the activity lasts.
    """
    if factor["valid_from"] and factor["valid_from"] > row["start"]:
        return None
    if not factor["valid_to"] or factor["valid_to"] >= row["end"]:
        return 0
    if factor["valid_to"] >= row["start"]:
        raise NotCoveredError("the activity lasts longer than a factor")
    return max(int(row["end"][:4]) - int(factor["valid_to"][:4]), 1)


def _figures(scope: str, category: str, book: str) -> list[str]:
    """The figures that an amount of a scope counts towards in a book; a blank book is both."""
    if scope == "3":
        return ["scope3", f"scope3.{category.partition('_')[0]}"]
    if scope == "1":
        return ["scope1", "scope1+2", "scope1+2_market"]
    return ["scope2", "scope1+2"] if book == "location" else ["scope2_market", "scope1+2_market"]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
