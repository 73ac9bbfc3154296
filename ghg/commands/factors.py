"""Commands around factors: search, show, list, explain an absence. Import, diff and lock join the group here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from ghg.commands.editions import diff_command, import_command, lock_command
from ghg.commands.options import Group
from ghg.commands.running import DONE, format_option, say

if TYPE_CHECKING:
    from ghg.statement import Statement


@click.group("factors", cls=Group)
def factors_group() -> None:
    """The factor library: find a factor, read all about it, or read why it is not there.

    \b
    ghg factors search diesel litre uk                          find it by a few words
    ghg factors show cn-mee-2022:national                       all about one factor, with its citation
    ghg factors explain-absence electricity --region CN-XZ --year 2022
    ghg factors list                                            what the library holds
    """  # noqa: D301 - \b is click's mark for lines it leaves alone


@factors_group.command("search")
@click.argument("words", nargs=-1)
@click.option("--region", help="Only this place and places in it: a code or a name, such as CN-JS, uk or 江苏.")
@click.option(
    "--year", type=click.IntRange(1900, 2100), help="Only factors valid in this year, or without stated validity."
)
@click.option(
    "--publisher", metavar="SOURCE", help="Only publications whose id starts so: desnz, cn-mee-2022, epa-hub."
)
@click.option("--basis", help="Only this basis: combustion, upstream, losses, grid_average, life_cycle …")
@click.option("--kind", help="Only this kind: emission_factor, net_calorific_value, density, gwp …")
@click.option("--limit", type=click.IntRange(min=1), default=10, show_default=True, help="How many hits at most.")
@format_option
def search_command(
    words: tuple[str, ...], region: str | None, year: int | None, publisher: str | None, basis: str | None,
    kind: str | None, limit: int, form: str,
) -> int:  # fmt: skip
    """Find factors and GWP values by WORDS in any order, English or Chinese: what, where, when, per what.

    The best hit comes first; misspelt words are read as the nearest known ones. Upstream emissions, losses, life cycle
    and other special bases come first only if you name them: upstream, wtt, losses, life cycle.

    \b
    ghg factors search diesel litre uk
    ghg factors search natural gas kwh gross --region uk --year 2025
    ghg factors search 江苏电力2022
    ghg factors search R-32 AR5
    ghg factors search wtt diesel --publisher desnz --limit 3
    ghg factors search long haul economy flight with RF 2025 --format csv
    """  # noqa: D301
    from ghg.catalogue.finder import search
    from ghg.lookups import search_statement, search_text

    hits = search(
        " ".join(words), region=region, year=year, publisher=publisher, basis=basis, kind=kind, limit=limit
    )  # fmt: skip
    _print(form, search_statement(hits), search_text)
    return DONE


@factors_group.command("show")
@click.argument("factor")
@format_option
def show_command(factor: str, form: str) -> int:
    """All there is about one factor or GWP value, with its citation line ready to paste.

    FACTOR is the id of a factor, of one of its rows, or of a GWP value: gwp:SET:GAS.

    \b
    ghg factors show cn-mee-2022:national
    ghg factors show gwp:AR5:HFC32
    """  # noqa: D301
    from ghg.lookups import factor_statement, factor_text

    _print(form, factor_statement(factor), factor_text)
    return DONE


@factors_group.command("list")
@format_option
def list_command(form: str) -> int:
    """Publications with their number of factors and rows, their date and their licence.

    \b
    ghg factors list
    """  # noqa: D301
    from ghg.lookups import publications, publications_text

    _print(form, publications(), publications_text)
    return DONE


@factors_group.command("explain-absence")
@click.argument("activity", nargs=-1, required=True)
@click.option("--region", default="", help="Where the activity took place: a code or a name.")
@click.option("--year", type=click.IntRange(1900, 2100), help="The calendar year of the activity.")
@click.option(
    "--publisher", default="", help="Only of this publisher: the start of a publication's id, a name, an acronym."
)
@format_option
def explain_absence_command(activity: tuple[str, ...], region: str, year: int | None, publisher: str, form: str) -> int:
    """Why the library has no factor for ACTIVITY, the nearest that exist, and what it takes to use them.

    ACTIVITY is a word of the vocabulary or free words; they may say place, year and publisher too.

    \b
    it exists        with its id
    ambiguous        more than one fits, or the words fit more than one activity
    not published    the publisher has none for the place
    not yet added    it may exist, the library does not hold it
    licence forbids  it exists and may not be handed on
    \b
    ghg factors explain-absence electricity --region CN-XZ --year 2022
    ghg factors explain-absence 电力 --region HK --year 2022 --publisher MEE
    ghg factors explain-absence tibet electricity 2022
    """  # noqa: D301
    from ghg.lookups import absence_statement, absence_text, explain_absence

    _print(form, absence_statement(explain_absence(" ".join(activity), region, year, publisher)), absence_text)
    return DONE


for command in (import_command, diff_command, lock_command):
    factors_group.add_command(command)


def _print(form: str, found: Statement, text: Callable[[Statement], str]) -> None:
    """The result in the form asked for."""
    from ghg.reports import csv, documents

    forms: dict[str, Callable[[], str]] = {
        "json": lambda: documents.statement_document(found).model_dump_json(indent=2),
        "csv": lambda: csv.statement(found),
        "text": lambda: text(found),
    }
    if form == "csv" and found.notes:
        say("\n".join(found.notes), err=True)  # a CSV table has rows alone
    say(forms[form]().rstrip("\n"))
