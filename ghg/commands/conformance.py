"""The command that holds an engine to the conformance suite."""

from __future__ import annotations

import click

DONE, DIFFERS = 0, 1


@click.command("conformance")
@click.argument("engines", nargs=-1)
@click.option("--examples", type=click.IntRange(min=1), default=50, show_default=True, help="Generated examples a law.")
@click.option("--markdown", is_flag=True, help="Print one table of all engines, as the documentation shows it.")
def conformance_command(engines: tuple[str, ...], examples: int, markdown: bool) -> int:
    """Hold engines to laws and published worked examples; exit code 1 if one is broken.

    ENGINES are ghg, atomic6ghg, scope3track, carboncalc or bonsai-ipcc, each installed beforehand; without any, ghg
    itself is tried. An adapter of your own is named as module:attribute and imported from here. What an engine cannot
    be asked for does not apply, with the reason.

    \b
    ghg conformance                     this engine
    ghg conformance scope3track         another one, after 'pip install scope3track'
    ghg conformance my_adapter:ENGINE   your own, from my_adapter.py in this directory
    """  # noqa: D301 - \b is click's mark for lines it leaves alone
    from ghg.issues import GhgError

    try:
        from ghg.conformance import ENGINES
        from ghg.conformance.engine import engine
        from ghg.conformance.scoring import listing, scores, table
        from ghg.testing.law import Outcome
    except ModuleNotFoundError as error:
        raise GhgError("the suite needs Hypothesis: run 'pip install ghg[testing]'.") from error

    chosen = [engine(name, ENGINES) for name in engines or ("ghg",)]
    found = []
    for one in chosen:
        click.echo(f"trying {one.name} {one.version}".rstrip() + " …", err=True)
        found.append((one, scores(one, examples=examples)))
        if not markdown:
            click.echo(("\n" if len(found) > 1 else "") + listing(*found[-1]))
    if markdown:
        click.echo(table(found))
    return DIFFERS if any(score.outcome is Outcome.BROKEN for _, rows in found for score in rows) else DONE
