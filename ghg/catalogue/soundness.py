"""What is wrong with the words of a factor row; rows share their words, so each is asked once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from ghg.figures import figures
from ghg.gases import CO2E, gases, gwp_sets
from ghg.issues import UnitError, suggest
from ghg.regions import region_advice, regions
from ghg.units import ratio
from ghg.vocabulary import vocabulary, words

IMPLIED = "implied"
"""Verification of a factor that was derived from the figure it is used for."""


@cache
def wrong_gas(gas: str, basis: str, gwp_set: str, bases: Sequence[str], *, is_factor: bool, is_total: bool) -> str:
    """What is wrong with the gas of a factor, a printed total or a parameter, which may have some bases; or blank."""
    if (is_factor or is_total) != bool(gas) or (is_total and gas != CO2E):
        return "an emission factor names its gas, a printed total is CO2e, a parameter names none"
    if gas and not basis:
        return f"an emission factor says what it covers: basis is one of {', '.join(bases)}"
    if gas and gas != CO2E and gas not in gases():
        return f"the gas {gas!r} is not in the list of gases.{suggest(gas.upper(), gases())}"
    if (gas == CO2E) != bool(gwp_set) or (gwp_set and gwp_set not in gwp_sets()):
        return "a CO2e factor names the GWP set it was published under, a gas none"
    return ""


@cache
def wrong_words(activity: str, region: str, verification: str, unit: str) -> str:
    """What is wrong with the other words of a row, or blank."""
    if activity not in words() and not activity.startswith("own."):
        return f"the activity {activity!r} is not a word of the vocabulary.{suggest(activity, vocabulary())}"
    if region not in regions():
        return f"the region {region!r} is not in the list of regions.{region_advice(region)}"
    if verification.casefold().startswith("unverified"):
        return "an unverified factor never ships"
    try:
        ratio(unit)
    except UnitError as error:
        return str(error)
    return ""


@cache
def wrong_origin(verification: str, derived_from: str) -> str:
    """What is wrong with what a row says it was derived from, or blank: a slip would make a proof of it."""
    if verification.casefold().startswith(IMPLIED) and verification != IMPLIED:
        return f"a factor that was derived from a published figure has the verification {IMPLIED!r} and no other word"
    if (verification == IMPLIED) != bool(derived_from):
        return f"a factor that is {IMPLIED!r} names its figures in derived_from, such as scope2; no other factor does"
    unknown = [name for name in derived_from.split() if name not in figures()]
    return f"there is no figure {unknown[0]!r} to derive from.{suggest(unknown[0], figures())}" if unknown else ""
