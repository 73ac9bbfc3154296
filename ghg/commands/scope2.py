"""Commands on purchased energy."""

from __future__ import annotations

import click

DONE = 0


@click.command("instruments")
@click.argument("inventory", type=click.Path())
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True,
    help="How to print the result.",
)  # fmt: skip
def instruments_command(inventory: str, form: str) -> int:
    """Contractual instruments: the eight quality criteria, what each covers, and what is left of it.

    \b
    ghg instruments inventory.yaml
    """  # noqa: D301 - \b is click's mark for lines it leaves alone
    from ghg.instruments.report import statement
    from ghg.reports import csv, documents
    from ghg.runs import run

    made = run(inventory)
    click.get_current_context().call_on_close(made.close)
    found = statement(made)
    if form == "json":
        click.echo(documents.statement_document(found).model_dump_json(indent=2))
    else:
        click.echo((csv.statement(found) if form == "csv" else str(found)).rstrip("\n"))
    return DONE
