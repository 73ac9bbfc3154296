"""The fifteen categories of Scope 3: each computed, or with the reason why not (Scope 3 Standard, chapters 6, 11)."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from ghg.figures import figures

Text = Annotated[str, StringConstraints(min_length=1)]
Number = Literal["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15"]
NO_REASON = "not computed; the inventory states no reason"


class Reason(BaseModel):
    """Why a category is not computed, or only in part.

    Attributes:
        status: ``excluded`` for what is relevant and left out, ``not_relevant`` for what the organisation does not
            have, ``not_computed`` for what is still to be done.
        why: the justification.
        estimate: the size of what is excluded, in words or tonnes; required for ``excluded``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    status: Literal["excluded", "not_relevant", "not_computed"]
    why: Text
    estimate: Text | None = None

    @model_validator(mode="after")
    def _sized(self) -> Self:
        if self.status == "excluded" and self.estimate is None:
            raise ValueError(
                "an exclusion states how large it is: give 'estimate', such as '< 1 % of Scope 3, from spend'"
            )
        return self

    def __str__(self) -> str:
        size = f" (estimate: {self.estimate})" if self.estimate else ""
        return f"{self.status.replace('_', ' ')}: {self.why}{size}"


@dataclass(frozen=True, slots=True)
class Category:
    """One category as an inventory has it.

    ``reason`` is blank where it is computed and nothing is stated about it.
    """

    figure: str
    label: str
    is_computed: bool
    status: str
    reason: str


def fifteen(computed: Container[str], stated: Mapping[Number, Reason]) -> tuple[Category, ...]:
    """Every category, in order: whether it is computed, or why not.

    Args:
        computed: ids of the figures that something posts to.
        stated: the inventory's section ``categories``.
    """
    made = []
    for number in get_args(Number):
        name, reason = f"scope3.{number}", stated.get(number)
        is_computed = name in computed
        status = "computed" if is_computed else reason.status if reason else "not_computed"
        said = str(reason) if reason else "" if is_computed else NO_REASON
        label = figures()[name].label.removeprefix("Scope 3 ")
        made.append(Category(name, label, is_computed, status, f"in part {said}" if is_computed and said else said))
    return tuple(made)
