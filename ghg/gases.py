"""Greenhouse gases, refrigerant blends and GWP sets. Gases are not masses, and CO2e is not a gas.

There is no default GWP set. Methane is kept apart by origin because AR5 and AR6 value fossil and non-fossil methane
differently (``factors/gases.csv`` says which is which). A blend is not a gas either: its parts post as the gases they
are, so that CFCs and HCFCs stay outside the scopes and every part takes its value from the inventory's set.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from ghg.issues import GhgError, UnknownNameError
from ghg.numbers import parse
from ghg.reading.shipped import shipped

CO2E = "CO2e"
"""The code of a factor published only as a CO2 equivalent."""
Group = Literal["Kyoto", "Montreal", "fluorinated ether", "unsaturated", "hydrocarbon", "other"]
"""The treaty that names the gas, or else its family."""
BIOGENIC, NOT_KYOTO = "biogenic_co2", "gases_outside_scopes"
"""Measures of what is reported outside the scopes."""
TREATIES = ("Kyoto", "Montreal")


class Gas(BaseModel):
    """One greenhouse gas.

    ``in_scopes`` is false for gases reported outside the scopes: biogenic CO2, and all that the Kyoto Protocol does not
    name, CFCs and HCFCs among them. ``also`` holds further names people search by, separated by ``;``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    gas: str
    formula: str
    name: str
    name_local: str
    group: Group
    in_scopes: Literal["yes", "no"]
    also: str
    note: str


class Gwp(BaseModel):
    """The global warming potential over 100 years of one gas under one set, as printed, with its source."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    gwp_set: str
    gas: str
    value: str
    source: str
    locator: str
    verification: str
    note: str

    @property
    def amount(self) -> Fraction:
        """Kilograms of CO2e per kilogram of gas, exact."""
        return parse(self.value)


class Component(BaseModel):
    """One gas of a refrigerant blend and its nominal share of the mass."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    blend: str
    name: str
    gas: str
    share: str
    source: str
    locator: str
    verification: str
    note: str


@dataclass(frozen=True, slots=True)
class Blend:
    """A refrigerant blend, such as ``R-410A``: one row a gas, each with the designation and name of the blend."""

    rows: tuple[Component, ...]

    @property
    def blend(self) -> str:
        """The designation."""
        return self.rows[0].blend

    @property
    def name(self) -> str:
        """The name that states the composition."""
        return self.rows[0].name

    @property
    def components(self) -> Mapping[str, Fraction]:
        """The share of the mass of each gas, exact; the shares sum to one."""
        return {row.gas: parse(row.share) for row in self.rows}


@cache
def gases() -> Mapping[str, Gas]:
    """Every gas by its code."""
    return {row.gas: row for row in shipped("gases.csv", Gas)}


@cache
def gwp_sets() -> Mapping[str, Mapping[str, Gwp]]:
    """Every GWP set by name, the oldest report first, each a mapping of gas to its value."""
    found: dict[str, dict[str, Gwp]] = {}
    for row in shipped("gwp.csv", Gwp):
        found.setdefault(row.gwp_set, {})[row.gas] = row
    return found


@cache
def blends() -> Mapping[str, Blend]:
    """Every refrigerant blend by its designation."""
    found: dict[str, list[Component]] = {}
    for row in shipped("blends.csv", Component):
        found.setdefault(row.blend, []).append(row)
    return {name: Blend(tuple(rows)) for name, rows in found.items()}


def outside(gas: str) -> tuple[str, ...]:
    """The measure that shows a gas that does not count in the scopes; none for one that does.

    Biogenic CO2 and gases that the Kyoto Protocol does not name are reported apart (Corporate Standard, chapter 9).
    """
    if gas not in gases() or gases()[gas].in_scopes == "yes":
        return ()
    return (BIOGENIC,) if gas == "CO2_biogenic" else (NOT_KYOTO,)


def gwp(gwp_set: str, gas: str) -> Gwp:
    """The GWP of a gas under a set.

    Raises:
        UnknownNameError: the set does not exist.
        GhgError: the set has no value for the gas.

    >>> gwp("AR6", "CH4_fossil").value
    '29.8'
    """
    found = _values(gwp_set).get(gas)
    if found is None:
        about = gases()[gas].note if gas in gases() else ""
        why = f" ({about})" if about else ""
        raise GhgError(
            f"the GWP set {gwp_set} has no value for {gas}{why}. State the gas more closely, or another set."
        )
    return found


def blend_gwp(gwp_set: str, blend: str, *, kyoto_only: bool = False) -> Fraction:
    """Kilograms of CO2e per kilogram of a blend: the sum of share times GWP, exact.

    The parts in ``without_value`` count as nothing.

    Args:
        gwp_set: the set.
        blend: the designation.
        kyoto_only: leave out the parts that are reported outside the scopes, as the EPA does.

    Raises:
        UnknownNameError: the set or the blend does not exist.
        GhgError: the set has no value for a gas of the Kyoto or the Montreal Protocol.

    >>> blend_gwp("AR5", "R-410A")
    Fraction(3847, 2)
    """
    nothing = without_value(gwp_set, blend)
    return sum(
        (
            share * gwp(gwp_set, gas).amount
            for gas, share in blends()[blend].components.items()
            if gas not in nothing and (gases()[gas].in_scopes == "yes" or not kyoto_only)
        ),
        Fraction(0),
    )


def without_value(gwp_set: str, blend: str) -> tuple[str, ...]:
    """The hydrocarbons, unsaturated and other gases of a blend that a set publishes no number for.

    Reports leave them out or print ``<1``; publishers count them at five kilograms of CO2e per kilogram at most. A gas
    that one of the two treaties names never counts as nothing.

    Raises:
        UnknownNameError: the set or the blend does not exist.
    """
    values = _values(gwp_set)
    if blend not in blends():
        raise UnknownNameError("blend", blend, blends())
    parts = (row.gas for row in blends()[blend].rows)
    return tuple(gas for gas in parts if gas not in values and gases()[gas].group not in TREATIES)


def _values(gwp_set: str) -> Mapping[str, Gwp]:
    """The values of a set.

    Raises:
        UnknownNameError: the set does not exist.
    """
    if gwp_set not in gwp_sets():
        raise UnknownNameError(
            "GWP set", gwp_set, gwp_sets(), f"The sets are {', '.join(gwp_sets())}; there is no default."
        )
    return gwp_sets()[gwp_set]


def find_gas(name: str) -> str:
    """The code of a gas or the designation of a blend, from the ways people write it.

    Case, spaces and punctuation do not matter; R-numbers, chemical and Chinese names are known.

    Raises:
        UnknownNameError: nothing is called so.

    >>> find_gas("R32"), find_gas("hfc-134a"), find_gas("r410a"), find_gas("甲烷")
    ('HFC32', 'HFC134a', 'R-410A', 'CH4')
    """
    found = _spellings().get(_plain(name))
    if found is None:
        raise UnknownNameError("gas or refrigerant blend", name, [text for text, _ in _names()])
    return found


@cache
def _spellings() -> Mapping[str, str]:
    """Every name without case and punctuation, with what it stands for."""
    return {_plain(text): code for text, code in _names()}


def _names() -> Iterator[tuple[str, str]]:
    """Every name of every gas and blend, with what it stands for."""
    for code, gas in gases().items():
        for text in filter(None, (code, gas.name, gas.name_local, *gas.also.split(";"))):
            yield text, code
    for blend in blends():
        yield blend, blend
        yield blend.removeprefix("R-"), blend


def _plain(name: str) -> str:
    """Letters and digits of a name, in lower case and without typographic variants."""
    return "".join(char for char in unicodedata.normalize("NFKC", name).casefold() if char.isalnum())
