"""A home-made pipeline in exact numbers that can do all a law may ask, for planting faults in."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext
from fractions import Fraction

from hypothesis import strategies as st

from ghg.testing import TOTAL, Case, Coverage, Format, Pipeline, Totals
from ghg.testing.pipeline import Number, Row

SIZES = {"kWh": Fraction(1), "MWh": Fraction(1000), "km": Fraction(1), "m": Fraction(1, 1000)}
DIMENSIONS = {"kWh": "energy", "MWh": "energy", "km": "length", "m": "length"}
GWPS = {"AR5": {"CO2": 1, "CH4": 28, "N2O": 265}, "AR6": {"CO2": 1, "CH4": 27, "N2O": 273}}
SCOPES = {"power": "2", "commuting": "3"}


def amount(row: Row) -> Fraction:
    """The amount of a row in the base unit of its dimension, or a refusal."""
    text = row["amount"]
    if not text or set(text) - set("-0123456789."):
        raise ValueError(f"{text!r} is no number")
    try:
        return Fraction(Decimal(text)) * SIZES[row["unit"]]
    except InvalidOperation:
        raise ValueError(f"{text!r} is no number") from None


def lines(case: Case) -> list[tuple[Row, str, Fraction]]:
    """Each row with each gas and its mass in kg."""
    if any(row["activity"] not in SCOPES for row in case.rows):
        raise LookupError("no such activity")
    found = []
    for row in case.rows:
        factors = [factor for factor in case.factors if factor["activity"] == row["activity"]]
        if not factors:
            raise LookupError(f"no factor for {row['activity']}")
        for factor in factors:
            per = Fraction(factor["value"]) / SIZES[factor["unit"].removeprefix("kg/")]
            found.append((row, factor["gas"], amount(row) * per))
    return found


def compute(case: Case) -> Totals:
    """Totals by scope and gas, exact."""
    masses: defaultdict[str, Fraction] = defaultdict(Fraction)
    scopes: defaultdict[str, Fraction] = defaultdict(Fraction)
    activities: defaultdict[str, Fraction] = defaultdict(Fraction)
    for row, gas, mass in lines(case):
        masses[gas] += mass
        scopes[SCOPES[row["activity"]]] += mass * GWPS[case.gwp][gas]
        activities[row["activity"]] += mass * GWPS[case.gwp][gas]
    return Totals(
        total=sum(scopes.values(), Fraction(0)), figures={f"scope{name}": value for name, value in scopes.items()},
        masses=masses, parts={"scope": scopes, "activity": activities}, posted=len(case.rows), unposted=0,
    )  # fmt: skip


def partial(case: Case) -> Totals:
    """Totals of the rows that are right."""
    right = []
    for row in case.rows:
        try:
            lines(replace(case, rows=(row,)))
        except (ValueError, LookupError):
            continue
        right.append(row)
    made = compute(replace(case, rows=tuple(right)))
    return replace(made, unposted=len(case.rows) - len(right))


def trace(case: Case) -> Mapping[str, list[Fraction]]:
    return {TOTAL: [mass * GWPS[case.gwp][gas] for _, gas, mass in lines(case)]}


def bridge(before: Case, after: Case) -> Mapping[str, Fraction]:
    """The change by activity and gas."""
    steps: defaultdict[str, Fraction] = defaultdict(Fraction)
    for sign, case in ((-1, before), (1, after)):
        for row, gas, mass in lines(case):
            steps[f"{row['activity']} {gas}"] += sign * mass * GWPS[case.gwp][gas]
    return steps


def spread(case: Case) -> float:
    """5 % of what each activity adds, activities independent: rows of one activity err together."""
    parts: defaultdict[str, Fraction] = defaultdict(Fraction)
    for row, gas, mass in lines(case):
        parts[row["activity"]] += mass * GWPS[case.gwp][gas]
    return math.sqrt(sum((value * value for value in parts.values()), Fraction(0))) * 0.05


def coverage(case: Case) -> Coverage:
    """Instruments used one after the other until the power is covered."""
    consumed = sum((amount(row) for row in case.rows if row["activity"] == "power"), Fraction(0)) / 1000
    left, used = consumed, dict[str, Number]()
    for row in {row["number"]: row for row in reversed(case.instruments)}.values():
        taken = min(left, Fraction(row["amount"]))
        used[row["id"]], left = taken, left - taken
    return Coverage(consumed, left, used)


def size_of(name: str) -> tuple[str, Fraction]:
    return DIMENSIONS[name], SIZES[name]


def potential(gwp: str, gas: str) -> int:
    return GWPS[gwp][gas]


def prints(value: Fraction, places: int) -> str:
    with localcontext(prec=60):
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        return f"{exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"


HOMEMADE = Pipeline(
    name="home-made",
    compute=compute,
    activities={"power": ("kWh", "MWh"), "commuting": ("km", "m")},
    gases=("CO2", "CH4", "N2O"),
    gwp_sets=("AR5", "AR6"),
    size_of=size_of,
    refuses=(ValueError, LookupError),
    corrections=True,
    gives=frozenset({"masses", "parts"}),
    potentials=potential,
    scopes=SCOPES,
    prints=prints,
    partial=partial,
    trace=trace,
    what_if=lambda _, after: compute(after),
    engines={"backwards": lambda case: compute(replace(case, rows=case.rows[::-1]))},
    bridge=bridge,
    spread=spread,
    coverage=coverage,
    formats={"decimal": Format(st.decimals(0, 9, places=3), str, Decimal)},
)


def but(name: str, **differs: Callable[..., object]) -> Pipeline:
    """The home-made pipeline with a fault."""
    return replace(HOMEMADE, name=name, **differs)  # type: ignore[arg-type]
