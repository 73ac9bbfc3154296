"""Rows scanned in bulk against the same rows read as text: the same figures, the same problems at the same places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ghg import activity, schema
from ghg.bulk import ids
from ghg.bulk.amounts import FINER, counted
from ghg.bulk.columns import grouped, in_columns, summed
from ghg.bulk.values import Worths, _products, plainly_summed_by, summed_by
from ghg.engines import Engine
from ghg.engines.relations import open_bulk
from ghg.evidence import save_ledger
from ghg.factors import Factor, FactorRow, library
from ghg.inventory import Inventory
from ghg.issues import GhgError, InputError
from ghg.numbers import parse
from ghg.plan import Posting
from ghg.runs import Asked, Run, compute
from ghg.schema import NAMES, OPTIONAL, REQUIRED
from ghg.testing import Row, inventory, numbered, run_rows, tables

laws = settings(
    max_examples=8,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
GOOD = {
    "entity": "e", "activity": "purchased_electricity", "region": "CN", "start": "2022-01-01", "end": "2022-12-31",
    "amount": "100", "unit": "MWh", "provenance": "measured",
}  # fmt: skip


def written(file: Path, rows: Sequence[Mapping[str, object]], **types: Any) -> Path:
    """Rows as a Parquet file of small row groups; columns are text unless another type is given."""
    frame = pl.DataFrame([{name: row.get(name, "") for name in NAMES} for row in rows], strict=False)
    file.parent.mkdir(parents=True, exist_ok=True)
    frame.cast({name: types.get(name, pl.String) for name in NAMES}).write_parquet(file, row_group_size=3)
    return file


def scanned(path: Path, folder: Path, asked: Inventory | None = None, *, threads: int = 2) -> Run:
    """An incomplete run of what a path names."""

    def load(engine: Engine) -> None:
        engine.create("loaded", ("file", "line", *NAMES))
        engine.relations.append(open_bulk(engine, path, path.name, REQUIRED, OPTIONAL))

    return compute(asked or inventory(), library, load, Asked(threads=threads, incomplete=True, readable=(folder,)))


def problems(run: Run) -> list[tuple[object, ...]]:
    return sorted((issue.line, issue.rule, issue.column, issue.message, issue.hint) for issue in run.errors)


@laws
@given(tables(1, 12), st.integers(1, 4))
def test_figures_are_those_of_the_rows_read_as_text(tmp_path: Path, rows: list[Row], threads: int) -> None:
    one, two = run_rows(rows), scanned(written(tmp_path / "rows.parquet", rows), tmp_path, threads=threads)
    assert one.result.digest == two.result.digest
    assert (one.balance.posted, one.balance.unposted) == (two.balance.posted, two.balance.unposted)
    assert sum(line.width for line in one.balance.lines) == sum(line.width for line in two.balance.lines)
    one.close()
    two.close()


def own(name: str, region: str, gas: str, basis: str, value: str) -> Factor:
    """A factor of an inventory's own, for one fuel."""
    cells = dict.fromkeys(FactorRow.model_fields, "") | {
        "id": f"{name}:{gas}", "factor": name, "kind": "emission_factor", "activity": "own.blend", "name": name,
        "region": region, "gas": gas, "value": value, "unit": "kg/kg", "basis": basis, "uncertainty": "none",
        "source": "cn-mee-2022", "locator": "stated", "verification": "stated",
    }  # fmt: skip
    return Factor(rows=(FactorRow.model_validate(cells),), is_own=True)


def test_what_follows_in_one_region_alone_follows_in_bulk_too(tmp_path: Path) -> None:
    fuel = {**GOOD, "activity": "stationary_fuel", "item": "own.blend", "unit": "kg"}
    rows = numbered([{**fuel, "region": region} for region in ("FR", "DE", "GB", "CN")])
    table = library().with_own([
        own("x:everywhere", "WORLD", "CO2", "combustion", "2"),
        own("x:biogenic", "DE", "CO2_biogenic", "outside_of_scopes", "0.5"),
    ])  # fmt: skip
    path = written(tmp_path / "rows.parquet", rows)

    def bulk(engine: Engine) -> None:
        engine.create("loaded", ("file", "line", *NAMES))
        engine.relations.append(open_bulk(engine, path, path.name, REQUIRED, OPTIONAL))

    one = compute(inventory(), lambda: table, lambda engine: activity.load_rows(engine, rows), Asked())
    two = compute(inventory(), lambda: table, bulk, Asked(readable=(tmp_path,)))
    assert {name: value.amount for name, value in two.result.figures().items()} == {
        name: value.amount for name, value in one.result.figures().items()
    }
    assert one.figure("biogenic_co2") is not None
    one.close()
    two.close()


FAULTS: list[Row] = [
    {"unit": "ton"}, {"unit": "kwhh"}, {"unit": ""}, {"amount": "x"}, {"amount": ""}, {"amount": "-5"},
    {"amount": "1e400"}, {"amount": "1_000"}, {"amount": "inf"}, {"activity": "nothing"},
    {"activity": ""}, {"region": "HK"}, {"region": "Narnia"}, {"region": ""}, {"start": "2022-02-30"},
    {"end": "2023-01-01"}, {"start": "2022-12-31", "end": "2022-01-01"}, {"entry": "reversal"},
    {"provenance": "guessed"}, {"provenance": "back-calculated"}, {"derived_from": "scope9"}, {"entity": ""},
    {"id": ""}, {"id": "twice"}, {"amount": "1" * 19}, {"amount": "7.0000005"},
    {"amount": "-3", "entry": "correction"}, {"amount": "1e3"}, {"amount": "+5"},
    {"amount": "999999999999.9999999"}, {"amount": ".5"}, {"amount": "5."}, {"amount": "0" * 20 + "1"},
    {"id": "Total"}, {"site": "合计"}, {"site": "Sub-total 2022"}, {"id": "TOTAL:"},
]  # fmt: skip
"""Cells that are wrong, or that only the strict path reads."""


@laws
@given(tables(1, 6), st.lists(st.sampled_from(FAULTS), max_size=5))
def test_the_same_problems_are_found_at_the_same_places(tmp_path: Path, rows: list[Row], faults: list[Row]) -> None:
    base = rows[0] | {"activity": "purchased_electricity", "unit": "kWh", "region": "CN"}
    sound = numbered([*rows, *(base for _ in faults)])
    found = [*sound[: len(rows)], *(row | fault for row, fault in zip(sound[len(rows) :], faults, strict=True))]
    one, two = run_rows(found, incomplete=True), scanned(written(tmp_path / "rows.parquet", found), tmp_path)
    assert problems(one) == problems(two)
    assert one.result.digest == two.result.digest
    assert str(one.totals("scope", "gas", book="location")) == str(two.totals("scope", "gas", book="location"))
    assert {name: str(q) for name, q in one.quality.items()} == {name: str(q) for name, q in two.quality.items()}
    assert (one.balance.posted, one.balance.unposted) == (two.balance.posted, two.balance.unposted)
    one.close()
    two.close()


def test_typed_columns_give_the_figures_of_their_text(tmp_path: Path) -> None:
    rows = numbered(
        {**GOOD, "amount": text} for text in ("0.1", "107415.86", "3", "0.30000000000000004", "123456789.5")
    )
    expected = run_rows(rows)
    for kind in (pl.Float64, pl.Decimal(38, 17), pl.String):
        typed = [{**row, "id": n, "start": date(2022, 1, 1), "end": date(2022, 12, 31)} for n, row in enumerate(rows)]
        file = written(tmp_path / "typed.parquet", typed, amount=kind, id=pl.Int64, start=pl.Date, end=pl.Date)
        run = scanned(file, tmp_path)
        assert run.result.digest == expected.result.digest
        assert run.is_complete
        run.close()
    expected.close()


def test_rows_are_found_behind_a_figure(tmp_path: Path) -> None:
    run = scanned(written(tmp_path / "rows.parquet", numbered([GOOD] * 12)), tmp_path)
    lines = run.explain("scope2").lines
    assert any(line.endswith("Row rows.parquet:1 row-1: 100 MWh, CN, 2022-01-01 to 2022-12-31") for line in lines)
    assert any("and 2 more rows; all 12 rows sum" in line or "2 more rows" in line for line in lines)
    run.close()


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    """Two files in hive partitions of one folder."""
    rows = numbered({**GOOD, "amount": str(n)} for n in range(1, 9))
    for name, chunk in {"north": rows[:4], "south": rows[4:]}.items():
        frame = pl.DataFrame([{**row, "entity": None} for row in chunk]).drop("entity")
        folder = tmp_path / "rows" / f"entity={name}"
        folder.mkdir(parents=True)
        frame.write_parquet(folder / "part.parquet")
    return tmp_path / "rows"


def test_folders_patterns_and_partitions_are_one_table(parts: Path) -> None:
    expected = run_rows(numbered({**GOOD, "amount": str(n)} for n in range(1, 9)))
    for path in (parts, parts / "*" / "*.parquet"):
        run = scanned(path, parts)
        assert run.result.digest == expected.result.digest
        assert {line.dimensions[run.balance.names.index("entity")] for line in run.balance.lines} == {"north", "south"}
        run.close()
    expected.close()


def test_a_problem_names_its_file_and_row(parts: Path) -> None:
    file = parts / "entity=south" / "part.parquet"
    frame = pl.read_parquet(file)
    frame.with_columns(unit=pl.when(pl.col("amount") == "7").then(pl.lit("ton")).otherwise("unit")).write_parquet(file)
    run = scanned(parts, parts)
    [issue] = run.errors
    assert (issue.file, issue.line, issue.rule) == ("rows/entity=south/part.parquet", 3, "unit-ambiguous")
    run.close()


def test_a_table_of_a_database_file_is_scanned(tmp_path: Path) -> None:
    import duckdb

    rows = numbered({**GOOD, "amount": str(n)} for n in range(1, 6))
    frame = pl.DataFrame(rows)
    with duckdb.connect(str(tmp_path / "rows.duckdb")) as connection:
        connection.execute("CREATE TABLE activity AS SELECT * FROM frame")
    assert frame.height == 5
    run, expected = scanned(tmp_path / "rows.duckdb#activity", tmp_path), run_rows(rows)
    assert run.result.digest == expected.result.digest
    run.close()
    expected.close()


@pytest.mark.parametrize("name", ["nothing.parquet", "*.parquet", "rows.duckdb#activity", "rows.parquet"])
def test_what_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "rows.parquet").write_text("id,entity\n", encoding="utf-8") if name == "rows.parquet" else None
    with pytest.raises(InputError, match=r"no Parquet file is there|cannot read") as caught:
        scanned(tmp_path / name, tmp_path)
    assert caught.value.issues[0].file == name


def test_columns_that_do_not_fit_are_named(tmp_path: Path) -> None:
    pl.DataFrame({"id": ["a"], "amout": ["1"]}).write_parquet(tmp_path / "rows.parquet")
    with pytest.raises(InputError) as caught:
        scanned(tmp_path / "rows.parquet", tmp_path)
    assert "Did you mean 'amount'" in str(caught.value)
    assert {issue.rule for issue in caught.value.issues} == {"column-missing", "column-unknown"}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(st.floats(0, 1e9), st.decimals(0, 10**6, places=6).map(float), st.integers(0, 10**9).map(float)),
        min_size=1, max_size=20,
    ),
    st.sampled_from([0, 3, 6, 9]),
)  # fmt: skip
def test_a_double_counts_as_its_shortest_decimal(values: list[float], decimals: int) -> None:
    engine = Engine(1)
    engine.tabulate("doubles", {"amount": np.array(values)})
    how = counted("amount", "DOUBLE", decimals)
    sql = f"SELECT amount, quanta, {how.state} AS state FROM (SELECT amount, {how.quanta} AS quanta FROM doubles)"
    for value, quanta, state in engine.rows(sql):
        exact = Fraction(repr(value)) * 10**decimals
        if state is not None:
            assert quanta == (exact + Fraction(1, 2)).__floor__()
            assert (state == FINER) is (exact.denominator != 1)
    engine.close()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.from_regex(r"\A[0-9]{1,14}(\.[0-9]{0,12})?\Z"),
            st.sampled_from(["0.0000005", "0.00000049999", "1_0", "1e3", "-1", "", "x", "١", "999999999999.9999995"]),
        ),
        min_size=1, max_size=20,
    ),
    st.sampled_from([0, 3, 6, 9]),
)  # fmt: skip
def test_text_counts_as_it_is_written(values: list[str], decimals: int) -> None:
    engine = Engine(1)
    engine.create("texts", ("amount",))
    engine.append("texts", {"amount": values})
    how = counted("amount", "VARCHAR", decimals)
    inner = (
        f"SELECT amount, {how.quanta} AS quanta, {how.width} AS width FROM (SELECT *, {how.cell} AS text FROM texts)"
    )
    whole = how.whole("quanta", of_sum=False)
    sql = f"SELECT amount, {whole}, {how.state}, width FROM (SELECT *, trim(amount) AS text FROM ({inner}))"
    whole_sum = 0
    for text, quanta, state, width in engine.rows(sql):
        if state is not None:
            exact = parse(text) * 10**decimals
            assert quanta == (exact + Fraction(1, 2)).__floor__()
            assert (state == FINER) is (exact.denominator != 1)
            assert width == 10 ** max(decimals - len(text.partition(".")[2]), 0)
            whole_sum += quanta
    added = f"SELECT sum(quanta) AS low FROM (SELECT *, {how.state} AS state FROM (SELECT *, trim(amount) AS text "
    added += f"FROM ({inner}))) WHERE state IS NOT NULL"
    if whole_sum < 1 << 63:
        assert engine.rows(f"SELECT {how.whole('low', of_sum=True)} FROM ({added})") in ([(whole_sum,)], [(None,)])
    engine.close()


@pytest.mark.parametrize("kind", [pl.Int64, pl.String])
@pytest.mark.parametrize("at_a_time", [2, 1 << 24])
def test_ids_that_stand_twice_are_found(
    tmp_path: Path, kind: Any, at_a_time: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ids, "SORTED", at_a_time)
    rows = [{**GOOD, "id": str(n % 7)} for n in range(10)]
    engine = Engine(2, (tmp_path,))
    engine.create("loaded", ("file", "line", *NAMES))
    relation = open_bulk(engine, written(tmp_path / "rows.parquet", rows, id=kind), "rows", REQUIRED, OPTIONAL)
    assert ids.repeated(engine, relation) == [7, 8, 9]
    engine.close()


@pytest.mark.parametrize("bits", [3, 20, 43, 52, 53, 62, 63])
@pytest.mark.parametrize("count", [1, 2, 3, 70_000])
def test_sums_are_exact_up_to_the_edge_of_what_a_limb_holds(bits: int, count: int) -> None:
    for value in ((1 << bits) - 1, -(1 << bits), 1 - (1 << bits)):
        values = np.full(count, value, dtype=np.int64)
        [found] = summed(np.zeros(count, dtype=np.int64), values, 1).tolist()
        assert found == value * count


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(-(2**62), 2**62)), min_size=1))
def test_columns_sum_as_integers_do(lines: list[tuple[int, int, int]]) -> None:
    one, two = (np.array([line[n] for line in lines], dtype=np.int64) for n in (0, 1))
    position, codes = grouped([one, two])
    expected: dict[tuple[int, int], int] = {}
    for a, b, value in lines:
        expected[a, b] = expected.get((a, b), 0) + value
    sums = summed(position, np.array([line[2] for line in lines], dtype=np.int64), len(codes[0]))
    got = {(int(a), int(b)): int(value) for a, b, value in zip(*codes, sums, strict=True)}
    assert got == dict(sorted(expected.items()))
    assert list(got) == sorted(got)


def amounts_in(run: Run) -> Iterator[int]:
    yield from (line.amount for line in run.balance.lines)


def test_a_sum_beyond_64_bits_is_exact(tmp_path: Path) -> None:
    rows = numbered([{**GOOD, "amount": "999999999999"}] * 20)
    run = scanned(written(tmp_path / "rows.parquet", rows), tmp_path, inventory(quantum="0.000001"))
    assert sum(amounts_in(run)) == 20 * 999999999999 * 10**6
    run.close()


@laws
@given(tables(2, 10), st.sampled_from(["AR4", "AR6"]))
def test_vector_values_have_the_digits_of_fractions(rows: list[Row], gwp_set: str) -> None:
    run = run_rows(rows, inventory(gwp_set))
    names = ("entity",)

    def of(_: int, posting: Posting) -> tuple[str, ...] | None:
        return (posting.scope, posting.gas) if posting.measure == "emissions" else None

    for of_mass in (False, True):
        asked = (Worths(run.plan, run.valuation), names, of)
        plain = plainly_summed_by(run.balance.by(("entity", "provenance")), *asked, of_mass=of_mass)
        assert summed_by(in_columns(run.balance), *asked, of_mass=(of_mass,)) == [plain]
    run.close()


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(-(2**62), 2**62), st.integers(-(10**30), 10**30)), min_size=1))
def test_products_sum_as_integers_do(lines: list[tuple[int, int, int]]) -> None:
    position, codes = grouped([np.array([line[0] for line in lines], dtype=np.int64)])
    amounts = np.array([line[1] for line in lines], dtype=np.int64)
    pairs = np.arange(len(lines))
    for found in (amounts, amounts.astype(object)):
        (sums,) = _products(position, found, [[line[2] for line in lines]], pairs, len(codes[0]))
        expected = [sum(a * c for g, a, c in lines if g == group) for group in codes[0].tolist()]
        assert sums == expected


def test_the_ledger_lists_every_posted_row_with_its_match(parts: Path, tmp_path: Path) -> None:
    file = parts / "entity=south" / "part.parquet"
    frame = pl.read_parquet(file)
    odd = {"7": "ton", "8": "kWh"}
    frame.with_columns(unit=pl.col("amount").replace_strict(odd, default="MWh")).write_parquet(file)
    run = scanned(parts, parts)
    ledger = pl.read_parquet(save_ledger(run, tmp_path / "ledger.parquet"))
    assert ledger.columns == ["file", "line", "id", "match"]
    assert sorted(ledger["id"]) == [f"row-{n}" for n in range(1, 9) if n != 7]
    assert set(ledger["match"]) == set(run.plan.keys.values())
    [row] = ledger.filter(pl.col("id") == "row-6").rows()
    assert row[:3] == ("rows/entity=south/part.parquet", 2, "row-6")
    with pytest.raises(GhgError, match="exists"):
        save_ledger(run, tmp_path / "ledger.parquet")
    run.close()


def test_the_ledger_of_rows_read_as_text(tmp_path: Path) -> None:
    run = run_rows(numbered([GOOD] * 3))
    ledger = pl.read_parquet(save_ledger(run, tmp_path / "ledger.parquet"))
    assert ledger.rows() == [("", n, f"row-{n}", 0) for n in range(1, 4)]
    run.close()


def test_an_id_of_one_table_that_stands_in_another_is_found(tmp_path: Path) -> None:
    one = written(tmp_path / "one.parquet", [{**GOOD, "id": "a"}, {**GOOD, "id": "b"}])
    two = written(tmp_path / "two.parquet", [{**GOOD, "id": "c"}, {**GOOD, "id": "b"}, {**GOOD, "id": "text"}])

    def load(engine: Engine) -> None:
        activity.load_rows(engine, [{**GOOD, "id": "text"}])
        engine.relations += [open_bulk(engine, path, path.name, REQUIRED, OPTIONAL) for path in (one, two)]

    run = compute(inventory(), library, load, Asked(incomplete=True, readable=(tmp_path,)))
    assert [(issue.file, issue.line, issue.rule) for issue in run.errors] == [
        ("two.parquet", 2, "id-duplicate"),
        ("two.parquet", 3, "id-duplicate"),
    ]
    assert (run.balance.posted, run.balance.unposted) == (4, 2)
    run.close()


@given(st.from_regex(rf"\A({schema.TOTAL})\Z", fullmatch=True), st.booleans())
def test_names_of_totals_start_as_the_quick_look_expects(name: str, is_upper: bool) -> None:
    assert (name.upper() if is_upper else name)[0] in schema.TOTAL_STARTS


def test_rows_of_each_of_several_tables_can_be_looked_at_again(tmp_path: Path) -> None:
    regions = (["CN-BJ", "CN"], ["CN", "CN-SH", "CN-BJ"])
    tables = [
        [GOOD | {"id": f"{name}{n}", "region": region} for n, region in enumerate(listed)]
        for name, listed in zip("ab", regions, strict=True)
    ]

    def load(engine: Engine) -> None:
        engine.create("loaded", ("file", "line", *NAMES))
        for name, rows in zip("ab", tables, strict=True):
            path = written(tmp_path / f"{name}.parquet", rows)
            engine.relations.append(open_bulk(engine, path, path.name, REQUIRED, OPTIONAL))

    run = compute(inventory(), library, load, Asked(readable=(tmp_path,)))
    ledger = pl.read_parquet(save_ledger(run, tmp_path / "ledger.parquet"))
    assert ledger["id"].sort().to_list() == [row["id"] for rows in tables for row in rows]
    keys = {key.region: match for key, match in run.plan.keys.items()}
    assert dict(ledger.select("id", "match").rows()) == {
        row["id"]: keys[str(row["region"])] for rows in tables for row in rows
    }
    told = "\n".join(run.explain(scope=2).lines)
    assert "a.parquet:1 a0" in told
    assert "b.parquet:2 b1" in told
    run.close()
