"""How properties are tried: no test fails because the machine is slow; speed belongs to the benchmarks."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("steady", settings(deadline=None, suppress_health_check=[HealthCheck.too_slow]))
settings.load_profile("steady")
