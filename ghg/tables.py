"""Tables read strictly; the reader stands in ``ghg.reading``."""

from ghg.reading import Table, read_table

__all__ = ["Table", "read_table"]
