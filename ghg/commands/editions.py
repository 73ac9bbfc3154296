"""Commands around editions of factors: import a publisher's file, compare two editions, lock an inventory's factors."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sized
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ghg.commands.running import DIFFERS, DONE, format_option, say
from ghg.issues import GhgError

if TYPE_CHECKING:
    from ghg.inventory import InventoryFile
    from ghg.runs import Run
    from ghg.statement import Statement

all_option = click.option("--all", "everything", is_flag=True, help="Show every row as text, not the first ones only.")


@click.command("import")
@click.argument("publisher")
@click.argument("file", type=click.Path())
@click.option("--edition", required=True, metavar="SOURCE", help="Id of the edition, shipped or new: desnz-2027.")
@click.option("--valid-from", default="", metavar="DAY", help="First day of validity of a new edition.")
@click.option("--valid-to", default="", metavar="DAY", help="Last day of validity of a new edition.")
@click.option("--against", default="", metavar="SOURCE", help="What to compare with instead of the edition before.")
@click.option("--sha256", default="", metavar="HEX", help="SHA-256 that the file must have.")
@click.option("--out", type=click.Path(), help="Write the rows as a pack that an inventory can name in 'factors'.")
@format_option
@all_option
def import_command(
    publisher: str, file: str, out: str | None, form: str, *, everything: bool, **wanted: str
) -> int:  # fmt: skip
    """Read a publisher's own file, check every row, and report what differs from the edition before.

    PUBLISHER is desnz, epa-hub, egrid, epa-supply-chain or mee; FILE its CSV or XLSX file. A label, unit or gas that is
    not known is refused with its cell, and so is a file whose checksum is not the one on record. Nothing is written
    without --out.

    \b
    ghg factors import desnz flat-file-2027.xlsx --edition desnz-2027 --valid-from 2027-01-01 --valid-to 2027-12-31
    ghg factors import desnz flat-file-2025.xlsx --edition desnz-2025 --against desnz-2025
    """  # noqa: D301 - \b is click's mark for lines it leaves alone
    from ghg.catalogue import editions, importing

    found = importing.import_file(publisher, Path(file), importing.Wanted(**wanted))
    if out is not None:
        from ghg.evidence import write_file

        importing.refuse_clash(found)
        write_file(Path(out), importing.pack_text(found.rows))
        say(f"{len(found.rows):,} rows written to {out}.\n{importing.advice(found, Path(out).name)}", err=True)
    _print(form, editions.statement(found.difference, notes=found.notes), everything=everything)
    return DONE


@click.command("diff")
@click.argument("before")
@click.argument("after")
@click.option("--inventory", type=click.Path(), help="What the changes do to this inventory, in t CO2e.")
@format_option
@all_option
def diff_command(before: str, after: str, inventory: str | None, form: str, everything: bool) -> int:
    """What differs between two editions: new, gone and changed rows, the largest changes first.

    BEFORE and AFTER are source ids or pack files (.csv). Rows are compared by meaning, not by id. With --inventory,
    every changed row that it uses takes the value of AFTER, alone and all together; the others say 'not used'.

    \b
    ghg factors diff desnz-2023 desnz-2024
    ghg factors diff cn-mee-2022 cn-mee-2023 --inventory scenarios/kingsoft-cloud/2024.yaml
    """  # noqa: D301
    from ghg.catalogue import editions

    found = editions.compare(editions.read_pack(before), editions.read_pack(after))
    made = None if inventory is None else _run(inventory)
    table = editions.statement(found, editions.effects(made, found) if made else None)
    _print(form, table, everything=everything)
    return DONE


@click.command("lock")
@click.argument("inventory", type=click.Path())
@click.option("--check", is_flag=True, help="Compare with the lock and write nothing; exit code 1 if a factor drifted.")
def lock_command(inventory: str, check: bool) -> int:
    """Pin every factor row an inventory uses by its checksum, in a file beside it.

    With 'lock: NAME.factors.lock' in the inventory, a run refuses a factor that changed since, and says which.

    \b
    ghg factors lock 2024.yaml             writes 2024.factors.lock
    ghg factors lock 2024.yaml --check     compares with it
    """  # noqa: D301
    from ghg import lock
    from ghg.evidence import write_file
    from ghg.inventory import read_inventory

    file = read_inventory(inventory)
    if file.is_shipped and not check:
        raise GhgError(f"{inventory} is the scenario shipped with ghg: copy its folder here, and lock the copy.")
    name = file.inventory.lock or lock.lock_path(Path(inventory)).name
    path, said = file.path(name)
    made = _unlocked(file)
    if check:
        found, document = lock.read_lock(path, said)
        problems = lock.check_lock(found, made.plan.table, made.plan.used, document)
        for problem in problems:
            say(str(problem))
        held = f"{said} holds: {_counted(found.rows, 'factor row')} unchanged."
        say(f"{_counted(problems, 'difference')} from {said}." if problems else held)
        return DIFFERS if problems else DONE
    written = lock.make_lock(file, made.plan.table, made.plan.used)
    write_file(path, lock.lock_text(written), replace=True)
    hint = "" if file.inventory.lock else f" Add 'lock: {name}' to the inventory, so that a run holds to it."
    say(f"{_counted(written.rows, 'factor row')} of {_counted(written.packs, 'pack')} pinned in {said}.{hint}")
    return DONE


def _counted(found: Sized, what: str) -> str:
    """How many there are, in words."""
    return f"{len(found):,} {what}{'s' * (len(found) != 1)}"


def _run(inventory: str) -> Run:
    """The run of an inventory; its rows are freed when the command ends."""
    from ghg.runs import run

    made = run(inventory)
    click.get_current_context().call_on_close(made.close)
    return made


def _unlocked(file: InventoryFile) -> Run:
    """The run of an inventory without the check of its lock, so that a lock can be compared and written anew."""
    from ghg import activity
    from ghg.factors import library, read_factors
    from ghg.runs import Asked, compute

    free = file.inventory.model_copy(update={"lock": None})
    own = (factor for relative in free.factors for factor in read_factors(*file.path(relative), is_own=True))
    made = compute(
        free, lambda: library().with_own(own), lambda engine: activity.load_files(engine, file), Asked(),
        dataclasses.replace(file, inventory=free),
    )  # fmt: skip
    click.get_current_context().call_on_close(made.close)
    return made


def _print(form: str, table: Statement, *, everything: bool) -> None:
    """The comparison in the form asked for."""
    from ghg.catalogue import editions
    from ghg.reports import csv, documents

    forms: dict[str, Callable[[], str]] = {
        "json": lambda: documents.statement_document(table).model_dump_json(indent=2),
        "csv": lambda: csv.statement(table),
        "text": lambda: editions.render(table, everything=everything),
    }
    if form == "csv":
        say("\n".join(table.notes), err=True)  # a CSV table has rows alone
    say(forms[form]().rstrip("\n"))
