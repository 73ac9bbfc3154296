"""Gaps and overlaps of metered consumption: days of the period that no row of a meter covers, or two rows do.

A meter is what rows share in entity, site, activity, region and measurement. Energy and measured quantities are looked
at: a flight every other month is no gap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ghg.accounts import accounts
from ghg.engines import Engine, quoted
from ghg.inventory import Inventory
from ghg.issues import Issue, Severity
from ghg.schema import NONE

METER = ("entity", "site", "activity", "region", "measurement")
"""Columns whose rows belong to one meter."""
DAY = timedelta(days=1)
Inside = Callable[[str, date, date], bool]
"""Whether any day of an entity lies inside the boundary."""


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a row, with its place."""

    start: date
    end: date
    file: str
    line: int


def issues(engine: Engine, inventory: Inventory, inside: Inside) -> list[Issue]:
    """Gaps and overlaps of the sound rows, by meter; none where the inventory ignores them.

    Args:
        engine: holds ``rows`` and ``problems``.
        inventory: its period, and whether gaps and overlaps are ignored, noted or refused.
        inside: tells whether an entity belongs to the inventory on some days.
    """
    if inventory.continuity == "ignore":
        return []
    severity = Severity.NOTE if inventory.continuity == "note" else Severity.ERROR
    start, end = inventory.period.start, inventory.period.end
    made = []
    for meter, spans in _meters(engine).items():
        name = ", ".join(part for part in meter if part not in ("", NONE))
        first = spans[0]
        made += [
            Issue("meter-gap", f"{name}: no row from {gap[0]} to {gap[1]}, {_days(*gap)}.",
                  "Add the missing bill, or an estimate with provenance 'estimated'; a gap counts as nothing used.",
                  first.file, first.line, "start", "", severity)
            for gap in gaps(spans, start, end) if inside(meter[0], *gap)
        ]  # fmt: skip
        for earlier, later in overlaps(spans):
            last = min(later.end, earlier.end)
            message = (
                f"{name}: {later.start} to {last}, {_days(later.start, last)}, stands in "
                f"{earlier.file or 'row'}:{earlier.line} too."
            )
            hint = "Correct the dates, or name two meters in 'measurement' if both are right."
            value = str(later.start)
            made.append(
                Issue("meter-overlap", message, hint, later.file, later.line, "start", value, severity=severity)
            )
    return made


def gaps(spans: Sequence[Span], start: date, end: date) -> list[tuple[date, date]]:
    """The days of a period that no span covers, as first and last day of each gap; spans are sorted."""
    found, covered = [], start - DAY
    for span in spans:
        if span.start - covered > DAY:
            found.append((covered + DAY, min(span.start - DAY, end)))
        covered = max(covered, span.end)
    if covered < end:
        found.append((covered + DAY, end))
    return [(first, last) for first, last in found if first <= last]


def overlaps(spans: Iterable[Span]) -> list[tuple[Span, Span]]:
    """Each span that starts before an earlier one has ended, with that one; spans are sorted."""
    found: list[tuple[Span, Span]] = []
    longest: Span | None = None
    for span in spans:
        if longest and span.start <= longest.end:
            found.append((longest, span))
        longest = span if longest is None or span.end > longest.end else longest
    return found


def metered() -> list[str]:
    """The activities that are metered: energy and measured quantities."""
    return [name for name, account in accounts().items() if account.energy or account.measure != "emissions"]


def _meters(engine: Engine) -> Mapping[tuple[str, ...], list[Span]]:
    """The sorted spans of each meter."""
    words = metered()
    listed = ", ".join(quoted(name) for name in METER)
    marks = ", ".join(f"${number}" for number in range(1, len(words) + 1))
    rows = engine.rows(
        f"SELECT {listed}, start, \"end\", file, line FROM rows WHERE activity IN ({marks}) AND entry = 'activity' "
        'AND row NOT IN (SELECT row FROM problems) ORDER BY start, "end", file, line',
        words,
    )
    found: defaultdict[tuple[str, ...], list[Span]] = defaultdict(list)
    for *meter, start, end, file, line in rows:
        found[tuple(meter)].append(Span(date.fromisoformat(start), date.fromisoformat(end), file, int(line)))
    return {meter: found[meter] for meter in sorted(found)}


def _days(start: date, end: date) -> str:
    count = (end - start).days + 1
    return f"{count} day{'s' * (count > 1)}"
