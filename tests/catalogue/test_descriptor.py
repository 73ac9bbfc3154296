from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ghg.catalogue.descriptor import COLUMNS, LICENCES, LISTS, descriptor
from ghg.factors import FactorRow
from ghg.issues import GhgError
from ghg.sources import sources

FACTORS = Path(__file__).parents[2] / "factors"
Json = dict[str, Any]
NAME = re.compile(r"[-a-z0-9._/]+")
"""Form of the names of packages and resources in version 1 of the specification."""
PACKAGE = {"profile", "name", "title", "description", "version", "resources"}
RESOURCE = {
    "profile", "name", "path", "title", "format", "mediatype", "encoding", "dialect", "bytes", "hash", "licenses",
    "sources", "schema",
}  # fmt: skip
SCHEMA = {"fields", "missingValues", "primaryKey", "foreignKeys"}
TYPES = {"string", "date"}
CONSTRAINTS = {"required", "unique", "enum", "pattern"}


@pytest.fixture(scope="module")
def package() -> Json:
    return descriptor(FACTORS)


def resource(package: Json, name: str) -> Json:
    return next(found for found in package["resources"] if found["name"] == name)


def field(package: Json, name: str, column: str) -> Json:
    return next(found for found in resource(package, name)["schema"]["fields"] if found["name"] == column)


def cells(found: Json) -> list[dict[str, str]]:
    with (FACTORS / found["path"]).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_shipped_descriptor_is_that_of_the_tables(package: Json) -> None:
    """After a change of a table: ``python factors/build.py``."""
    assert json.loads((FACTORS / "datapackage.json").read_text(encoding="utf-8")) == package


def test_every_table_is_a_resource_with_its_size_and_checksum(package: Json) -> None:
    assert [found["path"] for found in package["resources"]] == [
        path.relative_to(FACTORS).as_posix() for path in sorted(FACTORS.rglob("*.csv"))
    ]
    for found in package["resources"]:
        content = (FACTORS / found["path"]).read_bytes()
        assert found["bytes"] == len(content)
        assert found["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_package_and_resources_have_the_form_of_the_specification(package: Json) -> None:
    assert package["profile"] == "tabular-data-package"
    assert set(package) == PACKAGE
    assert NAME.fullmatch(package["name"])
    names = [found["name"] for found in package["resources"]]
    assert len(names) == len(set(names))
    for found in package["resources"]:
        assert set(found) <= RESOURCE, found["name"]
        assert RESOURCE - set(found) <= {"sources"}, found["name"]
        assert found["profile"] == "tabular-data-resource"
        assert NAME.fullmatch(found["name"])
        assert not Path(found["path"]).is_absolute()
        assert ".." not in Path(found["path"]).parts
        assert found["title"]
        assert all(licence["name"] and licence["title"] for licence in found["licenses"])
        assert all(source["title"] for source in found.get("sources", ()))
    assert json.loads(json.dumps(package)) == package


def test_schemas_have_the_form_of_the_specification(package: Json) -> None:
    for found in package["resources"]:
        schema = found["schema"]
        assert set(schema) <= SCHEMA
        with (FACTORS / found["path"]).open(encoding="utf-8", newline="") as file:
            assert [stated["name"] for stated in schema["fields"]] == next(csv.reader(file)), found["path"]
        for stated in schema["fields"]:
            assert stated["type"] in TYPES
            assert stated["description"]
            constraints = stated.get("constraints", {})
            assert set(constraints) <= CONSTRAINTS
            assert all(constraints.values()), "an empty list or a false constraint says nothing"
            re.compile(constraints.get("pattern", ""))
        for link in schema.get("foreignKeys", ()):
            assert set(link) == {"fields", "reference"}
            assert set(link["reference"]) == {"resource", "fields"}


def breaches(package: Json, found: Json) -> Iterator[str]:
    """Every cell of a table that does not fit its schema."""
    rows, schema = cells(found), found["schema"]
    for stated in schema["fields"]:
        values, constraints = [row[stated["name"]] for row in rows], stated.get("constraints", {})
        wrong = [value for value in values if not _fits(value, stated["type"], constraints)]
        if constraints.get("unique") and len(set(values)) < len(values):
            wrong.append("not unique")
        yield from (f"{found['path']} {stated['name']}: {value!r}" for value in dict.fromkeys(wrong))
    key = [tuple(row[name] for name in schema["primaryKey"]) for row in rows] if "primaryKey" in schema else []
    if len(set(key)) < len(key):
        yield f"{found['path']}: the primary key is not unique"
    for link in schema.get("foreignKeys", ()):
        [column], reference = link["fields"], link["reference"]
        other = resource(package, reference["resource"]) if reference["resource"] else found
        known = {row[reference["fields"][0]] for row in cells(other)} | {""}
        yield from (f"{found['path']} {column}: {row[column]!r}" for row in rows if row[column] not in known)


def _fits(value: str, type_: str, constraints: Json) -> bool:
    if not value:
        return not constraints.get("required")
    if type_ == "date" and date.fromisoformat(value).isoformat() != value:
        return False
    return value in constraints.get("enum", [value]) and bool(re.fullmatch(constraints.get("pattern", "(?s).*"), value))


def test_every_cell_fits_its_schema(package: Json) -> None:
    assert [breach for found in package["resources"] for breach in breaches(package, found)] == []


def test_every_column_of_a_factor_table_is_described() -> None:
    assert set(FactorRow.model_fields) <= set(COLUMNS)


def test_what_a_factor_row_never_leaves_blank_is_required() -> None:
    never = {"id", "factor", "activity", "source", "locator", "verification", "uncertainty", "value", "unit", "kind"}
    assert {name for name in FactorRow.model_fields if COLUMNS[name].required} == {*never, "region"}


def test_packs_cite_their_sources_with_their_licences(package: Json) -> None:
    found = resource(package, "packs/cn-mee/2022")
    assert found["title"] == sources()["cn-mee-2022"].citation
    assert found["sources"] == [{"title": sources()["cn-mee-2022"].citation}]
    assert [licence["name"] for licence in found["licenses"]] == ["other-pd"]
    assert field(package, "packs/cn-mee/2022", "source")["constraints"]["enum"] == ["cn-mee-2022"]
    assert resource(package, "units")["licenses"] == [{"name": "Apache-2.0", "title": "Apache License 2.0"}]


def test_every_licence_in_the_table_is_one_of_a_source_or_a_common_one() -> None:
    texts = [source.licence for source in sources().values()]
    assert [text for text in texts if text.startswith("Open Government") and not text.startswith(tuple(LICENCES))] == []


def test_values_are_text_so_that_digits_and_quotients_survive(package: Json) -> None:
    stated = field(package, "packs/cn-mee/2022", "value")
    assert stated["type"] == "string"
    for text in ("0.5100", "0.00175/28", "-1", "1e-3", ".5"):
        assert re.fullmatch(stated["constraints"]["pattern"], text), text
    for text in ("1,234", "0.1/", "N/A", "1 2", ""):
        assert not re.fullmatch(stated["constraints"]["pattern"], text), text


def test_keys_link_packs_to_regions_gases_and_vocabulary(package: Json) -> None:
    links = {
        link["fields"][0]: link["reference"] for link in resource(package, "packs/cn-mee/2022")["schema"]["foreignKeys"]
    }
    assert links["region"] == {"resource": "regions", "fields": ["region"]}
    assert links["gas"] == {"resource": "gases", "fields": ["gas"]}
    assert links["activity"]["resource"].startswith("vocabulary/")
    assert resource(package, "regions")["schema"]["foreignKeys"] == [
        {"fields": ["parent"], "reference": {"resource": "", "fields": ["region"]}}
    ]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(FACTORS, tmp_path / "factors")
    return tmp_path / "factors"


def test_a_pack_with_co2e_has_no_key_to_the_gases(copy: Path) -> None:
    path = copy / "packs" / "cn-mee" / "2022.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",CO2,", ",CO2e,"), encoding="utf-8")
    schema = resource(descriptor(copy), "packs/cn-mee/2022")["schema"]
    assert [link["fields"] for link in schema["foreignKeys"]] == [["region"], ["activity"]]
    gas = next(stated for stated in schema["fields"] if stated["name"] == "gas")
    assert {"CO2", "CO2e"} <= set(gas["constraints"]["enum"])


def test_a_changed_byte_changes_the_checksum(copy: Path) -> None:
    before = resource(descriptor(copy), "regions")["hash"]
    path = copy / "regions.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("World,", "world,", 1), encoding="utf-8")
    assert resource(descriptor(copy), "regions")["hash"] != before


def test_a_column_that_nothing_describes_is_refused(copy: Path) -> None:
    (copy / "gases.csv").write_text("gas,colour\nCO2,none\n", encoding="utf-8")
    with pytest.raises(GhgError, match=r"gases\.csv: .* does not describe the columns colour"):
        descriptor(copy)


def test_a_source_that_nothing_describes_is_refused(copy: Path) -> None:
    path = copy / "packs" / "cn-mee" / "2022.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",cn-mee-2022,", ",elsewhere,"), encoding="utf-8")
    with pytest.raises(GhgError, match=r"sources\.yaml does not describe elsewhere"):
        descriptor(copy)


def test_the_descriptor_depends_on_the_files_alone(copy: Path) -> None:
    assert descriptor(copy) == descriptor(FACTORS)


def test_every_list_described_is_titled() -> None:
    from ghg.catalogue.descriptor import TITLES

    assert set(LISTS) == set(TITLES)


def test_a_table_that_nothing_describes_is_refused(copy: Path) -> None:
    (copy / "colours.csv").write_text("name\nred\n", encoding="utf-8")
    with pytest.raises(GhgError, match=r"colours\.csv: .* does not describe the table"):
        descriptor(copy)
