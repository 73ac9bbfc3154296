"""A conformance suite for any greenhouse gas engine: laws and published worked examples behind a small interface.

``ghg conformance`` tries it on an engine; an adapter for another is an ``Engine``, a few lines long. Needs the extra
``ghg[testing]``.
"""

from ghg.conformance.adapters import ENGINES
from ghg.conformance.engine import Answers, Engine, Line
from ghg.conformance.examples import Example, Examples, Expected, read_examples, shipped
from ghg.conformance.scoring import Score, scores, table

__all__ = [
    "ENGINES", "Answers", "Engine", "Example", "Examples", "Expected", "Line", "Score", "read_examples", "scores",
    "shipped", "table",
]  # fmt: skip
