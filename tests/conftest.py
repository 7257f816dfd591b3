"""How many examples generated tests try."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

#: The same few examples in every run of the tests; ``make fuzz`` looks for new ones.
settings.register_profile(
    "tests",
    max_examples=150,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("fuzz", settings.get_profile("tests"), max_examples=5000, derandomize=False)
settings.load_profile("tests")
