"""Write the factor packs and lists of this folder from the project's reference tables.

Run it as ``python factors/build.py REFERENCE_FOLDER``; without a folder it writes the descriptor alone, which is to be
done after any change of a table kept by hand. The modules of ``building/`` say how each publication's rows come
about; every row keeps the printed digits, unit and locator of its publication, and a row whose reference copy is marked
``unverified-recalled`` stops the build. Then the descriptor ``datapackage.json`` is written over all tables.

Tables kept by hand (sources, units, regions, accounts, figures, vocabulary, crosswalk, absences) are not touched.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from building import china, desnz, epa, gwp, ipcc, world

from ghg.catalogue.descriptor import descriptor
from ghg.catalogue.importers.cells import Row
from ghg.factors import FactorRow

HERE = Path(__file__).parent
COLUMNS = tuple(FactorRow.model_fields)


def build(reference: Path) -> None:
    """Build every pack and list from the tables in the folder ``reference``."""
    for publisher in (china, ipcc, desnz, epa, world):
        for name, rows in publisher.packs(reference).items():
            write(HERE / "packs" / name, COLUMNS, [checked(row, name) for row in rows])
    for name, rows in gwp.tables(reference).items():
        write(HERE / name, tuple(rows[0]), rows)


def describe() -> None:
    """Write the descriptor over all tables as they are."""
    text = json.dumps(descriptor(HERE), ensure_ascii=False, indent=1)
    (HERE / "datapackage.json").write_text(text + "\n", encoding="utf-8")


def checked(row: Row, pack: str) -> Row:
    """A row in all columns, blank where it states nothing.

    Raises:
        SystemExit: its value was never checked against a copy of the publication.
    """
    if row["verification"].startswith("unverified"):
        raise SystemExit(f"{pack}: {row['id']}: {row['verification']} never ships")
    return dict.fromkeys(COLUMNS, "") | row


def write(path: Path, columns: tuple[str, ...], rows: Iterable[Row]) -> None:
    """One table, in the order of the publication."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    for folder in sys.argv[1:]:
        build(Path(folder))
    describe()
