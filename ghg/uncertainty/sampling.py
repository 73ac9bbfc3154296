"""Approach 2: Monte Carlo. Draws come in blocks, each from a seed of its own, so that threads change nothing.

Per block every source is drawn once and every term is a product of a few rows of that table. However many activity rows
there are, the work is draws × (sources + terms).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from typing import TYPE_CHECKING

from ghg.progress import steps
from ghg.uncertainty.distributions import KINDS
from ghg.uncertainty.model import Cell, Model, Whole

if TYPE_CHECKING:
    import numpy as np
    from numpy import float64
    from numpy.typing import NDArray

BLOCK = 128
"""Draws of one block: part of what a seed means, so it never changes."""


def sample(model: Model, draws: int, seed: int, threads: int | None = None) -> Mapping[Cell, NDArray[float64]]:
    """Draws of the total of every cell, in t CO2e; the same for any number of threads.

    Args:
        model: sources and terms.
        draws: how many.
        seed: any number from zero.
        threads: how many blocks are drawn at a time; as many as processors when none is given.
    """
    import numpy as np

    table = _Table(model)
    blocks = [(start, min(BLOCK, draws - start)) for start in range(0, draws, BLOCK)]
    totals = np.empty((len(table.cells), draws))

    def draw(block: tuple[int, int]) -> None:
        start, size = block
        generator = np.random.Generator(np.random.SFC64(np.random.SeedSequence([seed, start])))
        totals[:, start : start + size] = table.totals(generator, size)
        work.advance(size)

    with steps("drawing", draws, "draws") as work, ThreadPoolExecutor(threads or cpu_count() or 1) as pool:
        list(pool.map(draw, blocks))
    return dict(zip(table.cells, totals, strict=True))


class _Table:
    """A model as arrays: sources sorted by kind, terms sorted by cell."""

    def __init__(self, model: Model) -> None:
        import numpy as np

        order = sorted(range(len(model.sources)), key=lambda n: model.sources[n].distribution.kind)
        self.kinds = [
            (kind, self._columns(model, [n for n in order if model.sources[n].distribution.kind == kind]))
            for kind in sorted({model.sources[n].distribution.kind for n in order})
        ]
        row_of = {source: row for row, source in enumerate(order)}
        self.wholes = model.wholes
        self.starts_of_wholes = _starts(len(order), model.wholes)
        self.last = len(order) + sum(len(whole.shares) for whole in model.wholes)
        terms = sorted(model.terms, key=lambda term: term.cell)
        self.cells = sorted({term.cell for term in terms})
        self.starts = np.array([next(n for n, term in enumerate(terms) if term.cell == cell) for cell in self.cells])
        self.weights = np.array([term.weight for term in terms])[:, None]
        rows = [
            [row_of[source] for source in term.sources]
            + ([self.starts_of_wholes[term.share[0]] + term.share[1]] if term.share else [])
            for term in terms
        ]
        depth = max(map(len, rows), default=0)
        self.rows = [np.array([(row + [self.last] * depth)[n] for row in rows], dtype=np.int64) for n in range(depth)]

    @staticmethod
    def _columns(model: Model, sources: Sequence[int]) -> list[NDArray[float64]]:
        import numpy as np

        return list(np.array([model.sources[n].distribution.parameters for n in sources]).T[:, :, None])

    def totals(self, generator: np.random.Generator, size: int) -> NDArray[float64]:
        """Draws of every cell, one row a cell."""
        import numpy as np

        if not self.cells:
            return np.empty((0, size))
        drawn = self._draw(generator, size)
        product = np.repeat(self.weights, size, axis=1)
        for rows in self.rows:
            product *= drawn[rows]
        return np.asarray(np.add.reduceat(product, self.starts, axis=0))

    def _draw(self, generator: np.random.Generator, size: int) -> NDArray[float64]:
        """Multipliers, one row a source, then those of shares, then ones."""
        import numpy as np

        drawn = np.ones((self.last + 1, size))
        row = 0
        for kind, columns in self.kinds:
            after = row + len(columns[0])
            standard = generator.standard_normal if KINDS[kind].is_normal else generator.random
            drawn[row:after] = KINDS[kind].draw(columns, standard((after - row, size)))
            row = after
        for start, whole in zip(self.starts_of_wholes, self.wholes, strict=True):
            drawn[start : start + len(whole.shares)] = _shares(generator, whole, size)
        return drawn


def _starts(first: int, wholes: Sequence[Whole]) -> list[int]:
    """The first row of each whole's shares."""
    return [first + sum(len(other.shares) for other in wholes[:number]) for number in range(len(wholes))]


def _shares(generator: np.random.Generator, whole: Whole, size: int) -> NDArray[float64]:
    """Shares that sum to one in every draw, relative to their means."""
    import numpy as np

    means = np.array(whole.shares)[:, None]
    drawn = generator.standard_gamma(means * whole.answers, (len(whole.shares), size))
    return np.asarray(drawn / drawn.sum(axis=0) / means)
