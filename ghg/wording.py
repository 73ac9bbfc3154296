"""What each rule says about an activity row: the problem, its meaning, and what to write instead."""

from __future__ import annotations

from dataclasses import dataclass

from ghg.accounts import accounts
from ghg.figures import figures
from ghg.inventory import Inventory
from ghg.issues import listing, suggest
from ghg.regions import regions
from ghg.schema import ACTIVITY
from ghg.uncertainty.spread import HELP
from ghg.units import accepted, sizes, why_not


@dataclass(frozen=True, slots=True)
class Wording:
    """Message and hint of a rule; ``{0}`` is the text seen, ``{1}`` more about it."""

    message: str
    hint: str


def about(rule: str, value: str, activity: str, inventory: Inventory) -> str:
    """What a message adds to the text seen."""
    if rule in ("unit-unknown", "unit-ambiguous"):
        return why_not(value)
    if rule == "unit-dimension":
        return _dimension_hint(value, activity)
    if rule == "date-outside-period":
        return f"{inventory.period.start} to {inventory.period.end}"
    known = {"activity-unknown": accounts(), "region-unknown": regions(), "figure-unknown": figures()}.get(rule, {})
    return suggest(value, known)


def _dimension_hint(spelling: str, activity: str) -> str:
    """Which units an activity takes."""
    dimensions = [method.dimension for method in accounts()[activity].allowed_methods]
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
    "value-not-allowed": Wording(
        "{0!r} is not one of its words.",
        "; ".join(f"{column.name!r} takes {listing(column.allowed, 'or')}" for column in ACTIVITY if column.allowed)
        + ".",
    ),
    "number-ambiguous": Wording(
        "{0!r} can be read as more than one number: the mark may stand for thousands or for decimals.",
        "Write a plain number: 1234 for one thousand two hundred thirty-four, 1.234 for one and 234 thousandths.",
    ),
    "number-invalid": Wording(
        "{0!r} is not a number.", "Write ASCII digits with at most one decimal point, such as 1234.5."
    ),
    "number-too-large": Wording(
        "{0!r} has more than 18 digits before the point.", "Check the amount, or write it in a larger unit."
    ),
    "number-negative": Wording(
        "the negative amount {0!r} is not declared a correction.",
        "Write 'correction' in the column 'entry' if it reverses another row; otherwise remove the sign.",
    ),
    "date-invalid": Wording("{0!r} is not a date of the calendar.", "Write year-month-day, such as 2024-06-30."),
    "date-outside-period": Wording(
        "{0} lies outside the inventory's period, {1}.",
        "Correct the date, or move the row to the inventory of its period.",
    ),
    "date-order": Wording("the activity ends ({0}) before it starts.", "Swap or correct the two dates."),
    "id-duplicate": Wording(
        "the id {0!r} stands in an earlier row.",
        "Give each row an id of its own; remove the row if it was entered twice.",
    ),
    "activity-unknown": Wording(
        "the activity {0!r} is not in the chart of accounts.{1}", "'ghg list activities' lists them."
    ),
    "region-unknown": Wording("the region {0!r} is not in the list of regions.{1}", "'ghg list regions' lists them."),
    "unit-unknown": Wording("{1}", "'ghg units' lists the accepted spellings."),
    "unit-ambiguous": Wording("{1}", "'ghg units' lists the accepted spellings."),
    "unit-dimension": Wording("{0!r} {1}", "Write the amount in a unit the activity takes, or correct the activity."),
    "figure-unknown": Wording("{0!r} names a figure that does not exist.{1}", "'ghg list figures' lists them."),
    "provenance-incomplete": Wording(
        "the back-calculated row {0!r} does not say from which figure.", "Name the published figure, such as scope1."
    ),
    "uncertainty-invalid": Wording("{0!r} is no statement of uncertainty.", HELP),
    "factor-missing": Wording(
        "{1}",
        "Add a publication, a factor of your own or a wider ladder to the inventory; nothing falls back by itself.",
    ),
    "factor-ambiguous": Wording(
        "{1}", "Pin one of them in the inventory, with the reason, or order 'publications' by preference."
    ),
}
"""What each rule says about a row."""
