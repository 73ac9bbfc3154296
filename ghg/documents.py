"""YAML read strictly into text with places.

Scalars stay text until a model asks for a type: ``1.10`` is not 1.1 and ``no`` is not False. Duplicate keys, tags,
anchors, aliases, further documents, blank values and nesting deeper than 32 are refused with line and column.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from ghg.issues import InputError, Issue, said_of_field, suggest
from ghg.reading.cells import seen
from ghg.reading.source import LARGEST_DOCUMENT, Source, read_source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic_core import ErrorDetails

MAXIMUM_DEPTH = 32
SHOWN = 100
"""Most problems listed of a file; the rest is counted."""
HIDDEN = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff]"
)
"""Control characters, marks of text direction, and characters without width."""
BLANKS = ("", "~", "null", "Null", "NULL")
"""Unquoted scalars that YAML reads as nothing."""
SECRET = re.compile(r"""(?<=://)[^\s'"]*@|(?<=password)\s*=\s*[^#\s'"]+""", re.IGNORECASE)
"""What stands for a user and password in the address of a database."""
Model = TypeVar("Model", bound=BaseModel)
Tree = str | list[Any] | dict[str, Any]
Path_ = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file as nested text.

    Attributes:
        file: path as the user named it.
        tree: mappings, lists and text.
        places: path of each node to its line and column, both counted from 1.
        sha256: checksum of the file.
    """

    file: str
    tree: Tree
    places: dict[Path_, tuple[int, int]]
    sha256: str = ""

    def validate(self, model: type[Model]) -> Model:
        """The document as a model.

        Raises:
            InputError: one issue a field that does not fit, with line and column.
        """
        try:
            return model.model_validate(self.tree)
        except ValidationError as error:
            found = error.errors()
            shown = [self._of_model(model, item) for item in found[:SHOWN]]
            if len(found) > SHOWN:
                more = f"{shown[-1].message} {len(found) - SHOWN:,} more fields have a problem."
                shown[-1] = replace(shown[-1], message=more)
            raise InputError(shown) from None

    def inside(self, folder: Path, relative: str) -> Path:
        """Where a file is that the document names by its path from a folder.

        Raises:
            InputError: it cannot be a path, or leads out of the folder, by itself or by a link.
        """
        try:
            found = (folder / relative).resolve()
            found.exists()
        except (OSError, RuntimeError, ValueError) as error:
            message = f"{seen(relative)} is no path of a file: {getattr(error, 'strerror', None) or error}."
            raise InputError([self._naming("file-missing", relative, message, "Correct the path.")]) from None
        if not found.is_relative_to(folder.resolve()):
            message = f"{seen(relative)} lies outside the folder of the file."
            hint = "Copy what it names into the folder: nothing else is read."
            raise InputError([self._naming("path-outside", relative, message, hint)])
        return found

    def _naming(self, rule: str, text: str, message: str, hint: str) -> Issue:
        """A problem with a text, placed where the document states it."""
        path = next((path for path in self.places if self.at(path) == text), ())
        return replace(self.issue(path, message), rule=rule, hint=hint, value=_without_secrets(text))

    def at(self, path: Path_) -> Tree:
        """The node at a path."""
        node: Any = self.tree
        for part in path:
            node = node[part]
        return node  # type: ignore[no-any-return]

    def issue(self, path: Path_, message: str, value: object = "") -> Issue:
        """A problem at a path, placed at the nearest node that exists."""
        known = path
        while known and known not in self.places:
            known = known[:-1]
        line, column = self.places.get(known, (1, 1))
        field = ".".join(str(part) for part in path)
        text = _without_secrets(value) if isinstance(value, str) else ""
        said = f"column {column}: {_without_secrets(message)}"
        hint = f"Found {text!r}." if text else "Correct it there."
        return Issue("field-invalid", said, hint, self.file, line, field, text)

    def _of_model(self, model: type[BaseModel], item: ErrorDetails) -> Issue:
        """A problem that the model found, in words for who writes the file."""
        value = item.get("input")
        made = self.issue(item["loc"], said_of_field(item), value)
        kind, name = item["type"], str(item["loc"][-1]) if item["loc"] else ""
        if kind == "missing":
            return replace(made, hint="Add the field: nothing is assumed for it.")
        if kind == "extra_forbidden":
            near = suggest(name, _fields(model, item["loc"][:-1]))
            return replace(made, hint=f"Remove the field or correct its spelling.{near}")
        return made


def _without_secrets(text: str) -> str:
    """Text without the user and password of a database: what is wrong is repeated, they are not."""
    return SECRET.sub("…", text)


def _fields(model: type[BaseModel], path: Path_) -> list[str]:
    """The fields that may stand at a path of a model; none where it is no model."""
    found: object = model
    for part in path:
        field = found.model_fields.get(str(part)) if isinstance(found, type) and issubclass(found, BaseModel) else None
        kinds = [found] if field is None else [field.annotation, *get_args(field.annotation)]
        found = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)
    return list(found.model_fields) if isinstance(found, type) and issubclass(found, BaseModel) else []


def read_document(path: Path, name: str) -> Document:
    """A YAML file read strictly.

    Raises:
        InputError: the file is missing, not UTF-8, not YAML or uses a refused feature.
    """
    source = read_source(path, name, LARGEST_DOCUMENT)
    text = _decoded(source)
    try:
        # Event by event, so that nesting is refused before the parser has read it all.
        made = _Composer(name).compose(iter(yaml.parse(text, Loader=yaml.CSafeLoader)))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        hint = "Indent with spaces and quote text that holds ': ' or '#'."
        is_tab = text.splitlines()[line - 1 : line] and text.splitlines()[line - 1][column - 1 : column] == "\t"
        message = f"column {column}: {'a tab' if is_tab else error.problem}."
        raise InputError([Issue("yaml-syntax", message, hint, name, line)]) from None
    except yaml.reader.ReaderError as error:
        line, column = _position(text.encode()[: error.position])
        message = f"column {column}: the character U+{error.character:04X} is refused: {error.reason}."
        raise InputError([Issue("yaml-syntax", message, "Remove the character.", name, line)]) from None
    return replace(made, sha256=source.sha256)


def read_line(text: str) -> dict[str, dict[str, dict[str, Any]]]:
    """A line that a message offers for an inventory, ``reading: {table: {field: value}}``, as nested text."""
    return dict(yaml.load(text, Loader=yaml.BaseLoader))  # noqa: S506 - makes text alone


def read_text(path: Path, name: str) -> str:
    """The file as text, decoded from UTF-8 (with or without a byte order mark).

    Raises:
        InputError: the file is missing, unreadable, too large or not UTF-8.
    """
    return _decoded(read_source(path, name, LARGEST_DOCUMENT))


def _decoded(source: Source) -> str:
    try:
        return source.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = _position(error.object[: error.start])
        message = f"column {column}: byte 0x{error.object[error.start]:02x} is not UTF-8."
        raise InputError([Issue("file-encoding", message, "Save the file as UTF-8.", source.name, line)]) from None


def _position(before: bytes) -> tuple[int, int]:
    """Line and column of what follows these bytes, both counted from 1."""
    return before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode()) + 1


class _Composer:
    """Builds the tree from parser events; one instance a file."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.places: dict[Path_, tuple[int, int]] = {}

    def compose(self, events: Iterator[yaml.Event]) -> Document:
        tree: Tree | None = None
        for event in events:
            if isinstance(event, yaml.NodeEvent):
                if tree is not None:
                    self.refuse(event, "a second document", "Keep one document a file.")
                tree = self.node(event, events, ())
        if not isinstance(tree, dict):
            message, hint = "column 1: the file holds no mapping of fields.", "Write 'field: value' lines."
            raise InputError([Issue("yaml-syntax", message, hint, self.name, 1)])
        return Document(self.name, tree, self.places)

    def node(self, event: yaml.NodeEvent, events: Iterator[yaml.Event], path: Path_) -> Tree:
        self.places[path] = place(event)
        self.check(event, path)
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(events, path)
        return self.mapping(events, path)

    def check(self, event: yaml.NodeEvent, path: Path_) -> None:
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            self.refuse(event, "an anchor or alias", "Write the value out where it is used.")
        tag = getattr(event, "tag", None)
        if tag is not None:
            self.refuse(event, f"the tag {tag!r}", "Remove the tag: the field decides the type.")
        if len(path) > MAXIMUM_DEPTH:
            self.refuse(event, f"nesting deeper than {MAXIMUM_DEPTH}", "Flatten the file.")

    def scalar(self, event: yaml.ScalarEvent) -> str:
        if not event.style and event.value in BLANKS:
            hint = "Write the value, or remove the line: blank is neither zero nor nothing."
            self.refuse(event, "a blank value", hint)
        if not event.style and "\t" in event.value:
            self.refuse(event, "a tab within text", "Write a space, or quote the text.")
        odd = HIDDEN.search(event.value)
        if odd:
            self.refuse(event, f"the character U+{ord(odd[0]):04X}, which does not show,", "Remove the character.")
        return str(event.value)

    def sequence(self, events: Iterator[yaml.Event], path: Path_) -> list[Tree]:
        items: list[Tree] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            assert isinstance(event, yaml.NodeEvent)  # noqa: S101 - the parser emits nothing else here
            items.append(self.node(event, events, (*path, len(items))))
        return items

    def mapping(self, events: Iterator[yaml.Event], path: Path_) -> dict[str, Tree]:
        items: dict[str, Tree] = {}
        lines: dict[str, int] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                self.refuse(event, "a key that is not plain text", "Write the key as a word.")
            self.check(event, path)
            key = self.scalar(event)
            if key in items:
                first = f"first on line {lines[key]}"
                self.refuse(event, f"the key {key!r} a second time ({first})", "Keep one of the two.")
            lines[key] = place(event)[0]
            value = next(events)
            assert isinstance(value, yaml.NodeEvent)  # noqa: S101 - a key is always followed by a node
            items[key] = self.node(value, events, (*path, key))
        return items

    def refuse(self, event: yaml.Event, what: str, hint: str) -> NoReturn:
        line, column = place(event)
        raise InputError([Issue("yaml-refused", f"column {column}: {what} is refused.", hint, self.name, line)])


def place(event: yaml.Event) -> tuple[int, int]:
    """Line and column of an event, both counted from 1."""
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
