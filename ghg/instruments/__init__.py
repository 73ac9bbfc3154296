"""Contractual instruments of the market-based method: read, checked, and matched to consumption."""
