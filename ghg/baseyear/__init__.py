"""Emissions over time: base year, restatement, targets."""
