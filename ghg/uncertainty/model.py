"""The model that both approaches share: every posting as a weight times independent errors.

A posting is amount × parameters × factor × GWP, so its error is a product of multipliers. Each multiplier is drawn once
wherever its input is used: a factor by all its rows, a GWP by all gases of its kind, a measurement by all its rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import sqrt
from typing import TYPE_CHECKING, Literal

from ghg.gases import gases
from ghg.issues import GhgError, listing
from ghg.ledger import Entry, entries
from ghg.schema import Provenance
from ghg.uncertainty.composition import Line, Part, compose
from ghg.uncertainty.distributions import Distribution, around
from ghg.uncertainty.inputs import Inputs, Missing, Stated
from ghg.uncertainty.policy import Policy, Shares
from ghg.units import BASE, conversion, unit

if TYPE_CHECKING:
    from ghg.runs import Run

Group = Literal["activity", "factor", "gwp", "shares"]
"""What an error belongs to."""
Cell = tuple[str, str, str]
"""Book, scope and category of a posting: figures are sums of cells."""


@dataclass(frozen=True, slots=True)
class Source:
    """One independent error.

    Attributes:
        group: what it belongs to.
        name: the factor row, gas or measurement.
        stated: the statement it rests on, as written.
        why: the reason the policy gives, or where the bounds are published.
        distribution: of its multiplier; ``ONE`` for shares, which are drawn together.
    """

    group: Group
    name: str
    stated: str
    why: str
    distribution: Distribution


ONE = Distribution("normal", (1.0, 0.0))


@dataclass(frozen=True, slots=True)
class Whole:
    """A source whose parts are shares of a whole: Dirichlet.

    Attributes:
        source: position of its source.
        answers: how many answers the shares rest on.
        shares: the share of each part; they sum to one.
    """

    source: int
    answers: int
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """One posting of one measurement.

    Attributes:
        cell: where it is counted.
        weight: t CO2e with every multiplier at one.
        sources: positions of the errors that multiply it, sorted.
        share: position of its whole and of its part, where it is a share.
        is_covered: whether every input of it has a stated uncertainty.
    """

    cell: Cell
    weight: float
    sources: tuple[int, ...]
    share: tuple[int, int] | None
    is_covered: bool


@dataclass
class Model:
    """Sources and terms of a run, with the inputs nothing is stated for and the rules that no input takes."""

    sources: list[Source] = field(default_factory=list)
    wholes: list[Whole] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    missing: dict[tuple[str, str], Missing] = field(default_factory=dict)
    idle: list[str] = field(default_factory=list)


def build(run: Run, policy: Policy, since: Run | None = None) -> Model:
    """The model of a run's emissions under a policy, or of their change since another run."""
    model = Model()
    known: dict[tuple[str, ...], int] = {}
    used = _Builder(run, policy, model, known).add(1)
    if since:
        used |= _Builder(since, policy, model, known).add(-1)
    model.idle = policy.idle(used)
    return model


EXACT, UNSTATED, SOLVED_FROM_IT = -1, -2, -3
"""In place of a source: the input counts as exact; nothing is stated for it; it rests on the figure itself."""
SOLVED = "back-calculated activity"
"""Group of amounts that were solved from the figure they are used for."""


class _Builder:
    """Walks the postings of a run once."""

    def __init__(self, run: Run, policy: Policy, model: Model, known: dict[tuple[str, ...], int]) -> None:
        self.run = run
        self.policy = policy
        self.inputs = Inputs(policy, run.valuation)
        self.model = model
        self._known = known
        self._factors: dict[str, int] = {}
        self._gwps: dict[str, int] = {}
        self._names = _dimensions(run, policy)
        self._parts = compose(run, policy, self._names)
        self._wholes = {stated.measurement: _lines(self._names, self._parts, stated) for stated in policy.shares}
        self._tonne = float(conversion(unit(BASE["mass"]), unit("t")))

    def add(self, sign: int) -> set[tuple[str, int]]:
        """Every posting of emissions as terms, each with a sign; gives the rules of the policy that were used."""
        for stated in self.policy.shares:
            name, text = f"shares of {stated.measurement}", f"{stated.answers} answers"
            source = self._source(("shares", name), Source("shares", name, text, stated.why, ONE))
            if source not in [whole.source for whole in self.model.wholes]:
                shares = tuple(self._wholes[stated.measurement].values())
                self.model.wholes.append(Whole(source, int(stated.answers), shares))
        for entry in entries(self.run.balance.by(self._names), self.run.plan, self.run.valuation):
            if entry.posting.measure == "emissions" and entry.value:
                self.model.terms += self._terms(entry, sign)
        return self.inputs.used

    def _terms(self, entry: Entry, sign: int) -> Iterator[Term]:
        posting = entry.posting
        cell = (posting.book, posting.scope, posting.category)
        line = (entry.line.match, entry.line.dimensions)
        parts = self._parts.get(line) or [Part("", "", entry.line.amount, 0.0, entry.line.rows)]
        whole = sum(part.amount for part in parts)
        for part in parts:
            known = list(self._inputs(entry, part))
            sources = tuple(sorted({number for number in known if number >= 0}))
            weight = sign * float(entry.value) * self._tonne * (part.amount / whole if whole else 0.0)
            yield Term(cell, weight, sources, self._share(line, part), UNSTATED not in known)

    def _inputs(self, entry: Entry, part: Part) -> Iterator[int]:
        """The errors that multiply a part; none of the factor's where the amount was solved with it."""
        posting, amount = entry.posting, self._amount(entry, part)
        if amount == SOLVED_FROM_IT:
            yield UNSTATED
            return
        yield amount
        yield from (self._factor(name) for name in (*posting.parameters, posting.factor) if name)
        yield self._gwp(posting.gas)

    def _amount(self, entry: Entry, part: Part) -> int:
        """The error of the amount of a part."""
        activity = self.run.plan.matches[entry.line.match].activity
        provenance, entity = entry.dimensions["provenance"], entry.dimensions.get("entity", "")
        stated = self.inputs.amount(activity, provenance, entity, part.uncertainty)
        kind = " ".join(filter(None, (activity, provenance, entity)))
        if stated is None and provenance == Provenance.BACK_CALCULATED:
            self.model.missing.setdefault((SOLVED, kind), Missing(SOLVED, kind))
            return SOLVED_FROM_IT
        if part.measurement or self.policy.rows == "shared":
            return self._found(("activity", part.measurement or kind), stated)
        if stated and stated.distribution:
            stated = replace(stated, distribution=_summed(stated.distribution, part))
        line = (str(entry.line.match), *entry.line.dimensions)
        return self._found(("activity", kind), stated, line)

    def _factor(self, name: str) -> int:
        """The error of a factor row or parameter; another value under its id is another source."""
        if name not in self._factors:
            row = self.run.valuation.rows[name]
            self._factors[name] = self._found(("factor", row.id), self.inputs.factor(row), (row.value, row.unit))
        return self._factors[name]

    def _gwp(self, gas: str) -> int:
        """The error of a GWP, shared by the gases of one formula: methane is methane whatever its origin."""
        if gas not in self._gwps:
            name = gases()[gas].formula if gas in gases() else gas
            self._gwps[gas] = self._found(("gwp", name), self.inputs.potential(gas), (self.run.valuation.gwp,))
        return self._gwps[gas]

    def _share(self, line: Line, part: Part) -> tuple[int, int] | None:
        """Which whole the part is a share of, and which share."""
        if part.measurement not in self._wholes:
            return None
        return list(self._wholes).index(part.measurement), list(self._wholes[part.measurement]).index(line)

    def _found(self, named: tuple[Group, str], stated: Stated | None, more: tuple[str, ...] = ()) -> int:
        """The position of an input's error, or why it has none."""
        group, name = named
        if stated is None:
            self.model.missing.setdefault((group, name), Missing(group, name))
            return UNSTATED
        if stated.distribution is None:
            return EXACT
        key = (group, "together", stated.together) if stated.together else (*named, *more)
        source = Source(group, stated.together or name, stated.text, stated.why, stated.distribution)
        return self._source((*key, stated.text), source)

    def _source(self, key: tuple[str, ...], source: Source) -> int:
        """The position of a source, added when it is first met."""
        if key not in self._known:
            self._known[key] = len(self.model.sources)
            self.model.sources.append(source)
        return self._known[key]


def _dimensions(run: Run, policy: Policy) -> tuple[str, ...]:
    """The dimensions of a balance that sources are told apart by; the fewer, the fewer terms."""
    by_entity = policy.rows == "shared" or any(rule.entity is not None for rule in policy.activity)
    wanted = ("unit", "provenance", *(("entity",) if by_entity else ()))
    return tuple(name for name in run.balance.names if name in wanted)


def _summed(distribution: Distribution, part: Part) -> Distribution:
    """The error of a sum of rows that err independently."""
    if part.rows == 1 or not part.amount:
        return distribution
    return around(distribution.mean, distribution.deviation * sqrt(part.squares) / abs(part.amount))


def _lines(names: Sequence[str], parts: Mapping[Line, Sequence[Part]], stated: Shares) -> dict[Line, float]:
    """The lines that are shares of a measurement, each with its share.

    Raises:
        GhgError: no row names the measurement, its amounts cannot be added, or they make no shares.
    """
    position = names.index("unit")
    units = {line: unit(line[1][position]) for line in parts}
    amounts = {
        line: float(
            sum(part.amount for part in found if part.measurement == stated.measurement) * units[line].multiplier
        )
        for line, found in parts.items()
        if any(part.measurement == stated.measurement for part in found)
    }
    if not amounts:
        raise GhgError(f"no row names the measurement {stated.measurement!r}, whose shares the policy states.")
    dimensions = sorted({units[line].dimension for line in amounts})
    if len(dimensions) > 1 or min(amounts.values()) <= 0:
        raise GhgError(
            f"the rows of {stated.measurement!r} are no shares of a whole: "
            + (f"they measure {listing(dimensions)}." if len(dimensions) > 1 else "an amount is not above zero.")
        )
    total = sum(amounts.values())
    return {line: amount / total for line, amount in amounts.items()}
