"""Publications: what every factor row cites."""

from __future__ import annotations

import re

import pytest
from pydantic import ValidationError

from ghg.sources import Source, sources


@pytest.mark.parametrize("name", sources())
def test_every_publication_is_stated_in_full(name: str) -> None:
    stated = sources()[name].model_dump(exclude={"note"})
    assert all(stated.values())


@pytest.mark.parametrize("name", sources())
def test_dates_are_written_as_dates_or_years(name: str) -> None:
    assert re.fullmatch(r"\d{4}(-\d{2}-\d{2})?", sources()[name].published)
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", sources()[name].retrieved)


@pytest.mark.parametrize("name", sources())
def test_nothing_was_retrieved_before_it_was_published(name: str) -> None:
    assert sources()[name].published <= sources()[name].retrieved


def test_a_citation_names_publisher_title_edition_and_date() -> None:
    source = Source(title="T", publisher="P", edition="E", published="2024", licence="L", retrieved="2025-01-01")
    assert source.citation == "P: T, E (2024)"


def test_no_two_publications_have_one_citation() -> None:
    assert len({source.citation for source in sources().values()}) == len(sources())


def test_a_publication_without_licence_is_refused() -> None:
    with pytest.raises(ValidationError, match="licence"):
        Source.model_validate({"title": "T", "publisher": "P", "edition": "E", "published": "2024", "retrieved": "x"})
