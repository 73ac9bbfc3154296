"""The tables that ship with the package, each row a model."""

from __future__ import annotations

from ghg import bundle
from ghg.reading import read_table
from ghg.reading.table import Model


def shipped(name: str, model: type[Model]) -> list[Model]:
    """Every row of a table under ``factors/``; its columns are the fields of the model.

    Raises:
        InputError: the table does not fit the model; it is named as ``factors/…``.
    """
    return read_table(bundle.folder("factors") / name, f"factors/{name}", tuple(model.model_fields)).records(model)
