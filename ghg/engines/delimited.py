"""Large CSV files: copied once into columns in the spill folder, then scanned in place like any other table.

Only a file that leaves nothing to decide goes this way: UTF-8, commas, quotes around whole cells alone, one row a line,
a header of known columns. Then a row's number says its physical line. The strict reader takes every other file, and
stays the authority.
"""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ghg.engines.aside import Thread
from ghg.engines.embedded import Engine, literal, quoted
from ghg.engines.relations import FILE_BITS, Relation, described
from ghg.issues import Issue
from ghg.progress import steps
from ghg.reading.cells import shows

LARGE = 16_000_000
"""Bytes from which a CSV file is scanned and not read as text."""
MEGABYTE = 10**6
PIECE = 1 << 24
"""Bytes looked at at a time."""
LONGEST = 1_000_000
"""Most bytes of a header line."""
SAMPLED = 1 << 17
"""Bytes of every piece from which the words of columns are guessed."""
FEW = 1 << 12
"""Most words of a column that is copied as their numbers."""
END, QUOTE, COMMA = b'\n",'
"""The characters that cut a file into cells."""
BLANK_STARTS = (b"\n,", b"\n ", b'\n""')
"""How a line starts whose first cell may be blank."""
GROUPED = r"""
bool_or(contains(amount, '.'))
AND bool_and(NOT contains(amount, '.') OR regexp_full_match(trim(amount), '[+-]?[1-9]\d{0,2}\.\d{3}'))
"""
"""Whether every point of some amounts may be a thousands mark."""
OPEN = rf"""
SELECT bool_or(start <> '') AND NOT bool_or(regexp_matches(start, '^\s*\d{{4}}-\d\d-\d\d')), {GROUPED}
FROM """
"""Whether no day of some rows is written as year-month-day, and whether every point may be a thousands mark."""
SAMPLE = 1_000
"""Rows that are looked at for what a file leaves open."""
FIRST_SHOWN, DELETE = 32, b"\x7f"
"""The first code that shows, and the last of ASCII, which does not."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A CSV file that leaves nothing to decide.

    Attributes:
        path: where it is.
        columns: its header.
        lines: how many lines it has, the header among them.
        commas: how many commas, but for those in quotes.
        sha256: the checksum of its bytes.
        has_blank_starts: whether the first cell of a line is blank.
    """

    path: Path
    columns: tuple[str, ...]
    lines: int
    commas: int
    sha256: str
    has_blank_starts: bool


def plain(path: Path, columns: tuple[str, ...]) -> Plain | None:
    """The file if it leaves nothing to decide; its bytes are looked at once."""
    try:
        found = _lines(path)
    except OSError:
        return None
    return Plain(path, columns, *found) if found else None


def header_of(path: Path, known: Sequence[str], required: Sequence[str]) -> tuple[str, ...]:
    """The header of a large file; nothing where it is none that leaves nothing to decide."""
    try:
        with path.open("rb") as file:
            header = [_bare(cell) for cell in file.readline(LONGEST).decode("ascii", "replace").rstrip("\n").split(",")]
    except OSError:
        return ()
    return tuple(header) if len(set(header)) == len(header) and set(required) <= set(header) <= set(known) else ()


def few_words(path: Path, columns: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """By column that seems to have few words, those words and the blank: what the first lines of every piece show."""
    lines: list[str] = []
    with path.open("rb") as file:
        for start in range(0, path.stat().st_size, PIECE):
            file.seek(start)
            # The first line is the header, or the rest of one that begins before; the last may be cut.
            lines += file.read(SAMPLED).decode("utf-8", "replace").split("\n")[1:-1]
    try:
        rows = [row for row in csv.reader(lines) if len(row) == len(columns)]
    except csv.Error:
        return {}
    found = {name: Counter(cells) for name, cells in zip(columns, zip(*rows, strict=True), strict=False)}
    # Where a word was met but once, others will not have been met at all.
    return {
        name: tuple(sorted({"", *counts}))
        for name, counts in found.items()
        if len(counts) <= FEW and 1 not in counts.values()
    }


def _bare(cell: str) -> str:
    """A cell of the header without the quotes around it."""
    return cell[1:-1] if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell


def _lines(path: Path) -> tuple[int, int, str, bool] | None:
    """What ``Plain`` says of the lines of a file; none where a byte needs the strict reader."""
    import numpy as np

    lines, commas, rest, last, digest, quotes, blank = 0, 0, b"", b"\n", hashlib.sha256(), _Quotes(), False
    size = path.stat().st_size // MEGABYTE
    with path.open("rb") as file, steps(f"looking through {path.name}", size, "MB") as work:
        while piece := file.read(PIECE):
            work.advance(len(piece) // MEGABYTE)
            digest.update(piece)
            codes = np.frombuffer(piece, dtype=np.uint8)
            is_end = codes == END
            ends = int(np.count_nonzero(is_end))
            is_blank = bool((is_end[1:] & is_end[:-1]).any()) or (is_end[0] and last == b"\n")
            hidden = int(np.count_nonzero(codes < FIRST_SHOWN)) != ends or DELETE in piece
            if hidden or is_blank or not quotes.fit(piece):
                return None
            if rest or not piece.isascii():
                whole, _, rest = (rest + piece).rpartition(b"\n")
                if not _is_shown(whole):
                    return None
            blank = blank or any(start in piece for start in BLANK_STARTS) or (last == b"\n" and piece[:1] in b', "')
            lines, commas, last = lines + ends, commas + int(np.count_nonzero(codes == COMMA)), piece[-1:]
    if not _is_shown(rest) or not quotes.fit(b"\n"):
        return None
    return lines + (last != b"\n"), commas - quotes.commas, digest.hexdigest(), blank


class _Quotes:
    """Whether every quote of a file stands at an end of a cell, and every quoted cell ends on its line.

    Attributes:
        commas: how many commas stand in quotes.
    """

    def __init__(self) -> None:
        self.commas, self._begun = 0, b""

    def fit(self, piece: bytes) -> bool:
        """Whether those of the next piece do; what follows its last line end is looked at with the piece after it."""
        import numpy as np

        if b'"' not in piece and b'"' not in self._begun:
            self._begun = piece[piece.rfind(b"\n") + 1 :] if b"\n" in piece else self._begun + piece
            return True
        whole, end, self._begun = (self._begun + piece).rpartition(b"\n")
        codes = np.frombuffer(b"\n" + whole + end, dtype=np.uint8)
        is_quote = codes == QUOTE
        # True from an opening quote to before its closing one.
        is_inside = np.logical_xor.accumulate(is_quote)
        self.commas += int(np.count_nonzero(is_inside & (codes == COMMA)))
        places = np.flatnonzero(is_quote)
        beside = np.where(is_inside[places], codes[places - 1], codes[places + 1])
        is_split = bool((is_inside & (codes == END)).any())
        return not is_split and bool(((beside == COMMA) | (beside == END)).all())


def _is_shown(lines: bytes) -> bool:
    """Whether lines are UTF-8 and all their characters show."""
    try:
        return shows(lines.decode("utf-8").replace("\n", ""))
    except UnicodeDecodeError:
        return False


@dataclass(frozen=True, slots=True)
class Copy:
    """The rows of a file in columns: where they are, and the lines that are no rows with their text."""

    target: Path
    ragged: tuple[tuple[int, str], ...]


def copied(
    engine: Engine, path: Path, columns: Sequence[str], words: Mapping[str, Sequence[str]]
) -> Copy | None:  # fmt: skip
    """The rows of a file, copied into columns; none where the engine does not read it.

    A column of few words is read as their numbers, which are written several times as fast as text. Where another word
    turns up, the column is copied once more as text.
    """
    # The name stands in the evidence of a run, which has to be the same when it is made again.
    target = engine.spill / f"rows-{len(engine.relations)}.parquet"
    types = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in columns)
    scan = (
        f"read_csv({literal(str(path))}, auto_detect = false, header = true, delim = ',', quote = '\"', "
        f"escape = '\"', new_line = '\\n', columns = {{{types}}}, store_rejects = true, rejects_limit = 0)"
    )
    kept = ", ".join(f"{_cell(column, words.get(column, ()))} AS {quoted(column)}" for column in columns)
    try:
        engine.run("SET preserve_insertion_order = true")
        engine.run(f"COPY (SELECT {kept} FROM {scan}) TO {literal(str(target))} (FORMAT parquet, COMPRESSION snappy)")
        other = _with_other_words(engine, target) & set(words)
        if other:
            target.unlink()
            return copied(engine, path, columns, {name: words[name] for name in words if name not in other})
        ragged = engine.rows("SELECT line, any_value(csv_line) FROM reject_errors GROUP BY line ORDER BY line")
    except engine.error:
        return None
    finally:
        engine.run("SET preserve_insertion_order = false")
    return Copy(target, tuple((line, text) for line, text in ragged))


def _cell(column: str, words: Sequence[str]) -> str:
    """The expression of a column: as text, or as one of the words that were met; missing where it is another."""
    cell = f"coalesce({quoted(column)}, '')"
    return f"TRY_CAST({cell} AS ENUM ({', '.join(map(literal, words))}))" if words else cell


def _with_other_words(engine: Engine, target: Path) -> set[str]:
    """The columns of a copy in which a word is missing; its footer says so."""
    found = engine.rows(
        f"SELECT path_in_schema FROM parquet_metadata({literal(str(target))}) "
        "GROUP BY path_in_schema HAVING coalesce(sum(stats_null_count), 1) > 0"
    )
    return {name for (name,) in found}


def _is_open(engine: Engine, file: Plain, copy: Path) -> bool:
    """Whether rows without text, days in another form or points that may be thousands marks need the strict reader."""
    rows = f"read_parquet({literal(str(copy))})"
    blank = " AND ".join(f"trim(CAST({quoted(column)} AS VARCHAR)) = ''" for column in file.columns)
    if file.has_blank_starts and engine.rows(f"SELECT 1 FROM {rows} WHERE {blank} LIMIT 1"):
        return True
    text = "SELECT CAST(start AS VARCHAR) AS start, CAST(amount AS VARCHAR) AS amount FROM "
    other, grouped = engine.rows(f"{OPEN} ({text}{rows} LIMIT {SAMPLE})")[0]
    return bool(other or (grouped and engine.rows(f"{OPEN} ({text}{rows})")[0][1]))


def related(engine: Engine, file: Plain, copy: Copy, name: str, known: tuple[Sequence[str], Sequence[str]]) -> (
    Relation | None
):  # fmt: skip
    """A copy as a relation; none where the engine did not find a row a line."""
    scan = f"read_parquet({literal(str(copy.target))})"
    made = described(engine, scan, f"(0::BIGINT << {FILE_BITS}) + file_row_number", (name,), 2, known)
    if any('"' in text or not text.strip(" ,") for _, text in copy.ragged) or _is_open(engine, file, copy.target):
        return None  # which of its commas cut cells, and what is left open, is for the strict reader to say
    lines = tuple(line for line, _ in copy.ragged)
    # The engine overlooks a comma at the end of a row.
    commas = (made.rows + 1) * (len(file.columns) - 1) + sum(text.count(",") for _, text in copy.ragged)
    is_whole = made.rows + len(lines) + 1 == file.lines and commas == file.commas
    return replace(made, skipped=lines, stored=(copy.target,)) if is_whole else None


@dataclass(frozen=True, slots=True)
class Large:
    """A large file that was copied: its checksum, and an issue for each line that is no row."""

    sha256: str
    issues: tuple[Issue, ...]


def is_large(path: Path) -> bool:
    """Whether a file may be scanned and not read as text."""
    return path.suffix == ".csv" and path.is_file() and path.stat().st_size >= LARGE


def open_large(
    engine: Engine, path: Path, name: str, required: Sequence[str], optional: Sequence[str]
) -> Large | None:  # fmt: skip
    """A large CSV file as a relation of the engine; none where the strict reader has to take it.

    The engine copies it while its bytes are looked at.
    """
    columns = header_of(path, (*required, *optional), required) if is_large(path) else ()
    if not columns:
        return None
    with Thread(engine) as aside:
        words = few_words(path, columns)
        copied_later = aside.run(lambda other: copied(other, path, columns, words))
        file = plain(path, columns)
        if not file:
            aside.stop()
            return None
        with steps(f"copying {name}", file.lines - 1, "rows", aside.share):
            copy = copied_later()
    relation = related(engine, file, copy, name, (required, optional)) if copy else None
    if not relation:
        return None
    engine.relations.append(relation)
    message = f"the row does not have the {len(file.columns)} cells of the header."
    hint = 'Quote a cell that holds a comma, for instance "1,234" – or better, write 1234.'
    return Large(file.sha256, tuple(Issue("row-ragged", message, hint, name, line) for line in relation.skipped))
