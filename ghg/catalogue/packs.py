"""The tables of the library as text: keys found in one scan, a row cut into cells when it is asked for.

The project writes these tables in one strict form: UTF-8, a line feed after every line, one line a row, first columns
that need no quotes because they hold ids and words, and the rows of a factor below each other with its printed total
last. So their keys are found by cutting lines at commas, at one to two microseconds a row. A stored index, compared by
checksum, would save about half of that. It is not kept: nothing can go stale, nothing can be corrupt, and nothing is
written into a folder that may be read-only.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
        [cells] = csv.reader([self.lines[number - 1]])
        if len(cells) != len(self.columns):
            _refuse(self.name, number, f"the row has {len(cells)} cells, the header {len(self.columns)}.")
        return Record(dict(zip(self.columns, cells, strict=True)), self.name, number)

    def start(self, number: int, count: int) -> list[str]:
        """The first cells of the row on a line, and the rest of it.

        Raises:
            InputError: the line is too short to be a row.
        """
        cells = self.lines[number - 1].split(",", count)
        if len(cells) <= count:
            _refuse(self.name, number, "the line is too short to be a row.")
        return cells

    def firsts(self) -> Iterator[str]:
        """The first cell of every row."""
        return (line.partition(",")[0] for line in self.lines[1:])


def read_lines(path: Path, name: str, columns: tuple[str, ...]) -> Lines:
    """A table of the library, checked for its strict form.

    Raises:
        InputError: the file cannot be read, or is not in the strict form.
    """
    try:
        text = path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError([Issue("file-missing", f"cannot read the table: {error}.", _STRICT, name)]) from None
    lines = text.split("\n")
    if lines.pop() or "\r" in text:
        _refuse(name, len(lines) or 1, "not every line ends with a line feed alone.")
    if not lines or lines[0] != ",".join(columns):
        _refuse(name, 1, f"the header is not {','.join(columns)!r}.")
    return Lines(name, columns, lines)


def _refuse(name: str, line: int, message: str) -> None:
    raise InputError([Issue("row-ragged", message, _STRICT, name, line)])


class Packs(Collection[str]):
    """The rows of factor packs by the factor they belong to; as a collection, the ids of all rows.

    Args:
        tables: the packs, in the order of the library.

    Raises:
        InputError: a line is too short to be a row.
    """

    def __init__(self, tables: Iterable[Lines] = ()) -> None:
        self._tables = tuple(tables)
        self._firsts: dict[str, tuple[Lines, int]] = {}
        by_word: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for table in self._tables:
            before = ","  # no line has this as its second cell
            for number, line in enumerate(table.lines[1:], start=2):
                if line.partition(",")[2].startswith(before):
                    continue
                _, factor, kind, activity, _ = table.start(number, len(KEYS))
                self._firsts[factor] = table, number
                by_word[kind, activity].append(factor)
                before = f"{factor},"
        self._by_word: Mapping[tuple[str, str], Collection[str]] = dict(by_word)
        self.factors: Collection[str] = self._firsts.keys()
        """The ids of all factors, in the order of the tables."""

    def __iter__(self) -> Iterator[str]:
        return (first for table in self._tables for first in table.firsts())

    def __len__(self) -> int:
        return sum(len(table.lines) - 1 for table in self._tables)

    def __contains__(self, row: object) -> bool:
        return isinstance(row, str) and bool(self.factor_of(row))

    def of_word(self, kind: str, activity: str) -> Collection[str]:
        """The ids of the factors of a kind for a word."""
        return self._by_word.get((kind, activity), ())

    def records(self, factor: str) -> list[Record]:
        """The rows of a factor.

        Raises:
            InputError: one has more or fewer cells than the header.
        """
        table, number = self._firsts[factor]
        found = []
        while number <= len(table.lines) and table.start(number, 2)[1] == factor:
            found.append(table.record(number))
            number += 1
        return found

    def cell(self, factor: str, column: str) -> str:
        """What all rows of a factor have in a column, such as its source or region."""
        table, number = self._firsts[factor]
        return table.record(number).cells[column]

    def factor_of(self, row: str) -> str:
        """The id of the factor that a row belongs to: its own id, or that without the gas; blank when there is none."""
        for name in (row, row.rpartition(":")[0]):
            if name in self._firsts and any(record.cells["id"] == row for record in self.records(name)):
                return name
        return ""

    def texts(self) -> Iterator[Mapping[str, str]]:
        """Every row as text by column."""
        for table in self._tables:
            yield from csv.DictReader(table.lines)
