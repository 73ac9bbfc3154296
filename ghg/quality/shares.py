"""Shares of a total by the quality of what is behind it. Exact; the shares of each kind sum to one.

Shares are of emissions, so a large row on a spend-based factor weighs more than a small measured one (Scope 3 Standard,
chapters 7 and 11). A data quality score is the mean of the rows' scores weighted by emissions, as PCAF weights scores
by what is financed; the share of the total that carries a score is given with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from ghg.bulk.values import Key, signature
from ghg.figures import figures
from ghg.instruments.report import rung_of
from ghg.issues import Issue, Severity
from ghg.methods import method
from ghg.numbers import percent
from ghg.plan import Posting
from ghg.schema import SCORE, Provenance

if TYPE_CHECKING:
    from ghg.runs import Run

ZERO = Fraction(0)
STATED = "stated by the inventory"
"""Verification of a factor that is not the library's."""
GUESSED = (Provenance.ESTIMATED, Provenance.EXTRAPOLATED, Provenance.PROXY)
"""Provenance of amounts that were neither measured nor reported, and are told apart from back-calculated ones."""
Shares = Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Quality:
    """What a total rests on, in shares of the total.

    Attributes:
        data_type: what the methods count as: primary, average, spend.
        provenance: where the amounts come from: measured, reported, estimated, back-calculated.
        verification: how the factors were verified.
        rung: rungs of the market-based hierarchy, of energy in that book.
        score: mean data quality score of the rows that carry one, weighted by emissions; none where no row does.
        scored: share of the total that carries a score.
    """

    data_type: Shares
    provenance: Shares
    verification: Shares
    rung: Shares = field(default_factory=dict)
    score: Fraction | None = None
    scored: Fraction = ZERO


def qualities(run: Run) -> dict[str, Quality]:
    """What each figure of emissions rests on, in the order they are printed."""
    names = ("provenance", *([SCORE] if SCORE in run.balance.names else []))

    def kind(match: int, posting: Posting) -> Key | None:
        if posting.measure != "emissions":
            return None
        data_type = method(run.plan.matches[match].method).data_type
        rung = rung_of(run, posting) if posting.book == "market" else ""
        return (*signature(posting), data_type, _verification(run, posting), rung)

    sums = run.result.sums(kind, names)
    wanted = {name: figure for name, figure in figures().items() if figure.measure == "emissions"}
    found = {}
    for name, figure in wanted.items():
        behind = [
            _Part(value, data_type, verification, rung, *words)
            for ((measure, book, scope, category, energy, data_type, verification, rung), words), value in sums.items()
            if figure.includes(measure=measure, book=book, scope=scope, category=category, energy=energy)
        ]
        if behind and name not in run.result.absent:
            found[name] = _quality([part for part in behind if part.value])
    return found


class _Part(NamedTuple):
    """A part of a total, of one quality; the rung is blank outside the market-based book."""

    value: Fraction
    data_type: str
    verification: str
    rung: str
    provenance: str
    score: str = ""


def _quality(parts: Sequence[_Part]) -> Quality:
    """What a total of some parts rests on."""
    score, share = _score([(int(part.score), part.value) for part in parts if part.score.isdigit()], parts)
    return Quality(
        data_type=_shares(parts, attrgetter("data_type")),
        provenance=_shares(parts, attrgetter("provenance")),
        verification=_shares(parts, attrgetter("verification")),
        rung=_shares([part for part in parts if part.rung], attrgetter("rung")),
        score=score,
        scored=share,
    )


def notes(run: Run) -> list[Issue]:
    """Which share of each total rests on amounts that nobody measured or reported."""
    said: list[str] = []
    if not run.balance.words("provenance") & set(GUESSED):
        return []
    for name, found in run.quality.items():
        parts = [f"{percent(found.provenance[word])} {word}" for word in GUESSED if word in found.provenance]
        if parts and "." not in name and "+" not in name:
            said.append(f"{name} {', '.join(parts)}")
    message = f"not all amounts were measured or reported, behind: {'; '.join(said)}."
    hint = "The rows' notes say by which rule each was derived."
    return [Issue("estimated", message, hint, severity=Severity.NOTE)] if said else []


def _shares(parts: Iterable[_Part], kind: Callable[[_Part], str]) -> dict[str, Fraction]:
    """Shares of the sum by kind, the largest first."""
    sums: defaultdict[str, Fraction] = defaultdict(Fraction)
    for part in parts:
        sums[kind(part)] += part.value
    whole = sum(sums.values(), ZERO)
    if not whole:
        return {}
    return {name: part / whole for name, part in sorted(sums.items(), key=lambda item: (-item[1], item[0]))}


def _score(scored: Sequence[tuple[int, Fraction]], parts: Iterable[_Part]) -> tuple[Fraction | None, Fraction]:
    """The mean score weighted by emissions, and the share of the total that carries one."""
    weight, whole = sum((value for _, value in scored), ZERO), sum((part.value for part in parts), ZERO)
    if not weight or not whole:
        return None, ZERO
    return sum((score * value for score, value in scored), ZERO) / weight, weight / whole


def _verification(run: Run, posting: Posting) -> str:
    """How the factor was verified, in the library's words."""
    if not posting.factor:
        return "no factor"
    said = run.valuation.rows[posting.factor].verification
    return said if said.startswith("verified") or said == "implied" else STATED
