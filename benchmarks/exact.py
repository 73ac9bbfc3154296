"""The exact totals of the workload of ``generate.py``, found without any code of ghg, and whether its own agree.

Rows are joined to factors by the reference's SQL, but only whole numbers are added: thousandths of the written unit, of
which the engine adds 128-bit integers by task, factor and unit. Everything after that is ``fractions.Fraction``. A
printed total agrees when it is the exact one, or the exact one rounded to the digits printed.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import duckdb

GASES = ("co2", "ch4", "n2o")
THOUSANDTHS = 1000
ENOUGH = 12
"""Decimals below which a printed total may not be rounded."""

Totals = Mapping[tuple[str, str, str, str], Fraction]
"""Tonnes CO2e by scope, category, entity and gas."""


def totals(data: Path, rows: str = "activities.parquet") -> dict[tuple[str, str, str, str], Fraction]:
    """The exact totals of a workload."""
    plain = f"{data}/plain"
    engine = duckdb.connect()
    factors = {
        name: tuple(map(Fraction, values))
        for name, *values in engine.execute(
            f"SELECT factor_id, co2, ch4, n2o FROM read_csv('{plain}/factors.csv', all_varchar = true)"
        ).fetchall()
    }
    gwp = dict(engine.execute(f"SELECT gas, gwp FROM read_csv('{plain}/gwp.csv', all_varchar = true)").fetchall())
    potentials = [Fraction(gwp[gas.upper()]) for gas in GASES]
    join = """LEFT JOIN (SELECT * FROM '{0}/factors.parquet' WHERE level = {1}) f{1} ON f{1}.activity = a.activity
        AND f{1}.item = a.item AND {2} AND a.start >= f{1}.valid_from AND a.start < f{1}.valid_to"""
    found = engine.execute(f"""
        SELECT scope, category, entity, coalesce(f3.factor_id, f2.factor_id, f1.factor_id), exact,
               sum(CAST(CAST(a.amount AS DECIMAL(18, 3)) * {THOUSANDTHS} AS HUGEINT))
        FROM '{data / rows}' a
        JOIN '{plain}/tasks.parquet' t ON a.activity = t.activity AND a.item = t.item
        JOIN '{plain}/units.parquet' u ON a.unit = u.unit AND a.activity = u.activity
        JOIN '{plain}/regions.parquet' r ON a.region = r.region
        {join.format(plain, 3, "f3.region = a.region")} {join.format(plain, 2, "f2.region = r.country")}
        {join.format(plain, 1, "true")}
        GROUP BY ALL""").fetchall()
    made: defaultdict[tuple[str, str, str, str], Fraction] = defaultdict(Fraction)
    for scope, category, entity, factor, size, amount in found:
        top, _, bottom = str(size).partition("/")
        base = Fraction(int(amount), THOUSANDTHS) * Fraction(top) / Fraction(bottom or 1)
        for gas, value, potential in zip(GASES, factors[factor], potentials, strict=True):
            made[str(scope), category, entity, gas.upper()] += base * value * potential / 1000
    return dict(made)


def read(printed: str) -> dict[tuple[str, str, str, str], str]:
    """The totals that ``ghg run --by scope,category,entity,gas --format csv`` printed."""
    return {
        (row["scope"], row["category"], row["entity"], row["gas"]): row["co2e"]
        for row in csv.DictReader(io.StringIO(printed))
    }


def differences(printed: Mapping[tuple[str, str, str, str], str], found: Totals) -> list[str]:
    """Every total that does not agree, in words; none where all do."""
    problems = [f"{key}: missing on one side" for key in printed.keys() ^ {k for k, v in found.items() if v}
                if printed.get(key, "0") != "0"]  # fmt: skip
    for key, text in printed.items():
        exact = found.get(key, Fraction(0))
        decimals = len(text.partition(".")[2])
        half = Fraction(1, 2 * 10**decimals) if decimals >= ENOUGH else Fraction(0)
        if abs(Fraction(text) - exact) > half:
            problems.append(f"{key}: {text} printed, {float(exact)!r} is exact")
    return problems
