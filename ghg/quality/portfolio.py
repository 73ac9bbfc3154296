"""Data quality of a portfolio: scores weighted by the amount outstanding, per asset class and in total. Exact.

PCAF asks for the scores to be weighted by what is outstanding (Part A, second edition, chapter 6, box 8): the mean of
the scores, each counted by its amount. What is in different currencies is not added.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from ghg.issues import GhgError, Issue, Severity
from ghg.ledger import worked_out
from ghg.numbers import parse, readable
from ghg.statement import Cell, Statement
from ghg.units import unit

if TYPE_CHECKING:
    from ghg.runs import Run

ALL = "all"
"""Stands for every item, or every asset class."""
COLUMNS = ("asset_class", "item", "currency", "positions", "outstanding", "score")


@dataclass(frozen=True, slots=True)
class Position:
    """One row of a portfolio.

    Attributes:
        asset_class: its asset class, or that none is stated.
        item: what the row is about, such as a sector.
        currency: currency of the amount, with the price year where there is one.
        outstanding: amount outstanding, in units of the currency.
        score: data quality score, 1 (best) to 5.
    """

    asset_class: str
    item: str
    currency: str
    outstanding: Fraction
    score: int


def positions(run: Run) -> list[Position]:
    """Every posted row of a run that carries a score and what it is weighted by."""
    found = worked_out(run.engine, run.plan, "asset_class, item, weight, score", "weight")
    return [_position(*cells) for cells in found]


def _position(asset_class: str, item: str, weight: str, score: str) -> Position:
    number, _, spelling = weight.partition(" ")
    measured = unit(spelling)
    currency = measured.dimension.removeprefix("money_")
    return Position(asset_class, item, currency, parse(number) * measured.multiplier, int(score))


def weighted(held: Iterable[Position]) -> Fraction | None:
    """The mean score, each counted by its amount; none where nothing is outstanding.

    >>> held = [Position("x", "y", "EUR", Fraction(100), 1), Position("x", "y", "EUR", Fraction(300), 5)]
    >>> weighted(held)
    Fraction(4, 1)
    """
    pairs = [(found.score * found.outstanding, found.outstanding) for found in held]
    whole = sum((amount for _, amount in pairs), Fraction(0))
    return sum((scored for scored, _ in pairs), Fraction(0)) / whole if whole else None


def statement(run: Run) -> Statement:
    """The scores of a portfolio by asset class and item, of each asset class and in total, by currency.

    Raises:
        GhgError: no row carries a data quality score with an amount outstanding.
    """
    held = positions(run)
    if not held:
        raise GhgError("no row has a data quality score and an amount outstanding: see 'ghg methods investments'.")
    groups: dict[tuple[str, str, str], list[Position]] = defaultdict(list)
    for one in held:
        for asset_class, item in dict.fromkeys([(one.asset_class, one.item), (one.asset_class, ALL), (ALL, ALL)]):
            groups[one.currency, asset_class, item].append(one)
    rows = [_row(*key, found) for key, found in sorted(groups.items(), key=lambda pair: _order(pair[0]))]
    said = "Mean of the data quality scores, 1 (best) to 5, weighted by what is outstanding (PCAF, Part A, chapter 6)."
    return Statement("Data quality of the portfolio", COLUMNS, tuple(rows), (said,))


def _order(key: tuple[str, str, str]) -> tuple[object, ...]:
    """By currency; asset classes by name, the total last; within one its items, then all of it."""
    currency, asset_class, item = key
    return currency, asset_class == ALL, asset_class, item == ALL, item


def _row(currency: str, asset_class: str, item: str, held: list[Position]) -> dict[str, Cell]:
    score = weighted(held)
    return {
        "asset_class": asset_class, "item": item, "currency": currency, "positions": str(len(held)),
        "outstanding": sum((found.outstanding for found in held), Fraction(0)), "score": "" if score is None else score,
    }  # fmt: skip


def notes(run: Run) -> list[Issue]:
    """The weighted score of each asset class and of all, by currency, in one note."""
    held, said = positions(run), []
    for currency in sorted({found.currency for found in held}):
        here = [found for found in held if found.currency == currency]
        classes = sorted({found.asset_class for found in here})
        parts = [(name, weighted(found for found in here if found.asset_class == name)) for name in classes]
        parts += [("in total", weighted(here))]
        scores = ", ".join(f"{name} {readable(score)}" for name, score in parts if score is not None)
        said.append(f"{scores} ({currency})")
    message = f"data quality scores weighted by the amount outstanding: {'; '.join(said)}."
    hint = "'ghg portfolio' prints them by asset class and item; 1 is best, 5 is worst."
    return [Issue("portfolio-score", message, hint, severity=Severity.NOTE)] if said else []
