"""Calculation methods as declarations: named inputs, a formula, what follows it, and the standard that allows it.

A method turns the inputs of a row into a canonical quantity, exactly; an emission factor, a gas or nothing follows. The
modules of this package declare them by what they are about; adding a method is adding a declaration.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from ghg.issues import UnknownNameError
from ghg.methods import (
    energy,
    investments,
    leases,
    products,
    purchases,
    quantities,
    scope1,
    scope2,
    transport,
    travel,
    waste,
)
from ghg.methods.declaration import DataType, Input, Method, Result

__all__ = ["DataType", "Input", "Method", "Result", "method", "methods"]
MODULES = (
    scope1, scope2, purchases, energy, transport, waste, travel, leases, products, investments, quantities,
)  # fmt: skip
"""Where methods are declared, in the order they are listed."""


@cache
def methods() -> Mapping[str, Method]:
    """Every declared method by its id."""
    return {found.id: found for module in MODULES for found in module.METHODS}


def method(name: str) -> Method:
    """The method of an id.

    Raises:
        UnknownNameError: no method has the id.
    """
    known = methods()
    if name not in known:
        raise UnknownNameError("method", name, known)
    return known[name]
