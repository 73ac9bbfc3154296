"""A balance of many lines, kept as columns of whole numbers; summed exactly, made into lines only when asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, Any

from ghg.ledger import Balance, Line

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

LIMB = 22
"""Bits of a limb: a float holds the sum of two thousand million such limbs exactly."""
FLOAT = 53
"""Bits up to which a float holds every whole number."""
DENSE = 1 << 24
"""Groups up to which sums are taken by position; above, keys are sorted first."""


@dataclass(frozen=True, slots=True)
class Column:
    """A dimension: the code of each line, and the word of each code."""

    codes: Array
    words: tuple[str, ...]


class ColumnBalance(Balance):
    """A balance whose lines are columns; ``lines`` are made from them when they are asked for.

    Several elements may be of one line: they are added up only where the lines are asked for.
    """

    def __init__(
        self, match: Array, dimensions: Mapping[str, Column], sums: tuple[Array, Array, Array], decimals: int,
        unposted: int, outside: int = 0,
    ) -> None:  # fmt: skip
        for name, value in {
            "names": tuple(dimensions), "decimals": decimals, "unposted": unposted,
            "outside": outside, "match": match, "dimensions": dict(dimensions), "sums": sums,
        }.items():  # fmt: skip
            object.__setattr__(self, name, value)

    match: Array
    dimensions: Mapping[str, Column]
    sums: tuple[Array, Array, Array]
    """Quanta, widths and rows of each line."""

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines, sorted."""
        one = self._summed(self.dimensions)
        words = [[column.words[code] for code in column.codes.tolist()] for column in one.dimensions.values()]
        found = map(Line, one.match.tolist(), zip(*words, strict=True), *(column.tolist() for column in one.sums))
        return tuple(sorted(found, key=lambda line: (line.match, line.dimensions)))

    @cached_property
    def matches(self) -> frozenset[int]:
        """The matches that rows posted to."""
        import numpy as np

        return frozenset(np.flatnonzero(np.bincount(self.match)).tolist())

    @cached_property
    def posted(self) -> int:
        """Rows that posted."""
        return int(self.sums[2].sum())

    def rows_of(self, matches: Collection[int]) -> int:
        """How many rows posted to some matches."""
        import numpy as np

        return int(self.sums[2][np.isin(self.match, list(matches))].sum())

    def words(self, name: str) -> set[str]:
        """The words of a dimension."""
        import numpy as np

        column = self.dimensions[name]
        return {column.words[code] for code in np.unique(column.codes).tolist()}

    def with_unposted(self, rows: int) -> ColumnBalance:
        """The balance with more rows that did not post."""
        return self._of(self.match, self.dimensions, self.sums, rows)

    def _of(
        self, match: Array, dimensions: Mapping[str, Column], sums: tuple[Array, Array, Array], more: int = 0
    ) -> ColumnBalance:
        """Other lines of the same rows; ``more`` rows did not post beside them."""
        return ColumnBalance(match, dimensions, sums, self.decimals, self.unposted + more, self.outside)

    def by(self, names: Sequence[str]) -> ColumnBalance:
        """The balance summed to fewer dimensions; ``unit`` always stays."""
        kept = {name: column for name, column in self.dimensions.items() if name == "unit" or name in names}
        if len(kept) == len(self.dimensions):
            return self
        if all(len(column.words) == 1 for name, column in self.dimensions.items() if name not in kept):
            # What is the same on every line told no two of them apart.
            return self._of(self.match, kept, self.sums)
        if tuple(kept) not in self._sums:
            self._sums[tuple(kept)] = self._summed(kept)
        return self._sums[tuple(kept)]

    @cached_property
    def _sums(self) -> dict[tuple[str, ...], ColumnBalance]:
        """Sums that were asked for before."""
        return {}

    def _summed(self, kept: Mapping[str, Column]) -> ColumnBalance:
        position, (match, *codes) = grouped([self.match, *(column.codes for column in kept.values())])
        quanta, width, rows = (summed(position, column, len(match)) for column in self.sums)
        made = {name: Column(code, column.words) for (name, column), code in zip(kept.items(), codes, strict=True)}
        return self._of(match, made, (quanta, width, rows))


def in_columns(balance: Balance) -> ColumnBalance:
    """The lines of a balance as columns."""
    import numpy as np

    if isinstance(balance, ColumnBalance):
        return balance
    columns = {}
    for n, name in enumerate(balance.names):
        words = tuple(dict.fromkeys(line.dimensions[n] for line in balance.lines))
        place = {word: code for code, word in enumerate(words)}
        columns[name] = Column(np.array([place[line.dimensions[n]] for line in balance.lines], dtype=np.int64), words)
    quanta, width, rows = (
        whole([getattr(line, name) for line in balance.lines]) for name in ("amount", "width", "rows")
    )
    match = np.array([line.match for line in balance.lines], dtype=np.int64)
    return ColumnBalance(match, columns, (quanta, width, rows), balance.decimals, balance.unposted, balance.outside)


def whole(values: Sequence[int]) -> Array:
    """Integers as an array: of 64 bits where they fit, of Python integers elsewhere."""
    import numpy as np

    try:
        return np.array(values, dtype=np.int64)
    except OverflowError:
        return np.array(values, dtype=object)


def joined(balances: Sequence[ColumnBalance]) -> ColumnBalance:
    """Several balances of the same dimensions as one."""
    import numpy as np

    first = balances[0]
    columns = {}
    for name in first.names:
        words = tuple(dict.fromkeys(word for found in balances for word in found.dimensions[name].words))
        place = {word: code for code, word in enumerate(words)}
        codes = [
            np.array([place[word] for word in column.words] or [0])[column.codes]
            for found in balances
            for column in [found.dimensions[name]]
        ]
        columns[name] = Column(np.concatenate(codes), words)
    quanta, width, rows = (np.concatenate([found.sums[n] for found in balances]) for n in range(3))
    match = np.concatenate([found.match for found in balances])
    left = (sum(getattr(found, name) for found in balances) for name in ("unposted", "outside"))
    return ColumnBalance(match, columns, (quanta, width, rows), first.decimals, *left)


def grouped(codes: Sequence[Array]) -> tuple[Array, list[Array]]:
    """For each element its group, and for each group its codes; groups are in the order of their codes."""
    import numpy as np

    sizes = [int(code.max(initial=0)) + 1 for code in codes]
    key = codes[0].astype(np.int64)
    for code, size in zip(codes[1:], sizes[1:], strict=True):
        key = key * size + code
    if prod(sizes) <= DENSE:
        present = np.zeros(prod(sizes), dtype=bool)
        present[key] = True
        found = np.flatnonzero(present)
        rank = np.cumsum(present) - 1
        position = rank[key]
    else:
        found, position = np.unique(key, return_inverse=True)
    made = []
    rest = found
    for size in reversed(sizes[1:]):
        rest, code = np.divmod(rest, size)
        made.append(code)
    return position, [rest, *reversed(made)]


def summed(position: Array, values: Array, groups: int) -> Array:
    """Integer sums by group, exact: 64-bit where they fit, Python integers elsewhere."""
    import numpy as np

    if values.dtype == object:
        totals = np.zeros(groups, dtype=object)
        np.add.at(totals, position, values)
        return totals
    bound = max(int(values.max(initial=0)), -int(values.min(initial=0))) * len(values)
    # The last limb carries the sign and is as long as its sums stay whole numbers of a float.
    last = next((n for n in (0, 1) if (bound >> (LIMB * n)) + len(values) < 1 << FLOAT), 2)
    parts = [
        np.bincount(position, weights=(values >> (LIMB * n)) & ((1 << LIMB) - 1) if n < last else values >> (LIMB * n),
                    minlength=groups).astype(np.int64)
        for n in range(last + 1)
    ]  # fmt: skip
    if bound >= 1 << 62:
        parts = [part.astype(object) for part in parts]
    total = parts[0]
    for n, part in enumerate(parts[1:], start=1):
        total = total + (part << (LIMB * n))
    return np.asarray(total)
