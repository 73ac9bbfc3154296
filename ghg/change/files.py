"""What-if files read strictly, and the stack a file stands on down to its inventory."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ghg import bundle
from ghg.change.forms import WhatIf
from ghg.documents import Document, read_document
from ghg.issues import GhgError, InputError

MARK = "what_if"
"""The field that tells a what-if file from an inventory."""


@dataclass(frozen=True, slots=True)
class WhatIfFile:
    """A what-if file.

    Attributes:
        what_if: what it states.
        name: path as the user named it.
        place: the file itself, to tell whether two names mean the same.
        document: its text with places, for messages.
    """

    what_if: WhatIf
    name: str
    place: Path
    document: Document

    @property
    def baseline(self) -> str:
        """Path of what the file stacks on, from where the user named the file."""
        return os.path.normpath(Path(self.name).parent / self.what_if.baseline)


@dataclass(frozen=True, slots=True)
class Stack:
    """Files in the order they apply, and the inventory under the first."""

    inventory: str
    files: tuple[WhatIfFile, ...]


def read_file(path: str | Path) -> WhatIfFile | None:
    """A what-if file; none when the file is something else, such as an inventory.

    Raises:
        InputError: the file cannot be read, or its fields do not fit; each problem with line and column.
    """
    found, _ = bundle.find(path)
    document = read_document(found, str(path))
    if not isinstance(document.tree, dict) or MARK not in document.tree:
        return None
    return WhatIfFile(document.validate(WhatIf), str(path), found.resolve(), document)


def stack(path: str | Path) -> Stack:
    """A what-if file with all it stands on; of an inventory, a stack without files.

    Raises:
        InputError: a file is wrong, or a baseline leads back to a file that stands on it.
    """
    files: list[WhatIfFile] = []
    current = str(path)
    while (found := read_file(current)) is not None:
        if found.place in [file.place for file in files]:
            raise InputError([files[-1].document.issue(("baseline",), "the baseline leads back to this file.")])
        files.append(found)
        current = found.baseline
    return Stack(current, tuple(reversed(files)))


def onto(inventory: str | Path | None, paths: Iterable[str | Path]) -> tuple[WhatIfFile, ...]:
    """The files that come on top of an inventory, each with what it stands on, none twice, in order.

    Args:
        inventory: path of the inventory; none skips the check that the files belong to it.
        paths: what-if files.

    Raises:
        GhgError: a path is no what-if file, or its stack ends at another inventory.
        InputError: a file is wrong.
    """
    files: list[WhatIfFile] = []
    for path in paths:
        found = stack(path)
        if not found.files:
            raise GhgError(f"{path} is no what-if file: it has no field {MARK!r}.")
        if inventory is not None and bundle.find(found.inventory)[0].resolve() != bundle.find(inventory)[0].resolve():
            raise GhgError(
                f"{path} stacks on {found.inventory}, not on {inventory}: run it on its own baseline, or copy it and "
                "name this one."
            )
        files += [file for file in found.files if file.place not in [other.place for other in files]]
    return tuple(files)
