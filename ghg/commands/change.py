"""Commands around change: what-ifs."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import TYPE_CHECKING

import click

from ghg.commands.running import DONE, computed, format_option, show
from ghg.issues import GhgError

if TYPE_CHECKING:
    from ghg.runs import Run


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
@format_option
def what_if_command(inventory: str, form: str, **asked: Asked) -> int:
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
    from ghg.reports import changes, csv

    before, after = changed(inventory, **asked)
    if after is before:
        raise GhgError(
            "nothing to change: give --set ID='VALUE UNIT', --scale ID=NUMBER, --swap A=B, --gwp SET or --file FILE."
        )
    statement = after.compare(before)
    show(
        form,
        lambda: f"{changes.heading(after)}\n\n{statement}",
        lambda: changes.what_if_document(after, statement),
        lambda: csv.statement(statement),
    )
    return DONE


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
