"""The methods of each scope as calls: one quantity or many in, as many out.

``ghg.scope3.employee_commuting.average_data(employees="120", mode_share="30 %", one_way_distance="15 km", …)``
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sized
from typing import TYPE_CHECKING, Any

from ghg.accounts import accounts
from ghg.calls import posted
from ghg.issues import GhgError, UnknownNameError
from ghg.methods import Method, methods
from ghg.methods.declaration import AMOUNT
from ghg.methods.derivation import derive

if TYPE_CHECKING:
    import pint

DECIMALS = 9
"""Decimals of a derived amount that has no finite decimal form."""
Result = Any
"""A pint quantity in kg CO2e; a list of them where an input is a list, array or series."""


class MethodCall:
    """One method as a call.

    Its inputs are keyword arguments, as text with units (``"15 km"``) or plain numbers; of a direct method the amount
    stands first. Where one is a list, tuple, array or series the result is a list, an element each; the others are
    repeated.
    """

    def __init__(self, method: Method, activities: tuple[str, ...]) -> None:
        self._method = method
        self._activities = activities
        inputs = ", ".join(f"{one.name} ({one.measures})" for one in method.inputs)
        self.__doc__ = f"{method.title}: {method.calculation}. Inputs: {inputs}. {method.standard}."

    def __call__(
        self, amount: Any = None, *, region: str, year: int, gwp: str, activity: str = "", **further: Any
    ) -> Result:
        """Emissions in kg CO2e; takes the arguments of ``posted`` beside the inputs of the method.

        Raises:
            UnknownNameError: the activity does not take the method.
            GhgError: an input is missing, cannot be used, or lists differ in length.
            InputError: no factor, or more than one, is left.
        """
        names = {one.name for one in self._method.inputs} | {f"{one.name}_unit" for one in self._method.inputs}
        inputs = {name: value for name, value in further.items() if name in names}
        rules = {name: value for name, value in further.items() if name not in names}
        if amount is not None:
            inputs[AMOUNT] = amount
        rules |= {"region": region, "year": year, "gwp": gwp, "method": self._method.id}
        named = self._activity(activity)
        lengths = {len(value) for value in inputs.values() if _is_many(value)}
        if not lengths:
            return self._one(named, inputs, rules)
        if len(lengths) > 1:
            raise GhgError(f"the inputs have different lengths: {', '.join(map(str, sorted(lengths)))}.")
        rows = [
            {name: value[n] if _is_many(value) else value for name, value in inputs.items()}
            for n in range(lengths.pop())
        ]
        return [self._one(named, row, rules) for row in rows]

    def _activity(self, activity: str) -> str:
        """The account that posts: the one named, or the only one that takes the method."""
        if not activity and len(self._activities) == 1:
            return self._activities[0]
        if activity not in self._activities:
            known = f"It has {', '.join(self._activities)}."
            raise UnknownNameError(f"activity of {self._method.id}", activity, self._activities, known)
        return activity

    def _one(self, activity: str, inputs: Mapping[str, Any], rules: Mapping[str, Any]) -> pint.Quantity:
        """The emissions of one tuple of inputs."""
        if self._method.is_direct:
            if AMOUNT not in inputs:
                raise GhgError(f"{self._method.id} takes an amount: {self._method.inputs[0].meaning}.")
            return posted(inputs[AMOUNT], activity, **rules)
        found = derive(self._method, {name: str(value) for name, value in inputs.items()}, DECIMALS)
        return posted(f"{found.amount} {found.unit}", activity, **rules)


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
        full = f"{self._name}.{name}"
        if name.startswith("__") or full not in self._activities:
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
        if name.startswith("__"):
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
