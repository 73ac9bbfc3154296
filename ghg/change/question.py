"""What a what-if asks. A run keeps it; only asking one loads the changes themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ghg.change.forms import Step

OF_VALUES = frozenset({"set_factor", "scale_factor", "shift_factor"})
"""Changes of values of factors."""
OF_ROWS = frozenset({"pin_factor", "scale_activity", "drop_activity", "replace_activity", "add_activity"})
"""Changes that give rows another amount or another match."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a what-if asks: its changes in order, what it takes for granted, the titles of its files."""

    steps: tuple[Step, ...] = ()
    assumptions: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()

    def then(self, other: Question) -> Question:
        """This one and another stacked on it."""
        return Question(
            (*self.steps, *other.steps), (*self.assumptions, *other.assumptions), (*self.titles, *other.titles)
        )

    @property
    def is_of_values(self) -> bool:
        """Whether it changes values of factors alone."""
        return all(step.change in OF_VALUES for step in self.steps)

    @property
    def keeps_rows(self) -> bool:
        """Whether every row keeps its amount and its match, so that a figure can be followed down to them."""
        return not any(step.change in OF_ROWS for step in self.steps)
