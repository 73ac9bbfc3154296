"""A run: an inventory and its rows in; issues, plan, balance and result out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ghg import activity, frames, remarks
from ghg.boundary import report as boundary
from ghg.boundary.beside import NOTHING, Beside, read_beside
from ghg.bulk.scans import Scan
from ghg.change.question import Question
from ghg.change.values import Change, changed_gwp, changed_rows
from ghg.engines import Engine
from ghg.factors import FactorTable, library, read_factors
from ghg.instruments import report
from ghg.inventory import Inventory, InventoryFile, check_names, read_inventory
from ghg.issues import QUESTIONS, GhgError, InputError, Issue, Severity
from ghg.ledger import Balance, Valuation
from ghg.lock import hold
from ghg.notices import notes_of
from ghg.plan import Plan
from ghg.posted import post
from ghg.quality import portfolio, samples, shares
from ghg.statement import Result, Statement, Value
from ghg.uncertainty.policy import DRAWS, SEED, Policy

if TYPE_CHECKING:
    from ghg.change.bridge import Bridge
    from ghg.change.forms import Step
    from ghg.change.index import Index
    from ghg.check import Check
    from ghg.figures import Book
    from ghg.instruments.application import Applied
    from ghg.lineage import Explanation
    from ghg.uncertainty.estimate import Estimate


@dataclass(frozen=True)
class Run:
    """A computed inventory.

    Attributes:
        inventory: what was asked for.
        plan: what was decided, and why.
        balance: exact sums of the posted rows.
        valuation: factor values and GWP set of the result.
        issues: problems and notes, in file order.
        file: the inventory's file; none when the run came from frames.
        engine: holds the rows, for lineage.
        changes: what a what-if changed.
        question: the what-if itself, from its baseline on.
        baseline: the run a what-if started from.
        instruments: what came of the contractual instruments; none where the inventory names none.
        scans: the tables that were scanned in place.
        frame: what kind of frame took the place of the inventory's tables; blank where none did.
    """

    inventory: Inventory
    plan: Plan
    balance: Balance
    valuation: Valuation
    issues: tuple[Issue, ...]
    file: InventoryFile | None
    engine: Engine = field(repr=False)
    changes: tuple[Change, ...] = ()
    question: Question = field(default_factory=Question)
    baseline: Run | None = field(default=None, repr=False)
    instruments: Applied | None = field(default=None, repr=False)
    scans: tuple[Scan, ...] = field(default=(), repr=False)
    frame: str = ""

    @cached_property
    def result(self) -> Result:
        """The values of the balance."""
        if self.baseline and self.question.is_of_values:
            from ghg.change.index import Revalued

            changed = {change.what: self.valuation.rows[change.what] for change in self.changes}
            return Revalued(self.baseline.index, changed, self.plan, self.balance, self.valuation,
                            self.inventory.denominators, self.baseline.result.absent, self.inventory.books)  # fmt: skip
        return Result(self.plan, self.balance, self.valuation, self.inventory.denominators, self.inventory.books)

    @cached_property
    def index(self) -> Index:
        """The postings by factor, for what-ifs and sensitivity."""
        from ghg.change.index import Index

        return Index(self.plan, self.balance, self.valuation)

    @cached_property
    def quality(self) -> dict[str, shares.Quality]:
        """What each figure of emissions rests on: data types, provenance, verification, rungs, scores."""
        return shares.qualities(self)

    @property
    def errors(self) -> tuple[Issue, ...]:
        """The issues that keep rows from posting."""
        return tuple(issue for issue in self.issues if issue.severity is Severity.ERROR)

    @property
    def is_complete(self) -> bool:
        """Whether every row posted."""
        return not self.errors and not self.balance.unposted

    def totals(self, *by: str, book: str | None = None) -> Statement:
        """Emissions in t CO2e by any dimensions; see ``Result.totals``."""
        return self.result.totals(*by, book=book)

    def figure(self, name: str) -> Value | None:
        """The value of a figure such as ``scope2``; see ``Result.figure``."""
        return self.result.figure(name)

    def intensity(self, denominator: str, figure: str = "scope1+2") -> Value | None:
        """A figure per unit of a denominator.

        Raises:
            UnknownNameError: no figure or denominator has the name.
        """
        return self.result.figure(f"{figure}/{denominator}")

    def explain(self, figure: str | None = None, *, scope: int | None = None) -> Explanation:
        """How a figure comes about, down to rows, factors and sources.

        Args:
            figure: a figure such as ``scope1+2/revenue``.
            scope: shorthand for the figure of a scope.

        Raises:
            UnknownNameError: no figure has the name.
            GhgError: neither or both are given, or nothing posts to the figure.
        """
        from ghg.lineage import explain

        if (figure is None) == (scope is None):
            raise GhgError("name one figure to explain, such as 'scope2', or a scope.")
        return explain(self, f"scope{scope}" if figure is None else figure)

    def check(self) -> Check:
        """The published figures beside the recomputed ones, each with its verdict.

        Raises:
            GhgError: the inventory names no published table.
            InputError: the published table is wrong.
        """
        from ghg.check import check

        return check(self)

    def what_if(
        self,
        values: Mapping[str, str] | None = None,
        *,
        scale: Mapping[str, str] | None = None,
        swap: Mapping[str, str] | None = None,
        gwp: str | None = None,
        file: str | Path | Sequence[str | Path] = (),
        steps: Sequence[Step] = (),
    ) -> Run:
        """The run with something changed, from its balance; equal to a full run with the changes.

        A what-if of a what-if stacks on it; ``baseline`` is the run under all of them. Changes apply in this order:
        files, ``swap``, ``values``, ``scale``, ``gwp``, ``steps``.

        Args:
            values: factor id to ``"VALUE UNIT"``, such as ``{"cn-mee-2022:national": "0.45 kg/kWh"}``.
            scale: factor id to a number that its value is multiplied by, such as ``{"cn-mee-2022:national": "0.9"}``.
            swap: factor id to another's, or publication to another, such as ``{"cn-mee-2022": "cn-mee-2023"}``.
            gwp: another GWP set.
            file: a what-if file, or several in the order they stack.
            steps: changes as ``ghg.change.forms`` has them.

        Raises:
            UnknownNameError: no factor, publication or GWP set has the name.
            GhgError: a change does not fit what it names, or a file stacks on another inventory.
            InputError: a what-if file is wrong.
        """
        from ghg.change.applying import applied
        from ghg.change.asking import asked_of

        if not all(hasattr(step, "change") for step in steps):
            raise GhgError("steps are changes as ghg.change.forms has them, such as SetGwp.")
        files = (file,) if isinstance(file, str | Path) else tuple(file)
        inventory = self.file.name if self.file else None
        asked = asked_of(self.inventory, inventory, values=values, scale=scale, swap=swap, gwp=gwp, files=files)
        return applied(self.baseline or self, self.question.then(asked).then(Question(tuple(steps))))

    def uncertainty(
        self,
        policy: Policy | None = None,
        *,
        since: Run | None = None,
        approach: int = 2,
        draws: int = DRAWS,
        seed: int = SEED,
        threads: int | None = None,
    ) -> Estimate:
        """The 95 % interval of every emission figure, and what it comes from; see ``uncertainty.estimate``.

        Args:
            policy: what is stated about inputs; the inventory's own section when none is given.
            since: a run to subtract, such as the baseline of a what-if: the figures are then changes.
            approach: 1 (closed form) or 2 (Monte Carlo).
            draws: how many draws approach 2 makes.
            seed: where its random numbers start.
            threads: how many threads draw; the result does not depend on it.

        Raises:
            GhgError: nothing is stated, or an argument is out of range.
            InputError: an input has no stated uncertainty and the policy does not say how to treat it.
        """
        from ghg.uncertainty.estimate import estimate

        return estimate(self, policy, since=since, approach=approach, draws=draws, seed=seed, threads=threads)

    def again(self, inventory: Inventory) -> Run:
        """The tables of this run read and computed again under another inventory.

        Raises:
            GhgError: the run has no file, or was computed with values of its own.
            InputError: a table is wrong.
        """
        if self.file is None or self.frame or self.changes:
            raise GhgError("another boundary or other instruments need the inventory's tables read again: run its file "
                           "and ask there.")  # fmt: skip
        return run_file(replace(self.file, inventory=inventory), Asked(gwp=self.valuation.gwp))

    def compare(self, other: Run, *by: str, book: str | None = None) -> Statement:
        """The other run, this one, and the change, line by line.

        Args:
            other: the run before.
            by: dimensions of the lines, such as ``scope``, ``category`` or ``factor``; none for the figures.
            book: the Scope 2 book of totals by dimensions.

        Raises:
            UnknownNameError: a dimension is not known.
            GhgError: the books would be added.
        """
        from ghg.change.comparison import compare

        return compare(other, self, by, book)

    def bridge(self, other: Run, book: Book = "location") -> Bridge:
        """What makes the difference from the other run to this one, exact and in no order.

        Args:
            other: the run before, of this inventory or of another.
            book: the Scope 2 book.

        Raises:
            GhgError: a run does not compute the book.
        """
        from ghg.change.bridge import bridge

        return bridge(other, self, book)

    def save(self, folder: str | Path, *, replace: bool = False) -> Path:
        """Write the evidence of the run as a folder, whole or not at all.

        Raises:
            GhgError: the folder exists and ``replace`` is not set, or it cannot be written.
        """
        from ghg.evidence import save

        return save(self, Path(folder), replace=replace)

    def close(self) -> None:
        """Free the rows; totals stay available, lineage does not."""
        self.engine.close()


def run(
    inventory: str | Path,
    *,
    values: Mapping[str, str] | None = None,
    gwp: str | None = None,
    threads: int | None = None,
    incomplete: bool = False,
    activity: object = None,
    engine: str = "",
) -> Run:
    """Compute an inventory file.

    Args:
        inventory: path of the YAML file; ``scenarios/…`` falls back to the shipped scenarios.
        values: factor values to use instead of the library's; the full-run twin of ``Run.what_if``.
        gwp: GWP set to use instead of the inventory's.
        threads: threads of the engine; the result does not depend on it.
        incomplete: give a result although rows did not post; it says so.
        activity: a frame (pandas, Polars, Arrow, DuckDB, Spark) in place of the tables the inventory names.
        engine: ``duckdb``, ``python`` (every row through the strict checks), ``spark`` or ``spark:MASTER``; what is
            passed decides where it is blank. The result does not depend on it.

    Raises:
        InputError: the inventory or its tables are wrong; every problem is listed.
        UnknownNameError: a factor, GWP set or engine is not known.
    """
    asked = Asked(values or {}, gwp, threads, incomplete, activity=activity, engine=engine)
    return run_file(read_inventory(inventory), asked)


def run_file(file: InventoryFile, asked: Asked) -> Run:
    """The run of an inventory file that was read; raises as ``run`` does."""
    beside = read_beside(file)

    def factors() -> FactorTable:
        paths = map(file.path, file.inventory.factors)
        own = [own for path in paths for own in read_factors(*path, is_own=True, notes=beside.read)]
        return library().with_own(beside.instruments.factors(own) if beside.instruments else own)

    return compute(
        file.inventory, factors, lambda engine: frames.load_rows(engine, file, asked.activity), asked, file, beside
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What a caller asks beside an inventory: values, threads, a result in spite of wrong rows, a frame, an engine."""

    values: Mapping[str, str] = field(default_factory=dict)
    gwp: str | None = None
    threads: int | None = None
    incomplete: bool = False
    readable: Sequence[Path] = ()
    activity: object = None
    engine: str = ""


def compute(
    inventory: Inventory,
    factors: Callable[[], FactorTable],
    load: Callable[[Engine], activity.Read | None],
    asked: Asked,
    file: InventoryFile | None = None,
    beside: Beside = NOTHING,
) -> Run:
    """Compute an inventory over rows that ``load`` puts into the engine table ``rows``.

    The factors are read while the engine looks through the rows.

    Raises:
        InputError: rows are wrong and an incomplete result was not asked for.
    """
    engine = Engine(asked.threads, (*frames.readable(file), *asked.readable))
    try:
        is_strict = frames.choose(engine, asked.engine, asked.activity)
        changes: list[Change] = [] if asked.gwp is None else [changed_gwp(inventory.gwp, asked.gwp)]
        published: list[FactorTable] = []

        def changed() -> FactorTable:
            published.append(factors())
            replaced, made = changed_rows(published[0], asked.values)
            changes[:0] = made
            table = published[0].with_rows(replaced)
            if file:
                check_names(file.document, inventory, table)
            return table

        rows = post(engine, inventory, changed, load, beside, is_strict=is_strict)
        # A question is no bad row: its answer changes how the whole file is read.
        if rows.found and (not asked.incomplete or any(issue.rule in QUESTIONS for issue in rows.found)):
            raise InputError(rows.found)  # noqa: TRY301 - the engine is closed on every way out
        held = hold(file, published[0], rows.plan.used, is_whole=not rows.found)
        notes = [*rows.notes, *remarks.notes(engine, inventory), *beside.notes(rows.applied, rows.plan), *held]
    except BaseException:
        engine.close()
        raise
    valuation = Valuation(rows.plan.table.rows, asked.gwp or inventory.gwp)
    made = Run(
        inventory, rows.plan, rows.balance, valuation, rows.found, file, engine, tuple(changes),
        instruments=rows.applied, scans=rows.scans, frame=frames.kind_of(asked.activity),
    )  # fmt: skip
    further = () if rows.found else (shares, portfolio, samples, report)
    said = [*notes_of(made), *boundary.notes(made), *(note for part in further for note in part.notes(made))]
    whole = replace(made, issues=(*rows.found, *notes, *said))
    # What the notes were worked out from is not worked out again.
    whole.__dict__.update({name: made.__dict__[name] for name in ("result", "quality") if name in made.__dict__})
    return whole
