"""Renderings of methods, and the page of the reference made from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ghg.methods import Method, method, methods
from ghg.reports.methods import accounts_markdown, accounts_of, markdown, method_text, of_scope

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "methods.md"


def test_the_page_of_the_reference_is_made_from_the_declarations() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert accounts_markdown() in page
    assert markdown() in page


@pytest.mark.parametrize("found", methods().values(), ids=lambda found: found.id)
def test_every_method_is_taken_by_an_account(found: Method) -> None:
    assert accounts_of(found)


@pytest.mark.parametrize("category", [str(number) for number in range(1, 16)])
def test_every_category_has_methods(category: str) -> None:
    assert of_scope("3", category)


def test_all_about_a_method_names_inputs_formula_and_page() -> None:
    text = method_text(method("employee_commuting.average_data"))
    for part in ("one_way_distance", "share: 0.3 or 30 %", "× 2 × working_days", "chapter 7", "page 92"):
        assert part in " ".join(text.split())
