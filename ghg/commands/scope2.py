"""Commands on purchased energy."""

from __future__ import annotations

import click

from ghg.commands.running import DONE, computed, format_option, inventory_argument, show


@click.command("instruments")
@inventory_argument
@format_option
def instruments_command(inventory: str, form: str) -> int:
    """Contractual instruments: the eight quality criteria, what each covers, and what is left of it.

    \b
    ghg instruments inventory.yaml
    """  # noqa: D301 - \b is click's mark for lines it leaves alone
    from ghg.instruments.report import statement
    from ghg.reports import csv, documents

    found = statement(computed(inventory))
    show(form, lambda: str(found), lambda: documents.statement_document(found), lambda: csv.statement(found))
    return DONE
