"""Shares of a total by the quality of what is behind it. Exact; the shares of each kind sum to one.

Shares are of emissions, so a large row on a spend-based factor weighs more than a small measured one (Scope 3 Standard,
chapters 7 and 11). A data quality score is the mean of the rows' scores weighted by emissions, as PCAF weights scores
by what is financed; the share of the total that carries a score is given with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from ghg.figures import figures
from ghg.instruments.report import rung_of
from ghg.issues import Issue, Severity
from ghg.ledger import Entry
from ghg.methods import method
from ghg.numbers import percent
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
    names = ("provenance", "derived_from", *([SCORE] if SCORE in run.balance.names else []))
    wanted = {name: figure for name, figure in figures().items() if figure.measure == "emissions"}
    behind: dict[str, list[Entry]] = {}
    for name, figure in wanted.items():
        found = run.result.behind(figure, names)
        if found and name not in run.result.absent:
            behind[name] = list(found)
    return {name: _quality(run, found) for name, found in behind.items()}


def _quality(run: Run, found: Iterable[Entry]) -> Quality:
    entries = [entry for entry in found if entry.value]
    in_market = [entry for entry in entries if entry.posting.book == "market"]
    scored = [(entry, entry.dimensions.get(SCORE, "")) for entry in entries]
    score, share = _score([(int(text), entry.value) for entry, text in scored if text.isdigit()], entries)
    return Quality(
        data_type=_shares(entries, lambda entry: method(run.plan.matches[entry.line.match].method).data_type),
        provenance=_shares(entries, lambda entry: entry.dimensions["provenance"]),
        verification=_shares(entries, lambda entry: _verification(run, entry)),
        rung=_shares(in_market, lambda entry: rung_of(run, entry)),
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


def _shares(entries: Iterable[Entry], kind: Callable[[Entry], str]) -> dict[str, Fraction]:
    """Shares of the sum by kind, the largest first."""
    sums: defaultdict[str, Fraction] = defaultdict(Fraction)
    for entry in entries:
        sums[kind(entry)] += entry.value
    whole = sum(sums.values(), ZERO)
    if not whole:
        return {}
    return {name: part / whole for name, part in sorted(sums.items(), key=lambda item: (-item[1], item[0]))}


def _score(scored: Iterable[tuple[int, Fraction]], entries: Iterable[Entry]) -> tuple[Fraction | None, Fraction]:
    """The mean score weighted by emissions, and the share of the total that carries one."""
    pairs = list(scored)
    weight, whole = sum((value for _, value in pairs), ZERO), sum((entry.value for entry in entries), ZERO)
    if not weight or not whole:
        return None, ZERO
    return sum((score * value for score, value in pairs), ZERO) / weight, weight / whole


def _verification(run: Run, entry: Entry) -> str:
    """How the factor was verified, in the library's words."""
    if not entry.posting.factor:
        return "no factor"
    said = run.valuation.rows[entry.posting.factor].verification
    return said if said.startswith("verified") or said == "implied" else STATED
