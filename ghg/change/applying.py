"""What-ifs applied to a run: from its balance, and equal to a full run with the changes.

A what-if edits three things, each in the order its changes are stated: the inventory's rules (pins), the activity, and
the values (swaps, factor values, GWP set). The three do not depend on each other, so rules are edited first, then
activity, then values. Rows are looked at again only where a condition asks for a column that the balance does not keep,
or where a pin parts what one match held together.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ghg import ledger
from ghg.change.conditions import columns
from ghg.change.forms import (
    AddActivity,
    DropActivity,
    PinFactor,
    ReplaceActivity,
    ScaleActivity,
    ScaleFactor,
    SetBoundary,
    SetFactor,
    SetGwp,
    SetInstruments,
    ShiftFactor,
    Step,
    SwapFactor,
    SwapPublication,
)
from ghg.change.plans import moves, of_publication, resolved, swapped
from ghg.change.question import Question
from ghg.change.rows import Book, edited, replace_lines
from ghg.change.values import Change, changed_gwp, over, rows_of, scaled, with_value
from ghg.factors import Factor, FactorRow
from ghg.inventory import Inventory, Pin, restated
from ghg.issues import GhgError, UnknownNameError, listing
from ghg.ledger import Balance, Valuation
from ghg.numbers import parse
from ghg.plan import Key, Plan

if TYPE_CHECKING:
    from ghg.runs import Run

SELECTING = (ScaleActivity, DropActivity, ReplaceActivity)
OF_TABLES = (SetBoundary, SetInstruments)
OF_VALUES = (SetFactor, ScaleFactor, ShiftFactor)


def finer(run: Run, names: Sequence[str]) -> Run:
    """The run with its balance kept by further columns of the rows; its figures stay.

    Raises:
        GhgError: the rows are needed and were freed.
    """
    if all(name in run.balance.names for name in names):
        return run
    if run.baseline:
        return applied(run.baseline, run.question, names)
    return replace(run, balance=_finer(run, names))


def applied(run: Run, question: Question, further: Sequence[str] = ()) -> Run:
    """A run with a what-if applied to it.

    Args:
        run: the baseline: a run that no what-if has changed.
        question: every change, those of earlier what-ifs of the stack first.
        further: columns of the rows that the balance keeps beside those of the run.

    Raises:
        UnknownNameError: a factor, publication or GWP set has no such name.
        GhgError: a change does not fit what it names.
        InputError: an added row is wrong.
    """
    said: dict[int, list[Change]] = {}
    baseline, run = run, _with_tables(run, question.steps, said)
    if run.instruments and any(isinstance(step, (*SELECTING, AddActivity)) for step in question.steps):
        raise GhgError("instruments are matched to the consumption of the rows, so a what-if cannot change activity in "
                       "this inventory: change its tables and compare the two runs.")  # fmt: skip
    inventory = _with_pins(run.inventory, question.steps)
    book = _rows(run, inventory, question.steps, said, further)
    plan = _swaps(run.inventory, book.plan, question.steps, said)
    valuation = _values(run, plan, question.steps, said)
    used = run.index.of_row if plan is run.plan else frozenset(plan.used)
    changes = [
        replace(change, is_used=change.is_used and (change.what not in plan.table.rows or change.what in used))
        for position in sorted(said)
        for change in said[position]
    ]
    assumed = (*inventory.assumptions, *question.assumptions)
    stated = inventory.model_copy(update={"assumptions": assumed}) if question.assumptions else inventory
    return replace(
        run, inventory=stated, plan=plan, balance=book.balance, valuation=valuation, changes=tuple(changes),
        question=question, baseline=baseline,
    )  # fmt: skip


def _of_kind(steps: Sequence[Step], *kinds: type) -> Iterator[tuple[int, Step]]:
    """The changes of some kinds with their place in the stated order."""
    return ((position, step) for position, step in enumerate(steps) if isinstance(step, kinds))


def _with_tables(run: Run, steps: Sequence[Step], said: dict[int, list[Change]]) -> Run:
    """The run under another boundary or other instruments, its tables read again; the run itself where neither changes.

    Raises:
        GhgError: the run has no file whose tables could be read again, or the inventory does not take the change.
        InputError: a table is wrong.
    """
    inventory = run.inventory
    for position, step in _of_kind(steps, *OF_TABLES):
        if isinstance(step, SetBoundary):
            asked = {"consolidation": step.consolidation, "entities": step.entities}
            stated: dict[str, object] = {name: value for name, value in asked.items() if value is not None}
        else:
            assert isinstance(step, SetInstruments)  # noqa: S101 - chosen by kind
            kept = inventory.instruments.model_dump() if inventory.instruments else {}
            stated = {"instruments": kept | {"tables": step.tables} if step.tables else None}
        said[position] = [
            Change(name, _stated(getattr(inventory, name)), _stated(value), why=step.why)
            for name, value in stated.items()
        ]
        inventory = restated(inventory, stated)
    return run if inventory is run.inventory else run.again(inventory)


def _stated(value: object) -> str:
    """What an inventory states, in words."""
    tables = value.get("tables") if isinstance(value, dict) else getattr(value, "tables", value)
    return ", ".join(map(str, tables)) or "none" if isinstance(tables, tuple) else str(tables or "none")


def _with_pins(inventory: Inventory, steps: Sequence[Step]) -> Inventory:
    """The inventory with the pins of a what-if in the place of its own; of two for one activity the later stands."""
    pins = [
        Pin(activity=step.activity, book=step.book, factor=step.factor, why=step.why)
        for step in reversed(steps)
        if isinstance(step, PinFactor)
    ]
    covered = {(pin.activity, pin.book) for pin in pins}
    kept = (pin for pin in inventory.pins if (pin.activity, pin.book) not in covered)
    return inventory.model_copy(update={"pins": (*pins, *kept)}) if pins else inventory


def _rows(
    run: Run, inventory: Inventory, steps: Sequence[Step], said: dict[int, list[Change]], further: Sequence[str]
) -> Book:
    """The book after every change of rules and activity, summed to the dimensions the run keeps, and further ones."""
    plan = run.plan
    _check_ids(run, steps)
    for position, step in _of_kind(steps, PinFactor):
        assert isinstance(step, PinFactor)  # noqa: S101 - chosen by kind
        said[position] = [
            Change(f"factor of {step.activity} ({step.book} book)", "as resolved", step.factor, why=step.why)
        ]
    pinned = {step.activity for step in steps if isinstance(step, PinFactor)}
    after = resolved(inventory, plan, pinned) if pinned else plan
    asked = columns(
        [condition for step in steps if isinstance(step, SELECTING) for condition in (step.where, step.but_not)]
    )
    parted = any(len(found) > 1 for found in moves(plan, after).values()) if pinned else False
    balance = _finer(run, (*further, *asked, *(_parting(run) if parted else ())))
    book = Book(after, _moved(balance, plan, after, parted=parted) if pinned else balance)
    for position, step in _of_kind(steps, *SELECTING, AddActivity):
        assert isinstance(step, (*SELECTING, AddActivity))  # noqa: S101 - chosen by kind
        book, change = edited(book, step, inventory)
        said[position] = [change]
    if book.balance is run.balance:
        return book
    return Book(book.plan, book.balance.by((*run.balance.names, *further)))


def _parting(run: Run) -> list[str]:
    """The columns of a key that a balance does not always have."""
    return [name for name in run.plan.columns if name not in ("activity", "unit")]


def _finer(run: Run, asked: Sequence[str]) -> Balance:
    """The run's balance, summed to further columns of the rows where some are asked for."""
    further = [name for name in dict.fromkeys(asked) if name not in run.balance.names]
    if not further:
        return run.balance
    if run.scans:
        raise GhgError(
            f"rows that are scanned in place keep no {listing(further)}: add it to the inventory's 'dimensions', or "
            "change the rows."
        )
    kept = [name for name in run.balance.names if name not in ledger.FIXED]
    with _at_hand(run):
        found = ledger.balance(run.engine, run.plan, [*kept, *further])
    return replace(found, unposted=run.balance.unposted)


@contextlib.contextmanager
def _at_hand(run: Run) -> Iterator[None]:
    """Look at the rows of a run once more; the evidence of the run stays that of the run."""
    own = len(run.engine.statements)
    try:
        yield
    finally:
        del run.engine.statements[own:]


def _check_ids(run: Run, steps: Sequence[Step]) -> None:
    """No added row has the id of another.

    Raises:
        GhgError: one has.
    """
    ids = [row.get("id", "") for step in steps if isinstance(step, AddActivity) for row in step.rows]
    twice = [name for name in dict.fromkeys(ids) if ids.count(name) > 1]
    if ids and not run.scans:
        marks = ", ".join(f"${number}" for number in range(1, len(ids) + 1))
        with _at_hand(run):
            found = run.engine.rows(f"SELECT DISTINCT id FROM rows WHERE id IN ({marks}) ORDER BY id", ids)
        twice += [row[0] for row in found]
    if twice:
        raise GhgError(f"{listing(twice)} already names a row: give each added row an id of its own.")


def _moved(balance: Balance, before: Plan, after: Plan, *, parted: bool) -> Balance:
    """The balance with each line on the match that its keys have in another plan."""
    if not parted:
        to = {old: min(new) for old, new in moves(before, after).items()}
        return replace_lines(balance, [replace(line, match=to[line.match]) for line in balance.lines])
    lines = []
    for line in balance.lines:
        cells = dict(zip(balance.names, line.dimensions, strict=True)) | {
            "activity": before.matches[line.match].activity
        }
        lines.append(replace(line, match=after.keys[Key.of(before.columns, [cells[name] for name in before.columns])]))
    return replace_lines(balance, lines)


def _swaps(inventory: Inventory, plan: Plan, steps: Sequence[Step], said: dict[int, list[Change]]) -> Plan:
    """The plan after every swap, in order."""
    for position, step in _of_kind(steps, SwapFactor, SwapPublication):
        if isinstance(step, SwapFactor):
            old, new = plan.table.find(step.factor), plan.table.find(step.to)
            is_used = any(row.id in plan.used for row in old.rows)
            plan = swapped(plan, old, new, step.why)
            said[position] = [_swap(old, new, step.why, is_used=is_used)]
        elif isinstance(step, SwapPublication):
            plan, said[position] = _publication_swapped(inventory, plan, step)
    return plan


def _swap(old: Factor, new: Factor, why: str, *, is_used: bool = True) -> Change:
    """A swap in words, with the values where a factor has one."""
    before, after = (f"{factor.first.value} {factor.first.unit}" * (len(factor.rows) == 1) for factor in (old, new))
    return Change(f"factor {old.id}", before or "as chosen", f"{new.id} {after}".strip(), is_used, why)


def _publication_swapped(inventory: Inventory, plan: Plan, step: SwapPublication) -> tuple[Plan, list[Change]]:
    """The plan with one publication's factors in the place of another's, each match listed."""
    for name in (step.publication, step.to):
        if name not in inventory.citations:
            raise UnknownNameError("publication", name, inventory.citations)
    of_rows = {row: plan.table.find(row) for row in plan.used}
    used = {factor.id: factor for factor in of_rows.values() if factor.first.source == step.publication}
    changes = []
    for factor in used.values():
        found = of_publication(plan.table, factor, step.to)
        if found is None and step.without_match == "refuse":
            first = factor.first
            raise GhgError(
                f"{step.to} has no {first.kind.replace('_', ' ')} of {first.activity!r} in {first.region} "
                f"({first.basis or 'no basis'}) to stand for {factor.id}: swap it by its id, or keep it with "
                "'without_match: keep'."
            )
        if found is None:
            changes.append(Change(f"factor {factor.id}", "as chosen", f"kept: {step.to} has none for it", why=step.why))
            continue
        plan = swapped(plan, factor, found, step.why)
        changes.append(_swap(factor, found, step.why))
    nothing = Change(f"publication {step.publication}", "as chosen", step.to, is_used=False, why=step.why)
    return plan, changes or [nothing]


def _values(run: Run, plan: Plan, steps: Sequence[Step], said: dict[int, list[Change]]) -> Valuation:
    """The valuation after every change of a value, in order."""
    changed: dict[str, FactorRow] = {}
    gwp = run.valuation.gwp
    for position, step in _of_kind(steps, *OF_VALUES, SetGwp):
        if isinstance(step, SetGwp):
            said[position] = [replace(changed_gwp(gwp, step.gwp), why=step.why)]
            gwp = step.gwp
            continue
        values: Mapping[str, FactorRow] = over(run.valuation.rows, changed)
        pairs = list(_valued(plan, values, step))
        changed |= {row.id: row for row, _ in pairs}
        said[position] = [replace(change, why=step.why) for _, change in pairs]
    return Valuation(over(run.valuation.rows, changed), gwp)


def _valued(plan: Plan, values: Mapping[str, FactorRow], step: Step) -> Iterator[tuple[FactorRow, Change]]:
    """Each row that a change of a factor's value touches, with its new value."""
    if isinstance(step, SetFactor):
        yield with_value(rows_of(plan.table, values, step.factor, single=True)[0], step.to)
    elif isinstance(step, ScaleFactor):
        yield from (scaled(row, parse(step.by)) for row in rows_of(plan.table, values, step.factor))
    elif isinstance(step, ShiftFactor):
        by = (1 + parse(step.yearly_change)) ** step.years
        yield from (scaled(row, by) for row in rows_of(plan.table, values, step.factor))
