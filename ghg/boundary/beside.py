"""The tables an inventory names beside activity and factors, and the shares that follow from them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ghg import activity, ledger
from ghg.accounts import accounts
from ghg.boundary.consolidation import Boundary
from ghg.boundary.entities import Entities, read_entities
from ghg.engines import Engine
from ghg.instruments import application
from ghg.instruments.application import Applied, Instruments
from ghg.instruments.matching import Demand
from ghg.inventory import Inventory, InventoryFile
from ghg.methods import method
from ghg.plan import KEY, Rules
from ghg.schema import NONE
from ghg.units import unit


@dataclass(frozen=True, slots=True)
class Beside:
    """Contractual instruments and entities of an inventory; none of either where it names no table."""

    instruments: Instruments | None = None
    entities: Entities | None = None

    def rules(self, engine: Engine, inventory: Inventory) -> tuple[Rules, Applied | None]:
        """What decides the shares of the engine's rows: the boundary, and the instruments matched to consumption.

        Rows of entities that no table holds become problems.
        """
        if self.entities:
            activity.check_entities(engine, self.entities.names)
        # Who consumed is part of a key only where something depends on it: keys stay few.
        columns = (*KEY, "entity") if self.instruments or self.entities else KEY
        rules = Rules(self._boundary(inventory), columns=columns)
        if not self.instruments:
            return rules, None
        entities = [row[0] for row in engine.rows("SELECT DISTINCT entity FROM rows ORDER BY ALL")]
        applied = application.apply(self.instruments, inventory, _demands(engine, inventory, rules), entities)
        return replace(rules, matching=applied.matching), applied

    def _boundary(self, inventory: Inventory) -> Boundary | None:
        """What the inventory accounts for; none where that is every day of every row."""
        if not self.entities and inventory.cut_off == "refuse":
            return None
        approach = None if inventory.consolidation == "not_stated" else inventory.consolidation
        return Boundary(inventory.period.start, inventory.period.end, self.entities, approach)


NOTHING = Beside()
"""What an inventory without such tables has."""


def _demands(engine: Engine, inventory: Inventory, rules: Rules) -> list[Demand]:
    """Consumption that instruments may cover, of the sound rows."""
    consumed = ledger.quantities(engine, rules.columns, application.consuming(), inventory.decimals)
    return [
        Demand(
            accounts()[key.activity].carrier, key.region, key.entity, piece.start, piece.end,
            base * piece.share, base * piece.days,
        )
        for key, quantity in consumed.items()
        if key.method == NONE or method(key.method).is_coverable
        for base in [quantity * unit(key.unit).multiplier]
        for piece in rules.pieces(key)
        if not piece.category
    ]  # fmt: skip


def read_beside(file: InventoryFile) -> Beside:
    """The tables that an inventory names.

    Raises:
        InputError: a table is wrong.
    """
    named = file.inventory.entities
    entities = read_entities(file.inventory.organisation, map(file.path, named)) if named else None
    return Beside(application.read(file), entities)
