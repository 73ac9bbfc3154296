"""Commands on calculation methods."""

from __future__ import annotations

import click

from ghg.commands.options import refuse_unused
from ghg.issues import GhgError

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
        if name not in {one.id.partition(".")[0] for one in methods().values()}:
            method(name)  # a name that is none is refused, with the nearest
        found = tuple(one for one in found if name in (one.id, one.id.partition(".")[0]))
    if not found:
        raise GhgError("no method is of that name, scope and category together: 'ghg methods' lists all of them.")
    if form == "markdown":
        refuse_unused("with --format markdown, which is of all methods", name="NAME", scope="--scope",
                      category="--category")  # fmt: skip
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


@click.command("init")
@click.argument("folder", type=click.Path())
@click.option(
    "--methods", "names", required=True, multiple=True, metavar="NAMES",
    help="Ids of methods, separated by commas or given again.",
)  # fmt: skip
@click.option("--organisation", help="Who reports.")
@click.option("--year", type=click.IntRange(1900, 2100), help="The calendar year of the inventory.")
@click.option("--gwp", metavar="SET", help="GWP set; there is no default.")
@click.option(
    "--publications", multiple=True, metavar="NAMES",
    help="Publications of factors in order of preference, separated by commas or given again.",
)  # fmt: skip
@click.option("--own-factors", is_flag=True, help="Also a table for factors of your own, and their source to fill in.")
def init_command(
    folder: str,
    names: tuple[str, ...],
    organisation: str | None,
    year: int | None,
    gwp: str | None,
    publications: tuple[str, ...],
    own_factors: bool,
) -> int:
    """A new inventory in FOLDER: a file to fill in, and a table for each method with its columns.

    What is not given stays blank, and a blank field is refused with its line: nothing is assumed.

    \b
    ghg init bakery --methods employee_commuting.average_data,waste.waste_type --organisation Bakery --year 2024
    """  # noqa: D301
    import json
    from pathlib import Path

    from ghg.evidence import write_files
    from ghg.methods import method
    from ghg.methods.templates import OWN_FACTORS, factor_table, guide, table_name, template
    from ghg.reports.methods import accounts_of

    stated = {"organisation": json.dumps(organisation, ensure_ascii=False)} if organisation else {}
    if year:
        stated["period"] = f"{{start: {year}-01-01, end: {year}-12-31}}"
    if gwp:
        stated["gwp"] = json.dumps(gwp)
    if publications:
        stated["publications"] = json.dumps(_each(publications))
    wanted = _each(names)
    files = template(wanted, stated) | (factor_table() if own_factors else {})
    if own_factors:
        files["inventory.yaml"] += OWN_FACTORS
    # The inventory last: a folder that has it has every table.
    files = dict(sorted(files.items(), key=lambda file: file[0].endswith(".yaml")))
    write_files(Path(folder), files)
    for one in map(method, wanted):
        found = accounts_of(one)
        items = dict.fromkeys(word for account in found for word in account.factor_activity.split() if account.is_open)
        told = guide(one, [account.activity for account in found], list(items))
        click.echo("\n".join([f"{Path(folder) / table_name(one.id)}", *told, ""]))
    click.echo(f"Fill in {Path(folder) / 'inventory.yaml'} and the tables, then run it with 'ghg run'.")
    return DONE


def _each(given: tuple[str, ...]) -> list[str]:
    """The names of an option that may be given again and may hold several, each once."""
    return list(dict.fromkeys(name.strip() for text in given for name in text.split(",") if name.strip()))
