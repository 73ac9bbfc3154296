"""Crosswalks: every label of a publisher means a word of the vocabulary and a basis the library knows."""

from __future__ import annotations

from typing import get_args

import pytest

from ghg import bundle
from ghg.catalogue.importers.crosswalk import SEPARATOR, crosswalk, joined
from ghg.factors import Basis
from ghg.vocabulary import vocabulary

PUBLISHERS = sorted(path.stem for path in (bundle.folder("factors") / "crosswalk").glob("*.csv"))


def test_there_is_a_crosswalk_for_every_publisher_with_labels() -> None:
    assert PUBLISHERS == ["china-fuels", "desnz", "epa-hub", "ipcc-2006", "mee", "world-electricity"]


@pytest.mark.parametrize("publisher", PUBLISHERS)
def test_an_entry_means_a_word_and_a_basis(publisher: str) -> None:
    entries = crosswalk(publisher).values()
    assert [entry.labels for entry in entries if entry.activity not in vocabulary()] == []
    assert [entry.labels for entry in entries if entry.basis not in get_args(Basis)] == []


@pytest.mark.parametrize("publisher", PUBLISHERS)
def test_labels_stand_once_and_have_no_blank_part(publisher: str) -> None:
    rows = (bundle.folder("factors") / "crosswalk" / f"{publisher}.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) - 1 == len(crosswalk(publisher))
    assert all(part == part.strip() != "" for labels in crosswalk(publisher) for part in labels.split(SEPARATOR))


def test_blank_labels_are_left_out() -> None:
    assert joined(("Fuels", "", "Gaseous fuels", "Natural gas", "")) == "Fuels > Gaseous fuels > Natural gas"
    assert joined(("Fuels", "", "Gaseous fuels", "Natural gas", "")) in crosswalk("desnz")
