"""The rows of a relation posted and summed: the kernel over dense integers, and the rows it leaves to the strict path.

A row is plain when its words are sound, its cell has a match and its amount is whole quanta. Plain rows are summed by
their packed codes. Any other row keeps a key of its own, minus its place, so that it comes out of the same pass by
itself and nothing is lost: the rows counted are the rows of the relation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any, Protocol

from ghg import ledger
from ghg.bulk.amounts import Amounts
from ghg.bulk.cells import Cells
from ghg.bulk.words import NUMBER_BITS, SHORT_BITS, Words
from ghg.engines import quoted
from ghg.engines.relations import Relation
from ghg.issues import GhgError, InputError, Issue

if TYPE_CHECKING:
    import numpy as np

LOW_BITS = 30
"""Bits of the low part of an amount whose sums do not fit in 64 bits: the sums of the parts do, for 2 ** 33 rows."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a packed key.

    Attributes:
        name: ``cell``, ``state``, or a dimension of the balance.
        code: expression of its code.
        size: how many codes there are.
        words: the word of each code; blank for cells and states.
    """

    name: str
    code: str
    size: int
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sums:
    """What the kernel gives for plain rows: one element a line, and the places of all other rows.

    Attributes:
        parts: the parts of the packed keys.
        key: the packed key of each line.
        codes: by part, the code of each line.
        amount: quanta.
        width: sum over rows of the last written digit, in quanta.
        rows: how many rows.
        left: places of the rows left to the strict path.
    """

    parts: tuple[Part, ...]
    key: np.ndarray[Any, Any]
    codes: Mapping[str, np.ndarray[Any, Any]]
    amount: np.ndarray[Any, Any]
    width: np.ndarray[Any, Any]
    rows: np.ndarray[Any, Any]
    left: np.ndarray[Any, Any]


class Speaker(Protocol):
    """An engine as the kernel sees it: whole numbers out, small tables in."""

    error: type[Exception]
    statements: list[str]

    def arrays(self, sql: str) -> dict[str, np.ndarray[Any, Any]]:
        """The columns of a query."""

    def tabulate(self, table: str, columns: Mapping[str, np.ndarray[Any, Any]]) -> None:
        """A table of arrays."""

    def view(self, name: str, sql: str) -> None:
        """A query under a name."""


@dataclass(frozen=True, slots=True)
class Doubted:
    """Rows left to the strict path whatever their words are.

    Attributes:
        joins: joins of the relation ``source`` that tell them.
        flags: further columns of that join, each with its name.
        conditions: what holds for every other row, over those names.
    """

    joins: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()


NONE_DOUBTED = Doubted()


def excluded(relation: Relation) -> Doubted:
    """Rows whose places stand in the engine table ``excluded`` of their relation."""
    return Doubted(conditions=(f"place NOT IN (SELECT place FROM {relation.schema}excluded)",))


def hand_over(engine: Speaker, words: Mapping[str, Words], cells: Cells) -> None:
    """The dense tables that lead from codes to cells, as engine tables."""
    import numpy as np

    def table(name: str, codes: Sequence[int] | None = None, **columns: Sequence[int]) -> None:
        made = {column: np.array(values, dtype=_narrowest(values)) for column, values in columns.items()}
        code = np.arange(len(next(iter(made.values()))), dtype=np.int32) if codes is None else np.array(codes)
        engine.tabulate(f"{schema}{name}", {"code": code, **made})

    tasks, schema = words["task"], words["task"].schema
    names = {word: code for code, word in enumerate(dict.fromkeys(unit for _, unit, *_ in tasks.texts))}
    table("slots", tasks.numbers, slot=cells.slots, unit=[names[unit] for _, unit, *_ in tasks.texts])
    if cells.entities > 1:
        table("places", first=cells.firsts, layout=cells.layouts)
        table("holders", shift=cells.shifts, calendar=cells.calendars)
    else:
        table("places", first=cells.firsts, calendar=[cells.calendars[layout] for layout in cells.layouts])
    table("classes", class_=cells.classes)
    for group, found in words.items():
        if not found.is_constant and group not in ("task", "region", "span"):
            table(f"sound_{group}", is_sound=[int(sound) for sound in found.sound])


def _narrowest(values: Sequence[int]) -> type[np.signedinteger[Any]]:
    """32-bit integers where they hold the values, which engines join and add fastest."""
    import numpy as np

    return np.int32 if max(values, default=0) >> SHORT_BITS == 0 else np.int64


def parts_of(words: Mapping[str, Words], cells: Cells, dimensions: Sequence[str]) -> tuple[Part, ...]:
    """The parts of a packed key: cell and amount state, then the dimensions of the balance.

    Raises:
        GhgError: there are more distinct words than a key can hold.
    """
    units = tuple(dict.fromkeys(unit for _, unit, *_ in words["task"].texts))
    basis = words["basis"]
    parts = [
        Part("cell", "cell", max(len(cells.keys), 1)),
        Part("state", "state", 2),
        Part("unit", "unit", len(units), units),
        Part("basis", basis.code, len(basis.texts), tuple("\x1f".join(text[:2]) for text in basis.texts)),
        *(
            Part(name, words[name].code, len(words[name].texts), tuple(text[0] for text in words[name].texts))
            for name in dimensions
        ),
    ]
    if prod(part.size for part in parts) >= 1 << NUMBER_BITS:
        raise GhgError("the rows have too many distinct words to sum at once: keep fewer 'dimensions'.")
    return tuple(parts)


def posted(
    relation: Relation, words: Mapping[str, Words], amounts: Amounts, parts: Sequence[Part], entities: int,
    doubted: Doubted = NONE_DOUBTED, place: str = "source.place", carried: Sequence[str] = (),
) -> str:  # fmt: skip
    """The relation with what the kernel groups and sums: ``key``, ``quanta`` and ``width``.

    Args:
        relation: the rows.
        words: their words, as tables of the engine.
        amounts: how they are counted.
        parts: what a key is packed of.
        entities: how many entities cells tell apart.
        doubted: rows that are left to the strict path.
        place: expression of a row's place.
        carried: further columns that come along.
    """
    # Words that are all sound and no part of the key decide nothing.
    coded = {"task", "region", "span", *(part.name for part in parts), *(["entity"] if entities > 1 else [])}
    needed = {group: found for group, found in words.items() if group in coded or not all(found.sound)}
    joins = [found.number_join if group == "task" else found.join for group, found in needed.items()]
    joins += doubted.joins
    regions, spans = len(words["region"].texts), len(words["span"].texts)
    holder = "holders" if entities > 1 else "places"
    joins += [
        f"JOIN {relation.schema}slots ON slots.code = {words['task'].number}",
        f"JOIN {relation.schema}places ON places.code = slots.slot * {regions} + {words['region'].code}",
        *(
            [f"JOIN {relation.schema}holders ON holders.code = places.layout * {entities} + {words['entity'].code}"]
            if entities > 1 else []
        ),
        f"JOIN {relation.schema}classes ON classes.code = {holder}.calendar * {spans} + {words['span'].code}",
    ]  # fmt: skip
    conditions = ["state IS NOT NULL", "first >= 0", "class_ >= 0", *doubted.conditions]
    cell = "first + class_" + (" + shift" if entities > 1 else "")
    for group, found in words.items():
        if group not in ("task", "region", "span") and not all(found.sound):
            joins.append(f"JOIN {relation.schema}sound_{group} ON sound_{group}.code = {found.code}")
            conditions.append(f"sound_{group} = 1")
    flags = [f"sound_{group}.is_sound AS sound_{group}" for group in words if f"sound_{group} = 1" in conditions]
    codes = [f"{part.code} AS c{n}" for n, part in enumerate(parts) if part.name not in ("cell", "state", "unit")]
    # The key of a row that is not plain is its place, which has to fit as well.
    is_short = prod(part.size for part in parts) >> SHORT_BITS == 0 and relation.last >> SHORT_BITS == 0
    kind = "INTEGER" if is_short else "BIGINT"
    packed = f"CAST({cell} AS {kind})"
    for n, part in enumerate(parts[1:], start=1):
        packed = f"({packed} * {part.size} + {part.code if part.name in ('state', 'unit') else f'c{n}'})"
    width = f", {amounts.width} AS width" if isinstance(amounts.width, str) else ""
    inner = ", ".join(
        [f"{place} AS place", "source.id", "source.amount", "places.first", "classes.class_", "slots.unit", *codes,
         *(["holders.shift"] if entities > 1 else []),
         *flags, *doubted.flags, *(f"source.{quoted(name)} AS {quoted(f'{name}_')}" for name in carried),
         f"{amounts.cell} AS text" if amounts.cell else f"{amounts.quanta} AS quanta{width}"]
    )  # fmt: skip
    rows = f"SELECT {inner} FROM {relation.sql} AS source {' '.join(joins)}"
    if amounts.cell:
        rows = f"SELECT *, {amounts.quanta} AS quanta{width} FROM ({rows})"
    along = "".join(f", {quoted(f'{name}_')} AS {quoted(name)}" for name in carried)
    return (
        f"SELECT {'place' if carried else 'place, id'}{along}, "
        f"CASE WHEN {' AND '.join(conditions)} THEN {packed} ELSE CAST(-1 - place AS {kind}) END AS key, "
        f"quanta AS low{', width' if width else ''} "
        f"FROM (SELECT *, {amounts.state} AS state FROM ({rows}))"
    )


def total(engine: Speaker, relation: Relation, amounts: Amounts, parts: Sequence[Part], view: str) -> Sums:
    """The kernel over a posted view.

    Raises:
        AssertionError: the rows summed are not the rows of the relation.
    """
    sums = ("low", "width") if isinstance(amounts.width, str) else ("low",)
    further = "".join(f", CAST({name} AS BIGINT) AS {name}" for name in sums[1:])
    narrow = f"SELECT key, {amounts.whole('low', of_sum=True)} AS low{further}, rows FROM {{}}"
    try:
        found = ledger.summed(engine, view, ("key",), sums, engine.arrays, narrow)
        high = None
    except engine.error:
        # A sum beyond 64 bits: amounts are cut in two before they are summed.
        engine.statements.pop()
        whole, along = amounts.whole("low", of_sum=False), ", width" if sums[1:] else ""
        cut = f"low >> {LOW_BITS} AS high, low & {(1 << LOW_BITS) - 1} AS low{along}"
        view = f"SELECT key, {cut} FROM (SELECT key, {whole} AS low{along} FROM ({view}))"
        narrow = f"SELECT key, CAST(high AS BIGINT) AS high, CAST(low AS BIGINT) AS low{further}, rows FROM {{}}"
        found = ledger.summed(engine, view, ("key",), ("high", *sums), engine.arrays, narrow)
        high = found["high"]
    return _sums(relation, amounts, parts, found, high)


def without(engine: Speaker, sums: Sums, view: str, failing: Sequence[int]) -> Sums:
    """Sums without the cells that cannot post; their rows are left to the strict path too."""
    import numpy as np

    out = np.isin(sums.codes["cell"], failing)
    if not out.any():
        return sums
    engine.tabulate("unposted", {"key": sums.key[out]})
    places = engine.arrays(f"SELECT place FROM ({view}) WHERE key IN (SELECT key FROM unposted)")["place"]
    codes = {name: code[~out] for name, code in sums.codes.items()}
    kept = (sums.amount[~out], sums.width[~out], sums.rows[~out])
    return Sums(sums.parts, sums.key[~out], codes, *kept, np.concatenate([sums.left, np.asarray(places)]))


def _sums(
    relation: Relation, amounts: Amounts, parts: Sequence[Part], found: Mapping[str, np.ndarray[Any, Any]],
    high: np.ndarray[Any, Any] | None,
) -> Sums:  # fmt: skip
    """The columns of the kernel, unpacked."""
    import numpy as np

    key, rows = np.asarray(found["key"]), np.asarray(found["rows"])
    if int(rows.sum()) != relation.rows:
        if relation.stored:
            # What a file says of itself may be damaged as its rows may be; a copy of ours, and a database, are not.
            message = f"the file says that it has {relation.rows:,} rows, and {int(rows.sum()):,} were read."
            hint = "The file is damaged: write it again, or copy it again from where it came from."
            raise InputError([Issue("file-kind", message, hint, relation.files[0])])
        raise AssertionError(f"{int(rows.sum())} rows were summed, which are not the {relation.rows} rows read")
    plain = key >= 0
    kept = slice(None) if plain.all() else plain
    rest, codes = key[kept], {}
    for part in reversed(parts):
        rest, codes[part.name] = np.divmod(rest, part.size)
    rows = rows[kept]
    low = _given(found["low"][kept])
    amount = low if high is None else _given(high[kept]).astype(object) * (1 << LOW_BITS) + low
    width = _given(found["width"][kept]) if "width" in found else rows * amounts.width
    return Sums(tuple(parts), key[kept], codes, amount, width, rows, -1 - key[~plain])


def _given(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Sums of plain rows, each of which has an amount.

    Raises:
        AssertionError: one is missing, which must not count as zero.
    """
    import numpy as np

    if np.ma.is_masked(values):
        raise AssertionError("a sum of plain rows is missing")
    return np.asarray(values)
