"""Commands on the quality of data."""

from __future__ import annotations

import click

from ghg.commands.running import DONE, computed, format_option, inventory_argument, show


@click.command("portfolio")
@inventory_argument
@format_option
def portfolio_command(inventory: str, form: str) -> int:
    """Data quality scores of investments, weighted by the amount outstanding (PCAF).

    \b
    ghg portfolio inventory.yaml
    """  # noqa: D301 - \b is click's mark for lines it leaves alone
    from ghg.quality.portfolio import statement
    from ghg.reports import csv, documents

    found = statement(computed(inventory))
    show(form, lambda: str(found), lambda: documents.statement_document(found), lambda: csv.statement(found))
    return DONE
