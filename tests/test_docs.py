"""The documentation is run: commands, Python, files, links, and the figures it shows."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from ghg import cli
from ghg.accounts import accounts
from ghg.factors import FactorRow
from ghg.figures import figures
from ghg.inventory import Inventory
from ghg.issues import RULES
from ghg.methods import methods
from ghg.published import PublishedFigure
from ghg.reports.schemas import SCHEMAS
from ghg.schema import NAMES
from ghg.units import accepted, refused

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
TUTORIAL = DOCS / "tutorials" / "first-inventory.md"
PAGES = [
    ROOT / "README.md", *sorted(DOCS.rglob("*.md")), ROOT / "factors" / "README.md", ROOT / "scenarios" / "README.md",
]  # fmt: skip
NAMES_OF_PAGES = [page.relative_to(ROOT).as_posix() for page in PAGES]
FENCE = re.compile(r"^```(\w*) ?(\S*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
STARTS_FROM = re.compile(r"<!-- starts from: (\S+) -->")
EXIT_CODE = re.compile(r"# exit code (\d+)")
FIGURE = re.compile(r"\d[\d,]*\.\d{2,}")
"""A number in shown output that the real output must hold too; wording and columns may change."""
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
README_WORDS = 600


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: its language, the file it is, and its text."""

    language: str
    file: str
    body: str


def blocks(page: Path) -> list[Block]:
    return [Block(*found.groups()) for found in FENCE.finditer(page.read_text(encoding="utf-8"))]


def write(block: Block, folder: Path) -> None:
    path = folder / block.file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.body, encoding="utf-8")


def prepare(page: Path, folder: Path) -> None:
    """What a reader of the page has in the current directory before the first line."""
    (folder / "scenarios").symlink_to(ROOT / "scenarios")
    for name in STARTS_FROM.findall(page.read_text(encoding="utf-8")):
        for block in blocks(page.parent / name):
            if block.file:
                write(block, folder)


def commands(block: Block) -> Iterator[list[str]]:
    for line in block.body.splitlines():
        if line.startswith("ghg "):
            yield shlex.split(line, comments=True)[1:]


def run_commands(block: Block, capsys: pytest.CaptureFixture[str]) -> str:
    stated = EXIT_CODE.search(block.body)
    said = ""
    for arguments in commands(block):
        with pytest.raises(SystemExit) as stopped:
            cli.main(arguments)
        out, err = capsys.readouterr()
        said += out + err
        assert stopped.value.code == (int(stated[1]) if stated else 0), f"ghg {shlex.join(arguments)}\n{out}{err}"
    return said


@pytest.mark.parametrize("page", PAGES, ids=NAMES_OF_PAGES)
def test_page_runs(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    prepare(page, tmp_path)
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {"__name__": "page"}
    said: str | None = None
    for block in blocks(page):
        if block.file:
            write(block, tmp_path)
        if block.language == "sh":
            said = run_commands(block, capsys)
        elif block.language == "python":
            exec(compile(block.body, str(page), "exec"), namespace)  # noqa: S102 - our own pages
            said = capsys.readouterr().out
        elif block.language == "text" and said is not None:
            missing = [number for number in FIGURE.findall(block.body) if number not in said]
            assert not missing, f"shown, but not printed by the commands before: {missing}"
            said = None


def test_pages_hold_commands_and_code() -> None:
    languages = [block.language for page in PAGES for block in blocks(page)]
    assert languages.count("sh") > 30
    assert languages.count("python") > 5


@pytest.mark.parametrize("page", [TUTORIAL, *sorted((DOCS / "how-to").glob("*.md"))], ids=lambda page: page.stem)
def test_files_shown_are_the_files_used(page: Path) -> None:
    files = [block for block in blocks(page) if block.language in ("yaml", "csv")]
    assert all(block.file for block in files)
    named = {word for block in blocks(page) for arguments in commands(block) for word in arguments}
    inventories = {block.file for block in files if block.language == "yaml"}
    assert inventories <= named
    tables = " ".join(block.body for block in files if block.language == "yaml")
    assert all(block.file in tables for block in files if block.language == "csv" and page == TUTORIAL)


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as Markdown hosts make them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=NAMES_OF_PAGES)
def test_links_resolve(page: Path) -> None:
    for link in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if link.startswith("https://"):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        assert target.is_relative_to(ROOT), link
        assert not anchor or anchor in anchors(target), link


def test_every_page_is_reached_from_the_index() -> None:
    linked = {(DOCS / link).resolve() for link in LINK.findall((DOCS / "index.md").read_text(encoding="utf-8"))}
    assert set(DOCS.rglob("*.md")) - {DOCS / "index.md"} <= linked


def test_every_rule_has_a_section() -> None:
    sections = re.findall(r"^## (.+)$", (REFERENCE / "issues.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sections == list(RULES)
    for section, block in zip(sections, blocks(REFERENCE / "issues.md"), strict=True):
        assert f"[{section}]" in block.body or "…" in block.body


def names_of_commands(group: click.Group, prefix: str = "ghg") -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from names_of_commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}"


def test_every_command_and_option_is_listed() -> None:
    text = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (ghg .+?)\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE))
    assert sorted(sections) == sorted(names_of_commands(cli.ghg))
    for name, section in sections.items():
        command: click.Command = cli.ghg
        for word in name.split()[1:]:
            assert isinstance(command, click.Group)
            command = command.commands[word]
        for parameter in command.params:
            spelled = parameter.opts[-1] if isinstance(parameter, click.Option) else str(parameter.name).upper()
            assert spelled in section, f"{name} {spelled}"


def test_schemas_are_those_of_the_documents() -> None:
    found = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in REFERENCE.glob("schemas/*.json")}
    assert found == {name: model.model_json_schema() for name, model in SCHEMAS.items()}


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("activity-table.md", NAMES),
        ("factor-tables.md", tuple(FactorRow.model_fields)),
        ("inventory-file.md", tuple(Inventory.model_fields)),
        ("figures.md", tuple(figures())),
        ("methods.md", (*methods(), *accounts())),
        ("units.md", (*accepted(), *refused())),
        ("../how-to/check-a-published-report.md", tuple(PublishedFigure.model_fields)),
    ],
)
def test_reference_names_everything(page: str, names: tuple[str, ...]) -> None:
    text = (REFERENCE / page).read_text(encoding="utf-8")
    assert [name for name in names if f"`{name}`" not in text] == []


def imports(path: Path) -> set[str]:
    """The modules of ghg that a module imports; imports for type checking alone stand under an ``if``."""
    text = re.sub(r"^if TYPE_CHECKING:\n(?:    .*\n|\n)+", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = set()
    for base, listed in re.findall(r"^ *from ghg\.?([\w.]*) import (\([^)]*\)|.*)$", text, re.MULTILINE):
        for name in re.findall(r"\w+", listed.partition("#")[0]):
            full = f"{base}.{name}".strip(".")
            is_module = (ROOT / "ghg" / f"{full.replace('.', '/')}.py").exists()
            found.add(full if is_module else base or full)
    return found


def test_design_lists_the_modules_in_import_order() -> None:
    text = (DOCS / "explanation" / "design.md").read_text(encoding="utf-8")
    section = text.partition("## Modules in import order")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| `([\w.]+)` \|", section, re.MULTILINE)
    paths = {
        ".".join(path.relative_to(ROOT / "ghg").with_suffix("").parts).removesuffix(".__init__"): path
        for path in (ROOT / "ghg").rglob("*.py")
    }
    assert sorted(listed) == sorted(paths)
    for position, name in enumerate(listed):
        below = imports(paths[name]) & set(listed[position + 1 :])
        assert not below, f"{name} imports {sorted(below)}, which stands below it"


def test_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").split()) <= README_WORDS
