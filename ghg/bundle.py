"""Where the shipped factors and scenarios are: inside the package once installed, beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent


def folder(name: str) -> Path:
    """The folder ``factors``, ``scenarios`` or ``docs`` that belongs to this copy of ``ghg``."""
    installed = PACKAGE / "bundled" / name
    return installed if installed.is_dir() else PACKAGE.parent / name


def find(path: str | Path) -> tuple[Path, bool]:
    """The file a user named, and whether it is the shipped one.

    A path that exists is taken as it is. Otherwise ``scenarios/…`` may name a shipped scenario, so that an installed
    copy runs it from any directory; callers say so to the user.
    """
    given = Path(path)
    if given.exists() or given.is_absolute() or given.parts[:1] != ("scenarios",):
        return given, False
    shipped = folder("scenarios").joinpath(*given.parts[1:])
    return (shipped, True) if shipped.exists() else (given, False)
