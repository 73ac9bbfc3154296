"""The eight quality criteria of the Scope 2 Guidance, checked one by one for each instrument.

An instrument that breaks one is not applied. What it breaks is named, with the line of its table.
Source: GHG Protocol Scope 2 Guidance, chapter 7, table 7.1.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ghg.instruments.declaration import Instrument, InstrumentRules, Window, kinds
from ghg.instruments.tracking import Numbers, numbers_of
from ghg.issues import listing
from ghg.regions import WORLD, ladder, regions

CRITERIA = {
    1: "it conveys the emission rate of the generation",
    2: "it is the only instrument that carries the claim",
    3: "it is tracked, and retired for the reporting organisation",
    4: "its vintage is close to the consumption",
    5: "it comes from the market of the consumption",
    6: "a supplier rate is calculated on delivered electricity, sold attributes left out",
    7: "a contract or on-site generation passes every claim to the consumer alone",
    8: "a residual mix is available, or its absence is disclosed",
}
"""Each criterion by its number in the Guidance, in words of our own."""
DISCLOSED_BY_THE_RUN = 8
"""Criterion that concerns the market, not an instrument: the run discloses by itself where there is no residual mix."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A criterion that an instrument does not meet."""

    criterion: int
    reason: str

    def __str__(self) -> str:
        return f"criterion {self.criterion} ({CRITERIA[self.criterion]}): {self.reason}"


@dataclass(frozen=True)
class Setting:
    """What the criteria are checked against.

    Attributes:
        rules: what the inventory says about instruments.
        organisation: the reporting organisation.
        entities: entities of its rows.
        start: first day of the reporting period.
        end: last day of it.
        consumed: regions of consumption, by carrier.
        used_before: what former inventories applied.
    """

    rules: InstrumentRules
    organisation: str
    entities: Collection[str]
    start: date
    end: date
    consumed: Mapping[str, Collection[str]]
    used_before: Collection[Instrument] = ()

    def covers(self, instrument: Instrument, region: str) -> bool:
        """Whether consumption in a region lies in the instrument's market."""
        market = instrument.row.market
        inside = self.rules.markets.get(market, (market,))
        return any(place in inside for place in ladder(region) if place != WORLD)


def failures(instruments: Sequence[Instrument], setting: Setting) -> list[tuple[Failure, ...]]:
    """What each instrument breaks, in the order of the instruments."""
    repeated = _repeated(instruments)
    made = []
    for place, instrument in enumerate(instruments):
        found = [failure for check in CHECKS for failure in check(instrument, setting)]
        if place in repeated:
            found.append(Failure(2, repeated[place]))
        made.append(tuple(sorted(found, key=lambda failure: failure.criterion)))
    return made


def _repeated(instruments: Sequence[Instrument]) -> dict[int, str]:
    """Instruments whose number and vintage were claimed by an earlier one."""
    seen: dict[str, list[tuple[Numbers, Instrument]]] = {}
    found: dict[int, str] = {}
    for place, instrument in enumerate(instruments):
        row, numbers = instrument.row, numbers_of(instrument.row)
        if numbers is None:
            continue
        earlier = seen.setdefault(numbers.registry, [])
        twin = next((other for others, other in earlier if _is_same(others, numbers, other, instrument)), None)
        if twin:
            other = twin.row.tracking_id
            stands = "stands" if other == row.tracking_id else f"is, at least in part, {other!r}, which stands"
            found[place] = f"its number {row.tracking_id!r} {stands} in {twin.file}:{twin.line} already"
        earlier.append((numbers, instrument))
    return found


def _is_same(those: Numbers, these: Numbers, one: Instrument, other: Instrument) -> bool:
    """Whether two instruments stand for the same energy: a contract delivers anew every year under one number."""
    return those.shares(these) and (other.row.rung == "certificate" or _overlap(one, other))


def _overlap(one: Instrument, other: Instrument) -> bool:
    """Whether two vintages share a day."""
    return (one.row.vintage_start or date.min) <= (other.row.vintage_end or date.max) and (
        other.row.vintage_start or date.min
    ) <= (one.row.vintage_end or date.max)


def _rate(instrument: Instrument, _: Setting) -> Iterable[Failure]:
    if not instrument.row.emission_rate and not instrument.row.factor:
        yield Failure(1, "it states no emission rate; zero is written as 0")


def _sole_claim(instrument: Instrument, setting: Setting) -> Iterable[Failure]:
    row = instrument.row
    if row.attributes == "sold":
        yield Failure(2, "its attributes were sold to somebody else")
    numbers = numbers_of(row)
    before = ((numbers_of(other.row), other) for other in setting.used_before)
    if numbers and any(others and _is_same(others, numbers, other, instrument) for others, other in before):
        yield Failure(2, f"its number {row.tracking_id!r} stands in the instruments of a former inventory")


def _retired(instrument: Instrument, setting: Setting) -> Iterable[Failure]:
    row = instrument.row
    known = (setting.organisation, *setting.entities)
    if row.beneficiary not in known:
        whose = f"{row.beneficiary!r} is" if row.beneficiary else "no beneficiary is stated; it must be"
        yield Failure(3, f"{whose} {'neither' if row.beneficiary else 'either'} the organisation "
                         f"{'nor' if row.beneficiary else 'or'} an entity of its rows")  # fmt: skip
    if row.rung == "supplier_rate":
        return
    if not row.tracking_id:
        yield Failure(3, "it has no number in a tracking system or contract")
    if row.rung == "certificate":
        missing = [name for name, value in (("registry", row.registry), ("retired", row.retired)) if not value]
        if missing:
            yield Failure(3, f"{listing(missing)} {'is' if len(missing) == 1 else 'are'} not stated")
    early = [
        f"it was {word} on {day}, before its vintage starts on {row.vintage_start}"
        for word, day in (("issued", row.issued), ("retired", row.retired))
        if row.rung == "certificate" and day and row.vintage_start and day < row.vintage_start
    ]
    if early:
        yield Failure(3, early[0])
    if row.issued and row.retired and row.retired < row.issued:
        yield Failure(3, f"it was retired on {row.retired}, before its issue on {row.issued}")


def _vintage(instrument: Instrument, setting: Setting) -> Iterable[Failure]:
    row, window = instrument.row, setting.rules.vintage
    if row.vintage_start is None or row.vintage_end is None:
        yield Failure(4, "its vintage is not stated")
        return
    if (
        setting.rules.matching == "monthly"
        and row.rung != "supplier_rate"
        and _month(row.vintage_start) != _month(row.vintage_end)
    ):
        yield Failure(4, "its vintage spans months, and the inventory matches by month: give it a row a month")
    if row.rung == "certificate":
        first, last = opened(setting.start, setting.end, window)
        if not (first <= row.vintage_start and row.vintage_end <= last):
            yield Failure(4, f"its vintage, {row.vintage_start} to {row.vintage_end}, lies outside {first} to {last}")
    elif row.vintage_end < setting.start or row.vintage_start > setting.end:
        yield Failure(4, f"it delivers from {row.vintage_start} to {row.vintage_end}, outside the reporting period")


def _market(instrument: Instrument, setting: Setting) -> Iterable[Failure]:
    row, kind = instrument.row, kinds()[instrument.row.kind]
    named = setting.rules.markets.get(row.market, (row.market,))
    unknown = [region for region in named if region not in regions()]
    if unknown or WORLD in named:
        yield Failure(5, f"the market {row.market!r} is neither a region nor a market that the inventory names")
        return
    if kind.market and not any(kind.market in ladder(region) for region in named):
        yield Failure(5, f"a {kind.name} belongs to the market {kind.market}, not {row.market}")
    if not any(setting.covers(instrument, region) for region in setting.consumed.get(row.carrier, ())):
        yield Failure(5, f"no {row.carrier} of the inventory is consumed in its market {row.market}")


def _supplier(instrument: Instrument, _: Setting) -> Iterable[Failure]:
    if instrument.row.rung == "supplier_rate" and instrument.row.attributes != "delivered":
        yield Failure(6, "it is not stated to be calculated on delivered electricity (attributes 'delivered')")


def _conveyed(instrument: Instrument, _: Setting) -> Iterable[Failure]:
    if instrument.row.rung == "contract" and instrument.row.attributes != "conveyed":
        yield Failure(7, "it is not stated to pass every claim to the consumer alone (attributes 'conveyed')")


CHECKS: tuple[Callable[[Instrument, Setting], Iterable[Failure]], ...] = (
    _rate, _sole_claim, _retired, _vintage, _market, _supplier, _conveyed,
)  # fmt: skip
"""One check a criterion, in their order; the eighth concerns the market and is disclosed by the run."""


def opened(start: date, end: date, window: Window) -> tuple[date, date]:
    """The days a certificate's vintage may span under annual matching."""
    return _months(start, -window.months_before), _months(end + timedelta(days=1), window.months_after) - timedelta(1)


def _months(day: date, count: int) -> date:
    """The day a number of months later; the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month
