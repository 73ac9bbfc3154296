"""The tables an inventory names beside activity and factors, and the shares that follow from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from ghg import activity, ledger
from ghg.accounts import accounts
from ghg.engines import Engine
from ghg.inventory import Inventory, InventoryFile
from ghg.issues import Issue, Severity
from ghg.methods import method
from ghg.plan import KEY, Key, Plan, Rules
from ghg.schema import NONE
from ghg.units import unit

if TYPE_CHECKING:
    from ghg.boundary.consolidation import Boundary
    from ghg.boundary.entities import Entities
    from ghg.instruments.application import Applied, Instruments
    from ghg.instruments.matching import Demand


@dataclass(frozen=True, slots=True)
class Beside:
    """Contractual instruments and entities of an inventory; none of either where it names no table.

    ``read`` is what a reader has to know of the tables beside its activity, its factors among them.
    """

    instruments: Instruments | None = None
    entities: Entities | None = None
    read: list[Issue] = field(default_factory=list)

    def rules(self, inventory: Inventory) -> Rules:
        """What decides shares before any row is read; instruments are yet to be matched."""
        # Who consumed is part of a key only where something depends on it: keys stay few.
        columns = (*KEY, "entity") if self.instruments or self.entities else KEY
        return Rules(self._boundary(inventory), columns=columns, is_matched=self.instruments is not None)

    @property
    def consuming(self) -> tuple[str, ...]:
        """The activities whose consumption instruments are matched to."""
        if not self.instruments:
            return ()
        from ghg.instruments.application import consuming

        return consuming()

    def check(self, engine: Engine) -> None:
        """Make problems of the rows of entities that no table holds."""
        if self.entities:
            activity.check_entities(engine, self.entities.names)

    def matched(
        self, engine: Engine, inventory: Inventory, rules: Rules, scanned: Mapping[Key, Fraction],
        entities: Iterable[str],
    ) -> tuple[Rules, Applied | None]:  # fmt: skip
        """The rules with the instruments matched to consumption.

        Args:
            engine: holds the rows that were read as text.
            inventory: its organisation and period.
            rules: what decides shares so far.
            scanned: consumption of other rows in base units, by key; its unit is what the amount measures.
            entities: who they name.
        """
        if not self.instruments:
            return rules, None
        from ghg.instruments import application

        named = {row[0] for row in engine.rows("SELECT DISTINCT entity FROM rows")}
        consumed = _consumed(engine, inventory, rules.columns, self.consuming, scanned)
        demands = _demands(consumed, rules)
        applied = application.apply(self.instruments, inventory, demands, sorted(named | set(entities)))
        return replace(rules, matching=applied.matching), replace(applied, consumed=consumed)

    def notes(self, applied: Applied | None, plan: Plan) -> list[Issue]:
        """What there is to say about the tables, and about instruments where the inventory has some."""
        if applied is None:
            return self.read
        from ghg.instruments import application

        return [*self.read, *application.notes(applied), *_left_out(applied, plan)]

    def _boundary(self, inventory: Inventory) -> Boundary | None:
        """What the inventory accounts for; none where that is every day of every row."""
        if not self.entities and inventory.cut_off == "refuse":
            return None
        from ghg.boundary.consolidation import Boundary

        approach = None if inventory.consolidation == "not_stated" else inventory.consolidation
        return Boundary(inventory.period.start, inventory.period.end, self.entities, approach)


NOTHING = Beside()
"""What an inventory without such tables has."""


def _consumed(
    engine: Engine, inventory: Inventory, columns: Sequence[str], activities: Iterable[str],
    scanned: Mapping[Key, Fraction],
) -> dict[Key, Fraction]:  # fmt: skip
    """Consumption that instruments may cover, of the sound rows, in base units; the unit of a key is what it measures.

    In the order of the keys, so that it does not matter which rows were read how.
    """
    found: defaultdict[Key, Fraction] = defaultdict(Fraction, scanned)
    for key, quantity in ledger.quantities(engine, columns, activities, inventory.decimals).items():
        found[_measured(key)] += quantity * unit(key.unit).multiplier
    return {key: found[key] for key in sorted(found) if key.method == NONE or method(key.method).is_coverable}


def _measured(key: Key) -> Key:
    """A key with what its amount measures in the place of its unit."""
    return key._replace(unit=unit(key.unit).dimension)


def _demands(consumed: Mapping[Key, Fraction], rules: Rules) -> list[Demand]:
    """Consumption cut into what the inventory accounts for."""
    from ghg.instruments.matching import Demand

    return [
        Demand(
            accounts()[key.activity].carrier, key.region, key.entity, piece.start, piece.end,
            base * piece.share, base * piece.days,
        )
        for key, base in consumed.items()
        for piece in rules.pieces(key)
        if not piece.category
    ]  # fmt: skip


def _left_out(applied: Applied, plan: Plan) -> list[Issue]:
    """What instruments cover of rows that are left out for want of a factor: shares of the others stay as they are."""
    from ghg.instruments.application import in_mwh

    covered = sum(
        applied.consumed[key] * piece.share * portion.share
        for key in set(map(_measured, plan.failures))
        if key in applied.consumed
        for account in [accounts()[key.activity]]
        for piece in plan.rules.cut(account, key)
        for portion in plan.rules.portions(account, key, piece)
    )
    message = f"instruments cover {in_mwh(Fraction(covered))} MWh of rows that are left out; shares of others stay."
    hint = "Correct the rows: what instruments cover is shared out over all sound consumption, whether it posts or not."
    return [Issue("rows-left-out", message, hint, severity=Severity.NOTE)] if covered else []


def read_beside(file: InventoryFile) -> Beside:
    """The tables that an inventory names.

    Raises:
        InputError: a table is wrong.
    """
    instruments, entities, named = None, None, file.inventory.entities
    notes: list[Issue] = []
    if file.inventory.instruments is not None:
        from ghg.instruments import application

        instruments = application.read(file, notes)
    if named:
        from ghg.boundary.entities import read_entities

        entities = read_entities(file.inventory.organisation, map(file.path, named), notes)
    return Beside(instruments, entities, notes)
