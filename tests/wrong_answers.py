"""Engines that know their arithmetic and account for it wrongly; the worked examples that ship have to find each out.

The laws ask an engine for amounts times factors. What goes into which scope, category and book is asked by the examples
alone. An engine here is ``ghg`` with its answers, or what it is asked, changed.

``python -m tests.wrong_answers`` prints the first example that breaks, as the documentation shows it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from ghg.conformance import ENGINES, Answers, Engine
from ghg.conformance.examples import Example, shipped
from ghg.conformance.scoring import solved
from ghg.testing import Outcome

RIGHT = ENGINES["ghg"]
EXAMPLES = {example.id: example for file in shipped() for example in file.examples}


def exchanged(one: str, other: str) -> Callable[[Answers], Answers]:
    """Two categories of Scope 3 under each other's number."""
    names = {f"scope3.{one}": f"scope3.{other}", f"scope3.{other}": f"scope3.{one}"}
    return lambda answers: {names.get(name, name): value for name, value in answers.items()}


def added(name: str, to: str) -> Callable[[Answers], Answers]:
    """A figure added to another as well."""

    def changed(answers: Answers) -> Answers:
        if not {name, to} <= answers.keys():
            return answers
        assert answers[name][1] == answers[to][1]
        return {**answers, to: (answers[to][0] + answers[name][0], answers[to][1])}

    return changed


def rows(
    change: Callable[[dict[str, Any]], dict[str, Any] | None], of: str = "activity"
) -> Callable[[Example], Example]:
    """Rows of an example changed, or left out."""

    def changed(example: Example) -> Example:
        stated = example.model_dump(mode="json")
        stated[of] = [made for row in stated[of] if (made := change(row)) is not None]
        return Example.model_validate(stated)

    return changed


def worded(old: str, new: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """A unit for another in every cell, with its number or without."""

    def changed(row: dict[str, Any]) -> dict[str, Any]:
        return {name: new if cell == old else cell.replace(f" {old}", f" {new}") for name, cell in row.items()}

    return changed


NET = 0.95
"""Net over gross heating value, about as liquid fuels have it."""


def heated(example: Example) -> Example:
    """Energy stated gross, taken as if it were net: the amount under a factor per gross energy is larger."""

    def changed(row: dict[str, Any]) -> dict[str, Any]:
        is_gross = str(row.get("unit", "")).endswith("_gross")
        return {**row, "amount": str(round(float(row["amount"]) / NET, 6))} if is_gross else row

    return rows(changed)(example)


WRONG_ANSWERS: Mapping[str, Callable[[Answers], Answers]] = {
    "the market-based figure is the location-based one": lambda answers: {
        name: answers.get(name.removesuffix("_market"), value) for name, value in answers.items()
    },
    "biogenic CO2 is added to Scope 1": added("biogenic_co2", "scope1"),
    "what category 3 covers counts twice": added("scope3.3", "scope3.3"),
    "freight of sold goods stands in category 4": exchanged("4", "9"),
    "waste and the end of life of products are exchanged": exchanged("5", "12"),
    "travel and commuting are exchanged": exchanged("6", "7"),
    "assets leased and leased out are exchanged": exchanged("8", "13"),
    "processing and use of products are exchanged": exchanged("10", "11"),
    "franchises and investments are exchanged": exchanged("14", "15"),
    "purchased goods are capital goods": exchanged("1", "2"),
}
"""What is wrong with the answers, in words, and how they are changed."""
WRONG_READINGS: Mapping[str, Callable[[Example], Example]] = {
    "a tonne is a short ton": rows(worded("t", "short_ton")),
    "a net heating value is taken for a gross one": heated,
    "methane is left out": rows(lambda row: None if row.get("gas") == "CH4" else row, "factors"),
    "the residual mix is zero": rows(
        lambda row: {**row, "value": "0"} if row.get("basis") == "residual_mix" else row, "factors"
    ),
    "the GWPs are those of another report": lambda example: example.model_copy(update={"gwp": "AR6"}),
}
"""What is read wrongly, in words, and what an example becomes by it."""


@cache
def right(name: str) -> Answers:
    """The answers of ``ghg`` to a shipped example."""
    return RIGHT.answered(EXAMPLES[name])


def engines() -> dict[str, Engine]:
    """Each wrong engine by its fault."""

    def of_answers(change: Callable[[Answers], Answers]) -> Engine:
        return replace(RIGHT, answers=lambda example: change(right(example.id)))

    def of_readings(change: Callable[[Example], Example]) -> Engine:
        def answers(example: Example) -> Answers:
            changed = change(example)
            return right(example.id) if changed == example else RIGHT.answered(changed)

        return replace(RIGHT, answers=answers)

    made = {name: of_answers(change) for name, change in WRONG_ANSWERS.items()}
    return made | {name: of_readings(change) for name, change in WRONG_READINGS.items()}


def broken(engine: Engine) -> list[str]:
    """The shipped examples that an engine answers wrongly."""
    found = ((name, solved(engine, example)) for name, example in EXAMPLES.items())
    return [name for name, score in found if score.outcome is Outcome.BROKEN]


def main() -> None:
    """Print each engine with the examples that find it out."""
    sys.stdout.write("| fault of the engine | examples that break |\n| --- | --- |\n")
    for name, engine in engines().items():
        sys.stdout.write(f"| {name} | {', '.join(broken(engine)) or '**none**'} |\n")


if __name__ == "__main__":
    main()
