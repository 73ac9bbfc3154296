"""Two editions of a publication compared: what is new, gone and changed, and what that does to an inventory.

Factors are compared by meaning – activity, basis, region, denominator, kind and gas – because ids change from edition
to edition. Values are compared exact, in base units, so that a change of the printed unit alone is no change.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from ghg.factors import FactorRow, library, read_factors
from ghg.issues import UnknownNameError
from ghg.ledger import Valuation
from ghg.numbers import readable
from ghg.reports import text
from ghg.statement import Cell, Result, Statement

if TYPE_CHECKING:
    from ghg.runs import Run

SHOWN = 20
"""Rows of each kind that the text shows unless all are asked for."""
NOT_USED = "not used"


@dataclass(frozen=True, slots=True)
class Pack:
    """The rows of one edition, shipped or from a file; ``name`` is how messages call it."""

    name: str
    rows: tuple[FactorRow, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A row of an edition and the row of the same meaning in the other one."""

    before: FactorRow
    after: FactorRow

    @property
    def relative(self) -> Fraction | None:
        """The change over the size of the value before; none when that is zero."""
        old, new = self.before.base_amount, self.after.base_amount
        return (new - old) / abs(old) if old else None

    @property
    def size(self) -> tuple[bool, Fraction]:
        """What the largest changes come first by: a value that was zero before everything else."""
        return (self.relative is None, abs(self.relative or Fraction(0)))

    @property
    def percent(self) -> str:
        """The change in per cent, as text."""
        return "from zero" if self.relative is None else readable(self.relative * 100).replace(",", "")

    @property
    def is_real(self) -> bool:
        """Whether the value differs, or the GWP set it stands under."""
        return self.before.base_amount != self.after.base_amount or self.before.gwp_set != self.after.gwp_set

    @property
    def note(self) -> str:
        """What else differs: the unit, the GWP set."""
        pairs = (("unit", self.before.unit, self.after.unit), ("GWP set", self.before.gwp_set, self.after.gwp_set))
        return "; ".join(f"{what} {old} → {new}" for what, old, new in pairs if old != new)


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two editions; ``changed`` has the largest relative changes first."""

    before: str
    after: str
    new: tuple[FactorRow, ...]
    gone: tuple[FactorRow, ...]
    changed: tuple[Change, ...]
    unchanged: int

    @property
    def summary(self) -> str:
        """The counts in one line."""
        counts = f"{len(self.new):,} new, {len(self.gone):,} gone, {len(self.changed):,} changed"
        return f"{self.before} → {self.after}: {counts}, {self.unchanged:,} unchanged rows."


@dataclass(frozen=True, slots=True)
class Effects:
    """What the changes do to an inventory, in t CO2e by book; the two books are never added.

    Attributes:
        by_row: for each changed row that the inventory uses, the effect of that change alone.
        total: emissions of all scopes before and with all changes together.
        notes: what the numbers do not hold.
    """

    by_row: Mapping[str, Mapping[str, Fraction]]
    total: Mapping[str, tuple[Fraction, Fraction]]
    notes: tuple[str, ...]


def read_pack(name: str) -> Pack:
    """An edition: a pack file when the name ends with ``.csv``, else the shipped rows of a source.

    Raises:
        UnknownNameError: the library ships no such source.
        InputError: the file does not fit.
    """
    if name.lower().endswith(".csv"):
        found = read_factors(Path(name), name, is_own=True)
        return Pack(name, tuple(row for factor in found for row in (*factor.rows, factor.total) if row))
    ids = shipped().get(name)
    if ids is None:
        raise UnknownNameError("shipped source", name, shipped(), "A pack file ends with .csv.")
    return Pack(name, tuple(library().rows[row] for row in ids))


def shipped() -> Mapping[str, Sequence[str]]:
    """The ids of the shipped rows by source."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for cells in library().texts():
        found[cells["source"]].append(cells["id"])
    return found


def meaning(row: FactorRow) -> tuple[str, ...]:
    """What a row says something about, whatever its id and value."""
    return (*_dimensional(row)[:-1], row.per.denominator.spelling)


def _dimensional(row: FactorRow) -> tuple[str, ...]:
    """The meaning with the dimension of the denominator in place of its spelling."""
    ratio = row.per
    return (
        row.activity, row.basis, row.region, row.kind, row.gas, ratio.numerator.dimension, ratio.denominator.dimension
    )  # fmt: skip


def compare(before: Pack, after: Pack) -> Difference:
    """What differs between two editions.

    A row is paired with the row of its meaning. Where an edition has several, the name decides, then validity: a series
    has one a year. What only one side has pairs when the denominators are alike in dimension, such as kWh and MWh.
    """
    pairs: list[Change] = []
    gone, new = list(before.rows), list(after.rows)
    shared = {meaning(row) for row in gone} & {meaning(row) for row in new}

    def by_dimension(row: FactorRow) -> Hashable:
        return row.id if meaning(row) in shared else _dimensional(row)

    for key in (
        meaning,
        lambda row: (*meaning(row), row.name),
        lambda row: (*meaning(row), row.valid_from, row.valid_to),
        by_dimension,
    ):
        found, gone, new = _paired(gone, new, key)
        pairs += found
    real = sorted((pair for pair in pairs if pair.is_real), key=lambda pair: (pair.size, pair.before.id), reverse=True)
    return Difference(before.name, after.name, tuple(new), tuple(gone), tuple(real), len(pairs) - len(real))


def _paired(
    before: Iterable[FactorRow], after: Iterable[FactorRow], key: Callable[[FactorRow], Hashable]
) -> tuple[list[Change], list[FactorRow], list[FactorRow]]:
    """The rows that share a key with exactly one row of the other side, and the rest of both sides."""
    olds: defaultdict[Hashable, list[FactorRow]] = defaultdict(list)
    news: defaultdict[Hashable, list[FactorRow]] = defaultdict(list)
    for rows, groups in ((before, olds), (after, news)):
        for row in rows:
            groups[key(row)].append(row)
    alike = [name for name, rows in olds.items() if len(rows) == 1 and len(news.get(name, ())) == 1]
    found = [Change(olds.pop(name)[0], news.pop(name)[0]) for name in alike]
    return found, [row for rows in olds.values() for row in rows], [row for rows in news.values() for row in rows]


def effects(run: Run, found: Difference) -> Effects:
    """What the changes do to a run: each changed row it uses gets the value of the other edition, alone and together.

    Computed from the balance of the run, as a what-if is.
    """
    small = run.balance.by(("provenance",))
    rows = run.valuation.rows

    def emissions(changed: Mapping[str, FactorRow]) -> dict[str, Fraction]:
        valuation = Valuation({**{name: rows[name] for name in run.plan.used}, **changed}, run.valuation.gwp)
        result = Result(run.plan, small, valuation, {})
        return {
            book: sum((value.amount for _, value in result.grouped((), book)), Fraction(0))
            for book in run.inventory.books
        }

    used = set(run.plan.used)
    replaced = {pair.before.id: _under(pair.before, pair.after) for pair in found.changed if pair.before.id in used}
    base = emissions({})
    alone = {name: emissions({name: row}) for name, row in replaced.items()}
    together = emissions(replaced)
    by_row = {name: {book: value[book] - base[book] for book in base} for name, value in alone.items()}
    return Effects(by_row, {book: (base[book], together[book]) for book in base}, tuple(_left_out(found, used)))


def _under(before: FactorRow, after: FactorRow) -> FactorRow:
    """A row under the id of another; validated anew, because a copy would keep cached amounts."""
    return FactorRow.model_validate(after.model_dump() | {"id": before.id, "factor": before.factor})


def _left_out(found: Difference, used: set[str]) -> Iterable[str]:
    """What the effect of a new edition does not hold."""
    kept = sorted(row.id for row in found.gone if row.id in used)
    if kept:
        yield f"{found.after} has no row for {', '.join(kept)}: the inventory keeps the value of {found.before} there."
    places = {meaning(pair.before)[:3] for pair in found.changed if pair.before.id in used}
    more = sorted(row.id for row in found.new if meaning(row)[:3] in places and row.kind == "emission_factor")
    if more:
        yield f"new in {found.after} beside a factor in use, and not in the effect: {', '.join(more)}."


def statement(found: Difference, effect: Effects | None = None, notes: Sequence[str] = ()) -> Statement:
    """Every new, gone and changed row as a table; with an inventory, the changes it uses come first.

    The text of the value is the printed one.
    """
    books = tuple(effect.total) if effect else ()
    rows = [
        *({"status": "changed", **_both(pair), **_effect(pair, effect)} for pair in _ordered(found, effect)),
        *({"status": "new", **_one(row, "after"), **dict.fromkeys(map(_column, books), "")} for row in found.new),
        *({"status": "gone", **_one(row, "before"), **dict.fromkeys(map(_column, books), "")} for row in found.gone),
    ]
    named = ("status", "activity", "basis", "region", "gas", "before", "after", "unit", "change_percent")
    columns = (*named, *map(_column, books), "before_id", "after_id", "note")
    return Statement("What differs", columns, tuple(rows), (*notes, found.summary, *_said(effect)))


def _said(effect: Effects | None) -> list[str]:
    """The total effect and what it leaves out, as notes."""
    if effect is None:
        return []
    totals = [
        f"all scopes, {book}-based: {readable(old)} → {readable(new)} t CO2e, {readable(new - old)} t with all changes "
        "together."
        for book, (old, new) in effect.total.items()
    ]
    if not effect.by_row:
        totals.append("the inventory uses none of the changed factors.")
    return [*totals, *effect.notes]


def _column(book: str) -> str:
    return f"effect_{book}_t"


def _ordered(found: Difference, effect: Effects | None) -> Sequence[Change]:
    """The changes, those with the largest effect first where there is an inventory."""
    if effect is None:
        return found.changed
    by_row = effect.by_row

    def weight(pair: Change) -> tuple[bool, Fraction]:
        sizes = [abs(value) for value in by_row.get(pair.before.id, {}).values()]
        return (bool(sizes), max(sizes, default=Fraction(0)))

    return sorted(found.changed, key=weight, reverse=True)


def _effect(pair: Change, effect: Effects | None) -> dict[str, Cell]:
    """The effect cells of a change: tonnes, or that the inventory does not use the factor."""
    if effect is None:
        return {}
    tonnes = effect.by_row.get(pair.before.id)
    return {_column(book): NOT_USED if tonnes is None else tonnes[book] for book in effect.total}


def _both(pair: Change) -> dict[str, Cell]:
    """The cells of a changed row."""
    cells = _one(pair.before, "before")
    return cells | {
        "after": pair.after.value, "after_id": pair.after.id, "change_percent": pair.percent, "note": pair.note
    }  # fmt: skip


def _one(row: FactorRow, side: str) -> dict[str, Cell]:
    """The cells of a row that only one edition has."""
    blank: dict[str, Cell] = dict.fromkeys(("before", "after", "change_percent", "before_id", "after_id", "note"), "")
    shown = {"activity": row.activity, "basis": row.basis, "region": row.region, "gas": row.gas or row.kind}
    if row.kind == "co2e_total":
        shown["gas"] = f"{row.gas} (printed total)"
    return {**blank, **shown, "unit": row.unit, side: row.value, f"{side}_id": row.id}


def render(found: Statement, *, everything: bool = False) -> str:
    """The table for a terminal: counts, then the changes, then what is new and gone, each with its first rows only."""
    lines = [*text.notes(found.notes)]
    for status in ("changed", "new", "gone"):
        rows = [row for row in found.rows if row["status"] == status]
        if not rows:
            continue
        shown = rows if everything else rows[:SHOWN]
        names = [name for name in found.columns[1:] if any(row[name] != "" for row in rows)]
        part = Statement(status.capitalize(), tuple(name for name in names if name != "after_id"), tuple(shown))
        if status == "new":
            part = replace(part, columns=tuple(names))
        lines += ["", text.render(part).rstrip()]
        if len(shown) < len(rows):
            left = Counter(str(row["activity"]).partition(".")[0] for row in rows[len(shown) :])
            listed = ", ".join(f"{family} {count:,}" for family, count in left.most_common())
            lines += text.notes([f"{len(rows) - len(shown):,} more ({listed}): --all shows them."])
    return "\n".join(lines)
