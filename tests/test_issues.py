"""Problems as values: their text, their place, the tree of exceptions."""

from __future__ import annotations

import pickle

import pytest

from ghg.issues import RULES, GhgError, InputError, Issue, Severity, UnitError, UnknownNameError, listing, suggest


def test_an_issue_reads_file_line_column_message_rule_and_hint() -> None:
    issue = Issue("unit-ambiguous", "'ton' is unclear.", "Write 'tonne'.", "fuel.csv", 214, "unit", "ton")
    assert str(issue) == "fuel.csv:214: unit: 'ton' is unclear. [unit-ambiguous]\n    Write 'tonne'."


@pytest.mark.parametrize(
    ("issue", "place"),
    [
        (Issue("file-missing", "m"), ""),
        (Issue("file-missing", "m", file="a.csv"), "a.csv"),
        (Issue("file-missing", "m", line=3), "3"),
        (Issue("file-missing", "m", line=3, column="unit"), "3: unit"),
        (Issue("file-missing", "m", file="a.csv", column="unit"), "a.csv: unit"),
    ],
)
def test_a_place_shows_as_much_as_is_known(issue: Issue, place: str) -> None:
    assert issue.place == place


def test_an_issue_without_place_or_hint_is_its_message_and_rule() -> None:
    assert str(Issue("file-missing", "gone.")) == "gone. [file-missing]"


def test_an_issue_is_an_error_unless_said_otherwise() -> None:
    assert Issue("file-missing", "m").severity is Severity.ERROR


def test_a_rule_outside_the_list_cannot_be_raised() -> None:
    with pytest.raises(AssertionError, match="no-such-rule"):
        Issue("no-such-rule", "m")


def test_every_rule_has_a_meaning_and_a_name_of_whole_words() -> None:
    assert all(meaning and name == name.lower() and " " not in name for name, meaning in RULES.items())


def test_an_input_error_carries_and_prints_every_issue_in_order() -> None:
    issues = [Issue("file-missing", "first"), Issue("file-encoding", "second")]
    error = InputError(iter(issues))
    assert error.issues == tuple(issues)
    assert str(error).splitlines() == ["first [file-missing]", "second [file-encoding]"]


def test_an_unknown_name_suggests_the_nearest_and_adds_the_hint() -> None:
    error = UnknownNameError("figure", "scope9", ["scope1", "water"], "See the list.")
    assert str(error) == "no figure is called 'scope9'. Did you mean 'scope1'? See the list."


def test_nothing_is_suggested_for_a_name_that_resembles_none() -> None:
    assert suggest("xyz", ["water", "waste"]) == ""


def test_at_most_three_names_are_suggested() -> None:
    assert suggest("scope", [f"scope{n}" for n in range(9)]).count("'scope") == 3


@pytest.mark.parametrize("kind", [InputError, UnknownNameError, UnitError])
def test_every_exception_is_a_ghg_error(kind: type[Exception]) -> None:
    assert issubclass(kind, GhgError)


@pytest.mark.parametrize(
    ("names", "text"), [([], "nothing"), (["a"], "'a'"), (["a", "b"], "'a' or 'b'"), (list("abc"), "'a', 'b' or 'c'")]
)
def test_a_listing_reads_as_in_a_sentence(names: list[str], text: str) -> None:
    assert listing(names, "or") == text


@pytest.mark.parametrize(
    "error",
    [
        GhgError("no"), InputError([Issue("file-missing", "m", line=3)]), UnitError("ton"),
        UnknownNameError("unit", "ton", ["tonne"]),
    ],
)  # fmt: skip
def test_an_error_arrives_whole_from_another_process(error: GhgError) -> None:
    found = pickle.loads(pickle.dumps(error))  # noqa: S301 - of our own making
    assert (type(found), str(found), vars(found)) == (type(error), str(error), vars(error))
