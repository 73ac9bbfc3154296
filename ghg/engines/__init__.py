"""Engines: what rows are read with and summed on. Only this family knows DuckDB, Spark and PostgreSQL."""

from ghg.engines.embedded import Engine, as_text, literal, quoted

__all__ = ["Engine", "as_text", "literal", "quoted"]
