"""The plan of a run: everything that needs judgement, decided over distinct keys and written down as small tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ghg.factors import FactorTable
from ghg.inventory import Inventory
from ghg.keys import FAILURES, KEY, Failure, Key, Match, Posting, Rules
from ghg.matches import Matcher, wanted
from ghg.resolve import Chooser
from ghg.standing import Standing
from ghg.units import unit

__all__ = [
    "FAILURES", "KEY", "Failure", "Key", "Match", "Plan", "Posting", "Rules", "make_plan",
    "wanted",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """The small tables of a run.

    Attributes:
        matches: in the order of their identity, independent of row order.
        keys: key to the position of its match.
        failures: keys that cannot post.
        outside: keys that lie outside the boundary, each with the reason.
        table: the factors the ids refer to.
        gwp: the GWP set of CO2e.
        decimals: decimals of the quantum.
        rules: what decided shares.
    """

    matches: tuple[Match, ...]
    keys: Mapping[Key, int]
    failures: Mapping[Key, Failure]
    table: FactorTable
    gwp: str
    decimals: int
    rules: Rules
    outside: Mapping[Key, str] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of a key."""
        return self.rules.columns

    @property
    def used(self) -> tuple[str, ...]:
        """Ids of the factor rows that postings refer to, sorted."""
        postings = (posting for one in self.matches for posting in one.postings)
        return tuple(sorted({name for posting in postings for name in (posting.factor, *posting.parameters) if name}))

    @property
    def fingerprint(self) -> str:
        """SHA-256 over what decides the result: matches, factor rows used, GWP set and quantum."""
        content = {
            "matches": [one.identity for one in self.matches],
            "factors": [self.table.rows[name].model_dump(mode="json") for name in self.used],
            "gwp": self.gwp,
            "decimals": self.decimals,
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


ALL_OF_IT = Rules()
"""Every key counts whole, and no instrument covers any."""


def make_plan(
    inventory: Inventory, table: FactorTable, keys: Iterable[Key], rules: Rules = ALL_OF_IT,
    standing: Standing | None = None,
) -> Plan:  # fmt: skip
    """The plan for the distinct keys of an inventory's rows; ``standing`` is theirs, where it is known already."""
    standing = standing or Standing(Chooser(table, inventory), rules)
    matcher = Matcher(standing.chooser, rules)
    found: dict[Key, object] = {}
    failures: dict[Key, Failure] = {}
    outside: dict[Key, str] = {}
    known: dict[object, Match] = {}
    for key in keys:
        dimension = unit(key.unit).dimension
        place = standing.of(key)
        answer = known.get(place) or matcher.match(key, dimension)
        if isinstance(answer, Match):
            found[key], known[place] = place, answer
        elif isinstance(answer, str):
            outside[key] = answer
        else:
            # What is said of a failure names the days of the key, so it is worked out for each.
            failures[key] = answer
    identities = {place: one.identity for place, one in known.items()}
    matches = {identities[place]: one for place, one in known.items()}
    ordered = sorted(matches)
    order = {identity: position for position, identity in enumerate(ordered)}
    keys_to_match = {key: order[identities[place]] for key, place in found.items()}
    return Plan(
        tuple(matches[identity] for identity in ordered),
        keys_to_match,
        failures,
        table,
        inventory.gwp,
        inventory.decimals,
        rules,
        outside,
    )
