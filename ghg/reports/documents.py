"""The JSON documents: pydantic models with a published schema. Values are decimal text, so nothing is lost on the way.

Nothing here depends on row order or on how rows are split: the same activity gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from ghg import __version__ as version
from ghg.categories import fifteen
from ghg.figures import figures
from ghg.issues import Issue
from ghg.numbers import decimal_text, is_finite

if TYPE_CHECKING:
    from fractions import Fraction

    from ghg.change.values import Change
    from ghg.check import Check
    from ghg.lineage import Explanation
    from ghg.quality.shares import Quality
    from ghg.resolve import Choice
    from ghg.runs import Run
    from ghg.statement import Statement, Value

EXACT = "whether `value` is the exact value; a quotient without a finite decimal form is given to 18 significant digits"


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, defer_build=True)


class IssueDocument(_Document):
    """A problem or note, with its place."""

    file: str
    line: int | None
    column: str
    rule: str
    value: str
    message: str
    hint: str
    severity: Literal["error", "note"]
    key: str


class IssuesDocument(_Document):
    """What is printed instead of a result when the input is wrong."""

    issues: list[IssueDocument]


class TotalDocument(_Document):
    """Emissions of one scope, category or gas; ``book`` is null where both books share them."""

    book: Literal["location", "market"] | None
    scope: int
    category: str | None
    gas: str = Field(description="CO2e, or the formula of a gas whose mass `value` is")
    value: str
    unit: str
    exact: bool = Field(description=EXACT)
    back_calculated_share: str = Field(description="share of the value that rests on back-calculated activity, 0 to 1")
    implied_factor_share: str = Field(description="share of the value that rests on an implied factor, 0 to 1")


class FigureDocument(_Document):
    """One figure of the statement."""

    figure: str
    label: str
    value: str
    unit: str
    exact: bool = Field(description=EXACT)
    back_calculated_share: str
    implied_factor_share: str


class QualityDocument(_Document):
    """What a figure of emissions rests on; shares of the figure, 0 to 1, those of each kind sum to one."""

    data_type: dict[str, str] = Field(description="what the methods count as: primary, average, spend")
    provenance: dict[str, str] = Field(description="where the amounts come from")
    verification: dict[str, str] = Field(description="how the factors were verified")
    rung: dict[str, str] = Field(description="rungs of the market-based hierarchy, of energy in that book")
    score: str | None = Field(description="mean data quality score of the rows that carry one, weighted by emissions")
    scored_share: str


class IntensityDocument(_Document):
    """A figure per unit of a denominator."""

    numerator: str
    denominator: str
    value: str
    unit: str
    exact: bool = Field(description=EXACT)
    back_calculated_share: str
    implied_factor_share: str


class PassedOverDocument(_Document):
    """A factor that was considered and not taken."""

    factor: str
    rule: str
    reason: str


class ChoiceDocument(_Document):
    """How a factor was chosen for an activity."""

    activity: str
    method: str
    book: str
    kind: str
    factor: str
    rung: str
    share: str = Field(description="share of the activity's days that the factor stands for, such as `1` or `92/366`")
    passed_over: list[PassedOverDocument]


class ChangeDocument(_Document):
    """A change of a what-if."""

    what: str
    before: str
    after: str
    why: str
    used: bool = Field(description="false where the change touches nothing of the inventory")


class CategoryDocument(_Document):
    """One category of Scope 3: computed, or the reason why not."""

    figure: str
    label: str
    status: Literal["computed", "excluded", "not_relevant", "not_computed"]
    reason: str = Field(description="what the inventory states about it; that it states nothing, where it does")


class RunDocument(_Document):
    """The result of a run."""

    inventory: str
    organisation: str
    period_start: str
    period_end: str
    gwp: str
    fingerprint: str = Field(description="SHA-256 of the plan: matches, factor rows used, GWP set, quantum")
    digest: str = Field(description="SHA-256 of the exact figures and intensities; equal results have equal digests")
    engine: str = Field(description="name and version of the engine that computed the result")
    unposted_rows: int
    outside_rows: int = Field(
        description="rows outside the boundary; posted, unposted and outside rows are the rows read"
    )
    complete: bool
    changes: list[ChangeDocument]
    totals: list[TotalDocument]
    figures: list[FigureDocument]
    quality: dict[str, QualityDocument] = Field(description="by the id of a figure of emissions")
    intensities: list[IntensityDocument]
    choices: list[ChoiceDocument]
    categories: list[CategoryDocument] = Field(description="the fifteen categories of Scope 3, always all of them")
    assumptions: list[str]
    issues: list[IssueDocument]


class FindingDocument(_Document):
    """A printed figure with its verdicts; ``residual`` is printed minus recomputed."""

    figure: str
    indicator: str
    unit: str
    published: str
    recomputed: str | None
    residual: str | None
    verdict: Literal["exact", "consistent", "implied", "differs", "not recomputed"]
    reason: str
    within_table: Literal["exact", "consistent", "implied", "differs", "not recomputed"] | None
    within_table_reason: str
    back_calculated_share: str
    implied_factor_share: str
    locator: str


class CheckDocument(_Document):
    """A published table checked."""

    inventory: str
    gwp: str
    differs: bool
    findings: list[FindingDocument]
    proofs: list[str]
    notes: list[str]


class ExplanationDocument(_Document):
    """The derivation of a figure, with every candidate that was passed over."""

    inventory: str
    figure: str
    label: str
    value: str
    unit: str
    exact: bool = Field(description=EXACT)
    lines: list[str]
    choices: list[ChoiceDocument]


class StatementDocument(_Document):
    """A table of exact values."""

    title: str
    columns: list[str]
    rows: list[list[str]]
    notes: list[str]


def issue_document(issue: Issue) -> IssueDocument:
    """An issue as its document."""
    return IssueDocument(
        file=issue.file, line=issue.line, column=issue.column, rule=issue.rule, value=issue.value,
        message=issue.message, hint=issue.hint, severity=issue.severity.value, key=issue.key,
    )  # fmt: skip


def issues_document(issues: Iterable[Issue]) -> IssuesDocument:
    """Issues as the document that stands in for a result."""
    return IssuesDocument(issues=[issue_document(issue) for issue in issues])


def run_document(run: Run) -> RunDocument:
    """A run as its document."""
    inventory = run.inventory
    return RunDocument(
        inventory=inventory.inventory,
        organisation=inventory.organisation,
        period_start=str(inventory.period.start),
        period_end=str(inventory.period.end),
        gwp=run.valuation.gwp,
        fingerprint=run.plan.fingerprint,
        digest=run.result.digest,
        engine=f"ghg {version}",
        unposted_rows=run.balance.unposted,
        outside_rows=run.balance.outside,
        complete=run.is_complete,
        changes=[change_document(change) for change in run.changes],
        totals=[
            *_totals(run, ("book", "scope")),
            *_totals(run, ("book", "scope", "category")),
            *_totals(run, ("book", "scope", "gas")),
        ],
        figures=[
            FigureDocument(figure=name, label=figures()[name].label, **_value(value))
            for name, value in run.result.figures().items()
        ],
        quality={name: _quality(found) for name, found in run.quality.items()},
        intensities=[
            IntensityDocument(numerator=name.partition("/")[0], denominator=name.partition("/")[2], **_value(value))
            for name, value in run.result.intensities().items()
        ],
        choices=[
            _choice(match.activity, match.method, choice) for match in run.plan.matches for choice in match.choices
        ],
        categories=[
            CategoryDocument.model_validate(
                {"figure": found.figure, "label": found.label, "status": found.status, "reason": found.reason}
            )
            for found in fifteen(run.result.figures(), inventory.categories)
        ],
        assumptions=list(inventory.assumptions),
        issues=[issue_document(issue) for issue in run.issues if not issue.is_remark],
    )


def change_document(change: Change) -> ChangeDocument:
    """A change of a what-if as its document."""
    return ChangeDocument(
        what=change.what, before=change.before, after=change.after, why=change.why, used=change.is_used
    )


def _text(value: Fraction) -> dict[str, str | bool]:
    return {"value": decimal_text(value), "exact": is_finite(value)}


def _quality(quality: Quality) -> QualityDocument:
    """The shares as decimal text."""
    kinds = ("data_type", "provenance", "verification", "rung")
    shares = {kind: {word: decimal_text(part) for word, part in getattr(quality, kind).items()} for kind in kinds}
    score = None if quality.score is None else decimal_text(quality.score)
    return QualityDocument(**shares, score=score, scored_share=decimal_text(quality.scored))


def _value(value: Value) -> dict[str, object]:
    """The fields every value has."""
    shares = {
        "back_calculated_share": decimal_text(value.back_calculated),
        "implied_factor_share": decimal_text(value.implied),
    }
    return {"unit": value.unit, **_text(value.amount), **shares}


def _totals(run: Run, by: tuple[str, ...]) -> list[TotalDocument]:
    """Totals by dimensions; by gas, the masses."""
    found = ((dict(zip(by, key, strict=True)), value) for key, value in run.result.grouped(by, of_mass="gas" in by))
    return [
        TotalDocument(
            book=_book(key["book"]),
            scope=int(key["scope"]),
            category=key.get("category"),
            gas=key.get("gas", "CO2e"),
            **_value(value),
        )
        for key, value in found
    ]


def _book(text: str) -> Literal["location", "market"] | None:
    return "location" if text == "location" else "market" if text == "market" else None


def _choice(activity: str, method: str, choice: Choice) -> ChoiceDocument:
    """A choice as its document."""
    passed = [
        PassedOverDocument(factor=other.factor, rule=other.rule, reason=other.reason) for other in choice.passed_over
    ]
    factor = choice.factor.id if choice.factor else ""
    return ChoiceDocument(
        activity=activity,
        method=method,
        book=choice.book,
        kind=choice.kind,
        factor=factor,
        rung=choice.rung,
        share=choice.share_text,
        passed_over=passed,
    )


def check_document(run: Run, check: Check) -> CheckDocument:
    """A check as its document."""
    findings = [
        FindingDocument(
            figure=found.published.figure,
            indicator=found.published.indicator,
            unit=found.published.unit_printed,
            published=found.published.printed,
            recomputed=decimal_text(found.value.amount) if found.value else None,
            residual=None if found.residual is None else decimal_text(found.residual),
            verdict=found.verdict.value,
            reason=found.reason,
            within_table=found.identity.verdict.value if found.identity else None,
            within_table_reason=found.identity.reason if found.identity else "",
            back_calculated_share=decimal_text(found.value.back_calculated) if found.value else "0",
            implied_factor_share=decimal_text(found.value.implied) if found.value else "0",
            locator=found.published.locator,
        )
        for found in check.findings
    ]
    return CheckDocument(
        inventory=run.inventory.inventory,
        gwp=run.valuation.gwp,
        differs=check.differs,
        findings=findings,
        proofs=list(check.proofs),
        notes=list(check.notes),
    )


def explanation_document(run: Run, explanation: Explanation) -> ExplanationDocument:
    """An explanation as its document."""
    behind = run.result.behind(figures()[explanation.figure.partition("/")[0]])
    matches = [run.plan.matches[number] for number in sorted({entry.line.match for entry in behind})]
    return ExplanationDocument(
        inventory=run.inventory.inventory, figure=explanation.figure, label=explanation.label, unit=explanation.unit,
        lines=list(explanation.lines),
        choices=[_choice(match.activity, match.method, choice) for match in matches for choice in match.choices],
        **_text(explanation.value),
    )  # fmt: skip


def statement_document(statement: Statement) -> StatementDocument:
    """A statement as its document."""
    return StatementDocument(
        title=statement.title, columns=list(statement.columns), rows=statement.texts(), notes=list(statement.notes)
    )


DOCUMENTS: dict[str, type[BaseModel]] = {
    "run": RunDocument, "check": CheckDocument, "explain": ExplanationDocument,
    "statement": StatementDocument, "issues": IssuesDocument,
}  # fmt: skip
"""Every document by the command that prints it; `ghg schema NAME` gives its JSON Schema."""
