"""Commands around change: what-ifs, comparisons, bridges, sensitivity."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from typing import TYPE_CHECKING

import click

from ghg.commands.options import refuse_unused
from ghg.commands.running import DONE, computed, format_option, say, show
from ghg.issues import GhgError

if TYPE_CHECKING:
    from ghg.figures import Book
    from ghg.runs import Run


picture_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv", "svg", "html"]),
    default="text",
    show_default=True,
    help="How to print the result; svg and html are pictures to write to a file.",
)
by_option = click.option(
    "--by",
    metavar="DIMENSIONS",
    help="Lines by dimensions, such as scope,category,activity or factor, instead of the figures.",
)
book_option = click.option(
    "--book", type=click.Choice(["location", "market"]), help="Book of lines by dimensions; the two are never added."
)

Asked = tuple[str, ...] | str | None
"""What an option of a change holds."""
OPTIONS = (
    click.option(
        "--file", "files", multiple=True, type=click.Path(), metavar="FILE", help="A what-if file; several stack."
    ),
    click.option(
        "--swap",
        "swaps",
        multiple=True,
        metavar="A=B",
        help="Factor B in the place of factor A, or a whole publication.",
    ),
    click.option(
        "--set", "values", multiple=True, metavar="ID='VALUE UNIT'", help="Another value for a factor; may be repeated."
    ),
    click.option("--scale", "scales", multiple=True, metavar="ID=NUMBER", help="A factor's value times a number."),
    click.option("--gwp", metavar="SET", help="GWP set instead of the inventory's: SAR, AR4, AR5, AR5-CCF or AR6."),
)
"""The options that change an inventory, in the order they are listed."""


def change_options(command: Callable[..., int]) -> Callable[..., int]:
    """A command with the options that change an inventory; it hands them on to ``changed``."""
    return reduce(lambda found, option: option(found), reversed(OPTIONS), command)


def changed(inventory: str, **asked: Asked) -> tuple[Run, Run]:
    """The run of an inventory, and the same with what the options change; one run twice when they change nothing.

    Args:
        inventory: an inventory, or a what-if file that names its own baseline.
        asked: what the options hold.

    Raises:
        GhgError: an option is not written as it must be, or does not fit what it names.
    """
    from ghg.change.files import stack

    base, gwp = stack(inventory), asked["gwp"]
    before = computed(base.inventory)
    files, swaps, values, scales = (_many(asked[name]) for name in ("files", "swaps", "values", "scales"))
    if not (base.files or files or swaps or values or scales or gwp):
        return before, before
    after = before.what_if(
        pairs("--set", values, "ID='VALUE UNIT'", "cn-mee-2022:national='0.45 kg/kWh'"),
        scale=pairs("--scale", scales, "ID=NUMBER", "cn-mee-2022:national=0.9"),
        swap=pairs("--swap", swaps, "A=B", "cn-mee-2022=cn-mee-2023"),
        gwp=gwp if isinstance(gwp, str) else None,
        file=(*([inventory] if base.files else []), *files),
    )
    return before, after


def _many(found: Asked) -> tuple[str, ...]:
    """What a repeatable option holds."""
    return found if isinstance(found, tuple) else ()


@click.command("what-if")
@click.argument("inventory", type=click.Path())
@change_options
@by_option
@book_option
@picture_option
def what_if_command(inventory: str, by: str | None, book: str | None, form: str, **asked: Asked) -> int:
    """Every figure before, after and changed, with something in the inventory changed.

    INVENTORY is an inventory, or a what-if file that names its own baseline. Changes apply in this order: files as
    given, --swap, --set, --scale, --gwp. The result equals a full run with the changes.

    \b
    ghg what-if scenarios/kingsoft-cloud/what-if/2024-grid-2023.yaml
    ghg what-if scenarios/kingsoft-cloud/2024.yaml --swap cn-mee-2022=cn-mee-2023
    ghg what-if scenarios/kingsoft-cloud/2024.yaml --set cn-mee-2022:national="0.45 kg/kWh"
    ghg what-if scenarios/kingsoft-cloud/2024.yaml --scale cn-mee-2022:national=0.9
    ghg what-if scenarios/kingsoft-cloud/2024.yaml --gwp AR6
    """  # noqa: D301 - \b is click's mark for lines it leaves alone
    from ghg.reports import bridges, changes, csv

    is_picture = form in ("svg", "html")
    if is_picture:
        refuse_unused("in a picture, which is a waterfall of every effect", by="--by")
    elif by is None:
        refuse_unused("without --by, since the figures are of both books", book="--book")
    before, after = changed(inventory, **asked)
    if after is before:
        raise GhgError(
            "nothing to change: give --set ID='VALUE UNIT', --scale ID=NUMBER, --swap A=B, --gwp SET or --file FILE."
        )
    if is_picture:
        found = after.bridge(before, "market" if book == "market" else "location")
        say(bridges.as_svg(found) if form == "svg" else bridges.as_html(found))
        return DONE
    statement = after.compare(before, *dimensions(by), book=book)
    show(
        form,
        lambda: f"{changes.heading(after)}\n\n{statement}",
        lambda: changes.what_if_document(after, statement),
        lambda: csv.statement(statement),
    )
    return DONE


@click.command("compare")
@click.argument("before", type=click.Path())
@click.argument("after", type=click.Path())
@by_option
@book_option
@format_option
def compare_command(before: str, after: str, by: str | None, book: str | None, form: str) -> int:
    """Two inventories side by side: every figure before, after and changed.

    BEFORE and AFTER are inventories, or what-if files on them.

    \b
    ghg compare scenarios/kingsoft-cloud/2023.yaml scenarios/kingsoft-cloud/2024.yaml
    ghg compare scenarios/kingsoft-cloud/2023.yaml scenarios/kingsoft-cloud/2024.yaml --by scope,factor --book location
    """  # noqa: D301 - \b is click's mark for lines it leaves alone
    from ghg.reports import csv, documents

    if by is None:
        refuse_unused("without --by, since the figures are of both books", book="--book")
    statement = asked_run(after).compare(asked_run(before), *dimensions(by), book=book)
    show(
        form,
        lambda: str(statement),
        lambda: documents.statement_document(statement),
        lambda: csv.statement(statement),
    )
    return DONE


@click.command("bridge")
@click.argument("before", type=click.Path())
@click.argument("after", type=click.Path())
@click.option(
    "--book", type=click.Choice(["location", "market"]), default="location", show_default=True, help="Scope 2 book."
)
@picture_option
def bridge_command(before: str, after: str, book: Book, form: str) -> int:
    """What makes the difference between two inventories: a waterfall, exact and in no order.

    BEFORE and AFTER are inventories, or what-if files on them. The change is split over activity, factors, GWP set,
    method, boundary and error correction; the effects sum to it exactly, line by line and in total.

    \b
    ghg bridge scenarios/kingsoft-cloud/2023.yaml scenarios/kingsoft-cloud/2024.yaml
    ghg bridge scenarios/kingsoft-cloud/2023.yaml scenarios/kingsoft-cloud/2024.yaml --format html > bridge.html
    """  # noqa: D301 - \b is click's mark for lines it leaves alone
    from ghg.reports import bridges

    found = asked_run(after).bridge(asked_run(before), book)
    if form in ("svg", "html"):
        say(bridges.as_svg(found) if form == "svg" else bridges.as_html(found))
    else:
        show(
            form,
            lambda: bridges.render(found, terminal_columns()),
            lambda: bridges.bridge_document(found),
            lambda: bridges.as_csv(found),
        )
    return DONE


@click.command("sensitivity")
@click.argument("inventory", type=click.Path())
@click.option("--figure", default="scope1+2", show_default=True, help="The figure that the chart is of.")
@click.option("--change", default="10", show_default=True, metavar="PERCENT", help="How far each factor moves.")
@click.option("--bounds", is_flag=True, help="Move each factor to the bounds that its publication states instead.")
@change_options
@picture_option
def sensitivity_command(inventory: str, figure: str, change: str, bounds: bool, form: str, **asked: Asked) -> int:
    """How far a total moves with each factor: a tornado chart, and the elasticity of every total to every factor.

    INVENTORY is an inventory or a what-if file; the options of 'ghg what-if' change it first.

    \b
    ghg sensitivity scenarios/kingsoft-cloud/2024.yaml
    ghg sensitivity scenarios/kingsoft-cloud/2024.yaml --figure scope3 --change 5
    ghg sensitivity scenarios/kingsoft-cloud/2024.yaml --figure scope1 --bounds
    """  # noqa: D301 - \b is click's mark for lines it leaves alone
    from ghg.change.sensitivity import elasticities, sensitivity
    from ghg.reports import sensitivities

    _, run = changed(inventory, **asked)
    if bounds:
        refuse_unused("with --bounds", change="--change")
    found = sensitivity(run, figure, None if bounds else _percent(change))
    if form in ("svg", "html"):
        say(sensitivities.as_svg(found) if form == "svg" else sensitivities.as_html(found))
    else:
        show(
            form,
            lambda: sensitivities.render(found, terminal_columns()),
            lambda: sensitivities.sensitivity_document(found, elasticities(run)),
            lambda: sensitivities.as_csv(found, elasticities(run)),
        )
    return DONE


def _percent(text: str) -> Fraction:
    """A number of per cent as a share."""
    from ghg.numbers import parse

    try:
        share = parse(text.strip().removesuffix("%").strip()) / 100
    except ValueError as error:
        raise GhgError(f"--change is a number of per cent, such as 10: {error}.") from None
    if share > 1:
        raise GhgError("--change is 100 per cent at most: beyond it a factor would change its sign.")
    return share


def asked_run(path: str) -> Run:
    """The run of an inventory, or of a what-if file on its baseline."""
    from ghg.change.files import stack

    base = stack(path)
    made = computed(base.inventory)
    return made.what_if(file=path) if base.files else made


def dimensions(text: str | None) -> tuple[str, ...]:
    """Names separated by commas; none where the option is not given.

    Raises:
        GhgError: the option names nothing.
    """
    found = tuple(name.strip() for name in (text or "").split(",") if name.strip())
    if text is not None and not found:
        raise GhgError("--by names no dimension: write --by scope,gas, for instance, or leave it out.")
    return found


def terminal_columns() -> int:
    """How wide the terminal is; the width of notes where there is none."""
    from ghg.reports.text import WIDTH

    return min(shutil.get_terminal_size((WIDTH, 24)).columns, WIDTH)


def pairs(option: str, texts: tuple[str, ...], form: str, example: str) -> dict[str, str]:
    """The two sides of each ``NAME=VALUE``.

    Raises:
        GhgError: a text has not that form, or a name stands twice.
    """
    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not name or not value:
            raise GhgError(f"{text!r} is not an assignment: write {option} {form}, such as {example}.")
        if name in found:
            raise GhgError(f"{option} names {name} twice: give each one value.")
        found[name] = value
    return found
