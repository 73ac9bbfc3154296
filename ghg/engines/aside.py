"""Work of the engine beside work of Python: the engine computes without holding the interpreter."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self, TypeVar

from ghg.engines.embedded import Engine

Result = TypeVar("Result")


class Thread:
    """One thread with a cursor of its own on an engine's database; left by an error, it is interrupted."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.cursor()
        self._pool = ThreadPoolExecutor(1)

    def run(self, work: Callable[[Engine], Result]) -> Callable[[], Result]:
        """Start work; what comes back waits for its result."""
        return self._pool.submit(work, self._engine).result

    def share(self) -> float:
        """How much of what it is at is done, from 0 to 1; negative where the engine does not know."""
        return self._engine.share()

    def stop(self) -> None:
        """Have it leave what it is at; its result is an error of the engine."""
        self._engine.interrupt()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind:
            self.stop()
        self._pool.shutdown(cancel_futures=True)
