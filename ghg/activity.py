"""Activity tables: read as text, checked row by row in the engine, every bad row listed with its line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ghg.accounts import accounts
from ghg.engines import Engine, as_text, quoted
from ghg.figures import figures
from ghg.inventory import Inventory, InventoryFile
from ghg.issues import InputError, Issue, Severity, listing, suggest
from ghg.numbers import decimal_text, parse
from ghg.regions import regions
from ghg.schema import ACTIVITY, NAMES, OPTIONAL, REQUIRED, Provenance
from ghg.tables import read_table
from ghg.units import accepted, sizes, refused, why_not

LARGEST = 18
"""Most digits an amount may have before the point: two 64-bit limbs then sum exactly without overflow."""
SHOWN = 100
"""Most issues listed for one rule and column; the rest is counted."""
AMOUNT = (
    "ltrim(plain, '+-') AS digits, CASE WHEN starts_with(plain, '-') THEN -1 ELSE 1 END AS sign, "
    "split_part(ltrim(plain, '+-'), '.', 1) AS whole, split_part(ltrim(plain, '+-'), '.', 2) AS fraction"
)


def load_files(engine: Engine, file: InventoryFile) -> list[Issue]:
    """The inventory's activity files as the engine table ``rows``; gives the rows that could not be read as rows.

    Raises:
        InputError: a file cannot be read or its header does not fit.
    """
    engine.create("loaded", ("file", "line", *NAMES))
    issues: list[Issue] = []
    for relative in file.inventory.activity:
        table = read_table(*file.path(relative), REQUIRED, OPTIONAL)
        issues += table.issues
        columns = {name: table.columns[name] for name in NAMES}
        lines = [str(line) for line in table.lines]
        engine.append("loaded", {"file": [table.file] * len(lines), "line": lines, **columns})
    number_rows(engine)
    return issues


def load_frame(engine: Engine, frame: object) -> None:
    """A frame with the columns of an activity table as the engine table ``rows``.

    Raises:
        InputError: a required column is missing or a column is not known.
        GhgError: the object is not a frame.
    """
    with engine.scanning(frame) as types:
        problems = [
            Issue(
                "column-missing",
                f"the column {name!r} is missing.",
                f"A frame needs: {', '.join(REQUIRED)}.",
                column=name,
            )
            for name in REQUIRED
            if name not in types
        ]
        problems += [
            Issue(
                "column-unknown",
                f"the column {name!r} is not known.{suggest(name, NAMES)}",
                f"Known columns: {', '.join(NAMES)}.",
                column=name,
            )
            for name in types
            if name not in NAMES
        ]
        if problems:
            raise InputError(problems)
        cells = [
            f"{as_text(name, types[name])} AS {quoted(name)}" if name in types else f"'' AS {quoted(name)}"
            for name in NAMES
        ]
        order = "CAST(row_number() OVER () AS VARCHAR)"
        engine.run(f"CREATE TABLE loaded AS SELECT '' AS file, {order} AS line, {', '.join(cells)} FROM scanned")
    number_rows(engine)


def number_rows(engine: Engine) -> None:
    """``rows``: what was loaded, blanks of optional columns replaced by the word they stand for, each row numbered."""
    cells = [
        f"CASE WHEN {quoted(column.name)} = '' THEN '{column.default}' ELSE {quoted(column.name)} END AS {quoted(column.name)}"
        if column.default
        else quoted(column.name)
        for column in ACTIVITY
    ]
    engine.run(
        f"CREATE TABLE rows AS SELECT row_number() OVER () AS row, file, CAST(line AS BIGINT) AS line, {', '.join(cells)} FROM loaded"
    )
    engine.run("DROP TABLE loaded")
    engine.run('CREATE TABLE problems (row BIGINT, rule VARCHAR, "column" VARCHAR, value VARCHAR)')


def check(engine: Engine, inventory: Inventory) -> None:
    """Find every bad row and write it to the engine table ``problems``; a row may have several.

    Rows that pass get their exact amount as two integer limbs in the table ``amounts``.
    """
    for column in ACTIVITY:
        _check_column(engine, column.name, required=column.required, allowed=column.allowed)
    _check_amounts(engine)
    _check_dates(engine, inventory)
    _note(
        engine,
        "id-duplicate",
        "id",
        "id <> '' AND first <> row",
        "(SELECT *, min(row) OVER (PARTITION BY id) AS first FROM rows)",
    )
    _check_words(engine)
    _note(
        engine, "provenance-incomplete", "derived_from",
        f"provenance = '{Provenance.BACK_CALCULATED}' AND derived_from = ''", value="id",
    )  # fmt: skip
    _count_amounts(engine, inventory.decimals)


def _note(
    engine: Engine, rule: str, column: str, condition: str, table: str = "rows", value: str | None = None
) -> None:
    """Write the rows that meet a condition to ``problems``."""
    seen = quoted(value or column)
    engine.run(f"INSERT INTO problems SELECT row, '{rule}', '{column}', {seen} FROM {table} WHERE {condition}")


def _check_column(engine: Engine, name: str, *, required: bool, allowed: Sequence[str]) -> None:
    """Blank cells and words outside a closed list."""
    if required:
        _note(engine, "value-missing", name, f"{quoted(name)} = ''")
    if allowed:
        words = ", ".join(f"'{word}'" for word in allowed)
        _note(engine, "value-not-allowed", name, f"{quoted(name)} <> '' AND {quoted(name)} NOT IN ({words})")


def _check_amounts(engine: Engine) -> None:
    """Numbers that are no numbers, could be two, are too large, or are negative without being a correction.

    Amounts with an exponent are written out here, once a distinct text; all others are plain already.
    """
    pattern = next(column.pattern for column in ACTIVITY if column.name == "amount")
    is_number = f"regexp_full_match(amount, '{pattern}')"
    ambiguous = r"regexp_full_match(amount, '[+-]?\d{1,3}([.,'' ]\d{3})*([.,]\d+)?')"
    _note(engine, "number-ambiguous", "amount", f"amount <> '' AND NOT {is_number} AND {ambiguous}")
    _note(engine, "number-invalid", "amount", f"amount <> '' AND NOT {is_number} AND NOT {ambiguous}")
    exponents = engine.rows(f"SELECT DISTINCT amount FROM rows WHERE {is_number} AND contains(lower(amount), 'e')")
    engine.create("exponents", ("written", "plain"))
    engine.append(
        "exponents",
        {"written": [row[0] for row in exponents], "plain": [decimal_text(parse(row[0])) for row in exponents]},
    )
    engine.run(
        f"CREATE TABLE numbers AS SELECT row, entry, amount, {AMOUNT} FROM (SELECT row, entry, amount, coalesce(plain, amount) AS plain "
        f"FROM rows LEFT JOIN exponents ON written = amount WHERE {is_number})"
    )
    _note(engine, "number-too-large", "amount", f"length(ltrim(whole, '0')) > {LARGEST}", "numbers")
    _note(
        engine,
        "number-negative",
        "amount",
        "sign = -1 AND entry <> 'correction' AND regexp_matches(digits, '[1-9]')",
        "numbers",
    )


def _check_dates(engine: Engine, inventory: Inventory) -> None:
    """Dates that are no dates, lie outside the period, or end before they start."""
    for name in ("start", "end"):
        cell = quoted(name)
        pattern = next(column.pattern for column in ACTIVITY if column.name == name)
        is_date = f"(regexp_full_match({cell}, '{pattern}') AND try_cast({cell} AS DATE) IS NOT NULL)"
        _note(engine, "date-invalid", name, f"{cell} <> '' AND NOT {is_date}")
        outside = (
            f"try_cast({cell} AS DATE) NOT BETWEEN DATE '{inventory.period.start}' AND DATE '{inventory.period.end}'"
        )
        _note(engine, "date-outside-period", name, f"{is_date} AND {outside}")
    _note(engine, "date-order", "end", 'try_cast("end" AS DATE) < try_cast(start AS DATE)')


def _check_words(engine: Engine) -> None:
    """Activities, regions, units and figures that are not known: decided once a distinct word, in Python."""
    _decide(engine, ("activity",), "activity", lambda activity: "" if activity in accounts() else "activity-unknown")
    _decide(engine, ("region",), "region", lambda region: "" if region in regions() else "region-unknown")
    _decide(engine, ("activity", "unit"), "unit", unit_rule)
    _decide(
        engine,
        ("derived_from",),
        "derived_from",
        lambda names: "" if set(names.split()) <= set(figures()) else "figure-unknown",
    )


def unit_rule(activity: str, spelling: str) -> str:
    """The rule a unit breaks for an activity, or blank."""
    if spelling in refused():
        return "unit-ambiguous"
    if spelling not in accepted():
        return "unit-unknown"
    account = accounts().get(activity)
    return "unit-dimension" if account and not account.method_for(accepted()[spelling].dimension) else ""


def _decide(engine: Engine, names: tuple[str, ...], column: str, rule: Callable[..., str]) -> None:
    """Write to ``problems`` every row whose words break a rule; blanks are reported elsewhere."""
    listed = ", ".join(quoted(name) for name in names)
    filled = " AND ".join(f"{quoted(name)} <> ''" for name in names)
    for words in engine.rows(f"SELECT DISTINCT {listed} FROM rows WHERE {filled}"):
        broken = rule(*words)
        if broken:
            match = " AND ".join(f"{quoted(name)} = ${number}" for number, name in enumerate(names, start=1))
            engine.run(
                f"INSERT INTO problems SELECT row, '{broken}', '{column}', {quoted(column)} FROM rows WHERE {match}",
                words,
            )


def _count_amounts(engine: Engine, decimals: int) -> None:
    """``amounts``: each sound number as integer limbs of nine digits, counted in quanta; finer digits round half up.

    ``width`` is the size of the last written digit in quanta (at least one): twice the rounding of a printed amount.
    """
    head = f"rpad(substr(fraction, 1, {decimals}), {decimals}, '0')" if decimals else "''"
    tail = f"rtrim(substr(fraction, {decimals + 1}), '0')"
    engine.run(f"""
        CREATE TABLE amounts AS
        SELECT row, tail <> '' AS quantised, width,
               sign * CAST(substr(counted, 1, length(counted) - 9) AS BIGINT) AS high,
               sign * (CAST(right(counted, 9) AS BIGINT) + CASE WHEN sign = 1 AND tail >= '5' OR tail > '5' THEN 1 ELSE 0 END) AS low
        FROM (SELECT row, sign, lpad(whole || {head}, CAST(greatest(length(whole) + {decimals}, 10) AS INTEGER), '0') AS counted, {tail} AS tail,
                     CAST(rpad('1', CAST(greatest({decimals} - length(fraction), 0) + 1 AS INTEGER), '0') AS BIGINT) AS width
              FROM numbers WHERE length(ltrim(whole, '0')) <= {LARGEST})""")


@dataclass(frozen=True, slots=True)
class _Wording:
    """Message and hint of a rule; ``{0}`` is the text seen, ``{1}`` more about it."""

    message: str
    hint: str


def issues(engine: Engine, inventory: Inventory, more: Callable[[str, str, int], str] | None = None) -> list[Issue]:
    """The problems found, in file and line order; more than ``SHOWN`` of one kind are counted.

    Args:
        engine: holds ``rows`` and ``problems``.
        inventory: for the period in messages.
        more: says more about a problem of a rule, given rule, text seen and row number.
    """
    found = engine.rows(
        'SELECT file, line, rule, "column", value, row, activity, of_kind, nth FROM (SELECT problems.*, file, line, activity, '
        'count(*) OVER (PARTITION BY rule, "column", file) AS of_kind, '
        'row_number() OVER (PARTITION BY rule, "column", file ORDER BY row) AS nth FROM problems JOIN rows USING (row)) '
        f"WHERE nth <= {SHOWN} ORDER BY row, rule"
    )
    made = []
    for file, line, rule, column, value, row, activity, of_kind, nth in found:
        wording = WORDINGS[rule]
        about = _about(rule, value, activity, inventory) + (more(rule, value, row) if more else "")
        message = wording.message.format(value, about)
        if nth == SHOWN and of_kind > SHOWN:
            message += f" {of_kind - SHOWN:,} more rows have the same problem."
        made.append(Issue(rule, message, wording.hint.format(value, about), file, line, column, value))
    return made


def _about(rule: str, value: str, activity: str, inventory: Inventory) -> str:
    """What a message adds to the text seen."""
    if rule in ("unit-unknown", "unit-ambiguous"):
        return why_not(value)
    if rule == "unit-dimension":
        return _dimension_hint(value, activity)
    if rule == "date-outside-period":
        return f"{inventory.period.start} to {inventory.period.end}"
    known = {"activity-unknown": accounts(), "region-unknown": regions(), "figure-unknown": figures()}.get(rule, {})
    return suggest(value, known)


def _dimension_hint(spelling: str, activity: str) -> str:
    """Which units an activity takes."""
    dimensions = [method.dimension for method in accounts()[activity].allowed_methods]
    units = [name for dimension in dimensions for name in sizes(dimension)]
    measured = accepted()[spelling].dimension
    basis = (
        " A fuel's energy needs its basis: write MWh_net or MWh_gross."
        if "energy_net" in dimensions and measured == "energy"
        else ""
    )
    return f"measures {measured}; {activity!r} takes {listing(dimensions, 'or')}, for instance {', '.join(units) or 'an amount of money such as USD_2022'}.{basis}"


def quantised(engine: Engine, inventory: Inventory) -> list[Issue]:
    """One note a file on amounts finer than the quantum."""
    found = engine.rows(
        "SELECT file, min(line), count(*) FROM amounts JOIN rows USING (row) WHERE quantised GROUP BY file ORDER BY file"
    )
    return [
        Issue(
            "number-quantised", f"{count:,} amounts are finer than the quantum {inventory.quantum} and were rounded half up to it.",
            "Set a finer 'quantum' in the inventory to keep every digit.", file, line, "amount", severity=Severity.NOTE,
        )
        for file, line, count in found
    ]  # fmt: skip


WORDINGS = {
    "value-missing": _Wording(
        "the cell is blank.", "Fill it in. Blank is not zero: write 0 where nothing was used, or remove the row."
    ),
    "value-not-allowed": _Wording(
        "{0!r} is not one of its words.",
        f"'entry' takes {listing(ACTIVITY[9].allowed, 'or')}; 'provenance' takes {listing(ACTIVITY[10].allowed, 'or')}.",
    ),
    "number-ambiguous": _Wording(
        "{0!r} can be read as more than one number: the mark may stand for thousands or for decimals.",
        "Write a plain number: 1234 for one thousand two hundred thirty-four, 1.234 for one and 234 thousandths.",
    ),
    "number-invalid": _Wording(
        "{0!r} is not a number.", "Write ASCII digits with at most one decimal point, such as 1234.5."
    ),
    "number-too-large": _Wording(
        "{0!r} has more than 18 digits before the point.", "Check the amount, or write it in a larger unit."
    ),
    "number-negative": _Wording(
        "the negative amount {0!r} is not declared a correction.",
        "Write 'correction' in the column 'entry' if it reverses another row; otherwise remove the sign.",
    ),
    "date-invalid": _Wording("{0!r} is not a date of the calendar.", "Write year-month-day, such as 2024-06-30."),
    "date-outside-period": _Wording(
        "{0} lies outside the inventory's period, {1}.",
        "Correct the date, or move the row to the inventory of its period.",
    ),
    "date-order": _Wording("the activity ends ({0}) before it starts.", "Swap or correct the two dates."),
    "id-duplicate": _Wording(
        "the id {0!r} stands in an earlier row.",
        "Give each row an id of its own; remove the row if it was entered twice.",
    ),
    "activity-unknown": _Wording(
        "the activity {0!r} is not in the chart of accounts.{1}", "The activities are listed in factors/accounts.csv."
    ),
    "region-unknown": _Wording(
        "the region {0!r} is not in the list of regions.{1}", "The regions are listed in factors/regions.csv."
    ),
    "unit-unknown": _Wording("{1}", "'ghg units' lists the accepted spellings."),
    "unit-ambiguous": _Wording("{1}", "'ghg units' lists the accepted spellings."),
    "unit-dimension": _Wording("{0!r} {1}", "Write the amount in a unit the activity takes, or correct the activity."),
    "figure-unknown": _Wording(
        "{0!r} names a figure that does not exist.{1}", "The figures are listed in factors/figures.csv."
    ),
    "provenance-incomplete": _Wording(
        "the back-calculated row {0!r} does not say from which figure.", "Name the published figure, such as scope1."
    ),
    "factor-missing": _Wording(
        "{1}",
        "Add a publication, a factor of your own or a wider ladder to the inventory; nothing falls back by itself.",
    ),
    "factor-ambiguous": _Wording(
        "{1}", "Pin one of them in the inventory, with the reason, or order 'publications' by preference."
    ),
}
"""What each rule says about a row."""
