"""Remarks on sound rows: what a reader has to know of amounts and periods, said with the result."""

from __future__ import annotations

import re

from ghg.boundary.meters import metered
from ghg.engines import Engine, literal
from ghg.inventory import Inventory
from ghg.issues import Issue, Severity
from ghg.reading.cells import seen
from ghg.units import accepted
from ghg.workings import rounded

ENOUGH = 5
"""From how many rows of one meter on an amount can stand out among them."""
OTHERS = 3
"""From how many other rows on a row that is exactly their sum is no chance."""
TIMES = 100
"""How many times the median of its meter an amount has to be to stand out: a slip of the unit is a thousand."""
PLACE = "entity, site, activity, region, measurement"
METER = f"{PLACE}, measures"
"""What stands for a meter: rows that agree in these are compared, whatever unit they are in."""
NO_UNIT = "('', '', 1.0::DOUBLE)"
"""Stands for the sizes of units where no row has one."""
SOUND = "row NOT IN (SELECT row FROM problems)"


def notes(engine: Engine, inventory: Inventory) -> list[Issue]:
    """What a reader has to know of rows that posted, one note a file and rule."""
    return [
        *_quantised(engine, inventory),
        *_scientific(engine),
        *_standing_out(engine),
        *((*_overlapping(engine), *_gaps(engine)) if inventory.continuity == "ignore" else ()),
        *_repeated(engine),
        *_sums(engine),
        *(note for column in ("entity", "site") for note in _alike(engine, column)),
    ]


def _measured(engine: Engine) -> str:
    """Rows beside what their unit measures and its size; rows of an unknown unit are not sound and left out."""
    used = [name for (name,) in engine.rows("SELECT DISTINCT unit FROM rows ORDER BY unit") if name in accepted()]
    sizes = ((name, accepted()[name]) for name in used)
    listed = ", ".join(f"({literal(n)}, {literal(u.dimension)}, {float(u.multiplier)!r}::DOUBLE)" for n, u in sizes)
    return f"rows JOIN (VALUES {listed or NO_UNIT}) AS units(unit, measures, scale) USING (unit)"


def _standing_out(engine: Engine) -> list[Issue]:
    """Amounts far from the others of their meter; found with floating point, which no result rests on."""
    number = "abs(TRY_CAST(amount AS DOUBLE))"
    found = engine.rows(
        f"WITH sound AS (SELECT file, line, amount, unit, scale, {METER}, {number} * scale AS size "
        f"FROM {_measured(engine)} WHERE {SOUND} AND {number} > 0), "
        f"meters AS (SELECT {METER}, median(size) AS middle FROM sound GROUP BY ALL HAVING count(*) >= {ENOUGH}) "
        "SELECT file, min(line), count(*), arg_min(amount, line), arg_min(unit, line), arg_min(middle / scale, line) "
        f"FROM sound JOIN meters USING ({METER}) "
        f"WHERE size >= {TIMES} * middle OR size * {TIMES} <= middle GROUP BY file ORDER BY file"
    )
    message = (
        "Amounts at least {1} times more or less than is usual for their meter: {0:,}; here {2} {3} against {4:g}."
    )
    hint = "Check unit and decimal mark: a slip from kWh to MWh is a thousandfold."
    return [
        _note("number-outlier", message.format(count, TIMES, amount, unit, middle), hint, file, line, "amount")
        for file, line, count, amount, unit, middle in found
    ]


def _overlapping(engine: Engine) -> list[Issue]:
    """Periods of one meter that overlap without being the same: a day may be counted twice."""
    found = engine.rows(
        f'WITH periods AS (SELECT file, line, {METER}, start, "end" FROM {_measured(engine)} '
        f"WHERE {SOUND} AND entry <> 'correction'), "
        f'spans AS (SELECT {METER}, start, "end", min(line) AS line, arg_min(file, line) AS file '
        "FROM periods GROUP BY ALL), "
        f'walked AS (SELECT *, max("end") OVER (PARTITION BY {METER} ORDER BY start, "end" '
        "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM spans) "
        "SELECT file, min(line), count(*), arg_min(start, line), arg_min(before, line) FROM walked "
        "WHERE before >= start GROUP BY file ORDER BY file"
    )
    message = "Periods that overlap another of the same meter: {:,}; here one starts on {}, and another ends on {}."
    hint = "Check that no day is counted twice; 'continuity: note' in the inventory lists every overlap and gap."
    return [
        _note("period-overlap", message.format(count, start, before), hint, file, line, "start")
        for file, line, count, start, before in found
    ]


def _gaps(engine: Engine) -> list[Issue]:
    """Days between two periods of a meter that no row covers; a row of a single day is no period."""
    words = ", ".join(map(literal, metered()))
    found = engine.rows(
        f'WITH walked AS (SELECT file, line, start, max("end") OVER (PARTITION BY {METER} ORDER BY start, "end", line '
        f"ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM {_measured(engine)} "
        f"WHERE {SOUND} AND entry <> 'correction' AND start <> \"end\" AND activity IN ({words})) "
        "SELECT file, min(line), count(*), arg_min(before + 1, line), arg_min(starts - 1, line) FROM "
        "(SELECT file, line, CAST(start AS DATE) AS starts, CAST(before AS DATE) AS before FROM walked) "
        "WHERE starts > before + 1 GROUP BY file ORDER BY file"
    )
    message = "Gaps between two periods of a meter: {:,}; here no row covers {} to {}."
    hint = "A gap counts as nothing used: add what is missing; 'continuity: note' in the inventory lists every gap."
    return [
        _note("period-gap", message.format(count, first, last), hint, file, line, "start")
        for file, line, count, first, last in found
    ]


def _repeated(engine: Engine) -> list[Issue]:
    """Rows that differ from another in nothing but the id."""
    found = engine.rows(
        "WITH alike AS (SELECT min(line) AS line, arg_min(file, line) AS file, count(*) AS times "
        f"FROM rows WHERE {SOUND} "
        f'GROUP BY {PLACE}, unit, start, "end", amount, entry, note HAVING count(*) > 1) '
        "SELECT file, min(line), sum(times - 1) FROM alike GROUP BY file ORDER BY file"
    )
    message = "Rows that agree with another in everything but the id: {:,}; the first stands here."
    hint = "Check that nothing was entered twice."
    return [_note("row-repeated", message.format(int(count)), hint, file, line, "id") for file, line, count in found]


def _sums(engine: Engine) -> list[Issue]:
    """Rows whose amount is exactly the sum of all others of their activity or of their meter, in the same unit.

    A total has such an amount whatever it is called, and so has a year beside its months.
    """
    sound = (
        "SELECT file, line, amount, unit, site, entity, region, activity, item, measurement, "
        "high::HUGEINT * 1000000000 + low AS quanta FROM rows JOIN amounts USING (row) "
        f"WHERE {SOUND} AND entry <> 'correction' AND (high, low) <> (0, 0)"
    )
    ways = [
        f"SELECT file, line, amount, unit, 2 * quanta = sum(quanta) OVER (PARTITION BY {group}, unit) "
        f"AND count(*) OVER (PARTITION BY {group}, unit) > {OTHERS} AS is_sum FROM sound"
        for group in ("file, activity, item", f"file, item, {PLACE}")
    ]
    found = engine.rows(
        f"WITH sound AS ({sound}), sums AS (SELECT DISTINCT file, line, amount, unit FROM ({' UNION ALL '.join(ways)}) "
        "WHERE is_sum) SELECT file, min(line), count(*), arg_min(amount, line), arg_min(unit, line) FROM sums "
        "GROUP BY file ORDER BY file"
    )
    message = "Amounts that are exactly the sum of all others of their activity or meter: {:,}; here {} {}."
    hint = "Check that no total, and no year beside its months, is counted twice."
    return [
        _note("row-sum", message.format(count, amount, unit), hint, file, line, "amount")
        for file, line, count, amount, unit in found
    ]


def _alike(engine: Engine, column: str) -> list[Issue]:
    """Names of a column that differ in case, spaces and signs alone: one place, as often as not."""
    found = engine.rows(
        f"SELECT {column}, arg_min(file, row), arg_min(line, row) FROM rows WHERE {SOUND} GROUP BY 1 ORDER BY min(row)"
    )
    first: dict[str, str] = {}
    twins = []
    for name, file, line in found:
        plain = " ".join(re.findall(r"[^\W_]+", name.casefold()))
        if plain and first.setdefault(plain, name) != name:
            twins.append((first[plain], name, file, line))
    message = "Names written in another way elsewhere: {:,}; here {}, before {}. Each counts by itself."
    hint = "Write a name in one way where one place is meant: totals by it are split otherwise."
    return [
        _note("name-alike", message.format(len(twins), seen(name), seen(other)), hint, file, line, column)
        for other, name, file, line in twins[:1]
    ]


def not_made(inventory: Inventory, rows: int, file: str) -> Issue:
    """Which remarks are not made on rows scanned in place: they would take a sort of all rows."""
    overlaps = "periods that overlap or leave days out, " if inventory.continuity == "ignore" else ""
    message = (
        f"{rows:,} rows were scanned in place and not compared with each other: amounts that stand out, {overlaps}sums "
        "of others, names written in two ways, and rows that agree in everything but the id are not remarked on."
    )
    hint = "Compare them where they are kept; rows read as text are compared."
    return Issue("rows-not-compared", message, hint, file, severity=Severity.NOTE)


def _note(rule: str, message: str, hint: str, file: str, line: int | None, column: str) -> Issue:
    return Issue(rule, message, hint, file, line, column, severity=Severity.NOTE)


def _scientific(engine: Engine) -> list[Issue]:
    """Amounts with an exponent: a spreadsheet writes them so, and keeps few digits."""
    counted = engine.rows(
        "SELECT file, min(line), count(*), min(amount) FROM numbers JOIN rows USING (row, amount) "
        "WHERE contains(lower(amount), 'e') GROUP BY file ORDER BY file"
    )
    message = "Amounts written with an exponent, such as {1}: {0:,}; digits may have been lost before."
    hint = "Export the amounts in full from the program they come from."
    return [
        Issue(
            "number-scientific", message.format(count, seen(text)), hint, file, line, "amount", severity=Severity.NOTE
        )
        for file, line, count, text in counted
    ]


def _quantised(engine: Engine, inventory: Inventory) -> list[Issue]:
    """One note a file on amounts finer than the quantum."""
    counted = engine.rows(
        "SELECT file, min(line), count(*) FROM amounts JOIN rows USING (row) "
        "WHERE quantised GROUP BY file ORDER BY file"
    )
    noted = rounded(engine, inventory)
    message = "Amounts finer than the quantum {1}, rounded half up to it: {0:,}."
    hint = "Set a finer 'quantum' in the inventory to keep every digit."
    return noted + [
        Issue(
            "number-quantised",
            message.format(count, inventory.quantum),
            hint,
            file,
            line,
            "amount",
            severity=Severity.NOTE,
        )
        for file, line, count in counted
    ]
