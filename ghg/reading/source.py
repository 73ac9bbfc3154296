"""The bytes of a file, within limits: what no parser may see is refused here.

A file is read once. Its size and SHA-256 are those of the bytes that were read.
"""

from __future__ import annotations

import hashlib
import os
import stat
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ghg.issues import InputError, Issue

MEGABYTE = 1_000_000
LARGEST_TABLE = 1_000 * MEGABYTE
"""Most bytes of a table, as stored and unpacked."""
LARGEST_DOCUMENT = 4 * MEGABYTE
"""Most bytes of an inventory or another document that a person writes."""
LARGEST_RATIO = 200
"""Most bytes that one packed byte may become; real tables stay below fifty."""
PIECE = MEGABYTE
"""Bytes unpacked at a time."""
KINDS = {
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"PAR1": "parquet",
    b"PARE": "parquet",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "ole",
    b"\x1f\x8b": "gzip",
    b"BZh": "packed",
    b"\xfd7zXZ": "packed",
    b"\x28\xb5\x2f\xfd": "packed",
    b"7z\xbc\xaf": "packed",
    b"Rar!": "packed",
    b"%PDF": "pdf",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
    b"GIF8": "picture",
    b"SQLite format 3": "database",
    b"ARROW1": "arrow",
    b"{\\rtf": "letter",
    b"<": "markup",
}
"""How a file of a kind starts; anything else is text."""


@dataclass(frozen=True)
class Source:
    """A file as read.

    Attributes:
        name: path as the user named it.
        content: its bytes, unpacked.
        stored: its bytes on disk, where they are packed; else the same.
    """

    name: str
    content: bytes
    stored: bytes

    @cached_property
    def sha256(self) -> str:
        """The checksum of the file on disk."""
        return hashlib.sha256(self.stored).hexdigest()

    @property
    def kind(self) -> str:
        """What the content is by its first bytes: a value of ``KINDS``, or ``text``."""
        if self.content[8:12] == b"DUCK":
            return "database"
        if self.content[257:262] == b"ustar":
            return "packed"
        return next((kind for start, kind in KINDS.items() if self.content.startswith(start)), "text")


def read_source(path: Path, name: str, largest: int = LARGEST_TABLE) -> Source:
    """A file's bytes; one that gzip packed is unpacked, within the limit.

    Raises:
        InputError: the file is missing, no regular file, too large, or packed out of proportion.
    """
    stored = _bytes(path, name, largest)
    if not stored.startswith(b"\x1f\x8b"):
        return Source(name, stored, stored)
    return Source(name, _unpacked(stored, name, largest), stored)


def _bytes(path: Path, name: str, largest: int) -> bytes:
    try:
        # Without waiting: a pipe would never end.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise InputError([_missing(name, "it is no regular file")])
            if found.st_size > largest:
                raise InputError([_too_large(name, f"{found.st_size:,} bytes", largest)])
            content = file.read(found.st_size + 1)
            after = os.fstat(file.fileno())
    except OSError as error:
        raise InputError([_missing(name, str(error.strerror))]) from None
    if len(content) != found.st_size or (found.st_size, found.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        message, hint = "the file changed while it was read.", "Run again once nothing writes to the file."
        raise InputError([Issue("file-changed", message, hint, name)])
    return content


def _unpacked(stored: bytes, name: str, largest: int) -> bytes:
    """What gzip packed."""
    most = min(largest, max(len(stored) * LARGEST_RATIO, PIECE))
    unpacker, pieces, size = zlib.decompressobj(zlib.MAX_WBITS | 16), [], 0
    rest = stored
    try:
        while not unpacker.eof:
            piece = unpacker.decompress(rest, PIECE)
            size += len(piece)
            if size > most:
                raise InputError([_too_large(name, f"more than {most:,} bytes unpacked", most)])
            pieces.append(piece)
            rest = unpacker.unconsumed_tail
            if not piece and not rest and not unpacker.eof:
                raise InputError([_broken(name, "it ends too early")])
    except zlib.error as error:
        raise InputError([_broken(name, str(error))]) from None
    if unpacker.unused_data:
        raise InputError([_broken(name, "it holds more than one packed part")])
    return b"".join(pieces)


def _broken(name: str, why: str) -> Issue:
    return Issue("file-kind", f"cannot unpack the file: {why}.", "Pack it again, or give the unpacked file.", name)


def _missing(name: str, why: str) -> Issue:
    hint = "Check the path; it is taken from the current directory, or from the folder of the inventory that names it."
    return Issue("file-missing", f"cannot read the file: {why}.", hint, name)


def _too_large(name: str, seen: str, largest: int) -> Issue:
    message = f"the file has {seen}; at most {largest:,} are read."
    return Issue("limit-size", message, "Check that it is the file meant; split it where it is.", name)
