"""Random mutations of what stands beside activity tables: documents in YAML, tables of factors, figures and the like.

Each is refused, or read as an independent reading has it: PyYAML's own loader for documents, the standard library for
tables. ``tests/reading/campaign.py`` runs them by the million.
"""

from __future__ import annotations

import csv
import io
import random
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path

import yaml
from pydantic import BaseModel

from ghg.baseyear.forms import BaseYearFile
from ghg.baseyear.targets import TargetsFile
from ghg.boundary.entities import OPTIONAL as ENTITY_OPTIONAL
from ghg.boundary.entities import REQUIRED as ENTITY_REQUIRED
from ghg.boundary.entities import Holding
from ghg.change.forms import WhatIf
from ghg.documents import read_document
from ghg.factors import read_factors
from ghg.instruments.declaration import OPTIONAL as INSTRUMENT_OPTIONAL
from ghg.instruments.declaration import REQUIRED as INSTRUMENT_REQUIRED
from ghg.instruments.declaration import InstrumentRow
from ghg.inventory import Inventory
from ghg.issues import InputError
from ghg.lock import Lock
from ghg.published import PublishedFigure
from ghg.reading import read_table
from ghg.uncertainty.policy import Policy
from tests.reading.harness import INVENTORY, factors
from tests.reading.mutate_forms import Form, Judge, are_told, delimited, of_bytes, value
from tests.reading.mutate_rows import ROW_MUTATIONS, as_delimited

SCENARIO = Path(__file__).parents[2] / "scenarios" / "kingsoft-cloud"
ENTITIES = """entity,parent,type,equity_share,financial_control,operational_control,lease,role,valid_from,valid_to
Oven hall,Hutong Bakery,subsidiary,0.8,yes,yes,,,,
Mill,Oven hall,joint_venture,50 %,joint,no,,,,
Cold store,Hutong Bakery,leased_asset,,,,operating,lessee,2022-04-01,
Noodle shop,Hutong Bakery,associate,0.3,no,no,,,2022-07-01,
"""
INSTRUMENTS = (
    "id,kind,carrier,amount,unit,technology,market,vintage_start,vintage_end,issued,retired,registry,tracking_id,"
    "beneficiary,attributes,emission_rate,rate_unit,rate_gas,rate_gwp_set,source,locator\n"
    "gec-1,gec,electricity,250,MWh,wind,CN,2022-01-01,2022-12-31,2023-01-05,2023-01-20,national GEC register,1001-1250,"
    "Hutong Bakery,conveyed,0,kg/kWh,CO2e,AR5,letter,page 1\n"
    "ppa-1,ppa,electricity,100.5,MWh,solar,CN,2022-07-01,2022-12-31,,,,contract 7,Oven hall,conveyed,0.012,kg/kWh,CO2e,"
    "AR5,letter,page 2\n"
)
LOCK = """{"ghg": "0.1.0",
 "packs": {"factors/packs/mee/2022.csv": "0a1b2c", "factors.csv": "9f8e7d"},
 "rows": {
  "cn-mee-2022:national": {"value": "0.5366", "unit": "kg/kWh", "sha256": "aa11"},
  "made-up:electricity": {"value": "0.50", "unit": "kg/kWh", "sha256": "bb22"}}}
"""


def head(name: str, lines: int) -> str:
    """The first lines of a file of the scenario."""
    return "".join((SCENARIO / name).read_text(encoding="utf-8").splitlines(keepends=True)[:lines])


def document(model: type[BaseModel]) -> Judge:
    """Judges a document: refused, or read as the same nested text that another loader of YAML reads."""

    def judge(content: bytes, folder: Path) -> str:
        path = folder / "document.yaml"
        path.write_bytes(content)
        try:
            found = read_document(path, path.name)
            found.validate(model)
        except InputError as error:
            return "told" if are_told(error.issues) else "wrong: no rule, file, message or hint"
        try:
            other = plain_tree(content)
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            return f"wrong: read what another loader refuses: {error}"
        return "kept" if other == found.tree else f"wrong: {found.tree!r}"

    return judge


def plain_tree(content: bytes) -> object:
    """A document by PyYAML's own scanner; by that of libyaml where the former refuses what YAML allows.

    It refuses a tab behind a field and a question mark within braces.
    """
    text = content.decode("utf-8-sig")
    try:
        return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - text alone
    except yaml.YAMLError:
        return yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506 - text alone


def records(path: Path, model: type[BaseModel], required: Sequence[str], optional: Sequence[str]) -> list[BaseModel]:
    """The rows of a table of models."""
    return read_table(path, path.name, tuple(required), tuple(optional)).records(model)


def factor_rows(path: Path) -> list[BaseModel]:
    """The rows of a table of factors, the printed total of each last, as ``plain`` has them."""
    made = read_factors(path, path.name, is_own=True)
    return [row for factor in made for row in (*factor.rows, *([factor.total] if factor.total else []))]


def table(read: Callable[[Path], Iterable[BaseModel]]) -> Judge:
    """Judges a table of models: refused, or every cell as the standard library reads it."""

    def judge(content: bytes, folder: Path) -> str:
        path = folder / "beside.csv"
        path.write_bytes(content)
        try:
            found = Counter(_stated(row) for row in read(path))
        except InputError as error:
            return "told" if are_told(error.issues) else "wrong: no rule, file, message or hint"
        expected = plain(content)
        return "kept" if expected is not None and found == expected else f"wrong: {found!r} {expected!r}"

    return judge


def _stated(row: BaseModel) -> tuple[tuple[str, str], ...]:
    """The cells of a row that are not blank and were given."""
    cells = {name: getattr(row, name) for name in row.model_fields_set}
    return _cells(
        (name, value.isoformat() if isinstance(value, date) else str(value or "")) for name, value in cells.items()
    )


def _cells(cells: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The cells of a row that are not blank, by their columns; the default of a column is as good as a blank."""
    found = ((name, share(_shown(text))) for name, text in cells)
    return tuple(sorted((name, text) for name, text in found if text and (name, text) != ("carrier", "electricity")))


def plain(content: bytes) -> Counter[tuple[tuple[str, str], ...]] | None:
    """The rows of a table by the standard library, in any order; none where it is not plain."""
    try:
        text = _text(content)
    except UnicodeDecodeError:
        return None
    rows = max((delimited(text, sign) for sign in ",;|\t"), key=lambda rows: len(rows[0]) if rows else 0)
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        return None
    header = [_shown(cell) for cell in rows[0]]
    return Counter(_cells(zip(header, row, strict=True)) for row in rows[1:])


def _text(content: bytes) -> str:
    marked = {b"\xff\xfe\0\0": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    return content.decode(next((codec for mark, codec in marked.items() if content.startswith(mark)), "utf-8-sig"))


def _shown(cell: str) -> str:
    """A cell without signs that do not show, each space plain."""
    signs = (" " if sign in "\t\n\r\v\f" or unicodedata.category(sign) == "Zs" else sign for sign in cell)
    kept = "".join(sign for sign in signs if sign == " " or unicodedata.category(sign)[0] not in "CZ")
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def share(text: str) -> str:
    """A share in per cent as one of the whole, in the form the model has; anything else as it is."""
    number = value(text.removesuffix("%").strip()) if text.endswith("%") else None
    return text if number is None else f"{float(number / 100):g}"


def broken_rows(good: bytes) -> Callable[[int], tuple[str, bytes]]:
    """Mutants of the rows of a table."""

    def make(seed: int) -> tuple[str, bytes]:
        chance = random.Random(seed)  # noqa: S311 - a seed that replays
        rows, names = list(csv.reader(io.StringIO(good.decode()))), []
        for _ in range(chance.choice((1, 1, 2))):
            mutation = chance.choice(ROW_MUTATIONS)
            names.append(mutation.__name__)
            rows = mutation(rows, chance) if rows and rows[0] else rows
        return " ".join(names), as_delimited(rows, ",")

    return make


def _forms() -> dict[str, Form]:
    inventory = yaml.safe_dump({**INVENTORY, "activity": ["activity.csv"]}, sort_keys=False, allow_unicode=True)
    documents: dict[str, tuple[str, type[BaseModel]]] = {
        "inventory": (inventory, Inventory),
        "scenario": (head("2024.yaml", 200), Inventory),
        "what-if": (head("what-if/2024-by-site.yaml", 100), WhatIf),
        "base year": (head("base-year.yaml", 100), BaseYearFile),
        "targets": (head("targets.yaml", 100), TargetsFile),
        "uncertainty": (head("uncertainty/known.yaml", 100), Policy),
        "lock": (LOCK, Lock),
    }
    tables: dict[str, tuple[str, Judge]] = {
        "factors": (factors(), table(factor_rows)),
        "published": (head("published.csv", 7), table(
            lambda path: records(path, PublishedFigure, tuple(PublishedFigure.model_fields), ()))),
        "entities": (ENTITIES, table(lambda path: records(path, Holding, ENTITY_REQUIRED, ENTITY_OPTIONAL))),
        "instruments": (INSTRUMENTS, table(
            lambda path: records(path, InstrumentRow, INSTRUMENT_REQUIRED, INSTRUMENT_OPTIONAL))),
    }  # fmt: skip
    made = {name: of_bytes(text.encode(), document(model)) for name, (text, model) in documents.items()}
    for name, (text, judge) in tables.items():
        made[name] = of_bytes(text.encode(), judge)
        made[f"rows {name}"] = Form(text.encode(), broken_rows(text.encode()), judge)
    return made


FORMS = _forms()
"""Each kind of file beside activity tables; tables twice, by what is broken: their bytes, or their rows."""
