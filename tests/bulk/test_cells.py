"""Keys that choose alike: whatever a row's region, days and unit, its cell leads to its own match."""

from __future__ import annotations

from contextlib import closing
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghg.activity import load_rows
from ghg.boundary.beside import Beside
from ghg.boundary.entities import Entities, Holding, Place
from ghg.boundary.report import outside
from ghg.bulk import scanning
from ghg.bulk.cells import OUTSIDE, Cells, make_cells
from ghg.bulk.words import GROUPS, Words
from ghg.engines import Engine
from ghg.engines.relations import open_bulk
from ghg.evidence import save_ledger
from ghg.factors import library
from ghg.inventory import restated
from ghg.issues import Severity
from ghg.plan import ALL_OF_IT, KEY, Key, Rules
from ghg.resolve import Chooser
from ghg.runs import Asked, Run, compute
from ghg.schema import NAMES, OPTIONAL, REQUIRED
from ghg.standing import Standing
from ghg.testing import cases, inventory, numbered, run_rows
from ghg.testing.own import Load
from ghg.testing.pipeline import Case
from ghg.testing.shares import SHARES, with_shares
from ghg.testing.strategies import faulty, instruments
from tests.test_bulk import GOOD, laws, problems, scanned, written

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


def cells(tasks: Texts, regions: Texts, spans: Texts, entities: Texts | None = None, rules: Rules = ALL_OF_IT) -> Cells:
    found = {"task": words("task", tasks), "region": words("region", regions), "span": words("span", spans)}
    if entities is not None:
        found["entity"] = words("entity", entities)
    return make_cells(Standing(Chooser(library(), inventory()), rules), found)


def standing_for(made: Cells, task: int, region: int, span: int) -> Key | None:
    """The key that codes lead to; none where a word is not sound."""
    place = made.slots[task] * len(REGIONS) + region
    layout = made.layouts[place]
    first, kind = made.firsts[place], made.classes[made.calendars[layout] * len(SPANS) + span]
    return made.keys[first + made.shifts[layout] + kind] if OUTSIDE not in (first, kind) else None


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


def test_a_key_is_about_what_its_task_is_about() -> None:
    task = ("stationary_fuel", "kg", "fuel.anthracite", "stationary_combustion.mass")
    [key] = cells({task: True}, {("CN",): True}, {("2022-01-01", "2022-12-31"): True}).keys
    assert (key.item, key.method) == task[2:]


def test_each_activity_changes_on_days_of_its_own() -> None:
    """Water has no factor, so nothing changes after the first day; the factors of electricity change with the year."""
    two: Texts = {ELECTRICITY: True, ("water", "t", "none", "none"): True}
    years: Texts = {("2022-01-01", "2022-12-31"): True, ("2023-01-01", "2023-12-31"): True}
    for tasks in (two, dict(reversed(two.items()))):
        made = cells(tasks, {("CN",): True}, years)
        assert sorted((key.activity, key.start[:4]) for key in made.keys) == [
            ("purchased_electricity", "2022"), ("purchased_electricity", "2023"), ("water", "2022"),
        ]  # fmt: skip


def test_consumption_that_instruments_may_cover_is_told_apart_by_everything() -> None:
    entities: Texts = {("e",): True, ("stranger",): False, ("f",): True}
    tasks: Texts = {ELECTRICITY: True, ("water", "t", "none", "none"): True}
    spans: Texts = {("2022-01-01", "2022-01-31"): True, ("2022-02-01", "2022-02-28"): True}
    rules = Rules(columns=(*KEY, "entity"), is_matched=True)
    made = cells(tasks, {("CN",): True, ("CN-XZ",): True}, spans, entities, rules)
    found = [(key.activity, key.region, key.entity, key.start) for key in made.keys]
    covered = [
        ("purchased_electricity", region, entity, start)
        for region in ("CN", "CN-XZ") for entity in ("e", "f") for start in ("2022-01-01", "2022-02-01")
    ]  # fmt: skip
    assert found == [*covered, ("water", "CN", "e", "2022-01-01")]
    assert (made.entities, made.shifts) == (3, (0, 0, 0, 0, 0, 2, 0, 0, 0))
    assert [made.calendars[n : n + 3] for n in (0, 3, 6)] == [(0, 0, 0), (1, 0, 1), (2, 0, 2)]


def test_where_no_word_is_sound_codes_lead_nowhere() -> None:
    no_regions, no_spans = dict.fromkeys(REGIONS, False), dict.fromkeys(SPANS, False)
    for made in (cells(TASKS, no_regions, SPANS), cells(TASKS, REGIONS, no_spans)):
        assert (made.slots, made.firsts, made.layouts) == ((1, 2, 0, 1), (OUTSIDE,) * 3 * 4, (0,) * 3 * 4)
        assert (made.shifts, made.calendars, made.classes) == ((0,), (0,), (OUTSIDE,) * 5)
        assert (list(made.keys), made.entities) == ([], 1)


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
        shares = (f"{posting.book} {posting.factor} {posting.share} {posting.why}" for posting in match.postings)
        key = (match.activity, match.method, *factors, *match.pieces, *shares, *line.dimensions)
        amount, rows = found.get(key, (Fraction(0), 0))
        found[key] = (amount + line.amount, rows + line.rows)
    return found


def loading(path: Path) -> Load:
    """What loads a Parquet file, to be scanned in place."""

    def load(engine: Engine) -> None:
        engine.create("loaded", ("file", "line", *NAMES))
        engine.relations.append(open_bulk(engine, path, path.name, REQUIRED, OPTIONAL))

    return load


def said(run: Run) -> list[str]:
    """The notes of a run; those on what is compared in rows read as text alone are left out."""
    left_out = (
        "rows-not-compared",
        "row-repeated",
        "row-sum",
        "name-alike",
        "period-gap",
        "period-overlap",
        "number-outlier",
    )
    return sorted(
        issue.message for issue in run.issues if issue.severity is Severity.NOTE and issue.rule not in left_out
    )


@laws
@given(cases(SHARES), instruments(), st.lists(faulty(), max_size=2), st.booleans())
def test_rows_that_count_by_shares_give_what_rows_read_as_text_give(
    tmp_path: Path, found: Case, bought: tuple[dict[str, str], ...], wrong: list[dict[str, str]], at_once: bool
) -> None:
    rows = numbered([*found.rows, *({**found.rows[0], **cells} for cells in wrong)])
    case = Case(tuple(rows), found.factors, found.gwp, instruments=bought if at_once else ())
    load = loading(written(tmp_path / "rows.parquet", rows))
    with (
        closing(with_shares(case, Asked(incomplete=True))) as plain,
        closing(with_shares(case, Asked(incomplete=True, readable=(tmp_path,)), load)) as bulk,
    ):
        assert bulk.scans
        assert bulk.result.digest == plain.result.digest
        assert posted(bulk) == posted(plain)
        assert [getattr(bulk.balance, name) for name in ("read", "unposted", "outside")] == [
            getattr(plain.balance, name) for name in ("read", "unposted", "outside")
        ]
        assert [row[0] for row in outside(bulk)] == sorted(row[0] for row in outside(plain))
        assert [issue[:3] for issue in problems(bulk)] == [issue[:3] for issue in problems(plain)]
        assert said(bulk) == said(plain)


HELD = {
    "parent": "generated", "type": "subsidiary", "equity_share": "1", "financial_control": "yes",
    "operational_control": "yes",
}  # fmt: skip


def consolidated(rows: list[dict[str, str]], tmp_path: Path, *held: dict[str, str]) -> tuple[Run, Run]:
    """Rows of entities scanned in place, and read as text."""
    places = [Place(Holding.model_validate(HELD | row), "entities.csv", n) for n, row in enumerate(held, start=2)]
    beside = Beside(entities=Entities("generated", places))
    asked = restated(inventory(), {"consolidation": "equity_share", "entities": ("entities.csv",)})
    load = loading(written(tmp_path / "rows.parquet", rows))
    scanned_run = compute(asked, library, load, Asked(incomplete=True, readable=(tmp_path,)), beside=beside)
    return scanned_run, compute(
        asked, library, lambda engine: load_rows(engine, rows), Asked(incomplete=True), beside=beside
    )


def test_entities_that_are_held_whole_share_their_cells(tmp_path: Path) -> None:
    names = [f"e{number}" for number in range(30)]
    rows = numbered(
        [
            {**GOOD, "entity": name, "start": f"2022-{month:02}-01", "end": f"2022-{month:02}-28"}
            for name in names
            for month in range(1, 13)
        ]
    )
    bulk, plain = consolidated(rows, tmp_path, *({"entity": name} | SHARES_OF.get(name, {}) for name in names))
    with closing(bulk), closing(plain):
        assert posted(bulk) == posted(plain)
        assert bulk.plan.matches == plain.plan.matches
        shares = sorted(match.pieces for match in bulk.plan.matches)
        assert shares[:2] == [(), ("2022-06-01 to 2022-06-14: 1/2 of the amount, days e9 is held",)]
        assert shares[2:] == [("all its days: 3/5 of the amount, equity share 0.6 of e7",)]
        assert (len(bulk.plan.keys), len(plain.plan.keys)) == (4, 30 * 12 - 6)
        assert bulk.balance.outside == plain.balance.outside == 6


SHARES_OF = {"e7": {"equity_share": "0.6"}, "e9": {"valid_to": "2022-06-14"}}


def test_rows_of_entities_that_are_unknown_or_not_held_are_listed(tmp_path: Path) -> None:
    names = ("e", "stranger", "left", "minor")
    rows = numbered([{**GOOD, "entity": name} for name in names for _ in range(2)])
    held = ({"entity": "e"}, {"entity": "left", "valid_to": "2021-12-31"}, {"entity": "minor", "equity_share": "0"})
    bulk, plain = consolidated(rows, tmp_path, *held)
    with closing(bulk), closing(plain):
        assert problems(bulk) == problems(plain)
        assert {issue.rule for issue in bulk.errors} == {"entity-unknown"}
        assert (
            [row[0] for row in outside(bulk)] == [row[0] for row in outside(plain)] == [f"row-{n}" for n in range(5, 9)]
        )
        assert [found.balance.posted for found in (bulk, plain)] == [2, 2]
        for run in (bulk, plain):
            ledger = pl.read_parquet(save_ledger(run, tmp_path / f"{len(run.scans)}.parquet"))
            assert sorted(ledger["id"]) == ["row-1", "row-2"]


def test_where_cells_are_many_those_with_rows_are_planned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {**GOOD, "activity": "water", "unit": "t", "region": "HK", "item": "none"}
    rows = numbered([GOOD, wrong, {**GOOD, "activity": "taxi", "unit": "km", "region": "US"}])
    path = written(tmp_path / "rows.parquet", rows)
    with closing(scanned(path, tmp_path)) as made:
        at_once = made.result.digest, problems(made)
    monkeypatch.setattr(scanning, "AT_ONCE", 0)
    with closing(scanned(path, tmp_path)) as made:
        assert (made.result.digest, problems(made)) == at_once
