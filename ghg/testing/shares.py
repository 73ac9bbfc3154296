"""``ghg`` as a pipeline whose rows count by shares: of holdings that change, days, certificates, factors in turn.

Two years, two entities of which parts are held, one of them through the other, rows that cross every border there is,
and the instruments of the case. The independent reference computes it once more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from contextlib import closing
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import strategies as st

from ghg.boundary.beside import Beside
from ghg.boundary.entities import Entities, Holding, Place
from ghg.factors import library
from ghg.instruments.application import Instruments
from ghg.instruments.declaration import Instrument, InstrumentRow, InstrumentRules
from ghg.inventory import Inventory, restated
from ghg.runs import Asked, Run, compute
from ghg.testing import inventories, own, stated
from ghg.testing.pipeline import Case, Coverage, Pipeline, Row, Totals
from ghg.units import unit

FIRST, LAST = date(inventories.YEAR, 1, 1), date(inventories.YEAR + 1, 12, 31)
TABLE = "instruments.csv"
HOLDINGS: tuple[Row, ...] = tuple(
    {
        "entity": entity, "parent": parent, "equity_share": share, "valid_from": first, "valid_to": last,
        "financial_control": "joint", "operational_control": "yes", "type": "subsidiary", "lease": "", "role": "",
    }
    for entity, parent, share, first, last in (
        ("north", "generated", "0.4", "", "2022-06-30"),
        ("north", "generated", "1", "2022-07-01", ""),
        ("south", "north", "0.505", "2022-03-01", ""),
    )
)  # fmt: skip
"""Who holds what: more of one entity from July 2022 on, and of the other through it, from March."""


BORDERS = tuple(
    date(year, month, day) + timedelta(step)
    for year, month, day in ((2022, 1, 1), (2022, 3, 1), (2022, 7, 1), (2023, 1, 1), (2024, 1, 1))
    for step in (-1, 0)
)
"""First days, and the days before them: of the period, of holdings, and of the years that factors are of."""


def rows() -> st.SearchStrategy[dict[str, str]]:
    """Sound rows that may cross every border: of the period, of holdings, and of the years that factors are of."""
    days = st.one_of(st.sampled_from(BORDERS), st.dates(date(FIRST.year - 1, 12, 1), date(LAST.year + 1, 1, 31)))

    def row(found: Row, one: date, other: date) -> dict[str, str]:
        start, end = min(one, other), max(one, other)
        return {**found, "start": str(min(start, LAST)), "end": str(max(end, FIRST))}

    return st.builds(row, inventories.rows(), days, days)


def inventory(gwp: str) -> Inventory:
    """An inventory of two years that consolidates by equity share and counts rows by their days inside."""
    fields = {
        "period": {"start": str(FIRST), "end": str(LAST)}, "cut_off": "pro_rata", "consolidation": "equity_share",
        "publications": ("cn-mee-2021", "cn-mee-2022", "cn-mee-2023", "ipcc-2006-v2"), "entities": ("entities.csv",),
        "ladder": {"regions": ("exact", "parent", "world"), "max_age_years": 1},
    }  # fmt: skip
    return restated(inventories.inventory(gwp), fields)


def certificates(case: Case) -> list[InstrumentRow]:
    """The instruments of a case: of the organisation, and of each of its entities, in turn."""
    return [
        stated.certificate(row, beneficiary=("generated", "north", "south")[number % 3])
        for number, row in enumerate(case.instruments)
    ]


def with_shares(case: Case, asked: Asked, load: own.Load | None = None) -> Run:
    """The run of a case with the holdings above and the case's certificates.

    Raises:
        InputError: rows are wrong and an incomplete result was not asked for.
    """
    held = [Instrument(row, TABLE, line) for line, row in enumerate(certificates(case), start=2)]
    instruments = Instruments(InstrumentRules(tables=(TABLE,)), tuple(held)) if held else None
    places = [Place(Holding.model_validate(row), "entities.csv", line) for line, row in enumerate(HOLDINGS, start=2)]
    table = library().with_own(instruments.factors([])) if instruments else library()
    beside = Beside(instruments, Entities("generated", places))
    return compute(inventory(case.gwp), lambda: table, load or own.loading(case), asked, beside=beside)


def by_reference(case: Case) -> Totals:
    """The totals of a case by the independent reference."""
    asked_for = inventory(case.gwp)
    bought = (row.model_dump(mode="json") for row in certificates(case))
    return own.by_reference(
        case, asked_for, period=(str(FIRST), str(LAST)), pro_rata=True, organisation="generated",
        approach="equity_share", holdings=HOLDINGS, certificates=tuple(bought),
    )  # fmt: skip


def coverage(case: Case) -> Coverage:
    """How the market-based book values the electricity that the location-based book holds."""
    mwh, names = unit("MWh").multiplier, {row["id"] for row in case.instruments}
    sums: defaultdict[tuple[str, str], Fraction] = defaultdict(Fraction)
    with closing(with_shares(case, Asked())) as made:
        for entry in made.result.entries():
            if entry.posting.measure == "emissions" and entry.posting.scope == "2":
                factor = entry.posting.factor.removeprefix("instrument:")
                base = entry.quantity * unit(entry.dimensions["unit"]).multiplier
                sums[entry.posting.book, factor if factor in names else ""] += base * entry.posting.share / mwh
    used: Mapping[str, Fraction] = {name: amount for (_, name), amount in sums.items() if name}
    return Coverage(sums["location", ""], sums["market", ""], used)


SHARES: Pipeline = own.pipeline(
    "ghg with shares of entities and days",
    with_shares,
    activities=inventories.UNITS,
    rows=rows(),
    spread=lambda case: own.spread(with_shares(case, Asked()), 1),
    coverage=coverage,
    engines={"the independent reference": by_reference},
    lacks={
        "factors": "here it takes the factors of the library",
        "formats": "written forms are tried where the case brings its factors",
        "what_if": "what-ifs are tried where every row counts whole",
    },
)
"""``ghg`` with holdings, periods, certificates and factors that change while an activity lasts."""
