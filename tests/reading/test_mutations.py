"""Mutations of good files of every form, a bounded number of them; ``campaign.py`` judges a million."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reading import mutate_forms, mutate_runs
from tests.reading.campaign import FORMS, JUDGES, RUNS, SHARES, TURN, report, turn
from tests.reading.mutate import GOOD, MUTATIONS, Mutation
from tests.reading.mutate_forms import judged, plain_csv
from tests.reading.mutate_runs import WHOLE, figures, judge, prepare

ONCE_WRONG = {
    "csv": (102_056, 107_974), "json": (1_005_862,), "xlsx": (1_009, 1_031, 1_055, 1_113, 1_007_658),
    "inventory": (1_001_560, 100_008_004), "rows xlsx": (95, 131, 216, 224, 5_031),
    "run parquet": (2, 400_187_001), "run rows csv": (100_085_001, 400_152_001), "tsv": (100_137_004,),
    "rows published": (100_012_005,),
}  # fmt: skip
"""Seeds whose mutants were once read otherwise than they say, without a word, or ended in a bug."""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    prepare(tmp_path)
    return tmp_path


@pytest.mark.parametrize("form", [form for form in WHOLE if not form.endswith("parquet")])
def test_the_good_table_is_kept_by_a_whole_run(form: str, place: Path) -> None:
    good = mutate_forms.FORMS[form.removeprefix("run ")]
    assert judge(WHOLE[form], good.pack(good.good), place) == "kept"
    assert figures(WHOLE[form].plain(good.pack(good.good))) == figures(plain_csv(GOOD.encode()))


def test_a_wrong_total_would_be_seen() -> None:
    """The judge compares: were a unit lost, it would say so."""
    assert figures(plain_csv(GOOD.replace("MWh", "GWh").encode())) != figures(plain_csv(GOOD.encode()))


def test_a_remark_about_something_else_excuses_nothing(tmp_path: Path) -> None:
    """A table with a remark on its days whose amounts were read otherwise would be wrong."""
    content = GOOD.replace("-15,", "-15T10:00,").encode()
    form = mutate_forms.FORMS["csv"]
    assert form.judge(content, tmp_path) == "remarked"
    lied = mutate_forms.compared("t.csv", content, tmp_path, lambda text: plain_csv(text.replace(b"98000", b"9800")))
    assert lied.startswith("wrong")


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_each_kind_of_mutation_keeps_the_total_or_is_told(mutation: Mutation, place: Path) -> None:
    for seed in range(3):
        content = mutation(GOOD.encode(), random.Random(seed))  # noqa: S311 - a seed that replays
        assert not judge(WHOLE["run csv"], content, place).startswith("wrong"), content


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(st.integers(0, 10**9), st.sampled_from(sorted(WHOLE)))
def test_whole_runs_over_mutants_keep_the_total_or_are_told(place: Path, seed: int, form: str) -> None:
    verdict, names, content = JUDGES[form](seed, place)
    assert not verdict.startswith(("wrong", "crash")), (verdict, names, content)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_mutants_of_every_form_keep_their_rows_or_are_told(form: str, tmp_path: Path) -> None:
    """A few of the million that are run by hand; seeds that were wrong once stay among them."""
    for seed in (*range(12), *ONCE_WRONG.get(form, ())):
        verdict, names, content = judged(FORMS[form], seed, tmp_path)
        assert not verdict.startswith(("wrong", "crash")), (verdict, names, content)


@pytest.mark.parametrize("form", [form for form in ONCE_WRONG if form in WHOLE])
def test_whole_runs_that_were_once_wrong_are_told(form: str, place: Path) -> None:
    for seed in ONCE_WRONG[form]:
        assert not JUDGES[form](seed, place)[0].startswith(("wrong", "crash"))


@pytest.mark.parametrize("form", FORMS)
def test_the_good_file_of_every_form_is_kept(form: str, tmp_path: Path) -> None:
    assert FORMS[form].judge(FORMS[form].pack(FORMS[form].good), tmp_path) == "kept"


def test_a_turn_of_the_campaign_takes_every_form() -> None:
    assert set(SHARES) == set(FORMS)
    assert set(RUNS) == set(mutate_runs.WHOLE)
    assert TURN <= sum(count for _, count in turn(set())) <= TURN + sum(RUNS.values())
    assert turn({"csv"}) == [("csv", 100)]
    assert report(Counter({("csv", "kept"): 2, ("csv", "told"): 1}), 0.0).splitlines()[1].endswith("kept 2, told 1")
