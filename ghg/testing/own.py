"""``ghg`` as a pipeline that the laws can be tried on: with the library's factors, and with factors of the case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

from ghg import activity, bundle, frames, ledger
from ghg.accounts import accounts
from ghg.boundary.beside import Beside
from ghg.engines import Engine, quoted
from ghg.factors import Factor, FactorRow, FactorTable, library
from ghg.figures import figures
from ghg.gases import CO2E, gases, gwp
from ghg.instruments.application import Instruments, consuming
from ghg.instruments.declaration import Instrument, InstrumentRules
from ghg.inventory import Inventory
from ghg.issues import InputError
from ghg.numbers import parse, printed
from ghg.plan import Key
from ghg.runs import Asked, Run, compute
from ghg.testing import formats, inventories, stated
from ghg.testing.pipeline import TOTAL, Case, Coverage, Number, Pipeline, Totals
from ghg.testing.reference import Reference, Rules
from ghg.uncertainty.policy import Policy
from ghg.units import conversion, unit

KG_PER_T = 1000
GASES = ("CO2", "CH4_fossil", "N2O", "CO2_biogenic")
OWN_UNITS = {
    "purchased_electricity": ("kWh", "MWh", "GWh", "MJ", "GJ", "BTU"),
    "diesel_stationary": ("MWh_net", "GJ_net", "TJ_net"),
    "gasoline_mobile": ("MWh_net", "MJ_net"),
    "commuting_car": ("km", "m", "mile"),
}
"""Activities that a case brings factors for, with units of one dimension each."""
ROW = {
    "entity": "north",
    "region": "CN",
    "start": f"{inventories.YEAR}-01-01",
    "end": f"{inventories.YEAR}-12-31",
    "provenance": "measured",
}
SCOPES = {
    "purchased_electricity": "2", "diesel_stationary": "1", "gasoline_mobile": "1", "commuting_car": "3",
    "leased_assets_electricity": "3", "water": "", "waste_hazardous": "",
}  # fmt: skip
"""The scope of each activity, written here once more (Corporate Standard, chapter 4; Scope 3 Standard, chapter 5)."""
DRAWS = 200
"""Draws of approach 2: few, since a law compares two answers and does not read them."""
CONSUMING = consuming()
"""Activities that instruments may cover."""
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


Load = Callable[[Engine], None]


def loading(case: Case) -> Load:
    """A loader of a case's rows as text."""
    return lambda engine: activity.load_rows(engine, case.rows)


def with_own(case: Case, asked: Asked, load: Load | None = None) -> Run:
    """The run of a case with its own factors and no others, in the location-based book.

    Raises:
        InputError: rows are wrong and an incomplete result was not asked for.
    """
    asked_for = inventories.inventory(case.gwp, books=("location",))
    return compute(asked_for, lambda: FactorTable(own=own_factors(case)), load or loading(case), asked)


def with_library(case: Case, asked: Asked, load: Load | None = None) -> Run:
    """The run of a case with the factors of the library, in both books.

    Raises:
        InputError: rows are wrong and an incomplete result was not asked for.
    """
    return compute(inventories.inventory(case.gwp), library, load or loading(case), asked)


def comparable(asked_for: Inventory) -> set[str]:
    """Figures that rows add up to: of the books computed, and not those left out where a scope has nothing posted."""
    return {
        name
        for name, figure in figures().items()
        if figure.book in asked_for.books and len(figure.scope.split()) < len(("1", "2", "3"))
    }


def totals(run: Run) -> Totals:
    """What the laws ask of a run: kg CO2e in the location-based book, figures and intensities as they are."""
    result = run.result
    found, names = {**result.figures(), **result.intensities()}, comparable(run.inventory)
    amounts = {name: value.amount for name, value in found.items() if name.partition("/")[0] in names}
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
        posted=run.balance.posted + run.balance.outside,  # a row outside the boundary is accounted for with nothing
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
            quantity = ledger.of_limbs(high, low, run.balance.decimals) * unit(key.unit).multiplier
            for name, value in _contributions(run, run.plan.keys.get(key), quantity):
                found[name].append(value)
        return {name: found[name] for name in comparable(run.inventory)} | {
            TOTAL: [Fraction(value) * KG_PER_T for name in ("scope1+2", "scope3") for value in found[name]]
        }


def _contributions(run: Run, match: int | None, quantity: Fraction) -> Iterable[tuple[str, Fraction]]:
    """What an amount in base units adds to each figure, by the postings of its match; nothing outside the boundary."""
    for posting in run.plan.matches[match].postings if match is not None else ():
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


def what_if_of_gwp(before: Case, after: Case) -> Totals:
    """The case before under the GWP set of the case after, from its balance."""
    with closing(with_library(before, Asked())) as run:
        return totals(run.what_if(gwp=after.gwp))


def potential(gwp_set: str, gas: str) -> Fraction:
    """What a kilogram of a gas is worth in the scopes: CO2e itself, and nothing where it is reported outside them."""
    if gas == CO2E:
        return Fraction(1)
    return gwp(gwp_set, gas).amount if gases()[gas].in_scopes == "yes" else Fraction(0)


@cache
def reference() -> Reference:
    """The independent reference over the shipped tables."""
    return Reference(bundle.folder("factors"))


def by_reference(case: Case, asked_for: Inventory | None = None, **beside: Any) -> Totals:  # noqa: ANN401 - of Rules
    """The totals of a case by the independent reference; ``beside`` are fields of its rules."""
    asked_for = asked_for or inventories.inventory(case.gwp)
    every = reference().figures(rules_of(asked_for, **beside), case.rows)
    found = {name: value for name, value in every.items() if name in comparable(asked_for)}
    per = {
        f"{name}/{denominator}": value / parse(stated.amount)
        for denominator, stated in asked_for.denominators.items()
        for name, value in found.items()
    }
    total = KG_PER_T * sum((found.get(name, Fraction(0)) for name in ("scope1+2", "scope3")), Fraction(0))
    return Totals(total=total, figures=found | per)


def rules_of(asked_for: Inventory, **beside: Any) -> Rules:  # noqa: ANN401 - any field of the rules
    """What an inventory states, as the reference takes it."""
    return Rules(
        gwp=asked_for.gwp, books=tuple(asked_for.books), publications=asked_for.publications,
        rungs=asked_for.ladder.regions, max_age_years=asked_for.ladder.max_age_years, decimals=asked_for.decimals,
        **beside,
    )  # fmt: skip


def bridge(before: Run, after: Run) -> Mapping[str, Number]:
    """What makes the difference between two runs in the location-based book, in kg CO2e; both are closed."""
    with closing(before), closing(after):
        return {switch: effect * KG_PER_T for switch, effect in after.bridge(before).total.effects.items()}


POLICY = Policy.model_validate(
    {
        "rows": "shared", "missing": "disclose",
        "activity": [{"spread": "5 % normal", "why": "generated"}],
        "factors": [{"spread": "10 % lognormal", "why": "generated"}],
        "gwp": [{"spread": "20 % normal", "why": "generated"}],
    }
)  # fmt: skip
"""What is stated of every input whose spread the laws ask for."""


def spread(run: Run, approach: int) -> Number:
    """The half widths of the intervals of Scope 1 and 2 and of Scope 3, added, in t CO2e; closes the run."""
    with closing(run):
        found = run.uncertainty(POLICY, approach=approach, draws=DRAWS).intervals
        return sum(found[name].upper - found[name].lower for name in ("scope1+2", "scope3") if name in found)


def coverage(case: Case) -> Coverage:
    """How the ledger values purchased electricity in the market-based book: by instruments, and by a factor."""
    held = [
        Instrument(stated.certificate(row), "instruments.csv", n) for n, row in enumerate(case.instruments, start=2)
    ]
    instruments = Instruments(InstrumentRules(tables=("instruments.csv",)), tuple(held))
    rows = [row for row in case.rows if row["activity"] in CONSUMING]
    if not rows:
        return Coverage(0, 0, {})
    made = compute(
        inventories.inventory(case.gwp), lambda: library().with_own(instruments.factors([])),
        lambda engine: activity.load_rows(engine, rows), Asked(), beside=Beside(instruments=instruments),
    )  # fmt: skip
    mwh = unit("MWh").multiplier
    used: defaultdict[str, Fraction] = defaultdict(Fraction)
    with closing(made):
        for entry in made.result.entries():
            if (entry.posting.book, entry.posting.measure) == ("market", "emissions"):
                base = entry.quantity * unit(entry.dimensions["unit"]).multiplier
                used[entry.posting.factor.removeprefix("instrument:")] += base * entry.posting.share / mwh
    names = {row["id"] for row in case.instruments}
    consumed = (parse(row["amount"]) * unit(row["unit"]).multiplier for row in rows)
    return Coverage(
        consumed=sum(consumed, Fraction(0)) / mwh,
        uncovered=sum((amount for name, amount in used.items() if name not in names), Fraction(0)),
        used={name: amount for name, amount in used.items() if name in names},
    )


def scanned(run: Callable[..., Run]) -> Callable[[Case], Totals]:
    """The totals of a case whose rows lie in a Parquet file and are scanned in place."""

    def compute_scanned(case: Case) -> Totals:
        with formats.folder() as beside:
            path = formats.parquet(case.rows, beside / "rows.parquet")
            return answered(run(case, Asked(readable=(beside,)), formats.scanning(path)))

    return compute_scanned


def framed(run: Callable[..., Run]) -> Callable[[Case], Totals]:
    """The totals of a case whose rows are a frame."""

    def compute_framed(case: Case) -> Totals:
        import pandas as pd

        rows = pd.DataFrame(formats.records(case.rows))
        return answered(run(case, Asked(activity=rows), lambda engine: frames.load(engine, rows)))

    return compute_framed


def on_spark(pipeline: Pipeline, session: Any) -> Pipeline:  # noqa: ANN401 - of a package that need not be there
    """A pipeline of ``ghg`` with Apache Spark as its other engine.

    Args:
        pipeline: ``OWN``.
        session: a session of Spark; rows become frames of it.
    """

    def compute_there(case: Case) -> Totals:
        import pyarrow as pa

        rows = session.createDataFrame(pa.Table.from_pylist(formats.records(case.rows)))
        return answered(with_own(case, Asked(activity=rows), lambda engine: frames.load(engine, rows)))

    return replace(pipeline, engines={"Spark": compute_there})


def pipeline(name: str, run: Callable[[Case, Asked], Run], **differs: Any) -> Pipeline:  # noqa: ANN401 - any field
    """``ghg`` as a pipeline, by one way to run a case."""

    def by(threads: int) -> Callable[[Case], Totals]:
        return lambda case: answered(run(case, Asked(threads=threads)))

    found: dict[str, Any] = {
        "compute": lambda case: answered(run(case, Asked())),
        "gwp_sets": ("AR4", "AR5", "AR6"),
        "row": ROW,
        "refuses": (InputError,),
        "corrections": True,
        "gives": frozenset({"masses", "parts"}),
        "partial": lambda case: answered(run(case, Asked(incomplete=True))),
        "trace": lambda case: trace(run(case, Asked())),
        "engines": {
            "rows scanned in place": scanned(run),
            "a frame": framed(run),
            **{f"{n} threads": by(n) for n in (1, 4)},
        },
        "potentials": potential,
        "scopes": SCOPES,
        "prints": printed,
        "bridge": lambda before, after: bridge(run(before, Asked()), run(after, Asked())),
        "coverage": coverage,
    }
    return Pipeline(name=name, **(found | differs))


OWN = pipeline(
    "ghg with factors of the case",
    with_own,
    activities=OWN_UNITS,
    gases=GASES,
    what_if=what_if,
    spread=lambda case: spread(with_own(case, Asked()), 1),
    formats=formats.FORMATS,
)
"""``ghg`` with factors that the case brings: every law applies."""
LIBRARY = pipeline(
    "ghg with the factors of the library",
    with_library,
    activities=inventories.UNITS,
    rows=inventories.rows(),
    what_if=what_if_of_gwp,
    spread=lambda case: spread(with_library(case, Asked()), 2),
    engines={"the independent reference": by_reference, "rows scanned in place": scanned(with_library)},
    lacks={
        "factors": "here it takes the factors of the library",
        "formats": "written forms are tried where the case brings its factors",
    },
)
"""``ghg`` with factors of the library, two entities, five regions and both books of Scope 2."""
