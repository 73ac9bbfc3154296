"""Hourly matching: in each hour an instrument covers no more than is consumed in that hour.

Load and generation are tables with a row an hour, the offset from universal time written on each. They become whole
numbers of a millionth of their unit in 64-bit integers, so the work is vector work and exact; a quotient is taken once,
at the end, when what was covered over all hours is divided by what was consumed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from ghg.instruments.criteria import Setting
from ghg.instruments.declaration import Instrument
from ghg.instruments.matching import Demand, Matching, Pool, PoolName, name_of, ordered
from ghg.issues import InputError, Issue
from ghg.numbers import is_number, parse
from ghg.reading import Manner, read_table
from ghg.units import accepted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hours = NDArray[np.int64]

QUANTA = 10**6
"""Whole numbers in one written unit."""
DISTINCT = 32_768
"""Distinct cells kept while tables are read: more than the hours of three years."""
LARGEST = 2**62 // QUANTA
"""Largest sum of a table in its unit: two of them still fit 64 bits."""
LOAD = ("carrier", "entity", "region", "hour", "amount", "unit")
GENERATION = ("instrument", "hour", "amount", "unit")
FORM = "2022-01-31T23:00+08:00"
"""How the start of an hour is written."""
Consumer = tuple[str, str, str]
"""Carrier, region and entity."""


@dataclass(frozen=True)
class Profile:
    """Amounts by hour, in the order of time.

    Attributes:
        minutes: start of each hour, in minutes of universal time since 1970.
        days: first and last day in local time.
        amounts: whole quanta of base units of energy, times the table's multiplier.
        multiplier: base units of energy in one written unit.
        file: the table as the user named it.
        line: line of the first row.
    """

    minutes: Hours
    days: tuple[str, str]
    amounts: Hours
    multiplier: Fraction
    file: str
    line: int

    @property
    def total(self) -> Fraction:
        """The sum in base units of energy."""
        return Fraction(int(self.amounts.sum()), QUANTA) * self.multiplier


@dataclass(frozen=True)
class Profiles:
    """Load by consumer and generation by instrument."""

    load: Mapping[Consumer, Profile]
    generation: Mapping[str, Profile]


def read_profiles(
    load: Iterable[tuple[Path, str]], generation: Iterable[tuple[Path, str]], notes: list[Issue] | None = None
) -> Profiles:  # fmt: skip
    """The hourly tables; ``notes`` takes what a reader has to know of them.

    Raises:
        InputError: a table cannot be read, an hour is written otherwise or stands twice, an amount is no number, or the
            units of one profile differ.
    """
    loads = _read(load, LOAD, lambda row: (row["carrier"], row["region"], row["entity"]), notes)
    made = _read(generation, GENERATION, lambda row: (row["instrument"],), notes)
    return Profiles(
        {(key[0], key[1], key[2]): found for key, found in loads.items()},
        {key[0]: found for key, found in made.items()},
    )


Row = dict[str, str]


def _read(
    tables: Iterable[tuple[Path, str]],
    columns: tuple[str, ...],
    key: Callable[[Row], tuple[str, ...]],
    notes: list[Issue] | None = None,
) -> dict[tuple[str, ...], Profile]:
    groups: defaultdict[tuple[str, ...], list[tuple[Row, int]]] = defaultdict(list)
    found: dict[tuple[str, ...], Profile] = {}
    for path, name in tables:
        table = read_table(path, name, columns, manner=Manner(numbers=("amount",)))
        if table.issues:
            raise InputError(table.issues)
        table.tell(notes)
        groups.clear()
        for line, cells in zip(table.lines, zip(*table.columns.values(), strict=True), strict=True):
            row = dict(zip(table.columns, cells, strict=True))
            groups[key(row)].append((row, line))
        for word, rows in groups.items():
            if word in found:
                raise _wrong(
                    f"the hours of {', '.join(word)} stand in {found[word].file} too.", name, rows[0][1], "hour"
                )
            found[word] = _profile(rows, name)
    return found


def _profile(rows: Sequence[tuple[Row, int]], file: str) -> Profile:
    import numpy as np

    units = {row["unit"] for row, _ in rows}
    spelling = rows[0][0]["unit"]
    if len(units) > 1 or spelling not in accepted() or accepted()[spelling].dimension != "energy":
        raise _wrong("the hours of one profile share one unit of energy, such as MWh.", file, rows[0][1], "unit")
    hours = [(_minutes(row["hour"], file, line), row["hour"][:10]) for row, line in rows]
    amounts = [_quanta(row["amount"], file, line) for row, line in rows]
    if sum(amounts) > LARGEST * QUANTA:
        raise _wrong("the amounts are too large for hourly matching: write a larger unit.", file, rows[0][1], "amount")
    order = sorted(range(len(rows)), key=lambda place: hours[place][0])
    minutes = [hours[place][0] for place in order]
    for before, (place, after) in zip(minutes, list(zip(order, minutes, strict=True))[1:], strict=False):
        if before == after:
            raise _wrong(f"the hour {rows[place][0]['hour']!r} stands twice.", file, rows[place][1], "hour")
    days = (hours[order[0]][1], hours[order[-1]][1])
    return Profile(
        np.array(minutes, dtype=np.int64), days, np.array([amounts[place] for place in order], dtype=np.int64),
        accepted()[spelling].multiplier, file, rows[0][1],
    )  # fmt: skip


def _minutes(text: str, file: str, line: int) -> int:
    """The start of an hour in minutes of universal time; the offset has to be written."""
    found = _instant(text)
    if found is None:
        message = f"{text!r} is no start of an hour with its offset from universal time."
        raise _wrong(message, file, line, "hour", f"Write it as {FORM}.")
    return found


@lru_cache(DISTINCT)
def _instant(text: str) -> int | None:
    """The same, or none; the profiles of a year share their hours, so each is read once."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return int(found.timestamp()) // 60 if found.tzinfo and not (found.minute or found.second) else None


def _quanta(text: str, file: str, line: int) -> int:
    """An amount in whole quanta."""
    found = _counted(text)
    if found is None:
        message = f"{text!r} is no amount of at most six decimals that is zero or more."
        raise _wrong(message, file, line, "amount")
    return found


@lru_cache(DISTINCT)
def _counted(text: str) -> int | None:
    """The same, or none."""
    scaled = parse(text) * QUANTA if is_number(text) else Fraction(-1)
    return int(scaled) if scaled >= 0 and scaled.denominator == 1 else None


def _wrong(message: str, file: str, line: int, column: str, hint: str = "") -> InputError:
    return InputError([Issue("hourly-invalid", message, hint, file, line, column)])


def match_hourly(
    demands: Iterable[Demand], instruments: Sequence[Instrument], setting: Setting, profiles: Profiles
) -> Matching:
    """Match instruments to consumption hour by hour.

    Consumers that the same instruments may cover are one group. In the order of the hierarchy each instrument covers,
    in every hour, the groups that fewest instruments may cover first. The share of a group is what is covered over all
    hours, divided by what is consumed over all hours; it holds for every row of the group.

    Raises:
        InputError: the load of a consumer lacks hours of the period or differs from its rows, or an instrument
            generates outside the hours of the period or more than it stands for.
    """
    import numpy as np

    sorted_ = ordered(instruments, setting)
    consumed: defaultdict[Consumer, Fraction] = defaultdict(Fraction)
    for demand in demands:
        if demand.amount != demand.gross:
            raise _wrong(f"{demand.entity} is held in part; hourly matching needs entities that count in full.",
                         "", 0, "matching", "Match by month, or consolidate by control.")  # fmt: skip
        consumed[demand.carrier, demand.region, demand.entity] += demand.amount
    named = {consumer: name_of(sorted_, setting, *consumer, setting.start, setting.end) for consumer in consumed}
    asked = [consumer for consumer, name in named.items() if name[4]]
    problems = [problem for consumer in sorted(asked) for problem in _problems(consumer, consumed, setting, profiles)]
    if problems:
        raise InputError(problems)
    if not asked:
        return Matching(setting, sorted_, {name: Pool() for name in named.values()}, {})
    hours = profiles.load[asked[0]].minutes
    unit = min(found.multiplier for found in (*profiles.load.values(), *profiles.generation.values()))
    groups: dict[tuple[str, ...], list[Consumer]] = defaultdict(list)
    for consumer in sorted(asked):
        groups[named[consumer][4]].append(consumer)
    left = {
        able: sum(
            (_scaled(profiles.load[consumer], unit) for consumer in members), np.zeros(len(hours), dtype=np.int64)
        )
        for able, members in groups.items()
    }
    whole = {able: int(amounts.sum()) for able, amounts in left.items()}
    taken: dict[tuple[tuple[str, ...], str], int] = {}
    for instrument in sorted_:
        offered = _offered(instrument, hours, unit, profiles)
        for able in sorted((able for able in groups if instrument.id in able), key=lambda able: (len(able), able)):
            covered = np.minimum(offered, left[able])
            offered, left[able] = offered - covered, left[able] - covered
            taken[able, instrument.id] = int(covered.sum())
    pools = {name: Pool() for name in named.values()}
    for consumer in asked:
        name: PoolName = named[consumer]
        pools[name].amount = pools[name].gross = consumed[consumer]
        pools[name].shares = {
            found: Fraction(taken[name[4], found], whole[name[4]]) for found in name[4] if taken[name[4], found]
        }
    applied: defaultdict[str, Fraction] = defaultdict(Fraction)
    for (_, found), amount in taken.items():
        applied[found] += Fraction(amount, QUANTA) * unit
    return Matching(setting, sorted_, pools, applied)


def _problems(
    consumer: Consumer, consumed: Mapping[Consumer, Fraction], setting: Setting, profiles: Profiles
) -> Iterable[Issue]:
    """What is wrong with the load of a consumer."""
    carrier, region, entity = consumer
    name = f"{carrier} of {entity} in {region}"
    found = profiles.load.get(consumer)
    if found is None:
        yield Issue("hourly-invalid", f"no hourly load is stated for {name}.", "Add its hours to a table of 'load'.")
        return
    steps = {int(after) - int(before) for before, after in pairwise(found.minutes.tolist())}
    count = ((setting.end - setting.start).days + 1) * 24
    if found.days != (str(setting.start), str(setting.end)) or steps - {60} or len(found.minutes) != count:
        yield Issue("hourly-invalid", f"the load of {name} has {len(found.minutes):,} hours from {found.days[0]} to "
                    f"{found.days[1]}; the period has {count:,} without a gap.", "Write every hour of the period once; "
                    "blank is not zero.", found.file, found.line, "hour")  # fmt: skip
    elif found.total != consumed[consumer]:
        mwh = accepted()["MWh"].multiplier
        yield Issue("hourly-invalid", f"the load of {name} sums to {found.total / mwh} MWh, its rows to "
                    f"{consumed[consumer] / mwh} MWh.", "Both state the same consumption: correct one.", found.file,
                    found.line, "amount")  # fmt: skip


def _scaled(profile: Profile, unit: Fraction) -> Hours:
    """The amounts in quanta of a common unit.

    Raises:
        InputError: the unit is no whole multiple of the common one, or the amounts do not fit.
    """
    step = profile.multiplier / unit
    if step.denominator != 1 or int(profile.amounts.sum()) * step.numerator > LARGEST * QUANTA:
        raise _wrong("its unit does not fit the unit of the other profiles.", profile.file, profile.line, "unit",
                     "Write all hourly tables in one unit, such as MWh.")  # fmt: skip
    return profile.amounts * step.numerator


def _offered(instrument: Instrument, hours: Hours, unit: Fraction, profiles: Profiles) -> Hours:
    """What an instrument offers in each hour; nothing in the hours that its table does not state."""
    import numpy as np

    found = profiles.generation.get(instrument.id)
    if found is None:
        raise InputError([
            Issue("hourly-invalid", f"no hourly generation is stated for the instrument {instrument.id!r}.",
                  "Add its hours to a table of 'generation'.", instrument.file, instrument.line, "id")
        ])  # fmt: skip
    places = np.searchsorted(hours, found.minutes)
    inside = places < len(hours)
    if not inside.all() or (hours[places] != found.minutes).any():
        message = f"the instrument {instrument.id!r} generates in hours that are no hours of the load."
        hint = "Its hours lie in the period and start when those of the load do."
        raise _wrong(message, found.file, found.line, "hour", hint)
    if instrument.base_amount is not None and found.total > instrument.base_amount:
        raise _wrong(f"the hours of {instrument.id!r} sum to more than the instrument stands for.", found.file,
                     found.line, "amount")  # fmt: skip
    offered = np.zeros(len(hours), dtype=np.int64)
    offered[places] = _scaled(found, unit)
    return offered
