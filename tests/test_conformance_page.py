"""The page on worked examples counts what there is."""

from __future__ import annotations

import re
from pathlib import Path

from ghg.conformance.examples import read_examples
from tests.trials.faults import FAULTS
from tests.wrong_answers import WRONG_ANSWERS, WRONG_READINGS
from tests.wrong_engines import WRONG

ROOT = Path(__file__).parent.parent
FURTHER = tuple((ROOT / "tests" / "conformance").glob("*.yaml"))
SHIPPED = tuple((ROOT / "ghg" / "conformance" / "published").glob("*.yaml"))


def test_the_page_counts_the_examples_of_each_file() -> None:
    page = (ROOT / "docs" / "reference" / "conformance.md").read_text(encoding="utf-8")
    stated = {name: int(count) for name, count in re.findall(r"^\| `(\S+\.yaml)` \| (\d+) \|", page, re.MULTILINE)}
    found = {path.name: len(read_examples(path).examples) for path in FURTHER}
    found |= {f"published/{path.name}": len(read_examples(path).examples) for path in SHIPPED}
    assert stated == found


def test_examples_the_page_names_are_there() -> None:
    page = (ROOT / "docs" / "reference" / "conformance.md").read_text(encoding="utf-8")
    table = page.partition("## Where the printed figure is wrong")[2].partition("\n## ")[0]
    named = set(re.findall(r"`([a-z][\w.-]+-[\w.-]+|estimator)`", table))
    ids = {one.id for path in (*FURTHER, *SHIPPED) for one in read_examples(path).examples}
    assert named <= ids


def test_the_page_on_what_the_laws_catch_lists_every_fault_and_every_wrong_engine() -> None:
    page = (ROOT / "docs" / "reference" / "what-the-laws-catch.md").read_text(encoding="utf-8")
    named = [*(fault.what for fault in FAULTS), *WRONG, *WRONG_ANSWERS, *WRONG_READINGS]
    assert [name for name in named if f"| {name} |" not in page] == []
    assert "**none**" not in page
