"""Importers of the publishers' own files into library rows."""
