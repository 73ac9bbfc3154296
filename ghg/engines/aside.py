"""Work of the engine beside work of Python: the engine computes without holding the interpreter."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from types import TracebackType
from typing import Any, Self, TypeVar

from ghg.engines.embedded import Engine

Result = TypeVar("Result")
AGAIN = 0.02
"""Seconds between two times that work is told to stop."""


class Thread:
    """One thread with a cursor of its own on an engine's database; left by an error, it is interrupted."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.cursor()
        self._pool = ThreadPoolExecutor(1)
        self._works: list[Future[Any]] = []

    def run(self, work: Callable[[Engine], Result]) -> Callable[[], Result]:
        """Start work; what comes back waits for its result."""
        self._works.append(self._pool.submit(work, self._engine))
        return self._works[-1].result

    def share(self) -> float:
        """How much of what it is at is done, from 0 to 1; negative where the engine does not know."""
        return self._engine.share()

    def stop(self) -> None:
        """Have it leave what it is at, and wait until it has; the result of that is an error of the engine."""
        for work in self._works:
            work.cancel()
        # What comes between two statements stops nothing, so it is said until it is heard.
        while wait(self._works, AGAIN).not_done:
            self._engine.interrupt()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind:
            self.stop()
        self._pool.shutdown()
