"""What commands share: the inventory they run, the form they print, the exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from ghg import __version__

if TYPE_CHECKING:
    from pydantic import BaseModel

    from ghg.runs import Run

DONE, DIFFERS, WRONG_INPUT = 0, 1, 2
inventory_argument = click.argument("inventory", type=click.Path())
format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
    help="How to print the result.",
)


def computed(inventory: str, *, incomplete: bool = False, threads: int | None = None, engine: str = "") -> Run:
    """The run of an inventory, with its problems said on standard error; freed when the command ends."""
    from ghg.issues import InputError
    from ghg.runs import run

    try:
        made = run(inventory, incomplete=incomplete, threads=threads, engine=engine)
    except InputError as error:
        from ghg.answers import with_totals

        raise with_totals(error, inventory) from None
    if made.file and made.file.is_shipped:
        say(f"{inventory} is not in this directory: using the scenario shipped with ghg {__version__}.", err=True)
    context = click.get_current_context()
    # A text result holds the remarks on rows; a document does not, and they are not lost.
    remarks = () if context.params.get("form") == "text" else (issue for issue in made.issues if issue.is_remark)
    for issue in (*made.errors, *remarks):
        say(str(issue), err=True)
    context.call_on_close(made.close)
    return made


def show(form: str, text: Callable[[], str], document: Callable[[], BaseModel], table: Callable[[], str]) -> None:
    """The result in the form asked for."""
    if form == "json":
        say(document().model_dump_json(indent=2))
    else:
        say((table() if form == "csv" else text()).rstrip("\n"))


def say(text: str, *, err: bool = False) -> None:
    """Print; a reader that went away, such as ``head``, changes neither the work nor the exit code.

    Nor does standard error that takes no more: only a result has to arrive.

    Raises:
        OSError: a result cannot be printed.
    """
    try:
        click.echo(text, err=err)
    except OSError as error:
        if not err and not isinstance(error, BrokenPipeError):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), (sys.stderr if err else sys.stdout).fileno())
