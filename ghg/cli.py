"""The command line."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import signal
import sys
from itertools import pairwise
from types import ModuleType
from typing import NoReturn

import click

from ghg import __version__
from ghg.commands.baseyear import base_year_command, targets_command
from ghg.commands.boundary import boundary_command
from ghg.commands.change import bridge_command, compare_command, dimensions, sensitivity_command, what_if_command
from ghg.commands.conformance import conformance_command
from ghg.commands.factors import factors_group
from ghg.commands.manual import explain_error_command
from ghg.commands.methods import init_command, methods_command
from ghg.commands.options import Group, refuse_unused
from ghg.commands.quality import portfolio_command
from ghg.commands.running import DIFFERS, DONE, WRONG_INPUT, computed, format_option, inventory_argument, say, show
from ghg.commands.scope2 import instruments_command
from ghg.commands.uncertainty import uncertainty_command
from ghg.commands.verification import verify_command
from ghg.issues import GhgError, InputError, Issue, MachineError
from ghg.progress import shown_on

MACHINE, BUG, INTERRUPTED, ENDED = 3, 4, 130, 143
SELDOM = (200_000, 20, 20)
"""How many new objects there have to be before garbage is looked for: a process that ends with its work has little."""
LEAST_MEMORY = 900_000_000
"""Bytes of address space the libraries need; with less one of them may abort the process without a word of ours."""
EPILOG = """\b
Start with
  ghg check scenarios/kingsoft-cloud/2024.yaml          a published report, reproduced figure by figure
  ghg explain scenarios/kingsoft-cloud/2024.yaml scope2  one figure down to its rows, factors and sources
\b
Exit codes: 0 done; 1 a check found a difference; 2 the input is wrong;
  3 disk, memory or permission; 4 a bug of ghg; 130 interrupted; 143 ended.
Results go to standard output, everything else to standard error.
"""


@click.group(
    cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}, epilog=EPILOG
)
@click.version_option(__version__, prog_name="ghg")
def ghg() -> None:
    """Greenhouse gas accounting that can be recomputed by hand.

    An inventory is a YAML file that names its activity tables, boundary, factor publications and GWP set. Totals are
    exact, nothing falls back unless the inventory says so, and no bad row is dropped in silence.
    """


incomplete_option = click.option(
    "--incomplete",
    is_flag=True,
    help="Give a result although rows are wrong; it says INCOMPLETE and the exit code stays 2.",
)


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
@click.option("--ledger", type=click.Path(), help="Write each posted row and its match to this Parquet file.")
@click.option("--replace", is_flag=True, help="Let --out replace the folder of a former run.")
@click.option("--threads", type=click.IntRange(min=1), help="Threads of the engine; the result does not depend on it.")
@click.option(
    "--engine",
    metavar="ENGINE",
    default="",
    help="duckdb (default), python (strict checks of every row), spark or spark:MASTER; the result is the same.",
)
def run_command(
    inventory: str, form: str, incomplete: bool, by: str | None, book: str | None, out: str | None, ledger: str | None,
    replace: bool, threads: int | None, engine: str,
) -> int:  # fmt: skip
    """Compute an inventory: totals by scope and category, intensities, notes.

    \b
    ghg run scenarios/kingsoft-cloud/2024.yaml
    ghg run scenarios/kingsoft-cloud/2024.yaml --by scope,gas --book location
    ghg run scenarios/kingsoft-cloud/2024.yaml --format json --out runs/2024
    ghg run large.yaml --engine spark:local[4]
    """
    from pathlib import Path

    from ghg.reports import csv, text

    if book and not by:
        raise GhgError("--book chooses the book of totals by dimensions: give --by too, such as --by scope.")
    if out is None:
        refuse_unused("without --out", replace="--replace")
    made = computed(inventory, incomplete=incomplete, threads=threads, engine=engine)
    statement = None if by is None else made.totals(*dimensions(by), book=book)
    if out is not None:
        # Before anything is printed, so that a result on standard output means that all went well.
        say(f"Evidence written to {made.save(out, replace=replace)}.", err=True)
    if ledger is not None:
        from ghg.evidence import save_ledger

        say(f"Ledger written to {save_ledger(made, Path(ledger))}.", err=True)
    if statement:
        show(
            form,
            lambda: "\n".join([*text.incomplete(made), str(statement)]),
            lambda: _documents().statement_document(statement),
            lambda: csv.statement(statement),
        )
    else:
        show(form, lambda: text.render_run(made), lambda: _documents().run_document(made), lambda: csv.run(made))
    return DONE if made.is_complete else WRONG_INPUT


def _documents() -> ModuleType:
    """The JSON documents: a run printed as text does without them, and sooner."""
    from ghg.reports import documents

    return documents


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

    made = computed(inventory)
    found = made.check()
    show(
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

    made = computed(inventory)
    found = made.explain(figure)
    rows = [[line] for line in found.lines]
    show(
        form,
        lambda: str(found),
        lambda: documents.explanation_document(made, found),
        lambda: csv.table(("derivation",), rows),
    )
    return DONE


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

    if spelling is not None:
        refuse_unused("beside one spelling", dimension="--dimension")
    say(units_text(spelling, dimension))
    return DONE


for command in (
    what_if_command, compare_command, bridge_command, sensitivity_command, conformance_command, factors_group,
    explain_error_command, instruments_command, uncertainty_command, boundary_command, base_year_command,
    targets_command, methods_command, portfolio_command, init_command, verify_command,
):  # fmt: skip
    ghg.add_command(command)


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
    show(form, lambda: str(found), lambda: documents.statement_document(found), lambda: csv.statement(found))
    return DONE


@ghg.command("schema")
@click.argument("document", required=False)
def schema_command(document: str | None) -> int:
    """The JSON Schema of a document that --format json prints, or of a file that a person writes.

    \b
    ghg schema          the names of the documents
    ghg schema run      the schema of 'ghg run --format json'
    """
    import json

    from ghg.issues import UnknownNameError
    from ghg.reports.schemas import SCHEMAS

    if document is None:
        say("\n".join(SCHEMAS))
        return DONE
    if document not in SCHEMAS:
        raise UnknownNameError("document", document, SCHEMAS, f"The documents are {', '.join(SCHEMAS)}.")
    say(json.dumps(SCHEMAS[document].model_json_schema(), indent=2))
    return DONE


def _fail(error: GhgError, form: str) -> int:
    """Say what is wrong; as JSON when that was asked for."""
    issues = error.issues if isinstance(error, InputError) else ()
    if form == "json":
        from ghg.reports.documents import issues_document

        say(issues_document(issues or [Issue("refused", str(error))]).model_dump_json(indent=2))
    else:
        say(str(error), err=True)
        if issues:
            say(f"{len(issues)} problem{'s' * (len(issues) > 1)}; nothing was computed.", err=True)
    return MACHINE if isinstance(error, MachineError) else WRONG_INPUT


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and exit."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Units, formulae and names need it, whatever the terminal's or the pipe's own encoding.
            stream.reconfigure(encoding="utf-8")
    with contextlib.suppress(ValueError):  # not the main thread: its owner decides
        # Both take the way out that clears up what is half written.
        signal.signal(signal.SIGTERM, _end)
        signal.signal(signal.SIGINT, _end)
    gc.set_threshold(*SELDOM)
    code = _flushed(_main(sys.argv[1:] if arguments is None else arguments))
    _give_up_on_errors()
    sys.exit(code)


class _EndedError(BaseException):
    """The user (Ctrl-C) or the system asked the process to end."""


def _end(number: int, _: object) -> NoReturn:
    raise _EndedError(number)


def _flushed(code: int) -> int:
    """The exit code once everything printed has arrived."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            say(f"cannot write the result: {error.strerror}.", err=True)
            return MACHINE
    return code


def _give_up_on_errors() -> None:
    """Drop what standard error does not take, lest its failing at the end become the exit code."""
    try:
        if sys.stderr is not None:
            sys.stderr.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def _main(arguments: list[str]) -> int:
    """The exit code of a command line."""
    is_json = "--format=json" in arguments or ("--format", "json") in pairwise(arguments)
    try:
        _require_memory()
        _require_text(arguments)
        with shown_on(sys.stderr) if sys.stderr is not None else contextlib.nullcontext():
            return int(ghg.main(arguments, standalone_mode=False) or DONE)
    except GhgError as error:
        return _fail(error, "json" if is_json else "text")
    except click.ClickException as error:
        with contextlib.suppress(OSError):
            error.show()
        return WRONG_INPUT
    except SystemExit:
        return DONE  # click's answer to a reader of --help that went away
    except (click.Abort, KeyboardInterrupt, _EndedError) as error:
        return _interrupted(error.args[0] if isinstance(error, _EndedError) else signal.SIGINT)
    except Exception as error:  # noqa: BLE001 - a traceback is no message
        return _bug(error)


def _require_memory() -> None:
    """Refuse to start under a limit that the libraries cannot even be loaded under.

    Raises:
        MachineError: the limit is too low.
    """
    with contextlib.suppress(ImportError):  # a system without limits of this kind
        import resource

        allowed = resource.getrlimit(resource.RLIMIT_AS)[0]
        if allowed != resource.RLIM_INFINITY and allowed < LEAST_MEMORY:
            raise MachineError(
                f"the address space is limited to {allowed // 10**6} MB; {LEAST_MEMORY // 10**6} MB are needed."
                " Nothing was written. Raise the limit (ulimit -v)."
            )


def _require_text(arguments: list[str]) -> None:
    """Refuse names of files that are no text: no table or document could say them.

    Raises:
        GhgError: an argument holds bytes that are not UTF-8.
    """
    for argument in arguments:
        if not argument.isascii() and argument != argument.encode(errors="ignore").decode():
            raise GhgError(f"{argument!a} is not UTF-8: give the file or folder a name that is text.")


def _interrupted(number: int) -> int:
    """What is said when the user or the system ends the work."""
    is_ended = number == signal.SIGTERM
    say(f"{'ended' if is_ended else 'interrupted'}; nothing was left half written.", err=True)
    return ENDED if is_ended else INTERRUPTED


def _bug(error: Exception) -> int:
    """What is said when something was raised that nobody foresaw; memory, disk and missing packages are no bugs."""
    if os.environ.get("GHG_TRACEBACK"):
        raise error
    kind = type(error).__name__
    if isinstance(error, MemoryError) or kind == "OutOfMemoryException" or "failed to map segment" in str(error):
        say("the memory is used up; nothing was written. Split the tables, or run where there is more.", err=True)
        return MACHINE
    if isinstance(error, OSError):
        say(f"the system refuses: {error.strerror or error}; nothing was left half written.", err=True)
        return MACHINE
    if isinstance(error, ModuleNotFoundError) and error.name and error.name.partition(".")[0] != "ghg":
        say(f"the package {error.name} is missing, which ghg needs: install ghg again ('pip install ghg').", err=True)
        return MACHINE
    if "interrupted" in str(error).lower() and kind in ("InterruptException", "RuntimeError"):
        return _interrupted(signal.SIGINT)  # the engine's own word for Ctrl-C
    say(f"this is a bug in ghg: {kind}: {error}. Set GHG_TRACEBACK=1 to see where, and report it.", err=True)
    return BUG


if __name__ == "__main__":
    main()
