from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ghg import testing
from ghg.accounts import accounts
from ghg.change.forms import WhatIf
from ghg.figures import Book
from ghg.instruments.criteria import Setting, failures
from ghg.instruments.declaration import Instrument, InstrumentRow, InstrumentRules
from ghg.inventory import Inventory
from ghg.issues import InputError
from ghg.numbers import DECIMAL, decimals_of, parse
from ghg.regions import ladder
from ghg.schema import NAMES, REQUIRED
from ghg.testing import FORMATS, LAWS, TOTAL, Case, Counterexample, Format, Law, Outcome, Pipeline, Totals
from ghg.testing.formats import block
from ghg.testing.pipeline import Number, Row
from ghg.testing.strategies import NOT_NUMBERS, TWO_NUMBERS
from ghg.units import accepted, unit
from tests.homemade import GWPS, HOMEMADE, SIZES, bridge, but, compute, coverage, lines, partial, trace

few = settings(max_examples=50, deadline=None)


@few
@given(testing.amounts())
def test_amounts_are_plain_decimal_text(text: str) -> None:
    assert DECIMAL.fullmatch(text)
    assert "e" not in text.lower()
    assert decimals_of(text) <= 6
    assert 0 <= parse(text) <= 10**9


@few
@given(testing.amounts(places=2, largest=5))
def test_amounts_keep_to_their_bounds(text: str) -> None:
    assert decimals_of(text) == 2
    assert 0 <= parse(text) <= 5


@few
@given(testing.rows("mine"))
def test_a_row_fills_what_is_required_with_words_that_exist(row: Row) -> None:
    assert row["id"] == "mine"
    assert set(REQUIRED) <= set(row) <= set(NAMES)
    assert all(row.values())
    account = accounts()[row["activity"]]
    assert account.method_for(unit(row["unit"]).dimension)
    assert row["unit"] in testing.UNITS[row["activity"]]
    assert ladder(row["region"])[-1] == "WORLD"
    assert date(testing.YEAR, 1, 1) <= date.fromisoformat(row["start"]) <= date.fromisoformat(row["end"])
    assert date.fromisoformat(row["end"]).year == testing.YEAR


@settings(max_examples=20, deadline=None)
@given(testing.tables(2, 5))
def test_every_table_is_sound(found: list[Row]) -> None:
    assert 2 <= len(found) <= 5
    assert len({row["id"] for row in found}) == len(found)
    run = testing.run_rows(found)
    assert run.is_complete
    assert run.balance.posted == len(found)
    run.close()


def test_every_activity_and_region_has_a_factor() -> None:
    row = {"entity": "e", "start": "2022-01-01", "end": "2022-12-31", "amount": "1", "provenance": "measured"}
    rows = [
        {**row, "activity": word, "unit": spelling, "region": region}
        for word, spellings in testing.UNITS.items()
        for spelling in spellings
        for region in testing.REGIONS
    ]
    run = testing.run_rows(testing.numbered(rows))
    assert run.is_complete
    run.close()


@few
@given(testing.rows())
def test_smaller_units_keep_the_amount_and_need_no_more_decimals(row: Row) -> None:
    names = testing.smaller_units(row)
    assert row["unit"] in names
    for name in names:
        other = testing.rewritten(row, name)
        assert parse(other["amount"]) * unit(name).multiplier == parse(row["amount"]) * unit(row["unit"]).multiplier
        assert decimals_of(other["amount"]) <= 6
        assert accepted()[name].dimension == accepted()[row["unit"]].dimension


@few
@given(testing.rows(), st.fractions(0, 1, max_denominator=9))
def test_the_parts_of_a_split_row_sum_to_it(row: Row, share: Fraction) -> None:
    parts = testing.split(row, share)
    assert len(parts) == 2
    assert sum((parse(part["amount"]) for part in parts), Fraction(0)) == parse(row["amount"])
    assert all(decimals_of(part["amount"]) <= 6 and parse(part["amount"]) >= 0 for part in parts)


def test_numbered_rows_leave_the_given_ones_alone() -> None:
    rows = [{"id": "same", "amount": "1"}, {"id": "same", "amount": "2"}]
    assert testing.numbered(rows, "n") == [{"id": "n-1", "amount": "1"}, {"id": "n-2", "amount": "2"}]
    assert rows[0]["id"] == "same"


def test_the_inventory_asks_for_both_books_and_allows_its_ladder() -> None:
    found = testing.inventory("AR6", "0.001")
    assert (found.gwp, found.decimals) == ("AR6", 3)
    books: tuple[Book, ...] = ("location", "market")
    assert tuple(found.books) == books
    assert list(found.denominators) == ["revenue"]


def test_a_run_over_rows_refuses_bad_ones_and_gives_exact_figures() -> None:
    row = {
        "id": "a", "entity": "e", "activity": "purchased_electricity", "region": "CN", "start": "2022-01-01",
        "end": "2022-12-31", "amount": "1", "unit": "MWh", "provenance": "measured",
    }  # fmt: skip
    figures = testing.figures_of(testing.run_rows([row]))
    assert figures["scope2"] == Fraction("0.5366")
    assert figures["scope2/revenue"] == Fraction("0.0005366")
    with pytest.raises(InputError):
        testing.run_rows([{**row, "unit": "ton"}])
    partial = testing.run_rows([row, {**row, "id": "b", "unit": "ton"}], incomplete=True)
    assert not partial.is_complete
    partial.close()


def test_only_activities_that_emit_post() -> None:
    assert testing.posts("purchased_electricity")
    assert not testing.posts("water")


def each(case: Case, change: Callable[[Row], Row]) -> Case:
    return replace(case, rows=tuple(change(row) for row in case.rows))


def times(row: Row, factor: str) -> Row:
    return {**row, "amount": str(Decimal(row["amount"]) * Decimal(factor))}


def worth(case: Case, change: Callable[[Fraction], Fraction]) -> Totals:
    made = compute(case)
    return replace(made, total=change(Fraction(made.total)))


def not_zero(row: Row) -> Row:
    if not row["amount"].strip("0."):
        raise ValueError("no amount")
    return row


def filled(*texts: str) -> Callable[[Row], Row]:
    return lambda row: {**row, "amount": "0"} if row["amount"] in texts else row


def clamped(row: Row) -> Row:
    return {**row, "amount": row["amount"].replace("-", "0")}


def joined(case: Case) -> tuple[Row, ...]:
    known = {factor["activity"] for factor in case.factors}
    return tuple(row for row in case.rows if row["activity"] in known)


def defaulted(case: Case) -> Case:
    return replace(
        case, factors=tuple({**row, "value": row["value"] if row["value"].strip("0.") else "1"} for row in case.factors)
    )


def rounded(case: Case) -> Case:
    return replace(case, factors=tuple({**row, "value": f"{Decimal(row['value']):.1f}"} for row in case.factors))


def gassier(made: Totals) -> Totals:
    return replace(
        made, masses={gas: Fraction(mass) * (11 if gas == "N2O" else 10) / 10 for gas, mass in made.masses.items()}
    )


def wrapped(total: Fraction) -> Fraction:
    return Fraction(total * 10**6 // 1 % 2**63, 10**6)


def regrouped(case: Case, name: str, change: Callable[[Mapping[str, Number]], Mapping[str, Number]]) -> Totals:
    made = compute(case)
    return replace(made, parts={name: change(made.parts[name])})


def swapped(parts: Mapping[str, Number]) -> dict[str, Number]:
    return dict(zip(parts, list(parts.values())[::-1], strict=True))


def merged(parts: Mapping[str, Number]) -> dict[str, Number]:
    return {name.replace("2", "1"): part for name, part in parts.items()}


def first_part(case: Case) -> dict[str, Number]:
    return dict([*compute(case).parts["scope"].items()][:1])


def held(case: Case) -> list[str]:
    return [row["id"] for row in case.instruments]


def quadrature(case: Case) -> float:
    return math.sqrt(sum((mass * GWPS[case.gwp][gas]) ** 2 for _, gas, mass in lines(case)))


PLANTED: dict[str, Pipeline] = {
    "additivity": but("drops the last of many rows", compute=lambda case: compute(replace(case, rows=case.rows[:3]))),
    "many rows": but("reads a thousand", compute=lambda case: compute(replace(case, rows=case.rows[:1000]))),
    "linearity": but("adds a kilogram", compute=lambda case: worth(case, lambda total: total + 1)),
    "unit invariance": but(
        "takes a MWh for 100 kWh",
        compute=lambda case: compute(each(case, lambda row: times(row, "0.1") if row["unit"] == "MWh" else row)),
    ),
    "permutation": but(
        "counts the first row twice", compute=lambda case: compute(replace(case, rows=(case.rows[0], *case.rows)))
    ),
    "same digits": replace(
        but("sums floats", compute=lambda case: replace(compute(case), total=sum(map(float, trace(case)[TOTAL])))),
        tolerance=Fraction(1, 10**9),
    ),
    "split and merge": but(
        "rounds each row",
        compute=lambda case: compute(each(case, lambda row: {**row, "amount": f"{Decimal(row['amount']):.2f}"})),
    ),
    "zero is an amount": but("refuses zero", compute=lambda case: compute(each(case, not_zero))),
    "missing is not zero": but("takes blank for zero", compute=lambda case: compute(each(case, filled("")))),
    "no number, no total": but(
        "takes text for zero", compute=lambda case: compute(each(case, filled(*NOT_NUMBERS, *TWO_NUMBERS)))
    ),
    "units count": but(
        "never looks at a unit",
        compute=lambda case: compute(each(case, lambda row: row if row["unit"] in SIZES else {**row, "unit": "kWh"})),
    ),
    "no factor, no total": but("joins factors inner", compute=lambda case: compute(replace(case, rows=joined(case)))),
    "zero factor": but("takes zero for missing", compute=lambda case: compute(defaulted(case))),
    "factor linearity": but("rounds factors", compute=lambda case: compute(rounded(case))),
    "corrections": but("clamps at zero", compute=lambda case: compute(each(case, clamped))),
    "footing": but("loses a scope", compute=lambda case: replace(compute(case), parts={"scope": first_part(case)})),
    "published units": but(
        "takes a MWh for 999 kWh",
        compute=lambda case: compute(each(case, lambda row: times(row, "0.999") if row["unit"] == "MWh" else row)),
    ),
    "published GWPs": but(
        "counts methane as the second report did",
        potentials=lambda gwp, gas: 21 if gas == "CH4" else GWPS[gwp][gas],
    ),
    "amount times factor": but("adds a tenth to one gas", compute=lambda case: gassier(compute(case))),
    "large and small": but("wraps at 64 bits", compute=lambda case: worth(case, wrapped)),
    "parts stand alone": but("swaps two parts", compute=lambda case: regrouped(case, "activity", swapped)),
    "scopes": but("calls Scope 2 Scope 1", compute=lambda case: regrouped(case, "scope", merged)),
    "uncertainty scales": but("states 5 kg", spread=lambda _: 5.0),
    "gwp leaves masses": but(
        "gives masses as CO2e",
        compute=lambda case: replace(
            compute(case), masses={gas: mass * GWPS[case.gwp][gas] for gas, mass in compute(case).masses.items()}
        ),
    ),
    "gwp once": but(
        "applies the GWP twice",
        compute=lambda case: replace(
            compute(case), total=sum(mass * GWPS[case.gwp][gas] ** 2 for gas, mass in compute(case).masses.items())
        ),
    ),
    "nothing lost": but("drops wrong rows", partial=lambda case: replace(partial(case), unposted=0)),
    "trace": but("forgets a contribution", trace=lambda case: {TOTAL: trace(case)[TOTAL][1:]}),
    "what-if": but("ignores the change", what_if=lambda before, _: compute(before)),
    "engines agree": replace(HOMEMADE, engines={"short": lambda case: compute(replace(case, rows=case.rows[:3]))}),
    "bridge": but(
        "leaves a residual",
        bridge=lambda before, after: {name: round(step) for name, step in bridge(before, after).items()},
    ),
    "uncertainty of a split row": but("adds rows in quadrature", spread=quadrature),
    "certificate conservation": but(
        "uses a certificate up to the whole consumption",
        coverage=lambda case: replace(coverage(case), used=dict.fromkeys(held(case), coverage(case).consumed)),
    ),
    "instruments count once": but(
        "goes by the row and not by the number",
        coverage=lambda case: coverage(
            replace(case, instruments=tuple({**row, "number": row["id"]} for row in case.instruments))
        ),
    ),
    "printed digits": but("rounds halves to even", prints=lambda value, places: f"{round(value, places):.{places}f}"),
    "round trip": replace(
        HOMEMADE, formats={"two decimals": Format(st.decimals(0, 9, places=3), "{:.2f}".format, Decimal)}
    ),
}  # fmt: skip


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_a_sound_pipeline_keeps_every_law(law: Law) -> None:
    assert law.check(HOMEMADE, examples=25).outcome is Outcome.HOLDS


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_every_law_catches_its_planted_fault(law: Law) -> None:
    with pytest.raises(Counterexample) as caught:
        law.check(PLANTED[law.name])
    assert law.statement in str(caught.value)


def test_a_law_that_does_not_apply_says_why() -> None:
    bare = replace(HOMEMADE, gases=(), bridge=None, lacks={"bridge": "nobody asked for one"})
    found = {law.name: str(law.judge(bare)) for law in LAWS if bare.missing(law.needs)}
    assert found == {
        "no factor, no total": "no factor, no total: does not apply: it brings factors of its own and takes no others",
        "zero factor": "zero factor: does not apply: it brings factors of its own and takes no others",
        "factor linearity": "factor linearity: does not apply: it brings factors of its own and takes no others",
        "amount times factor": (
            "amount times factor: does not apply: it brings factors of its own and takes no others"
        ),
        "bridge": "bridge: does not apply: nobody asked for one",
    }


def test_a_counterexample_shows_the_smallest_rows_found() -> None:
    with pytest.raises(Counterexample) as caught:
        next(law for law in LAWS if law.name == "unit invariance").check(PLANTED["unit invariance"])
    assert "takes a MWh for 100 kWh breaks the law of unit invariance." in str(caught.value)
    assert "power" in str(caught.value)
    assert "commuting" not in str(caught.value)


def test_numbers_that_are_not_finite_are_named() -> None:
    with pytest.raises(ValueError, match="total is nan, which is no finite number"):
        Totals(total=float("nan")).exact()


@few
@given(testing.certificates())
def test_certificates_meet_every_criterion(found: tuple[InstrumentRow, ...]) -> None:
    assert len({row.id for row in found}) == len({row.tracking_id for row in found}) == len(found)
    consumed = {"electricity": ("CN",)}
    setting = Setting(InstrumentRules(tables=("x",)), "generated", (), date(2022, 1, 1), date(2022, 12, 31), consumed)
    listed = [Instrument(row, "x", line) for line, row in enumerate(found)]
    assert not any(failures(listed, setting))


@settings(max_examples=15, deadline=None)
@given(testing.stated_inventories(), testing.tables(1, 2))
def test_every_row_fits_every_inventory_drawn(stated: Inventory, found: list[Row]) -> None:
    run = testing.run_rows(found, stated)
    assert run.is_complete
    run.close()


@settings(max_examples=15, deadline=None)
@given(testing.tables(1, 3), testing.what_ifs(), st.data())
def test_what_ifs_apply_and_published_tables_print_what_they_are_of(
    found: list[Row], asked: WhatIf, data: st.DataObject
) -> None:
    before = testing.run_rows(found)
    after = before.what_if(steps=asked.changes)
    assert after.bridge(before).total.change == sum(after.bridge(before).total.effects.values())
    values = {name: value.amount for name, value in after.result.figures().items()}
    for row in data.draw(testing.published_tables(values)):
        assert row.prints(values[row.figure])
        assert row.interval[0] <= values[row.figure] <= row.interval[1]
    before.close()


def test_a_written_form_that_loses_something_is_found_out() -> None:
    law = next(law for law in LAWS if law.name == "round trip")
    kept = FORMATS["decimal text"]
    lossy = replace(testing.OWN, formats={"lossy": replace(kept, write=lambda value: kept.write(value)[:4])})
    assert law.judge(lossy, examples=10).outcome is Outcome.BROKEN


def test_yaml_in_block_style_holds_any_tree() -> None:
    text = block({"a": ["1", {"b": "yes: no"}], "c": {}, "d": [], "e": None})
    assert text == '"a":\n  - "1"\n  -\n    "b": "yes: no"\n"c":\n  {}\n"d":\n  []'
