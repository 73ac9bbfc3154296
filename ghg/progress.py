"""How far long work is, said on a terminal: steps done, rate, time left. It never touches a result.

Nothing is said unless somebody listens: the command line does, where standard error is a terminal. A Python call is
silent.
"""

from __future__ import annotations

import contextlib
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TextIO

AFTER, EVERY = 2.0, 0.2
"""Seconds before anything is said, and between two looks."""
SLOW = 10
"""Steps a second below which a rate has a decimal."""
CLEARED = "\r\x1b[K"
"""What empties the line of a terminal."""


@dataclass(slots=True)
class Work:
    """Some work: how many steps it has, and how many are done; ``share`` tells that where it is done elsewhere."""

    what: str
    unit: str
    total: int
    started: float
    done: int = 0
    share: Callable[[], float] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def advance(self, steps: int = 1) -> None:
        """More steps are done; any thread may say so."""
        with self.lock:
            self.done += steps

    def look(self) -> None:
        """See how far work is that is done elsewhere; it never goes back."""
        if self.share is not None:
            self.done = max(self.done, min(self.total, round(self.total * self.share())))

    def line(self, now: float) -> str:
        """How far it is, in words.

        >>> Work("drawing", "draws", 10_000, started=0, done=2_500).line(now=50)
        'drawing: 2,500 of 10,000 draws, 50 a second, 2 min 30 s left'
        >>> Work("scanning", "rows", 10_000, started=0).line(now=4)
        'scanning: 10,000 rows, 4 s so far'
        """
        lasts = now - self.started
        if not self.done or not lasts:
            size = f"{self.total:,} {self.unit}, " if self.total else ""
            return f"{self.what}: {size}{_duration(lasts)} so far"
        rate = self.done / lasts
        left = _duration(max(self.total - self.done, 0) / rate)
        shown = f"{rate:,.0f}" if rate > SLOW else f"{rate:.1f}"
        return f"{self.what}: {self.done:,} of {self.total:,} {self.unit}, {shown} a second, {left} left"


_listeners: list[TextIO] = []
_open: list[Work] = []


@contextlib.contextmanager
def shown_on(stream: TextIO) -> Iterator[None]:
    """Long work is told on a stream while this lasts; not where the stream is no terminal."""
    if not stream.isatty():
        yield
        return
    _listeners.append(stream)
    try:
        yield
    finally:
        _listeners.remove(stream)


def is_told() -> bool:
    """Whether anybody is told how far work is."""
    return bool(_listeners)


@contextlib.contextmanager
def steps(what: str, total: int, unit: str, share: Callable[[], float] | None = None) -> Iterator[Work]:
    """Work of many steps; inside another, the inner one is told once it is the longer wait.

    Args:
        what: what is done, such as ``drawing``.
        total: how many steps.
        unit: what a step is, in the plural.
        share: says how much is done, from 0 to 1, where steps are not counted here; negative where it is not known.
    """
    work = Work(what, unit, total, time.monotonic(), share=share)
    if not _listeners:
        yield work
        return
    _open.append(work)
    ended = threading.Event()
    teller = threading.Thread(target=_tell, args=(_listeners[-1], ended), daemon=True) if len(_open) == 1 else None
    if teller:
        teller.start()
    try:
        yield work
    finally:
        _open.remove(work)
        ended.set()
        if teller:
            teller.join()


def _tell(stream: TextIO, ended: threading.Event) -> None:
    """Rewrite one line until the work ends, and leave it empty; a terminal that went away ends the telling alone."""
    is_said = False
    with contextlib.suppress(OSError, ValueError):
        while not ended.wait(EVERY):
            now = time.monotonic()
            long = [work for work in list(_open) if now - work.started >= AFTER]
            if long:
                long[-1].look()
                width = shutil.get_terminal_size().columns - 1
                stream.write(f"{CLEARED}{long[-1].line(now)[:width]}")
                stream.flush()
                is_said = True
        if is_said:
            stream.write(CLEARED)
            stream.flush()


def _duration(seconds: float) -> str:
    """A duration in minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
