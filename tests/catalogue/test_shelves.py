"""Lazy mappings: a value is made once, when it is asked for, and only for a name that exists."""

from __future__ import annotations

import pytest

from ghg.catalogue.shelves import Joined, Shelf


def test_a_value_is_made_once_and_only_when_it_is_asked_for() -> None:
    made: list[str] = []

    def make(name: str) -> str:
        made.append(name)
        return name.upper()

    shelf = Shelf(["a", "b"], make)
    assert (list(shelf), len(shelf), "a" in shelf, "c" in shelf, made) == (["a", "b"], 2, True, False, [])
    assert (shelf["a"], shelf["a"], made) == ("A", "A", ["a"])


def test_a_name_that_does_not_exist_is_never_made() -> None:
    shelf = Shelf(["a"], lambda name: name)
    with pytest.raises(KeyError):
        shelf["b"]
    assert shelf.get("b") is None


def test_a_value_that_came_to_hand_is_not_made_and_never_replaces_one_that_was() -> None:
    shelf = Shelf(["a", "b"], lambda name: f"{name} made")
    shelf.put("a", "in hand")
    assert (shelf["a"], shelf["b"]) == ("in hand", "b made")
    shelf.put("b", "in hand")
    assert shelf["b"] == "b made"


def test_joined_names_are_those_of_every_part_in_order() -> None:
    names = Joined(["a", "b"], {"c": 1}.keys())
    assert (list(names), len(names), "c" in names, "d" in names) == (["a", "b", "c"], 3, True, False)
