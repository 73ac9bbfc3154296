"""A JSON list of records as a grid: numbers as written, no key twice, every record with its line."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from ghg.issues import InputError, Issue
from ghg.reading.cells import Exact, seen
from ghg.reading.source import MEGABYTE
from ghg.reading.table import Grid

LARGEST = 100 * MEGABYTE
"""Most characters of a JSON table."""
DEEPEST = 8
"""Most brackets within each other."""
STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
"""A string, closed or not, or a bracket; each character is looked at once."""
SURROGATE = re.compile("[\ud800-\udfff]")
"""Half of a pair of code units, as ``\\ud800`` in JSON gives it."""
SPACE = re.compile(r"[ \t\n\r]*")


class _RepeatedKeyError(ValueError):
    """A record has a key twice."""


def read_records(text: str, name: str) -> Grid:
    """The records of a JSON list.

    Raises:
        InputError: the text is no JSON list of records, is nested or long beyond a limit, or a key stands twice.
    """
    if len(text) > LARGEST:
        message = f"the file has {len(text):,} characters; at most {LARGEST:,} of JSON are read."
        raise InputError([Issue("limit-size", message, "Give the table as CSV or Parquet.", name)])
    _check_depth(text, name)
    header: dict[str, None] = {}
    records: list[dict[str, str]] = []
    lines: list[int] = []
    refused: list[tuple[int, Issue]] = []
    found = _records(text, name)
    if len({line for line, _ in found}) < len(found):
        # Records that share a line are counted instead, as rows of a sheet are.
        name, found = f"{name}!records", [(number, record) for number, (_, record) in enumerate(found, start=1)]
    for line, record in found:
        cells: dict[str, str | None] = {}
        for written, value in record.items():
            key, cell = _whole(written), _text(value)
            cells[key] = cell and _whole(cell)
            if cell is None:
                message = f"{seen(key)} holds a list or a record."
                refused.append((len(records), Issue("value-nested", message, "Give one value.", name, line, key)))
            elif cells[key] != cell:
                message = f"{cells[key]} holds half a character, which is none."
                issue = Issue("cell-control-character", message, "Remove it.", name, line, key)
                refused.append((len(records), issue))
        header |= dict.fromkeys(cells)
        records.append({key: cell or "" for key, cell in cells.items()})
        lines.append(line)
    rows: list[Sequence[str]] = [[record.get(key, "") for key in header] for record in records]
    return Grid(name, list(header), 1, rows, lines, [], refused)


def _check_depth(text: str, name: str) -> None:
    """Refuse nesting before the parser sees it."""
    depth = 0
    for found in STRING_OR_BRACKET.finditer(text):
        if found[0] in ("[", "{"):
            depth += 1
            if depth > DEEPEST:
                line = text.count("\n", 0, found.start()) + 1
                message = f"more than {DEEPEST} brackets stand within each other."
                raise InputError([Issue("limit-nesting", message, "Give a list of flat records.", name, line)])
        elif found[0] in ("]", "}"):
            depth -= 1


def _records(text: str, name: str) -> list[tuple[int, dict[str, Any]]]:
    """Each record with its line."""
    decoder = json.JSONDecoder(
        object_pairs_hook=_once, parse_float=Exact, parse_int=Exact, parse_constant=Exact, strict=True
    )
    found: list[tuple[int, dict[str, Any]]] = []
    at = _skip(text, 1 if text.startswith("\ufeff") else 0)
    if text[at : at + 1] != "[":
        why = "the file is no JSON list of records"
        is_lines = text[at : at + 1] == "{" and re.search(r"}\s*{", text)
        raise InputError([_malformed(text, at, name, f"{why}, but records without commas" if is_lines else why)])
    at, line, counted = _skip(text, at + 1), 1, 0
    while found or text[at : at + 1] != "]":
        line, counted = line + text.count("\n", counted, at), at
        try:
            record, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            raise InputError([_malformed(text, error.pos, name, error.msg)]) from None
        except _RepeatedKeyError as error:
            issue = Issue("column-duplicate", f"a record has the key {error} twice.", "Keep one of them.", name, line)
            raise InputError([issue]) from None
        if not isinstance(record, dict):
            raise InputError([_malformed(text, counted, name, "an entry of the list is no record")])
        found.append((line, record))
        at = _skip(text, at)
        if text[at : at + 1] != ",":
            break
        at = _skip(text, at + 1)
    if text[at : at + 1] != "]":
        raise InputError([_malformed(text, at, name, "the list does not end")])
    rest = _skip(text, at + 1)
    if rest < len(text):
        raise InputError([_malformed(text, rest, name, "something follows the list")])
    return found


def _skip(text: str, at: int) -> int:
    found = SPACE.match(text, at)
    return found.end() if found else at


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise _RepeatedKeyError(next(repr(key) for key, _ in pairs if [k for k, _ in pairs].count(key) > 1))
    return made


def _malformed(text: str, at: int, name: str, why: str) -> Issue:
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    hint = 'Write one list of records, [{"id": "1", "amount": "100", …}, …].'
    return Issue("json-syntax", f"column {column}: {why}.", hint, name, line)


def _whole(text: str) -> str:
    """The text with halves of characters spelled out; they cannot be written as UTF-8."""
    return text.encode("utf-8", "backslashreplace").decode() if SURROGATE.search(text) else text


def _text(value: object) -> str | None:
    """A value as text; nothing for a list or a record."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else None
