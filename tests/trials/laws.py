"""Every law on ``ghg`` in its three forms, by hand: ``python -m tests.trials.laws 100`` tries a hundred examples."""

from __future__ import annotations

import sys

from ghg.testing import LAWS, LIBRARY, OWN, SHARES


def main(examples: int) -> None:
    """Print a verdict for each law and form."""
    for pipeline in (OWN, LIBRARY, SHARES):
        for law in LAWS:
            sys.stdout.write(f"{pipeline.name}: {law.judge(pipeline, examples=examples)}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
