"""Hypothesis strategies: amounts, rows, factors and cases for any pipeline that says what it takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

from ghg.numbers import decimal_text, parse
from ghg.testing.pipeline import Case, Pipeline, Row

PLACES = 6
"""Decimals of the amounts drawn."""
NOT_NUMBERS = ("NaN", "inf", "-inf", "12x", "0x1F", "1_000", "N/A", "null", "-", "(5)", "5 %")
"""Texts that are no plain decimal number."""
TWO_NUMBERS = ("1,234", "1.234,5", "1 234")
"""Texts that are one number to one reader and another, or none, to the next."""
NOT_UNITS = ("banana", "")
"""Words that are no unit."""


def amounts(*, places: int = PLACES, largest: int = 10**9) -> st.SearchStrategy[str]:
    """Plain decimal text of an amount, zero included."""
    step = 10**places

    def text(count: int) -> str:
        whole, rest = divmod(count, step)
        return f"{whole}.{rest:0{places}d}" if places else str(whole)

    return st.integers(0, largest * step).map(text)


def quantities(units: Iterable[str], *, places: int = PLACES) -> st.SearchStrategy[str]:
    """An amount with its unit, such as ``"12.5 MWh"``."""
    return st.builds("{} {}".format, amounts(places=places), st.sampled_from(sorted(units)))


def numbered(found: Iterable[Mapping[str, str]], prefix: str = "row") -> list[dict[str, str]]:
    """The rows with ids of their own."""
    return [{**row, "id": f"{prefix}-{number}"} for number, row in enumerate(found, start=1)]


def rows(pipeline: Pipeline) -> st.SearchStrategy[dict[str, str]]:
    """One sound activity row of a pipeline."""
    if pipeline.rows is not None:
        return pipeline.rows
    words = [(activity, unit) for activity, units in pipeline.activities.items() for unit in units]
    return st.builds(
        lambda word, amount: {**pipeline.row, "id": "row", "activity": word[0], "amount": amount, "unit": word[1]},
        st.sampled_from(words),
        amounts(),
    )


def tables(pipeline: Pipeline, minimum: int = 1, maximum: int = 8) -> st.SearchStrategy[tuple[Row, ...]]:
    """Sound activity rows with distinct ids."""
    return st.lists(rows(pipeline), min_size=minimum, max_size=maximum).map(lambda found: tuple(numbered(found)))


def factor_tables(pipeline: Pipeline) -> st.SearchStrategy[tuple[Row, ...]]:
    """A factor of every gas for each activity, per one of its units; none where a pipeline brings its own."""
    if not pipeline.gases:
        return st.just(())

    def factor(activity: str, unit: str, values: list[str]) -> list[Row]:
        pairs = zip(pipeline.gases, values, strict=True)
        return [{"activity": activity, "gas": gas, "value": value, "unit": f"kg/{unit}"} for gas, value in pairs]

    size = len(pipeline.gases)
    values = st.lists(amounts(largest=1000), min_size=size, max_size=size)
    factors = (st.builds(factor, st.just(name), st.sampled_from(units), values) for name, units in _offered(pipeline))
    return st.tuples(*factors).map(lambda found: tuple(row for rows in found for row in rows))


def _offered(pipeline: Pipeline) -> list[tuple[str, list[str]]]:
    return [(activity, list(units)) for activity, units in pipeline.activities.items()]


def factors_of(rows: Iterable[Row], factors: Iterable[Row]) -> tuple[Row, ...]:
    """The factors that rows need."""
    wanted = {row["activity"] for row in rows}
    return tuple(factor for factor in factors if factor["activity"] in wanted)


def cases(pipeline: Pipeline, minimum: int = 1) -> st.SearchStrategy[Case]:
    """One question that the pipeline must answer, with a factor for each of its activities."""
    return st.builds(
        lambda rows, factors, gwp: Case(rows, factors_of(rows, factors), gwp),
        tables(pipeline, minimum),
        factor_tables(pipeline),
        st.sampled_from(pipeline.gwp_sets),
    )


def instruments(unit: str = "MWh", maximum: int = 4, minimum: int = 0) -> st.SearchStrategy[tuple[Row, ...]]:
    """Certificates with distinct ids and numbers, each with an amount of energy."""
    one = st.builds(lambda amount: {"amount": amount, "unit": unit}, amounts(places=3, largest=10**6))
    return st.lists(one, min_size=minimum, max_size=maximum).map(
        lambda found: tuple({**row, "number": row["id"]} for row in numbered(found, "certificate"))
    )


def faulty() -> st.SearchStrategy[Row]:
    """Columns that make a sound row of any pipeline wrong: its amount, its unit or its activity."""
    return st.one_of(
        st.sampled_from([{"activity": "no such activity"}, *({"unit": word} for word in NOT_UNITS)]),
        st.sampled_from([{"amount": text} for text in ("", *NOT_NUMBERS)]),
    )


def rewritten(pipeline: Pipeline, row: Row, spelling: str) -> Row:
    """The row with its amount in another unit of the same dimension."""
    step = pipeline.size_of(row["unit"])[1] / pipeline.size_of(spelling)[1]
    return {**row, "amount": decimal_text(parse(row["amount"]) * step), "unit": spelling}


def scaled(row: Row, factor: int) -> Row:
    """The row with its amount times a whole number."""
    return {**row, "amount": f"{Decimal(row['amount']) * factor:f}"}


def split(row: Row, share: Fraction) -> list[dict[str, str]]:
    """The row as two whose amounts, to six decimals, sum to its own."""
    amount = Decimal(row["amount"])
    first = (amount * Decimal(share.numerator) / Decimal(share.denominator)).quantize(Decimal(1).scaleb(-PLACES))
    return [{**row, "amount": f"{part:f}"} for part in (first, amount - first)]
