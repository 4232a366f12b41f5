"""How hard the properties are tried: a little on every change, `make properties` for the rest."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# No deadlines: how fast a machine is says nothing about a law.
TIMELESS = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

settings.register_profile("small", TIMELESS, max_examples=60, derandomize=True)
settings.register_profile("large", TIMELESS, max_examples=20_000)
settings.load_profile("small")
