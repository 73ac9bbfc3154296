"""Keys that choose alike: whatever a row's region, days and unit, its cell leads to its own match."""

from __future__ import annotations

from contextlib import closing
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ghg.runs import Run
from ghg.testing import inventory, numbered, run_rows
from tests.test_bulk import GOOD, laws, scanned, written

days = st.dates(date(2022, 1, 1), date(2022, 12, 31))


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
