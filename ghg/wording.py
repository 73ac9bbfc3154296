"""What each rule says about an activity row: the problem, its meaning, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from ghg.accounts import accounts
from ghg.figures import figures
from ghg.inventory import Inventory
from ghg.issues import listing, suggest
from ghg.methods import methods
from ghg.reading.declaration import Manner
from ghg.reading.hints import of_amount, of_date
from ghg.reading.marks import odd_signs, readings
from ghg.regions import region_advice
from ghg.schema import ACTIVITY
from ghg.uncertainty.spread import HELP
from ghg.units import accepted, sizes, why_not


@dataclass(frozen=True, slots=True)
class Wording:
    """Message and hint of a rule; ``{0}`` is the text seen, quoted; ``{1}`` more about it."""

    message: str
    hint: str


def about(rule: str, value: str, activity: str, inventory: Inventory, file: str = "") -> str:
    """What a message adds to the text seen."""
    if rule == "number-ambiguous":
        return _readings(value, inventory, file)
    if rule == "date-outside-period":
        return f"{inventory.period.start} to {inventory.period.end}"
    return _about_word(rule, value, activity)


def _about_word(rule: str, value: str, activity: str) -> str:
    """What a message adds to a word that is not known or does not fit."""
    if rule == "region-unknown":
        return region_advice(value)
    if rule in VALUES:
        return VALUES[rule](value)
    if rule in ("unit-unknown", "unit-ambiguous"):
        return why_not(value)
    if rule == "unit-dimension":
        return _dimension_hint(value, activity)
    if rule == "method-not-allowed":
        return f" {activity!r} takes {listing(accounts()[activity].methods.split(), 'or')}."
    known = {
        "method-unknown": methods(),
        "activity-unknown": accounts(),
        "figure-unknown": figures(),
    }.get(rule, {})
    return suggest(value, known) or (_of_words(value) if rule == "activity-unknown" else "")


def _of_words(value: str) -> str:
    """The activities that share a word with a text, where some do."""
    words = {word for word in re.findall(r"[a-z]{4,}", value.lower()) if word not in ("fuel", "other")}
    found = [name for name in accounts() if words & set(name.split("_"))]
    return f" Did you mean {listing(found[:5], 'or')}?" if found else ""


VALUES: dict[str, Callable[[str], str]] = {
    "number-invalid": of_amount, "number-not-ascii": odd_signs, "date-invalid": of_date,
}  # fmt: skip
"""What a message adds to a text that is no number or date."""


def named(inventory: Inventory, file: str) -> str:
    """The activity table of an inventory that messages call by a name; blank where there is none."""
    path = file.partition("!")[0]
    return next((name for name in inventory.activity if f"/{path}".endswith(f"/{PurePath(name).as_posix()}")), "")


def header_of(inventory: Inventory, file: str, column: str) -> str:
    """What a file calls a column."""
    table = named(inventory, file)
    return (inventory.manner(table).reading.header_of(column) if table else "") or column


def _readings(value: str, inventory: Inventory, file: str) -> str:
    """Every number a text may state, each with the line that declares it."""
    key = named(inventory, file)
    said = " or ".join(found for found in readings(value))
    lines = [f"\n    {Manner(key).line(**marks)}  reads it as {found}" for found, marks in readings(value).items()]
    return said + ("".join(lines) if file and key else "")


def _dimension_hint(spelling: str, activity: str) -> str:
    """Which units an activity takes."""
    dimensions = list(
        dict.fromkeys(method.dimension for method in accounts()[activity].allowed_methods if method.is_direct)
    )
    units = [name for dimension in dimensions for name in sizes(dimension)]
    measured = accepted()[spelling].dimension
    bases = [name for name in ("net", "gross") if f"energy_{name}" in dimensions]
    basis = f" A fuel's energy is stated on its calorific basis: MWh_{' or MWh_'.join(bases)}." if bases else ""
    examples = ", ".join(units) or "an amount of money such as USD_2022"
    takes = f"{activity!r} takes {listing(dimensions, 'or')}, for instance {examples}."
    return f"measures {measured}; {takes}{basis if measured == 'energy' else ''}"


WORDINGS = {
    "value-missing": Wording(
        "the cell is blank.", "Fill it in. Blank is not zero: write 0 where nothing was used, or remove the row."
    ),
    "cell-control-character": Wording(
        "{0} holds a character that does not show.", "Use one line and plain spaces in a cell."
    ),
    "value-not-allowed": Wording(
        "{0} is not one of its words.",
        "; ".join(f"{column.name!r} takes {listing(column.allowed, 'or')}" for column in ACTIVITY if column.allowed)
        + ".",
    ),
    "number-ambiguous": Wording(
        "{0} has marks that are not declared: it may be {1}.",
        "Write a plain number such as 1234.5, or add to the inventory the line that is right.",
    ),
    "number-invalid": Wording(
        "{0} is not a number.{1}",
        "Write ASCII digits with at most one decimal point, such as 1234.5.",
    ),
    "number-missing": Wording(
        "{0} stands for a missing amount, and missing is not zero.",
        "Fill in the amount; write 0 where nothing was used, or remove the row.",
    ),
    "number-not-finite": Wording("{0} is no finite number.", "Find the amount that the program could not compute."),
    "number-not-ascii": Wording(
        "{0} has digits of another script.{1}", "Write the digits 0 to 9; full-width ones can be declared in 'reading'."
    ),
    "spreadsheet-error": Wording(
        "{0} is the error of a spreadsheet formula.", "Correct the formula, or write the amount."
    ),
    "number-too-large": Wording(
        "{0} has more than 18 digits before the point.", "Check the amount, or write it in a larger unit."
    ),
    "number-negative": Wording(
        "the negative amount {0} is not declared a correction.",
        "Write 'correction' in the column 'entry' if it reverses another row; otherwise remove the sign.",
    ),
    "date-invalid": Wording("{0} is not a date of the calendar.{1}", "Write year-month-day, such as 2024-06-30."),
    "date-outside-period": Wording(
        "{0} lies outside the inventory's period, {1}.",
        "Correct the date, or move the row to the inventory of its period.",
    ),
    "row-total": Wording(
        "{0} names a total, and its amount stands in other rows already.", "Remove the row, or name it by what it is."
    ),
    "date-order": Wording("the activity ends ({0}) before it starts.", "Swap or correct the two dates."),
    "id-duplicate": Wording(
        "the id {0} stands in an earlier row.",
        "Give each row an id of its own; remove the row if it was entered twice.",
    ),
    "activity-unknown": Wording(
        "the activity {0} is not in the chart of accounts.{1}", "'ghg list activities' lists them."
    ),
    "region-unknown": Wording("the region {0} is not in the list of regions.{1}", "'ghg list regions' lists them."),
    "entity-unknown": Wording(
        "the entity {0} is neither the organisation nor in its entity tables.",
        "Add it to a table of 'entities' with what is held of it, or correct the name; 'no' control keeps it outside.",
    ),
    "unit-unknown": Wording("{1}", "'ghg units' lists the accepted spellings."),
    "unit-ambiguous": Wording("{1}", "'ghg units' lists the accepted spellings."),
    "unit-dimension": Wording("{0} {1}", "Write the amount in a unit the activity takes, or correct the activity."),
    "figure-unknown": Wording("{0} names a figure that does not exist.{1}", "'ghg list figures' lists them."),
    "provenance-incomplete": Wording(
        "the back-calculated row {0} does not say from which figure.", "Name the published figure, such as scope1."
    ),
    "uncertainty-invalid": Wording("{0} is no statement of uncertainty.", HELP),
    "method-unknown": Wording("no method is called {0}.{1}", "'ghg methods' lists them."),
    "method-not-allowed": Wording(
        "the method {0} is not one the activity takes.{1}", "Name one that it takes, or leave the cell blank."
    ),
    "item-missing": Wording("{1}", "'ghg factors search' finds words; 'ghg list gases' and blends lists gases."),
    "item-invalid": Wording("{1}", "'ghg factors search' finds words; a word of your own factors starts with 'own.'."),
    "gwp-missing": Wording("{1}", "State the gas more closely, or name a GWP set that values it."),
    "factor-missing": Wording(
        "{1}",
        "Add a publication, a factor of your own or a wider ladder to the inventory; nothing falls back by itself.",
    ),
    "factor-ambiguous": Wording(
        "{1}",
        "Pin one of them in the inventory or select a basis, with the reason, or order 'publications' by preference.",
    ),
}
"""What each rule says about a row."""
