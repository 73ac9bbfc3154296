"""A law: a statement about every pipeline, and a search for a counterexample that a person can read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING, Any

from hypothesis import Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky, NoSuchExample

from ghg.numbers import decimal_text, readable
from ghg.testing.pipeline import Case, Number, Pipeline, Row, exact
from ghg.testing.strategies import cases, numbered

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

EXAMPLES = 50
"""How many examples a law tries where the caller does not say."""

ROUND = 20
"""How many examples are drawn from one seed: Hypothesis varies what it drew before, so a new seed sees more."""
LONGEST_NUMBER = 30
"""Digits beyond which a message shows a number approximately."""
SHRINKS = 200
"""How often a broken law asks the pipeline again, to find a smaller example."""

SEEDS = st.integers(0, 99)
"""Seeds of a choice: small, so that a counterexample can be repeated and compared."""
SHARES = st.fractions(0, 1, max_denominator=7)
"""Where a row is split in two."""


class Outcome(StrEnum):
    """What a law said about a pipeline."""

    HOLDS = "holds"
    BROKEN = "broken"
    DOES_NOT_APPLY = "does not apply"


@dataclass(frozen=True, slots=True)
class Breach:
    """What broke a law.

    Attributes:
        what: what happened, in one line.
        tables: what it happened with: a title to the rows shown under it.
    """

    what: str
    tables: Mapping[str, tuple[Row, ...]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A law's outcome for a pipeline, with the reason where it does not apply and the breach where it is broken."""

    law: Law
    pipeline: str
    outcome: Outcome
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.law.name}: {self.outcome}" + (f": {self.reason}" if self.reason else "")


class Counterexample(AssertionError):  # noqa: N818 - it is a finding about a pipeline, not an error of the law
    """A law does not hold for a pipeline; the message shows the smallest rows found that break it."""

    def __init__(self, law: Law, pipeline: Pipeline, breach: Breach) -> None:
        self.law, self.pipeline, self.breach = law, pipeline, breach
        shown = "".join(f"\n{title}:\n{_listed(rows)}" for title, rows in breach.tables.items() if rows)
        super().__init__(f"{pipeline.name} breaks the law of {law.name}.\n{law.statement}\n{breach.what}{shown}")


@dataclass(frozen=True, slots=True)
class Law:
    """A statement that holds for every sound pipeline.

    Attributes:
        name: one or two words.
        statement: the law in a sentence.
        needs: abilities a pipeline must have for the law to apply (``ghg.testing.ABILITIES``).
        given: pipeline to a strategy of what the law is tried on.
        breach: pipeline and one such thing to what is wrong, or none.
    """

    name: str
    statement: str
    needs: tuple[str, ...]
    given: Callable[[Pipeline], SearchStrategy[Any]]
    breach: Callable[[Pipeline, Any], Breach | None]

    def check(self, pipeline: Pipeline, *, examples: int = EXAMPLES, smallest: bool = True) -> Verdict:
        """Try the law on generated examples; the same ones every time.

        Args:
            pipeline: what is tried.
            examples: how many examples.
            smallest: whether the smallest counterexample is looked for; else the first one found is shown.

        Raises:
            Counterexample: the law is broken; the smallest example found is shown.
        """
        reason = pipeline.missing(self.needs)
        if reason:
            return Verdict(self, pipeline.name, Outcome.DOES_NOT_APPLY, reason)
        broken: list[tuple[object, Breach]] = []
        tries = 0

        def is_broken(drawn: object) -> bool:
            # A slow pipeline is not asked for the smallest example at any price: after a while the best one stands.
            nonlocal tries
            if tries >= SHRINKS:
                return any(former == drawn for former, _ in broken)
            found = self._tried(pipeline, drawn)
            if found:
                broken.append((drawn, found))
            tries += bool(broken)
            return found is not None

        options = settings(
            max_examples=min(examples, ROUND), deadline=None, derandomize=True, database=None,
            phases=(Phase.generate, Phase.shrink) if smallest else (Phase.generate,),
        )  # fmt: skip
        for number in range(-(-examples // ROUND)):
            seed = Random(f"{self.name} {pipeline.name} {number}")  # noqa: S311 - examples that can be drawn again
            try:
                found = find(self.given(pipeline), is_broken, settings=options, random=seed)
            except NoSuchExample:
                continue
            except Flaky:
                found = broken[-1][0]  # a pipeline that does not answer twice alike has broken the law once
            break
        else:
            return Verdict(self, pipeline.name, Outcome.HOLDS)
        raise Counterexample(self, pipeline, next(breach for drawn, breach in broken if drawn == found))

    def judge(self, pipeline: Pipeline, *, examples: int = EXAMPLES, smallest: bool = True) -> Verdict:
        """The outcome as a value: like ``check``, without raising."""
        try:
            return self.check(pipeline, examples=examples, smallest=smallest)
        except Counterexample as error:
            return Verdict(self, pipeline.name, Outcome.BROKEN, error.breach.what)

    def _tried(self, pipeline: Pipeline, drawn: object) -> Breach | None:
        """The breach of one example; an exception of the pipeline on sound rows is one."""
        try:
            return self.breach(pipeline, drawn)
        except Exception as error:  # noqa: BLE001 - whatever a pipeline raises on rows it says it takes is a finding
            return Breach(f"It raised {type(error).__name__}: {_short(error)}", shown(drawn))


def law(
    name: str, statement: str, *needs: str, given: Callable[[Pipeline], SearchStrategy[Any]] = cases
) -> Callable[[Callable[[Pipeline, Any], Breach | None]], Law]:
    """Make a law of a function that looks for a breach."""
    return lambda breach: Law(name, statement, needs, given, breach)


def with_rows(case: Case, rows: Sequence[Mapping[str, str]]) -> Case:
    """The case over other rows, numbered anew."""
    return replace(case, rows=tuple(numbered(rows)))


def differing(
    pipeline: Pipeline, what: str, expected: Mapping[str, Number], found: Mapping[str, Number], case: Case
) -> Breach | None:
    """The first figure whose value is not the expected one, within the pipeline's tolerance; none when all agree.

    A figure that one side does not have counts as zero there: nothing posted to it.
    """
    wanted, got = exact(expected), exact(found)
    for name in dict.fromkeys([*wanted, *got]):
        one, other = wanted.get(name, Fraction(0)), got.get(name, Fraction(0))
        if abs(one - other) > pipeline.tolerance * max(abs(one), abs(other)):
            return Breach(f"{what}: {name} should be {text(one)} and is {text(other)}.", shown(case))
    return None


def text(value: Fraction) -> str:
    """A number for a message: every digit where there are few."""
    plain = decimal_text(value)
    return plain if len(plain) <= LONGEST_NUMBER else f"about {readable(value, 12)}"


def shown(drawn: object) -> dict[str, tuple[Row, ...]]:
    """The rows and factors of whatever was drawn."""
    if isinstance(drawn, Case):
        return {
            f"Rows, GWP set {drawn.gwp}": drawn.rows,
            "Factors": drawn.factors,
            "Instruments": drawn.instruments,
        }
    parts = drawn if isinstance(drawn, tuple) else ()
    return next((shown(part) for part in parts if isinstance(part, Case)), {})


def _listed(rows: Iterable[Row]) -> str:
    """Rows as an indented table of the columns that differ or matter."""
    listed = list(rows)
    names = [name for name in dict.fromkeys(name for row in listed for name in row) if _is_telling(name, listed)]
    cells = [names, *([row.get(name, "") or "(blank)" for name in names] for row in listed)]
    widths = [max(len(line[n]) for line in cells) for n in range(len(names))]
    return "\n".join(
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells
    )


def _is_telling(name: str, rows: list[Row]) -> bool:
    """Whether a column helps to understand a counterexample: what was counted, and what differs between rows."""
    return name in ("activity", "amount", "unit", "gas", "value") or len({row.get(name) for row in rows}) > 1


def _short(error: Exception) -> str:
    """The first line of an exception's message."""
    return (str(error).splitlines() or [""])[0][:200]
