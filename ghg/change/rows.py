"""Changed activity: lines of a balance scaled, dropped, replaced or added, exact, by condition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ghg import activity, ledger
from ghg.change.conditions import holds, of_account, words
from ghg.change.forms import (
    AddActivity,
    Condition,
    DropActivity,
    ReplaceActivity,
    ScaleActivity,
)
from ghg.change.plans import extended, scaled
from ghg.change.values import Change
from ghg.engines import Engine
from ghg.inventory import Inventory
from ghg.issues import GhgError, InputError
from ghg.ledger import Balance, Line
from ghg.numbers import decimals_of, parse, readable
from ghg.plan import FAILURES, Key, Plan, make_plan
from ghg.units import amount_of, unit

RowStep = ScaleActivity | DropActivity | ReplaceActivity | AddActivity


@dataclass(frozen=True, slots=True)
class Book:
    """A balance and the plan it was posted by."""

    plan: Plan
    balance: Balance

    def cells(self, line: Line) -> Mapping[str, str]:
        """What a condition can ask of a line."""
        match = self.plan.matches[line.match]
        named = dict(zip(self.balance.names, line.dimensions, strict=True))
        return named | of_account(match.activity, match.method)

    def selected(self, where: Condition, but_not: Condition) -> list[bool]:
        """Which lines a condition selects."""
        found = (self.cells(line) for line in self.balance.lines)
        return [holds(where, cells) and not (but_not and holds(but_not, cells)) for cells in found]

    def with_lines(self, lines: Sequence[Line], plan: Plan | None = None) -> Book:
        """The same with other lines, and another plan where they need it."""
        return Book(plan or self.plan, replace_lines(self.balance, lines))


def replace_lines(balance: Balance, lines: Sequence[Line]) -> Balance:
    """A balance with other lines, in their order."""
    ordered = tuple(sorted(lines, key=lambda line: (line.match, line.dimensions)))
    return Balance(balance.names, ordered, balance.decimals, balance.unposted)


def edited(book: Book, step: RowStep, inventory: Inventory) -> tuple[Book, Change]:
    """A book after one change of activity, and the change in words.

    Raises:
        GhgError: the change does not fit what it selects.
        InputError: an added row is wrong.
    """
    if isinstance(step, AddActivity):
        return _added(book, step, inventory)
    marks = book.selected(step.where, step.but_not)
    lines = [line for line, marked in zip(book.balance.lines, marks, strict=True) if marked]
    rest = [line for line, marked in zip(book.balance.lines, marks, strict=True) if not marked]
    what, before = f"activity where {words(step.where, step.but_not)}", _sum(book, lines)
    if isinstance(step, DropActivity):
        return book.with_lines(rest), Change(what, before, "dropped", bool(lines), step.why)
    if isinstance(step, ReplaceActivity):
        made = _replaced(book, lines, step)
        return book.with_lines([*rest, made]), Change(what, before, step.to, True, step.why)
    plan, positions = extended(book.plan, [scaled(book.plan.matches[line.match], parse(step.by)) for line in lines])
    moved = [replace(line, match=position) for line, position in zip(lines, positions, strict=True)]
    return book.with_lines([*rest, *moved], plan), Change(what, before, f"× {step.by}", bool(lines), step.why)


def _sum(book: Book, lines: Sequence[Line]) -> str:
    """What lines hold, in words: their amounts by unit and how many rows they sum."""
    position = book.balance.names.index("unit")
    amounts: dict[str, Fraction] = {}
    for line in lines:
        amount = Fraction(line.amount, 10**book.balance.decimals) * book.plan.matches[line.match].scale
        spelling = line.dimensions[position]
        amounts[spelling] = amounts.get(spelling, Fraction(0)) + amount
    count = sum(line.rows for line in lines)
    said = " + ".join(f"{readable(amount)} {spelling}" for spelling, amount in sorted(amounts.items())) or "nothing"
    return f"{said} in {count:,} row{'s' * (count != 1)}"


def _replaced(book: Book, lines: Sequence[Line], step: ReplaceActivity) -> Line:
    """The one selected line with another amount."""
    count = sum(line.rows for line in lines)
    if count != 1:
        raise GhgError(
            f"'replace_activity' where {words(step.where, step.but_not)} selects {count:,} rows; it takes exactly one. "
            "Name its id, or drop the rows and add others."
        )
    line, position = lines[0], book.balance.names.index("unit")
    number, new = amount_of(step.to, unit(line.dimensions[position]).dimension)
    decimals = book.balance.decimals
    amount = number * 10**decimals
    if amount < 0 or amount.denominator != 1:
        raise GhgError(f"{step.to!r} is negative, or finer than the inventory's quantum of {decimals} decimals.")
    dimensions = (*line.dimensions[:position], new.spelling, *line.dimensions[position + 1 :])
    if book.plan.matches[line.match].scale != 1:
        raise GhgError(f"a change before this one scales what {words(step.where, step.but_not)} selects: state them "
                       "the other way round.")  # fmt: skip
    width = 10 ** max(decimals - decimals_of(step.to.split()[0]), 0)
    return replace(line, dimensions=dimensions, amount=amount.numerator, width=width)


def _added(book: Book, step: AddActivity, inventory: Inventory) -> tuple[Book, Change]:
    """The book with further rows, checked, resolved and summed as the rows of a table are."""
    engine = Engine(1)
    try:
        activity.load_rows(engine, step.rows)
        activity.check(engine, inventory)
        plan = make_plan(inventory, book.plan.table, ledger.distinct_keys(engine, book.plan.columns), book.plan.rules)
        ledger.post(engine, plan)
        failures = " ".join(failure.message for failure in plan.failures.values())
        found = activity.issues(engine, inventory, lambda rule, row: failures if rule in FAILURES else "")
        if found:
            raise InputError(replace(issue, file="rows of 'add_activity'") for issue in found)
        names = [name for name in book.balance.names if name not in ledger.FIXED]
        made = Book(plan, ledger.balance(engine, plan, names))
    finally:
        engine.close()
    whole, positions = extended(book.plan, plan.matches)
    order = [made.balance.names.index(name) for name in book.balance.names]
    lines = [
        replace(line, match=positions[line.match], dimensions=tuple(line.dimensions[n] for n in order))
        for line in made.balance.lines
    ]
    after = book.with_lines(
        [*book.balance.lines, *lines], replace(whole, keys={**whole.keys, **_keys(plan, positions)})
    )
    return after, Change("activity", "nothing", f"{_sum(made, made.balance.lines)} added", True, step.why)


def _keys(plan: Plan, positions: Sequence[int]) -> dict[Key, int]:
    return {key: positions[position] for key, position in plan.keys.items()}
