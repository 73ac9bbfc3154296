"""Calculation methods as declarations: what a row must measure, what it is multiplied by, and by which standard.

A method turns a written amount into a canonical quantity (amount × parameters) that an emission factor multiplies.
``scope1``, ``scope2`` and ``scope3`` declare them; adding a method is adding a declaration.
"""

from __future__ import annotations

from collections.abc import Mapping

from ghg.issues import UnknownNameError
from ghg.methods import scope1, scope2, scope3
from ghg.methods.declaration import DataType, Method

__all__ = ["DataType", "Method", "method", "methods"]


def methods() -> Mapping[str, Method]:
    """Every declared method by its id."""
    return {found.id: found for module in (scope1, scope2, scope3) for found in module.METHODS}


def method(name: str) -> Method:
    """The method of an id.

    Raises:
        UnknownNameError: no method has the id.
    """
    known = methods()
    if name not in known:
        raise UnknownNameError("method", name, known)
    return known[name]
