"""Large CSV files: copied once into columns in the spill folder, then scanned in place like any other table.

Only a file that leaves nothing to decide goes this way: UTF-8, commas, quotes around whole cells alone, one row a line,
a header of known columns. Then a row's number says its physical line. The strict reader takes every other file, and
stays the authority.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ghg.engines.embedded import Engine, literal, quoted
from ghg.engines.relations import FILE_BITS, Relation, described
from ghg.issues import Issue
from ghg.progress import steps

LARGE = 16_000_000
"""Bytes from which a CSV file is scanned and not read as text."""
MEGABYTE = 10**6
PIECE = 1 << 24
"""Bytes looked at at a time."""
LONGEST = 1_000_000
"""Most bytes of a header line."""
END, QUOTE, COMMA = b'\n",'
"""The characters that cut a file into cells."""
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
        has_quotes: whether cells are quoted.
        sha256: the checksum of its bytes.
    """

    path: Path
    columns: tuple[str, ...]
    lines: int
    commas: int
    has_quotes: bool
    sha256: str


def plain(path: Path, known: Sequence[str], required: Sequence[str]) -> Plain | None:
    """The file if it is large and leaves nothing to decide; its bytes are looked at once."""
    try:
        if not is_large(path):
            return None
        with path.open("rb") as file:
            header = [_bare(cell) for cell in file.readline(LONGEST).decode("ascii", "replace").rstrip("\n").split(",")]
        if len(set(header)) != len(header) or not set(required) <= set(header) <= set(known):
            return None
        found = _lines(path)
    except OSError:
        return None
    return Plain(path, tuple(header), *found) if found else None


def _bare(cell: str) -> str:
    """A cell of the header without the quotes around it."""
    return cell[1:-1] if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell


def _lines(path: Path) -> tuple[int, int, bool, str] | None:
    """Lines and commas of a file, whether it has quotes, its checksum; none where a byte needs the strict reader."""
    import numpy as np

    lines, commas, rest, last, digest, quotes = 0, 0, b"", b"\n", hashlib.sha256(), _Quotes()
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
            lines, commas, last = lines + ends, commas + int(np.count_nonzero(codes == COMMA)), piece[-1:]
    if not _is_shown(rest) or not quotes.fit(b"\n"):
        return None
    return lines + (last != b"\n"), commas - quotes.commas, quotes.are_there, digest.hexdigest()


class _Quotes:
    """Whether every quote of a file stands at an end of a cell, and every quoted cell ends on its line.

    Attributes:
        commas: how many commas stand in quotes.
        are_there: whether there is any quote.
    """

    def __init__(self) -> None:
        self.commas, self.are_there, self._begun = 0, False, b""

    def fit(self, piece: bytes) -> bool:
        """Whether those of the next piece do; what follows its last line end is looked at with the piece after it."""
        import numpy as np

        if b'"' not in piece and b'"' not in self._begun:
            self._begun = piece[piece.rfind(b"\n") + 1 :] if b"\n" in piece else self._begun + piece
            return True
        whole, end, self._begun = (self._begun + piece).rpartition(b"\n")
        self.are_there = True
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
        return lines.decode("utf-8").replace("\n", "").isprintable()
    except UnicodeDecodeError:
        return False


def copied(engine: Engine, file: Plain, name: str, required: Sequence[str], optional: Sequence[str]) -> Relation | None:
    """The rows of a file, copied into columns; none where the engine does not find a row a line."""
    target = engine.spill / f"{file.sha256}.parquet"
    columns = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in file.columns)
    kept = ", ".join(f"coalesce({quoted(column)}, '') AS {quoted(column)}" for column in file.columns)
    quote = literal('"' if file.has_quotes else "")
    scan = (
        f"read_csv({literal(str(file.path))}, auto_detect = false, header = true, delim = ',', quote = {quote}, "
        f"escape = {quote}, new_line = '\\n', columns = {{{columns}}}, store_rejects = true, rejects_limit = 0)"
    )
    try:
        engine.run("SET preserve_insertion_order = true")
        copy = f"COPY (SELECT {kept} FROM {scan}) TO {literal(str(target))} (FORMAT parquet, COMPRESSION snappy)"
        with steps(f"copying {name}", file.lines - 1, "rows", engine.share):
            engine.run(copy)
        ragged = engine.rows("SELECT line, any_value(csv_line) FROM reject_errors GROUP BY line ORDER BY line")
    except engine.error:
        return None
    finally:
        engine.run("SET preserve_insertion_order = false")
    made = described(
        engine, f"read_parquet({literal(str(target))})", f"(0::BIGINT << {FILE_BITS}) + file_row_number", (name,), 2,
        (required, optional),
    )  # fmt: skip
    if any('"' in text for _, text in ragged):
        return None  # which of its commas cut cells is for the strict reader to say
    lines = tuple(line for line, _ in ragged)
    # The engine overlooks a comma at the end of a row.
    commas = (made.rows + 1) * (len(file.columns) - 1) + sum(text.count(",") for _, text in ragged)
    is_whole = made.rows + len(lines) + 1 == file.lines and commas == file.commas
    return replace(made, skipped=lines, stored=(target,)) if is_whole else None


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
    """A large CSV file as a relation of the engine; none where the strict reader has to take it."""
    file = plain(path, (*required, *optional), required)
    relation = copied(engine, file, name, required, optional) if file else None
    if not file or not relation:
        return None
    engine.relations.append(relation)
    message = f"the row does not have the {len(file.columns)} cells of the header."
    hint = 'Quote a cell that holds a comma, for instance "1,234" – or better, write 1234.'
    return Large(file.sha256, tuple(Issue("row-ragged", message, hint, name, line) for line in relation.skipped))
