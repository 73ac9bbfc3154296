"""Cells of a column made plain: spaces, accents and characters that do not show."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

SPACES = "\t\n\r\v\f\x85\u2028\u2029\u00a0\u1680\u202f\u205f\u3000" + "".join(
    chr(point) for point in range(0x2000, 0x200B)
)
"""Characters that become one plain space: line breaks, tabs and wide or unbreakable spaces."""
INVISIBLE = "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\ufe0e\ufe0f"
"""Characters without width or meaning in a cell; they are taken out."""
SELECTORS = "\ufe0e\ufe0f"
"""Those of them that Python takes for characters that show."""
HIDDEN = r"\p{C}|[^\P{Z} ]|[\x{fe0e}\x{fe0f}]"
"""Any character that does not show, and any space but the plain one, in the words of the engine."""
TO_PLAIN = str.maketrans(dict.fromkeys(SPACES, " ") | dict.fromkeys(INVISIBLE, ""))
RUN = re.compile(" {2,}")


class Exact(str):
    """A number or date that a file stores as such, in plain form: no mark of it can be misread."""

    __slots__ = ()


@dataclass(slots=True)
class Cleaned:
    """A column made plain.

    Attributes:
        cells: the plain cells.
        refused: positions of cells with a character that cannot stand in a cell.
        changed: positions of cells in which something invisible was replaced or removed.
    """

    cells: Sequence[str]
    refused: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)


def clean(column: Sequence[str]) -> Cleaned:
    """The column with plain spaces and composed accents; what is plain already costs one look at the whole.

    Accents are composed (Unicode NFC), so that one name has one spelling. Text direction marks are refused with the
    control characters: what a reader sees would not be what is stored.
    """
    whole = "".join(column)
    if _is_plain(whole) and " " not in whole:
        return Cleaned(column)
    cells = [cell if type(cell) is Exact else cell.strip() for cell in column]
    if _is_plain("".join(cells)):
        return Cleaned(cells)
    made = Cleaned(cells)
    for position, cell in enumerate(cells):
        if _is_plain(cell):
            continue
        plain = cell.translate(TO_PLAIN)
        if plain != cell:
            plain = RUN.sub(" ", plain).strip()
            made.changed.append(position)
        cells[position] = unicodedata.normalize("NFC", plain)
        if not plain.isprintable():
            made.refused.append(position)
    return made


def shows(text: str) -> bool:
    """Whether every character of a text shows, and its only space is the plain one; text of any length."""
    return text.isprintable() and not any(selector in text for selector in SELECTORS)


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def seen(text: str, longest: int = 60) -> str:
    """The text as a message shows it: quoted, controls spelled out, cut when long.

    >>> seen("9" * 100)
    "'999999999999999999999999999999…' (100 characters)"
    """
    return repr(text) if len(text) <= longest else f"{text[: longest // 2]!r}"[:-1] + f"…' ({len(text):,} characters)"
