"""Which statement of uncertainty applies to an input: its own, else the first rule of the policy that fits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from ghg.factors import FactorRow
from ghg.gases import CO2E, gwp
from ghg.ledger import Valuation
from ghg.numbers import parse
from ghg.reading.shipped import shipped
from ghg.schema import Provenance
from ghg.uncertainty.distributions import Distribution, fit
from ghg.uncertainty.policy import ActivityRule, FactorRule, GwpRule, Policy
from ghg.uncertainty.spread import Spread, between, read, rounded

REFERENCE = ("", CO2E, "CO2", "CO2_biogenic")
"""Gases without a GWP of their own: printed equivalents, and carbon dioxide, which is the unit."""
ANY = "*"
Rule = TypeVar("Rule", ActivityRule, FactorRule, GwpRule)


@dataclass(frozen=True, slots=True)
class Missing:
    """An input that nothing states an uncertainty for."""

    group: str
    name: str


@dataclass(frozen=True, slots=True)
class Stated:
    """What is stated for an input.

    Attributes:
        text: the statement, as written.
        why: the reason, or where the bounds are published.
        distribution: of its multiplier; none for an input that counts as exact.
        together: the error it shares with others; blank when it errs by itself.
    """

    text: str
    why: str
    distribution: Distribution | None
    together: str = ""


class GwpWidth(BaseModel):
    """The published width of a GWP: half of the interval at a level, in per cent or in units of the GWP."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    gwp_set: str
    gas: str
    half_width: str
    of: Literal["percent", "gwp"]
    level: str
    source: str
    locator: str
    verification: str
    note: str

    def distribution(self, kind: str, value: float) -> Distribution:
        """The distribution of a GWP of a value."""
        width = float(self.half_width) / (100 if self.of == "percent" else value)
        return fit(kind, 1 - width, 1 + width, float(self.level))


@cache
def gwp_widths() -> Mapping[tuple[str, str], GwpWidth]:
    """The published widths by set and gas."""
    return {(row.gwp_set, row.gas): row for row in shipped("uncertainty/gwp.csv", GwpWidth)}


class Inputs:
    """Answers for the inputs of a run under a policy and a valuation.

    Attributes:
        used: the rules that answered so far, each by its list and its place in it.
    """

    def __init__(self, policy: Policy, valuation: Valuation) -> None:
        self.policy = policy
        self.valuation = valuation
        self.used: set[tuple[str, int]] = set()

    def amount(self, activity: str, provenance: str, entity: str, own: str) -> Stated | None:
        """What is stated for amounts; a row's own cell comes first.

        A back-calculated amount was solved with the factor that multiplies it. Only a rule for that provenance speaks
        about it.
        """
        if own:
            return Stated(own, "stated in the activity table", read(own).distribution)
        solved = provenance == Provenance.BACK_CALCULATED
        rule = self._first(
            "activity",
            self.policy.activity,
            {"activity": activity, "provenance": provenance, "entity": entity},
            lambda rule: not solved or rule.provenance is not None,
        )
        return _stated(rule, rule.stated.distribution) if rule else None

    def factor(self, row: FactorRow) -> Stated | None:
        """What is stated for a factor row or parameter."""
        bounds = bool(row.lower and row.upper)
        fields = {
            "factor": row.factor, "publication": row.source, "kind": row.kind, "basis": row.basis, "gas": row.gas
        }  # fmt: skip
        rules = (
            rule if rule.factor != row.id else rule.model_copy(update={"factor": row.factor})
            for rule in self.policy.factors
        )
        rule = self._first("factors", rules, fields, lambda rule: bounds or rule.stated.form != "bounds")
        return _stated(rule, _factor(row, rule.stated)) if rule else None

    def potential(self, gas: str) -> Stated | None:
        """What is stated for the GWP of a gas."""
        if gas in REFERENCE:
            return Stated("exact", "its GWP is one by definition", None)
        if not self.policy.gwp:
            return Stated("exact", "the policy has no rule for GWPs", None)
        name = self.valuation.gwp
        published = gwp_widths().get((name, gas)) or gwp_widths().get((name, ANY))
        rule = self._first(
            "gwp", self.policy.gwp, {"gas": gas}, lambda rule: bool(published) or rule.stated.form != "bounds"
        )
        if rule is None:
            return None
        if rule.stated.form != "bounds" or published is None:
            return _stated(rule, rule.stated.distribution)
        found = published.distribution(rule.stated.kind, float(gwp(name, gas).amount))
        return Stated(rule.spread, f"{published.source}, {published.locator}", found)

    def _first(
        self, group: str, rules: Iterable[Rule], fields: Mapping[str, str], suits: Callable[[Rule], bool]
    ) -> Rule | None:  # fmt: skip
        """The first rule of a list whose named fields are those of the input."""
        for place, rule in enumerate(rules):
            named = ((name, getattr(rule, name)) for name in fields)
            if all(wanted is None or wanted == fields[name] for name, wanted in named) and suits(rule):
                self.used.add((group, place))
                return rule
        return None


def _stated(rule: ActivityRule | FactorRule | GwpRule, distribution: Distribution | None) -> Stated:
    """What a rule states."""
    return Stated(rule.spread, rule.why, distribution, rule.together or "")


def _factor(row: FactorRow, spread: Spread) -> Distribution | None:
    """The distribution of a factor row under a statement."""
    if spread.form == "rounding":
        return rounded(row.value)
    if spread.form == "bounds":
        return between(spread.kind, row.amount, parse(row.lower), parse(row.upper))
    return spread.distribution
