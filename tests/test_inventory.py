"""Inventory files: everything stated, nothing assumed, every problem placed."""

from __future__ import annotations

from pathlib import Path

import pytest

from ghg.inventory import Inventory, InventoryFile, read_inventory
from ghg.issues import InputError, Issue

FIELDS = {
    "inventory": "example-2024",
    "organisation": "Example Limited",
    "title": "Example inventory 2024",
    "period": "{start: 2024-01-01, end: 2024-12-31}",
    "base_year": "none",
    "consolidation": "operational_control",
    "boundary": "the company",
    "gwp": "AR5",
    "books": "[location]",
    "publications": "[cn-mee-2022]",
    "ladder": "{regions: [exact], max_age_years: 0}",
    "activity": "[activity.csv]",
}
"""The fields an inventory must state, one a line."""


def text(**changed: str) -> str:
    return "".join(f"{name}: {value}\n" for name, value in (FIELDS | changed).items())


def read(folder: Path, content: str) -> InventoryFile:
    path = folder / "inventory.yaml"
    path.write_text(content, encoding="utf-8")
    return read_inventory(path)


def refused(folder: Path, content: str) -> Issue:
    with pytest.raises(InputError) as caught:
        read(folder, content)
    (issue,) = caught.value.issues
    assert issue.file == str(folder / "inventory.yaml")
    return issue


def line_of(name: str, content: str) -> int:
    return 1 + [line.partition(":")[0] for line in content.splitlines()].index(name)


def test_the_smallest_inventory_is_accepted(tmp_path: Path) -> None:
    found = read(tmp_path, text())
    assert found.inventory.gwp == "AR5"
    assert (found.folder, found.is_shipped) == (tmp_path, False)


def test_only_what_an_inventory_may_lack_has_a_default() -> None:
    optional = {name for name, field in Inventory.model_fields.items() if not field.is_required()}
    assert set(FIELDS) == set(Inventory.model_fields) - optional
    assert optional == {
        "quantum", "dimensions", "reading", "selection", "factors", "pins", "lock", "denominators", "published",
        "sources", "assumptions", "uncertainty", "instruments", "entities", "cut_off", "continuity",
        "methods", "derived", "categories",
    }  # fmt: skip


@pytest.mark.parametrize("name", FIELDS)
def test_a_missing_field_is_refused_with_its_name_and_a_line(tmp_path: Path, name: str) -> None:
    issue = refused(tmp_path, text().replace(f"{name}: {FIELDS[name]}\n", ""))
    assert (issue.rule, issue.column, issue.line) == ("field-invalid", name, 1)
    assert "nothing is assumed" in issue.hint


@pytest.mark.parametrize("name", FIELDS)
def test_a_blank_field_is_refused_with_its_line(tmp_path: Path, name: str) -> None:
    content = text(**{name: ""})
    assert refused(tmp_path, content).line == line_of(name, content)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("gwp", "AR7", "there is no GWP set 'AR7'; the sets are SAR, AR4, AR5, AR5-CCF, AR6"),
        ("gwp", "ar5", "there is no GWP set"),
        ("gpw", "AR5", "is not known"),
        ("quantum", "0.5", "a quantum is 1, 0.1, 0.01"),
        ("quantum", "10", "a quantum is 1, 0.1, 0.01"),
        ("quantum", "1e-10", "a quantum is 1, 0.1, 0.01"),
        ("quantum", "0", "a quantum is 1, 0.1, 0.01"),
        ("quantum", "fine", "not a plain decimal number"),
        ("consolidation", "control", "operational_control"),
        ("books", "[]", "it is empty"),
        ("books", "[location, location]", "'location' stands twice"),
        ("publications", "[cn-mee-2022, cn-mee-2022]", "'cn-mee-2022' stands twice"),
        ("activity", "[a.csv, b.csv, a.csv]", "'a.csv' stands twice"),
        ("activity", "a.csv", "it is a list"),
        ("dimensions", "[unit]", "'entity'"),
        ("period", "2024", "fields of its own"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_at_its_line(tmp_path: Path, name: str, value: str, message: str) -> None:
    content = text(**{name: value})
    issue = refused(tmp_path, content)
    assert (issue.rule, issue.line) == ("field-invalid", line_of(name, content))
    assert issue.column.partition(".")[0] == name
    assert message in issue.message


@pytest.mark.parametrize(
    ("period", "message"),
    [
        ("{start: 2024-12-31, end: 2024-01-01}", "the period ends before it starts"),
        ("{start: 2024-01-01, end: 2024-02-30}", "no day of the calendar"),
        ("{start: 1704067200, end: 2024-12-31}", "year-month-day"),
        ("{start: 2024-01-01}", "is missing"),
    ],
)
def test_a_period_is_two_calendar_dates_in_order(tmp_path: Path, period: str, message: str) -> None:
    content = text(period=period)
    issue = refused(tmp_path, content)
    assert issue.line == line_of("period", content)
    assert message in issue.message


@pytest.mark.parametrize(
    ("name", "value", "column"),
    [("books", "[both]", "books.0"), ("ladder", "{regions: [any], max_age_years: 0}", "ladder.regions.0")],
)
def test_a_word_outside_its_closed_list_is_refused_at_its_place(
    tmp_path: Path, name: str, value: str, column: str
) -> None:
    content = text(**{name: value})
    with pytest.raises(InputError) as caught:
        read(tmp_path, content)
    assert (column, line_of(name, content)) in [(issue.column, issue.line) for issue in caught.value.issues]


def test_a_period_of_one_day_is_accepted(tmp_path: Path) -> None:
    period = read(tmp_path, text(period="{start: 2024-02-29, end: 2024-02-29}")).inventory.period
    assert period.start == period.end


@pytest.mark.parametrize(
    "ladder",
    ["{regions: [], max_age_years: 0}", "{regions: [exact], max_age_years: -1}",
     "{regions: [exact], max_age_years: 51}", "{regions: [exact]}", "{max_age_years: 0}"],
)  # fmt: skip
def test_a_ladder_states_known_rungs_and_an_age(tmp_path: Path, ladder: str) -> None:
    content = text(ladder=ladder)
    assert refused(tmp_path, content).line == line_of("ladder", content)


def test_an_unknown_publication_is_refused_and_the_nearest_suggested(tmp_path: Path) -> None:
    assert (
        "there is no source 'cn-mee-2032'. Did you mean 'cn-mee"
        in refused(tmp_path, text(publications="[cn-mee-2032]")).message
    )


def test_a_publication_of_the_inventory_itself_can_be_cited(tmp_path: Path) -> None:
    source = "{title: T, publisher: P, edition: E, published: 2024, licence: L, retrieved: 2025-01-01}"
    found = read(tmp_path, text(publications="[own]", sources=f"{{own: {source}}}")).inventory
    assert found.citations["own"].title == "T"
    assert "cn-mee-2022" in found.citations


def test_a_pin_to_an_unknown_activity_is_refused(tmp_path: Path) -> None:
    pin = "{activity: flying, book: location, factor: x, why: y}"
    assert "a pin names the activity 'flying'" in refused(tmp_path, text(pins=f"[{pin}]")).message


def test_two_pins_for_one_choice_are_refused(tmp_path: Path) -> None:
    pins = ", ".join(f"{{activity: air_travel, book: location, factor: {name}, why: y}}" for name in "ab")
    issue = refused(tmp_path, text(pins=f"[{pins}]"))
    assert "two pins name a factor for 'air_travel' in the location book" in issue.message


def test_a_pin_without_its_reason_is_refused(tmp_path: Path) -> None:
    issue = refused(tmp_path, text(pins="[{activity: air_travel, book: location, factor: x}]"))
    assert issue.column == "pins.0.why"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("amount", "'0'", "greater than zero"), ("amount", "-5", "greater than zero"),
        ("amount", "'1,000'", "not a plain"),
        ("amount", "1/0", "not a plain"), ("unit", "ton", "refused as ambiguous"), ("unit", "yuan", "not in the list"),
        ("source", "nowhere", "there is no source 'nowhere'"),
    ],
)  # fmt: skip
def test_a_denominator_that_cannot_divide_is_refused(tmp_path: Path, name: str, value: str, message: str) -> None:
    fields = {"amount": "5", "unit": "RMB_million", "label": "l", "source": "cn-mee-2022", "locator": "p", name: value}
    stated = ", ".join(f"{key}: {cell}" for key, cell in fields.items())
    assert message in refused(tmp_path, text(denominators=f"{{revenue: {{{stated}}}}}")).message


@pytest.mark.parametrize("decimals", range(10))
def test_the_decimals_are_those_of_the_quantum(tmp_path: Path, decimals: int) -> None:
    for quantum in (f"1e-{decimals}", f"{10**-decimals:.{decimals}f}"):
        assert read(tmp_path, text(quantum=quantum)).inventory.decimals == decimals


def test_dimensions_stand_in_one_order_and_once(tmp_path: Path) -> None:
    found = read(tmp_path, text(dimensions="[region, entity, region]")).inventory
    assert found.dimensions == ("entity", "region")


def test_every_problem_is_listed_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text(gwp="AR7", quantum="3", nonsense="1"))
    assert sorted(issue.column for issue in caught.value.issues) == ["gwp", "nonsense", "quantum"]


def test_a_path_is_taken_from_the_folder_of_the_inventory(tmp_path: Path) -> None:
    path, name = read(tmp_path, text()).path("tables/power.csv")
    assert path == tmp_path / "tables" / "power.csv"
    assert name == (tmp_path / "tables/power.csv").as_posix()


@pytest.mark.parametrize("relative", ["../power.csv", "/power.csv", "tables/../../power.csv"])
def test_a_path_that_leaves_the_folder_is_refused(tmp_path: Path, relative: str) -> None:
    with pytest.raises(InputError, match="lies outside the folder") as caught:
        read(tmp_path, text()).path(relative)
    assert caught.value.issues[0].line == 1


def test_a_link_that_leaves_the_folder_is_refused(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link.csv").symlink_to(tmp_path / "outside.csv")
    with pytest.raises(InputError, match=r"lies outside the folder of the file\. \[path-outside\]"):
        read(inside, text()).path("link.csv")


@pytest.mark.parametrize("year", ["2023", "2024"])
def test_the_shipped_inventories_are_accepted(year: str) -> None:
    assert read_inventory(f"scenarios/kingsoft-cloud/{year}.yaml").inventory.inventory == f"kingsoft-cloud-{year}"
