"""The methods of each scope as calls: one quantity or many in, as many out; or a frame of inputs in, the same kind out.

``ghg.scope3.employee_commuting.average_data(employees="120", mode_share="30 %", one_way_distance="15 km", …)``
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sized
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ghg.accounts import accounts
from ghg.calls import posted
from ghg.engines import Engine, as_text
from ghg.issues import GhgError, InputError, Issue, UnknownNameError, listing
from ghg.methods import Method, methods
from ghg.methods.declaration import AMOUNT
from ghg.methods.derivation import NotDerivedError, derive
from ghg.numbers import is_number
from ghg.units import accepted

if TYPE_CHECKING:
    import pint

PLACES = ("activity", "item", "region", "year")
"""What a call is told of where and when; columns of a frame, or arguments for all its rows."""
RULES = ("book", "item", "publications", "regions", "max_age_years")
"""Arguments of ``posted`` that a call hands on as they are."""
DECIMALS = 9
"""Decimals of a derived amount that has no finite decimal form."""
Result = Any
"""A pint quantity in kg CO2e; a list of them where an input is a list, array or series."""


class MethodCall:
    """One method as a call.

    Its inputs are keyword arguments, as text with units (``"15 km"``) or plain numbers; of a direct method the amount
    stands first. Where one is a list, tuple, array or series the result is a list, an element each; the others are
    repeated. A frame in the place of the amount has a column for each input, and what is not in it is given by name.
    """

    def __init__(self, method: Method, activities: tuple[str, ...]) -> None:
        self._method = method
        self._activities = activities
        inputs = ", ".join(f"{one.name} ({one.measures})" for one in method.inputs)
        self.__doc__ = f"{method.title}: {method.calculation}. Inputs: {inputs}. {method.standard}."

    def __call__(
        self, amount: Any = None, *, gwp: str, region: str = "", year: int = 0, activity: str = "", **further: Any
    ) -> Result:
        """Emissions in kg CO2e; takes the arguments of ``posted`` beside the inputs of the method.

        A frame may hold ``region``, ``year``, ``activity`` and ``item`` as columns too, each row its own. It comes back
        with ``amount`` and ``unit`` as they were worked out, and ``co2e_kg``, a double next to the exact product.

        Raises:
            UnknownNameError: the activity does not take the method.
            GhgError: lists differ in length, or something is said twice.
            InputError: an input is missing or cannot be used; no factor, or more than one, is left.
        """
        names = {one.name for one in self._method.inputs} | {f"{one.name}_unit" for one in self._method.inputs}
        inputs = {name: list(value) if _is_many(value) else value for name, value in further.items() if name in names}
        rules = {name: value for name, value in further.items() if name not in names}
        self._check_names(rules)
        rules |= {"region": region, "year": year, "gwp": gwp, "method": self._method.id}
        if is_frame(amount):
            return self._framed(amount, inputs, rules | {"activity": activity})
        if amount is not None:
            inputs[AMOUNT] = list(amount) if _is_many(amount) else amount
        if AMOUNT in inputs and not self._method.is_direct:
            raise GhgError(f"{self._method.id} works its amount out; its inputs are {self._named_inputs()}.")
        named = self._activity(activity)
        lengths = {len(value) for value in inputs.values() if isinstance(value, list)}
        if not lengths:
            return self._one(named, inputs, rules)
        if len(lengths) > 1:
            raise GhgError(f"the inputs have different lengths: {', '.join(map(str, sorted(lengths)))}.")
        rows = [
            {name: value[n] if isinstance(value, list) else value for name, value in inputs.items()}
            for n in range(lengths.pop())
        ]
        return [self._one(named, row, rules, number) for number, row in enumerate(rows, start=1)]

    def _named_inputs(self) -> str:
        """The inputs of the method, in words."""
        return listing([one.name for one in self._method.inputs])

    def _check_names(self, rules: Mapping[str, Any]) -> None:
        """Refuse what is neither an input nor an argument of ``posted``.

        Raises:
            UnknownNameError: a name is neither.
        """
        for name in rules:
            if name not in RULES:
                known = [one.name for one in self._method.inputs]
                raise UnknownNameError(
                    f"input of {self._method.id}", name, [*known, *RULES], f"It takes {self._named_inputs()}."
                )

    def _activity(self, activity: str) -> str:
        """The account that posts: the one named, or the only one that takes the method."""
        if not activity and len(self._activities) == 1:
            return self._activities[0]
        if activity not in self._activities:
            known = f"It has {', '.join(self._activities)}."
            raise UnknownNameError(f"activity of {self._method.id}", activity, self._activities, known)
        return activity

    def _framed(self, frame: object, inputs: Mapping[str, Any], rules: Mapping[str, Any]) -> Any:
        """The rows of a frame with their emissions, as the same kind of frame."""
        if any(map(_is_many, inputs.values())):
            raise GhgError("beside a frame an input is one value for all its rows.")
        engine = Engine()
        try:
            with engine.scanning(frame) as types:
                self._check_columns(types, inputs, rules)
                # Kept once: some frames give their rows only once.
                engine.run("CREATE TABLE kept AS SELECT *, row_number() OVER () AS numbered_row FROM scanned")
            own = [one for one in self._columns() if one in types]
            cells = ", ".join(as_text(name, types[name]) for name in own) or "''"
            given = {name: str(value) for name, value in inputs.items()}
            read = engine.rows(f"SELECT {cells} FROM kept ORDER BY numbered_row")
            engine.create("made", ("row", "amount", "unit", "co2e_kg"))
            engine.append("made", self._rows([given | dict(zip(own, row, strict=False)) for row in read], rules))
            shown = "".join(f", made.{name}" for name in ("amount", "unit") if name not in types)
            return engine.frame(
                f"SELECT kept.* EXCLUDE (numbered_row){shown}, CAST(co2e_kg AS DOUBLE) AS co2e_kg "
                "FROM kept JOIN made ON made.row = CAST(numbered_row AS VARCHAR) ORDER BY numbered_row",
                frame,
            )
        finally:
            engine.close()

    def _check_columns(self, types: Iterable[str], inputs: Mapping[str, Any], rules: Mapping[str, Any]) -> None:
        """Refuse a frame with a column that the call would make, or that says what the call is told as well.

        Raises:
            GhgError: it has one.
        """
        made = {"co2e_kg", "numbered_row"} | (set() if self._method.is_direct else {"amount", "unit"})
        told = {*inputs, *(name for name in PLACES if rules.get(name))}
        for name in types:
            if name in made:
                raise GhgError(f"the frame has a column {name!r} already: rename it, since the call makes one.")
            if name in told:
                raise GhgError(f"{name!r} is a column of the frame and an argument of the call: leave one of them out.")

    def _columns(self) -> list[str]:
        """The columns of a frame that the call reads."""
        inputs = [name for one in self._method.inputs for name in (one.name, f"{one.name}_unit")]
        return [*dict.fromkeys([*inputs, *(("unit",) if self._method.is_direct else ()), *PLACES])]

    def _rows(self, rows: list[dict[str, str]], rules: Mapping[str, Any]) -> dict[str, list[str]]:
        """Amount, unit and emissions of each row, counted from one; each distinct place and unit is valued once.

        Raises:
            InputError: inputs of rows cannot be used; every such row is listed.
        """
        made: dict[str, list[str]] = {"row": [], "amount": [], "unit": [], "co2e_kg": []}
        problems: list[Issue] = []
        rates: dict[tuple[str, ...], Fraction] = {}
        for number, cells in enumerate(rows, start=1):
            try:
                amount, unit = self._amount(cells)
            except NotDerivedError as error:
                problems.append(_issue(error, number))
                continue
            place = tuple(cells.get(name) or str(rules.get(name, "")) for name in PLACES)
            if (*place, unit) not in rates:
                rates[*place, unit] = self._rate(unit, dict(zip(PLACES, place, strict=True)), rules)
            cells_made = (str(number), amount, unit, repr(float(Fraction(amount) * rates[*place, unit])))
            for column, cell in zip(made.values(), cells_made, strict=True):
                column.append(cell)
        if problems:
            raise InputError(problems)
        return made

    def _amount(self, cells: Mapping[str, str]) -> tuple[str, str]:
        """The amount of a row and its unit.

        Raises:
            NotDerivedError: an input cannot be used.
        """
        if not self._method.is_direct:
            found = derive(self._method, cells, DECIMALS)
            return found.amount, found.unit
        text = cells.get(AMOUNT, "")
        number, _, spelling = text.partition(" ")
        spelling = cells.get("unit", "") or spelling.strip()
        if not is_number(number) or spelling not in accepted():
            hint = f"{self._method.id} takes {self._method.inputs[0].meaning}, such as '12.5 km', or a column 'unit'."
            raise NotDerivedError("number-invalid", AMOUNT, text, f"{text!r} is not an amount with its unit.", hint)
        return number, spelling

    def _rate(self, unit: str, place: Mapping[str, str], rules: Mapping[str, Any]) -> Fraction:
        """Emissions of one unit in kg CO2e."""
        further = {name: value for name, value in rules.items() if name not in PLACES}
        stated = {name: value for name, value in place.items() if value and name in ("item", "region")}
        year = int(place["year"]) if place["year"].isdecimal() else 0
        self._check_place(place["region"], year)
        found = posted(f"1 {unit}", self._activity(place["activity"]), **{**further, **stated, "year": year})
        return Fraction(found.magnitude)

    def _check_place(self, region: str, year: int) -> None:
        """Refuse a call that does not say where or when.

        Raises:
            GhgError: it does not.
        """
        if not region or not year:
            raise GhgError(f"{self._method.id} needs a region and a year.")

    def _one(
        self, activity: str, inputs: Mapping[str, Any], rules: Mapping[str, Any], number: int | None = None
    ) -> pint.Quantity:
        """The emissions of one tuple of inputs, the one of its number where there are several.

        Raises:
            GhgError: region or year is not said, or the amount of a direct method.
            InputError: an input cannot be used.
        """
        self._check_place(rules["region"], rules["year"])
        if self._method.is_direct:
            if AMOUNT not in inputs:
                raise GhgError(f"{self._method.id} takes an amount: {self._method.inputs[0].meaning}.")
            return posted(inputs[AMOUNT], activity, **rules)
        try:
            found = derive(self._method, {name: str(value) for name, value in inputs.items()}, DECIMALS)
        except NotDerivedError as error:
            raise InputError([_issue(error, number)]) from None
        return posted(f"{found.amount} {found.unit}", activity, **rules)


def _issue(error: NotDerivedError, number: int | None) -> Issue:
    """What is wrong with an input, with the number of its row."""
    return Issue(error.rule, str(error), error.hint, line=number, column=error.column, value=error.value)


def is_frame(value: object) -> bool:
    """Whether a value is a table of columns: a pandas, Polars or Arrow frame, or a DuckDB relation."""
    return hasattr(value, "columns") and not isinstance(value, str)


def _is_many(value: object) -> bool:
    """Whether a value is a list, tuple, array or series of values."""
    return isinstance(value, (list, tuple)) or (
        hasattr(value, "__array__") and isinstance(value, Sized) and bool(getattr(value, "ndim", 0))
    )


class Group:
    """The methods of one group: called with an amount, the unit decides; or a method by its name."""

    def __init__(self, name: str, activities: Mapping[str, tuple[str, ...]]) -> None:
        self._name = name
        self._activities = activities

    def __dir__(self) -> list[str]:
        return sorted(name.partition(".")[2] for name in self._activities)

    def __getattr__(self, name: str) -> MethodCall:
        if name.startswith("_"):
            raise AttributeError(name)
        full = f"{self._name}.{name}"
        if full not in self._activities:
            raise AttributeError(f"{self._name} has no method {name!r}; it has {', '.join(dir(self))}")
        return MethodCall(methods()[full], self._activities[full])

    def __call__(
        self, amount: str | pint.Quantity, *, activity: str, region: str, year: int, gwp: str, **rules: Any
    ) -> pint.Quantity:
        """Emissions of one amount of an activity, in kg CO2e; takes the arguments of ``posted``."""
        known = list(dict.fromkeys(one for found in self._activities.values() for one in found))
        if activity not in known:
            raise UnknownNameError(f"activity of {self._name}", activity, known, f"It has {', '.join(known)}.")
        return posted(amount, activity, region=region, year=year, gwp=gwp, **rules)


class Calls:
    """The calls of one scope: an attribute a method group, and of it an attribute a method.

    ``ghg.scope3.employee_commuting("1000 km", activity="commuting_car", region="GB", year=2024, gwp="AR5")``
    """

    def __init__(self, scope: str, named: Mapping[str, Callable[..., pint.Quantity]]) -> None:
        self._scope = scope
        self._named = named

    def __dir__(self) -> list[str]:
        return sorted({*self._named, *self._groups()})

    def _groups(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """By group its methods, each with the activities that take it."""
        groups: dict[str, dict[str, tuple[str, ...]]] = {}
        for account in accounts().values():
            if account.scope == self._scope and not account.follows:
                for name in account.methods.split():
                    members = groups.setdefault(name.partition(".")[0], {})
                    members[name] = (*members.get(name, ()), account.activity)
        return groups

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name in self._named:
            return self._named[name]
        groups = self._groups()
        if name not in groups:
            raise AttributeError(f"scope {self._scope} has no method group {name!r}; it has {', '.join(dir(self))}")
        return Group(name, groups[name])


def location_based(
    amount: str | pint.Quantity,
    *,
    region: str,
    year: int,
    gwp: str,
    **rules: Any,
) -> pint.Quantity:
    """Location-based Scope 2 emissions of purchased electricity, in kg CO2e (Scope 2 Guidance, chapter 6).

    Takes the arguments of ``posted``, such as
    ``ghg.scope2.location_based("107415.86 MWh", region="CN", year=2022, gwp="AR5")``.
    """
    return posted(amount, "purchased_electricity", region=region, year=year, gwp=gwp, book="location", **rules)


def market_based(
    amount: str | pint.Quantity,
    *,
    region: str,
    year: int,
    gwp: str,
    **rules: Any,
) -> pint.Quantity:
    """Market-based Scope 2 emissions of purchased electricity without contractual instruments, in kg CO2e.

    Takes the arguments of ``posted``; the factor is the residual mix or what stands in for it.
    """
    return posted(amount, "purchased_electricity", region=region, year=year, gwp=gwp, book="market", **rules)


scope1 = Calls("1", {})
scope2 = Calls("2", {"location_based": location_based, "market_based": market_based})
scope3 = Calls("3", {})
