"""Strategies for the inventories of ``ghg`` and their rows, and a run over rows given as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from hypothesis import strategies as st

from ghg import activity
from ghg.accounts import accounts
from ghg.factors import library
from ghg.figures import Book
from ghg.inventory import Inventory
from ghg.numbers import decimal_text, parse
from ghg.runs import Asked, Run, compute
from ghg.testing.strategies import amounts, numbered
from ghg.units import accepted, conversion, unit

Row = dict[str, str]
YEAR = 2022
UNITS = {
    "purchased_electricity": ("kWh", "MWh", "GWh", "MJ", "GJ"),
    "leased_assets_electricity": ("kWh", "MWh", "GJ"),
    "diesel_stationary": ("MWh_net", "GJ_net", "TJ_net", "kg", "t"),
    "gasoline_mobile": ("MWh_net", "MJ_net", "kg", "t"),
    "water": ("kg", "t", "lb"),
    "waste_hazardous": ("g", "kg", "t", "short_ton"),
}
"""Activities that rows are drawn from, each with units its methods take."""
REGIONS = ("CN", "CN-BJ", "CN-TJ", "CN-GRID-EAST", "CN-XZ")
"""Regions that the publications of ``inventory`` cover, directly or by their parent."""


def rows(name: str = "row") -> st.SearchStrategy[Row]:
    """One sound activity row; rows of a list need ids of their own, see ``tables``."""
    days = st.dates(date(YEAR, 1, 1), date(YEAR, 12, 31))

    def row(word: tuple[str, str], amount: str, place: tuple[str, str], dates: tuple[date, date]) -> Row:
        return {
            "id": name,
            "entity": place[1],
            "activity": word[0],
            "region": place[0],
            "start": str(min(dates)),
            "end": str(max(dates)),
            "amount": amount,
            "unit": word[1],
            "provenance": "measured",
        }

    words = st.sampled_from([(word, spelling) for word, spellings in UNITS.items() for spelling in spellings])
    places = st.tuples(st.sampled_from(REGIONS), st.sampled_from(("north", "south")))
    return st.builds(row, words, amounts(), places, st.tuples(days, days))


def tables(minimum: int = 1, maximum: int = 8) -> st.SearchStrategy[list[Row]]:
    """Sound activity rows with distinct ids."""
    return st.lists(rows(), min_size=minimum, max_size=maximum).map(numbered)


def inventory(gwp: str = "AR5", quantum: str = "0.000001", books: Sequence[Book] = ("location", "market")) -> Inventory:
    """An inventory that every row of ``rows`` fits: both books, the 2022 factors, the whole region ladder."""
    stated = {
        "inventory": "generated",
        "organisation": "generated",
        "title": "generated inventory",
        "period": {"start": f"{YEAR}-01-01", "end": f"{YEAR}-12-31"},
        "base_year": "none",
        "consolidation": "not_stated",
        "boundary": "generated rows",
        "gwp": gwp,
        "books": list(books),
        "quantum": quantum,
        "dimensions": ["entity"],
        "publications": ["cn-mee-2022", "ipcc-2006-v2"],
        "ladder": {"regions": ["exact", "parent", "world"], "max_age_years": 0},
        "activity": ["generated"],
        "denominators": {
            "revenue": {
                "amount": "1000",
                "unit": "CNY_million",
                "label": "revenue",
                "source": "cn-mee-2022",
                "locator": "generated",
            }
        },
    }
    return Inventory.model_validate(stated)


def run_rows(
    found: Sequence[Mapping[str, str]],
    asked: Inventory | None = None,
    *,
    values: Mapping[str, str] | None = None,
    gwp: str | None = None,
    threads: int | None = None,
    incomplete: bool = False,
) -> Run:
    """The run of an inventory over rows given as text.

    Raises:
        InputError: rows are wrong and ``incomplete`` is not set.
    """
    options = Asked(values or {}, gwp, threads, incomplete)
    return compute(asked or inventory(), library, lambda engine: activity.load_rows(engine, found), options)


def figures_of(run: Run) -> dict[str, Fraction]:
    """Every figure and intensity of a run, exact; closes the run."""
    found = {**run.result.figures(), **run.result.intensities()}
    run.close()
    return {name: value.amount for name, value in found.items()}


def rewritten(row: Mapping[str, str], spelling: str) -> Row:
    """The row with its amount in another unit of the same dimension."""
    step = conversion(unit(row["unit"]), unit(spelling))
    return {**row, "amount": decimal_text(parse(row["amount"]) * step), "unit": spelling}


def smaller_units(row: Mapping[str, str]) -> list[str]:
    """Units the row's amount can be rewritten in without more decimals: whole multiples of which make its own."""
    current = accepted()[row["unit"]]
    return [
        name
        for name in UNITS[row["activity"]]
        if accepted()[name].dimension == current.dimension
        and (current.multiplier / accepted()[name].multiplier).denominator == 1
    ]


def posts(word: str) -> bool:
    """Whether an activity posts emissions."""
    return accounts()[word].measure == "emissions"
