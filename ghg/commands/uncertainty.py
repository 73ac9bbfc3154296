"""The command that says how sure the totals are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ghg.commands.change import Asked, change_options, changed
from ghg.commands.options import refuse_unused
from ghg.commands.running import DONE, say, show

if TYPE_CHECKING:
    from ghg.runs import Run
    from ghg.uncertainty.estimate import Estimate
    from ghg.uncertainty.policy import Policy


@click.command("uncertainty")
@click.argument("inventory", type=click.Path())
@click.option("--policy", type=click.Path(), help="A policy file instead of the inventory's section 'uncertainty'.")
@click.option("--approach", type=click.IntRange(1, 2), default=2, show_default=True,
              help="1: error propagation in closed form. 2: Monte Carlo.")  # fmt: skip
@click.option("--draws", type=click.IntRange(min=100), default=10_000, show_default=True, help="Draws of approach 2.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Where the draws start.")
@click.option("--threads", type=click.IntRange(min=1), help="Threads that draw; the result does not depend on it.")
@change_options
@click.option("--all", "everything", is_flag=True, help="Every input behind a figure; with csv, the contributions.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "csv", "svg"]), default="text", show_default=True,
    help="How to print the result; svg is a picture to write to a file.",
)  # fmt: skip
def uncertainty_command(
    inventory: str, policy: str | None, form: str, approach: int, draws: int, seed: int, threads: int | None, *,
    everything: bool, **asked: Asked,
) -> int:  # fmt: skip
    """The 95 % interval of every emission figure, and which inputs it comes from.

    What each input may be off by is stated in the inventory's section 'uncertainty' or in a policy file, with the
    reason; nothing is assumed, and an input without a statement is refused. The options of 'ghg what-if', or a
    what-if file as INVENTORY, ask it of a what-if, and the change gets an interval too.

    \b
    ghg uncertainty scenarios/kingsoft-cloud/2024.yaml --policy scenarios/kingsoft-cloud/uncertainty/known.yaml
    ghg uncertainty inventory.yaml --approach 1 --all
    ghg uncertainty what-if/grid-2023.yaml --policy policy.yaml
    """  # noqa: D301 - \b is click's mark for lines it leaves alone
    from ghg.reports import uncertainty as reports

    if approach == 1:
        refuse_unused("with approach 1, which draws nothing", draws="--draws", seed="--seed", threads="--threads")
    if form == "svg":
        refuse_unused("in a picture", everything="--all")
    before, after = changed(inventory, **asked)
    stated = None if policy is None else read_policy(policy)

    def ask(since: Run | None) -> Estimate:
        return after.uncertainty(stated, since=since, approach=approach, draws=draws, seed=seed, threads=threads)

    found, change = ask(None), ask(before) if after is not before else None
    if form == "svg":
        say(reports.as_svg(after.inventory.title, found))
        return DONE
    show(
        form,
        lambda: reports.render(found, change, everything=everything),
        lambda: reports.document(after, found, change),
        lambda: reports.contributions_csv(found) if everything else reports.intervals_csv(found),
    )
    return DONE


def read_policy(path: str) -> Policy:
    """A policy file, read strictly; ``scenarios/…`` falls back to the shipped scenarios.

    Raises:
        InputError: with the line and column of each problem.
    """
    from ghg import bundle
    from ghg.documents import read_document
    from ghg.uncertainty.policy import Policy

    found, _ = bundle.find(Path(path))
    return read_document(found, path).validate(Policy)
