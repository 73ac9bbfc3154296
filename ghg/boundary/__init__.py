"""The boundary of an inventory: which share of a row it accounts for, over which days."""
