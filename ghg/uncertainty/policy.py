"""What an inventory says about the uncertainty of its inputs: rules in order, each with its reason."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, field_validator, model_validator

from ghg.accounts import accounts
from ghg.issues import suggest
from ghg.schema import Provenance
from ghg.uncertainty.spread import Spread, read

Text = Annotated[str, StringConstraints(min_length=1)]
DRAWS, SEED = 10_000, 0
"""How many draws a Monte Carlo makes, and where its random numbers start, unless a call says otherwise."""


class _Rule(BaseModel):
    """A rule: what it applies to, the uncertainty, and why. The first rule that applies decides.

    ``together`` names an error that all inputs under the rule share: correlation one. Without it each errs by itself.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    spread: Text
    why: Text
    together: Text | None = None

    @field_validator("spread")
    @classmethod
    def _readable(cls, text: str) -> str:
        read(text)
        return text

    @model_validator(mode="after")
    def _alike(self) -> Self:
        if self.together and self.stated.form != "given":
            raise ValueError("inputs that err together share one width: state it, not 'bounds' or 'rounding'")
        return self

    @property
    def named(self) -> str:
        """What it applies to, in words; blank where that is everything."""
        fields = self.model_dump(exclude={"spread", "why", "together"}, exclude_none=True)
        return ", ".join(f"{name} {str(word)!r}" for name, word in fields.items())

    @property
    def stated(self) -> Spread:
        """The uncertainty, read."""
        return read(self.spread)


class ActivityRule(_Rule):
    """The uncertainty of amounts, by activity, provenance or entity; all of them when none is named.

    A row's own cell in the column ``uncertainty`` comes first.
    """

    activity: Text | None = None
    provenance: Provenance | None = None
    entity: Text | None = None

    @model_validator(mode="after")
    def _suits(self) -> Self:
        if self.activity is not None and self.activity not in accounts():
            raise ValueError(f"there is no activity {self.activity!r}.{suggest(self.activity, accounts())}")
        if self.stated.form not in ("exact", "given"):
            raise ValueError("amounts have no published bounds and no printed rounding: state a width, or 'exact'")
        return self


class FactorRule(_Rule):
    """The uncertainty of factor rows, by id, publication, kind, basis or gas; all of them when none is named.

    A rule that reads published bounds applies to rows that have them.
    """

    factor: Text | None = None
    publication: Text | None = None
    kind: Text | None = None
    basis: Text | None = None
    gas: Text | None = None


class GwpRule(_Rule):
    """The uncertainty of GWPs, of one gas or of all."""

    gas: Text | None = None

    @model_validator(mode="after")
    def _suits(self) -> Self:
        if self.stated.form == "rounding":
            raise ValueError("state the published bounds, a width, or 'exact'")
        return self


class Shares(BaseModel):
    """Rows of one measurement whose amounts are shares of a whole, such as the answers of a commuting survey.

    The shares sum to one in every draw (Dirichlet). ``answers`` is how many independent answers the shares rest on; the
    standard deviation of a share s is the square root of s (1 - s) / (answers + 1).
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    measurement: Text
    answers: Text
    why: Text

    @field_validator("answers")
    @classmethod
    def _counted(cls, text: str) -> str:
        if not (text.isascii() and text.isdigit() and int(text)):
            raise ValueError("a whole number of answers, one at least")
        return text


class Policy(BaseModel):
    """The section ``uncertainty`` of an inventory, or a policy file of its own.

    Attributes:
        rows: ``shared``: rows of one entity, activity and provenance share one error, however many there are;
            ``independent``: each row is a measurement of its own. Either way rows that name the same ``measurement``
            share its error.
        missing: ``refuse`` to state an uncertainty when an input has none, or ``disclose`` the share that is covered.
        activity: rules for amounts.
        factors: rules for factor rows and parameters.
        gwp: rules for GWPs; none means that they count as exact, which the result says.
        shares: measurements whose rows are shares of a whole.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    rows: Literal["shared", "independent"]
    missing: Literal["refuse", "disclose"] = "refuse"
    activity: tuple[ActivityRule, ...] = ()
    factors: tuple[FactorRule, ...] = ()
    gwp: tuple[GwpRule, ...] = ()
    shares: tuple[Shares, ...] = ()

    def idle(self, used: Collection[tuple[str, int]]) -> list[str]:
        """The rules that name something and are not among those used, each by its list and what it names."""
        lists: dict[str, tuple[_Rule, ...]] = {"activity": self.activity, "factors": self.factors, "gwp": self.gwp}
        return [
            f"{group} {rule.named} ({rule.spread})"
            for group, rules in lists.items()
            for place, rule in enumerate(rules)
            if rule.named and (group, place) not in used
        ]

    @field_validator("shares")
    @classmethod
    def _once(cls, shares: tuple[Shares, ...]) -> tuple[Shares, ...]:
        names = [share.measurement for share in shares]
        if len(set(names)) < len(names):
            raise ValueError("a measurement stands twice")
        return shares
