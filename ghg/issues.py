"""Problems in data as values, and the tree of exceptions.

Data problems are collected and shown together, each with its place, its meaning and what to write instead. Programming
and definition problems raise:

    GhgError                what the user did cannot be done
    ├── InputError          input data are wrong; carries every issue found
    ├── UnknownNameError    a unit, factor, figure … is not known; suggests the nearest names
    ├── MachineError        disk, permission or memory do not allow it
    └── UnitError           a unit does not fit where it is used
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


class Severity(StrEnum):
    """How an issue affects the result."""

    ERROR = "error"
    """The row or file is not used; the result is incomplete."""
    NOTE = "note"
    """The result stands and the reader has to know this."""


RULES = {
    "file-missing": "a file named on the command line or in an inventory does not exist or cannot be read",
    "database-unreadable": "a table of a database cannot be reached or read",
    "folder-unclear": "a folder holds files that would be passed over, or that need not be current",
    "file-empty": "a table has no row at all, not even a header",
    "path-outside": "a path of an inventory leads out of the folder of the inventory",
    "file-kind": "a file is of a kind that holds no table, or cannot be unpacked",
    "file-changed": "a file changed while it was read, or between reading and saving",
    "file-encoding": "a file is not text in the encoding it has to be in",
    "encoding-unknown": "a table is not UTF-8 and the inventory does not declare its encoding",
    "encoding-mixed": "a table has bytes of two encodings",
    "dialect-undeclared": "a delimiter other than the comma leaves open how numbers are written",
    "dialect-detected": "the delimiter of a table was read off its header",
    "limit-size": "a file is larger than what is read",
    "limit-field": "a line or cell is longer than what is read",
    "limit-rows": "a table has more rows than what is read",
    "limit-cells": "a sheet has or spans more cells than what is read",
    "limit-nesting": "a file nests deeper than what is read",
    "archive-unsafe": "a workbook's container has a part twice or a part that points outside",
    "xml-doctype": "a workbook declares a document type, which can name other files or grow without end",
    "json-syntax": "a JSON table is not a well-formed list of records",
    "sheet-undeclared": "which sheet of a workbook is meant is not known",
    "sheet-detected": "a workbook has other sheets, or the sheet read is hidden",
    "header-detected": "the header of a sheet was found below its first row, and the rows above it were not read",
    "macros-ignored": "a workbook brings macros; none was run",
    "limit-columns": "a table has more columns than what is read",
    "quote-open": "a quote is not closed where its cell ends",
    "yaml-syntax": "an inventory file is not well-formed YAML",
    "yaml-refused": "an inventory file has what can hide a mistake: a duplicate key, tag, alias or blank value",
    "field-invalid": "a field of an inventory or of a library row has a value the model does not accept",
    "column-missing": "a table lacks a column it needs",
    "column-unknown": "a table has a column the schema does not know",
    "column-duplicate": "a column stands in the header more than once",
    "column-type": "a column has a type that leaves its cells open, or not the same type in every file",
    "row-ragged": "a row has more or fewer cells than the header",
    "row-repeats-header": "a row repeats the header",
    "row-total": "a row sums up others, and would count them twice",
    "row-sum": "an amount is the sum of all others of its activity or meter",
    "row-repeated": "rows agree with another in everything but the id",
    "rows-at-limit": "a table ends where a spreadsheet program cuts tables off",
    "rows-not-compared": "rows scanned in place were not compared with each other",
    "column-blank": "columns without a name and without any text were passed over",
    "row-blank": "rows without any text were passed over",
    "cell-control-character": "a cell holds a control character or a mark of text direction",
    "character-invisible": "cells hold line breaks, unusual spaces or characters that do not show",
    "character-lost": "cells hold U+FFFD, the mark a program leaves where it could not read a character",
    "value-nested": "a value of a JSON record is a list or a record",
    "formula-uncalculated": "a cell holds a formula that no program has calculated",
    "formula-stored": "cells hold formulas, whose stored values were taken",
    "cell-merged": "a cell belongs to merged cells of which only the first holds the text",
    "rows-hidden": "hidden rows or columns of a workbook were read like others",
    "cells-struck": "cells of a workbook are struck through and were read like others",
    "number-format": "a workbook shows numbers otherwise than it stores them",
    "number-as-text": "numbers of a workbook are stored as text",
    "value-missing": "a required cell is blank; blank is not zero",
    "value-not-allowed": "a cell holds a word outside its closed list",
    "number-invalid": "an amount is not a plain decimal number",
    "number-ambiguous": "an amount is written with marks that the inventory does not declare",
    "number-missing": "an amount is a word for a missing one; missing is not zero",
    "number-not-finite": "an amount is infinite or no number at all",
    "number-not-ascii": "an amount has digits of another script",
    "spreadsheet-error": "a cell holds the error of a spreadsheet formula",
    "number-too-large": "an amount exceeds what the exact integer sums can hold",
    "number-negative": "a negative amount is not declared a correction",
    "number-grouping": "every point of a column of amounts has three digits behind it",
    "number-quantised": "an amount is finer than the inventory's quantum and was rounded half up to it",
    "number-outlier": "an amount is a hundred times more or less than is usual for its meter",
    "number-scientific": "an amount is written with an exponent, as a spreadsheet that lost digits writes it",
    "date-invalid": "a date is not a calendar date written as year-month-day",
    "date-ambiguous": "the dates of a file can be read in two ways",
    "date-mixed": "the dates of a file are written in two forms, one of which may be turned round",
    "date-is-serial": "a date is the serial number of a spreadsheet",
    "date-is-period": "a date names a quarter, week, month or year and no day",
    "date-detected": "dates are not written as year-month-day and were read in the only way that fits",
    "date-outside-period": "an activity starts or ends outside the inventory's period",
    "period-overlap": "periods of one meter overlap in part, and 'continuity' does not say whether to list them",
    "period-gap": "no row covers the days between two periods of a meter",
    "date-order": "an activity ends before it starts",
    "id-duplicate": "two rows carry the same id",
    "activity-unknown": "an activity is not in the chart of accounts",
    "region-unknown": "a region is not in the list of regions",
    "entity-unknown": "a row names an entity that the entity tables do not hold",
    "name-alike": "names of entities or sites differ in case, spaces and signs alone",
    "entity-invalid": "holdings of entities contradict each other",
    "unit-unknown": "a unit spelling is not in the closed list",
    "unit-ambiguous": "a unit spelling stands for different units and is refused",
    "unit-dimension": "a unit measures another dimension than the activity's methods accept",
    "unit-variant": "a unit spelling has a variant of nearly the same size, and the result says which was taken",
    "figure-unknown": "a derived_from names a figure that does not exist",
    "factor-missing": "no emission factor is left for an activity after the inventory's ladder",
    "factor-ambiguous": "two emission factors are left standing for one activity",
    "factor-older": "a factor was valid in an earlier year than the activity, as the ladder or a pin allows",
    "item-missing": "an account that is open needs an item: a word of the vocabulary, or a gas",
    "item-invalid": "an item is not one the account takes",
    "gwp-missing": "the inventory's GWP set has no value for a gas",
    "method-unknown": "a method is not declared",
    "method-not-allowed": "an account does not take a method",
    "input-unknown": "a cell is filled that is no input of the row's method",
    "inputs-do-not-fit": "the inputs of a method do not fit each other: a currency, a dimension, a division by zero",
    "unit-missing": "an input that needs a unit states none",
    "amount-rounded": "a derived amount has no finite decimal form and was rounded half up to the quantum",
    "energy-not-counted": "fuel was metered without a calorific value, so its energy is not in the energy figures",
    "provenance-incomplete": "a back-calculated row does not say from which figure",
    "uncertainty-invalid": "a statement of uncertainty cannot be read",
    "uncertainty-missing": "nothing states how uncertain an input is, so no uncertainty of a total is given",
    "import-unknown": "a publisher's file has a label, unit, gas or value that the importer does not know",
    "import-contradiction": "numbers of a publisher's file are negative or contradict each other",
    "import-checksum": "a publisher's file is not the one whose checksum is on record",
    "lock-drift": "a factor differs from what the inventory's lock pins",
    "refused": "what was asked cannot be done; the message says why",
    "back-calculated": "activity was back-calculated from a published figure and proves nothing about it",
    "rows-left-out": "an incomplete result leaves out rows that are wrong",
    "factor-unused": "a factor of the inventory's own is taken by no row",
    "pin-unused": "a pin of the inventory decides no choice",
    "period-long": "the inventory's period is longer than a year",
    "instrument-not-applied": "a contractual instrument breaks a quality criterion and covers nothing",
    "instrument-unused": "part of a contractual instrument covers no consumption",
    "meter-gap": "no row of a meter covers some days of the period",
    "meter-overlap": "two rows of a meter cover the same days",
    "estimated": "amounts behind a total were estimated, extrapolated, or stand in as a proxy",
    "portfolio-score": "data quality scores of investments, weighted by the amount outstanding",
    "sampling-error": "the sampling error of an amount that a survey was extrapolated to",
    "outside-boundary": "rows of an entity lie outside the boundary and count in no total",
    "partly-outside": "rows count by their days inside the period or a holding, or by the share held",
    "hourly-invalid": "an hourly table of load or generation cannot be used",
    "market-rungs": "which rungs of the hierarchy the market-based book stands on, in MWh",
    "residual-mix-absent": "no residual mix is at hand, so an average stands in for the rest of the market-based book",
    "gwp-kept": "a factor published only as CO2e keeps the GWP set it was published under",
}
"""Every rule an issue can carry, with its meaning."""
REMARKS = frozenset(("name-alike", "number-outlier", "period-gap", "period-overlap", "row-repeated", "row-sum"))
"""Notes that compare rows with each other: said on standard error and kept in the evidence, never part of a result,
which is the same however rows are ordered and split."""
QUESTIONS = frozenset(
    {"number-ambiguous", "encoding-unknown", "dialect-undeclared", "date-ambiguous", "sheet-undeclared"}
)
"""Rules that ask how a file is to be read; nothing is computed before the answer stands in the inventory."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One problem in the data, with its place and what to do.

    Attributes:
        rule: a key of ``RULES``.
        message: what is wrong, with the text seen.
        hint: what to write instead.
        file: path of the file as the user named it; blank for a frame.
        line: physical line, the header being line 1; for a frame the row number, counted from 1.
        column: name of the column or dotted path of the field.
        value: the text seen.
        severity: error or note.
        key: what names the row where a table has no lines: its id and, in a database, its place there.
    """

    rule: str
    message: str
    hint: str = ""
    file: str = ""
    line: int | None = None
    column: str = ""
    value: str = ""
    severity: Severity = Severity.ERROR
    key: str = ""

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise AssertionError(f"rule {self.rule!r} is not in issues.RULES")

    @property
    def is_remark(self) -> bool:
        """Whether it compares rows with each other, so that it depends on how they are ordered and split."""
        return self.rule in REMARKS

    @property
    def place(self) -> str:
        """``file:line: column`` as far as known; a key stands where a table has no lines.

        Signs that do not show are spelled out.
        """
        where = ":".join(part for part in (self.file, str(self.line) if self.line else "") if part)
        place = ": ".join(part for part in (where, self.key, self.column) if part)
        return place if place.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in place)

    def __str__(self) -> str:
        head = ": ".join(part for part in (self.place, self.message) if part)
        return f"{head} [{self.rule}]" + (f"\n    {self.hint}" if self.hint else "")


class GhgError(Exception):
    """What the user asked for cannot be done; the message says why and what to do."""

    def __reduce__(self) -> tuple[object, ...]:
        """As it stands, so that an error of another process arrives whole; not made anew from its message."""
        return Exception.__new__, (type(self), *self.args), self.__dict__


class InputError(GhgError):
    """Input data are wrong.

    Attributes:
        issues: every problem found, in file order.
    """

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues = tuple(issues)
        super().__init__("\n".join(str(issue) for issue in self.issues))


class UnknownNameError(GhgError):
    """A name is not known; the message suggests the nearest ones."""

    def __init__(self, what: str, name: str, known: Iterable[str], hint: str = "") -> None:
        super().__init__(f"no {what} is called {name!r}." + suggest(name, known) + (f" {hint}" if hint else ""))


class MachineError(GhgError):
    """The machine cannot do it: the disk is full, a folder may not be written, the memory is used up."""


class UnitError(GhgError):
    """A unit does not fit where it is used."""


def suggest(name: str, known: Iterable[str]) -> str:
    """`` Did you mean …?`` with up to three near names, or nothing.

    >>> suggest("tons", ["tonne", "tonnes", "MJ"])
    " Did you mean 'tonnes' or 'tonne'?"
    """
    near = difflib.get_close_matches(str(name), list(dict.fromkeys(known)), n=3, cutoff=0.6)
    return f" Did you mean {listing(near, 'or')}?" if near else ""


def listing(names: Sequence[str], word: str = "and") -> str:
    """Names quoted and joined as in a sentence.

    >>> listing(["a", "b", "c"])
    "'a', 'b' and 'c'"
    """
    quoted = [repr(str(name)) for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} {word} {quoted[-1]}" if quoted else "nothing"


OF_FIELDS = {
    "missing": "the field is missing.",
    "extra_forbidden": "the field is not known.",
    "string_too_short": "the text is blank.",
    "too_short": "it is empty.",
    "tuple_type": "it is a list: write [a, b], or each on a line of its own that starts with '- '.",
    "list_type": "it is a list: write [a, b], or each on a line of its own that starts with '- '.",
    "model_type": "it has fields of its own: write 'field: value' below it.",
    "dict_type": "it has fields of its own: write 'field: value' below it.",
    "string_type": "it is one text, no list and no fields.",
    "date_from_datetime_parsing": "it is no day of the calendar.",
    "date_parsing": "it is no day of the calendar.",
}
"""What is said of a field, by the kind of problem that pydantic names; other kinds in its own words."""


def said_of_field(item: ErrorDetails) -> str:
    """What pydantic says of a field, in the words of the file."""
    if item["type"] == "literal_error":
        return f"it is one of {item['ctx']['expected']}."
    said = OF_FIELDS.get(item["type"]) or item["msg"].removeprefix("Value error, ")
    return said if said.endswith((".", "?")) else f"{said}."
