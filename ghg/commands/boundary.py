"""Commands on the boundary of an inventory."""

from __future__ import annotations

import click

from ghg.commands.running import DONE, computed, format_option, inventory_argument, show


@click.command("boundary")
@inventory_argument
@format_option
def boundary_command(inventory: str, form: str) -> int:
    """Entities under equity share, financial control and operational control, and the rows outside the boundary.

    \b
    ghg boundary inventory.yaml
    """  # noqa: D301 - \b is click's mark for lines it leaves alone
    from ghg.boundary.report import statement
    from ghg.reports import csv, documents

    found = statement(computed(inventory))
    show(form, lambda: str(found), lambda: documents.statement_document(found), lambda: csv.statement(found))
    return DONE
