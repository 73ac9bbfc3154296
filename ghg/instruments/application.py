"""The instruments of an inventory: read, judged by the criteria, matched to consumption, spoken of in notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from ghg.accounts import accounts
from ghg.factors import Factor
from ghg.instruments.criteria import Failure, Setting, failures
from ghg.instruments.declaration import Instrument, InstrumentRules, read_instruments
from ghg.instruments.hourly import Profiles, match_hourly, read_profiles
from ghg.instruments.matching import Demand, Matching, match
from ghg.instruments.rates import rates
from ghg.inventory import Inventory, InventoryFile
from ghg.issues import InputError, Issue, Severity, suggest
from ghg.numbers import readable
from ghg.units import unit

if TYPE_CHECKING:
    from ghg.keys import Key


@dataclass(frozen=True)
class Instruments:
    """The instruments an inventory names.

    Attributes:
        rules: what it says about them.
        rows: the instruments of its tables, in their order.
        earlier: the instruments of former inventories.
        profiles: load and generation by hour, under hourly matching.
    """

    rules: InstrumentRules
    rows: tuple[Instrument, ...]
    earlier: tuple[Instrument, ...] = ()
    profiles: Profiles | None = None

    def factors(self, own: Iterable[Factor]) -> list[Factor]:
        """The own factors, those that are rates of instruments reserved for them, and the rates that rows state.

        Raises:
            InputError: a rate is no factor, or an instrument names an own factor that does not exist.
        """
        given = {factor.id: factor for factor in own}
        named = {found.row.factor: found for found in self.rows if found.row.factor}
        unknown = [
            Issue("field-invalid", f"no own factor is called {name!r}.{suggest(name, given)}",
                  "Name a factor of the inventory's own factor tables.", found.file, found.line, "factor", name)
            for name, found in named.items() if name not in given
        ]  # fmt: skip
        if unknown:
            raise InputError(unknown)
        kept = [replace(factor, is_reserved=True) if factor.id in named else factor for factor in given.values()]
        return [*kept, *rates(self.rows)]


def read(file: InventoryFile, notes: list[Issue] | None = None) -> Instruments | None:
    """The instruments that an inventory names; none where it names none. ``notes`` takes what there is to know of them.

    Raises:
        InputError: a table is wrong, or an id stands twice.
    """
    rules = file.inventory.instruments
    if rules is None:
        return None
    found = [row for name in rules.tables for row in read_instruments(*file.path(name), notes)]
    first: dict[str, Instrument] = {}
    twice = [row for row in found if first.setdefault(row.id, row) is not row]
    if twice:
        raise InputError(
            Issue("id-duplicate", f"the instrument {row.id!r} stands in {first[row.id].file}:{first[row.id].line} "
                  "already.", "Give each instrument an id of its own.", row.file, row.line, "id", row.id)
            for row in twice
        )  # fmt: skip
    earlier = tuple(row for name in rules.earlier for row in read_instruments(*file.path(name), notes))
    hourly = read_profiles(map(file.path, rules.load), map(file.path, rules.generation), notes) if rules.load else None
    return Instruments(rules, tuple(found), earlier, hourly)


@dataclass(frozen=True)
class Applied:
    """What came of the instruments.

    Attributes:
        instruments: all of them.
        failed: what each one breaks, by its id.
        matching: how those that break nothing cover consumption.
        consumed: what they may cover, in base units of energy, by the key of its rows.
    """

    instruments: tuple[Instrument, ...]
    failed: Mapping[str, tuple[Failure, ...]]
    matching: Matching
    consumed: Mapping[Key, Fraction] = field(default_factory=dict)


def consuming() -> tuple[str, ...]:
    """The activities that instruments may cover: those that the books value apart."""
    return tuple(name for name, account in accounts().items() if account.market_factor_activity)


def apply(
    instruments: Instruments, inventory: Inventory, demands: Sequence[Demand], entities: Iterable[str]
) -> Applied:
    """Check the instruments and match those that meet every criterion.

    Args:
        instruments: those of the inventory.
        inventory: its organisation and period.
        demands: consumption, uncut.
        entities: entities of the inventory's rows.
    """
    consumed: dict[str, set[str]] = {}
    for demand in demands:
        consumed.setdefault(demand.carrier, set()).add(demand.region)
    setting = Setting(
        instruments.rules, inventory.organisation, frozenset(entities), inventory.period.start, inventory.period.end,
        {carrier: tuple(sorted(found)) for carrier, found in consumed.items()}, instruments.earlier,
    )  # fmt: skip
    broken = dict(zip((row.id for row in instruments.rows), failures(instruments.rows, setting), strict=True))
    sound = [row for row in instruments.rows if not broken[row.id]]
    if instruments.profiles is not None:
        return Applied(instruments.rows, broken, match_hourly(demands, sound, setting, instruments.profiles))
    return Applied(instruments.rows, broken, match(demands, sound, setting))


def notes(applied: Applied) -> list[Issue]:
    """What a reader has to know: which instruments were not applied and why, and what is left of the others."""
    made = [
        Issue("instrument-not-applied", f"the instrument {found.id!r} is not applied: {failure}.",
              "Correct the row, or disclose the purchase apart from the inventory.", found.file, found.line, "id",
              found.id, Severity.NOTE)
        for found in applied.instruments
        for failure in applied.failed[found.id]
    ]  # fmt: skip
    for found in applied.matching.instruments:
        left = applied.matching.unused(found)
        if left:
            made.append(
                Issue("instrument-unused", f"{in_mwh(left)} MWh of the instrument {found.id!r} cover nothing.",
                      "There is no more consumption of its market, vintage and beneficiary. It lowers no total.",
                      found.file, found.line, "amount", found.row.amount, Severity.NOTE)
            )  # fmt: skip
    return made


def in_mwh(amount: Fraction) -> str:
    """An amount in base units of energy, as people read it."""
    return readable(amount / unit("MWh").multiplier)
