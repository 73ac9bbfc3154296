"""Laws of measures: units, GWPs and products held to yardsticks, whatever a pipeline believes itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from ghg.numbers import parse
from ghg.testing.law import Breach, differing, law, text
from ghg.testing.pipeline import TOTAL, Case, Pipeline, Row, exact
from ghg.testing.strategies import cases, factor_tables, factors_of, numbered, rows
from ghg.testing.yardsticks import BIOGENIC, POTENTIALS, SIZES

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

LARGEST, SMALLEST = "99999999999999999", "0.000001"
"""Amounts so far apart that a double holds one of them at most, and their quanta more than a 64-bit integer."""


@law(
    "published GWPs",
    "The GWP of a gas is the one that its report prints; biogenic CO2 counts nothing in the scopes.",
    "potentials",
    given=lambda _: st.none(),
)
def published_gwps(pipeline: Pipeline, _: None) -> Breach | None:
    """GWPs are those of the reports."""
    assert pipeline.potentials is not None
    for name in pipeline.gwp_sets:
        for gas in pipeline.gases:
            known = POTENTIALS.get(name, {})
            printed = ("0",) if gas == BIOGENIC else known.get(gas, known.get(gas.partition("_")[0], ()))
            found = Fraction(pipeline.potentials(name, gas))
            if printed and found not in map(Fraction, printed):
                return Breach(f"{gas} counts {text(found)} under {name}, which prints {' or '.join(printed)}.", {})
    return None


Pair = tuple[str, str, str]
"""An activity and two units of one quantity."""


def _whole_numbers(pipeline: Pipeline) -> SearchStrategy[tuple[Row, int, tuple[Row, ...], str]]:
    """A sound row, how many times the smallest whole numbers of two units are taken, factors, and a GWP set."""
    return st.tuples(rows(pipeline), st.integers(1, 1000), factor_tables(pipeline), st.sampled_from(pipeline.gwp_sets))


def _in_units(pairs: Sequence[Pair], drawn: tuple[Row, int, tuple[Row, ...], str]) -> tuple[Case, Case]:
    """The same quantities in the first and in the second unit of each pair, as whole numbers of both."""
    row, count, factors, gwp = drawn
    sides: tuple[list[Row], list[Row]] = ([], [])
    for activity, one, other in pairs:
        ratio = SIZES[one][1] / SIZES[other][1]
        for side, amount, unit in zip(sides, (ratio.denominator, ratio.numerator), (one, other), strict=True):
            side.append({**row, "activity": activity, "amount": str(amount * count), "unit": unit})
    first, second = (Case(tuple(numbered(side)), factors_of(side, factors), gwp) for side in sides)
    return first, second


@law(
    "published units",
    "Units are as large as the standards say: 1 MWh is 3,600 MJ, 1 lb is 0.45359237 kg.",
    "known_units",
    given=_whole_numbers,
)
def published_units(pipeline: Pipeline, drawn: tuple[Row, int, tuple[Row, ...], str]) -> Breach | None:
    """The same quantities in other units give the same figures; all pairs of units at once, then by halves."""

    def breach(pairs: Sequence[Pair]) -> Breach | None:
        one, other = _in_units(pairs, drawn)
        what = f"{one.rows[0]['amount']} {one.rows[0]['unit']} as {other.rows[0]['amount']} {other.rows[0]['unit']}"
        return differing(pipeline, what, pipeline.compute(one).exact(), pipeline.compute(other).exact(), other)

    def narrowed(pairs: Sequence[Pair]) -> Breach | None:
        found, half = breach(pairs), len(pairs) // 2
        if found is None or not half:
            return found
        return narrowed(pairs[:half]) or narrowed(pairs[half:]) or found

    return narrowed([pair for pair in pipeline.known_pairs() if pair[1] < pair[2]])


@law(
    "amount times factor",
    "The mass of each gas is the sum of amounts times factors, and nothing else.",
    "factors",
    "names_units",
    "gas_masses",
)
def amount_times_factor(pipeline: Pipeline, case: Case) -> Breach | None:
    """Masses are products, summed by gas."""
    expected: defaultdict[str, Fraction] = defaultdict(Fraction)
    for row in case.rows:
        for factor in case.factors:
            if factor["activity"] == row["activity"]:
                over, _, under = factor["unit"].partition("/")
                assert over == "kg"
                size = pipeline.size_of(row["unit"])[1] / pipeline.size_of(under)[1]
                expected[factor["gas"]] += parse(row["amount"]) * size * parse(factor["value"])
    found = pipeline.compute(case)
    masses = exact(found.masses) if "masses" in pipeline.gives else {pipeline.gases[0]: Fraction(found.total)}
    # Masses come in a unit of the pipeline's own choice: kilograms, or a fixed number of them.
    scales = {masses[gas] / mass for gas, mass in expected.items() if mass and masses.get(gas)}
    scale = next((unit for unit in MASS_UNITS if scales and _near(pipeline, max(scales), unit)), Fraction(1))
    wanted = {gas: mass * scale for gas, mass in expected.items()}
    return differing(pipeline, "The mass of the gas", wanted, masses, case)


MASS_UNITS = (Fraction(1), Fraction(1, 1000), Fraction(1000))
"""Kilograms, tonnes, grams: how large a kilogram is in each."""


def _near(pipeline: Pipeline, found: Fraction, unit: Fraction) -> bool:
    return abs(found - unit) <= max(pipeline.tolerance, Fraction(1, 10**6)) * unit


@law("scopes", "Rows of an activity count in the scope that is theirs, and in no other.", "scopes", "parts")
def scopes(pipeline: Pipeline, case: Case) -> Breach | None:
    """Activities count in their scope."""
    alone = replace(case, rows=case.rows[:1])
    wanted = pipeline.scopes[case.rows[0]["activity"]]
    totals = pipeline.compute(alone)
    expected = {f"scope {wanted}": Fraction(totals.total)} if wanted else {}
    found = {f"scope {name}": value for name, value in exact(totals.parts.get("scope", {})).items()}
    return differing(pipeline, "Its rows alone", expected, found, alone)


def _halfway(count: int, places: int) -> tuple[Fraction, int]:
    """A value that lies halfway between two that can be printed."""
    return Fraction(2 * count + 1, 2 * 10**places), places


@law(
    "printed digits",
    "A printed number is the nearest one that has its decimals; a half is rounded away from zero, as accountants do.",
    "prints",
    given=lambda _: st.one_of(
        st.tuples(st.one_of(st.fractions(-1000, 1000), st.decimals(-9, 9, places=3)), st.integers(0, 4)),
        st.builds(_halfway, st.integers(-1000, 1000), st.integers(0, 4)),
    ),
)
def printed_digits(pipeline: Pipeline, drawn: tuple[Fraction | Decimal, int]) -> Breach | None:
    """Printing rounds half away from zero, once."""
    assert pipeline.prints is not None
    value, places = Fraction(drawn[0]), drawn[1]
    said = pipeline.prints(value, places)
    error = abs(parse(said) - value) * 10**places
    is_right = error < HALF or (error == HALF and abs(parse(said)) > abs(value))
    if is_right and len(said.partition(".")[2]) == places:
        return None
    return Breach(f"{text(value)} to {places} decimals is printed as {said}.", {})


HALF = Fraction(1, 2)


def _far_apart(pipeline: Pipeline) -> SearchStrategy[Case]:
    """Two rows alike but for their amounts, one as large and one as small as can be written."""

    def two(case: Case) -> Case:
        apart = numbered([{**case.rows[0], "amount": amount} for amount in (LARGEST, SMALLEST)])
        return replace(case, rows=tuple(apart))

    return st.builds(two, cases(pipeline))


@law(
    "large and small",
    "A small row counts beside a large one: together they give the sum of what each gives alone.",
    given=_far_apart,
)
def large_and_small(pipeline: Pipeline, case: Case) -> Breach | None:
    """Nothing overflows and nothing is swallowed."""
    large, small = (pipeline.compute(replace(case, rows=(row,))).exact() for row in case.rows)
    names = {*large, *small}
    expected = {name: large.get(name, Fraction(0)) + small.get(name, Fraction(0)) for name in names}
    for name, value in large.items():
        per = small.get(name, Fraction(0)) / parse(SMALLEST) * parse(LARGEST)
        if abs(value - per) > pipeline.tolerance * max(abs(value), abs(per)):
            what = f"{LARGEST}: {name} should be {text(per)}, as {SMALLEST} says, and is {text(value)}."
            return Breach(what, {"Rows": case.rows, "Factors": case.factors})
    return differing(pipeline, "Together", expected, pipeline.compute(case).exact(), case)


@law(
    "parts stand alone",
    "What a part of the total is, such as an entity, is what its rows give alone.",
    "parts",
    given=lambda pipeline: cases(pipeline, 2),
)
def parts_stand_alone(pipeline: Pipeline, case: Case) -> Breach | None:
    """Each part is what its rows give alone."""
    for name, found in pipeline.compute(case).parts.items():
        word, words = case.rows[0].get(name, ""), {row.get(name, "") for row in case.rows}
        if not word or not set(found) <= words:
            continue  # a dimension of the pipeline's own, such as a scope
        of_part = tuple(row for row in case.rows if row[name] == word)
        alone = exact({TOTAL: pipeline.compute(replace(case, rows=of_part)).total})
        breach = differing(pipeline, f"The part of {name} {word}", alone, {TOTAL: found.get(word, 0)}, case)
        if breach:
            return breach
    return None
