"""CSV read strictly: UTF-8, comma, one header line, every cell as text with its physical line."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from ghg.documents import read_text
from ghg.issues import InputError, Issue, suggest

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file as text.

    Attributes:
        file: path as the user named it.
        columns: column name to its cells, all of one length.
        lines: physical line of each row, the header being line 1.
        issues: rows left out because they could not be read as rows.
    """

    file: str
    columns: dict[str, list[str]]
    lines: list[int]
    issues: list[Issue]

    def records(self, model: type[Model]) -> list[Model]:
        """Each row as a model.

        Raises:
            InputError: one issue a cell that does not fit.
        """
        names, problems, records = list(self.columns), list(self.issues), []
        for line, cells in zip(self.lines, zip(*self.columns.values(), strict=True), strict=True):
            try:
                records.append(model.model_validate(dict(zip(names, cells, strict=True))))
            except ValidationError as error:
                problems += [
                    Issue(
                        "field-invalid",
                        item["msg"],
                        f"Found {item['input']!r}.",
                        self.file,
                        line,
                        str(item["loc"][0]) if item["loc"] else "",
                    )
                    for item in error.errors()
                ]
        if problems:
            raise InputError(sorted(problems, key=lambda issue: issue.line or 0))
        return records


def read_table(path: Path, name: str, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> Table:
    """A CSV file with the given columns, in any order.

    Args:
        path: where the file is.
        name: how messages call it.
        required: columns that must be there.
        optional: columns that may be there; an absent one comes back blank.

    Raises:
        InputError: the file is missing, not UTF-8, or its header does not fit.
    """
    text = read_text(path, name)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        _check_header(header, name, required, optional)
        table = Table(name, {column: [] for column in header}, [], [])
        cells = [table.columns[column] for column in header]
        start = reader.line_num + 1
        for row in reader:
            if row and not _problem(row, header, name, start, table.issues):
                table.lines.append(start)
                for column_cells, cell in zip(cells, row, strict=True):
                    column_cells.append(cell.strip())
            start = reader.line_num + 1
    except csv.Error as error:
        issue = Issue(
            "row-ragged",
            f"cannot read the row: {error}.",
            "Close the quote, or double a quote inside a cell.",
            name,
            reader.line_num,
        )
        raise InputError([issue]) from None
    for column in optional:
        table.columns.setdefault(column, [""] * len(table.lines))
    return table


def _check_header(header: list[str], name: str, required: tuple[str, ...], optional: tuple[str, ...]) -> None:
    """Refuse a header with a missing, unknown or repeated column."""
    known = (*required, *optional)
    problems = [
        Issue(
            "column-missing",
            f"the column {column!r} is missing.",
            f"The header needs: {', '.join(required)}.",
            name,
            1,
            column,
        )
        for column in required
        if column not in header
    ]
    problems += [
        Issue(
            "column-unknown",
            f"the column {column!r} is not known.{suggest(column, known)}",
            f"Known columns: {', '.join(known)}.",
            name,
            1,
            column,
        )
        for column in dict.fromkeys(header)
        if column not in known
    ]
    problems += [
        Issue("column-unknown", f"the column {column!r} stands twice.", "Keep one of the two.", name, 1, column)
        for column in dict.fromkeys(header)
        if header.count(column) > 1
    ]
    if problems:
        raise InputError(problems)


def _problem(row: list[str], header: list[str], name: str, line: int, issues: list[Issue]) -> bool:
    """Whether the row cannot be used as a row; says so in ``issues``."""
    if len(row) != len(header):
        message = f"the row has {len(row)} cells, the header {len(header)}."
        hint = 'Quote a cell that holds a comma, for instance "1,234" – or better, write 1234.'
        issues.append(Issue("row-ragged", message, hint, name, line))
        return True
    hidden = [(column, cell) for column, cell in zip(header, row, strict=True) if not cell.isprintable()]
    for column, cell in hidden:
        message, hint = f"{cell!r} holds a character that does not show.", "Use one line and plain spaces in a cell."
        issues.append(Issue("cell-control-character", message, hint, name, line, column, cell))
    return bool(hidden)
