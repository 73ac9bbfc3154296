"""Base years: what counts, how it adds up, what is restated; published vectors; targets."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ghg.baseyear.forms import BaseYearFile, Policy
from ghg.baseyear.recalculation import Assessment, Decision, assess
from ghg.baseyear.targets import Target, assess_targets, is_met, pathways
from ghg.documents import read_document
from ghg.issues import GhgError, InputError
from ghg.numbers import printed
from ghg.sources import sources
from tests.baseyears import POLICY, row, write_base_year, write_years

FOLDER = Path(__file__).parent / "conformance" / "base_year"
VECTORS: Any = read_document(FOLDER / "carbonos.yaml", "carbonos.yaml").tree
STANDARD: Any = read_document(FOLDER / "corporate-standard.yaml", "corporate-standard.yaml").tree
SOLD = {"change": "drop_activity", "where": {"entity": "south"}, "why": "sold"}
YEARS = {year: [row(year, "north", "9000"), row(year, "south", "1000")] for year in ("2022", "2023")} | {
    "2024": [row("2024", "north", "9500")]
}
LEASED = "leased_assets_electricity"
SALE = {"event": "sale", "date": "2024-01-01", "kind": "structural", "changes": [SOLD]}


def decisions(found: Assessment) -> dict[str, Decision]:
    return {judged.event.event: judged.decision for judged in found.judged}


def restated(found: Assessment, figure: str = "scope2") -> dict[str, Fraction]:
    return {year.year: year.recalculated[figure] for year in found.years}


@pytest.mark.parametrize("vector", VECTORS["examples"], ids=lambda vector: vector["id"])
def test_published_vectors(vector: dict[str, Any], tmp_path: Path) -> None:
    years = {"2022": [row("2022", entity, amount) for entity, amount in vector["base"].items()]}
    years["2023"] = [row("2023", "kept", "1")]
    found = assess(write_base_year(tmp_path, years, vector["events"]))
    for judged, expected in zip(found.judged, vector["expected"], strict=True):
        assert (judged.event.event, judged.decision.value) == (expected["event"], expected["decision"])
        share = judged.share["scope2"]
        assert share is not None
        assert printed(share * 100, 2) == expected["percent"]


@pytest.mark.parametrize("example", STANDARD["examples"], ids=lambda example: example["id"])
def test_the_illustrations_of_the_standard(example: dict[str, Any], tmp_path: Path) -> None:
    years = {
        year: [row(year, entity, amount) for entity, amount in held.items()] for year, held in example["years"].items()
    }
    events = [
        {
            **{name: value for name, value in event.items() if name != "acquired"},
            "by_year": {
                year: [{"change": "add_activity", "rows": [row(year, *one) for one in held.items()], "why": "acquired"}]
                for year, held in event.get("acquired", {}).items()
            },
        }
        for event in example["events"]
    ]
    found = assess(write_base_year(tmp_path, years, events))
    assert {year.year: str(year.reported["scope2"]) for year in found.years} == example["reported"]
    assert {year.year: str(year.recalculated["scope2"]) for year in found.years} == example["recalculated"]


def test_a_sale_restates_the_base_year_and_every_year_between(tmp_path: Path) -> None:
    found = assess(write_base_year(tmp_path, YEARS, [SALE]))
    assert restated(found) == {"2022": 9, "2023": 9, "2024": Fraction("9.5")}
    assert [year.reported["scope2"] for year in found.years] == [10, 10, Fraction("9.5")]
    assert found.is_recalculated


def test_organic_growth_never_counts_whatever_its_size(tmp_path: Path) -> None:
    found = assess(write_base_year(tmp_path, YEARS, [SALE | {"kind": "organic"}]))
    assert decisions(found) == {"sale": Decision.NEVER}
    assert restated(found)["2022"] == 10
    assert not found.is_recalculated
    with pytest.raises(ValueError, match="organic growth or decline never"):
        Policy.model_validate({**POLICY, "triggers": ["organic"]})


def test_small_changes_add_up_and_are_restated_together(tmp_path: Path) -> None:
    scaled = [
        {"event": name, "date": f"2023-0{number}-01", "kind": "method",
         "changes": [{"change": "scale_factor", "factor": "own", "by": by, "why": "better"}]}
        for number, (name, by) in enumerate([("first", "1.03"), ("second", "1.03")], start=1)
    ]  # fmt: skip
    found = assess(write_base_year(tmp_path, YEARS, scaled))
    assert decisions(found) == {"first": Decision.CARRIED, "second": Decision.RECALCULATE}
    assert restated(found) == {"2022": Fraction("10.609"), "2023": 10, "2024": Fraction("9.5")}
    alone = assess(write_base_year(tmp_path, YEARS, scaled[:1]))
    assert restated(alone)["2022"] == 10


def test_opposite_changes_cancel_net_and_not_gross(tmp_path: Path) -> None:
    steps = [
        {"event": name, "date": f"2023-0{number}-01", "kind": "method",
         "changes": [{"change": "scale_factor", "factor": "own", "by": by, "why": "better"}]}
        for number, (name, by) in enumerate([("up", "1.03"), ("down", "0.97")], start=1)
    ]  # fmt: skip
    assert decisions(assess(write_base_year(tmp_path, YEARS, steps)))["down"] is Decision.CARRIED
    gross = assess(write_base_year(tmp_path, YEARS, steps, cumulation="gross"))
    assert decisions(gross)["down"] is Decision.RECALCULATE


def test_outsourcing_that_stays_in_the_figures_does_not_count(tmp_path: Path) -> None:
    moved = {
        "event": "hall", "date": "2024-01-01", "kind": "outsourcing", "changes": [SOLD],
        "by_year": {
            year: [{"change": "add_activity", "rows": [row(year, "south", "1000", "leased_assets_electricity")],
                    "why": "now leased"}]
            for year in ("2022", "2023")
        },
    }  # fmt: skip
    apart = assess(write_base_year(tmp_path, YEARS, [moved], figures=["scope2", "scope3"]))
    assert decisions(apart) == {"hall": Decision.RECALCULATE}
    assert restated(apart)["2022"] == 9
    assert restated(apart, "scope3")["2022"] == 1


def test_a_sale_during_a_year_counts_for_the_year_or_from_its_day(tmp_path: Path) -> None:
    years = {**YEARS, "2025": [row("2025", "north", "9500")]}
    sale = SALE | {"date": "2024-07-01"}
    whole = write_base_year(tmp_path, years, [sale])
    assert restated(assess(whole, "2024"))["2022"] == restated(assess(whole, "2025"))["2022"] == 9
    part = write_base_year(tmp_path, years, [sale], transfers="pro_rata", threshold="2")
    # 184 of the 366 days of 2024 are left on 1 July.
    assert restated(assess(part, "2024"))["2022"] == 10 - Fraction(184, 366)
    assert restated(assess(part, "2025"))["2022"] == 9


def test_years_before_an_acquired_business_existed_stay(tmp_path: Path) -> None:
    bought = {
        "event": "purchase", "date": "2024-01-01", "kind": "structural", "existed_from": "2023-01-01",
        "voluntary": "2023 is to be comparable",
        "by_year": {
            year: [{"change": "add_activity", "rows": [row(year, "west", "2000")], "why": "bought"}]
            for year in ("2022", "2023")
        },
    }  # fmt: skip
    assert restated(assess(write_base_year(tmp_path, YEARS, [bought]))) == {
        "2022": 10, "2023": 12, "2024": Fraction("9.5"),
    }  # fmt: skip


def test_an_error_can_touch_single_years(tmp_path: Path) -> None:
    doubled = {"change": "scale_activity", "where": {"entity": "north"}, "by": "2", "why": "read half"}
    fault = {"event": "meter", "kind": "error", "date": "2024-01-01", "years": ["2022"], "changes": [doubled]}
    assert restated(assess(write_base_year(tmp_path, YEARS, [fault]))) == {
        "2022": 19, "2023": 10, "2024": Fraction("9.5"),
    }  # fmt: skip


def test_effects_can_be_stated_and_say_so(tmp_path: Path) -> None:
    stated = {"event": "books", "kind": "error", "date": "2024-01-01",
              "stated": [{"year": "2022", "figure": "scope2", "amount": "0.75", "source": "audit file 3"}]}  # fmt: skip
    found = assess(write_base_year(tmp_path, YEARS, [stated]))
    assert found.judged[0].is_stated
    assert restated(found)["2022"] == Fraction("10.75")


def test_a_change_without_an_effect_cannot_be_judged(tmp_path: Path) -> None:
    found = assess(write_base_year(tmp_path, YEARS, [{"event": "new", "kind": "error", "date": "2024-01-01"}]))
    assert decisions(found) == {"new": Decision.UNKNOWN}
    other = assess(write_base_year(tmp_path, YEARS, [{"event": "new", "kind": "category", "date": "2024-01-01"}]))
    assert decisions(other) == {"new": Decision.NO_TRIGGER}


def test_a_rolling_base_year_moves_with_the_reporting_year(tmp_path: Path) -> None:
    policy = {"kind": "rolling", "year": None, "years_back": 1}
    found = assess(write_base_year(tmp_path, YEARS, [SALE], **policy))
    assert (found.base, restated(found)) == ("2023", {"2023": 9, "2024": Fraction("9.5")})
    assert assess(str(tmp_path / "base-year.yaml"), "2023").base == "2022"
    with pytest.raises(GhgError, match="no inventory of 2021"):
        assess(str(tmp_path / "base-year.yaml"), "2022")


@settings(max_examples=5, deadline=None)
@given(st.lists(st.decimals("0.9", "1.1", places=3), min_size=1, max_size=3))
def test_effects_add_up_to_the_whole_change(tmp_path_factory: pytest.TempPathFactory, factors: list[Any]) -> None:
    steps = [
        {"event": f"e{number}", "kind": "method", "voluntary": "the law",
         "changes": [{"change": "scale_factor", "factor": "own", "by": f"{by:f}", "why": "x"}]}
        for number, by in enumerate(factors)
    ]  # fmt: skip
    found = assess(write_base_year(tmp_path_factory.mktemp("years"), {y: YEARS[y] for y in ("2022", "2023")}, steps))
    base = found.years[0]
    assert base.recalculated["scope2"] - base.reported["scope2"] == sum(one.effect["scope2"] for one in found.judged)


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ({"year": None}, "states 'year'"),
        ({"kind": "rolling"}, "states 'year'"),
        ({"threshold": "0"}, "more than 0"),
        ({"figures": ["energy"]}, "no figure of emissions"),
        ({"figures": ["scope9"]}, "no figure is called"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(policy: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Policy.model_validate({**POLICY, **policy})


def test_a_file_names_its_base_year_and_each_event_once() -> None:
    file = {"base_year": "t", "title": "t", "organisation": "t", "policy": POLICY, "inventories": {"2023": "a"}}
    with pytest.raises(ValueError, match="no inventory of the base year"):
        BaseYearFile.model_validate(file)
    event = {"event": "a", "date": "2023-01-01", "kind": "error", "what": "x"}
    with pytest.raises(ValueError, match="same id"):
        BaseYearFile.model_validate({**file, "inventories": {"2022": "a"}, "events": [event, event]})


@pytest.mark.parametrize(
    "named",
    [
        {"years": ["2019"]},
        {"by_year": {"2019": []}},
        {"stated": [{"year": "2019", "figure": "scope1", "amount": "1", "source": "x"}]},
    ],
)
def test_a_change_of_a_year_without_an_inventory_is_refused(named: dict[str, Any]) -> None:
    """It would touch nothing, in silence."""
    event = {"event": "a", "date": "2023-01-01", "kind": "error", "what": "x", **named}
    file = {"base_year": "t", "title": "t", "organisation": "t", "policy": POLICY, "inventories": {"2022": "a"}}
    with pytest.raises(ValueError, match="the event 'a' names the year 2019, which has no inventory here"):
        BaseYearFile.model_validate({**file, "events": [event]})


def test_an_inventory_of_another_year_is_refused(tmp_path: Path) -> None:
    """Two years that are swapped would turn a fall into a rise."""
    path = Path(write_base_year(tmp_path, YEARS, []))
    stated = {"target": "t", "figure": "scope2", "base": "2022", "year": "2032", "reduction": "42"}
    swapped = {"2022": "2023.yaml", "2023": "2022.yaml"}
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"inventories": swapped}), "utf-8")
    said = r"2023\.yaml is named as the inventory of 2022, but its period is 2023-01-01 to 2023-12-31"
    with pytest.raises(GhgError, match=said):
        assess(str(path))
    with pytest.raises(GhgError, match=said):
        assess_targets(targets(tmp_path, stated, inventories=swapped))


def targets(folder: Path, *stated: dict[str, Any], **file: Any) -> str:
    content = {
        "targets_of": "test", "title": "Test", "inventories": write_years(folder, YEARS),
        "targets": [
            {name: value for name, value in {"what": "stated", "source": "test", **one}.items() if value is not None}
            for one in stated
        ],
        **file,
    }  # fmt: skip
    path = folder / "targets.yaml"
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")
    return str(path)


def test_a_path_is_a_straight_line_from_the_base_year(tmp_path: Path) -> None:
    stated = {"target": "t", "figure": "scope2", "base": "2022", "year": "2032", "yearly": "4.2"}
    (found,) = assess_targets(targets(tmp_path, stated)).assessed
    assert found.goal == Fraction("5.8")
    assert [point.path for point in found.points] == [10, Fraction("9.58"), Fraction("9.16")]
    assert [point.standing for point in found.points] == ["base year", "above the path", "above the path"]
    assert found.points[2].gap == Fraction("0.34")
    assert found.points[2].progress == Fraction("0.5") / Fraction("4.2")
    same = {**stated, "yearly": None, "reduction": "42"}
    assert assess_targets(targets(tmp_path, same)).assessed[0].points == found.points
    rate = {**stated, "yearly": None, "pathway": "sbti-1.5c"}
    assert assess_targets(targets(tmp_path, rate)).assessed[0].points == found.points


def test_a_path_never_falls_below_zero_and_a_reached_target_is_reached(tmp_path: Path) -> None:
    stated = {"target": "t", "figure": "scope2", "base": "2022", "year": "2050", "yearly": "4.2"}
    assert assess_targets(targets(tmp_path, stated)).assessed[0].goal == 0
    low = {"target": "t", "figure": "scope2", "base": "2022", "year": "2025", "reduction": "5"}
    assert assess_targets(targets(tmp_path, low)).assessed[0].points[-1].standing == "reached"


def test_a_pledge_without_base_year_cannot_be_assessed(tmp_path: Path) -> None:
    pledge = {"target": "t", "year": "2050", "not_stated": ["whether offsets count is not stated"]}
    (found,) = assess_targets(targets(tmp_path, pledge)).assessed
    assert found.goal is None
    assert found.lacking == (
        "no figure is stated, so its boundary is open", "no base year is stated", "no reduction is stated",
        "whether offsets count is not stated",
    )  # fmt: skip
    early = {"target": "t", "figure": "scope2", "base": "2020", "year": "2030", "reduction": "10"}
    assert assess_targets(targets(tmp_path, early)).assessed[0].lacking == ("there is no scope2 of the base year 2020",)


def test_targets_can_stand_on_restated_figures(tmp_path: Path) -> None:
    write_base_year(tmp_path, YEARS, [SALE])
    stated = {"target": "t", "figure": "scope2", "base": "2022", "year": "2032", "reduction": "42"}
    found = assess_targets(targets(tmp_path, stated, inventories={}, base_year_file="base-year.yaml"))
    assert found.recalculated
    assert found.assessed[0].points[0].actual == 9
    with pytest.raises(InputError, match="or a base-year file"):
        assess_targets(targets(tmp_path, stated, base_year_file="base-year.yaml"))


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"yearly": "1", "reduction": "1"}, "states one of"),
        ({"pathway": "sbti-3c"}, "no pathway"),
        ({"base": "2040"}, "after the base year"),
        ({"reduction": "101"}, "at most 100"),
        ({"figure": "water"}, "no figure of emissions"),
    ],
)
def test_a_target_that_makes_no_sense_is_refused(stated: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Target.model_validate({"target": "t", "what": "w", "source": "s", "year": "2030", **stated})


def test_published_rates_have_sources() -> None:
    assert {row.source for row in pathways().values()} <= set(sources())
    assert {name: row.rate for name, row in pathways().items()} == {"sbti-1.5c": "4.2", "sbti-wb2c": "2.5"}


def test_limits_are_compared_as_printed(tmp_path: Path) -> None:
    limit = {"limit": "pue", "what": "PUE", "source": "report", "at_most": {"2024": "1.365", "2025": "1.362"},
             "reported": {"2024": "1.374"}}  # fmt: skip
    (found,) = assess_targets(targets(tmp_path, limits=[limit])).file.limits
    assert (is_met(found, "2024"), is_met(found, "2025")) == (False, None)
    with pytest.raises(GhgError, match="no limit for 2026"):
        is_met(found, "2026")
