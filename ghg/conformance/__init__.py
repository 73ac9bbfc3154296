"""A conformance suite for any greenhouse gas engine: laws and published worked examples behind a small interface."""
