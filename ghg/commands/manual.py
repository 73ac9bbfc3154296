"""The command that says more about a rule."""

from __future__ import annotations

import click

from ghg.commands.running import DONE, say


@click.command("explain-error")
@click.argument("rule", required=False)
def explain_error_command(rule: str | None) -> int:
    """What a message's rule means, an example, and what to do.

    \b
    ghg explain-error                    every rule with its meaning
    ghg explain-error number-ambiguous   one of them
    """  # noqa: D301 - \b is click's mark for lines it leaves alone
    from ghg.manual import rule_text, rules_text

    say(rule_text(rule) if rule else rules_text())
    return DONE
