"""How a file is to be read, as an inventory declares it under ``reading``; nothing is declared by default."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, field_validator, model_validator

ENCODINGS = {
    "utf-8": "utf-8", "utf-16": "utf-16", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be", "gb18030": "gb18030",
    "gbk": "gb18030", "gb2312": "gb18030", "big5": "big5", "shift_jis": "cp932", "euc-jp": "euc_jp",
    "euc-kr": "cp949", "cp1252": "cp1252", "cp1250": "cp1250", "cp1251": "cp1251", "cp1253": "cp1253",
    "cp1254": "cp1254", "koi8-r": "koi8-r", "mac-roman": "mac-roman", "cp437": "cp437", "cp850": "cp850",
    "iso-8859-1": "iso-8859-1", "latin-1": "iso-8859-1", "iso-8859-2": "iso-8859-2", "iso-8859-15": "iso-8859-15",
}  # fmt: skip
"""Encodings that can be declared, and the codec each stands for."""
DELIMITERS = {",": ",", ";": ";", "|": "|", "\t": "\t", "comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
"""Delimiters that can be declared, by sign or by word."""
THOUSANDS = {"none": "", ",": ",", ".": ".", "'": "'", "space": " "}
"""Thousands marks that can be declared."""
DATE_PARTS = {"YYYY": r"(?P<year>\d{4})", "YY": r"(?P<year>\d{2})", "MON": r"(?P<month>[A-Za-z]{3,9}\.?)",
    "MM": r"(?P<month>\d{1,2})", "DD": r"(?P<day>\d{1,2})"}  # fmt: skip
"""What a date form is made of; ``MON`` is an English month name. A two-digit year lies in 2000 to 2099."""
DATE_PART = re.compile("|".join(DATE_PARTS))
EXCEL = ("excel-1900", "excel-1904")
"""Date forms of serial numbers, by the workbook's date system."""


Text = Annotated[str, StringConstraints(min_length=1)]


def _digits(text: object) -> object:
    if isinstance(text, str) and not (text.isascii() and text.isdigit()):
        raise ValueError("not a whole number: write digits alone")
    return text


Whole = Annotated[int, BeforeValidator(_digits)]
"""A whole number of a file, written in digits alone: a model by itself would take ``1_0`` and ``1.0`` too."""


class Reading(BaseModel):
    """How one file is to be read.

    ``columns`` maps a column of the table to the header it has in the file, ``fill`` states the one word of a column
    that the file does not have, and ``ignore`` lists headers that are not read.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    encoding: str | None = None
    delimiter: str | None = None
    decimal: Literal[".", ","] | None = None
    thousands: Literal["none", ",", ".", "'", "space"] | None = None
    digits: Literal["ascii", "full-width"] = "ascii"
    dates: str | None = None
    sheet: Text | None = None
    header_row: Annotated[Whole, Field(ge=1, le=1_000)] | None = None
    columns: dict[Text, Text] = {}
    fill: dict[Text, Text] = {}
    ignore: tuple[Text, ...] = ()

    @field_validator("encoding")
    @classmethod
    def _encoding(cls, name: str) -> str:
        if name.lower() not in ENCODINGS:
            raise ValueError(f"the encodings are {', '.join(ENCODINGS)}")
        return name.lower()

    @field_validator("delimiter")
    @classmethod
    def _delimiter(cls, sign: str) -> str:
        if sign not in DELIMITERS:
            raise ValueError("a delimiter is comma, semicolon, tab or bar, or the sign itself")
        return DELIMITERS[sign]

    @field_validator("dates")
    @classmethod
    def _dates(cls, form: str) -> str:
        parts = "".join(sorted(part[0] + part[-1] for part in DATE_PART.findall(form)))
        if form not in EXCEL and parts not in ("DDMMYY", "DDMNYY"):
            raise ValueError("a date form names DD, MM or MON, and YYYY or YY once each, such as DD/MM/YYYY")
        return form

    @model_validator(mode="after")
    def _two_marks(self) -> Self:
        if (self.decimal or ".") == self.thousands:
            raise ValueError("the decimal mark and the thousands mark are the same: state the other one too")
        return self

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        twice = sorted(set(self.columns) & set(self.fill))
        if twice:
            raise ValueError(f"{twice[0]!r} stands in 'columns' and in 'fill'")
        unread = sorted(set(self.columns.values()) & set(self.ignore))
        if unread:
            raise ValueError(f"the header {unread[0]!r} stands in 'columns' and in 'ignore'")
        return self

    def header_of(self, column: str) -> str:
        """The header that a column of the table has in the file; blank where the file does not have it."""
        return "" if column in self.fill else self.columns.get(column, column)

    @property
    def has_marks(self) -> bool:
        """Whether numbers are declared to be written otherwise than plainly."""
        return self.decimal is not None or self.thousands is not None or self.digits != "ascii"


@dataclass(frozen=True, slots=True)
class Manner:
    """What a reader of a file goes by.

    Attributes:
        key: the file as the inventory names it; blank for a file of the library, which has nothing to declare.
        reading: what is declared.
        numbers: columns whose cells are numbers.
        dates: columns whose cells are dates.
    """

    key: str = ""
    reading: Reading = field(default_factory=Reading)
    numbers: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()

    def in_file(self) -> Manner:
        """The same with the columns called as the file calls them."""
        return replace(
            self,
            numbers=tuple(dict.fromkeys(map(self.reading.header_of, self.numbers))),
            dates=tuple(dict.fromkeys(map(self.reading.header_of, self.dates))),
        )

    def line(self, **fields: str) -> str:
        """The line that declares a reading, to be added to the inventory."""
        stated = ", ".join(f"{name}: {_yaml(value)}" for name, value in fields.items())
        return f"reading: {{{_yaml(self.key)}: {{{stated}}}}}"

    def columns_line(self, columns: Mapping[str, str]) -> str:
        """The line that declares which headers the columns have."""
        stated = ", ".join(f"{name}: {_yaml(header)}" for name, header in columns.items())
        return f"reading: {{{_yaml(self.key)}: {{columns: {{{stated}}}}}}}"


def _yaml(text: str) -> str:
    """Text as a YAML scalar of a flow mapping."""
    if re.fullmatch(r"[A-Za-z0-9_][\w/.-]*", text, re.ASCII):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") + '"'


PLAIN = Manner()
"""A file of the library: UTF-8, comma, plain numbers."""
