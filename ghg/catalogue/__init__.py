"""The factor library as a catalogue: finding, importing, comparing editions, and why something is not there."""
