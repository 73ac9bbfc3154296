"""The folder an engine spills to: held by a lock while its process lives, so that what a killed one left can go.

The lock is on the folder itself. The system lets go of it when the process ends, however it ends, so nothing has to be
believed about process numbers.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ghg.issues import MachineError

PREFIX = "ghg-spill-"
"""How the folders are called."""
SETTLED = 60
"""Seconds after which a folder is old enough to be locked if anybody lives in it."""


@dataclass(frozen=True, slots=True)
class Spill:
    """A folder of its own for temporary files, for as long as it is held.

    Attributes:
        folder: where it is; only its user may look into it.
        handle: what holds it.
    """

    folder: Path
    handle: int

    def close(self) -> None:
        """Remove the folder with what is in it; once only, since the handle may be another's afterwards."""
        os.close(self.handle)
        shutil.rmtree(self.folder, ignore_errors=True)


def claim() -> Spill:
    """A new folder, held by this process.

    Raises:
        MachineError: there is no place for temporary files.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise MachineError(
            f"cannot make a folder for temporary files: {error.strerror or error}. Set TMPDIR."
        ) from None
    _is_locked(handle)
    return Spill(folder, handle)


def clear_dead(held: Spill) -> None:
    """Remove the folders beside one just claimed that no process of its user holds any more; what is in doubt stays."""
    own = held.folder.stat()
    for left in held.folder.parent.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            found = left.lstat()
            is_ours = found.st_uid == own.st_uid and not left.is_symlink() and left.is_dir()
            if is_ours and own.st_mtime - found.st_mtime > SETTLED:
                handle = os.open(left, os.O_RDONLY | os.O_NOFOLLOW)
                try:
                    if _is_locked(handle):
                        shutil.rmtree(left, ignore_errors=True)
                finally:
                    os.close(handle)


def _is_locked(handle: int) -> bool:
    """Lock a folder for this process; false where another holds it, or where the system has no such lock."""
    try:
        import fcntl
    except ImportError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
