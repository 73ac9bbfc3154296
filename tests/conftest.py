"""How properties are tried: no test fails because the machine is slow; speed belongs to the benchmarks.

Sixty examples a property keep the tests within minutes; ``--hypothesis-profile=long`` tries a thousand.
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings

steady = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
settings.register_profile("steady", steady)
settings.register_profile("long", steady, max_examples=1000)
settings.load_profile("steady")
