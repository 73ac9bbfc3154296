"""From bytes to text: a byte order mark or UTF-8 decides, a declaration decides, nothing is guessed."""

from __future__ import annotations

import codecs

from ghg.issues import InputError, Issue
from ghg.reading.declaration import ENCODINGS, Manner

MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""Byte order marks, the longer before the shorter that starts it."""
CANDIDATES = ("cp1252", "gb18030", "big5", "shift_jis", "euc-kr", "cp1251")
"""Encodings a question shows readings of."""
SHOWN = 40
"""Most characters shown of a line."""


def decode(content: bytes, name: str, manner: Manner) -> str:
    """A file's text.

    Raises:
        InputError: the bytes are not text in the declared encoding, or none is declared and they are not UTF-8.
    """
    declared = ENCODINGS[manner.reading.encoding] if manner.reading.encoding else ""
    marked = next((codec for mark, codec in MARKS.items() if content.startswith(mark)), "")
    if declared and marked and not marked.startswith(declared.rpartition("-")[0] if "16" in declared else declared):
        message = f"the file is declared {manner.reading.encoding}, and its first bytes say {marked}."
        raise InputError([Issue("file-encoding", message, "Remove 'encoding' from its reading.", name, 1)])
    if not (declared or marked) and b"\0" in content[:4]:
        raise InputError([_without_mark(content, name, manner)])
    codec = marked or declared or "utf-8"
    try:
        text = content.decode(codec)
    except UnicodeDecodeError as error:
        raise InputError([_undecodable(error, name, manner, codec)]) from None
    if declared in ("cp1252", "iso-8859-1", "iso-8859-15") and _is_utf8(content):
        message = f"the file is declared {manner.reading.encoding}, and its bytes are UTF-8."
        raise InputError([Issue("file-encoding", message, "Remove 'encoding' from its reading.", name)])
    return text


def _is_utf8(content: bytes) -> bool:
    """Whether the bytes are UTF-8 beyond ASCII: text in another encoding hardly ever is."""
    try:
        return not content.isascii() and bool(content.decode())
    except UnicodeDecodeError:
        return False


def _without_mark(content: bytes, name: str, manner: Manner) -> Issue:
    """UTF-16 without a byte order mark, or no text at all."""
    codec = "utf-16-be" if content[:1] == b"\0" else "utf-16-le"
    message = f"the bytes look like {codec} text without a byte order mark."
    hint = f"If it is: {manner.line(encoding=codec)}" if manner.key else "Save the file as UTF-8."
    return Issue("encoding-unknown", message, hint, name, 1)


def _undecodable(error: UnicodeDecodeError, name: str, manner: Manner, codec: str) -> Issue:
    """Why the bytes are not text, with the readings there may be."""
    content, start = error.object, error.start
    line = content.count(b"\n", 0, start) + 1
    where = f"byte 0x{content[start]:02x} at offset {start:,}"
    if not manner.key or manner.reading.encoding or codec != "utf-8":
        what = "UTF-8" if codec.startswith("utf-8") else codec
        return Issue("file-encoding", f"{where} is not {what}.", "Save the file as UTF-8.", name, line)
    if _is_mostly_utf8(content):
        message = f"{where} is not UTF-8, and other bytes of the file are: two encodings are mixed."
        hint = "Correct the line in the program that wrote the file, and save all of it as UTF-8."
        return Issue("encoding-mixed", message, hint, name, line)
    readings = list(_readings(content, start, manner))
    message = f"{where} is not UTF-8, and no encoding is declared. The line reads " + " or ".join(
        f"{text!r} in {encoding}" for encoding, text, _ in readings
    )
    hint = "Add to the inventory the one that is right:" + "".join(f"\n    {said}" for _, _, said in readings)
    return Issue("encoding-unknown", f"{message}.", hint, name, line)


def _is_mostly_utf8(content: bytes) -> bool:
    """Whether of the lines beyond ASCII at least as many are UTF-8 as are not.

    A line in another encoding is hardly ever UTF-8; a few are by chance, so single characters do not count.
    """
    sound = wrong = 0
    for line in content.splitlines():
        if not line.isascii():
            try:
                line.decode()
                sound += 1
            except UnicodeDecodeError:
                wrong += 1
    return sound >= wrong


def _readings(content: bytes, start: int, manner: Manner) -> list[tuple[str, str, str]]:
    """Each encoding that can read the whole file: its name, the line in it, and the line that declares it."""
    found = []
    first = content.rfind(b"\n", 0, start) + 1
    last = content.find(b"\n", start)
    for name in CANDIDATES:
        try:
            content.decode(ENCODINGS[name])
            text = content[first : last if last >= 0 else len(content)].decode(ENCODINGS[name]).strip()
        except UnicodeDecodeError:
            continue
        if text.isprintable():
            shown = text if len(text) <= SHOWN else text[:SHOWN] + "…"
            found.append((name, shown, manner.line(encoding=name)))
    return found
