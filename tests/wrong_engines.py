"""Engines that are deliberately wrong, each with one silent fault, behind the adapter of the conformance suite.

``python -m tests.wrong_engines`` holds each to every law and prints what breaks, as the documentation shows it.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from typing import Any

from ghg.conformance import Engine, Line
from ghg.testing import LAWS, TOTAL, Case, Outcome, Pipeline, Totals
from ghg.testing.pipeline import Number, Row
from tests import homemade
from tests.homemade import GWPS, HOMEMADE, SIZES, but, compute, coverage, lines


def each(change: Callable[[Row], Row]) -> Callable[[Case], Totals]:
    """The engine with every row changed beforehand."""
    return lambda case: compute(replace(case, rows=tuple(map(change, case.rows))))


def factors(change: Callable[[Row], Row]) -> Callable[[Case], Totals]:
    """The engine with every factor changed beforehand."""
    return lambda case: compute(replace(case, factors=tuple(map(change, case.factors))))


def worth(change: Callable[[Fraction], Number]) -> Callable[[Case], Totals]:
    """The engine with its total changed afterwards."""

    def changed(case: Case) -> Totals:
        made = compute(case)
        return replace(made, total=change(Fraction(made.total)))

    return changed


def weighed(weights: Callable[[str, str], Number]) -> Callable[[Case], Totals]:
    """The engine with other GWPs than it states."""

    def changed(case: Case) -> Totals:
        scopes: dict[str, Fraction] = {}
        for row, gas, mass in lines(case):
            scope = homemade.SCOPES[row["activity"]]
            scopes[scope] = scopes.get(scope, Fraction(0)) + mass * Fraction(weights(case.gwp, gas))
        return replace(
            compute(case), total=sum(scopes.values(), Fraction(0)), parts={"scope": scopes},
            figures={f"scope{name}": value for name, value in scopes.items()},
        )  # fmt: skip

    return changed


def is_plain(amount: str) -> bool:
    return bool(amount) and not set(amount) - set("-.0123456789")


def amounts(change: Callable[[str], str], *, plain: bool = True) -> Callable[[Case], Totals]:
    """The engine with amounts changed as text: those that are plain numbers, or all of them."""
    return each(lambda row: {**row, "amount": change(row["amount"])} if is_plain(row["amount"]) or not plain else row)


def smaller(row: Row) -> Row:
    """A megawatt-hour as 100 kilowatt-hours."""
    is_one = row["unit"] == "MWh" and is_plain(row["amount"])
    return {**row, "amount": f"{Decimal(row['amount']) / 10:f}"} if is_one else row


def cut(amount: str) -> str:
    return f"{Decimal(amount).quantize(Decimal('0.01'), ROUND_DOWN):f}"


def guessed(amount: str) -> str:
    """A comma is taken for a decimal point."""
    return amount.replace(",", ".") if amount.count(",") == 1 else amount


def unmarked(amount: str) -> str:
    """Marks between digits are passed over."""
    return amount.replace(",", "").replace("_", "").replace(" ", "")


def old_methane(gwp: str, gas: str) -> int:
    """Methane as the second report had it."""
    return 21 if gas == "CH4" else GWPS[gwp][gas]


def as_co2e(case: Case) -> Totals:
    """Masses multiplied by their GWP."""
    made = compute(case)
    return replace(made, masses={gas: Fraction(mass) * GWPS[case.gwp][gas] for gas, mass in made.masses.items()})


def quadrature(case: Case) -> float:
    """Rows of one meter as if each erred by itself."""
    return math.sqrt(sum(float(mass * GWPS[case.gwp][gas]) ** 2 for _, gas, mass in lines(case)))


def swapped(parts: Mapping[str, Number]) -> dict[str, Number]:
    return dict(zip(parts, list(parts.values())[::-1], strict=True))


def renamed(parts: Mapping[str, Number]) -> dict[str, Number]:
    return {name.replace("2", "1"): part for name, part in parts.items()}


def once(case: Case) -> Totals:
    """Rows alike but for their id are taken for one."""
    kept = {tuple((name, cell) for name, cell in row.items() if name != "id"): row for row in case.rows}
    return compute(replace(case, rows=tuple(kept.values())))


def of_first_unit(case: Case) -> Totals:
    """Every row of an activity is read in the unit of its first."""
    first: dict[str, str] = {}
    rows = [{**row, "unit": first.setdefault(row["activity"], row["unit"])} for row in case.rows]
    return compute(replace(case, rows=tuple(rows)))


def borrowed(case: Case) -> Totals:
    """An activity without a factor takes another's."""
    known = {row["activity"] for row in case.factors}
    lent = [{**row, "activity": name} for name in homemade.SCOPES if name not in known for row in case.factors]
    return compute(replace(case, factors=(*case.factors, *lent)))


def forgiving(case: Case) -> Totals:
    """A row that is wrong is left out without a word."""
    kept = []
    for row in case.rows:
        try:
            lines(replace(case, rows=(row,)))
        except (ValueError, LookupError):
            continue
        kept.append(row)
    return compute(replace(case, rows=tuple(kept)))


def rounded_rows(case: Case) -> Totals:
    """Each row's emissions are rounded to two decimals."""
    return replace(
        compute(case), total=sum(Fraction(round(mass * GWPS[case.gwp][gas], 2)) for _, gas, mass in lines(case))
    )


def as_floats(case: Case) -> Totals:
    return replace(compute(case), total=sum(float(mass * GWPS[case.gwp][gas]) for _, gas, mass in lines(case)))


def regrouped(name: str, change: Callable[[Mapping[str, Number]], Mapping[str, Number]]) -> Callable[[Case], Totals]:
    def changed(case: Case) -> Totals:
        made = compute(case)
        return replace(made, parts={name: change(made.parts[name])})

    return changed


def partly(parts: Mapping[str, Number]) -> dict[str, Number]:
    return dict(list(parts.items())[:1])


def overdrawn(case: Case) -> Any:
    found = coverage(case)
    used = {row["id"]: Fraction(row["amount"]) for row in case.instruments}
    return replace(found, used=used, uncovered=Fraction(found.consumed) - sum(used.values()))


def even(value: Fraction, places: int) -> str:
    """Halves are printed to the even digit."""
    with localcontext(prec=60):
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        return f"{exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN):f}"


def doubled(case: Case) -> Any:
    return coverage(replace(case, instruments=tuple({**row, "number": row["id"]} for row in case.instruments)))


def unmatched(case: Case) -> Any:
    found = coverage(case)
    return replace(found, uncovered=found.consumed)


WRONG: Mapping[str, Pipeline] = {
    pipeline.name: pipeline
    for pipeline in (
        but("a megawatt-hour is 100 kWh", compute=each(smaller)),
        but("units are not looked at", compute=each(lambda r: r if r["unit"] in SIZES else {**r, "unit": "kWh"})),
        but("all rows are in the unit of the first", compute=of_first_unit),
        but("the last of eight rows is dropped", compute=lambda case: compute(replace(case, rows=case.rows[:7]))),
        but(
            "rows after the thousandth are dropped", compute=lambda case: compute(replace(case, rows=case.rows[:1000]))
        ),
        but("rows alike are taken for one", compute=once),
        but("the first row counts twice", compute=lambda case: compute(replace(case, rows=(case.rows[0], *case.rows)))),
        but("wrong rows are left out in silence", compute=forgiving),
        but("a blank is zero", compute=amounts(lambda amount: amount or "0", plain=False)),
        but("what is no number is zero", compute=amounts(lambda a: a if is_plain(a) or not a else "0", plain=False)),
        but(
            "what says that nothing is known is zero",
            compute=amounts(lambda a: "0" if a in ("N/A", "null", "-") else a, plain=False),
        ),
        but("spaces are zero", compute=amounts(lambda a: a.strip() or ("0" if a else a), plain=False)),
        but(
            "a number in brackets is negative", compute=amounts(lambda a: a.replace("(", "-").rstrip(")"), plain=False)
        ),
        but("a comma is a point", compute=amounts(guessed, plain=False)),
        but("marks between digits are passed over", compute=amounts(unmarked, plain=False)),
        but("negative amounts count as positive", compute=amounts(lambda amount: amount.lstrip("-"))),
        but("negative amounts count as zero", compute=amounts(lambda a: "0" if a.startswith("-") else a)),
        but("amounts are cut to two decimals", compute=amounts(cut)),
        but("emissions of a row are rounded", compute=rounded_rows),
        but("the total is rounded to a tenth", compute=worth(lambda total: Fraction(round(total, 1)))),
        but("the total is a sum of floats", compute=as_floats),
        but("the total wraps at 64 bits", compute=worth(lambda total: Fraction(total * 10**6 // 1 % 2**63, 10**6))),
        but("totals stop at a thousand million", compute=worth(lambda total: min(total, Fraction(10**9)))),
        but("a kilogram is added", compute=worth(lambda total: total + 1)),
        but("totals are whole kilograms", compute=worth(lambda total: total // 1)),
        but("a factor of zero is one", compute=factors(lambda r: r if r["value"].strip("0.") else {**r, "value": "1"})),
        but("factors have one decimal", compute=factors(lambda r: {**r, "value": f"{Decimal(r['value']):.1f}"})),
        but("a missing factor is borrowed from another activity", compute=borrowed),
        but("the GWP is applied twice", compute=weighed(lambda gwp, gas: GWPS[gwp][gas] ** 2)),
        but("the GWP set of the question is not looked at", compute=weighed(lambda _, gas: GWPS["AR5"][gas])),
        but("methane has the GWP of the second report", compute=weighed(old_methane)),
        but(
            "methane has the GWP of the second report, and the engine says so",
            compute=weighed(old_methane),
            potentials=old_methane,
        ),
        but("nitrous oxide is left out", compute=weighed(lambda gwp, gas: 0 if gas == "N2O" else GWPS[gwp][gas])),
        but("masses are CO2e", compute=as_co2e),
        but("a scope is left out of the parts", compute=regrouped("scope", partly)),
        but("Scope 2 is called Scope 1", compute=regrouped("scope", renamed)),
        but("parts stand under each other's name", compute=regrouped("activity", swapped)),
        but("wrong rows are not counted", partial=lambda case: replace(homemade.partial(case), unposted=0)),
        but("a contribution is missing", trace=lambda case: {TOTAL: homemade.trace(case)[TOTAL][1:]}),
        but("a what-if changes nothing", what_if=lambda before, _: compute(before)),
        replace(
            HOMEMADE,
            name="another engine forgets a row",
            engines={"another": lambda case: compute(replace(case, rows=case.rows[:3]))},
        ),
        but("halves are printed to the even digit", prints=even),
        but("a bridge is rounded", bridge=lambda a, b: {n: round(s) for n, s in homemade.bridge(a, b).items()}),
        but("a bridge leaves an activity out", bridge=lambda a, b: dict([*homemade.bridge(a, b).items()][3:])),
        but("rows of one meter err apart", spread=quadrature),
        but("the uncertainty is a number of its own", spread=lambda _: 5.0),
        but("certificates cover more than there is", coverage=overdrawn),
        but("a certificate that stands twice covers twice", coverage=doubled),
        but("what certificates cover counts as uncovered too", coverage=unmatched),
    )
}
"""Each fault by its words."""


def multiplied(line: Line) -> Number:
    return line.amount * line.factor


def engine(pipeline: Pipeline, line: Callable[[Line], Number] = multiplied) -> Engine:
    return Engine(name=pipeline.name, what="an engine with a fault", pipeline=lambda: pipeline, line=line)


EXAMPLES = 10
"""Generated examples a law tries on each."""


def main() -> None:
    """Print each engine with the laws that it breaks."""
    sys.stdout.write("| fault of the engine | laws that break |\n| --- | --- |\n")
    for name, pipeline in WRONG.items():
        verdicts = (law.judge(pipeline, examples=EXAMPLES, smallest=False) for law in LAWS)
        broken = ", ".join(verdict.law.name for verdict in verdicts if verdict.outcome is Outcome.BROKEN)
        sys.stdout.write(f"| {name} | {broken or '**none**'} |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
