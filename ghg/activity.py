"""Activity tables: read as text, checked row by row in the engine, every bad row listed with its line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ghg.accounts import accounts
from ghg.engines import Engine, as_text, quoted
from ghg.engines.delimited import open_large
from ghg.engines.relations import column_problems, is_bulk, open_bulk
from ghg.engines.server import Snapshots, is_on_server, open_server
from ghg.figures import figures
from ghg.inventory import Inventory, InventoryFile
from ghg.issues import InputError, Issue
from ghg.methods import methods
from ghg.numbers import decimal_text, parse
from ghg.progress import steps
from ghg.reading import read_table
from ghg.reading.cells import seen
from ghg.reading.declaration import Reading
from ghg.reading.marks import rule_of
from ghg.regions import regions
from ghg.schema import ACTIVITY, EARLIEST, LATEST, NAMES, NONE, OPTIONAL, REQUIRED, TOTAL, Provenance
from ghg.uncertainty import spread
from ghg.units import accepted, refused
from ghg.wording import WORDINGS, about, header_of
from ghg.workings import is_method_table, read_method_table

LARGEST = 18
"""Most digits an amount may have before the point: two 64-bit limbs then sum exactly without overflow."""
SHOWN = 100
"""Most issues listed for one rule and column; the rest is counted."""
AMOUNT = (
    "ltrim(plain, '+-') AS digits, CASE WHEN starts_with(plain, '-') THEN -1 ELSE 1 END AS sign, "
    "split_part(ltrim(plain, '+-'), '.', 1) AS whole, split_part(ltrim(plain, '+-'), '.', 2) AS fraction"
)


@dataclass(slots=True)
class Read:
    """What loading found beside the rows.

    Attributes:
        issues: why rows could not be read as rows.
        unread: how many they are.
        notes: what a reader has to know of the rows that were read.
    """

    issues: list[Issue] = field(default_factory=list)
    unread: int = 0
    notes: list[Issue] = field(default_factory=list)

    def add(self, unreadable: Sequence[Issue], notes: Sequence[Issue]) -> None:
        """More rows that could not be read as rows, one an issue, and more notes."""
        self.issues += unreadable
        self.unread += len({(issue.file, issue.line) for issue in unreadable})
        self.notes += notes


def load_files(engine: Engine, file: InventoryFile) -> Read:
    """The inventory's activity files as the engine table ``loaded``, and the rows that could not be read as rows.

    Tables too large for that stay where they are, as relations of the engine.

    Raises:
        InputError: a file cannot be read or its header does not fit.
    """
    engine.create("loaded", ("file", "line", *NAMES))
    read = Read()
    sizes = {relative: _megabytes(file.path(relative)[0]) for relative in file.inventory.activity}
    with steps("reading activity tables", sum(sizes.values()), "MB") as work, Snapshots() as snapshots:
        for relative, size in sizes.items():
            if is_bulk(file.path(relative)[0]):
                _refuse_declared(file, relative)
            if is_on_server(relative):
                engine.relations.append(open_server(engine, snapshots, relative, REQUIRED, OPTIONAL))
            else:
                _load(engine, file, relative, read)
            work.advance(size)
    return read


def _refuse_declared(file: InventoryFile, relative: str) -> None:
    """A table scanned in place is taken as it is, so nothing may be declared of it that would be passed over.

    Raises:
        InputError: something is.
    """
    for name, declared in (("reading", file.inventory.reading), ("methods", file.inventory.methods)):
        if relative in declared:
            message = f"{relative!r} is scanned in place and taken as it is; {name!r} is for tables read as text."
            raise InputError([file.document.issue((name, relative), message)])


def _megabytes(path: Path) -> int:
    """The size of a table that is read and not scanned in place."""
    return path.stat().st_size // 10**6 if path.is_file() and not is_bulk(path) else 0


def _load(engine: Engine, file: InventoryFile, relative: str, read: Read) -> None:
    """One activity file, appended to ``loaded`` or noted as a relation."""
    path, name = file.path(relative)
    if is_bulk(path):
        engine.relations.append(open_bulk(engine, path, name, REQUIRED, OPTIONAL))
        return
    manner = file.inventory.manner(relative)
    is_plain = manner.reading == Reading() and not is_method_table(file, relative)
    large = open_large(engine, path, name, REQUIRED, OPTIONAL) if is_plain else None
    if large:
        file.checksums[relative] = large.sha256
        read.add(large.issues, ())
        return
    if is_method_table(file, relative):
        table, columns, lines = read_method_table(engine, file, relative)
    else:
        table = read_table(path, name, REQUIRED, OPTIONAL, manner)
        columns, lines = {name: table.columns[name] for name in NAMES}, table.lines
    file.checksums[relative] = table.sha256
    read.issues += table.issues
    read.notes += table.notes
    read.unread += table.unread
    numbers = [str(line) for line in lines]
    engine.append("loaded", {"file": [table.file] * len(numbers), "line": numbers, **columns})


def load_frame(engine: Engine, frame: object) -> None:
    """A frame with the columns of an activity table as the engine table ``loaded``.

    Raises:
        InputError: a required column is missing or a column is not known.
        GhgError: the object is not a frame.
    """
    with engine.scanning(frame) as types:
        problems = column_problems(types, REQUIRED, OPTIONAL)
        if problems:
            raise InputError(problems)
        cells = [
            f"{as_text(name, types[name])} AS {quoted(name)}" if name in types else f"'' AS {quoted(name)}"
            for name in NAMES
        ]
        order = "CAST(row_number() OVER () AS VARCHAR)"
        engine.run(f"CREATE TABLE loaded AS SELECT '' AS file, {order} AS line, {', '.join(cells)} FROM scanned")


def load_rows(engine: Engine, rows: Sequence[Mapping[str, str]]) -> None:
    """Rows given as text, one mapping a row; a column that is left out is blank."""
    engine.create("loaded", ("file", "line", *NAMES))
    lines = [str(number) for number in range(1, len(rows) + 1)]
    columns = {name: [row.get(name, "") for row in rows] for name in NAMES}
    engine.append("loaded", {"file": [""] * len(rows), "line": lines, **columns})


def _number_rows(engine: Engine) -> None:
    """``rows``: what was loaded, blanks of optional columns replaced by the word they stand for, each row numbered."""
    cells = [
        f"coalesce(nullif({name}, ''), '{column.default}') AS {name}"
        for column in ACTIVITY
        for name in [quoted(column.name)]
    ]
    engine.run(
        "CREATE TABLE rows AS SELECT row_number() OVER () AS row, file, CAST(line AS BIGINT) AS line, "
        f"{', '.join(cells)} FROM loaded"
    )
    engine.run("DROP TABLE loaded")
    engine.run('CREATE TABLE problems (row BIGINT, rule VARCHAR, "column" VARCHAR, value VARCHAR)')


def take_back(engine: Engine) -> None:
    """The rows that were checked as the engine table ``loaded`` again, for more rows to be added and all checked."""
    cells = ", ".join(map(quoted, NAMES))
    engine.run(f"CREATE TABLE loaded AS SELECT file, CAST(line AS VARCHAR) AS line, {cells} FROM rows ORDER BY row")
    for table in ("rows", "problems", "exponents", "numbers", "amounts", "repeated"):
        engine.run(f"DROP TABLE IF EXISTS {table}")


def check(engine: Engine, inventory: Inventory) -> None:
    """Find every bad row and write it to the engine table ``problems``; a row may have several.

    Rows that pass get their exact amount as two integer limbs in the table ``amounts``.
    """
    _number_rows(engine)
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
    for name in ("id", "site"):
        _note(engine, "row-total", name, f"regexp_full_match({quoted(name)}, '{TOTAL}', 'i')")
    _check_words(engine)
    _note(
        engine, "provenance-incomplete", "derived_from",
        f"provenance = '{Provenance.BACK_CALCULATED}' AND derived_from = ''", value="id",
    )  # fmt: skip
    _count_amounts(engine, inventory.decimals)


def note_repeated(engine: Engine, places: Sequence[tuple[str, int]]) -> None:
    """Note rows, by file and line, whose id stands in an earlier row that is not among the rows read as text."""
    if places:
        engine.create("repeated", ("file", "line"))
        engine.append("repeated", {"file": [file for file, _ in places], "line": [str(line) for _, line in places]})
        known = "SELECT row FROM problems WHERE rule = 'id-duplicate'"
        among = "(file, CAST(line AS VARCHAR)) IN (SELECT (file, line) FROM repeated)"
        _note(engine, "id-duplicate", "id", f"id <> '' AND {among} AND row NOT IN ({known})")


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
    """Numbers that are no numbers, are written with marks, are too large, or negative without being a correction.

    Amounts with an exponent are written out here, once a distinct text; all others are plain already.
    """
    pattern = next(column.pattern for column in ACTIVITY if column.name == "amount")
    is_number = f"regexp_full_match(amount, '{pattern}')"
    _decide(engine, ("amount",), "amount", rule_of, f"NOT {is_number}")
    exponents = engine.rows(f"SELECT DISTINCT amount FROM rows WHERE {is_number} AND contains(lower(amount), 'e')")
    engine.create("exponents", ("written", "plain"))
    engine.append(
        "exponents",
        {"written": [row[0] for row in exponents], "plain": [decimal_text(parse(row[0])) for row in exponents]},
    )
    engine.run(
        f"CREATE TABLE numbers AS SELECT row, entry, amount, {AMOUNT} "
        "FROM (SELECT row, entry, amount, coalesce(plain, amount) AS plain "
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
        outside = _outside(inventory, name)
        _note(engine, "date-outside-period", name, f"{is_date} AND {outside}")
    _note(engine, "date-order", "end", 'try_cast("end" AS DATE) < try_cast(start AS DATE)')


def _outside(inventory: Inventory, name: str) -> str:
    """The condition under which a date lies outside the period; a row that only crosses its border may be cut off."""
    period, cell = inventory.period, f"try_cast({quoted(name)} AS DATE)"
    if inventory.cut_off == "pro_rata":
        is_far = f"{cell} NOT BETWEEN DATE '{EARLIEST}' AND DATE '{LATEST}'"
        is_out = f"{cell} > DATE '{period.end}'" if name == "start" else f"{cell} < DATE '{period.start}'"
        return f"({is_out} OR {is_far})"
    return f"{cell} NOT BETWEEN DATE '{period.start}' AND DATE '{period.end}'"


def _check_words(engine: Engine) -> None:
    """Activities, regions, units and figures that are not known: decided once a distinct word, in Python."""
    _decide(engine, ("activity",), "activity", lambda activity: "" if activity in accounts() else "activity-unknown")
    _decide(engine, ("region",), "region", lambda region: "" if region in regions() else "region-unknown")
    _decide(engine, ("activity", "unit", "method"), "unit", unit_rule)
    _decide(engine, ("activity", "method"), "method", method_rule)
    _decide(
        engine,
        ("derived_from",),
        "derived_from",
        lambda names: "" if set(names.split()) <= set(figures()) else "figure-unknown",
    )
    _decide(engine, ("uncertainty",), "uncertainty", lambda text: "" if _is_spread(text) else "uncertainty-invalid")


def check_entities(engine: Engine, known: Collection[str]) -> None:
    """Entities of rows that the entity tables do not hold: neither inside nor outside the boundary."""
    _decide(engine, ("entity",), "entity", lambda entity: "" if entity in known else "entity-unknown")


def unit_rule(activity: str, spelling: str, named: str) -> str:
    """The rule a unit breaks for an activity and the method a row names, or blank."""
    if spelling in refused():
        return "unit-ambiguous"
    if spelling not in accepted():
        return "unit-unknown"
    account = accounts().get(activity)
    if account is None:
        return ""
    # Where no method takes an amount as it is, the plan says which methods have inputs of their own.
    taking = [found for found in account.allowed_methods if (found.id == named if named != NONE else found.is_direct)]
    fits = not taking or any(found.accepts(accepted()[spelling].dimension) for found in taking)
    return "" if fits else "unit-dimension"


def method_rule(activity: str, name: str) -> str:
    """The rule a method breaks for an activity, or blank."""
    if name == NONE or activity not in accounts():
        return ""
    if name not in methods():
        return "method-unknown"
    return "" if name in accounts()[activity].methods.split() else "method-not-allowed"


def _is_spread(text: str) -> bool:
    """Whether a cell states how far off an amount may be."""
    try:
        return spread.read(text).form in ("exact", "given")
    except ValueError:
        return False


def _decide(
    engine: Engine, names: tuple[str, ...], column: str, rule: Callable[..., str], condition: str = "true"
) -> None:
    """Write to ``problems`` every row whose words break a rule; blanks are reported elsewhere."""
    listed = ", ".join(quoted(name) for name in names)
    filled = " AND ".join(f"{quoted(name)} <> ''" for name in names)
    words = engine.rows(f"SELECT DISTINCT {listed} FROM rows WHERE {filled} AND {condition}")
    broken = [(*word, found) for word in words if (found := rule(*word))]
    engine.create("broken", (*names, "rule"))
    engine.append("broken", dict(zip((*names, "rule"), zip(*broken, strict=True), strict=True)) if broken else {})
    engine.run(
        f"INSERT INTO problems SELECT row, broken.rule, '{column}', rows.{quoted(column)} "
        f"FROM rows JOIN broken USING ({listed})"
    )
    engine.run("DROP TABLE broken")


def _count_amounts(engine: Engine, decimals: int) -> None:
    """``amounts``: each sound number as integer limbs of nine digits, counted in quanta; finer digits round half up.

    ``width`` is the size of the last written digit in quanta (at least one): twice the rounding of a printed amount.
    """
    head = f"rpad(substr(fraction, 1, {decimals}), {decimals}, '0')" if decimals else "''"
    tail = f"rtrim(substr(fraction, {decimals + 1}), '0')"
    length = f"CAST(greatest(length(whole) + {decimals}, 10) AS INTEGER)"
    zeros = f"CAST(greatest({decimals} - length(fraction), 0) + 1 AS INTEGER)"
    up = "CASE WHEN sign = 1 AND tail >= '5' OR tail > '5' THEN 1 ELSE 0 END"
    engine.run(f"""
        CREATE TABLE amounts AS
        SELECT row, tail <> '' AS quantised, width,
               sign * CAST(substr(counted, 1, length(counted) - 9) AS BIGINT) AS high,
               sign * (CAST(right(counted, 9) AS BIGINT) + {up}) AS low
        FROM (SELECT row, sign, lpad(whole || {head}, {length}, '0') AS counted, {tail} AS tail,
                     CAST(rpad('1', {zeros}, '0') AS BIGINT) AS width
              FROM numbers WHERE length(ltrim(whole, '0')) <= {LARGEST})""")


def issues(engine: Engine, inventory: Inventory, more: Callable[[str, int], str] | None = None) -> list[Issue]:
    """The problems found, in file and line order; more than ``SHOWN`` of one kind are counted.

    Args:
        engine: holds ``rows`` and ``problems``.
        inventory: for the period in messages.
        more: says more about a problem, given its rule and row number.
    """
    found = engine.rows(
        'SELECT file, line, rule, "column", value, row, activity, of_kind, nth '
        "FROM (SELECT problems.*, file, line, activity, "
        'count(*) OVER (PARTITION BY rule, "column", file) AS of_kind, '
        'row_number() OVER (PARTITION BY rule, "column", file ORDER BY row) AS nth '
        "FROM problems JOIN rows USING (row)) "
        f"WHERE nth <= {SHOWN} ORDER BY row, rule"
    )
    made = []
    for file, line, rule, column, value, row, activity, of_kind, nth in found:
        wording = WORDINGS[rule]
        said, _, lines = about(rule, value, activity, inventory, file).partition("\n")
        said += more(rule, row) if more else ""
        message = wording.message.format(seen(value), said)
        if nth == SHOWN and of_kind > SHOWN:
            message += f" {of_kind - SHOWN:,} more rows have the same problem."
        hint = wording.hint.format(seen(value), said) + (f"\n{lines}" if lines else "")
        made.append(Issue(rule, message, hint, file, line, header_of(inventory, file, column), value))
    # Two columns may stand under one header, such as the first and the last day.
    return list(dict.fromkeys(made))
