"""Strategies for what people state beside rows: inventories, what-ifs, published tables and certificates of ``ghg``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from hypothesis import strategies as st

from ghg.change.forms import AddActivity, DropActivity, ScaleActivity, ScaleFactor, SetFactor, SetGwp, Step, WhatIf
from ghg.figures import figures
from ghg.instruments.declaration import InstrumentRow
from ghg.inventory import Inventory
from ghg.numbers import printed
from ghg.published import PublishedFigure
from ghg.testing import inventories
from ghg.testing.pipeline import Row
from ghg.testing.strategies import amounts, numbered

WORDS = ("a title", 'the "old" site, north', "Süd; 2", "金山云", "yes", "1.10", "2022-01-01", "null", "# no remark")
"""Texts that a careless writer or reader of a file changes."""
VALUED = {"cn-mee-2022:national": "kg/kWh", "ipcc-2006:diesel-stationary-commercial:CO2": "kg/TJ_net"}
"""Factor rows that inventories over ``rows`` use, each with a unit its value may be given in."""


def stated_inventories(gwp_sets: tuple[str, ...] = ("AR4", "AR5", "AR6")) -> st.SearchStrategy[Inventory]:
    """Inventories that every row of ``rows`` fits: titles, GWP sets, books, quanta, dimensions and publications vary.

    The publications needed are always there; others may stand before or after them.
    """

    def stated(title: str, gwp: str, fields: Mapping[str, object], more: list[str]) -> Inventory:
        basis = inventories.inventory(gwp)
        others = {"title": title, "publications": [*basis.publications, *more], **fields}
        return Inventory.model_validate(basis.model_dump(mode="json", exclude_unset=True) | others)

    fields = st.fixed_dictionaries(
        {
            "quantum": st.sampled_from(["1e-6", "0.000001", "1e-9"]),
            "books": st.sampled_from([["location"], ["location", "market"]]),
            "dimensions": st.lists(st.sampled_from(["entity", "site", "region"]), unique=True),
            "assumptions": st.lists(st.sampled_from(WORDS), max_size=2),
        }
    )
    more = st.lists(st.sampled_from(["desnz-2023", "desnz-2024"]), unique=True)
    return st.builds(stated, st.sampled_from(WORDS), st.sampled_from(gwp_sets), fields, more)


def what_ifs() -> st.SearchStrategy[WhatIf]:
    """What-if files over an inventory of ``rows``: factors set or scaled, a GWP set, rows scaled, dropped or added."""
    number, names = amounts(places=4, largest=9), st.sampled_from(sorted(VALUED))
    activities = st.lists(st.sampled_from(sorted(inventories.UNITS)), min_size=1, max_size=2, unique=True)

    def added(row: Row) -> Step:
        return AddActivity(why="added", rows=({**row, "id": "added"},))

    steps: st.SearchStrategy[Step] = st.one_of(
        st.builds(
            lambda pair, value: SetFactor(why="set", factor=pair[0], to=f"{value} {pair[1]}"),
            st.sampled_from(sorted(VALUED.items())), number,
        ),
        st.builds(lambda name, by: ScaleFactor(why="scaled", factor=name, by=by), names, number),
        st.builds(lambda name: SetGwp(why="set", gwp=name), st.sampled_from(["AR4", "AR5", "AR6"])),
        st.builds(
            lambda words, by: ScaleActivity(why="scaled", where={"activity": tuple(words)}, by=by), activities, number
        ),
        st.builds(lambda words: DropActivity(why="dropped", where={"activity": tuple(words)}), activities),
        inventories.rows("added").map(added),
    )  # fmt: skip

    def stated(title: str, changes: list[Step]) -> WhatIf:
        once = [step for place, step in enumerate(changes) if step.change != "add_activity" or place == 0]
        return WhatIf(
            what_if="drawn", title=title, reference="generated", baseline="inventory.yaml", changes=tuple(once)
        )

    return st.builds(stated, st.sampled_from(WORDS), st.lists(steps, max_size=4))


def published_tables(
    values: Mapping[str, Fraction], *, places: int = 6, year: int = inventories.YEAR
) -> st.SearchStrategy[tuple[PublishedFigure, ...]]:
    """Tables that print these figures, each rounded half up to decimals of its own.

    Args:
        values: figure of ``factors/figures.csv`` to its value, in the figure's unit.
        places: most decimals.
        year: the calendar year they are of.
    """

    def cell(name: str, decimals: int, *, thousands: bool) -> PublishedFigure:
        about = figures()[name]
        return PublishedFigure(
            figure=name, table="generated", row=name, indicator=about.label, unit_printed=about.unit, unit=about.unit,
            period_start=date(year, 1, 1), period_end=date(year, 12, 31),
            printed=printed(values[name], decimals, thousands=thousands), identity="", implied_factor="", footnotes="",
            source="cn-mee-2022", locator="generated",
        )  # fmt: skip

    cells = [st.builds(cell, st.just(name), st.integers(0, places), thousands=st.booleans()) for name in values]
    return st.tuples(*cells)


def certificates(maximum: int = 4, *, year: int = inventories.YEAR) -> st.SearchStrategy[tuple[InstrumentRow, ...]]:
    """Contractual instruments of the organisation ``generated`` that meet every quality criterion in the market CN.

    Certificates, contracts and supplier rates, with rates from zero up; distinct ids and numbers.
    """
    kinds = st.sampled_from(["gec", "green_power_trade", "ppa"])
    stated = st.tuples(kinds, amounts(places=3, largest=10**6), amounts(places=4, largest=1))
    rows = st.lists(stated, max_size=maximum)
    return rows.map(
        lambda found: tuple(
            certificate({"id": row["id"], "amount": amount, "unit": "MWh"}, kind=kind, rate=rate, year=year)
            for row, (kind, amount, rate) in zip(numbered([{} for _ in found], "certificate"), found, strict=True)
        )
    )


def certificate(
    held: Row, *, kind: str = "gec", rate: str = "0", gwp: str = "AR5", year: int = inventories.YEAR,
    beneficiary: str = "generated",
) -> InstrumentRow:  # fmt: skip
    """An instrument that meets every criterion, from its id, amount and unit, and ``number`` where it has another."""
    return InstrumentRow.model_validate(
        {
            "id": held["id"], "kind": kind, "amount": held["amount"], "unit": held["unit"], "market": "CN",
            "vintage_start": f"{year}-01-01", "vintage_end": f"{year}-12-31", "issued": f"{year + 1}-01-05",
            "retired": f"{year + 1}-01-20", "registry": "GEC", "tracking_id": held.get("number", held["id"]),
            "beneficiary": beneficiary, "attributes": "conveyed", "emission_rate": rate, "rate_unit": "kg/kWh",
            "rate_gas": "CO2e", "rate_gwp_set": gwp, "source": "cn-mee-2022", "locator": "generated",
        }
    )  # fmt: skip
