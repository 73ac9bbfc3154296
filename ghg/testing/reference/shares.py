"""Shares of the independent reference: what is held of an entity day by day, and what certificates cover.

Like ``reference`` it shares no code with ``ghg``. Days are counted one by one, so that no border can be off by one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from ghg.testing.reference.tables import WORLD, Row, Rules, Tables

LEASED = {
    ("lessee", "finance"): {}, ("lessor", "finance"): dict.fromkeys(
        ("equity_share", "financial_control", "operational_control"), "13_downstream_leased_assets"
    ),
    ("lessee", "operating"): dict.fromkeys(("equity_share", "financial_control"), "8_upstream_leased_assets"),
    ("lessor", "operating"): {"operational_control": "13_downstream_leased_assets"},
}  # fmt: skip
"""Scope 3 category of a leased asset by role and lease, then approach (Corporate Standard, appendix F)."""


@dataclass(frozen=True)
class Span:
    """Days of a row in a line on which the same share is held.

    Attributes:
        start: first day.
        end: last day.
        days: share of the row's days.
        held: share held.
        category: Scope 3 category of somebody else's leased asset.
    """

    start: date
    end: date
    days: Fraction
    held: Fraction
    category: str

    @property
    def share(self) -> Fraction:
        """Share of the amount."""
        return self.days * self.held


@dataclass(frozen=True)
class Portion:
    """What a certificate covers: a share of consumption, at a rate in kg CO2e per MJ."""

    share: Fraction
    rate: Fraction


@dataclass(frozen=True)
class Holdings:
    """Who holds what, as an entity table states it; a blank approach holds everything."""

    organisation: str
    approach: str
    rows: Sequence[Row]

    def on(self, entity: str, day: date) -> tuple[Fraction, str]:
        """The share held of an entity on a day, and the category of a leased asset."""
        if not self.approach or entity == self.organisation:
            return Fraction(1), ""
        there = [row for row in self.rows if row["entity"] == entity and _lasts(row, day)]
        held = sum((self.on(row["parent"], day)[0] * self._part(row) for row in there), Fraction(0))
        leased = [LEASED[row["role"], row["lease"]].get(self.approach, "") for row in there if row["lease"]]
        return min(held, Fraction(1)), leased[0] if leased else ""

    def _part(self, row: Row) -> Fraction:
        """What the parent consolidates (Corporate Standard, table 1)."""
        if row["type"] in ("leased_asset", "fixed_asset_investment"):
            return Fraction(row["type"] == "leased_asset")
        if self.approach == "operational_control":
            return Fraction(row["operational_control"] == "yes")
        share = Fraction(Decimal(row["equity_share"]))
        if self.approach == "equity_share" or row["financial_control"] == "joint":
            return share
        return Fraction(row["financial_control"] == "yes")


def _lasts(row: Row, day: date) -> bool:
    return (row["valid_from"] or "0000") <= day.isoformat() <= (row["valid_to"] or "9999-99")


def spans(period: tuple[str, str], holdings: Holdings, row: Row) -> Iterator[Span]:
    """The days of a row that count, those in a line with one share together."""
    first, last = date.fromisoformat(row["start"]), date.fromisoformat(row["end"])
    whole = (last - first).days + 1
    days: list[tuple[date, Fraction, str]] = []
    for number in range(whole):
        day = first + timedelta(number)
        if period[0] <= day.isoformat() <= period[1]:
            days.append((day, *holdings.on(row["entity"], day)))
    lines: list[list[tuple[date, Fraction, str]]] = []
    for found in days:
        if lines and lines[-1][-1][1:] == found[1:]:
            lines[-1].append(found)
        else:
            lines.append([found])
    for line in lines:
        _, held, category = line[0]
        if held:
            yield Span(line[0][0], line[-1][0], Fraction(len(line), whole), held, category)


@dataclass
class _Pool:
    """Consumption of an entity in a region: what counts, the same before shares held, and the shares covered of it."""

    amount: Fraction = Fraction(0)
    gross: Fraction = Fraction(0)
    portions: list[Portion] = field(default_factory=list)

    @property
    def left(self) -> Fraction:
        """What nothing covers yet."""
        return max(self.amount, Fraction(0)) * (1 - sum((portion.share for portion in self.portions), Fraction(0)))


def certified(
    tables: Tables, rules: Rules, rows: Sequence[Row], holdings: Holdings, entities: Collection[str]
) -> dict[tuple[str, str], list[Portion]]:
    """What certificates cover of purchased electricity, by region and entity (Scope 2 Guidance, chapters 6 and 7).

    Each covers the same share of what its consumers have left: those of an entity before those of the organisation, of
    the narrower market before the wider.
    """
    if "market" not in rules.books:
        return {}
    pools = _pools(tables, rules, rows, holdings)
    regions = {region for region, _ in pools}

    def inside(region: str, market: str) -> bool:
        return market != WORLD and market in tables.places(rules, region, every=True)

    def order(row: Row) -> tuple[object, ...]:
        wide = sum(inside(region, row["market"]) for region in regions)
        return row["beneficiary"] == rules.organisation, wide, row["vintage_end"], row["vintage_start"], row["id"]

    meant = [row for row in _sound(rules, entities) if any(inside(region, row["market"]) for region in regions)]
    for row in sorted(meant, key=order):
        able = [
            pool
            for (region, entity), pool in pools.items()
            if inside(region, row["market"]) and row["beneficiary"] in (rules.organisation, entity) and pool.left
        ]
        amount = Fraction(Decimal(row["amount"])) * tables.size(row["unit"])[1]
        _cover(able, amount, tables.rate(row), is_entitys=row["beneficiary"] != rules.organisation)
    return {name: pool.portions for name, pool in pools.items()}


def _pools(tables: Tables, rules: Rules, rows: Sequence[Row], holdings: Holdings) -> dict[tuple[str, str], _Pool]:
    """Electricity by region and entity, without what is somebody else's leased asset."""
    pools: dict[tuple[str, str], _Pool] = {}
    for row in rows:
        if row["activity"] == "purchased_electricity":
            pool = pools.setdefault((row["region"], row["entity"]), _Pool())
            for span in spans(rules.period, holdings, row):
                if not span.category:
                    pool.amount += tables.amount(rules, row) * span.share
                    pool.gross += tables.amount(rules, row) * span.days
    return pools


def _sound(rules: Rules, entities: Collection[str]) -> Iterator[Row]:
    """Certificates that meet the criteria that do not ask about consumption."""
    numbers = set()
    for row in rules.certificates:
        is_first = row["tracking_id"] not in numbers
        numbers.add(row["tracking_id"])
        in_time = row["vintage_start"] >= rules.period[0] and row["vintage_end"] <= rules.period[1]
        is_known = row["beneficiary"] in (rules.organisation, *entities)
        if is_first and in_time and is_known and row["retired"] and row["emission_rate"]:
            yield row


def _cover(able: Sequence[_Pool], amount: Fraction, rate: Fraction, *, is_entitys: bool) -> None:
    """The same share of whatever the pools have left, until the amount is used."""
    left = sum((pool.left for pool in able), Fraction(0))
    if not left or not amount:
        return
    gross = sum((pool.left / pool.amount * pool.gross for pool in able), Fraction(0))
    if is_entitys and gross <= 0:
        return
    share = min(Fraction(1), amount * (left / gross if is_entitys else 1) / left)
    parts = [pool.left / pool.amount * share for pool in able]
    for pool, part in zip(able, parts, strict=True):
        pool.portions.append(Portion(part, rate))
