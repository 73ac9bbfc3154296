"""Derivation: the inputs of a method table become the amount of each row, exactly, before any other check.

A method table has the columns of an activity table, and those of its methods' inputs. Each distinct tuple of inputs is
worked out once, in rationals; the amount is written as decimal text with its unit and then goes through the same checks
and the same kernel as any row. What was worked out is kept, so that an explanation can print it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor

from ghg.issues import GhgError, Issue, UnitError, listing, suggest
from ghg.methods import Input, Method, methods
from ghg.methods.declaration import AMOUNT, NUMBER, SHARE, WORD, fits
from ghg.methods.expression import Formula, Measured, in_base, of_dimension
from ghg.methods.sampling import in_words
from ghg.numbers import decimal_text, is_finite, is_number, parse
from ghg.reading.cells import seen
from ghg.reading.marks import readings
from ghg.schema import NAMES, NONE, OPTIONAL, REQUIRED, SCORE
from ghg.units import accepted, sizes, unit, why_not

ROW_REQUIRED = tuple(name for name in REQUIRED if name not in ("amount", "unit"))
"""Columns every method table needs; the amount is worked out."""
BASE_ENERGY = "kWh"
"""Unit a derived energy is written in where no input states energy; other dimensions take their base unit."""


@dataclass(frozen=True, slots=True)
class Derived:
    """A row's amount as it was worked out.

    Attributes:
        amount: decimal text.
        unit: spelling of its unit.
        working: the formula, and the formula with the numbers in place, as lines of text.
        is_rounded: whether the amount has no finite decimal form and was rounded half up to the quantum.
        error: the sampling error of the amount in words, where it extrapolates a survey that states its figures.
        position: asset class, data quality score and weight, where the row is part of a portfolio.
    """

    amount: str
    unit: str
    working: tuple[str, ...]
    is_rounded: bool
    error: str = ""
    position: tuple[str, str, str] = ("", "", "")


class NotDerivedError(GhgError):
    """An input cannot be used.

    Attributes:
        rule: the rule of the issue.
        column: the input.
        value: the text seen.
        hint: what to write instead.
    """

    def __init__(self, rule: str, column: str, value: str, message: str, hint: str = "") -> None:
        self.rule, self.column, self.value, self.hint = rule, column, value, hint
        super().__init__(message)


def input_columns() -> tuple[str, ...]:
    """Every column that an input of any method may be in, with the column of its unit."""
    found = (found for method in methods().values() for found in method.inputs if found.name != AMOUNT)
    return tuple(dict.fromkeys(name for item in found for name in (item.name, f"{item.name}_unit")))


def columns_of(method: Method) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Columns a table of one method needs, and those it may have."""
    names = [found for found in method.inputs if found.name != AMOUNT]
    needed = [found.name for found in names if found.required] + (["amount", "unit"] if method.is_direct else [])
    further = [f"{found.name}_unit" for found in names if found.has_unit]
    further += [found.name for found in names if not found.required]
    return (*ROW_REQUIRED, *needed), (*OPTIONAL, *further)


def derive(method: Method, cells: Mapping[str, str], decimals: int) -> Derived:
    """The amount that the cells of a row give under a method.

    Args:
        method: a method with several inputs.
        cells: text by column; blank where nothing is stated.
        decimals: decimals of the quantum, for results without a finite decimal form.

    Raises:
        NotDerivedError: a cell cannot be used, or the inputs do not fit each other.
    """
    values: dict[str, Measured] = {}
    shown: dict[str, str] = {}
    units: dict[str, str] = {}
    for found in method.inputs:
        text = cells.get(found.name, "") or found.default
        if not text and found.is_aside:
            continue
        if not text:
            hint = f"{method.id} needs it: {found.meaning} ({found.measures})."
            raise NotDerivedError("value-missing", found.name, "", "the cell is blank.", hint)
        values[found.name], shown[found.name] = _value(found, text, cells.get(f"{found.name}_unit", ""))
        if cells.get(found.name, ""):
            units[found.name] = shown[found.name].partition(" ")[2]
        else:
            shown[found.name] += " (default)"
    formula = method.parsed
    try:
        result = formula.evaluate(values)
        spelling = _result_unit(method, result, units)
        amount = in_base(result, unit(spelling).dimension) / unit(spelling).multiplier
        sampled = in_words(method.sampling, values, shown) if method.sampling else ""
    except GhgError as error:
        filled = formula.filled(shown)
        message = f"{method.id}: {error} ({formula.text} = {filled})"
        raise NotDerivedError("inputs-do-not-fit", "method", method.id, message) from None
    _refuse_cancelled(formula, values, shown, result)
    text, rounded = _written(amount, decimals)
    equals = "≈" if rounded else "="
    words = [f"{name}: {shown[name]}" for name in shown if name not in formula.names]
    working = (
        f"Derived by {method.id}: {formula.text}",
        f"  {equals} {text} {spelling}: {formula.filled(shown)}" + "".join(f"; {word}" for word in words),
    )
    position = _position(method, shown) if method.weight else ("", "", "")
    return Derived(text, spelling, (*working, *([f"  {sampled}"] if sampled else [])), rounded, sampled, position)


def _refuse_cancelled(
    formula: Formula, values: Mapping[str, Measured], shown: Mapping[str, str], result: Measured
) -> None:
    """Refuse inputs whose signs cancel: a negative number times another looks like any sound amount."""
    negative = [name for name, measured in values.items() if measured.value < 0]
    plain = {name: replace(measured, value=abs(measured.value)) for name, measured in values.items()}
    if len(negative) > 1 and formula.evaluate(plain) == result:
        message = f"{listing(negative)} are negative, and their signs cancel."
        hint = "Correct them; a row that reverses another has one negative input."
        raise NotDerivedError("number-negative", negative[1], shown[negative[1]], message, hint)


def _position(method: Method, shown: Mapping[str, str]) -> tuple[str, str, str]:
    """Asset class, data quality score and weight of a row of a portfolio."""
    return shown["asset_class"].removesuffix(" (default)"), shown[SCORE], shown[method.weight]


def _value(found: Input, text: str, unit_cell: str) -> tuple[Measured, str]:
    """The value of a cell and how it is shown.

    Raises:
        NotDerivedError: the text is no such value.
    """
    if found.dimension == WORD:
        if found.allowed and text not in found.allowed:
            hint = f"{found.name!r} takes {listing(found.allowed, 'or')}."
            raise NotDerivedError("value-not-allowed", found.name, text, f"{text!r} is not one of its words.", hint)
        return Measured(Fraction(0), ()), text
    number, spelling = text, unit_cell
    if not unit_cell:
        number, _, spelling = text.partition(" ")
    if not is_number(number):
        hint = f"Write {found.meaning} as a plain number" + (
            " and a unit, such as '12.5 km'." if found.has_unit else "."
        )
        may = listing([*readings(number)], "or") if readings(number) else ""
        message = f"{seen(text)} is not a number{f'; it may be {may}' if may else ''}."
        raise NotDerivedError("number-invalid", found.name, text, message, hint)
    value = parse(number)
    if not found.has_unit:
        return _plain(found, value, text, spelling.strip())
    return _with_unit(found, value, number, spelling.strip())


def _plain(found: Input, value: Fraction, text: str, spelling: str) -> tuple[Measured, str]:
    """A number, or a share between nothing and all."""
    if spelling not in ("", "1", "%", "percent", "fraction") or (spelling and found.dimension == NUMBER):
        hint = "Leave the unit out." if found.dimension == NUMBER else "Write 0.3 or 30 %."
        raise NotDerivedError(
            "unit-dimension", found.name, text, f"{text!r} carries a unit; needed is a {found.dimension}.", hint
        )
    value = value / 100 if spelling in ("%", "percent") else value
    if found.dimension == SHARE and not 0 <= value <= 1:
        raise NotDerivedError(
            "value-not-allowed", found.name, text, f"{text!r} is no share from 0 to 1.", "Write 0.3 or 30 %."
        )
    return Measured(value, ()), text


def _with_unit(found: Input, value: Fraction, number: str, spelling: str) -> tuple[Measured, str]:
    """An amount, or a rate, in the dimension the input states."""
    above, slash, below = spelling.partition("/")
    examples = _examples(found)
    if not spelling or bool(slash) != bool(found.per):
        needed = f"needed is {found.measures}, such as {examples}."
        raise NotDerivedError(
            "unit-missing" if not spelling else "unit-dimension",
            found.name,
            f"{number} {spelling}".strip(),
            f"{number!r} has the unit {spelling!r}; {needed}" if spelling else f"{number!r} has no unit; {needed}",
            f"Write it in the cell or in the column {found.name}_unit.",
        )
    for text in filter(None, (above, below)):
        if text not in accepted():
            raise NotDerivedError("unit-unknown", found.name, text, why_not(text))
    dimensions = unit(above).dimension, unit(below).dimension if below else ""
    for measures, wanted in zip(dimensions, (found.dimension, found.per), strict=True):
        if measures != wanted and not fits(measures, wanted):
            message = f"{spelling!r} measures {measures}; needed is {found.measures}, such as {examples}."
            raise NotDerivedError("unit-dimension", found.name, spelling, message)
    multiplier = unit(above).multiplier / (unit(below).multiplier if below else 1)
    return of_dimension(value * multiplier, *dimensions), f"{number} {spelling}"


def _examples(found: Input) -> str:
    """A few units an input takes."""
    sized = [name for dimension in found.dimension.split() for name in sizes(dimension)[:3]]
    above = sized or (["USD_2022"] if found.dimension.startswith("money") else ["kg"])
    return ", ".join(f"{name}/{(sizes(found.per) or ('EUR',))[0]}" if found.per else name for name in above)


def _result_unit(method: Method, result: Measured, units: Mapping[str, str]) -> str:
    """The unit of the result: that of the first input that measures the same, else the base unit of its dimension.

    Raises:
        UnitError: the result measures what no unit stands for, or something else than the method says.
    """
    for spelling in units.values():
        if spelling in accepted() and of_dimension(Fraction(1), unit(spelling).dimension).powers == result.powers:
            return _checked(method, spelling)
    wanted = [u for u in accepted().values() if method.accepts(u.dimension)]
    for found in wanted:
        if found.multiplier == 1 and of_dimension(Fraction(1), found.dimension).powers == result.powers:
            return found.spelling
    in_base(result, method.canonical)
    raise UnitError("no unit measures the result.")


def _checked(method: Method, spelling: str) -> str:
    """A spelling that measures what the method says.

    Raises:
        UnitError: it measures something else.
    """
    dimension = unit(spelling).dimension
    if not method.accepts(dimension):
        raise UnitError(f"the formula gives {dimension}; the method needs {method.canonical}.")
    return spelling


def _written(amount: Fraction, decimals: int) -> tuple[str, bool]:
    """An amount as decimal text; one without a finite form rounded half up to the quantum."""
    if is_finite(amount):
        return decimal_text(amount), False
    scaled = floor(amount * 10**decimals + Fraction(1, 2))
    return decimal_text(Fraction(scaled, 10**decimals)), True


@dataclass(frozen=True, slots=True)
class DerivedTable:
    """A method table with its amounts worked out.

    Attributes:
        columns: the columns of an activity table.
        lines: physical line of each row.
        workings: line to how its amount was worked out.
        issues: rows left out because their inputs cannot be used.
        rounded: lines whose amount was rounded to the quantum.
    """

    columns: dict[str, list[str]]
    lines: list[int]
    workings: dict[int, Derived]
    issues: list[Issue]
    rounded: set[int]


def derive_table(
    file: str, columns: Mapping[str, Sequence[str]], lines: Iterable[int], stated: str, decimals: int
) -> DerivedTable:
    """The rows of a method table as rows of an activity table.

    Args:
        file: how messages call it.
        columns: text by column, all of one length.
        lines: physical line of each row.
        stated: the method of every row, or blank where the column ``method`` names it.
        decimals: decimals of the quantum.
    """
    made = DerivedTable({name: [] for name in NAMES}, [], {}, [], set())
    known: dict[tuple[str, ...], Derived | NotDerivedError] = {}
    names = list(columns)
    inputs = [name for name in names if name in set(input_columns())]
    for line, values in zip(lines, zip(*columns.values(), strict=True), strict=True):
        cells = dict(zip(names, values, strict=True))
        method_id = stated or cells.get("method", "") or NONE
        key = (method_id, *(cells[name] for name in inputs))
        if key not in known:
            known[key] = _outcome(method_id, cells, inputs, decimals)
        found = known[key]
        if isinstance(found, NotDerivedError):
            made.issues.append(Issue(found.rule, str(found), found.hint, file, line, found.column, found.value))
            continue
        if found.unit:
            cells |= {"amount": found.amount, "unit": found.unit}
            made.workings[line] = found
            made.rounded.update([line] * found.is_rounded)
        cells["method"] = method_id
        made.lines.append(line)
        for name in NAMES:
            made.columns[name].append(cells.get(name, ""))
    return made


NOTHING = Derived("", "", (), is_rounded=False)
"""A row that states its amount itself."""


def _outcome(
    method_id: str, cells: Mapping[str, str], inputs: Sequence[str], decimals: int
) -> Derived | NotDerivedError:
    """What a distinct tuple of inputs gives."""
    if method_id != NONE and method_id not in methods():
        message = f"no method is called {method_id!r}.{suggest(method_id, methods())}"
        return NotDerivedError("method-unknown", "method", method_id, message, "'ghg methods' lists them.")
    method = methods().get(method_id)
    own = {name for found in method.inputs for name in (found.name, f"{found.name}_unit")} if method else set()
    strange = next((name for name in inputs if cells[name] and name not in own and name not in NAMES), None)
    if strange:
        message = f"{cells[strange]!r} is no input of {method_id if method else 'a row without a method'}."
        takes = f"It takes {listing([found.name for found in method.inputs])}." if method else "Name the method."
        return NotDerivedError("input-unknown", strange, cells[strange], message, takes)
    if method is None or method.is_direct:
        return NOTHING
    try:
        return derive(method, cells, decimals)
    except NotDerivedError as error:
        return error
