from __future__ import annotations

from ghg import reading, tables


def test_the_names_are_those_of_the_reader() -> None:
    assert (tables.read_table, tables.Table) == (reading.read_table, reading.Table)
