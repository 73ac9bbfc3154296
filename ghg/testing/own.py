"""``ghg`` as a pipeline that the laws can be tried on: with the library's factors, and with factors of the case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from fractions import Fraction
from typing import Any

from ghg import activity, ledger
from ghg.accounts import accounts
from ghg.engines import quoted
from ghg.factors import Factor, FactorRow, FactorTable, library
from ghg.figures import figures
from ghg.gases import CO2E, gwp
from ghg.issues import InputError
from ghg.numbers import decimal_text, parse
from ghg.plan import Key
from ghg.reports.documents import RunDocument, run_document
from ghg.runs import Asked, Run, compute
from ghg.testing import inventories
from ghg.testing.pipeline import TOTAL, Case, Format, Number, Pipeline, Row, Totals
from ghg.testing.strategies import quantities
from ghg.units import conversion, unit

KG_PER_T = 1000
GASES = ("CO2", "CH4_fossil", "N2O")
OWN_UNITS = {
    "purchased_electricity": ("kWh", "MWh", "GWh", "MJ", "GJ"),
    "diesel_stationary": ("MWh_net", "GJ_net", "TJ_net"),
    "gasoline_mobile": ("MWh_net", "MJ_net"),
    "commuting_car": ("km", "m"),
}
"""Activities that a case brings factors for, with units of one dimension each."""
ROW = {
    "entity": "north",
    "region": "CN",
    "start": f"{inventories.YEAR}-01-01",
    "end": f"{inventories.YEAR}-12-31",
    "provenance": "measured",
}
PARTS = ("scope", "category", "activity", "entity", "gas", "factor", "unit")
"""Dimensions whose parts must sum to the total."""


def own_factors(case: Case) -> list[Factor]:
    """The factors of a case as an inventory's own."""
    groups: defaultdict[str, list[FactorRow]] = defaultdict(list)
    blank = dict.fromkeys(FactorRow.model_fields, "")
    for row in case.factors:
        account = accounts()[row["activity"]]
        name = f"own:{account.activity}"
        stated = {
            "id": f"{name}:{row['gas']}", "factor": name, "kind": "emission_factor", "name": account.name,
            "activity": account.factor_activity, "region": ROW["region"], "gas": row["gas"], "value": row["value"],
            "unit": row["unit"], "gwp_set": case.gwp if row["gas"] == CO2E else "", "locator": "generated",
            "basis": account.bases("location")[0], "uncertainty": "generated", "source": "cn-mee-2022",
            "verification": "generated",
        }  # fmt: skip
        groups[name].append(FactorRow.model_validate(blank | stated))
    return [Factor(rows=tuple(rows), is_own=True) for rows in groups.values()]


def with_own(case: Case, asked: Asked) -> Run:
    """The run of a case with its own factors and no others, in the location-based book.

    Raises:
        InputError: rows are wrong and an incomplete result was not asked for.
    """
    stated = inventories.inventory(case.gwp, books=("location",))
    return compute(
        stated, FactorTable(own=own_factors(case)), lambda engine: activity.load_rows(engine, case.rows), asked
    )


def with_library(case: Case, asked: Asked) -> Run:
    """The run of a case with the factors of the library, in both books.

    Raises:
        InputError: rows are wrong and an incomplete result was not asked for.
    """
    stated = inventories.inventory(case.gwp)
    return compute(stated, library(), lambda engine: activity.load_rows(engine, case.rows), asked)


def totals(run: Run) -> Totals:
    """What the laws ask of a run: kg CO2e in the location-based book, figures and intensities as they are."""
    result = run.result
    found = {**result.figures(), **result.intensities()}
    amounts = {name: value.amount for name, value in found.items()}
    masses: defaultdict[str, Fraction] = defaultdict(Fraction)
    for entry in result.entries():
        if entry.posting.measure == "emissions" and entry.posting.book in ("", "location"):
            masses[entry.posting.gas] += entry.mass
    return Totals(
        total=KG_PER_T * sum((amounts.get(name, Fraction(0)) for name in ("scope1+2", "scope3")), Fraction(0)),
        figures=amounts,
        masses=masses,
        parts={
            name: {key[0]: value.amount * KG_PER_T for key, value in result.grouped((name,), "location")}
            for name in PARTS
        },
        posted=run.balance.posted,
        unposted=run.balance.unposted,
    )


def answered(run: Run) -> Totals:
    """The totals of a run, which is closed."""
    with closing(run):
        return totals(run)


def trace(run: Run) -> Mapping[str, list[Number]]:
    """What each single row adds to each figure: its amount times the postings of its match, without the balance."""
    with closing(run):
        listed = ", ".join(f"rows.{quoted(name)}" for name in run.plan.columns)
        rows = run.engine.rows(f"SELECT high, low, {listed} FROM rows JOIN amounts USING (row)")
        found: defaultdict[str, list[Number]] = defaultdict(list)
        for high, low, *cells in rows:
            key = Key.of(run.plan.columns, cells)
            quantity = Fraction(high * ledger.LIMB + low, 10**run.balance.decimals) * unit(key.unit).multiplier
            for name, value in _contributions(run, run.plan.keys[key], quantity):
                found[name].append(value)
        return {name: found[name] for name in run.result.figures()} | {
            TOTAL: [Fraction(value) * KG_PER_T for name in ("scope1+2", "scope3") for value in found[name]]
        }


def _contributions(run: Run, match: int, quantity: Fraction) -> Iterable[tuple[str, Fraction]]:
    """What an amount in base units adds to each figure, by the postings of its match."""
    for posting in run.plan.matches[match].postings:
        value = quantity * run.valuation.coefficient(posting) * run.valuation.potential(posting.gas, posting.measure)
        for name, figure in figures().items():
            if figure.includes(
                measure=posting.measure, book=posting.book, scope=posting.scope, category=posting.category,
                energy=posting.energy,
            ):  # fmt: skip
                base = unit("MJ" if posting.measure == "energy" else "kg")
                yield name, value * conversion(base, unit(figure.unit))


def what_if(before: Case, after: Case) -> Totals:
    """The case after, from the balance of the case before."""
    values = {f"own:{row['activity']}:{row['gas']}": f"{row['value']} {row['unit']}" for row in after.factors}
    with closing(with_own(before, Asked())) as run:
        return totals(run.what_if(values, gwp=after.gwp))


def _document(rows: Iterable[Row]) -> RunDocument:
    with closing(inventories.run_rows(list(map(dict, rows)))) as run:
        return run_document(run)


FORMATS = {
    "the JSON document of a run": Format(
        inventories.tables(1, 3).map(_document),
        lambda document: document.model_dump_json(),
        RunDocument.model_validate_json,
    ),
    "decimal text": Format(quantities(["kWh"]).map(lambda text: parse(text.split()[0])), decimal_text, parse),
}

UNTRIED = {
    "bridge": "not tried through this pipeline; the tests of ghg.change hold its bridge to the law",
    "spread": "not tried: the pipeline does not state the uncertainty that ghg.uncertainty gives",
    "coverage": "not tried through this pipeline; the tests of ghg.instruments hold its instruments to the law",
}
"""Abilities that ``ghg`` has and its pipeline does not offer to the laws."""


def _pipeline(name: str, run: Callable[[Case, Asked], Run], **differs: Any) -> Pipeline:  # noqa: ANN401 - any field
    """``ghg`` as a pipeline, by one way to run a case."""

    def by(threads: int) -> Callable[[Case], Totals]:
        return lambda case: answered(run(case, Asked(threads=threads)))

    stated: dict[str, Any] = {
        "compute": lambda case: answered(run(case, Asked())),
        "gwp_sets": ("AR4", "AR5", "AR6"),
        "row": ROW,
        "refuses": (InputError,),
        "corrections": True,
        "gives": frozenset({"masses", "parts"}),
        "partial": lambda case: answered(run(case, Asked(incomplete=True))),
        "trace": lambda case: trace(run(case, Asked())),
        "engines": {f"{threads} threads": by(threads) for threads in (1, 4)},
        "formats": FORMATS,
        "lacks": UNTRIED | differs.pop("lacks", {}),
    }
    return Pipeline(name=name, **(stated | differs))


OWN = _pipeline(
    "ghg with factors of the case",
    with_own,
    activities=OWN_UNITS,
    gases=GASES,
    potentials=lambda name, gas: gwp(name, gas).amount,
    what_if=what_if,
)
"""``ghg`` with factors that the case brings: every law of factors applies."""
LIBRARY = _pipeline(
    "ghg with the factors of the library",
    with_library,
    activities=inventories.UNITS,
    rows=inventories.rows(),
    lacks={
        "factors": "here it takes the factors of the library",
        "potentials": "methane counts by where it comes from, so one GWP a gas is not enough",
        "what_if": "here no factor is changed",
    },
)
"""``ghg`` with factors of the library, two entities, five regions and both books of Scope 2."""
