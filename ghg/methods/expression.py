"""Formulas as data: a small closed language of names, plain numbers, ``+ − × ÷`` and brackets.

A formula is parsed once and evaluated exactly. Values carry what they measure: a sum of two dimensions or a result that
measures something else than the method says is refused, so a rate in the wrong currency cannot pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from ghg.issues import GhgError, UnitError

TOKEN = re.compile(r"\s*([a-z][a-z0-9_]*|\d+(?:\.\d+)?|[()+−×÷])", re.ASCII)
"""One token: a name, a plain number, an operator or a bracket."""
COMPOSITE: Mapping[str, tuple[Mapping[str, int], int]] = {
    "freight_distance": ({"mass": 1, "distance": 1}, 1000),
    "passenger_distance": ({"headcount": 1, "distance": 1}, 1),
    "container_distance": ({"container": 1, "distance": 1}, 1),
    "volume_distance": ({"volume": 1, "distance": 1}, 1000),
    "working_hour": ({"headcount": 1, "time": 1}, 1),
    "ratio": ({}, 1),
}
"""Dimensions that are products of others, and how many products of base units one of their base units is."""
Powers = tuple[tuple[str, int], ...]
"""Exponents of plain dimensions, by name; a pure number has none."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A value in base units with what it measures."""

    value: Fraction
    powers: Powers

    def __add__(self, other: Measured) -> Measured:
        return Measured(self.value + self._alike(other), self.powers)

    def __sub__(self, other: Measured) -> Measured:
        return Measured(self.value - self._alike(other), self.powers)

    def __mul__(self, other: Measured) -> Measured:
        return Measured(self.value * other.value, combined(self.powers, other.powers, 1))

    def __truediv__(self, other: Measured) -> Measured:
        if not other.value:
            raise GhgError("the formula divides by zero.")
        return Measured(self.value / other.value, combined(self.powers, other.powers, -1))

    def _alike(self, other: Measured) -> Fraction:
        if self.powers != other.powers:
            raise UnitError(f"the formula adds {in_words(self.powers)} and {in_words(other.powers)}.")
        return other.value


OPERATIONS: Mapping[str, Callable[[Measured, Measured], Measured]] = {
    "+": Measured.__add__, "−": Measured.__sub__, "×": Measured.__mul__, "÷": Measured.__truediv__,
}  # fmt: skip


def of_dimension(value: Fraction, dimension: str, per: str = "") -> Measured:
    """A value in base units of a dimension, or of one dimension per another."""
    above, scale = COMPOSITE.get(dimension, ({dimension: 1}, 1))
    below, scale_below = COMPOSITE.get(per, ({per: 1}, 1)) if per else ({}, 1)
    return Measured(value * scale / scale_below, combined(tuple(above.items()), tuple(below.items()), -1))


def in_base(result: Measured, dimension: str) -> Fraction:
    """A result in base units of the dimension it has to measure.

    Raises:
        UnitError: it measures something else.
    """
    one = of_dimension(Fraction(1), dimension)
    if one.powers != result.powers:
        raise UnitError(f"the formula gives {in_words(result.powers)}; the method needs {dimension}.")
    return result.value / one.value


def combined(left: Powers, right: Powers, sign: int) -> Powers:
    """The exponents of a product (``sign`` 1) or a quotient (-1)."""
    found = dict(left)
    for name, power in right:
        found[name] = found.get(name, 0) + sign * power
    return tuple(sorted((name, power) for name, power in found.items() if power))


def in_words(powers: Powers) -> str:
    """Exponents for people.

    >>> in_words((("distance", 1), ("volume", -1)))
    'distance per volume'
    """
    above = " × ".join(name for name, power in powers for _ in range(power))
    below = " × ".join(name for name, power in powers for _ in range(-power))
    return (above or "a number") + (f" per {below}" if below else "")


@dataclass(frozen=True, slots=True)
class Formula:
    """A parsed formula: its tokens, and the same in postfix order.

    ``text`` is how it was written; ``names`` are the inputs it uses, in the order of first use.
    """

    text: str
    tokens: tuple[str, ...]
    postfix: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names the formula uses."""
        return tuple(dict.fromkeys(token for token in self.tokens if token[0].isalpha()))

    def evaluate(self, values: Mapping[str, Measured]) -> Measured:
        """The exact result for values of its names.

        Raises:
            UnitError: it adds two things that do not measure the same.
            GhgError: it divides by zero.
        """
        stack: list[Measured] = []
        for token in self.postfix:
            if token in OPERATIONS:
                right, left = stack.pop(), stack.pop()
                stack.append(OPERATIONS[token](left, right))
            else:
                stack.append(values[token] if token[0].isalpha() else Measured(Fraction(token), ()))
        return stack[0]

    def filled(self, shown: Mapping[str, str]) -> str:
        """The formula with what each name stands for in its place."""
        spaced = " ".join(shown.get(token, token) for token in self.tokens)
        return spaced.replace("( ", "(").replace(" )", ")")


@cache
def parse(text: str) -> Formula:
    """A formula from text, with the usual precedence.

    Raises:
        ValueError: the text is not a formula of the language.

    >>> parse("mass × (1 − share)").postfix
    ('mass', '1', 'share', '−', '×')
    """
    tokens = tuple(TOKEN.findall(text))
    if "".join(tokens) != re.sub(r"\s", "", text) or not tokens:
        raise ValueError(f"{text!r} holds something else than names, numbers, + − × ÷ and brackets")
    postfix: list[str] = []
    rest = _sum(list(tokens), postfix)
    if rest:
        raise ValueError(f"{text!r} does not end where it should, at {rest[0]!r}")
    return Formula(text, tokens, tuple(postfix))


def _sum(tokens: list[str], postfix: list[str]) -> list[str]:
    return _chain(tokens, postfix, "+−", lambda rest: _chain(rest, postfix, "×÷", lambda inner: _part(inner, postfix)))


def _chain(tokens: list[str], postfix: list[str], operators: str, part: Callable[[list[str]], list[str]]) -> list[str]:
    """Parts joined by operators of one precedence, from left to right."""
    rest = part(tokens)
    while rest and rest[0] in operators:
        operator, rest = rest[0], part(rest[1:])
        postfix.append(operator)
    return rest


def _part(tokens: list[str], postfix: list[str]) -> list[str]:
    """A name, a number or a bracket."""
    if not tokens or (not tokens[0][0].isalnum() and tokens[0] != "("):
        raise ValueError(f"a name, a number or a bracket is missing before {' '.join(tokens) or 'the end'!r}")
    if tokens[0] != "(":
        postfix.append(tokens[0])
        return tokens[1:]
    rest = _sum(tokens[1:], postfix)
    if not rest or rest[0] != ")":
        raise ValueError("a bracket is not closed")
    return rest[1:]
