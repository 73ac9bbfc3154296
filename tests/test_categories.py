"""All fifteen categories stand in every result, each computed or with its reason."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

import ghg
from ghg.categories import NO_REASON, Reason, fifteen
from ghg.reports.documents import run_document
from ghg.reports.text import render_run


def test_a_category_without_rows_and_without_a_reason_says_so() -> None:
    found = fifteen({"scope3.1"}, {"2": Reason(status="not_relevant", why="nothing was bought to keep")})
    assert len(found) == 15
    assert (found[0].status, found[0].reason) == ("computed", "")
    assert (found[1].status, found[1].reason) == ("not_relevant", "not relevant: nothing was bought to keep")
    assert {one.reason for one in found[2:]} == {NO_REASON}


def test_a_reason_for_a_computed_category_is_a_partial_one() -> None:
    reason = Reason(status="excluded", why="small sites", estimate="< 1 %")
    [first, *_] = fifteen({"scope3.1"}, {"1": reason})
    assert first.reason == "in part excluded: small sites (estimate: < 1 %)"


def test_an_exclusion_without_a_size_is_refused() -> None:
    with pytest.raises(ValidationError, match="states how large it is"):
        Reason(status="excluded", why="small")
    with pytest.raises(ValidationError):
        Reason.model_validate({"status": "excluded", "estimate": "< 1 %"})


def test_every_result_lists_the_fifteen() -> None:
    run = ghg.run("scenarios/kingsoft-cloud/2023.yaml")
    listed = run_document(run).categories
    assert [one.figure for one in listed] == [f"scope3.{number}" for number in range(1, 16)]
    assert all(one.status == "computed" or one.reason for one in listed)
    text = " ".join(render_run(run).split())
    assert "categories 4, 5, 9, 10, 11, 12, 13, 14, 15: not computed: the report prints no figure" in text
    assert "category 8: upstream leased assets: not computed: the report prints a slash" in text
    run.close()
