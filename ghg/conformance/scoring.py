"""The suite held to engines: a verdict for each law and each worked example, and the table of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ghg.conformance.engine import Engine
from ghg.conformance.examples import Example, shipped
from ghg.progress import steps
from ghg.testing.law import EXAMPLES, Outcome
from ghg.testing.laws import LAWS

MARKS = {Outcome.HOLDS: "holds", Outcome.BROKEN: "**broken**", Outcome.DOES_NOT_APPLY: "–"}
"""How a table shows an outcome."""


@dataclass(frozen=True, slots=True)
class Score:
    """What the suite found about one thing asked of an engine.

    Attributes:
        kind: ``law`` or ``example``.
        name: of the law or example.
        says: the law in words, or what the example shows.
        outcome: holds, broken, or does not apply.
        reason: what broke it, or why it does not apply.
    """

    kind: str
    name: str
    says: str
    outcome: Outcome
    reason: str


def scores(engine: Engine, *, examples: int = EXAMPLES) -> list[Score]:
    """Every law and every shipped worked example, tried on an engine.

    Args:
        engine: what is tried.
        examples: how many generated examples a law tries.

    Raises:
        GhgError: the engine is not installed.
    """
    engine.require()
    pipeline = engine.pipeline()
    worked = [example for file in shipped() for example in file.examples]
    found = []
    with steps(f"trying {engine.name}", len(LAWS) + len(worked), "laws and examples") as work:
        for law in LAWS:
            verdict = law.judge(pipeline, examples=examples)
            found.append(Score("law", law.name, law.statement, verdict.outcome, verdict.reason))
            work.advance()
        for example in worked:
            found.append(solved(engine, example))
            work.advance()
    return found


def solved(engine: Engine, example: Example) -> Score:
    """One worked example, tried on an engine."""

    def score(outcome: Outcome, reason: str = "") -> Score:
        return Score("example", example.id, example.what, outcome, reason)

    reason = engine.why_not(example)
    if reason:
        return score(Outcome.DOES_NOT_APPLY, reason)
    try:
        found = engine.answered(example)
    except Exception as error:  # noqa: BLE001 - whatever an engine raises is its answer
        said = f"it raised {type(error).__name__}: {str(error).partition(chr(10))[0][:200]}"
        return score(Outcome.HOLDS if example.refused else Outcome.BROKEN, said)
    if example.refused:
        return score(Outcome.BROKEN, f"it gave figures; the input is to be refused ({example.refused})")
    for expected in example.expected:
        if expected.name not in found:
            return score(Outcome.BROKEN, f"it gave no {expected.name}")
        if not expected.agrees(*found[expected.name]):
            value, unit = found[expected.name]
            return score(
                Outcome.BROKEN, f"{expected.name} is {float(value)} {unit}, not {expected.value} {expected.unit}"
            )
    return score(Outcome.HOLDS)


def _called(engine: Engine) -> str:
    return f"{engine.name} {engine.version}".rstrip()


def summary(found: Iterable[Score]) -> str:
    """How many hold, are broken and do not apply, in words."""
    outcomes = [score.outcome for score in found]
    return ", ".join(f"{outcomes.count(outcome)} {outcome}" for outcome in Outcome)


def listing(engine: Engine, found: Sequence[Score]) -> str:
    """The scores of one engine for a terminal."""
    width = max(len(score.name) for score in found)
    lines = [f"{_called(engine)}: {engine.what}", ""]
    for score in found:
        lines.append(f"{score.name:<{width}}  {score.outcome}")
        lines += [f"{'':<{width}}  {score.reason}"] if score.reason else []
    return "\n".join([*lines, "", summary(found)])


def table(columns: Sequence[tuple[Engine, Sequence[Score]]]) -> str:
    """Engines beside each other, as Markdown, with every breach and every reason below."""
    heads = [_called(engine) for engine, _ in columns]
    lines = [f"| asked | {' | '.join(heads)} |", f"| --- |{' --- |' * len(heads)}"]
    for scores_of_one in zip(*(found for _, found in columns), strict=True):
        marks = " | ".join(MARKS[score.outcome] for score in scores_of_one)
        lines.append(f"| {scores_of_one[0].kind}: {scores_of_one[0].name} | {marks} |")
    lines.append(f"| | {' | '.join(summary(found) for _, found in columns)} |")
    for engine, found in columns:
        lines += ["", f"### {engine.name}", "", f"{engine.what[0].upper()}{engine.what[1:]}.", ""]
        lines += [f"- *{score.name}* {score.outcome}: {_escaped(score.reason)}" for score in found if score.reason]
        lines += ["Every law and example holds."] if not any(score.reason for score in found) else []
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is."""
    return "".join(f"\\{sign}" if sign in "*_<>|`" else sign for sign in text)
