"""The command that verifies the evidence of a run."""

from __future__ import annotations

import click

from ghg.commands.running import DIFFERS, DONE, format_option, show


@click.command("verify")
@click.argument("evidence", type=click.Path())
@click.option("--inventory", type=click.Path(), help="Where the inventory is now, if not where it was.")
@format_option
def verify_command(evidence: str, inventory: str | None, form: str) -> int:
    """Hold the evidence of a run to its checksums, to its inputs, and to a run of today.

    EVIDENCE is the folder that 'ghg run --out' wrote. The exit code is 1 if a file of it is changed, missing or added,
    an input is no longer the one that was read, or the inputs no longer give the same documents, byte for byte.

    \b
    ghg run scenarios/kingsoft-cloud/2024.yaml --out runs/2024
    ghg verify runs/2024
    """  # noqa: D301 - \b is click's mark for lines it leaves alone
    from ghg.reports import verification
    from ghg.verification import verify

    found = verify(evidence, inventory)
    show(
        form, lambda: verification.text(found), lambda: verification.document(found), lambda: verification.table(found)
    )
    return DONE if found.verified else DIFFERS
