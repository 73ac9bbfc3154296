"""The figures a statement prints: named selections of the balance, shared by reports, checks and explanations."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict

from ghg.issues import UnknownNameError
from ghg.reading.shipped import shipped

Book = Literal["location", "market"]
BOOKS: tuple[Book, ...] = get_args(Book)
"""The books of Scope 2."""


class Figure(BaseModel):
    """One figure: a measure, filtered by scope, category or kind of energy, in one book.

    ``scope`` and ``energy`` list the accepted values, separated by spaces; a blank accepts all.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    figure: str
    label: str
    measure: str
    book: Book
    scope: str
    category: str
    energy: str
    unit: str
    note: str

    def includes(self, *, measure: str, book: str, scope: str, category: str, energy: str) -> bool:
        """Whether a posting with these marks counts towards the figure; ``book`` blank means every book."""
        return (
            measure == self.measure
            and book in ("", self.book)
            and (not self.scope or scope in self.scope.split())
            and (not self.category or category == self.category)
            and (not self.energy or energy in self.energy.split())
        )

    def written(self, unit: str) -> str:
        """A unit of the figure as people read it: emissions are tonnes of CO2e."""
        gas = {"emissions": "CO2e", "gases_outside_scopes": "CO2e", "biogenic_co2": "CO2"}.get(self.measure)
        return unit.replace("t", f"t {gas}", 1) if gas else unit


@cache
def figures() -> Mapping[str, Figure]:
    """Every figure by its id, in the order they are printed."""
    return {row.figure: row for row in shipped("figures.csv", Figure)}


def figure(name: str) -> Figure:
    """The figure of an id.

    Raises:
        UnknownNameError: no figure has the id.
    """
    if name not in figures():
        raise UnknownNameError("figure", name, figures())
    return figures()[name]
