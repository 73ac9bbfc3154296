"""The lowest versions of what the project depends on, as constraints for pip.

python -m tests.trials.lowest > lowest.txt && pip install -c lowest.txt -e '.[dev]'
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

PROJECT = Path(__file__).parents[2] / "pyproject.toml"
EXTRAS = ("testing", "spreadsheets", "frames", "postgresql")
"""Extras that are held to their lowest versions, beside what every installation has."""
BOUND = re.compile(r"(?P<name>[\w.-]+)(\[\w+\])?>=(?P<version>[\d.]+)")


def lowest(stated: Mapping[str, object]) -> Iterator[str]:
    """Each requirement at its lower bound.

    >>> extras = {"testing": ["hypothesis>=6,<7"]}
    >>> list(lowest({"dependencies": ["pint>=0.24.4,<0.27"], "optional-dependencies": extras}))
    ['pint==0.24.4', 'hypothesis==6']
    """
    extras = stated["optional-dependencies"]
    assert isinstance(extras, Mapping)
    listed = [stated["dependencies"], *(extras[name] for name in EXTRAS if name in extras)]
    for requirement in (requirement for group in listed for requirement in group):
        bound = BOUND.match(requirement)
        assert bound, f"{requirement!r} has no lower bound"
        yield f"{bound['name']}=={bound['version']}"


if __name__ == "__main__":
    sys.stdout.write("\n".join([*lowest(tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]), ""]))
