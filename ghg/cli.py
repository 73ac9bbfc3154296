"""The command line."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, NoReturn

import click

from ghg import __version__
from ghg.commands.factors import factors_group
from ghg.issues import GhgError, InputError, Issue

if TYPE_CHECKING:
    from pydantic import BaseModel

    from ghg.runs import Run

DONE, DIFFERS, WRONG_INPUT, BUG, INTERRUPTED = 0, 1, 2, 4, 130
EPILOG = """\b
Start with
  ghg check scenarios/kingsoft-cloud/2024.yaml          a published report, reproduced figure by figure
  ghg explain scenarios/kingsoft-cloud/2024.yaml scope2  one figure down to its rows, factors and sources
\b
Exit codes: 0 done; 1 a check found a difference; 2 the input is wrong; 4 a bug of ghg; 130 interrupted.
Results go to standard output, everything else to standard error.
"""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}, epilog=EPILOG)
@click.version_option(__version__, prog_name="ghg")
def ghg() -> None:
    """Greenhouse gas accounting that can be recomputed by hand.

    An inventory is a YAML file that names its activity tables, boundary, factor publications and GWP set. Totals are
    exact, nothing falls back unless the inventory says so, and no bad row is dropped in silence.
    """


inventory_argument = click.argument("inventory", type=click.Path())
format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
    help="How to print the result.",
)
incomplete_option = click.option(
    "--incomplete",
    is_flag=True,
    help="Give a result although rows are wrong; it says INCOMPLETE and the exit code stays 2.",
)
gwp_option = click.option("--gwp", metavar="SET", help="GWP set instead of the inventory's: AR4, AR5 or AR6.")


@ghg.command("run")
@inventory_argument
@format_option
@incomplete_option
@click.option(
    "--by",
    metavar="DIMENSIONS",
    help="Totals by dimensions, such as scope,category,gas or factor, instead of the figures.",
)
@click.option("--book", type=click.Choice(["location", "market"]), help="Book of the totals; the two are never added.")
@click.option("--out", type=click.Path(), help="Write the evidence of the run to this folder.")
@click.option("--replace", is_flag=True, help="Let --out replace the folder of a former run.")
@click.option("--threads", type=click.IntRange(min=1), help="Threads of the engine; the result does not depend on it.")
def run_command(
    inventory: str, form: str, incomplete: bool, by: str | None, book: str | None, out: str | None, replace: bool,
    threads: int | None,
) -> int:  # fmt: skip
    """Compute an inventory: totals by scope and category, intensities, notes.

    \b
    ghg run scenarios/kingsoft-cloud/2024.yaml
    ghg run scenarios/kingsoft-cloud/2024.yaml --by scope,gas --book location
    ghg run scenarios/kingsoft-cloud/2024.yaml --format json --out runs/2024
    """
    from ghg.reports import csv, documents, text

    if book and not by:
        raise GhgError("--book chooses the book of totals by dimensions: give --by too, such as --by scope.")
    made = _run(inventory, incomplete=incomplete, threads=threads)
    statement = made.totals(*(name.strip() for name in by.split(",") if name.strip()), book=book) if by else None
    if out:
        # Before anything is printed, so that a result on standard output means that all went well.
        _say(f"Evidence written to {made.save(out, replace=replace)}.", err=True)
    if statement:
        _print(
            form,
            lambda: "\n".join([*text.incomplete(made), str(statement)]),
            lambda: documents.statement_document(statement),
            lambda: csv.statement(statement),
        )
    else:
        _print(form, lambda: text.render_run(made), lambda: documents.run_document(made), lambda: csv.run(made))
    return DONE if made.is_complete else WRONG_INPUT


@ghg.command("check")
@inventory_argument
@format_option
def check_command(inventory: str, form: str) -> int:
    """Every published figure beside the recomputed one, with a verdict; exit code 1 if one differs.

    \b
    exact           the recomputed value rounds to the printed digits
    consistent      within the printed rounding of inputs and factors; the residual is shown
    implied         the figure was used to derive an input, so it proves nothing
    differs         outside that rounding, with the smallest single change that would repair it
    not recomputed  there is nothing to recompute it from
    \b
    ghg check scenarios/kingsoft-cloud/2024.yaml
    """
    from ghg.reports import csv, documents, text

    made = _run(inventory)
    found = made.check()
    _print(
        form,
        lambda: "\n".join([*text.heading(made), str(found)]),
        lambda: documents.check_document(made, found),
        lambda: csv.check(found),
    )
    return DIFFERS if found.differs else DONE


@ghg.command("explain")
@inventory_argument
@click.argument("figure")
@format_option
def explain_command(inventory: str, figure: str, form: str) -> int:
    """How a figure comes about: rows, method, factors and what was passed over, sources, arithmetic with units.

    FIGURE is an id that 'ghg run' prints, such as scope2, scope3.7 or scope1+2/revenue.

    \b
    ghg explain scenarios/kingsoft-cloud/2024.yaml scope2
    """
    from ghg.reports import csv, documents

    made = _run(inventory)
    found = made.explain(figure)
    rows = [[line] for line in found.lines]
    _print(
        form,
        lambda: str(found),
        lambda: documents.explanation_document(made, found),
        lambda: csv.table(("derivation",), rows),
    )
    return DONE


@ghg.command("what-if")
@inventory_argument
@click.option(
    "--set",
    "values",
    multiple=True,
    metavar="ID='VALUE UNIT'",
    help="Another value for a factor; may be given several times.",
)
@gwp_option
@format_option
def what_if_command(inventory: str, values: tuple[str, ...], gwp: str | None, form: str) -> int:
    """Every figure before, after and changed, under other factor values or another GWP set.

    Computed from the balance of the run; equal to a full run with the changes.

    \b
    ghg what-if scenarios/kingsoft-cloud/2024.yaml --set cn-mee-2022:national="0.45 kg/kWh"
    ghg what-if scenarios/kingsoft-cloud/2024.yaml --gwp AR6
    """
    from ghg.reports import csv, documents

    changes = dict(_assignment(value) for value in values)
    if len(changes) < len(values):
        raise GhgError("--set names a factor twice: give each one value.")
    if not changes and not gwp:
        raise GhgError("nothing to change: give --set ID='VALUE UNIT' or --gwp SET.")
    before = _run(inventory)
    after = before.what_if(changes, gwp=gwp)
    statement = after.compare(before)
    said = "".join(f"what-if: {change}\n" for change in after.changes)
    _print(
        form,
        lambda: f"{said}\n{statement}",
        lambda: documents.statement_document(statement),
        lambda: csv.statement(statement),
    )
    return DONE


def _assignment(text: str) -> tuple[str, str]:
    """The two sides of ``ID=VALUE UNIT``."""
    name, equals, value = text.partition("=")
    if not equals or not name or not value:
        raise GhgError(
            f"{text!r} is not an assignment: write --set ID='VALUE UNIT', such as cn-mee-2022:national='0.45 kg/kWh'."
        )
    return name.strip(), value.strip()


@ghg.command("units")
@click.argument("spelling", required=False)
@click.option("--dimension", help="Only units of one dimension, such as energy or mass.")
def units_command(spelling: str | None, dimension: str | None) -> int:
    """The accepted unit spellings, and the refused ones with what to write instead.

    \b
    ghg units                       all of them, by dimension
    ghg units MWh                   one of them
    ghg units --dimension mass      those of one dimension
    """
    from ghg.lookups import units_text

    _say(units_text(spelling, dimension))
    return DONE


ghg.add_command(factors_group)


@ghg.command("list")
@click.argument("name")
@format_option
def list_command(name: str, form: str) -> int:
    """A closed list: activities, regions, gases, figures, methods or factors.

    \b
    ghg list activities         the words of the column 'activity'
    ghg list factors --format csv
    """
    from ghg.lookups import listed
    from ghg.reports import csv, documents

    found = listed(name)
    _print(form, lambda: str(found), lambda: documents.statement_document(found), lambda: csv.statement(found))
    return DONE


@ghg.command("schema")
@click.argument("document", required=False)
def schema_command(document: str | None) -> int:
    """The JSON Schema of a document that --format json prints.

    \b
    ghg schema          the names of the documents
    ghg schema run      the schema of 'ghg run --format json'
    """
    import json

    from ghg.issues import UnknownNameError
    from ghg.reports.documents import DOCUMENTS

    if document is None:
        _say("\n".join(DOCUMENTS))
        return DONE
    if document not in DOCUMENTS:
        raise UnknownNameError("document", document, DOCUMENTS, f"The documents are {', '.join(DOCUMENTS)}.")
    _say(json.dumps(DOCUMENTS[document].model_json_schema(), indent=2))
    return DONE


def _run(inventory: str, *, incomplete: bool = False, threads: int | None = None) -> Run:
    """The run of an inventory, with its problems said on standard error."""
    from ghg.runs import run

    made = run(inventory, incomplete=incomplete, threads=threads)
    if made.file and made.file.is_shipped:
        _say(f"{inventory} is not in this directory: using the scenario shipped with ghg {__version__}.", err=True)
    for issue in made.errors:
        _say(str(issue), err=True)
    click.get_current_context().call_on_close(made.close)
    return made


def _print(form: str, text: Callable[[], str], document: Callable[[], BaseModel], table: Callable[[], str]) -> None:
    """The result in the form asked for."""
    if form == "json":
        _say(document().model_dump_json(indent=2))
    else:
        _say((table() if form == "csv" else text()).rstrip("\n"))


def _say(text: str, *, err: bool = False) -> None:
    """Print; a reader that went away, such as ``head``, changes neither the work nor the exit code."""
    try:
        click.echo(text, err=err)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), (sys.stderr if err else sys.stdout).fileno())


def _fail(error: GhgError, form: str) -> int:
    """Say what is wrong; as JSON when that was asked for."""
    issues = error.issues if isinstance(error, InputError) else ()
    if form == "json":
        from ghg.reports.documents import issues_document

        _say(issues_document(issues or [Issue("refused", str(error))]).model_dump_json(indent=2))
    else:
        _say(str(error), err=True)
        if issues:
            _say(f"{len(issues)} problem{'s' * (len(issues) > 1)}; nothing was computed.", err=True)
    return WRONG_INPUT


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and exit."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Units, formulae and names need it, whatever the terminal's or the pipe's own encoding.
            stream.reconfigure(encoding="utf-8")
    sys.exit(_main(sys.argv[1:] if arguments is None else arguments))


def _main(arguments: list[str]) -> int:
    """The exit code of a command line."""
    is_json = "--format=json" in arguments or ("--format", "json") in pairwise(arguments)
    try:
        return int(ghg.main(arguments, standalone_mode=False) or DONE)
    except GhgError as error:
        return _fail(error, "json" if is_json else "text")
    except click.ClickException as error:
        error.show()
        return WRONG_INPUT
    except SystemExit:
        return DONE  # click's answer to a reader of --help that went away
    except (click.Abort, KeyboardInterrupt):
        _say("interrupted; nothing was written.", err=True)
        return INTERRUPTED
    except Exception as error:
        if os.environ.get("GHG_TRACEBACK"):
            raise
        said = f"{type(error).__name__}: {error}. Set GHG_TRACEBACK=1 to see where, and report it."
        _say(f"this is a bug in ghg: {said}", err=True)
        return BUG
