"""The form of a method declaration."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class DataType(StrEnum):
    """What kind of data a method rests on (Scope 3 Standard, chapter 7)."""

    PRIMARY = "primary"
    AVERAGE = "average"
    SPEND = "spend"
    MEASURED = "measured"


class Method(BaseModel):
    """One calculation method.

    Attributes:
        id: ``group.variant``.
        title: what it does, in words.
        input: name of the amount a row gives.
        dimension: what the amount must measure; a trailing ``*`` stands for any continuation (``money_*``).
        parameters: kinds of parameter the amount is multiplied by, in order.
        parameter_activity: whose parameters: the first part of the account's factor activity, such as a fuel.
        canonical: dimension of the result, which the emission factor's denominator must measure.
        takes_factor: whether an emission factor follows; a measured quantity takes none.
        data_type: what the result counts as.
        standard: the text that allows the method, with its chapter.
        formula: the calculation in words.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    title: str
    input: str
    dimension: str
    parameters: tuple[str, ...] = ()
    canonical: str
    takes_factor: bool = True
    data_type: DataType
    standard: str
    formula: str

    def accepts(self, dimension: str) -> bool:
        """Whether an amount of this dimension fits the method."""
        return dimension == self.dimension or (
            self.dimension.endswith("*") and dimension.startswith(self.dimension[:-1])
        )

    def canonical_of(self, dimension: str) -> str:
        """The canonical dimension for an amount of this dimension."""
        return dimension if self.canonical.endswith("*") else self.canonical
