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
CANDIDATES = (
    "cp1252", "cp1250", "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr", "cp1251", "koi8-r", "mac-roman", "cp850",
)  # fmt: skip
"""Encodings a question shows readings of; of those that read the line alike the first is shown."""
SHOWN = 40
"""Most characters shown of a line."""
DOUBLE_BYTE = ("gb18030", "big5", "cp932", "euc_jp", "cp949")
"""Codecs of which two bytes are one character."""
CUT_OFF = ("unexpected end of data", "truncated data", "incomplete multibyte sequence")
"""How decoders say that the bytes end within a character."""
CHANCE = 12
"""Bytes beyond ASCII from which text in a double-byte encoding is not UTF-8 by chance."""


def decode(content: bytes, name: str, manner: Manner) -> str:
    """A file's text.

    Raises:
        InputError: the bytes are not text in the declared encoding, or none is declared and they are not UTF-8.
    """
    declared = ENCODINGS[manner.reading.encoding] if manner.reading.encoding else ""
    marked = next((codec for mark, codec in MARKS.items() if content.startswith(mark)), "")
    if declared and marked and not marked.startswith(declared.removesuffix("-le").removesuffix("-be")):
        message = f"the file is declared {manner.reading.encoding}, and its first bytes say {marked}."
        raise InputError([Issue("file-encoding", message, "Remove 'encoding' from its reading.", name, 1)])
    if not (declared or marked) and b"\0" in content[:4]:
        raise InputError([_without_mark(content, name, manner)])
    codec = marked or declared or "utf-8"
    try:
        text = content.decode(codec)
    except UnicodeDecodeError as error:
        raise InputError([_undecodable(error, name, manner, codec)]) from None
    if declared and not declared.startswith("utf") and _is_utf8(content, declared):
        message = f"the file is declared {manner.reading.encoding}, and its bytes are UTF-8."
        raise InputError([Issue("file-encoding", message, "Remove 'encoding' from its reading.", name)])
    return text


def _is_utf8(content: bytes, declared: str) -> bool:
    """Whether the bytes are UTF-8 beyond ASCII: text in another encoding hardly ever is, unless it is very short."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    beyond = len(content.translate(None, bytes(range(128))))
    return beyond >= (CHANCE if declared in DOUBLE_BYTE else 1)


def _without_mark(content: bytes, name: str, manner: Manner) -> Issue:
    """UTF-16 without a byte order mark, or no text at all."""
    codec = "utf-16-be" if content[:1] == b"\0" else "utf-16-le"
    if b"\0\0" in content[:4]:
        message = "the bytes look like utf-32 text without a byte order mark, or like no text at all."
        return Issue("encoding-unknown", message, "Save the file as UTF-8.", name, 1)
    message = f"the bytes look like {codec} text without a byte order mark."
    hint = f"If it is: {manner.line(encoding=codec)}" if manner.key else "Save the file as UTF-8."
    return Issue("encoding-unknown", message, hint, name, 1)


def _undecodable(error: UnicodeDecodeError, name: str, manner: Manner, codec: str) -> Issue:
    """Why the bytes are not text, with the readings there may be."""
    content, start = error.object, error.start
    line = content.count(b"\n", 0, start) + 1
    where = f"byte 0x{content[start]:02x} at offset {start:,}"
    if codec.startswith("utf-16") or codec == "utf-32":
        line = content[:start].decode(codec, "ignore").count("\n") + 1
    if error.reason in CUT_OFF and not (codec == "utf-8" and content[:start].isascii()):
        message, hint = "the file ends within a character: it was cut off.", "Export or copy the file again."
        return Issue("file-encoding", message, hint, name, line)
    if not manner.key or manner.reading.encoding or codec != "utf-8":
        what = "UTF-8" if codec.startswith("utf-8") else codec
        return Issue("file-encoding", f"{where} is not {what}.", "Save the file as UTF-8.", name, line)
    if _is_mostly_utf8(content):
        message = f"{where} is not UTF-8, and other bytes of the file are: two encodings are mixed."
        hint = "Correct the line in the program that wrote the file, and save all of it as UTF-8."
        return Issue("encoding-mixed", message, hint, name, line)
    readings = list(_readings(content, start, manner))
    if not readings:
        message = f"{where} is not UTF-8, and none of the encodings that can be declared reads the file."
        return Issue("encoding-unknown", message, "Check that it is a table; save it as UTF-8.", name, line)
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
    seen = set()
    first = content.rfind(b"\n", 0, start) + 1
    last = content.find(b"\n", start)
    for name in CANDIDATES:
        try:
            content.decode(ENCODINGS[name])
            text = content[first : last if last >= 0 else len(content)].decode(ENCODINGS[name]).strip()
        except UnicodeDecodeError:
            continue
        if text.isprintable() and text not in seen:
            seen.add(text)
            shown = text if len(text) <= SHOWN else text[:SHOWN] + "…"
            found.append((name, shown, manner.line(encoding=name)))
    return found
