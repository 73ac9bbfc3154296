"""A table as text: every cell with its physical line, every row that could not be read listed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from ghg.issues import InputError, Issue, Severity, listing, said_of_field, suggest
from ghg.reading.cells import clean, seen
from ghg.reading.marks import odd_signs, readings

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Model = TypeVar("Model", bound=BaseModel)
SHOWN = 100
"""Most issues listed of one rule and column; the rest is counted."""
MANY = 3
"""Most missing columns that are listed one by one."""
LISTED = 40
"""Most columns a hint lists."""
SHORT = (
    "Give each column a cell, a blank one where there is nothing; a line break inside a cell needs quotes around it."
)
ALONE = "Remove the line where it is a footnote or a title; a row has a cell for each column."
FULL = frozenset((65_536, 1_048_576))
"""How many rows a sheet of a spreadsheet program holds, its header among them: in the old form, and in the new."""
LOST = "\ufffd"
"""What stands where a program could not read a character."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows as a file holds them, before anything is known of their columns.

    Attributes:
        name: path as the user named it, with the sheet where there are several.
        header: cells of the header.
        line: physical line of the header.
        rows: cells of the rows, blank lines left out.
        lines: physical line of each row.
        notes: what a reader has to know.
        refused: rows that cannot be taken, by position, each with the reason.
        spill: what to do where a row has more cells than the header.
    """

    name: str
    header: list[str]
    line: int
    rows: list[Sequence[str]]
    lines: list[int]
    notes: list[Issue] = field(default_factory=list)
    refused: list[tuple[int, Issue]] = field(default_factory=list)
    spill: str = 'Quote a cell that holds the delimiter, for instance "hello, world"; a row has a cell for each column.'


@dataclass(slots=True)
class Table:
    """A table as text.

    Attributes:
        file: path as the user named it.
        columns: column name to its cells, all of one length.
        lines: physical line of each row, the header being line 1.
        issues: why rows were left out; more than ``SHOWN`` of one kind are counted.
        unread: how many rows were left out.
        notes: what a reader has to know of the rows that were read.
        sha256: checksum of the file.
        size: bytes of the file.
    """

    file: str
    columns: dict[str, list[str]]
    lines: list[int]
    issues: list[Issue] = field(default_factory=list)
    unread: int = 0
    notes: list[Issue] = field(default_factory=list)
    sha256: str = ""
    size: int = 0

    def leave_out(self, found: Iterable[tuple[int, Issue]]) -> None:
        """Leave out rows by their position, each with the reason; a row may have several."""
        reasons = list(found)
        if not reasons:
            return
        out = {position for position, _ in reasons}
        self.issues += capped(issue for _, issue in sorted(reasons, key=lambda reason: reason[0]))
        self.unread += len(out)
        kept = [position for position in range(len(self.lines)) if position not in out]
        self.lines = [self.lines[position] for position in kept]
        self.columns = {name: [cells[position] for position in kept] for name, cells in self.columns.items()}

    def note(self, rule: str, message: str, hint: str, line: int | None = None, column: str = "") -> None:
        """Say something about rows that were read."""
        self.notes.append(Issue(rule, message, hint, self.file, line, column, severity=Severity.NOTE))

    def tell(self, notes: list[Issue] | None) -> None:
        """Add what a reader has to know to the notes of those who ask for them."""
        if notes is not None:
            notes += self.notes

    def records(self, model: type[Model], notes: list[Issue] | None = None) -> list[Model]:
        """Each row as a model.

        Args:
            model: what a row is.
            notes: takes what a reader has to know of the table.

        Raises:
            InputError: one issue a cell that does not fit.
        """
        self.tell(notes)
        names, problems, records = list(self.columns), list(self.issues), []
        for line, cells in zip(self.lines, zip(*self.columns.values(), strict=True), strict=True):
            try:
                records.append(model.model_validate(dict(zip(names, cells, strict=True))))
            except ValidationError as error:
                row = dict(zip(names, cells, strict=True))
                problems += [field_issue(item, row, self.file, line) for item in error.errors()]
        if problems:
            raise InputError(sorted(problems, key=lambda issue: issue.line or 0))
        return records


def field_issue(item: ErrorDetails, row: Mapping[str, str], file: str, line: int) -> Issue:
    """A problem that a model found in a row, at the column it is about as far as that can be told."""
    message = said_of_field(item)
    # A rule over several cells names none; the text it quotes does.
    column = str(item["loc"][0]) if item["loc"] else next((k for k, v in row.items() if v and repr(v) in message), "")
    value = row.get(column, "")
    hint = f"Found {seen(value)}; correct the cell." if column else "Correct the cells of the row."
    if value and f"{value!r} is not a plain decimal number" in message:
        found = readings(value)
        message += f" It may be {listing([*found], 'or')}: write it so." if found else odd_signs(value)
    return Issue("field-invalid", message, hint, file, line, column, value)


def capped(issues: Iterable[Issue]) -> list[Issue]:
    """The issues, those beyond ``SHOWN`` of one rule and column counted in the last one shown."""
    kinds: dict[tuple[str, str], list[Issue]] = {}
    more: dict[tuple[str, str], int] = {}
    for issue in issues:
        listed = kinds.setdefault((issue.rule, issue.column), [])
        if len(listed) < SHOWN:
            listed.append(issue)
        else:
            more[issue.rule, issue.column] = more.get((issue.rule, issue.column), 0) + 1
    for kind, count in more.items():
        last = kinds[kind][-1]
        kinds[kind][-1] = replace(last, message=f"{last.message} {count:,} more rows have the same problem.")
    return sorted((issue for listed in kinds.values() for issue in listed), key=lambda issue: issue.line or 0)


def make_table(grid: Grid, required: Sequence[str], optional: Sequence[str], advise: Callable[[], str]) -> Table:
    """The table of a grid: known columns in any order, every row as wide as the header, every cell plain.

    Args:
        grid: the rows as the file holds them.
        required: columns that must be there.
        optional: columns that may be there; an absent one comes back blank.
        advise: says more about a header that does not fit.

    Raises:
        InputError: the header does not fit.
    """
    grid = _without_blank_columns(grid)
    named = clean(grid.header)
    header = [str(cell) for cell in named.cells]
    _check_header(header, grid, required, optional, advise)
    sound, ragged = [], []
    for position, (row, line) in enumerate(zip(grid.rows, grid.lines, strict=True)):
        if len(row) == len(header) and list(row) != grid.header:
            sound.append(position)
        else:
            ragged.append(_misfit(row, grid, line))
    rows = grid.rows if not ragged else [grid.rows[position] for position in sound]
    lines = grid.lines if not ragged else [grid.lines[position] for position in sound]
    cells = list(zip(*rows, strict=True)) if rows else [()] * len(header)
    table = Table(grid.name, {}, lines, capped(ragged), len(ragged), list(grid.notes))
    if named.changed:
        _note_changes(table, header[named.changed[0]], named.changed, grid.line)
    place_of = {position: place for place, position in enumerate(sound)}
    refused = [(place_of[position], issue) for position, issue in grid.refused if position in place_of]
    for column, written in zip(header, cells, strict=True):
        made = clean(written)
        table.columns[column] = list(made.cells)
        refused += [(position, _refused(table, column, position)) for position in made.refused]
        if made.changed:
            _note_changes(table, column, made.changed)
        _note_lost(table, column)
    for column in optional:
        table.columns.setdefault(column, [""] * len(table.lines))
    table.leave_out(refused)
    return table


def cut_off(name: str, rows: int, last: int) -> list[Issue]:
    """A note where a table ends where a spreadsheet program cuts tables off, by its count of rows or its last line."""
    full = sorted({rows, rows + 1, last} & FULL)
    message = "the table ends with the last of {:,} rows that a sheet of a spreadsheet program holds."
    hint = "Check against where it comes from that no row was cut off on the way."
    return [Issue("rows-at-limit", message.format(most), hint, name, severity=Severity.NOTE) for most in full[:1]]


def _misfit(row: Sequence[str], grid: Grid, line: int) -> Issue:
    """Why a row is not a row of the table."""
    if list(row) == grid.header:
        return Issue("row-repeats-header", "the row repeats the header.", "Remove the line.", grid.name, line)
    message = f"the row has {len(row)} cell{'s' * (len(row) != 1)}, the header {len(grid.header)}."
    hint = grid.spill if len(row) > len(grid.header) else SHORT if len(row) > 1 else ALONE
    return Issue("row-ragged", message, hint, grid.name, line, value=",".join(row)[:100])


def _without_blank_columns(grid: Grid) -> Grid:
    """The grid without columns that have neither a name nor a cell, and a note that counts them.

    Where rows are shorter than the header only columns at its end are left out: which cell of such a row is missing
    is not known.
    """
    last = max((position for position, name in enumerate(grid.header) if name.strip()), default=-1)
    first = 0 if all(len(row) >= len(grid.header) for row in grid.rows) else last
    blank = [
        position for position, name in enumerate(grid.header)
        if position >= first and not name.strip()
        and not any(row[position].strip() for row in grid.rows if position < len(row))
    ]  # fmt: skip
    if not blank or len(blank) == len(grid.header):
        return grid
    out, wide = set(blank), len(grid.header)
    message = f"{len(blank):,} columns have neither a name nor a cell and were passed over."
    note = Issue("column-blank", message, "Remove them.", grid.name, grid.line, severity=Severity.NOTE)
    rows = [[cell for n, cell in enumerate(row) if n not in out] if len(row) == wide else row for row in grid.rows]
    header = [name for position, name in enumerate(grid.header) if position not in out]
    return replace(grid, header=header, rows=rows, notes=[*grid.notes, note])


def _refused(table: Table, column: str, position: int) -> Issue:
    cell = table.columns[column][position]
    message = f"{seen(cell)} holds a character that cannot stand in a cell."
    return Issue(
        "cell-control-character", message, "Remove the character.", table.file, table.lines[position], column, cell
    )


def _note_changes(table: Table, column: str, changed: list[int], line: int | None = None) -> None:
    message = f"{len(changed):,} cells hold line breaks, unusual spaces or characters that do not show."
    hint = "They were read with plain spaces, and without the characters that do not show."
    table.note("character-invisible", message, hint, line or table.lines[changed[0]], column)


def _note_lost(table: Table, column: str) -> None:
    """Note cells in which a program before this one lost characters."""
    if LOST in "".join(table.columns[column]):
        lost = [position for position, cell in enumerate(table.columns[column]) if LOST in cell]
        message = f"{len(lost):,} cells hold U+FFFD, which stands where a program could not read a character."
        hint = "Export the table again in UTF-8: what the cells said is lost here."
        table.note("character-lost", message, hint, table.lines[lost[0]], column)


def _check_header(
    header: list[str], grid: Grid, required: Sequence[str], optional: Sequence[str], advise: Callable[[], str]
) -> None:
    """Refuse a header with a missing, unknown or repeated column."""
    known = (*required, *optional)
    found = ", ".join(header[:SHOWN])
    listed = f"Known columns: {', '.join(known)}."
    if len(known) > LISTED:
        listed = f"The header needs: {', '.join(required)}. The inputs of a method are listed by 'ghg methods NAME'."

    def issue(rule: str, message: str, hint: str, column: str) -> Issue:
        return Issue(rule, message, hint, grid.name, grid.line, column[:60])

    missing = [column for column in required if column not in header]
    # Most of a header missing is one problem: the table has another form.
    parts = [missing] if len(missing) > MANY else [[column] for column in missing]
    needs = f"The header needs: {', '.join(required)}. It has: {found or 'nothing'}."
    problems = [
        issue(
            "column-missing",
            f"the column{'s' * (len(part) > 1)} {listing(part)} {'are' if len(part) > 1 else 'is'} missing.",
            needs,
            part[0],
        )
        for part in parts
    ]
    problems += [
        issue(
            "column-unknown",
            f"the column {seen(column)} is not known.{suggest(column.lower()[:60], known)}"
            if column
            else f"the column at position {header.index(column) + 1} has no name.",
            listed,
            column,
        )
        for column in list(dict.fromkeys(header))[:SHOWN]
        if column not in known
    ]
    for column in dict.fromkeys(header):
        places = [str(position) for position, name in enumerate(header, start=1) if name == column]
        if column in known and len(places) > 1:
            message = f"the column {column!r} stands {len(places)} times, at positions {' and '.join(places[:5])}."
            problems.append(issue("column-duplicate", message, "Keep one of them.", column))
    if problems:
        more = advise()
        if more:
            problems[-1] = replace(problems[-1], hint=f"{problems[-1].hint}\n    {more}")
        raise InputError(problems)
