"""Keys that choose alike: whatever a row's region, days and unit, its cell leads to its own match."""

from __future__ import annotations

from contextlib import closing
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ghg.bulk.cells import OUTSIDE, Cells, make_cells
from ghg.bulk.words import GROUPS, Words
from ghg.factors import library
from ghg.plan import Key
from ghg.runs import Run
from ghg.testing import inventory, numbered, run_rows
from tests.test_bulk import GOOD, laws, scanned, written

days = st.dates(date(2022, 1, 1), date(2022, 12, 31))


Texts = dict[tuple[str, ...], bool]
ELECTRICITY = ("purchased_electricity", "kWh", "none", "none")
TASKS: Texts = {
    ELECTRICITY: True, ("water", "t", "none", "none"): True, ("purchased_electricity", "ton", "none", "none"): False,
    ("purchased_electricity", "MWh", "none", "none"): True,
}  # fmt: skip
REGIONS: Texts = {("CN",): True, ("Narnia",): False, ("CN-BJ",): True, ("HK",): True}
SPANS: Texts = {
    ("2022-01-01", "2022-03-31"): True, ("soon", "2022-12-31"): False, ("2022-04-01", "2022-12-31"): True,
    ("2021-12-01", "2022-01-31"): True, ("2021-12-31", "2022-01-01"): True,
}  # fmt: skip
"""Words, each with whether it is sound; the last two spans lie across a new year."""


def words(group: str, found: Texts) -> Words:
    return Words(group, GROUPS[group], tuple(found), tuple(found.values()), (), (), (), tuple(range(len(found))))


def cells(tasks: Texts, regions: Texts, spans: Texts) -> Cells:
    found = {"task": words("task", tasks), "region": words("region", regions), "span": words("span", spans)}
    return make_cells(inventory(), library(), found)


def standing_for(made: Cells, task: int, region: int, span: int) -> Key | None:
    """The key that codes lead to; none where a word is not sound."""
    place = made.slots[task] * len(REGIONS) + region
    first, kind = made.firsts[place], made.classes[made.calendars[place] * len(SPANS) + span]
    return made.keys[first + kind] if OUTSIDE not in (first, kind) else None


def test_codes_lead_to_the_first_key_that_chooses_alike() -> None:
    """Grid averages differ by region, water has no factor; days of one calendar year choose alike."""
    made = cells(TASKS, REGIONS, SPANS)
    for t, (task, is_task) in enumerate(TASKS.items()):
        for r, ((region,), is_region) in enumerate(REGIONS.items()):
            for s, (span, is_span) in enumerate(SPANS.items()):
                found = standing_for(made, t, r, s)
                activity, unit = ("water", "t") if task[0] == "water" else ("purchased_electricity", "kWh")
                start, end = ("2022-01-01", "2022-03-31") if s in (0, 2) else span
                place = "CN" if activity == "water" else region
                expected = Key(activity, place, start, end, unit) if is_task and is_region and is_span else None
                assert found == expected, (task, region, span)
    assert made.slots == (1, 2, 0, 1)
    assert len(made.keys) == len(set(made.keys)) == 3 * (3 + 1)


def test_where_no_word_is_sound_codes_lead_nowhere() -> None:
    no_regions, no_spans = dict.fromkeys(REGIONS, False), dict.fromkeys(SPANS, False)
    for made in (cells(TASKS, no_regions, SPANS), cells(TASKS, REGIONS, no_spans)):
        assert made == Cells((1, 2, 0, 1), (OUTSIDE,) * 3 * 4, (0,) * 3 * 4, (OUTSIDE,) * 5, ())


def test_where_no_region_or_no_day_is_sound_nothing_posts(tmp_path: Path) -> None:
    for name, cell in (("region", "Atlantis"), ("start", "soon")):
        file = written(
            tmp_path / f"{name}.parquet", numbered([{**GOOD, name: cell}, {**GOOD, name: cell, "unit": "t"}])
        )
        with closing(scanned(file, tmp_path)) as made:
            assert (made.balance.posted, made.balance.unposted) == (0, 2)


@laws
@given(
    st.lists(
        st.tuples(
            st.sampled_from([("purchased_electricity", "kWh"), ("purchased_electricity", "GJ"), ("water", "t"),
                             ("diesel_stationary", "kg"), ("diesel_stationary", "L")]),
            st.sampled_from(["CN", "CN-BJ", "CN-SH", "HK", "WORLD"]), days, st.integers(0, 400),
        ),
        min_size=1, max_size=12,
    )
)  # fmt: skip
def test_rows_post_by_the_match_they_have_by_themselves(
    tmp_path: Path, found: list[tuple[tuple[str, str], str, date, int]]
) -> None:
    end = date(2022, 12, 31)
    rows = numbered([
        {**GOOD, "activity": activity, "unit": unit, "region": region, "start": str(start),
         "end": str(min(start + timedelta(days=length), end))}
        for (activity, unit), region, start, length in found
    ])  # fmt: skip
    with (
        closing(scanned(written(tmp_path / "rows.parquet", rows), tmp_path)) as bulk,
        closing(run_rows(rows, inventory(), incomplete=True)) as plain,
    ):
        assert posted(bulk) == posted(plain)
        assert bulk.balance.unposted == plain.balance.unposted


def posted(run: Run) -> dict[tuple[str, ...], tuple[Fraction, int]]:
    """The sums of a run by activity, method, factors and unit."""
    found: dict[tuple[str, ...], tuple[Fraction, int]] = {}
    for line in run.balance.lines:
        match = run.plan.matches[line.match]
        factors = (choice.factor.id for choice in match.choices if choice.factor)
        key = (match.activity, match.method, *factors, *line.dimensions)
        amount, rows = found.get(key, (Fraction(0), 0))
        found[key] = (amount + line.amount, rows + line.rows)
    return found
