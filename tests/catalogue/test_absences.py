"""What does not exist is answered with the reason on record, and nothing is claimed beyond it."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from ghg.catalogue.absences import Absence, Asked, Verdict, absences, acronym, explain, knows_publisher, on_record
from ghg.lookups import explain_absence
from ghg.sources import sources
from ghg.vocabulary import vocabulary

ROW = {
    "activity": "electricity", "region": "CN-XZ", "publisher": "Somebody", "reason": "not_published",
    "explanation": "it is so",
}  # fmt: skip


@pytest.mark.parametrize(
    ("words", "options", "verdict", "said"),
    [
        ("electricity", {"region": "CN-XZ", "year": 2022}, Verdict.NOT_PUBLISHED, "no entry for Tibet"),
        ("tibet electricity 2022", {}, Verdict.NOT_PUBLISHED, "no entry for Tibet"),
        ("西藏 电力 2022", {}, Verdict.NOT_PUBLISHED, "no entry for Tibet"),
        (
            "electricity",
            {"region": "HK", "year": 2022, "publisher": "MEE"},
            Verdict.NOT_PUBLISHED,
            "not cover Hong Kong",
        ),
        ("electricity", {"region": "MO", "year": 2022, "publisher": "MEE"}, Verdict.NOT_PUBLISHED, "not cover Macao"),
        (
            "electricity",
            {"region": "FR", "year": 2022, "publisher": "IEA"},
            Verdict.LICENCE_FORBIDS,
            "commercial licence",
        ),
        ("IEA electricity France 2022", {}, Verdict.LICENCE_FORBIDS, "commercial licence"),
        (
            "material.concrete.primary",
            {"region": "DE", "year": 2022, "publisher": "ecoinvent"},
            Verdict.LICENCE_FORBIDS,
            "commercial database",
        ),
        ("spend in China 2022", {}, Verdict.NOT_YET_ADDED, "no Chinese factors per spend"),
        ("purchased goods china 2022", {}, Verdict.NOT_YET_ADDED, "CEEIO"),
        ("electricity", {"region": "JP", "year": 2023}, Verdict.NOT_YET_ADDED, "licence is not stated"),
        ("electricity", {"region": "CN", "year": 2022}, Verdict.EXISTS, "cn-mee-2022"),
        ("electricity", {"region": "US-EGRID-NWPP", "year": 2023}, Verdict.AMBIGUOUS, "egrid-2023-r2"),
        ("electricity", {"region": "CN-JS", "year": 2022}, Verdict.EXISTS, "cn-mee-2022"),
    ],
)
def test_a_question_has_its_answer(words: str, options: dict[str, object], verdict: Verdict, said: str) -> None:
    found = explain_absence(words, **options)  # type: ignore[arg-type]
    assert found.verdict is verdict
    assert bool(found.found) == (verdict in (Verdict.EXISTS, Verdict.AMBIGUOUS))
    assert said.casefold() in " ".join(found.why).casefold()


def test_tibet_is_told_what_it_takes_to_fall_back_to_china() -> None:
    first = explain_absence("electricity", "CN-XZ", 2022).nearest[0]
    assert first.factor.id == "cn-mee-2022:national"
    assert first.differs == "it is of CN, the parent of CN-XZ"
    assert first.needs == "publications: [cn-mee-2022], ladder: {regions: [exact, parent]}"


def test_hong_kong_is_never_offered_the_mainland_without_a_pin() -> None:
    mainland = [
        near for near in explain_absence("electricity", "HK", 2022, "MEE").nearest if near.factor.first.region == "CN"
    ]
    assert mainland
    assert all("not a parent of HK" in near.differs and near.needs.startswith("a pin") for near in mainland)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"activity": ""}, "never blank"),
        ({"publisher": ""}, "never blank"),
        ({"explanation": ""}, "never blank"),
        ({"region": "XX"}, "not in the list of regions"),
        ({"reason": "unknown"}, "not_published"),
    ],
)
def test_a_record_is_complete(cells: dict[str, str], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Absence.model_validate(ROW | cells)


def test_a_record_speaks_of_its_activity_and_place_alone() -> None:
    family = Absence.model_validate(ROW | {"activity": "fuel.*", "region": "*"})
    assert family.is_about("fuel.diesel", "GB")
    assert not family.is_about("electricity", "GB")
    assert not Absence.model_validate(ROW).is_about("electricity", "CN")


def test_everything_on_record_is_about_known_words() -> None:
    families = {word.partition(".")[0] for word in vocabulary()}
    assert {row.activity.partition(".")[0] for row in absences()} <= families
    assert all(row.activity.endswith(".*") or row.activity in vocabulary() for row in absences())


def test_a_publisher_is_known_by_acronym_and_name() -> None:
    assert acronym("Ministry of Ecology and Environment") == "MEE"
    assert knows_publisher("iea")
    assert knows_publisher("ecoinvent")
    assert not knows_publisher("nobody at all")


def test_what_is_on_record_of_a_place_stands_before_what_holds_everywhere() -> None:
    regions = [row.region for row in on_record(Asked("electricity", "HK", 2022))]
    assert regions == sorted(regions, key=lambda region: region == "*")
    assert {"HK", "*"} == set(regions)


def test_a_year_without_an_edition_says_which_years_there_are() -> None:
    found = explain(Asked("electricity", "CN-BJ", 2024))
    assert found.verdict is Verdict.NOT_YET_ADDED
    assert "for 2021, 2022, 2023, not for 2024" in found.why[0]
    assert (found.nearest[0].factor.id, found.nearest[0].differs) == (
        "cn-mee-2023:CN-BJ",
        "its validity ended 2023-12-31",
    )
    assert found.nearest[0].needs == "publications: [cn-mee-2023], ladder: {max_age_years: 1}"


def test_a_publication_that_has_it_is_one_of_the_library() -> None:
    found = explain(Asked("electricity", "GB", 2024))
    assert {factor.first.source for factor in found.found} <= set(sources())
