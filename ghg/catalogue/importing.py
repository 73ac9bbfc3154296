"""A publisher's own file read as library rows: checksum compared, every row validated, held against the edition before.

Nothing is guessed: a label, unit or gas that the importer does not know is refused with its file and cell, and so is a
file whose checksum is not the one on record.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import cast

from pydantic import ValidationError

from ghg.catalogue.editions import Difference, Pack, compare, meaning, read_pack, shipped
from ghg.catalogue.importers.cells import Cell, Edition, Row, refuse
from ghg.catalogue.importers.laws import broken
from ghg.catalogue.packs import Record
from ghg.factors import FactorRow, grouped, library
from ghg.issues import GhgError, InputError, Issue, UnknownNameError, said_of_field
from ghg.schema import day
from ghg.sources import sources

COLUMNS = tuple(FactorRow.model_fields)
EDITION = re.compile(r"[a-z0-9]+([-.][a-z0-9]+)*", re.ASCII)
"""The form of a source id: it starts every id of the edition."""
NOTHING = "no earlier edition"
"""What an edition is compared with when none before it ships."""
SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Importer:
    """How the files of one publication are read.

    Attributes:
        module: module of ``ghg.catalogue.importers``, loaded when a file is read.
        prefix: how the source ids of its editions start.
        publication: what it is called.
        states_year: whether its factors are of a stated year, so that an edition needs its validity.
    """

    module: str
    prefix: str
    publication: str
    states_year: bool

    def read(self, path: Path, name: str) -> list[Cell]:
        """The cells of a publisher's file."""
        return cast("list[Cell]", import_module(f"ghg.catalogue.importers.{self.module}").read(path, name))

    def rows(self, cells: Sequence[Cell], edition: Edition) -> list[Row]:
        """The library rows of an edition."""
        return cast("list[Row]", import_module(f"ghg.catalogue.importers.{self.module}").rows(cells, edition))


IMPORTERS: Mapping[str, Importer] = {
    "desnz": Importer("desnz", "desnz-", "conversion factors of the UK government", states_year=True),
    "epa-hub": Importer("epa_hub", "epa-hub-", "Emission Factors Hub of the US EPA", states_year=False),
    "egrid": Importer("egrid", "egrid-", "eGRID of the US EPA", states_year=True),
    "epa-supply-chain": Importer("epa_supply_chain", "epa-supply-chain-", "supply-chain factors of the US EPA",
                                 states_year=False),
    "mee": Importer("mee", "cn-mee-", "electricity factors of China's environment ministry", states_year=True),
}  # fmt: skip
"""Every importer by its name on the command line."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a file is imported as.

    Attributes:
        edition: id of its source, shipped or new.
        valid_from: first day of validity of a new edition; blank when the publication states none.
        valid_to: last day of validity of a new edition.
        sha256: checksum the file must have; blank when none was given.
        against: source or pack file to compare with; blank for the newest earlier shipped edition.
    """

    edition: str
    valid_from: str = ""
    valid_to: str = ""
    sha256: str = ""
    against: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """The rows of a publisher's file.

    Attributes:
        edition: id of the source.
        file: the file as the user named it.
        rows: validated rows, in the order of the file.
        sha256: SHA-256 of the file.
        checksum: the same, with what it was compared with, in words.
        difference: what differs from the edition before; every row is new when there is none.
    """

    edition: str
    file: str
    rows: tuple[FactorRow, ...]
    sha256: str
    checksum: str
    difference: Difference

    @property
    def notes(self) -> list[str]:
        """What was read, in words."""
        factors = len({row.factor for row in self.rows})
        return [f"{self.edition} from {self.file}: {len(self.rows):,} rows of {factors:,} factors.", self.checksum]


def import_file(publisher: str, path: Path, wanted: Wanted) -> Imported:
    """The rows of a publisher's file, and what differs from the edition before.

    Args:
        publisher: name of the importer.
        path: the publisher's own file, CSV or XLSX.
        wanted: the edition it is imported as.

    Raises:
        UnknownNameError: there is no such importer, or nothing to compare with by the name given.
        GhgError: the edition does not fit the publisher, or its validity is not stated.
        InputError: the checksum differs, or the file holds what the importer does not know; every problem is listed.
    """
    if publisher not in IMPORTERS:
        raise UnknownNameError("importer", publisher, IMPORTERS, f"The importers are {', '.join(IMPORTERS)}.")
    importer, name = IMPORTERS[publisher], str(path)
    dates = validity(publisher, wanted)
    sha256, compared = checksum(path, name, wanted)
    cells = importer.read(path, name)
    edition = Edition(wanted.edition, *dates, f"imported: sha256 {sha256}", {})
    rows = validated(importer.rows(cells, edition), cells, name)
    against = wanted.against or earlier(importer.prefix, wanted.edition)
    before = read_pack(against) if against else Pack(NOTHING, ())
    difference = compare(before, Pack(wanted.edition, tuple(rows)))
    return Imported(wanted.edition, name, tuple(rows), sha256, compared, difference)


def validity(publisher: str, wanted: Wanted) -> tuple[str, str]:
    """First and last day of validity of an edition: a shipped one has its own, a new one needs them stated.

    Raises:
        GhgError: they are missing, no dates, or not those of the shipped edition; or the id is another publisher's.
    """
    importer, name = IMPORTERS[publisher], wanted.edition
    if not EDITION.fullmatch(name) or not name.startswith(importer.prefix):
        raise GhgError(
            f"{name!r} is no edition of {publisher}: its id starts with {importer.prefix!r} and has small letters, "
            f"digits, dots and hyphens, such as '{importer.prefix}2027'."
        )
    stated = (wanted.valid_from, wanted.valid_to)
    known = {(cells["valid_from"], cells["valid_to"]) for cells in library().texts() if cells["source"] == name}
    if len(known) == 1:
        [dates] = known
        if any(stated) and stated != dates:
            raise GhgError(f"{name} ships, valid {' to '.join(dates)}: leave --valid-from and --valid-to out.")
        return dates
    if not all(stated) if importer.states_year else bool(stated[0]) != bool(stated[1]):
        why = "its factors are of a stated year" if importer.states_year else "one of the two days alone says nothing"
        raise GhgError(f"{name} is a new edition of {publisher} and {why}: give --valid-from and --valid-to.")
    for text in filter(None, stated):
        try:
            day(text)
        except ValueError as error:
            raise GhgError(f"{text!r}: {error}.") from None
    return stated


def checksum(path: Path, name: str, wanted: Wanted) -> tuple[str, str]:
    """The SHA-256 of a file, and what it was compared with.

    Raises:
        InputError: the file cannot be read, or its checksum is not the one given or on record.
        GhgError: the checksum given is none.
    """
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise InputError([Issue("file-missing", f"cannot read the file: {error.strerror}.", "", name)]) from None
    given = wanted.sha256.lower()
    if given and not SHA256.fullmatch(given):
        raise GhgError(f"{wanted.sha256!r} is no SHA-256: it has 64 hexadecimal digits.")
    source = sources().get(wanted.edition)
    recorded = {"given with --sha256": given, f"on record for {wanted.edition}": source.sha256 if source else ""}
    expected = {where: text for where, text in recorded.items() if text}
    hint = "The file is another edition, was changed, or did not arrive whole. Nothing was written."
    refuse(
        Issue("import-checksum", f"the file has the SHA-256 {found}; {where} is {text}.", hint, name, value=found)
        for where, text in expected.items()
        if text != found
    )
    if expected:
        return found, f"SHA-256 {found}: equals the one {' and the one '.join(expected)}."
    return found, (
        f"SHA-256 {found}: recorded in every row, and compared with nothing, because none is on record for "
        f"{wanted.edition}. --sha256 compares it with the one the publisher states."
    )


def validated(rows: Iterable[Row], cells: Iterable[Cell], name: str) -> list[FactorRow]:
    """The rows as the library's model, each problem placed at its cell.

    Raises:
        InputError: rows do not fit the model, contradict each other, say the same thing twice, or break a law that
            numbers of one file fulfil together.
    """
    places: defaultdict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        places[cell.locator].append(cell)
    made: list[tuple[FactorRow, Cell]] = []
    problems: list[Issue] = []
    for row in rows:
        filled = dict.fromkeys(COLUMNS, "") | row
        cell = _place(filled, places[filled["locator"]], name)
        try:
            made.append((FactorRow.model_validate(filled), cell))
        except ValidationError as error:
            problems += [
                Issue(
                    "field-invalid",
                    ": ".join([filled["id"], *map(str, item["loc"]), said_of_field(item)]),
                    f"Locator: {cell.locator}.", cell.file, cell.line, cell.column, cell.value,
                )
                for item in error.errors()
            ]  # fmt: skip
    refuse(problems)
    refuse([*_repeated(made), *_contradicting(made)])
    places_of = {row.id: cell for row, cell in made}
    refuse(
        Issue("import-contradiction", message, _MISREAD, cell.file, cell.line, cell.column, cell.value)
        for row, message in broken(row for row, _ in made) for cell in [places_of[row.id]]
    )  # fmt: skip
    return [row for row, _ in made]


_MISREAD = "Compare the cells with the publication: one of them was misread, or changed."


def _place(row: Row, cells: Sequence[Cell], name: str) -> Cell:
    """The cell of a row among those of its locator, which may be a whole table: by key, by value, else the file."""
    for alike in (
        cells,
        [cell for cell in cells if row["factor"].endswith(f":{cell.key}")],
        [cell for cell in cells if row["value"].rstrip("0") == cell.value.rstrip("0")],
    ):
        if len(alike) == 1:
            return alike[0]
    return Cell("", (), "", "", row["value"], row["locator"], name)


def _repeated(made: Iterable[tuple[FactorRow, Cell]]) -> Iterable[Issue]:
    """Ids that stand twice, and emission factors that say something about the same thing at the same time."""
    ids: set[str] = set()
    by_meaning: defaultdict[tuple[str, ...], list[FactorRow]] = defaultdict(list)
    for row, cell in made:
        if row.id in ids:
            yield Issue(
                "id-duplicate", f"the id {row.id!r} stands twice.", f"Locator: {cell.locator}.", cell.file, cell.line,
                cell.column,
            )  # fmt: skip
        ids.add(row.id)
        if row.kind != "emission_factor":
            continue
        alike = [other for other in by_meaning[meaning(row)] if other.factor != row.factor and _overlap(row, other)]
        if alike:
            yield cell.issue(
                f"{row.id} says the same as {alike[0].id}: {row.activity}, {row.basis}, {row.region}, {row.gas} per "
                f"{row.per.denominator.spelling}.",
                "Give the two labels different words in the crosswalk.",
            )
        by_meaning[meaning(row)].append(row)


def _overlap(row: FactorRow, other: FactorRow) -> bool:
    """Whether two rows hold on the same day; blank is unbounded."""
    starts_before_end = [
        late.valid_to is None or early.valid_from is None or early.valid_from <= late.valid_to
        for early, late in ((row, other), (other, row))
    ]
    return all(starts_before_end)


def _contradicting(made: Iterable[tuple[FactorRow, Cell]]) -> Iterable[Issue]:
    """Rows of one factor that differ in more than their gas."""
    groups: defaultdict[str, list[Record]] = defaultdict(list)
    for row, cell in made:
        groups[row.factor].append(Record(_cells(row), cell.file, cell.line or 0))
    for records in groups.values():
        try:
            grouped(records, is_own=True)
        except InputError as error:
            yield from error.issues


def earlier(prefix: str, edition: str) -> str:
    """The newest shipped edition of a publication before this one; blank when there is none."""
    known = [name for name in shipped() if name.startswith(prefix) and _order(name) < _order(edition)]
    return max(known, key=_order, default="")


def _order(name: str) -> list[tuple[int, str]]:
    """The order of editions: numbers in a name count as numbers."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name) if part]


def pack_text(rows: Iterable[FactorRow]) -> str:
    """Rows as the text of a pack."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_cells(row) for row in rows)
    return out.getvalue()


def _cells(row: FactorRow) -> dict[str, str]:
    """A row as text by column."""
    return {name: str(cell or "") for name, cell in row.model_dump(mode="json").items()}


def refuse_clash(found: Imported) -> None:
    """Refuse rows whose ids the library has: an inventory could not use them beside it.

    Raises:
        GhgError: an id stands in the library.
    """
    clash = [row.id for row in found.rows if row.id in library().rows]
    if clash:
        raise GhgError(
            f"{len(clash):,} ids stand in the library already, such as {clash[0]!r}: {found.edition} ships with ghg. "
            f"To keep a pack of your own, import it under another name, such as --edition {found.edition}-own. "
            "Nothing was written."
        )


def advice(found: Imported, pack: str) -> str:
    """What an inventory needs to use a pack of its own; blanks in an inventory are refused until they are filled in."""
    lines = ["An inventory uses them with:", f"factors: [{pack}]"]
    if found.edition not in sources():
        lines += ["sources:", f"  {found.edition}:"]
        lines += [f"    {name}:" for name in ("title", "publisher", "edition", "published", "licence", "retrieved")]
        lines += [f"    checksum: sha256 {found.sha256} of {Path(found.file).name}"]
    return "\n".join(lines)
