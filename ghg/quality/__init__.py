"""What a total rests on: kinds of data, provenance, verification of factors, rungs of the market-based book, scores."""
