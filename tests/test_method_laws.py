"""Laws of methods: category 3 rests on Scopes 1 and 2; splitting a row changes nothing."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from ghg import activity
from ghg.factors import library
from ghg.inventory import Inventory
from ghg.numbers import decimal_text
from ghg.runs import Asked, Run, compute

BASE = {
    "entity": "e", "region": "GB", "start": "2024-01-01", "end": "2024-12-31", "provenance": "measured",
}  # fmt: skip
FUELS = (("fuel.natural_gas", "kWh_gross"), ("fuel.butane", "tonne"), ("fuel.diesel.average_biofuel_blend", "L"))
amounts = st.decimals(min_value=0, max_value=10**6, places=3).map(lambda number: f"{number:f}")


def run(*rows: dict[str, str]) -> Run:
    stated = {
        "inventory": "x", "organisation": "x", "title": "x", "period": {"start": BASE["start"], "end": BASE["end"]},
        "base_year": "x", "consolidation": "not_stated", "boundary": "x", "gwp": "AR5", "books": ["location"],
        "publications": ["desnz-2024"], "ladder": {"regions": ["exact"], "max_age_years": "0"}, "activity": ["x"],
        "derived": ["upstream_of_fuels", "upstream_of_energy", "energy_losses"],
    }  # fmt: skip
    numbered = [{"id": f"r{n}", **BASE, **row} for n, row in enumerate(rows)]
    return compute(
        Inventory.model_validate(stated), library, lambda engine: activity.load_rows(engine, numbered), Asked()
    )


def quantities(made: Run, scope: str) -> dict[tuple[str, str], Fraction]:
    """What posts to a scope, by account and unit; each balance line counts once."""
    found: dict[tuple[str, str], Fraction] = {}
    for line in made.balance.lines:
        match = made.plan.matches[line.match]
        if any(posting.scope == scope and posting.measure == "emissions" for posting in match.postings):
            key = (match.activity, line.dimensions[made.balance.names.index("unit")])
            found[key] = found.get(key, Fraction(0)) + Fraction(line.amount, 10**made.balance.decimals)
    return found


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(FUELS), amounts), min_size=1, max_size=4), amounts)
def test_category_3_rests_on_the_quantities_of_scopes_1_and_2(
    fuels: list[tuple[tuple[str, str], str]], electricity: str
) -> None:
    rows = [{"activity": "stationary_fuel", "item": item, "unit": unit, "amount": text} for (item, unit), text in fuels]
    made = run(*rows, {"activity": "purchased_electricity", "unit": "kWh", "amount": electricity})
    direct = {**quantities(made, "1"), **quantities(made, "2")}
    assert quantities(made, "3") == direct
    made.close()


@settings(max_examples=10, deadline=None)
@given(st.sampled_from(FUELS), amounts, amounts)
def test_splitting_a_row_changes_nothing(fuel: tuple[str, str], one: str, other: str) -> None:
    row = {"activity": "stationary_fuel", "item": fuel[0], "unit": fuel[1]}
    whole = run({**row, "amount": decimal_text(Fraction(one) + Fraction(other))})
    parts = run({**row, "amount": one}, {**row, "amount": other})
    assert whole.result.digest == parts.result.digest
    whole.close()
    parts.close()


@settings(max_examples=10, deadline=None)
@given(st.sampled_from(["R-410A", "R-404A", "R-407C", "R-401A"]), st.integers(1, 1000))
def test_the_masses_of_the_parts_of_a_blend_sum_to_the_blend(blend: str, mass: int) -> None:
    made = run({"activity": "fugitive_gases", "item": blend, "unit": "kg", "amount": str(mass)})
    parts = [entry.mass for entry in made.result.entries() if entry.posting.measure == "emissions"]
    assert sum(parts) == mass
    made.close()
