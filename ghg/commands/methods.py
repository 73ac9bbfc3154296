"""Commands on calculation methods."""

from __future__ import annotations

import click

DONE = 0


@click.command("methods")
@click.argument("name", required=False)
@click.option("--scope", type=click.Choice(["1", "2", "3"]), help="Only methods of this scope.")
@click.option("--category", metavar="NUMBER", help="Only methods of this Scope 3 category, such as 7.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "csv", "markdown"]), default="text", show_default=True,
    help="How to print the result.",
)  # fmt: skip
def methods_command(name: str | None, scope: str | None, category: str | None, form: str) -> int:
    """Calculation methods: inputs, formula, what follows it, data type, standard with chapter and page.

    NAME is the id of one method, or the first part of the ids of several.

    \b
    ghg methods                                      all of them
    ghg methods --scope 3 --category 7               those of a category
    ghg methods employee_commuting                   those of a group
    ghg methods employee_commuting.average_data      all about one
    """  # noqa: D301 - \b is click's mark for lines it leaves alone
    from ghg.lookups import methods_statement
    from ghg.methods import method, methods
    from ghg.reports import csv, documents
    from ghg.reports import methods as pages

    found = pages.of_scope(scope or "", category or "") if scope or category else tuple(methods().values())
    if name:
        group = tuple(one for one in found if one.id.partition(".")[0] == name)
        found = group or (method(name),)
    statement = methods_statement(found)
    one_alone = pages.method_text(found[0]) if len(found) == 1 else pages.methods_text(found)
    said = {
        "text": one_alone,
        "markdown": pages.markdown(),
        "csv": csv.statement(statement).rstrip("\n"),
        "json": documents.statement_document(statement).model_dump_json(indent=2),
    }
    click.echo(said[form])
    return DONE
