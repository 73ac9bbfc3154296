"""Rows in bulk: words coded once, rows joined on dense integers, everything else handed to the strict path."""
