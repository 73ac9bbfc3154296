"""The commands on emissions over time: base year and targets."""

from __future__ import annotations

import click

from ghg.commands.running import DONE, format_option, show


@click.command("base-year")
@click.argument("file", type=click.Path())
@click.option("--year", metavar="YEAR", help="The reporting year, instead of the last one the file has.")
@format_option
def base_year_command(file: str, year: str | None, form: str) -> int:
    """The base year judged against every change since, and the years restated.

    FILE states the policy, the inventories as reported, and the changes. Each effect is computed by running a year with
    and without the change; small changes add up; organic growth never counts.

    \b
    ghg base-year scenarios/kingsoft-cloud/base-year.yaml
    """  # noqa: D301 - \b is click's mark for lines it leaves alone
    from ghg.baseyear.recalculation import assess
    from ghg.reports import baseyear as reports

    found = assess(file, year)
    show(form, lambda: reports.render(found), lambda: reports.document(found), lambda: reports.table(found))
    return DONE


@click.command("targets")
@click.argument("file", type=click.Path())
@format_option
def targets_command(file: str, form: str) -> int:
    """Targets: the path each asks for, progress and gap by year, and what cannot be assessed.

    FILE names inventories by year, or a base-year file for restated figures, and the targets.

    \b
    ghg targets scenarios/kingsoft-cloud/targets.yaml
    """  # noqa: D301 - \b is click's mark for lines it leaves alone
    from ghg.baseyear.targets import assess_targets
    from ghg.reports import baseyear as reports

    found = assess_targets(file)
    show(
        form, lambda: reports.render_targets(found), lambda: reports.targets_document(found),
        lambda: reports.targets_table(found),
    )  # fmt: skip
    return DONE
