"""The order of the modules, and the few rules of form that a reader relies on."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "ghg"
ORDER = [
    "issues", "bundle", "manual", "progress", "numbers", "intervals", "reading.source", "reading.cells",
    "documents", "reading.declaration",
    "reading.encoding", "reading.marks", "reading.table", "reading.dates", "reading.hints", "reading.delimited",
    "reading.records", "reading.archive", "reading.workbook", "reading.typed", "reading",
    "reading.shipped", "engines.objects",
    "engines.spill", "engines.embedded", "engines", "engines.aside", "engines.relations", "engines.delimited",
    "engines.server", "engines.cluster", "schema", "sources",
    "units", "gases", "regions", "catalogue", "catalogue.packs", "catalogue.shelves", "vocabulary", "figures",
    "catalogue.soundness", "uncertainty", "uncertainty.distributions", "uncertainty.pedigree", "uncertainty.spread",
    "categories",
    "methods.expression", "methods.sampling", "methods.declaration", "methods.scope1", "methods.scope2",
    "methods.purchases", "methods.energy", "methods.transport", "methods.waste", "methods.travel", "methods.leases",
    "methods.products", "methods.investments", "methods.quantities", "methods", "methods.derivation",
    "methods.templates", "accounts",
    "uncertainty.policy", "factors", "boundary", "boundary.pieces", "boundary.entities", "boundary.consolidation",
    "instruments", "instruments.declaration", "instruments.tracking", "instruments.criteria", "instruments.matching",
    "instruments.hourly",
    "instruments.rates", "inventory", "boundary.meters", "instruments.application", "wording", "workings",
    "activity", "remarks", "resolve", "shortfall", "keys", "ways", "matches", "standing", "plan", "ledger", "stakes",
    "boundary.beside", "bulk",
    "bulk.amounts", "bulk.words", "bulk.cells", "bulk.columns", "bulk.ids", "bulk.posting", "bulk.scans",
    "bulk.scanning",
    "bulk.clustered", "bulk.values", "change", "change.forms", "change.question", "change.conditions", "change.files",
    "change.values",
    "change.plans",
    "change.rows", "change.applying", "change.asking", "reports", "reports.text", "reports.csv", "reports.baseyear",
    "reports.documents", "reports.changes", "reports.pictures", "reports.ranges", "reports.uncertainty",
    "reports.waterfall", "reports.bridges", "reports.tornado", "reports.sensitivities", "reports.verification",
    "reports.schemas",
    "uncertainty.composition", "uncertainty.inputs", "uncertainty.model", "uncertainty.propagation",
    "uncertainty.sampling", "uncertainty.estimate", "reports.methods", "statement", "notices", "change.comparison",
    "change.cells", "change.bridge", "change.index", "change.sensitivity", "boundary.report", "instruments.report",
    "quality", "quality.shares", "quality.portfolio", "quality.samples",
    "published", "proofs", "check", "lineage", "evidence", "lock",
    "frames", "posted", "runs", "answers", "verification",
    "baseyear",
    "baseyear.forms", "baseyear.recalculation", "baseyear.targets", "calls", "scopes", "testing.yardsticks",
    "testing.pipeline",
    "testing.strategies", "testing.law", "testing.laws_of_rows", "testing.laws_of_measures",
    "testing.laws_of_results", "testing.laws",
    "testing.inventories", "testing.stated", "testing.formats",
    "testing.reference.tables", "testing.reference.shares", "testing.reference",
    "testing.own", "testing.shares", "testing",
    "conformance.examples", "conformance.engine", "conformance.adapters.own", "conformance.adapters.atomic",
    "conformance.adapters.carboncalc", "conformance.adapters.scope3track", "conformance.adapters.bonsai",
    "conformance.adapters", "conformance.scoring", "conformance", "catalogue.absences", "catalogue.descriptor",
    "catalogue.queries", "catalogue.entries", "catalogue.finder", "catalogue.subjects", "catalogue.importers.cells",
    "catalogue.importers.crosswalk", "catalogue.importers.laws", "catalogue.importers.desnz",
    "catalogue.importers.epa_hub", "catalogue.importers.egrid", "catalogue.importers.epa_supply_chain",
    "catalogue.importers.mee", "catalogue.importers", "catalogue.editions", "catalogue.importing", "lookups",
    "commands", "commands.options", "commands.running", "commands.manual", "commands.boundary", "commands.baseyear",
    "commands.change", "commands.editions", "commands.scope2", "commands.factors", "commands.uncertainty",
    "commands.methods", "commands.quality", "commands.verification", "commands.conformance", "cli", "__main__",
]  # fmt: skip
"""Each module may import, at run time, only modules that stand before it; the root loads each name when it is used."""
MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__").removesuffix("__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}
LONGEST_FILE, LONGEST_FUNCTION = 400, 70


def running(node: ast.AST) -> Iterator[ast.AST]:
    """Every node that can run: not what stands under ``if TYPE_CHECKING``."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING":
            continue
        yield child
        yield from running(child)


def imported(name: str) -> set[str]:
    """The full names a module imports at run time."""
    found = set()
    for node in running(TREES[name]):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            found |= {
                full if (full := f"{node.module}.{alias.name}").removeprefix("ghg.") in MODULES else str(node.module)
                for alias in node.names
            }
    return found


def test_the_order_lists_every_module_once() -> None:
    assert sorted(ORDER) == sorted(name for name in MODULES if name)


def test_the_design_document_tells_the_same_order() -> None:
    page = (ROOT / "docs" / "explanation" / "design.md").read_text(encoding="utf-8")
    listed = re.findall(
        r"^\| `(\S+)` \|", page.partition("## Modules in import order")[2].partition("\n## ")[0], re.MULTILINE
    )
    assert listed == [*ORDER, "__init__"]


@pytest.mark.parametrize("name", ORDER)
def test_a_module_imports_only_modules_above_it(name: str) -> None:
    ours = {full.removeprefix("ghg.") for full in imported(name) if full.startswith("ghg.")}
    assert ours <= set(ORDER[: ORDER.index(name)])


def loads(name: str) -> set[str]:
    """The modules that loading a module loads by itself: those it imports at its top, and the packages they lie in."""
    full = {
        module
        for node in TREES[name].body
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("ghg")
        for alias in node.names
        for module in (f"{node.module}.{alias.name}".removeprefix("ghg."), str(node.module).removeprefix("ghg."))
    }
    parts = {".".join(module.split(".")[:n]) for module in full for n in range(1, module.count(".") + 2)}
    # Its own packages are loaded before it, whoever asks for it.
    return {part for part in parts if part in TREES and not name.startswith(f"{part}.")} - {name, "ghg"}


@pytest.mark.parametrize("name", ORDER)
def test_a_module_can_be_the_first_that_is_loaded(name: str) -> None:
    """No module is loaded again, half made, by what it loads."""
    found: set[str] = set()
    left = [name]
    while left:
        new = loads(left.pop()) - found
        found |= new
        left += new
    assert name not in found


def test_the_root_imports_nothing_when_it_is_imported() -> None:
    assert imported("") == {"__future__", "importlib", "typing"}


@pytest.mark.parametrize(
    ("package", "home"),
    [
        ("duckdb", "engines.embedded"),
        ("psycopg", "engines.server"),
        ("pyspark", "engines.cluster"),
        ("pint", "units"),
        ("yaml", "documents"),
    ],
)
def test_one_module_alone_knows_a_package(package: str, home: str) -> None:
    assert [name for name in MODULES if package in {full.partition(".")[0] for full in imported(name)}] == [home]


def test_modules_are_named_by_what_they_hold() -> None:
    refused = {"utils", "util", "helpers", "common", "misc", "manager", "handler", "data", "process"}
    assert not {part for name in MODULES for part in name.split(".")} & refused


@pytest.mark.parametrize("name", sorted(name for name, tree in TREES.items() if name and len(tree.body) > 1))
def test_every_module_has_its_tests(name: str) -> None:
    # A module of a family may be tested with its family: methods.scope1 in test_methods.
    *folders, last = name.split(".")
    beside = (ROOT / "tests").joinpath(*folders, f"test_{last}.py")
    assert beside.is_file() or (ROOT / "tests" / f"test_{name.partition('.')[0]}.py").is_file()


@pytest.mark.parametrize("name", MODULES)
def test_files_and_functions_stay_short(name: str) -> None:
    assert len(MODULES[name].read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.FunctionDef):
            documented = ast.get_docstring(node) is not None
            first = node.body[1 if documented and len(node.body) > 1 else 0].lineno
            assert (node.end_lineno or first) - first < LONGEST_FUNCTION, node.name


def writes(node: ast.AST) -> bool:
    """Whether a call opens a file for writing."""
    if not isinstance(node, ast.Call):
        return False
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    stated = [*node.args, *(keyword.value for keyword in node.keywords)]
    modes = [part.value for part in stated if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return called in ("write_text", "write_bytes") or (
        called in ("open", "fdopen") and any(set("wax+") & set(mode) and len(mode) <= 3 for mode in modes)
    )


def test_evidence_alone_writes_files() -> None:
    assert [name for name, tree in TREES.items() if any(writes(node) for node in ast.walk(tree))] == ["evidence"]


def test_any_module_of_reading_can_be_the_first_that_is_imported() -> None:
    """Modules of a package import its ``__init__``, which imports others: a circle shows only to who comes first."""
    names = ["ghg.documents", *(f"ghg.reading.{path.stem}" for path in (PACKAGE / "reading").glob("[a-z]*.py"))]
    tried = (
        "import importlib, sys\n"
        "for name in sys.argv[1:]:\n"
        "    for known in [key for key in sys.modules if key.partition('.')[0] == 'ghg']: del sys.modules[known]\n"
        "    importlib.import_module(name)\n"
    )
    subprocess.run([sys.executable, "-c", tried, *names], check=True, cwd=PACKAGE.parent)
