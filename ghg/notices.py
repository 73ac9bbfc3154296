"""Notices: what a reader of any total of a run has to know, said with the result and never instead of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ghg.accounts import accounts
from ghg.issues import Issue, Severity
from ghg.numbers import percent
from ghg.resolve import pinned
from ghg.schema import Provenance
from ghg.stakes import left_out
from ghg.units import variants

if TYPE_CHECKING:
    from ghg.factors import Factor
    from ghg.runs import Run

LONGEST_YEAR = 371
"""Days of the longest financial year, of 53 weeks."""
LISTED = 20
"""Own factors without a row that are listed one by one."""


def notes_of(made: Run) -> list[Issue]:
    """What a reader of any total has to know: back-calculated activity, kept GWP sets."""
    shares = [
        f"{name} {percent(value.back_calculated)}"
        for name, value in made.result.figures().items()
        if value.back_calculated
    ]
    message = f"activity was {Provenance.BACK_CALCULATED} from published figures, behind: {', '.join(shares)}."
    hint = "It proves nothing about the figure it was derived from."
    notes = [Issue("back-calculated", message, hint, severity=Severity.NOTE)] if shares else []
    kept = [note for note in made.result.notes() if note.endswith("keeps it.")]
    notes += [
        Issue(
            "gwp-kept", note, "A CO2e factor cannot be re-based: its gases are not published.", severity=Severity.NOTE
        )
        for note in kept
    ]
    notes += [*_older(made), *_variants(made), *_uncounted_energy(made), *left_out(made), *_long(made)]
    # A row that did not post might have taken it.
    notes += [] if made.issues else _unused_pins(made)
    own = () if made.issues else [factor for factor in made.plan.table.own if not factor.is_reserved]
    used = set(made.plan.used) if own else set()
    idle = [factor for factor in own if not {row.id for row in factor.rows} & used]
    return notes + _unused(idle)


def _older(made: Run) -> list[Issue]:
    """One note a publication whose factors are older than the activity they are used for."""
    found: dict[str, dict[str, int]] = {}
    for match in made.plan.matches:
        for choice in match.choices:
            if choice.factor and choice.older:
                of = found.setdefault(choice.factor.first.source, {})
                of[choice.factor.id] = max(choice.older, of.get(choice.factor.id, 0))
    hint = "Name a younger publication where there is one; 'max_age_years' says how old a factor may be."
    said = []
    for source, ages in sorted(found.items()):
        oldest = max(sorted(ages), key=lambda name: ages[name])
        which = f"the factor {oldest} is" if len(ages) == 1 else f"{len(ages):,} factors of {source} are up to"
        such = "" if len(ages) == 1 else f", such as {oldest}"
        years = f"{ages[oldest]} year{'s' * (ages[oldest] > 1)}"
        said.append(f"{which} {years} older than the activity{such}.")
    return [Issue("factor-older", text, hint, severity=Severity.NOTE) for text in said]


def _variants(made: Run) -> list[Issue]:
    """One note a spelling that some read as a unit of another size."""
    hint = "Write the unit by its full name, such as 'therm_us', where it is the one meant."
    return [
        Issue("unit-variant", f"{spelling!r} is read as {variants()[spelling]}.", hint, severity=Severity.NOTE)
        for spelling in sorted({key.unit for key in made.plan.keys} & set(variants()))
    ]


def _long(made: Run) -> list[Issue]:
    """A note on a period of more than a year: a slip in its last day adds the rows of several years up."""
    days = (made.inventory.period.end - made.inventory.period.start).days + 1
    message = f"the period has {days:,} days, and totals are of all of them."
    hint = "An inventory is of one year; where a financial year was changed, say so in 'boundary'."
    return [Issue("period-long", message, hint, severity=Severity.NOTE)] if days > LONGEST_YEAR else []


def _unused_pins(made: Run) -> list[Issue]:
    """One note a pin that no choice follows."""
    followed = {
        (choice.book, choice.factor.id, choice.rung.partition(";")[0])
        for match in made.plan.matches for choice in match.choices if choice.factor
    }  # fmt: skip
    hint = "Check its activity, item and book against the rows, or remove it."
    return [
        Issue("pin-unused", f"no row of {pin.activity!r}{f' and {pin.item!r}' if pin.item else ''} in the {pin.book} "
              f"book takes the factor {pin.factor} that is pinned for it.", hint, severity=Severity.NOTE)
        for pin in made.inventory.pins
        if (pin.book, made.plan.table.find(pin.factor).id, pinned(pin.why).partition(";")[0]) not in followed
    ]  # fmt: skip


def _unused(idle: Sequence[Factor]) -> list[Issue]:
    """One note each on the first own factors that no row takes, and one on how many more there are."""
    hint = "Check its activity, basis, region and validity against the rows, or remove it."
    said = [
        f"no row takes the inventory's own factor {factor.id}: {factor.first.kind} of {factor.first.activity!r} "
        f"in {factor.first.region} ({factor.first.basis or 'no basis'}; {factor.first.validity})."
        for factor in idle[:LISTED]
    ]
    if idle[LISTED:]:
        said.append(
            f"no row takes {len(idle) - LISTED:,} more of the inventory's own factors, {idle[LISTED].id} the first."
        )
    return [Issue("factor-unused", text, hint, severity=Severity.NOTE) for text in said]


def _uncounted_energy(made: Run) -> list[Issue]:
    """One note an account whose rows should count as energy and were metered without a calorific value."""
    rows: dict[str, int] = {}
    # By match alone: the lines of ten million rows are not wanted here.
    for line in made.balance.by(()).lines:
        match = made.plan.matches[line.match]
        posted = {posting.measure for posting in match.postings}
        leased = any(posting.scope == "3" and posting.account == match.activity for posting in match.postings)
        if accounts()[match.activity].energy and "energy" not in posted and not leased:
            rows[match.activity] = rows.get(match.activity, 0) + line.rows
    message = "the energy of {:,} rows of {} is not in the energy figures: their factor is per mass or volume."
    hint = "Select a method that takes a calorific value, or meter the fuel as energy."
    return [
        Issue("energy-not-counted", message.format(count, name), hint, severity=Severity.NOTE)
        for name, count in rows.items()
    ]
