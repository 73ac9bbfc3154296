"""What the market-based book rests on: each instrument with its verdict, and each rung with its megawatt-hours."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from ghg.accounts import accounts
from ghg.instruments.declaration import RUNGS
from ghg.issues import GhgError, Issue, Severity
from ghg.keys import Posting
from ghg.numbers import percent, readable
from ghg.statement import Cell, Statement
from ghg.units import unit

if TYPE_CHECKING:
    from ghg.runs import Run

MWH = unit("MWh").multiplier
OWN_RUNG = {"contractual": "contract", "supplier_mix": "supplier_rate"}
"""The rung of an own or library factor by its basis, where the basis is not the rung's own name."""
AVERAGES = ("grid_excluding_market_traded_non_fossil", "grid_average")
"""Rungs that stand in where there is no residual mix."""
ORDER = (*RUNGS, "residual_mix", *AVERAGES)
"""Every rung of the market-based hierarchy, best first (Scope 2 Guidance, table 6.3)."""


@dataclass(frozen=True, slots=True)
class RungShare:
    """How much of the energy of the market-based book stands on a rung.

    Attributes:
        carrier: electricity, heat, steam or cooling.
        rung: a word of ``ORDER``, or the basis of the factor taken.
        amount: MWh.
        share: share of the carrier's consumption in the book.
    """

    carrier: str
    rung: str
    amount: Fraction
    share: Fraction


def rung_of(run: Run, posting: Posting) -> str:
    """The rung that a posting of the market-based book stands on; blank where it has no factor."""
    if not posting.factor:
        return ""
    row = run.valuation.rows[posting.factor]
    named = {found.factor: found.row.rung for found in run.instruments.instruments} if run.instruments else {}
    return named.get(row.factor) or OWN_RUNG.get(row.basis, row.basis)


def rungs(run: Run) -> list[RungShare]:
    """The rungs of the market-based book, best first; the shares of a carrier sum to one."""
    sums: defaultdict[tuple[str, str], Fraction] = defaultdict(Fraction)
    seen: set[tuple[object, ...]] = set()
    if not any(account[1] == "market" for account in run.result.accounts.sums):
        return []
    for entry in run.result.entries():
        row = run.valuation.rows[entry.posting.factor] if entry.posting.factor else None
        if row is None or entry.posting.book != "market" or entry.posting.measure != "emissions":
            continue
        place = (entry.line.match, entry.line.dimensions, row.factor)
        if place not in seen:
            seen.add(place)
            carrier = accounts()[run.plan.matches[entry.line.match].activity].carrier
            rung = rung_of(run, entry.posting)
            base = entry.quantity * unit(entry.dimensions["unit"]).multiplier
            sums[carrier, rung] += base * entry.posting.share / MWH
    wholes: defaultdict[str, Fraction] = defaultdict(Fraction)
    for (carrier, _), amount in sums.items():
        wholes[carrier] += amount
    places = {rung: place for place, rung in enumerate(ORDER)}
    return [
        RungShare(carrier, rung, amount, amount / wholes[carrier] if wholes[carrier] else Fraction(0))
        for (carrier, rung), amount in sorted(
            sums.items(), key=lambda item: (item[0][0], places.get(item[0][1], len(places)), item[0][1])
        )
    ]


def notes(run: Run) -> list[Issue]:
    """The rungs of the market-based book, and the absence of a residual mix (criterion 8)."""
    found = rungs(run)
    if not found:
        return []
    carriers: defaultdict[str, list[str]] = defaultdict(list)
    for one in found:
        carriers[one.carrier].append(f"{readable(one.amount)} MWh {one.rung} ({percent(one.share)})")
    said = "; ".join(f"{carrier}: {', '.join(parts)}" for carrier, parts in carriers.items())
    made = [
        Issue("market-rungs", f"the market-based book stands on {said}.",
              "The hierarchy is that of the Scope 2 Guidance, table 6.3.", severity=Severity.NOTE)
    ]  # fmt: skip
    absent = [one for one in found if one.rung in AVERAGES and one.carrier == "electricity" and one.amount]
    if absent:
        listed = ", ".join(f"{readable(one.amount)} MWh at {one.rung}" for one in absent)
        made.append(
            Issue("residual-mix-absent", f"no residual mix is at hand for {listed}: an average stands in.",
                  "An average counts the claims of others too. Add a residual mix to 'publications' or 'factors' "
                  "where one is published.", severity=Severity.NOTE)
        )  # fmt: skip
    return made


def statement(run: Run) -> Statement:
    """Every instrument with what it breaks, what it covers and what is left.

    Raises:
        GhgError: the inventory names no instruments.
    """
    if run.instruments is None:
        raise GhgError("the inventory names no instruments: list their tables in its field 'instruments'.")
    rows: list[dict[str, Cell]] = []
    for found in run.instruments.instruments:
        row, failed = found.row, run.instruments.failed[found.id]
        whole, covered = found.base_amount, run.instruments.matching.applied.get(found.id, Fraction(0))
        broken = ", ".join(dict.fromkeys(str(failure.criterion) for failure in failed))
        rows.append(
            {
                "instrument": row.id, "kind": row.kind, "rung": row.rung, "carrier": row.carrier, "market": row.market,
                "vintage": f"{row.vintage_start or '…'} to {row.vintage_end or '…'}", "beneficiary": row.beneficiary,
                "amount": "all that is left" if whole is None else whole / MWH, "applied": covered / MWH,
                "unused": "" if whole is None else (whole - covered) / MWH, "unit": "MWh",
                "criteria": f"breaks {broken}" if broken else "meets all",
            }
        )  # fmt: skip
    said = [f"{found.file}:{found.line}: {found.id}: {failure}"
            for found in run.instruments.instruments for failure in run.instruments.failed[found.id]]  # fmt: skip
    rules = run.instruments.matching.setting.rules
    columns = tuple(rows[0]) if rows else ("instrument",)
    return Statement(
        f"Contractual instruments, {rules.matching} matching", columns, tuple(rows),
        (*said, *(issue.message for issue in notes(run))),
    )  # fmt: skip
