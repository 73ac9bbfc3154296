"""Mappings and collections over many things, of which a run looks at a few."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import chain
from typing import TypeVar

Value = TypeVar("Value")


class Shelf(Mapping[str, Value]):
    """A mapping whose values are made when they are first asked for."""

    def __init__(self, names: Collection[str], make: Callable[[str], Value]) -> None:
        self._names = names
        self._make = make
        self._made: dict[str, Value] = {}

    def __getitem__(self, name: str) -> Value:
        if name not in self._made:
            if name not in self._names:
                raise KeyError(name)
            self._made[name] = self._make(name)
        return self._made[name]

    def put(self, name: str, value: Value) -> None:
        """A value that came to hand before it was asked for; one that was made stays."""
        self._made.setdefault(name, value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._made or name in self._names


class Joined(Collection[str]):
    """Several collections of names as one; no name is in two of them."""

    def __init__(self, *parts: Collection[str]) -> None:
        self._parts = parts

    def __iter__(self) -> Iterator[str]:
        return chain(*self._parts)

    def __len__(self) -> int:
        return sum(map(len, self._parts))

    def __contains__(self, name: object) -> bool:
        return any(name in part for part in self._parts)
