"""The Frictionless Data Package descriptor of the factor library: what each table and column holds, and its checksum.

It follows version 1 of the specification, so that any tool for tabular data packages reads and checks the library
without ghg. Numbers stay text: a printed ``0.5100`` has four digits, and some masses are quotients: ``0.00175/28``.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from ghg import __version__
from ghg.documents import read_document
from ghg.factors import Basis, Kind
from ghg.gases import CO2E, gases, gwp_sets
from ghg.issues import GhgError
from ghg.sources import Source
from ghg.vocabulary import WORD

Json = dict[str, Any]
_DECIMAL = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?"
NUMBER = rf"{_DECIMAL}(/{_DECIMAL})?"
"""A plain decimal number, or the quotient of two."""
ID = r"[!-~]+"
"""ASCII without spaces."""
UNIT = r"[^/\s]+/[^/\s]+"
"""A numerator and a denominator."""


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds, and what a cell may be."""

    description: str
    required: bool = False
    enum: Sequence[str] = ()
    pattern: str = ""
    type: str = "string"

    def field(self, name: str, *, unique: bool) -> Json:
        """The column as a field of a table schema."""
        stated: Json = {"required": self.required, "unique": unique, "enum": list(self.enum), "pattern": self.pattern}
        constraints = {key: value for key, value in stated.items() if value}
        found: Json = {"name": name, "type": self.type, "description": self.description}
        return found | ({"constraints": constraints} if constraints else {})


COLUMNS: Mapping[str, Column] = {
    "id": Column("names the row; it never changes meaning", required=True, pattern=ID),
    "factor": Column("groups the gas rows of one emission factor", required=True, pattern=ID),
    "kind": Column("what the number is", required=True, enum=get_args(Kind)),
    "activity": Column("what it applies to: a word of the tables vocabulary/*", required=True, pattern=WORD.pattern),
    "name": Column("name in English"),
    "name_local": Column("name in the publication's or the country's own language"),
    "region": Column("where it applies: a code of the table regions", required=True),
    "valid_from": Column("first day of validity; blank where the publication states none", type="date"),
    "valid_to": Column("last day of validity; blank where the publication states none", type="date"),
    "gas": Column("code of the table gases, or CO2e; blank for a parameter", enum=(*gases(), CO2E)),
    "value": Column("printed digits, or an exact quotient of printed numbers", required=True, pattern=NUMBER),
    "unit": Column("numerator/denominator, both spellings of the table units", required=True, pattern=UNIT),
    "gwp_set": Column("for CO2e only: the set of 100-year GWPs it was published under", enum=tuple(gwp_sets())),
    "basis": Column("what the factor covers", enum=tuple(filter(None, get_args(Basis)))),
    "lower": Column("lower bound", pattern=NUMBER),
    "upper": Column("upper bound", pattern=NUMBER),
    "uncertainty": Column("what the bounds are, or why there are none", required=True),
    "source": Column("id of the publication in sources.yaml", required=True),
    "locator": Column("table, sheet, cell or flat-file id", required=True),
    "verification": Column("how the value was checked", required=True),
    "derived_from": Column("figures that an implied factor was derived from"),
    "note": Column("anything a reader should know"),
    "labels": Column("labels as the publisher prints them, outermost first, joined by ' > '", required=True),
    "also": Column("further names to search by, separated by ';'"),
}
"""The columns of the packs, and what columns of the same name hold elsewhere."""

LISTS: Mapping[str, Mapping[str, Column]] = {
    "units": {
        "spelling": Column("how the unit is written", required=True),
        "dimension": Column("what it measures; only units of one dimension convert into each other"),
        "multiplier": Column("base units of the dimension in one such unit, exact", pattern=NUMBER),
        "pint": Column("the unit in the notation of pint"),
        "status": Column("whether the spelling is accepted", required=True, enum=("accepted", "refused")),
        "instead": Column("what to write instead of a refused spelling"),
    },
    "gases": {
        "gas": Column("code of the gas", required=True, pattern=ID),
        "formula": Column("chemical formula", required=True),
        "group": Column("list the gas belongs to, such as Kyoto"),
        "in_scopes": Column("whether it counts in the scopes", required=True, enum=("yes", "no")),
    },
    "gwp": {
        "gwp_set": Column("assessment report of the IPCC", required=True),
        "gas": Column("code of the table gases", required=True),
        "value": Column("kilograms of CO2e per kilogram of gas over 100 years, as printed", True, pattern=NUMBER),
    },
    "blends": {
        "blend": Column("name of the refrigerant blend", required=True),
        "gas": Column("code of the table gases", required=True),
        "share": Column("mass share of the gas", required=True, pattern=NUMBER),
    },
    "regions": {
        "region": Column("code: ISO 3166, or the publisher's grid under its country", required=True),
        "parent": Column("region it belongs to; blank for the world alone"),
    },
    "accounts": {
        "activity": Column("word of the chart of accounts, as activity tables write it", required=True),
        "scope": Column("scope of the GHG Protocol; blank outside the scopes"),
        "category": Column("category within the scope"),
        "measure": Column("what is posted: emissions, or a measured quantity"),
        "methods": Column("calculation methods, separated by spaces"),
        "factor_activity": Column("word of the vocabulary that its factors have"),
        "factor_basis": Column("what its factors may cover, separated by spaces"),
        "market_factor_activity": Column("word of the vocabulary for the market-based book"),
        "market_factor_basis": Column("what its factors may cover in the market-based book, separated by spaces"),
        "energy": Column("energy figure it also posts to"),
        "follows": Column("scope/category of the accounts whose rows it takes once more, separated by spaces"),
        "following": Column("whether the inventory has to ask for that", enum=("asked", "found")),
    },
    "figures": {
        "figure": Column("id of the figure", required=True),
        "label": Column("how outputs call it", required=True),
        "measure": Column("what it sums"),
        "book": Column("book it sums: location or market"),
        "scope": Column("scopes it sums, separated by spaces"),
        "category": Column("category it sums"),
        "energy": Column("energy it sums"),
        "unit": Column("unit it is given in", required=True),
    },
    "instruments": {
        "kind": Column("kind of contractual instrument, as an inventory names it", required=True),
        "rung": Column("step of the market-based hierarchy it stands on", required=True),
        "market": Column("where it is issued and traded"),
    },
    "uncertainty": {
        "gas": Column("code of the table gases; * for any other gas", required=True),
        "half_width": Column("half the width of the published interval", required=True, pattern=NUMBER),
        "of": Column("what the half width is counted in: percent of the value, or the value's own unit", required=True),
        "level": Column("confidence level in per cent", required=True, pattern=NUMBER),
        "indicator": Column("indicator of data quality", required=True),
        "score": Column("score of the indicator; blank for the basic uncertainty"),
        "variance": Column("variance of the logarithm", required=True, pattern=NUMBER),
    },
    "pathways": {
        "pathway": Column("name of the pathway, as an inventory's target names it", required=True),
        "rate": Column("linear reduction a year, in per cent of base-year emissions", required=True, pattern=NUMBER),
        "what": Column("what the rate is"),
    },
    "vocabulary": {"name": Column("what the word means, in English", required=True)},
    "crosswalk": {},
    "absences": {
        "activity": Column("word of the vocabulary, or what else is missing"),
        "region": Column("where there is no factor: a code of the table regions"),
        "publisher": Column("who would publish it"),
        "reason": Column("why there is none, in a word", required=True),
        "explanation": Column("why there is none, and what to use instead", required=True),
    },
    "search-words": {
        "field": Column("what the words tell: a column, or text that is looked up", required=True),
        "values": Column("values that they stand for, separated by ';'"),
        "phrases": Column("words that people search by, separated by ';'", required=True),
    },
}
"""Columns of the lists that ``COLUMNS`` does not hold, or that hold something else there; by the table's first name."""
KEYS: Mapping[str, Sequence[str]] = {
    "packs": ("id",), "units": ("spelling",), "gases": ("gas",), "gwp": ("gwp_set", "gas"), "blends": ("blend", "gas"),
    "regions": ("region",), "accounts": ("activity",), "figures": ("figure",), "vocabulary": ("activity",),
    "crosswalk": ("labels",), "instruments": ("kind",),
    "pathways": ("pathway",),
}  # fmt: skip
"""Primary keys by the table's first name; a table without one has none."""
TITLES: Mapping[str, str] = {
    "units": "Unit spellings", "gases": "Greenhouse gases", "gwp": "Global warming potentials over 100 years",
    "blends": "Composition of refrigerant blends", "regions": "Regions and their parents",
    "accounts": "Chart of accounts", "figures": "Figures that outputs print", "vocabulary": "Words for activities",
    "crosswalk": "Labels of a publisher and their words", "absences": "Factors that are known not to exist",
    "instruments": "Contractual instruments of market-based Scope 2", "search-words": "Words people search factors by",
    "pathways": "Published reduction rates of targets",
    "uncertainty": "Uncertainty of GWPs, and of data of a stated quality",
}  # fmt: skip
LICENCES: Mapping[str, str] = {
    "Open Government Licence v3.0": "OGL-UK-3.0", "United States public domain": "other-pd", "CC0": "CC0-1.0",
    "PRC government notice": "other-pd", "CC-BY-4.0": "CC-BY-4.0", "Creative Commons Attribution 4.0": "CC-BY-4.0",
}  # fmt: skip
"""Open Definition ids by how the licence of a source starts."""
OWN_LICENCE: Json = {"name": "Apache-2.0", "title": "Apache License 2.0"}


@dataclass(frozen=True, slots=True)
class _File:
    """One CSV file: its name without ending, its bytes, and its cells by column."""

    name: str
    content: bytes
    columns: Mapping[str, Sequence[str]]

    @property
    def family(self) -> str:
        """First part of the name, such as packs or units."""
        return self.name.partition("/")[0]


def descriptor(root: Path) -> Json:
    """The descriptor of the tables in a folder laid out as ``factors``.

    Raises:
        GhgError: nothing describes a table or a column, or a table cites a source that nothing describes.
    """
    known = read_document(root / "sources.yaml", "factors/sources.yaml").validate(_Sources).sources
    files = [_read(root, path) for path in sorted(root.rglob("*.csv"))]
    return {
        "profile": "tabular-data-package",
        "name": "ghg-factors",
        "title": "Emission factors and the lists they rest on",
        "description": "One table a publication, digits and units as printed; sources.yaml has the full citations.",
        "version": __version__,
        "resources": [_resource(file, files, known) for file in files],
    }


class _Sources(BaseModel):
    sources: dict[str, Source]


def _read(root: Path, path: Path) -> _File:
    content = path.read_bytes()
    header, *rows = csv.reader(io.StringIO(content.decode(), newline=""), strict=True)
    columns = dict(zip(header, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(header, ())
    return _File(path.relative_to(root).with_suffix("").as_posix(), content, columns)


def _resource(file: _File, files: Sequence[_File], known: Mapping[str, Source]) -> Json:
    """One table as a resource."""
    named = sorted({name for name in file.columns.get("source", ()) if name})
    missing = [name for name in named if name not in known]
    if missing:
        raise GhgError(f"{file.name}.csv: sources.yaml does not describe {', '.join(missing)}.")
    cited = {name: known[name] for name in named}
    if file.family not in ("packs", *TITLES):
        raise GhgError(f"{file.name}.csv: ghg/catalogue/descriptor.py does not describe the table.")
    title = "; ".join(source.citation for source in cited.values()) if file.family == "packs" else TITLES[file.family]
    found: Json = {
        "profile": "tabular-data-resource",
        "name": file.name,
        "path": f"{file.name}.csv",
        "title": title,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "doubleQuote": True, "header": True, "lineTerminator": "\n"},
        "bytes": len(file.content),
        "hash": f"sha256:{hashlib.sha256(file.content).hexdigest()}",
        "licenses": _licences(cited.values()) if cited else [OWN_LICENCE],
        "schema": _schema(file, files, tuple(cited)),
    }
    return found | ({"sources": [{"title": source.citation} for source in cited.values()]} if cited else {})


def _licences(cited: Iterable[Source]) -> list[Json]:
    """The licences of sources, each once."""

    def name(text: str) -> str:
        return next((name for start, name in LICENCES.items() if text.startswith(start)), "notspecified")

    return [{"name": name(text), "title": text} for text in dict.fromkeys(source.licence for source in cited)]


def _schema(file: _File, files: Sequence[_File], cited: Sequence[str]) -> Json:
    """The table schema: fields, primary key, and foreign keys where a single table holds every value."""
    described = {**COLUMNS, **LISTS.get(file.family, {})}
    missing = [name for name in file.columns if name not in described]
    if missing:
        raise GhgError(
            f"{file.name}.csv: ghg/catalogue/descriptor.py does not describe the columns {', '.join(missing)}."
        )
    if file.family == "packs":
        described["source"] = Column(COLUMNS["source"].description, required=True, enum=cited)
    key = [name for name in KEYS.get(file.family, ()) if name in file.columns]
    fields = [described[name].field(name, unique=key == [name]) for name in file.columns]
    links = [link for link in (_link(file, name, files) for name in LINKS) if link]
    return {
        "fields": fields, "missingValues": [""], **({"primaryKey": key} if key else {}),
        **({"foreignKeys": links} if links else {}),
    }  # fmt: skip


LINKS: Mapping[str, tuple[str, str]] = {
    "region": ("regions", "region"), "parent": ("regions", "region"), "gas": ("gases", "gas"),
    "activity": ("vocabulary", "activity"),
}  # fmt: skip
"""Columns that hold keys of another table."""


def _link(file: _File, name: str, files: Sequence[_File]) -> Json | None:
    """The foreign key of a column: to the one table that holds all its values.

    A pack with a CO2e row has none to ``gases``, and one whose words stand in two vocabularies none to either: a
    foreign key points to one table.
    """
    family, column = LINKS[name]
    values = set(file.columns.get(name, ())) - {""}
    if not values or KEYS.get(file.family) == (name,):
        return None
    for other in files:
        if other.family == family and values <= set(other.columns[column]):
            resource = "" if other.name == file.name else other.name
            return {"fields": [name], "reference": {"resource": resource, "fields": [column]}}
    return None
