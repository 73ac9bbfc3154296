"""Instruments matched to consumption: each covers a share of it, the shares and the rest sum to one exactly.

Consumption that the same instruments may cover, at the same time, is one pool. An instrument takes the same share of
whatever its pools have left, so the result depends neither on the order of rows nor on how they are split. It never
takes more than there is, nor gives more than it has: megawatt-hours are conserved.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from ghg.boundary.pieces import Piece, cut
from ghg.instruments.criteria import Setting
from ghg.instruments.declaration import RUNGS, Instrument
from ghg.schema import after

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Demand:
    """Consumption of one place and entity over days.

    Attributes:
        carrier: electricity, heat, steam or cooling.
        region: where it was consumed.
        entity: who consumed it.
        start: first day.
        end: last day.
        amount: what the organisation accounts for, in base units of energy.
        gross: the same before ownership shares.
    """

    carrier: str
    region: str
    entity: str
    start: date
    end: date
    amount: Fraction
    gross: Fraction


@dataclass(frozen=True, slots=True)
class Portion:
    """The share of some consumption that an instrument covers."""

    instrument: Instrument
    share: Fraction


@dataclass
class Pool:
    """Consumption that the same instruments may cover at the same time."""

    amount: Fraction = ZERO
    gross: Fraction = ZERO
    shares: dict[str, Fraction] = field(default_factory=dict)

    @property
    def left(self) -> Fraction:
        """What no instrument covers yet; corrections may leave nothing to cover."""
        return max(self.amount, ZERO) * (1 - sum(self.shares.values(), ZERO))


PoolName = tuple[str, str, str, str, tuple[str, ...]]
"""Carrier, region, entity, month where the inventory matches by month, and ids of the instruments that may cover it."""


@dataclass(frozen=True)
class Matching:
    """How instruments cover consumption.

    Attributes:
        setting: the rules.
        instruments: those that meet every criterion, in the order they are applied.
        pools: what is covered, by the name of the pool.
        applied: how much of each instrument that takes, in base units.
    """

    setting: Setting
    instruments: tuple[Instrument, ...]
    pools: Mapping[PoolName, Pool]
    applied: Mapping[str, Fraction]

    def cuts(self, carrier: str, region: str, entity: str) -> list[date]:
        """The days on which consumption is cut, because other instruments may cover it from then on."""
        return _bounds(_able(self.instruments, self.setting, carrier, region, entity), self.setting)

    def portions(self, carrier: str, region: str, entity: str, start: date, end: date) -> tuple[Portion, ...]:
        """What covers consumption between two cuts; what is missing to one is covered by no instrument."""
        pool = self.pools.get(name_of(self.instruments, self.setting, carrier, region, entity, start, end))
        if pool is None:
            return ()
        named = {instrument.id: instrument for instrument in self.instruments}
        return tuple(Portion(named[name], share) for name, share in pool.shares.items() if share)

    def unused(self, instrument: Instrument) -> Fraction | None:
        """What is left of an instrument, in base units; none where it covers all that is left."""
        whole = instrument.base_amount
        return None if whole is None else whole - self.applied.get(instrument.id, ZERO)


def match(demands: Iterable[Demand], instruments: Sequence[Instrument], setting: Setting) -> Matching:
    """Match instruments that meet every criterion to consumption, which is cut at the days of ``Matching.cuts``.

    The order is that of the hierarchy; within a rung, an instrument of one entity before one of the organisation, a
    region before the country it lies in, the older vintage before the younger, then by id.
    """
    in_order = ordered(instruments, setting)
    pools: defaultdict[PoolName, Pool] = defaultdict(Pool)
    for demand in demands:
        consumer = (demand.carrier, demand.region, demand.entity)
        for piece in cut(Piece(demand.start, demand.end), _bounds(_able(in_order, setting, *consumer), setting)):
            name = name_of(in_order, setting, *consumer, piece.start, piece.end)
            pools[name].amount += demand.amount * piece.share
            pools[name].gross += demand.gross * piece.share
    applied = {
        instrument.id: _apply(
            instrument,
            [pool for name, pool in pools.items() if instrument.id in name[4]],
            is_entitys=instrument.row.beneficiary != setting.organisation,
        )
        for instrument in in_order
    }
    return Matching(setting, in_order, dict(pools), applied)


def ordered(instruments: Iterable[Instrument], setting: Setting) -> tuple[Instrument, ...]:
    """The instruments in the order they are applied."""
    return tuple(sorted(instruments, key=lambda instrument: _order(instrument, setting)))


def _apply(instrument: Instrument, pools: Sequence[Pool], *, is_entitys: bool) -> Fraction:
    """Cover the same share of what each pool has left; how much of the instrument that takes."""
    left = sum((pool.left for pool in pools), ZERO)
    if not left:
        return ZERO
    # What an entity bought covers its consumption before ownership shares; what the organisation bought, its own share.
    before = sum((pool.left / pool.amount * pool.gross for pool in pools if pool.left), ZERO)
    if is_entitys and before <= 0:
        return ZERO  # corrections leave nothing to cover before shares
    held = left / before if is_entitys else 1
    whole = instrument.base_amount
    share = Fraction(1) if whole is None else min(Fraction(1), whole * held / left)
    for pool in pools:
        if pool.left and share:
            pool.shares[instrument.id] = pool.left / pool.amount * share
    return left * share / held


def _order(instrument: Instrument, setting: Setting) -> tuple[object, ...]:
    row = instrument.row
    covered = sum(setting.covers(instrument, region) for region in setting.consumed.get(row.carrier, ()))
    whole_organisation = row.beneficiary == setting.organisation
    return (RUNGS.index(row.rung), whole_organisation, covered, row.vintage_end, row.vintage_start, row.id)


def _able(
    instruments: Iterable[Instrument], setting: Setting, carrier: str, region: str, entity: str
) -> list[Instrument]:
    """The instruments that may cover somebody's consumption at some time."""
    return [
        instrument
        for instrument in instruments
        if instrument.row.carrier == carrier
        and setting.covers(instrument, region)
        and instrument.row.beneficiary in (setting.organisation, entity)
    ]


def _bounds(instruments: Iterable[Instrument], setting: Setting) -> list[date]:
    """The days on which the instruments at hand change; first days of months where they are matched by month."""
    if setting.rules.matching == "hourly":
        return []
    is_monthly = setting.rules.matching == "monthly"
    found = set()
    for instrument in instruments:
        row = instrument.row
        if row.vintage_start and row.vintage_end and (row.rung != "certificate" or is_monthly):
            found |= {day for day in (row.vintage_start, after(row.vintage_end)) if day}
    month = setting.start.replace(day=1)
    while found and is_monthly and month <= setting.end:
        found.add(month)
        month = (month + timedelta(days=31)).replace(day=1)
    return sorted(found)


def name_of(
    instruments: Iterable[Instrument], setting: Setting, carrier: str, region: str, entity: str, start: date, end: date
) -> PoolName:
    """The pool of consumption between two cuts."""
    able = tuple(
        instrument.id
        for instrument in _able(instruments, setting, carrier, region, entity)
        if _in_time(instrument, setting, start, end)
    )
    month = f"{start:%Y-%m}" if able and setting.rules.matching == "monthly" else ""
    return carrier, region, entity, month, able


def _in_time(instrument: Instrument, setting: Setting, start: date, end: date) -> bool:
    """Whether the vintage holds the days: of a certificate under annual matching, the criterion of the period does."""
    row = instrument.row
    if setting.rules.matching == "hourly" or (row.rung == "certificate" and setting.rules.matching == "annual"):
        return True
    return bool(row.vintage_start and row.vintage_end and row.vintage_start <= start and end <= row.vintage_end)
