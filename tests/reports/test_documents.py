from __future__ import annotations

import csv
import io
import json
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

import ghg
from ghg.baseyear.recalculation import assess
from ghg.baseyear.targets import assess_targets
from ghg.change.sensitivity import elasticities, sensitivity
from ghg.issues import Issue
from ghg.numbers import DECIMAL, decimal_text
from ghg.reports import baseyear, bridges, changes, documents, sensitivities, uncertainty, verification
from ghg.reports.documents import RunDocument
from ghg.reports.schemas import DOCUMENTS
from ghg.runs import Run
from ghg.uncertainty.policy import Policy
from ghg.verification import Finding, Verification

SCENARIO = Path(__file__).parent.parent.parent / "scenarios" / "kingsoft-cloud"
NUMBERS = ("value", "back_calculated_share", "implied_factor_share", "recomputed", "residual")

STATISTICS = ("uncertainty",)
"""Documents whose figures are exact text and whose statistics are floats."""
POLICY = Policy.model_validate(
    {"rows": "shared", "missing": "disclose", "activity": [{"spread": "5 % normal", "why": "stated"}]}
)


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    made = ghg.run(SCENARIO / "2024.yaml")
    yield made
    made.close()


def document(run: Run, name: str) -> BaseModel:
    after = run.what_if(gwp="AR6")
    made: dict[str, Callable[[], BaseModel]] = {
        "run": lambda: documents.run_document(run),
        "check": lambda: documents.check_document(run, run.check()),
        "explain": lambda: documents.explanation_document(run, run.explain("scope1+2/revenue")),
        "statement": lambda: documents.statement_document(run.totals("scope", book="location")),
        "what-if": lambda: changes.what_if_document(after, after.compare(run)),
        "bridge": lambda: bridges.bridge_document(after.bridge(run, "location")),
        "sensitivity": lambda: sensitivities.sensitivity_document(sensitivity(run, "scope2"), elasticities(run)),
        "uncertainty": lambda: uncertainty.document(run, run.uncertainty(POLICY, draws=100)),
        "base-year": lambda: baseyear.document(assess(f"{SCENARIO}/base-year.yaml")),
        "targets": lambda: baseyear.targets_document(assess_targets(f"{SCENARIO}/targets.yaml")),
        "verify": lambda: verification.document(
            Verification("runs/2024", "2024.yaml", "0a", (Finding("figure", "scope2", "changed", "1 t", "2 t"),), ())
        ),
        "issues": lambda: documents.issues_document([Issue("unit-ambiguous", "says", "do", "a.csv", 3, "unit", "ton")]),
    }
    return made[name]()


def numbers(tree: Any) -> Iterator[Any]:
    """Every value of a field that holds a number."""
    for name, value in tree.items() if isinstance(tree, dict) else ():
        if name in NUMBERS and value is not None and "rule" not in tree:
            yield value
    for value in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from numbers(value)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_document_fits_its_own_model_and_comes_back_the_same(run: Run, name: str) -> None:
    text = document(run, name).model_dump_json()
    assert DOCUMENTS[name].model_validate_json(text).model_dump_json() == text
    schema = DOCUMENTS[name].model_json_schema()
    assert set(schema["required"]) == set(json.loads(text)) == set(schema["properties"])


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_value_is_a_float(run: Run, name: str) -> None:
    text = document(run, name).model_dump_json()
    found = list(numbers(json.loads(text)))
    assert all(isinstance(value, str) and DECIMAL.fullmatch(value) for value in found)
    assert found or name in (
        "base-year",
        "bridge",
        "sensitivity",
        "targets",
        "what-if",
        "statement",
        "issues",
        "verify",
    )

    def refuse(digits: str) -> float:
        raise AssertionError(f"{digits} is a float")

    if name not in STATISTICS:
        json.loads(text, parse_float=refuse)


def test_the_stable_core_of_a_run(run: Run) -> None:
    found = json.loads(document(run, "run").model_dump_json())
    assert {"inventory", "gwp", "fingerprint", "unposted_rows", "totals", "intensities", "issues"} <= set(found)
    assert (found["inventory"], found["gwp"], found["unposted_rows"]) == ("kingsoft-cloud-2024", "AR5", 0)
    assert found["complete"] is True
    assert len(found["fingerprint"]) == 64
    core = {"book": "location", "scope": 2, "category": None, "gas": "CO2e", "value": "57639.350476", "unit": "t"}
    assert any(core.items() <= total.items() for total in found["totals"])
    intensity = next(item for item in found["intensities"] if item["numerator"] == "scope1+2")
    assert (intensity["denominator"], intensity["unit"], intensity["exact"]) == ("revenue", "t/RMB_million", False)
    assert intensity["value"].startswith("7.41")
    assert set(found["issues"][0]) == {"file", "line", "column", "rule", "message", "hint", "severity", "value", "key"}


def test_figures_and_marks_are_those_of_the_run(run: Run) -> None:
    found = documents.run_document(run)
    assert {figure.figure: figure.value for figure in found.figures} == {
        name: decimal_text(value.amount) for name, value in run.result.figures().items()
    }
    shares = {figure.figure: (figure.back_calculated_share, figure.implied_factor_share) for figure in found.figures}
    assert (shares["scope1"], shares["scope2"], shares["scope3.3"]) == (("1", "0"), ("0", "0"), ("0", "1"))


def test_books_are_apart_and_what_both_share_has_none(run: Run) -> None:
    totals = documents.run_document(run).totals
    assert {total.book for total in totals if total.scope == 2} == {"location", "market"}
    assert {total.book for total in totals if total.scope == 1} == {None}


def test_every_choice_names_its_factor_its_rung_and_what_it_passed_over(run: Run) -> None:
    choices = documents.run_document(run).choices
    chosen = next(c for c in choices if (c.activity, c.book) == ("purchased_electricity", "location"))
    assert (chosen.factor, chosen.rung) == ("cn-mee-2022:national", "region CN, 2 years older than the activity")
    assert all(passed.reason for choice in choices for passed in choice.passed_over)


def test_a_what_if_lists_its_changes(run: Run) -> None:
    changed = documents.run_document(run.what_if({"cn-mee-2022:national": "0.45 kg/kWh"}, gwp="AR6"))
    assert [(change.what, change.before, change.after) for change in changed.changes] == [
        ("cn-mee-2022:national", "0.5366 kg/kWh", "0.45 kg/kWh"),
        ("GWP set", "AR5", "AR6"),
    ]
    assert changed.gwp == "AR6"


def test_a_check_gives_residuals_exactly(run: Run) -> None:
    found = documents.check_document(run, run.check())
    scope2 = next(finding for finding in found.findings if finding.figure == "scope2")
    assert (scope2.published, scope2.recomputed, scope2.residual) == ("57,638.74", "57639.350476", "-0.610476")
    assert not found.differs


def test_a_word_outside_its_list_does_not_validate(run: Run) -> None:
    text = document(run, "run").model_dump_json().replace('"severity":"note"', '"severity":"warning"')
    with pytest.raises(ValidationError):
        RunDocument.model_validate_json(text)


def test_neither_row_order_nor_split_rows_change_a_byte(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "kingsoft-cloud"
    shutil.copytree(SCENARIO, folder)
    path = folder / "activity" / "2024.csv"
    header, *rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    amount = header.index("amount")
    split = next(row for row in rows if row[0] == "electricity-2024")
    assert split[amount] == "107415.86"
    parts = [
        [f"{split[0]}-{n}", *split[1:amount], part, *split[amount + 1 :]]
        for n, part in enumerate(("7415.860001", "99999.999999"))
    ]
    rows = [row for row in rows if row is not split] + parts
    expected = documents.run_document(run).model_dump_json(indent=2)
    for seed in (1, 2):
        random.Random(seed).shuffle(rows)  # noqa: S311 - an order, not a secret
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([header, *rows])
        path.write_text(out.getvalue(), encoding="utf-8")
        made = ghg.run(folder / "2024.yaml")
        assert documents.run_document(made).model_dump_json(indent=2) == expected
        made.close()
