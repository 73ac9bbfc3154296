"""What the suite asks of an engine: a pipeline for the laws, and an answer to worked examples or the reason why not."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from ghg.accounts import accounts
from ghg.conformance.examples import Example
from ghg.issues import GhgError, suggest
from ghg.testing.pipeline import Number, Pipeline

Answers = Mapping[str, tuple[Fraction, str]]
"""Figure to value and unit; the mass of a gas is ``figure:gas``."""


FLOATS = Fraction(1, 10**9)
"""Relative difference that a sum of doubles may have."""


@dataclass(frozen=True, kw_only=True)
class Engine:
    """An engine behind the interface of the suite.

    Attributes:
        name: how the table calls it.
        what: what it is, in a few words.
        pipeline: the engine as a pipeline of ``ghg.testing``; imports the engine.
        package: its distribution in the package index; blank for code that is simply there.
        line: kg CO2e of one amount under one factor; answers the worked examples that are no more than that.
        inapplicable: why an example does not apply; blank where it does.
        answers: the figures of an example; imports the engine, raises what the engine raises.
    """

    name: str
    what: str
    pipeline: Callable[[], Pipeline]
    package: str = ""
    line: Callable[[Line], Number] | None = None
    inapplicable: Callable[[Example], str] = lambda example: plain_lines(example)[1]
    answers: Callable[[Example], Answers] | None = None

    def why_not(self, example: Example) -> str:
        """Why an example does not apply; blank where it does."""
        return self.inapplicable(example) if self.answers or self.line else "its adapter answers no worked examples"

    def answered(self, example: Example) -> Answers:
        """The figures of an example; raises what the engine raises."""
        if self.answers:
            return self.answers(example)
        assert self.line is not None  # noqa: S101 - asked where it applies
        figures: dict[str, Fraction] = {}
        for line in plain_lines(example)[0]:
            figures[line.figure] = figures.get(line.figure, Fraction(0)) + Fraction(self.line(line))
        return {name: (value, "kg") for name, value in figures.items()}

    @property
    def version(self) -> str:
        """The installed version; blank where the engine is not installed, or is no distribution."""
        try:
            return version(self.package) if self.package else ""
        except PackageNotFoundError:
            return ""

    def require(self) -> None:
        """Do nothing where the engine is installed.

        Raises:
            GhgError: it is not.
        """
        if self.package and not self.version:
            raise GhgError(f"{self.name} is not installed: run 'pip install {self.package}' to hold it to the suite.")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of an example with the one CO2e factor it takes, for engines that multiply and no more."""

    figure: str
    amount: Fraction
    unit: str
    factor: Fraction
    factor_unit: str


def as_double(text: str) -> float:
    """An amount as a caller in Python has it: a double, NaN among them, and nothing where nothing is written.

    Raises:
        ValueError: the text is no number to Python; underscores are marks of its source code, not of data.
    """
    if "_" in text:
        raise ValueError(f"{text!r} is no number")
    return float(text) if text else None  # type: ignore[return-value]


def plain_lines(example: Example) -> tuple[list[Line], str]:
    """An example as amounts times CO2e factors of the same unit; or the reason why it is more than that."""
    rows = example.rows()
    if (
        example.inventory
        or example.files
        or example.refused
        or not all({"amount", "unit"} <= row.keys() for row in rows)
    ):
        return [], "it needs more than amount times factor"
    made = []
    for row in rows:
        account = accounts()[row["activity"]]
        words = (account.factor_activity, row.get("item", account.factor_activity))
        found = [
            factor
            for factor in example.factor_rows()
            if factor["activity"] in words and factor["region"] == row["region"]
        ]
        if len(found) != 1 or found[0]["gas"] != "CO2e":
            return [], "its factors are of several gases, and the engine takes CO2e"
        over, _, under = found[0]["unit"].partition("/")
        if under != row["unit"] or over != "kg":
            return [], "it converts units, and the engine does not"
        figure = f"scope{account.scope}" + (f".{account.category.partition('_')[0]}" if account.scope == "3" else "")
        made.append(Line(figure, Fraction(row["amount"]), row["unit"], Fraction(found[0]["value"]), found[0]["unit"]))
    return made, ""


def engine(name: str, engines: Mapping[str, Engine]) -> Engine:
    """The engine of a name, or of ``module:attribute`` that Python can import from here.

    Raises:
        GhgError: no engine has the name, it is not installed, or what is named cannot be imported or is no engine.
    """
    if ":" in name:
        return imported(*name.split(":", 1))
    if name not in engines:
        raise GhgError(
            f"no engine is called {name!r}.{suggest(name, engines)} The engines are {', '.join(engines)}; name an "
            "adapter of your own as module:attribute, such as my_adapter:ENGINE."
        )
    engines[name].require()
    return engines[name]


def imported(module: str, attribute: str) -> Engine:
    """An adapter of somebody's own, imported from the working directory or from what is installed.

    Raises:
        GhgError: it cannot be imported, or is no engine.
    """
    here = str(Path.cwd())
    sys.path.insert(0, here)
    try:
        found = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise GhgError(f"cannot import {attribute!r} from {module!r}: {error}.") from error
    finally:
        sys.path.remove(here)
    if not isinstance(found, Engine):
        raise GhgError(f"{module}:{attribute} is no Engine of ghg.conformance.")
    return found
