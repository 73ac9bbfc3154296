"""Engines behind one small interface, by name; each imports its engine when it is first used."""

from ghg.conformance.adapters.atomic import ATOMIC6GHG
from ghg.conformance.adapters.bonsai import BONSAI
from ghg.conformance.adapters.carboncalc import CARBONCALC
from ghg.conformance.adapters.own import GHG
from ghg.conformance.adapters.scope3track import SCOPE3TRACK

ENGINES = {engine.name: engine for engine in (GHG, ATOMIC6GHG, SCOPE3TRACK, CARBONCALC, BONSAI)}
"""Every engine that the suite has an adapter for."""
