"""Why no single factor is left: in what those standing differ, what was passed over, words nearby that have one."""

from __future__ import annotations

from collections.abc import Callable

from ghg.factors import FACTOR, Factor
from ghg.issues import listing
from ghg.regions import ladder
from ghg.resolve import RULES, Choice, Chooser, Want
from ghg.vocabulary import vocabulary

NEAREST = 3
"""Candidates passed over, and words nearby, that are named."""
BRIDGE = (
    " A factor per another quantity needs what brings the amount to it: a density or calorific value as a factor row, "
    "or a method that takes it as an input ('ghg methods')."
)
"""Said where a candidate of the place measures something else."""
DIFFERENCES: dict[str, Callable[[Factor], str]] = {
    "basis": lambda factor: factor.first.basis,
    "publication": lambda factor: factor.first.source,
    "unit": lambda factor: factor.first.unit,
    "name": lambda factor: factor.first.name,
}
"""What tells two factors apart, the first that does being said."""


def explain_absence(choice: Choice, want: Want, chooser: Chooser) -> str:
    """Why no single factor was left, with the nearest candidates and the words that have a factor."""
    book = f" ({want.book} book)" if want.kind == FACTOR else ""
    kind = want.kind.replace("_", " ")
    what = f"{kind} for {want.activity!r} in {want.region}, {want.start} to {want.end}{book}"
    if choice.standing:
        return f"{len(choice.standing)} factors are left standing as {what}: {_told_apart(choice, chooser)}."
    nearby = _words_nearby(want, chooser)
    if not choice.passed_over:
        return f"no {what}. The library has no factor for it.{nearby}"
    order = list(RULES)
    nearest = sorted(choice.passed_over, key=lambda other: (not other.is_near, -order.index(other.rule)))
    tried = "; ".join(f"{other.factor}: {other.reason}" for other in nearest[:NEAREST])
    more = f"; {len(nearest) - NEAREST} more" if len(nearest) > NEAREST else ""
    bridge = BRIDGE if any(other.rule == "dimension" and other.is_near for other in nearest) else ""
    return f"no {what}. Passed over: {tried}{more}.{nearby}{bridge}"


def _told_apart(choice: Choice, chooser: Chooser) -> str:
    """The factors left standing, each with the first thing in which they differ."""
    standing = [chooser.table.factors[name] for name in choice.standing]
    for label, said in DIFFERENCES.items():
        if len({said(factor) for factor in standing}) > 1:
            named = [f"{factor.id!r} ({label} {said(factor)})" for factor in standing]
            return f"{', '.join(named[:-1])} and {named[-1]}"
    return listing(choice.standing)


def _words_nearby(want: Want, chooser: Chooser) -> str:
    """Words under the one asked for, or beside it, for which the inventory's publications have a factor that fits."""
    places = set(ladder(want.region))

    def has_factor(word: str) -> bool:
        found = chooser.table.candidates(want.kind, word, chooser.inventory.publications)
        return any(
            factor.first.region in places and factor.first.per.denominator.dimension == want.dimension
            for factor in found
        )

    for family in (f"{want.activity}.", f"{want.activity.rpartition('.')[0]}."):
        words = [word for word in vocabulary() if family != "." and word.startswith(family) and has_factor(word)]
        if words:
            more = f" and {len(words) - NEAREST} more" if len(words) > NEAREST else ""
            return f" There is one for {', '.join(repr(word) for word in words[:NEAREST])}{more}."
    return ""
