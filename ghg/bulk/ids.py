"""Ids that stand twice among many rows: a cheap proof first, an exact search only where something is suspicious.

Whole numbers are ticked off in a bit string. Other ids are hashed and the hashes sorted; equal hashes are suspects, and
only suspects are compared as text.
"""

from __future__ import annotations

from collections.abc import Sequence

from ghg.bulk.amounts import WHOLE
from ghg.engines import Engine, literal
from ghg.engines.relations import Relation
from ghg.reading.cells import HIDDEN
from ghg.schema import TOTAL, TOTAL_STARTS

TICKED = 1 << 29
"""Largest span of whole numbers that is ticked off."""
SPACE = " "
"""What is trimmed off a cell."""
SORTED = 1 << 24
"""Hashes sorted at a time, so that memory stays bounded."""


def repeated(engine: Engine, relation: Relation, earlier: Sequence[Relation] = ()) -> list[int]:
    """Places of the rows whose id stands in an earlier row or table, and of those without an id."""
    text = relation.cell("id")
    others = [f"SELECT {other.cell('id')} AS id FROM {other.sql}" for other in earlier]
    if engine.rows("SELECT count(*) FROM loaded")[0][0]:
        others.append("SELECT id FROM loaded")
    if not others:
        return _within(engine, relation)
    known = f"SELECT place FROM {relation.sql} WHERE {text} <> '' AND {text} IN ({' UNION ALL '.join(others)})"
    return sorted({*_within(engine, relation), *(place for (place,) in engine.rows(known))})


def totals(engine: Engine, relation: Relation) -> list[int]:
    """Places of the rows whose id names a total, as spreadsheets leave them below the data.

    Those whose id holds what does not show are among them: it would pass for another one.
    """
    if relation.types["id"] in WHOLE:
        return []
    text = relation.cell("id")
    # Most ids are told by their first character as it stands, in a third of the time; a space may hide another.
    first = ", ".join(str(ord(character)) for character in TOTAL_STARTS + SPACE)
    may_be = f"unicode(CAST(id AS VARCHAR)) IN ({first})"
    is_total = f"{may_be} AND regexp_full_match({text}, {literal(TOTAL)}, 'i')"
    # The engine tells from its statistics where all text is ASCII.
    is_wide = "strlen(CAST(id AS VARCHAR)) <> length(CAST(id AS VARCHAR))"
    is_hidden = f"{is_wide} AND regexp_matches({text}, {literal(HIDDEN)})"
    wanted = f"({is_total}) OR ({is_hidden})"
    return [place for (place,) in engine.rows(f"SELECT place FROM {relation.sql} WHERE {wanted}")]


def _within(engine: Engine, relation: Relation) -> list[int]:
    """Places of the rows whose id stands in an earlier row of the table, and of those without an id."""
    blank: list[int] = []
    if relation.types["id"] in WHOLE:
        missing = relation.rows - engine.rows(f"SELECT count(id) FROM {relation.sql}")[0][0]
        blank = _blank(engine, relation) if missing else []
        if _is_ticked_off(engine, relation, relation.rows - missing):
            return blank
    return sorted({*blank, *_suspects(engine, relation)})


def _blank(engine: Engine, relation: Relation) -> list[int]:
    """Places of the rows without an id."""
    return [row[0] for row in engine.rows(f"SELECT place FROM {relation.sql} WHERE {relation.cell('id')} = ''")]


def _is_ticked_off(engine: Engine, relation: Relation, rows: int) -> bool:
    """Whether the ids are whole numbers, each once."""
    if relation.types["id"] not in WHOLE or not rows:
        return not rows
    low, high = engine.rows(f"SELECT min(id), max(id) FROM {relation.sql}")[0]
    if high - low >= min(TICKED, 64 * rows):
        return False
    ticked = f"bit_count(bitstring_agg(CAST(id AS BIGINT), CAST({low} AS BIGINT), CAST({high} AS BIGINT)))"
    return bool(engine.rows(f"SELECT {ticked} = {rows} FROM {relation.sql}")[0][0])


def _suspects(engine: Engine, relation: Relation) -> list[int]:
    """Places of the rows whose id stands in an earlier row, by way of equal hashes, and of those without an id."""
    import numpy as np

    text = relation.cell("id")
    hashed = f"hash({text})"
    parts = -(-relation.rows // SORTED)
    equal, has_blank = [], False
    nothing = engine.arrays("SELECT hash('') AS h")["h"]
    for part in range(parts):
        where = f" WHERE {hashed} % {parts} = {part}" if parts > 1 else ""
        hashes = np.sort(np.asarray(engine.arrays(f"SELECT {hashed} AS h FROM {relation.sql}{where}")["h"]))
        equal.append(np.unique(hashes[1:][hashes[1:] == hashes[:-1]]))
        at = np.searchsorted(hashes, nothing)
        has_blank |= bool((hashes[at[at < len(hashes)]] == nothing[at < len(hashes)]).any())
    blank = _blank(engine, relation) if has_blank else []
    suspects = np.concatenate(equal)
    if not len(suspects):
        return blank
    engine.tabulate("suspects", {"h": suspects})
    among = (
        f"SELECT place, row_number() OVER (PARTITION BY id ORDER BY place) AS nth FROM "
        f"(SELECT place, {text} AS id FROM {relation.sql} WHERE {hashed} IN (SELECT h FROM suspects)) WHERE id <> ''"
    )
    return [*blank, *(row[0] for row in engine.rows(f"SELECT place FROM ({among}) WHERE nth > 1"))]
