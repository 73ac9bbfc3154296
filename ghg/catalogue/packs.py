"""The factor packs of the library as text: a pack read when it is first needed, a row cut when it is asked for.

The project writes packs in one strict form: UTF-8, a line feed after every line, one line a row, first columns that
need no quotes because they hold ids and words, every id beginning with the publication's, and the rows of a factor
below each other with its printed total last. So the keys of a pack are found by cutting lines at commas, at one to two
microseconds a row, and the first row of a pack tells what it holds.

A stored index, compared by checksum, would save about half of that. It is not kept: nothing can go stale, nothing can
be corrupt, and nothing is written into a folder that may be read-only.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from pathlib import Path

from ghg.issues import InputError, Issue

KEYS = ("id", "factor", "kind", "activity")
"""The first columns of a pack."""
TOTAL = "co2e_total"
"""The kind of a printed total, which is never a candidate by itself."""
_STRICT = (
    "The library's tables are written by factors/build.py; a table of your own belongs into an inventory's 'factors'."
)


@dataclass(frozen=True, slots=True)
class Record:
    """A row of a table as text, with its place."""

    cells: Mapping[str, str]
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Lines:
    """A table of the library: its columns, and its lines as they stand in the file; the first is the header."""

    name: str
    columns: tuple[str, ...]
    lines: Sequence[str]

    def record(self, number: int) -> Record:
        """The row on a line, the header being line 1.

        Raises:
            InputError: it has more or fewer cells than the header.
        """
        line = self.lines[number - 1]
        # Without a quote a row is cut at every comma, which is several times faster.
        cells = next(csv.reader([line])) if '"' in line or not line else line.split(",")
        if len(cells) != len(self.columns):
            refuse(self.name, number, f"the row has {len(cells)} cells, the header {len(self.columns)}.")
        return Record(dict(zip(self.columns, cells, strict=True)), self.name, number)

    def start(self, number: int, count: int) -> list[str]:
        """The first cells of the row on a line, and the rest of it.

        Raises:
            InputError: the line is too short to be a row.
        """
        cells = self.lines[number - 1].split(",", count)
        if len(cells) <= count:
            refuse(self.name, number, "the line is too short to be a row.")
        return cells

    def firsts(self) -> Iterator[str]:
        """The first cell of every row."""
        return (line.partition(",")[0] for line in self.lines[1:])


def read_lines(path: Path, name: str, columns: tuple[str, ...], most: int = -1) -> Lines:
    """A table of the library, checked for its strict form.

    Args:
        path: where it stands.
        name: how messages call it.
        columns: what its header must be.
        most: read that many lines only; by default all.

    Raises:
        InputError: the file cannot be read, or is not in the strict form.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            text = file.read() if most < 0 else "".join(file.readline() for _ in range(most))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError([Issue("file-missing", f"cannot read the table: {error}.", _STRICT, name)]) from None
    lines = text.split("\n")
    if lines.pop() or "\r" in text:
        refuse(name, len(lines) or 1, "not every line ends with a line feed alone.")
    if not lines or lines[0] != ",".join(columns):
        refuse(name, 1, f"the header is not {','.join(columns)!r}.")
    return Lines(name, columns, lines)


def refuse(name: str, line: int, message: str) -> None:
    """Refuse a table of the library.

    Raises:
        InputError: always.
    """
    raise InputError([Issue("row-ragged", message, _STRICT, name, line)])


class Pack:
    """One edition of one publication; its rows are read when they are first needed.

    Raises:
        InputError: the file cannot be read, has no row, or is not in the strict form.
    """

    def __init__(self, path: Path, name: str, columns: tuple[str, ...]) -> None:
        self._path, self._name, self._columns = path, name, columns
        head = read_lines(path, name, columns, most=2)
        if len(head.lines) == 1:
            refuse(name, 1, "the table has no row.")
        first = head.record(2).cells
        self.source = first.get("source", "")
        """The publication of every row."""
        self.prefix = first["factor"].partition(":")[0]
        """How every id begins, up to the first colon."""

    @cached_property
    def table(self) -> Lines:
        """All lines."""
        return read_lines(self._path, self._name, self._columns)

    @cached_property
    def _index(self) -> tuple[dict[str, int], Mapping[tuple[str, str], list[str]]]:
        """The first line of every factor, and the factors of a kind and word."""
        firsts: dict[str, int] = {}
        by_word: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        before, start = ",", f"{self.prefix}:"  # no line has a comma as its second cell
        for number, line in enumerate(self.table.lines[1:], start=2):
            if line.partition(",")[2].startswith(before):
                continue
            _, factor, kind, activity, _ = self.table.start(number, len(KEYS))
            if not factor.startswith(start) or factor in firsts:
                refuse(
                    self._name, number, f"the factor {factor!r} does not start with {start!r}, or stands elsewhere too."
                )
            firsts[factor] = number
            by_word[kind, activity].append(factor)
            before = f"{factor},"
        return firsts, dict(by_word)

    @property
    def factors(self) -> Collection[str]:
        """The ids of its factors, in their order."""
        return self._index[0].keys()

    def of_word(self, kind: str, activity: str) -> Collection[str]:
        """The ids of the factors of a kind for a word."""
        return self._index[1].get((kind, activity), ())

    def records(self, factor: str) -> list[Record]:
        """The rows of a factor.

        Raises:
            InputError: one has more or fewer cells than the header.
        """
        number, found, second = self._index[0][factor], [], f"{factor},"
        while number <= len(self.table.lines) and self.table.lines[number - 1].partition(",")[2].startswith(second):
            found.append(self.table.record(number))
            number += 1
        return found


class Packs(Collection[str]):
    """The packs of the library; as a collection, the ids of all rows.

    Args:
        packs: in the order of the library; no two hold the same id.
    """

    def __init__(self, packs: Iterable[Pack] = ()) -> None:
        self._packs = tuple(packs)
        self._by_prefix: defaultdict[str, list[Pack]] = defaultdict(list)
        for pack in self._packs:
            self._by_prefix[pack.prefix].append(pack)
        self.factors: Collection[str] = _Factors(self)
        """The ids of all factors, in the order of the packs."""

    def __iter__(self) -> Iterator[str]:
        return (first for pack in self._packs for first in pack.table.firsts())

    def __len__(self) -> int:
        return sum(len(pack.table.lines) - 1 for pack in self._packs)

    def __contains__(self, row: object) -> bool:
        return isinstance(row, str) and bool(self.factor_of(row))

    @property
    def packs(self) -> Sequence[Pack]:
        """Every pack."""
        return self._packs

    def holding(self, factor: str) -> Pack | None:
        """The pack of a factor; none when no pack has it."""
        packs = self._by_prefix.get(factor.partition(":")[0], ())
        return next((pack for pack in packs if factor in pack.factors), None)

    def of_word(self, kind: str, activity: str, sources: Collection[str] | None = None) -> Iterator[str]:
        """The ids of the factors of a kind for a word: of all publications, or of those named."""
        for pack in self._packs:
            if sources is None or pack.source in sources:
                yield from pack.of_word(kind, activity)

    def records(self, factor: str) -> list[Record]:
        """The rows of a factor; none when no pack has it.

        Raises:
            InputError: one has more or fewer cells than the header.
        """
        pack = self.holding(factor)
        return pack.records(factor) if pack else []

    def factor_of(self, row: str) -> str:
        """The id of the factor that a row belongs to: its own id, or that without the gas; blank when there is none."""
        if row.partition(":")[0] not in self._by_prefix:
            return ""
        names = (row, row.rpartition(":")[0])
        return next((n for n in names if any(record.cells["id"] == row for record in self.records(n))), "")

    def cells(self, columns: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """Some cells of every row, two or more."""
        for pack in self._packs:
            header, *rows = csv.reader(pack.table.lines)
            yield from map(itemgetter(*map(header.index, columns)), rows)

    def texts(self) -> Iterator[Mapping[str, str]]:
        """Every row as text by column."""
        for pack in self._packs:
            columns, *rows = csv.reader(pack.table.lines)
            yield from (dict(zip(columns, cells, strict=True)) for cells in rows)


class _Factors(Collection[str]):
    """The ids of the factors of all packs."""

    def __init__(self, packs: Packs) -> None:
        self._of = packs

    def __iter__(self) -> Iterator[str]:
        return (factor for pack in self._of.packs for factor in pack.factors)

    def __len__(self) -> int:
        return sum(len(pack.factors) for pack in self._of.packs)

    def __contains__(self, factor: object) -> bool:
        return isinstance(factor, str) and self._of.holding(factor) is not None
