"""Everything about change: what-ifs as data, comparison, the exact bridge between two runs, sensitivity."""
