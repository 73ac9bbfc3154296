"""Options that would be passed over are refused: one given twice, and one that another makes meaningless."""

from __future__ import annotations

import click
from click.core import ParameterSource

from ghg.issues import GhgError


class Group(click.Group):
    """A group of commands, none of which takes an option for one value twice: the first would be passed over."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is asked for, with what remains for it.

        Raises:
            click.UsageError: there is none, or an option of it stands twice.
        """
        name, command, further = super().resolve_command(ctx, args)
        if command is not None:
            _refuse_repeated(command, click.Context(command, ctx, name), further)
        return name, command, further


def _refuse_repeated(command: click.Command, context: click.Context, arguments: list[str]) -> None:
    """Refuse an option that stands twice; what else is wrong is said when the command reads its options itself.

    Raises:
        click.UsageError: one does.
    """
    try:
        _, _, order = command.make_parser(context).parse_args(list(arguments))
    except click.UsageError:
        return
    for one in order:
        if isinstance(one, click.Option) and not one.multiple and order.count(one) > 1:
            raise click.UsageError(f"{one.opts[0]} is given twice: it takes one value.", context)


def refuse_unused(why: str, **options: str) -> None:
    """Refuse options that decide nothing here.

    Args:
        why: what makes them meaningless, as the end of a sentence.
        options: parameter to the option as it is written.

    Raises:
        GhgError: one of them was given.
    """
    context = click.get_current_context()
    for name, written in options.items():
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise GhgError(f"{written} decides nothing {why}: leave it out.")
