"""Changed plans: factors pinned anew or swapped, matches scaled. Every function gives a new plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from ghg.factors import FACTOR, Factor, FactorRow, FactorTable
from ghg.inventory import Inventory
from ghg.issues import GhgError, listing
from ghg.plan import Key, Match, Plan, Posting, make_plan

ALIKE = ("name", "unit")
"""What decides, in this order, where a publication has several factors of the same meaning."""


def gathered(plan: Plan, found: Mapping[Key, Match]) -> Plan:
    """The plan with other matches for its keys, in the order of their identity."""
    matches = {match.identity: match for match in found.values()}
    order = {identity: position for position, identity in enumerate(sorted(matches))}
    ordered = tuple(matches[identity] for identity in sorted(matches))
    return replace(plan, matches=ordered, keys={key: order[match.identity] for key, match in found.items()})


def resolved(inventory: Inventory, plan: Plan, activities: Iterable[str]) -> Plan:
    """The plan with the keys of some activities resolved by an inventory's rules; every other key keeps its match.

    Raises:
        GhgError: a key finds no factor, or two.
    """
    touched = set(activities)
    again = make_plan(inventory, plan.table, [key for key in plan.keys if key.activity in touched], plan.rules)
    if again.failures:
        failure = next(iter(again.failures.values()))
        raise GhgError(f"the what-if leaves an activity without its factor: {failure.message}")
    found = {key: plan.matches[position] for key, position in plan.keys.items() if key not in again.keys}
    found |= {key: again.matches[position] for key, position in again.keys.items()}
    return gathered(plan, found)


def moves(before: Plan, after: Plan) -> dict[int, set[int]]:
    """For each match of a plan, the matches its keys have in another plan of the same keys."""
    found: dict[int, set[int]] = {}
    for key, position in before.keys.items():
        found.setdefault(position, set()).add(after.keys[key])
    return found


def extended(plan: Plan, matches: Sequence[Match]) -> tuple[Plan, list[int]]:
    """The plan with further matches behind its own, and where each of them stands; none stands twice."""
    places = {match.identity: position for position, match in enumerate(plan.matches)}
    added: list[Match] = []
    for match in matches:
        if match.identity not in places:
            places[match.identity] = len(plan.matches) + len(added)
            added.append(match)
    return replace(plan, matches=(*plan.matches, *added)), [places[match.identity] for match in matches]


def scaled(match: Match, by: Fraction) -> Match:
    """A match whose activity counts times a number."""
    postings = tuple(posting._replace(share=posting.share * by) for posting in match.postings)
    return replace(match, postings=postings, scale=match.scale * by)


def swapped(plan: Plan, old: Factor, new: Factor, why: str) -> Plan:
    """The plan with one factor in the place of another, wherever it was chosen.

    Raises:
        GhgError: the two do not fit the same activity: another kind, or a denominator that measures something else.
    """
    _check_alike(old, new)
    rung = f"in the place of {old.id}, by the what-if: {why}"
    matches = []
    for match in plan.matches:
        if all(choice.factor is None or choice.factor.id != old.id for choice in match.choices):
            matches.append(match)
            continue
        choices = tuple(
            replace(choice, factor=new, rung=rung) if choice.factor and choice.factor.id == old.id else choice
            for choice in match.choices
        )
        matches.append(replace(match, choices=choices, postings=tuple(_postings(match.postings, old, new))))
    return replace(plan, matches=tuple(matches))


def _check_alike(old: Factor, new: Factor) -> None:
    kind, other = old.first.kind, new.first.kind
    if kind != other:
        raise GhgError(f"{old.id} is a {_words(kind)} and {new.id} a {_words(other)}: one cannot stand for the other.")
    for row in new.rows:
        per, wanted = row.per.denominator.dimension, old.first.per.denominator.dimension
        if per != wanted:
            raise GhgError(f"{old.id} is per {wanted} and {new.id} per {per}: one cannot stand for the other.")


def _words(kind: str) -> str:
    return kind.replace("_", " ")


def _postings(postings: Sequence[Posting], old: Factor, new: Factor) -> Iterable[Posting]:
    """The postings with the gas rows of one factor in the place of another's, once for each book and share."""
    if old.first.kind != FACTOR:
        ids = {old.first.id: new.first.id}
        yield from (p._replace(parameters=tuple(ids.get(name, name) for name in p.parameters)) for p in postings)
        return
    rows = {row.id for row in old.rows}
    done: set[Posting] = set()
    for posting in postings:
        if posting.factor not in rows:
            yield posting
            continue
        shared = posting._replace(factor="", gas="")
        if shared not in done:
            done.add(shared)
            yield from (shared._replace(factor=row.id, gas=row.gas) for row in new.rows)


def of_publication(table: FactorTable, factor: Factor, publication: str) -> Factor | None:
    """The factor of a publication that says what another says of its own: same kind, activity, region and basis.

    Where it has several, the one of the same name and then of the same unit is taken.

    Raises:
        GhgError: several are left.
    """
    first = factor.first

    def meaning(row: FactorRow) -> tuple[str, ...]:
        return (row.kind, row.activity, row.region, row.basis, row.per.denominator.dimension)

    left = [
        found
        for found in table.candidates(first.kind, first.activity)
        if found.first.source == publication and meaning(found.first) == meaning(first)
    ]
    for field in ALIKE:
        if len(left) > 1:
            left = [found for found in left if getattr(found.first, field) == getattr(first, field)] or left
    if len(left) > 1:
        ids = [found.id for found in left]
        raise GhgError(f"{publication} has {len(left)} factors that could stand for {first.factor}: {listing(ids)}. "
                       "Swap the factor by its id.")  # fmt: skip
    return left[0] if left else None
