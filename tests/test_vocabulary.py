"""The vocabulary: one closed list of words, from the general to the particular."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from ghg import bundle
from ghg.factors import library
from ghg.issues import InputError
from ghg.vocabulary import WORD, Word, vocabulary

CELLS = {"activity": "fuel.diesel", "name": "diesel", "name_local": "柴油", "also": "DERV;gas oil"}


@pytest.mark.parametrize("word", ["Fuel", "fuel.", ".fuel", "fuel..diesel", "fuel diesel", "柴油", ""])
def test_a_word_of_another_form_is_refused(word: str) -> None:
    with pytest.raises(ValidationError, match="activity"):
        Word.model_validate(CELLS | {"activity": word})


def test_a_word_without_a_name_is_refused() -> None:
    with pytest.raises(ValidationError, match="name"):
        Word.model_validate(CELLS | {"name": ""})


def test_every_word_has_the_form_and_stands_under_itself() -> None:
    assert all(WORD.fullmatch(name) and word.activity == name for name, word in vocabulary().items())


def test_every_activity_of_the_library_is_a_word() -> None:
    assert {row["activity"] for row in library().texts()} <= set(vocabulary())


def test_a_word_that_stands_twice_is_refused_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "vocabulary"
    folder.mkdir()
    header = "activity,name,name_local,also\n"
    (folder / "a.csv").write_text(f"{header}fuel.diesel,diesel,,\n", encoding="utf-8")
    (folder / "b.csv").write_text(f"{header}fuel.petrol,petrol,,\nfuel.diesel,diesel,,\n", encoding="utf-8")
    monkeypatch.setattr(bundle, "folder", lambda name: tmp_path)
    with pytest.raises(InputError) as caught:
        vocabulary.__wrapped__()
    (issue,) = caught.value.issues
    assert (issue.rule, issue.file, issue.line) == ("id-duplicate", "factors/vocabulary/b.csv", 3)
